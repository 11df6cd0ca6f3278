//! What the editing is told from outside: hints about a document, and the bounds of the work on it.

use super::{Field, columns};

/// What is known of a file before it is opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// The file's name, lossily decoded: breaks ties only.
    pub file_name: Option<&'a str>,
    /// The source as declared from outside, with the rule that declared it (`config` or `subfolder`).
    pub source: Option<(&'a str, &'static str)>,
    /// What is stated around the document: by the archive it lies in, by the server it was fetched from. What it states
    /// itself comes before.
    pub around: &'a [Around],
    /// The charset that the server stated it was fetched from.
    pub charset: Option<&'a str>,
}

/// A statement about a document that is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// What it is about.
    pub field: Field,
    /// Where it was stated: `warc-target-uri`.
    pub rule: &'static str,
    /// What is stated.
    pub value: String,
}

/// Bounds of the work on one file. The reasons for the defaults stand with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Largest decoded text that is edited, in bytes.
    pub text_bytes_max: usize,
    /// Deepest nesting of HTML elements that is followed, where deeper elements count as this deep; of XML and JSON, where
    /// deeper ones are refused.
    pub depth_max: usize,
    /// Most elements of an XML document, and values of a JSON document.
    pub tokens_max: usize,
    /// Most articles of one document that has to be read as a whole.
    pub articles_max: usize,
    /// How to read JSON of shapes that are not known here.
    pub mappings: Vec<Mapping>,
}

/// How to read JSON of one shape, as somebody said it: where it has what, as JSON pointers (RFC 6901) in which `*` stands
/// for every element of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// What must be there for a document to be of this shape.
    pub signs: Vec<String>,
    /// Where its articles are, if it holds several; the other pointers start from one of them.
    pub articles: Option<String>,
    /// Where the text is, the better place first.
    pub text: Vec<String>,
    /// Where each field is stated, the better place first.
    pub fields: Vec<(Field, String)>,
}

impl Rules {
    /// The names of columns that mappings speak of, as they are compared.
    pub(crate) fn columns(&self) -> Vec<String> {
        let pointers = self.mappings.iter().flat_map(|mapping| {
            let fields = mapping.fields.iter().map(|(_, pointer)| pointer);
            mapping.signs.iter().chain(&mapping.text).chain(fields)
        });
        pointers.filter_map(|it| columns::pointed_at(it)).collect()
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            // The largest single news article seen in development data is 1.3 MB of HTML; fifty times that leaves room
            // for live blogs and still bounds the memory of a worker.
            text_bytes_max: 64 << 20,
            // Real pages nest 20 to 60 deep; browsers stop at 512.
            depth_max: 256,
            // A whole day of a wire in one file has some hundred thousand; two million take 100 MB while they are read.
            tokens_max: 2_000_000,
            articles_max: 100_000,
            mappings: Vec::new(),
        }
    }
}
