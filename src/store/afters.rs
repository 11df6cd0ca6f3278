//! After-actions on the queue: what is due once a record is durable, until it is done.

use std::path::PathBuf;

use rusqlite::{Connection, params};
use serde_json::json;

use crate::job::{DropId, FileStamp, JobId};

use super::jobs::claim_of;
use super::provenance::{About, EventKind, note};

/// An input file whose record is durable and which is to be moved or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterDue {
    /// The job.
    pub id: JobId,
    /// The file.
    pub path: PathBuf,
    /// Its content as recorded.
    pub stamp: FileStamp,
}

/// The after-actions of a drop folder that are due, longest waiting first.
pub fn after_due(
    db: &Connection,
    drop: DropId,
    now_ms: i64,
    most: usize,
) -> rusqlite::Result<Vec<AfterDue>> {
    db.prepare_cached(
        "SELECT id, drop_id, path, device, inode, size_bytes, mtime_ns, ctime_ns, seen_ms, attempts
         FROM job WHERE after_state = 'due' AND drop_id = ?1 AND due_ms <= ?2 ORDER BY due_ms, id LIMIT ?3",
    )?
    .query_map(params![drop.0, now_ms, most.cast_signed()], |row| {
        claim_of(row).map(|claim| AfterDue {
            id: claim.id,
            path: claim.path,
            stamp: claim.stamp,
        })
    })?
    .collect()
}

/// What became of an after-action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterOutcome {
    /// The input lies here now.
    Moved(PathBuf),
    /// The input is removed.
    Removed,
    /// It was left alone for good, and why: it is another file now, or it was gone already.
    Kept(String),
    /// It could not be done now; it is tried again at this time.
    Again(String, i64),
}

/// Marks what became of an after-action.
pub fn mark_after(
    db: &Connection,
    id: JobId,
    outcome: &AfterOutcome,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let about = About::job(id);
    let (kind, about, state, due_ms) = match outcome {
        AfterOutcome::Moved(to) => {
            let detail = json!({"to": to.to_string_lossy()});
            (EventKind::Moved, about.with(detail), "done", None)
        }
        AfterOutcome::Removed => (EventKind::Removed, about, "done", None),
        AfterOutcome::Kept(why) => (
            EventKind::Kept,
            about.with(json!({"why": why})),
            "done",
            None,
        ),
        AfterOutcome::Again(why, due_ms) => {
            let detail = json!({"why": why, "due_ms": due_ms});
            (
                EventKind::Postponed,
                about.with(detail),
                "due",
                Some(*due_ms),
            )
        }
    };
    db.prepare_cached(
        "UPDATE job SET after_state = ?2, due_ms = coalesce(?3, due_ms), detail = ?4 WHERE id = ?1",
    )?
    .execute(params![
        id.0,
        state,
        due_ms,
        match outcome {
            AfterOutcome::Again(why, _) => Some(why),
            AfterOutcome::Moved(_) | AfterOutcome::Removed | AfterOutcome::Kept(_) => None,
        }
    ])?;
    note(db, now_ms, kind, &about)
}

/// When the next after-action of these drop folders is due, Unix milliseconds.
pub fn next_after(db: &Connection, drops: &[DropId]) -> rusqlite::Result<Option<i64>> {
    let mut next: Option<i64> = None;
    for drop in drops {
        let due: Option<i64> = db
            .prepare_cached(
                "SELECT min(due_ms) FROM job INDEXED BY job_after WHERE after_state = 'due' AND drop_id = ?1",
            )?
            .query_row([drop.0], |row| row.get(0))?;
        next = next.into_iter().chain(due).min();
    }
    Ok(next)
}
