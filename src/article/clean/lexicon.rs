//! What words of a line, and names of the elements it stands in, say about it: learnt from many sites, as numbers.
//!
//! A word is a hash and a weight, the log-odds of lines with it to be of a story. Only what many sites use is in it.

use super::{Draft, prose};

/// What a weight is counted in.
pub const WEIGHT_UNIT: f32 = 1.0 / 16.0;
/// Opens the file of a lexicon; the digit is the version of the layout and of the keys.
const MAGIC: &[u8; 9] = b"lexicon1\n";

/// Weights by key.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// Keys where the key points or behind that. Apart from the weights, and half of them in use: the keys of a whole
    /// lexicon are 256 KB then, where pairs of which a quarter is in use were one megabyte.
    keys: Vec<u32>,
    /// The weight of each; 0 is an empty slot.
    weights: Vec<i8>,
    /// A bit for each key by its low bits: most words have no weight, and this says so at once.
    bits: Vec<u64>,
}

/// Bits of a key that choose its place among [`Lexicon::bits`]: 32 KB, which stay in the nearest cache.
const FILTER_BITS: u32 = 18;

/// Keys that are looked up in a row: a line of twenty words has as many that may be known.
const MAYBE_MAX: usize = 32;

/// What the words of one line say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Said {
    /// Sum of the weights over the root of their number.
    pub(super) sum: f32,
    /// The least.
    pub(super) least: f32,
    /// The greatest.
    pub(super) most: f32,
    /// Share of the words that are known.
    pub(super) known: f32,
}

impl Lexicon {
    /// A lexicon of these weights; those of 0 say nothing and are left out.
    pub fn new(weights: impl IntoIterator<Item = (u32, i8)>) -> Self {
        let weights: Vec<(u32, i8)> = weights.into_iter().filter(|(_, it)| *it != 0).collect();
        let room = (weights.len() + weights.len() / 2 + 1).next_power_of_two();
        let mut lexicon = Self {
            keys: vec![0; room],
            weights: vec![0; room],
            bits: vec![0; 1 << (FILTER_BITS - 6)],
        };
        for (key, weight) in weights {
            let (word, bit) = Self::bit(key);
            if let Some(bits) = lexicon.bits.get_mut(word) {
                *bits |= bit;
            }
            let Some(at) = lexicon.slot(key) else {
                continue;
            };
            if let (Some(place), Some(slot)) =
                (lexicon.keys.get_mut(at), lexicon.weights.get_mut(at))
            {
                (*place, *slot) = (key, weight);
            }
        }
        lexicon
    }

    fn bit(key: u32) -> (usize, u64) {
        let place = key & ((1 << FILTER_BITS) - 1);
        ((place >> 6) as usize, 1 << (place & 63))
    }

    /// Where a key stands, or the empty slot where it would.
    fn slot(&self, key: u32) -> Option<usize> {
        let mask = self.keys.len().checked_sub(1)?;
        (0..self.keys.len())
            .map(|step| (key as usize).wrapping_add(step) & mask)
            .find(|at| {
                // An empty slot has key 0, and may be the place of that key too.
                let other = self.keys.get(*at).copied().unwrap_or_default();
                other == key || other == 0 && self.weights.get(*at).is_none_or(|it| *it == 0)
            })
    }

    /// What a key weighs, if anything.
    fn weight(&self, key: u32) -> Option<f32> {
        if !self.may_have(key) {
            return None;
        }
        let weight = self.weights.get(self.slot(key)?)?;
        (*weight != 0).then(|| f32::from(*weight) * WEIGHT_UNIT)
    }

    /// What the words of a line say together.
    pub(super) fn read(&self, squeezed: &str) -> Said {
        let mut saying = Saying::default();
        // Whether a key may be known is a toss, and a branch on it would be guessed wrong for every other word: those that
        // may are gathered without one, and are then looked up in a row.
        let mut maybe = [0; MAYBE_MAX];
        let (mut all, mut count) = (0.0, 0);
        keys(squeezed, |key| {
            if let Some(place) = maybe.get_mut(count) {
                *place = key;
            }
            all += 1.0;
            count += usize::from(self.may_have(key));
            if count == MAYBE_MAX {
                for key in &maybe {
                    saying.add(self.weight(*key));
                }
                count = 0;
            }
        });
        for key in maybe.iter().take(count) {
            saying.add(self.weight(*key));
        }
        saying.count = all;
        saying.said()
    }

    fn may_have(&self, key: u32) -> bool {
        let (word, bit) = Self::bit(key);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// What keys say together.
    pub(super) fn say(&self, keys: &[u32]) -> Said {
        let mut saying = Saying::default();
        for key in keys {
            saying.add(self.weight(*key));
        }
        saying.said()
    }

    /// The lexicon as bytes: the keys ascending, so that the same weights are the same file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let slots = self.keys.iter().copied();
        let mut entries: Vec<(u32, i8)> = slots.zip(self.weights.iter().copied()).collect();
        entries.retain(|(_, weight)| *weight != 0);
        entries.sort_unstable();
        let mut bytes = MAGIC.to_vec();
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        bytes.extend(count.to_le_bytes());
        for (key, weight) in entries {
            bytes.extend(key.to_le_bytes());
            bytes.extend(weight.to_le_bytes());
        }
        bytes
    }

    /// Reads a lexicon from the head of `bytes`, and leaves what stands behind it; `None` where it is not one.
    pub fn from_bytes(bytes: &mut &[u8]) -> Option<Self> {
        if take::<9>(bytes)? != *MAGIC {
            return None;
        }
        let count = u32::from_le_bytes(take(bytes)?);
        let weights: Option<Vec<(u32, i8)>> = (0..count)
            .map(|_| {
                Some((
                    u32::from_le_bytes(take(bytes)?),
                    i8::from_le_bytes(take(bytes)?),
                ))
            })
            .collect();
        Some(Self::new(weights?))
    }
}

/// Weights as they are read.
#[derive(Debug, Default)]
struct Saying {
    said: Said,
    count: f32,
    known: f32,
}

impl Saying {
    fn add(&mut self, weight: Option<f32>) {
        self.count += 1.0;
        if let Some(weight) = weight {
            self.known += 1.0;
            self.said.sum += weight;
            self.said.least = self.said.least.min(weight);
            self.said.most = self.said.most.max(weight);
        }
    }

    fn said(mut self) -> Said {
        self.said.sum /= (self.known + 1.0).sqrt();
        self.said.known = self.known / self.count.max(1.0);
        self.said
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

/// Most words of a line that are looked up: what a line is, its first two dozen say.
const WORDS_MAX: usize = 24;

/// A word of a squeezed text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    /// The word itself.
    pub(super) text: &'a str,
    /// Its hash (FNV-1a).
    hash: u32,
    /// Whether it is of figures alone.
    digits: bool,
    /// Whether it is of ASCII alone.
    pub(super) ascii: bool,
}

/// Gives `take` the first `most` words of a squeezed text, which has one space between two words.
pub(super) fn each_word<'a>(squeezed: &'a str, most: usize, mut take: impl FnMut(Word<'a>)) {
    const EMPTY: u32 = 0x811c_9dc5;
    let (mut start, mut hash, mut high, mut digits, mut count) = (0, EMPTY, 0u8, true, 0);
    for (at, byte) in squeezed.bytes().chain([b' ']).enumerate() {
        if byte != b' ' {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            digits &= byte.is_ascii_digit();
            high |= byte;
            continue;
        }
        take(Word {
            text: squeezed.get(start..at).unwrap_or(""),
            hash,
            digits,
            ascii: high < 0x80,
        });
        count += 1;
        if count == most {
            return;
        }
        (start, hash, high, digits) = (at + 1, EMPTY, 0, true);
    }
}

/// Gives `take` the keys of a line: its words, its pairs of words, its first word as such; of ideographs every two.
pub(super) fn keys(squeezed: &str, mut take: impl FnMut(u32)) {
    let mut before = 0x5bd1_e995u32;
    each_word(squeezed, WORDS_MAX, |word| {
        // Numbers are alike.
        let own = if word.digits {
            11 + u32::try_from(word.text.len().min(5)).unwrap_or(5)
        } else {
            mixed(word.hash)
        };
        take(own);
        take(mixed(before ^ own.rotate_left(13)));
        before = own;
        if !word.ascii && word.text.chars().any(prose::is_ideograph) {
            let chars = word.text.chars();
            for (a, b) in chars.clone().zip(chars.skip(1)).take(IDEOGRAPHS_MAX) {
                take(mixed((u32::from(a) << 11) ^ u32::from(b)));
            }
        }
    });
}

/// Most pairs of ideographs of a word that are looked up.
const IDEOGRAPHS_MAX: usize = 40;

fn mixed(mut x: u32) -> u32 {
    x = (x ^ (x >> 16)).wrapping_mul(0x85eb_ca6b);
    x = (x ^ (x >> 13)).wrapping_mul(0xc2b2_ae35);
    x ^ (x >> 16)
}

/// What the names of elements say, from the innermost outwards.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Named {
    own: f32,
    sum: f32,
    least: f32,
    most: f32,
    parent: f32,
}

impl Named {
    pub(super) fn row(self) -> [f32; 5] {
        [self.own, self.sum, self.least, self.most, self.parent]
    }
}

/// What the names of every element and those around it say.
pub(super) fn named(draft: &Draft, lexicon: &Lexicon) -> Vec<Named> {
    let mut all: Vec<Named> = Vec::with_capacity(draft.nodes.len());
    for node in &draft.nodes {
        let outer = all.get(node.parent as usize).copied().unwrap_or_default();
        let said = lexicon.say(draft.names_of(node));
        all.push(Named {
            own: said.sum,
            sum: (outer.sum + said.sum).clamp(-20.0, 20.0),
            least: outer.least.min(said.least),
            most: outer.most.max(said.most),
            parent: outer.own,
        });
    }
    all
}
