//! Who has the store: a lock file beside it, held by the one daemon or ingest, and the snapshot of itself it leaves for
//! `status`, which has to answer on a full disk too.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// How long a lock that is taken is tried again: `status` holds it for a moment to see whether somebody has it.
const LOCK_PATIENCE: Duration = Duration::from_millis(500);

/// What the holder of the store writes into the lock file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its process.
    pub pid: u32,
    /// `run`, `ingest` or `reindex`.
    pub verb: String,
    /// Its version.
    pub version: String,
    /// When it began, Unix milliseconds.
    pub started_ms: i64,
    /// Where it leaves snapshots of itself.
    pub snapshot: PathBuf,
}

/// What a daemon says of itself. The parts are as the modules report them; they have no meaning for the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Its process.
    pub pid: u32,
    /// When this was written, Unix milliseconds.
    pub at_ms: i64,
    /// The configuration file it runs with, if any.
    pub config: Option<PathBuf>,
    /// When that was read, Unix milliseconds.
    pub config_read_ms: i64,
    /// What was wrong with the file when it was last asked to read it again: it runs with the one before.
    pub config_error: Option<String>,
    /// `desk::DeskReport`.
    pub desk: serde_json::Value,
    /// `intake::IntakeReport`.
    pub intake: serde_json::Value,
}

/// Why the store cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum TenancyError {
    /// Somebody has it.
    #[error("the store {} is in use by {}: one daemon or ingest at a time", store.display(), tenant_text(tenant.as_ref()))]
    Taken {
        /// The store.
        store: PathBuf,
        /// Who.
        tenant: Option<Tenant>,
    },
    /// The lock file cannot be made or locked.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

fn tenant_text(tenant: Option<&Tenant>) -> String {
    match tenant {
        Some(tenant) => format!("copydesk {} (pid {})", tenant.verb, tenant.pid),
        None => "another process".to_owned(),
    }
}

/// The right to write to a store, for as long as this lives.
#[derive(Debug)]
pub struct Lock {
    // Closing the file gives the lock back.
    _file: File,
    snapshot: PathBuf,
}

/// The lock file of a store.
pub fn lock_path(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

impl Lock {
    /// Takes the store for this process.
    ///
    /// # Errors
    /// [`TenancyError::Taken`] names the process that has it.
    pub fn take(
        store: &Path,
        verb: &str,
        snapshot: &Path,
        now_ms: i64,
    ) -> Result<Self, TenancyError> {
        let path = lock_path(store);
        let wrong = |source| TenancyError::Io {
            path: path.clone(),
            source,
        };
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(wrong)?;
        }
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(wrong)?;
        let deadline = Instant::now() + LOCK_PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                    std::thread::park_timeout(Duration::from_millis(5));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(TenancyError::Taken {
                        store: store.to_owned(),
                        tenant: read_tenant(&mut file),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(wrong(source)),
            }
        }
        let tenant = Tenant {
            pid: std::process::id(),
            verb: verb.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_ms: now_ms,
            snapshot: snapshot.to_owned(),
        };
        write_tenant(&mut file, &tenant).map_err(wrong)?;
        Ok(Self {
            _file: file,
            snapshot: snapshot.to_owned(),
        })
    }

    /// Leaves a snapshot of this process, in one step, so that nobody reads half of it.
    pub fn leave_snapshot(&self, snapshot: &Snapshot) -> io::Result<()> {
        let mut part = self.snapshot.as_os_str().to_owned();
        part.push(".part");
        if let Some(folder) = self.snapshot.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&part, serde_json::to_vec(snapshot)?)?;
        std::fs::rename(&part, &self.snapshot)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.snapshot)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::debug!(%error, "the snapshot stays behind");
        }
    }
}

fn write_tenant(file: &mut File, tenant: &Tenant) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(&serde_json::to_vec(tenant)?)
}

fn read_tenant(file: &mut File) -> Option<Tenant> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// Who has the store now, if anybody; needs no more than a readable lock file.
pub fn tenant_of(store: &Path) -> Option<Tenant> {
    let mut file = File::open(lock_path(store)).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => read_tenant(&mut file),
        Ok(()) | Err(TryLockError::Error(_)) => None,
    }
}

/// The last snapshot a tenant left.
pub fn snapshot_of(tenant: &Tenant) -> Option<Snapshot> {
    let text = std::fs::read(&tenant.snapshot).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Where a process leaves its snapshot: in the runtime directory systemd gave it, else in the user's, else beside the
/// store. The first two are in memory, so `status` works on a full disk.
pub fn snapshot_path(store: &Path) -> PathBuf {
    let directory = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(folder) = directory("RUNTIME_DIRECTORY") {
        return folder.join("status.json");
    }
    let digest = blake3::hash(store.as_os_str().as_encoded_bytes());
    if let Some(folder) = directory("XDG_RUNTIME_DIR") {
        let name: String = digest.to_hex().chars().take(16).collect();
        return folder.join("copydesk").join(format!("{name}.json"));
    }
    let mut name = store.as_os_str().to_owned();
    name.push(".status");
    PathBuf::from(name)
}
