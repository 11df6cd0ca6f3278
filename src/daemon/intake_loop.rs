//! The intake's thread: turns the wheel when somebody rings, when the time has come, or when there is more to do.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::intake::{Intake, IntakeError, IntakeReport};
use crate::store::Trouble;

use super::DaemonError;

/// Pause after a turn that the store refused.
const TROUBLE_PAUSE: Duration = Duration::from_secs(1);

/// Longest sleep: stopping and pausing are looked at, and the watchdog sees a turn.
const SLEEP_MAX: Duration = Duration::from_secs(2);

/// A report is made anew at most this often, however fast the wheel turns.
const REPORT_AGE: Duration = Duration::from_millis(250);

/// Rung by the watcher's thread and by everybody who wants a turn.
#[derive(Debug, Default)]
pub(super) struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
}

impl Bell {
    pub(super) fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.heard.notify_one();
    }

    fn wait(&self, most: Duration) {
        let mut rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        if !*rung {
            rung = self
                .heard
                .wait_timeout(rung, most)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        *rung = false;
    }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "two wishes and two facts that have nothing to do with each other"
)]
#[derive(Debug)]
struct State {
    stopping: bool,
    paused: bool,
    ready: bool,
    drained: bool,
    turned: Instant,
    report: Option<IntakeReport>,
    reported: Option<Instant>,
    failure: Option<IntakeError>,
}

/// The running intake.
#[derive(Debug)]
pub(super) struct IntakeThread {
    bell: Arc<Bell>,
    state: Arc<Mutex<State>>,
    thread: Option<JoinHandle<()>>,
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl IntakeThread {
    /// Starts turning; `queued` is called after every turn that queued something, `changed` when the first listing is
    /// queued, when there is nothing left to do, and on failure.
    pub(super) fn start(
        intake: Intake,
        bell: Arc<Bell>,
        queued: Arc<dyn Fn() + Send + Sync>,
        changed: Arc<dyn Fn() + Send + Sync>,
    ) -> Result<Self, DaemonError> {
        let state = Arc::new(Mutex::new(State {
            stopping: false,
            paused: false,
            ready: false,
            drained: false,
            turned: Instant::now(),
            report: None,
            reported: None,
            failure: None,
        }));
        let thread = {
            let (bell, state) = (Arc::clone(&bell), Arc::clone(&state));
            std::thread::Builder::new()
                .name("intake".to_owned())
                .spawn(move || turn_on(intake, &bell, &state, &*queued, &*changed))
                .map_err(|source| DaemonError::System {
                    what: "start the intake",
                    source,
                })?
        };
        Ok(Self {
            bell,
            state,
            thread: Some(thread),
        })
    }

    pub(super) fn pause(&self, paused: bool) {
        let mut state = lock(&self.state);
        if state.paused != paused {
            state.paused = paused;
            drop(state);
            self.bell.ring();
        }
    }

    pub(super) fn is_ready(&self) -> bool {
        lock(&self.state).ready
    }

    pub(super) fn is_drained(&self) -> bool {
        lock(&self.state).drained
    }

    pub(super) fn report(&self) -> Option<IntakeReport> {
        lock(&self.state).report.clone()
    }

    pub(super) fn turned_ago(&self, now: Instant) -> Duration {
        now.saturating_duration_since(lock(&self.state).turned)
    }

    pub(super) fn take_failure(&self) -> Option<IntakeError> {
        lock(&self.state).failure.take()
    }

    /// Asks it to end; it does so after the turn it is in.
    pub(super) fn stop(&self) {
        lock(&self.state).stopping = true;
        self.bell.ring();
    }

    /// Waits for the end; tells whether it came in time.
    pub(super) fn join(&mut self, deadline: Instant) -> bool {
        let Some(thread) = self.thread.take() else {
            return true;
        };
        while !thread.is_finished() {
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::park_timeout(Duration::from_millis(2));
        }
        thread.join().is_ok()
    }
}

fn turn_on(
    mut intake: Intake,
    bell: &Bell,
    shared: &Mutex<State>,
    queued: &dyn Fn(),
    changed: &dyn Fn(),
) {
    loop {
        let (stopping, paused) = {
            let state = lock(shared);
            (state.stopping, state.paused)
        };
        if stopping {
            return;
        }
        intake.pause(paused);
        let now = Instant::now();
        let sleep = match intake.turn(now, super::now_ms()) {
            Ok(turn) => {
                if turn.queued > 0 {
                    queued();
                }
                match turn.next {
                    _ if turn.more => Duration::ZERO,
                    Some(next) => next
                        .saturating_duration_since(Instant::now())
                        .min(SLEEP_MAX),
                    None => SLEEP_MAX,
                }
            }
            Err(IntakeError::Store(error)) if error.trouble() != Trouble::Stop => {
                tracing::warn!(%error, "the intake waits for the store");
                TROUBLE_PAUSE
            }
            Err(error) => {
                lock(shared).failure = Some(error);
                changed();
                return;
            }
        };
        if publish(&intake, shared, now) {
            changed();
        }
        bell.wait(sleep);
    }
}

/// Lets others see how things are; tells whether they will want to know.
fn publish(intake: &Intake, shared: &Mutex<State>, now: Instant) -> bool {
    let mut state = lock(shared);
    state.turned = now;
    let (ready, drained) = (intake.first_listing_queued(), intake.drained());
    let news = (ready && !state.ready) || (drained && !state.drained);
    state.ready |= ready;
    state.drained = drained;
    if news
        || state
            .reported
            .is_none_or(|at| now.saturating_duration_since(at) >= REPORT_AGE)
    {
        state.report = Some(intake.report());
        state.reported = Some(now);
    }
    news
}
