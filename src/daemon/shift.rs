//! A shift: an intake and a desk that work together under one configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::config::{Drop, Settings};
use crate::desk::disk::RealDisk;
use crate::desk::{Desk, DeskReport, Listeners};
use crate::intake::{Intake, IntakeReport};
use crate::job::DropId;
use crate::store::{Durability, Store, jobs};

use super::DaemonError;
use super::intake_loop::{Bell, IntakeThread};

/// What the intake of a shift does.
#[derive(Debug)]
pub(super) enum Task {
    /// Watches the drop folders of the configuration.
    Watch,
    /// Goes once through these files and folders, each with the drop it belongs to.
    Once(Vec<(PathBuf, Drop)>),
}

/// A running shift.
#[derive(Debug)]
pub(super) struct Shift {
    // Gone once the shift has ended.
    desk: Option<Desk>,
    intake: IntakeThread,
    drops: Vec<DropId>,
}

impl Shift {
    /// Starts the desk, then the intake.
    pub(super) fn begin(
        settings: &Settings,
        store: &Arc<Store>,
        task: Task,
        listeners: &Listeners,
    ) -> Result<Self, DaemonError> {
        let bell = Arc::new(Bell::default());
        let waker = {
            let bell = Arc::clone(&bell);
            Arc::new(move || bell.ring())
        };
        let watches = matches!(task, Task::Watch);
        let mut known = BTreeMap::new();
        let mut roots = Vec::new();
        for (scanned, drop) in assigned(settings, task)? {
            let id = store.write(Durability::Later, |db| {
                jobs::ensure_drop(db, &drop.name, &drop.path)
            })?;
            roots.push((
                id,
                Drop {
                    path: scanned,
                    ..drop.clone()
                },
            ));
            known.insert(id, drop);
        }
        let intake = if watches {
            Intake::new(settings, roots, Arc::clone(store), waker)?
        } else {
            Intake::once(settings, roots, Arc::clone(store), waker)?
        };
        let hints = intake.hints();
        let listeners = Listeners {
            look_again: Arc::new(move |path| hints.look_at(path)),
            ..listeners.clone()
        };
        let drops = known.keys().copied().collect();
        let changed = Arc::clone(&listeners.changed);
        let (desk, inherited) = Desk::start(
            settings,
            known,
            Arc::clone(store),
            Arc::new(RealDisk),
            listeners,
        )?;
        if inherited.released + inherited.held > 0 {
            tracing::warn!(
                released = inherited.released,
                held = inherited.held,
                "the last process died with files in work: they are taken up again"
            );
        }
        let intake = IntakeThread::start(intake, bell, desk.waker(), changed)?;
        Ok(Self {
            desk: Some(desk),
            intake,
            drops,
        })
    }

    /// Whether everything is armed and what was complete at the start is on the queue.
    pub(super) fn is_ready(&self) -> bool {
        self.intake.is_ready()
    }

    /// Whether every thread has made progress lately.
    pub(super) fn is_alive(&self, now: Instant, edit_max: Duration) -> bool {
        self.intake.turned_ago(now) < edit_max && self.desk_report(now).is_alive(edit_max)
    }

    /// Whether what the intake found is queued, and there is no more to find.
    pub(super) fn has_queued_all(&self) -> bool {
        self.intake.is_drained()
    }

    /// Whether what was taken from the queue is recorded.
    pub(super) fn is_idle(&self) -> bool {
        self.desk.as_ref().is_none_or(Desk::is_idle)
    }

    /// The drop folders it serves.
    pub(super) fn drops(&self) -> &[DropId] {
        &self.drops
    }

    /// While the desk pauses the intake does too.
    pub(super) fn pass_pause_on(&self) {
        self.intake
            .pause(self.desk_report(Instant::now()).paused.is_some());
    }

    pub(super) fn desk_report(&self, now: Instant) -> DeskReport {
        self.desk
            .as_ref()
            .map(|desk| desk.report(now))
            .unwrap_or_default()
    }

    pub(super) fn intake_report(&self) -> Option<IntakeReport> {
        self.intake.report()
    }

    pub(super) fn take_failure(&self) -> Option<DaemonError> {
        let desk = self.desk.as_ref().and_then(Desk::take_failure);
        let intake = self.intake.take_failure();
        desk.map(DaemonError::from)
            .or_else(|| intake.map(DaemonError::from))
    }

    /// Ends intake and desk; tells whether both ended within `grace`.
    pub(super) fn end(&mut self, grace: Duration) -> bool {
        let deadline = Instant::now() + grace;
        self.intake.stop();
        let desk = self
            .desk
            .take()
            .is_none_or(|desk| desk.stop(deadline.saturating_duration_since(Instant::now())));
        self.intake.join(deadline) && desk
    }
}

/// Each file or folder to go through, with the drop it belongs to; all paths absolute.
fn assigned(settings: &Settings, task: Task) -> Result<Vec<(PathBuf, Drop)>, DaemonError> {
    let pairs = match task {
        Task::Watch => settings
            .drops
            .iter()
            .map(|drop| (drop.path.clone(), drop.clone()))
            .collect(),
        Task::Once(pairs) => pairs,
    };
    pairs
        .into_iter()
        .map(|(scanned, mut drop)| {
            drop.path = absolute(drop.path)?;
            Ok((absolute(scanned)?, drop))
        })
        .collect()
}

fn absolute(path: PathBuf) -> Result<PathBuf, DaemonError> {
    std::path::absolute(&path).map_err(|source| DaemonError::Folder { path, source })
}
