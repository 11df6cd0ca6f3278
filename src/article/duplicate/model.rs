//! The learned judgement of a pair, and the ties that follow from it.
//!
//! The weights are data that `cargo bench --bench duplicates` writes; a test holds their digest.

use std::sync::OnceLock;

use super::Tie;
use super::passages::{Covered, Measured, share};
use super::signs::SIGNS;
use crate::article::forest::Forest;

/// The weights.
const WEIGHTS: &[u8] = include_bytes!("weights/pairs.forest");

/// What was learnt of pairs.
#[derive(Debug, Default)]
pub struct Model {
    forest: Forest,
    /// From this log-odds on two texts are the same story text.
    same_min: f32,
}

/// From this log-odds on two texts are the same story text.
const SAME_MIN: f32 = 3.0;
/// Words in passages, and words in runs that are not common, for [`Tie::Shares`]: a paragraph.
const SHARED_WORDS_MIN: usize = 30;
const SHARED_RARE_MIN: f32 = 25.0;
/// One text has clearly more where this much more of it is its own, as a share of its words.
const MORE_MIN: f32 = 0.06;
/// What stands before the first passage or behind the last may be furniture: so many words of it are not counted as the
/// text's own, and no more than this share of the text. Of a trim of 20 to 40 per cent between uncleaned pages 95 in 100
/// get their direction, and none the wrong one; without this 94 and three.
const EDGE_WORDS: usize = 100;
const EDGE_SHARE: f32 = 0.15;

impl Model {
    /// Reads a model; `None` where the bytes are not one.
    pub fn read(mut bytes: &[u8]) -> Option<Self> {
        let forest = Forest::from_bytes(&mut bytes)?;
        Some(Self {
            forest,
            same_min: SAME_MIN,
        })
    }

    /// The same with another threshold.
    #[must_use]
    pub fn with_threshold(self, same_min: f32) -> Self {
        Self { same_min, ..self }
    }

    /// The model that is shipped; an empty one where its weights cannot be read, which a test rules out.
    pub(super) fn shipped() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| Self::read(WEIGHTS).unwrap_or_default())
    }

    /// The log-odds of a pair to be the same story text.
    pub(super) fn judge(&self, signs: &[f32; SIGNS]) -> f32 {
        self.forest.score_row(signs)
    }

    /// What a pair is.
    pub(super) fn tie(&self, logit: f32, measured: &Measured) -> Tie {
        if logit >= self.same_min {
            direction(measured)
        } else if measured.words >= SHARED_WORDS_MIN && measured.rare_words >= SHARED_RARE_MIN {
            Tie::Shares
        } else {
            Tie::None
        }
    }
}

/// Which of two texts of one story has more of it.
fn direction(measured: &Measured) -> Tie {
    let (of_a, of_b) = (own(&measured.a), own(&measured.b));
    if of_b - of_a >= MORE_MIN {
        Tie::Excerpt
    } else if of_a - of_b >= MORE_MIN {
        Tie::Expansion
    } else {
        Tie::Copy
    }
}

/// The share of a text that is its own.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a part of a count of words"
)]
fn own(covered: &Covered) -> f32 {
    let edge = covered.outer_words.min(EDGE_WORDS);
    let edge = edge.min((covered.all_words as f32 * EDGE_SHARE) as usize);
    share(covered.own_words - edge, covered.all_words - edge)
}

/// Whether figures of the same story text differ.
pub(super) fn updates(measured: &Measured) -> bool {
    measured.figures.changed >= 2 && measured.figures.changed > measured.names.changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_those_that_were_learnt() {
        let digest = blake3::hash(WEIGHTS).to_hex().to_string();
        assert_eq!(digest, include_str!("weights/pairs.blake3").trim());
        assert!(!Model::shipped().forest.trees.is_empty());
    }
}
