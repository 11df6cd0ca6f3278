//! What the tests of this folder share: files made in memory, and a walk that collects.

use std::io::{Cursor, Write};
use std::ops::ControlFlow;

use super::{Bounds, Member, Summary, unpack};

/// All members from the `skip`th on, and the summary.
pub(super) fn unpacked(bytes: &[u8], bounds: &Bounds, skip: u64) -> (Vec<Member>, Summary) {
    let mut members = Vec::new();
    let summary = unpack(&mut Cursor::new(bytes), bounds, None, skip, &mut |member| {
        members.push(member);
        ControlFlow::Continue(())
    })
    .expect("a source that can be read");
    (members, summary)
}

/// All members with the default bounds, and the summary.
pub(super) fn all(bytes: &[u8]) -> (Vec<Member>, Summary) {
    unpacked(bytes, &Bounds::default(), 0)
}

/// What the members say: their bytes as text, or `!` and the code of their trouble.
pub(super) fn texts(members: &[Member]) -> Vec<String> {
    members
        .iter()
        .map(|member| match &member.bytes {
            Ok(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Err(trouble) => format!("!{}", trouble.code()),
        })
        .collect()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

pub(super) fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("memory")
}

pub(super) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// `Harbour` on three lines, as `xz --check=crc32` packs it.
pub(super) const XZ: &[u8] = b"\xfd\x37\x7a\x58\x5a\x00\x00\x01\x69\x22\xde\x36\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\
    \xe0\x00\x17\x00\x0e\x5d\x00\x24\x18\x4a\x46\x34\x72\xb6\x87\x2b\x25\x61\xb1\x00\x00\x00\x00\x00\
    \x3e\xb0\xbd\xad\x00\x01\x26\x18\x59\xae\x34\xf0\x90\x42\x99\x0d\x01\x00\x00\x00\x00\x01\x59\x5a";

/// One tar member: a ustar header, the content, and zeros up to the block.
pub(super) fn tar_member(name: &str, kind: u8, size: u64, content: &[u8]) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..108].copy_from_slice(b"0000644\0");
    block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    block[136..148].copy_from_slice(b"00000000000\0");
    block[148..156].copy_from_slice(b"        ");
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block.extend_from_slice(content);
    block.resize(block.len().next_multiple_of(512), 0);
    block
}

pub(super) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, content) in members {
        bytes.extend(tar_member(name, b'0', content.len() as u64, content));
    }
    bytes.extend([0; 1024]);
    bytes
}

/// One member of a zip under construction.
#[derive(Clone, Copy)]
pub(super) struct Zipped<'a> {
    pub(super) name: &'a str,
    pub(super) content: &'a [u8],
    pub(super) flags: u16,
    pub(super) mode: u32,
}

impl<'a> Zipped<'a> {
    pub(super) fn new(name: &'a str, content: &'a [u8]) -> Self {
        Self {
            name,
            content,
            flags: 0,
            mode: 0o100_644,
        }
    }
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).expect("memory");
    encoder.finish().expect("memory")
}

/// A zip of these members. With bit 3 of the flags the sizes stand behind the content.
pub(super) fn zip(members: &[Zipped<'_>]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let offset = u32::try_from(bytes.len()).expect("small");
        let packed = deflated(member.content);
        let mut sum = flate2::Crc::new();
        sum.update(member.content);
        let sizes: Vec<u8> = [
            sum.sum(),
            u32::try_from(packed.len()).expect("small"),
            u32::try_from(member.content.len()).expect("small"),
        ]
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
        let start = [
            20u16.to_le_bytes(),
            member.flags.to_le_bytes(),
            8u16.to_le_bytes(),
            [0; 2],
            [0x21, 0x58],
        ]
        .concat();
        let name_bytes = u16::try_from(member.name.len()).expect("short");
        let is_behind = member.flags & 8 != 0;
        let before = if is_behind {
            vec![0; 12]
        } else {
            sizes.clone()
        };
        let lengths = [name_bytes.to_le_bytes(), [0; 2]].concat();
        bytes.extend([b"PK\x03\x04".as_slice(), &start, &before, &lengths].concat());
        bytes.extend([member.name.as_bytes(), &packed].concat());
        if is_behind {
            bytes.extend([b"PK\x07\x08".as_slice(), &sizes].concat());
        }
        directory.extend([b"PK\x01\x02\x14\x03".as_slice(), &start, &sizes, &lengths].concat());
        directory.extend([0; 6]);
        directory.extend((member.mode << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(member.name.as_bytes());
    }
    end_zip(bytes, &directory, members.len())
}

/// Puts a directory behind the members.
pub(super) fn end_zip(mut bytes: Vec<u8>, directory: &[u8], count: usize) -> Vec<u8> {
    let begins = u32::try_from(bytes.len()).expect("small");
    let count = u16::try_from(count).expect("few").to_le_bytes();
    let length = u32::try_from(directory.len()).expect("small");
    bytes.extend_from_slice(directory);
    bytes.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count].concat());
    bytes.extend([length.to_le_bytes(), begins.to_le_bytes()].concat());
    bytes.extend([0; 2]);
    bytes
}

/// A WARC record.
pub(super) fn record(kind: &str, url: &str, block_type: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2031-02-03T04:05:06Z\r\n\
         WARC-Record-ID: <urn:uuid:{url}>\r\nContent-Type: {block_type}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// A WARC record of an HTTP answer.
pub(super) fn response(url: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let block = [head.as_bytes(), b"\r\n\r\n", body].concat();
    record(
        "response",
        url,
        "application/http; msgtype=response",
        &block,
    )
}

pub(super) const OK_HTML: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Language: uk";
