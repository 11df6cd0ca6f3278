//! schema.org's articles as JSON-LD of their own, outside a page.
//!
//! <https://schema.org/NewsArticle>. In a page the same statements are read by `ldjson`.

use super::{Field, Reader, Shape, names, reader, shape};
use crate::article::parse::json::{Document, Value};
use crate::article::parse::ldjson;
use crate::article::{Around, Rules};

/// JSON-LD.
pub(in crate::article::parse) const READER: Reader = reader!("json-ld");

static SHAPE: Shape = Shape {
    rule: "json-ld-type",
    is,
    lists: &["/@graph/*", "/*", "/itemListElement/*/item", "/mainEntity"],
    is_mixed: true,
    fields: &[
        (Field::Guid, "json-ld-identifier", "/identifier"),
        (Field::Title, "json-ld-headline", "/headline"),
        (Field::Title, "json-ld-name", "/name"),
        (
            Field::Subtitle,
            "json-ld-alternative-headline",
            "/alternativeHeadline",
        ),
        (Field::Subtitle, "json-ld-description", "/description"),
        (Field::Url, "json-ld-url", "/url"),
        (Field::Url, "json-ld-page", "/mainEntityOfPage/@id"),
        (Field::Url, "json-ld-page", "/mainEntityOfPage"),
        (Field::Url, "json-ld-id", "/@id"),
        (Field::Byline, "json-ld-author", "/author"),
        (Field::Byline, "json-ld-creator", "/creator"),
        (Field::Dateline, "json-ld-dateline", "/dateline"),
        (
            Field::Dateline,
            "json-ld-location-created",
            "/locationCreated",
        ),
        (
            Field::Agency,
            "json-ld-source-organization",
            "/sourceOrganization",
        ),
        (Field::Agency, "json-ld-author", "/author"),
        (Field::Source, "json-ld-publisher", "/publisher/name"),
        (Field::Source, "json-ld-publisher", "/publisher/*/name"),
        (Field::Source, "json-ld-publisher", "/publisher"),
        (Field::Source, "json-ld-provider", "/provider"),
        (Field::Published, "json-ld-date-published", "/datePublished"),
        (Field::Published, "json-ld-date-created", "/dateCreated"),
        (Field::Modified, "json-ld-date-modified", "/dateModified"),
        (Field::Language, "json-ld-language", "/inLanguage"),
        (
            Field::Language,
            "json-ld-language",
            "/inLanguage/alternateName",
        ),
        (
            Field::Copyright,
            "json-ld-copyright-notice",
            "/copyrightNotice",
        ),
        (
            Field::Copyright,
            "json-ld-copyright-holder",
            "/copyrightHolder",
        ),
        (Field::Copyright, "json-ld-credit-text", "/creditText"),
        (Field::Keyword, "json-ld-keywords", "/keywords"),
        (Field::Keyword, "json-ld-section", "/articleSection"),
    ],
    bodies: &[
        ("json-ld-article-body", "/articleBody"),
        ("json-ld-text", "/text"),
    ],
    also: shape::nothing,
};

fn is(document: &Document<'_>, value: Value) -> bool {
    ldjson::is_article(document, value) && !names(document, value, "source_domain")
}

/// The rules by which a graph speaks of its articles.
pub(in crate::article::parse) const FRAME_RULES: [&str; 2] =
    ["json-ld-graph-publisher", "json-ld-graph-author"];

/// What the articles of a graph refer to and all of them share: their publisher, their author.
pub(in crate::article::parse) fn frame(text: &str, rules: &Rules) -> Vec<Around> {
    let Ok(document) = shape::parse(text, rules) else {
        return Vec::new();
    };
    let root = document.root();
    let lists = SHAPE
        .lists
        .iter()
        .flat_map(|list| document.find(root, list));
    let articles: Vec<Value> = lists.filter(|value| is(&document, *value)).collect();
    let parties = ldjson::Parties::of(&document);
    let shared = |key: &str| -> Vec<String> {
        let names = articles.iter().map(|article| {
            let party = document.get(*article, key);
            let names = party.map_or_else(Vec::new, |party| parties.names(party));
            names.iter().map(|name| name.text().to_owned()).collect()
        });
        let names: Vec<Vec<String>> = names.collect();
        let first = names.first().cloned().unwrap_or_default();
        let agree = names.iter().all(|names| *names == first);
        if agree { first } else { Vec::new() }
    };
    let said = [
        (Field::Source, FRAME_RULES[0], "publisher"),
        (Field::Byline, FRAME_RULES[1], "author"),
    ];
    let around = said.iter().flat_map(|(field, rule, key)| {
        let names = shared(key).into_iter();
        names.map(|value| Around {
            field: *field,
            rule,
            value,
        })
    });
    around.collect()
}
