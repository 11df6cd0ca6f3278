//! Precision, recall and F1 over pairs.

use std::collections::HashMap;
use std::hash::Hash;

/// Counts of pairs; of each article's pairs, so each pair is counted from both of its ends.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Measure {
    both: usize,
    found: usize,
    true_: usize,
}

/// How many others each article shares its label with.
fn company<K: Eq + Hash>(labels: impl Iterator<Item = K> + Clone) -> Vec<usize> {
    let mut counts: HashMap<K, usize> = HashMap::new();
    labels
        .clone()
        .for_each(|label| *counts.entry(label).or_default() += 1);
    labels.map(|label| counts[&label] - 1).collect()
}

impl Measure {
    /// Of all articles.
    pub(crate) fn of(truth: &[String], found: &[usize]) -> Self {
        Self::part(truth, found, |_| true)
    }

    /// Of the pairs of some articles with any.
    pub(crate) fn part(truth: &[String], found: &[usize], of: impl Fn(usize) -> bool) -> Self {
        let some = |counts: Vec<usize>| -> usize {
            let counts = counts.into_iter().enumerate();
            counts
                .filter(|(at, _)| of(*at))
                .map(|(_, count)| count)
                .sum()
        };
        Self {
            both: some(company(truth.iter().zip(found))),
            found: some(company(found.iter())),
            true_: some(company(truth.iter())),
        }
    }

    pub(crate) fn precision(&self) -> f64 {
        if self.found == 0 {
            1.0
        } else {
            self.both as f64 / self.found as f64
        }
    }

    fn recall(&self) -> f64 {
        if self.true_ == 0 {
            1.0
        } else {
            self.both as f64 / self.true_ as f64
        }
    }

    pub(crate) fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE)
    }

    pub(crate) fn print(&self, name: &str) {
        let (precision, recall) = (self.precision(), self.recall());
        println!(
            "  {name:<16} P {precision:.3}  R {recall:.3}  F1 {:.3}",
            self.f1()
        );
    }
}

impl std::iter::Sum for Measure {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |sum, part| Self {
            both: sum.both + part.both,
            found: sum.found + part.found,
            true_: sum.true_ + part.true_,
        })
    }
}
