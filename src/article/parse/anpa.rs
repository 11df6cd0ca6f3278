//! ANPA 1312: how American newspapers have been sent stories since 1979, and some agencies still send them.
//!
//! A frame (`SYN SYN SOH`, service letter, number, `US`), a line with priority, category and keyword, the text between STX
//! and ETX, and a trailer with the time. Lines of the header open with a caret and close with `<`, those that name authors
//! with `=`; paragraphs open with a tabulator. Kyodo's frame has no SYN and names the agency.

use crate::article::{Label, Refusal, Rules, Span};

use super::wire::{self, DEL, EOT, ETX, SOH, STX, SYN};
use super::{Draft, Drafter, Field, Format, Reader};

/// ANPA 1312.
pub(super) const READER: Reader = Reader {
    format: Format("anpa-1312"),
    recognise: |opening| frame(opening.text.trim_start_matches(idles_before)).map(|_| "anpa-frame"),
    divide: |text, rules| Ok(divide(text, rules)),
    read,
    render: None,
};

fn idles_before(c: char) -> bool {
    matches!(c, SYN | DEL | '\0' | EOT | '\r' | '\n' | ' ' | '\u{c}')
}

/// What closes the number of a message.
const US: char = '\u{1f}';

/// The line that opens a message, which begins with SOH.
fn frame(text: &str) -> Option<Frame<'_>> {
    let line = text.strip_prefix(SOH)?;
    let line = line.get(..line.floor_char_boundary(LINE_BYTES_MAX))?;
    let (number, _) = line.split_once(US)?;
    let mut letters = number.chars();
    let service = letters.next()?;
    let rest = letters.as_str().trim_start();
    let (number, name) = rest.split_at_checked(4)?;
    let good = service.is_ascii_alphabetic()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ');
    good.then_some(Frame { name: name.trim() })
}

struct Frame<'a> {
    /// Whose message it is, where the frame says so.
    name: &'a str,
}

/// Longest line of a frame.
const LINE_BYTES_MAX: usize = 64;

fn divide(text: &str, rules: &Rules) -> Vec<Span> {
    let opens = text.match_indices(SOH);
    let starts: Vec<usize> = opens
        .filter(|(at, _)| text.get(*at..).and_then(frame).is_some())
        .map(|(at, _)| {
            text.get(..at)
                .map_or(at, |before| before.trim_end_matches(SYN).len())
        })
        .take(rules.articles_max + 1)
        .collect();
    wire::parts(text, &starts)
}

#[expect(clippy::unnecessary_wraps, reason = "a reader may refuse")]
fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let mut drafter = Drafter::new(rules);
    let whole = Span::new(0, text.len());
    let opens = text.find(STX);
    let head = Span::new(0, opens.unwrap_or(0));
    let story = opens.map_or(whole, |at| Span::new(at + 1, text.len()));
    let closes = story.of(text).find([ETX, EOT]).map(|at| story.start + at);
    let slug = heading(&mut drafter, text, head);
    let story = Span::new(story.start, closes.unwrap_or(story.end));
    if let Some(closes) = closes {
        trailer(&mut drafter, text, Span::new(closes, text.len()));
    }
    let body = header(&mut drafter, text, story, &slug);
    paragraphs(&mut drafter, text, Span::new(body, story.end));
    Ok(drafter.finish())
}

/// The lines before the text: whose it is, priority, category, keyword, version, date, count of words.
fn heading(drafter: &mut Drafter<'_>, text: &str, head: Span) -> String {
    if let Some(frame) = head
        .of(text)
        .find(SOH)
        .and_then(|at| frame(text.get(at..)?))
    {
        drafter.tell(Field::Agency, "anpa-frame", frame.name, Some(head));
    }
    let Some(line) = wire::lines(text, head)
        .into_iter()
        .find(|line| holds_slug(line.of(text)))
    else {
        return String::new();
    };
    let all = line.of(text);
    let letters: Vec<&str> = all
        .split([' ', '\u{11}', '\u{12}', '\u{13}', '\u{14}'])
        .filter(|it| !it.is_empty())
        .collect();
    if let [priority, category, ..] = letters.as_slice()
        && priority.len() == 1
        && category.len() == 1
    {
        drafter.tell(Field::Keyword, "anpa-category", category, Some(line));
    }
    let from = all.rfind(|c: char| c.is_control()).map_or(0, |at| at + 1);
    let rest = wire::trimmed(text, Span::new(line.start + from, line.end));
    let keyword = rest.of(text);
    let slug = keyword.split(' ').next().unwrap_or(keyword);
    let slug_span = Span::new(rest.start, rest.start + slug.len());
    drafter.tell(Field::Guid, "anpa-keyword", slug, Some(slug_span));
    let mark = wire::trimmed(
        text,
        Span::new(slug_span.end, rest.start + without_date(keyword)),
    );
    drafter.tell(Field::Version, "anpa-version", mark.of(text), Some(mark));
    slug.to_owned()
}

/// Whether a line is the one with the keyword: format controls stand in it, and it ends in figures.
fn holds_slug(line: &str) -> bool {
    let figures = line.trim_end().rsplit(' ').next();
    let counts =
        figures.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()));
    counts && !line.contains(SOH)
}

/// How long the keyword line is without the date and the count of words that close it.
fn without_date(line: &str) -> usize {
    let mut rest = line.trim_end();
    for _ in 0..2 {
        let (before, last) = rest.rsplit_once(' ').unwrap_or(("", rest));
        if last.is_empty()
            || !last
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
        {
            break;
        }
        rest = before.trim_end();
    }
    rest.len()
}

/// `AP-WF-11-13-13 0745GMT`: who sent it when.
fn trailer(drafter: &mut Drafter<'_>, text: &str, tail: Span) {
    for line in wire::lines(text, tail) {
        let line = wire::trimmed(text, line);
        let bare = line.of(text).trim_end_matches(['<', ' ']);
        let (Some((sender, _)), true) = (
            bare.split_once('-'),
            bare.bytes().any(|byte| byte.is_ascii_digit()),
        ) else {
            continue;
        };
        let line = Span::new(line.start, line.start + bare.len());
        drafter.tell(Field::Published, "anpa-trailer", bare, Some(line));
        let sender_span = Span::new(line.start, line.start + sender.len());
        drafter.tell(Field::Agency, "anpa-trailer", sender, Some(sender_span));
        return;
    }
}

/// What a line of the header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Slug,
    Note,
    Byline,
    Affiliation,
    Headline,
}

/// Words that open a line of a header that is for editors, in lower case.
const NOTES: &[&str] = &[
    "eds:",
    "eds.",
    "editors:",
    "editor's note",
    "editors' note",
    "editor’s note",
    "ap photo",
    "ap graphic",
    "ap video",
    "ap audio",
    "photo",
    "with ap ",
    "with photo",
    "with bc-",
    "with:",
    "$adv",
    "adv",
    "hfr",
    "hold for release",
    "for release",
    "note:",
    "attention",
];

/// The lines that open with a caret; gives where the text begins.
fn header(drafter: &mut Drafter<'_>, text: &str, story: Span, slug: &str) -> usize {
    let mut at = story.start;
    let mut headlines = 0;
    let mut first = true;
    let lines = wire::lines(text, story);
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        let bare = wire::trimmed(text, line);
        if bare.is_empty() {
            continue;
        }
        let opened = bare.of(text).starts_with('^');
        let authors = wire::is_byline(bare.of(text)) && bare.of(text).ends_with('=');
        if !opened && !authors {
            break;
        }
        let mut end = bare.end;
        while !Span::new(bare.start, end).of(text).ends_with(['<', '=']) {
            let goes_on =
                |line: &Span| !line.of(text).starts_with(['^', '\t', ' ']) && !line.is_empty();
            let Some(next) = lines.next_if(goes_on) else {
                break;
            };
            end = wire::trimmed(text, next).end;
        }
        at = end;
        let whole = Span::new(bare.start, end);
        let item = item_of(whole.of(text), first, slug);
        first = false;
        headlines += usize::from(item == Item::Headline);
        let inner = whole.of(text).trim_start_matches('^').len();
        let closed = usize::from(whole.of(text).ends_with(['<', '=']));
        tell_item(
            drafter,
            text,
            Span::new(end - inner, end - closed),
            item,
            headlines,
        );
    }
    at
}

fn item_of(line: &str, first: bool, slug: &str) -> Item {
    let bare = line.trim_start_matches('^');
    let lower = bare.to_lowercase();
    let prefix = slug.get(..slug.floor_char_boundary(6)).unwrap_or(slug);
    if line.ends_with('=') {
        return if wire::is_byline(bare) {
            Item::Byline
        } else {
            Item::Affiliation
        };
    }
    let is_mark = wire::version_mark(bare.trim_end_matches('<'));
    let is_mark = is_mark.is_some_and(|mark| mark == bare.trim_end_matches('<').len());
    if is_mark || NOTES.iter().any(|note| lower.starts_with(note)) {
        return Item::Note;
    }
    if first && (!prefix.is_empty() && bare.starts_with(prefix) || is_slug(bare)) {
        return Item::Slug;
    }
    Item::Headline
}

/// `BC-US--Storm, 2nd Ld`: the cycle, the keyword, versions and counts behind commas.
fn is_slug(line: &str) -> bool {
    ["BC-", "AM-", "PM-", "AP-"]
        .iter()
        .any(|cycle| line.starts_with(cycle))
}

fn tell_item(drafter: &mut Drafter<'_>, text: &str, inner: Span, item: Item, headlines: usize) {
    let lifted = wire::spelt(text, inner);
    match item {
        Item::Slug => {
            drafter.tell_lifted(Field::Keyword, "anpa-slug", &lifted);
            let mark = inner.of(text).split(',').nth(1).unwrap_or_default();
            drafter.tell(Field::Version, "anpa-slug", mark, Some(inner));
        }
        Item::Note => {
            drafter.tell_lifted(Field::Note, "anpa-note", &lifted);
            drafter.line(Label::Notice, "anpa-note", &lifted);
        }
        Item::Byline => {
            drafter.tell_lifted(Field::Byline, "anpa-byline", &lifted);
            drafter.line(Label::Byline, "anpa-byline", &lifted);
        }
        Item::Affiliation => {
            drafter.tell_lifted(Field::Agency, "anpa-affiliation", &lifted);
            drafter.line(Label::Byline, "anpa-affiliation", &lifted);
        }
        Item::Headline if headlines == 1 => {
            drafter.tell_lifted(Field::Title, "anpa-headline", &lifted);
            drafter.line(Label::Title, "anpa-headline", &lifted);
        }
        Item::Headline => {
            // A second one sums the story up; it is often its first paragraph again.
            drafter.tell_lifted(Field::Subtitle, "anpa-summary", &lifted);
            drafter.line(Label::Subtitle, "anpa-summary", &lifted);
        }
    }
}

/// The text. What opens a paragraph as a note to editors is none of the story.
fn paragraphs(drafter: &mut Drafter<'_>, text: &str, body: Span) {
    let mut from = body.start;
    for line in wire::lines(text, body) {
        let bare = wire::trimmed(text, line);
        if bare.len() >= 3 && bare.of(text).bytes().all(|byte| byte == b'_') {
            // A rule, which sets apart what contributed to the story from it.
            drafter.text(&wire::tabbed(text, Span::new(from, line.start)));
            drafter.aside(Label::Furniture, "anpa-rule", &wire::spelt(text, bare));
            from = line.end;
            continue;
        }
        let lower = bare
            .of(text)
            .get(..bare.of(text).floor_char_boundary(20))
            .unwrap_or("")
            .to_lowercase();
        let notes = ["editor's note", "eds:", "end adv"];
        if notes.iter().any(|note| lower.starts_with(note)) {
            drafter.text(&wire::tabbed(text, Span::new(from, line.start)));
            let note = wire::spelt(text, bare);
            drafter.tell_lifted(Field::Note, "anpa-note", &note);
            drafter.aside(Label::Notice, "anpa-note", &note);
            from = line.end;
        }
    }
    drafter.text(&wire::tabbed(text, Span::new(from, body.end)));
}
