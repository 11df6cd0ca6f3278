//! The queue's words: what a sighted file is, which states its job passes through, and what an error means for it.
//!
//! Invariant: pure. No files, no clock, no SQL.

use std::fmt;
use std::path::PathBuf;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A drop folder's row in the store.
    DropId
);
id!(
    /// A job: one file as sighted once. Never used twice.
    JobId
);
id!(
    /// An article in the record. Never used twice.
    ArticleId
);

/// Identity of a file's content *as sighted*: inode numbers and modification times alone are both reused and forged,
/// the five together only by a rewrite of the same size within one clock tick of the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileStamp {
    /// Device number.
    pub device: u64,
    /// Inode number.
    pub inode: u64,
    /// Size.
    pub size_bytes: u64,
    /// Last change of the content, in nanoseconds of Unix time.
    pub mtime_ns: i64,
    /// Last change of content, owner, mode or links, likewise.
    pub ctime_ns: i64,
}

impl FileStamp {
    /// The stamp of a file as `stat` told it.
    pub fn of(metadata: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        let nanoseconds = |s: i64, ns: i64| s.saturating_mul(1_000_000_000).saturating_add(ns);
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size_bytes: metadata.len(),
            mtime_ns: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            ctime_ns: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// A file that is no longer being written, ready to be queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Absolute path; any bytes.
    pub path: PathBuf,
    /// Its content as sighted.
    pub stamp: FileStamp,
    /// When this stamp was first seen, Unix milliseconds.
    pub seen_ms: i64,
    /// When it was found settled, Unix milliseconds.
    pub settled_ms: i64,
    /// How that was known: `lease`, `quiet`, `empty` or `unreadable`.
    pub proof: &'static str,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Waiting for a worker, now or at a later time.
    Queued,
    /// In the hands of a worker.
    Claimed,
    /// In the record: every article of it is committed.
    Done,
    /// Put aside for a person, with a [`Reason`].
    Held,
    /// The file vanished or changed before it was read: there is nothing left to do under this stamp.
    Gone,
}

impl JobState {
    /// All states, in the order of a job's life.
    pub const ALL: [Self; 5] = [
        Self::Queued,
        Self::Claimed,
        Self::Done,
        Self::Held,
        Self::Gone,
    ];

    /// The word in the store and on the terminal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Claimed => "claimed",
            Self::Done => "done",
            Self::Held => "held",
            Self::Gone => "gone",
        }
    }

    /// Whether nothing more happens by itself.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Done | Self::Held | Self::Gone)
    }
}

/// Why a file is put aside. The codes are part of the interface: they never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// No bytes, or white space alone.
    Empty,
    /// Larger than the configured bound.
    TooLarge,
    /// Not text, and no format known here.
    UnknownFormat,
    /// Of a known format, and against its rules.
    Malformed,
    /// It ends in the middle.
    Truncated,
    /// Its elements nest deeper than the configured bound.
    TooDeep,
    /// It has more elements, values or articles than the configured bound.
    TooMany,
    /// JSON of a shape nobody told how to read.
    UnknownShape,
    /// It is about articles and holds none.
    NoText,
    /// A PDF of pictures.
    NoTextLayer,
    /// The content is not what its checksum was made of.
    Checksum,
    /// It unpacks to more than the configured bounds.
    Expansion,
    /// A member of an archive that cannot be read.
    BadMember,
    /// Locked with a password.
    Encrypted,
    /// A member of an archive whose name leads out of it, or that is a link.
    UnsafeName,
    /// It took longer than the configured bound.
    TooSlow,
    /// Nothing in it reads as a story: an index page, an error or consent page, an empty shell.
    NotAnArticle,
    /// Cleaning left no article.
    NothingLeft,
    /// May not be read.
    Unreadable,
    /// Could not be read after all attempts.
    ReadError,
    /// The process died three times with this file in hand.
    CrashLoop,
    /// The editor panicked on it.
    EditorPanic,
    /// It kept changing.
    NeverSettled,
    /// The store would not take its record.
    RecordError,
}

impl Reason {
    /// All codes, in the order of the README's table.
    pub const ALL: [Self; 24] = [
        Self::Empty,
        Self::TooLarge,
        Self::UnknownFormat,
        Self::Malformed,
        Self::Truncated,
        Self::TooDeep,
        Self::TooMany,
        Self::UnknownShape,
        Self::NoText,
        Self::NoTextLayer,
        Self::Checksum,
        Self::Expansion,
        Self::BadMember,
        Self::Encrypted,
        Self::UnsafeName,
        Self::TooSlow,
        Self::NotAnArticle,
        Self::NothingLeft,
        Self::Unreadable,
        Self::ReadError,
        Self::CrashLoop,
        Self::EditorPanic,
        Self::NeverSettled,
        Self::RecordError,
    ];

    /// The code in the store, in JSON and on the terminal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too-large",
            Self::UnknownFormat => "unknown-format",
            Self::Malformed => "malformed",
            Self::Truncated => "truncated",
            Self::TooDeep => "too-deep",
            Self::TooMany => "too-many",
            Self::UnknownShape => "unknown-shape",
            Self::NoText => "no-text",
            Self::NoTextLayer => "no-text-layer",
            Self::Checksum => "checksum",
            Self::Expansion => "expansion",
            Self::BadMember => "bad-member",
            Self::Encrypted => "encrypted",
            Self::UnsafeName => "unsafe-name",
            Self::TooSlow => "too-slow",
            Self::NotAnArticle => "not-an-article",
            Self::NothingLeft => "nothing-left",
            Self::Unreadable => "unreadable",
            Self::ReadError => "read-error",
            Self::CrashLoop => "crash-loop",
            Self::EditorPanic => "editor-panic",
            Self::NeverSettled => "never-settled",
            Self::RecordError => "record-error",
        }
    }

    /// What a person can do about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Empty => "send the file again with its content",
            Self::TooLarge => "raise limits.file_bytes_max, then copydesk retry --reason too-large",
            Self::UnknownFormat => "see the formats in the README",
            Self::Malformed => {
                "look at the place the message names; send it again from a program that writes the format right"
            }
            Self::Truncated => {
                "send it again whole: what is written at this path is taken by itself"
            }
            Self::TooDeep => "raise limits.nesting_max, then copydesk retry --reason too-deep",
            Self::TooMany => {
                "raise the limit the message names, then copydesk retry --reason too-many"
            }
            Self::UnknownShape => {
                "tell with a [[json]] block in the configuration where title and text are, then copydesk retry --reason unknown-shape"
            }
            Self::NoText => "send the articles it tells of: it holds none of their texts",
            Self::Checksum => "send it again: what is there is not what was packed",
            Self::Expansion => {
                "raise limits.expanded_bytes_max or limits.ratio_max if it is no bomb, then copydesk retry --reason expansion"
            }
            Self::BadMember => "send the archive again; its other members are taken",
            Self::Encrypted => "send it without a password",
            Self::UnsafeName => {
                "nothing, if it is a link or was made to break out; else pack it again with plain names"
            }
            Self::TooSlow => {
                "raise limits.file_s_max, then copydesk retry --reason too-slow: it goes on where it was"
            }
            Self::NoTextLayer => "run it through OCR (ocrmypdf) and send the result",
            Self::NotAnArticle => {
                "nothing, if it is a list of links, an error or a consent page; if it is an article, please report it"
            }
            Self::NothingLeft => {
                "look at it with copydesk edit FILE; if it is an article, please report it"
            }
            Self::Unreadable => {
                "make it readable for the daemon's user (chmod, chown): it is then taken by itself"
            }
            Self::ReadError => "check the disk or mount, then copydesk retry --reason read-error",
            Self::CrashLoop => "keep the file and report it; copydesk retry ID tries it once more",
            Self::EditorPanic => {
                "keep the file and report it; newer versions may take it: copydesk retry ID"
            }
            Self::NeverSettled => {
                "close it in the program that writes it; it is then taken by itself"
            }
            Self::RecordError => "keep the file and report it: this is a fault of copydesk",
        }
    }
}

impl std::str::FromStr for Reason {
    type Err = UnknownReason;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.as_str() == code)
            .ok_or_else(|| UnknownReason(code.to_owned()))
    }
}

/// A reason code that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no reason {0:?}")]
pub struct UnknownReason(pub String);

/// What an error means for its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Try again after a pause.
    Again,
    /// There is nothing left to do under this stamp: the intake looks at the path again.
    Gone,
    /// Put aside for a person.
    Hold(Reason),
}

/// What becomes of the input file once its record is durable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum After {
    /// It stays where it is.
    #[default]
    Keep,
    /// It moves below this folder, in the sub-folder it had in its drop.
    Move(PathBuf),
    /// It is removed.
    Delete,
}
