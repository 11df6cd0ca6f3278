//! Files of many articles, made from ours.

use std::io::Write as _;

use serde_json::{Value, json};

use super::article;

/// An article as one value of JSON, of a shape that many crawlers write.
pub(crate) fn value(n: usize) -> Value {
    let article = article(n);
    let (title, text) = article.split_once("\n\n").expect("a headline");
    json!({"title": title, "text": text, "url": format!("https://varnholm.example/{n}")})
}

/// Articles as JSON Lines.
pub(crate) fn lines(numbers: impl IntoIterator<Item = usize>) -> String {
    numbers
        .into_iter()
        .map(|n| value(n).to_string() + "\n")
        .collect()
}

/// The same with so many bytes in each that nobody reads.
pub(crate) fn padded_lines(numbers: impl IntoIterator<Item = usize>, bytes: usize) -> String {
    let padded = |n| {
        let mut value = value(n);
        value["zz_pad"] = "x".repeat(bytes).into();
        value.to_string() + "\n"
    };
    numbers.into_iter().map(padded).collect()
}

/// Articles as a table.
pub(crate) fn table(numbers: impl IntoIterator<Item = usize>) -> String {
    let row = |n| {
        let value = value(n);
        let cell = |name: &str| value[name].as_str().expect("text").replace('"', "\"\"");
        format!(
            "\"{}\",\"{}\",\"{}\"\n",
            cell("title"),
            cell("text"),
            cell("url")
        )
    };
    let rows: String = numbers.into_iter().map(row).collect();
    format!("title,text,url\n{rows}")
}

/// Articles as messages of a mailbox.
pub(crate) fn mailbox(numbers: impl IntoIterator<Item = usize>) -> String {
    let message = |n: usize| {
        let article = article(n);
        let (title, text) = article.split_once("\n\n").expect("a headline");
        format!(
            "From desk@varnholm.example Tue Mar 12 05:50:00 2024\nFrom: Varnholm Gazette <desk@varnholm.example>\n\
             Date: Tue, 12 Mar 2024 05:50:00 +0000\nMessage-ID: <{n}@varnholm.example>\nSubject: {title}\n\
             MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        )
    };
    numbers.into_iter().map(message).collect()
}

/// An article as a page.
pub(crate) fn page(n: usize) -> String {
    let article = article(n);
    let mut paragraphs = article.trim_end().split("\n\n");
    let title = paragraphs.next().expect("a headline");
    let body = paragraphs.collect::<Vec<&str>>().join("</p>\n<p>");
    format!(
        "<html><head><title>{title}</title></head><body><article><h1>{title}</h1>\n<p>{body}</p></article></body></html>"
    )
}

/// Pages as a crawler keeps them, each fetched from an address.
pub(crate) fn crawl(pages: &[(String, String)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (url, page) in pages {
        let answer =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
        write!(
            bytes,
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-01T08:00:00Z\r\n\
             WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n\
             Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
            answer.len()
        )
        .expect("into memory");
    }
    bytes
}

/// A zip archive whose members are stored as they are.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut sum = flate2::Crc::new();
        sum.update(content);
        let (size, offset) = (four(content.len()), four(bytes.len()));
        let name_bytes = two(name.len());
        let head = [
            &[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x58][..],
            &sum.sum().to_le_bytes(),
            &size,
            &size,
            &name_bytes,
            &[0, 0],
        ]
        .concat();
        bytes.extend([b"PK\x03\x04", &head[..], name.as_bytes(), content].concat());
        let rest = [&[0; 6][..], &[0, 0, 0xA4, 0x81], &offset].concat();
        directory.extend([b"PK\x01\x02\x14\x03", &head[..], &rest, name.as_bytes()].concat());
    }
    let (count, start) = (two(members.len()), four(bytes.len()));
    let size = four(directory.len());
    bytes.extend(directory);
    bytes.extend(
        [
            b"PK\x05\x06\0\0\0\0",
            &count[..],
            &count,
            &size,
            &start,
            &[0, 0],
        ]
        .concat(),
    );
    bytes
}

fn two(number: usize) -> [u8; 2] {
    u16::try_from(number).expect("small").to_le_bytes()
}

fn four(number: usize) -> [u8; 4] {
    u32::try_from(number).expect("small").to_le_bytes()
}

/// A tar archive.
pub(crate) fn tar(members: &[(String, String)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, content) in members {
        let mut block = vec![0; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[100..108].copy_from_slice(b"0000644\0");
        block[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        block[136..148].copy_from_slice(b"00000000000\0");
        block[148..156].copy_from_slice(b"        ");
        block[156] = b'0';
        block[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block.extend_from_slice(content.as_bytes());
        block.resize(block.len().next_multiple_of(512), 0);
        bytes.extend(block);
    }
    bytes.extend([0; 1024]);
    bytes
}

/// The same, compressed.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).expect("into memory");
    packer.finish().expect("into memory")
}
