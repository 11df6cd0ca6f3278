//! The after-action thread: does what is due once its record is durable, and marks it done.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::store::afters::{self, AfterDue, AfterOutcome};
use crate::store::{Durability, Trouble};

use super::{DeskError, Shared, after, kill, now_ms};

/// After-actions between two marks in the store.
const BATCH: usize = 64;

/// How long an after-action that could not be done waits, and how often the thread looks for such.
const PAUSE: Duration = Duration::from_secs(30);

pub(super) fn run(shared: &Shared, due: &Receiver<()>) -> Result<(), DeskError> {
    let reader = shared.store.reader()?;
    loop {
        turn(shared, &reader)?;
        if shared.lane.is_stopping() {
            return Ok(());
        }
        match due.recv_timeout(PAUSE) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

fn turn(shared: &Shared, reader: &rusqlite::Connection) -> Result<(), DeskError> {
    for (id, drop) in &shared.drops {
        loop {
            let path = shared.store.path();
            let batch = afters::after_due(reader, *id, now_ms(), BATCH).map_err(|source| {
                crate::store::StoreError::Sqlite {
                    path: path.to_owned(),
                    source,
                }
            })?;
            if batch.is_empty() || shared.lane.is_stopping() {
                break;
            }
            let outcomes: Vec<(AfterDue, AfterOutcome)> = batch
                .into_iter()
                .map(|due| {
                    kill::point("before-after");
                    let outcome = after::act(&*shared.disk, &drop.after, &due, &drop.path)
                        .unwrap_or_else(|why| put_off(&due, why));
                    kill::point("after-after");
                    (due, outcome)
                })
                .collect();
            mark(shared, &outcomes)?;
        }
    }
    Ok(())
}

fn put_off(due: &AfterDue, why: String) -> AfterOutcome {
    tracing::warn!(path = ?due.path, why, "the after-action is put off");
    let pause_ms = i64::try_from(PAUSE.as_millis()).unwrap_or(0);
    AfterOutcome::Again(why, now_ms() + pause_ms)
}

fn mark(shared: &Shared, outcomes: &[(AfterDue, AfterOutcome)]) -> Result<(), DeskError> {
    kill::point("before-mark");
    loop {
        let marked = shared.store.write(Durability::Later, |db| {
            for (due, outcome) in outcomes {
                afters::mark_after(db, due.id, outcome, now_ms())?;
            }
            Ok(())
        });
        match marked {
            Ok(()) => break,
            Err(error) if matches!(error.trouble(), Trouble::Busy | Trouble::Full) => {
                // The marks are repeatable: at the next start, if not now.
                if shared.lane.is_stopping() {
                    return Ok(());
                }
                std::thread::park_timeout(Duration::from_secs(1));
            }
            Err(error) => return Err(error.into()),
        }
    }
    kill::point("after-mark");
    Ok(())
}
