//! Blocks → pieces: the credit that closes a paragraph ("… this year. -- AFP") is parted from it.

use super::label::Labelled;
use super::{Draft, Label, Piece, Span, prose};
use crate::article::attribution;

/// Turns labelled blocks into pieces.
pub(super) fn split<'a>(draft: &'a Draft, labels: &[Labelled]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::with_capacity(labels.len());
    // Where the format says what the story is, a last paragraph without a sentence's end is none the less of it.
    let ends = |it: &Labelled| it.label == Label::Body || draft.is_given && it.label.is_kept();
    let last_body = labels.iter().rposition(ends);
    for (at, (block, labelled)) in draft.blocks.iter().zip(labels).enumerate() {
        let credit = if Some(at) == last_body {
            let reporters = closing_reporters(&block.text).filter(|_| draft.is_given);
            reporters.or_else(|| closing_credits(&block.text))
        } else {
            None
        };
        let piece = |label, rule, text, span| Piece {
            label,
            rule,
            text,
            span,
            block: at,
            score: None,
        };
        let parted = credit.and_then(|offset| {
            let (story, credit) = block.text.split_at_checked(offset)?;
            let (start, end) = (block.input_at(offset), block.span.end);
            Some([
                piece(
                    labelled.label,
                    labelled.rule,
                    story.trim_end(),
                    Span::new(block.span.start, start),
                ),
                piece(Label::Credit, "credit-line", credit, Span::new(start, end)),
            ])
        });
        match parted {
            Some(parted) => pieces.extend(parted),
            None => pieces.push(piece(
                labelled.label,
                labelled.rule,
                &block.text,
                block.span,
            )),
        }
    }
    pieces
}

/// Where the bracket starts that names the reporters at the end of a wire's last paragraph: "(Reporting by …; Editing by …)".
fn closing_reporters(text: &str) -> Option<usize> {
    let ends = text.ends_with([')', ']']);
    let at = text.rfind(['(', '[']).filter(|_| ends)?;
    let inside = text.get(at + 1..)?.to_lowercase();
    let opens = [
        "reporting by",
        "additional reporting",
        "writing by",
        "editing by",
        "reporting and",
        "compiled by",
    ];
    let before = text.get(..at)?.trim_end();
    (prose::ends_sentence(before) && opens.iter().any(|open| inside.starts_with(open)))
        .then_some(at)
}

/// Where the credits that close a paragraph start: behind them none is left.
fn closing_credits(text: &str) -> Option<usize> {
    let mut first = None;
    let mut rest = text;
    while let Some(at) = closing_agency(rest) {
        first = Some(at);
        rest = rest.get(..at).unwrap_or_default().trim_end();
    }
    first
}

/// No credit of this kind is longer: "-- Bernama-Xinhua", "(With inputs from Reuters, AFP)".
const TAIL_CHARS: usize = 60;

/// What opens a credit.
const OPENERS: [char; 9] = ['-', '–', '—', '(', '[', '/', '（', '~', '_'];

/// Whether anything in the tail may open a credit, by its bytes: asked of every block, mostly in vain. What opens one
/// stands behind a blank or a mark, never inside a word.
fn may_close(text: &[u8]) -> bool {
    let end = text.rchunks(TAIL_CHARS + 1).next().unwrap_or_default();
    let end = if end.is_ascii() {
        end
    } else {
        // No character has more than four bytes.
        text.rchunks(4 * (TAIL_CHARS + 1))
            .next()
            .unwrap_or_default()
    };
    // The last two begin the openers that are not ASCII.
    let opens = |byte: u8| matches!(byte, b'-' | b'(' | b'[' | b'/' | b'~' | b'_' | 0xe2 | 0xef);
    let inside = |byte: u8| byte.is_ascii_alphanumeric();
    let pairs = end.iter().zip(end.get(1..).unwrap_or_default());
    pairs.fold(false, |any, (before, byte)| {
        any | (opens(*byte) & !inside(*before))
    })
}

/// Where the credit that closes a paragraph starts: after a sentence's end, two hyphens, a dash or an opening bracket,
/// and an agency's name, or several.
pub(super) fn closing_agency(text: &str) -> Option<usize> {
    if !may_close(text.as_bytes()) {
        return None;
    }
    let tail_from = text
        .char_indices()
        .rev()
        .nth(TAIL_CHARS)
        .map_or(0, |(at, _)| at);
    let tail = text.get(tail_from..)?;
    if !tail.contains(OPENERS) {
        return None;
    }
    for (at, _) in tail.rmatch_indices([' ', '.', '”', '"', '。']) {
        let mark = tail.get(at..)?.chars().next()?;
        let rest = tail.get(at + mark.len_utf8()..)?;
        let behind = rest.trim_start();
        let name = behind.trim_start_matches(|c| c == ' ' || OPENERS.contains(&c));
        if name.len() == behind.len() || name.is_empty() {
            continue;
        }
        let before = text.get(..tail_from + at + mark.len_utf8())?.trim_end();
        let bare = name.trim_end_matches([')', ']', '.', '/', '）', '-', ' ']);
        if prose::ends_sentence(before) && attribution::is_credit(bare) {
            return Some(tail_from + at + mark.len_utf8() + (rest.len() - behind.len()));
        }
    }
    None
}
