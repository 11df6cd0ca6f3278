//! The words of blocks as numbers, so that blocks can be compared by what they speak of.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use super::phrases::Mixed;
use super::{Draft, prose};

/// Stems of a text, each packed into a number.
pub(super) type Vocabulary = HashSet<u64, BuildHasherDefault<Mixed>>;
/// Stems and in how many blocks they stand.
type Counts = HashMap<u64, u32, BuildHasherDefault<Mixed>>;

/// Most stems that are looked at: the first forty paragraphs of an article have some two thousand. The bound also keeps
/// a text made for it from crowding the set, whose hash is open to everybody.
pub(super) const STEMS_MAX: usize = 1 << 15;
/// Most stems of one block that are looked at.
const BLOCK_STEMS_MAX: usize = 120;

/// The stems of all blocks, in one list.
#[derive(Debug)]
pub(super) struct Stems {
    stems: Vec<u64>,
    /// Where each block's stems end.
    ends: Vec<usize>,
}

impl Stems {
    /// Takes the stems of every block.
    pub(super) fn of(draft: &Draft) -> Self {
        let mut all = Self {
            stems: Vec::new(),
            ends: Vec::with_capacity(draft.blocks.len()),
        };
        for block in &draft.blocks {
            let room = STEMS_MAX.saturating_sub(all.stems.len());
            all.stems
                .extend(stems(block.squeezed()).take(BLOCK_STEMS_MAX.min(room)));
            all.ends.push(all.stems.len());
        }
        all
    }

    /// The stems of one block.
    pub(super) fn get(&self, at: usize) -> &[u64] {
        let end = self.ends.get(at).copied().unwrap_or_default();
        let start = at
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or_default();
        self.stems.get(start..end).unwrap_or_default()
    }

    /// For every block, the share of its stems that stand in blocks of `of` as well, itself apart.
    pub(super) fn shared(&self, of: impl Fn(usize) -> bool) -> Vec<f32> {
        let mut counts = Counts::default();
        for at in (0..self.ends.len()).filter(|at| of(*at)) {
            for stem in self.get(at) {
                *counts.entry(*stem).or_default() += 1;
            }
        }
        (0..self.ends.len())
            .map(|at| {
                let own = u32::from(of(at));
                let known = |stem: &&u64| counts.get(*stem).is_some_and(|count| *count > own);
                share(
                    self.get(at).iter().filter(known).count(),
                    self.get(at).len(),
                )
            })
            .collect()
    }
}

/// A share of a few; of fewer than three it is never whole.
#[expect(clippy::cast_precision_loss, reason = "counts of words")]
pub(super) fn share(part: usize, all: usize) -> f32 {
    part as f32 / all.max(3) as f32
}

/// The stems of squeezed words: the first six letters of those with four or more, since titles and leads inflect
/// differently; of ideographs every two in a row.
pub(super) fn stems(squeezed: &str) -> impl Iterator<Item = u64> {
    squeezed.split(' ').flat_map(|word| {
        let ideographs = !word.is_ascii() && word.chars().any(prose::is_ideograph);
        let pairs = word.chars().zip(word.chars().skip(1));
        let pairs = pairs.map(|(a, b)| packed([a, b].into_iter(), 21));
        let long = word.len() >= 4 && !ideographs && word.chars().nth(3).is_some();
        let stem = long.then(|| packed(word.chars().take(6), 10));
        stem.into_iter()
            .chain(pairs.take(if ideographs { usize::MAX } else { 0 }))
    })
}

/// Characters in a row as one number. Letters of an alphabet differ in their lowest ten bits, so that six fit well
/// enough: two stems that meet by chance weigh one word of a headline.
fn packed(letters: impl Iterator<Item = char>, bits: u32) -> u64 {
    letters.fold(u64::from(bits), |packed, letter| {
        (packed << bits) ^ u64::from(letter)
    })
}
