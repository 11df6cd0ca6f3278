//! Bytes → text, and which charset on what evidence.
//!
//! What says it is not text (a magic number, control bytes) is refused here; everything else decodes, if need be with
//! U+FFFD. Offsets in everything that follows are bytes of the text this gives.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Found, Refusal, Rules};

/// A file's text and the charset it came in.
#[derive(Debug)]
pub(super) struct Decoded {
    /// The text, without a byte order mark.
    pub(super) text: String,
    /// Lower-case WHATWG name with the evidence.
    pub(super) charset: Found<&'static str>,
}

/// How many bytes of the file are looked at for a magic number's absence of text, a zero-byte pattern and `<meta>`.
/// WHATWG's prescan takes 1024; pages that open with long comments need more.
const SNIFF_BYTES: usize = 4096;

/// The rule that believes bytes which are UTF-8 as they stand.
const UTF_8_VALID: &str = "utf-8-valid";

/// First bytes that are never text, with the name shown to people.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\x7fELF", "elf"),
    (b"MZ\x90", "exe"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\xd0\xcf\x11\xe0", "ole2"),
    (b"SQLite format 3\0", "sqlite"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"\0\0\0\x0cjP", "jpeg2000"),
];

/// Decodes a file.
///
/// # Errors
/// Nothing but white space, not text, or more text than the rules allow.
pub(super) fn decode(bytes: &[u8], rules: &Rules) -> Result<Decoded, Refusal> {
    let valid = std::str::from_utf8(bytes).ok();
    let (encoding, rule, confidence) = recognise(bytes, valid.is_some())?;
    let text = match valid {
        Some(valid) if rule == UTF_8_VALID => Cow::Borrowed(valid),
        _ => encoding.decode_with_bom_removal(bytes).0,
    };
    if text.len() > rules.text_bytes_max {
        return Err(Refusal::TooLarge {
            bytes: text.len(),
            max: rules.text_bytes_max,
        });
    }
    if text
        .chars()
        .all(|c| super::prose::is_blank(c) || super::prose::is_invisible(c))
    {
        return Err(Refusal::Empty);
    }
    Ok(Decoded {
        text: text.into_owned(),
        charset: Found {
            value: whatwg_name(encoding),
            rule,
            span: None,
            confidence,
        },
    })
}

/// Which charset, by which rule, how sure; `valid` says whether the bytes are UTF-8.
fn recognise(bytes: &[u8], valid: bool) -> Result<(&'static Encoding, &'static str, f32), Refusal> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok((encoding, "bom", 1.0));
    }
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Refusal::UnknownFormat(name));
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12).is_some() {
        return Err(Refusal::UnknownFormat("riff"));
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err(Refusal::UnknownFormat("mp4"));
    }
    let head = bytes.get(..SNIFF_BYTES.min(bytes.len())).unwrap_or(bytes);
    if let Some(encoding) = utf16_pattern(head) {
        return Ok((encoding, "utf-16-pattern", 0.9));
    }
    if looks_binary(head, valid) {
        return Err(Refusal::UnknownFormat("binary"));
    }
    if valid {
        return Ok((UTF_8, UTF_8_VALID, 1.0));
    }
    if let Some(encoding) = meta_charset(head) {
        return Ok((encoding, "html-meta", 0.95));
    }
    Ok(detect(bytes))
}

/// How many bytes beyond ASCII the statistics take in. What they say is settled by some hundred; the detector needs a
/// third of a second for a million.
const DETECT_BYTES: usize = 1 << 20;
/// How many bytes it is given at a time.
const DETECT_STEP: usize = 64 << 10;

/// Asks the statistics. UTF-8 with a few broken bytes stays UTF-8: one torn character is no reason to read all others
/// as Windows-1252.
fn detect(bytes: &[u8]) -> (&'static Encoding, &'static str, f32) {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if good > 4 * bad {
        return (UTF_8, "detected", 0.7);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let mut others = 0;
    let mut pieces = bytes.chunks(DETECT_STEP).peekable();
    while let Some(piece) = pieces.next().filter(|_| others < DETECT_BYTES) {
        detector.feed(piece, pieces.peek().is_none());
        others += piece.iter().filter(|byte| !byte.is_ascii()).count();
    }
    (detector.guess(None, Utf8Detection::Allow), "detected", 0.6)
}

/// UTF-16 without a mark: Latin text has a zero in every other byte.
fn utf16_pattern(head: &[u8]) -> Option<&'static Encoding> {
    if !head.contains(&0) {
        return None;
    }
    let (mut even, mut odd, mut pairs) = (0usize, 0usize, 0usize);
    for pair in head.chunks_exact(2) {
        pairs += 1;
        even += usize::from(pair.first() == Some(&0));
        odd += usize::from(pair.last() == Some(&0));
    }
    // Half of the pairs must fit and hardly any the wrong way round.
    if pairs >= 4 && odd * 2 > pairs && even * 20 <= pairs {
        Some(UTF_16LE)
    } else if pairs >= 4 && even * 2 > pairs && odd * 20 <= pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Many control bytes: no text. A stray NUL or escape is survived.
fn looks_binary(head: &[u8], valid_utf8: bool) -> bool {
    let controls = head
        .iter()
        .filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127))
        .count();
    // A tenth in valid UTF-8, a thirtieth elsewhere: text in any charset has next to none.
    controls * if valid_utf8 { 10 } else { 30 } > head.len()
}

/// The charset a `<meta>` or an XML declaration states.
fn meta_charset(head: &[u8]) -> Option<&'static Encoding> {
    let lower = String::from_utf8_lossy(head).to_lowercase();
    let mut rest = lower.as_str();
    while let Some((before, after)) = rest.split_once("charset") {
        rest = after;
        let value = after.trim_start().strip_prefix('=').map(|value| {
            value.trim_start_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'')
        });
        let in_meta = before
            .rfind("<meta")
            .is_some_and(|at| before.get(at..).is_some_and(|tag| !tag.contains('>')));
        if let (Some(value), true) = (value, in_meta) {
            let label = value
                .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '>' | ';' | '/'))
                .next()?;
            // What is stated as UTF-16 inside bytes that are ASCII enough to read it is UTF-8 (WHATWG).
            return Encoding::for_label(label.as_bytes()).map(Encoding::output_encoding);
        }
    }
    None
}

/// WHATWG's name, in lower case.
fn whatwg_name(encoding: &'static Encoding) -> &'static str {
    const LOWER: &[(&str, &str)] = &[
        ("UTF-8", "utf-8"),
        ("UTF-16LE", "utf-16le"),
        ("UTF-16BE", "utf-16be"),
        ("IBM866", "ibm866"),
        ("ISO-8859-2", "iso-8859-2"),
        ("ISO-8859-3", "iso-8859-3"),
        ("ISO-8859-4", "iso-8859-4"),
        ("ISO-8859-5", "iso-8859-5"),
        ("ISO-8859-6", "iso-8859-6"),
        ("ISO-8859-7", "iso-8859-7"),
        ("ISO-8859-8", "iso-8859-8"),
        ("ISO-8859-8-I", "iso-8859-8-i"),
        ("ISO-8859-10", "iso-8859-10"),
        ("ISO-8859-13", "iso-8859-13"),
        ("ISO-8859-14", "iso-8859-14"),
        ("ISO-8859-15", "iso-8859-15"),
        ("ISO-8859-16", "iso-8859-16"),
        ("KOI8-R", "koi8-r"),
        ("KOI8-U", "koi8-u"),
        ("GBK", "gbk"),
        ("Big5", "big5"),
        ("EUC-JP", "euc-jp"),
        ("ISO-2022-JP", "iso-2022-jp"),
        ("Shift_JIS", "shift_jis"),
        ("EUC-KR", "euc-kr"),
    ];
    LOWER
        .iter()
        .find(|(name, _)| *name == encoding.name())
        .map_or(encoding.name(), |(_, lower)| lower)
}
