//! `retry`: sends what was put aside back to the queue.

use std::path::PathBuf;

use crate::job::{JobId, Reason};
use crate::store::jobs::{self, Selection};
use crate::store::{Durability, Make, Store};

use super::call::absolute;
use super::render::{self, Printer};
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct Args {
    /// The jobs of these numbers, as `held` tells them
    #[arg(value_name = "ID")]
    ids: Vec<i64>,
    /// Those with this reason code
    #[arg(long, value_name = "CODE")]
    reason: Option<Reason>,
    /// Those of this drop folder
    #[arg(long, value_name = "NAME")]
    drop: Option<String>,
    /// Those of this file
    #[arg(long, value_name = "FILE")]
    path: Option<PathBuf>,
    /// All
    #[arg(long)]
    all: bool,
}

/// Fails if a job that was named by its number is not put aside: that is a slip. A selection may be empty.
pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let store = Store::open(&call.store_path()?, Make::Never)?;
    let now_ms = call.now_ms();
    let mut selections: Vec<Selection> = args
        .ids
        .iter()
        .map(|id| Selection::Job(JobId(*id)))
        .collect();
    selections.extend(args.reason.map(Selection::Reason));
    selections.extend(args.drop.clone().map(Selection::Drop));
    selections.extend(args.path.as_deref().map(absolute).map(Selection::Path));
    selections.extend(args.all.then_some(Selection::All));
    let released = store.write(Durability::Now, |db| {
        selections
            .iter()
            .map(|which| jobs::retry(db, which, now_ms))
            .collect::<rusqlite::Result<Vec<usize>>>()
    })?;
    let not_held: Vec<i64> = args
        .ids
        .iter()
        .zip(&released)
        .filter(|(_, released)| **released == 0)
        .map(|(id, _)| *id)
        .collect();
    let released = released.iter().sum();
    if out.style().json {
        out.json(&serde_json::json!({"schema": 1, "released": released, "not_held": not_held}))?;
    } else {
        render::lists::released(released, &not_held, out)?;
    }
    Ok(if not_held.is_empty() {
        Exit::Fine
    } else {
        Exit::Failed
    })
}
