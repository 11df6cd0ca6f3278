//! news-please: an article as its JSON storage writes it, also of older versions.
//!
//! <https://github.com/fhamborg/news-please>. Dates have no zone; the file's name is the address, percent-encoded.

use super::{Field, Reader, Shape, has, names, reader, shape};

/// news-please.
pub(in crate::article::parse) const READER: Reader = reader!("news-please");

static SHAPE: Shape = Shape {
    rule: "news-please-keys",
    is: |document, value| {
        names(document, value, "source_domain") && names(document, value, "date_publish")
            || names(document, value, "sourceDomain") && names(document, value, "datePublish")
            || names(document, value, "maintext") && has(document, value, "/url")
    },
    lists: &["/*"],
    is_mixed: false,
    fields: &[
        (Field::Title, "news-please-title", "/title"),
        (Field::Title, "news-please-title-page", "/title_page"),
        (Field::Title, "news-please-title-rss", "/title_rss"),
        (Field::Subtitle, "news-please-description", "/description"),
        (Field::Url, "news-please-url", "/url"),
        (Field::Source, "news-please-domain", "/source_domain"),
        (Field::Source, "news-please-domain", "/sourceDomain"),
        (Field::Published, "news-please-publish", "/date_publish"),
        (Field::Published, "news-please-publish", "/datePublish"),
        (Field::Modified, "news-please-modify", "/date_modify"),
        (Field::Modified, "news-please-modify", "/dateModify"),
        (Field::Language, "news-please-language", "/language"),
        (Field::Byline, "news-please-authors", "/authors"),
        (Field::Agency, "news-please-authors", "/authors"),
    ],
    bodies: &[
        ("news-please-maintext", "/maintext"),
        ("news-please-text", "/text"),
    ],
    also: shape::nothing,
};
