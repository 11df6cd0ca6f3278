//! A part of a file into the record: articles, notices, what is put aside, and how far the file has come.
//!
//! Whatever a part holds may be in the record already, if the process died or the file is tried again: each member is
//! taken once, by its number.

use rusqlite::Connection;
use serde_json::json;

use crate::job::{ArticleId, DropId, Reason};
use crate::store::articles::{self, Apart, Document, NewArticle, NewDocument};
use crate::store::jobs::Claim;
use crate::store::members::{self, DocumentState, HeldMember, NewNotice};
use crate::store::provenance::{About, EventKind, note};
use crate::verdict::arrival_ms;

use super::recorder::Taken;
use super::rows::{described, fields_of, place_text, source_of, value_of};
use super::worker::{EditedFile, Entry, Member};

/// A part of a file on its way into the record.
pub(super) struct Part<'a> {
    claim: &'a Claim,
    file: &'a EditedFile,
    document: i64,
    /// The drop folder of the document's first sighting.
    drop: DropId,
    /// When that arrived.
    arrival: i64,
    /// The document that this one goes on from.
    continues: Option<i64>,
    /// Whether some of the document may be in the record already.
    is_begun: bool,
}

impl<'a> Part<'a> {
    /// Of a document that is in the record; `is_first` says that this sighting counts as its first now.
    pub(super) fn of_known(
        claim: &'a Claim,
        file: &'a EditedFile,
        document: &Document,
        is_first: bool,
    ) -> Self {
        let (drop, arrival) = if is_first {
            (claim.drop, arrival_ms(&claim.stamp, claim.seen_ms))
        } else {
            (document.drop, document.arrival_ms)
        };
        Self {
            claim,
            file,
            document: document.id,
            drop,
            arrival,
            continues: document.continues,
            is_begun: true,
        }
    }

    /// Of a document that is new.
    pub(super) fn of_new(
        db: &Connection,
        claim: &'a Claim,
        file: &'a EditedFile,
        now_ms: i64,
    ) -> rusqlite::Result<Self> {
        let arrival = arrival_ms(&claim.stamp, claim.seen_ms);
        let continues = file.progress.continues;
        let new = NewDocument {
            digest: file.digest,
            size_bytes: claim.stamp.size_bytes,
            format: file.format,
            charset: &file.charset,
            job: claim.id,
            arrival_ms: arrival,
            continues,
        };
        let document = articles::insert_document(db, &new, now_ms)?;
        if let Some(earlier) = continues {
            members::take_over(db, earlier, document)?;
        }
        Ok(Self {
            claim,
            file,
            document,
            drop: claim.drop,
            arrival,
            continues,
            is_begun: false,
        })
    }

    /// Its document.
    pub(super) fn document(&self) -> i64 {
        self.document
    }

    /// Records what is in it; returns the articles that are new.
    pub(super) fn record(&self, db: &Connection, now_ms: i64) -> rusqlite::Result<Vec<Taken>> {
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
        let place = entry.place.to_string();
        let held = HeldMember {
            document: self.document,
            ordinal: entry.ordinal,
            place: &place,
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
        // As the article's, so that the two meet.
        let stated = value_of(edited.guid.as_ref());
        let Some(guid) = edited.identity().or(stated) else {
            return Ok(());
        };
        let object = member.object.as_deref().unwrap_or("{}");
        if let Some(earlier) = self.continues
            && members::has_notice(db, earlier, entry.ordinal, object)?
        {
            return Ok(());
        }
        let described = described(edited, self.arrival);
        members::insert_notice(
            db,
            &NewNotice {
                document: self.document,
                ordinal: entry.ordinal,
                place: entry.place.to_json().as_deref(),
                guid,
                version: value_of(edited.version.as_ref()),
                status: value_of(edited.status.as_ref()),
                title: value_of(edited.title.as_ref()),
                changed_ms: described.changed_ms,
                object,
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
        if let Some(earlier) = self.continues
            && members::has_text(db, earlier, entry.ordinal, text_id)?
        {
            return Ok(None);
        }
        let fields = fields_of(edited);
        let apart = entry.apart.as_ref();
        let (in_words, place) = (entry.place.in_words(), entry.place.to_json());
        let new = NewArticle {
            document: self.document,
            ordinal: entry.ordinal,
            member: in_words.as_deref(),
            place: place.as_deref(),
            drop: self.drop,
            source: source_of(db, edited, now_ms)?,
            text_id,
            fields: &fields,
            input_bytes: member.input_bytes,
            input_zstd: &member.input_zstd,
            apart: apart.map(|(format, charset)| Apart {
                format,
                charset: (charset.value, charset.rule),
                around: entry.around.as_deref(),
            }),
            ..described(edited, self.arrival)
        };
        articles::insert_article(db, &new, now_ms).map(Some)
    }

    /// Writes how far the file is read, and what is wrong with its end.
    pub(super) fn settle(&self, db: &Connection, now_ms: i64) -> rusqlite::Result<()> {
        let progress = &self.file.progress;
        let state = match (&progress.end, progress.is_last) {
            (_, false) => DocumentState::Open,
            (Some(_), true) => DocumentState::Cut,
            (None, true) => DocumentState::Whole,
        };
        members::set_reached(db, self.document, state, progress.reached, progress.settled)?;
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
        } else if progress.is_last {
            members::release(db, self.document, members::END)?;
        }
        Ok(())
    }
}
