//! The archives: written as large as they are wanted, and the least that reading them can cost.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;

use crate::pages::{Press, Story};

/// A kind of archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// WARC, every record compressed for itself.
    Warc,
    /// JSON Lines.
    Jsonl,
    /// The pages of the WARC as a file each, to compare with.
    Files,
}

impl Kind {
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::Warc => "bulk.warc.gz",
            Self::Jsonl => "bulk.jsonl",
            Self::Files => "bulk",
        }
    }

    /// Writes stories until the file has so many bytes; how many stories these are.
    pub(crate) fn write(self, file: &Path, bytes: u64, press: &Press) -> u64 {
        if self == Self::Files {
            return write_files(file, bytes, press);
        }
        let mut out = BufWriter::with_capacity(1 << 20, File::create(file).expect("a file"));
        let mut written = 0;
        if self == Self::Warc {
            let about = b"software: bench\r\n";
            let member = member(&warc("warcinfo", "", 0, "application/warc-fields", about));
            out.write_all(&member).expect("written");
            written += member.len() as u64;
        }
        let mut stories = 0;
        while written < bytes {
            let story = press.story(stories);
            let record = match self {
                Self::Warc => member(&response(&story, stories, press)),
                Self::Jsonl | Self::Files => line(&story),
            };
            out.write_all(&record).expect("written");
            written += record.len() as u64;
            stories += 1;
        }
        out.flush().expect("written");
        stories
    }

    /// Reads the file, unpacks it and finds where its records end, and nothing else: how many there are and how long it
    /// takes.
    pub(crate) fn floor(self, file: &Path) -> (u64, Duration) {
        let began = Instant::now();
        if self == Self::Files {
            return (read_files(file), began.elapsed());
        }
        let file = BufReader::with_capacity(1 << 16, File::open(file).expect("a file"));
        let records = match self {
            Self::Warc => {
                warc_records(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file)))
            }
            Self::Jsonl | Self::Files => lines(file),
        };
        (records, began.elapsed())
    }
}

fn write_files(folder: &Path, bytes: u64, press: &Press) -> u64 {
    std::fs::create_dir(folder).expect("made");
    let (mut stories, mut written) = (0, 0);
    while written < bytes {
        let page = press.html(&press.story(stories));
        std::fs::write(folder.join(format!("{stories:08}.html")), &page).expect("written");
        written += page.len() as u64;
        stories += 1;
    }
    stories
}

fn read_files(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let read = entries.map(|entry| std::fs::read(entry.expect("an entry").path()));
    read.map(|page| u64::from(!page.expect("read").is_empty()))
        .sum()
}

fn line(story: &Story) -> Vec<u8> {
    let line = serde_json::json!({
        "url": story.url,
        "title": story.title,
        "date": story.date,
        "language": "en",
        "text": story.paragraphs.join("\n\n"),
    });
    format!("{line}\n").into_bytes()
}

fn response(story: &Story, number: u64, press: &Press) -> Vec<u8> {
    let page = press.html(story);
    let http = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n{page}",
        page.len()
    );
    let kind = "application/http; msgtype=response";
    warc("response", &story.url, number + 1, kind, http.as_bytes())
}

fn warc(kind: &str, url: &str, number: u64, content_type: &str, block: &[u8]) -> Vec<u8> {
    let target = if url.is_empty() {
        String::new()
    } else {
        format!("WARC-Target-URI: {url}\r\n")
    };
    let mut record = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n\
         WARC-Date: 2031-12-31T00:00:00Z\r\n{target}Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

/// Least effort: the bench should not take longer to write than to measure.
fn member(record: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(8_192), Compression::fast());
    encoder.write_all(record).expect("into memory");
    encoder.finish().expect("into memory")
}

/// Counts responses.
fn warc_records(mut reader: impl std::io::BufRead) -> u64 {
    let (mut records, mut line) = (0, Vec::new());
    let mut block = Vec::new();
    loop {
        let (mut length, mut is_response) = (0, false);
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line).expect("read") == 0 {
                return records;
            }
            let text = line.trim_ascii_end();
            is_response |= text == b"WARC-Type: response";
            if let Some(number) = text.strip_prefix(b"Content-Length: ") {
                let number = std::str::from_utf8(number).expect("ASCII");
                length = number.parse().expect("a number");
            }
            if text.is_empty() && length > 0 {
                break;
            }
        }
        block.clear();
        let mut record = reader.by_ref().take(length);
        record.read_to_end(&mut block).expect("read");
        records += u64::from(is_response);
    }
}

fn lines(mut reader: impl std::io::BufRead) -> u64 {
    let (mut lines, mut line) = (0, Vec::new());
    while reader.read_until(b'\n', &mut line).expect("read") > 0 {
        lines += 1;
        line.clear();
    }
    lines
}
