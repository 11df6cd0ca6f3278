//! What is to be written to the store next, kept until it was.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::job::{DropId, Reason, Settled};
use crate::store::jobs::{self, Selection};
use crate::store::provenance::{About, EventKind, note};

/// Most files in one transaction: it takes some ten milliseconds, for which the desk's recorder may have to wait.
pub(crate) const BATCH_MAX: usize = 500;

/// Most events that wait to be written. They are about folders, not files; were a store refused for so long, the later
/// ones would tell nothing new.
const NOTES_MAX: usize = 1_000;

/// Files and events on their way into the store.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    new: BTreeMap<DropId, Vec<Settled>>,
    held: Vec<(DropId, Settled)>,
    released: Vec<Settled>,
    notes: Vec<(EventKind, About)>,
    files: usize,
}

impl Batch {
    /// A file to queue.
    pub(crate) fn queue(&mut self, drop: DropId, file: Settled) {
        self.new.entry(drop).or_default().push(file);
        self.files += 1;
    }

    /// A file to queue that was put aside as never settled under this very stamp.
    pub(crate) fn release(&mut self, drop: DropId, file: Settled) {
        self.released.push(file.clone());
        self.queue(drop, file);
    }

    /// A file to put aside as never settled.
    pub(crate) fn hold(&mut self, drop: DropId, file: Settled) {
        self.held.push((drop, file));
        self.files += 1;
    }

    /// Something to tell.
    pub(crate) fn tell(&mut self, kind: EventKind, about: About) {
        if self.notes.len() < NOTES_MAX {
            self.notes.push((kind, about));
        }
    }

    /// Whether it should be written before more is added.
    pub(crate) fn is_full(&self) -> bool {
        self.files >= BATCH_MAX
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.files == 0 && self.notes.is_empty()
    }

    /// Writes all of it; returns how many files came onto the queue.
    pub(crate) fn write(&self, db: &Connection, now_ms: i64) -> rusqlite::Result<usize> {
        for (kind, about) in &self.notes {
            note(db, now_ms, *kind, about)?;
        }
        for (drop, file) in &self.held {
            jobs::hold_unsettled(db, *drop, file, Reason::NeverSettled, now_ms)?;
        }
        let mut queued = 0;
        for (drop, files) in &self.new {
            queued += jobs::enqueue(db, *drop, files, now_ms)?;
        }
        for file in &self.released {
            queued += jobs::retry(db, &Selection::Path(file.path.clone()), now_ms)?;
        }
        Ok(queued)
    }
}
