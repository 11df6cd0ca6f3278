//! tar: each regular file is a member. Directories, links, fifos and devices are passed over and counted.
//!
//! Read here and not by a crate, since where a header begins and what is cut must be known to the byte. Formats: ustar,
//! GNU (long names, sizes in base 256) and pax (`path`, `size`), after pax(1) and tar(5).

use super::stream::{Stream, pass_over};
use super::trouble::Stop;
use super::walk::Walk;
use super::{Kind, Step, Trouble};

const BLOCK: usize = 512;
/// Longest name or pax record that is read: Linux has paths of 4 KiB; writers put attributes there too.
const EXTENSION_BYTES_MAX: u64 = 1 << 20;

/// Whether this is the beginning of a tar archive.
pub(super) fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
}

/// What headers of extension say of the next member.
#[derive(Debug, Default)]
struct Extension {
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

/// One header block.
struct Header {
    name: Vec<u8>,
    size: u64,
    kind: u8,
}

/// Takes an archive apart.
pub(super) fn walk(walk: &mut Walk<'_>, stream: &mut Stream<'_>) -> Result<(), Stop> {
    let mut number = 0;
    let mut extension = Extension::default();
    loop {
        let start = stream.offset();
        let Some(block) = stream.want(BLOCK).get(..BLOCK).map(<[u8]>::to_vec) else {
            stream.failure()?;
            let what = "its end mark is not there";
            return Err(Stop::truncated(Kind::Tar, start, what));
        };
        stream.pass(BLOCK);
        if block.iter().all(|byte| *byte == 0) {
            return finish(walk, stream);
        }
        let Some(header) = parse(&block) else {
            number += 1;
            resynchronise(walk, stream, start, number)?;
            continue;
        };
        match header.kind {
            b'L' | b'x' => {
                let content = extension_content(stream, start, header.size)?;
                if header.kind == b'L' {
                    let end = content.iter().position(|byte| *byte == 0);
                    extension.name = content
                        .get(..end.unwrap_or(content.len()))
                        .map(<[u8]>::to_vec);
                } else {
                    read_pax(&content, &mut extension);
                }
            }
            b'K' | b'g' => pass_content(stream, start, header.size)?,
            _ => {
                number += 1;
                let extension = std::mem::take(&mut extension);
                member(walk, stream, start, number, header, extension)?;
            }
        }
    }
}

/// Passes over blocks that are no header, up to one that is, or to the end mark: together they are one bad member.
fn resynchronise(
    walk: &mut Walk<'_>,
    stream: &mut Stream<'_>,
    start: u64,
    number: u64,
) -> Result<(), Stop> {
    walk.count_member()?;
    while let Some(block) = stream.want(2 * BLOCK).get(..BLOCK) {
        let is_header = parse(block).is_some();
        // One block of zeros may be content; the end mark has two.
        let mut ahead = stream.here().iter().take(2 * BLOCK);
        if is_header || ahead.all(|byte| *byte == 0) {
            let step = Step::member(Kind::Tar, number, start, stream.offset());
            return walk.refuse(step, Trouble::bad(Kind::Tar, "blocks that are no header"));
        }
        stream.pass(BLOCK);
    }
    stream.failure()?;
    Err(Stop::truncated(
        Kind::Tar,
        start,
        "its end mark is not there",
    ))
}

/// Behind the end mark: zeros up to the record size of the writer, and what belongs to nothing.
fn finish(walk: &mut Walk<'_>, stream: &mut Stream<'_>) -> Result<(), Stop> {
    while !stream.is_at_end() {
        let here = stream.here();
        let zeros = here.iter().take_while(|byte| **byte == 0).count();
        let is_all = zeros == here.len();
        stream.pass(zeros);
        if !is_all {
            walk.trailing_bytes += stream.drain();
        }
    }
    stream.failure()
}

fn member(
    walk: &mut Walk<'_>,
    stream: &mut Stream<'_>,
    start: u64,
    number: u64,
    header: Header,
    extension: Extension,
) -> Result<(), Stop> {
    walk.count_member()?;
    let size = extension.size.unwrap_or(header.size);
    let name = extension.name.unwrap_or(header.name);
    let reason = match header.kind {
        b'0' | 0 | b'7' if name.ends_with(b"/") => Some("tar directory"),
        b'0' | 0 | b'7' => None,
        b'5' => Some("tar directory"),
        b'1' => Some("tar hard link"),
        b'2' => Some("tar symbolic link"),
        b'3' | b'4' | b'6' => Some("tar device or fifo"),
        _ => Some("tar member of another type"),
    };
    // Links and devices have no content, whatever their size field says.
    let size = if matches!(header.kind, b'1'..=b'6') {
        0
    } else {
        size
    };
    if let Some(reason) = reason {
        pass_content(stream, start, size)?;
        walk.pass_over(reason);
        return Ok(());
    }
    let name = String::from_utf8_lossy(&name).into_owned();
    let begins = stream.offset();
    let step = Step::member(Kind::Tar, number, begins, begins.saturating_add(size))
        .named(Some(name.clone()));
    if let Some(why) = danger(&name) {
        pass_content(stream, start, size)?;
        return walk.refuse(step, Trouble::UnsafeName { name, why });
    }
    let context = walk.context.of_member(name);
    walk.part(stream, size, step, context, Walk::descend)?;
    pass_padding(stream, size);
    Ok(())
}

/// Why a name is refused: it leads out of the folder that a careless reader would write it to.
pub(super) fn danger(name: &str) -> Option<&'static str> {
    let drive = name.as_bytes().get(1) == Some(&b':')
        && name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if drive || name.starts_with(['/', '\\']) {
        Some("an absolute name")
    } else if name.split(['/', '\\']).any(|part| part == "..") {
        Some("a name that leads out of the archive")
    } else {
        None
    }
}

fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK as u64
}

fn pass_padding(stream: &mut Stream<'_>, size: u64) {
    let until = stream.offset() + padding(size);
    // Where it is missing, the next header is too, and that is said then.
    pass_over(stream, until);
}

fn pass_content(stream: &mut Stream<'_>, start: u64, size: u64) -> Result<(), Stop> {
    let until = stream.offset().saturating_add(size);
    if !pass_over(stream, until) {
        stream.failure()?;
        return Err(Stop::truncated(
            Kind::Tar,
            start,
            "a member is not all there",
        ));
    }
    pass_padding(stream, size);
    Ok(())
}

fn extension_content(stream: &mut Stream<'_>, start: u64, size: u64) -> Result<Vec<u8>, Stop> {
    if size > EXTENSION_BYTES_MAX {
        let why = format!("an extended header of {size} bytes at byte {start}");
        return Err(Stop::bad(Kind::Tar, why));
    }
    let bytes = usize::try_from(size).unwrap_or(usize::MAX);
    let content = stream.want(bytes).get(..bytes).map(<[u8]>::to_vec);
    pass_content(stream, start, size)?;
    Ok(content.unwrap_or_default())
}

/// Records `LENGTH KEY=VALUE\n`.
fn read_pax(mut content: &[u8], extension: &mut Extension) {
    while let Some((length, _)) = split_once(content, b' ') {
        let digits = length.len();
        let Some(length) = number(length) else { return };
        let Some((record, rest)) = usize::try_from(length)
            .ok()
            .and_then(|length| content.split_at_checked(length))
        else {
            return;
        };
        if record.is_empty() {
            return;
        }
        let record = record.get(digits + 1..).unwrap_or_default();
        match split_once(record.strip_suffix(b"\n").unwrap_or(record), b'=') {
            Some((b"path", value)) => extension.name = Some(value.to_vec()),
            Some((b"size", value)) => extension.size = number(value),
            _ => {}
        }
        content = rest;
    }
}

fn split_once(bytes: &[u8], by: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(by, bytes)?;
    Some((bytes.get(..at)?, bytes.get(at + 1..)?))
}

fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A header whose checksum is right.
fn parse(block: &[u8]) -> Option<Header> {
    let stated = octal(block.get(148..156)?)?;
    let blank = |at: usize, byte: u8| if (148..156).contains(&at) { b' ' } else { byte };
    let sum: u64 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| u64::from(blank(at, *byte)))
        .sum();
    if sum != stated {
        return None;
    }
    let mut name = until_nul(block.get(..100)?).to_vec();
    let prefix = until_nul(block.get(345..500)?);
    if block.get(257..263) == Some(b"ustar\0") && !prefix.is_empty() {
        name = [prefix, b"/", &name].concat();
    }
    Some(Header {
        name,
        size: size(block.get(124..136)?)?,
        kind: *block.get(156)?,
    })
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or(field)
}

fn octal(field: &[u8]) -> Option<u64> {
    let digits = until_nul(field).trim_ascii();
    if digits.is_empty() {
        return Some(0);
    }
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

/// A size in octal, or in base 256 where the first bit is set (GNU).
fn size(field: &[u8]) -> Option<u64> {
    if field.first()? & 0x80 == 0 {
        return octal(field);
    }
    let (high, low) = field.split_at_checked(4)?;
    if high != [0x80, 0, 0, 0] {
        return None;
    }
    Some(u64::from_be_bytes(low.try_into().ok()?))
}
