//! What the formats of the wire have in common: lines, control characters, the punctuation of seven-bit terminals.

use crate::article::Span;

use super::lifted::Lifted;

/// Start of header.
pub(super) const SOH: char = '\u{1}';
/// Start of text.
pub(super) const STX: char = '\u{2}';
/// End of text.
pub(super) const ETX: char = '\u{3}';
/// End of transmission.
pub(super) const EOT: char = '\u{4}';
/// Synchronous idle: stands before a frame.
pub(super) const SYN: char = '\u{16}';
/// Delete: lines are idled with it.
pub(super) const DEL: char = '\u{7f}';

/// Whether a character is no text on a wire.
pub(super) fn is_idle(c: char) -> bool {
    c.is_control() || c == ' '
}

/// The lines of a part of the text, without what ends them.
pub(super) fn lines(text: &str, part: Span) -> Vec<Span> {
    let mut lines = Vec::new();
    let mut start = part.start;
    for line in part.of(text).split_inclusive('\n') {
        let bare = line.trim_end_matches(['\r', '\n', '\u{c}']);
        lines.push(Span::new(start, start + bare.len()));
        start += line.len();
    }
    lines
}

/// A part of the text without the idle characters around it.
pub(super) fn trimmed(text: &str, part: Span) -> Span {
    let piece = part.of(text);
    let start = part.start + (piece.len() - piece.trim_start_matches(is_idle).len());
    let end = part.start + piece.trim_end_matches(is_idle).len();
    Span::new(start, end)
}

/// Where each of the positions begins a part, the last one reaching to the end; nothing where there is only one.
pub(super) fn parts(text: &str, starts: &[usize]) -> Vec<Span> {
    if starts.len() < 2 {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| Span::new(*start, end))
        .collect()
}

/// How a terminal without typographic characters spells those, with what stands for them: quotation marks are two accents
/// or two apostrophes, a dash is an underscore between blanks. As AP and others have set them since the teletype.
const SPELLINGS: &[(&str, &str)] = &[
    ("``", "“"),
    ("''", "”"),
    (" _ ", " — "),
    ("\t_ ", "\t— "),
    ("`", "‘"),
];

/// A part of the text as it is meant: typographic characters for what spells them, no control characters, none of the
/// typesetter's marks at the ends of lines.
pub(super) fn spelt(text: &str, part: Span) -> Lifted {
    let mut lifted = Lifted::default();
    let mut from = part.start;
    let mut at = part.start;
    let mut opens_line = true;
    while let Some(rest) = text.get(at..part.end).filter(|rest| !rest.is_empty()) {
        let Some(c) = rest.chars().next() else { break };
        let spelling = SPELLINGS
            .iter()
            .find(|(spelling, _)| rest.starts_with(spelling));
        let (taken, replaced) = match spelling {
            Some((spelling, meant)) => (spelling.len(), Some(*meant)),
            None if is_mark(c, rest, opens_line) => (c.len_utf8(), Some("")),
            None => (c.len_utf8(), None),
        };
        if let Some(meant) = replaced {
            lifted.push(Span::new(from, at).of(text), from);
            lifted.push_as(meant, Span::new(at, at + taken));
            from = at + taken;
        }
        opens_line = matches!(c, '\n' | '\r') || opens_line && is_idle(c);
        at += taken;
    }
    lifted.push(Span::new(from, part.end).of(text), from);
    lifted
}

/// Whether a character is the typesetter's: a control character, a caret that opens a line, a less-than that closes one.
fn is_mark(c: char, rest: &str, opens_line: bool) -> bool {
    // Only as far as the next character that is none: a line of nothing but these marks is looked at once.
    let closes = || {
        let mut behind = rest.chars().skip(1);
        let next = behind.find(|c| matches!(c, '\n' | '\r') || !is_idle(*c));
        next.is_none_or(|c| matches!(c, '\n' | '\r'))
    };
    match c {
        '\n' | '\r' | '\t' | '\u{c}' => false,
        '^' => opens_line,
        '<' => closes(),
        _ => c.is_control() && c != '\u{85}',
    }
}

/// Lines below this width, in bytes, are those of a table.
const FULL_BYTES: usize = 40;

/// The text with its lines joined where a paragraph goes on: its first line is indented, the others are not, and full.
pub(super) fn run_on(text: &str, body: Span) -> Lifted {
    let lines = lines(text, body);
    let mut joined = Lifted::default();
    let indented = |line: &Span| line.of(text).starts_with(['\t', ' ']);
    let mut in_paragraph = false;
    for (at, line) in lines.iter().enumerate() {
        let bare = line.of(text).trim();
        in_paragraph = !bare.is_empty() && (indented(line) || in_paragraph);
        joined.append(&spelt(text, *line));
        let Some(next) = lines.get(at + 1) else { break };
        let goes_on = in_paragraph
            && bare.len() >= FULL_BYTES
            && !indented(next)
            && !next.of(text).trim().is_empty();
        joined.push_as(
            if goes_on { " " } else { "\n" },
            Span::new(line.end, next.start),
        );
    }
    joined
}

/// The text with a paragraph for each line that opens with a tab, as wires of North America set them.
pub(super) fn tabbed(text: &str, body: Span) -> Lifted {
    let mut parted = Lifted::default();
    let mut end = body.start;
    for line in lines(text, body) {
        let is_paragraph = line.of(text).starts_with('\t');
        let between = if is_paragraph { "\n\n" } else { "\n" };
        parted.push_as(between, Span::new(end, line.start));
        parted.append(&spelt(text, line));
        end = line.end;
    }
    parted
}

/// What agencies call the versions of a story, in the words that may follow a count.
const COUNTED: &[&str] = &[
    "LEAD",
    "LD",
    "NET",
    "ADD",
    "TAKE",
    "UPDATE",
    "SUB",
    "WRITETHRU",
    "ROUNDUP",
    "ZUSAMMENFASSUNG",
    "NEUFASSUNG",
    "MELDUNG",
];
/// What they call them without a count.
const UNCOUNTED: &[&str] = &[
    "EXTRA",
    "URGENT",
    "FLASH",
    "LEAD",
    "EIL",
    "BULLETIN",
    "UPDATE",
    "REPEAT",
    "WIEDERHOLUNG",
    "BERICHTIGUNG",
    "CORRECTION",
    "CORRECTED",
    "RPT",
    "REFILE",
    "KORREKTUR",
    "RECTIFICATIF",
    "NEU",
];

/// How many bytes at the start of a line say which version of a story it is: `2ND LEAD`, `EXTRA`, `1. Zusammenfassung`.
pub(super) fn version_mark(line: &str) -> Option<usize> {
    let mut words = line.split_inclusive(' ');
    let (first, second) = (words.next()?, words.next());
    let bare = |word: &str| word.trim().trim_end_matches(':').to_uppercase();
    let digits = first.chars().take_while(char::is_ascii_digit).count();
    let ordinal = matches!(
        bare(first).get(digits..),
        Some("ST" | "ND" | "RD" | "TH" | "." | "")
    );
    let counted = second.filter(|second| COUNTED.contains(&bare(second).as_str()));
    let length = match counted {
        Some(second) if digits > 0 && ordinal => first.len() + second.len(),
        _ if UNCOUNTED.contains(&bare(first).as_str()) && is_shouted(first) => first.len(),
        _ => return None,
    };
    // A headline in capitals may open with any word.
    let (mark, rest) = line.split_at_checked(length)?;
    let good = rest.trim().is_empty() || digits > 0 || rest.chars().any(char::is_lowercase);
    good.then(|| mark.trim_end().trim_end_matches(':').len().max(1))
}

fn is_shouted(word: &str) -> bool {
    !word.chars().any(char::is_lowercase) || word.trim_end().trim_end_matches(':') == "Eil"
}

/// Words that open an author line.
const BY: &[&str] = &[
    "By ", "BY ", "by ", "Von ", "Par ", "Por ", "Di ", "Door ", "Av ", "Af ",
];

/// Whether a line of a header names its authors.
pub(super) fn is_byline(line: &str) -> bool {
    let by = BY.iter().find_map(|by| line.strip_prefix(by));
    by.is_some_and(|names| {
        names.chars().next().is_some_and(char::is_uppercase) && names.split(' ').count() <= 16
    })
}
