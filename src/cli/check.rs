//! `check`: loads the configuration, looks at every folder and at the store, and starts nothing.

use std::path::Path;

use serde::Serialize;

use crate::config::{Drop, Settings};
use crate::intake::is_network;
use crate::job::After;
use crate::store::{StoreError, open_reader};

use super::render::{self, Printer};
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// What was looked at, and what is wrong with it.
#[derive(Debug, Serialize)]
pub(crate) struct Finding {
    /// What was looked at.
    pub(crate) what: String,
    /// What is wrong, and what would help.
    pub(crate) wrong: Option<String>,
}

/// What the check found.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    schema: u32,
    /// The configuration file, if one was read.
    pub(crate) config: Option<String>,
    /// Everything that was looked at.
    pub(crate) findings: Vec<Finding>,
}

pub(super) fn run(_args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let settings = call.settings()?;
    let mut findings = vec![store(&settings)];
    findings.extend(settings.drops.iter().map(drop_folder));
    findings.extend(settings.drops.iter().filter_map(destination));
    let report = Report {
        schema: 1,
        config: settings
            .file
            .as_ref()
            .map(|path| path.display().to_string()),
        findings,
    };
    if out.style().json {
        out.json(&report)?;
    } else {
        render::work::checked(&report, out)?;
    }
    let all_right = report
        .findings
        .iter()
        .all(|finding| finding.wrong.is_none());
    Ok(if all_right { Exit::Fine } else { Exit::Failed })
}

fn store(settings: &Settings) -> Finding {
    let path = &settings.store;
    let wrong = match open_reader(path) {
        // The daemon makes it, or upgrades it.
        Err(StoreError::Missing { .. }) => nearest(path).and_then(not_writable),
        Ok(_) | Err(StoreError::Older { .. }) => not_writable(path),
        Err(error) => Some(error.to_string()),
    };
    Finding {
        what: format!("store {}", path.display()),
        wrong,
    }
}

/// The folder that exists of those a path lies in.
fn nearest(path: &Path) -> Option<&Path> {
    path.ancestors().skip(1).find(|folder| folder.is_dir())
}

fn not_writable(path: &Path) -> Option<String> {
    let access = rustix::fs::Access::WRITE_OK;
    rustix::fs::access(path, access).err().map(|error| {
        format!(
            "{} cannot be written by this user: {}",
            path.display(),
            std::io::Error::from(error)
        )
    })
}

fn drop_folder(drop: &Drop) -> Finding {
    let path = &drop.path;
    let wrong = match path.metadata() {
        Err(error) => Some(format!("{error}: make it, or mount what it lies on")),
        Ok(metadata) if !metadata.is_dir() => Some("it is not a folder".to_owned()),
        Ok(_) => std::fs::read_dir(path)
            .err()
            .map(|error| format!("cannot be read by this user: {error}"))
            .or_else(|| {
                (drop.after != After::Keep)
                    .then(|| not_writable(path))
                    .flatten()
            }),
    };
    let network = if is_network(path).unwrap_or(false) {
        " (a network file system: polled)"
    } else {
        ""
    };
    Finding {
        what: format!("drop {} {}{network}", drop.name, path.display()),
        wrong,
    }
}

fn destination(drop: &Drop) -> Option<Finding> {
    let After::Move(path) = &drop.after else {
        return None;
    };
    Some(Finding {
        what: format!("move_to of drop {} {}", drop.name, path.display()),
        wrong: if path.is_dir() {
            not_writable(path)
        } else {
            nearest(path).and_then(not_writable)
        },
    })
}
