//! What a JSON string says, read leniently: a wrong escape is what it looks like, half a surrogate is U+FFFD.

use crate::article::Span;
use crate::article::parse::lifted::Lifted;

/// The text of a string literal; `span` includes its quotes.
pub(super) fn unescape(input: &str, span: Span) -> Lifted {
    let inner = Span::new(span.start + 1, span.end.saturating_sub(1));
    let mut lifted = Lifted::default();
    let mut at = inner.start;
    while let Some(rest) = input.get(at..inner.end).filter(|rest| !rest.is_empty()) {
        let plain = memchr::memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
        lifted.push(rest.get(..plain).unwrap_or(""), at);
        at += plain;
        let rest = rest.get(plain..).unwrap_or("");
        if rest.is_empty() {
            break;
        }
        let (c, length) = escape(rest);
        let mut buffer = [0; 4];
        lifted.push_as(c.encode_utf8(&mut buffer), Span::new(at, at + length));
        at += length;
    }
    lifted
}

/// Whether a string literal says this.
pub(super) fn says(input: &str, span: Span, text: &str) -> bool {
    let inner = Span::new(span.start + 1, span.end.saturating_sub(1)).of(input);
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return inner == text;
    }
    unescape(input, span).text() == text
}

/// The character an escape stands for, and how many bytes it has.
fn escape(rest: &str) -> (char, usize) {
    let Some(mark) = rest.chars().nth(1) else {
        return ('\\', 1);
    };
    let c = match mark {
        '"' | '\\' | '/' | '\'' => mark,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode(rest),
        // Not one of JSON's: the backslash itself stands there.
        _ => return ('\\', 1),
    };
    (c, 1 + mark.len_utf8())
}

/// A character by its number in hexadecimal (`\u00e9`), or by two of them where it lies beyond the first plane.
fn unicode(rest: &str) -> (char, usize) {
    let unit = |at: usize| -> Option<u32> {
        let digits = rest.get(at..at + 6)?.strip_prefix("\\u")?;
        digits
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit())
            .then_some(())?;
        u32::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(0) else {
        return ('\\', 1);
    };
    if let Some(c) = char::from_u32(first) {
        return (c, 6);
    }
    let second = unit(6).filter(|low| (0xdc00..0xe000).contains(low));
    match second.filter(|_| first < 0xdc00) {
        Some(low) => {
            let c = 0x1_0000 + ((first - 0xd800) << 10) + (low - 0xdc00);
            (char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        None => (char::REPLACEMENT_CHARACTER, 6),
    }
}
