//! What words of a line, and names of the elements it stands in, say about it: learnt from many sites, as numbers.
//!
//! A word is a hash and a weight, the log-odds of lines with it to be of a story. Only what many sites use is in it.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::phrases::Mixed;
use super::{Draft, prose};

/// What a weight is counted in.
pub const WEIGHT_UNIT: f32 = 1.0 / 16.0;
/// Opens the file of a lexicon; the digit is the version of the layout and of the keys.
const MAGIC: &[u8; 9] = b"lexicon1\n";

/// Weights by key.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    weights: HashMap<u32, i8, BuildHasherDefault<Mixed>>,
}

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
    /// A lexicon of these weights.
    pub fn new(weights: impl IntoIterator<Item = (u32, i8)>) -> Self {
        Self {
            weights: weights.into_iter().collect(),
        }
    }

    /// What keys say together.
    pub(super) fn say(&self, keys: impl Iterator<Item = u32>) -> Said {
        let mut said = Said::default();
        let (mut count, mut known) = (0.0f32, 0.0f32);
        for key in keys {
            count += 1.0;
            if let Some(weight) = self.weights.get(&key) {
                let weight = f32::from(*weight) * WEIGHT_UNIT;
                known += 1.0;
                said.sum += weight;
                said.least = said.least.min(weight);
                said.most = said.most.max(weight);
            }
        }
        said.sum /= (known + 1.0).sqrt();
        said.known = known / count.max(1.0);
        said
    }

    /// The lexicon as bytes: the keys ascending, so that the same weights are the same file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut entries: Vec<(u32, i8)> =
            self.weights.iter().map(|(key, it)| (*key, *it)).collect();
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
        let mut lexicon = Self::default();
        for _ in 0..u32::from_le_bytes(take(bytes)?) {
            let key = u32::from_le_bytes(take(bytes)?);
            lexicon.weights.insert(key, i8::from_le_bytes(take(bytes)?));
        }
        Some(lexicon)
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

/// Most words of a line that are looked up.
const WORDS_MAX: usize = 40;

/// The keys of a line: its words, its pairs of words, its first word as such, the length of a short one.
pub(super) fn keys(squeezed: &str) -> impl Iterator<Item = u32> {
    let mut before = 0x5bd1_e995u32;
    squeezed.split(' ').take(WORDS_MAX).flat_map(move |word| {
        let mut own = hash(word.bytes());
        // Numbers are alike.
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            own = 11 + u32::try_from(word.len().min(5)).unwrap_or(5);
        }
        let pair = mixed(before ^ own.rotate_left(13));
        before = own;
        let ideographs = !word.is_ascii() && word.chars().any(prose::is_ideograph);
        let pairs = word.chars().zip(word.chars().skip(1));
        let pairs = pairs.map(|(a, b)| mixed((u32::from(a) << 11) ^ u32::from(b)));
        [own, pair]
            .into_iter()
            .chain(pairs.take(if ideographs { 40 } else { 0 }))
    })
}

fn hash(bytes: impl Iterator<Item = u8>) -> u32 {
    mixed(bytes.fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    }))
}

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
        let said = lexicon.say(draft.names_of(node).iter().copied());
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
