//! Telex: `ZCZC`, the number of the message, lines of codes, the headline, the text, `NNNN`.
//!
//! As the telegraph's administrations agreed (ITU-T F.1 and its kin): agencies kept the two groups when the lines were gone.

use crate::article::{Label, Refusal, Rules, Span};

use super::wire;
use super::{Draft, Drafter, Field, Format, Reader};

/// Telex.
pub(super) const READER: Reader = Reader {
    format: Format("telex"),
    recognise: |opening| {
        opens(opening.text.trim_start_matches(wire::is_idle)).then_some("telex-zczc")
    },
    divide: |text, rules| Ok(divide(text, rules)),
    read,
    render: None,
};

/// What opens a message.
const OPENS: &str = "ZCZC";
/// What closes it.
const CLOSES: &str = "NNNN";

fn opens(text: &str) -> bool {
    text.strip_prefix(OPENS)
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c.is_ascii_digit()))
}

fn divide(text: &str, rules: &Rules) -> Vec<Span> {
    let mut starts = Vec::new();
    for (at, _) in text.match_indices(OPENS) {
        // Nothing but idle characters stand before it on its line.
        let before = text.get(..at).unwrap_or("");
        let said = before.trim_end_matches(|c| c != '\n' && wire::is_idle(c));
        if (said.is_empty() || said.ends_with('\n')) && text.get(at..).is_some_and(opens) {
            starts.push(at);
        }
        if starts.len() > rules.articles_max {
            break;
        }
    }
    wire::parts(text, &starts)
}

#[expect(clippy::unnecessary_wraps, reason = "a reader may refuse")]
fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let mut drafter = Drafter::new(rules);
    let lines = wire::lines(text, Span::new(0, text.len()));
    let closes = lines.iter().find(|line| closes(line.of(text)));
    let end = closes.map_or(text.len(), |line| line.start);
    if let Some(last) = closes.copied() {
        // "11-MAR-25 12:22 NNNN".
        let bare = last.of(text).trim_end().trim_end_matches(CLOSES).trim();
        drafter.tell(Field::Published, "telex-time", bare, Some(last));
    }
    let lines: Vec<Span> = lines.into_iter().filter(|line| line.start < end).collect();
    let indented = |line: &Span| line.of(text).starts_with(['\t', ' ']);
    let has_indents = lines.iter().any(indented);
    let mut lines = lines.into_iter().peekable();
    let mut body = 0;
    if let Some(first) = lines.find(|line| !wire::trimmed(text, *line).is_empty()) {
        if let Some((_, rest)) = first.of(text).split_once(OPENS) {
            let number = rest.trim();
            let start = first.end - rest.trim_start().len();
            let span = Span::new(start, start + number.len());
            drafter.tell(Field::Guid, "telex-number", number, Some(span));
        }
        body = first.end;
    }
    while let Some(line) = lines.next_if(|line| {
        let bare = line.of(text).trim();
        bare.is_empty() || is_code(bare) || is_time(bare)
    }) {
        let field = if is_time(line.of(text).trim()) {
            Field::Published
        } else {
            Field::Keyword
        };
        drafter.tell(field, "telex-code", line.of(text), Some(line));
        body = line.end;
    }
    // The headline, unless a paragraph opens at once.
    if let Some(line) = lines.next_if(|line| !indented(line)) {
        let bare = wire::trimmed(text, line);
        let start = bare.end - bare.of(text).trim_start_matches([':', ' ']).len();
        let title = wire::spelt(text, Span::new(start, bare.end));
        drafter.tell_lifted(Field::Title, "telex-headline", &title);
        drafter.line(Label::Title, "telex-headline", &title);
        body = line.end;
        // Right below it, where paragraphs are indented, stands what it adds.
        let is_more = |line: &Span| !indented(line) && !line.of(text).trim().is_empty();
        if has_indents && let Some(line) = lines.next_if(is_more) {
            let line = wire::spelt(text, wire::trimmed(text, line));
            drafter.tell_lifted(Field::Subtitle, "telex-subtitle", &line);
            drafter.line(Label::Subtitle, "telex-subtitle", &line);
            body = line.span().end;
        }
    }
    story(&mut drafter, text, Span::new(body, end));
    Ok(drafter.finish())
}

/// Whether a line closes a message: nothing but the group, or that behind a time.
fn closes(line: &str) -> bool {
    let before = line.trim().strip_suffix(CLOSES);
    before.is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace))
}

/// `14-01-25 0315 GMT`.
fn is_time(line: &str) -> bool {
    let is_figure = |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | '/' | ' ');
    let figures = line.trim_end_matches(|c: char| c.is_ascii_uppercase());
    figures.chars().filter(char::is_ascii_digit).count() >= 8 && figures.chars().all(is_figure)
}

/// `11-MAR-25 12:22`.
fn is_stamp(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [date, time] = words.as_slice() else {
        return false;
    };
    let is_time = time.len() == 5 && time.contains(':');
    let digits = line.bytes().filter(u8::is_ascii_digit).count();
    is_time && digits == 8 && date.matches('-').count() == 2
}

/// `YY TDR`: groups of capitals and figures; `BC-FERRY`, `XSP25070054188_SXA_QBXB`: what a story is called.
fn is_code(line: &str) -> bool {
    let is_name = |c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '/');
    if line.contains(['-', '_']) && line.chars().all(is_name) {
        return true;
    }
    let group = |word: &str| {
        word.len() <= 8
            && word
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    let has_figures = line.contains(|c: char| c.is_ascii_digit());
    let most = if has_figures { 5 } else { 3 };
    (1..=most).contains(&words.len()) && words.iter().all(|word| group(word)) && line.len() <= 16
}

/// The text, and what signs it: `AAP SPORT`.
fn story(drafter: &mut Drafter<'_>, text: &str, body: Span) {
    let lines = wire::lines(text, body);
    let said = lines.iter().rev().copied();
    let mut last = said
        .filter(|line| !line.of(text).trim().is_empty())
        .peekable();
    let signs = |line: &Span| {
        let line = line.of(text).trim();
        let words = line.split(' ').count();
        words <= 4
            && line.len() <= 40
            && line
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || b" /-".contains(&byte))
    };
    let mut end = body.end;
    if let Some(time) = last.next_if(|line| is_stamp(line.of(text).trim())) {
        let said = time.of(text).trim();
        drafter.tell(Field::Published, "telex-time", said, Some(time));
        drafter.line(Label::Furniture, "telex-time", &wire::spelt(text, time));
        end = time.start;
    }
    if let Some(sign) = last.next_if(signs) {
        drafter.line(Label::Credit, "telex-sign-off", &wire::spelt(text, sign));
        end = sign.start;
    }
    drafter.text(&wire::run_on(text, Span::new(body.start, end)));
}
