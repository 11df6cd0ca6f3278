//! The recorder's work on one finished file, inside the transaction that commits it: document, articles, verdicts,
//! provenance, and the job's end.

use rusqlite::Connection;
use serde_json::json;

use crate::config::Retry;
use crate::job::{ArticleId, Fate, Reason};
use crate::store::articles::{self, Document};
use crate::store::furniture;
use crate::store::jobs::{self, Claim};
use crate::store::members;
use crate::store::provenance::{About, EventKind, note};
use crate::verdict::arrival_ms;

use super::entering::Part;
use super::fate;
use super::judging;
use super::worker::{EditedFile, Finished, Work};

/// What recording one file came to, for the summary and the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its articles are in the record, or what was left of them.
    Recorded(Vec<Taken>),
    /// Articles of it are in the record, and there is more to come.
    Part(Vec<Taken>),
    /// Its bytes were in the record.
    SameBytes,
    /// It is put aside.
    Held(Reason, String),
    /// It is tried again.
    Postponed(String),
    /// There is nothing left under this stamp.
    Gone,
}

/// An article that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Its id.
    pub id: ArticleId,
    /// Which of the file's entries it is.
    pub entry: usize,
}

impl Outcome {
    /// The articles that are new.
    pub fn taken(&self) -> &[Taken] {
        match self {
            Self::Recorded(taken) | Self::Part(taken) => taken,
            Self::SameBytes | Self::Held(..) | Self::Postponed(_) | Self::Gone => &[],
        }
    }
}

/// Records one finished file.
pub fn record(
    db: &Connection,
    finished: &Finished,
    after_due: bool,
    retry: &Retry,
    now_ms: i64,
) -> rusqlite::Result<Outcome> {
    let claim = &finished.claim;
    let again = |why: &str| end_failed(db, claim, &Fate::Again, why, retry, now_ms);
    match &finished.work {
        Work::Failed(fate, why) => end_failed(db, claim, fate, why, retry, now_ms),
        Work::Known { digest, source } => match articles::find_document(db, digest)? {
            Some(document) => sight_again(db, claim, &document, source.as_ref(), after_due, now_ms),
            // It was there a moment ago, so it was forgotten since: the file is taken from the beginning.
            None => again("its document was forgotten"),
        },
        Work::Edited(file) => {
            let known = articles::find_document(db, &file.digest)?;
            let Some(document) = &known else {
                return record_part(db, claim, file, None, after_due, now_ms);
            };
            let is_elsewhere = members::is_of_another(db, document.id, claim.id)?;
            let is_taken = !members::is_of_job(db, document.id, claim.id)?
                && members::is_all_taken(db, document.id)?;
            match (is_elsewhere || is_taken, file.progress.is_last) {
                // The worker hears of it, and leaves the file for now.
                (true, false) => Ok(Outcome::Postponed(ELSEWHERE.to_owned())),
                (true, true) if is_elsewhere => again(ELSEWHERE),
                // Read by another worker meanwhile: nothing of it is new.
                (true, true) => {
                    sight_again(db, claim, document, file.source.as_ref(), after_due, now_ms)
                }
                (false, _) => record_part(db, claim, file, Some(document), after_due, now_ms),
            }
        }
    }
}

/// Why a file waits whose bytes are being taken in under another name: one of the two takes them all.
pub(super) const ELSEWHERE: &str = "the same bytes are being read under another name";

fn end_failed(
    db: &Connection,
    claim: &Claim,
    fate: &Fate,
    why: &str,
    retry: &Retry,
    now_ms: i64,
) -> rusqlite::Result<Outcome> {
    match fate {
        Fate::Again => {
            let pause = fate::pause(claim.attempt, retry, fastrand::f64());
            let pause_ms = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
            jobs::postpone(db, claim.id, now_ms.saturating_add(pause_ms), why, now_ms)?;
            Ok(Outcome::Postponed(why.to_owned()))
        }
        Fate::Gone => {
            jobs::gone(db, claim.id, why, now_ms)?;
            Ok(Outcome::Gone)
        }
        Fate::Hold(reason) => {
            jobs::hold(db, claim.id, *reason, why, now_ms)?;
            Ok(Outcome::Held(*reason, why.to_owned()))
        }
    }
}

/// Another sighting of known bytes.
fn sight_again(
    db: &Connection,
    claim: &Claim,
    document: &Document,
    source: Option<&(String, &'static str)>,
    after_due: bool,
    now_ms: i64,
) -> rusqlite::Result<Outcome> {
    let after_due = after_due && !members::has_held(db, document.id)?;
    let is_new = jobs::done(db, claim.id, document.id, "same-bytes", after_due)?;
    note_recorded(
        db,
        claim,
        &json!({"outcome": "same-bytes", "document": document.id}),
        now_ms,
    )?;
    if is_new {
        judging::count_file(db, claim.drop, "same-bytes", now_ms)?;
    }
    stand_first(db, claim, document, source, now_ms)?;
    Ok(Outcome::SameBytes)
}

/// If this sighting of known bytes is an earlier one than the first so far, the articles stand where it does. Returns
/// whether it is.
fn stand_first(
    db: &Connection,
    claim: &Claim,
    document: &Document,
    source: Option<&(String, &'static str)>,
    now_ms: i64,
) -> rusqlite::Result<bool> {
    let arrival = arrival_ms(&claim.stamp, claim.seen_ms);
    if (arrival, &claim.path) >= (document.arrival_ms, &document.path) {
        return Ok(false);
    }
    let members = articles::articles_of(db, document.id)?;
    for article in &members {
        judging::count(db, *article, -1)?;
    }
    let source = match source {
        Some((name, rule)) => Some((
            articles::ensure_source(db, name, now_ms)?,
            name.as_str(),
            *rule,
        )),
        None => None,
    };
    articles::move_first_sighting(db, document.id, claim.id, claim.drop, arrival, source)?;
    for article in members {
        if source.is_some() {
            // It may tell of another source now, and has to be edited with the furniture of that.
            furniture::queue(db, article)?;
        }
        judging::count(db, article, 1)?;
        judging::move_forward(db, article, now_ms)?;
    }
    Ok(true)
}

/// Records a file, or a part of one.
fn record_part(
    db: &Connection,
    claim: &Claim,
    file: &EditedFile,
    known: Option<&Document>,
    after_due: bool,
    now_ms: i64,
) -> rusqlite::Result<Outcome> {
    let part = match known {
        Some(document) => {
            let is_first = stand_first(db, claim, document, file.source.as_ref(), now_ms)?;
            Part::of_known(claim, file, document, is_first)
        }
        None => Part::of_new(db, claim, file, now_ms)?,
    };
    let document = part.document();
    members::set_document(db, claim.id, document)?;
    let recorded = part.record(db, now_ms)?;
    part.settle(db, now_ms)?;
    let progress = &file.progress;
    let ids: Vec<ArticleId> = recorded.iter().map(|taken| taken.id).collect();
    let detail = if progress.is_last {
        json!({"outcome": "recorded", "document": document, "articles": ids})
    } else {
        json!({"outcome": "recorded", "document": document, "articles": ids, "reached": progress.reached})
    };
    note_recorded(db, claim, &detail, now_ms)?;
    if progress.is_last {
        // Of what is put aside the file is the only copy: it stays where it is until all of it is taken.
        let after_due = after_due && !members::has_held(db, document)?;
        if jobs::done(db, claim.id, document, "recorded", after_due)? {
            judging::count_file(db, claim.drop, "recorded", now_ms)?;
        }
    }
    for taken in &recorded {
        let member = file.member(taken.entry);
        let prints = member.map(|member| member.edited.fingerprint.prints.as_slice());
        judging::count(db, taken.id, 1)?;
        judging::judge_with(db, taken.id, prints, now_ms)?;
    }
    Ok(if progress.is_last {
        Outcome::Recorded(recorded)
    } else {
        Outcome::Part(recorded)
    })
}

fn note_recorded(
    db: &Connection,
    claim: &Claim,
    detail: &serde_json::Value,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let about = About::job(claim.id).with(detail.clone());
    note(db, now_ms, EventKind::Recorded, &about)
}
