//! Labelled blocks → the pieces of the input, markup between them included.

use std::borrow::Cow;

use super::{Label, Piece, Span, prose};
use crate::article;

/// Everything visible of the input, in pieces. White space between pieces belongs to none and stays on the kept side.
pub(super) fn pieces(has_markup: bool, labelled: &[Piece<'_>], input: &str) -> Vec<article::Piece> {
    let mut pieces = Vec::with_capacity(labelled.len());
    let mut cursor = 0;
    for piece in labelled {
        fill(
            has_markup,
            Span::new(cursor, piece.span.start),
            input,
            &mut pieces,
        );
        let span = visible(piece.span, input);
        if !span.is_empty() {
            pieces.push(article::Piece {
                label: piece.label,
                rule: Cow::Borrowed(piece.rule),
                score: piece.score.and_then(article::Piece::rounded),
                span,
            });
        }
        cursor = piece.span.end.max(cursor);
    }
    fill(
        has_markup,
        Span::new(cursor, input.len()),
        input,
        &mut pieces,
    );
    pieces
}

/// Markup between blocks is a piece of its own, as is what a format writes around them. In plain text nothing visible stands there.
fn fill(has_markup: bool, gap: Span, input: &str, pieces: &mut Vec<article::Piece>) {
    let span = visible(gap, input);
    if has_markup && !span.is_empty() {
        pieces.push(article::Piece {
            label: Label::Furniture,
            rule: Cow::Borrowed(article::cutting::MARKUP),
            score: None,
            span,
        });
    }
}

/// The span without the white space at its ends.
fn visible(span: Span, input: &str) -> Span {
    let piece = span.of(input);
    let start = span.start + (piece.len() - piece.trim_start_matches(prose::is_blank).len());
    let end = span.start + piece.trim_end_matches(prose::is_blank).len();
    Span::new(start, end)
}
