//! PURE. Two texts side by side: what stands in both is one piece, and between such pieces stands what only one has.
//!
//! The passages come from the comparison of the two; here those that stand in the same order in both are laid over each
//! other. A passage that is not among them stands elsewhere in the other text: it is shown in both places, as moved.

use crate::article::Span;
use crate::article::duplicate::Passage;

/// Passages that are laid over each other at most, the longest: the work grows with their square.
const PASSAGES_MAX: usize = 2_000;

/// A part of two texts, in one of them or in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it stands in this text.
    pub(super) this: Option<Span>,
    /// Where it stands in the other.
    pub(super) other: Option<Span>,
    /// Whether the other text has it too, in another place.
    pub(super) moved: bool,
}

/// Lays two texts over each other. The pieces of either text, joined, are that text.
pub(super) fn align(this: &str, other: &str, passages: &[Passage]) -> Vec<Piece> {
    let mut passages: Vec<Passage> = passages
        .iter()
        .copied()
        .filter(|it| !it.a.of(this).is_empty() && !it.b.of(other).is_empty())
        .collect();
    if passages.len() > PASSAGES_MAX {
        passages.sort_by_key(|it| std::cmp::Reverse(it.a.len()));
        passages.truncate(PASSAGES_MAX);
    }
    passages.sort_unstable_by_key(|it| (it.a, it.b));
    let (chain, rest) = chain(passages);
    let both = widened(this, other, &chain);
    let in_this = union(rest.iter().map(|it| it.a));
    let in_other = union(rest.iter().map(|it| it.b));
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut at_this, mut at_other) = (0, 0);
    let end = (
        Span::new(this.len(), this.len()),
        Span::new(other.len(), other.len()),
    );
    for (here, there) in both.into_iter().chain([end]) {
        let gap = Span::new(at_other, there.start);
        pieces.extend(split(other, gap, &in_other).map(|(span, moved)| Piece {
            this: None,
            other: Some(span),
            moved,
        }));
        let gap = Span::new(at_this, here.start);
        pieces.extend(split(this, gap, &in_this).map(|(span, moved)| Piece {
            this: Some(span),
            other: None,
            moved,
        }));
        if !here.is_empty() || !there.is_empty() {
            pieces.push(Piece {
                this: Some(here),
                other: Some(there),
                moved: false,
            });
        }
        (at_this, at_other) = (here.end, there.end);
    }
    pieces
}

/// The passages that follow each other in both texts and together are the longest, and the rest.
fn chain(passages: Vec<Passage>) -> (Vec<Passage>, Vec<Passage>) {
    // For each: the most bytes of a chain that ends with it, and which stands before it there.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(passages.len());
    for passage in &passages {
        let before = passages
            .iter()
            .zip(&best)
            .enumerate()
            .filter(|(_, (it, _))| it.a.end <= passage.a.start && it.b.end <= passage.b.start)
            .map(|(at, (_, (bytes, _)))| (*bytes, at))
            // Of equal ones the first.
            .max_by_key(|(bytes, at)| (*bytes, std::cmp::Reverse(*at)));
        let bytes = before.map_or(0, |(bytes, _)| bytes) + passage.a.len();
        best.push((bytes, before.map(|(_, at)| at)));
    }
    let mut at = (0..best.len()).rev().max_by_key(|at| best.get(*at));
    let mut is_chained = vec![false; passages.len()];
    while let Some(now) = at {
        if let Some(chained) = is_chained.get_mut(now) {
            *chained = true;
        }
        at = best.get(now).and_then(|(_, before)| *before);
    }
    let marked = passages.into_iter().zip(is_chained);
    let (chain, rest): (Vec<_>, Vec<_>) = marked.partition(|(_, chained)| *chained);
    let plain = |marked: Vec<(Passage, bool)>| marked.into_iter().map(|(it, _)| it).collect();
    (plain(chain), plain(rest))
}

/// The passages with the spaces and marks around them, which are not compared: what stands between two of them without a
/// letter or a digit belongs to the first, else its beginning does, and its end to the second. Neighbours become one.
fn widened(this: &str, other: &str, chain: &[Passage]) -> Vec<(Span, Span)> {
    let mut both: Vec<(Span, Span)> = Vec::with_capacity(chain.len());
    for passage in chain {
        let (mut here, mut there) = (passage.a, passage.b);
        if let Some(last) = both.last_mut() {
            meet(this, &mut last.0, &mut here);
            meet(other, &mut last.1, &mut there);
            if last.0.end == here.start && last.1.end == there.start {
                (last.0.end, last.1.end) = (here.end, there.end);
                continue;
            }
        } else {
            open(this, &mut here);
            open(other, &mut there);
        }
        both.push((here, there));
    }
    if let Some((here, there)) = both.last_mut() {
        meet(this, here, &mut Span::new(this.len(), this.len()));
        meet(other, there, &mut Span::new(other.len(), other.len()));
    }
    both
}

/// Deals out what stands between two passages of a text.
fn meet(text: &str, before: &mut Span, after: &mut Span) {
    let gap = Span::new(before.end, after.start);
    before.end += tail(gap.of(text));
    if before.end < after.start {
        open(text, after);
        after.start = after.start.max(before.end);
    }
}

/// How much of what follows a passage belongs to it: up to the last space before a letter or a digit, or all of it.
fn tail(gap: &str) -> usize {
    let Some(first) = gap.find(char::is_alphanumeric) else {
        return gap.len();
    };
    let head = gap.get(..first).unwrap_or("");
    head.rfind(char::is_whitespace)
        .map_or(0, |at| after_char(head, at))
}

/// Begins a passage with the marks that stand right before it.
fn open(text: &str, passage: &mut Span) {
    let before = text.get(..passage.start).unwrap_or("");
    let marks = before.trim_end_matches(|it: char| !it.is_alphanumeric() && !it.is_whitespace());
    // At the very beginning of the text there is nothing else it could belong to.
    passage.start = match marks.trim_end() {
        "" => 0,
        _ if marks.ends_with(char::is_whitespace) => marks.len(),
        _ => passage.start,
    };
}

/// One past the character at a place.
fn after_char(text: &str, at: usize) -> usize {
    let character = text.get(at..).and_then(|rest| rest.chars().next());
    at + character.map_or(0, char::len_utf8)
}

/// Ranges as disjoint ones, ascending.
fn union(ranges: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut ranges: Vec<Span> = ranges.collect();
    ranges.sort_unstable();
    let mut union: Vec<Span> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match union.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => union.push(range),
        }
    }
    union
}

/// A gap in parts: those in `moved`, and those that are not.
fn split(text: &str, gap: Span, moved: &[Span]) -> impl Iterator<Item = (Span, bool)> {
    let mut parts = Vec::new();
    let mut at = gap.start;
    for (n, it) in moved.iter().enumerate() {
        let (start, end) = (it.start.clamp(at, gap.end), it.end.clamp(at, gap.end));
        if start < end {
            let next = moved
                .get(n + 1)
                .map_or(gap.end, |next| next.start.min(gap.end));
            let end = end + tail(Span::new(end, next).of(text));
            parts.push((Span::new(at, start), false));
            parts.push((Span::new(start, end), true));
            at = end;
        }
    }
    parts.push((Span::new(at, gap.end), false));
    parts.into_iter().filter(|(span, _)| !span.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::article::duplicate::{Between, Reading, compare};

    use super::*;

    fn aligned(this: &str, other: &str) -> Vec<(char, String)> {
        let (a, b) = (Reading::of(None, this), Reading::of(None, other));
        let passages = compare(&a, &b, &Between::default()).passages;
        align(this, other, &passages)
            .into_iter()
            .map(|it| match (it.this, it.other, it.moved) {
                (Some(span), Some(_), _) => ('=', span.of(this).to_owned()),
                (Some(span), None, moved) => {
                    (if moved { '>' } else { '+' }, span.of(this).to_owned())
                }
                (None, Some(span), moved) => {
                    (if moved { '<' } else { '-' }, span.of(other).to_owned())
                }
                (None, None, _) => ('!', String::new()),
            })
            .collect()
    }

    fn signs(pieces: &[(char, String)]) -> String {
        pieces.iter().map(|(sign, _)| *sign).collect()
    }

    #[test]
    fn a_word_changed_in_a_paragraph_stands_between_what_both_have() {
        let pieces = aligned(
            "The ferry will sail again from July, the council of Tarrow said on Monday. \"Good,\" it said.",
            "The ferry will sail again from June, the council of Tarrow said on Monday; \"Good,\" it said.",
        );
        let expected = [
            ('=', "The ferry will sail again from "),
            ('-', "June, "),
            ('+', "July, "),
            (
                '=',
                "the council of Tarrow said on Monday. \"Good,\" it said.",
            ),
        ];
        let found: Vec<(char, &str)> = pieces
            .iter()
            .map(|(sign, text)| (*sign, text.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_paragraph_in_another_place_is_moved_and_one_alone_is_not() {
        let wind = "The wind turned to the north in the night.";
        let boats = "Eleven boats were lost on the rocks below the old lighthouse of Kellin.";
        let own = "Nobody knows why the lamp was out.";
        let pieces = aligned(
            &format!("{boats}\n\n{wind}\n\n{own}"),
            &format!("{wind}\n\n{boats}"),
        );
        assert_eq!(signs(&pieces), "<=>+", "{pieces:?}");
        assert_eq!(pieces[3].1, own);
    }

    #[test]
    fn texts_that_share_nothing_stand_one_after_the_other() {
        assert_eq!(signs(&aligned("one two three", "four five six")), "-+");
        assert_eq!(signs(&aligned("", "four")), "-");
        assert_eq!(aligned("", "").len(), 0);
    }

    proptest! {
        #[test]
        fn the_pieces_of_a_text_are_the_text(
            a in "[a-c \u{e9}.\"\n]{0,200}", b in "[a-c \u{e9}.\"\n]{0,200}"
        ) {
            let (one, two) = (Reading::of(None, &a), Reading::of(None, &b));
            let passages = compare(&one, &two, &Between::default()).passages;
            let pieces = align(&a, &b, &passages);
            let this: String = pieces.iter().filter_map(|it| it.this).map(|it| it.of(&a)).collect();
            let other: String = pieces.iter().filter_map(|it| it.other).map(|it| it.of(&b)).collect();
            prop_assert_eq!((this, other), (a, b));
        }

        #[test]
        fn any_passages_are_survived(
            a in "[ab\u{e9} ]{0,40}", b in "[ab\u{e9} ]{0,40}",
            at in proptest::collection::vec((0usize..50, 0usize..20, 0usize..50, 0usize..20), 0..12)
        ) {
            let passages: Vec<Passage> = at.iter().map(|(a, a_len, b, b_len)| Passage {
                a: Span::new(*a, a + a_len),
                b: Span::new(*b, b + b_len),
            }).collect();
            let pieces = align(&a, &b, &passages);
            let this: String = pieces.iter().filter_map(|it| it.this).map(|it| it.of(&a)).collect();
            prop_assert_eq!(this, a);
        }
    }
}
