//! XML of no standard, with elements whose names say what they are, as content systems and agencies export it:
//! `<articles><article><headline>…</headline><body>…</body></article></articles>`.
//!
//! Which name is which field is the list that tables and JSON go by. An article is what has one headline and one text in
//! it, one of them straight in it and the other there or in a part of it (`<head>`, `<meta>`).

use crate::article::columns::{self, Named};
use crate::article::{Refusal, Rules, Span};

use super::opening::Opening;
use super::xml::{Element, Part, Root, Tree};
use super::{Draft, Drafter, Field, Format, Reader, other_xml, xhtml};

/// XML with names that say what they are.
pub(super) const READER: Reader = Reader {
    format: Format("xml"),
    recognise: |opening| is_record(opening).then_some("xml-element-names"),
    divide,
    read,
    render: None,
};

/// Names of the text that are names of what is around an article, in XML.
const AROUND: &[&str] = &[
    "article", "artikel", "document", "html", "news", "page", "post", "rawhtml", "story",
];

/// Most start tags that are looked at.
const TAGS_MAX: usize = 2000;

/// Whether a name is one of the text.
fn is_body(name: &str) -> bool {
    columns::BODIES.contains(&name) && !AROUND.contains(&name)
}

fn is_title(name: &str) -> bool {
    let mut titles = columns::FIELDS.iter();
    let titles = titles.find(|it| it.field == Field::Title);
    titles.is_some_and(|it| it.names.contains(&name))
}

/// Whether a text says that it is XML, and has the names of a headline and of a text.
fn is_record(opening: &Opening<'_>) -> bool {
    let Some(root) = opening
        .root()
        .filter(|root| other_xml::declares(opening, root))
    else {
        return false;
    };
    let names = tag_names(root).take(TAGS_MAX);
    let (mut title, mut body) = (false, false);
    for name in names {
        title |= is_title(&name);
        body |= is_body(&name);
    }
    title && body
}

/// The names of the start tags behind a root, as they are compared.
fn tag_names<'r>(root: &'r Root<'_>) -> impl Iterator<Item = String> + 'r {
    let tags = root.rest.split('<').skip(1);
    let opens = tags.filter(|tag| tag.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    opens.map(|tag| {
        let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
        let name = tag.get(..end.unwrap_or(tag.len())).unwrap_or(tag);
        columns::plain(name.rsplit(':').next().unwrap_or(name))
    })
}

/// The articles of a document, in order.
fn articles(tree: &Tree<'_>) -> Vec<Element> {
    let is_one = |element: &Element| {
        let (mut titles, mut bodies, mut is_own) = (0, 0, false);
        for (name, part) in parts(tree, *element) {
            let is_text = is_body(&name) && !tree.text(part).is_blank();
            titles += usize::from(is_title(&name));
            bodies += usize::from(is_text);
            is_own |= tree.parent(part) == *element && (is_text || is_title(&name));
        }
        titles == 1 && bodies >= 1 && is_own
    };
    let mut articles: Vec<Element> = Vec::new();
    let mut end = 0;
    for element in tree.everything() {
        let span = tree.span(element);
        if span.start >= end && is_one(&element) {
            end = span.end;
            articles.push(element);
        }
    }
    articles
}

/// What is in an element and in the elements in it, by name; what is in its text stands by itself.
fn parts(tree: &Tree<'_>, element: Element) -> Vec<(String, Element)> {
    let mut parts = Vec::new();
    for child in tree.children(element) {
        let name = columns::plain(tree.name(child));
        let is_leaf = is_body(&name) || is_title(&name);
        parts.push((name, child));
        if !is_leaf {
            let inside = tree.children(child);
            parts.extend(inside.map(|inner| (columns::plain(tree.name(inner)), inner)));
        }
    }
    parts
}

fn divide(text: &str, rules: &Rules) -> Result<Vec<Span>, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let articles = articles(&tree);
    if articles.is_empty() {
        return Err(other_xml::unknown(&tree));
    }
    let is_several = articles.len() > 1;
    let spans = articles.into_iter().map(|article| tree.span(article));
    Ok(if is_several {
        spans.collect()
    } else {
        Vec::new()
    })
}

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let Some(article) = articles(&tree).into_iter().next() else {
        return Err(other_xml::unknown(&tree));
    };
    let mut drafter = Drafter::new(rules);
    let parts = parts(&tree, article);
    let body = columns::BODIES.iter().find_map(|body| {
        let bodies = parts
            .iter()
            .filter(|(name, _)| name == body && is_body(name));
        let mut bodies = bodies.map(|(_, element)| *element);
        bodies.find(|element| !tree.text(*element).is_blank())
    });
    for known in columns::FIELDS {
        tell(&tree, article, &parts, *known, &mut drafter);
    }
    if let Some(body) = body {
        drafter.element(&tree, body, &part);
    }
    Ok(drafter.finish())
}

/// Attributes in which an element says what others have as text.
const SAYING: &[&str] = &["value", "href", "name", "content"];

/// States a field by the elements of its names, else by attributes of the article itself.
fn tell(
    tree: &Tree<'_>,
    article: Element,
    parts: &[(String, Element)],
    known: Named,
    drafter: &mut Drafter<'_>,
) {
    for name in known.names {
        for (_, element) in parts.iter().filter(|(is, _)| is == name) {
            let named = tree.child(*element, "name").map(|name| tree.text(name));
            let said = named.unwrap_or_else(|| tree.text(*element));
            if !said.is_blank() {
                drafter.tell_lifted(known.field, known.element, &said);
                continue;
            }
            let mut attributes = SAYING.iter().filter_map(|it| tree.attribute(*element, it));
            if let Some(said) = attributes.next() {
                drafter.tell_lifted(known.field, known.element, &said);
            }
        }
    }
    for name in known.names {
        if let Some(said) = tree.attribute(article, name) {
            drafter.tell_lifted(known.field, known.element, &said);
        }
    }
}

/// What the elements of a text read as: each has its own names of a paragraph.
fn part(tree: &Tree<'_>, element: Element) -> Part {
    match columns::plain(tree.name(element)).as_str() {
        "para" | "paragraph" | "par" | "absatz" | "parrafo" | "paragraphe" | "text" => {
            Part::As("p")
        }
        "subhead" | "subheading" | "crosshead" | "zwischentitel" => Part::As("h3"),
        _ => xhtml::part(tree, element),
    }
}
