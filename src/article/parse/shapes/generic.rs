//! JSON of no kind known: read by what configuration says, else by keys that mean the same wherever they are used.
//!
//! What scrapers write has keys of their own; most of them choose one of a few words. What has none of them is held, with
//! the keys it has, until somebody says what they mean.

use super::{Field, Format, Reader, has, shape};
use crate::article::parse::json::{self, Document, Kind, Value};
use crate::article::parse::{Draft, Drafter};
use crate::article::{Mapping, Refusal, Rules, Span};

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

/// Keys of each field, the better first.
#[rustfmt::skip] // a table
const KEYS: &[(Field, &str, &[&str])] = &[
    (Field::Guid, "json-guid-key", &["guid", "id", "uuid", "article_id", "_id"]),
    (Field::Title, "json-title-key", &["title", "headline", "heading", "webTitle", "article_title", "head", "name", "subject"]),
    (Field::Subtitle, "json-subtitle-key", &["subtitle", "standfirst", "subheadline", "deck", "dek", "lead", "lede", "summary", "abstract", "excerpt", "description"]),
    (Field::Url, "json-url-key", &["url", "canonical_url", "canonical", "link", "web_url", "webUrl", "article_url", "source_url", "permalink", "href", "uri"]),
    (Field::Source, "json-source-key", &["publisher", "publication", "outlet", "newspaper", "site_name", "sitename", "source_name", "source", "site", "website", "domain", "hostname"]),
    (Field::Byline, "json-author-key", &["byline", "authors", "author", "author_name", "creator", "writer", "by"]),
    (Field::Agency, "json-agency-key", &["agency", "news_agency", "byline", "authors", "author", "credit"]),
    (Field::Published, "json-published-key", &["published", "published_at", "publishedAt", "date_published", "datePublished", "publish_date", "published_date", "publication_date", "pub_date", "pubDate", "pubdate", "webPublicationDate", "date", "datetime", "time", "timestamp", "created_at", "created"]),
    (Field::Modified, "json-modified-key", &["modified", "modified_at", "date_modified", "dateModified", "updated", "updated_at", "updatedAt", "last_modified", "lastModified"]),
    (Field::Language, "json-language-key", &["language", "lang", "locale"]),
    (Field::Dateline, "json-dateline-key", &["dateline"]),
    (Field::Copyright, "json-copyright-key", &["copyright", "rights"]),
    (Field::Keyword, "json-keyword-key", &["keywords", "tags", "categories", "section", "topics"]),
];

/// Keys of the text, the better first.
#[rustfmt::skip] // a table
const BODIES: &[&str] = &[
    "text", "body", "content", "article", "maintext", "main_text", "article_text", "articleBody", "article_body", "full_text",
    "fulltext", "fullText", "bodyText", "body_text", "body_html", "content_html", "content_text", "story", "plain_text",
    "cleaned_text", "paragraphs", "post", "raw_text", "html", "raw_html", "page",
];

/// Keys of a list of articles in an answer.
#[rustfmt::skip] // a table
const LISTS: &[&str] = &[
    "/*", "/articles/*", "/items/*", "/results/*", "/posts/*", "/data/*", "/docs/*", "/documents/*", "/entries/*", "/stories/*",
    "/news/*", "/response/docs/*", "/response/results/*", "/hits/hits/*/_source", "/data/articles/*", "/data/items/*",
    "/records/*", "/rows/*",
];

/// Where an article's own fields may be: beside the text, or in an object of their own.
const INSIDE: &[&str] = &[
    "",
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
    for list in LISTS {
        let values = document.find(root, list);
        let objects = values
            .iter()
            .filter(|value| document.kind(**value) == Kind::Object)
            .count();
        if objects > 0
            && objects == values.len()
            && values.iter().any(|value| is_article(&document, *value))
        {
            return Ok(shape::spans(&document, &values));
        }
    }
    Ok(Vec::new())
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
    let insides: Vec<Value> = insides(document, value).map(|(_, it)| it).collect();
    let is_there = |inside: &Value, key: &&str| {
        let mut values = document.get_all(*inside, key).into_iter();
        values.any(|value| shape::is_something(document, value))
    };
    let any = |keys: &[&str]| {
        let mut insides = insides.iter();
        insides.any(|inside| keys.iter().any(|key| is_there(inside, key)))
    };
    let keys = |field: Field| {
        let keys = KEYS.iter().find(|(of, _, _)| *of == field);
        keys.map_or(&[] as &[&str], |(_, _, keys)| keys)
    };
    document.kind(value) == Kind::Object
        && any(BODIES)
        && (any(keys(Field::Title)) || any(keys(Field::Url)) || any(keys(Field::Published)))
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
    if !is_article(&document, root) {
        return Err(unknown(&document, root));
    }
    let insides: Vec<(&str, Value)> = insides(&document, root).collect();
    fields(&document, root, &insides, &mut drafter);
    let bodies: Vec<String> = insides
        .iter()
        .flat_map(|(inside, _)| BODIES.iter().map(move |key| format!("{inside}/{key}")))
        .collect();
    shape::body(
        &document,
        root,
        &mut drafter,
        bodies
            .iter()
            .map(|pointer| ("json-text-key", pointer.as_str())),
    );
    Ok(drafter.finish())
}

/// States every field by the keys it has in any of these objects, and by the names of what stands there.
fn fields(
    document: &Document<'_>,
    root: Value,
    insides: &[(&str, Value)],
    drafter: &mut Drafter<'_>,
) {
    let has_text = long_text(document, root);
    for (field, rule, keys) in KEYS {
        let without_text = *field == Field::Subtitle && !has_text;
        let keys = || {
            keys.iter()
                .filter(|key| !(without_text && **key == "description"))
        };
        for (_, inside) in insides {
            for values in keys().map(|key| document.get_all(*inside, key)) {
                for place in ["", "/name", "/title"] {
                    for value in values.iter().flat_map(|value| document.find(*value, place)) {
                        shape::tell_value(document, value, drafter, (*field, rule));
                    }
                }
            }
        }
    }
}

/// Whether there is a text beside the description.
fn long_text(document: &Document<'_>, root: Value) -> bool {
    BODIES
        .iter()
        .any(|key| has(document, root, &format!("/{key}")))
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
