//! Which articles are different ones: copies, trimmed copies and versions of one article repeat all of its text, and
//! reports made from one template most of theirs. Neither tells what is furniture.

use std::collections::BTreeSet;

use super::Observation;
use crate::article::fingerprint;

/// A sample of the shingles of a text, each with the block it stands in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch(Vec<Entry>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// The upper half of the shingle's hash; the least ones of the text are the sample.
    hash: u32,
    /// The lower half of the key of its block.
    block: u32,
}

/// One shingle in so many is sampled, so that texts of different length are sampled alike …
const ONE_IN: usize = 12;
/// … but no fewer than this, since a share of them is measured, and no more.
const LEAST: usize = 32;
const MOST: usize = 128;

/// Two articles are different if at least this share of the text of each is its own, in tenths. Less own text has a copy
/// with another lead, and a report made from a template.
const OWN_TENTHS_MIN: usize = 5;
/// What stands in blocks of their own is still the same text, edited, if they share this much of it, in tenths.
const ALIKE_TENTHS: usize = 3;

/// Most articles that are looked at for one key: where so many hold it and no three of them are different, they are made
/// from a template.
pub const HOLDERS_MAX: usize = 200;
/// Most steps of one search.
const STEPS_MAX: usize = 20_000;

#[expect(clippy::cast_possible_truncation, reason = "half of a hash")]
impl Sketch {
    /// The sketch of a text, block by block with their keys.
    pub(super) fn of<'a>(blocks: impl Iterator<Item = (&'a str, u64)>) -> Self {
        let mut entries = Vec::new();
        for (text, key) in blocks {
            let block = key as u32;
            fingerprint::each_shingle(text, |shingle| {
                let hash = (shingle >> 32) as u32;
                entries.push(Entry { hash, block });
            });
        }
        let most = (entries.len() / ONE_IN).clamp(LEAST, MOST);
        if entries.len() > most {
            // Twice as many, since some are twice there.
            let reach = (most * 2).min(entries.len() - 1);
            entries.select_nth_unstable(reach);
            entries.truncate(reach);
        }
        entries.sort_unstable();
        entries.dedup_by_key(|entry| entry.hash);
        entries.truncate(most);
        Self(entries)
    }

    /// Up to where it holds all shingles of the text.
    fn reach(&self) -> u32 {
        if self.0.len() < LEAST {
            u32::MAX
        } else {
            self.0.last().map_or(u32::MAX, |entry| entry.hash)
        }
    }

    /// In bytes.
    fn write(&self, bytes: &mut Vec<u8>) {
        for entry in &self.0 {
            bytes.extend_from_slice(&entry.hash.to_le_bytes());
            bytes.extend_from_slice(&entry.block.to_le_bytes());
        }
    }
}

impl Observation {
    /// As the store keeps it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4 + 8 * (self.keys.len() + self.sketch.0.len() + 2));
        for list in [&self.keys, &self.identities] {
            let count = u16::try_from(list.len()).unwrap_or(u16::MAX);
            bytes.extend_from_slice(&count.to_le_bytes());
            for key in list.iter().take(usize::from(count)) {
                bytes.extend_from_slice(&key.to_le_bytes());
            }
        }
        self.sketch.write(&mut bytes);
        bytes
    }

    /// From what the store kept; what is cut short is left out.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut rest = bytes;
        let mut list = || {
            let (count, after) = rest.split_at_checked(2).unwrap_or((&[0, 0], &[]));
            let count = count.try_into().map_or(0, u16::from_le_bytes);
            let (keys, after) = after
                .split_at_checked(usize::from(count) * 8)
                .unwrap_or((after, &[]));
            rest = after;
            numbers(keys).collect::<Vec<u64>>()
        };
        let (keys, identities) = (list(), list());
        let entries = numbers(rest).map(|both| Entry {
            hash: u32::try_from(both & u64::from(u32::MAX)).unwrap_or(0),
            block: u32::try_from(both >> 32).unwrap_or(0),
        });
        Self {
            keys,
            identities,
            sketch: Sketch(entries.collect()),
        }
    }

    /// Whether this and another are different articles.
    #[expect(clippy::cast_possible_truncation, reason = "half of a hash")]
    pub fn is_different(&self, other: &Self) -> bool {
        if self
            .identities
            .iter()
            .any(|stated| other.identities.contains(stated))
        {
            return false;
        }
        let shared: BTreeSet<u32> = self
            .keys
            .iter()
            .filter(|key| other.keys.binary_search(key).is_ok())
            .map(|key| *key as u32)
            .collect();
        let reach = self.sketch.reach().min(other.sketch.reach());
        let own = |sketch: &Sketch| {
            let all = sketch
                .0
                .iter()
                .filter(|entry| !shared.contains(&entry.block));
            let all: Vec<u32> = all.map(|entry| entry.hash).collect();
            let within = all.iter().take_while(|hash| **hash <= reach).count();
            (all, within)
        };
        let ((mine, mine_within), (theirs, theirs_within)) =
            (own(&self.sketch), own(&other.sketch));
        let enough = |own: usize, of: usize| own > 0 && own * 10 >= of * OWN_TENTHS_MIN;
        if !enough(mine.len(), self.sketch.0.len()) || !enough(theirs.len(), other.sketch.0.len()) {
            return false;
        }
        let alike = mine
            .iter()
            .filter(|hash| theirs.binary_search(hash).is_ok())
            .count();
        alike * 10 < mine_within.min(theirs_within).max(1) * ALIKE_TENTHS
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes
        .chunks_exact(8)
        .filter_map(|chunk| chunk.try_into().ok().map(u64::from_le_bytes))
}

/// Whether so many of `count` articles are different from one another, `first` among them; `are_different` compares two
/// by their places. More articles can only make it so, never undo it: what is furniture does not depend on their order.
pub fn differ(
    first: usize,
    count: usize,
    wanted: usize,
    are_different: &mut dyn FnMut(usize, usize) -> bool,
) -> bool {
    let others: Vec<usize> = (0..count)
        .filter(|other| *other != first && are_different(first, *other))
        .collect();
    let mut steps = STEPS_MAX;
    search(&others, wanted.saturating_sub(1), are_different, &mut steps)
}

fn search(
    among: &[usize],
    wanted: usize,
    are_different: &mut dyn FnMut(usize, usize) -> bool,
    steps: &mut usize,
) -> bool {
    if wanted == 0 {
        return true;
    }
    for (at, chosen) in among.iter().enumerate() {
        if among.len() - at < wanted || *steps == 0 {
            return false;
        }
        let rest: Vec<usize> = among
            .iter()
            .skip(at + 1)
            .filter(|other| {
                *steps = steps.saturating_sub(1);
                are_different(*chosen, **other)
            })
            .copied()
            .collect();
        if search(&rest, wanted - 1, are_different, steps) {
            return true;
        }
    }
    false
}
