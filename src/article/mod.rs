//! The pure core: bytes of one file in, edited articles out.
//!
//! [`edit`] runs the five steps in order: decode, parse, clean, attribute, fingerprint. [`duplicate`] compares two
//! edited texts. What a file is called, where it lies and what else is in the record is somebody else's business.
//!
//! Invariant: no files, no clock, no threads, no SQL, no logging in here; the same input gives the same output.

mod attribution;
mod clean;
pub mod cutting;
mod decode;
pub mod duplicate;
pub mod fingerprint;
mod forest;
pub mod furniture;
pub mod object;
mod octets;
mod parse;
mod prose;
mod squeeze;
pub mod theme;
pub mod unpack;
pub mod writethru;

pub use clean::learning;

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod edit_tests;

use std::sync::Arc;

pub use clean::Label;
pub use cutting::{Cut, Piece};
use furniture::{Furniture, Marked, Observation};

/// A range of bytes of the decoded text, `start <= end`, both on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range from `start` to `end`; an end before the start gives the empty range at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// How many bytes it covers.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Its piece of `text`; empty where the range is not one of `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// A value that was found, and why we believe it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<T> {
    /// What was found.
    pub value: T,
    /// The rule that found it: a stable name such as `html-og-title`.
    pub rule: &'static str,
    /// Where in the decoded text it stands; `None` where the evidence is outside the text (configuration, folder name).
    pub span: Option<Span>,
    /// How sure the rule is, from 0 to 1.
    pub confidence: f32,
}

/// What a file is, by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Text,
    /// HTML.
    Html,
}

impl Format {
    /// The name in the article object and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
        }
    }

    /// The format of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Text, Self::Html]
            .into_iter()
            .find(|format| format.as_str() == name)
    }
}

/// What is known of a file before it is opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// The file's name, lossily decoded: breaks ties only.
    pub file_name: Option<&'a str>,
    /// The source as declared from outside, with the rule that declared it (`config` or `subfolder`).
    pub source: Option<(&'a str, &'static str)>,
}

/// Bounds of the work on one file. The reasons for the defaults stand with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Largest decoded text that is edited, in bytes.
    pub text_bytes_max: usize,
    /// Deepest nesting of HTML elements that is followed; deeper elements count as this deep.
    pub depth_max: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            // The largest single news article seen in development data is 1.3 MB of HTML; fifty times that leaves room
            // for live blogs and still bounds the memory of a worker.
            text_bytes_max: 64 << 20,
            // Real pages nest 20 to 60 deep; browsers stop at 512.
            depth_max: 256,
        }
    }
}

/// One file, edited.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    /// What the file is.
    pub format: Format,
    /// The charset it was decoded from (lower-case WHATWG name), with evidence.
    pub charset: Found<&'static str>,
    /// Its articles in the order of the file, each edited or refused by itself.
    pub members: Vec<Result<Edited, Refusal>>,
}

/// One article, edited.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited {
    /// Which member of the file it is; `None` where the file is the article.
    pub member: Option<String>,
    /// Identity the document states.
    pub guid: Option<Found<String>>,
    /// Canonical URL the document states.
    pub url: Option<Found<String>>,
    /// Headline.
    pub title: Option<Found<String>>,
    /// Standfirst.
    pub subtitle: Option<Found<String>>,
    /// Paragraphs, subheadings and lists, separated by one blank line. Never empty.
    pub text: String,
    /// Authors, without "By".
    pub byline: Vec<Found<String>>,
    /// Place (and date, where it stands there) the text opens with.
    pub dateline: Option<Found<String>>,
    /// Agencies credited as authors: ids of the agency table, in order of first credit.
    pub agency: Vec<Found<&'static str>>,
    /// Publisher.
    pub source: Option<Found<String>>,
    /// Time of publication, RFC 3339 (a date alone stays a date: `2024-04-04`).
    pub published: Option<Found<String>>,
    /// Time of last change, likewise.
    pub modified: Option<Found<String>>,
    /// BCP 47 tag.
    pub language: Option<Found<String>>,
    /// Captions, each once.
    pub captions: Vec<Found<String>>,
    /// Credit line: "(Reporting by …)", "-- AFP".
    pub credit: Option<Found<String>>,
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

    /// What was taken out of the input.
    pub fn cuts(&self) -> Vec<Cut> {
        cutting::cuts(&self.pieces)
    }
}

/// Why an article was not taken. Each becomes a hold with a reason code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No bytes, or white space alone.
    #[error("nothing but white space in it")]
    Empty,
    /// Neither text nor a format known here; the name of what it looks like.
    #[error("not text: it looks like {0}")]
    UnknownFormat(&'static str),
    /// Cleaning left nothing.
    #[error("nothing left after cleaning: all {cuts} pieces are page furniture")]
    NothingLeft {
        /// How many pieces were cut.
        cuts: usize,
    },
    /// Nothing in it reads as a story: an index page, an error or consent page, an empty shell.
    #[error("not an article: the likeliest story in its {cuts} pieces promises {percent} in 100")]
    NotAnArticle {
        /// The F1 that the best choice of blocks promises, in hundredths.
        percent: u8,
        /// How many pieces were cut.
        cuts: usize,
    },
    /// More decoded text than [`Rules::text_bytes_max`].
    #[error("{bytes} bytes of text, more than the {max} allowed")]
    TooLarge {
        /// Decoded size.
        bytes: usize,
        /// The bound.
        max: usize,
    },
}

/// Asked for the furniture that is known of a source, by its name.
pub type Learnt<'a> = dyn FnMut(&str) -> Arc<Furniture> + 'a;

/// Edits one file: decode, parse, clean, attribute, fingerprint. Where `learnt` is given, what is known of the article's
/// source takes part, and what it tells about its source is said.
///
/// # Errors
/// Only where the whole file is refused: nothing in it, not text, too large. An article of which nothing is left after
/// cleaning is a refused *member*.
pub fn edit(
    bytes: &[u8],
    hints: &Hints<'_>,
    rules: &Rules,
    learnt: Option<&mut Learnt<'_>>,
) -> Result<Edition, Refusal> {
    let decoded = decode::decode(bytes, rules)?;
    let draft = parse::parse(&decoded.text, hints, rules);
    Ok(Edition {
        format: draft.format,
        charset: decoded.charset,
        members: vec![finish(draft, decoded.text, hints, learnt)],
    })
}

/// Edits an article again from its decoded text, whose format is known.
///
/// # Errors
/// Nothing is left of it.
pub fn edit_again(
    input: String,
    format: Format,
    hints: &Hints<'_>,
    rules: &Rules,
    learnt: &mut Learnt<'_>,
) -> Result<Edited, Refusal> {
    let draft = parse::parse_as(&input, format, rules);
    finish(draft, input, hints, Some(learnt))
}

/// From the draft on: clean, once more with the furniture of the source where some of it is in there, and attribute.
fn finish(
    mut draft: parse::Draft,
    input: String,
    hints: &Hints<'_>,
    learnt: Option<&mut Learnt<'_>>,
) -> Result<Edited, Refusal> {
    let cold = clean::clean(&draft, &input)?;
    let source = attribution::source(&draft, hints);
    let Some((learnt, source)) = learnt.zip(source) else {
        let attributed = attribution::attribute(&draft, &cold, hints);
        return Ok(assemble(cold, attributed, input));
    };
    // Some sites give every page the address of their front page, which is no article's.
    let url = attribution::url(&draft)
        .filter(|url| url.value.split('/').skip(3).any(|part| !part.is_empty()));
    let stated: Vec<&str> = url.iter().map(|url| url.value.as_str()).collect();
    let seen = furniture::look(&draft, &cold);
    let observation = furniture::observe(&seen, &cold, &stated);
    let known = learnt(&source.value).among(&observation.keys);
    let marks = furniture::mark(&draft, &seen, &known);
    if !marks.iter().any(|mark| mark.is_text) {
        // What is known changes nothing here: all of it was cut anyway.
        let attributed = attribution::attribute(&draft, &cold, hints);
        let edited = assemble(cold, attributed, input);
        return Ok(observed(edited, observation, known, marks));
    }
    drop(cold);
    set_furniture(&mut draft, &marks, true);
    let hot = clean::clean(&draft, &input).map(|cleaned| {
        let attributed = attribution::attribute(&draft, &cleaned, hints);
        assemble(cleaned, attributed, String::new())
    });
    if let Ok(edited) = hot {
        return Ok(observed(
            Edited { input, ..edited },
            observation,
            known,
            marks,
        ));
    }
    // Nothing but furniture: then it is what the article consists of.
    set_furniture(&mut draft, &marks, false);
    let cleaned = clean::clean(&draft, &input)?;
    let attributed = attribution::attribute(&draft, &cleaned, hints);
    let edited = assemble(cleaned, attributed, input);
    Ok(observed(edited, observation, known, Vec::new()))
}

fn observed(
    edited: Edited,
    observation: Observation,
    known: Furniture,
    marks: Vec<furniture::Mark>,
) -> Edited {
    Edited {
        observation: Some(observation),
        known,
        marked: marks.into_iter().map(|mark| mark.marked).collect(),
        ..edited
    }
}

fn set_furniture(draft: &mut parse::Draft, marks: &[furniture::Mark], is_furniture: bool) {
    for mark in marks {
        if let Some(block) = draft.blocks.get_mut(mark.block) {
            block.is_furniture = is_furniture;
        }
    }
}

/// The last step: the fingerprint of the text, and everything in one value.
fn assemble(
    cleaned: clean::Cleaned<'_>,
    attributed: attribution::Attributed,
    input: String,
) -> Edited {
    Edited {
        member: None,
        guid: None,
        url: attributed.url,
        title: cleaned.title,
        subtitle: cleaned.subtitle,
        fingerprint: fingerprint::fingerprint(&cleaned.text),
        text: cleaned.text,
        byline: attributed.byline,
        dateline: attributed.dateline,
        agency: attributed.agency,
        source: attributed.source,
        published: attributed.published,
        modified: attributed.modified,
        language: attributed.language,
        captions: cleaned.captions,
        credit: cleaned.credit,
        pieces: cleaned.whole,
        input,
        observation: None,
        known: Furniture::default(),
        marked: Vec::new(),
    }
}
