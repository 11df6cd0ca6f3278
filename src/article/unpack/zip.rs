//! zip: each regular file is a member, in the order of the bytes in the file.
//!
//! By the directory where there is one; else, as in a file that was cut, by the local headers in front of the members.
//! Read here and not by a crate: the crate merges members of the same name and cannot read what was cut. Locked members,
//! links and names that lead out of the archive are refused, each by itself.

use std::io::{self, BufRead, Cursor, Read, SeekFrom};

use super::stream::{Meter, Part, Stream, pass_over};
use super::tar::danger;
use super::trouble::Stop;
use super::walk::Walk;
use super::zip_directory::{self as directory, Entry, Wide, read_at, u16_at, u32_at};
use super::{Kind, Source, Step, Trouble};

const LOCAL: &[u8] = b"PK\x03\x04";
const LOCAL_BYTES: usize = 30;
const LOCKED: u16 = 1;
/// The sizes stand behind the content.
const SIZES_BEHIND: u16 = 1 << 3;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const BZIPPED: u16 = 12;
const ZSTANDARD: u16 = 93;

/// Takes apart an archive that is a file.
pub(super) fn walk_file(walk: &mut Walk<'_>, file: &mut dyn Source) -> Result<(), Stop> {
    if let Some((entries, trailing_bytes)) = directory::read(file, walk.bounds)? {
        walk.trailing_bytes += trailing_bytes;
        for (n, entry) in entries.iter().enumerate() {
            walk.count_member()?;
            listed(walk, file, n as u64 + 1, entry)?;
        }
        return Ok(());
    }
    file.seek(SeekFrom::Start(0))
        .map_err(|error| Stop::of(Kind::Zip, 0, &error))?;
    let mut stream = Stream::new(Kind::Zip, Box::new(file));
    let at = walk_locals(walk, &mut stream)?;
    Err(Stop::truncated(
        Kind::Zip,
        at,
        "its directory is not all there",
    ))
}

/// Takes apart an archive inside another layer: in memory where it fits, else by its local headers.
pub(super) fn walk_stream(walk: &mut Walk<'_>, mut stream: Stream<'_>) -> Result<(), Stop> {
    let max = walk.bounds.member_bytes_max;
    if stream.want(max.saturating_add(1)).len() <= max && stream.has_ended_well() {
        return walk_file(walk, &mut Cursor::new(stream.into_here()));
    }
    let at = walk_locals(walk, &mut stream)?;
    if stream.is_at_end() {
        return Err(Stop::truncated(
            Kind::Zip,
            at,
            "its directory is not all there",
        ));
    }
    stream.drain();
    stream.failure()
}

/// A member that the directory lists.
fn listed(
    walk: &mut Walk<'_>,
    file: &mut dyn Source,
    number: u64,
    entry: &Entry,
) -> Result<(), Stop> {
    let local = read_at(file, entry.offset, LOCAL_BYTES as u64)?;
    let lengths = (u16_at(&local, 26), u16_at(&local, 28));
    let begins = match lengths {
        (Some(name), Some(extra)) if local.starts_with(LOCAL) => {
            entry.offset + LOCAL_BYTES as u64 + u64::from(name) + u64::from(extra)
        }
        _ => {
            let step = Step::member(Kind::Zip, number, entry.offset, entry.offset);
            let why = format!("no local header at byte {}", entry.offset);
            return walk.refuse(step.named(Some(name(entry))), Trouble::bad(Kind::Zip, why));
        }
    };
    let step = Step::member(
        Kind::Zip,
        number,
        begins,
        begins.saturating_add(entry.packed),
    )
    .named(Some(name(entry)));
    if is_passed_over(walk, entry) {
        return Ok(());
    }
    if let Some(trouble) = reason_against(entry) {
        return walk.refuse(step, trouble);
    }
    file.seek(SeekFrom::Start(begins))
        .map_err(|error| Stop::of(Kind::Zip, begins, &error))?;
    // No further than it goes: an archive may have a million small members.
    let mut stream = Stream::new(Kind::Zip, Box::new(file.take(entry.packed)));
    let around = walk.context.of_member(name(entry));
    walk.enclosed(step, around, |walk| {
        let part = Part::new(&mut stream, entry.packed);
        let content = Content::new(part, entry, walk.meter)?;
        let ended = walk.descend(Stream::new(Kind::Zip, Box::new(content)));
        match ended {
            // The directory is there, so this one lies, and the others may be whole.
            Err(Stop::Upstream) => {
                stream.failure()?;
                Err(Stop::bad(
                    Kind::Zip,
                    "a member that reaches beyond the file",
                ))
            }
            other => other,
        }
    })
}

/// Walks the local headers; where the first byte stands that is no member.
fn walk_locals(walk: &mut Walk<'_>, stream: &mut Stream<'_>) -> Result<u64, Stop> {
    let mut number = 0;
    loop {
        let start = stream.offset();
        let cut = || Stop::truncated(Kind::Zip, start, "a member is not all there");
        if !stream.want(LOCAL_BYTES).starts_with(LOCAL) {
            stream.failure()?;
            return Ok(start);
        }
        let Some((entry, header_bytes)) = local(stream) else {
            stream.failure()?;
            return Err(cut());
        };
        stream.pass(header_bytes);
        walk.count_member()?;
        number += 1;
        let begins = stream.offset();
        let is_sized = entry.flags & SIZES_BEHIND == 0 || entry.packed > 0;
        if !is_sized && (entry.method != DEFLATED || entry.flags & LOCKED != 0) {
            let why = format!("a member of unknown length at byte {start}");
            return Err(Stop::bad(Kind::Zip, why));
        }
        let until = begins.saturating_add(entry.packed);
        let step = Step::member(Kind::Zip, number, begins, until).named(Some(name(&entry)));
        let trouble = reason_against(&entry);
        let outcome = if is_passed_over(walk, &entry) {
            Ok(())
        } else if let Some(trouble) = trouble {
            // It has a number only when it is all there.
            if is_sized && !pass_over(stream, until) {
                stream.failure()?;
                return Err(cut());
            }
            walk.refuse(step, trouble)
        } else {
            walk_local(walk, stream, &entry, is_sized, step)
        };
        match outcome {
            Ok(()) if !is_sized || pass_over(stream, until) => {}
            Ok(()) | Err(Stop::Upstream) => {
                stream.failure()?;
                return Err(cut());
            }
            other => return other.map(|()| start),
        }
    }
}

fn walk_local(
    walk: &mut Walk<'_>,
    stream: &mut Stream<'_>,
    entry: &Entry,
    is_sized: bool,
    step: Step,
) -> Result<(), Stop> {
    let bytes = if is_sized { entry.packed } else { u64::MAX };
    let part = Part::new(stream, bytes);
    let mut content = Content::new(part, entry, walk.meter)?;
    content.ends_itself = !is_sized;
    let mut step = step;
    if !is_sized {
        step.end = None;
    }
    let around = walk.context.of_member(name(entry));
    walk.enclosed(step, around, |walk| {
        walk.descend(Stream::new(Kind::Zip, Box::new(&mut content)))
    })?;
    if !is_sized {
        // Where it ends is known only from reading it.
        let mut rest = Stream::new(Kind::Zip, Box::new(content));
        rest.drain();
        rest.failure()?;
    }
    Ok(())
}

/// The local header that comes next, and how long it is.
fn local(stream: &mut Stream<'_>) -> Option<(Entry, usize)> {
    let fixed = stream.here().get(..LOCAL_BYTES)?.to_vec();
    let name_bytes = usize::from(u16_at(&fixed, 26)?);
    let extra_bytes = usize::from(u16_at(&fixed, 28)?);
    let bytes = LOCAL_BYTES + name_bytes + extra_bytes;
    let rest = stream.want(bytes).get(LOCAL_BYTES..bytes)?;
    let (name, extra) = rest.split_at_checked(name_bytes)?;
    let mut wide = Wide::of(extra);
    let (packed, unpacked) = (u32_at(&fixed, 18)?, u32_at(&fixed, 22)?);
    let entry = Entry {
        name: name.to_vec(),
        flags: u16_at(&fixed, 6)?,
        method: u16_at(&fixed, 8)?,
        crc: u32_at(&fixed, 14)?,
        unpacked: wide.or_next(unpacked).unwrap_or_default(),
        packed: wide.or_next(packed).unwrap_or_default(),
        offset: stream.offset(),
        mode: 0,
    };
    Some((entry, bytes))
}

/// The name for people. Names that are not marked as UTF-8 are code page 437 by the standard, and UTF-8 in practice.
fn name(entry: &Entry) -> String {
    String::from_utf8_lossy(&entry.name).into_owned()
}

fn is_passed_over(walk: &mut Walk<'_>, entry: &Entry) -> bool {
    let is_folder = entry.name.ends_with(b"/") && entry.unpacked == 0;
    if is_folder {
        walk.pass_over("zip directory");
    }
    is_folder
}

fn reason_against(entry: &Entry) -> Option<Trouble> {
    let name = name(entry);
    let is_link = entry.mode & 0o170_000 == 0o120_000;
    if let Some(why) = danger(&name) {
        return Some(Trouble::UnsafeName { name, why });
    }
    if is_link {
        let why = "a symbolic link";
        return Some(Trouble::UnsafeName { name, why });
    }
    if entry.flags & LOCKED != 0 {
        return Some(Trouble::Encrypted);
    }
    let is_known = [STORED, DEFLATED, BZIPPED, ZSTANDARD].contains(&entry.method);
    (!is_known).then(|| {
        let why = format!("compression method {} is not known", entry.method);
        Trouble::bad(Kind::Zip, why)
    })
}

/// A member's bytes, unpacked, counted and checked: the end comes only where the checksum is right.
struct Content<'p, 'a, 'm> {
    decoder: Decoder<'p, 'a>,
    /// The sizes and the checksum stand behind the content.
    ends_itself: bool,
    sum: flate2::Crc,
    crc: u32,
    at: u64,
    is_done: bool,
    meter: &'m Meter,
}

enum Decoder<'p, 'a> {
    Stored(Part<'p, 'a>),
    Deflated(flate2::bufread::DeflateDecoder<Part<'p, 'a>>),
    Bzipped(bzip2::bufread::BzDecoder<Part<'p, 'a>>),
    Zstandard(zstd::Decoder<'static, Part<'p, 'a>>),
}

impl<'p, 'a, 'm> Content<'p, 'a, 'm> {
    fn new(part: Part<'p, 'a>, entry: &Entry, meter: &'m Meter) -> Result<Self, Stop> {
        let decoder = match entry.method {
            DEFLATED => Decoder::Deflated(flate2::bufread::DeflateDecoder::new(part)),
            BZIPPED => Decoder::Bzipped(bzip2::bufread::BzDecoder::new(part)),
            ZSTANDARD => Decoder::Zstandard(
                zstd::Decoder::with_buffer(part)
                    .map_err(|error| Stop::of(Kind::Zip, entry.offset, &error))?,
            ),
            _ => Decoder::Stored(part),
        };
        Ok(Self {
            decoder,
            ends_itself: false,
            sum: flate2::Crc::new(),
            crc: entry.crc,
            at: entry.offset,
            is_done: false,
            meter,
        })
    }

    fn finish(&mut self) -> io::Result<()> {
        self.is_done = true;
        if let (true, Decoder::Deflated(decoder)) = (self.ends_itself, &mut self.decoder) {
            let sizes = (decoder.total_in(), decoder.total_out());
            self.crc = read_descriptor(decoder.get_mut(), sizes)?;
        }
        if self.sum.sum() == self.crc {
            Ok(())
        } else {
            Err(Stop::Broken(Trouble::Checksum { kind: Kind::Zip }).into())
        }
    }
}

/// Reads what stands behind the content and gives its checksum: a mark or none, sizes of four bytes or of eight.
fn read_descriptor(part: &mut Part<'_, '_>, (packed, _): (u64, u64)) -> io::Result<u32> {
    let mut word = [0; 4];
    part.read_exact(&mut word)?;
    if &word == b"PK\x07\x08" {
        part.read_exact(&mut word)?;
    }
    let crc = u32::from_le_bytes(word);
    part.read_exact(&mut word)?;
    let is_narrow = u64::from(u32::from_le_bytes(word)) == packed;
    part.read_exact(&mut word)?;
    // With eight bytes a size, what was read is the first size; in the narrow form it was both.
    if !is_narrow || part.fill_buf()?.get(..4).is_some_and(|next| next == [0; 4]) {
        part.read_exact(&mut [0; 8])?;
    }
    Ok(crc)
}

impl Read for Content<'_, '_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.is_done || into.is_empty() {
            return Ok(0);
        }
        let read = match &mut self.decoder {
            Decoder::Stored(part) => part.read(into),
            Decoder::Deflated(decoder) => decoder.read(into),
            Decoder::Bzipped(decoder) => decoder.read(into),
            Decoder::Zstandard(decoder) => decoder.read(into),
        };
        let bytes = read.map_err(|error| Stop::of(Kind::Zip, self.at, &error))?;
        if bytes == 0 {
            self.finish()?;
            return Ok(0);
        }
        self.sum.update(into.get(..bytes).unwrap_or_default());
        self.meter.expand(bytes)?;
        Ok(bytes)
    }
}
