//! What a layer is, by its first bytes. The order decides where two would fit.

use encoding_rs::Encoding;

use super::csv::{self, Table};
use super::stream::Stream;
use super::{Bounds, Kind, compressed, feed, json, mbox, tar, utf16, warc};

/// How much of a layer is looked at. Only a JSON value or a table row that is longer is followed further.
pub(super) const HEAD_BYTES: usize = 64 << 10;

/// What a layer is.
#[derive(Debug)]
pub(super) enum Shape {
    Compressed(Kind),
    /// Records in UTF-16.
    Utf16(Kind, &'static Encoding),
    Zip,
    Tar,
    Warc,
    Mbox,
    Jsonl,
    JsonValues,
    JsonArray,
    Table(Table),
    Feed,
    /// None of ours.
    Leaf,
}

/// What is in `stream`. Nothing is passed over.
pub(super) fn recognise(stream: &mut Stream<'_>, bounds: &Bounds) -> Shape {
    let head = stream.want(HEAD_BYTES);
    if let Some(kind) = compressed::recognise(head) {
        return Shape::Compressed(kind);
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return utf16::recognise(stream, bounds)
            .map_or(Shape::Leaf, |(kind, encoding)| Shape::Utf16(kind, encoding));
    }
    if is_zip(head) {
        return Shape::Zip;
    }
    if tar::is_tar(head) {
        return Shape::Tar;
    }
    if warc::is_warc(head) {
        return Shape::Warc;
    }
    let text = without_mark(head);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        Some(b'<') if feed::is_feed(text) => Shape::Feed,
        Some(b'{' | b'[') => json::recognise(stream, bounds).unwrap_or(Shape::Leaf),
        Some(_) if mbox::is_mbox(text) => Shape::Mbox,
        Some(b'<') | None => Shape::Leaf,
        Some(_) => csv::recognise(stream, bounds).map_or(Shape::Leaf, Shape::Table),
    }
}

/// Whether this is the beginning of a zip archive: a local header, or the end of an empty directory.
pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// The text behind a UTF-8 byte order mark.
pub(super) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// Passes over a UTF-8 byte order mark.
pub(super) fn pass_mark(stream: &mut Stream<'_>) {
    if stream.want(3).starts_with(b"\xef\xbb\xbf") {
        stream.pass(3);
    }
}
