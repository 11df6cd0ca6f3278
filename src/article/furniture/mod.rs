//! What recurs across the different articles of a source: its furniture, where no classifier can know it.
//!
//! [`Observation`] is what one article tells about its source: the keys of its blocks, and a sketch by which articles are
//! told apart. It is taken from the article as it is edited *without* knowing any furniture, so that what is learnt does
//! not depend on what was known when the article came. [`Furniture`] is what is known of a source; the blocks that are in
//! it are marked in the draft, and the story is then looked for again. Counting and remembering is the store's business.
//!
//! Invariant: pure, and the keys are stored: the same text gives the same key on every machine.

mod key;
mod sketch;

#[cfg(test)]
mod furniture_tests;

use super::clean::{Cleaned, Label, Piece};
use super::parse::{Block, Draft};
use sketch::Sketch;
pub use sketch::{HOLDERS_MAX, differ};

/// The keys of a source's furniture: sorted, distinct.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Furniture(Vec<u64>);

impl Furniture {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a block with this key is furniture.
    pub fn contains(&self, key: u64) -> bool {
        self.0.binary_search(&key).is_ok()
    }

    /// Those of these keys that are furniture.
    #[must_use]
    pub fn among(&self, keys: &[u64]) -> Self {
        let known = keys.iter().copied().filter(|key| self.contains(*key));
        Self(known.collect())
    }

    /// The keys: sorted, distinct.
    pub fn as_slice(&self) -> &[u64] {
        &self.0
    }
}

impl FromIterator<u64> for Furniture {
    fn from_iter<I: IntoIterator<Item = u64>>(keys: I) -> Self {
        let mut keys: Vec<u64> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        Self(keys)
    }
}

/// What one article tells about its source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// Keys of the blocks of its text and of those near it: sorted, distinct.
    pub keys: Vec<u64>,
    /// Digests of the identities it states (guid, URL): articles that share one are versions of one article.
    pub identities: Vec<u64>,
    /// By what it is told from others.
    pub sketch: Sketch,
}

/// A block that was marked as furniture of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Its key.
    pub key: u64,
    /// How it begins.
    pub text: String,
}

/// A block of a draft that is furniture of the source.
#[derive(Debug)]
pub(super) struct Mark {
    /// Which block.
    pub(super) block: usize,
    /// Whether it was taken for text without knowing that.
    pub(super) is_text: bool,
    /// What is told of it.
    pub(super) marked: Marked,
}

/// How many blocks beside the text are looked at on either side. What stands further off has no part in where the text
/// begins or ends.
const NEAR: usize = 40;
/// Most keys one article tells of. A page has some thirty blocks of text and some dozens around it; those nearest to the
/// ends of the text come first.
const KEYS_MAX: usize = 200;
/// Characters of a marked block that are shown.
const SHOWN_CHARS: usize = 160;

/// A cleaned draft, block by block: what each was taken for without knowing any furniture, and its key where it stands near
/// the text and is no field.
#[derive(Debug)]
pub(super) struct Seen {
    labels: Vec<Label>,
    keys: Vec<Option<key::Key>>,
}

/// Looks at a draft, given how it was cleaned without knowing any furniture.
pub(super) fn look(draft: &Draft, cold: &Cleaned<'_>) -> Seen {
    let labels = labels_of(draft, cold);
    let kept = |label: &Label| label.is_kept();
    let (first, last) = (labels.iter().position(kept), labels.iter().rposition(kept));
    let near = match (first, last) {
        (Some(first), Some(last)) => first.saturating_sub(NEAR)..last + NEAR + 1,
        _ => 0..0,
    };
    let key_of = |(at, (block, label)): (usize, (&Block, &Label))| {
        let wanted = near.contains(&at) && !is_field(*label);
        wanted.then(|| key::of(block)).flatten()
    };
    Seen {
        keys: draft
            .blocks
            .iter()
            .zip(&labels)
            .enumerate()
            .map(key_of)
            .collect(),
        labels,
    }
}

/// What an article tells about its source.
pub(super) fn observe(seen: &Seen, cold: &Cleaned<'_>, identities: &[&str]) -> Observation {
    let kept = |label: &Label| label.is_kept();
    let first = seen.labels.iter().position(kept).unwrap_or(0);
    let last = seen.labels.iter().rposition(kept).unwrap_or(0);
    let keys = seen.keys.iter().enumerate();
    let mut near: Vec<(usize, u64)> = keys
        .filter_map(|(at, key)| {
            let distance = at.abs_diff(first).min(at.abs_diff(last));
            key.map(|key| (distance, key.hash))
        })
        .collect();
    near.sort_unstable();
    let mut keys: Vec<u64> = near
        .into_iter()
        .map(|(_, key)| key)
        .take(KEYS_MAX)
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let text = cold.pieces.iter().filter(|piece| piece.label.is_kept());
    let text = text.map(|piece| {
        let key = seen.keys.get(piece.block).copied().flatten();
        (piece.text, key.map_or(0, |key| key.hash))
    });
    Observation {
        keys,
        identities: identities
            .iter()
            .map(|stated| key::digest(stated))
            .collect(),
        sketch: Sketch::of(text),
    }
}

/// The blocks that are furniture of the source. Only blocks the article tells of are, so that the store knows whom a change
/// of what is known concerns.
pub(super) fn mark(draft: &Draft, seen: &Seen, known: &Furniture) -> Vec<Mark> {
    if known.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (mut own, mut masked) = (0, 0);
    let blocks = draft.blocks.iter().zip(&seen.labels).zip(&seen.keys);
    for (at, ((block, label), key)) in blocks.enumerate() {
        let weight = if label.is_kept() {
            block.reading.weight
        } else {
            0
        };
        match key.filter(|key| known.contains(key.hash)) {
            Some(key) => {
                own += if key.is_masked { weight } else { 0 };
                masked += if key.is_masked { weight } else { 0 };
                found.push((at, block, key, label.is_kept()));
            }
            None => own += weight,
        }
    }
    // Reports made from a template repeat their sentences up to numbers. Where that is most of what an article says,
    // it is what it says.
    if masked * 2 > own {
        found.retain(|(.., key, is_text)| !(key.is_masked && *is_text));
    }
    let mark = |(at, block, key, is_text): (usize, &Block, key::Key, bool)| Mark {
        block: at,
        is_text,
        marked: Marked {
            key: key.hash,
            text: block.text.chars().take(SHOWN_CHARS).collect(),
        },
    };
    found.into_iter().map(mark).collect()
}

/// The label of each block; of one that was parted, that of its first part.
fn labels_of(draft: &Draft, cleaned: &Cleaned<'_>) -> Vec<Label> {
    let mut labels = vec![Label::Furniture; draft.blocks.len()];
    for piece in cleaned.pieces.iter().rev() {
        let Piece { label, block, .. } = piece;
        if let Some(place) = labels.get_mut(*block) {
            *place = *label;
        }
    }
    labels
}

/// What is kept as a field is no furniture, however often it recurs: headline of a column, name of an author.
const fn is_field(label: Label) -> bool {
    matches!(
        label,
        Label::Title
            | Label::Subtitle
            | Label::Byline
            | Label::Caption
            | Label::Credit
            | Label::Correction
    )
}
