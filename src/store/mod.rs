//! The record and the queue: one SQLite file, its writing side.
//!
//! [`Store::write`] is the only way to change it: one connection, one short `BEGIN IMMEDIATE` transaction at a time.
//! What is written stands in [`jobs`] and [`afters`] (the queue), [`articles`], [`rewriting`], [`texts`], [`index`],
//! [`relations`], [`families`], [`stories`] and [`furniture`] (the record) and [`provenance`] (the history); who may
//! write, in [`tenancy`]; what can be made anew from the rest, in [`kinship`] and [`rebuilding`]. Reading for people is
//! `report`'s.
//!
//! Invariant: no decision about an article is taken here, and no file but the store's own is touched.

pub mod afters;
pub mod articles;
mod entry;
pub mod families;
pub mod furniture;
pub mod index;
pub mod jobs;
pub mod kinship;
pub mod members;
mod open;
pub mod pieces;
pub mod provenance;
pub mod rebuilding;
pub mod relations;
pub mod rewriting;
pub mod stories;
pub mod tenancy;
pub mod texts;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

pub use open::{APPLICATION_ID, Access, SCHEMA_VERSION, marker_path, open_reader};

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite said no.
    #[error("store {}: {source}{}", path.display(), advice(source))]
    Sqlite {
        /// The store.
        path: PathBuf,
        /// SQLite's word.
        source: rusqlite::Error,
    },
    /// A file beside the store cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no store here, and none was asked to be made.
    #[error("there is no store at {}: `copydesk run` or `copydesk init` makes one", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There was a store here; now the file is gone or empty.
    #[error(
        "the store {} was here and is gone or empty: put a backup in its place, or, to begin anew with nothing, remove {}",
        path.display(),
        marker.display()
    )]
    Lost {
        /// The store.
        path: PathBuf,
        /// What remembers it.
        marker: PathBuf,
    },
    /// The file is a database, but another program's, or no database at all.
    #[error("{} is not a copydesk store ({what}): say --store with another file", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: String,
    },
    /// The file was written by a newer version.
    #[error("the store {} has schema {found}, this copydesk knows up to {known}: use the newer version", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The file was written by an older version and is open for reading only.
    #[error("the store {} has schema {found}, this copydesk needs {known}: start the daemon once, it upgrades the store", path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
}

/// What a person can do about an SQLite error.
fn advice(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            ". The file is damaged and was left as it is: keep a copy of it, then put a backup in its place; if it lies on \
             a disk that was in trouble, mount that anew first, since a store often reads whole again afterwards"
        }
        Some(ErrorCode::DiskFull) => ". Free some space; the daemon goes on by itself",
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => {
            ". The folder of the store has to be writable for this user"
        }
        _ => "",
    }
}

/// What a store error means for the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Another program holds the store: wait and repeat.
    Busy,
    /// No space: pause until there is some, then repeat.
    Full,
    /// What was to be written broke a rule of the schema: the fault is in one file's record, not in the store.
    Item,
    /// The daemon must end: a person has to look.
    Stop,
}

impl StoreError {
    /// What it means for the daemon.
    pub fn trouble(&self) -> Trouble {
        let Self::Sqlite { source, .. } = self else {
            return Trouble::Stop;
        };
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Trouble::Busy,
            Some(ErrorCode::DiskFull) => Trouble::Full,
            Some(ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch)
            | None => Trouble::Item,
            Some(_) => Trouble::Stop,
        }
    }

    /// Whether SQLite found the file damaged.
    pub fn is_corruption(&self) -> bool {
        matches!(
            self,
            Self::Sqlite { source, .. } if matches!(
                source.sqlite_error_code(),
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
            )
        )
    }
}

/// How durable a commit has to be when it returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It survives a power cut: what "recorded" means.
    Now,
    /// It survives the death of the process, and a power cut once a later commit with [`Durability::Now`] returned.
    /// For what the next start finds out again by itself: queueing, claiming.
    Later,
}

/// The store, open for writing.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    uuid: String,
    writer: Mutex<Connection>,
}

impl Store {
    /// Opens the store for writing, upgrading an older one; makes it if there never was one and `make` says so.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Lost`], [`StoreError::Foreign`], [`StoreError::Newer`].
    pub fn open(path: &Path, make: Make) -> Result<Self, StoreError> {
        let (writer, uuid) = open::open_writer(path, make)?;
        Ok(Self {
            path: path.to_owned(),
            uuid,
            writer: Mutex::new(writer),
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its identity.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Runs `work` in one write transaction and commits it; an error rolls all of it back.
    pub fn write<T>(
        &self,
        durability: Durability,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        write_in(&mut writer, durability, work).map_err(|source| StoreError::Sqlite {
            path: self.path.clone(),
            source,
        })
    }

    /// A connection of its own that cannot write.
    pub fn reader(&self) -> Result<Connection, StoreError> {
        open_reader(&self.path).map(|(connection, _)| connection)
    }

    /// Brings the write-ahead log into the main file and empties it.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .map_err(|source| StoreError::Sqlite {
                path: self.path.clone(),
                source,
            })
    }

    /// Gives tests the connection, to make commits fail through SQLite's own hooks.
    #[doc(hidden)]
    pub fn with_connection<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        work(&self.writer.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn write_in<T>(
    writer: &mut Connection,
    durability: Durability,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    // Between transactions the level may change; in WAL mode FULL syncs the log at each commit, NORMAL does not.
    writer.execute_batch(match durability {
        Durability::Now => "PRAGMA synchronous = FULL",
        Durability::Later => "PRAGMA synchronous = NORMAL",
    })?;
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

/// Whether a store that never existed may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Make {
    /// It may.
    IfNew,
    /// It may not.
    Never,
}

/// How long a writer waits for another program's transaction to end.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

#[cfg(test)]
mod store_tests;
