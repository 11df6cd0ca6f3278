//! Where the pieces of markup begin and end: tags, comments, CDATA, declarations, and the text between.
//!
//! What a piece means is for the readers. Nothing here nests, so nothing recurses.

use super::Kind;
use super::stream::Stream;
use super::trouble::Stop;

/// What a piece of markup is.
#[derive(Debug)]
pub(super) enum Mark {
    /// Anything between: as much of it as is here.
    Text,
    /// A comment, CDATA, a processing instruction, a DOCTYPE.
    Aside,
    /// The XML declaration.
    Declaration,
    /// A start tag.
    Open {
        /// With its prefix.
        name: Vec<u8>,
        /// Whether it ends itself.
        is_empty: bool,
    },
    /// An end tag.
    Close {
        /// With its prefix.
        name: Vec<u8>,
    },
}

/// A piece of markup that stands ahead.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) mark: Mark,
    pub(super) bytes: usize,
}

/// A name without its prefix.
pub(super) fn local_name(name: &[u8]) -> &[u8] {
    name.split(|byte| *byte == b':').next_back().unwrap_or(name)
}

/// The piece that comes next; it is not passed over. `None` where the bytes end first, or the piece grows beyond `max`:
/// [`missing`] says which.
pub(super) fn next_token(stream: &mut Stream<'_>, max: usize) -> Option<Token> {
    let head = stream.want(10);
    if *head.first()? != b'<' {
        let here = stream.here();
        return text(memchr::memchr(b'<', here).unwrap_or(here.len()));
    }
    if head.starts_with(b"<!--") {
        return aside(stream, 4, b"-->", max);
    }
    if head.starts_with(b"<![CDATA[") {
        return aside(stream, 9, b"]]>", max);
    }
    if head.starts_with(b"<?") {
        let is_declaration =
            head.starts_with(b"<?xml") && head.get(5).is_some_and(u8::is_ascii_whitespace);
        let mut token = aside(stream, 2, b"?>", max)?;
        if is_declaration {
            token.mark = Mark::Declaration;
        }
        return Some(token);
    }
    match head.get(1)? {
        b'!' => Some(Token {
            mark: Mark::Aside,
            bytes: tag_end(stream, max)?,
        }),
        b'/' => {
            let bytes = tag_end(stream, max)?;
            let name = name(stream.here().get(2..bytes)?);
            Some(Token {
                mark: Mark::Close { name },
                bytes,
            })
        }
        byte if byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':' | 0x80..) => {
            let bytes = tag_end(stream, max)?;
            let tag = stream.here().get(1..bytes)?;
            Some(Token {
                mark: Mark::Open {
                    name: name(tag),
                    is_empty: tag.ends_with(b"/>"),
                },
                bytes,
            })
        }
        _ => text(1),
    }
}

/// Why there is no next piece of what begins at `start`.
pub(super) fn missing(stream: &Stream<'_>, start: u64, what: &'static str) -> Stop {
    if let Err(stop) = stream.failure() {
        stop
    } else if stream.has_ended() {
        Stop::truncated(Kind::XmlItems, start, what)
    } else {
        let why = format!("a tag or comment without end at byte {}", stream.offset());
        Stop::bad(Kind::XmlItems, why)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it is what its callers give")]
fn text(bytes: usize) -> Option<Token> {
    Some(Token {
        mark: Mark::Text,
        bytes,
    })
}

fn name(tag: &[u8]) -> Vec<u8> {
    tag.iter()
        .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>'))
        .copied()
        .collect()
}

/// A piece that ends with `end`, looked for from `from` on.
fn aside(stream: &mut Stream<'_>, mut from: usize, end: &[u8], max: usize) -> Option<Token> {
    loop {
        let here = stream.here();
        if let Some(at) = memchr::memmem::find(here.get(from..)?, end) {
            return Some(Token {
                mark: Mark::Aside,
                bytes: from + at + end.len(),
            });
        }
        from = from.max(here.len().saturating_sub(end.len() - 1));
        if here.len() > max || !stream.fill() {
            return None;
        }
    }
}

/// One past the `>` that ends a tag or a DOCTYPE: not one in quotes, nor one between brackets.
fn tag_end(stream: &mut Stream<'_>, max: usize) -> Option<usize> {
    let mut quote = None;
    let mut brackets = 0usize;
    let mut at = 1;
    loop {
        let here = stream.here();
        while let Some(&byte) = here.get(at) {
            at += 1;
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'[') => brackets += 1,
                (None, b']') => brackets = brackets.saturating_sub(1),
                (None, b'>') if brackets == 0 => return Some(at),
                (Some(_) | None, _) => {}
            }
        }
        if here.len() > max || !stream.fill() {
            return None;
        }
    }
}
