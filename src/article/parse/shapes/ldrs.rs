//! BBC Local Democracy Reporting Service: a list of stories.

use super::{Field, Reader, Shape, has, names, reader, shape};

/// BBC LDRS.
pub(in crate::article::parse) const READER: Reader = reader!("ldrs");

static SHAPE: Shape = Shape {
    rule: "ldrs-keys",
    is: |document, value| {
        has(document, value, "/uri")
            && has(document, value, "/body_html")
            && names(document, value, "byline")
            && !names(document, value, "versioncreated")
    },
    lists: &["/item/*"],
    is_mixed: false,
    fields: &[
        (Field::Guid, "ldrs-uri", "/uri"),
        (Field::Version, "ldrs-version", "/version"),
        (Field::Title, "ldrs-headline", "/headline"),
        (Field::Title, "ldrs-name", "/name"),
        (Field::Byline, "ldrs-byline", "/byline"),
        (Field::Source, "ldrs-provider", "/provider"),
        (Field::Source, "ldrs-source", "/source"),
        (Field::Published, "ldrs-first", "/firstcreated"),
        (Field::Published, "ldrs-published", "/published"),
        (Field::Language, "ldrs-language", "/language"),
        (Field::Keyword, "ldrs-subject", "/subject"),
    ],
    bodies: &[("ldrs-body", "/body_html"), ("ldrs-body", "/body_text")],
    also: shape::nothing,
};
