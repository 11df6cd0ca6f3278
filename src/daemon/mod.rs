//! The frame: takes the store, starts intake and desk, listens to signals, and stops everything in order.
//!
//! [`run`] watches for ever; [`ingest`] goes through some paths once, [`reindex`] through the record. The first two work in `Shift`s: an intake and a
//! desk under one configuration. Reading the configuration again ends one shift and begins the next.
//!
//! Invariant: nothing is decided here; it starts and stops things.

pub mod ingest;
mod intake_loop;
pub mod reindex;
mod shift;
mod signals;
mod systemd;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::Notify;

use crate::config::{ConfigError, Settings};
use crate::desk::{DeskError, Listeners};
use crate::intake::IntakeError;
use crate::store::provenance::{About, EventKind, begin_tenure, end_tenure, note};
use crate::store::tenancy::{Lock, Snapshot, TenancyError, snapshot_path};
use crate::store::{Durability, Make, Store, StoreError};

use shift::{Shift, Task};
use signals::{Signal, Signals};
use systemd::Systemd;

/// How long the work in hand may take after SIGTERM; with what comes before and after it, ten seconds are kept.
const GRACE: Duration = Duration::from_secs(8);

/// How often the daemon looks after itself: snapshot, watchdog, pauses.
const TICK: Duration = Duration::from_secs(1);

/// Ticks between two snapshots where nothing has changed but ages.
const SNAPSHOT_TICKS: u32 = 5;

/// Why the daemon could not start or had to end.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The store is in use.
    #[error(transparent)]
    Tenancy(#[from] TenancyError),
    /// The store is unusable.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The desk ended.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The intake ended.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// A drop folder cannot be made.
    #[error("make folder {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The process cannot be set up: a thread, a signal, a file of its own.
    #[error("{what}: {source}")]
    System {
        /// What was tried.
        what: &'static str,
        /// Why not.
        source: std::io::Error,
    },
    /// There is nothing to watch.
    #[error("no drop folder: say one (copydesk run DIR) or configure a [[drop]]")]
    NothingToWatch,
    /// The work in hand took longer than the grace time.
    #[error("stopped in the middle of a file: it is taken up again at the next start")]
    Unfinished,
}

/// Hears that everything is ready.
type Ready = Box<dyn FnOnce(&Settings)>;

/// Reads the configuration again.
type Reload = Box<dyn Fn() -> Result<Settings, ConfigError>>;

/// What to run.
pub struct Plan {
    /// The configuration.
    pub settings: Settings,
    /// Folders that are made if they are missing: those named on the command line.
    pub make_folders: bool,
    /// Reads the configuration again.
    pub reload: Reload,
    /// Called once everything is ready.
    pub ready: Ready,
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// Watches the drop folders until a signal says to stop.
pub fn run(plan: Plan) -> Result<(), DaemonError> {
    if plan.settings.drops.is_empty() {
        return Err(DaemonError::NothingToWatch);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| DaemonError::System {
            what: "start the event loop",
            source,
        })?;
    runtime.block_on(Daemon::start(plan)?.watch())
}

/// A store in our hands, with the tenure noted in its history.
struct Tenure {
    store: Arc<Store>,
    lock: Lock,
    id: i64,
}

impl Tenure {
    fn begin(settings: &Settings, verb: &str, make: Make) -> Result<Self, DaemonError> {
        let snapshot = snapshot_path(&settings.store);
        let lock = Lock::take(&settings.store, verb, &snapshot, now_ms())?;
        let store = Arc::new(Store::open(&settings.store, make)?);
        let id = store.write(Durability::Later, |db| {
            begin_tenure(db, verb, std::process::id(), now_ms())
        })?;
        Ok(Self { store, lock, id })
    }

    fn end(self) -> Result<(), DaemonError> {
        self.store
            .write(Durability::Now, |db| end_tenure(db, self.id, now_ms()))?;
        self.store.checkpoint()?;
        drop(self.lock);
        Ok(())
    }
}

struct Daemon {
    tenure: Tenure,
    settings: Settings,
    config_read_ms: i64,
    config_error: Option<String>,
    reload: Reload,
    ready: Option<Ready>,
    shift: Shift,
    changed: Arc<Notify>,
    systemd: Systemd,
    ticks: u32,
}

/// What the watching loop woke for.
enum Woke {
    Signal(Signal),
    Changed,
    Tick,
}

impl Daemon {
    fn start(plan: Plan) -> Result<Self, DaemonError> {
        if plan.make_folders {
            make_folders(&plan.settings)?;
        }
        let tenure = Tenure::begin(&plan.settings, "run", Make::IfNew)?;
        let changed = Arc::new(Notify::new());
        let shift = begin_shift(&plan.settings, &tenure.store, &changed)?;
        Ok(Self {
            tenure,
            settings: plan.settings,
            config_read_ms: now_ms(),
            config_error: None,
            reload: plan.reload,
            ready: Some(plan.ready),
            shift,
            changed,
            systemd: Systemd::new(),
            ticks: 0,
        })
    }

    async fn watch(mut self) -> Result<(), DaemonError> {
        let mut signals = Signals::listen().map_err(|source| DaemonError::System {
            what: "listen to signals",
            source,
        })?;
        let mut tick = tokio::time::interval(self.systemd.tick().unwrap_or(TICK).min(TICK));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let woke = tokio::select! {
                signal = signals.next() => Woke::Signal(signal),
                () = self.changed.notified() => Woke::Changed,
                _ = tick.tick() => Woke::Tick,
            };
            match woke {
                Woke::Signal(Signal::Stop) => return self.stop(signals).await,
                Woke::Signal(Signal::Reload) => self.reload()?,
                Woke::Changed => self.look_after(Instant::now(), false),
                Woke::Tick => self.look_after(Instant::now(), true),
            }
            if let Some(failure) = self.shift.take_failure() {
                return self.fail(failure);
            }
        }
    }

    /// Tells systemd and `status` how things are; the watchdog is fed only while all threads make progress.
    fn look_after(&mut self, now: Instant, tick: bool) {
        self.shift.pass_pause_on();
        if self.shift.is_ready()
            && let Some(ready) = self.ready.take()
        {
            systemd::ready();
            tracing::info!(drops = self.settings.drops.len(), "ready");
            ready(&self.settings);
            self.snapshot(now);
        }
        if !tick {
            return;
        }
        if self.shift.is_alive(now, self.settings.limits.edit_max) {
            self.systemd.alive();
        } else {
            tracing::error!("no progress: the watchdog is not fed");
        }
        if self.ticks.is_multiple_of(SNAPSHOT_TICKS) {
            self.snapshot(now);
        }
        self.ticks = self.ticks.wrapping_add(1);
    }

    fn snapshot(&mut self, now: Instant) {
        let desk = self.shift.desk_report(now);
        self.systemd.status(&match &desk.paused {
            Some(why) => format!("paused: {why}"),
            None => format!("watching, {} in work", desk.outstanding),
        });
        let snapshot = Snapshot {
            pid: std::process::id(),
            at_ms: now_ms(),
            config: self.settings.file.clone(),
            config_read_ms: self.config_read_ms,
            config_error: self.config_error.clone(),
            desk: json!(desk),
            intake: json!(self.shift.intake_report()),
        };
        if let Err(error) = self.tenure.lock.leave_snapshot(&snapshot) {
            tracing::debug!(%error, "no snapshot for status");
        }
    }

    /// Reads the configuration again. A wrong one changes nothing but what `status` says.
    fn reload(&mut self) -> Result<(), DaemonError> {
        let next = (self.reload)().map_err(DaemonError::from).and_then(|next| {
            if next.store == self.settings.store && !next.drops.is_empty() {
                Ok(next)
            } else if next.drops.is_empty() {
                Err(DaemonError::NothingToWatch)
            } else {
                Err(DaemonError::System {
                    what: "read the configuration again",
                    source: std::io::Error::other("store has changed: that needs a restart"),
                })
            }
        });
        let outcome = match next {
            Ok(next) => self.change_shift(next)?,
            Err(error) => Err(error.to_string()),
        };
        match &outcome {
            Ok(()) => tracing::info!("configuration read again"),
            Err(error) => tracing::error!(error, "the configuration stays as it was"),
        }
        self.config_error = outcome.err();
        self.config_read_ms = now_ms();
        let detail = json!({"error": self.config_error});
        self.tenure.store.write(Durability::Later, |db| {
            note(
                db,
                now_ms(),
                EventKind::Reloaded,
                &About::default().with(detail),
            )
        })?;
        self.snapshot(Instant::now());
        Ok(())
    }

    /// Ends the shift and begins one under `next`; if that cannot begin, one under the settings so far.
    fn change_shift(&mut self, next: Settings) -> Result<Result<(), String>, DaemonError> {
        self.shift.end(GRACE);
        if let Some(failure) = self.shift.take_failure() {
            return Err(failure);
        }
        match begin_shift(&next, &self.tenure.store, &self.changed) {
            Ok(shift) => {
                self.shift = shift;
                self.settings = next;
                Ok(Ok(()))
            }
            Err(error) => {
                self.shift = begin_shift(&self.settings, &self.tenure.store, &self.changed)?;
                Ok(Err(error.to_string()))
            }
        }
    }

    async fn stop(self, mut signals: Signals) -> Result<(), DaemonError> {
        tracing::info!("stopping: finishing the work in hand");
        systemd::stopping();
        let mut shift = self.shift;
        let ending = tokio::task::spawn_blocking(move || shift.end(GRACE));
        let finished = tokio::select! {
            finished = ending => finished.unwrap_or(false),
            // A second signal: now. What is in hand is taken up again at the next start.
            _ = signals.next() => return Err(DaemonError::Unfinished),
        };
        if !finished {
            return Err(DaemonError::Unfinished);
        }
        self.tenure.end()?;
        tracing::info!("stopped");
        Ok(())
    }

    /// The shift has failed: what can still be ended in order is.
    fn fail(mut self, failure: DaemonError) -> Result<(), DaemonError> {
        systemd::stopping();
        self.shift.end(GRACE);
        Err(failure)
    }
}

fn begin_shift(
    settings: &Settings,
    store: &Arc<Store>,
    changed: &Arc<Notify>,
) -> Result<Shift, DaemonError> {
    let changed = Arc::clone(changed);
    let listeners = Listeners {
        changed: Arc::new(move || changed.notify_one()),
        ended: Arc::new(log_outcome),
        ..Listeners::none()
    };
    Shift::begin(settings, store, Task::Watch, &listeners)
}

/// The log's target for lines about single files, so that they can be filtered by themselves.
const FILE: &str = "copydesk::file";

/// One line of log a file: info for what is taken, warn for what is not.
fn log_outcome(claim: &crate::store::jobs::Claim, outcome: &crate::desk::recorder::Outcome) {
    use crate::desk::recorder::Outcome;
    let path = claim.path.to_string_lossy();
    match outcome {
        Outcome::Recorded(taken) => {
            let article = taken.first().map(|taken| taken.id.0);
            tracing::info!(target: FILE, path = ?path, article, "recorded");
        }
        Outcome::Part(taken) => {
            tracing::debug!(target: FILE, path = ?path, articles = taken.len(), "recorded a part");
        }
        Outcome::SameBytes => tracing::info!(target: FILE, path = ?path, "same bytes"),
        Outcome::Gone => tracing::info!(target: FILE, path = ?path, "gone"),
        Outcome::Held(reason, why) => {
            tracing::warn!(target: FILE, path = ?path, reason = reason.as_str(), why, "held");
        }
        Outcome::Postponed(why) => tracing::warn!(target: FILE, path = ?path, why, "postponed"),
    }
}

fn make_folders(settings: &Settings) -> Result<(), DaemonError> {
    for drop in &settings.drops {
        std::fs::create_dir_all(&drop.path).map_err(|source| DaemonError::Folder {
            path: drop.path.clone(),
            source,
        })?;
    }
    Ok(())
}

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
