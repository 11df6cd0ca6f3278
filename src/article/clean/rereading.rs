//! What is kept, read once more as if it had come as it is: cleaning twice is cleaning once.

use super::model::Model;
use super::reading::Judged;
use super::{Draft, Found, Label, Piece, credit, fair_copy};
use crate::article::parse;

/// Most readings of one text. Each cuts something or is the last; of the development pages none takes more than four.
const READINGS_MAX: usize = 8;

/// Reads what is kept until nothing more of it is cut. A headline left over at the top is found so, and a closing line
/// that only the page around it made likely.
pub(super) fn settle(model: &Model, draft: &Draft, judged: &mut Judged) {
    for _ in 0..READINGS_MAX {
        let pieces = credit::split(draft, &judged.labels);
        let kept: Vec<&Piece<'_>> = pieces
            .iter()
            .filter(|piece| piece.label.is_kept())
            .collect();
        if is_settled(draft, judged, &kept) || !read_again(model, &kept, judged) {
            return;
        }
    }
}

/// Whether nothing would be cut of what is kept, by what is known of its blocks already.
fn is_settled(draft: &Draft, judged: &Judged, kept: &[&Piece<'_>]) -> bool {
    let seen = |piece: &&Piece<'_>| {
        let block = draft.blocks.get(piece.block)?;
        // A paragraph whose credit was taken off ends otherwise now.
        let whole = block.text.len() == piece.text.len();
        Some((block, judged.evidence.get(piece.block).filter(|_| whole)?))
    };
    kept.iter().all(|piece| seen(piece).is_some())
        && fair_copy::is_prose(kept.iter().filter_map(seen))
}

/// Reads what is kept; whether any of it is cut.
fn read_again(model: &Model, kept: &[&Piece<'_>], judged: &mut Judged) -> bool {
    let texts: Vec<&str> = kept.iter().map(|piece| piece.text).collect();
    let copy = parse::read_plain(&texts.join("\n\n"));
    if !copy
        .blocks
        .iter()
        .map(|block| block.text.as_str())
        .eq(texts)
    {
        return false;
    }
    let again = Judged::of(model, &copy, true);
    if !again
        .labels
        .iter()
        .any(|labelled| labelled.label == Label::Body)
    {
        return false;
    }
    let mut is_cut = false;
    for (at, (piece, labelled)) in kept.iter().zip(&again.labels).enumerate() {
        if labelled.label.is_kept() {
            continue;
        }
        is_cut = true;
        if let Some(place) = judged.labels.get_mut(piece.block) {
            *place = *labelled;
        }
        if let (Some(place), Some(logit)) =
            (judged.logits.get_mut(piece.block), again.logits.get(at))
        {
            *place = *logit;
        }
        if let (Label::Title, None, Some(title)) = (labelled.label, &judged.title, &again.title) {
            judged.title = Some(Found {
                span: Some(piece.span),
                ..title.clone()
            });
        }
    }
    is_cut
}
