//! The index of a store and what follows from it made anew, step by step, then an end.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::config::Settings;
use crate::desk::reindexing::{Reindexing, Stage};
use crate::store::{Durability, Make, Store, StoreError, Trouble, open_reader};

use super::{DaemonError, Tenure, now_ms};

/// Pause before a step is repeated that another program's transaction stood in the way of.
const BUSY_PAUSE: Duration = Duration::from_millis(50);

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Version of this object.
    pub schema: u32,
    /// Verdicts that were not as they are now.
    pub judged: i64,
    /// Articles that came to a family.
    pub joined: i64,
    /// Articles that left one.
    pub parted: i64,
    /// Whether the full-text index was not as it is now.
    pub search: bool,
    /// Seconds it took.
    pub seconds: f64,
    /// At what a signal ended it early, if one did.
    pub interrupted: Option<Stage>,
}

/// Makes everything anew. `tell` hears of each step; `interrupted` is asked after it.
pub fn reindex(
    settings: &Settings,
    tell: &mut dyn FnMut(&Reindexing),
    interrupted: &dyn Fn() -> bool,
) -> Result<Summary, DaemonError> {
    let began = Instant::now();
    if !settings.store.exists() {
        // Says what is the matter, and leaves nothing beside a store that is not there.
        open_reader(&settings.store)?;
    }
    let tenure = Tenure::begin(settings, "reindex", Make::Never)?;
    let store = &tenure.store;
    let mut here = store.write(Durability::Later, Reindexing::begin)?;
    let mut stopped = None;
    while here.stage != Stage::Done {
        tell(&here);
        if interrupted() {
            stopped = Some(here.stage);
            break;
        }
        here = step(store, &here)?;
    }
    let changes = store.write(Durability::Now, |db| here.changes(db))?;
    let summary = Summary {
        schema: 1,
        judged: changes.judged,
        joined: changes.joined,
        parted: changes.parted,
        search: here.is_search_rebuilt,
        seconds: began.elapsed().as_secs_f64(),
        interrupted: stopped,
    };
    tenure.end()?;
    Ok(summary)
}

/// Commits one step, waiting out another writer.
fn step(store: &Store, here: &Reindexing) -> Result<Reindexing, StoreError> {
    loop {
        // Whatever is lost in a power cut is found to be due, and done again.
        match store.write(Durability::Later, |db| here.step(db, now_ms())) {
            Err(error) if error.trouble() == Trouble::Busy => {
                std::thread::park_timeout(BUSY_PAUSE);
            }
            done => return done,
        }
    }
}
