//! Tables with a header, separated by comma, semicolon, tab or bar: a leaf is the header and one row.
//!
//! A quote that is never closed would swallow the rest of the file. Where a cell grows beyond its bound, or the file ends
//! inside one, the row's first line is given as bad and reading goes on with the next line.

use crate::article::{columns, decode};

use super::sniff::{HEAD_BYTES, pass_mark, without_mark};
use super::stream::Stream;
use super::trouble::Stop;
use super::walk::{Standing, Walk};
use super::{Bounds, Kind, Step, Trouble};

/// How often an open quote is followed to its bound. Then quotes no longer span lines: each such row costs the reading of
/// a whole bound, and a file made of them would take hours.
const LOST_QUOTES_MAX: usize = 64;
/// How many rows are compared with the header.
const ROWS_COMPARED: usize = 5;

/// A table that was recognised.
#[derive(Debug)]
pub(super) struct Table {
    delimiter: u8,
    /// The line before the header that says the delimiter, as a spreadsheet writes it.
    saying_bytes: usize,
    header_bytes: usize,
}

impl Table {
    /// Its header, which is passed, with what stands before it.
    fn header(&self, stream: &mut Stream<'_>) -> Vec<u8> {
        stream.want(self.saying_bytes);
        stream.pass(self.saying_bytes);
        let header = stream.want(self.header_bytes);
        let header = header.get(..self.header_bytes).unwrap_or(header).to_vec();
        stream.pass(header.len());
        header
    }
}

/// Where in a row the scanner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    CellStart,
    Plain,
    Quoted,
    /// Behind a quote inside quotes: the end of the cell, or half of a doubled quote.
    QuoteSeen,
}

/// Finds the end of a row (RFC 4180, and tolerant of text behind a closing quote).
#[derive(Debug)]
struct RowScanner {
    delimiter: u8,
    quotes_span_lines: bool,
    mode: Mode,
    at: usize,
    cell_start: usize,
    cells: usize,
}

impl RowScanner {
    fn new(delimiter: u8, quotes_span_lines: bool) -> Self {
        Self {
            delimiter,
            quotes_span_lines,
            mode: Mode::CellStart,
            at: 0,
            cell_start: 0,
            cells: 1,
        }
    }

    /// Goes on over `bytes`, which begin where the row does; one past the line feed that ends it, if it is there.
    fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(&byte) = bytes.get(self.at) {
            if self.mode == Mode::Quoted && byte != b'"' && self.quotes_span_lines {
                let rest = bytes.get(self.at..).unwrap_or_default();
                self.at += memchr::memchr(b'"', rest).unwrap_or(rest.len());
                continue;
            }
            self.at += 1;
            let is_closed = self.mode != Mode::Quoted;
            self.mode = match (byte, self.mode) {
                (b'\n', _) if is_closed || !self.quotes_span_lines => return Some(self.at),
                (b'"', Mode::Quoted) => Mode::QuoteSeen,
                (b'"', Mode::CellStart | Mode::QuoteSeen) | (_, Mode::Quoted) => Mode::Quoted,
                _ if byte == self.delimiter => {
                    self.cells += 1;
                    self.cell_start = self.at;
                    Mode::CellStart
                }
                _ => Mode::Plain,
            };
        }
        None
    }
}

/// A row that was found ahead.
#[derive(Debug, Clone, Copy)]
enum Row {
    /// Its bytes with the line end, whether that was there, and how many cells.
    Whole {
        bytes: usize,
        has_end: bool,
        cells: usize,
    },
    /// A quote is open, and the bound or the end of the file reached.
    Unclosed { is_at_end: bool },
}

/// Looks for the end of the row that begins `from` bytes ahead.
fn row_ahead(
    stream: &mut Stream<'_>,
    from: usize,
    mut scanner: RowScanner,
    bounds: &Bounds,
) -> Row {
    loop {
        let here = stream.here().get(from..).unwrap_or_default();
        if let Some(bytes) = scanner.feed(here) {
            return Row::Whole {
                bytes,
                has_end: true,
                cells: scanner.cells,
            };
        }
        let bytes = here.len();
        let is_long = scanner.at - scanner.cell_start > bounds.cell_bytes_max
            || bytes > bounds.member_bytes_max;
        if is_long {
            return Row::Unclosed { is_at_end: false };
        }
        if stream.fill() {
            continue;
        }
        return if scanner.mode == Mode::Quoted {
            Row::Unclosed { is_at_end: true }
        } else {
            Row::Whole {
                bytes,
                has_end: false,
                cells: scanner.cells,
            }
        };
    }
}

/// The table in `stream`, if it is one: a header with known names, and a row of as many cells.
pub(super) fn recognise(stream: &mut Stream<'_>, bounds: &Bounds) -> Option<Table> {
    [b',', b';', b'\t', b'|']
        .into_iter()
        .find_map(|delimiter| recognise_by(stream, bounds, delimiter))
}

fn recognise_by(stream: &mut Stream<'_>, bounds: &Bounds, delimiter: u8) -> Option<Table> {
    let head = stream.here();
    let text = without_mark(head);
    let mark = head.len() - text.len();
    let text = text.get(..text.len().min(HEAD_BYTES))?;
    let saying_bytes = saying(text, delimiter);
    let text = text.get(saying_bytes..)?;
    let mut scanner = RowScanner::new(delimiter, true);
    let header_bytes = scanner.feed(text)?;
    if scanner.cells < 2 || !is_header(text, header_bytes, delimiter, bounds) {
        return None;
    }
    let expected = scanner.cells;
    let mut from = mark + saying_bytes + header_bytes;
    for _ in 0..ROWS_COMPARED {
        match row_ahead(stream, from, RowScanner::new(delimiter, true), bounds) {
            Row::Whole { cells, .. } if cells == expected => {
                return Some(Table {
                    delimiter,
                    saying_bytes,
                    header_bytes,
                });
            }
            Row::Whole { bytes, .. } if bytes > 0 => from += bytes,
            Row::Whole { .. } | Row::Unclosed { .. } => return None,
        }
    }
    None
}

/// How long the line `sep=;` is with its end, where it is the first.
fn saying(text: &[u8], delimiter: u8) -> usize {
    let line = memchr::memchr(b'\n', text).map_or(0, |end| end + 1);
    let said = text.get(..line).unwrap_or_default().trim_ascii();
    let says = said.len() == 5 && said.starts_with(b"sep=") && said.ends_with(&[delimiter]);
    if says { line } else { 0 }
}

/// Whether the first bytes of a text are a line of names, in whatever charset what follows shows.
fn is_header(text: &[u8], header_bytes: usize, delimiter: u8, bounds: &Bounds) -> bool {
    let names = |line: &str| columns::are_names(line.split(char::from(delimiter)), &bounds.columns);
    let line = text.get(..header_bytes).unwrap_or_default();
    match std::str::from_utf8(line) {
        Ok(line) => names(line),
        Err(_) => decode::guessed(text).lines().next().is_some_and(names),
    }
}

/// Takes a table apart.
pub(super) fn walk(
    walk: &mut Walk<'_>,
    stream: &mut Stream<'_>,
    table: &Table,
) -> Result<(), Stop> {
    pass_mark(stream);
    let kind = if table.delimiter == b'\t' {
        Kind::Tsv
    } else {
        Kind::Csv
    };
    let header = table.header(stream);
    let mut line = 1 + line_ends(&header) + u64::from(table.saying_bytes > 0);
    let mut number = 0;
    let mut lost_quotes = 0;
    while !stream.is_at_end() {
        let start = stream.offset();
        let scanner = RowScanner::new(table.delimiter, lost_quotes < LOST_QUOTES_MAX);
        let row = row_ahead(stream, 0, scanner, walk.bounds);
        let (bytes, has_end, is_bad) = match row {
            Row::Whole { bytes, has_end, .. } => (bytes, has_end, false),
            Row::Unclosed { is_at_end } => {
                if is_at_end {
                    stream.failure()?;
                }
                lost_quotes += 1;
                (first_line(stream, walk.bounds), !is_at_end, true)
            }
        };
        if !has_end {
            stream.failure()?;
        }
        let row = stream.here().get(..bytes).unwrap_or_default();
        let content = without_line_end(row);
        let (ends, length) = (line_ends(row), content.len());
        let mut leaf = Vec::new();
        if walk.is_wanted() && !is_bad {
            leaf = [header.as_slice(), content].concat();
        }
        stream.pass(bytes);
        let begins_at = line;
        line += ends;
        if length == 0 {
            continue;
        }
        number += 1;
        let step = Step::member(kind, number, start, start + length as u64).at_line(begins_at);
        let standing = if has_end {
            Standing::Settled
        } else {
            walk.standing_at_end()
        };
        walk.step(step, |walk| {
            if is_bad {
                walk.give(
                    Err(Trouble::bad(
                        kind,
                        "unclosed quote, or a cell beyond its bound",
                    )),
                    standing,
                )
            } else {
                walk.give_measured(leaf, (header.len() + length) as u64, standing)
            }
        })?;
    }
    stream.failure()
}

/// How long the first line ahead is, with its end; a line longer than a member counts as if it ended there.
fn first_line(stream: &mut Stream<'_>, bounds: &Bounds) -> usize {
    let mut from = 0;
    loop {
        let here = stream.here();
        if let Some(end) = memchr::memchr(b'\n', here.get(from..).unwrap_or_default()) {
            return from + end + 1;
        }
        from = here.len();
        if from > bounds.member_bytes_max || !stream.fill() {
            return from;
        }
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

fn without_line_end(row: &[u8]) -> &[u8] {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    row.strip_suffix(b"\r").unwrap_or(row)
}
