//! WARC 1.0 and 1.1 (ISO 28500): each `response` with status 200 and a text type, each `resource` and `conversion` is a
//! member. All other records are passed over and counted by type; a `revisit` is evidence that a page was unchanged.
//!
//! Between records, what is no record is one bad member, and reading goes on at the next line that begins one.

use super::http::{self, Http};
use super::stream::{Stream, pass_over};
use super::trouble::Stop;
use super::walk::Walk;
use super::{Context, Kind, Step, Trouble};

/// Longest head of a record or of an HTTP answer. Servers in use allow 8 to 32 KiB.
pub(super) const HEAD_BYTES_MAX: usize = 64 << 10;
/// How far it is looked ahead to tell where the compressed member around a record ends.
const LOOK_AHEAD: u64 = 1 << 20;
const MARK: &[u8] = b"WARC/1.";

/// Whether this is the beginning of a WARC.
pub(super) fn is_warc(head: &[u8]) -> bool {
    head.starts_with(MARK)
}

/// The head of a record.
struct Record {
    kind: String,
    length: u64,
    context: Context,
    /// Media type of the block: `application/http` where an HTTP head comes first.
    block_type: String,
}

/// Takes a WARC apart.
pub(super) fn walk(walk: &mut Walk<'_>, stream: &mut Stream<'_>) -> Result<(), Stop> {
    let mut number = 0;
    loop {
        while stream.want(1).first().is_some_and(u8::is_ascii_whitespace) {
            stream.pass(1);
        }
        let start = stream.offset();
        if stream.is_at_end() {
            return stream.failure();
        }
        walk.count_member()?;
        number += 1;
        let head = if stream.want(MARK.len()).starts_with(MARK) {
            read_head(stream, start)?
        } else {
            None
        };
        match head {
            Some(record) => read_record(walk, stream, start, number, record)?,
            None => resynchronise(walk, stream, start, number)?,
        }
    }
}

/// The head of the record that comes next, passed over; `None` if it is none.
fn read_head(stream: &mut Stream<'_>, start: u64) -> Result<Option<Record>, Stop> {
    let Some(bytes) = http::head_bytes(stream, u64::MAX) else {
        if stream.here().len() < HEAD_BYTES_MAX {
            stream.failure()?;
            let what = "the head of a record is not all there";
            return Err(Stop::truncated(Kind::Warc, start, what));
        }
        return Ok(None);
    };
    let head = stream.here().get(..bytes).unwrap_or_default();
    let Some(length) = http::field(head, "content-length").and_then(|value| value.parse().ok())
    else {
        return Ok(None);
    };
    let (block_type, charset) =
        http::media_type(&http::field(head, "content-type").unwrap_or_default());
    let record = Record {
        kind: http::field(head, "warc-type")
            .unwrap_or_default()
            .to_lowercase(),
        length,
        context: Context {
            url: http::field(head, "warc-target-uri")
                .map(|url| url.trim_matches(['<', '>']).to_owned()),
            captured: http::field(head, "warc-date"),
            record_id: http::field(head, "warc-record-id"),
            content_type: Some(block_type.clone()).filter(|kind| !kind.is_empty()),
            charset,
            ..Context::default()
        },
        block_type,
    };
    stream.pass(bytes);
    Ok(Some(record))
}

fn read_record(
    walk: &mut Walk<'_>,
    stream: &mut Stream<'_>,
    start: u64,
    number: u64,
    record: Record,
) -> Result<(), Stop> {
    let until = stream.offset().saturating_add(record.length);
    let mut context = record.context;
    let mut http = None;
    let mut reason = match record.kind.as_str() {
        "response" | "resource" | "conversion" => None,
        "revisit" => Some("warc revisit"),
        "request" => Some("warc request"),
        "warcinfo" => Some("warc warcinfo"),
        "metadata" => Some("warc metadata"),
        _ => Some("warc record of another type"),
    };
    if reason.is_none() && record.block_type == "application/http" {
        match http::read_head(stream, until) {
            Some(head) => {
                reason = head.reason_against();
                head.describe(&mut context);
                http = Some(head);
            }
            None => reason = Some("warc response without an HTTP head"),
        }
    } else if reason.is_none() && !http::is_text(&record.block_type) {
        reason = Some("warc resource that is no text");
    }
    if let Some(reason) = reason {
        if !pass_over(stream, until) {
            stream.failure()?;
            let what = "a record is not all there";
            return Err(Stop::truncated(Kind::Warc, start, what));
        }
        walk.pass_over(reason);
        return Ok(());
    }
    let left = until.saturating_sub(stream.offset());
    // Four bytes end a record; one more begins the next, and with it the next compressed member.
    let ahead = usize::try_from(left.min(LOOK_AHEAD)).unwrap_or(0);
    stream.want(ahead + 5);
    let step = Step::member(Kind::Warc, number, start, until).named(context.url.clone());
    walk.part(stream, left, step, context, |walk, payload| {
        let http = http.unwrap_or_else(Http::plain);
        let payload = http.body(payload, walk.meter)?;
        walk.descend(payload)
    })
}

/// Passes over what is no record, up to the next line that begins one.
fn resynchronise(
    walk: &mut Walk<'_>,
    stream: &mut Stream<'_>,
    start: u64,
    number: u64,
) -> Result<(), Stop> {
    let is_cut = stream.here().len() < MARK.len() && MARK.starts_with(stream.here());
    if is_cut {
        stream.failure()?;
        let what = "the head of a record is not all there";
        return Err(Stop::truncated(Kind::Warc, start, what));
    }
    let mut line = Vec::new();
    loop {
        stream.line(&mut line, 0);
        if stream.is_at_end() {
            walk.trailing_bytes += stream.offset() - start;
            return stream.failure();
        }
        if stream.want(MARK.len()).starts_with(MARK) {
            break;
        }
    }
    let step = Step::member(Kind::Warc, number, start, stream.offset());
    walk.refuse(step, Trouble::bad(Kind::Warc, "bytes that are no record"))
}
