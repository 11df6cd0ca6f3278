//! The desk: jobs from the queue into the record.
//!
//! Workers edit in parallel; one recorder writes, and claims what the workers do next, in the same transactions; one
//! thread does the after-actions, one edits and judges again what changes with what came later and finds the stories, and
//! one fills the index.
//! [`Desk`] starts and stops them; `lane` is what they share.
//!
//! Invariant: nothing is touched on the disk before the record of it is durable, and no decision is taken in the loops:
//! [`worker::turn`], [`recorder::record`] and [`after::act`] hold them.

pub mod after;
mod after_loop;
mod comparing;
pub mod disk;
mod entering;
pub mod fate;
mod fill_loop;
pub mod hands;
mod judging;
mod kill;
mod known;
mod lane;
mod later_loop;
mod learning;
#[doc(hidden)] // For `benches/scale` alone.
pub mod measuring;
mod parts;
mod reading;
pub mod recorder;
mod recorder_loop;
mod reedit_loop;
mod reediting;
pub mod reindexing;
mod rows;
mod seating;
pub mod space;
mod story_loop;
mod telling;
pub mod worker;
mod worker_loop;

#[cfg(test)]
mod order_tests;
#[cfg(test)]
mod reindexing_tests;
#[cfg(test)]
mod seating_tests;
#[cfg(test)]
mod worker_tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::article::Rules;
use crate::article::unpack::Bounds;
use crate::config::{Drop, Settings};
use crate::job::{DropId, JobId};
use crate::store::jobs::Claim;
use crate::store::{Durability, Store, StoreError, jobs};

use disk::Disk;
use hands::Hands;
use known::Changes;
use lane::Lane;
use recorder::Outcome;

/// Finished files that wait for the recorder at most; more make the workers wait.
const FINISHED_MAX: usize = 256;

/// How long a file that a process died on waits at least before it is tried again.
const SUSPECT_PAUSE_MS: i64 = 1_000;

/// What can go wrong with the desk itself.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The store failed for good.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file that tells what is in the workers' hands cannot be written.
    #[error("{}: {source}", path.display())]
    Hands {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A thread could not be started.
    #[error("start a thread: {0}")]
    Thread(std::io::Error),
    /// A thread ended that never should.
    #[error("the {0} thread ended unasked")]
    Ended(&'static str),
}

/// What is done when a file's turn has ended.
type Ended = dyn Fn(&Claim, &Outcome) + Send + Sync;

/// Whom the desk tells what.
#[derive(Clone)]
pub struct Listeners {
    /// The file at this path is not what was queued any more.
    pub look_again: Arc<dyn Fn(&Path) + Send + Sync>,
    /// A file's turn has ended; called after the commit.
    pub ended: Arc<Ended>,
    /// Something changed that the daemon should look at: a pause, an end, a failure.
    pub changed: Arc<dyn Fn() + Send + Sync>,
}

impl Listeners {
    /// Nobody listens.
    pub fn none() -> Self {
        Self {
            look_again: Arc::new(|_| {}),
            ended: Arc::new(|_, _| {}),
            changed: Arc::new(|| {}),
        }
    }
}

impl std::fmt::Debug for Listeners {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Listeners")
    }
}

/// What all threads of the desk know.
#[derive(Debug)]
struct Shared {
    store: Arc<Store>,
    settings: Settings,
    rules: Rules,
    bounds: Bounds,
    drops: BTreeMap<DropId, Drop>,
    disk: Arc<dyn Disk>,
    hands: Hands,
    lane: Lane,
    furniture: Changes,
    listeners: Listeners,
    failure: Mutex<Option<DeskError>>,
}

impl Shared {
    fn fail(&self, error: DeskError) {
        tracing::error!(%error, "the desk stops");
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
        self.lane.stop();
        (self.listeners.changed)();
    }
}

enum Message {
    Finished(Box<worker::Finished>),
    Wake,
}

/// The running desk.
#[derive(Debug)]
pub struct Desk {
    shared: Arc<Shared>,
    messages: SyncSender<Message>,
    threads: Vec<JoinHandle<()>>,
    bells: Bells,
}

/// How the recorder wakes the threads that work on what it has committed. One signal that waits is enough.
#[derive(Debug, Clone)]
struct Bells {
    after: SyncSender<()>,
    later: SyncSender<()>,
    fill: SyncSender<()>,
}

impl Bells {
    fn ring(bell: &SyncSender<()>) {
        bell.try_send(()).unwrap_or(());
    }
}

/// What a dead process left behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Inherited {
    /// Claims put back on the queue.
    pub released: usize,
    /// Files put aside as `crash-loop`.
    pub held: usize,
}

impl Desk {
    /// Releases what a dead process left claimed, then starts the threads.
    pub fn start(
        settings: &Settings,
        drops: BTreeMap<DropId, Drop>,
        store: Arc<Store>,
        input_disk: Arc<dyn Disk>,
        listeners: Listeners,
    ) -> Result<(Self, Inherited), DeskError> {
        let (hands, left) = inherit(settings, &store)?;
        let shared = Arc::new(Shared {
            rules: settings.rules(),
            bounds: settings.bounds(),
            lane: Lane::new(settings.workers),
            store,
            furniture: Changes::default(),
            settings: settings.clone(),
            drops,
            disk: input_disk,
            hands,
            listeners,
            failure: Mutex::new(None),
        });
        let (messages, inbox) = mpsc::sync_channel(FINISHED_MAX);
        let (after, afters) = mpsc::sync_channel(1);
        let (later, laters) = mpsc::sync_channel(1);
        let (fill, fills) = mpsc::sync_channel(1);
        let mut desk = Self {
            shared,
            messages,
            threads: Vec::new(),
            bells: Bells { after, later, fill },
        };
        desk.spawn_all(inbox, afters, laters, fills)?;
        Ok((desk, left))
    }

    fn spawn_all(
        &mut self,
        received: Receiver<Message>,
        afters: Receiver<()>,
        laters: Receiver<()>,
        fills: Receiver<()>,
    ) -> Result<(), DeskError> {
        for number in 0..self.shared.settings.workers {
            let finished = self.messages.clone();
            self.spawn("worker", move |shared| {
                worker_loop::run(shared, number, &finished)
            })?;
        }
        let (number, finished) = (self.shared.settings.workers, self.messages.clone());
        self.spawn("big-files", move |shared| {
            worker_loop::run(shared, number, &finished)
        })?;
        let bells = self.bells.clone();
        self.spawn("recorder", move |shared| {
            recorder_loop::run(shared, &received, &bells)
        })?;
        self.spawn("after-action", move |shared| {
            after_loop::run(shared, &afters)
        })?;
        self.spawn("later", move |shared| later_loop::run(shared, &laters))?;
        self.spawn("index", move |shared| fill_loop::run(shared, &fills))
    }

    fn spawn(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&Shared) -> Result<(), DeskError> + Send + 'static,
    ) -> Result<(), DeskError> {
        let shared = Arc::clone(&self.shared);
        let body = move || {
            let guarded = std::panic::AssertUnwindSafe(|| work(&shared));
            match std::panic::catch_unwind(guarded) {
                Ok(Ok(())) if shared.lane.is_stopping() => {}
                Ok(Ok(())) | Err(_) => shared.fail(DeskError::Ended(name)),
                Ok(Err(error)) => shared.fail(error),
            }
        };
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(body)
            .map_err(DeskError::Thread)?;
        self.threads.push(thread);
        Ok(())
    }

    /// There may be work on the queue.
    pub fn wake(&self) {
        // A full inbox needs no waking.
        self.messages.try_send(Message::Wake).unwrap_or(());
    }

    /// A handle that does the same from another thread.
    pub fn waker(&self) -> Arc<dyn Fn() + Send + Sync> {
        let messages = self.messages.clone();
        Arc::new(move || messages.try_send(Message::Wake).unwrap_or(()))
    }

    /// What the desk does, for `status` and the watchdog.
    pub fn report(&self, now: Instant) -> DeskReport {
        self.shared.lane.report(now)
    }

    /// Whether nothing is claimed: everything that was taken from the queue is recorded. Together with an empty queue
    /// it means that all is done, if the queue was looked at first.
    pub fn is_idle(&self) -> bool {
        self.shared.lane.is_idle()
    }

    /// The failure that ended it, if one did.
    pub fn take_failure(&self) -> Option<DeskError> {
        self.shared
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Lets every thread finish what it has in hand; what is claimed but not begun goes back to the queue. Returns
    /// whether all had ended within `grace`; what then still runs dies with the process, which the next start puts
    /// right.
    pub fn stop(mut self, grace: Duration) -> bool {
        let deadline = Instant::now() + grace;
        self.shared.lane.stop();
        self.wake();
        Bells::ring(&self.bells.after);
        Bells::ring(&self.bells.later);
        Bells::ring(&self.bells.fill);
        drop(self.messages);
        drop(self.bells);
        while self.threads.iter().any(|thread| !thread.is_finished()) {
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::park_timeout(Duration::from_millis(2));
        }
        self.threads.drain(..).all(|thread| thread.join().is_ok())
    }
}

fn inherit(settings: &Settings, store: &Store) -> Result<(Hands, Inherited), DeskError> {
    let wrong = |source| DeskError::Hands {
        path: Hands::path_of(store.path()),
        source,
    };
    let (hands, in_hand): (Hands, Vec<JobId>) = Hands::open(store.path()).map_err(wrong)?;
    let crashes_max = settings.retry.crashes_max;
    let (released, held) = store.write(Durability::Now, |db| {
        learning::begin(db, settings.furniture_after)?;
        jobs::release_claims(db, &in_hand, crashes_max, SUSPECT_PAUSE_MS, now_ms())
    })?;
    hands.clear().map_err(wrong)?;
    Ok((hands, Inherited { released, held }))
}

/// What the desk does.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct DeskReport {
    /// Files claimed and not yet recorded.
    pub outstanding: usize,
    /// Files in workers' hands.
    pub in_hand: usize,
    /// How long the longest of them has been there.
    pub longest_in_hand_ms: u64,
    /// How long ago the recorder last turned.
    pub recorder_turned_ms: u64,
    /// Why nothing new is taken in, if so.
    pub paused: Option<String>,
}

impl DeskReport {
    /// Whether the desk makes progress: the recorder turns, and no file is in hand longer than it may.
    pub fn is_alive(&self, edit_max: Duration) -> bool {
        let recorder = Duration::from_millis(self.recorder_turned_ms);
        let in_hand = Duration::from_millis(self.longest_in_hand_ms);
        recorder < edit_max && in_hand < edit_max
    }
}

/// The wall clock, for what is recorded; intervals are measured by [`Instant`].
pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
