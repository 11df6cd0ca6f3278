//! newspaper4k (and newspaper3k): an article as `to_json` writes it.
//!
//! <https://newspaper4k.readthedocs.io/>.

use super::{Field, Reader, Shape, names, reader, shape};

/// newspaper4k.
pub(in crate::article::parse) const READER: Reader = reader!("newspaper4k");

static SHAPE: Shape = Shape {
    rule: "newspaper-keys",
    is: |document, value| {
        let has = |key| names(document, value, key);
        has("publish_date")
            && (has("top_image") || has("meta_description") || has("read_more_link"))
    },
    lists: &["/*", "/articles/*"],
    is_mixed: false,
    fields: &[
        (Field::Title, "newspaper-title", "/title"),
        (Field::Url, "newspaper-canonical", "/canonical_link"),
        (Field::Url, "newspaper-url", "/url"),
        (Field::Url, "newspaper-url", "/original_url"),
        (Field::Source, "newspaper-site", "/meta_site_name"),
        (Field::Source, "newspaper-source", "/source_url"),
        (Field::Published, "newspaper-publish-date", "/publish_date"),
        (Field::Language, "newspaper-language", "/meta_lang"),
        (Field::Language, "newspaper-language", "/language"),
        (Field::Byline, "newspaper-authors", "/authors"),
        (Field::Agency, "newspaper-authors", "/authors"),
        (Field::Keyword, "newspaper-keywords", "/meta_keywords"),
        (Field::Keyword, "newspaper-tags", "/tags"),
    ],
    bodies: &[
        ("newspaper-text", "/text"),
        ("newspaper-html", "/article_html"),
        ("newspaper-page", "/html"),
    ],
    also: shape::nothing,
};
