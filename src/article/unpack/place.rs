//! Where a member stands: the way from the file to it, one step a layer.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::article::Span;

/// What a layer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The file as it lies there.
    File,
    /// gzip: one step for the compressed member or members that the content came from.
    Gzip,
    /// Zstandard.
    Zstd,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// UTF-16, least byte first: the text in it.
    Utf16le,
    /// UTF-16, greatest byte first: the text in it.
    Utf16be,
    /// A member of a zip archive.
    Zip,
    /// A member of a tar archive.
    Tar,
    /// A record of a WARC.
    Warc,
    /// A message of an mbox.
    Mbox,
    /// A line of JSON Lines.
    Jsonl,
    /// An element of a JSON array.
    JsonArray,
    /// One of several JSON values that follow each other.
    JsonValues,
    /// A row of comma-, semicolon- or bar-separated values.
    Csv,
    /// A row of tab-separated values.
    Tsv,
    /// An item of a feed.
    XmlItems,
    /// One of several articles of a document that is read as a whole, in its decoded text.
    Item,
}

impl Kind {
    /// The name in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Utf16le => "utf-16le",
            Self::Utf16be => "utf-16be",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Warc => "warc",
            Self::Mbox => "mbox",
            Self::Jsonl => "jsonl",
            Self::JsonArray => "json-array",
            Self::JsonValues => "json-values",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::XmlItems => "xml-items",
            Self::Item => "item",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One layer of the way to a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What the layer is.
    pub kind: Kind,
    /// Which of its members, from 1, in the order of the bytes. For gzip the first of the compressed members that hold the
    /// content.
    pub number: Option<u64>,
    /// The line it begins in, from 1, where the layer has lines.
    pub line: Option<u64>,
    /// The member's name, lossily decoded. A name for people: never a path.
    pub name: Option<String>,
    /// Where the member begins, in the bytes that the layer is read from: those the step before gives, or the file's.
    pub start: u64,
    /// One past its last byte, where that was known when the member was given.
    pub end: Option<u64>,
}

impl Step {
    /// A member of a layer.
    pub(super) fn member(kind: Kind, number: u64, start: u64, end: u64) -> Self {
        Self {
            kind,
            number: Some(number),
            line: None,
            name: None,
            start,
            end: Some(end),
        }
    }

    /// A layer that is one stream.
    pub(super) fn whole(kind: Kind, start: u64) -> Self {
        Self {
            kind,
            number: None,
            line: None,
            name: None,
            start,
            end: None,
        }
    }

    /// The same with a name.
    pub(super) fn named(mut self, name: Option<String>) -> Self {
        self.name = name;
        self
    }

    /// The same with the line it begins in.
    pub(super) fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        match (self.line, self.number) {
            (Some(line), _) => write!(f, " line {line}")?,
            (None, Some(number)) if self.kind != Kind::Gzip => write!(f, " #{number}")?,
            _ => {}
        }
        if let Some(name) = &self.name {
            f.write_str(" ")?;
            // A name may hold anything, terminal sequences too.
            for c in name.chars() {
                f.write_str(c.encode_utf8(&mut [0; 4]).trim_matches(char::is_control))?;
            }
        }
        Ok(())
    }
}

/// The way from a file to one of its members; empty where the file is the member.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Place(pub Vec<Step>);

impl Place {
    /// Whether the file is the member.
    pub fn is_whole_file(&self) -> bool {
        self.0.is_empty()
    }

    /// The way to an article of the document at this place: which of them, from 0, and where in its decoded text.
    #[must_use]
    pub fn item(&self, number: usize, span: Span) -> Self {
        let mut steps = self.0.clone();
        let counted = number as u64 + 1;
        steps.push(Step::member(
            Kind::Item,
            counted,
            span.start as u64,
            span.end as u64,
        ));
        Self(steps)
    }

    /// The charset of the text that a member was taken out of, where that is a layer.
    pub fn charset(&self) -> Option<&'static str> {
        let is_charset = |step: &&Step| matches!(step.kind, Kind::Utf16le | Kind::Utf16be);
        let step = self.0.iter().rev().find(is_charset)?;
        Some(step.kind.as_str())
    }

    /// The way in words; nothing where the file is the member.
    pub fn in_words(&self) -> Option<String> {
        (!self.is_whole_file()).then(|| self.to_string())
    }

    /// The way in words, and behind it the bytes of its last step, for whoever has to look there. What names a member is
    /// the way alone: a byte more in the first line would give all others another name.
    pub fn exact(&self) -> String {
        match self.0.last() {
            Some(Step {
                start,
                end: Some(end),
                ..
            }) => format!("{self}, bytes {start} to {end}"),
            Some(Step { start, .. }) => format!("{self}, from byte {start}"),
            None => String::new(),
        }
    }

    /// For the record: the steps as JSON; nothing where the file is the member.
    pub fn to_json(&self) -> Option<String> {
        (!self.is_whole_file()).then(|| serde_json::json!(self).to_string())
    }

    /// What [`Self::to_json`] has written.
    ///
    /// # Errors
    /// It is not that.
    pub fn from_json(kept: &str) -> serde_json::Result<Self> {
        serde_json::from_str(kept)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            write!(f, "{}{step}", if n == 0 { "" } else { " → " })?;
        }
        Ok(())
    }
}
