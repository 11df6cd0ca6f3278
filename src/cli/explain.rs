//! `explain`: why a file was or was not taken.

use std::path::{Path, PathBuf};

use super::call::spellings;
use super::render::{self, Printer};
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file; it need not exist any more
    #[arg(value_name = "PATH")]
    path: PathBuf,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    of_path(&args.path, call, out)
}

/// Explains the file at this path.
pub(super) fn of_path(path: &Path, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let reader = call.reader()?;
    let settings = match call.settings() {
        Ok(settings) => Some(settings),
        // With --store the record can be asked even while the configuration is wrong.
        Err(_) if call.common().store.is_some() => None,
        Err(error) => return Err(error.into()),
    };
    let mut explained = Vec::new();
    for path in spellings(path) {
        explained.push(reader.explain(&path, settings.as_ref())?);
    }
    // The spelling the record knows, else the one that lies in a drop folder, else as it was written.
    explained.sort_by_key(|about| (about.sightings.is_empty(), about.drop.is_none()));
    let Some(explanation) = explained.first() else {
        return Ok(Exit::Failed);
    };
    if out.style().json {
        out.json(explanation)?;
    } else {
        render::explain::show(explanation, call.now_ms(), out)?;
    }
    Ok(if explanation.standing.is_well() {
        Exit::Fine
    } else {
        Exit::Failed
    })
}
