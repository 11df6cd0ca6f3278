//! The directory at the end of a zip archive (APPNOTE 6.3.10, 4.3.12 to 4.3.16), with its 64-bit form.
//!
//! Each entry is kept, also those of the same name or for the same bytes, in the order of the bytes in the file.

use std::io::{Read, SeekFrom};

use super::trouble::Stop;
use super::{Bounds, Kind, Source};

/// One member, as the directory or a local header has it.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) unpacked: u64,
    /// Where its local header stands.
    pub(super) offset: u64,
    /// Unix mode; 0 where there is none.
    pub(super) mode: u32,
}

/// The end record is 22 bytes and a comment of 65,535 at most.
const TAIL_BYTES: u64 = 22 + 65_535;
const SIXTY_FOUR: u32 = u32::MAX;

/// Little-endian number at `at`.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// Little-endian number at `at`.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Little-endian number at `at`.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// Reads up to `bytes` from `at`.
pub(super) fn read_at(source: &mut dyn Source, at: u64, bytes: u64) -> Result<Vec<u8>, Stop> {
    let unable = |error: std::io::Error| Stop::of(Kind::Zip, at, &error);
    source.seek(SeekFrom::Start(at)).map_err(unable)?;
    let mut content = Vec::new();
    source
        .take(bytes)
        .read_to_end(&mut content)
        .map_err(unable)?;
    Ok(content)
}

/// The entries, by their place in the file, and how many bytes follow the archive; `None` where there is no directory
/// that fits this file, as when it was cut.
pub(super) fn read(
    source: &mut dyn Source,
    bounds: &Bounds,
) -> Result<Option<(Vec<Entry>, u64)>, Stop> {
    let file_bytes = source
        .seek(SeekFrom::End(0))
        .map_err(|error| Stop::of(Kind::Zip, 0, &error))?;
    let tail_at = file_bytes.saturating_sub(TAIL_BYTES);
    let tail = read_at(source, tail_at, TAIL_BYTES)?;
    for at in memchr::memmem::rfind_iter(&tail, b"PK\x05\x06") {
        let Some(end) = End::parse(tail.get(at..).unwrap_or_default(), tail_at + at as u64) else {
            continue;
        };
        let Some(end) = end.widen(source)? else {
            continue;
        };
        // The archive begins with the file, so a directory that is not where it says is that of a member.
        if end.begins.checked_add(end.bytes) != Some(end.at) || end.ends > file_bytes {
            continue;
        }
        if let Some(entries) = entries(source, &end, bounds)? {
            return Ok(Some((entries, file_bytes - end.ends)));
        }
    }
    Ok(None)
}

/// What the end record says.
struct End {
    /// Where the directory begins.
    begins: u64,
    /// How long it is.
    bytes: u64,
    /// How many entries it has.
    count: u64,
    /// Where the record, or its 64-bit form before it, stands.
    at: u64,
    /// Where the archive ends.
    ends: u64,
}

impl End {
    fn parse(record: &[u8], at: u64) -> Option<Self> {
        Some(Self {
            count: u64::from(u16_at(record, 10)?),
            bytes: u64::from(u32_at(record, 12)?),
            begins: u64::from(u32_at(record, 16)?),
            at,
            ends: at + 22 + u64::from(u16_at(record, 20)?),
        })
    }

    /// Takes the numbers from the 64-bit record where these do not fit.
    fn widen(mut self, source: &mut dyn Source) -> Result<Option<Self>, Stop> {
        let fits = self.begins != u64::from(SIXTY_FOUR)
            && self.bytes != u64::from(SIXTY_FOUR)
            && self.count != u64::from(u16::MAX);
        let Some(locator_at) = self.at.checked_sub(20) else {
            return Ok(fits.then_some(self));
        };
        let locator = read_at(source, locator_at, 20)?;
        if !locator.starts_with(b"PK\x06\x07") {
            return Ok(Some(self));
        }
        let Some(at) = u64_at(&locator, 8).filter(|at| *at < locator_at) else {
            return Ok(None);
        };
        let record = read_at(source, at, 56)?;
        let numbers = (
            u64_at(&record, 32),
            u64_at(&record, 40),
            u64_at(&record, 48),
        );
        let (Some(count), Some(bytes), Some(begins)) = numbers else {
            return Ok(None);
        };
        if !record.starts_with(b"PK\x06\x06") {
            return Ok(None);
        }
        (self.count, self.bytes, self.begins, self.at) = (count, bytes, begins, at);
        Ok(Some(self))
    }
}

fn entries(
    source: &mut dyn Source,
    end: &End,
    bounds: &Bounds,
) -> Result<Option<Vec<Entry>>, Stop> {
    let unable = |error: std::io::Error| Stop::of(Kind::Zip, end.begins, &error);
    source.seek(SeekFrom::Start(end.begins)).map_err(unable)?;
    let mut reader = std::io::BufReader::new(source.take(end.bytes));
    let mut entries = Vec::new();
    // One more than allowed shows that there are too many.
    for _ in 0..end.count.min(bounds.members_max.saturating_add(1)) {
        let mut fixed = [0; 46];
        if !read_all(&mut reader, &mut fixed)? || !fixed.starts_with(b"PK\x01\x02") {
            return Ok(None);
        }
        let lengths = [28, 30, 32].map(|at| usize::from(u16_at(&fixed, at).unwrap_or(0)));
        let [name_bytes, extra_bytes, comment_bytes] = lengths;
        let mut rest = vec![0; name_bytes + extra_bytes + comment_bytes];
        if !read_all(&mut reader, &mut rest)? {
            return Ok(None);
        }
        rest.truncate(name_bytes + extra_bytes);
        let extra = rest.split_off(name_bytes);
        let Some(entry) = entry(&fixed, rest, &extra) else {
            return Ok(None);
        };
        entries.push(entry);
    }
    entries.sort_by_key(|entry: &Entry| entry.offset);
    Ok(Some(entries))
}

/// Whether there was enough to fill `into`.
fn read_all(reader: &mut dyn Read, into: &mut [u8]) -> Result<bool, Stop> {
    match reader.read_exact(into) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(Stop::of(Kind::Zip, 0, &error)),
    }
}

fn entry(fixed: &[u8], name: Vec<u8>, extra: &[u8]) -> Option<Entry> {
    let is_unix = fixed.get(5) == Some(&3);
    let (packed, unpacked, offset) = (u32_at(fixed, 20)?, u32_at(fixed, 24)?, u32_at(fixed, 42)?);
    let mut wide = Wide::of(extra);
    Some(Entry {
        name,
        flags: u16_at(fixed, 8)?,
        method: u16_at(fixed, 10)?,
        crc: u32_at(fixed, 16)?,
        unpacked: wide.or_next(unpacked)?,
        packed: wide.or_next(packed)?,
        offset: wide.or_next(offset)?,
        mode: if is_unix { u32_at(fixed, 38)? >> 16 } else { 0 },
    })
}

/// The 64-bit numbers of a member: those that do not fit elsewhere, in this order (APPNOTE 4.5.3).
pub(super) struct Wide<'a>(&'a [u8]);

impl<'a> Wide<'a> {
    pub(super) fn of(mut extra: &'a [u8]) -> Self {
        while let (Some(id), Some(bytes)) = (u16_at(extra, 0), u16_at(extra, 2)) {
            let end = 4 + usize::from(bytes);
            if id == 1 {
                return Self(extra.get(4..end).unwrap_or_default());
            }
            extra = extra.get(end..).unwrap_or_default();
        }
        Self(&[])
    }

    pub(super) fn or_next(&mut self, narrow: u32) -> Option<u64> {
        if narrow != SIXTY_FOUR {
            return Some(u64::from(narrow));
        }
        let wide = u64_at(self.0, 0)?;
        self.0 = self.0.get(8..)?;
        Some(wide)
    }
}
