//! A delivery: the format says what is the story. What the words of a block say only tells what stands beside it.

use std::collections::HashSet;

use super::evidence::Evidence;
use super::label::{self, Labelled, is_byline, labelled};
use super::{Draft, Field, Found, Kind, Label, Marks, prose};

/// How many blocks from the top an author line may stand in the text itself.
const BYLINE_REACH: usize = 3;

/// Labels the blocks of a delivery.
pub(super) fn label(draft: &Draft, evidence: &[Evidence]) -> Vec<Labelled> {
    let title = draft.meta.told(Field::Title).next();
    let title = title.map(|title| prose::squeeze(&title.value));
    let mut seen: HashSet<&str> = HashSet::new();
    let mut before_text = true;
    let mut labels: Vec<Labelled> = Vec::with_capacity(draft.blocks.len());
    for (at, (block, evidence)) in draft.blocks.iter().zip(evidence).enumerate() {
        let says_title = before_text && title.as_deref() == Some(block.squeezed());
        let given = if let Some((label, rule)) = block.given {
            labelled(label, rule)
        } else if says_title {
            labelled(Label::Title, "title")
        } else if block.kind == Kind::Caption || block.marks.any(Marks::CAPTION) {
            labelled(Label::Caption, "caption")
        } else if block.marks.any(Marks::HIDDEN) {
            labelled(Label::Furniture, "hidden")
        } else if before_text && at < BYLINE_REACH && is_byline(&block.text, evidence) {
            labelled(Label::Byline, "byline")
        } else {
            label::within(block, evidence, &mut seen)
        };
        before_text &= !given.label.is_kept();
        labels.push(given);
    }
    // One short line may be all there is: then it is no heading of anything.
    if !labels.iter().any(|it| it.label == Label::Body) {
        for labelled_as in labels.iter_mut().filter(|it| it.label == Label::Subheading) {
            *labelled_as = labelled(Label::Body, "body");
        }
    }
    labels
}

/// The headline that the format states, else the block that it says is one.
pub(super) fn title(draft: &Draft, labels: &[Labelled]) -> Option<Found<String>> {
    if let Some(stated) = draft.meta.told(Field::Title).next() {
        return Some(Found {
            value: stated.value.clone(),
            rule: stated.rule,
            span: stated.span,
            confidence: 0.95,
        });
    }
    let blocks = draft.blocks.iter().zip(labels);
    let mut titles = blocks.filter(|(_, it)| it.label == Label::Title);
    titles.next().map(|(block, it)| Found {
        value: block.text.clone(),
        rule: it.rule,
        span: Some(block.span),
        confidence: 0.9,
    })
}
