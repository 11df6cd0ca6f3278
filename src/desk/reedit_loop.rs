//! The re-editing thread: edits again, slice by slice, what waits for it, whenever the desk has nothing better to do.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::job::ArticleId;
use crate::store::furniture;
use crate::store::{Durability, StoreError, Trouble};

use super::reediting::{self, Redone};
use super::{DeskError, Shared, kill, now_ms};

/// Articles between two commits: what the recorder may have to wait for.
const SLICE: usize = 32;

/// How often the thread looks by itself, and how long a slice waits while files are being recorded: what is edited later
/// is edited with more of what the source's articles tell, and not once for each of them.
const PAUSE: Duration = Duration::from_secs(1);

/// Pause before a transaction is repeated that something stood in the way of.
const BUSY_PAUSE: Duration = Duration::from_millis(50);

pub(super) fn run(shared: &Shared, due: &Receiver<()>) -> Result<(), DeskError> {
    let reader = shared.store.reader()?;
    loop {
        match due.recv_timeout(PAUSE) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        while pass(shared, &reader, due)? {}
        if shared.lane.is_stopping() {
            return Ok(());
        }
    }
}

/// Goes once through what waits; tells whether there was anything, and it should be looked again.
fn pass(shared: &Shared, reader: &Connection, due: &Receiver<()>) -> Result<bool, DeskError> {
    let (mut behind, mut any) = (ArticleId(0), false);
    loop {
        // What pauses the intake, a disk that is nearly full, pauses this too.
        let paused = shared.lane.report(Instant::now()).paused.is_some();
        if paused || shared.lane.is_stopping() {
            return Ok(false);
        }
        let slice =
            furniture::waiting(reader, behind, SLICE).map_err(|source| wrong(shared, source))?;
        let Some(last) = slice.last() else {
            break;
        };
        if !shared.lane.is_idle() {
            // The recorder rings with every commit, so this ends once it has nothing more to do.
            due.recv_timeout(PAUSE).unwrap_or(());
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

fn wrong(shared: &Shared, source: rusqlite::Error) -> StoreError {
    StoreError::Sqlite {
        path: shared.store.path().to_owned(),
        source,
    }
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
