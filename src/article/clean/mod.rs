//! Draft → what it is made of: title, text, captions, credit, and everything else as cuts.
//!
//! Every block gets one label with the rule that gave it and a score. Which blocks are the story is told by what was
//! learnt from many sites ([`model`]) from what can be seen of them ([`look`], [`context`]); what the others are, by markup
//! and small word lists. What the labels mean for authorship is `attribution`'s business.
//!
//! Invariant: kept + cut = input. What no cut covers was kept, and read alone says the text.

use std::collections::HashSet;

use super::parse::{Draft, Field, Kind, Marks, Markup};
use super::{Found, Refusal, Span, cutting, prose};

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of blocks and words as features"
)]
mod candidates;
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of blocks and words as features"
)]
mod context;
mod credit;
mod evidence;
mod fair_copy;
mod given;
mod headline;
mod known;
mod label;
pub mod learning;
mod lexicon;
mod look;
mod model;
mod phrases;
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of blocks and words as features"
)]
mod places;
mod reading;
mod rereading;
mod story;
mod vocabulary;
mod whole;
mod wire_lines;

#[cfg(test)]
mod clean_tests;

use evidence::Evidence;
use model::Model;
use reading::Judged;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Headline.
    Title,
    /// Standfirst.
    Subtitle,
    /// Line naming the authors.
    Byline,
    /// Line of its own with place or date.
    Dateline,
    /// Running text and lists of the story.
    Body,
    /// Heading within the story.
    Subheading,
    /// What stands under a picture.
    Caption,
    /// Who reported, edited, supplied.
    Credit,
    /// Cookie, copyright, subscription and translation notices.
    Notice,
    /// What was corrected.
    Correction,
    /// Links to other articles.
    Related,
    /// Readers' comments.
    Comments,
    /// Menus.
    Navigation,
    /// Whatever else belongs to the page.
    Furniture,
    /// Paid for.
    Advertisement,
}

impl Label {
    /// All of them.
    const ALL: [Self; 15] = [
        Self::Title,
        Self::Subtitle,
        Self::Byline,
        Self::Dateline,
        Self::Body,
        Self::Subheading,
        Self::Caption,
        Self::Credit,
        Self::Notice,
        Self::Correction,
        Self::Related,
        Self::Comments,
        Self::Navigation,
        Self::Furniture,
        Self::Advertisement,
    ];

    /// The name in JSON, in the record and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Subtitle => "subtitle",
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::Body => "body",
            Self::Subheading => "subheading",
            Self::Caption => "caption",
            Self::Credit => "credit",
            Self::Notice => "notice",
            Self::Correction => "correction",
            Self::Related => "related",
            Self::Comments => "comments",
            Self::Navigation => "navigation",
            Self::Furniture => "furniture",
            Self::Advertisement => "advertisement",
        }
    }

    /// The label with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.as_str() == name)
    }

    /// Whether what bears it is in the article's text.
    pub const fn is_kept(self) -> bool {
        matches!(self, Self::Body | Self::Subheading)
    }
}

/// A block or a part of one, and what it is.
#[derive(Debug, Clone)]
pub(super) struct Piece<'a> {
    /// What it is.
    pub(super) label: Label,
    /// The rule that says so.
    pub(super) rule: &'static str,
    /// Its text.
    pub(super) text: &'a str,
    /// Where it stands in the input.
    pub(super) span: Span,
    /// The block it belongs to.
    pub(super) block: usize,
    /// How much the block speaks for being of the story; nothing where only a rule was asked.
    pub(super) score: Option<f32>,
}

/// A draft, cleaned.
#[derive(Debug)]
pub(super) struct Cleaned<'a> {
    /// Headline.
    pub(super) title: Option<Found<String>>,
    /// Standfirst.
    pub(super) subtitle: Option<Found<String>>,
    /// Paragraphs, subheadings and lists, separated by one blank line. Empty only where the format says that nothing is the
    /// story.
    pub(super) text: String,
    /// Captions, each once.
    pub(super) captions: Vec<Found<String>>,
    /// Credit line.
    pub(super) credit: Option<Found<String>>,
    /// Every piece with its label, in the order of the input.
    pub(super) pieces: Vec<Piece<'a>>,
    /// The input in pieces, kept and cut.
    pub(super) whole: Vec<cutting::Piece>,
}

/// Cleans a draft of `input`.
///
/// # Errors
/// Nothing of it is a story.
pub(super) fn clean<'a>(draft: &'a Draft, input: &str) -> Result<Cleaned<'a>, Refusal> {
    clean_by(Model::of(draft.markup), draft, input)
}

/// Cleans a draft by what was learnt elsewhere.
fn clean_by<'a>(model: &Model, draft: &'a Draft, input: &str) -> Result<Cleaned<'a>, Refusal> {
    let mut judged = Judged::of(model, draft, fair_copy::is(draft, input));
    let reader = match draft.markup {
        Markup::Text => model,
        Markup::Html => Model::of(Markup::Text),
    };
    if !draft.is_given {
        rereading::settle(reader, draft, &mut judged);
    }
    let Judged {
        evidence,
        logits,
        story,
        labels,
        title,
    } = judged;
    let mut pieces = credit::split(draft, &labels);
    let mut scored = None;
    for piece in &mut pieces {
        // A credit parted from its paragraph stands there by a rule alone.
        if scored != Some(piece.block) {
            piece.score = logits.get(piece.block).copied();
        }
        scored = Some(piece.block);
    }
    pieces.extend(draft.unread.map(|span| Piece {
        label: Label::Furniture,
        rule: "unread",
        text: "",
        span,
        block: draft.blocks.len(),
        score: None,
    }));
    let kept: Vec<&Piece<'_>> = pieces
        .iter()
        .filter(|piece| piece.label.is_kept())
        .collect();
    let texts: Vec<&str> = kept.iter().map(|piece| piece.text).collect();
    let has_markup = draft.is_given || draft.markup == Markup::Html;
    let whole = whole::pieces(has_markup, &pieces, input);
    if !draft.is_given && !kept.iter().any(|piece| piece.label == Label::Body) {
        let cuts = cutting::cuts(&whole).len();
        return Err(match story {
            Some(_) => Refusal::NothingLeft { cuts },
            None => Refusal::NotAnArticle {
                percent: percent(&logits, &evidence),
                cuts,
            },
        });
    }
    Ok(Cleaned {
        title,
        subtitle: first(&pieces, Label::Subtitle),
        text: texts.join("\n\n"),
        captions: captions(&pieces),
        credit: credit_line(&pieces),
        whole,
        pieces,
    })
}

/// What the best choice of blocks promises, in hundredths.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share"
)]
fn percent(logits: &[f32], evidence: &[Evidence]) -> u8 {
    let promise = story::promise(logits, evidence, false).map_or(0.0, |promise| promise.f1);
    (promise * 100.0).round() as u8
}

fn found(piece: &Piece<'_>, confidence: f32) -> Found<String> {
    Found {
        value: piece.text.to_owned(),
        rule: piece.rule,
        span: Some(piece.span),
        confidence,
    }
}

fn first(pieces: &[Piece<'_>], label: Label) -> Option<Found<String>> {
    pieces
        .iter()
        .find(|piece| piece.label == label)
        .map(|piece| found(piece, 0.8))
}

/// Captions, each once: pages repeat them for every size of a picture.
fn captions(pieces: &[Piece<'_>]) -> Vec<Found<String>> {
    let mut known: HashSet<&str> = HashSet::new();
    pieces
        .iter()
        .filter(|piece| piece.label == Label::Caption && known.insert(piece.text))
        .map(|piece| found(piece, 0.8))
        .collect()
}

/// The credit: all credit pieces, in order, a line each; the span is that of the first.
fn credit_line(pieces: &[Piece<'_>]) -> Option<Found<String>> {
    let mut known: HashSet<&str> = HashSet::new();
    let lines: Vec<&str> = pieces
        .iter()
        .filter(|piece| piece.label == Label::Credit && known.insert(piece.text))
        .map(|piece| piece.text)
        .collect();
    let mut credit = first(pieces, Label::Credit)?;
    credit.value = lines.join("\n");
    Some(credit)
}
