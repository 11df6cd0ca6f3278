//! schema.org's articles as JSON-LD of their own, outside a page.
//!
//! <https://schema.org/NewsArticle>. In a page the same statements are read by `ldjson`.

use super::{Field, Reader, Shape, names, reader, shape};
use crate::article::parse::json::{Document, Kind, Value};
use crate::article::parse::ldjson;

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
    let Some(kind) = document.get(value, "@type") else {
        return false;
    };
    let kinds = match document.kind(kind) {
        Kind::Array => document
            .values(kind)
            .filter_map(|kind| document.said(kind))
            .collect(),
        Kind::String | Kind::Number | Kind::Word | Kind::Object => {
            document.said(kind).into_iter().collect::<Vec<String>>()
        }
    };
    kinds.iter().any(|kind| ldjson::is_article_type(kind))
        && !names(document, value, "source_domain")
}
