//! Atom 1.0 and 0.3: feeds of entries, and an entry alone.
//!
//! <https://www.rfc-editor.org/rfc/rfc4287>

use crate::article::{Label, Refusal, Rules, Span};

use super::lifted::Lifted;
use super::telling::Telling;
use super::xml::{Element, Part, Tree};
use super::{Draft, Drafter, Field, Format, Reader, nitf, rss, xhtml};

/// Atom.
pub(super) const READER: Reader = Reader {
    format: Format("atom"),
    recognise: |opening| {
        let root = opening.root()?;
        let is_atom = root.name == "feed" || root.name == "entry" && root.tag.contains("Atom");
        is_atom.then_some("atom-root")
    },
    divide: |text, rules| Ok(Tree::parse(text, rules)?.several("entry")),
    read,
    render: None,
};

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let root = tree.root();
    let entry = (tree.name(root) == "entry")
        .then_some(root)
        .or_else(|| tree.all(root, "entry").next());
    let entry = entry.ok_or(Refusal::NoText {
        what: "a feed without an entry",
    })?;
    let mut drafter = Drafter::new(rules);
    let mut telling = Telling {
        tree: &tree,
        drafter: &mut drafter,
    };
    fields(&mut telling, entry);
    body(&mut telling, entry);
    if entry != root {
        for (field, rule, name) in [
            (Field::Source, "atom-feed-title", "title"),
            (Field::Copyright, "atom-feed-rights", "rights"),
        ] {
            rss::tell(&mut telling, field, rule, root, ("", name));
        }
        telling.texts(Field::Byline, "atom-feed-author", root, "author/name");
        telling.attributes(Field::Language, "atom-lang", root, "", "lang");
    }
    Ok(drafter.finish())
}

fn fields(telling: &mut Telling<'_, '_, '_, '_>, entry: Element) {
    let tree = telling.tree;
    for title in rss::of(tree, entry, "", "title") {
        let title = plain(telling, title);
        telling
            .drafter
            .tell_lifted(Field::Title, "atom-title", &title);
        telling.drafter.line(Label::Title, "atom-title", &title);
    }
    for (field, rule, name) in [
        (Field::Guid, "atom-id", "id"),
        (Field::Published, "atom-published", "published"),
        (Field::Published, "atom-issued", "issued"),
        (Field::Published, "atom-updated", "updated"),
        (Field::Modified, "atom-updated", "updated"),
        (Field::Modified, "atom-modified", "modified"),
        (Field::Copyright, "atom-rights", "rights"),
    ] {
        rss::tell(telling, field, rule, entry, ("", name));
    }
    for link in rss::of(tree, entry, "", "link") {
        let relation = tree.attribute(link, "rel");
        if relation.is_none_or(|relation| relation.text() == "alternate") {
            telling.attributes(Field::Url, "atom-link", link, "", "href");
        }
    }
    telling.texts(Field::Source, "atom-source", entry, "source/title");
    telling.texts(Field::Byline, "atom-author", entry, "author/name");
    telling.texts(Field::Agency, "atom-author", entry, "author/name");
    telling.texts(
        Field::Copyright,
        "atom-source-rights",
        entry,
        "source/rights",
    );
    rss::tell(
        telling,
        Field::Byline,
        "atom-dc-creator",
        entry,
        ("dc", "creator"),
    );
    for category in rss::of(tree, entry, "", "category") {
        telling.attributes(Field::Keyword, "atom-category", category, "", "term");
    }
    telling.attributes(Field::Language, "atom-lang", entry, "content", "lang");
    telling.attributes(Field::Language, "atom-lang", entry, "", "lang");
    for path in ["group/description", "content/description"] {
        for caption in tree
            .at(entry, path)
            .into_iter()
            .filter(|it| tree.written(*it).starts_with("media:"))
        {
            telling.drafter.aside(
                Label::Caption,
                "atom-media-description",
                &tree.text(caption),
            );
        }
    }
}

/// A headline without the tags that may be in it as text.
fn plain(telling: &Telling<'_, '_, '_, '_>, title: Element) -> Lifted {
    let text = telling.tree.text(title);
    let kind = telling.tree.attribute(title, "type");
    if kind.is_none_or(|kind| kind.text() != "html") {
        return text;
    }
    let mut plain = Lifted::default();
    let mut from = 0;
    while let Some(open) = text.text().get(from..).and_then(|rest| rest.find('<')) {
        let Some(length) = text
            .text()
            .get(from + open..)
            .and_then(|rest| rest.find('>'))
        else {
            break;
        };
        plain.append(&text.part(Span::new(from, from + open)));
        from += open + length + 1;
    }
    plain.append(&text.part(Span::new(from, text.text().len())));
    plain
}

/// The content, else the summary; with both the summary stands before it.
fn body(telling: &mut Telling<'_, '_, '_, '_>, entry: Element) {
    let tree = telling.tree;
    let content = rss::of(tree, entry, "", "content").find(|content| {
        let kind = tree.attribute(*content, "type");
        let kind = kind.as_ref().map_or("", |kind| kind.text());
        let is_text = !kind.contains('/') || kind.starts_with("text/") || kind.ends_with("xml");
        is_text && tree.attribute(*content, "src").is_none() && !tree.text(*content).is_blank()
    });
    let summary = rss::of(tree, entry, "", "summary").next();
    match (content, summary) {
        (Some(content), summary) => {
            write(telling, content);
            if let Some(summary) = summary {
                telling
                    .drafter
                    .aside(Label::Subtitle, "atom-summary", &tree.text(summary));
            }
        }
        (None, Some(summary)) => write(telling, summary),
        (None, None) => {}
    }
}

fn write(telling: &mut Telling<'_, '_, '_, '_>, content: Element) {
    let tree = telling.tree;
    if let Some(story) = tree.child(content, "nitf") {
        nitf::story(tree, story, telling.drafter);
        return;
    }
    let kind = tree.attribute(content, "type");
    match kind.as_ref().map_or("text", |kind| kind.text()) {
        "xhtml" | "application/xhtml+xml" => {
            let part = |tree: &Tree<'_>, element: Element| -> Part { xhtml::part(tree, element) };
            telling.drafter.element(tree, content, &part);
        }
        "html" | "text/html" => telling.drafter.html(&tree.text(content)),
        _ => telling.drafter.element(tree, content, &xhtml::part),
    }
}
