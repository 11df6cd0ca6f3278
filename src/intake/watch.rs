//! Events: which places to look at again. They are hints and nothing more; the scan is the truth.
//!
//! `notify` is used with one non-recursive watch per folder. Its own recursion loses files made in a folder before the
//! watch on it stands; its debouncers and its polling are not used: whether a file is complete is `settle`'s question.

use std::collections::BTreeSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use notify::event::{AccessKind, AccessMode, DataChange, ModifyKind};
use notify::{ErrorKind, Event, EventKind, RecursiveMode};

/// Most single places that are remembered until the intake comes for them: the kernel's own default
/// (`fs.inotify.max_queued_events`). Past it, "look at this place" becomes "look at the whole drop folder".
pub(crate) const HINTS_MAX: usize = 16_384;

/// Wakes whoever calls [`super::Intake::turn`].
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Where hints are left for the intake. Cloning gives another handle to the same place.
#[derive(Clone)]
pub struct Hints {
    shared: Arc<Shared>,
}

struct Shared {
    roots: Vec<PathBuf>,
    waker: Waker,
    waiting: Mutex<Waiting>,
}

/// All hints that wait.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// Places to look at.
    pub(crate) paths: BTreeSet<PathBuf>,
    /// Files that are being written: to look at now and then, in case nobody tells of the close.
    pub(crate) changing: BTreeSet<PathBuf>,
    /// Drop folders to look at as a whole, by place in the list.
    pub(crate) whole: BTreeSet<usize>,
    /// How often the kernel or the watcher dropped events.
    pub(crate) overflows: u64,
    woken: bool,
}

impl Hints {
    /// No hints, for drop folders at `roots`.
    pub(crate) fn new(roots: Vec<PathBuf>, waker: Waker) -> Self {
        Self {
            shared: Arc::new(Shared {
                roots,
                waker,
                waiting: Mutex::default(),
            }),
        }
    }

    /// Asks to look at a path (again): it may have changed. Paths outside all drop folders are not looked at.
    pub fn look_at(&self, path: &Path) {
        self.leave(|waiting, roots| {
            let path = path.to_owned();
            waiting.changing.remove(&path);
            insert(&mut waiting.whole, &mut waiting.paths, path, roots);
        });
    }

    /// Takes all that waits; what is only `changing` stays unless asked for.
    pub(crate) fn take(&self, with_changing: bool) -> Waiting {
        let mut waiting = self.lock();
        let taken = std::mem::take(&mut *waiting);
        if with_changing {
            return taken;
        }
        waiting.changing = taken.changing;
        Waiting {
            changing: BTreeSet::new(),
            ..taken
        }
    }

    /// Whether any file is known to be changing.
    pub(crate) fn has_changing(&self) -> bool {
        !self.lock().changing.is_empty()
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        let waiting = self.lock();
        waiting.paths.is_empty()
            && waiting.changing.is_empty()
            && waiting.whole.is_empty()
            && waiting.overflows == 0
    }

    /// Wakes the intake.
    pub(crate) fn wake(&self) {
        (self.shared.waker)();
    }

    /// Events were lost: everything is to be looked at.
    pub(crate) fn overflow(&self) {
        self.leave(|waiting, roots| {
            waiting.overflows += 1;
            waiting.whole = (0..roots.len()).collect();
            waiting.paths.clear();
            waiting.changing.clear();
        });
    }

    /// Takes in an event. Runs on the watcher's thread: no I/O, no waiting for anything but the short lock.
    pub(crate) fn hear(&self, event: Event) {
        // Before anything else: such an event has no paths.
        if event.need_rescan() {
            return self.overflow();
        }
        match event.kind {
            // Our own reading, and everybody's.
            EventKind::Access(
                AccessKind::Open(_)
                | AccessKind::Read
                | AccessKind::Close(AccessMode::Read | AccessMode::Execute),
            ) => {}
            EventKind::Modify(ModifyKind::Data(
                DataChange::Any | DataChange::Size | DataChange::Content | DataChange::Other,
            )) => self.leave_changing(event.paths),
            EventKind::Access(
                AccessKind::Any
                | AccessKind::Close(AccessMode::Any | AccessMode::Write | AccessMode::Other)
                | AccessKind::Other,
            )
            | EventKind::Modify(
                ModifyKind::Any | ModifyKind::Metadata(_) | ModifyKind::Name(_) | ModifyKind::Other,
            )
            | EventKind::Any
            | EventKind::Create(_)
            | EventKind::Remove(_)
            | EventKind::Other => {
                for path in event.paths {
                    self.look_at(&path);
                }
            }
        }
    }

    /// A file that is written to tells of each write. Waking for each would be busy work: the close tells the end.
    fn leave_changing(&self, paths: Vec<PathBuf>) {
        let news = |waiting: &Waiting, path: &PathBuf| {
            !waiting.changing.contains(path) && !waiting.paths.contains(path)
        };
        let waiting = self.lock();
        let paths: Vec<PathBuf> = paths
            .into_iter()
            .filter(|path| news(&waiting, path))
            .collect();
        drop(waiting);
        if paths.is_empty() {
            return;
        }
        self.leave(|waiting, roots| {
            for path in paths {
                insert(&mut waiting.whole, &mut waiting.changing, path, roots);
            }
        });
    }

    /// Leaves hints, and wakes the intake unless it was woken since it last came.
    fn leave(&self, leave: impl FnOnce(&mut Waiting, &[PathBuf])) {
        let mut waiting = self.lock();
        leave(&mut waiting, &self.shared.roots);
        let wake = !std::mem::replace(&mut waiting.woken, true);
        drop(waiting);
        if wake {
            self.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        let waiting = &self.shared.waiting;
        waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Hints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hints")
            .field("waiting", &*self.lock())
            .finish_non_exhaustive()
    }
}

fn insert(
    whole: &mut BTreeSet<usize>,
    paths: &mut BTreeSet<PathBuf>,
    path: PathBuf,
    roots: &[PathBuf],
) {
    let drop_of = |path: &Path| roots.iter().position(|root| path.starts_with(root));
    if drop_of(&path).is_none_or(|drop| whole.contains(&drop)) {
        return;
    }
    paths.insert(path);
    if paths.len() > HINTS_MAX {
        whole.extend(paths.iter().filter_map(|path| drop_of(path)));
        paths.clear();
    }
}

/// Why a folder is not watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArmError {
    /// `fs.inotify.max_user_watches` is reached.
    Limit,
    /// It is not there (any more).
    Gone,
    /// The watcher itself is gone.
    Dead,
    /// Anything else.
    Other(String),
}

/// Watches single folders; tells of changes by [`Hints`].
pub(crate) trait Watcher: fmt::Debug + Send {
    /// Watches a folder, not what is below it. Doing so twice does no harm.
    fn arm(&mut self, folder: &Path) -> Result<(), ArmError>;
    /// No longer watches the folder known under this path.
    fn disarm(&mut self, folder: &Path);
    /// Whether events can still come.
    fn is_alive(&self) -> bool;
}

/// Makes a watcher that leaves its hints there, or says why there is none.
pub(crate) type MakeWatcher = Box<dyn FnMut(Hints) -> Result<Box<dyn Watcher>, String> + Send>;

/// inotify by `notify`.
pub(crate) struct NotifyWatcher {
    inner: Option<notify::RecommendedWatcher>,
    alive: Arc<AtomicBool>,
}

impl NotifyWatcher {
    /// Starts the watcher's thread.
    pub(crate) fn start(hints: Hints) -> Result<Box<dyn Watcher>, String> {
        let alive = Arc::new(AtomicBool::new(true));
        let listener = Listener {
            hints,
            alive: Arc::clone(&alive),
        };
        let config = notify::Config::default().with_follow_symlinks(false);
        let inner = <notify::RecommendedWatcher as notify::Watcher>::new(listener, config)
            .map_err(|error| error.to_string())?;
        Ok(Box::new(Self {
            inner: Some(inner),
            alive,
        }))
    }

    /// Calls `notify`, which panics if its thread has ended.
    fn call<T>(
        &mut self,
        call: impl FnOnce(&mut notify::RecommendedWatcher) -> notify::Result<T>,
    ) -> Result<T, ArmError> {
        let (true, Some(inner)) = (self.alive.load(Ordering::Acquire), &mut self.inner) else {
            return Err(ArmError::Dead);
        };
        let Ok(result) = catch_unwind(AssertUnwindSafe(|| call(inner))) else {
            self.alive.store(false, Ordering::Release);
            return Err(ArmError::Dead);
        };
        result.map_err(|error| match error.kind {
            ErrorKind::MaxFilesWatch => ArmError::Limit,
            ErrorKind::PathNotFound | ErrorKind::WatchNotFound => ArmError::Gone,
            ErrorKind::Io(_) | ErrorKind::Generic(_) | ErrorKind::InvalidConfig(_) => {
                ArmError::Other(error.to_string())
            }
        })
    }
}

impl Watcher for NotifyWatcher {
    fn arm(&mut self, folder: &Path) -> Result<(), ArmError> {
        use notify::Watcher as _;
        self.call(|inner| inner.watch(folder, RecursiveMode::NonRecursive))
    }

    fn disarm(&mut self, folder: &Path) {
        use notify::Watcher as _;
        if let Err(error) = self.call(|inner| inner.unwatch(folder)) {
            // The kernel drops the watch of a folder that is removed or unmounted by itself.
            tracing::trace!(folder = %folder.display(), ?error, "watch was gone already");
        }
    }

    fn is_alive(&self) -> bool {
        self.alive.load(Ordering::Acquire)
    }
}

impl Drop for NotifyWatcher {
    fn drop(&mut self) {
        let inner = self.inner.take();
        if !self.is_alive() {
            // Its own drop panics when the thread has ended; what is left of it is one channel.
            std::mem::forget(inner);
        }
    }
}

impl fmt::Debug for NotifyWatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotifyWatcher")
            .field("alive", &self.is_alive())
            .finish_non_exhaustive()
    }
}

/// Lives on the watcher's thread; that it is dropped means that the thread has ended, however.
struct Listener {
    hints: Hints,
    alive: Arc<AtomicBool>,
}

impl notify::EventHandler for Listener {
    fn handle_event(&mut self, event: notify::Result<Event>) {
        let heard = catch_unwind(AssertUnwindSafe(|| match event {
            Ok(event) => self.hints.hear(event),
            Err(error) => {
                // Reading events failed: what they were is not known, and whether more will come neither.
                tracing::warn!(%error, "watching failed; it is set up again");
                self.alive.store(false, Ordering::Release);
                self.hints.overflow();
            }
        }));
        if heard.is_err() {
            self.alive.store(false, Ordering::Release);
            self.hints.wake();
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.alive.store(false, Ordering::Release);
        self.hints.wake();
    }
}
