//! The article object: one article as JSON, the same in every command.
//!
//! Every key is always there; what is not known is null. What the record adds (`id`, verdict, family) is left empty here.

use std::collections::BTreeMap;

use base64::Engine;
use serde::{Deserialize, Serialize};

use super::cutting::{Cut, MARKUP};
use super::unpack::Place;
use super::{Edited, Edition, Found};

/// The version of the object's form.
pub const SCHEMA: u32 = 1;

/// One article as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleObject {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The record's id.
    pub id: Option<i64>,
    /// Path of the file; what is not UTF-8 in it replaced.
    pub path: Option<String>,
    /// The path's bytes, only where they are not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_base64: Option<String>,
    /// Which member of the file, in words.
    pub member: Option<String>,
    /// The way to it, a step a layer, each with its range of bytes; empty where the file is the article.
    #[serde(default)]
    pub place: Place,
    /// Identity the document states.
    pub guid: Option<String>,
    /// Which version of it, in its provider's count.
    #[serde(default)]
    pub version: Option<String>,
    /// What its provider says may be done with it: `usable`, `withheld`, `canceled`.
    #[serde(default)]
    pub status: Option<String>,
    /// Until when it must not be published.
    #[serde(default)]
    pub embargo: Option<String>,
    /// Format of the file.
    pub format: String,
    /// Charset of the file.
    pub charset: String,
    /// The charset the document states, where that is another.
    #[serde(default)]
    pub declared_charset: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Paragraphs separated by one blank line. Empty only for a notice: an item of a wire without a text of its own.
    pub text: String,
    /// Standfirst.
    pub subtitle: Option<String>,
    /// Authors.
    pub byline: Vec<String>,
    /// Place and date the text opens with.
    pub dateline: Option<String>,
    /// Ids of agencies.
    pub agency: Vec<String>,
    /// The agency's own number of the story.
    #[serde(default)]
    pub agency_id: Option<String>,
    /// Publisher.
    pub source: Option<String>,
    /// Time of publication.
    pub published: Option<String>,
    /// Time of last change.
    pub modified: Option<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Canonical URL.
    pub url: Option<String>,
    /// Who holds the rights, as stated.
    #[serde(default)]
    pub copyright: Option<String>,
    /// Captions.
    pub captions: Vec<String>,
    /// Credit line.
    pub credit: Option<String>,
    /// Why each field is believed; of a list, why its first entry is.
    pub evidence: BTreeMap<String, EvidenceObject>,
    /// Every value that was offered for a field, the better first, and which of them is believed; only of a file that was
    /// edited, not of an article in the record.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub fields: BTreeMap<String, Vec<CandidateObject>>,
    /// What was taken out.
    pub cuts: Vec<CutObject>,
    /// What the article is to the record.
    pub verdict: Option<VerdictObject>,
    /// Ids of articles it shares passages with.
    pub shares: Vec<i64>,
    /// Family it belongs to: the first 16 hexadecimal digits of the digest of its lead's text, which are the same in every
    /// record of the same articles.
    pub family: Option<String>,
    /// Story it belongs to: like the family, by the text of the story's head; null where its family is alone.
    pub story: Option<String>,
}

/// Why a field is believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceObject {
    /// The rule that found it.
    pub rule: String,
    /// First byte in the decoded text; null where the evidence is outside it.
    pub start: Option<usize>,
    /// One past the last byte.
    pub end: Option<usize>,
    /// The file, where the evidence is in another than the article's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<String>,
}

/// A value that was offered for a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateObject {
    /// The value, as it is stated.
    pub value: String,
    /// The rule that offers it.
    pub rule: String,
    /// First byte in the decoded text; null where it is not in it.
    pub start: Option<usize>,
    /// One past the last byte.
    pub end: Option<usize>,
    /// Whether it is believed.
    pub won: bool,
}

/// A piece that was taken out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CutObject {
    /// What it is.
    pub label: String,
    /// The rule that took it out.
    pub rule: String,
    /// How much it speaks for being of the story; null where only a rule was asked.
    pub score: Option<f32>,
    /// First byte in the decoded text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The piece as it stands in the input; null for mere markup.
    pub text: Option<String>,
}

/// What an article is to the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerdictObject {
    /// `new`, `copy`, …
    pub kind: String,
    /// The article it was compared with.
    pub of: Option<i64>,
    /// Jaccard index of the two texts.
    pub resemblance: Option<f64>,
    /// The share of the other text that is in this one.
    pub contains: Option<f64>,
    /// The share of this text that is in the other.
    pub contained: Option<f64>,
}

impl ArticleObject {
    /// The object of an edited article of `edition`; `path` is the file's, as bytes, where there is one.
    pub fn from_edited(path: Option<&[u8]>, edition: &Edition, edited: &Edited) -> Self {
        let (path, path_base64) = spelt(path);
        Self {
            schema: SCHEMA,
            id: None,
            path,
            path_base64,
            member: edited.place.in_words(),
            place: edited.place.clone(),
            guid: value(edited.guid.as_ref()),
            version: value(edited.version.as_ref()),
            status: value(edited.status.as_ref()),
            embargo: value(edited.embargo.as_ref()),
            format: edition.format.as_str().to_owned(),
            charset: edition.charset.value.to_owned(),
            declared_charset: value(edited.declared_charset.as_ref()),
            title: value(edited.title.as_ref()),
            text: edited.text.clone(),
            subtitle: value(edited.subtitle.as_ref()),
            byline: edited
                .byline
                .iter()
                .map(|name| name.value.clone())
                .collect(),
            dateline: value(edited.dateline.as_ref()),
            agency: edited
                .agency
                .iter()
                .map(|agency| agency.value.to_owned())
                .collect(),
            agency_id: value(edited.agency_id.as_ref()),
            source: value(edited.source.as_ref()),
            published: value(edited.published.as_ref()),
            modified: value(edited.modified.as_ref()),
            language: value(edited.language.as_ref()),
            url: value(edited.url.as_ref()),
            copyright: value(edited.copyright.as_ref()),
            fields: fields(edited),
            captions: edited
                .captions
                .iter()
                .map(|caption| caption.value.clone())
                .collect(),
            credit: value(edited.credit.as_ref()),
            evidence: evidence(edition, edited),
            cuts: edited
                .cuts()
                .into_iter()
                .map(|cut| CutObject::of(cut, Some(&edited.input)))
                .collect(),
            verdict: None,
            shares: Vec::new(),
            family: None,
            story: None,
        }
    }
}

/// A path as objects carry it: as text, and as Base64 where that is not all of it.
pub fn spelt(path: Option<&[u8]>) -> (Option<String>, Option<String>) {
    let raw = path.filter(|path| std::str::from_utf8(path).is_err());
    (
        path.map(|path| String::from_utf8_lossy(path).into_owned()),
        raw.map(|path| base64::engine::general_purpose::STANDARD.encode(path)),
    )
}

/// The candidates by field.
fn fields(edited: &Edited) -> BTreeMap<String, Vec<CandidateObject>> {
    let mut fields: BTreeMap<String, Vec<CandidateObject>> = BTreeMap::new();
    for candidate in &edited.candidates {
        let of_field = fields.entry(candidate.field.to_owned()).or_default();
        of_field.push(CandidateObject {
            value: candidate.value.clone(),
            rule: candidate.rule.to_owned(),
            start: candidate.span.map(|span| span.start),
            end: candidate.span.map(|span| span.end),
            won: candidate.won,
        });
    }
    fields
}

fn value(found: Option<&Found<String>>) -> Option<String> {
    found.map(|found| found.value.clone())
}

fn evidence(edition: &Edition, edited: &Edited) -> BTreeMap<String, EvidenceObject> {
    let mut evidence = BTreeMap::new();
    let plain = [
        ("guid", edited.guid.as_ref()),
        ("version", edited.version.as_ref()),
        ("status", edited.status.as_ref()),
        ("embargo", edited.embargo.as_ref()),
        ("agency_id", edited.agency_id.as_ref()),
        ("copyright", edited.copyright.as_ref()),
        ("url", edited.url.as_ref()),
        ("title", edited.title.as_ref()),
        ("subtitle", edited.subtitle.as_ref()),
        ("byline", edited.byline.first()),
        ("dateline", edited.dateline.as_ref()),
        ("source", edited.source.as_ref()),
        ("published", edited.published.as_ref()),
        ("modified", edited.modified.as_ref()),
        ("language", edited.language.as_ref()),
        ("captions", edited.captions.first()),
        ("credit", edited.credit.as_ref()),
    ];
    for (field, found) in plain {
        if let Some(found) = found {
            evidence.insert(field.to_owned(), EvidenceObject::of(found));
        }
    }
    if let Some(agency) = edited.agency.first() {
        evidence.insert("agency".to_owned(), EvidenceObject::of(agency));
    }
    evidence.insert("charset".to_owned(), EvidenceObject::of(&edition.charset));
    let format = EvidenceObject {
        rule: edition.format_rule.to_owned(),
        start: None,
        end: None,
        file: None,
    };
    evidence.insert("format".to_owned(), format);
    evidence
}

impl EvidenceObject {
    fn of<T>(found: &Found<T>) -> Self {
        Self {
            rule: found.rule.to_owned(),
            start: found.span.map(|span| span.start),
            end: found.span.map(|span| span.end),
            file: None,
        }
    }
}

impl CutObject {
    /// The object of a cut of `input`; without an input, or of mere markup, it has no text.
    pub fn of(cut: Cut, input: Option<&str>) -> Self {
        let text = input.filter(|_| cut.rule != MARKUP);
        Self {
            label: cut.label.as_str().to_owned(),
            text: text.map(|input| cut.span.of(input).to_owned()),
            rule: cut.rule.into_owned(),
            score: cut.score,
            start: cut.span.start,
            end: cut.span.end,
        }
    }
}
