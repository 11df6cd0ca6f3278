//! IPTC 7901: how European agencies have sent text since 1979.
//!
//! SOH, a line with source, number, priority, category and count of words, keywords, STX, the headline up to ` =`, the text,
//! ETX and the time. What follows a row of asterisks is for editors and never for readers. Sent by mail it has lost its
//! control characters; the first line is then what tells it.

use crate::article::{Label, Refusal, Rules, Span};

use super::wire::{self, DEL, EOT, ETX, SOH, STX, SYN};
use super::{Draft, Drafter, Field, Format, Reader};

/// IPTC 7901.
pub(super) const READER: Reader = Reader {
    format: Format("iptc-7901"),
    recognise: |opening| {
        let start = opening.text.trim_start_matches(idles_before);
        if let Some(framed) = start.strip_prefix(SOH) {
            return head_line(framed).map(|_| "iptc-7901-frame");
        }
        let line = start.lines().next()?;
        // Without a frame it takes the whole line, with the number the service counts by.
        let counted = line.split_whitespace().count() >= 6
            && line
                .split_whitespace()
                .last()?
                .bytes()
                .all(|byte| byte.is_ascii_digit());
        (counted && head_line(line).is_some()).then_some("iptc-7901-line")
    },
    divide: |text, rules| Ok(divide(text, rules)),
    read,
    render: None,
};

fn idles_before(c: char) -> bool {
    matches!(
        c,
        SYN | DEL | '\0' | EOT | '\r' | '\n' | ' ' | '\u{c}' | '\u{feff}'
    )
}

/// `eca062 4 i 211 ccccb   dpa 061`.
#[derive(Debug)]
struct HeadLine<'a> {
    /// Source and number.
    id: &'a str,
    category: &'a str,
    /// What stands behind the count of words: the service and its own number.
    rest: &'a str,
}

/// How much of a line may be its head: real ones have some 60 bytes.
const HEAD_BYTES_MAX: usize = 256;

fn head_line(line: &str) -> Option<HeadLine<'_>> {
    let line = line.get(..line.floor_char_boundary(HEAD_BYTES_MAX))?;
    let line = line.split(['\r', '\n']).next()?;
    let mut words = line.split_whitespace();
    let (id, priority, category, count) =
        (words.next()?, words.next()?, words.next()?, words.next()?);
    let letters = id.bytes().take_while(u8::is_ascii_alphabetic).count();
    let figures = id.get(letters..)?;
    let all = |text: &str, is: fn(&u8) -> bool| !text.is_empty() && text.as_bytes().iter().all(is);
    let good = (2..=4).contains(&letters)
        && (3..=6).contains(&figures.len())
        && all(figures, u8::is_ascii_digit)
        && priority.len() == 1
        && all(priority, u8::is_ascii_digit)
        && category.len() <= 3
        && all(category, u8::is_ascii_alphabetic)
        && all(count, u8::is_ascii_digit);
    let at = count.as_ptr().addr().checked_sub(line.as_ptr().addr())? + count.len();
    good.then(|| HeadLine {
        id,
        category,
        rest: line.get(at..).unwrap_or("").trim(),
    })
}

fn divide(text: &str, rules: &Rules) -> Vec<Span> {
    let opens = text.match_indices(SOH);
    let starts: Vec<usize> = opens
        .filter(|(at, _)| text.get(at + 1..).and_then(head_line).is_some())
        .map(|(at, _)| at)
        .take(rules.articles_max + 1)
        .collect();
    wire::parts(text, &starts)
}

#[expect(clippy::unnecessary_wraps, reason = "a reader may refuse")]
fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let mut drafter = Drafter::new(rules);
    let closes = text.find(ETX).unwrap_or(text.len());
    let opens = text.find(STX).filter(|at| *at < closes);
    let head = Span::new(0, opens.unwrap_or(closes));
    let keywords_end = heading(&mut drafter, text, head);
    let story = Span::new(opens.map_or(keywords_end, |at| at + 1), closes);
    let story = trailer(&mut drafter, text, story);
    let body = header(&mut drafter, text, story);
    let public = private(&mut drafter, text, Span::new(body, story.end));
    let public = sign_off(&mut drafter, text, public);
    drafter.text(&wire::run_on(text, public));
    Ok(drafter.finish())
}

/// What stands before the text; gives where it ends when no STX says so.
fn heading(drafter: &mut Drafter<'_>, text: &str, head: Span) -> usize {
    let lines = wire::lines(text, head);
    let mut lines = lines
        .into_iter()
        .map(|line| wire::trimmed(text, line))
        .filter(|line| !line.is_empty());
    let mut end = head.start;
    if let Some(first) = lines.next()
        && let Some(line) = head_line(first.of(text))
    {
        // Counted anew every day: no identity.
        let number = Span::new(first.start, first.start + line.id.len());
        drafter.tell(Field::Guid, "iptc-7901-number", line.id, Some(number));
        drafter.tell(
            Field::Keyword,
            "iptc-7901-category",
            line.category,
            Some(first),
        );
        for word in line.rest.split_whitespace() {
            // The service's name, beside its number and codes.
            if word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                drafter.tell(Field::Agency, "iptc-7901-service", word, Some(first));
            }
        }
        end = first.end;
    }
    for line in lines {
        let keywords = line.of(text);
        if !keywords.contains('/') || keywords.contains(". ") {
            break;
        }
        for keyword in keywords.split('/') {
            drafter.tell(Field::Keyword, "iptc-7901-keywords", keyword, Some(line));
        }
        end = line.end;
    }
    end
}

/// The time behind the text: `131137 GMT Nov 13`. Gives what stands before it, where it stands in the text itself.
fn trailer(drafter: &mut Drafter<'_>, text: &str, story: Span) -> Span {
    let behind = wire::lines(text, Span::new(story.end, text.len()));
    let inside = wire::lines(text, story);
    for line in behind
        .into_iter()
        .chain(inside.into_iter().rev().take(TRAILER_LINES))
    {
        let bare = wire::trimmed(text, line);
        if is_time(bare.of(text)) {
            drafter.tell(
                Field::Published,
                "iptc-7901-trailer",
                bare.of(text),
                Some(bare),
            );
            return Span::new(story.start, story.end.min(line.start));
        }
    }
    story
}

/// How many lines from the end the time is looked for.
const TRAILER_LINES: usize = 12;

fn is_time(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let first = words.first().copied().unwrap_or_default();
    (3..=4).contains(&words.len())
        && first.len() == 6
        && first.bytes().all(|byte| byte.is_ascii_digit())
}

/// How many lines a header has at most.
const HEADER_LINES: usize = 16;

/// The last line of a header: the one that the equals sign closes.
fn header_end(text: &str, lines: &[Span]) -> Option<usize> {
    let closed = |line: &Span| line.of(text).trim_end_matches(['\'', '"']).ends_with('=');
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
    let close = lines.iter().take(first + HEADER_LINES).position(closed);
    // Without the sign the first paragraph is the headline.
    let blank = || {
        lines
            .iter()
            .skip(first)
            .position(|line| line.is_empty())
            .map(|at| first + at)
    };
    let mut last = close.or_else(blank)?;
    // An author line of its own, closed like the headline.
    let next = lines
        .iter()
        .enumerate()
        .skip(last + 1)
        .find(|(_, line)| !line.is_empty());
    if let Some((at, line)) = next
        && closed(line)
        && wire::is_byline(line.of(text))
    {
        last = at;
    }
    Some(last)
}

/// Versions, headline and authors up to the equals sign; gives where the text begins.
fn header(drafter: &mut Drafter<'_>, text: &str, story: Span) -> usize {
    let lines: Vec<Span> = wire::lines(text, story)
        .into_iter()
        .map(|line| wire::trimmed(text, line))
        .collect();
    let Some(last) = header_end(text, &lines) else {
        return story.start;
    };
    let mut title: Option<Span> = None;
    for line in lines.iter().take(last + 1).filter(|line| !line.is_empty()) {
        let bare = line.of(text).trim_end_matches(['=', ' ']);
        let mut line = Span::new(line.start, line.start + bare.len());
        if is_note(bare) {
            let note = wire::spelt(text, line);
            drafter.tell_lifted(Field::Note, "iptc-7901-note", &note);
            drafter.line(Label::Notice, "iptc-7901-note", &note);
            continue;
        }
        if title.is_some() && (wire::is_byline(bare) || is_desk(bare)) {
            let byline = wire::spelt(text, line);
            drafter.tell_lifted(Field::Byline, "iptc-7901-byline", &byline);
            drafter.line(Label::Byline, "iptc-7901-byline", &byline);
            continue;
        }
        if title.is_none()
            && let Some(length) = wire::version_mark(bare)
        {
            let mark = Span::new(line.start, line.start + length);
            drafter.tell(
                Field::Version,
                "iptc-7901-version",
                mark.of(text),
                Some(mark),
            );
            drafter.line(Label::Notice, "iptc-7901-version", &wire::spelt(text, mark));
            line = wire::trimmed(text, Span::new(mark.end, line.end));
            line.start += line.of(text).len() - line.of(text).trim_start_matches([':', ' ']).len();
        }
        if !line.is_empty() {
            title = Some(Span::new(
                title.map_or(line.start, |title| title.start),
                line.end,
            ));
        }
    }
    if let Some(title) = title {
        let title = wire::spelt(text, title);
        drafter.tell_lifted(Field::Title, "iptc-7901-headline", &title);
        drafter.line(Label::Title, "iptc-7901-headline", &title);
    }
    lines.get(last).map_or(story.start, |line| line.end)
}

/// Whether a line of a header is for editors: "(Korrektur: …)", "Eds: …", "- Foto -".
fn is_note(line: &str) -> bool {
    let lower = line.to_lowercase();
    let framed = |open, close| line.len() > 2 && line.starts_with(open) && line.ends_with(close);
    lower.starts_with("eds:") || framed('(', ')') || framed('-', '-')
}

/// Most words of a line that names a desk for an author.
const DESK_WORDS: usize = 5;

/// "By dpa correspondents".
fn is_desk(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let by = words
        .next()
        .is_some_and(|by| ["By", "Von", "Par", "Por"].contains(&by));
    let agency = words
        .next()
        .is_some_and(|name| name.len() <= 5 && name.starts_with(char::is_lowercase));
    by && agency && line.split_whitespace().count() <= DESK_WORDS
}

/// Headings that open the block for editors, in lower case.
const NOTEBOOKS: &[&str] = &[
    "notebook",
    "notizblock",
    "bloc-notes",
    "cuaderno",
    "note to editors",
    "editorial contacts",
];

/// Words by which a line says that what follows is not for readers, in lower case.
const PRIVATE: &[&str] = &[
    "not for publication",
    "not intended for publication",
    "nicht zur veröffentlichung",
    "nicht für die veröffentlichung",
    "ne pas publier",
    "no destinada a la publicación",
    "no para su publicación",
];

/// Sets apart what is not for readers; gives what is.
fn private(drafter: &mut Drafter<'_>, text: &str, body: Span) -> Span {
    let lines = wire::lines(text, body);
    let opens = lines.iter().enumerate().find(|(at, line)| {
        let bare = line.of(text).trim();
        let lower = bare.to_lowercase();
        let hashed = lower.starts_with('#') && NOTEBOOKS.iter().any(|it| lower.contains(it));
        let says = |line: &str| PRIVATE.iter().any(|words| line.contains(words));
        // Asked for of such lines alone: between two of them the blank ones are passed once.
        let next = || {
            let mut next = lines.iter().skip(at + 1);
            next.find(|line| !line.of(text).trim().is_empty())
        };
        let starred = bare.len() >= 3
            && bare.bytes().all(|byte| matches!(byte, b'*' | b' '))
            && next().is_some_and(|next| {
                let next = next.of(text).trim().to_lowercase();
                says(&next) || next.starts_with('#')
            });
        hashed || starred || bare.len() <= NOTE_BYTES_MAX && says(&lower)
    });
    let Some((_, line)) = opens else { return body };
    let aside = Span::new(line.start, body.end);
    for line in wire::lines(text, aside) {
        let bare = wire::trimmed(text, line);
        if let Some((_, names)) = bare.of(text).split_once("Reporting by:") {
            // Who reported it is told there alone; "in Brussels" is where from.
            for name in names.split(',') {
                let name = name.split(" in ").next().unwrap_or(name);
                drafter.tell(
                    Field::Byline,
                    "iptc-7901-reporting",
                    name.trim_start_matches(no_letter),
                    Some(bare),
                );
            }
        }
    }
    drafter.aside(
        Label::Notice,
        "iptc-7901-private",
        &wire::spelt(text, aside),
    );
    Span::new(body.start, aside.start)
}

fn no_letter(c: char) -> bool {
    !c.is_alphabetic()
}

/// Longest line that says that what follows is not for readers, in bytes.
const NOTE_BYTES_MAX: usize = 120;

/// `dpa hm bs wjh`: the agency and its hands, at the end of the text.
fn sign_off(drafter: &mut Drafter<'_>, text: &str, body: Span) -> Span {
    let last = wire::lines(text, body)
        .into_iter()
        .rev()
        .find(|line| !line.of(text).trim().is_empty());
    let Some(last) = last else { return body };
    let line = last.of(text).trim();
    let short = |word: &str| word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    if (2..=8).contains(&line.split(' ').count()) && line.split(' ').all(short) {
        drafter.aside(
            Label::Furniture,
            "iptc-7901-sign-off",
            &wire::spelt(text, last),
        );
        return Span::new(body.start, last.start);
    }
    body
}
