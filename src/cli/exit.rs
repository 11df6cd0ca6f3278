//! Exit codes: one table for all verbs.

use std::io;
use std::process::ExitCode;

use crate::config::ConfigError;
use crate::daemon::DaemonError;
use crate::report::health::Health;
use crate::store::StoreError;

/// How a verb ends. The numbers are part of the interface: they never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine = 0,
    /// It could not be done, or the answer is no.
    Failed = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// `status`: a person should look at something.
    Attention = 3,
    /// `status`: part of it does not work.
    Degraded = 4,
    /// The store cannot be used.
    StoreUnusable = 5,
    /// `status`: the daemon is not running.
    NotRunning = 6,
}

impl Exit {
    /// What an error comes to. A reader that went away is no error.
    pub fn of_error(error: &anyhow::Error) -> Self {
        let is_closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        if error
            .chain()
            .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(is_closed))
        {
            return Self::Fine;
        }
        if error
            .chain()
            .any(|cause| cause.downcast_ref::<StoreError>().is_some_and(is_unusable))
        {
            return Self::StoreUnusable;
        }
        let is_wrongly_configured = |cause: &(dyn std::error::Error + 'static)| {
            cause.is::<ConfigError>()
                || matches!(cause.downcast_ref(), Some(DaemonError::NothingToWatch))
        };
        if error.chain().any(is_wrongly_configured) {
            return Self::Usage;
        }
        Self::Failed
    }
}

fn is_unusable(error: &StoreError) -> bool {
    match error {
        StoreError::Lost { .. } | StoreError::Foreign { .. } | StoreError::Newer { .. } => true,
        StoreError::Sqlite { .. } => error.is_corruption(),
        StoreError::Io { .. } | StoreError::Missing { .. } | StoreError::Older { .. } => false,
    }
}

impl From<Health> for Exit {
    fn from(health: Health) -> Self {
        match health {
            Health::Ok => Self::Fine,
            Health::Attention => Self::Attention,
            Health::Degraded => Self::Degraded,
            Health::NotRunning => Self::NotRunning,
            Health::Unusable => Self::StoreUnusable,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_the_documented_ones() {
        let all = [
            Exit::Fine,
            Exit::Failed,
            Exit::Usage,
            Exit::Attention,
            Exit::Degraded,
            Exit::StoreUnusable,
            Exit::NotRunning,
        ];
        assert_eq!(all.map(|exit| exit as u8), [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_lost_store_is_unusable_a_missing_one_is_a_failure_and_a_closed_pipe_is_nothing() {
        let path = std::path::PathBuf::from("a.sqlite");
        let lost = StoreError::Lost {
            path: path.clone(),
            marker: path.clone(),
        };
        assert_eq!(Exit::of_error(&lost.into()), Exit::StoreUnusable);
        assert_eq!(
            Exit::of_error(&StoreError::Missing { path }.into()),
            Exit::Failed
        );
        let closed = io::Error::from(io::ErrorKind::BrokenPipe);
        assert_eq!(Exit::of_error(&closed.into()), Exit::Fine);
    }
}
