//! RSS in all its versions: 0.9x, 1.0 (in RDF) and 2.0, with what Dublin Core, `content:encoded` and Media RSS add to it.
//!
//! <https://www.rssboard.org/rss-specification>, <https://web.resource.org/rss/1.0/spec>. A feed with one item is that
//! article, and its channel tells of it too; of a feed with more each item stands for itself.

use crate::article::{Label, Refusal, Rules, Span};

use super::lifted::Lifted;
use super::opening::Opening;
use super::telling::{Telling, are_same};
use super::xml::{Element, Tree};
use super::{Draft, Drafter, Field, Format, Reader};

/// RSS.
pub(super) const READER: Reader = Reader {
    format: Format("rss"),
    recognise: |opening| is_rss(opening).then_some("rss-root"),
    divide: items,
    read,
    render: None,
};

/// Whether the root is one of RSS; RDF may be anything else too.
pub(super) fn is_rss(opening: &Opening<'_>) -> bool {
    opening.root().is_some_and(|root| match root.name {
        "rss" => true,
        "RDF" => root.tag.contains("purl.org/rss/1.0") || root.tag.contains("my.netscape.com/rdf"),
        _ => false,
    })
}

/// The items of a feed, where they are several.
pub(super) fn items(text: &str, rules: &Rules) -> Result<Vec<Span>, Refusal> {
    let tree = Tree::parse(text, rules)?;
    Ok(tree.several("item"))
}

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let item = only_item(&tree)?;
    let mut drafter = Drafter::new(rules);
    let mut telling = Telling {
        tree: &tree,
        drafter: &mut drafter,
    };
    fields(&mut telling, item);
    authors(&mut telling, item);
    body(&mut telling, item, |telling, body| {
        telling.drafter.prose(body);
    });
    if item != tree.root() {
        channel(&mut telling);
    }
    Ok(drafter.finish())
}

/// The item that is the article: the root of a part, or the one that the feed has.
pub(super) fn only_item(tree: &Tree<'_>) -> Result<Element, Refusal> {
    let root = tree.root();
    let item = (tree.name(root) == "item")
        .then_some(root)
        .or_else(|| tree.all(root, "item").next());
    item.ok_or(Refusal::NoText {
        what: "a feed without an item",
    })
}

/// Prefixes of what is added to a feed by others, whose names are often those of the feed itself.
const FOREIGN: &[&str] = &[
    "media",
    "itunes",
    "dc",
    "dcterms",
    "content",
    "excerpt",
    "wp",
    "slash",
    "georss",
    "thr",
    "feedburner",
    "atom",
    "atom10",
    "a10",
    "googleplay",
    "podcast",
    "snf",
    "yandex",
    "image",
    "admin",
    "sy",
    "prism",
];

/// The elements of a name straight in another that are the feed's own, or those of the prefix.
pub(super) fn of<'t>(
    tree: &'t Tree<'_>,
    element: Element,
    prefix: &'t str,
    name: &'t str,
) -> impl Iterator<Item = Element> + 't {
    tree.children(element).filter(move |child| {
        let written = tree.written(*child);
        let (before, local) = written.split_once(':').unwrap_or(("", written));
        let is_of = if prefix.is_empty() {
            !FOREIGN.contains(&before)
        } else {
            before == prefix
        };
        local == name && is_of
    })
}

/// Tells a field by the elements of a name.
pub(super) fn tell(
    telling: &mut Telling<'_, '_, '_, '_>,
    field: Field,
    rule: &'static str,
    element: Element,
    (prefix, name): (&str, &str),
) {
    for found in of(telling.tree, element, prefix, name) {
        telling
            .drafter
            .tell_lifted(field, rule, &telling.tree.text(found));
    }
}

/// What an item says of itself.
pub(super) fn fields(telling: &mut Telling<'_, '_, '_, '_>, item: Element) {
    let tree = telling.tree;
    for title in of(tree, item, "", "title") {
        let title = tree.text(title);
        telling
            .drafter
            .tell_lifted(Field::Title, "rss-title", &title);
        telling.drafter.line(Label::Title, "rss-title", &title);
    }
    for (field, rule, name) in [
        (Field::Title, "rss-dc-title", ("dc", "title")),
        (Field::Guid, "rss-guid", ("", "guid")),
        (Field::Guid, "rss-dc-identifier", ("dc", "identifier")),
        (Field::Url, "rss-link", ("", "link")),
        (Field::Published, "rss-pub-date", ("", "pubDate")),
        (Field::Published, "rss-dc-date", ("dc", "date")),
        (
            Field::Published,
            "rss-dcterms-issued",
            ("dcterms", "issued"),
        ),
        (
            Field::Published,
            "rss-atom-published",
            ("atom", "published"),
        ),
        (
            Field::Modified,
            "rss-dcterms-modified",
            ("dcterms", "modified"),
        ),
        (Field::Modified, "rss-atom-updated", ("atom", "updated")),
        (Field::Modified, "rss-atom-updated", ("a10", "updated")),
        (Field::Source, "rss-source", ("", "source")),
        (Field::Source, "rss-dc-publisher", ("dc", "publisher")),
        (Field::Agency, "rss-dc-source", ("dc", "source")),
        (Field::Agency, "rss-media-credit", ("", "credit")),
        (Field::Language, "rss-dc-language", ("dc", "language")),
        (Field::Copyright, "rss-dc-rights", ("dc", "rights")),
        (Field::Keyword, "rss-category", ("", "category")),
        (Field::Keyword, "rss-dc-subject", ("dc", "subject")),
    ] {
        tell(telling, field, rule, item, name);
    }
    telling.attributes(Field::Guid, "rss-about", item, "", "about");
    telling.attributes(Field::Language, "rss-lang", item, "", "lang");
    // A guid is an address unless it says that it is none.
    for guid in of(tree, item, "", "guid") {
        let says_no = tree
            .attribute(guid, "isPermaLink")
            .is_some_and(|it| it.text() == "false");
        if !says_no {
            telling
                .drafter
                .tell_lifted(Field::Url, "rss-guid", &tree.text(guid));
        }
    }
    for media in ["content", "group/content", "thumbnail", "group"] {
        for picture in tree.at(item, media) {
            for caption in of(tree, picture, "media", "description") {
                telling
                    .drafter
                    .aside(Label::Caption, "rss-media-description", &tree.text(caption));
            }
        }
    }
}

/// Its authors: Dublin Core has names, RSS itself has addresses of mail with names behind them.
fn authors(telling: &mut Telling<'_, '_, '_, '_>, item: Element) {
    let tree = telling.tree;
    tell(
        telling,
        Field::Byline,
        "rss-dc-creator",
        item,
        ("dc", "creator"),
    );
    tell(
        telling,
        Field::Agency,
        "rss-dc-creator",
        item,
        ("dc", "creator"),
    );
    for author in of(tree, item, "", "author") {
        let author = mail_name(&tree.text(author));
        telling
            .drafter
            .tell_lifted(Field::Byline, "rss-author", &author);
        telling
            .drafter
            .tell_lifted(Field::Agency, "rss-author", &author);
    }
    tell(
        telling,
        Field::Byline,
        "rss-itunes-author",
        item,
        ("itunes", "author"),
    );
}

/// The name of `jane@example.org (Jane Roe)` and of `Jane Roe <jane@example.org>`; what has no name stays as it is.
pub(super) fn mail_name(author: &Lifted) -> Lifted {
    let text = author.text();
    let find = |mark| text.find(mark);
    if let (Some(open), Some(close)) = (find('('), text.rfind(')'))
        && text.get(..open).is_some_and(|mail| mail.contains('@'))
    {
        return author.part(Span::new(open + 1, close));
    }
    match find('<') {
        Some(open) if open > 0 && text.contains('@') => author.part(Span::new(0, open)),
        _ => author.clone(),
    }
}

/// The text, as full as it is there: what stands before the full text is its teaser.
pub(super) fn body(
    telling: &mut Telling<'_, '_, '_, '_>,
    item: Element,
    write: impl Fn(&mut Telling<'_, '_, '_, '_>, &Lifted),
) {
    let tree = telling.tree;
    let said = |(prefix, name)| {
        let found = of(tree, item, prefix, name).map(|it| tree.text(it));
        found.filter(|text| !text.is_blank()).collect::<Vec<_>>()
    };
    let mut texts = said(("content", "encoded"));
    let is_full = !texts.is_empty();
    for name in [
        ("", "fulltext"),
        ("yandex", "full-text"),
        ("", "description"),
        ("itunes", "summary"),
        ("", "body"),
    ] {
        texts.extend(said(name));
    }
    let excerpts = said(("excerpt", "encoded"));
    let mut texts = texts.into_iter();
    let Some(full) = texts.next() else {
        return;
    };
    write(telling, &full);
    for teaser in texts.chain(excerpts) {
        let is_other = !are_same(teaser.text(), full.text());
        let label = if is_full && is_other {
            Label::Subtitle
        } else {
            Label::Furniture
        };
        telling.drafter.aside(label, "rss-teaser", &teaser);
    }
}

/// What the feed says, for want of anything nearer.
pub(super) fn channel(telling: &mut Telling<'_, '_, '_, '_>) {
    let root = telling.tree.root();
    for channel in telling.tree.at(root, "channel") {
        for (field, rule, name) in [
            (Field::Source, "rss-channel-title", ("", "title")),
            (Field::Language, "rss-channel-language", ("", "language")),
            (Field::Language, "rss-channel-language", ("dc", "language")),
            (Field::Copyright, "rss-channel-copyright", ("", "copyright")),
            (Field::Copyright, "rss-channel-copyright", ("dc", "rights")),
        ] {
            tell(telling, field, rule, channel, name);
        }
    }
    telling.attributes(Field::Language, "rss-lang", root, "", "lang");
}
