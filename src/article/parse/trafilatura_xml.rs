//! What trafilatura writes as XML: a page's text, and what it found out about it as attributes of the root.
//!
//! <https://trafilatura.readthedocs.io/>: `main` and `comments` with `head`, `p`, `list`, `quote`, `table`, `hi`, `ref`.

use crate::article::{Label, Refusal, Rules};

use super::telling::Telling;
use super::xml::{Element, Part, Tree};
use super::{Draft, Drafter, Field, Format, Reader, whole};

/// trafilatura's XML.
pub(super) const READER: Reader = Reader {
    format: Format("trafilatura-xml"),
    recognise: |opening| {
        let root = opening.root()?;
        let is_known = root.rest.trim_start().starts_with("<main")
            || ["sitename=", "hostname=", "fingerprint="]
                .iter()
                .any(|name| root.tag.contains(name));
        (root.name == "doc" && is_known).then_some("trafilatura-doc")
    },
    divide: whole,
    read,
    render: None,
};

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let doc = tree.root();
    let mut drafter = Drafter::new(rules);
    let mut telling = Telling {
        tree: &tree,
        drafter: &mut drafter,
    };
    for (field, rule, name) in [
        (Field::Title, "trafilatura-title", "title"),
        (Field::Byline, "trafilatura-author", "author"),
        (Field::Agency, "trafilatura-author", "author"),
        (Field::Published, "trafilatura-date", "date"),
        (Field::Url, "trafilatura-url", "url"),
        (Field::Url, "trafilatura-source", "source"),
        (Field::Source, "trafilatura-sitename", "sitename"),
        (Field::Source, "trafilatura-hostname", "hostname"),
        (Field::Language, "trafilatura-language", "language"),
        (Field::Copyright, "trafilatura-license", "license"),
        (Field::Keyword, "trafilatura-tags", "tags"),
        (Field::Keyword, "trafilatura-categories", "categories"),
    ] {
        telling.attributes(field, rule, doc, "", name);
    }
    for main in tree.at(doc, "main") {
        drafter.element(&tree, main, &part);
    }
    for comments in tree.at(doc, "comments") {
        drafter.aside_element(Label::Comments, "trafilatura-comments", &tree, comments);
    }
    Ok(drafter.finish())
}

/// What its elements, which are those of TEI, read as.
pub(super) fn part(tree: &Tree<'_>, element: Element) -> Part {
    let rend = || tree.attribute(element, "rend");
    match tree.name(element) {
        "head" | "ab" | "fw" => match rend().as_ref().map_or("", |rend| rend.text()) {
            "h1" => Part::As("h1"),
            "h3" => Part::As("h3"),
            "h4" | "h5" | "h6" => Part::As("h4"),
            _ => Part::As("h2"),
        },
        "list" => Part::As("ul"),
        "item" => Part::As("li"),
        "quote" | "cit" => Part::As("blockquote"),
        "row" => Part::As("tr"),
        "cell" => Part::As("td"),
        "lb" => Part::As("br"),
        "ref" => Part::As("a"),
        "figDesc" => Part::As("figcaption"),
        "sp" | "lg" | "entry" => Part::As("div"),
        "l" => Part::As("p"),
        "note" => Part::Given(Label::Notice, "tei-note"),
        "graphic" => Part::Out,
        _ => Part::Itself,
    }
}
