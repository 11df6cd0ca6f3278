//! Plain text → blocks: lines, rejoined where a mail program or a tag stripper broke a paragraph.

use super::{BLOCKS_MAX, Block, Draft, Ink, Kind, Marks, Markup, Meta};
use crate::article::{Span, octets, prose};

/// One line with something visible on it.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    /// Without its line end.
    text: &'a str,
    /// Where it starts in the input.
    start: usize,
    /// Columns before its first visible character.
    indent: usize,
    /// Characters from the first to the last visible one.
    width: usize,
    /// Whether the line before it was blank, or there was none.
    gap_before: bool,
}

/// Parses plain text.
pub(super) fn parse(text: &str) -> Draft {
    let (lines, mut end) = lines(text);
    let measure = measure(&lines);
    let mut blocks: Vec<Block> = Vec::with_capacity(lines.len().min(BLOCKS_MAX));
    let mut ink = Ink::default();
    let mut first: Option<Line<'_>> = None;
    let mut previous: Option<Line<'_>> = None;
    for (at, line) in lines.iter().enumerate() {
        let next = lines.get(at + 1);
        let joins =
            previous.is_some_and(|previous| joins(&previous, line, next, ink.text(), measure));
        if !joins {
            blocks.extend(finish(&mut ink, first.take()));
            if blocks.len() >= BLOCKS_MAX {
                end = line.start;
                break;
            }
        }
        if ink.is_empty() {
            first = Some(*line);
        }
        ink.space();
        ink.write(line.text, line.start, super::ink::Setting::default());
        previous = Some(*line);
    }
    blocks.extend(finish(&mut ink, first));
    Draft {
        markup: Markup::Text,
        blocks,
        nodes: Vec::new(),
        names: Vec::new(),
        meta: Meta::default(),
        unread: (end < text.len()).then(|| Span::new(end, text.len())),
        is_given: false,
    }
}

fn finish(ink: &mut Ink, first: Option<Line<'_>>) -> Option<Block> {
    let mut block = ink.finish(Kind::Line, Marks::NONE, 0)?;
    if let Some(line) = first {
        block.indent = line.indent;
        block.gap_before = line.gap_before;
    }
    Some(block)
}

/// Most lines that are looked at: four to a block, which is more than hard-wrapped text has.
const LINES_MAX: usize = 4 * BLOCKS_MAX;

/// The lines with something visible on them, and where the last one ends. A line ends at LF, CR, CR LF, line tabulation,
/// form feed, U+0085, or Unicode's separators: wherever UAX 14 has it end.
fn lines(text: &str) -> (Vec<Line<'_>>, usize) {
    // A line has some sixty bytes.
    let mut lines = Vec::with_capacity((text.len() / 64).min(LINES_MAX));
    let mut start = 0;
    let mut gap = true;
    let mut after_return = false;
    while let Some(rest) = text
        .get(start..)
        .filter(|rest| !rest.is_empty() && lines.len() < LINES_MAX)
    {
        let piece = first_line(rest);
        let (visible, indent, width) = survey(piece);
        if visible {
            lines.push(Line {
                text: piece,
                start,
                indent,
                width,
                gap_before: gap,
            });
            gap = false;
        } else if !(piece == "\n" && after_return) {
            gap = true;
        }
        after_return = piece.ends_with('\r');
        start += piece.len();
    }
    (lines, start)
}

/// The text up to its first line end and with it.
fn first_line(text: &str) -> &str {
    let mut searched = 0;
    while let Some(rest) = text.get(searched..) {
        // U+0085 is C2 85, U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
        let at = octets::before_line_end(rest.as_bytes());
        let Some(c) = rest.get(at..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        let end = searched + at + c.len_utf8();
        if c.is_ascii() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') {
            return text.get(..end).unwrap_or(text);
        }
        searched = end;
    }
    text
}

/// Whether anything on the line is visible, how far it is indented, how wide it is.
fn survey(line: &str) -> (bool, usize, usize) {
    let shown = |byte: u8| !matches!(byte, b' ' | b'\t'..=b'\r');
    let Some(first) = line.bytes().position(shown) else {
        return (false, 0, 0);
    };
    let last = line.bytes().rposition(shown).unwrap_or(first);
    let text = line.get(first..=last).unwrap_or("");
    if text.is_ascii() {
        return (true, first, text.len());
    }
    if prose::without_doubt(text) == text.len() {
        return (true, first, text.chars().count());
    }
    let (mut indent, mut width, mut column, mut visible) = (0, 0, 0, false);
    for c in line.chars() {
        if prose::is_invisible(c) {
            continue;
        }
        if !prose::is_blank(c) {
            if !visible {
                indent = column;
                visible = true;
            }
            width = column + 1 - indent;
        }
        column += 1;
    }
    (visible, indent, width)
}

/// Widest measure a text is hard-wrapped to. Mail wraps at 72 to 80, wire terminals at 64 to 69; nobody above 110.
const MEASURE_MAX: usize = 110;
/// Narrowest: below it, short lines are headlines and lists, not paragraphs.
const MEASURE_MIN: usize = 40;

/// The width the text is hard-wrapped to, if it is.
fn measure(lines: &[Line<'_>]) -> Option<usize> {
    let mut widths: Vec<usize> = lines
        .iter()
        .map(|line| line.width)
        .filter(|width| *width >= MEASURE_MIN / 2)
        .collect();
    // One over-long line (a URL) does not matter; a twentieth of them does.
    let most = widths.len().checked_sub(1)? * 19 / 20;
    let (_, wide, _) = widths.select_nth_unstable(most);
    let wide = *wide;
    if !(MEASURE_MIN..=MEASURE_MAX).contains(&wide) {
        return None;
    }
    // Wrapped lines run on: most lines followed by a line are full, so that the next word did not fit.
    let (mut followed, mut full) = (0usize, 0usize);
    for pair in lines.windows(2) {
        if let [line, next] = pair
            && !next.gap_before
        {
            followed += 1;
            full += usize::from(is_full(line, next, wide));
        }
    }
    (followed >= 2 && full * 2 > followed).then_some(wide)
}

/// Whether the next line's first word would not have fitted on the line.
fn is_full(line: &Line<'_>, next: &Line<'_>, measure: usize) -> bool {
    let word = next.text.split_whitespace().next().unwrap_or("");
    // A twelfth of slack: people and terminals wrap a little early.
    line.width + 1 + word.chars().count() > measure - measure / 12 && line.width * 2 > measure
}

/// Shortest paragraph piece a tag stripper's fragment is joined to, in bytes: menus are shorter.
const FRAGMENT_BESIDE_BYTES: usize = 40;

/// Longest piece that an inline tag sets apart in the middle of a sentence, in bytes: a name, a title, a link.
const FRAGMENT_BYTES_MAX: usize = 100;

/// Whether a line goes on with the block before it, `so_far`.
fn joins(
    previous: &Line<'_>,
    line: &Line<'_>,
    next: Option<&Line<'_>>,
    so_far: &str,
    measure: Option<usize>,
) -> bool {
    if line.gap_before {
        return false;
    }
    if let Some(measure) = measure {
        // A deeper indentation opens a paragraph, except after the first line of one that hangs.
        return line.indent <= previous.indent && is_full(previous, line, measure);
    }
    if line.indent != previous.indent || prose::ends_sentence(so_far) {
        return false;
    }
    // A line that goes on in lower case or with punctuation was cut out of a sentence by an inline tag.
    let text = line.text.trim_matches(prose::is_blank);
    if goes_on(line) {
        return so_far.len().max(text.len()) >= FRAGMENT_BESIDE_BYTES;
    }
    // So was a name between a sentence that has not ended and its rest.
    let parted =
        next.is_some_and(|next| !next.gap_before && next.indent == line.indent && goes_on(next));
    let open = so_far.len() >= FRAGMENT_BESIDE_BYTES && !so_far.ends_with([':', '…']);
    parted && open && text.len() <= FRAGMENT_BYTES_MAX && !prose::ends_sentence(text)
}

/// Whether a line opens as the middle of a sentence does.
fn goes_on(line: &Line<'_>) -> bool {
    let text = line.text.trim_start_matches(prose::is_blank);
    prose::starts_lower(text) || text.starts_with([',', ';', ')', '.'])
}
