//! `run`: the daemon.

use std::path::PathBuf;

use crate::config::{ConfigError, Drop, Settings, Surroundings};
use crate::daemon::{self, DaemonError, Plan};
use crate::desk::DeskError;
use crate::intake::IntakeError;

use super::call::absolute;
use super::render::{self, Printer};
use super::{Call, Exit, log};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folders to watch, made if missing, instead of those of the configuration
    #[arg(value_name = "DIR")]
    dirs: Vec<PathBuf>,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    log::begin();
    let settings = watched(call.settings()?, &args.dirs);
    let style = out.style();
    let reload = {
        let (common, dirs) = (call.common().clone(), args.dirs.clone());
        move || -> Result<Settings, ConfigError> {
            Call::new(common.clone())
                .settings()
                .map(|settings| watched(settings, &dirs))
        }
    };
    let names_store = call.common().store.is_some() || call.common().config.is_some();
    let is_usual = !names_store
        && Surroundings::of_process()
            .store()
            .is_ok_and(|path| path == settings.store);
    let plan = Plan {
        make_folders: !args.dirs.is_empty(),
        settings,
        reload: Box::new(reload),
        ready: Box::new(move |settings| render::work::ready(settings, is_usual, style)),
    };
    daemon::run(plan).map_err(plain)?;
    Ok(Exit::Fine)
}

/// The settings with the folders of the command line, if it names any; a folder that is configured keeps what is said
/// of it there.
fn watched(mut settings: Settings, dirs: &[PathBuf]) -> Settings {
    if dirs.is_empty() {
        return settings;
    }
    let mut drops: Vec<Drop> = Vec::new();
    for dir in dirs {
        let path = absolute(dir);
        let configured = settings.drops.iter().find(|drop| drop.path == path);
        let mut drop = configured.cloned().unwrap_or_else(|| Drop::plain(path));
        let plain = drop.name.clone();
        let mut n = 2;
        while drops.iter().any(|other| other.name == drop.name) {
            drop.name = format!("{plain}-{n}");
            n += 1;
        }
        drops.push(drop);
    }
    settings.drops = drops;
    settings
}

/// The error within, so that its kind decides the exit code.
pub(super) fn plain(error: DaemonError) -> anyhow::Error {
    match error {
        DaemonError::Config(error) => error.into(),
        DaemonError::Tenancy(error) => error.into(),
        DaemonError::Store(error)
        | DaemonError::Desk(DeskError::Store(error))
        | DaemonError::Intake(IntakeError::Store(error)) => error.into(),
        DaemonError::Desk(error) => error.into(),
        DaemonError::Intake(error) => error.into(),
        other @ (DaemonError::Folder { .. }
        | DaemonError::System { .. }
        | DaemonError::NothingToWatch
        | DaemonError::Unfinished) => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_folders_of_one_name_are_told_apart_and_a_configured_one_keeps_its_settings() {
        let mut settings = Settings::defaults(PathBuf::from("/s"));
        settings.drops.push(Drop {
            name: "wire".to_owned(),
            ..Drop::plain(PathBuf::from("/c/in"))
        });
        let dirs = ["/a/in", "/b/in", "/c/in"].map(PathBuf::from);
        let names: Vec<String> = watched(settings, &dirs)
            .drops
            .into_iter()
            .map(|drop| drop.name)
            .collect();
        assert_eq!(names, ["in", "in-2", "wire"]);
    }
}
