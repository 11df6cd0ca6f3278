//! Mail: telling it from other text, and one message of one part for one of many.
//!
//! What is kept of a mail is the headers that say something of an article, decoded, and the one part that is the text, in
//! UTF-8. Of attachments nothing is kept.

use encoding_rs::Encoding;
use mail_parser::{
    Encoding as Transfer, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

use crate::article::decode::{self, Decoded};
use crate::article::{Found, Refusal, Rules, Span};

/// How much of a file is looked at for the headers of a mail.
const HEAD_BYTES: usize = 64 << 10;

/// Headers that mails have, in lower case.
const KNOWN: &[&str] = &[
    "from",
    "to",
    "date",
    "subject",
    "received",
    "mime-version",
    "message-id",
    "return-path",
    "delivered-to",
    "reply-to",
    "content-type",
    "x-received",
    "dkim-signature",
];

/// Where the mail begins: some programs put a blank line, or a line of blanks, before it.
pub(super) fn start(bytes: &[u8]) -> usize {
    let bytes = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .map_or(bytes, |rest| rest);
    let first = bytes
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .unwrap_or(0);
    // A line that opens with blanks goes on with the one before.
    first
}

/// The names of the headers a file opens with, in lower case, with what they say; none where it does not open as a mail.
pub(super) fn headers(bytes: &[u8]) -> Vec<(String, String)> {
    let bytes = bytes.get(start(bytes)..).unwrap_or_default();
    let head = bytes.get(..HEAD_BYTES.min(bytes.len())).unwrap_or(bytes);
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if line
            .first()
            .is_some_and(|byte| matches!(byte, b' ' | b'\t'))
        {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(&String::from_utf8_lossy(line.trim_ascii()));
            }
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return Vec::new();
        };
        let (name, value) = line.split_at_checked(colon).unwrap_or((line, b""));
        if name.is_empty()
            || !name
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        {
            return Vec::new();
        }
        let value =
            String::from_utf8_lossy(value.get(1..).unwrap_or_default().trim_ascii()).into_owned();
        headers.push((String::from_utf8_lossy(name).to_lowercase(), value));
    }
    headers
}

/// Whether headers are those of a mail: of whom or about what, and a second that only mails have.
pub(super) fn is_mail(headers: &[(String, String)]) -> bool {
    let has = |name: &str| headers.iter().any(|(header, _)| header == name);
    let known = KNOWN.iter().filter(|name| has(name)).count();
    known >= 2 && (has("from") || has("subject")) && headers.len() >= 2
}

/// How a mail is read: its message, unless it nests too deep.
///
/// # Errors
/// Too many parts within parts.
pub(super) fn parse<'a>(bytes: &'a [u8], rules: &Rules) -> Result<Option<Message<'a>>, Refusal> {
    let bytes = bytes.get(start(bytes)..).unwrap_or_default();
    // Messages in messages are dropped by recursion, and multiparts in multiparts searched again and again.
    let nested = ["multipart/", "message/"]
        .iter()
        .map(|kind| count(bytes, kind.as_bytes()));
    if nested.max().is_some_and(|nested| nested > rules.depth_max) {
        return Err(Refusal::TooDeep {
            max: rules.depth_max,
        });
    }
    Ok(MessageParser::default().parse(bytes))
}

/// How often a word stands in the bytes, whichever the case of its letters.
fn count(bytes: &[u8], word: &[u8]) -> usize {
    let Some(first) = word.first() else { return 0 };
    let places = memchr::memchr2_iter(*first, first.to_ascii_uppercase(), bytes);
    places
        .filter(|at| {
            bytes
                .get(*at..*at + word.len())
                .is_some_and(|piece| piece.eq_ignore_ascii_case(word))
        })
        .count()
}

/// The text of a part, by the charset it states where its bytes are of that, else by what they show.
///
/// # Errors
/// It is no text.
pub(super) fn text(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    rules: &Rules,
) -> Result<Decoded, Refusal> {
    let (from, to) = (
        part.raw_body_offset() as usize,
        part.raw_end_offset() as usize,
    );
    let raw = message.raw_message.get(from..to).unwrap_or_default();
    let decoded = match part.encoding {
        Transfer::None => None,
        Transfer::QuotedPrintable => {
            mail_parser::decoders::quoted_printable::quoted_printable_decode(raw)
        }
        Transfer::Base64 => mail_parser::decoders::base64::base64_decode(raw),
    };
    let broken = part.encoding != Transfer::None && decoded.is_none();
    let bytes = decoded.as_deref().unwrap_or(raw);
    let declared = part.content_type().and_then(|it| it.attribute("charset"));
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    if let Some(encoding) = declared {
        let (text, had_errors) = encoding.decode_with_bom_removal(bytes);
        if !had_errors && !broken {
            return Ok(Decoded {
                text: text.into_owned(),
                charset: Found {
                    value: decode::whatwg_name(encoding),
                    rule: "mime-charset",
                    span: None,
                    confidence: 0.95,
                },
                declared: Some(decode::whatwg_name(encoding)),
            });
        }
    }
    if broken && let PartType::Text(text) | PartType::Html(text) = &part.body {
        // What breaks the rules of its transfer encoding is kept as it can be read.
        return decode::decode(text.as_bytes(), None, rules);
    }
    let mut read = decode::decode(bytes, None, rules)?;
    read.declared = declared.map(decode::whatwg_name).or(read.declared);
    Ok(read)
}

/// Headers and one part as the text that is kept.
pub(super) fn rendered(
    headers: &[(&str, String)],
    body: Decoded,
    rules: &Rules,
) -> Result<Decoded, Refusal> {
    let mut text = String::with_capacity(body.text.len() + 1024);
    for (name, value) in headers {
        let value = crate::article::prose::fold(value).replace('\n', " ");
        if !value.is_empty() {
            text.push_str(name);
            text.push_str(": ");
            text.push_str(&value);
            text.push('\n');
        }
    }
    text.push('\n');
    text.push_str(&body.text);
    if text.len() > rules.text_bytes_max {
        return Err(Refusal::TooLarge {
            bytes: text.len(),
            max: rules.text_bytes_max,
        });
    }
    Ok(Decoded { text, ..body })
}

/// A text as it is kept: its headers, each with its place, and where the part begins.
pub(super) fn kept(text: &str) -> (Vec<(&str, Span)>, usize) {
    let mut headers = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_end_matches(['\r', '\n']);
        if bare.is_empty() {
            break;
        }
        if let Some((name, value)) = bare.split_once(": ") {
            headers.push((
                name,
                Span::new(start + bare.len() - value.len(), start + bare.len()),
            ));
        }
    }
    (headers, at)
}
