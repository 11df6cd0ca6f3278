//! The thread that moves the prints of new texts to their places in the index: slice by slice, between the recorder's
//! commits, so that none of them waits long.

use std::sync::mpsc::{Receiver, RecvTimeoutError};

use crate::store::{Durability, Trouble, index};

use super::later_loop::{BUSY_PAUSE, PAUSE};
use super::{DeskError, Shared};

/// Prints moved between two commits of the recorder: at ten million texts each lies on a page of its own, and some
/// thousand pages are written in a few hundredths of a second. Twice as many took over a tenth on a busy machine.
pub(super) const SLICE: usize = 4_096;

pub(super) fn run(shared: &Shared, due: &Receiver<()>) -> Result<(), DeskError> {
    loop {
        match due.recv_timeout(PAUSE) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        while !shared.lane.is_stopping() {
            // What is in memory is on the disk too, in one piece: nothing is lost with it.
            match shared
                .store
                .write(Durability::Later, |db| index::fill(db, SLICE))
            {
                Ok(true) => std::thread::yield_now(),
                Ok(false) => break,
                Err(error) => match error.trouble() {
                    Trouble::Busy => std::thread::park_timeout(BUSY_PAUSE),
                    Trouble::Full => {
                        std::thread::park_timeout(PAUSE);
                        break;
                    }
                    Trouble::Item | Trouble::Stop => return Err(error.into()),
                },
            }
        }
        if shared.lane.is_stopping() {
            return Ok(());
        }
    }
}
