//! The HTTP answer inside a WARC record: its head, and its body as the page was before transfer.

use std::io::{self, Read};

use super::stream::{Meter, Stream};
use super::trouble::Stop;
use super::warc::HEAD_BYTES_MAX;
use super::{Context, Kind};

/// What an HTTP head says that matters here.
#[derive(Debug, Default)]
pub(super) struct Http {
    status: u16,
    content_type: String,
    charset: Option<String>,
    is_chunked: bool,
    encodings: Vec<String>,
    language: Option<String>,
    last_modified: Option<String>,
}

/// How long the head is that comes next, with the blank line; `None` if it does not end in `until` or is too long.
pub(super) fn head_bytes(stream: &mut Stream<'_>, until: u64) -> Option<usize> {
    let room = until.saturating_sub(stream.offset());
    let room = usize::try_from(room)
        .unwrap_or(usize::MAX)
        .min(HEAD_BYTES_MAX);
    let mut wanted = 4096.min(room);
    loop {
        let head = stream.want(wanted);
        let is_all = head.len() < wanted || wanted == room;
        let head = head.get(..head.len().min(room))?;
        let windows = memchr::memmem::find(head, b"\r\n\r\n").map(|at| at + 4);
        let bare = memchr::memmem::find(head, b"\n\n").map(|at| at + 2);
        if let Some(end) = windows.into_iter().chain(bare).min() {
            return Some(end);
        }
        if is_all {
            return None;
        }
        wanted = (wanted * 2).min(room);
    }
}

/// The value of a header field, lossily decoded; the first if there are several.
pub(super) fn field(head: &[u8], name: &str) -> Option<String> {
    head.split(|byte| *byte == b'\n').skip(1).find_map(|line| {
        let colon = memchr::memchr(b':', line)?;
        let key = line.get(..colon)?.trim_ascii();
        let value = line.get(colon + 1..)?.trim_ascii();
        key.eq_ignore_ascii_case(name.as_bytes())
            .then(|| String::from_utf8_lossy(value).into_owned())
    })
}

/// A media type in lower case, and its charset parameter.
pub(super) fn media_type(value: &str) -> (String, Option<String>) {
    let mut parts = value.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (key.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    });
    (kind, charset)
}

/// Whether a media type may hold an article; a missing one may.
pub(super) fn is_text(kind: &str) -> bool {
    kind.is_empty()
        || (kind.starts_with("text/")
            && !["css", "javascript", "dns"]
                .iter()
                .any(|word| kind.ends_with(word)))
        || ["html", "xml", "json", "pdf"]
            .iter()
            .any(|word| kind.contains(word))
}

/// Reads the head and passes over it; `None` if there is none in the record.
pub(super) fn read_head(stream: &mut Stream<'_>, until: u64) -> Option<Http> {
    let bytes = head_bytes(stream, until)?;
    let head = stream.here().get(..bytes)?;
    let line = head.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    let mut words = line.split_ascii_whitespace();
    if !words.next()?.starts_with("HTTP/") {
        return None;
    }
    let status = words.next()?.parse().ok()?;
    let (content_type, charset) = media_type(&field(head, "content-type").unwrap_or_default());
    let list = |name: &str| -> Vec<String> {
        let value = field(head, name).unwrap_or_default().to_ascii_lowercase();
        value
            .split(',')
            .map(|word| word.trim().to_owned())
            .collect()
    };
    let http = Http {
        status,
        content_type,
        charset,
        is_chunked: list("transfer-encoding")
            .iter()
            .any(|word| word == "chunked"),
        encodings: list("content-encoding"),
        language: field(head, "content-language"),
        last_modified: field(head, "last-modified"),
    };
    stream.pass(bytes);
    Some(http)
}

impl Http {
    /// A payload without an HTTP head.
    pub(super) fn plain() -> Self {
        Self::default()
    }

    /// Why this answer is passed over.
    pub(super) fn reason_against(&self) -> Option<&'static str> {
        if self.status != 200 {
            Some("warc response with another status")
        } else if is_text(&self.content_type) {
            None
        } else {
            Some("warc response that is no text")
        }
    }

    /// Says in the context what the head says.
    pub(super) fn describe(&self, context: &mut Context) {
        context.content_type = Some(self.content_type.clone()).filter(|kind| !kind.is_empty());
        context.charset.clone_from(&self.charset);
        context.http_language.clone_from(&self.language);
        context.last_modified.clone_from(&self.last_modified);
    }

    /// The body without its transfer coding and content codings. Crawlers often undo them and leave the header, so each is
    /// undone only where the bytes begin like it.
    pub(super) fn body<'a>(
        &self,
        mut body: Stream<'a>,
        meter: &'a Meter,
    ) -> Result<Stream<'a>, Stop> {
        if self.is_chunked && begins_chunked(body.want(20)) {
            let chunks = Chunks {
                stream: body,
                left: 0,
                has_begun: false,
            };
            body = Stream::new(Kind::Warc, Box::new(chunks));
        }
        for encoding in self.encodings.iter().rev() {
            body = decode(encoding, body, meter)?;
        }
        Ok(body)
    }
}

fn decode<'a>(encoding: &str, mut body: Stream<'a>, meter: &'a Meter) -> Result<Stream<'a>, Stop> {
    let head = body.want(4);
    let is_gzip = head.starts_with(b"\x1f\x8b");
    let is_zlib = head.first().is_some_and(|byte| byte & 0x0f == 8)
        && head.get(..2).is_some_and(|two| {
            two.iter()
                .fold(0u16, |sum, byte| (sum << 8) | u16::from(*byte))
                % 31
                == 0
        });
    let is_zstd = head.starts_with(b"\x28\xb5\x2f\xfd");
    let is_text = head.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
    let decoder: Box<dyn Read + 'a> = match encoding {
        "gzip" | "x-gzip" if is_gzip => Box::new(flate2::bufread::MultiGzDecoder::new(body)),
        "deflate" if is_zlib => Box::new(flate2::bufread::ZlibDecoder::new(body)),
        "deflate" if !is_text => Box::new(flate2::bufread::DeflateDecoder::new(body)),
        "br" if !is_text => Box::new(brotli_decompressor::Decompressor::new(body, 4096)),
        "zstd" if is_zstd => {
            let decoder = zstd::Decoder::with_buffer(body)
                .map_err(|error| Stop::of(Kind::Warc, 0, &error))?;
            Box::new(decoder)
        }
        "" | "identity" | "gzip" | "x-gzip" | "deflate" | "br" | "zstd" => return Ok(body),
        other => {
            let why = format!("content encoding {other:?} is not known");
            return Err(Stop::bad(Kind::Warc, why));
        }
    };
    Ok(Stream::new(
        Kind::Warc,
        Box::new(Metered { decoder, meter }),
    ))
}

/// A decoder whose bytes are counted.
struct Metered<'a> {
    decoder: Box<dyn Read + 'a>,
    meter: &'a Meter,
}

impl Read for Metered<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.decoder.read(into)?;
        self.meter.expand(bytes)?;
        Ok(bytes)
    }
}

fn begins_chunked(head: &[u8]) -> bool {
    let digits = head
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    digits > 0 && matches!(head.get(digits), Some(b'\r' | b'\n' | b';' | b' '))
}

/// The body of a chunked answer. A record may have been cut by the crawler: what there is counts.
struct Chunks<'a> {
    stream: Stream<'a>,
    left: u64,
    has_begun: bool,
}

impl Chunks<'_> {
    fn begin(&mut self) {
        let mut line = Vec::new();
        if self.has_begun {
            self.stream.line(&mut line, 2);
        }
        self.has_begun = true;
        // 16 hexadecimal digits are the largest size there is; an extension may follow.
        self.stream.line(&mut line, 17);
        let digits = line
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        let digits = line.get(..digits).unwrap_or_default();
        let digits = std::str::from_utf8(digits).unwrap_or_default();
        self.left = u64::from_str_radix(digits, 16).unwrap_or(0);
    }
}

impl Read for Chunks<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            self.begin();
        }
        let room = into
            .len()
            .min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let bytes = self.stream.read(into.get_mut(..room).unwrap_or_default())?;
        self.left -= bytes as u64;
        if bytes == 0 {
            // Whatever stands behind the last chunk: the record's length ends it.
            self.stream.drain();
            self.stream.failure()?;
        }
        Ok(bytes)
    }
}
