//! Finds the stories anew, slice by slice, once nothing is to be judged again: part of the thread for what can wait.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::store::{Durability, StoreError, Trouble, stories};
use crate::stories::window::Window;

use super::later_loop::{self, BUSY_PAUSE, PAUSE};
use super::{DeskError, Shared, kill, seating, telling};

/// How long a slice lasts: what the recorder may have to wait for. By time, since an item may be linked to a few others or to
/// thousands.
const SLICE: Duration = Duration::from_millis(20);

/// Articles told, or items seated, between two looks at the clock.
const TOLD: usize = 2;
const SEATED: usize = 8;

/// Articles that are gone through one by one after one was refused.
const ONE_BY_ONE: usize = 100;

/// Looks at what is noted, one slice of it, leisure provided; whether there was anything. What is to be judged again
/// meanwhile comes before the next.
pub(super) fn pass(
    shared: &Shared,
    reader: &Connection,
    due: &Receiver<()>,
    window: &mut Window,
) -> Result<bool, DeskError> {
    let is_waiting =
        stories::is_waiting(reader).map_err(|source| later_loop::wrong(shared, source))?;
    if !is_waiting || !later_loop::wait_for_leisure(shared, due) {
        return Ok(false);
    }
    kill::point("before-stories");
    match slice(shared, window) {
        Ok(0) => return Ok(false),
        Ok(_) => {}
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
    (shared.listeners.changed)();
    Ok(true)
}

/// First all items are told, then all are seated.
fn step(
    db: &Connection,
    window: &mut Window,
    told: usize,
    seated: usize,
) -> rusqlite::Result<usize> {
    match telling::tell(db, window, told)? {
        0 => seating::seat_marked(db, seated),
        told => Ok(told),
    }
}

fn slice(shared: &Shared, window: &mut Window) -> Result<usize, StoreError> {
    shared.store.write(Durability::Now, |db| {
        let began = Instant::now();
        let mut done = 0;
        while began.elapsed() < SLICE {
            match step(db, window, TOLD, SEATED)? {
                0 => break,
                n => done += n,
            }
        }
        Ok(done)
    })
}

/// Goes through a slice that breaks a rule of the schema: one by one, and the one at fault stays as it was.
fn one_by_one(shared: &Shared, window: &mut Window) -> Result<(), StoreError> {
    for _ in 0..ONE_BY_ONE {
        let one = shared
            .store
            .write(Durability::Now, |db| step(db, window, 1, 1));
        match one {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                *window = Window::default();
                match error.trouble() {
                    // Whoever called comes again.
                    Trouble::Busy | Trouble::Full => return Ok(()),
                    Trouble::Stop => return Err(error),
                    Trouble::Item => {
                        tracing::error!(%error, "the store refused where an article sits among stories");
                        shared.store.write(Durability::Now, leave_next)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Leaves the next that would be looked at as it was.
fn leave_next(db: &Connection) -> rusqlite::Result<()> {
    if let Some(article) = stories::untold(db, 1)?.first() {
        return stories::set_told(db, *article);
    }
    match stories::next_marked(db)? {
        Some((step, rank)) => stories::unmark(db, step, &rank),
        None => Ok(()),
    }
}
