//! What comes out of the editing: articles, each with everything that was found about it.

use super::cutting::{self, Cut, Piece};
use super::furniture::{Furniture, Marked, Observation};
use super::unpack::Place;
use super::{Around, Format, Found, Refusal, Span, fingerprint};

/// One document, edited.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    /// What it is.
    pub format: Format,
    /// The rule by which that was recognised.
    pub format_rule: &'static str,
    /// The charset it was decoded from (lower-case WHATWG name), with evidence.
    pub charset: Found<&'static str>,
    /// The charset it states itself, where it states one: what it was decoded from may be another.
    pub declared_charset: Option<&'static str>,
    /// Where each of its articles stands in the decoded text; nothing where it is the article.
    pub parts: Vec<Span>,
    /// What it says of all of them in one place.
    pub around: Vec<Around>,
    /// Its articles in their order, each edited or refused by itself.
    pub members: Vec<Result<Edited, Refusal>>,
}

impl Edition {
    /// The way to one of its articles, if the document itself stands at `document`.
    pub fn place_of(&self, document: &Place, member: usize) -> Place {
        match self.parts.get(member) {
            Some(part) => document.item(member, *part),
            None => document.clone(),
        }
    }
}

/// One article, edited.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited {
    /// Where it stands in the file; empty where the file is the article, and where no file is known.
    pub place: Place,
    /// The charset its document states, where that is not the one it was decoded from.
    pub declared_charset: Option<Found<String>>,
    /// Identity the document states.
    pub guid: Option<Found<String>>,
    /// Which version of it, in its provider's count.
    pub version: Option<Found<String>>,
    /// What its provider says may be done with it, in its own words: `usable`, `canceled`.
    pub status: Option<Found<String>>,
    /// Until when it must not be published, like a date.
    pub embargo: Option<Found<String>>,
    /// Canonical URL the document states.
    pub url: Option<Found<String>>,
    /// Headline.
    pub title: Option<Found<String>>,
    /// Standfirst.
    pub subtitle: Option<Found<String>>,
    /// Paragraphs, subheadings and lists, separated by one blank line. Empty for a notice alone: see [`Self::is_notice`].
    pub text: String,
    /// Authors, without "By".
    pub byline: Vec<Found<String>>,
    /// Place (and date, where it stands there) the text opens with.
    pub dateline: Option<Found<String>>,
    /// Agencies credited as authors: ids of the agency table, in order of first credit.
    pub agency: Vec<Found<&'static str>>,
    /// The agency's own number of the story, as it stands in the text or is stated.
    pub agency_id: Option<Found<String>>,
    /// Publisher.
    pub source: Option<Found<String>>,
    /// Time of publication, RFC 3339 (a date alone stays a date: `2024-04-04`).
    pub published: Option<Found<String>>,
    /// Time of last change, likewise.
    pub modified: Option<Found<String>>,
    /// BCP 47 tag.
    pub language: Option<Found<String>>,
    /// Who holds the rights, as stated.
    pub copyright: Option<Found<String>>,
    /// Captions, each once.
    pub captions: Vec<Found<String>>,
    /// Credit line: "(Reporting by …)", "-- AFP".
    pub credit: Option<Found<String>>,
    /// Every value that was offered for a field, in the order in which they are believed.
    pub candidates: Vec<Candidate>,
    /// The input in pieces, kept and cut.
    pub pieces: Vec<Piece>,
    /// The decoded text all spans point into.
    pub input: String,
    /// What the text is compared by.
    pub fingerprint: fingerprint::Fingerprint,
    /// What it tells about its source; none where no source is known or nobody asked.
    pub observation: Option<Observation>,
    /// Those keys of the observation that were known as furniture of the source.
    pub known: Furniture,
    /// The blocks that were taken for furniture of the source.
    pub marked: Vec<Marked>,
}

impl Edited {
    /// The piece of the input a span points at.
    pub fn slice(&self, span: Span) -> &str {
        span.of(&self.input)
    }

    /// What stays the same from version to version and is nobody else's: its identity without its revision, which some put
    /// behind it (`urn:newsml:agency:date:number:2N`). Numbers that agencies count anew every day are none.
    pub fn identity(&self) -> Option<&str> {
        let guid = self.guid.as_ref()?;
        if RECURRING.contains(&guid.rule) {
            return None;
        }
        let version = self
            .version
            .as_ref()
            .map_or("", |version| version.value.as_str());
        let (stem, last) = guid.value.rsplit_once(':').unwrap_or(("", ""));
        let revision = last.trim_end_matches(|c: char| c.is_ascii_uppercase());
        let is_revised =
            guid.value.starts_with("urn:newsml:") && !revision.is_empty() && revision == version;
        Some(if is_revised {
            stem
        } else {
            guid.value.as_str()
        })
    }

    /// Whether it is a notice: an item of a wire that has an identity but no text of its own. A kill, a later version that
    /// is empty, metadata of a text that lies elsewhere.
    pub fn is_notice(&self) -> bool {
        self.text.is_empty()
    }

    /// What was taken out of the input.
    pub fn cuts(&self) -> Vec<Cut> {
        cutting::cuts(&self.pieces)
    }
}

/// Rules that find numbers and slugs which are counted or used anew.
const RECURRING: [&str; 3] = ["anpa-keyword", "iptc-7901-number", "telex-number"];

/// A value that was offered for a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The field.
    pub field: &'static str,
    /// What was offered: as it was stated, or as it was found.
    pub value: String,
    /// The rule that offers it.
    pub rule: &'static str,
    /// Where it stands.
    pub span: Option<Span>,
    /// Whether it is believed.
    pub won: bool,
}
