//! The learned judgement: how likely each block is of the story.
//!
//! One forest a format for blocks and one for headlines. A second stage that sees what the first makes of the neighbours
//! and of whole runs was tried and gains nothing (0.001 of F1). The weights are data that
//! `cargo bench --bench training` writes; a test holds their digest.

use std::sync::OnceLock;

use super::context::Page;
use super::lexicon::Lexicon;
use crate::article::forest::{Forest, Rows};
use crate::article::parse::Markup;

/// Weights for plain text.
const TEXT: &[u8] = include_bytes!("weights/text.forest");
/// Weights for HTML.
const HTML: &[u8] = include_bytes!("weights/html.forest");

/// What was learnt for one kind of markup.
#[derive(Debug, Default)]
pub struct Model {
    lexicon: Lexicon,
    story: Forest,
    title: Forest,
}

impl Model {
    /// Reads a model; `None` where the bytes are not one.
    pub fn read(mut bytes: &[u8]) -> Option<Self> {
        Some(Self {
            lexicon: Lexicon::from_bytes(&mut bytes)?,
            story: Forest::from_bytes(&mut bytes)?,
            title: Forest::from_bytes(&mut bytes)?,
        })
    }

    /// The model for a kind of markup; an empty one where its weights cannot be read, which a test rules out.
    pub(super) fn of(markup: Markup) -> &'static Self {
        static MODELS: [OnceLock<Model>; 2] = [OnceLock::new(), OnceLock::new()];
        let [text, html] = &MODELS;
        match markup {
            Markup::Text => text.get_or_init(|| Self::read(TEXT).unwrap_or_default()),
            Markup::Html => html.get_or_init(|| Self::read(HTML).unwrap_or_default()),
        }
    }
}

impl Model {
    /// What words say.
    pub(super) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The log-odds of each block to be of the story.
    pub(super) fn judge(&self, page: &Page<'_>) -> Vec<f32> {
        let mut logits = self.story.score(&page.rows());
        steady(page, &mut logits);
        logits
    }

    /// The log-odds of each candidate to be the headline.
    pub(super) fn rank(&self, rows: &Rows) -> Vec<f32> {
        self.title.score(rows)
    }
}

/// Documents with fewer blocks than this are judged by the rules set by hand as well: pages to learn from have hundreds,
/// and what was learnt of them says little of three lines.
const BLOCKS_FEW: f32 = 24.0;
/// What those rules weigh in a document of one block, in log-odds.
const STEADY: f32 = 6.0;

#[expect(clippy::cast_precision_loss, reason = "a count of blocks")]
fn steady(page: &Page<'_>, logits: &mut [f32]) {
    let weight = STEADY * (1.0 - logits.len() as f32 / BLOCKS_FEW);
    let Some(story) = page.story.as_ref().filter(|_| weight > 0.0) else {
        return;
    };
    for (at, logit) in logits.iter_mut().enumerate() {
        let free = page.evidence.get(at);
        let free = free.is_some_and(|seen| seen.speaks.is_none() && !seen.against);
        *logit += if story.has(at) && free {
            weight
        } else {
            -weight / 2.0
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_those_that_were_learnt() {
        let digest = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
        assert_eq!(digest(TEXT), include_str!("weights/text.blake3").trim());
        assert_eq!(digest(HTML), include_str!("weights/html.blake3").trim());
        for markup in [Markup::Text, Markup::Html] {
            let model = Model::of(markup);
            assert!(!model.story.trees.is_empty());
            assert!(!model.title.trees.is_empty());
        }
    }
}
