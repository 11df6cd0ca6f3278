//! AP Media API: the answer of `/content`, metadata of items whose texts are had elsewhere.
//!
//! <https://api.ap.org/media/v/docs/>. Version 0 is lawful.

use super::{Field, Reader, Shape, has, reader, shape};

/// AP Media API.
pub(in crate::article::parse) const READER: Reader = reader!("ap-media");

static SHAPE: Shape = Shape {
    rule: "ap-media-keys",
    is: |document, value| has(document, value, "/altids/itemid"),
    lists: &["/data/item", "/data/items/*/item", "/item", "/*/item"],
    is_mixed: false,
    fields: &[
        (Field::Guid, "ap-itemid", "/altids/itemid"),
        (Field::Version, "ap-version", "/version"),
        (Field::Status, "ap-pubstatus", "/pubstatus"),
        (Field::Embargo, "ap-embargoed", "/embargoed"),
        (Field::Title, "ap-headline", "/headline"),
        (Field::Title, "ap-title", "/title"),
        (Field::Subtitle, "ap-summary", "/description_summary"),
        (Field::Url, "ap-link", "/link"),
        (Field::Byline, "ap-bylines", "/bylines/*/by"),
        (Field::Dateline, "ap-located", "/located"),
        (Field::Agency, "ap-infosource", "/infosource/*/name"),
        (Field::Agency, "ap-provider", "/provider"),
        (Field::Agency, "ap-copyright", "/copyrightholder"),
        (Field::Agency, "ap-copyright", "/copyrightnotice"),
        (Field::Published, "ap-firstcreated", "/firstcreated"),
        (Field::Published, "ap-versioncreated", "/versioncreated"),
        (Field::Modified, "ap-versioncreated", "/versioncreated"),
        (Field::Language, "ap-language", "/language"),
        (Field::Copyright, "ap-copyright-notice", "/copyrightnotice"),
        (Field::Note, "ap-ednote", "/ednote"),
        (Field::Keyword, "ap-subject", "/subject/*/name"),
    ],
    bodies: &[
        ("ap-body", "/body_text"),
        ("ap-body", "/body_xhtml"),
        ("ap-body", "/body"),
    ],
    also: shape::nothing,
};
