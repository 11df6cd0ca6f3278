//! What the workers know of the furniture of sources: read when it is needed, kept until something changes.
//!
//! It may be behind what the record says; the recorder notices that and has the article edited again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Connection;

use crate::article::furniture::Furniture;
use crate::store::furniture;

/// How often something has changed.
#[derive(Debug, Default)]
pub(super) struct Changes(AtomicU64);

impl Changes {
    /// Something has: what was read before counts no more.
    pub(super) fn has_changed(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Most sources a worker keeps in mind.
const SOURCES_MAX: usize = 4_096;

/// What one worker knows.
#[derive(Debug, Default)]
pub(super) struct Cache {
    as_of: u64,
    sources: HashMap<String, Arc<Furniture>>,
}

impl Cache {
    /// The furniture of a source.
    pub(super) fn of_source(
        &mut self,
        changes: &Changes,
        reader: &Connection,
        source: &str,
    ) -> Arc<Furniture> {
        // Asked before the store is: what changes between the two is read again the next time.
        let now = changes.0.load(Ordering::SeqCst);
        if now != self.as_of || self.sources.len() >= SOURCES_MAX {
            self.sources.clear();
            self.as_of = now;
        }
        if let Some(known) = self.sources.get(source) {
            return Arc::clone(known);
        }
        let known = match furniture::of_source(reader, source) {
            Ok(furniture) => Arc::new(furniture),
            Err(error) => {
                tracing::warn!(%error, source, "cannot read what is furniture");
                return Arc::default();
            }
        };
        self.sources.insert(source.to_owned(), Arc::clone(&known));
        known
    }
}
