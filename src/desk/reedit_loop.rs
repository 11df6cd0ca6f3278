//! Edits again, slice by slice, what waits for it.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use rusqlite::Connection;

use crate::job::ArticleId;
use crate::store::furniture;
use crate::store::{Durability, StoreError, Trouble};

use super::later_loop::{BUSY_PAUSE, PAUSE, wait_for_leisure, wrong};
use super::reediting::{self, Redone};
use super::{DeskError, Shared, kill, now_ms};

/// Articles between two commits: what the recorder may have to wait for.
const SLICE: usize = 32;

/// Goes once through what waits; tells whether there was anything, and it should be looked again.
pub(super) fn pass(
    shared: &Shared,
    reader: &Connection,
    due: &Receiver<()>,
) -> Result<bool, DeskError> {
    let (mut behind, mut any) = (ArticleId(0), false);
    loop {
        let slice =
            furniture::waiting(reader, behind, SLICE).map_err(|source| wrong(shared, source))?;
        let Some(last) = slice.last() else {
            break;
        };
        if !wait_for_leisure(shared, due) {
            return Ok(false);
        }
        any = true;
        behind = last.article;
        let mut learnt = |source: &str| match furniture::of_source(reader, source) {
            Ok(furniture) => Arc::new(furniture),
            Err(error) => {
                // It is then found to be edited with the wrong furniture, and stays on the queue.
                tracing::warn!(%error, source, "cannot read what is furniture");
                Arc::default()
            }
        };
        kill::point("before-reedit");
        let redone: Vec<Redone> = slice
            .into_iter()
            .map(|again| reediting::edit(again, &shared.rules, &mut learnt))
            .collect();
        commit(shared, &redone)?;
    }
    if any {
        (shared.listeners.changed)();
    }
    Ok(any)
}

/// Commits a slice, waiting out another writer and a full disk. A slice the schema refuses is committed one by one, and
/// the article at fault keeps what the record says of it.
fn commit(shared: &Shared, redone: &[Redone]) -> Result<(), DeskError> {
    loop {
        match try_commit(shared, redone) {
            Ok(()) => return Ok(()),
            Err(error) => match error.trouble() {
                Trouble::Busy => std::thread::park_timeout(BUSY_PAUSE),
                Trouble::Full => std::thread::park_timeout(PAUSE),
                Trouble::Item if redone.len() > 1 => {
                    for one in redone.chunks(1) {
                        commit(shared, one)?;
                    }
                    return Ok(());
                }
                Trouble::Item => {
                    tracing::error!(%error, "the store refused an article that was edited again");
                    let why = error.to_string();
                    return Ok(shared.store.write(Durability::Now, |db| {
                        reediting::give_up(db, redone, &why, now_ms())
                    })?);
                }
                Trouble::Stop => return Err(error.into()),
            },
        }
        if shared.lane.is_stopping() {
            return Ok(());
        }
    }
}

fn try_commit(shared: &Shared, redone: &[Redone]) -> Result<(), StoreError> {
    let after = shared.settings.furniture_after;
    let changed = shared.store.write(Durability::Now, |db| {
        let applied = reediting::apply(db, redone, after, now_ms())?;
        reediting::index(db, &applied.reindexed)?;
        kill::point("before-reedit-commit");
        Ok(applied.changed)
    })?;
    kill::point("after-reedit-commit");
    if changed {
        shared.furniture.has_changed();
    }
    Ok(())
}
