//! The words of blocks as numbers, so that blocks can be compared by what they speak of.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::lexicon::each_word;
use super::phrases::Mixed;
use super::{Draft, prose};

/// Most different stems that are told apart: the first forty paragraphs of an article have some two thousand. The bound
/// also keeps a text made for it from crowding the table, whose hash is open to everybody.
const STEMS_MAX: usize = 1 << 15;
/// Room for stems from the first: the texts of the development data have two hundred lines on average. A table that grows
/// from nothing is filled anew at every doubling, eight times until it has room for as many.
const NUMBERS_ROOM: usize = 896;
/// Most stems of one block that are looked at.
const BLOCK_STEMS_MAX: usize = 40;
/// Most stems of one document that are looked at.
const DOCUMENT_STEMS_MAX: usize = 1 << 20;

/// The stems of all blocks, each as a small number of its own.
#[derive(Debug)]
pub(super) struct Stems {
    /// Block after block.
    list: Vec<u32>,
    /// Where each block's stems end.
    ends: Vec<usize>,
    numbers: HashMap<u64, u32, BuildHasherDefault<Mixed>>,
}

/// Some of the stems of a document.
#[derive(Debug)]
pub(super) struct Vocabulary {
    known: Vec<bool>,
}

impl Vocabulary {
    /// Whether a stem is one of them.
    pub(super) fn has(&self, stem: u32) -> bool {
        self.known.get(stem as usize).copied().unwrap_or_default()
    }

    /// How many of these stems are of them.
    pub(super) fn count(&self, stems: &[u32]) -> usize {
        stems.iter().filter(|stem| self.has(**stem)).count()
    }
}

impl Stems {
    /// Takes the stems of every block.
    pub(super) fn of(draft: &Draft) -> Self {
        let mut all = Self {
            list: Vec::new(),
            ends: Vec::with_capacity(draft.blocks.len()),
            numbers: HashMap::with_capacity_and_hasher(NUMBERS_ROOM, BuildHasherDefault::default()),
        };
        for block in &draft.blocks {
            if all.list.len() < DOCUMENT_STEMS_MAX {
                let (list, numbers) = (&mut all.list, &mut all.numbers);
                stems(block.squeezed(), |stem| {
                    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                    if numbers.len() < STEMS_MAX {
                        list.push(*numbers.entry(stem).or_insert(next));
                    } else {
                        list.extend(numbers.get(&stem));
                    }
                });
            }
            all.ends.push(all.list.len());
        }
        all
    }

    /// The stems of one block.
    pub(super) fn get(&self, at: usize) -> &[u32] {
        let end = self.ends.get(at).copied().unwrap_or_default();
        let start = at
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or_default();
        self.list.get(start..end).unwrap_or_default()
    }

    /// The stems of a text that need not be a block; [`u32::MAX`] for those no block has.
    pub(super) fn read(&self, squeezed: &str) -> Vec<u32> {
        let mut all = Vec::new();
        stems(squeezed, |stem| {
            all.push(self.numbers.get(&stem).copied().unwrap_or(u32::MAX));
        });
        all
    }

    /// The stems that stand in some blocks.
    pub(super) fn vocabulary(&self, blocks: impl Iterator<Item = usize>) -> Vocabulary {
        self.only(blocks.flat_map(|at| self.get(at)))
    }

    /// Just these stems.
    pub(super) fn only<'a>(&self, stems: impl Iterator<Item = &'a u32>) -> Vocabulary {
        let mut known = vec![false; self.numbers.len()];
        for stem in stems {
            if let Some(flag) = known.get_mut(*stem as usize) {
                *flag = true;
            }
        }
        Vocabulary { known }
    }

    /// For every block, the share of its stems that stand in blocks of `of` as well, itself apart.
    pub(super) fn shared(&self, of: impl Fn(usize) -> bool) -> Vec<f32> {
        let mut counts = vec![0u32; self.numbers.len()];
        for at in (0..self.ends.len()).filter(|at| of(*at)) {
            for stem in self.get(at) {
                if let Some(count) = counts.get_mut(*stem as usize) {
                    *count += 1;
                }
            }
        }
        (0..self.ends.len())
            .map(|at| {
                let own = u32::from(of(at));
                let known = |stem: &&u32| counts.get(**stem as usize).is_some_and(|it| *it > own);
                let stems = self.get(at);
                share(stems.iter().filter(known).count(), stems.len())
            })
            .collect()
    }
}

/// A share of a few; of fewer than three it is never whole.
#[expect(clippy::cast_precision_loss, reason = "counts of words")]
pub(super) fn share(part: usize, all: usize) -> f32 {
    part as f32 / all.max(3) as f32
}

/// Gives `take` the stems of a text's first words: the first six letters of those with four or more, since titles and
/// leads inflect differently; of ideographs every two in a row.
fn stems(squeezed: &str, mut take: impl FnMut(u64)) {
    each_word(squeezed, BLOCK_STEMS_MAX, |word| {
        let text = word.text;
        if word.ascii {
            if text.len() >= 4 {
                let six = text.bytes().take(6);
                take(six.fold(10, |packed, byte| (packed << 10) ^ u64::from(byte)));
            }
        } else if text.chars().any(prose::is_ideograph) {
            let chars = text.chars();
            for (a, b) in chars.clone().zip(chars.skip(1)).take(BLOCK_STEMS_MAX) {
                take(packed([a, b].into_iter(), 21));
            }
        } else if text.chars().nth(3).is_some() {
            take(packed(text.chars().take(6), 10));
        }
    });
}

/// Characters in a row as one number. Letters of an alphabet differ in their lowest ten bits, so that six fit well
/// enough: two stems that meet by chance weigh one word of a headline.
fn packed(letters: impl Iterator<Item = char>, bits: u32) -> u64 {
    letters.fold(u64::from(bits), |packed, letter| {
        (packed << bits) ^ u64::from(letter)
    })
}
