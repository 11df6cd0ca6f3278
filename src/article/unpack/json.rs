//! JSON Lines, JSON values that follow each other, and arrays of objects: each value is a leaf.
//!
//! The scanner finds where a value ends and no more. What is wrong inside a value its reader says. It keeps a count, no
//! stack, and lets control characters in strings pass.

use super::sniff::{Shape, pass_mark, without_mark};
use super::stream::Stream;
use super::trouble::Stop;
use super::walk::{Standing, Walk};
use super::{Bounds, Kind, Step, Trouble};

/// Finds the end of a JSON value.
#[derive(Debug, Default)]
struct Scanner {
    depth: usize,
    deepest: usize,
    in_string: bool,
    is_escaped: bool,
}

impl Scanner {
    /// Goes on over `bytes`; one past the value's last byte, if it is there. The value begins with its bracket or quote.
    fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if self.is_escaped {
                self.is_escaped = false;
                at += 1;
                continue;
            }
            let found = if self.in_string {
                memchr::memchr2(b'"', b'\\', rest)
            } else {
                rest.iter()
                    .position(|byte| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']'))
            };
            at += found? + 1;
            match bytes.get(at - 1) {
                Some(b'\\') => self.is_escaped = true,
                Some(b'"') => self.in_string = !self.in_string,
                Some(b'{' | b'[') => {
                    self.depth += 1;
                    self.deepest = self.deepest.max(self.depth);
                }
                _ => self.depth = self.depth.saturating_sub(1),
            }
            if self.depth == 0 && !self.in_string {
                return Some(at);
            }
        }
        None
    }
}

/// Which of ours this JSON is; `None` for a single value, and for what only looks like JSON.
pub(super) fn recognise(stream: &mut Stream<'_>, bounds: &Bounds) -> Option<Shape> {
    let head = stream.here();
    let start = head.len() - without_mark(head).len();
    let start = start + blanks(head.get(start..)?);
    let opening = *head.get(start)?;
    let inner = start + 1 + blanks(head.get(start + 1..)?);
    let begins_value = match (opening, head.get(inner)?) {
        (b'[', b'{') => {
            let end = end_of_value(stream, inner, bounds)?;
            if next_byte(stream, end).1 == Some(b',') {
                return Some(Shape::JsonArray);
            }
            true
        }
        (b'{', byte) => matches!(byte, b'"' | b'}'),
        (_, byte) => matches!(
            byte,
            b'[' | b']' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'
        ),
    };
    if !begins_value {
        return None;
    }
    let end = end_of_value(stream, start, bounds)?;
    let (next, byte) = next_byte(stream, end);
    byte.filter(|byte| matches!(byte, b'{' | b'['))?;
    let here = stream.here();
    let is_line = !here.get(start..end)?.contains(&b'\n') && here.get(end..next)?.contains(&b'\n');
    Some(if is_line {
        Shape::Jsonl
    } else {
        Shape::JsonValues
    })
}

fn blanks(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

/// Where the value that begins `start` bytes ahead ends, if no member would be too large.
fn end_of_value(stream: &mut Stream<'_>, start: usize, bounds: &Bounds) -> Option<usize> {
    let mut scanner = Scanner::default();
    let mut at = start;
    loop {
        let here = stream.here();
        if let Some(end) = scanner.feed(here.get(at..)?) {
            return Some(at + end);
        }
        at = here.len();
        if at > bounds.member_bytes_max || !stream.fill() {
            return None;
        }
    }
}

/// The next byte that is not blank, `from` bytes ahead or further, and how far ahead it is.
fn next_byte(stream: &mut Stream<'_>, from: usize) -> (usize, Option<u8>) {
    let mut at = from;
    loop {
        at += blanks(stream.here().get(at..).unwrap_or_default());
        let byte = stream.here().get(at).copied();
        // White space without end is no separator.
        if byte.is_some() || at > from + (64 << 10) || !stream.fill() {
            return (at, byte);
        }
    }
}

/// Each line is a leaf, broken ones too.
pub(super) fn walk_lines(walk: &mut Walk<'_>, stream: &mut Stream<'_>) -> Result<(), Stop> {
    pass_mark(stream);
    let mut bytes = Vec::new();
    let mut number = 0;
    while !stream.is_at_end() {
        let start = stream.offset();
        let line = stream.line(&mut bytes, walk.bounds.member_bytes_max);
        number += 1;
        if !line.has_end {
            stream.failure()?;
        }
        if line.is_blank {
            continue;
        }
        let mut length = line.bytes;
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
            length -= 1;
        }
        let mut standing = Standing::Settled;
        if !line.has_end && walk.may_grow() {
            if !is_whole(&bytes) {
                return Err(Stop::truncated(
                    Kind::Jsonl,
                    start,
                    "the last line is no whole value",
                ));
            }
            standing = Standing::Open;
        }
        let step = Step::member(Kind::Jsonl, number, start, start + length).at_line(number);
        let leaf = if walk.is_wanted() {
            std::mem::take(&mut bytes)
        } else {
            Vec::new()
        };
        walk.step(step, |walk| walk.give_measured(leaf, length, standing))?;
    }
    stream.failure()
}

/// Whether the line is one value and nothing else.
fn is_whole(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    Scanner::default().feed(line) == Some(line.len())
}

/// Each value is a leaf: those of an array, or those that follow each other.
pub(super) fn walk_values(
    walk: &mut Walk<'_>,
    stream: &mut Stream<'_>,
    kind: Kind,
) -> Result<(), Stop> {
    pass_mark(stream);
    let is_array = kind == Kind::JsonArray;
    pass_blanks(stream, b"");
    let opening = stream.offset();
    if is_array {
        stream.pass(1);
    }
    let mut number = 0;
    loop {
        // A missing or doubled comma is no reason to lose what follows.
        pass_blanks(stream, if is_array { b"," } else { b"" });
        match stream.here().first() {
            None => {
                stream.failure()?;
                return if is_array {
                    let what = "its closing bracket is not there";
                    Err(Stop::truncated(kind, opening, what))
                } else {
                    Ok(())
                };
            }
            Some(b']') if is_array => {
                stream.pass(1);
                pass_blanks(stream, b"");
                walk.trailing_bytes += stream.drain();
                return stream.failure();
            }
            Some(b'{' | b'[' | b'"') => {}
            Some(_) => {
                let why = format!("no object at byte {}", stream.offset());
                return Err(Stop::bad(kind, why));
            }
        }
        number += 1;
        give_value(walk, stream, kind, number)?;
    }
}

fn give_value(
    walk: &mut Walk<'_>,
    stream: &mut Stream<'_>,
    kind: Kind,
    number: u64,
) -> Result<(), Stop> {
    let start = stream.offset();
    let room = walk.room();
    let mut scanner = Scanner::default();
    let mut bytes = Vec::new();
    loop {
        if stream.is_at_end() {
            stream.failure()?;
            return Err(Stop::truncated(kind, start, "the last value has no end"));
        }
        let here = stream.here();
        let end = scanner.feed(here);
        let piece = here.get(..end.unwrap_or(here.len())).unwrap_or(here);
        let piece_bytes = piece.len();
        if bytes.len() + piece_bytes <= room {
            bytes.extend_from_slice(piece);
        }
        stream.pass(piece_bytes);
        if end.is_some() {
            break;
        }
    }
    let end = stream.offset();
    let max = walk.bounds.nesting_max;
    let step = Step::member(kind, number, start, end);
    walk.step(step, |walk| {
        if scanner.deepest > max {
            walk.give(Err(Trouble::TooDeep { max }), Standing::Settled)
        } else {
            walk.give_measured(bytes, end - start, Standing::Settled)
        }
    })
}

/// Passes over white space and what else may stand between.
fn pass_blanks(stream: &mut Stream<'_>, others: &[u8]) {
    while !stream.is_at_end() {
        let here = stream.here();
        let blanks = here
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace() || others.contains(byte))
            .count();
        let is_all = blanks == here.len();
        stream.pass(blanks);
        if !is_all {
            return;
        }
    }
}
