//! How it stands, as plain facts: what `status` shows, and what [`super::health`] judges.

use std::collections::BTreeMap;

use serde::Serialize;

use super::PathText;
use super::snapshot::{DeskPart, IntakePart, UnreadablePart};

/// The facts.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Status {
    /// When this was so, Unix milliseconds.
    pub at_ms: i64,
    /// Who runs.
    pub daemon: Daemon,
    /// What the desk says of itself.
    pub desk: Option<DeskPart>,
    /// What the intake says of itself.
    pub intake: Option<IntakePart>,
    /// What is open; unknown where the store cannot be read.
    pub queue: Option<Queue>,
    /// Files that are put aside, by reason.
    pub held: BTreeMap<String, i64>,
    /// Members of files that are put aside by themselves, by reason.
    pub held_members: BTreeMap<String, i64>,
    /// What came today (UTC).
    pub today: Today,
    /// The store.
    pub store: StoreFacts,
    /// The drop folders by name.
    pub drops: Vec<DropRow>,
    /// The sources by name.
    pub sources: Vec<SourceRow>,
}

/// Who runs, or ran last.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Daemon {
    /// Whether the daemon runs.
    pub is_running: bool,
    /// The process that has the store.
    pub pid: Option<u32>,
    /// What it does, `run` or `ingest`; where there is none, what the last one did.
    pub verb: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// When it began.
    pub started_ms: Option<i64>,
    /// When it stopped.
    pub stopped_ms: Option<i64>,
    /// Whether the last one ended without saying so.
    pub died: bool,
    /// Its configuration.
    pub config: Option<PathText>,
    /// When that was read.
    pub config_read_ms: Option<i64>,
    /// What was wrong with the file when it was last read again.
    pub config_error: Option<String>,
    /// When it last said something of itself.
    pub snapshot_ms: Option<i64>,
}

/// What is open.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Queue {
    /// Files that are due.
    pub queued: i64,
    /// Since when the oldest of them has been due.
    pub oldest_due_ms: Option<i64>,
    /// Files in hand.
    pub claimed: i64,
    /// Files that wait for another try.
    pub retrying: i64,
    /// When the next of them is due.
    pub next_retry_ms: Option<i64>,
    /// Recorded files that are to be moved or removed.
    pub after_due: i64,
    /// Those of them that could not be so far.
    pub after_late: i64,
    /// Recorded articles that are to be edited again.
    pub reedit: i64,
    /// Texts that are to be judged again.
    pub rejudge: i64,
    /// Articles whose story is to be looked at.
    pub restory: i64,
}

/// What came today.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Today {
    /// Files by what became of them: `recorded`, `same-bytes`, `held`.
    pub files: BTreeMap<String, i64>,
    /// Articles by verdict.
    pub articles: BTreeMap<String, i64>,
    /// When the newest file was first seen, on whatever day.
    pub last_file_ms: Option<i64>,
}

/// How the store was reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// As usual.
    #[default]
    Live,
    /// As of its last checkpoint.
    LastCheckpoint,
    /// Not at all.
    No,
}

/// The store.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct StoreFacts {
    /// Where it lies.
    #[serde(flatten)]
    pub path: Option<PathText>,
    /// Its size.
    pub size_bytes: Option<u64>,
    /// The size of its write-ahead log.
    pub log_bytes: Option<u64>,
    /// Free space on its file system.
    pub free_bytes: Option<u64>,
    /// What is kept in reserve there.
    pub reserve_bytes: Option<u64>,
    /// Whether there is less than that.
    pub is_short: bool,
    /// How it was reached.
    pub reached: Reached,
    /// Why it was not.
    pub trouble: Option<String>,
    /// What helps.
    pub help: String,
}

/// One drop folder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DropRow {
    /// Its name.
    pub name: String,
    /// Where it is.
    #[serde(flatten)]
    pub root: PathText,
    /// How changes are noticed; nothing where it is not watched now.
    pub mode: Option<String>,
    /// `ok` or `missing`; nothing where it is not watched now.
    pub state: Option<String>,
    /// Why it is missing.
    pub why: Option<String>,
    /// Files that are not complete yet.
    pub settling: Option<u64>,
    /// Files that wait.
    pub queued: i64,
    /// Files that are put aside; unknown where there are very many.
    pub held: Option<i64>,
    /// Files of today by what became of them.
    pub today: BTreeMap<String, i64>,
    /// All files ever, likewise.
    pub total: BTreeMap<String, i64>,
    /// When its newest file was first seen; unknown if that is long ago.
    pub last_file_ms: Option<i64>,
    /// Folders that cannot be read.
    pub unreadable_folders: Vec<UnreadablePart>,
}

/// One source.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SourceRow {
    /// Its name.
    pub name: String,
    /// When its last article was recorded.
    pub last_seen_ms: i64,
    /// Today's articles by verdict.
    pub today: BTreeMap<String, i64>,
    /// All articles ever, likewise.
    pub total: BTreeMap<String, i64>,
    /// Whether it has been silent for remarkably long.
    pub is_quiet: bool,
}

impl Status {
    /// The facts without what changes by itself as time goes by: two of these are alike if nothing happened.
    #[must_use]
    pub fn without_clocks(&self) -> Self {
        let mut still = self.clone();
        still.at_ms = 0;
        still.daemon.snapshot_ms = None;
        still.store.free_bytes = None;
        if let Some(desk) = &mut still.desk {
            (desk.longest_in_hand_ms, desk.recorder_turned_ms) = (0, 0);
        }
        for drop in still.intake.iter_mut().flat_map(|intake| &mut intake.drops) {
            drop.settling_oldest_ms = None;
            (drop.reconciled_ago_ms, drop.reconcile_in_ms, drop.scan_ms) = (None, None, 0);
        }
        still
    }

    /// Whether a drop folder or a source has this name.
    pub fn knows(&self, name: &str) -> bool {
        self.drops.iter().any(|drop| drop.name == name)
            || self.sources.iter().any(|source| source.name == name)
    }

    /// Leaves only the rows of this drop folder or source.
    pub fn narrow(&mut self, name: &str) {
        self.drops.retain(|drop| drop.name == name);
        self.sources.retain(|source| source.name == name);
    }
}
