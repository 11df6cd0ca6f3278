//! trafilatura: the JSON it writes of a page, with or without metadata.
//!
//! <https://trafilatura.readthedocs.io/>. `date` is a day; `filedate` is the day of extraction and says nothing of the
//! article.

use super::{Field, Reader, Shape, names, reader, shape};

/// trafilatura.
pub(in crate::article::parse) const READER: Reader = reader!("trafilatura");

static SHAPE: Shape = Shape {
    rule: "trafilatura-keys",
    is: |document, value| {
        let has = |key| names(document, value, key);
        has("raw_text") && has("fingerprint")
            || has("text") && has("hostname") && has("fingerprint")
            || has("text") && has("source-hostname")
    },
    lists: &["/*"],
    is_mixed: false,
    fields: &[
        (Field::Title, "trafilatura-title", "/title"),
        (Field::Url, "trafilatura-source", "/source"),
        (Field::Url, "trafilatura-source", "/url"),
        (Field::Source, "trafilatura-sitename", "/source-hostname"),
        (Field::Source, "trafilatura-sitename", "/sitename"),
        (Field::Source, "trafilatura-hostname", "/hostname"),
        (Field::Published, "trafilatura-date", "/date"),
        (Field::Language, "trafilatura-language", "/language"),
        (Field::Byline, "trafilatura-author", "/author"),
        (Field::Agency, "trafilatura-author", "/author"),
        (Field::Keyword, "trafilatura-tags", "/tags"),
        (Field::Keyword, "trafilatura-categories", "/categories"),
    ],
    bodies: &[
        ("trafilatura-text", "/text"),
        ("trafilatura-raw-text", "/raw_text"),
    ],
    also: shape::nothing,
};
