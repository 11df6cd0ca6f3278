//! TEI: the Text Encoding Initiative's markup, as trafilatura writes pages and as corpora keep articles.
//!
//! <https://tei-c.org/guidelines/>

use crate::article::{Label, Refusal, Rules};

use super::telling::Telling;
use super::xml::{Element, Part, Tree};
use super::{Draft, Drafter, Field, Format, Reader, trafilatura_xml, whole};

/// TEI.
pub(super) const READER: Reader = Reader {
    format: Format("tei"),
    recognise: |opening| {
        ["TEI", "TEI.2"]
            .contains(&opening.root()?.name)
            .then_some("tei-root")
    },
    divide: whole,
    read,
    render: None,
};

/// Where the document's own description stands, and that of what it was made from.
const HEADS: [&str; 3] = [
    "teiHeader/fileDesc/sourceDesc/biblFull",
    "teiHeader/fileDesc",
    "teiHeader/fileDesc/sourceDesc/bibl",
];

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let root = tree.root();
    let mut drafter = Drafter::new(rules);
    let mut telling = Telling {
        tree: &tree,
        drafter: &mut drafter,
    };
    for head in HEADS.iter().flat_map(|path| tree.at(root, path)) {
        described(&mut telling, head);
    }
    telling.attributes(
        Field::Language,
        "tei-language",
        root,
        "teiHeader/profileDesc/langUsage/language",
        "ident",
    );
    telling.attributes(Field::Language, "tei-lang", root, "text", "lang");
    telling.attributes(Field::Language, "tei-lang", root, "", "lang");
    telling.texts(
        Field::Keyword,
        "tei-term",
        root,
        "teiHeader/profileDesc/textClass/keywords/term",
    );
    for body in tree.at(root, "text/body") {
        drafter.element(&tree, body, &part);
    }
    Ok(drafter.finish())
}

/// What a description says: it is the same in both places, and the source's is the fuller.
fn described(telling: &mut Telling<'_, '_, '_, '_>, head: Element) {
    let tree = telling.tree;
    for title in [tree.at(head, "titleStmt/title"), tree.at(head, "title")].concat() {
        let kind = tree.attribute(title, "type");
        let is_sub = kind.is_some_and(|kind| kind.text() == "sub");
        let field = if is_sub {
            Field::Subtitle
        } else {
            Field::Title
        };
        telling
            .drafter
            .tell_lifted(field, "tei-title", &tree.text(title));
    }
    for path in ["titleStmt/author", "author"] {
        telling.texts(Field::Byline, "tei-author", head, path);
        telling.texts(Field::Agency, "tei-author", head, path);
    }
    for path in ["publicationStmt/date", "date"] {
        telling.attributes(Field::Published, "tei-date", head, path, "when");
        telling.texts(Field::Published, "tei-date", head, path);
    }
    telling.texts(
        Field::Source,
        "tei-publisher",
        head,
        "publicationStmt/publisher",
    );
    telling.texts(Field::Source, "tei-publisher", head, "publisher");
    telling.attributes(
        Field::Url,
        "tei-pointer",
        head,
        "publicationStmt/ptr",
        "target",
    );
    telling.texts(
        Field::Copyright,
        "tei-licence",
        head,
        "publicationStmt/availability",
    );
}

fn part(tree: &Tree<'_>, element: Element) -> Part {
    let kind = tree.attribute(element, "type");
    match kind.as_ref().map_or("", |kind| kind.text()) {
        "comments" => Part::Given(Label::Comments, "tei-comments"),
        _ => trafilatura_xml::part(tree, element),
    }
}
