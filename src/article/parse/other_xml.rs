//! XML of which nobody told how to read it, and XML that is about articles and has none: held, with the reason.

use crate::article::{Refusal, Rules};

use super::element::{self, Shape};
use super::opening::Opening;
use super::xml::{Root, Tree};
use super::{Draft, Format, Reader, whole};

/// Lists of addresses for search engines.
pub(super) const SITEMAP: Reader = Reader {
    format: Format("sitemap"),
    recognise: |opening| {
        ["urlset", "sitemapindex"]
            .contains(&opening.root()?.name)
            .then_some("sitemap-root")
    },
    divide: whole,
    read: |_, _| {
        Err(Refusal::NoText {
            what: "a list of addresses",
        })
    },
    render: None,
};

/// Any other XML.
pub(super) const UNKNOWN: Reader = Reader {
    format: Format("xml-unknown"),
    recognise: |opening| is_unknown(opening).then_some("xml-declaration"),
    divide: whole,
    read,
    render: None,
};

/// Tags that are in any text that is marked up as a page.
const PAGE_TAGS: &[&str] = &["<p>", "<p ", "<div", "<br", "<html", "<body"];

/// How much behind the root is looked at for them.
const LOOKED_AT_BYTES: usize = 64 << 10;

/// Whether a text says that it is XML, and is no page that says so too.
fn is_unknown(opening: &Opening<'_>) -> bool {
    let Some(root) = opening.root().filter(|root| declares(opening, root)) else {
        return false;
    };
    let name = root.name.to_ascii_lowercase();
    let is_page = !matches!(
        element::shape(name.as_bytes()),
        Shape::Inline | Shape::Skipped
    );
    let rest = root
        .rest
        .get(..root.rest.floor_char_boundary(LOOKED_AT_BYTES));
    let rest = rest.unwrap_or("").to_ascii_lowercase();
    !is_page && !PAGE_TAGS.iter().any(|tag| rest.contains(tag))
}

/// Whether a text says that it is XML, and that it is no page.
pub(super) fn declares(opening: &Opening<'_>, root: &Root<'_>) -> bool {
    let opens = |tag: &str| {
        let start = opening.head.get(..tag.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(tag))
    };
    let declares = opens("<?xml") || opens("<!doctype") && !opens("<!doctype html");
    declares && !root.name.eq_ignore_ascii_case("html")
}

/// Most names of elements that are said.
const NAMES_MAX: usize = 12;

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    Err(unknown(&Tree::parse(text, rules)?))
}

/// What is told of XML that nobody knows how to read: the names in it.
pub(super) fn unknown(tree: &Tree<'_>) -> Refusal {
    let root = tree.root();
    let mut keys = vec![tree.name(root).to_owned()];
    for child in tree.children(root) {
        if keys.len() >= NAMES_MAX {
            break;
        }
        let name = tree.name(child);
        if !keys.iter().any(|key| key == name) {
            keys.push(name.to_owned());
        }
    }
    Refusal::UnknownShape { keys }
}
