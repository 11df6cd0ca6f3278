//! `doctor`: whether the record agrees with itself, and what puts it right where it does not.

use crate::report::doctor::{Finding, examine};

use super::render::{self, Printer};
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// A person should look at what it finds; a file that is damaged is no store.
pub(super) fn run(_args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let reader = call.reader()?;
    let mut progress = render::doctor::Progress::new(out.style());
    let report = examine(&reader, &mut |step| {
        progress.show(step.check, step.done, step.of);
    });
    progress.end();
    let report = report?;
    if out.style().json {
        out.json(&report)?;
    } else {
        render::doctor::examined(&report, out)?;
    }
    Ok(if report.findings().any(Finding::is_damage) {
        Exit::StoreUnusable
    } else if report.findings().next().is_some() {
        Exit::Attention
    } else {
        Exit::Fine
    })
}
