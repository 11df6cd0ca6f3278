//! What a page's text should be, and how near a text comes to it: the measure of article-extraction-benchmark.
//!
//! Tokens are runs of letters and digits with their case kept; four in a row are a shingle; texts are compared as bags
//! of shingles. `score.py` beside the development data is the same measure.

use std::collections::HashMap;

/// The tokens of a text, each as a number.
pub(crate) fn tokens(text: &str) -> Vec<u64> {
    let is_word = |c: char| {
        c == '_' || c.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(c)
    };
    text.split(|c: char| !is_word(c))
        .filter(|token| !token.is_empty())
        .map(|token| {
            mixed(token.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            }))
        })
        .collect()
}

fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The length of a shingle in tokens.
const LENGTH: usize = 4;

/// A bag of shingles.
pub(crate) type Bag = HashMap<u64, i32>;

fn shingle(tokens: &[u64]) -> u64 {
    tokens
        .iter()
        .fold(7, |hash: u64, token| mixed(hash.rotate_left(9) ^ token))
}

/// The shingles in order; a shorter text is one.
pub(crate) fn shingles(tokens: &[u64]) -> Vec<u64> {
    if tokens.is_empty() {
        Vec::new()
    } else if tokens.len() < LENGTH {
        vec![shingle(tokens)]
    } else {
        tokens.windows(LENGTH).map(shingle).collect()
    }
}

/// The bag of a text's shingles.
pub(crate) fn bag(tokens: &[u64]) -> Bag {
    let mut bag = Bag::new();
    for shingle in shingles(tokens) {
        *bag.entry(shingle).or_default() += 1;
    }
    bag
}

/// Shingles in both, in the found text alone, in the truth alone.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Match {
    /// In both.
    pub(crate) both: f64,
    /// In the found text alone.
    pub(crate) extra: f64,
    /// In the truth alone.
    pub(crate) missed: f64,
}

impl Match {
    /// Compares a found text with the truth.
    pub(crate) fn of(truth: &Bag, found: &Bag) -> Self {
        let mut it = Self::default();
        for (shingle, count) in found {
            let there = truth.get(shingle).copied().unwrap_or_default();
            it.both += f64::from(there.min(*count));
            it.extra += f64::from((count - there).max(0));
        }
        let all: i32 = truth.values().sum();
        it.missed = f64::from(all) - it.both;
        it
    }

    /// The better of the matches with each truth.
    pub(crate) fn best(truths: &[Bag], found: &Bag) -> Self {
        truths
            .iter()
            .map(|truth| Self::of(truth, found))
            .fold(None, |best: Option<Self>, it| match best {
                Some(best) if best.f1() >= it.f1() => Some(best),
                _ => Some(it),
            })
            .unwrap_or_default()
    }

    /// Of the found text, the share in the truth.
    pub(crate) fn precision(self) -> f64 {
        ratio(self.both, self.extra, self.missed)
    }

    /// Of the truth, the share found.
    pub(crate) fn recall(self) -> f64 {
        ratio(self.both, self.missed, self.extra)
    }

    /// The harmonic mean of the two.
    pub(crate) fn f1(self) -> f64 {
        harmonic(self.precision(), self.recall())
    }
}

fn ratio(both: f64, wrong: f64, other: f64) -> f64 {
    if wrong == 0.0 && other == 0.0 {
        1.0
    } else if both == 0.0 {
        0.0
    } else {
        both / (both + wrong)
    }
}

fn harmonic(a: f64, b: f64) -> f64 {
    if a + b > 0.0 {
        2.0 * a * b / (a + b)
    } else {
        0.0
    }
}

/// Mean precision, mean recall, and the harmonic mean of those, over pages.
pub(crate) fn pooled(matches: &[Match]) -> [f64; 3] {
    let mean = |values: Vec<f64>| {
        let count = values.len().max(1) as f64;
        values.iter().sum::<f64>() / count
    };
    let found = matches.iter().filter(|it| it.both + it.extra > 0.0);
    let precision = mean(found.map(|it| it.precision()).collect());
    let there = matches.iter().filter(|it| it.both + it.missed > 0.0);
    let recall = mean(there.map(|it| it.recall()).collect());
    [precision, recall, harmonic(precision, recall)]
}

/// How much of each block is in the truth, from 0 to 1: the share of its tokens covered by shingles that are, those
/// that reach into the next block as well. A text that stands twice is taken where more of the truth is around it.
pub(crate) fn coverage(blocks: &[Vec<u64>], truth: &Bag) -> Vec<f32> {
    let all: Vec<u64> = blocks.iter().flatten().copied().collect();
    let mut left = truth.clone();
    let shingles = shingles(&all);
    let known: Vec<bool> = shingles.iter().map(|it| truth.contains_key(it)).collect();
    let mut starts = Vec::new();
    let mut at = 0;
    for block in blocks {
        starts.push(at);
        at += block.len();
    }
    let span = |block: usize| starts[block]..starts[block] + blocks[block].len();
    let count = |block: usize| -> f32 {
        span(block)
            .filter(|at| known.get(*at) == Some(&true))
            .count() as f32
    };
    let counts: Vec<f32> = (0..blocks.len()).map(count).collect();
    let density = |block: usize| -> f32 {
        let from = block.saturating_sub(6);
        counts[from..(block + 7).min(counts.len())].iter().sum()
    };
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    let densities: Vec<f32> = order.iter().map(|block| density(*block)).collect();
    order.sort_by(|a, b| densities[*b].total_cmp(&densities[*a]).then(a.cmp(b)));
    let mut covered = vec![false; all.len()];
    for block in order {
        for at in span(block) {
            let Some(shingle) = shingles.get(at).filter(|_| known[at]) else {
                continue;
            };
            let count = left.entry(*shingle).or_default();
            if *count > 0 {
                *count -= 1;
                let end = (at + LENGTH).min(covered.len());
                covered[at..end].fill(true);
            }
        }
    }
    (0..blocks.len())
        .map(|block| {
            let span = span(block);
            let length = span.len().max(1) as f32;
            span.filter(|at| covered[*at]).count() as f32 / length
        })
        .collect()
}

/// How much two titles have in common, from 0 to 1: of their words, case and signs apart.
pub(crate) fn likeness(a: &str, b: &str) -> f64 {
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        let parts = lower.split(|c: char| {
            !c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
        });
        parts
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (a, mut b) = (words(a), words(b));
    let all = a.len() + b.len();
    let mut both = 0;
    for word in &a {
        if let Some(at) = b.iter().position(|other| other == word) {
            b.swap_remove(at);
            both += 1;
        }
    }
    2.0 * f64::from(both) / all.max(1) as f64
}

/// Words in common from which two titles are near: `score_meta.py` has it so.
pub(crate) const NEAR: f64 = 0.9;
