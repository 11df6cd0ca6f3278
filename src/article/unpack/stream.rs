//! The bytes of one layer, with a look-ahead and a position; and the part of a layer that is one member.
//!
//! A failure waits behind the bytes that came before it: a reader sees the end of the bytes, takes what is whole, and asks
//! [`Stream::failure`] then.

use std::cell::Cell;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use super::trouble::{Stop, Trouble};
use super::{Bounds, Kind, Source};

/// How much is read at a time.
const STEP: usize = 64 << 10;

/// Counts what is unpacked against the bounds, across all layers of one file.
#[derive(Debug)]
pub(super) struct Meter {
    expanded: Cell<u64>,
    packed: Cell<u64>,
    file_bytes: u64,
    expanded_bytes_max: u64,
    ratio_max: u64,
    ratio_from: u64,
}

impl Meter {
    /// Nothing counted yet, for a file of this size.
    pub(super) fn new(bounds: &Bounds, file_bytes: u64) -> Self {
        Self {
            expanded: Cell::new(0),
            packed: Cell::new(0),
            file_bytes,
            expanded_bytes_max: bounds.expanded_bytes_max,
            ratio_max: bounds.ratio_max,
            ratio_from: bounds.ratio_from_bytes,
        }
    }

    /// Counts bytes that a decoder gave.
    pub(super) fn expand(&self, bytes: usize) -> Result<(), Stop> {
        let expanded = self.expanded.get().saturating_add(bytes as u64);
        self.expanded.set(expanded);
        if expanded > self.expanded_bytes_max {
            return Err(Stop::Spent(Trouble::ExpandedBytes {
                max: self.expanded_bytes_max,
            }));
        }
        // Bytes that are read again, as by directory entries that overlap, do not make the file larger.
        let packed = self.packed.get().min(self.file_bytes);
        if expanded > self.ratio_from && expanded > packed.saturating_mul(self.ratio_max) {
            return Err(Stop::Spent(Trouble::Ratio {
                expanded,
                packed,
                max: self.ratio_max,
            }));
        }
        Ok(())
    }

    fn read(&self, bytes: usize) {
        self.packed
            .set(self.packed.get().saturating_add(bytes as u64));
    }
}

/// The file itself, as long as it was at the start: what is written meanwhile is not seen.
pub(super) struct File<'a> {
    source: &'a mut dyn Source,
    meter: &'a Meter,
    at: u64,
}

impl<'a> File<'a> {
    pub(super) fn new(source: &'a mut dyn Source, meter: &'a Meter) -> Result<Self, Stop> {
        let mut file = Self {
            source,
            meter,
            at: 0,
        };
        file.seek(SeekFrom::Start(0))
            .map_err(|error| Stop::Unread(Trouble::read(&error)))?;
        Ok(file)
    }
}

impl Read for File<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.meter.file_bytes.saturating_sub(self.at);
        let room = into.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let into = into.get_mut(..room).unwrap_or_default();
        loop {
            match self.source.read(into) {
                Ok(bytes) => {
                    self.meter.read(bytes);
                    self.at += bytes as u64;
                    return Ok(bytes);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Stop::Unread(Trouble::read(&error)).into()),
            }
        }
    }
}

impl Seek for File<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.meter.file_bytes.saturating_add_signed(by),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        self.at = self
            .source
            .seek(SeekFrom::Start(to))
            .map_err(|error| Stop::Unread(Trouble::read(&error)))?;
        Ok(self.at)
    }
}

/// One layer's bytes.
pub(super) struct Stream<'a> {
    kind: Kind,
    source: Box<dyn Read + 'a>,
    buffer: Vec<u8>,
    /// First byte of the buffer that is not passed yet.
    at: usize,
    /// Where that byte stands in the layer.
    offset: u64,
    end: Option<Result<(), Stop>>,
}

impl<'a> Stream<'a> {
    /// The bytes that `source` gives; `kind` is whose fault a failure is.
    pub(super) fn new(kind: Kind, source: Box<dyn Read + 'a>) -> Self {
        Self {
            kind,
            source,
            buffer: Vec::new(),
            at: 0,
            offset: 0,
            end: None,
        }
    }

    /// Where the next byte stands in the layer.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The bytes that are here without reading.
    pub(super) fn here(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    /// The bytes that are here, for keeps.
    pub(super) fn into_here(mut self) -> Vec<u8> {
        self.buffer.drain(..self.at);
        self.buffer
    }

    /// Whether nothing more can be read, for whatever reason.
    pub(super) fn has_ended(&self) -> bool {
        self.end.is_some()
    }

    /// Reads once more; whether there was more.
    pub(super) fn fill(&mut self) -> bool {
        if self.end.is_some() {
            return false;
        }
        // Passed bytes are dropped when they are most of the buffer, so that each byte is moved a bounded number of times.
        if self.at > 0 && self.at * 2 >= self.buffer.len() {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        let filled = self.buffer.len();
        self.buffer.resize(filled + STEP, 0);
        let room = self.buffer.get_mut(filled..).unwrap_or_default();
        let read = self.source.read(room);
        self.buffer
            .truncate(filled + read.as_ref().map_or(0, |bytes| *bytes));
        match read {
            Ok(0) => self.end = Some(Ok(())),
            Ok(_) => return true,
            Err(error) => self.end = Some(Err(Stop::of(self.kind, self.offset, &error))),
        }
        false
    }

    /// At least `bytes` of what comes next, unless the end is nearer.
    pub(super) fn want(&mut self, bytes: usize) -> &[u8] {
        while self.here().len() < bytes && self.fill() {}
        self.here()
    }

    /// Passes over bytes that are here.
    pub(super) fn pass(&mut self, bytes: usize) {
        let bytes = bytes.min(self.here().len());
        self.at += bytes;
        self.offset += bytes as u64;
    }

    /// Whether nothing more comes.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.want(1).is_empty()
    }

    /// Why the bytes ended, where that is not their proper end. Said only once they are all passed.
    pub(super) fn failure(&self) -> Result<(), Stop> {
        self.end.clone().unwrap_or(Ok(()))
    }

    /// Whether the bytes that are here are the last, and properly so.
    pub(super) fn has_ended_well(&self) -> bool {
        matches!(self.end, Some(Ok(())))
    }

    /// Passes over everything that is left; how much that was.
    pub(super) fn drain(&mut self) -> u64 {
        let from = self.offset;
        while !self.is_at_end() {
            self.pass(usize::MAX);
        }
        self.offset - from
    }

    /// Passes over one line with its line end, into `line` as far as `room` goes.
    pub(super) fn line(&mut self, line: &mut Vec<u8>, room: usize) -> Line {
        line.clear();
        let mut length = 0u64;
        let mut is_blank = true;
        while !self.is_at_end() {
            let here = self.here();
            let found = memchr::memchr(b'\n', here);
            let piece = here.get(..found.unwrap_or(here.len())).unwrap_or(here);
            let piece_bytes = piece.len();
            let fits = piece_bytes.min(room.saturating_sub(line.len()));
            line.extend_from_slice(piece.get(..fits).unwrap_or_default());
            length += piece_bytes as u64;
            is_blank = is_blank && piece.iter().all(u8::is_ascii_whitespace);
            self.pass(piece_bytes + usize::from(found.is_some()));
            if found.is_some() {
                return Line {
                    bytes: length,
                    has_end: true,
                    is_blank,
                };
            }
        }
        Line {
            bytes: length,
            has_end: false,
            is_blank,
        }
    }
}

/// What [`Stream::line`] passed over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Its length without the line feed.
    pub(super) bytes: u64,
    /// Whether a line feed ended it.
    pub(super) has_end: bool,
    /// Whether there is nothing but white space in it.
    pub(super) is_blank: bool,
}

impl Read for Stream<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let here = self.fill_buf()?;
        let bytes = here.len().min(into.len());
        if let (Some(into), Some(here)) = (into.get_mut(..bytes), here.get(..bytes)) {
            into.copy_from_slice(here);
        }
        self.pass(bytes);
        Ok(bytes)
    }
}

impl BufRead for Stream<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.want(1).is_empty() {
            self.failure()?;
        }
        Ok(self.here())
    }

    fn consume(&mut self, bytes: usize) {
        self.pass(bytes);
    }
}

/// The next bytes of a layer as the content of one member. It ends with [`Stop::Upstream`] where the layer ends first.
pub(super) struct Part<'p, 'a> {
    stream: &'p mut Stream<'a>,
    left: u64,
}

impl<'p, 'a> Part<'p, 'a> {
    pub(super) fn new(stream: &'p mut Stream<'a>, bytes: u64) -> Self {
        Self {
            stream,
            left: bytes,
        }
    }
}

impl Read for Part<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let here = self.fill_buf()?;
        let bytes = here.len().min(into.len());
        if let (Some(into), Some(here)) = (into.get_mut(..bytes), here.get(..bytes)) {
            into.copy_from_slice(here);
        }
        self.consume(bytes);
        Ok(bytes)
    }
}

impl BufRead for Part<'_, '_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left > 0 && self.stream.is_at_end() {
            return Err(Stop::Upstream.into());
        }
        let here = self.stream.here();
        let room = here
            .len()
            .min(usize::try_from(self.left).unwrap_or(usize::MAX));
        Ok(here.get(..room).unwrap_or_default())
    }

    fn consume(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes as u64);
        self.stream.pass(bytes);
    }
}

/// Passes over the rest of a member; whether the layer had it all.
pub(super) fn pass_over(stream: &mut Stream<'_>, until: u64) -> bool {
    while stream.offset() < until && !stream.is_at_end() {
        let left = usize::try_from(until - stream.offset()).unwrap_or(usize::MAX);
        stream.pass(left);
    }
    stream.offset() >= until
}
