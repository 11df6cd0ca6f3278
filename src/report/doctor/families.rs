//! The families, against what ties their articles.

use crate::job::ArticleId;
use crate::store::kinship::{self, is_any_due};

use super::{Example, Fault, Finding, Look, found};

/// Articles outside families that are read at once.
const SLICE: usize = 256;

pub(super) fn look(look: &mut Look<'_>) -> rusqlite::Result<Vec<Finding>> {
    let db = look.db;
    let mut empty = Fault::of("a family has no members");
    let mut wrong = Fault::of("a family is not those whom ties make one");
    let mut lead = Fault::of("a family is led by another than its first article");
    let mut members = Fault::of("a family has not as many members as is written");
    let mut left_out = Fault::of("an article is in no family, and is tied to others");
    look.expect(db.query_row("SELECT count(*) FROM family", [], |row| row.get(0))?);
    let (mut behind, mut done) = (0, 0);
    while let Some(family) = kinship::next_family(db, behind)? {
        behind = family.id;
        done += 1;
        look.at(done);
        let Some(any) = family.articles.first().copied() else {
            empty.add(Example::article(family.lead));
            continue;
        };
        if usize::try_from(family.members) != Ok(family.articles.len()) {
            members.add(Example::article(any));
        }
        if is_any_due(db, &family.articles)? {
            continue;
        }
        let component = kinship::component_of(db, any)?;
        if is_any_due(db, &component)? {
            continue;
        }
        if component != family.articles || component.len() < 2 {
            wrong.add(Example::article(any));
        } else if kinship::lead_of(db, &component)? != Some(family.lead) {
            lead.add(Example::article(any));
        }
    }
    let mut behind = ArticleId(0);
    loop {
        let slice = kinship::left_out(db, behind, SLICE)?;
        let Some(last) = slice.last() else {
            break;
        };
        behind = *last;
        for article in slice {
            if !is_any_due(db, &kinship::component_of(db, article)?)? {
                left_out.add(Example::article(article));
            }
        }
    }
    Ok(found([empty, wrong, lead, members, left_out]))
}
