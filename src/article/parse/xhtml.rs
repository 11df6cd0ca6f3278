//! Stories in XHTML as agencies send them: what the classes of their paragraphs say.

use crate::article::Label;

use super::xml::{Element, Part, Tree};

/// What the elements of a story read as.
pub(super) fn part(tree: &Tree<'_>, element: Element) -> Part {
    let class = tree.attribute(element, "class");
    let class = class.as_ref().map_or("", |class| class.text());
    let is = |names: &[&str]| class.split_whitespace().any(|word| names.contains(&word));
    let name = tree.name(element);
    let in_header = tree.name(tree.parent(element)) == "header";
    if name != "body" && is(&["teaser"]) {
        return Part::Given(Label::Subtitle, "xhtml-teaser");
    }
    if is(&["byline"]) {
        return Part::Given(Label::Byline, "xhtml-byline");
    }
    if is(&[
        "notepad",
        "np-nonpublic",
        "np-public",
        "nonpublic",
        "ednote",
    ]) {
        return Part::Given(Label::Notice, "xhtml-notepad");
    }
    if is(&["closingline", "signature"]) {
        return Part::Given(Label::Credit, "xhtml-closing-line");
    }
    match name {
        "h1" if in_header => Part::Given(Label::Title, "xhtml-h1"),
        "h2" | "h3" | "h4" | "ul" | "ol" | "time" | "p" | "div" | "span" if in_header => {
            Part::Given(Label::Furniture, "xhtml-header")
        }
        "footer" => Part::Given(Label::Furniture, "xhtml-footer"),
        _ => Part::Itself,
    }
}
