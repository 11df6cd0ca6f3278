//! Bytes → text, and which charset on what evidence.
//!
//! What says it is not text (a magic number, control bytes) is refused here; everything else decodes, if need be with
//! U+FFFD. Offsets in everything that follows are bytes of the text this gives.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use super::{Found, Refusal, Rules};

/// A file's text and the charset it came in.
#[derive(Debug)]
pub(super) struct Decoded {
    /// The text, without a byte order mark.
    pub(super) text: String,
    /// Lower-case WHATWG name with the evidence.
    pub(super) charset: Found<&'static str>,
    /// The charset the document states itself, whether it is that or not.
    pub(super) declared: Option<&'static str>,
}

/// How many bytes of the file are looked at for a magic number's absence of text, a zero-byte pattern and `<meta>`.
/// WHATWG's prescan takes 1024; pages that open with long comments need more.
const SNIFF_BYTES: usize = 4096;
/// How many are looked at for `<meta>` where nothing else says what the charset is.
const META_BYTES: usize = 64 << 10;

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

/// Decodes a file; `served_as` is the charset a server stated.
///
/// # Errors
/// Nothing but white space, not text, or more text than the rules allow.
pub(super) fn decode(
    bytes: &[u8],
    served_as: Option<&str>,
    rules: &Rules,
) -> Result<Decoded, Refusal> {
    let valid = std::str::from_utf8(bytes).ok();
    // What the server says of it goes before what it says itself (WHATWG).
    let served_as = served_as.and_then(|label| Encoding::for_label(label.as_bytes()));
    let served_as = served_as.map(|encoding| (encoding, "http-content-type"));
    let declared = served_as.or_else(|| declared(bytes, valid.is_some()));
    let (name, text, rule, confidence) = if let Some((name, text)) = utf32(bytes) {
        (name, Cow::Owned(text), "bom", 1.0)
    } else {
        let (encoding, rule, confidence) = recognise(bytes, valid.is_some(), declared)?;
        let text = match valid {
            Some(valid) if rule == UTF_8_VALID => Cow::Borrowed(valid),
            _ => encoding.decode_with_bom_removal(bytes).0,
        };
        (whatwg_name(encoding), text, rule, confidence)
    };
    // A byte that stands for nothing parts no word.
    let text = if text.contains('\0') {
        Cow::Owned(text.replace('\0', ""))
    } else {
        text
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
            value: name,
            rule,
            span: None,
            confidence,
        },
        declared: declared.map(|(encoding, _)| whatwg_name(encoding)),
    })
}

/// UTF-32 by its mark, which begins like that of UTF-16: WHATWG has no such charset, so that nobody else decodes it.
fn utf32(bytes: &[u8]) -> Option<(&'static str, String)> {
    let read: (_, fn([u8; 4]) -> u32) = match bytes.first_chunk::<4>()? {
        [0xff, 0xfe, 0, 0] => ("utf-32le", u32::from_le_bytes),
        [0, 0, 0xfe, 0xff] => ("utf-32be", u32::from_be_bytes),
        _ => return None,
    };
    let (units, rest) = bytes.as_chunks::<4>();
    let units = units
        .iter()
        .skip(1)
        .map(|unit| char::from_u32(read.1(*unit)));
    let torn = (!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER);
    Some((
        read.0,
        units
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .chain(torn)
            .collect(),
    ))
}

/// Which charset, by which rule, how sure; `valid` says whether the bytes are UTF-8.
fn recognise(
    bytes: &[u8],
    valid: bool,
    declared: Option<(&'static Encoding, &'static str)>,
) -> Result<(&'static Encoding, &'static str, f32), Refusal> {
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
    if let Some(encoding) = utf16_pattern(head, valid) {
        return Ok((encoding, "utf-16-pattern", 0.9));
    }
    if looks_binary(head, valid) && !is_framed(head) && !opens_page(head) {
        return Err(Refusal::UnknownFormat("binary"));
    }
    if valid && is_iso_2022_jp(bytes) {
        return Ok((ISO_2022_JP, "iso-2022-jp-escapes", 0.95));
    }
    if valid {
        return Ok((UTF_8, UTF_8_VALID, 1.0));
    }
    // What is stated as UTF-8 and is not may be anything.
    if let Some((encoding, rule)) = declared.filter(|(encoding, _)| *encoding != UTF_8) {
        return Ok((encoding, rule, 0.95));
    }
    Ok(detect(bytes))
}

/// Whether bytes open with the frame of a wire's message: control characters are part of it.
fn is_framed(head: &[u8]) -> bool {
    let idle = |byte: &u8| matches!(byte, 0 | 4 | 0x16 | 0x7f | b'\r' | b'\n' | b' ');
    let start = head.iter().position(|byte| !idle(byte)).unwrap_or(0);
    matches!(head.get(start..start + 2), Some([1, second]) if second.is_ascii_alphabetic())
}

/// How a page opens, in lower case.
const PAGES: &[&[u8]] = &[
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<title",
    b"<body",
    b"<!--",
];

/// Whether bytes open as a page does, which is then a page whatever comes behind: an archive that its saver put there, so
/// that both can be opened. In the order of the WHATWG's MIME sniffing, tags are asked for before control bytes.
fn opens_page(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    PAGES.iter().any(|page| {
        start
            .split_at_checked(page.len())
            .is_some_and(|(opens, rest)| {
                opens.eq_ignore_ascii_case(page)
                    && rest.first().is_some_and(|byte| {
                        matches!(byte, b'>' | b'-') || byte.is_ascii_whitespace()
                    })
            })
    })
}

/// Whether what passes as ASCII is Japanese in seven bits: escapes to its sets and back, and nothing wrong between them.
fn is_iso_2022_jp(bytes: &[u8]) -> bool {
    memchr::memchr(0x1b, bytes).is_some()
        && [b"\x1b$B", b"\x1b$@"]
            .iter()
            .any(|escape| memchr::memmem::find(bytes, *escape).is_some())
        && !ISO_2022_JP.decode_without_bom_handling(bytes).1
}

/// The text of bytes of which only a part is known: what it shows.
pub(super) fn guessed(bytes: &[u8]) -> Cow<'_, str> {
    let (encoding, _, _) = detect(bytes);
    encoding.decode_without_bom_handling(bytes).0
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
    if good > 4 * bad || is_torn_utf_8(bytes) {
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

/// Fewest runs of bytes beyond ASCII that are torn UTF-8, for a text to be that: a letter before a quotation mark is the
/// like in Windows-1252, but hardly ever.
const TORN_MIN: usize = 3;

/// Whether ASCII is interspersed with what was UTF-8 once, or pretends to be: most runs of other bytes open with one that
/// leads a character and go on with ones that follow it, though they stand for none. In charsets of one byte letters
/// stand alone, in those of two anything follows.
fn is_torn_utf_8(bytes: &[u8]) -> bool {
    let (mut runs, mut torn) = (0usize, 0usize);
    for run in bytes.split(u8::is_ascii).filter(|run| !run.is_empty()) {
        runs += 1;
        // Behind each byte that leads one to three that follow; before the first none.
        let mut pieces = run.split(|byte| *byte >= 0xc0);
        let opens = pieces.next().is_some_and(<[u8]>::is_empty);
        torn += usize::from(opens && pieces.all(|piece| (1..=3).contains(&piece.len())));
    }
    torn >= TORN_MIN && torn * 2 > runs
}

/// UTF-16 without a mark: Latin text has a zero in every other byte, text of another alphabet that alphabet's number or
/// a zero.
fn utf16_pattern(head: &[u8], valid: bool) -> Option<&'static Encoding> {
    if !head.contains(&0) {
        return None;
    }
    let of_alphabet = utf16_alphabet(head);
    if of_alphabet.is_some() {
        return of_alphabet;
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
    } else if !valid && pairs >= 4 && (even == 0) != (odd == 0) {
        // Ideographs have no pattern, but blanks and line ends between them: all zeros stand on one side.
        let encoding = if even == 0 { UTF_16LE } else { UTF_16BE };
        let whole = head.get(..head.len() & !1).unwrap_or(head);
        let (text, had_errors) = encoding.decode_without_bom_handling(whole);
        let letters = text
            .chars()
            .filter(|c| super::prose::is_ideograph(*c))
            .count();
        (!had_errors && letters * 2 > pairs).then_some(encoding)
    } else {
        None
    }
}

/// UTF-16 of an alphabet other than the Latin: nine in ten high bytes are its number or zero, and no low byte is zero.
fn utf16_alphabet(head: &[u8]) -> Option<&'static Encoding> {
    let side = |at: usize| head.iter().skip(at).step_by(2);
    for (high, low, encoding) in [(0, 1, UTF_16BE), (1, 0, UTF_16LE)] {
        let mut counts = [0usize; 256];
        for byte in side(high) {
            if let Some(count) = counts.get_mut(usize::from(*byte)) {
                *count += 1;
            }
        }
        let [zeros, others @ ..] = counts;
        // The alphabets up to Thai lie below U+0E80; a letter of ASCII as the high byte would be any text.
        let most = others.iter().take(0x0e).copied().max().unwrap_or(0);
        let pairs = side(high).count();
        let zero_low = side(low).filter(|byte| **byte == 0).count();
        if pairs >= 4
            && (zeros + most) * 10 >= pairs * 9
            && zeros * 20 >= pairs
            && most * 3 > pairs
            && zero_low * 50 < pairs
        {
            return Some(encoding);
        }
    }
    None
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

/// The charset the document states, with the rule.
fn declared(bytes: &[u8], valid: bool) -> Option<(&'static Encoding, &'static str)> {
    let start = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let head = |length: usize| start.get(..length.min(start.len())).unwrap_or(start);
    memchr::memchr(b'<', head(SNIFF_BYTES))?;
    if start.starts_with(b"<?xml") {
        return xml_encoding(head(SNIFF_BYTES)).map(|encoding| (encoding, "xml-declaration"));
    }
    // What is UTF-8 needs no second look.
    let near = meta_charset(head(SNIFF_BYTES));
    let found = if valid {
        near
    } else {
        near.or_else(|| meta_charset(head(META_BYTES)))
    };
    found.map(|encoding| (encoding, "html-meta"))
}

/// The charset an XML declaration states.
fn xml_encoding(head: &[u8]) -> Option<&'static Encoding> {
    let end = memchr::memmem::find(head, b"?>")?;
    let declaration = String::from_utf8_lossy(head.get(..end)?).into_owned();
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let label = value
        .trim_start_matches(['"', '\''])
        .split(['"', '\''])
        .next()?;
    Encoding::for_label(label.as_bytes()).map(Encoding::output_encoding)
}

/// The charset a `<meta>` states.
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
pub(super) fn whatwg_name(encoding: &'static Encoding) -> &'static str {
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
