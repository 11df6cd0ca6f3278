//! webz.io: posts of its news feeds and free data sets.
//!
//! <https://docs.webz.io/>. Times are in webz's own zone, languages are English words, free sets cut the text.

use super::{Field, Reader, Shape, has, names, reader, shape};

/// webz.io.
pub(in crate::article::parse) const READER: Reader = reader!("webz");

static SHAPE: Shape = Shape {
    rule: "webz-keys",
    is: |document, value| {
        has(document, value, "/thread/uuid") && names(document, value, "ord_in_thread")
    },
    lists: &["/posts/*", "/*"],
    is_mixed: false,
    fields: &[
        (Field::Guid, "webz-uuid", "/uuid"),
        (Field::Title, "webz-title", "/title"),
        (Field::Title, "webz-thread-title", "/thread/title"),
        (Field::Url, "webz-url", "/url"),
        (Field::Source, "webz-site", "/thread/site"),
        (Field::Published, "webz-published", "/published"),
        (Field::Modified, "webz-updated", "/updated"),
        (Field::Language, "webz-language", "/language"),
        (Field::Byline, "webz-author", "/author"),
        (Field::Agency, "webz-author", "/author"),
        (Field::Keyword, "webz-categories", "/categories"),
    ],
    bodies: &[("webz-text", "/text")],
    also: shape::nothing,
};
