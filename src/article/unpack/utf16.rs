//! UTF-16 with a byte order mark, as a layer of its own where what is in it has records: what spreadsheets save as "Unicode
//! text". What has none is left to the reader as it is.

use std::io::{self, BufRead as _, Cursor, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

use super::sniff::{self, HEAD_BYTES, Shape};
use super::stream::{Meter, Stream};
use super::trouble::Stop;
use super::walk::Walk;
use super::{Bounds, Kind, Step};

/// In which of the two `head` is, by its byte order mark; that of UTF-32 begins like one of them.
fn marked(head: &[u8]) -> Option<(Kind, &'static Encoding)> {
    match head {
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] => Some((Kind::Utf16le, UTF_16LE)),
        [0xfe, 0xff, ..] => Some((Kind::Utf16be, UTF_16BE)),
        _ => None,
    }
}

/// Whether there are records in UTF-16 in the stream: in which of the two.
pub(super) fn recognise(
    stream: &mut Stream<'_>,
    bounds: &Bounds,
) -> Option<(Kind, &'static Encoding)> {
    let head = stream.want(HEAD_BYTES);
    let (kind, encoding) = marked(head)?;
    // Half a character at the end of what is looked at says nothing.
    let whole = head.get(..head.len() & !1).unwrap_or(head);
    let (text, _) = encoding.decode_with_bom_removal(whole);
    let mut records = Stream::new(kind, Box::new(Cursor::new(text.as_bytes().to_vec())));
    match sniff::recognise(&mut records, bounds) {
        Shape::Mbox
        | Shape::Jsonl
        | Shape::JsonValues
        | Shape::JsonArray
        | Shape::Table(_)
        | Shape::Feed => Some((kind, encoding)),
        Shape::Utf16(..)
        | Shape::Compressed(_)
        | Shape::Zip
        | Shape::Tar
        | Shape::Warc
        | Shape::Leaf => None,
    }
}

/// Takes apart the records in UTF-16 in `stream`. Places in it are those of the same text in UTF-8, without the mark.
pub(super) fn walk(
    walk: &mut Walk<'_>,
    (kind, encoding): (Kind, &'static Encoding),
    stream: Stream<'_>,
) -> Result<(), Stop> {
    let step = Step::whole(kind, stream.offset());
    let transcoded = Transcoded {
        stream,
        decoder: encoding.new_decoder_with_bom_removal(),
        meter: walk.meter,
        has_ended: false,
    };
    walk.step(step, |walk| {
        walk.descend(Stream::new(kind, Box::new(transcoded)))
    })
}

/// The same text in UTF-8.
struct Transcoded<'a> {
    stream: Stream<'a>,
    decoder: Decoder,
    meter: &'a Meter,
    has_ended: bool,
}

impl Read for Transcoded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while !self.has_ended {
            let here = self.stream.fill_buf()?;
            let is_last = here.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(here, into, is_last);
            self.stream.consume(read);
            self.has_ended = is_last && result == CoderResult::InputEmpty;
            if written > 0 {
                self.meter.expand(written)?;
                return Ok(written);
            }
        }
        Ok(0)
    }
}
