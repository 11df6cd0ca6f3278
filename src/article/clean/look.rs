//! What can be measured of each block by itself, in numbers that know no language: the first half of the features.

use super::evidence::Evidence;
use super::lexicon::{Lexicon, Said};
use super::{Draft, Kind, Label, Marks, prose};
use crate::article::parse::Block;

/// What is measured of one block.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Look {
    /// Length in letters, logarithmic.
    pub(super) size: f32,
    /// Length in letters.
    pub(super) weight: f32,
    /// Words, logarithmic.
    pub(super) words: f32,
    /// Letters a word.
    pub(super) letters: f32,
    /// Share of the words that open in lower case.
    pub(super) lower: f32,
    /// Share of the words that open with a capital.
    pub(super) capital: f32,
    /// Share of the words with three letters or fewer.
    pub(super) short: f32,
    /// Share of digits.
    pub(super) digits: f32,
    /// Sentence ends inside it.
    pub(super) stops: f32,
    /// Commas a word.
    pub(super) commas: f32,
    /// Quotation marks.
    pub(super) quotes: f32,
    /// Bars, arrows, slashes, bullets.
    pub(super) signs: f32,
    /// What it opens with: [`class_of`] its first character.
    pub(super) start: f32,
    /// What it ends with.
    pub(super) end: f32,
    /// Whether it ends as a sentence does.
    pub(super) sentence: f32,
    /// Share that stands in links.
    pub(super) links: f32,
    /// Share that is bold.
    pub(super) strong: f32,
    /// How many blocks say the same.
    pub(super) repeats: f32,
    /// What the rules set by hand make of it.
    pub(super) score: f32,
    /// What its words say it is, by how far that is from the story.
    pub(super) speaks: f32,
    /// Letters, if it is a paragraph of prose.
    pub(super) prose: f32,
    /// Whether it is short and no sentence.
    pub(super) stub: f32,
    /// What it is by its markup.
    pub(super) kind: f32,
    /// Whether it states a date.
    pub(super) date: f32,
    /// Whether it names an author.
    pub(super) byline: f32,
    /// What its words say.
    pub(super) said: Said,
}

/// Measures every block.
pub(super) fn look(draft: &Draft, evidence: &[Evidence], lexicon: &Lexicon) -> Vec<Look> {
    draft
        .blocks
        .iter()
        .zip(evidence)
        .map(|(block, seen)| one(block, seen, lexicon))
        .collect()
}

/// What one reading of the characters counts.
#[derive(Debug, Default)]
struct Tally {
    lower: usize,
    capital: usize,
    short: usize,
    words: usize,
    digits: usize,
    stops: usize,
    commas: usize,
    quotes: usize,
    signs: usize,
}

/// Most bytes of a block that are counted: what a longer one goes on with is like what it began with.
const COUNTED_BYTES: usize = 320;

fn tally(text: &str) -> Tally {
    let mut tally = Tally::default();
    let mut length = 0usize;
    let mut stopped = false;
    let mut end = COUNTED_BYTES.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    for c in text.get(..end).unwrap_or(text).chars() {
        let letter = if c.is_ascii() {
            c.is_ascii_alphanumeric()
        } else {
            prose::is_alphanumeric(c)
        };
        if letter {
            if length == 0 {
                tally.words += 1;
                tally.lower += usize::from(c.is_lowercase());
                tally.capital += usize::from(c.is_uppercase());
            }
            length += 1;
            tally.digits += usize::from(c.is_ascii_digit());
            stopped = false;
            continue;
        }
        tally.short += usize::from((1..=3).contains(&length));
        length = 0;
        tally.stops += usize::from(c == ' ' && stopped);
        stopped = matches!(c, '.' | '!' | '?') || (stopped && matches!(c, '"' | '”' | ')' | '’'));
        match c {
            ',' | '、' | '，' | '،' | ';' => tally.commas += 1,
            '。' | '！' | '？' => tally.stops += 1,
            '"' | '“' | '”' | '„' | '«' | '»' | '「' => tally.quotes += 1,
            '|' | '·' | '›' | '/' | '•' | '→' | '>' | '<' | '#' | '@' | '©' | '+' | '=' | '_'
            | '{' => {
                tally.signs += 1;
            }
            _ => {}
        }
    }
    tally.short += usize::from((1..=3).contains(&length));
    tally
}

#[expect(clippy::cast_precision_loss, reason = "lengths of lines")]
fn one(block: &Block, seen: &Evidence, lexicon: &Lexicon) -> Look {
    let tally = tally(&block.text);
    let words = tally.words.max(1) as f32;
    let counted_bytes = block.text.len().clamp(1, COUNTED_BYTES);
    let length = counted_bytes as f32;
    let counted = tally.words * block.text.len().max(1) / counted_bytes;
    let weight = seen.weight as f32;
    let links = block.link_share();
    let prose = seen.sentence && seen.weight >= 60 && links < 0.5 && seen.speaks.is_none();
    Look {
        size: (1.0 + weight).ln(),
        weight,
        words: (1.0 + counted as f32).ln(),
        letters: weight / counted.max(1) as f32,
        lower: tally.lower as f32 / words,
        capital: tally.capital as f32 / words,
        short: tally.short as f32 / words,
        digits: tally.digits as f32 / length,
        stops: tally.stops as f32,
        commas: tally.commas as f32 / words,
        quotes: tally.quotes as f32,
        signs: tally.signs as f32 / words,
        start: class_of(block.text.chars().next()),
        end: class_of(block.text.chars().next_back()),
        sentence: f32::from(u8::from(seen.sentence)),
        links,
        strong: block.strong as f32 / block.text.len().max(1) as f32,
        repeats: block.repeats.min(20) as f32,
        score: seen.score,
        speaks: if block.is_furniture {
            super::known::SPEAKS
        } else {
            spoken(seen)
        },
        prose: if prose { weight } else { 0.0 },
        stub: f32::from(u8::from(!seen.sentence && seen.weight < 60)),
        kind: kind(block),
        date: flag(crate::article::attribution::holds_date(&block.text)),
        byline: flag(super::label::is_byline(&block.text, seen)),
        said: lexicon.read(block.squeezed()),
    }
}

fn flag(flag: bool) -> f32 {
    f32::from(u8::from(flag))
}

/// Characters by what they do at the ends of a line, in the order from menu to prose.
fn class_of(c: Option<char>) -> f32 {
    match c {
        None => 0.0,
        Some(c) if c.is_ascii_digit() => 1.0,
        Some(':' | '：') => 3.0,
        Some('…' | '»' | '›' | '>' | '→') => 2.0,
        Some(',' | ';' | '-' | '–' | '—') => 6.0,
        Some('"' | '“' | '”' | '„' | '«' | '\'' | '’' | '‘' | '「' | '」') => 8.0,
        Some('.' | '!' | '?' | '。' | '！' | '？' | '؟' | '।') => 9.0,
        Some('(' | '[' | ')' | ']') => 4.0,
        Some('•' | '*' | '·' | '‣' | '▪' | '●') => 5.0,
        Some(c) if c.is_lowercase() => 7.0,
        Some(c) if c.is_uppercase() => 10.0,
        Some(c) if c.is_alphabetic() => 11.0,
        Some(_) => 2.5,
    }
}

/// The label its words speak for, in the order from within the story to far from it.
fn spoken(seen: &Evidence) -> f32 {
    match seen.speaks.map(|speaks| speaks.label) {
        None => 0.0,
        Some(Label::Correction) => 1.0,
        Some(Label::Credit) => 2.0,
        Some(Label::Caption) => 3.0,
        Some(Label::Advertisement) => 4.0,
        Some(Label::Related) => 5.0,
        Some(Label::Notice) => 6.0,
        Some(Label::Comments) => 8.0,
        Some(
            Label::Furniture
            | Label::Title
            | Label::Subtitle
            | Label::Byline
            | Label::Dateline
            | Label::Body
            | Label::Subheading
            | Label::Navigation,
        ) => 7.0,
    }
}

fn kind(block: &Block) -> f32 {
    match block.kind {
        Kind::Line => 0.0,
        Kind::Paragraph => 1.0,
        Kind::Quote => 2.0,
        Kind::Heading(level) => 3.0 + f32::from(level) / 10.0,
        Kind::Item => 5.0,
        Kind::Loose => 6.0,
        Kind::Cell => 7.0,
        Kind::Caption => 8.0,
    }
}

/// The marks that are features, each by itself.
pub(super) const MARKS: [Marks; 22] = [
    Marks::NAVIGATION,
    Marks::HEADER,
    Marks::FOOTER,
    Marks::ASIDE,
    Marks::RELATED,
    Marks::COMMENTS,
    Marks::SHARE,
    Marks::NOTICE,
    Marks::ADVERTISEMENT,
    Marks::CAPTION,
    Marks::BYLINE,
    Marks::TAGS,
    Marks::HIDDEN,
    Marks::BODY,
    Marks::STANDFIRST,
    Marks::HEADLINE,
    Marks::ARTICLE,
    Marks::MAIN,
    Marks::FIGURE,
    Marks::FORM,
    Marks::LIST,
    Marks::TABLE,
];
