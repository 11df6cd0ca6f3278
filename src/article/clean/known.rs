//! What a block known to be furniture of the source means for the search for the story, and for its label.

use super::Label;
use super::evidence::Evidence;
use crate::article::attribution;
use crate::article::parse::Block;

/// The rule by which what recurs across the articles of a source is cut.
pub(super) const RULE: &str = "source-furniture";

/// What recurs across the articles of the source speaks against the run it stands in, whatever it looks like; but since it
/// is known to be no part of the story, and stands in the middle of many, it parts one less than a stranger would. With
/// more patience what follows the story is taken in, with less the story's second half is lost.
const SCORE: (f32, f32) = (-0.8, -0.3);

/// How much a block speaks for being of the story, given what it would be worth if nothing were known of it.
pub(super) fn score(block: &Block, score: f32) -> f32 {
    let (least, most) = SCORE;
    if block.is_furniture {
        score.clamp(least, most)
    } else {
        score
    }
}

/// What its words say then, on the scale by which the features tell it: as far from the story as a share prompt.
pub(super) const SPEAKS: f32 = 7.0;

/// The greatest log-odds of a block that is known: those of a menu.
const LOGIT_MAX: f32 = -6.0;

/// The log-odds of a block to be of the story, given what they would be if nothing were known of it: it never is.
pub(super) fn logit(block: &Block, logit: f32) -> f32 {
    if block.is_furniture {
        logit.min(LOGIT_MAX)
    } else {
        logit
    }
}

/// What a block that is known is, and the rule that says so; a date in it is still one. Nothing where it is not known.
pub(super) fn label(block: &Block, evidence: &Evidence) -> Option<(Label, &'static str)> {
    let dated = || evidence.weight < 80 && attribution::holds_date(&block.text);
    block.is_furniture.then(|| {
        if dated() {
            (Label::Dateline, "date-line")
        } else {
            (Label::Furniture, RULE)
        }
    })
}
