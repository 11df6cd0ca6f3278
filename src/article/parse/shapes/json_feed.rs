//! JSON Feed 1 and 1.1.
//!
//! <https://www.jsonfeed.org/version/1.1/>.

use super::{Field, Format, Reader, has, names, shape};
use crate::article::parse::json::{Document, Value};
use crate::article::parse::{Draft, Drafter};
use crate::article::{Around, Refusal, Rules, Span};

/// JSON Feed.
pub(in crate::article::parse) const READER: Reader = Reader {
    format: Format("json-feed"),
    recognise: |opening| {
        let document = opening.json()?;
        let root = document.root();
        let version = document
            .get(root, "version")
            .and_then(|it| document.said(it));
        let is_feed = version.is_some_and(|version| version.contains("jsonfeed.org/version"));
        (is_feed && names(document, root, "items")).then_some("json-feed-version")
    },
    divide,
    read,
    render: None,
};

/// A feed of one item is read as a whole: it knows its title and language.
fn divide(text: &str, rules: &Rules) -> Result<Vec<Span>, Refusal> {
    let document = shape::parse(text, rules)?;
    let items = document.find(document.root(), "/items/*");
    if items.len() == 1 {
        return Ok(Vec::new());
    }
    Ok(shape::spans(&document, &items))
}

const FIELDS: &[shape::Place<'static>] = &[
    (Field::Guid, "json-feed-id", "/id"),
    (Field::Title, "json-feed-title", "/title"),
    (Field::Subtitle, "json-feed-summary", "/summary"),
    (Field::Url, "json-feed-url", "/url"),
    (Field::Url, "json-feed-external-url", "/external_url"),
    (Field::Published, "json-feed-published", "/date_published"),
    (Field::Modified, "json-feed-modified", "/date_modified"),
    (Field::Byline, "json-feed-authors", "/authors/*/name"),
    (Field::Byline, "json-feed-author", "/author/name"),
    (Field::Language, "json-feed-language", "/language"),
    (Field::Keyword, "json-feed-tags", "/tags"),
];

/// The rules by which a feed speaks of all its items.
pub(in crate::article::parse) const FRAME_RULES: [&str; 3] = [
    "json-feed-feed-title",
    "json-feed-feed-language",
    "json-feed-feed-authors",
];

const FEED: [shape::Place<'static>; 3] = [
    (Field::Source, FRAME_RULES[0], "/title"),
    (Field::Language, FRAME_RULES[1], "/language"),
    (Field::Byline, FRAME_RULES[2], "/authors/*/name"),
];

/// What a feed says of all its items.
pub(in crate::article::parse) fn frame(text: &str, rules: &Rules) -> Vec<Around> {
    let Ok(document) = shape::parse(text, rules) else {
        return Vec::new();
    };
    let said = FEED.iter().flat_map(|(field, rule, pointer)| {
        let values = document.find(document.root(), pointer).into_iter();
        let said = values.filter_map(|value| document.said(value));
        said.map(|value| Around {
            field: *field,
            rule,
            value,
        })
        .collect::<Vec<_>>()
    });
    said.collect()
}

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let document = shape::parse(text, rules)?;
    let root = document.root();
    let mut drafter = Drafter::new(rules);
    let item = document.find(root, "/items/0").first().copied();
    tell(&document, item.unwrap_or(root), &mut drafter, FIELDS);
    if let Some(item) = item {
        tell(&document, root, &mut drafter, &FEED);
        body(&document, item, &mut drafter);
    } else if has(&document, root, "/id") || has(&document, root, "/url") {
        body(&document, root, &mut drafter);
    } else {
        return Err(Refusal::NoText {
            what: "a feed without items",
        });
    }
    Ok(drafter.finish())
}

fn tell(
    document: &Document<'_>,
    value: Value,
    drafter: &mut Drafter<'_>,
    places: &[shape::Place<'_>],
) {
    for place in places {
        shape::tell(document, value, drafter, *place);
    }
}

fn body(document: &Document<'_>, item: Value, drafter: &mut Drafter<'_>) {
    let places = [
        ("json-feed-html", "/content_html"),
        ("json-feed-text", "/content_text"),
        ("json-feed-summary", "/summary"),
    ];
    shape::body(document, item, drafter, places.into_iter());
}
