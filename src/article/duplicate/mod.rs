//! Two texts compared: what they share, and what that makes them to each other.
//!
//! [`Reading`] is a text made ready, [`compare`] measures two of them and judges the pair. Which texts are worth comparing
//! is [`candidates`]' question, which pairs make a family that of [`families`].
//!
//! Invariant: pure, and symmetric: with the texts exchanged the comparison is the mirrored one.

pub mod candidates;
pub mod families;
mod matching;
mod model;
mod passages;
mod reading;
mod signs;

#[cfg(test)]
mod duplicate_tests;
#[cfg(test)]
mod story_tests;

use std::iter;

use super::Span;
pub use model::Model;
use passages::Measured;
pub use reading::Reading;
pub use signs::{NAMES, SIGNS};

/// How much two texts share, by shingles.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Overlap {
    /// Shared of all: the Jaccard index, from 0 to 1.
    pub resemblance: f64,
    /// The share of the first text that is in the second.
    pub a_in_b: f64,
    /// The share of the second text that is in the first.
    pub b_in_a: f64,
    /// How many shingles they share.
    pub shared: usize,
}

/// What two texts are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tie {
    /// The same story text, neither holding clearly more of it.
    Copy,
    /// The same story text, and the second has clearly more.
    Excerpt,
    /// The same story text, and the first has clearly more.
    Expansion,
    /// They share passages; neither is taken from the other.
    Shares,
    /// Nothing worth telling.
    #[default]
    None,
}

/// What is known of a pair beside the two texts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Between<'a> {
    /// Hours between the publications, where both are known.
    pub hours_apart: Option<f32>,
    /// Whether they have the same publisher.
    pub same_source: bool,
    /// Prints of the later text that many earlier texts have ([`candidates::COMMON_MIN`]): sorted. What stands around them
    /// is furniture, a formula or background everybody uses.
    pub common: &'a [u64],
}

/// Something both texts say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// Where the first says it, in bytes.
    pub a: Span,
    /// Where the second does.
    pub b: Span,
}

/// Two texts, compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Comparison {
    /// How much they share, by shingles.
    pub overlap: Overlap,
    /// The maximal runs of words both have, in the order of the first.
    pub passages: Vec<Passage>,
    /// Words of the longest of them.
    pub longest_run: usize,
    /// How much of the beginning of either the other has, from 0 to 1: of the first, of the second.
    pub leads: (f32, f32),
    /// How much of either stands in passages, what was reworded inside included, from 0 to 1: of the first, of the second.
    pub covered: (f32, f32),
    /// Figures that stand in the same place of the same passage and differ.
    pub figures_changed: usize,
    /// The same of names.
    pub names_changed: usize,
    /// How likely they are the same story text, from 0 to 1.
    pub probability: f32,
    /// What that makes them.
    pub tie: Tie,
    /// Whether they are the same story text with other figures, as a later version has.
    pub updates: bool,
}

impl Overlap {
    /// The same with the texts exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self {
            a_in_b: self.b_in_a,
            b_in_a: self.a_in_b,
            ..self
        }
    }

    /// Measures how much two texts share. What stands repeatedly in a text counts as often as it does.
    #[expect(clippy::cast_precision_loss, reason = "no text has 2^52 shingles")]
    pub fn of(a: &Reading, b: &Reading) -> Self {
        if a.shingles.len() > b.shingles.len() {
            return Self::of(b, a).mirrored();
        }
        let mut firsts = vec![false; b.shingles.len()];
        let (mut of_a, mut of_b) = (0usize, 0usize);
        for first in a.shingles.iter().filter_map(|it| b.find(*it)) {
            of_a += 1;
            if let Some(seen) = firsts.get_mut(first).filter(|seen| !**seen) {
                *seen = true;
                of_b += iter::successors(Some(first), |at| b.again(*at)).count();
            }
        }
        let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
        let shared = of_a.min(of_b);
        Self {
            resemblance: share(shared, a.shingles.len() + b.shingles.len() - shared),
            a_in_b: share(of_a, a.shingles.len()),
            b_in_a: share(of_b, b.shingles.len()),
            shared,
        }
    }
}

impl Tie {
    /// The same seen from the other text.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Excerpt => Self::Expansion,
            Self::Expansion => Self::Excerpt,
            Self::Copy | Self::Shares | Self::None => self,
        }
    }

    /// Whether it joins a family.
    pub fn is_strong(self) -> bool {
        matches!(self, Self::Copy | Self::Excerpt | Self::Expansion)
    }
}

/// Compares two texts.
pub fn compare(a: &Reading, b: &Reading, between: &Between<'_>) -> Comparison {
    compare_by(Model::shipped(), a, b, between)
}

/// Compares two texts by a model.
pub fn compare_by(model: &Model, a: &Reading, b: &Reading, between: &Between<'_>) -> Comparison {
    let measured = measure(a, b, between);
    let signs = signs::row(a, b, &measured, between);
    let overlap = Overlap::of(a, b);
    // The same words are the same text, whatever the signs of so few or so strange ones would say.
    let logit = if a.words == b.words && !a.is_empty() {
        f32::INFINITY
    } else {
        model.judge(&signs)
    };
    let spans = measured.runs.iter().map(|run| Passage {
        a: a.span(run.a, run.a_end()),
        b: b.span(run.b, run.b_end()),
    });
    let tie = model.tie(logit, &measured);
    Comparison {
        overlap,
        passages: spans.collect(),
        longest_run: measured.longest_run,
        leads: (measured.a.lead, measured.b.lead),
        covered: (measured.a.passages, measured.b.passages),
        figures_changed: measured.figures.changed,
        names_changed: measured.names.changed,
        probability: 1.0 / (1.0 + (-logit).exp()),
        tie,
        updates: tie.is_strong() && model::updates(&measured),
    }
}

/// The signs of a pair, for those who train.
pub fn signs(a: &Reading, b: &Reading, between: &Between<'_>) -> [f32; SIGNS] {
    signs::row(a, b, &measure(a, b, between), between)
}

/// Measures a pair in an order of its own, so that the order of the arguments does not matter.
fn measure(a: &Reading, b: &Reading, between: &Between<'_>) -> Measured {
    if (a.len(), &a.words) <= (b.len(), &b.words) {
        Measured::of(a, b, between.common)
    } else {
        Measured::of(b, a, between.common).mirrored()
    }
}
