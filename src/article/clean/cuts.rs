//! Pieces → cuts of the input.

use super::{Cut, Label, Piece, Span, prose};
use crate::article::Format;

/// Cuts everything that is not kept, byte for byte; white space beside kept text stays on the kept side.
pub(super) fn cuts(format: Format, pieces: &[Piece<'_>], input: &str) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = Vec::new();
    let mut cursor = 0;
    // Whether kept text stands between the last cut and the cursor: nothing merges across it.
    let mut apart = true;
    for piece in pieces {
        fill(
            format,
            Span::new(cursor, piece.span.start),
            input,
            &mut cuts,
            apart,
        );
        if matches!(piece.label, Label::Body | Label::Subheading) {
            apart = true;
        } else {
            push(
                Cut {
                    rule: piece.rule,
                    span: visible(piece.span, input),
                },
                &mut cuts,
                apart,
            );
            apart = false;
        }
        cursor = piece.span.end.max(cursor);
    }
    fill(
        format,
        Span::new(cursor, input.len()),
        input,
        &mut cuts,
        apart,
    );
    cuts
}

/// Markup between pieces is a cut of its own. In plain text nothing visible stands there.
fn fill(format: Format, gap: Span, input: &str, cuts: &mut Vec<Cut>, apart: bool) {
    let span = visible(gap, input);
    if format == Format::Html && !span.is_empty() {
        push(
            Cut {
                rule: "markup",
                span,
            },
            cuts,
            apart,
        );
    }
}

/// Adds a cut, merged with the one before it where both are by one rule and only markup and white space part them.
fn push(cut: Cut, cuts: &mut Vec<Cut>, apart: bool) {
    if cut.span.is_empty() {
        return;
    }
    let touching = |earlier: &Cut| !apart && earlier.rule == cut.rule;
    if cuts.last().is_some_and(touching) {
        if let Some(last) = cuts.last_mut() {
            last.span.end = cut.span.end;
        }
        return;
    }
    let across = cuts.last().is_some_and(|last| last.rule == "markup")
        && cuts
            .len()
            .checked_sub(2)
            .and_then(|at| cuts.get(at))
            .is_some_and(touching);
    if across && cuts.pop().is_some() {
        if let Some(last) = cuts.last_mut() {
            last.span.end = cut.span.end;
        }
        return;
    }
    cuts.push(cut);
}

/// The span without the white space at its ends.
fn visible(span: Span, input: &str) -> Span {
    let piece = span.of(input);
    let start = span.start + (piece.len() - piece.trim_start_matches(prose::is_blank).len());
    let end = span.start + piece.trim_end_matches(prose::is_blank).len();
    Span::new(start, end)
}
