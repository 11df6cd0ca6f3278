//! The history: an append-only table of what happened, to which file or article, when and why.
//!
//! What a state is now can be worked out from it; a test does so.

use rusqlite::{Connection, params};

use crate::job::{ArticleId, DropId, JobId};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A file was seen for the first time under this stamp.
    Seen,
    /// It was found complete.
    Settled,
    /// It was put on the queue.
    Queued,
    /// A worker took it.
    Claimed,
    /// The process died with it in its hands; it is on the queue again.
    Released,
    /// An attempt did not succeed; there will be another.
    Postponed,
    /// It was put aside for a person.
    Held,
    /// A member of it was put aside; the others are taken.
    MemberHeld,
    /// A person sent it back to the queue.
    Retried,
    /// It vanished or changed before it was read.
    Gone,
    /// It is in the record.
    Recorded,
    /// A verdict was found or changed.
    Judged,
    /// An article was edited again: what is furniture of its source has changed.
    Reedited,
    /// A person said that a block is no furniture of a source, or took that back.
    FurnitureTold,
    /// An article joined a family, or families became one.
    Joined,
    /// An article is not in the family any more it was in.
    Parted,
    /// The index and what follows from it were made anew.
    Reindexed,
    /// The input was moved after it was recorded.
    Moved,
    /// The input was removed after it was recorded.
    Removed,
    /// The after-action was not done, and why.
    Kept,
    /// A daemon or an ingest began.
    Started,
    /// It ended in order.
    Stopped,
    /// The configuration was read again.
    Reloaded,
    /// Intake paused.
    Paused,
    /// Intake went on.
    Resumed,
    /// The kernel dropped events; everything is scanned again.
    Overflow,
    /// A drop folder is not there, or is another one.
    RootMissing,
    /// It is there (again).
    RootBack,
    /// A folder cannot be read.
    FolderUnreadable,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [Self; 29] = [
        Self::Seen,
        Self::Settled,
        Self::Queued,
        Self::Claimed,
        Self::Released,
        Self::Postponed,
        Self::Held,
        Self::MemberHeld,
        Self::Retried,
        Self::Gone,
        Self::Recorded,
        Self::Judged,
        Self::Reedited,
        Self::FurnitureTold,
        Self::Joined,
        Self::Parted,
        Self::Reindexed,
        Self::Moved,
        Self::Removed,
        Self::Kept,
        Self::Started,
        Self::Stopped,
        Self::Reloaded,
        Self::Paused,
        Self::Resumed,
        Self::Overflow,
        Self::RootMissing,
        Self::RootBack,
        Self::FolderUnreadable,
    ];

    /// The word in the store, in JSON and on the terminal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Settled => "settled",
            Self::Queued => "queued",
            Self::Claimed => "claimed",
            Self::Released => "released",
            Self::Postponed => "postponed",
            Self::Held => "held",
            Self::MemberHeld => "member-held",
            Self::Retried => "retried",
            Self::Gone => "gone",
            Self::Recorded => "recorded",
            Self::Judged => "judged",
            Self::Reedited => "re-edited",
            Self::FurnitureTold => "furniture-told",
            Self::Joined => "joined",
            Self::Parted => "parted",
            Self::Reindexed => "reindexed",
            Self::Moved => "moved",
            Self::Removed => "removed",
            Self::Kept => "kept",
            Self::Started => "started",
            Self::Stopped => "stopped",
            Self::Reloaded => "reloaded",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Overflow => "overflow",
            Self::RootMissing => "root-missing",
            Self::RootBack => "root-back",
            Self::FolderUnreadable => "folder-unreadable",
        }
    }
}

/// One line of the history, to be appended.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// The drop folder it concerns.
    pub drop: Option<DropId>,
    /// The job it concerns.
    pub job: Option<JobId>,
    /// The article it concerns.
    pub article: Option<ArticleId>,
    /// Further facts, as one JSON object.
    pub detail: Option<serde_json::Value>,
}

impl About {
    /// About a job.
    pub fn job(job: JobId) -> Self {
        Self {
            job: Some(job),
            ..Self::default()
        }
    }

    /// About a drop folder.
    pub fn drop(drop: DropId) -> Self {
        Self {
            drop: Some(drop),
            ..Self::default()
        }
    }

    /// With further facts.
    #[must_use]
    pub fn with(mut self, detail: serde_json::Value) -> Self {
        self.detail = Some(detail);
        self
    }
}

/// Appends to the history.
pub fn note(db: &Connection, at_ms: i64, kind: EventKind, about: &About) -> rusqlite::Result<()> {
    let detail = about.detail.as_ref().map(serde_json::Value::to_string);
    db.prepare_cached(
        "INSERT INTO event (at_ms, kind, drop_id, job_id, article_id, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        at_ms,
        kind.as_str(),
        about.drop.map(|id| id.0),
        about.job.map(|id| id.0),
        about.article.map(|id| id.0),
        detail
    ])?;
    Ok(())
}

/// Begins a tenure: a daemon or an ingest has the store from now on.
pub fn begin_tenure(db: &Connection, verb: &str, pid: u32, now_ms: i64) -> rusqlite::Result<i64> {
    db.execute(
        "INSERT INTO tenure (pid, verb, version, started_ms) VALUES (?1, ?2, ?3, ?4)",
        params![pid, verb, env!("CARGO_PKG_VERSION"), now_ms],
    )?;
    let tenure = db.last_insert_rowid();
    let detail =
        serde_json::json!({"verb": verb, "pid": pid, "version": env!("CARGO_PKG_VERSION")});
    note(
        db,
        now_ms,
        EventKind::Started,
        &About::default().with(detail),
    )?;
    Ok(tenure)
}

/// Ends a tenure in order.
pub fn end_tenure(db: &Connection, tenure: i64, now_ms: i64) -> rusqlite::Result<()> {
    db.execute(
        "UPDATE tenure SET stopped_ms = ?2 WHERE id = ?1",
        params![tenure, now_ms],
    )?;
    note(db, now_ms, EventKind::Stopped, &About::default())
}

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// The day of a moment, counted from 1970, UTC.
pub const fn day_of(at_ms: i64) -> i64 {
    at_ms.div_euclid(DAY_MS)
}

/// Counts of the day, by drop folder, source and outcome.
pub fn tally(
    db: &Connection,
    day: i64,
    drop: DropId,
    source: Option<i64>,
    outcome: &str,
    by: i64,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO tally (day, drop_id, source_id, outcome, n) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (day, drop_id, source_id, outcome) DO UPDATE SET n = n + excluded.n",
    )?
    .execute(params![day, drop.0, source.unwrap_or(0), outcome, by])?;
    Ok(())
}
