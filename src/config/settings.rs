//! The configuration as meant: every value present, with its default here and nowhere else, and none of them wrong.

use std::path::PathBuf;
use std::time::Duration;

use crate::article::unpack::Bounds;
use crate::article::{Mapping, Rules};
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
    /// How to read JSON of shapes that are not known.
    pub mappings: Vec<Mapping>,
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
    /// Largest decoded text that is edited, and largest member of an archive.
    pub text_bytes_max: usize,
    /// Most bytes that one file unpacks to, all layers together.
    pub expanded_bytes_max: u64,
    /// Most bytes unpacked for each byte of the file, from some megabytes on.
    pub ratio_max: u64,
    /// Most compressions and archives inside each other.
    pub layers_max: usize,
    /// Most members of the archives in one file.
    pub members_max: u64,
    /// Most articles of one document that is read as a whole.
    pub articles_max: usize,
    /// Deepest nesting that is followed in markup, and allowed in XML and JSON.
    pub nesting_max: usize,
    /// Most elements of an XML document, and values of a JSON document.
    pub tokens_max: usize,
    /// Largest cell of a table.
    pub cell_bytes_max: usize,
    /// Longest time for one file, all its articles together.
    pub file_max: Duration,
    /// Longest time one article may be edited before the daemon counts as hung.
    pub edit_max: Duration,
}

impl Limits {
    /// The bounds of taking a file apart.
    fn bounds(&self) -> Bounds {
        Bounds {
            expanded_bytes_max: self.expanded_bytes_max,
            ratio_max: self.ratio_max,
            layers_max: self.layers_max,
            members_max: self.members_max,
            member_bytes_max: self.text_bytes_max,
            nesting_max: self.nesting_max,
            cell_bytes_max: self.cell_bytes_max,
            ..Bounds::default()
        }
    }
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
            mappings: Vec::new(),
            drops: Vec::new(),
        }
    }

    /// The bounds of taking a file apart, and the names of columns that were told.
    pub fn bounds(&self) -> Bounds {
        Bounds {
            columns: self.rules().columns(),
            ..self.limits.bounds()
        }
    }

    /// The bounds of editing a document, and what was said of shapes of JSON.
    pub fn rules(&self) -> Rules {
        Rules {
            text_bytes_max: self.limits.text_bytes_max,
            depth_max: self.limits.nesting_max,
            tokens_max: self.limits.tokens_max,
            articles_max: self.limits.articles_max,
            mappings: self.mappings.clone(),
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
        let (rules, bounds) = (Rules::default(), Bounds::default());
        Self {
            // A crawl file has 1 GB, a year of a newsroom's feed in one file some ten.
            file_bytes_max: 64 << 30,
            text_bytes_max: rules.text_bytes_max,
            expanded_bytes_max: bounds.expanded_bytes_max,
            ratio_max: bounds.ratio_max,
            layers_max: bounds.layers_max,
            members_max: bounds.members_max,
            articles_max: rules.articles_max,
            nesting_max: rules.depth_max,
            tokens_max: rules.tokens_max,
            cell_bytes_max: bounds.cell_bytes_max,
            // The largest file allowed, at a megabyte a second.
            file_max: Duration::from_hours(20),
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
