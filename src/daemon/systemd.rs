//! What systemd is told, where it listens: readiness, a line of status, the watchdog.

use std::time::Duration;

use sd_notify::NotifyState;

/// The watchdog is fed three times in its interval.
const FEEDS: u32 = 3;

#[derive(Debug)]
pub(super) struct Systemd {
    watchdog: Option<Duration>,
    status: String,
}

impl Systemd {
    pub(super) fn new() -> Self {
        Self {
            watchdog: sd_notify::watchdog_enabled(),
            status: String::new(),
        }
    }

    /// How often the watchdog wants to hear of us.
    pub(super) fn tick(&self) -> Option<Duration> {
        self.watchdog.map(|interval| interval / FEEDS)
    }

    pub(super) fn alive(&self) {
        if self.watchdog.is_some() {
            tell(&[NotifyState::Watchdog]);
        }
    }

    /// The line `systemctl status` shows; told only when it changes.
    pub(super) fn status(&mut self, status: &str) {
        if status != self.status {
            tell(&[NotifyState::Status(status)]);
            status.clone_into(&mut self.status);
        }
    }
}

/// Everything is armed.
pub(super) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// The end has begun.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd does not listen");
    }
}
