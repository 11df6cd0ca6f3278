//! The root element of a document, found without parsing it: past the declaration, comments and the document type, which
//! is never read.

/// A root element.
#[derive(Debug, Clone, Copy)]
pub(in crate::article::parse) struct Root<'a> {
    /// Its local name.
    pub(in crate::article::parse) name: &'a str,
    /// Its whole start tag, as far as it was looked at.
    pub(in crate::article::parse) tag: &'a str,
    /// What stands behind it, likewise.
    pub(in crate::article::parse) rest: &'a str,
}

impl<'a> Root<'a> {
    /// The root element of what opens so.
    pub(in crate::article::parse) fn of(head: &'a str) -> Option<Self> {
        let mut rest = head;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            rest = if rest.starts_with("<?") {
                behind(rest, "?>")?
            } else if rest.starts_with("<!--") {
                behind(rest, "-->")?
            } else if rest
                .get(..9)
                .is_some_and(|opening| opening.eq_ignore_ascii_case("<!doctype"))
            {
                behind_doctype(rest)?
            } else {
                break;
            };
        }
        let opening = rest.strip_prefix('<')?;
        let is_name = opening.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let end = tag_end(rest);
        let tag = rest.get(..end)?;
        is_name.then(|| Self {
            name: super::local_name(tag),
            tag,
            rest: rest.get(end..).unwrap_or(""),
        })
    }
}

fn behind<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

/// Where a tag ends: a `>` in an attribute's value does not end it.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// What stands behind a document type: its internal subset is passed over by its brackets, with quotes and comments in it.
fn behind_doctype(text: &str) -> Option<&str> {
    let (mut depth, mut at) = (0usize, 0);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return text.get(at + 1..),
            b'"' | b'\'' => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                at += memchr::memchr(*byte, rest)? + 1;
            }
            b'<' if text.get(at..).is_some_and(|rest| rest.starts_with("<!--")) => {
                at += text.get(at..)?.find("-->")? + 2;
            }
            _ => {}
        }
        at += 1;
    }
    None
}
