//! The parts of a text's judging one by one, for `benches/scale`: in the recorder's transaction they are one piece.

use rusqlite::Connection;

use crate::article::Edited;
use crate::store::index::Posting;
use crate::store::provenance::day_of;
use crate::store::texts::{self, Words};
use crate::verdict::Precedence;

use super::comparing::{self, Around};
use super::rows::described;
use super::{fill_loop, judging, later_loop};

/// Prints that are moved between two commits.
pub const FILL_SLICE: usize = fill_loop::SLICE;

/// Texts that are judged again between two commits.
pub const REJUDGE_SLICE: usize = later_loop::SLICE;

/// Judges texts again that are due; returns how many.
pub fn rejudge(db: &Connection, most: usize, now_ms: i64) -> rusqlite::Result<usize> {
    judging::rejudge(db, most, now_ms)
}

/// When the parts ended, by a clock of the caller's.
#[derive(Debug, Clone, Copy)]
pub struct Parts<T> {
    /// What comes before them.
    pub begun: T,
    /// Finding who has which of its prints.
    pub found: T,
    /// Choosing whom to compare it with, and comparing.
    pub compared: T,
    /// How many it was compared with.
    pub candidates: usize,
}

/// Looks for an article's candidates as if it was recorded next, and compares it with them; nothing is written. `None`
/// for a text that is in the record: it is compared with nobody.
pub fn parts<T>(
    db: &Connection,
    edited: &Edited,
    arrival_ms: i64,
    mut clock: impl FnMut() -> T,
) -> rusqlite::Result<Option<Parts<T>>> {
    if texts::find_text(db, &edited.fingerprint.text_digest)?.is_some() {
        return Ok(None);
    }
    let new = described(edited, arrival_ms);
    let precedence = Precedence {
        first_ms: new.first_ms,
        arrival_ms,
        text_bytes: std::cmp::Reverse(0),
        size_bytes: 0,
        digest: [0; 32],
        ordinal: 0,
    };
    let words = Words {
        title: new.title.map(str::to_owned),
        text: new.text.to_owned(),
        published_ms: new.published.map(|_| new.first_ms),
        source: None,
    };
    let own = Posting {
        day: day_of(new.first_ms),
        text: 0,
    };
    let prints = comparing::prints_of(new.text);
    let begun = clock();
    let around = Around::of(db, own, &precedence, &prints)?;
    let found = clock();
    let candidates = around.compare(db, &words)?.len();
    Ok(Some(Parts {
        begun,
        found,
        compared: clock(),
        candidates,
    }))
}
