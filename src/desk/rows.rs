//! An edited article as the rows that tell of it.

use rusqlite::Connection;

use crate::article::{Edited, Found};
use crate::store::articles::{self, FieldRow, NewArticle};
use crate::store::texts;
use crate::verdict::stated_ms;

/// The row of an article's text.
pub(super) fn place_text(db: &Connection, edited: &Edited) -> rusqlite::Result<i64> {
    let print = &edited.fingerprint;
    match texts::find_text(db, &print.text_digest)? {
        Some(id) => Ok(id),
        None => texts::insert_text(db, &print.text_digest, print.prints.len()),
    }
}

/// The row of an article's publisher.
pub(super) fn source_of(
    db: &Connection,
    edited: &Edited,
    now_ms: i64,
) -> rusqlite::Result<Option<i64>> {
    match &edited.source {
        Some(found) => articles::ensure_source(db, &found.value, now_ms).map(Some),
        None => Ok(None),
    }
}

/// What the record says of an edited article by itself; what it is within its file and the record is left empty.
pub(super) fn described(edited: &Edited, arrival: i64) -> NewArticle<'_> {
    let stated = |found: &Option<Found<String>>| {
        found
            .as_ref()
            .and_then(|found| stated_ms(&found.value, arrival))
    };
    let first_ms = stated(&edited.published).unwrap_or(arrival);
    NewArticle {
        document: 0,
        ordinal: 0,
        member: None,
        place: None,
        apart: None,
        drop: crate::job::DropId(0),
        source: None,
        text_id: 0,
        first_ms,
        changed_ms: stated(&edited.modified).unwrap_or(first_ms),
        language: value_of(edited.language.as_ref()),
        published: value_of(edited.published.as_ref()),
        url: value_of(edited.url.as_ref()),
        guid: edited.identity(),
        title: value_of(edited.title.as_ref()),
        text: &edited.text,
        fields: &[],
        pieces: &edited.pieces,
        input_bytes: 0,
        input_zstd: &[],
    }
}

pub(super) fn value_of(found: Option<&Found<String>>) -> Option<&str> {
    found.map(|found| found.value.as_str())
}

/// Everything found about an article, as rows.
pub(super) fn fields_of(edited: &Edited) -> Vec<FieldRow<'_>> {
    fn row<'a, T: AsRef<str>>(
        name: &'static str,
        ordinal: usize,
        found: &'a Found<T>,
    ) -> FieldRow<'a> {
        FieldRow {
            name,
            ordinal,
            value: found.value.as_ref(),
            rule: found.rule,
            span: found.span,
            confidence: found.confidence,
        }
    }
    let single = [
        ("guid", &edited.guid),
        ("declared_charset", &edited.declared_charset),
        ("version", &edited.version),
        ("status", &edited.status),
        ("embargo", &edited.embargo),
        ("agency_id", &edited.agency_id),
        ("copyright", &edited.copyright),
        ("url", &edited.url),
        ("title", &edited.title),
        ("subtitle", &edited.subtitle),
        ("dateline", &edited.dateline),
        ("source", &edited.source),
        ("published", &edited.published),
        ("modified", &edited.modified),
        ("language", &edited.language),
        ("credit", &edited.credit),
    ];
    let mut rows: Vec<FieldRow<'_>> = single
        .into_iter()
        .filter_map(|(name, found)| found.as_ref().map(|found| row(name, 0, found)))
        .collect();
    for (name, list) in [("byline", &edited.byline), ("captions", &edited.captions)] {
        rows.extend(
            list.iter()
                .enumerate()
                .map(|(n, found)| row(name, n, found)),
        );
    }
    rows.extend(
        edited
            .agency
            .iter()
            .enumerate()
            .map(|(n, found)| row("agency", n, found)),
    );
    rows.retain(|row| !row.value.is_empty());
    rows
}
