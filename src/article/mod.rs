//! The pure core: bytes of one file in, edited articles out.
//!
//! [`edit`] runs the five steps in order: decode, parse, clean, attribute, fingerprint. [`duplicate`] compares two
//! edited texts. What a file is called, where it lies and what else is in the record is somebody else's business.
//!
//! Invariant: no files, no clock, no threads, no SQL, no logging in here; the same input gives the same output.

mod attribution;
mod clean;
mod columns;
pub mod cutting;
mod decode;
pub mod duplicate;
mod editing;
mod edition;
pub mod fingerprint;
mod forest;
pub mod furniture;
pub mod leaf;
pub mod object;
mod octets;
mod parse;
mod prose;
mod refusal;
mod rules;
mod squeeze;
pub mod theme;
pub mod unpack;
pub mod writethru;

pub use clean::learning;

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod edit_tests;

pub use clean::Label;
pub use cutting::{Cut, Piece};
pub use editing::{Learnt, edit, edit_again};
pub use edition::{Candidate, Edited, Edition};
pub use parse::Field;
pub use refusal::Refusal;
pub use rules::{Around, Hints, Mapping, Rules};

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

/// What a document is, by content: the name of one of the formats that are read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Format(&'static str);

impl Format {
    /// Plain text.
    pub const TEXT: Self = Self("text");
    /// HTML.
    pub const HTML: Self = Self("html");

    /// The name in the article object, in the record and on the command line.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// All formats that are read.
    pub fn all() -> impl Iterator<Item = Self> {
        parse::formats()
    }

    /// The format of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        parse::format_named(name)
    }
}
