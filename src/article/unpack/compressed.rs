//! gzip, zstd, bzip2 and xz: one stream of bytes out of all the streams that lie one behind the other.
//!
//! Bytes behind a good stream that begin no other are counted and left. The content of a leaf is handed out only when its
//! checksum was right; records of a stream are handed out as they come.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use super::stream::{Meter, Stream};
use super::trouble::Stop;
use super::walk::Walk;
use super::{Kind, Step};

/// First bytes of each kind, as many as all its streams have in common.
const MAGIC: [(&[u8], Kind); 4] = [
    (b"\x1f\x8b\x08", Kind::Gzip),
    (b"\x28\xb5\x2f\xfd", Kind::Zstd),
    (b"BZh", Kind::Bzip2),
    (b"\xfd7zXZ\0", Kind::Xz),
];

/// First byte of a zstd skippable frame is one of 16; three more follow (RFC 8878, 3.1.2).
const SKIPPABLE: &[u8] = b"\x2a\x4d\x18";
/// The skippable frame that holds the dictionary of a `.warc.zst` (its specification, version 0.1).
const DICTIONARY: &[u8] = b"\x5d\x2a\x4d\x18";
/// Largest dictionary: zstd itself trains some 100 KB; the tools in use stop at 1 MB.
const DICTIONARY_BYTES_MAX: usize = 16 << 20;
/// Memory for xz: its highest preset needs 65 MiB to unpack.
const XZ_KIB_MAX: u32 = 128 << 10;
/// Compressed members remembered at a time, for the range a record came from.
const LEDGER_MAX: usize = 4096;

/// What `head` is the beginning of.
pub(super) fn recognise(head: &[u8]) -> Option<Kind> {
    let known = MAGIC
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, kind)| *kind)
        .filter(|kind| *kind != Kind::Bzip2 || is_bzip2(head));
    known.or_else(|| is_skippable(head).then_some(Kind::Zstd))
}

/// Text may begin with `BZh` too: the level and the mark of a block or of the end must follow, as far as there is more.
fn is_bzip2(head: &[u8]) -> bool {
    let begins = |mark: &[u8]| {
        let there = head.get(4..head.len().clamp(4, 10)).unwrap_or_default();
        mark.starts_with(there)
    };
    head.get(3).is_none_or(u8::is_ascii_digit)
        && (begins(b"\x31\x41\x59\x26\x53\x59") || begins(b"\x17\x72\x45\x38\x50\x90"))
}

fn is_skippable(head: &[u8]) -> bool {
    head.first().is_some_and(|byte| byte >> 4 == 5) && head.get(1..4) == Some(SKIPPABLE)
}

/// Whether `rest` could be cut from the beginning of a stream of this kind.
fn is_cut_magic(rest: &[u8], kind: Kind) -> bool {
    !rest.is_empty()
        && MAGIC
            .iter()
            .any(|(magic, of)| *of == kind && rest.len() < magic.len() && magic.starts_with(rest))
}

/// Takes apart what is compressed in `stream`.
pub(super) fn walk(walk: &mut Walk<'_>, kind: Kind, stream: Stream<'_>) -> Result<(), Stop> {
    let ledger = Rc::new(RefCell::new(Ledger::default()));
    let step = Step::whole(kind, stream.offset());
    let expander = Expander {
        kind,
        decoder: Decoder::None(stream),
        dictionary: None,
        meter: walk.meter,
        ledger: Rc::clone(&ledger),
        given: 0,
        part_start: 0,
    };
    let outcome = walk.step_with(step, Rc::clone(&ledger), |walk| {
        walk.descend(Stream::new(kind, Box::new(expander)))
    });
    walk.trailing_bytes += ledger.borrow().trailing_bytes;
    outcome
}

/// One decoder at work, or the stream between two.
enum Decoder<'a> {
    None(Stream<'a>),
    Gzip(flate2::bufread::GzDecoder<Stream<'a>>),
    Zstd(zstd::Decoder<'static, Stream<'a>>),
    Bzip2(bzip2::bufread::BzDecoder<Stream<'a>>),
    Xz(Box<lzma_rust2::XzReader<Stream<'a>>>),
    Done,
}

/// All streams of one layer, one behind the other.
struct Expander<'a> {
    kind: Kind,
    decoder: Decoder<'a>,
    dictionary: Option<Vec<u8>>,
    meter: &'a Meter,
    ledger: Rc<RefCell<Ledger>>,
    /// Bytes given.
    given: u64,
    /// Where the stream that is being read begins.
    part_start: u64,
}

impl Read for Expander<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match &mut self.decoder {
                Decoder::None(_) => Ok(0),
                Decoder::Gzip(decoder) => decoder.read(into),
                Decoder::Zstd(decoder) => decoder.read(into),
                Decoder::Bzip2(decoder) => decoder.read(into),
                Decoder::Xz(decoder) => decoder.read(into),
                Decoder::Done => return Ok(0),
            };
            match read {
                Ok(0) => self.turn()?,
                Ok(bytes) => {
                    self.given += bytes as u64;
                    self.meter.expand(bytes)?;
                    return Ok(bytes);
                }
                Err(error) => return Err(Stop::of(self.kind, self.part_start, &error).into()),
            }
        }
    }
}

impl<'a> Expander<'a> {
    /// From the end of one stream to the beginning of the next, or to the end.
    fn turn(&mut self) -> Result<(), Stop> {
        let mut stream = match std::mem::replace(&mut self.decoder, Decoder::Done) {
            Decoder::None(stream) => stream,
            Decoder::Gzip(decoder) => decoder.into_inner(),
            Decoder::Zstd(decoder) => decoder.finish(),
            Decoder::Bzip2(decoder) => decoder.into_inner(),
            Decoder::Xz(decoder) => decoder.into_inner(),
            Decoder::Done => return Ok(()),
        };
        if self.kind == Kind::Xz {
            // Stream padding: zero bytes in fours (xz file format, 2.2).
            while stream.want(4).starts_with(&[0; 4]) {
                stream.pass(4);
            }
        }
        self.part_start = stream.offset();
        if self.part_start == 0 {
            self.dictionary = dictionary(&mut stream, self.meter)?;
        }
        let head = stream.want(8);
        let goes_on = recognise(head) == Some(self.kind);
        let is_cut = is_cut_magic(head, self.kind);
        let mut ledger = self.ledger.borrow_mut();
        if goes_on {
            ledger.begin(self.given, self.part_start);
            drop(ledger);
            return self.begin(stream);
        }
        ledger.finished = Some(self.part_start);
        if is_cut {
            stream.failure()?;
            return Err(Stop::truncated(
                self.kind,
                self.part_start,
                "its compressed data is not all there",
            ));
        }
        ledger.trailing_bytes = stream.drain();
        stream.failure()
    }

    fn begin(&mut self, stream: Stream<'a>) -> Result<(), Stop> {
        let at = self.part_start;
        let unable = |error: io::Error| Stop::of(Kind::Zstd, at, &error);
        self.decoder = if self.kind == Kind::Gzip {
            Decoder::Gzip(flate2::bufread::GzDecoder::new(stream))
        } else if self.kind == Kind::Bzip2 {
            Decoder::Bzip2(bzip2::bufread::BzDecoder::new(stream))
        } else if self.kind == Kind::Xz {
            let decoder = lzma_rust2::XzReader::new_mem_limit(stream, false, XZ_KIB_MAX);
            Decoder::Xz(Box::new(decoder))
        } else {
            let dictionary = self.dictionary.as_deref().unwrap_or_default();
            let decoder = zstd::Decoder::with_dictionary(stream, dictionary).map_err(unable)?;
            Decoder::Zstd(decoder.single_frame())
        };
        Ok(())
    }
}

/// The dictionary in the first frame of a `.warc.zst`, unpacked; the stream stands behind it.
fn dictionary(stream: &mut Stream<'_>, meter: &Meter) -> Result<Option<Vec<u8>>, Stop> {
    let head = stream.want(8);
    let size = head.get(4..8).and_then(|size| size.try_into().ok());
    let (true, Some(size)) = (head.starts_with(DICTIONARY), size.map(u32::from_le_bytes)) else {
        return Ok(None);
    };
    let size = size as usize;
    if size > DICTIONARY_BYTES_MAX {
        return Ok(None);
    }
    let frame = stream.want(8 + size).get(8..8 + size).map(<[u8]>::to_vec);
    let Some(frame) = frame else {
        stream.failure()?;
        return Err(Stop::truncated(
            Kind::Zstd,
            0,
            "its dictionary is not all there",
        ));
    };
    stream.pass(8 + size);
    if recognise(&frame) != Some(Kind::Zstd) {
        return Ok(Some(frame));
    }
    let unable = |error: io::Error| Stop::of(Kind::Zstd, 0, &error);
    let mut unpacked = Vec::new();
    zstd::Decoder::with_buffer(frame.as_slice())
        .map_err(unable)?
        .take(DICTIONARY_BYTES_MAX as u64)
        .read_to_end(&mut unpacked)
        .map_err(unable)?;
    meter.expand(unpacked.len())?;
    Ok(Some(unpacked))
}

/// Which compressed member gave which bytes.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Where members begin: in the bytes given, in the bytes read.
    begins: VecDeque<(u64, u64)>,
    /// How many members were dropped from the front.
    dropped: u64,
    /// Where the last one ended.
    finished: Option<u64>,
    trailing_bytes: u64,
}

impl Ledger {
    fn begin(&mut self, given: u64, read: u64) {
        self.begins.push_back((given, read));
        if self.begins.len() > LEDGER_MAX {
            self.begins.pop_front();
            self.dropped += 1;
        }
    }

    /// Fills in the step: the members that gave the range. Ranges come in ascending order, so what lies before is dropped.
    pub(super) fn settle(&mut self, step: &mut Step, (start, end): (u64, Option<u64>)) {
        while self.begins.get(1).is_some_and(|(given, _)| *given <= start) {
            self.begins.pop_front();
            self.dropped += 1;
        }
        let Some((_, first)) = self.begins.front() else {
            return;
        };
        step.number = (step.kind == Kind::Gzip).then_some(self.dropped + 1);
        step.start = *first;
        step.end = match end {
            Some(end) => self
                .begins
                .iter()
                .find(|(given, _)| *given >= end && end > start)
                .map(|(_, read)| *read)
                .or(self.finished),
            None => self.finished,
        };
    }
}
