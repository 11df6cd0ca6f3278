//! The pieces of an input as one column: a few bytes a piece, where a row would cost forty.
//!
//! Form: the byte 1; how many kinds there are, and of each its label and its rule with their lengths before them; then of
//! each piece the white space before it, its length, its kind and its score in hundredths. All numbers are LEB128; a score
//! is 0 where there is none, else 1 more than its zigzag code. Names are written out, so that no code has to be kept for
//! ever.

use std::borrow::Cow;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};

use crate::article::{Label, Piece, Span};

/// The form written here.
const FORM: u8 = 1;

/// Writes pieces as a column.
pub(super) fn pack(pieces: &[Piece]) -> Vec<u8> {
    let mut kinds: Vec<(Label, &str)> = Vec::new();
    let mut body = Vec::with_capacity(pieces.len() * 6);
    let mut at = 0;
    for piece in pieces {
        let kind = (piece.label, piece.rule.as_ref());
        let number = kinds.iter().position(|known| *known == kind);
        let number = number.unwrap_or_else(|| {
            kinds.push(kind);
            kinds.len() - 1
        });
        push(&mut body, (piece.span.start.saturating_sub(at)) as u64);
        push(&mut body, piece.span.len() as u64);
        push(&mut body, number as u64);
        push(&mut body, piece.score.map_or(0, |score| 1 + zigzag(score)));
        at = piece.span.end;
    }
    let mut packed = vec![FORM];
    push(&mut packed, kinds.len() as u64);
    for (label, rule) in kinds {
        for name in [label.as_str(), rule] {
            push(&mut packed, name.len() as u64);
            packed.extend_from_slice(name.as_bytes());
        }
    }
    packed.extend(body);
    packed
}

/// Pieces as they are read from their column.
#[derive(Debug)]
pub struct Pieces(pub Vec<Piece>);

impl FromSql for Pieces {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        unpack(value.as_blob()?)
            .map(Self)
            .ok_or_else(|| FromSqlError::Other("not the pieces of an input".into()))
    }
}

/// Reads a column; nothing where it is not one.
fn unpack(packed: &[u8]) -> Option<Vec<Piece>> {
    let (form, mut rest) = packed.split_first()?;
    if *form != FORM {
        return None;
    }
    let mut kinds = Vec::new();
    for _ in 0..pull(&mut rest)? {
        kinds.push((
            Label::named(pull_name(&mut rest)?)?,
            pull_name(&mut rest)?.to_owned(),
        ));
    }
    let mut pieces = Vec::new();
    let mut at = 0usize;
    while !rest.is_empty() {
        let start = at.checked_add(pull_size(&mut rest)?)?;
        at = start.checked_add(pull_size(&mut rest)?)?;
        let (label, rule) = kinds.get(pull_size(&mut rest)?)?;
        let score = pull(&mut rest)?.checked_sub(1).map(unzigzag);
        pieces.push(Piece {
            label: *label,
            rule: Cow::Owned(rule.clone()),
            score,
            span: Span::new(start, at),
        });
    }
    Some(pieces)
}

/// A score in hundredths, the sign in the lowest bit.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a score is at most some hundreds, and a conversion of floats saturates"
)]
fn zigzag(score: f32) -> u64 {
    let hundredths = (score * 100.0).round() as i32;
    u64::from((hundredths << 1 ^ hundredths >> 31).cast_unsigned())
}

#[expect(clippy::cast_precision_loss, reason = "some hundred thousands at most")]
fn unzigzag(code: u64) -> f32 {
    let code = u32::try_from(code).unwrap_or(u32::MAX);
    let hundredths = (code >> 1).cast_signed() ^ -(code & 1).cast_signed();
    hundredths as f32 / 100.0
}

pub(super) fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn pull(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

pub(super) fn pull_size(bytes: &mut &[u8]) -> Option<usize> {
    usize::try_from(pull(bytes)?).ok()
}

fn pull_name<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let size = pull_size(bytes)?;
    let (name, rest) = bytes.split_at_checked(size)?;
    *bytes = rest;
    str::from_utf8(name).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LABELS: [Label; 3] = [Label::Body, Label::Navigation, Label::Furniture];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn what_is_packed_is_unpacked(parts in prop::collection::vec(
            (0usize..300, 1usize..70_000, 0usize..3, prop::option::of(-1000.0f32..1000.0)), 0..40)) {
            let mut at = 0;
            let pieces: Vec<Piece> = parts.into_iter().map(|(gap, length, label, score)| {
                let span = Span::new(at + gap, at + gap + length);
                at = span.end;
                let rule = Cow::Borrowed(["body", "before-story", "markup"][label]);
                Piece { label: LABELS[label], rule, score: score.and_then(Piece::rounded), span }
            }).collect();
            prop_assert_eq!(unpack(&pack(&pieces)), Some(pieces));
        }

        #[test]
        fn a_damaged_column_is_survived(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            unpack(&bytes);
            unpack(&[vec![FORM], bytes].concat());
        }
    }
}
