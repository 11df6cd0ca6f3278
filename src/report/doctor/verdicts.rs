//! Versions and verdicts, and how the verdicts are counted.

use rusqlite::Connection;

use crate::article::duplicate::Overlap;
use crate::job::ArticleId;
use crate::store::{articles, families, rebuilding, relations};
use crate::verdict::{self, Around, Standing};

use super::{Example, Fault, Finding, Look, found, is_due};

/// Where a version is one by what is stated, nothing is measured to say so.
const UNMEASURED: Overlap = Overlap {
    resemblance: 0.0,
    a_in_b: 0.0,
    b_in_a: 0.0,
    shared: 0,
};

/// Lines of versions that are stated or lie under one path. What a headline says follows from the ties of the text.
pub(super) fn versions(look: &mut Look<'_>) -> rusqlite::Result<Vec<Finding>> {
    let db = look.db;
    let mut wrong = Fault::of("an article follows another version than the one before it");
    look.expect(db.query_row("SELECT count(*) FROM article", [], |row| row.get(0))?);
    let mut rows = db.prepare(
        "SELECT article.id, version.basis IS NOT NULL AND version.basis <> 'headline'
         FROM article LEFT JOIN version ON version.article_id = article.id ORDER BY article.id",
    )?;
    let mut rows = rows.query([])?;
    let mut done = 0;
    while let Some(row) = rows.next()? {
        let id = ArticleId(row.get(0)?);
        let is_right = match families::line_of(db, id)? {
            Some(line) => line.earlier == families::earlier_version(db, id)?,
            None => !row.get::<_, bool>(1)?,
        };
        if !is_right {
            wrong.add(Example::article(id));
        }
        done += 1;
        look.at(done);
    }
    Ok(found([wrong]))
}

pub(super) fn look(look: &mut Look<'_>) -> rusqlite::Result<Vec<Finding>> {
    let db = look.db;
    let mut wrong = Fault::of("a verdict is not what the ties of the article make it");
    look.expect(db.query_row("SELECT count(*) FROM article", [], |row| row.get(0))?);
    let mut rows = db.prepare("SELECT id, text_id, verdict, of_id FROM article ORDER BY id")?;
    let mut rows = rows.query([])?;
    let mut done = 0;
    while let Some(row) = rows.next()? {
        let (id, text) = (ArticleId(row.get(0)?), row.get(1)?);
        let written: (String, Option<i64>) = (row.get(2)?, row.get(3)?);
        let own = articles::standing(db, id)?;
        if let Some(around) = around(db, &own, text)? {
            let verdict = verdict::judge(&own, &around);
            if written != (verdict.kind.as_str().to_owned(), verdict.of.map(|of| of.0)) {
                wrong.add(Example::article(id));
            }
        }
        done += 1;
        look.at(done);
    }
    Ok(found([wrong]))
}

/// What is around an article; nothing where that waits to be judged again, or its text has no first article.
fn around(db: &Connection, own: &Standing, text: i64) -> rusqlite::Result<Option<Around>> {
    let mut around = Around::default();
    let Some(first) = articles::first_of_text(db, text)? else {
        return Ok(None);
    };
    if first.id != own.id {
        around.same_text = Some(first);
        return Ok(Some(around));
    }
    if is_due(db, text)? {
        return Ok(None);
    }
    if let Some(earlier) = families::earlier_version(db, own.id)? {
        around.earlier_version = Some((articles::standing(db, earlier)?, UNMEASURED));
        return Ok(Some(around));
    }
    for relation in relations::of(db, text)? {
        if relation.tie.is_strong()
            && let Some(first) = articles::first_of_text(db, relation.earlier)?
            && !families::is_version_of(db, first.id, own.id)?
        {
            around.tied.push((first, relation.tie, relation.overlap));
        }
    }
    Ok(Some(around))
}

pub(super) fn tallies(look: &mut Look<'_>) -> rusqlite::Result<Vec<Finding>> {
    let mut wrong = Fault::of("the articles of a day are not counted as they are");
    wrong.count = rebuilding::miscounted(look.db)?;
    Ok(found([wrong]))
}
