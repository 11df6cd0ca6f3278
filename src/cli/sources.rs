//! `sources`: who sends what.

use super::render::{self, Printer};
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let sources = call.reader()?.sources()?;
    if out.style().json {
        out.json_lines(&sources)?;
    } else {
        render::lists::sources(&sources, call.now_ms(), out)?;
    }
    Ok(Exit::Fine)
}
