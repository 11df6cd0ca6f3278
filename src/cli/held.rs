//! `held`: what is put aside, and why.

use crate::job::Reason;

use super::render::{self, Printer};
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// With this reason code
    #[arg(long, value_name = "CODE")]
    reason: Option<Reason>,
    /// Of this drop folder
    #[arg(long, value_name = "NAME")]
    drop: Option<String>,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let held = call.reader()?.held(args.reason, args.drop.as_deref())?;
    if out.style().json {
        out.json_lines(&held)?;
    } else {
        render::lists::held(&held, call.now_ms(), out)?;
    }
    Ok(Exit::Fine)
}
