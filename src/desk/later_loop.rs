//! The thread for what can wait: edits again, then judges again, then finds stories, slice by slice, whenever the desk has
//! nothing better to do.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::store::{Durability, StoreError, Trouble, relations};
use crate::stories::window::Window;

use super::{DeskError, Shared, judging, kill, now_ms, reedit_loop, story_loop};

/// Texts judged again between two commits: what the recorder may have to wait for. With a dozen candidates each they take
/// some hundredths of a second.
pub(super) const SLICE: usize = 16;

/// How often the thread looks by itself, and how long a slice waits while files are being recorded: what is done later is
/// done with more of what they tell, and not once for each of them.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// Pause before a transaction is repeated that something stood in the way of.
pub(super) const BUSY_PAUSE: Duration = Duration::from_millis(50);

pub(super) fn run(shared: &Shared, due: &Receiver<()>) -> Result<(), DeskError> {
    let reader = shared.store.reader()?;
    let mut window = Window::default();
    loop {
        match due.recv_timeout(PAUSE) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        // What is edited again has others judged again, which changes families, and those stories; never the other way
        // round.
        while reedit_loop::pass(shared, &reader, due)?
            || rejudge(shared, &reader, due)?
            || story_loop::pass(shared, &reader, due, &mut window)?
        {}
        if shared.lane.is_stopping() {
            return Ok(());
        }
    }
}

/// Waits until the desk has nothing better to do, though not for long; whether work may go on.
pub(super) fn wait_for_leisure(shared: &Shared, due: &Receiver<()>) -> bool {
    // What pauses the intake, a disk that is nearly full, pauses this too.
    let paused = shared.lane.report(Instant::now()).paused.is_some();
    if paused || shared.lane.is_stopping() {
        return false;
    }
    if !shared.lane.is_idle() {
        // The recorder rings with every commit, so this ends once it has nothing more to do.
        due.recv_timeout(PAUSE).unwrap_or(());
    }
    true
}

pub(super) fn wrong(shared: &Shared, source: rusqlite::Error) -> StoreError {
    StoreError::Sqlite {
        path: shared.store.path().to_owned(),
        source,
    }
}

/// Judges again what is due; whether there was anything.
fn rejudge(shared: &Shared, reader: &Connection, due: &Receiver<()>) -> Result<bool, DeskError> {
    let mut any = false;
    let count = || relations::count_due(reader).map_err(|source| wrong(shared, source));
    while count()? > 0 && wait_for_leisure(shared, due) {
        kill::point("before-rejudge");
        match judge_slice(shared, SLICE) {
            Ok(0) => break,
            Ok(_) => any = true,
            Err(error) => match error.trouble() {
                Trouble::Busy => std::thread::park_timeout(BUSY_PAUSE),
                Trouble::Full => std::thread::park_timeout(PAUSE),
                Trouble::Item => one_by_one(shared)?,
                Trouble::Stop => return Err(error.into()),
            },
        }
    }
    if any {
        (shared.listeners.changed)();
    }
    Ok(any)
}

fn judge_slice(shared: &Shared, most: usize) -> Result<usize, StoreError> {
    shared
        .store
        .write(Durability::Now, |db| judging::rejudge(db, most, now_ms()))
}

/// Judges a slice again that breaks a rule of the schema: text by text, and the one at fault stays as it was.
fn one_by_one(shared: &Shared) -> Result<(), StoreError> {
    for _ in 0..SLICE {
        match judge_slice(shared, 1) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if error.trouble() == Trouble::Item => {
                tracing::error!(%error, "the store refused what a text was judged to be");
                shared.store.write(Durability::Now, |db| {
                    for text in relations::due(db, 1)? {
                        relations::unset_due(db, text)?;
                    }
                    Ok(())
                })?;
            }
            // Whoever called comes again.
            Err(error) if matches!(error.trouble(), Trouble::Busy | Trouble::Full) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
