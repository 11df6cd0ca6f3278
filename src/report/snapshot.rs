//! What a running daemon says of itself, read leniently: a snapshot of another version is still worth showing.

use serde::{Deserialize, Serialize};

use crate::store::tenancy::Snapshot;

/// The desk's part: see `desk::DeskReport`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeskPart {
    /// Files claimed and not yet recorded.
    pub outstanding: u64,
    /// Files in workers' hands.
    pub in_hand: u64,
    /// How long the longest of them has been there.
    pub longest_in_hand_ms: u64,
    /// How long ago the recorder last turned.
    pub recorder_turned_ms: u64,
    /// Why nothing new is taken in, if so.
    pub paused: Option<String>,
}

/// The intake's part: see `intake::IntakeReport`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IntakePart {
    /// One per drop folder that is watched.
    pub drops: Vec<DropPart>,
    /// Whether nothing is queued for now.
    pub paused: bool,
    /// How often events were lost since the start.
    pub overflows: u64,
    /// How often watching had to be set up anew since the start.
    pub watcher_restarts: u64,
    /// Why nothing can be watched, if so.
    pub watcher_trouble: Option<String>,
    /// What to do about the kernel's limit, if it was reached.
    pub watch_limit: Option<String>,
}

/// One watched drop folder.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DropPart {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub root: String,
    /// `events`, `poll` or `mixed`.
    pub mode: String,
    /// The network file system it is on, if so.
    pub network: Option<String>,
    /// `ok` or `missing`.
    pub state: String,
    /// Why it is missing.
    pub why: Option<String>,
    /// Folders that are watched.
    pub watched_folders: u64,
    /// Folders that are scanned at intervals.
    pub polled_folders: u64,
    /// Files that are not complete yet.
    pub settling: u64,
    /// For how long the oldest of them has been waited for.
    pub settling_oldest_ms: Option<u64>,
    /// Pipes, sockets and devices passed by.
    pub special_skipped: u64,
    /// Symbolic links passed by.
    pub symlinks_skipped: u64,
    /// Folders on other file systems passed by.
    pub other_file_systems_skipped: u64,
    /// Folders below the deepest level passed by.
    pub too_deep_skipped: u64,
    /// Folders that cannot be read.
    pub unreadable_folders: Vec<UnreadablePart>,
    /// Age of the last whole scan.
    pub reconciled_ago_ms: Option<u64>,
    /// Time to the next.
    pub reconcile_in_ms: Option<u64>,
    /// How long the last took.
    pub scan_ms: u64,
}

/// A folder that cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UnreadablePart {
    /// Its path below the drop folder.
    pub folder: String,
    /// Why.
    pub why: String,
}

/// Both parts of a snapshot; a part that cannot be read counts as empty.
pub fn parts_of(snapshot: &Snapshot) -> (DeskPart, IntakePart) {
    let desk = serde_json::from_value(snapshot.desk.clone()).unwrap_or_default();
    let intake = serde_json::from_value(snapshot.intake.clone()).unwrap_or_default();
    (desk, intake)
}
