//! The recorder's work on one finished file, inside the transaction that commits it: document, articles, verdicts,
//! provenance, and the job's end.

use rusqlite::Connection;
use serde_json::json;

use crate::article::{Edited, Found};
use crate::config::Retry;
use crate::job::{ArticleId, Fate, Reason};
use crate::store::articles::{self, Apart, Document, FieldRow, NewArticle, NewDocument};
use crate::store::furniture;
use crate::store::jobs::{self, Claim};
use crate::store::members::{self, DocumentState, HeldMember, NewNotice};
use crate::store::provenance::{About, EventKind, note};
use crate::store::texts;
use crate::verdict::{arrival_ms, stated_ms};

use super::fate;
use super::judging;
use super::worker::{EditedFile, Entry, Finished, Member, Work};

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
    match &finished.work {
        Work::Failed(fate, why) => end_failed(db, claim, fate, why, retry, now_ms),
        Work::Known { digest, source } => match articles::find_document(db, digest)? {
            Some(document) => sight_again(db, claim, &document, source.as_ref(), after_due, now_ms),
            // It was there a moment ago, so it was forgotten since: the file is taken from the beginning.
            None => end_failed(
                db,
                claim,
                &Fate::Again,
                "its document was forgotten",
                retry,
                now_ms,
            ),
        },
        Work::Edited(file) => match articles::find_document(db, &file.digest)? {
            // Read by another worker meanwhile: nothing of it is new.
            Some(document) if file.progress.is_whole_file => sight_again(
                db,
                claim,
                &document,
                file.source.as_ref(),
                after_due,
                now_ms,
            ),
            known => record_part(db, claim, file, known.as_ref(), after_due, now_ms),
        },
    }
}

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

/// Another sighting of known bytes. If it is an earlier one than the first so far, the articles stand where it does.
fn sight_again(
    db: &Connection,
    claim: &Claim,
    document: &Document,
    source: Option<&(String, &'static str)>,
    after_due: bool,
    now_ms: i64,
) -> rusqlite::Result<Outcome> {
    jobs::done(db, claim.id, document.id, "same-bytes", after_due)?;
    note_recorded(
        db,
        claim,
        &json!({"outcome": "same-bytes", "document": document.id}),
        now_ms,
    )?;
    judging::count_file(db, claim.drop, "same-bytes", now_ms)?;
    let arrival = arrival_ms(&claim.stamp, claim.seen_ms);
    if (arrival, &claim.path) < (document.arrival_ms, &document.path) {
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
    }
    Ok(Outcome::SameBytes)
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
    let arrival = arrival_ms(&claim.stamp, claim.seen_ms);
    let document = match known {
        Some(document) => document.id,
        None => {
            let new = NewDocument {
                digest: file.digest,
                size_bytes: claim.stamp.size_bytes,
                format: file.format,
                charset: &file.charset,
                job: claim.id,
                arrival_ms: arrival,
                continues: file.progress.continues,
            };
            articles::insert_document(db, &new, now_ms)?
        }
    };
    members::set_document(db, claim.id, document)?;
    let part = Part {
        claim,
        file,
        document,
        arrival: known.map_or(arrival, |document| document.arrival_ms),
        is_begun: known.is_some(),
    };
    let recorded = part.record(db, now_ms)?;
    part.settle(db, now_ms)?;
    let progress = &file.progress;
    let ids: Vec<ArticleId> = recorded.iter().map(|taken| taken.id).collect();
    let mut detail = json!({"outcome": "recorded", "document": document, "articles": ids});
    if !progress.is_last {
        detail["reached"] = json!(progress.reached);
    }
    note_recorded(db, claim, &detail, now_ms)?;
    if progress.is_last {
        jobs::done(db, claim.id, document, "recorded", after_due)?;
        judging::count_file(db, claim.drop, "recorded", now_ms)?;
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

/// A part of a file on its way into the record.
struct Part<'a> {
    claim: &'a Claim,
    file: &'a EditedFile,
    document: i64,
    arrival: i64,
    /// Whether some of the document may be in the record already.
    is_begun: bool,
}

impl Part<'_> {
    /// Records what is in it; returns the articles that are new.
    fn record(&self, db: &Connection, now_ms: i64) -> rusqlite::Result<Vec<Taken>> {
        let mut recorded = Vec::new();
        for (number, entry) in self.file.entries.iter().enumerate() {
            let member = match &entry.outcome {
                Ok(member) => member,
                Err((reason, why)) => {
                    self.put_aside(db, entry, *reason, why, now_ms)?;
                    continue;
                }
            };
            if self.is_begun && members::is_recorded(db, self.document, entry.ordinal)? {
                continue;
            }
            members::release(db, self.document, entry.ordinal)?;
            if member.edited.is_notice() {
                self.notice(db, entry, member)?;
            } else if let Some(id) = self.article(db, entry, member, now_ms)? {
                recorded.push(Taken { id, entry: number });
            }
        }
        Ok(recorded)
    }

    fn put_aside(
        &self,
        db: &Connection,
        entry: &Entry,
        reason: Reason,
        why: &str,
        now_ms: i64,
    ) -> rusqlite::Result<()> {
        let place = entry.place.as_ref().map_or("", |(shown, _)| shown.as_str());
        let held = HeldMember {
            document: self.document,
            ordinal: entry.ordinal,
            place,
            reason,
            detail: why,
        };
        if members::hold(db, &held, now_ms)? {
            let about = About::job(self.claim.id);
            let detail = json!({"reason": reason.as_str(), "why": why, "member": place});
            note(db, now_ms, EventKind::MemberHeld, &about.with(detail))?;
        }
        Ok(())
    }

    fn notice(&self, db: &Connection, entry: &Entry, member: &Member) -> rusqlite::Result<()> {
        let edited = &member.edited;
        let Some(guid) = value_of(edited.guid.as_ref()) else {
            return Ok(());
        };
        let described = described(edited, self.arrival);
        members::insert_notice(
            db,
            &NewNotice {
                document: self.document,
                ordinal: entry.ordinal,
                place: entry.place.as_ref().map(|(_, steps)| steps.as_str()),
                guid,
                version: value_of(edited.version.as_ref()),
                status: value_of(edited.status.as_ref()),
                title: value_of(edited.title.as_ref()),
                changed_ms: described.changed_ms,
                object: member.object.as_deref().unwrap_or("{}"),
            },
        )
        .map(drop)
    }

    /// Records an article, unless the file had it before it grew.
    fn article(
        &self,
        db: &Connection,
        entry: &Entry,
        member: &Member,
        now_ms: i64,
    ) -> rusqlite::Result<Option<ArticleId>> {
        let edited = &member.edited;
        let text_id = place_text(db, edited)?;
        if let Some(earlier) = self.file.progress.continues
            && members::has_text(db, earlier, entry.ordinal, text_id)?
        {
            return Ok(None);
        }
        let fields = fields_of(edited);
        let apart = entry.apart.as_ref();
        let place = entry.place.as_ref().map_or("", |(_, steps)| steps.as_str());
        let new = NewArticle {
            document: self.document,
            ordinal: entry.ordinal,
            drop: self.claim.drop,
            source: source_of(db, edited, now_ms)?,
            text_id,
            fields: &fields,
            input_bytes: member.input_bytes,
            input_zstd: &member.input_zstd,
            apart: apart.map(|(format, charset)| Apart {
                place,
                format,
                charset: (charset.value, charset.rule),
                around: entry.around.as_deref(),
            }),
            ..described(edited, self.arrival)
        };
        articles::insert_article(db, &new, now_ms).map(Some)
    }

    /// Writes how far the file is read, and what is wrong with its end.
    fn settle(&self, db: &Connection, now_ms: i64) -> rusqlite::Result<()> {
        let progress = &self.file.progress;
        let state = match (&progress.end, progress.is_last) {
            (_, false) => DocumentState::Open,
            (Some(_), true) => DocumentState::Cut,
            (None, true) => DocumentState::Whole,
        };
        members::set_reached(db, self.document, state, progress.reached, progress.settled)?;
        if let Some(earlier) = progress.continues {
            // The rest has arrived.
            members::release(db, earlier, members::END)?;
        }
        if let Some((reason, why)) = &progress.end {
            let held = HeldMember {
                document: self.document,
                ordinal: members::END,
                place: "its end",
                reason: *reason,
                detail: why,
            };
            if members::hold(db, &held, now_ms)? {
                let detail = json!({"reason": reason.as_str(), "why": why, "member": "its end"});
                let about = About::job(self.claim.id).with(detail);
                note(db, now_ms, EventKind::MemberHeld, &about)?;
            }
        }
        Ok(())
    }
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

/// The row of an article's text.
pub(super) fn place_text(db: &Connection, edited: &Edited) -> rusqlite::Result<i64> {
    let print = &edited.fingerprint;
    match texts::find_text(db, &print.text_digest)? {
        Some(id) => Ok(id),
        None => texts::insert_text(db, &print.text_digest, print.prints.len()),
    }
}

/// The row of an article's publisher.
pub(super) fn source_of(
    db: &Connection,
    edited: &Edited,
    now_ms: i64,
) -> rusqlite::Result<Option<i64>> {
    match &edited.source {
        Some(found) => articles::ensure_source(db, &found.value, now_ms).map(Some),
        None => Ok(None),
    }
}

/// What the record says of an edited article by itself; what it is within the record is left empty.
pub(super) fn described(edited: &Edited, arrival: i64) -> NewArticle<'_> {
    let stated = |found: &Option<Found<String>>| {
        found
            .as_ref()
            .and_then(|found| stated_ms(&found.value, arrival))
    };
    let first_ms = stated(&edited.published).unwrap_or(arrival);
    NewArticle {
        document: 0,
        ordinal: 0,
        member: edited.member.as_deref(),
        apart: None,
        drop: crate::job::DropId(0),
        source: None,
        text_id: 0,
        first_ms,
        changed_ms: stated(&edited.modified).unwrap_or(first_ms),
        language: value_of(edited.language.as_ref()),
        published: value_of(edited.published.as_ref()),
        url: value_of(edited.url.as_ref()),
        guid: edited.identity(),
        title: value_of(edited.title.as_ref()),
        text: &edited.text,
        fields: &[],
        pieces: &edited.pieces,
        input_bytes: 0,
        input_zstd: &[],
    }
}

fn value_of(found: Option<&Found<String>>) -> Option<&str> {
    found.map(|found| found.value.as_str())
}

/// Everything found about an article, as rows.
pub(super) fn fields_of(edited: &Edited) -> Vec<FieldRow<'_>> {
    fn row<'a, T: AsRef<str>>(
        name: &'static str,
        ordinal: usize,
        found: &'a Found<T>,
    ) -> FieldRow<'a> {
        FieldRow {
            name,
            ordinal,
            value: found.value.as_ref(),
            rule: found.rule,
            span: found.span,
            confidence: found.confidence,
        }
    }
    let single = [
        ("guid", &edited.guid),
        ("declared_charset", &edited.declared_charset),
        ("version", &edited.version),
        ("status", &edited.status),
        ("embargo", &edited.embargo),
        ("agency_id", &edited.agency_id),
        ("copyright", &edited.copyright),
        ("url", &edited.url),
        ("title", &edited.title),
        ("subtitle", &edited.subtitle),
        ("dateline", &edited.dateline),
        ("source", &edited.source),
        ("published", &edited.published),
        ("modified", &edited.modified),
        ("language", &edited.language),
        ("credit", &edited.credit),
    ];
    let mut rows: Vec<FieldRow<'_>> = single
        .into_iter()
        .filter_map(|(name, found)| found.as_ref().map(|found| row(name, 0, found)))
        .collect();
    for (name, list) in [("byline", &edited.byline), ("captions", &edited.captions)] {
        rows.extend(
            list.iter()
                .enumerate()
                .map(|(n, found)| row(name, n, found)),
        );
    }
    rows.extend(
        edited
            .agency
            .iter()
            .enumerate()
            .map(|(n, found)| row("agency", n, found)),
    );
    rows.retain(|row| !row.value.is_empty());
    rows
}
