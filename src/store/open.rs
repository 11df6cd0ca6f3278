//! Opening the store: refuse what is not ours, upgrade what is older, never make anew what was there.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use super::{BUSY_TIMEOUT, Make, StoreError};

/// `PRAGMA application_id` of a copydesk store: "CpyD" in ASCII, so that `file` can tell.
pub const APPLICATION_ID: i64 = 0x4370_7944;

/// The schema this program writes: the number of upgrade steps.
pub const SCHEMA_VERSION: i64 = 6;

/// The upgrade steps. A released step never changes.
const STEPS: [M<'static>; 6] = [
    M::up(include_str!("upgrade/0001_first.sql")),
    M::up(include_str!("upgrade/0002_furniture.sql")),
    M::up(include_str!("upgrade/0003_duplicates.sql")),
    M::up(include_str!("upgrade/0004_stories.sql")),
    M::up(include_str!("upgrade/0005_index.sql")),
    M::up(include_str!("upgrade/0006_members.sql")),
];

/// Page cache of the writer in KiB: holds the upper levels of all indexes of a store of some million articles.
const WRITER_CACHE_KIB: i64 = 24 * 1024;

/// Pages in the write-ahead log before a commit moves them into the main file (SQLite's default is 1,000): larger,
/// because a batch of 500 articles is some 2,000 pages and each checkpoint costs two more syncs.
const CHECKPOINT_PAGES: i64 = 8_000;

/// Bytes the log file keeps after a checkpoint.
const LOG_BYTES_KEPT: i64 = 64 << 20;

/// The file beside the store that remembers that there is one.
pub fn marker_path(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".id");
    PathBuf::from(name)
}

pub(super) fn open_writer(path: &Path, make: Make) -> Result<(Connection, String), StoreError> {
    let wrong = |source| StoreError::Sqlite {
        path: path.to_owned(),
        source,
    };
    let existing = prepare(path, make)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(wrong)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(wrong)?;
    if existing {
        identify(&connection, path)?;
    }
    init(&connection).map_err(wrong)?;
    upgrade(&mut connection, path)?;
    let uuid = finish(&connection).map_err(wrong)?;
    super::index::prepare(&connection).map_err(wrong)?;
    if !existing {
        // From the beginning the main file alone is a store: on a full disk a reader may have nothing else.
        connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .map_err(wrong)?;
    }
    remember(path, &uuid)?;
    Ok((connection, uuid))
}

/// Looks at the files before SQLite does; tells whether there is a store to open.
fn prepare(path: &Path, make: Make) -> Result<bool, StoreError> {
    let io = |path: &Path, source| StoreError::Io {
        path: path.to_owned(),
        source,
    };
    let size = match path.metadata() {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
        Err(error) => return Err(io(path, error)),
    };
    if size > 0 {
        return looks_like_sqlite(path).map(|()| true);
    }
    let marker = marker_path(path);
    if marker.exists() {
        return Err(StoreError::Lost {
            path: path.to_owned(),
            marker,
        });
    }
    if make == Make::Never {
        return Err(StoreError::Missing {
            path: path.to_owned(),
        });
    }
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| io(folder, error))?;
    }
    Ok(false)
}

fn looks_like_sqlite(path: &Path) -> Result<(), StoreError> {
    let io = |source| StoreError::Io {
        path: path.to_owned(),
        source,
    };
    let mut head = Vec::with_capacity(16);
    File::open(path)
        .map_err(io)?
        .take(16)
        .read_to_end(&mut head)
        .map_err(io)?;
    if head == b"SQLite format 3\0" {
        return Ok(());
    }
    Err(StoreError::Foreign {
        path: path.to_owned(),
        what: "not an SQLite file, or its first page is damaged: if it was a store, put a backup in its place"
            .to_owned(),
    })
}

/// Refuses another program's file and a newer schema; returns the schema found.
fn identify(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let number = |pragma: &str| {
        connection
            .pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))
            .map_err(|source| StoreError::Sqlite {
                path: path.to_owned(),
                source,
            })
    };
    let application = number("application_id")?;
    if application != APPLICATION_ID {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
            what: format!("its application_id is {application:#x}"),
        });
    }
    let found = number("user_version")?;
    if found > SCHEMA_VERSION {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known: SCHEMA_VERSION,
        });
    }
    Ok(found)
}

fn init(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES_KEPT)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

fn upgrade(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    Migrations::from_slice(&STEPS)
        .to_latest(connection)
        .map_err(|error| upgrade_error(error, path))
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what else the crate may say is one thing to us"
)]
fn upgrade_error(error: rusqlite_migration::Error, path: &Path) -> StoreError {
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => StoreError::Sqlite {
            path: path.to_owned(),
            source: err,
        },
        other => StoreError::Foreign {
            path: path.to_owned(),
            what: format!("its schema cannot be upgraded: {other}"),
        },
    }
}

/// Gives a fresh store its identity; returns the identity.
fn finish(connection: &Connection) -> rusqlite::Result<String> {
    connection.execute(
        "INSERT OR IGNORE INTO store (id, uuid, created_ms, created_by)
         VALUES (1, lower(hex(randomblob(16))), CAST(unixepoch('subsec') * 1000 AS INTEGER), ?1)",
        [concat!("copydesk ", env!("CARGO_PKG_VERSION"))],
    )?;
    connection.query_row("SELECT uuid FROM store WHERE id = 1", [], |row| row.get(0))
}

/// Leaves the marker beside the store, durably, if it is not there yet.
fn remember(path: &Path, uuid: &str) -> Result<(), StoreError> {
    let marker = marker_path(path);
    if marker.exists() {
        return Ok(());
    }
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&marker)?;
        writeln!(file, "{uuid}")?;
        file.sync_all()
    };
    write().map_err(|source| StoreError::Io {
        path: marker.clone(),
        source,
    })
}

/// How a reader got at the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// As usual: it sees every commit.
    Live,
    /// The log's shared memory could not be made (full disk, read-only file system): it sees the last checkpoint.
    LastCheckpoint,
}

/// Opens the store for reading only. On a full or read-only file system, where SQLite cannot make the shared memory
/// of its log, the main file is read as it is: correct, but as of the last checkpoint.
///
/// # Errors
/// [`StoreError::Missing`], [`StoreError::Lost`], [`StoreError::Foreign`], [`StoreError::Newer`],
/// [`StoreError::Older`].
pub fn open_reader(path: &Path) -> Result<(Connection, Access), StoreError> {
    prepare(path, Make::Never)?;
    let (connection, access) = match try_reader(path, Access::Live) {
        Ok(connection) => (connection, Access::Live),
        Err(error) => {
            let wrong = |source| StoreError::Sqlite {
                path: path.to_owned(),
                source,
            };
            if !denies_shared_memory(&error) {
                return Err(wrong(error));
            }
            let connection = try_reader(path, Access::LastCheckpoint).map_err(wrong)?;
            (connection, Access::LastCheckpoint)
        }
    };
    let found = identify(&connection, path)?;
    if found < SCHEMA_VERSION {
        return Err(StoreError::Older {
            path: path.to_owned(),
            found,
            known: SCHEMA_VERSION,
        });
    }
    Ok((connection, access))
}

/// Full disk: `SQLITE_IOERR_SHMSIZE`; read-only file system: `SQLITE_CANTOPEN`.
fn denies_shared_memory(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};
    matches!(
        error.sqlite_error_code(),
        Some(CannotOpen | DiskFull | ReadOnly | SystemIoFailure)
    )
}

fn try_reader(path: &Path, access: Access) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match access {
        Access::Live => Connection::open_with_flags(path, flags)?,
        Access::LastCheckpoint => {
            let uri = immutable_uri(path);
            Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?
        }
    };
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "query_only", true)?;
    // The first look at a page is what fails, not the opening.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// `file:` URI of a path of any bytes, with everything but plain characters escaped.
fn immutable_uri(path: &Path) -> String {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt as _;
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            write!(uri, "%{byte:02X}").unwrap_or_default();
        }
    }
    uri.push_str("?immutable=1");
    uri
}
