//! What is looked at to tell what a text is.

use std::cell::OnceCell;

use crate::article::{Rules, prose};

use super::{json, other_xml, xml};

/// How much of a text is looked at.
const HEAD_BYTES: usize = 64 << 10;

/// Roots of standards that may hold what another has.
const ENVELOPES: &[&str] = &[
    "newsMessage",
    "newsItem",
    "packageItem",
    "contentSet",
    "NewsML",
    "rss",
    "RDF",
    "feed",
    "entry",
    "TEI",
];

/// A text of which nobody knows yet what it is.
#[derive(Debug)]
pub(super) struct Opening<'a> {
    /// All of it.
    pub(super) text: &'a str,
    /// Its first 64 KiB, from the first visible character on.
    pub(super) head: &'a str,
    /// The file's name in lower case: it only decides where the content leaves it open.
    pub(super) name: String,
    /// The bounds, and what is configured.
    pub(super) rules: &'a Rules,
    root: OnceCell<Option<xml::Root<'a>>>,
    document: OnceCell<Option<json::Document<'a>>>,
}

impl<'a> Opening<'a> {
    pub(super) fn new(text: &'a str, file_name: Option<&str>, rules: &'a Rules) -> Self {
        let head = text
            .get(..text.floor_char_boundary(HEAD_BYTES))
            .unwrap_or(text);
        let invisible = |c| prose::is_blank(c) || prose::is_invisible(c);
        Self {
            text,
            head: head.trim_start_matches(invisible),
            name: file_name.unwrap_or_default().to_lowercase(),
            rules,
            root: OnceCell::new(),
            document: OnceCell::new(),
        }
    }

    /// Whether the file's name ends in one of these.
    pub(super) fn is_named(&self, ends: &[&str]) -> bool {
        ends.iter().any(|end| self.name.ends_with(end))
    }

    /// The root element, where the text opens as XML does.
    pub(super) fn root(&self) -> Option<&xml::Root<'a>> {
        let find = || {
            // A document type may be longer than what is looked at otherwise.
            let declares = self.head.starts_with("<!") || self.head.starts_with("<?");
            xml::Root::of(self.head).or_else(|| declares.then(|| xml::Root::of(self.text))?)
        };
        self.root.get_or_init(find).as_ref()
    }

    /// Whether an element of this name lies in a root that nobody knows: some systems put an envelope of their own around
    /// what a standard has.
    pub(super) fn encloses(&self, name: &str) -> bool {
        let is_start = |rest: &str| rest.starts_with(|c: char| c.is_whitespace() || c == '>');
        self.root()
            .filter(|root| other_xml::declares(self, root))
            .filter(|root| !ENVELOPES.contains(&root.name))
            .is_some_and(|root| {
                let mut tags = root.rest.split('<');
                tags.any(|tag| tag.strip_prefix(name).is_some_and(is_start))
            })
    }

    /// The whole document, where it is JSON; scanned once, whoever asks.
    pub(super) fn json(&self) -> Option<&json::Document<'a>> {
        let scan = || {
            let opens = json::opens(self.head);
            opens.then(|| json::Document::parse(self.text, self.rules).ok())?
        };
        self.document.get_or_init(scan).as_ref()
    }
}
