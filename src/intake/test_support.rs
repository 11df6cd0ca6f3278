//! What the tests of the intake share: a drop folder beside a real store, a wheel that turns until something holds,
//! and a watcher and a disk that do as they are told.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant, SystemTime};

use tempfile::TempDir;

use crate::config::{self, Drop};
use crate::job::DropId;
use crate::store::jobs::{self, Claim};
use crate::store::{Durability, Make, Store};
use crate::sys::{Lease, read_lease};

use super::look::{Disk, RealDisk};
use super::watch::{ArmError, Hints, MakeWatcher, NotifyWatcher, Waker, Watcher};
use super::{Intake, Turn};

/// How long a condition may take to hold before the test fails.
const DEADLINE: Duration = Duration::from_secs(30);

/// A drop folder and a store.
pub(super) struct Bench {
    pub(super) folder: TempDir,
    pub(super) drop: PathBuf,
    pub(super) store: Arc<Store>,
    pub(super) id: DropId,
    pub(super) settings: config::Intake,
    bell: Arc<(Mutex<bool>, Condvar)>,
}

impl Bench {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let drop = folder.path().join("drop");
        std::fs::create_dir(&drop).unwrap();
        let store = Store::open(&folder.path().join("store.sqlite"), Make::IfNew).unwrap();
        let ensure = |db: &rusqlite::Connection| jobs::ensure_drop(db, "drop", &drop);
        let id = store.write(Durability::Later, ensure).unwrap();
        Self {
            store: Arc::new(store),
            id,
            settings: config::Intake::default(),
            bell: Arc::default(),
            drop,
            folder,
        }
    }

    pub(super) fn waker(&self) -> Waker {
        let bell = Arc::clone(&self.bell);
        Arc::new(move || {
            *bell.0.lock().unwrap() = true;
            bell.1.notify_all();
        })
    }

    pub(super) fn drops(&self) -> Vec<(DropId, Drop)> {
        vec![(self.id, Drop::plain(self.drop.clone()))]
    }

    /// With real events and the real disk.
    pub(super) fn intake(&self) -> Intake {
        self.intake_with(Box::new(NotifyWatcher::start), Box::new(RealDisk))
    }

    pub(super) fn intake_with(&self, make: MakeWatcher, disk: Box<dyn Disk>) -> Intake {
        let store = Arc::clone(&self.store);
        Intake::watching(
            &self.settings,
            self.drops(),
            store,
            self.waker(),
            make,
            disk,
        )
        .unwrap()
    }

    /// Turns the wheel, as the daemon would, until the condition holds.
    pub(super) fn run_until(
        &self,
        intake: &mut Intake,
        what: &str,
        mut holds: impl FnMut(&mut Intake) -> bool,
    ) {
        let end = Instant::now() + DEADLINE;
        loop {
            let turn = turn(intake);
            if holds(intake) {
                return;
            }
            assert!(
                Instant::now() < end,
                "not in time: {what}\n{:#?}",
                intake.report()
            );
            if !turn.more {
                self.wait(turn.next.map_or(end, |next| next.min(end)));
            }
        }
    }

    /// Turns the wheel until the folder was listed and all that is complete is queued.
    pub(super) fn run_until_quiet(&self, intake: &mut Intake) {
        self.run_until(intake, "quiet", |intake| intake.drained());
    }

    /// Turns the wheel until this many files are on the queue, and takes them.
    pub(super) fn take_jobs(&self, intake: &mut Intake, count: usize) -> Vec<Claim> {
        let mut claims = Vec::new();
        self.run_until(intake, &format!("{count} jobs"), |_| {
            claims.extend(self.claim());
            claims.len() >= count
        });
        claims.sort_by(|a, b| a.path.cmp(&b.path));
        assert_eq!(claims.len(), count, "{claims:#?}");
        claims
    }

    /// Takes the jobs that are on the queue.
    pub(super) fn claim(&self) -> Vec<Claim> {
        let claim = |db: &rusqlite::Connection| jobs::claim(db, &[self.id], i64::MAX, 100_000);
        self.store.write(Durability::Later, claim).unwrap()
    }

    /// The paths below the drop folder of the jobs on the queue, which are taken.
    pub(super) fn claim_names(&self) -> Vec<PathBuf> {
        let names = |claim: Claim| claim.path.strip_prefix(&self.drop).unwrap().to_owned();
        let mut names: Vec<_> = self.claim().into_iter().map(names).collect();
        names.sort();
        names
    }

    /// How often the history tells of this.
    pub(super) fn told(&self, kind: crate::store::provenance::EventKind) -> i64 {
        let count = "SELECT count(*) FROM event WHERE kind = ?1";
        self.store.with_connection(|db| {
            db.query_row(count, [kind.as_str()], |row| row.get(0))
                .unwrap()
        })
    }

    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.drop.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    fn wait(&self, until: Instant) {
        let mut rung = self.bell.0.lock().unwrap();
        while !*rung {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            rung = self.bell.1.wait_timeout(rung, left).unwrap().0;
        }
        *rung = false;
    }
}

/// One turn, now.
pub(super) fn turn(intake: &mut Intake) -> Turn {
    intake.turn(Instant::now(), wall_ms()).unwrap()
}

pub(super) fn wall_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// What a scripted watcher did and is to do.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) armed: BTreeSet<PathBuf>,
    /// More watches than these are refused.
    pub(super) limit: Option<usize>,
    pub(super) dead: bool,
    pub(super) made: usize,
}

/// A watcher that tells nothing: events are what the test puts into [`Hints`].
#[derive(Debug)]
struct Scripted(Arc<Mutex<Script>>);

impl Watcher for Scripted {
    fn arm(&mut self, folder: &Path) -> Result<(), ArmError> {
        let mut script = self.0.lock().unwrap();
        if script
            .limit
            .is_some_and(|limit| script.armed.len() >= limit)
        {
            return Err(ArmError::Limit);
        }
        script.armed.insert(folder.to_owned());
        Ok(())
    }

    fn disarm(&mut self, folder: &Path) {
        self.0.lock().unwrap().armed.remove(folder);
    }

    fn is_alive(&self) -> bool {
        !self.0.lock().unwrap().dead
    }
}

/// Makes scripted watchers that share one script.
pub(super) fn scripted(script: &Arc<Mutex<Script>>) -> MakeWatcher {
    let script = Arc::clone(script);
    Box::new(move |_: Hints| {
        let mut state = script.lock().unwrap();
        state.armed.clear();
        state.dead = false;
        state.made += 1;
        Ok(Box::new(Scripted(Arc::clone(&script))) as Box<dyn Watcher>)
    })
}

/// A disk that refuses.
#[derive(Debug, Default)]
pub(super) struct Refusing {
    /// Folders of this name are not opened.
    pub(super) folder: Mutex<Option<PathBuf>>,
    /// Files of this name are not opened.
    pub(super) file: Mutex<Option<PathBuf>>,
    /// No lease is to be had.
    pub(super) leases: bool,
}

impl Disk for Arc<Refusing> {
    fn open_folder(&self, root: &Path, relative: &Path) -> io::Result<OwnedFd> {
        if self.folder.lock().unwrap().as_deref() == Some(relative) {
            return Err(io::Error::from_raw_os_error(libc::EACCES));
        }
        RealDisk.open_folder(root, relative)
    }

    fn open_file(&self, above: &OwnedFd, name: &std::ffi::OsStr) -> io::Result<File> {
        if self.file.lock().unwrap().as_deref() == Some(Path::new(name)) {
            return Err(io::Error::from_raw_os_error(libc::EACCES));
        }
        RealDisk.open_file(above, name)
    }

    fn lease(&self, file: &File) -> Lease {
        if self.leases {
            Lease::Unavailable
        } else {
            read_lease(file)
        }
    }
}
