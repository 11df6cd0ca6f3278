//! What the intake tells about itself: plain structs for `status`, the socket and the metrics.

use std::time::{Duration, Instant};

use serde::Serialize;

use super::root::Root;
use super::settle::Settle;

/// The intake as it is now. Ages and times to come are in milliseconds.
#[derive(Debug, Clone, Serialize)]
pub struct IntakeReport {
    /// One per drop folder, in the order of the configuration.
    pub drops: Vec<DropReport>,
    /// Whether nothing is queued for now.
    pub paused: bool,
    /// How often events were lost since the start. Each time everything was scanned.
    pub overflows: u64,
    /// How often watching had to be set up anew since the start.
    pub watcher_restarts: u64,
    /// Why nothing can be watched, if so.
    pub watcher_trouble: Option<String>,
    /// What to do about folders that cannot be watched because of the kernel's limit, if there are any.
    pub watch_limit: Option<&'static str>,
}

/// What a person can do when the kernel refuses further watches.
pub(crate) const WATCH_LIMIT_ADVICE: &str =
    "raise it: sysctl fs.inotify.max_user_watches=1048576 (to keep it: a file in /etc/sysctl.d)";

/// One drop folder as it is now.
#[derive(Debug, Clone, Serialize)]
pub struct DropReport {
    /// Its name.
    pub name: String,
    /// Where it is, lossily where the path is not UTF-8.
    pub root: String,
    /// How changes are noticed.
    pub mode: Mode,
    /// The network file system it is on, if so.
    pub network: Option<&'static str>,
    /// Whether it is there.
    pub state: State,
    /// Why not.
    pub why: Option<String>,
    /// Folders that are watched, itself included.
    pub watched_folders: usize,
    /// Folders that are scanned at intervals because they cannot be watched.
    pub polled_folders: usize,
    /// Files that are not complete yet.
    pub settling: usize,
    /// For how long the oldest of them has been waited for.
    pub settling_oldest_ms: Option<u64>,
    /// Pipes, sockets and devices passed by in the last whole scan.
    pub special_skipped: u64,
    /// Symbolic links, likewise.
    pub symlinks_skipped: u64,
    /// Folders on other file systems, likewise.
    pub other_file_systems_skipped: u64,
    /// Folders below the deepest level, likewise.
    pub too_deep_skipped: u64,
    /// Folders that cannot be read, and why.
    pub unreadable_folders: Vec<UnreadableFolder>,
    /// Age of the last whole scan.
    pub reconciled_ago_ms: Option<u64>,
    /// Time to the next; nothing while one is under way.
    pub reconcile_in_ms: Option<u64>,
    /// How long the last took.
    pub scan_ms: u64,
}

/// A folder that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadableFolder {
    /// Its path below the drop folder, lossily.
    pub folder: String,
    /// Why.
    pub why: String,
}

/// How changes are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// By events, and by a scan now and then.
    Events,
    /// By scans alone.
    Poll,
    /// By events, but some folders by scans alone.
    Mixed,
}

/// Whether a drop folder is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is.
    Ok,
    /// It is not, or it cannot be read, or its file system is not mounted.
    Missing,
}

/// One drop folder as it is at `now`.
pub(crate) fn of_drop(root: &Root, index: usize, settle: &Settle, now: Instant) -> DropReport {
    let (settling, oldest) = settle.of_drop(index);
    let own_trouble = root.passed.unreadable.get(std::path::Path::new(""));
    let why = root.why.clone().or_else(|| own_trouble.cloned());
    let (watched_folders, polled_folders) = (root.folders.watched(), root.folders.polled());
    let ago = |then: Instant| ms(now.saturating_duration_since(then));
    let to_go = |then: Instant| ms(then.saturating_duration_since(now));
    let unreadable = root.passed.unreadable.iter();
    DropReport {
        name: root.name.clone(),
        root: root.path.to_string_lossy().into_owned(),
        mode: match (root.polled, watched_folders, polled_folders) {
            (false, _, 0) => Mode::Events,
            (true, _, _) | (false, 0, _) => Mode::Poll,
            (false, _, _) => Mode::Mixed,
        },
        network: root.network,
        state: if why.is_none() {
            State::Ok
        } else {
            State::Missing
        },
        why,
        watched_folders,
        polled_folders,
        settling,
        settling_oldest_ms: oldest.map(ago),
        special_skipped: root.passed.special,
        symlinks_skipped: root.passed.links,
        other_file_systems_skipped: root.passed.other_file_systems,
        too_deep_skipped: root.passed.too_deep,
        unreadable_folders: unreadable
            .map(|(folder, why)| UnreadableFolder {
                folder: folder.to_string_lossy().into_owned(),
                why: why.clone(),
            })
            .collect(),
        reconciled_ago_ms: root.last_whole.map(ago),
        reconcile_in_ms: root.next_whole.map(to_go),
        scan_ms: ms(root.took),
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
