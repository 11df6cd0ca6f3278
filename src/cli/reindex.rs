//! `reindex`: the index and what follows from it made anew.

use crate::daemon::ingest::interruption;
use crate::daemon::reindex::reindex;

use super::render::{self, Printer};
use super::run::plain;
use super::{Call, Exit, log};

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// Fails if a signal ended it early.
pub(super) fn run(_args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    log::begin_quietly();
    let mut progress = render::doctor::Progress::new(out.style());
    let interrupted = interruption().map_err(plain)?;
    let settings = call.settings()?;
    let summary = reindex(
        &settings,
        &mut |here| progress.show(here.stage.as_str(), here.done, here.of),
        &|| interrupted.load(std::sync::atomic::Ordering::Relaxed),
    );
    progress.end();
    let summary = summary.map_err(plain)?;
    if out.style().json {
        out.json(&summary)?;
    } else {
        render::doctor::reindexed(&summary, out)?;
    }
    Ok(if summary.interrupted.is_none() {
        Exit::Fine
    } else {
        Exit::Failed
    })
}
