//! The reading side: SQL in, plain structs out, for the command line to show.
//!
//! Every answer is a struct that says in raw units what is so; words, ages and columns are `cli::render`'s business.
//!
//! Invariant: nothing here writes, and nothing here asks the clock.

mod alignment;
pub mod article;
pub mod difference;
pub mod doctor;
pub mod dossier;
pub mod explain;
pub mod explanation;
pub mod facts;
pub mod furniture;
pub mod health;
pub mod held;
pub mod history;
pub mod kinship;
pub mod lineage;
pub mod search;
pub mod snapshot;
pub mod sources;
pub mod status;
pub mod stories;
pub mod usability;

#[cfg(test)]
mod report_tests;
#[cfg(test)]
mod test_support;

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use rusqlite::Connection;
use serde::Serialize;

use crate::store::{Access, StoreError, open_reader};

/// The version of every JSON form that is made of these structs.
pub const SCHEMA: u32 = 1;

/// Milliseconds of a day, for the tallies.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// The store, open for reading.
#[derive(Debug)]
pub struct Reader {
    db: Connection,
    path: PathBuf,
    access: Access,
}

impl Reader {
    /// Opens the store at `path`.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let (db, access) = open_reader(path)?;
        Ok(Self {
            db,
            path: path.to_owned(),
            access,
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How it could be opened.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Runs `work` on one state of the store: what is committed meanwhile is not seen.
    pub(crate) fn at_once<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let state = || {
            let transaction = self.db.unchecked_transaction()?;
            work(&transaction)
        };
        state().map_err(|source| self.wrong(source))
    }

    pub(crate) fn wrong(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Sqlite {
            path: self.path.clone(),
            source,
        }
    }
}

/// A path as JSON: lossily as text, and exactly where that is not the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PathText {
    /// The path; what is not UTF-8 in it replaced.
    pub path: String,
    /// The path's bytes, only where they are not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_base64: Option<String>,
    /// The path itself.
    #[serde(skip)]
    pub exact: PathBuf,
}

impl From<Vec<u8>> for PathText {
    fn from(bytes: Vec<u8>) -> Self {
        PathBuf::from(OsString::from_vec(bytes)).into()
    }
}

impl From<PathBuf> for PathText {
    fn from(exact: PathBuf) -> Self {
        let bytes = exact.as_os_str().as_bytes();
        let is_text = std::str::from_utf8(bytes).is_ok();
        Self {
            path: String::from_utf8_lossy(bytes).into_owned(),
            path_base64: (!is_text)
                .then(|| base64::engine::general_purpose::STANDARD.encode(bytes)),
            exact,
        }
    }
}

/// A span of time that is asked for, Unix milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Between {
    /// From this on.
    pub since_ms: Option<i64>,
    /// Before this.
    pub until_ms: Option<i64>,
}
