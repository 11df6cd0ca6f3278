//! Finds the stories anew, slice by slice, once nothing is to be judged again: part of the thread for what can wait.

use std::sync::mpsc::Receiver;

use rusqlite::Connection;

use crate::store::{Durability, StoreError, Trouble, stories};
use crate::stories::window::Window;

use super::later_loop::{self, BUSY_PAUSE, PAUSE};
use super::{DeskError, Shared, kill, seating, telling};

/// Articles looked at between two commits: what the recorder may have to wait for.
const TOLD: usize = 24;

/// Items seated between two commits.
const SEATED: usize = 96;

/// Looks at what is noted, leisure provided; whether there was anything.
pub(super) fn pass(
    shared: &Shared,
    reader: &Connection,
    due: &Receiver<()>,
    window: &mut Window,
) -> Result<bool, DeskError> {
    let mut any = false;
    let is_waiting =
        || stories::is_waiting(reader).map_err(|source| later_loop::wrong(shared, source));
    while is_waiting()? && later_loop::wait_for_leisure(shared, due) {
        kill::point("before-stories");
        match slice(shared, window, TOLD, SEATED) {
            Ok(0) => break,
            Ok(_) => any = true,
            Err(error) => {
                // What is at hand may be of the transaction that was rolled back.
                *window = Window::default();
                match error.trouble() {
                    Trouble::Busy => std::thread::park_timeout(BUSY_PAUSE),
                    Trouble::Full => std::thread::park_timeout(PAUSE),
                    Trouble::Item => one_by_one(shared, window)?,
                    Trouble::Stop => return Err(error.into()),
                }
            }
        }
    }
    if any {
        (shared.listeners.changed)();
    }
    Ok(any)
}

/// First all items are told, then all are seated.
fn slice(
    shared: &Shared,
    window: &mut Window,
    told: usize,
    seated: usize,
) -> Result<usize, StoreError> {
    shared.store.write(Durability::Now, |db| {
        match telling::tell(db, window, told)? {
            0 => seating::seat_marked(db, seated),
            told => Ok(told),
        }
    })
}

/// Goes through a slice that breaks a rule of the schema: one by one, and the one at fault stays as it was.
fn one_by_one(shared: &Shared, window: &mut Window) -> Result<(), StoreError> {
    for _ in 0..TOLD.max(SEATED) {
        match slice(shared, window, 1, 1) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if error.trouble() == Trouble::Item => {
                *window = Window::default();
                tracing::error!(%error, "the store refused where an article sits among stories");
                shared.store.write(Durability::Now, |db| {
                    if let Some(noted) = stories::untold(db, 1)?.first() {
                        return stories::set_told(db, *noted);
                    }
                    match stories::next_marked(db)? {
                        Some((step, rank)) => stories::unmark(db, step, &rank),
                        None => Ok(()),
                    }
                })?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
