//! Fingerpost's feed of wires as newsrooms take it in.
//!
//! The form is that of the Guardian's newswires: `source-feed`, `usn`, the text in `body_text` as HTML.

use super::{Field, Reader, Shape, names, reader, shape};

/// Fingerpost.
pub(in crate::article::parse) const READER: Reader = reader!("fingerpost");

static SHAPE: Shape = Shape {
    rule: "fingerpost-keys",
    is: |document, value| names(document, value, "source-feed") && names(document, value, "usn"),
    lists: &["/*"],
    is_mixed: false,
    fields: &[
        (Field::Guid, "fingerpost-usn", "/usn"),
        (Field::Version, "fingerpost-version", "/version"),
        (Field::Status, "fingerpost-status", "/status"),
        (Field::Title, "fingerpost-headline", "/headline"),
        (Field::Title, "fingerpost-slug", "/slug"),
        (Field::Subtitle, "fingerpost-subhead", "/subhead"),
        (Field::Subtitle, "fingerpost-abstract", "/abstract"),
        (Field::Byline, "fingerpost-byline", "/byline"),
        (Field::Dateline, "fingerpost-location", "/location"),
        (Field::Agency, "fingerpost-byline", "/byline"),
        (Field::Agency, "fingerpost-copyright", "/copyrightHolder"),
        (Field::Agency, "fingerpost-feed", "/source-feed"),
        (Field::Published, "fingerpost-first", "/firstVersion"),
        (
            Field::Published,
            "fingerpost-version-created",
            "/versionCreated",
        ),
        (Field::Published, "fingerpost-sent", "/dateTimeSent"),
        (
            Field::Modified,
            "fingerpost-version-created",
            "/versionCreated",
        ),
        (Field::Language, "fingerpost-language", "/language"),
        (Field::Copyright, "fingerpost-copyright", "/copyrightNotice"),
        (Field::Note, "fingerpost-ednote", "/ednote"),
        (Field::Keyword, "fingerpost-keywords", "/keywords"),
    ],
    bodies: &[
        ("fingerpost-body", "/body_text"),
        ("fingerpost-body", "/body"),
    ],
    also: shape::nothing,
};
