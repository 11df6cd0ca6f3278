//! Where a recorded article belongs: its text's ties, its line of versions, its verdict and its family, and which other
//! articles' verdicts it changes. Runs inside the recorder's transaction.
//!
//! The result depends on the set of articles alone, not on the order in which they came: texts are tied to earlier ones
//! ([`comparing`]), verdicts look only at who was first by [`crate::verdict::Precedence`], and each newcomer has those judged
//! again it precedes.

use std::collections::BTreeSet;

use rusqlite::Connection;
use serde_json::json;

use crate::article::Edited;
use crate::article::duplicate::{Overlap, Reading};
use crate::article::writethru::Version;
use crate::job::ArticleId;
use crate::store::articles::{self, NewArticle};
use crate::store::families::{self, Basis, Family};
use crate::store::provenance::{About, EventKind, day_of, note, tally};
use crate::store::rewriting::{self, Before};
use crate::store::{index, relations, texts};
use crate::verdict::{self, Around, Standing};

use super::{comparing, rows};

/// Judges an article whose place in the order may have changed, and all whom that concerns.
pub(super) fn judge_around(
    db: &Connection,
    article: ArticleId,
    now_ms: i64,
) -> rusqlite::Result<()> {
    judge_with(db, article, None, now_ms)
}

/// The same, where its text's prints are known.
pub(super) fn judge_with(
    db: &Connection,
    article: ArticleId,
    prints: Option<&[u64]>,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let own = articles::standing(db, article)?;
    let text = articles::judged(db, article)?.text_id;
    let mut affected = BTreeSet::from([article]);
    let mut kin = BTreeSet::from([article]);
    let leads = leads_its_text(db, &own, (text, prints), &mut affected, &mut kin)?;
    if leads.is_some() {
        for other in relations::joined(db, text)? {
            if let Some(first) = articles::first_of_text(db, other)? {
                kin.insert(first.id);
            }
        }
    }
    for id in affected.iter().filter(|id| **id != article) {
        // What its headline made it a later version of may be another article now.
        place_in_line(db, *id, &mut BTreeSet::new(), &mut BTreeSet::new())?;
    }
    place_in_line(db, article, &mut affected, &mut kin)?;
    for id in affected {
        judge_again(db, id, now_ms)?;
    }
    unite(db, article, &kin, now_ms)?;
    match leads {
        // What joined the text under its first article before may not join it under this one.
        Some(change) if change.parted => part(db, article, now_ms),
        _ => Ok(()),
    }
}

/// Whether an article is the first of those with its text, and what that has changed. If it has just become so, the text
/// is placed anew, and those who looked up to the one before it are judged again.
fn leads_its_text(
    db: &Connection,
    own: &Standing,
    (text, prints): (i64, Option<&[u64]>),
    affected: &mut BTreeSet<ArticleId>,
    kin: &mut BTreeSet<ArticleId>,
) -> rusqlite::Result<Option<comparing::Change>> {
    match articles::first_of_text(db, text)? {
        Some(first) if first.id == own.id => {
            let day = day_of(own.precedence.first_ms);
            if index::place_of(db, text)?.is_some_and(|place| place.day == day) {
                return Ok(Some(comparing::Change::default()));
            }
        }
        Some(first) if first.precedence < own.precedence => {
            kin.insert(first.id);
            return Ok(None);
        }
        Some(first) => {
            affected.extend(articles::judged_by(db, first.id)?);
            affected.insert(first.id);
            kin.insert(first.id);
        }
        None => {}
    }
    lead(db, text, own, prints).map(Some)
}

/// Makes an article the first of those with its text, and finds the text's place among the others.
fn lead(
    db: &Connection,
    text: i64,
    first: &Standing,
    prints: Option<&[u64]>,
) -> rusqlite::Result<comparing::Change> {
    texts::set_first_of_text(db, text, Some(first.id))?;
    comparing::place(db, text, first, prints)
}

/// Judges an article anew that turned out to have come earlier than was known.
pub(super) fn move_forward(
    db: &Connection,
    article: ArticleId,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let own = articles::standing(db, article)?;
    let text = articles::judged(db, article)?.text_id;
    if articles::first_of_text(db, text)?.is_some_and(|first| first.id == article) {
        let change = comparing::place(db, text, &own, None)?;
        if change.parted {
            return part(db, article, now_ms);
        }
    }
    judge_around(db, article, now_ms)
}

/// Judges texts again that are due; returns how many.
pub(super) fn rejudge(db: &Connection, most: usize, now_ms: i64) -> rusqlite::Result<usize> {
    let due = relations::due(db, most)?;
    rejudge_these(db, &due, now_ms)?;
    Ok(due.len())
}

/// Judges these texts again.
pub(super) fn rejudge_these(db: &Connection, texts: &[i64], now_ms: i64) -> rusqlite::Result<()> {
    for text in texts {
        let Some(first) = articles::first_of_text(db, *text)? else {
            relations::unset_due(db, *text)?;
            continue;
        };
        let change = comparing::judge_again(db, *text, &first)?;
        if change.parted {
            part(db, first.id, now_ms)?;
        } else if change.any {
            judge_around(db, first.id, now_ms)?;
        }
    }
    Ok(())
}

/// Finds the version before an article anew.
pub(super) fn line_up(db: &Connection, article: ArticleId) -> rusqlite::Result<()> {
    place_in_line(db, article, &mut BTreeSet::new(), &mut BTreeSet::new())
}

/// Takes the family of an article apart and makes families of its members anew, since a tie among them is gone.
fn part(db: &Connection, article: ArticleId, now_ms: i64) -> rusqlite::Result<()> {
    let family = families::family_of(db, article)?;
    let members = match family {
        Some(family) => families::dissolve(db, family.id)?,
        None => vec![article],
    };
    regroup(db, &members.into_iter().collect(), family, now_ms)
}

/// Judges the articles of a family that was taken apart, which makes families of them again.
fn regroup(
    db: &Connection,
    members: &BTreeSet<ArticleId>,
    was: Option<Family>,
    now_ms: i64,
) -> rusqlite::Result<()> {
    for member in members {
        judge_around(db, *member, now_ms)?;
    }
    match was {
        Some(was) => tell_parted(db, was, members, now_ms),
        None => Ok(()),
    }
}

/// Writes down which members of a family that was taken apart are not with its lead any more.
fn tell_parted(
    db: &Connection,
    was: Family,
    members: &BTreeSet<ArticleId>,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let now = families::family_of(db, was.lead)?.map(|family| family.id);
    for member in members {
        let family = families::family_of(db, *member)?;
        let apart = *member != was.lead && (family.map(|it| it.id) != now || now.is_none());
        if apart {
            let about = About {
                article: Some(*member),
                ..About::default()
            };
            let detail = json!({"from": was.lead, "family": family.map(|it| it.lead)});
            note(db, now_ms, EventKind::Parted, &about.with(detail))?;
        }
    }
    Ok(())
}

fn place_in_line(
    db: &Connection,
    article: ArticleId,
    affected: &mut BTreeSet<ArticleId>,
    kin: &mut BTreeSet<ArticleId>,
) -> rusqlite::Result<()> {
    let Some(line) = families::line_of(db, article)? else {
        let earlier = headed_before(db, article)?;
        kin.extend(earlier);
        let earlier = earlier.map(|earlier| (earlier, Basis::Headline));
        return families::set_earlier(db, article, earlier).map(drop);
    };
    families::set_earlier(
        db,
        article,
        line.earlier.map(|earlier| (earlier, line.basis)),
    )?;
    kin.extend(line.earlier);
    if let Some(later) = line.later {
        let before: Option<(ArticleId, Basis)> = families::line_of(db, later)?
            .and_then(|line| line.earlier.map(|earlier| (earlier, line.basis)));
        if families::set_earlier(db, later, before)? {
            affected.insert(later);
        }
        kin.insert(later);
    }
    Ok(())
}

/// The version before an article that its headline speaks of: of the same publisher, tied to it, and by its own headline
/// the last one before. Only articles with texts of their own have one; the same words are no version.
fn headed_before(db: &Connection, article: ArticleId) -> rusqlite::Result<Option<ArticleId>> {
    let own = families::headed(db, article)?;
    let version = Version::of(own.title.as_deref().unwrap_or_default());
    if own.source.is_none() || version == Version::default() {
        return Ok(None);
    }
    let text = articles::judged(db, article)?.text_id;
    if articles::first_of_text(db, text)?.is_none_or(|first| first.id != article) {
        return Ok(None);
    }
    let precedence = articles::standing(db, article)?.precedence;
    let mut before = Vec::new();
    for relation in relations::of(db, text)? {
        if !relation.tie.is_strong() {
            continue;
        }
        let Some(first) = articles::first_of_text(db, relation.earlier)? else {
            continue;
        };
        let other = families::headed(db, first.id)?;
        let says = Version::of(other.title.as_deref().unwrap_or_default());
        if other.source == own.source && says < version && first.precedence < precedence {
            before.push((says, first.precedence, first.id));
        }
    }
    Ok(before.into_iter().max().map(|(.., id)| id))
}

/// A recorded article with another text.
pub(super) struct Change<'a> {
    /// The article.
    pub(super) article: ArticleId,
    /// What it was.
    pub(super) before: &'a Before,
    /// What it is.
    pub(super) edited: &'a Edited,
    /// Its publisher.
    pub(super) source: Option<i64>,
}

/// Writes articles anew, and judges them and all who were near them as if they had come with this text. The families
/// they were in are taken apart for that: without the old text they may be several.
pub(super) fn rewrite(
    db: &Connection,
    changes: &[Change<'_>],
    now_ms: i64,
) -> rusqlite::Result<()> {
    let mut affected = BTreeSet::new();
    let mut apart: Vec<(Family, BTreeSet<ArticleId>)> = Vec::new();
    for change in changes {
        affected.insert(change.article);
        if let Some(family) = families::family_of(db, change.article)? {
            let members: BTreeSet<ArticleId> =
                families::dissolve(db, family.id)?.into_iter().collect();
            affected.extend(&members);
            apart.push((family, members));
        }
    }
    let mut texts = BTreeSet::new();
    for change in changes {
        count(db, change.article, -1)?;
        texts.insert(change.before.text_id);
        texts.insert(write_text(db, change)?);
        count(db, change.article, 1)?;
    }
    let mut parted = Vec::new();
    for text in texts {
        let all = articles::with_text(db, text)?;
        let first = all
            .into_iter()
            .min_by(|a, b| a.precedence.cmp(&b.precedence));
        if let Some(first) = first
            && lead(db, text, &first, None)?.parted
        {
            parted.push(first.id);
        }
    }
    // First all lines of versions, then the verdicts that look at them.
    for article in &affected {
        place_in_line(db, *article, &mut BTreeSet::new(), &mut BTreeSet::new())?;
    }
    for article in &affected {
        judge_around(db, *article, now_ms)?;
    }
    for article in parted {
        // The text was another's before, in a family that the ties it has lost held together.
        part(db, article, now_ms)?;
    }
    for (family, members) in apart {
        tell_parted(db, family, &members, now_ms)?;
    }
    Ok(())
}

/// Writes one article anew; returns its text's row.
fn write_text(db: &Connection, change: &Change<'_>) -> rusqlite::Result<i64> {
    let Change { before, edited, .. } = change;
    let text_id = rows::place_text(db, edited)?;
    let fields = rows::fields_of(edited);
    let new = NewArticle {
        document: before.document,
        ordinal: before.ordinal,
        drop: before.drop,
        source: change.source,
        text_id,
        fields: &fields,
        ..rows::described(edited, before.arrival_ms)
    };
    rewriting::rewrite(db, change.article, &new)?;
    if !texts::is_in_use(db, before.text_id)? {
        comparing::displace(db, before.text_id, &before.text)?;
    }
    Ok(text_id)
}

/// Finds the verdict on an article anew; a change is written down with the history and the tallies.
pub(super) fn judge_again(
    db: &Connection,
    article: ArticleId,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let own = articles::standing(db, article)?;
    let was = articles::judged(db, article)?;
    let verdict = verdict::judge(&own, &around(db, &own, was.text_id)?);
    let is_first_judgement = was.recorded_ms == now_ms && was.of.is_none();
    let same = was.verdict == verdict.kind.as_str() && was.of == verdict.of;
    if !(same && verdict.of.is_none()) {
        articles::set_verdict(db, article, &verdict)?;
    }
    if same && !is_first_judgement {
        return Ok(());
    }
    let day = day_of(was.recorded_ms);
    if !same {
        tally(db, day, was.drop, was.source, &was.verdict, -1)?;
        tally(db, day, was.drop, was.source, verdict.kind.as_str(), 1)?;
    }
    let mut detail = json!({"verdict": verdict.kind.as_str()});
    if let (Some(detail), Some(of)) = (detail.as_object_mut(), verdict.of) {
        detail.insert("of".to_owned(), json!(of));
        detail.insert("resemblance".to_owned(), json!(verdict.resemblance));
    }
    if let (Some(detail), false) = (detail.as_object_mut(), is_first_judgement || same) {
        detail.insert("was".to_owned(), json!(was.verdict));
    }
    let about = About {
        article: Some(article),
        ..About::default()
    };
    note(db, now_ms, EventKind::Judged, &about.with(detail))
}

fn around(db: &Connection, own: &Standing, text: i64) -> rusqlite::Result<Around> {
    let mut around = Around {
        same_text: articles::first_of_text(db, text)?.filter(|first| first.id != own.id),
        ..Around::default()
    };
    if around.same_text.is_some() {
        return Ok(around);
    }
    if let Some(earlier) = families::earlier_version(db, own.id)? {
        let overlap = compare_texts(db, text, articles::judged(db, earlier)?.text_id)?;
        around.earlier_version = Some((articles::standing(db, earlier)?, overlap));
        return Ok(around);
    }
    for relation in relations::of(db, text)? {
        if relation.tie.is_strong()
            && let Some(first) = articles::first_of_text(db, relation.earlier)?
            // What superseded an article is never what it was taken from.
            && !families::is_version_of(db, first.id, own.id)?
        {
            around.tied.push((first, relation.tie, relation.overlap));
        }
    }
    Ok(around)
}

fn compare_texts(db: &Connection, a: i64, b: i64) -> rusqlite::Result<Overlap> {
    let read = |text| -> rusqlite::Result<Reading> {
        let words = texts::words_of(db, text)?;
        Ok(words.map_or_else(Reading::default, |words| {
            Reading::of(words.title.as_deref(), &words.text)
        }))
    };
    Ok(Overlap::of(&read(a)?, &read(b)?))
}

/// Makes one family of an article and its kin; without kin there is none.
fn unite(
    db: &Connection,
    article: ArticleId,
    kin: &BTreeSet<ArticleId>,
    now_ms: i64,
) -> rusqlite::Result<()> {
    if kin.len() < 2 {
        return Ok(());
    }
    let mut found: Vec<Family> = Vec::new();
    let mut singles = Vec::new();
    for id in kin {
        match families::family_of(db, *id)? {
            Some(family) if found.contains(&family) => {}
            Some(family) => found.push(family),
            None => singles.push(*id),
        }
    }
    found.sort_by_key(|family| family.id);
    let mut first: Vec<ArticleId> = kin.iter().copied().collect();
    for family in &found {
        // Its first article is a later version of its lead, or that itself.
        first.extend(families::versions_from(db, family.lead)?);
    }
    let lead = first
        .into_iter()
        .map(|id| articles::standing(db, id))
        .collect::<rusqlite::Result<Vec<Standing>>>()?
        .into_iter()
        .min_by(|a, b| a.precedence.cmp(&b.precedence));
    let Some(lead) = lead else { return Ok(()) };
    let lead = families::first_version(db, lead.id)?;
    if let ([only], true) = (found.as_slice(), singles.is_empty())
        && only.lead == lead
    {
        return Ok(());
    }
    let family = families::unite(db, &found, &singles, lead)?;
    let detail = json!({
        "family": family,
        "lead": lead,
        "united": found.iter().skip(1).map(|family| family.id).collect::<Vec<_>>(),
    });
    let about = About {
        article: Some(article),
        ..About::default()
    };
    note(db, now_ms, EventKind::Joined, &about.with(detail))
}

/// Counts an article under its present verdict on the day it was recorded, or takes it out of the count.
pub(super) fn count(db: &Connection, article: ArticleId, by: i64) -> rusqlite::Result<()> {
    let judged = articles::judged(db, article)?;
    let day = day_of(judged.recorded_ms);
    tally(db, day, judged.drop, judged.source, &judged.verdict, by)
}

/// Counts a file by what became of it today.
pub(super) fn count_file(
    db: &Connection,
    drop: crate::job::DropId,
    outcome: &str,
    now_ms: i64,
) -> rusqlite::Result<()> {
    tally(db, day_of(now_ms), drop, None, outcome, 1)
}
