//! The input in pieces: what was kept, what was cut, what each piece is and on what grounds.
//!
//! What a piece is was decided in `clean`; here is only what follows from it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Label, Span};

/// The rule of pieces that are tags and not words.
pub const MARKUP: &str = "markup";

/// A piece of the input, kept or cut.
///
/// Pieces do not overlap and stand in the order of the input; between them is nothing but white space.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// What it is.
    pub label: Label,
    /// The rule that says so.
    pub rule: Cow<'static, str>,
    /// How much it speaks for being of the story, to the hundredth; the greater the more. Nothing where only a rule was
    /// asked.
    pub score: Option<f32>,
    /// Where in the decoded text it stands.
    pub span: Span,
}

impl Piece {
    /// Whether it is in the article's text.
    pub fn is_kept(&self) -> bool {
        self.label.is_kept()
    }

    /// A score as pieces carry it: to the hundredth, so that it is the same in the record as where it was found.
    pub fn rounded(score: f32) -> Option<f32> {
        let rounded = (score.clamp(-Self::SCORE_MAX, Self::SCORE_MAX) * 100.0).round() / 100.0;
        // No minus before a zero.
        rounded.is_finite().then_some(rounded + 0.0)
    }

    /// Log-odds beyond this are certainty, and in hundredths they are whole numbers that a float holds exactly.
    const SCORE_MAX: f32 = 1000.0;
}

/// What was taken out of the input in one go: pieces in a row with the same label and rule, and the markup between them.
///
/// What no cut covers was kept, so kept + cut = input.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// What it is.
    pub label: Label,
    /// The rule that removed it.
    pub rule: Cow<'static, str>,
    /// The greatest score of its pieces: how near any of it came to being kept.
    pub score: Option<f32>,
    /// Where in the decoded text it stood.
    pub span: Span,
}

/// The cuts that follow from pieces.
pub fn cuts(pieces: &[Piece]) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = Vec::new();
    // Kept text parts cuts; markup between two of a kind does not.
    for run in pieces.split(Piece::is_kept) {
        let first = cuts.len();
        for piece in run {
            let same =
                |earlier: &&mut Cut| earlier.label == piece.label && earlier.rule == piece.rule;
            let across = cuts.len().checked_sub(2).filter(|before| {
                *before >= first && cuts.last().is_some_and(|last| last.rule == MARKUP)
            });
            if let Some(before) = across
                && cuts.get_mut(before).as_ref().is_some_and(same)
            {
                cuts.truncate(before + 1);
            }
            match cuts.get_mut(first..).and_then(|run| run.last_mut()) {
                Some(last) if same(&last) => {
                    last.span.end = piece.span.end;
                    last.score = greater(last.score, piece.score);
                }
                Some(_) | None => cuts.push(Cut {
                    label: piece.label,
                    rule: piece.rule.clone(),
                    score: piece.score,
                    span: piece.span,
                }),
            }
        }
    }
    cuts
}

fn greater(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (one, other) => one.or(other),
    }
}

/// The decoded input of an article, piece by piece, for `--cuts`: the texts joined are the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cutting {
    /// [`super::object::SCHEMA`].
    pub schema: u32,
    /// The record's id.
    pub id: Option<i64>,
    /// Path of the file, where it was named; what is not UTF-8 in it replaced.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// The path's bytes, only where they are not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_base64: Option<String>,
    /// The pieces, and the white space between them.
    pub pieces: Vec<PieceObject>,
    /// Bytes of the input.
    pub input_bytes: usize,
    /// Bytes that were kept.
    pub kept_bytes: usize,
    /// Bytes that were cut.
    pub cut_bytes: usize,
}

/// A piece of an input, with its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PieceObject {
    /// First byte in the decoded text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Whether it was kept.
    pub kept: bool,
    /// What it is; null for white space between pieces.
    pub label: Option<String>,
    /// The rule that says so, likewise.
    pub rule: Option<String>,
    /// How much it speaks for being of the story.
    pub score: Option<f32>,
    /// The piece as it stands in the input.
    pub text: String,
}

impl Cutting {
    /// An input taken apart. A piece that does not fit the input is left out rather than shown wrongly.
    pub fn new(input: &str, pieces: &[Piece]) -> Self {
        let mut parts: Vec<PieceObject> = Vec::with_capacity(pieces.len() * 2 + 1);
        let mut at = 0;
        let mut push = |span: Span, piece: Option<&Piece>| {
            if !span.of(input).is_empty() {
                parts.push(PieceObject {
                    start: span.start,
                    end: span.end,
                    kept: piece.is_none_or(Piece::is_kept),
                    label: piece.map(|piece| piece.label.as_str().to_owned()),
                    rule: piece.map(|piece| piece.rule.clone().into_owned()),
                    score: piece.and_then(|piece| piece.score),
                    text: span.of(input).to_owned(),
                });
            }
        };
        for piece in pieces {
            if piece.span.start >= at && !piece.span.of(input).is_empty() {
                push(Span::new(at, piece.span.start), None);
                push(piece.span, Some(piece));
                at = piece.span.end;
            }
        }
        push(Span::new(at, input.len()), None);
        let bytes = |kept: bool| {
            let parts = parts.iter().filter(|part| part.kept == kept);
            parts.map(|part| part.text.len()).sum()
        };
        Self {
            schema: super::object::SCHEMA,
            id: None,
            path: None,
            path_base64: None,
            input_bytes: input.len(),
            kept_bytes: bytes(true),
            cut_bytes: bytes(false),
            pieces: parts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(label: Label, rule: &'static str, start: usize, end: usize) -> Piece {
        Piece {
            label,
            rule: Cow::Borrowed(rule),
            score: Piece::rounded(-0.904),
            span: Span::new(start, end),
        }
    }

    #[test]
    fn the_pieces_joined_are_the_input_and_what_does_not_fit_is_left_out() {
        let pieces = [
            piece(Label::Navigation, "navigation", 0, 4),
            piece(Label::Body, "body", 5, 9),
            piece(Label::Advertisement, "advertisement", 10, 12),
            piece(Label::Furniture, "after-story", 11, 12),
            piece(Label::Furniture, "after-story", 90, 99),
        ];
        let cutting = Cutting::new("Menu Text Ad", &pieces);
        let joined: String = cutting
            .pieces
            .iter()
            .map(|piece| piece.text.as_str())
            .collect();
        assert_eq!(joined, "Menu Text Ad");
        assert_eq!(
            (cutting.kept_bytes, cutting.cut_bytes, cutting.input_bytes),
            (6, 6, 12)
        );
        assert_eq!(cutting.pieces[0].score, Some(-0.9));
    }

    #[test]
    fn cuts_of_a_kind_are_one_across_markup_but_not_across_kept_text() {
        let markup = |start, end| Piece {
            score: None,
            ..piece(Label::Furniture, MARKUP, start, end)
        };
        let nav = |start, end| piece(Label::Navigation, "navigation", start, end);
        let pieces = [
            markup(0, 2),
            nav(2, 4),
            markup(4, 6),
            nav(6, 8),
            markup(8, 9),
            piece(Label::Body, "body", 9, 12),
            markup(12, 13),
            nav(13, 14),
            nav(14, 15),
        ];
        let spans: Vec<(usize, usize)> = cuts(&pieces)
            .iter()
            .map(|cut| (cut.span.start, cut.span.end))
            .collect();
        assert_eq!(spans, [(0, 2), (2, 8), (8, 9), (12, 13), (13, 15)]);
    }

    #[test]
    fn a_score_is_a_number_to_the_hundredth() {
        assert_eq!(Piece::rounded(0.333_33), Some(0.33));
        assert_eq!(Piece::rounded(f32::INFINITY), Some(1000.0));
        assert_eq!(Piece::rounded(f32::NAN), None);
        assert_eq!(
            Piece::rounded(-0.001).map(f32::is_sign_negative),
            Some(false)
        );
    }
}
