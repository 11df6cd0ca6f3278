//! PDF: the text of its pages, in the order in which it is drawn.
//!
//! What is kept is a page after the other, parted by form feeds, under what the file says of itself. Lines that stand at the
//! head or foot of most pages are furniture. Where letters stand is `pdf_page`'s business.

use std::collections::BTreeMap;

use lopdf::{Document, LoadOptions, Object};

use crate::article::decode::Decoded;
use crate::article::{Found, Label, Refusal, Rules, Span, prose};

use super::lifted::Lifted;
use super::{Draft, Drafter, Field, Format, Reader, Render, mail, pdf_page, whole, wire};

/// PDF.
pub(super) const READER: Reader = Reader {
    format: Format("pdf"),
    recognise: |_| None,
    divide: whole,
    read,
    render: Some(&Render {
        recognise: |bytes| header(bytes).map(|_| "pdf-header"),
        text: render,
    }),
};

/// How far from the start the header may stand, in bytes: what Adobe's readers accept.
const HEADER_BYTES: usize = 1024;
/// Most pages that are read.
const PAGES_MAX: usize = 2000;

fn header(bytes: &[u8]) -> Option<usize> {
    let head = bytes.get(..HEADER_BYTES.min(bytes.len()))?;
    let at = memchr::memmem::find(head, b"%PDF-")?;
    // A page that speaks of PDF opens with its own markup.
    let before = head.get(..at)?;
    (!before.trim_ascii_start().starts_with(b"<")
        && (at == 0 || !before.is_ascii() || before.trim_ascii().is_empty()))
    .then_some(at)
}

fn render(bytes: &[u8], rules: &Rules) -> Result<Decoded, Refusal> {
    let broken = |why| Refusal::malformed("pdf", "", 0, why);
    let from = header(bytes).unwrap_or(0);
    let options = LoadOptions {
        max_decompressed_size: Some(rules.text_bytes_max),
        ..LoadOptions::default()
    };
    let document = Document::load_mem_with_options(bytes.get(from..).unwrap_or_default(), options)
        .ok()
        .ok_or_else(|| broken("its objects cannot be found"))?;
    if document.is_encrypted() {
        return Err(Refusal::NoText {
            what: "an encrypted PDF",
        });
    }
    let pages: Vec<_> = document.page_iter().take(PAGES_MAX + 1).collect();
    if pages.is_empty() {
        return Err(broken("it has no pages"));
    }
    if pages.len() > PAGES_MAX {
        return Err(Refusal::TooMany {
            what: "pages",
            max: PAGES_MAX,
        });
    }
    let mut headers = information(&document);
    let stated = headers.iter().find(|(name, _)| *name == "Title");
    let stated = stated.map_or("", |(_, title)| title.as_str());
    let mut text = String::new();
    let mut largest = None;
    let mut budget = rules.text_bytes_max;
    for page in &pages {
        if !text.is_empty() {
            text.push('\u{c}');
            text.push('\n');
        }
        let title = if text.is_empty() { stated } else { "" };
        let page = pdf_page::read(&document, *page, &mut budget, title);
        largest = largest.or(page.largest);
        text.push_str(&page.text);
        if text.len() > rules.text_bytes_max {
            return Err(Refusal::TooLarge {
                bytes: text.len(),
                max: rules.text_bytes_max,
            });
        }
    }
    if text.chars().filter(|c| c.is_alphanumeric()).count() < pages.len() {
        return Err(Refusal::NoTextLayer { pages: pages.len() });
    }
    let body = Decoded {
        text,
        charset: Found {
            value: "utf-8",
            rule: "pdf-fonts",
            span: None,
            confidence: 0.8,
        },
        declared: None,
    };
    headers.push((LARGEST, largest.unwrap_or_default()));
    mail::rendered(&headers, body, rules)
}

/// The line among the headers for what is set in the largest type.
const LARGEST: &str = "Largest-Type";

/// What the file says of itself.
fn information(document: &Document) -> Vec<(&'static str, String)> {
    let information = document
        .trailer
        .get_deref(b"Info", document)
        .and_then(Object::as_dict);
    let Ok(information) = information else {
        return Vec::new();
    };
    let value = |key: &'static str| {
        let value = information
            .get_deref(key.as_bytes(), document)
            .and_then(Object::as_str);
        (key, value.map(string).unwrap_or_default())
    };
    ["Title", "Author", "CreationDate", "ModDate"]
        .map(value)
        .to_vec()
}

/// A text string: UTF-16 or UTF-8 with a mark, else PDF's own charset, which is Latin 1 nearly.
fn string(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned()
}

#[expect(clippy::unnecessary_wraps, reason = "a reader may refuse")]
fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let (headers, start) = mail::kept(text);
    let mut drafter = Drafter::new(rules);
    let lines = wire::lines(text, Span::new(start, text.len()));
    let stated = |name: &str| {
        let stated = headers.iter().find(|(header, _)| *header == name);
        stated.map_or("", |(_, span)| span.of(text))
    };
    // The title that is stated is the headline where the first page shows it; else what is set in the largest type is.
    let headline = headline(text, &lines, stated("Title")).or_else(|| {
        let (first, last) = headline(text, &lines, stated(LARGEST))?;
        let span = Span::new(lines.get(first)?.start, lines.get(last)?.end);
        drafter.tell_lifted(
            Field::Title,
            "pdf-largest-type",
            &Lifted::verbatim(text, span),
        );
        Some((first, last))
    });
    for (name, span) in &headers {
        let (name, span) = (*name, *span);
        let value = span.of(text);
        match name {
            "Title" if is_title(value) => {
                drafter.tell(Field::Title, "pdf-info-title", value, Some(span));
            }
            "Author" => drafter.tell(Field::Byline, "pdf-info-author", value, Some(span)),
            "CreationDate" => drafter.tell(Field::Published, "pdf-info-created", value, Some(span)),
            "ModDate" => drafter.tell(Field::Modified, "pdf-info-modified", value, Some(span)),
            _ => {}
        }
    }
    let mut furniture = furniture(text, &lines);
    if let Some((first, _)) = headline {
        furniture.extend(above(text, &lines, first));
    }
    let mut body = Lifted::default();
    for (at, line) in lines.iter().enumerate() {
        let end = lines.get(at + 1).map_or(text.len(), |next| next.start);
        if headline.is_some_and(|(first, last)| (first..=last).contains(&at)) {
            if headline.is_some_and(|(_, last)| last == at) {
                let first = headline
                    .and_then(|(first, _)| lines.get(first))
                    .unwrap_or(line);
                drafter.line(
                    Label::Title,
                    "pdf-title",
                    &Lifted::verbatim(text, Span::new(first.start, line.end)),
                );
            }
        } else if furniture.contains(&at) {
            drafter.aside(
                Label::Furniture,
                "page-frame",
                &Lifted::verbatim(text, *line),
            );
        } else {
            body.push(Span::new(line.start, end).of(text), line.start);
        }
    }
    drafter.text(&body);
    Ok(drafter.finish())
}

/// Titles that programs fill in, in lower case.
const NO_TITLES: &[&str] = &[
    "untitled",
    "microsoft word",
    "microsoft powerpoint",
    "document",
    "print",
    "layout",
    "unbenannt",
];

fn is_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let file = [
        ".doc", ".docx", ".indd", ".pdf", ".qxd", ".qxp", ".odt", ".rtf", ".html",
    ]
    .iter()
    .any(|end| lower.ends_with(end));
    !file
        && !NO_TITLES.iter().any(|no| lower.starts_with(no))
        && title.split_whitespace().count() >= 3
}

/// How many lines from the head and the foot of a page a running title or a page number stands.
const FRAME_LINES: usize = 2;
/// Most lines of a headline.
const TITLE_LINES: usize = 5;

/// The lines at the head or foot of a page that stand there on most pages, whichever number they bear.
fn furniture(text: &str, lines: &[Span]) -> Vec<usize> {
    let mut pages: Vec<Vec<usize>> = vec![Vec::new()];
    for (at, line) in lines.iter().enumerate() {
        // The form feed that parts pages stands at the end of a line, or alone on it.
        if text.get(line.end..line.end + 1) == Some("\u{c}") {
            pages.push(Vec::new());
        }
        if let Some(page) = pages
            .last_mut()
            .filter(|_| !line.of(text).trim().is_empty())
        {
            page.push(at);
        }
    }
    let key = |at: usize| {
        let line = lines.get(at).map_or("", |line| line.of(text));
        line.chars()
            .filter(|c| c.is_alphabetic())
            .collect::<String>()
            .to_lowercase()
    };
    let frame = |page: &Vec<usize>| {
        let ends = page
            .iter()
            .take(FRAME_LINES)
            .chain(page.iter().rev().take(FRAME_LINES));
        ends.copied().collect::<std::collections::BTreeSet<usize>>()
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for page in &pages {
        let keys: std::collections::BTreeSet<String> = frame(page).into_iter().map(key).collect();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    let most = |at: &usize| {
        counts
            .get(&key(*at))
            .is_some_and(|count| *count >= 2 && *count * 2 > pages.len())
    };
    pages.iter().flat_map(frame).filter(most).collect()
}

/// What stands above the headline, where that is a few words: the name of the paper, the section, the date.
fn above(text: &str, lines: &[Span], headline: usize) -> std::ops::Range<usize> {
    let few = lines.iter().take(headline).all(|line| {
        let line = line.of(text).trim();
        line.len() <= ABOVE_BYTES_MAX && !prose::ends_sentence(line)
    });
    0..if few { headline } else { 0 }
}

/// Longest line above a headline that is none of the story.
const ABOVE_BYTES_MAX: usize = 80;

/// The lines that say the title, near the start: first and last of them.
fn headline(text: &str, lines: &[Span], title: &str) -> Option<(usize, usize)> {
    let title = prose::squeeze(title);
    if title.is_empty() {
        return None;
    }
    (0..lines.len().min(12)).find_map(|first| {
        let start = lines.get(first)?.start;
        let lasts = first..(first + TITLE_LINES).min(lines.len());
        lasts.into_iter().find_map(|last| {
            let end = lines.get(last)?.end;
            let said = Span::new(start, end).of(text);
            (prose::squeeze(said) == title && !lines.get(first)?.of(text).trim().is_empty())
                .then_some((first, last))
        })
    })
}
