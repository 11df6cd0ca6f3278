//! `ingest`: the same pipeline once, for archives and scripts.

use std::path::PathBuf;

use crate::config::DropSource;
use crate::daemon::ingest::{Request, ingest, interruption};

use super::render::{self, Printer};
use super::run::plain;
use super::{Call, Exit, log};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files and folders to take in
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Who publishes them: a name, `subfolder` (the first sub-folder below PATH) or `document` (what each says)
    #[arg(long, value_name = "SOURCE", default_value = "document")]
    source: String,
}

/// Fails if a file could not be taken in; the summary says how many and why.
pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    log::begin_quietly();
    let request = Request {
        paths: args.paths.clone(),
        source: match args.source.as_str() {
            "document" => DropSource::Document,
            "subfolder" => DropSource::Subfolder,
            name => DropSource::Named(name.to_owned()),
        },
    };
    let mut progress = render::work::Progress::new(out.style());
    let interrupted = interruption().map_err(plain)?;
    let settings = call.settings()?;
    let summary = ingest(&settings, &request, &mut |now| progress.show(now), &|| {
        interrupted.load(std::sync::atomic::Ordering::Relaxed)
    });
    progress.end();
    let summary = summary.map_err(plain)?;
    if out.style().json {
        out.json(&summary)?;
    } else {
        render::work::summary(&summary, &settings.store, out)?;
    }
    Ok(if summary.is_complete() {
        Exit::Fine
    } else {
        Exit::Failed
    })
}
