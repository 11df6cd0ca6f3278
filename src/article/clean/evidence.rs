//! What can be seen of each block by itself: how much it looks like a paragraph of a story.

use super::credit;
use super::known;
use super::phrases::{self, Speaks};
use super::{Draft, Kind, Label, Marks, prose};
use crate::article::attribution;
use crate::article::parse::Block;

/// What can be seen of one block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence {
    /// Length in letters.
    pub(super) weight: usize,
    /// Whether it ends as a sentence does.
    pub(super) sentence: bool,
    /// Whether it is mostly figures: a counter, a date, a price.
    pub(super) figures: bool,
    /// How many words it has; a few per ideograph.
    pub(super) words: usize,
    /// What its words say it is.
    pub(super) speaks: Option<Speaks>,
    /// What its markup says against it.
    pub(super) against: bool,
    /// How much it speaks for the run it stands in to be the story.
    pub(super) score: f32,
}

/// Looks at every block.
pub(super) fn gather(draft: &Draft) -> Vec<Evidence> {
    draft.blocks.iter().map(look).collect()
}

/// No rule asks for more words; longer texts have them for certain.
const WORDS_MAX: usize = 16;

/// Most of a block that figures are counted in, in bytes, where its first two hundred end inside a character.
const FIGURES_BYTES_MAX: usize = 1 << 20;

fn look(block: &Block) -> Evidence {
    let weight = block.reading.weight;
    let opening = block.text.get(..200).unwrap_or_else(|| {
        let end = block.text.floor_char_boundary(FIGURES_BYTES_MAX);
        block.text.get(..end).unwrap_or(&block.text)
    });
    let (digits, letters) = prose::digits_and_letters(opening);
    let mut evidence = Evidence {
        weight,
        sentence: prose::ends_sentence(&block.text)
            || credit::closing_agency(&block.text).is_some(),
        figures: digits > letters || (digits >= 4 && digits * 3 > letters && weight < 60),
        words: if weight / 12 > WORDS_MAX {
            weight / 12
        } else {
            prose::count_words(&block.text, block.squeezed()).max(weight / 12)
        },
        speaks: phrases::spoken(&block.text, block.squeezed(), weight)
            .or_else(|| credited_picture(&block.text, weight)),
        against: block.marks.any(Marks::AGAINST),
        score: 0.0,
    };
    evidence.score = known::score(block, score(block, &evidence));
    evidence
}

/// A caption closes with its agency after a slash: "… September 29, 2020. /Xinhua".
fn credited_picture(text: &str, weight: usize) -> Option<Speaks> {
    let last = text.as_bytes().rsplit(|byte| *byte == b' ').next()?;
    if !last.contains(&b'/') {
        return None;
    }
    let last = text.rsplit(' ').next()?;
    let name = last
        .trim_end_matches([')', '.', ']'])
        .rsplit_once('/')
        .map(|(_, name)| name)?;
    // "HIV/AIDS" and "AC/DC" close sentences too: the name stands alone behind the slash, or is an agency's.
    let alone = last.starts_with('/') && name.chars().count() >= 2;
    let named = name.chars().next().is_some_and(char::is_uppercase)
        && (alone || attribution::is_agency(name));
    let web = last.contains("://") || last.contains("www.");
    (named && !web && weight < 400).then_some(Speaks {
        rule: "caption",
        label: Label::Caption,
    })
}

/// Words in a bracket or after a colon are worth what their shape is worth; the numbers were set by hand on development
/// pages. What was learnt takes the result as one feature among others.
#[expect(clippy::cast_precision_loss, reason = "lengths of lines")]
fn score(block: &Block, evidence: &Evidence) -> f32 {
    let marked_up = block.kind != Kind::Line;
    if evidence.against {
        // Markup says where it ends, so it may stand in the middle of a story.
        return -0.2;
    }
    if let Some(speaks) = evidence.speaks {
        return spoken_score(speaks.label, evidence.words, marked_up);
    }
    let links = block.link_share();
    let length = (evidence.weight as f32 / 80.0).min(4.0);
    if links > 0.5 && evidence.weight < 250 {
        return -1.0;
    }
    if evidence.figures {
        return -1.0;
    }
    let prose = if evidence.sentence {
        if evidence.weight < 35 {
            0.3
        } else {
            length.max(0.5)
        }
    } else if evidence.weight >= 140 {
        length * 0.6
    } else {
        return short(block, evidence);
    };
    let list = matches!(block.kind, Kind::Item | Kind::Cell) || block.marks.any(Marks::TABLE);
    let repeated = block.repeats > 1 && evidence.weight < 300;
    prose * (1.0 - links) * if list { 0.6 } else { 1.0 } * if repeated { 0.2 } else { 1.0 }
}

/// What a word list knows costs the run it stands in: a heading over links ends a story, a line with one link in it
/// may stand in the middle. Where there is markup the story's element says more, so both cost less.
fn spoken_score(label: Label, words: usize, marked_up: bool) -> f32 {
    let heading = words <= 4;
    match label {
        Label::Caption | Label::Credit | Label::Correction => -0.3,
        Label::Comments if marked_up => -2.0,
        Label::Comments => -3.0,
        Label::Related if heading => {
            if marked_up {
                -1.2
            } else {
                -2.5
            }
        }
        Label::Related => {
            if marked_up {
                -0.7
            } else {
                -1.0
            }
        }
        Label::Title
        | Label::Subtitle
        | Label::Byline
        | Label::Dateline
        | Label::Body
        | Label::Subheading
        | Label::Notice
        | Label::Navigation
        | Label::Furniture
        | Label::Advertisement => {
            if marked_up {
                -0.7
            } else {
                -1.5
            }
        }
    }
}

/// A short piece that is no sentence parts prose; by how much depends on what markup says.
fn short(block: &Block, evidence: &Evidence) -> f32 {
    let repeated = block.repeats > 1;
    match block.kind {
        _ if repeated => -1.2,
        Kind::Heading(_) => -0.3,
        Kind::Paragraph | Kind::Quote if block.linked == 0 && evidence.weight >= 25 => 0.1,
        Kind::Paragraph | Kind::Quote => -0.4,
        Kind::Item if block.linked == 0 => -0.3,
        Kind::Line if evidence.weight >= 80 => -0.5,
        Kind::Line | Kind::Item | Kind::Cell | Kind::Caption | Kind::Loose => -0.9,
    }
}
