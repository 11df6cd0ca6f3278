//! The store's index in memory: each text in the order of precedence looks for candidates among the earlier ones.

use std::collections::HashMap;

use copydesk::article::duplicate::candidates::{self, COMMON_MIN, Limits};
use copydesk::article::duplicate::{Comparison, Reading};

/// How texts are indexed and found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scheme {
    /// How prints are chosen of the shingles.
    pub(crate) prints: Prints,
    /// How far candidates are sought.
    pub(crate) limits: Limits,
    /// A text that an earlier indexed one covers so far, both ways, is not indexed.
    pub(crate) covered: f64,
}

/// How prints are chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Prints {
    /// The least hash of every so many in a row.
    Window(usize),
    /// Every hash with a remainder of 0, the least one where there is none.
    Sample(u64),
}

impl Prints {
    pub(crate) fn of(self, reading: &Reading) -> Vec<u64> {
        let shingles = reading.shingles();
        let mut prints: Vec<u64> = match self {
            Self::Window(window) => shingles
                .windows(window.min(shingles.len()).max(1))
                .filter_map(|window| window.iter().min().copied())
                .collect(),
            Self::Sample(part) => {
                let sampled = shingles.iter().copied().filter(|it| (it >> 32) % part == 0);
                let mut prints: Vec<u64> = sampled.collect();
                if prints.is_empty() {
                    prints.extend(shingles.iter().min());
                }
                prints
            }
        };
        prints.sort_unstable();
        prints.dedup();
        prints
    }
}

/// What the index says of one text.
#[derive(Debug)]
pub(crate) struct Found {
    /// Its prints.
    pub(crate) prints: Vec<u64>,
    /// Earlier texts to compare it with, the best first.
    pub(crate) candidates: Vec<usize>,
    /// Those of its prints that many earlier texts have.
    pub(crate) common: Vec<u64>,
}

/// Which texts have a print, of those before.
#[derive(Debug)]
pub(crate) struct Index {
    scheme: Scheme,
    holders: HashMap<u64, Vec<u32>>,
    /// Prints of all texts.
    pub(crate) prints: usize,
    /// Prints that were indexed.
    pub(crate) indexed: usize,
}

impl Index {
    pub(crate) fn new(scheme: Scheme) -> Self {
        Self {
            scheme,
            holders: HashMap::new(),
            prints: 0,
            indexed: 0,
        }
    }

    /// What the index says of a text.
    pub(crate) fn find(&mut self, reading: &Reading) -> Found {
        let prints = self.scheme.prints.of(reading);
        self.prints += prints.len();
        let none: &[u32] = &[];
        let held = |print: &u64| self.holders.get(print).map_or(none, |it| it.as_slice());
        let chosen = candidates::choose(prints.iter().map(held), self.scheme.limits);
        let common = prints.iter().filter(|it| held(it).len() >= COMMON_MIN);
        Found {
            candidates: chosen.iter().map(|(other, _)| *other as usize).collect(),
            common: common.copied().collect(),
            prints,
        }
    }

    /// Makes a text a candidate for those behind it, unless it need not be: one before it is found in its place.
    pub(crate) fn add(&mut self, at: usize, prints: &[u64], ties: &[Comparison]) {
        let is_there = |it: &Comparison| {
            it.tie.is_strong() && it.overlap.a_in_b.min(it.overlap.b_in_a) >= self.scheme.covered
        };
        if ties.iter().any(is_there) {
            return;
        }
        self.indexed += prints.len();
        for print in prints {
            let holders = self.holders.entry(*print).or_default();
            if holders.len() <= self.scheme.limits.holders {
                holders.push(u32::try_from(at).expect("a few thousand texts"));
            }
        }
    }
}
