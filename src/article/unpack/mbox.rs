//! mbox: each message is a leaf, without its envelope line.
//!
//! The rule: a message begins at a line `From SENDER TIME`, at the start of the file or behind a blank line, where TIME has
//! a clock time and a year as asctime(3) writes them. So "From the start it was clear." is text, also where the writer
//! did not quote it. `>From ` stays as it is: whether one `>` was added is the mail reader's to know (mboxrd, mboxo).

use super::stream::Stream;
use super::trouble::Stop;
use super::walk::{Standing, Walk};
use super::{Kind, Step};

/// Longest line that is looked at as an envelope: an address has 254 bytes at most (RFC 5321), a date 30.
const ENVELOPE_BYTES_MAX: usize = 512;

/// Whether the file begins with an envelope line.
pub(super) fn is_mbox(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    memchr::memchr(b'\n', text).is_some_and(|end| {
        let line = text.get(..end).unwrap_or_default();
        is_envelope(line)
    })
}

fn is_envelope(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else {
        return false;
    };
    if line.len() > ENVELOPE_BYTES_MAX {
        return false;
    }
    let words = || rest.split(u8::is_ascii_whitespace).skip(1);
    let has_time = words().any(|word| {
        word.get(2) == Some(&b':')
            && matches!(word.len(), 5 | 8)
            && word
                .iter()
                .all(|byte| byte.is_ascii_digit() || *byte == b':')
    });
    let has_year = words().any(|word| {
        word.len() == 4
            && (word.starts_with(b"19") || word.starts_with(b"20"))
            && word.iter().all(u8::is_ascii_digit)
    });
    has_time && has_year
}

/// A message that is being read.
struct Message {
    envelope: String,
    number: u64,
    line: u64,
    start: u64,
    bytes: Vec<u8>,
}

/// Takes a mailbox apart.
pub(super) fn walk(walk: &mut Walk<'_>, stream: &mut Stream<'_>) -> Result<(), Stop> {
    let mut line = Vec::new();
    let mut message: Option<Message> = None;
    let (mut lines, mut messages) = (0, 0);
    let mut is_after_blank = true;
    while !stream.is_at_end() {
        let start = stream.offset();
        let room = walk.bounds.member_bytes_max.max(ENVELOPE_BYTES_MAX + 1);
        let found = stream.line(&mut line, room);
        lines += 1;
        let text = super::sniff::without_mark(&line);
        if found.has_end && is_after_blank && is_envelope(text) {
            if let Some(message) = message.take() {
                give(walk, message, start, Standing::Settled)?;
            }
            messages += 1;
            let envelope = text.get(5..).unwrap_or_default();
            message = Some(Message {
                envelope: String::from_utf8_lossy(envelope).trim().to_owned(),
                number: messages,
                line: lines,
                start: stream.offset(),
                bytes: Vec::new(),
            });
        } else if let Some(message) = &mut message {
            if message.bytes.len() + line.len() < walk.room() {
                message.bytes.extend_from_slice(&line);
                message.bytes.extend(found.has_end.then_some(b'\n'));
            } else if message.bytes.len() + line.len() == walk.room() && !found.has_end {
                message.bytes.extend_from_slice(&line);
            }
        }
        is_after_blank = found.is_blank;
    }
    stream.failure()?;
    let end = stream.offset();
    match message.filter(|message| message.start < end) {
        Some(message) => {
            let standing = walk.standing_at_end();
            give(walk, message, end, standing)
        }
        None => Ok(()),
    }
}

fn give(walk: &mut Walk<'_>, message: Message, end: u64, standing: Standing) -> Result<(), Stop> {
    let step =
        Step::member(Kind::Mbox, message.number, message.start, end).at_line(message.line + 1);
    let length = end - message.start;
    let outer = walk.context.envelope.replace(message.envelope);
    let given = walk.step(step, |walk| {
        walk.give_measured(message.bytes, length, standing)
    });
    walk.context.envelope = outer;
    given
}
