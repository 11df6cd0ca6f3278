//! From outside onto the queue: hint → scan → settle → enqueue.
//!
//! [`Intake::turn`] is one turn of the wheel: it takes all that waits, does a bounded piece of work, and says when it
//! wants to be called again. Loops, sleeping and stopping are the daemon's; reading files is the desk's.
//!
//! Invariant: an event only says where to look. Whatever is lost of them, by the kernel, the watcher or a failed write
//! to the store, is made good by a scan; what a scan finds is told apart from what is known by path and stamp alone,
//! never by time.

mod batch;
mod folders;
mod look;
mod mount;
mod root;
mod scan;
mod settle;
mod status;
mod watch;
mod wheel;

#[cfg(test)]
mod chaos_tests;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod intake_tests;
#[cfg(test)]
mod settle_tests;
#[cfg(test)]
mod test_support;

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rusqlite::Connection;

use crate::config::{self, Drop, Settings};
use crate::job::DropId;
use crate::store::{Store, StoreError};
use crate::sys;

use batch::Batch;
use look::{Disk, RealDisk};
use root::{Root, Stay};
use settle::{PENDING_MAX, Settle};
use watch::{MakeWatcher, NotifyWatcher, Watcher};

pub use mount::is_network;
pub use status::{DropReport, IntakeReport, Mode, State, UnreadableFolder};
pub use watch::{Hints, Waker};

/// What the intake cannot deal with itself.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The store refused. Nothing is lost: what was found is kept or found again; see [`StoreError::trouble`].
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Two drop folders are the same, or one lies in the other.
    #[error(
        "drops {first:?} ({}) and {second:?} ({}) are the same folder or one lies in the other: a file would be taken in twice",
        first_path.display(),
        second_path.display()
    )]
    Overlap {
        /// One of them.
        first: String,
        /// Where it is.
        first_path: PathBuf,
        /// The other.
        second: String,
        /// Where it is.
        second_path: PathBuf,
    },
    /// A path that was named to be taken in is not there.
    #[error("{}: {source}", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What one turn did, and when the next is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Files put on the queue.
    pub queued: usize,
    /// When to call again if nobody wakes before.
    pub next: Option<Instant>,
    /// Whether there is work left that need not wait: call again at once, or after stopping was checked.
    pub more: bool,
}

/// The intake of all drop folders.
#[derive(Debug)]
pub struct Intake {
    settings: config::Intake,
    roots: Vec<Root>,
    store: Arc<Store>,
    reader: Connection,
    disk: Box<dyn Disk>,
    hints: Hints,
    /// Hints that were taken and not followed yet.
    taken: VecDeque<PathBuf>,
    watching: Watching,
    settle: Settle,
    batch: Batch,
    /// Single files, by drop, that were named and not looked at yet.
    named: VecDeque<usize>,
    paused: bool,
    scans: u64,
    overflows: u64,
    changing_due: Instant,
}

/// The watcher and what became of it.
struct Watching {
    make: Option<MakeWatcher>,
    watcher: Option<Box<dyn Watcher>>,
    trouble: Option<String>,
    restarts: u64,
    mend: Instant,
    /// The drops that have folders which the kernel's limit keeps from being watched.
    limited: BTreeSet<usize>,
}

impl Intake {
    /// Will watch the drop folders for ever. One that is not there is told as missing and waited for.
    ///
    /// `waker` is called, from the watcher's thread among others, when [`Self::turn`] should be.
    ///
    /// # Errors
    /// [`IntakeError::Overlap`]
    pub fn new(
        settings: &Settings,
        drops: Vec<(DropId, Drop)>,
        store: Arc<Store>,
        waker: Waker,
    ) -> Result<Self, IntakeError> {
        let make: MakeWatcher = Box::new(NotifyWatcher::start);
        Self::watching(
            &settings.intake,
            drops,
            store,
            waker,
            make,
            Box::new(RealDisk),
        )
    }

    fn watching(
        settings: &config::Intake,
        drops: Vec<(DropId, Drop)>,
        store: Arc<Store>,
        waker: Waker,
        make: MakeWatcher,
        disk: Box<dyn Disk>,
    ) -> Result<Self, IntakeError> {
        let now = Instant::now();
        let mut roots = Vec::new();
        for (id, mut drop) in drops {
            drop.path = absolute(&drop.path)?;
            roots.push(Root::new(settings, id, drop, Stay::Always, now));
        }
        refuse_overlap(&roots)?;
        Self::build(settings, roots, store, waker, Some(make), disk)
    }

    /// Will go through the given paths once, files and folders, without watching. A single file is taken whatever its
    /// name; one named by a symbolic link is taken where it lies. [`Self::drained`] tells the end.
    ///
    /// # Errors
    /// [`IntakeError::Missing`]
    pub fn once(
        settings: &Settings,
        drops: Vec<(DropId, Drop)>,
        store: Arc<Store>,
        waker: Waker,
    ) -> Result<Self, IntakeError> {
        Self::going_through(&settings.intake, drops, store, waker, Box::new(RealDisk))
    }

    fn going_through(
        settings: &config::Intake,
        drops: Vec<(DropId, Drop)>,
        store: Arc<Store>,
        waker: Waker,
        disk: Box<dyn Disk>,
    ) -> Result<Self, IntakeError> {
        let now = Instant::now();
        let mut roots = Vec::new();
        for (id, mut drop) in drops {
            let mut path = absolute(&drop.path)?;
            let missing = |source| IntakeError::Missing {
                path: drop.path.clone(),
                source,
            };
            let only = if path.metadata().map_err(missing)?.is_dir() {
                None
            } else {
                if path.is_symlink() {
                    path = path.canonicalize().map_err(missing)?;
                }
                let name = path.file_name().map(PathBuf::from);
                path.pop();
                name
            };
            drop.path = path;
            let mut root = Root::new(settings, id, drop, Stay::Once, now);
            root.only = only;
            roots.push(root);
        }
        Self::build(settings, roots, store, waker, None, disk)
    }

    fn build(
        settings: &config::Intake,
        mut roots: Vec<Root>,
        store: Arc<Store>,
        waker: Waker,
        make: Option<MakeWatcher>,
        disk: Box<dyn Disk>,
    ) -> Result<Self, IntakeError> {
        // Not earlier than here and not later: from now on leases are taken.
        sys::ignore_signals();
        let now = Instant::now();
        let reader = store.reader()?;
        let hints = Hints::new(roots.iter().map(|root| root.path.clone()).collect(), waker);
        let mut named = VecDeque::new();
        for (index, root) in roots.iter_mut().enumerate() {
            if root.only.is_some() {
                root.listed = true;
                named.push_back(index);
            }
        }
        Ok(Self {
            settings: settings.clone(),
            roots,
            store,
            reader,
            disk,
            hints,
            taken: VecDeque::new(),
            watching: Watching::new(make, now),
            settle: Settle::new(PENDING_MAX),
            batch: Batch::default(),
            named,
            paused: false,
            scans: 0,
            overflows: 0,
            changing_due: now,
        })
    }

    /// One turn: takes the hints that wait, looks where they point, carries scans on by a slice, queues what is
    /// settled. Takes some tens of milliseconds at most, disks permitting.
    ///
    /// `now` and `now_ms` (Unix time) are the same moment.
    ///
    /// # Errors
    /// [`IntakeError::Store`]: call again after a pause if the trouble may pass; everything is then scanned once more.
    pub fn turn(&mut self, now: Instant, now_ms: i64) -> Result<Turn, IntakeError> {
        let result = self.try_turn(now, now_ms);
        if result.is_err() {
            // What was taken off the hints or a scan in this turn may not have come through.
            for root in &mut self.roots {
                root.want_whole();
            }
        }
        result
    }

    fn try_turn(&mut self, now: Instant, now_ms: i64) -> Result<Turn, IntakeError> {
        // First what an earlier turn could not bring into the store: while that fails nothing else is taken up.
        let mut queued = self.flush(now_ms)?;
        self.mend_watcher(now);
        self.check_roots(now);
        if !self.paused {
            queued += self.take_hints(now, now_ms)?;
            queued += self.take_named(now, now_ms)?;
            queued += self.look_at_due(now, now_ms)?;
            queued += self.carry_scans_on(now, now_ms)?;
        }
        queued += self.flush(now_ms)?;
        Ok(Turn {
            queued,
            next: self.next(),
            more: !self.paused && self.has_work(),
        })
    }

    fn has_work(&self) -> bool {
        !self.taken.is_empty() || !self.named.is_empty() || self.roots.iter().any(Root::is_scanning)
    }

    fn next(&self) -> Option<Instant> {
        let stays = |root: &&Root| root.stay == Stay::Always || root.standing.is_none();
        let checks = self.roots.iter().filter(stays).map(|root| root.check);
        let mend = self.watching.needs_mending().then_some(self.watching.mend);
        let always = checks.chain(mend);
        if self.paused {
            return always.min();
        }
        let scans = self.roots.iter().filter_map(|root| root.next_whole);
        let changing = self.hints.has_changing().then_some(self.changing_due);
        always
            .chain(scans)
            .chain(changing)
            .chain(self.settle.next())
            .min()
    }

    /// Asks to look at a path again, as the desk does when a file changed while it was read.
    pub fn look_at(&mut self, path: &Path) {
        self.hints.look_at(path);
    }

    /// A handle by which others can ask the same.
    pub fn hints(&self) -> Hints {
        self.hints.clone()
    }

    /// Stops queueing, or goes on. While paused, hints are kept, merged; only drop folders are still checked.
    pub fn pause(&mut self, paused: bool) {
        if std::mem::replace(&mut self.paused, paused) && !paused {
            self.hints.wake();
        }
    }

    /// Whether every drop folder that is there was listed once, and what was complete in it is on the queue.
    pub fn first_listing_queued(&self) -> bool {
        self.batch.is_empty() && self.roots.iter().all(|root| root.listed)
    }

    /// Whether nothing is left to do: no file settling, no scan under way or asked for, no hint waiting. Files put
    /// aside as never settled are not waited for.
    pub fn drained(&self) -> bool {
        self.first_listing_queued()
            && !self.has_work()
            && self.settle.waiting() == 0
            && self.hints.is_empty()
            && !self.roots.iter().any(|root| root.left_behind)
    }

    /// How the intake is now.
    pub fn report(&self) -> IntakeReport {
        let now = Instant::now();
        let drops = self.roots.iter().enumerate();
        let limited = !self.watching.limited.is_empty();
        IntakeReport {
            drops: drops
                .map(|(index, root)| status::of_drop(root, index, &self.settle, now))
                .collect(),
            paused: self.paused,
            overflows: self.overflows,
            watcher_restarts: self.watching.restarts,
            watcher_trouble: self.watching.trouble.clone(),
            watch_limit: limited.then_some(status::WATCH_LIMIT_ADVICE),
        }
    }
}

impl Watching {
    fn new(make: Option<MakeWatcher>, now: Instant) -> Self {
        Self {
            make,
            watcher: None,
            trouble: None,
            restarts: 0,
            mend: now,
            limited: BTreeSet::new(),
        }
    }

    fn needs_mending(&self) -> bool {
        self.make.is_some() && !self.watcher.as_ref().is_some_and(|it| it.is_alive())
    }

    fn watcher(&mut self) -> Option<&mut dyn Watcher> {
        match &mut self.watcher {
            Some(watcher) => Some(&mut **watcher),
            None => None,
        }
    }
}

impl std::fmt::Debug for Watching {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watching")
            .field("watcher", &self.watcher)
            .field("trouble", &self.trouble)
            .field("restarts", &self.restarts)
            .finish_non_exhaustive()
    }
}

fn absolute(path: &Path) -> Result<PathBuf, IntakeError> {
    std::path::absolute(path).map_err(|source| IntakeError::Missing {
        path: path.to_owned(),
        source,
    })
}

/// Two ways to the same folder would be one watch for the kernel and two jobs for each file, and paths as written do
/// not tell: so folders are compared by device and inode, each with all that lie above the other.
fn refuse_overlap(roots: &[Root]) -> Result<(), IntakeError> {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |path: &Path| Some(path.metadata().ok()?).map(|it| (it.dev(), it.ino()));
    for first in roots {
        let Some(folder) = identity(&first.path) else {
            continue;
        };
        for second in roots.iter().filter(|second| !std::ptr::eq(first, *second)) {
            let real = second.path.canonicalize();
            let real = real.as_deref().unwrap_or(&second.path);
            if real
                .ancestors()
                .any(|above| identity(above) == Some(folder))
            {
                return Err(IntakeError::Overlap {
                    first: first.name.clone(),
                    first_path: first.path.clone(),
                    second: second.name.clone(),
                    second_path: second.path.clone(),
                });
            }
        }
    }
    Ok(())
}
