//! The learned judgement: how likely each block is of the story.
//!
//! Two forests a format: the first sees the document, the second also what the first makes of it. The weights are data
//! that `cargo bench --bench training` writes; a test holds their digest.

use std::sync::OnceLock;

use super::context::Page;
use super::forest::Forest;
use super::lexicon::Lexicon;
use super::second;
use crate::article::Format;

/// Weights for plain text.
const TEXT: &[u8] = include_bytes!("weights/text.forest");
/// Weights for HTML.
const HTML: &[u8] = include_bytes!("weights/html.forest");

/// What was learnt for one format.
#[derive(Debug, Default)]
pub(super) struct Model {
    lexicon: Lexicon,
    first: Forest,
    second: Forest,
    title: Forest,
}

impl Model {
    fn read(mut bytes: &[u8]) -> Option<Self> {
        Some(Self {
            lexicon: Lexicon::from_bytes(&mut bytes)?,
            first: Forest::from_bytes(&mut bytes)?,
            second: Forest::from_bytes(&mut bytes)?,
            title: Forest::from_bytes(&mut bytes)?,
        })
    }

    /// The model for a format; an empty one where its weights cannot be read, which a test rules out.
    fn of(format: Format) -> &'static Self {
        static MODELS: [OnceLock<Model>; 2] = [OnceLock::new(), OnceLock::new()];
        let [text, html] = &MODELS;
        match format {
            Format::Text => text.get_or_init(|| Self::read(TEXT).unwrap_or_default()),
            Format::Html => html.get_or_init(|| Self::read(HTML).unwrap_or_default()),
        }
    }
}

/// What words say in a format.
pub(super) fn lexicon(format: Format) -> &'static Lexicon {
    &Model::of(format).lexicon
}

/// The log-odds of each block to be of the story.
pub(super) fn judge(page: &Page<'_>) -> Vec<f32> {
    let model = Model::of(page.draft.format);
    let rows = page.rows();
    let logits = model.first.score(&rows);
    let width = model.first.borders.len();
    let seconds = model
        .second
        .score(&second::rows(page, &rows, width, &logits));
    // Each errs where the other does not: the mean is better than both.
    let both = logits.iter().zip(seconds);
    let mut both: Vec<f32> = both
        .map(|(first, second)| f32::midpoint(*first, second))
        .collect();
    steady(page, &mut both);
    both
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

/// The log-odds of each candidate to be the headline.
pub(super) fn rank(format: Format, rows: &[f32]) -> Vec<f32> {
    Model::of(format).title.score(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_those_that_were_learnt() {
        let digest = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
        assert_eq!(digest(TEXT), include_str!("weights/text.blake3").trim());
        assert_eq!(digest(HTML), include_str!("weights/html.blake3").trim());
        for format in [Format::Text, Format::Html] {
            let model = Model::of(format);
            assert!(model.first.borders.len() < model.second.borders.len());
            assert!(!model.title.trees.is_empty());
        }
    }
}
