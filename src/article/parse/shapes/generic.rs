//! JSON of no kind known: read by what configuration says, else by keys that mean the same wherever they are used.
//!
//! What scrapers write has keys of their own; most of them choose one of a few words. What has none of them is held, with
//! the keys it has, until somebody says what they mean.

use super::{Field, Format, Reader, has, shape};
use crate::article::parse::json::{self, Document, Kind, Value};
use crate::article::parse::lifted::Lifted;
use crate::article::parse::{Draft, Drafter};
use crate::article::{Mapping, Refusal, Rules, Span, columns};

/// JSON.
pub(in crate::article::parse) const READER: Reader = Reader {
    format: Format("json"),
    recognise: |opening| {
        let named = opening.is_named(&[".json", ".jsonl", ".jl", ".ndjson"]);
        let opens = json::opens(opening.head);
        // What opens as JSON and is none is told so, unless it may as well be prose in brackets.
        let is_meant = opening.json().is_some()
            || named
            || opening.head.starts_with(['{', '[']) && is_keyed(opening.head);
        (opens && is_meant).then_some("json-brackets")
    },
    divide,
    read,
    render: None,
};

/// Whether what opens in brackets goes on as data: a key with a colon behind it, or one bracket after another.
fn is_keyed(head: &str) -> bool {
    let inside = head.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '{' | '['));
    let key = inside
        .strip_prefix('"')
        .and_then(|rest| rest.split_once('"'));
    let keyed = key.is_some_and(|(_, rest)| rest.trim_start().starts_with(':'));
    keyed || inside.is_empty() || inside.len() + 2 < head.len()
}

/// Names of fields that mean this in an article's own object alone: as columns they are of any table.
const LOOSE: &[(Field, &[&str])] = &[
    (Field::Title, &["name", "subject"]),
    (Field::Byline, &["by"]),
    (Field::Url, &["uri"]),
];

/// Names of what has texts and titles of its own and is no article.
#[rustfmt::skip] // a table
const OTHERS: &[&str] = &[
    "ads", "advertisements", "authors", "comments", "discussion", "galleries", "gallery", "images", "links", "media", "menu",
    "photos", "recommended", "recommendations", "related", "relateditems", "relatedarticles", "relatedposts", "replies",
    "reviews", "sidebar", "tags", "tweets", "videos",
];

/// How deep articles may lie in what is around them.
const AROUND_DEPTH_MAX: usize = 7;

/// Most objects and lists that are looked into for them.
const AROUND_MAX: usize = 4096;

/// Where an article's own fields may be: beside the text, or in an object of their own.
const INSIDE: &[&str] = &[
    "",
    "/node",
    "/credits",
    "/fields",
    "/article",
    "/attributes",
    "/metadata",
    "/meta",
    "/_source",
];

fn divide(text: &str, rules: &Rules) -> Result<Vec<Span>, Refusal> {
    let document = shape::parse(text, rules)?;
    let root = document.root();
    for mapping in &rules.mappings {
        if fits(&document, root, mapping) {
            return match &mapping.articles {
                Some(list) => Ok(shape::spans(&document, &document.find(root, list))),
                None => Ok(Vec::new()),
            };
        }
    }
    if is_article(&document, root) {
        return Ok(Vec::new());
    }
    let list = list(&document, root).unwrap_or_default();
    Ok(shape::spans(&document, &list))
}

/// The articles of an answer: those of the first list or object that has any, the outer before the inner.
fn list(document: &Document<'_>, root: Value) -> Option<Vec<Value>> {
    let mut level = vec![root];
    let mut looked = 0;
    for _ in 0..=AROUND_DEPTH_MAX {
        for around in &level {
            let inside = || document.values(*around);
            let is_one = |value: &Value| is_article(document, *value);
            let found: Vec<Value> = match document.kind(*around) {
                Kind::Array if inside().any(|value| is_one(&value)) => inside()
                    .filter(|value| document.kind(*value) == Kind::Object)
                    .collect(),
                Kind::Object => inside().filter(is_one).collect(),
                Kind::Array | Kind::String | Kind::Number | Kind::Word => Vec::new(),
            };
            if !found.is_empty() {
                return Some(found);
            }
        }
        looked += level.len();
        if looked > AROUND_MAX {
            return None;
        }
        let inside = level.iter().flat_map(|around| document.values(*around));
        let is_around = |value: &Value| {
            let nests = matches!(document.kind(*value), Kind::Object | Kind::Array);
            nests && !OTHERS.contains(&columns::plain(&document.key(*value)).as_str())
        };
        level = inside.filter(is_around).collect();
    }
    None
}

/// Whether a document is of the shape that a mapping is for.
fn fits(document: &Document<'_>, root: Value, mapping: &Mapping) -> bool {
    mapping
        .signs
        .iter()
        .all(|sign| !document.find(root, sign).is_empty())
}

/// Whether an object has a text, and a headline or an address with it.
fn is_article(document: &Document<'_>, value: Value) -> bool {
    document.kind(value) == Kind::Object && Record::of(document, value).text().is_some()
}

/// The objects an article's own fields may be in that are there.
fn insides(document: &Document<'_>, root: Value) -> impl Iterator<Item = (&'static str, Value)> {
    INSIDE.iter().flat_map(move |inside| {
        let found = document.find(root, inside).into_iter();
        found.map(move |value| (*inside, value))
    })
}

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let document = shape::parse(text, rules)?;
    let root = document.root();
    let mut drafter = Drafter::new(rules);
    // A part of a document is told by the fields a mapping has places for, since what it is told by lies around it.
    let mapped = rules.mappings.iter().find(|mapping| {
        let whole = mapping.articles.is_none() && fits(&document, root, mapping);
        whole
            || mapping.articles.is_some() && mapping.text.iter().any(|it| has(&document, root, it))
    });
    if let Some(mapping) = mapped {
        for (field, pointer) in &mapping.fields {
            shape::tell(
                &document,
                root,
                &mut drafter,
                (*field, "json-mapping", pointer),
            );
        }
        let bodies = mapping
            .text
            .iter()
            .map(|pointer| ("json-mapping", pointer.as_str()));
        shape::body(&document, root, &mut drafter, bodies);
        return Ok(drafter.finish());
    }
    let record = Record::of(&document, root);
    let Some((body, note)) = record.text() else {
        return Err(unknown(&document, root));
    };
    record.tell(&mut drafter, body.span());
    if let Some((rule, note)) = note {
        drafter.tell(Field::Note, rule, note, Some(body.span()));
    }
    drafter.body(&body);
    Ok(drafter.finish())
}

/// What an article says, by the names it gives to it.
struct Record<'d, 'a> {
    document: &'d Document<'a>,
    /// Values with the letters of their keys, those of the article's own object first; of a key that is there twice the
    /// last comes first.
    values: Vec<(String, Value)>,
}

impl<'d, 'a> Record<'d, 'a> {
    fn of(document: &'d Document<'a>, root: Value) -> Self {
        let mut values = Vec::new();
        for (_, inside) in insides(document, root) {
            let mut own: Vec<(String, Value)> = document
                .values(inside)
                .map(|value| (columns::plain(&document.key(value)), value))
                .collect();
            own.reverse();
            values.append(&mut own);
        }
        Self { document, values }
    }

    /// The values of a name.
    fn named<'n>(&'n self, name: &'n str) -> impl Iterator<Item = Value> + 'n {
        let named = self.values.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| *value)
    }

    /// The names of a field, the better first.
    fn names(field: Field) -> impl Iterator<Item = &'static str> {
        let known = columns::FIELDS.iter().filter(move |it| it.field == field);
        let loose = LOOSE.iter().filter(move |(of, _)| *of == field);
        known
            .flat_map(|it| it.names)
            .chain(loose.flat_map(|(_, names)| *names))
            .copied()
    }

    fn has(&self, field: Field) -> bool {
        let mut values = Self::names(field).flat_map(|name| self.named(name));
        values.any(|value| shape::is_something(self.document, value))
    }

    /// The text, where there is one and something besides that articles have; and what is to be said of it, with the rule.
    fn text(&self) -> Option<(Lifted, Option<(&'static str, &'static str)>)> {
        let (title, url) = (self.has(Field::Title), self.has(Field::Url));
        let dated = self.has(Field::Published);
        if !title && !url && !dated {
            return None;
        }
        let said = |name: &&str| {
            let mut texts = self.named(name).map(|value| self.said_by(value));
            texts.find(|text| !text.is_blank())
        };
        if let Some(text) = columns::BODIES.iter().find_map(said) {
            return Some((text, None));
        }
        let mut briefs = columns::BRIEFS.iter().filter_map(said);
        if let Some(brief) = briefs.find(|it| it.text().len() >= BRIEF_BYTES_MIN) {
            return Some((
                brief,
                Some(("json-brief-key", "no more than a summary is there")),
            ));
        }
        // Scrapers have names of their own for it: what is by far the most of an article is its text.
        let is_sure = title && (url || dated);
        let longest = || {
            let texts = self.values.iter().map(|(_, value)| self.said_by(*value));
            texts.max_by_key(|text| text.text().len())
        };
        let longest = is_sure.then(longest).flatten();
        let longest = longest.filter(|text| reads_as_story(text.text()));
        let note = (
            "json-longest-text",
            "taken for the text since it is the longest",
        );
        longest.map(|text| (text, Some(note)))
    }

    /// What a value says as a text; a number, and a word, say none.
    fn said_by(&self, value: Value) -> Lifted {
        shape::text_of(self.document, [value])
    }

    /// States every field, but for what is the text.
    fn tell(&self, drafter: &mut Drafter<'_>, text: Span) {
        for known in columns::FIELDS {
            let values = Self::names(known.field).flat_map(|name| self.named(name));
            let apart = values.filter(|value| {
                let span = self.document.span(*value);
                span.end <= text.start || span.start >= text.end
            });
            for value in apart {
                shape::tell_value(self.document, value, drafter, (known.field, known.key));
            }
        }
    }
}

/// Shortest of what says a text in short that is taken for want of it, in bytes.
const BRIEF_BYTES_MIN: usize = 80;
/// Shortest text that is known for one by its length alone, in bytes.
const STORY_BYTES_MIN: usize = 400;
/// Fewest ends of sentences in it.
const STORY_SENTENCES_MIN: usize = 3;

/// Whether a text that nobody says is the story reads like one.
fn reads_as_story(text: &str) -> bool {
    let ends = || {
        let mut next = text.chars().skip(1);
        text.chars().filter(move |c| {
            let next = next.next().is_none_or(char::is_whitespace);
            next && matches!(c, '.' | '!' | '?' | '”' | '"' | '»') || matches!(c, '。' | '।' | '۔')
        })
    };
    text.len() >= STORY_BYTES_MIN && ends().nth(STORY_SENTENCES_MIN - 1).is_some()
}

/// Most keys that are told.
const KEYS_MAX: usize = 20;

/// What is told of a shape nobody knows: its keys, or those of its first element.
fn unknown(document: &Document<'_>, root: Value) -> Refusal {
    let mut value = root;
    while document.kind(value) == Kind::Array
        && let Some(first) = document.values(value).next()
    {
        value = first;
    }
    let keys = document.keys(value, KEYS_MAX);
    if keys.is_empty() {
        return Refusal::NoText {
            what: "JSON without a single key",
        };
    }
    Refusal::UnknownShape { keys }
}
