//! The configuration as meant: every value present, with its default here and nowhere else, and none of them wrong.

use std::path::PathBuf;
use std::time::Duration;

use crate::job::After;

/// Names that are never taken in: what editors, browsers, download and copy tools call a file they are still writing.
///
/// The patterns match the file's own name; `*` stands for any run of bytes, `?` for one. What rsync
/// writes while it copies begins with a dot.
pub const IGNORE_DEFAULT: [&str; 12] = [
    ".*",
    "*~",
    "~$*",
    "*.part",
    "*.partial",
    "*.crdownload",
    "*.download",
    "*.filepart",
    "*.tmp",
    "*.temp",
    "*.swp",
    "*.lock",
];

/// From how many different articles on a block is furniture. Two may share a paragraph by chance or by quoting it; with
/// three known pages nearly all chrome of a site is found.
pub(super) const FURNITURE_AFTER: u32 = 3;

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The file it was read from, if any.
    pub file: Option<PathBuf>,
    /// The SQLite file.
    pub store: PathBuf,
    /// Editing threads; at least one.
    pub workers: usize,
    /// From how many different articles of a source on a block is its furniture; 0: nothing is learnt.
    pub furniture_after: u32,
    /// Watching and settling.
    pub intake: Intake,
    /// Bounds on one file.
    pub limits: Limits,
    /// Second attempts.
    pub retry: Retry,
    /// Writing the record.
    pub record: Record,
    /// The drop folders.
    pub drops: Vec<Drop>,
}

/// Watching and settling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// How long a file must be unchanged where no read lease can be had.
    pub quiet: Duration,
    /// The same on a network file system, whose caches lag.
    pub quiet_network: Duration,
    /// How long a file may stay empty before it is put aside as `empty`.
    pub empty: Duration,
    /// How long a file may keep changing before it is put aside as `never-settled`.
    pub settle_max: Duration,
    /// Pause between two scans of a whole drop folder; stretched so that scanning takes at most 0.4 % of the time.
    pub reconcile: Duration,
    /// The same for folders that cannot be watched.
    pub poll: Duration,
    /// Pause between two checks that a drop folder is still the same folder.
    pub root_check: Duration,
    /// Deepest sub-folder level that is looked into.
    pub depth_max: usize,
    /// Patterns of file and folder names that are never taken in.
    pub ignore: Vec<String>,
}

/// Bounds on one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Largest file that is read.
    pub file_bytes_max: u64,
    /// Largest decoded text that is edited.
    pub text_bytes_max: usize,
    /// Deepest nesting that is followed in markup.
    pub nesting_max: usize,
    /// Longest time one file may be edited before the daemon counts as hung.
    pub edit_max: Duration,
}

/// Second attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Pause after the first failed attempt; doubles with each further one.
    pub first: Duration,
    /// Longest pause.
    pub longest: Duration,
    /// Attempts before the file is put aside.
    pub attempts_max: u32,
    /// Deaths of the process with this file in hand before it is put aside.
    pub crashes_max: u32,
}

/// Writing the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Most files in one transaction.
    pub batch_files: usize,
    /// Longest wait for more files before a transaction, while there is a backlog.
    pub batch_wait: Duration,
    /// Free space below which intake pauses (at most a twentieth of the file system, so that small disks work too).
    pub free_reserve_bytes: u64,
}

/// One drop folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drop {
    /// Its name in the record.
    pub name: String,
    /// The folder.
    pub path: PathBuf,
    /// Who publishes what lies in it.
    pub source: DropSource,
    /// What becomes of a file once its record is durable.
    pub after: After,
    /// How changes are noticed.
    pub watch: Watch,
    /// Further patterns of names that are never taken in.
    pub ignore: Vec<String>,
}

/// Who publishes what lies in a drop folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DropSource {
    /// What the document itself says.
    #[default]
    Document,
    /// The name of the first sub-folder the file lies in.
    Subfolder,
    /// This one.
    Named(String),
}

/// How changes in a drop folder are noticed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Watch {
    /// By events on local file systems, by scanning on network ones.
    #[default]
    Auto,
    /// By events, whatever the file system.
    Events,
    /// By scanning.
    Poll,
}

impl Settings {
    /// The defaults, with the store at `store` and no drop folder.
    pub fn defaults(store: PathBuf) -> Self {
        Self {
            file: None,
            store,
            workers: cores(),
            furniture_after: FURNITURE_AFTER,
            intake: Intake::default(),
            limits: Limits::default(),
            retry: Retry::default(),
            record: Record::default(),
            drops: Vec::new(),
        }
    }
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            quiet: Duration::from_secs(3),
            quiet_network: Duration::from_secs(10),
            empty: Duration::from_mins(1),
            settle_max: Duration::from_hours(1),
            reconcile: Duration::from_mins(1),
            poll: Duration::from_secs(10),
            root_check: Duration::from_secs(5),
            depth_max: 32,
            ignore: IGNORE_DEFAULT.map(str::to_owned).to_vec(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes_max: 64 << 20,
            text_bytes_max: 64 << 20,
            nesting_max: 256,
            edit_max: Duration::from_mins(1),
        }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            longest: Duration::from_mins(10),
            attempts_max: 8,
            crashes_max: 3,
        }
    }
}

impl Default for Record {
    fn default() -> Self {
        Self {
            batch_files: 500,
            batch_wait: Duration::from_millis(200),
            free_reserve_bytes: 512 << 20,
        }
    }
}

impl Drop {
    /// A drop folder with nothing said of it but where it is: named after its last component.
    pub fn plain(path: PathBuf) -> Self {
        let name = path.file_name().map_or_else(
            || "root".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        Self {
            name,
            path,
            source: DropSource::Document,
            after: After::Keep,
            watch: Watch::Auto,
            ignore: Vec::new(),
        }
    }
}

pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
