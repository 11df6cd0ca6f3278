//! Texts in the very form in which texts are written here: paragraphs with one blank line between them, and nothing else.
//!
//! What was scraped from a page is hardly ever written so (1 in 1,000 renderings of the development pages, 3 in 100 of
//! those that a text browser made), what was edited before always is. So it is read with more trust.

use super::evidence::Evidence;
use super::label::is_byline;
use super::{Draft, Markup};
use crate::article::parse::Block;

/// Whether a text is a fair copy: its blocks as they are, one blank line between two, at most a line end behind the last.
pub(super) fn is(draft: &Draft, input: &str) -> bool {
    if draft.markup != Markup::Text || draft.unread.is_some() {
        return false;
    }
    let mut rest = Some(input);
    for (at, block) in draft.blocks.iter().enumerate() {
        let between = if at == 0 { "" } else { "\n\n" };
        rest = rest
            .and_then(|rest| rest.strip_prefix(between))
            .and_then(|rest| rest.strip_prefix(block.text.as_str()));
    }
    matches!(rest, Some("" | "\n"))
}

/// Fewest letters of a paragraph, and most of a subheading.
const PARAGRAPH_WEIGHT_MIN: usize = 20;
const SUBHEADING_WEIGHT_MAX: usize = 90;

/// Whether all blocks are sentences, with subheadings between them at most, of which none says that it is something else.
/// Then a fair copy has nothing to be cut, and nobody needs to be asked.
pub(super) fn is_prose<'a>(blocks: impl IntoIterator<Item = (&'a Block, &'a Evidence)>) -> bool {
    // A subheading stands between two paragraphs: neither first nor last.
    let mut after_sentence = false;
    for (block, seen) in blocks {
        let sentence = seen.sentence && seen.weight >= PARAGRAPH_WEIGHT_MIN;
        let subheading = after_sentence && !seen.sentence && seen.weight <= SUBHEADING_WEIGHT_MAX;
        let says_otherwise = seen.speaks.is_some()
            || seen.figures
            || block.repeats > 1
            || block.is_furniture
            || is_byline(&block.text, seen);
        if says_otherwise || !(sentence || subheading) {
            return false;
        }
        after_sentence = sentence;
    }
    after_sentence
}
