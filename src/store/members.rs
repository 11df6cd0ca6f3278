//! Members of files that hold many: how far a file is read, which members were put aside, which items had no text.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::job::{JobId, Reason};

/// The number of the end of a file among its members that were put aside.
pub const END: i64 = -1;

/// Articles of one member of a file are numbered behind it: so many bits of an ordinal.
const PART_BITS: u32 = 20;

/// The number of an article in its document: which member of the file it is in, and which article of that.
pub fn ordinal(member: u64, part: usize) -> i64 {
    let member = i64::try_from(member).unwrap_or(i64::MAX >> PART_BITS);
    let part = i64::try_from(part).unwrap_or(0);
    (member << PART_BITS) | (part & ((1 << PART_BITS) - 1))
}

/// The member of the file that an article of this number is in.
pub fn member_of(ordinal: i64) -> Option<u64> {
    u64::try_from(ordinal >> PART_BITS).ok()
}

/// How a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentState {
    /// It is being read.
    Open,
    /// All of it is read.
    Whole,
    /// All there is of it is read; it ends before its content does.
    Cut,
}

impl DocumentState {
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Whole => "whole",
            Self::Cut => "cut",
        }
    }
}

/// What the record knows of a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    New,
    /// Its reading has begun: so many members are done, and it may go on from another document.
    Open {
        /// Members that are done.
        reached: u64,
    },
    /// What there is of it, but for what was put aside.
    Patchy {
        /// The members that were.
        members: BTreeSet<u64>,
        /// Where its end was: all members from this one on.
        from: Option<u64>,
    },
    /// All of it.
    Whole,
}

/// How a document with this digest stands.
pub fn standing(db: &Connection, digest: &[u8; 32]) -> rusqlite::Result<Standing> {
    let found = db
        .prepare_cached("SELECT id, state, reached FROM document WHERE digest = ?1")?
        .query_row([digest], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, i64>(2)?,
            ))
        })
        .optional()?;
    let Some((document, state, reached)) = found else {
        return Ok(Standing::New);
    };
    if state == DocumentState::Open.as_str() {
        return Ok(Standing::Open {
            reached: reached.cast_unsigned(),
        });
    }
    let held = held(db, document)?;
    if held.is_empty() {
        return Ok(Standing::Whole);
    }
    Ok(Standing::Patchy {
        from: held.contains(&END).then_some(reached.cast_unsigned()),
        members: held.into_iter().filter_map(member_of).collect(),
    })
}

fn held(db: &Connection, document: i64) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached("SELECT ordinal FROM held_member WHERE document_id = ?1 ORDER BY ordinal")?
        .query_map([document], |row| row.get(0))?
        .collect()
}

/// A file as it was before it grew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its document.
    pub document: i64,
    /// Its size then.
    pub size_bytes: u64,
    /// Its digest then.
    pub digest: [u8; 32],
    /// Members that are done and stay as they are.
    pub settled: u64,
}

/// What lay at a path before, where that was a file of many members and smaller.
pub fn earlier(db: &Connection, path: &Path, size_bytes: u64) -> rusqlite::Result<Option<Earlier>> {
    db.prepare_cached(
        "SELECT document.id, document.size_bytes, document.digest,
                CASE document.state WHEN 'open' THEN document.reached ELSE document.settled END
         FROM job JOIN document ON document.id = job.document_id
         WHERE job.path = ?1 AND document.size_bytes < ?2 AND (document.settled > 0 OR document.state = 'open')
         ORDER BY job.id DESC LIMIT 1",
    )?
    .query_row(
        params![path.as_os_str().as_bytes(), size_bytes.cast_signed()],
        |row| {
            Ok(Earlier {
                document: row.get(0)?,
                size_bytes: row.get::<_, i64>(1)?.cast_unsigned(),
                digest: row.get(2)?,
                settled: row.get::<_, i64>(3)?.cast_unsigned(),
            })
        },
    )
    .optional()
}

/// Writes how far a document is read. What is all read stays so while members of it are tried again.
pub fn set_reached(
    db: &Connection,
    document: i64,
    state: DocumentState,
    reached: u64,
    settled: u64,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE document SET state = CASE ?2 WHEN 'open' THEN state ELSE ?2 END,
                             reached = max(reached, ?3), settled = max(settled, ?4) WHERE id = ?1",
    )?
    .execute(params![
        document,
        state.as_str(),
        reached.cast_signed(),
        settled.cast_signed()
    ])?;
    Ok(())
}

/// What was put aside of a file before it grew is the business of the document that goes on from it: its members have
/// the same numbers there. Those that may still have changed, and its end, are read again.
pub fn take_over(db: &Connection, earlier: i64, document: i64) -> rusqlite::Result<()> {
    let settled: u64 = db
        .prepare_cached(
            "SELECT CASE state WHEN 'open' THEN reached ELSE settled END FROM document WHERE id = ?1",
        )?
        .query_row([earlier], |row| row.get(0).map(i64::cast_unsigned))?;
    db.prepare_cached(
        "UPDATE held_member SET document_id = ?2 WHERE document_id = ?1 AND ordinal >= 0 AND ordinal < ?3",
    )?
    .execute(params![earlier, document, ordinal(settled, 0)])?;
    db.prepare_cached("DELETE FROM held_member WHERE document_id = ?1")?
        .execute([earlier])?;
    Ok(())
}

/// Whether anything of a document is put aside.
pub fn has_held(db: &Connection, document: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM held_member WHERE document_id = ?1")?
        .exists([document])
}

/// Whether all of a document is read and nothing of it put aside.
pub fn is_all_taken(db: &Connection, document: i64) -> rusqlite::Result<bool> {
    let is_read = db
        .prepare_cached("SELECT 1 FROM document WHERE id = ?1 AND state <> 'open'")?
        .exists([document])?;
    Ok(is_read && !has_held(db, document)?)
}

/// Whether the job has worked on this document before.
pub fn is_of_job(db: &Connection, document: i64, job: JobId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM job WHERE id = ?1 AND document_id = ?2")?
        .exists(params![job.0, document])
}

/// Whether another job is at work on this document.
pub fn is_of_another(db: &Connection, document: i64, job: JobId) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT 1 FROM job WHERE document_id = ?1 AND id <> ?2 AND state = 'claimed'",
    )?
    .exists(params![document, job.0])
}

/// The job works on this document, and gets on: the deaths it met before were at what is behind it now.
pub fn set_document(db: &Connection, job: JobId, document: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE job SET document_id = ?2, crashes = 0 WHERE id = ?1 AND (document_id IS NOT ?2 OR crashes > 0)")?
        .execute(params![job.0, document])?;
    Ok(())
}

/// Whether an article or a notice of this number is in the record.
pub fn is_recorded(db: &Connection, document: i64, ordinal: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT 1 FROM article WHERE document_id = ?1 AND ordinal = ?2
         UNION ALL SELECT 1 FROM notice WHERE document_id = ?1 AND ordinal = ?2",
    )?
    .exists(params![document, ordinal])
}

/// A question with the table `chain`: the document ?1, and those it goes on from.
macro_rules! of_chain {
    ($question:literal) => {
        concat!(
            "WITH RECURSIVE chain (id) AS (
                 SELECT ?1
                 UNION
                 SELECT document.continues_id FROM chain JOIN document ON document.id = chain.id
                 WHERE document.continues_id IS NOT NULL
             )
             ",
            $question
        )
    };
}

/// Whether the article of this number has this text, in a document or in those it goes on from.
pub fn has_text(
    db: &Connection,
    document: i64,
    ordinal: i64,
    text_id: i64,
) -> rusqlite::Result<bool> {
    db.prepare_cached(
        of_chain!("SELECT 1 FROM article WHERE document_id IN (SELECT id FROM chain) AND ordinal = ?2 AND text_id = ?3"),
    )?
    .exists(params![document, ordinal, text_id])
}

/// Whether the notice of this number says this, in a document or in those it goes on from.
pub fn has_notice(
    db: &Connection,
    document: i64,
    ordinal: i64,
    object: &str,
) -> rusqlite::Result<bool> {
    db.prepare_cached(
        of_chain!("SELECT 1 FROM notice WHERE document_id IN (SELECT id FROM chain) AND ordinal = ?2 AND object = ?3"),
    )?
    .exists(params![document, ordinal, object])
}

/// A member that is put aside.
#[derive(Debug, Clone)]
pub struct HeldMember<'a> {
    /// Its document.
    pub document: i64,
    /// Its number there.
    pub ordinal: i64,
    /// Where it stands, in words.
    pub place: &'a str,
    /// Why.
    pub reason: Reason,
    /// What was found, in words.
    pub detail: &'a str,
}

/// Puts a member aside; returns whether it was not before.
pub fn hold(db: &Connection, held: &HeldMember<'_>, now_ms: i64) -> rusqlite::Result<bool> {
    let new = db
        .prepare_cached(
            "INSERT INTO held_member (document_id, ordinal, place, reason, detail, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (document_id, ordinal) DO UPDATE SET reason = excluded.reason, detail = excluded.detail
               WHERE reason <> excluded.reason OR detail <> excluded.detail",
        )?
        .execute(params![
            held.document,
            held.ordinal,
            held.place,
            held.reason.as_str(),
            held.detail,
            now_ms
        ])?;
    Ok(new > 0)
}

/// A member is put aside no more.
pub fn release(db: &Connection, document: i64, ordinal: i64) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM held_member WHERE document_id = ?1 AND ordinal = ?2")?
        .execute(params![document, ordinal])?;
    Ok(())
}

/// An item without a text.
#[derive(Debug, Clone)]
pub struct NewNotice<'a> {
    /// Its document.
    pub document: i64,
    /// Its number there.
    pub ordinal: i64,
    /// Where it stands, as JSON.
    pub place: Option<&'a str>,
    /// Its identity.
    pub guid: &'a str,
    /// Which version.
    pub version: Option<&'a str>,
    /// What may be done with it.
    pub status: Option<&'a str>,
    /// Its headline.
    pub title: Option<&'a str>,
    /// Last change, else publication, else arrival.
    pub changed_ms: i64,
    /// The article object.
    pub object: &'a str,
}

/// Records an item without a text.
pub fn insert_notice(db: &Connection, new: &NewNotice<'_>) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "INSERT INTO notice (document_id, ordinal, place, guid, version, status, title, changed_ms, object)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .insert(params![
        new.document,
        new.ordinal,
        new.place,
        new.guid,
        new.version,
        new.status,
        new.title,
        new.changed_ms,
        new.object
    ])
}
