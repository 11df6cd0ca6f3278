//! GDELT: lists of addresses and offsets of what others published. It holds no texts.
//!
//! <https://www.gdeltproject.org/data.html>: the DOC API's `artlist`, and the tables of events, mentions and the knowledge
//! graph, with or without a line of names.

use super::{Format, Reader, names};
use crate::article::Refusal;
use crate::article::parse::{Opening, whole};

/// GDELT.
pub(in crate::article::parse) const READER: Reader = Reader {
    format: Format("gdelt"),
    recognise,
    divide: whole,
    read: |_, _| {
        Err(Refusal::NoText {
            what: "GDELT's table of addresses and offsets of articles elsewhere",
        })
    },
    render: None,
};

fn recognise(opening: &Opening<'_>) -> Option<&'static str> {
    if let Some(document) = opening.json() {
        let first = document
            .find(document.root(), "/articles/0")
            .into_iter()
            .next();
        let is_list = first.is_some_and(|first| {
            names(document, first, "seendate") && names(document, first, "domain")
        });
        return is_list.then_some("gdelt-artlist");
    }
    let line = opening.head.lines().next().unwrap_or("");
    let lower = line.to_lowercase();
    if lower.contains("globaleventid") || lower.starts_with("gkgrecordid") {
        return Some("gdelt-header");
    }
    // Without names: a number of the event and a day, both figures alone, in a row of that many columns.
    let cells: Vec<&str> = line.split('\t').collect();
    let figures = |at: usize, least: usize| {
        cells
            .get(at)
            .is_some_and(|it| it.len() >= least && it.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let event = matches!(cells.len(), 57 | 58 | 61) && figures(0, 6) && figures(1, 8);
    let mention = cells.len() == 16 && figures(0, 6) && figures(1, 14) && figures(2, 14);
    (event || mention).then_some("gdelt-columns")
}
