//! NITF 3: the IPTC's markup of one story, as agencies have sent it since 1998.
//!
//! <https://iptc.org/standards/nitf/>. Many use it as they like: the byline may hold a subtitle, the title may be cut, the
//! document's number may be missing.

use crate::article::{Label, Refusal, Rules, Span, prose};

use super::telling::{Telling, are_same};
use super::xml::{Element, Part, Tree};
use super::{Draft, Drafter, Field, Format, Reader};

/// NITF.
pub(super) const READER: Reader = Reader {
    format: Format("nitf"),
    recognise: |opening| {
        let is_root = opening.root()?.name == "nitf";
        let is_inside = || opening.encloses("nitf").then_some("nitf-inside");
        is_root.then_some("nitf-root").or_else(is_inside)
    },
    divide: |text, rules| Ok(Tree::parse(text, rules)?.several("nitf")),
    read,
    render: None,
};

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let mut drafter = Drafter::new(rules);
    let root = tree.root();
    let nitf = tree.all(root, "nitf").next();
    story(&tree, nitf.unwrap_or(root), &mut drafter);
    Ok(drafter.finish())
}

/// A story and what is said of it, in the element `nitf`, wherever that stands.
pub(super) fn story(tree: &Tree<'_>, nitf: Element, drafter: &mut Drafter<'_>) {
    let mut telling = Telling { tree, drafter };
    for (field, rule, path, attribute) in DATA {
        telling.attributes(*field, rule, nitf, path, attribute);
    }
    kills(&mut telling, nitf);
    embargo(&mut telling, nitf);
    credits(&mut telling, nitf);
    titles(&mut telling, nitf);
    bylines(&mut telling, nitf);
    place(&mut telling, nitf);
    for body in tree.at(nitf, "body/body.content") {
        drafter.element(tree, body, &part);
    }
    for end in tree.at(nitf, "body/body.end/tagline") {
        // Who wrote it, or whom editors may call.
        let line = tree.text(end);
        let is_contact = line.text().contains('@');
        let label = if is_contact {
            Label::Furniture
        } else {
            Label::Credit
        };
        drafter.line(label, "nitf-tagline", &line);
    }
}

/// What the document's data tells: field, rule, where, and in which attribute. Of one field the better comes first.
#[rustfmt::skip] // a table
const DATA: &[(Field, &str, &str, &str)] = &[
    (Field::Guid, "nitf-doc-id", "head/docdata/doc-id", "id-string"),
    (Field::Version, "nitf-du-key", "head/docdata/du-key", "version"),
    (Field::Status, "nitf-status", "head/docdata", "management-status"),
    (Field::Published, "nitf-date-issue", "head/docdata/date.issue", "norm"),
    (Field::Published, "nitf-story-date", "body/body.head/dateline/story.date", "norm"),
    (Field::Published, "nitf-pubdata", "head/pubdata", "date.publication"),
    (Field::Modified, "nitf-date-release", "head/docdata/date.release", "norm"),
    (Field::Modified, "nitf-revision", "head/revision-history", "norm"),
    (Field::Embargo, "nitf-embargo", "head/docdata/date.embargo", "norm"),
    (Field::Language, "nitf-baselang", "", "baselang"),
    (Field::Language, "nitf-lang", "", "lang"),
    (Field::Language, "nitf-lang", "body", "lang"),
    (Field::Language, "nitf-lang", "body/body.content", "lang"),
    (Field::Language, "nitf-lang", "body/body.content/block", "lang"),
    (Field::Note, "nitf-ed-msg", "head/docdata/ed-msg", "info"),
    (Field::Keyword, "nitf-keyword", "head/docdata/key-list/keyword", "key"),
    (Field::Keyword, "nitf-series", "head/docdata/series", "series.name"),
    (Field::Keyword, "nitf-subject", "head/tobject/tobject.subject", "tobject.subject.type"),
    (Field::Keyword, "nitf-subject", "head/tobject/tobject.subject", "tobject.subject.matter"),
    (Field::Keyword, "nitf-subject", "head/tobject/tobject.subject", "tobject.subject.detail"),
];

/// Words by which a message to editors takes a story back.
const KILLS: &[&str] = &["kill", "withdraw", "withhold", "annul", "cancel"];

/// A message to editors may take the story back where nothing else says so.
fn kills(telling: &mut Telling<'_, '_, '_, '_>, nitf: Element) {
    let tree = telling.tree;
    for message in tree.at(nitf, "head/docdata/ed-msg") {
        for attribute in ["msg-type", "info"] {
            let Some(said) = tree.attribute(message, attribute) else {
                continue;
            };
            let mut words = prose::words(said.text()).map(|word| {
                word.trim_matches(|c: char| !c.is_alphanumeric())
                    .to_lowercase()
            });
            let first = words.find(|word| KILLS.iter().any(|kill| word.starts_with(kill)));
            if let Some(word) = first {
                telling
                    .drafter
                    .tell(Field::Status, "nitf-ed-msg", &word, Some(said.span()));
            }
        }
    }
}

/// What is embargoed may be published from its release on.
fn embargo(telling: &mut Telling<'_, '_, '_, '_>, nitf: Element) {
    let tree = telling.tree;
    let says = |path: &str, attribute: &str| {
        let mut said = tree.at(nitf, path).into_iter();
        said.any(|it| {
            let said = tree.attribute(it, attribute);
            let said = said.map_or_else(String::new, |it| it.text().to_lowercase());
            said.contains("embargo") || said.contains("sperrfrist")
        })
    };
    if says("head/docdata", "management-status")
        || says("head/docdata/ed-msg", "info")
        || says("head/docdata/ed-msg", "msg-type")
    {
        let release = "head/docdata/date.release";
        telling.attributes(Field::Embargo, "nitf-release", nitf, release, "norm");
    }
}

/// Who holds the rights, who wrote and who sends it.
fn credits(telling: &mut Telling<'_, '_, '_, '_>, nitf: Element) {
    let tree = telling.tree;
    for meta in tree.at(nitf, "head/meta") {
        let name = tree.attribute(meta, "name");
        let name = name.as_ref().map_or("", |name| name.text()).to_lowercase();
        if [
            "ntbkilde",
            "aap-source",
            "source",
            "kilde",
            "agency",
            "credit",
        ]
        .contains(&name.as_str())
        {
            telling.attributes(Field::Agency, "nitf-meta-source", meta, "", "content");
        }
    }
    for byline in tree.at(nitf, "body/body.head/byline") {
        telling.drafter.tell_lifted(
            Field::Agency,
            "nitf-byline",
            &tree.text_without(byline, "byttl"),
        );
    }
    for (field, rule, path, attribute) in HOLDERS {
        telling.attributes(*field, rule, nitf, path, attribute);
    }
    for (field, rule, path) in SENDERS {
        telling.texts(*field, rule, nitf, path);
    }
    for field in [Field::Source, Field::Agency] {
        let id = "head/docdata/doc-id";
        telling.attributes(field, "nitf-doc-id-source", nitf, id, "regsrc");
    }
    telling.attributes(Field::Source, "nitf-pubdata", nitf, "head/pubdata", "name");
}

/// Who holds the rights, by attributes.
#[rustfmt::skip] // a table
const HOLDERS: &[(Field, &str, &str, &str)] = &[
    (Field::Agency, "nitf-from-src", "head/docdata/del-list/from-src", "src-name"),
    (Field::Copyright, "nitf-copyright", "head/docdata/doc.copyright", "holder"),
    (Field::Agency, "nitf-copyright", "head/docdata/doc.copyright", "holder"),
    (Field::Copyright, "nitf-rights", "head/docdata/doc.rights", "owner"),
    (Field::Agency, "nitf-rights", "head/docdata/doc.rights", "owner"),
];

/// The same, and who sends it, by what is said.
#[rustfmt::skip] // a table
const SENDERS: &[(Field, &str, &str)] = &[
    (Field::Copyright, "nitf-rights-owner", "body/body.head/rights/rights.owner"),
    (Field::Agency, "nitf-rights-owner", "body/body.head/rights/rights.owner"),
    (Field::Source, "nitf-distributor", "body/body.head/distributor/org"),
    (Field::Source, "nitf-distributor", "body/body.head/distributor"),
    (Field::Agency, "nitf-distributor", "body/body.head/distributor/org"),
    (Field::Agency, "nitf-distributor", "body/body.head/distributor"),
];

/// Headlines, and what stands below them.
fn titles(telling: &mut Telling<'_, '_, '_, '_>, nitf: Element) {
    let tree = telling.tree;
    let mut known: Vec<String> = Vec::new();
    let heads = |path: &str| tree.at(nitf, &format!("body/body.head/{path}"));
    for title in heads("hedline/hl1") {
        let title = tree.text(title);
        telling
            .drafter
            .tell_lifted(Field::Title, "nitf-hl1", &title);
        telling.drafter.line(Label::Title, "nitf-hl1", &title);
        known.push(title.text().to_owned());
    }
    for title in tree.at(nitf, "head/title") {
        let title = tree.text(title);
        let text = title.text();
        // Marks of urgency, and `>>>ANSA/` in front of it.
        let mut rest =
            text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '>'));
        if text.trim_start().starts_with(">>>") {
            rest = rest.split_once('/').map_or(rest, |(_, rest)| rest);
        }
        let title = title.part(Span::new(text.len() - rest.len(), text.len()));
        telling
            .drafter
            .tell_lifted(Field::Title, "nitf-title", &title);
        known.push(title.text().to_owned());
    }
    for keyword in tree.at(nitf, "head/docdata/key-list/keyword") {
        known.extend(
            tree.attribute(keyword, "key")
                .map(|key| key.text().to_owned()),
        );
    }
    for (path, rule) in [("hedline/hl2", "nitf-hl2"), ("abstract", "nitf-abstract")] {
        for below in heads(path) {
            let line = tree.text(below);
            // Some repeat the headline there, and some have their keywords there.
            let is_new = !known.iter().any(|known| are_same(known, line.text()));
            let label = if is_new {
                Label::Subtitle
            } else {
                Label::Furniture
            };
            if tree.children(below).next().is_some() {
                telling.drafter.aside_element(label, rule, tree, below);
            } else {
                telling.drafter.line(label, rule, &line);
            }
            if is_new {
                telling.drafter.tell_lifted(Field::Subtitle, rule, &line);
            }
        }
    }
}

/// Author lines: without what their authors are, and without those that are none.
fn bylines(telling: &mut Telling<'_, '_, '_, '_>, nitf: Element) {
    let tree = telling.tree;
    for byline in tree.at(nitf, "body/body.head/byline") {
        let names = tree.text_without(byline, "byttl");
        if is_sentence(names.text()) {
            telling
                .drafter
                .tell_lifted(Field::Subtitle, "nitf-byline", &names);
            telling.drafter.line(Label::Subtitle, "nitf-byline", &names);
            continue;
        }
        let people: Vec<Element> = tree.all(byline, "person").collect();
        for person in &people {
            let name = tree.text(*person);
            telling
                .drafter
                .tell_lifted(Field::Byline, "nitf-person", &name);
        }
        if people.is_empty() {
            telling
                .drafter
                .tell_lifted(Field::Byline, "nitf-byline", &names);
        }
        telling
            .drafter
            .line(Label::Byline, "nitf-byline", &tree.text(byline));
    }
}

/// Most words without a capital that stand between the names of an author line: "By A and B in C with D for E".
const SMALL_WORDS: usize = 4;

/// Whether what stands for an author line is a sentence: most of its words are small.
fn is_sentence(line: &str) -> bool {
    let small = prose::words(line)
        .filter(|word| prose::starts_lower(word))
        .count();
    small >= SMALL_WORDS && 2 * small > prose::words(line).count()
}

/// Where it is reported from.
fn place(telling: &mut Telling<'_, '_, '_, '_>, nitf: Element) {
    let tree = telling.tree;
    for dateline in tree.at(nitf, "body/body.head/dateline") {
        let place = match tree.child(dateline, "location") {
            Some(location) => tree.text(location),
            None => tree.text_without(dateline, "story.date"),
        };
        telling
            .drafter
            .tell_lifted(Field::Dateline, "nitf-dateline", &place);
        telling
            .drafter
            .line(Label::Dateline, "nitf-dateline", &place);
    }
}

/// What the elements of a story read as.
pub(super) fn part(tree: &Tree<'_>, element: Element) -> Part {
    match tree.name(element) {
        "hl1" | "hl2" => Part::As("h2"),
        "block" | "body.content" | "media" | "nitf-table" | "hedline" => Part::As("div"),
        "bq" => Part::As("blockquote"),
        "credit" | "fn" => Part::As("p"),
        "media-caption" => Part::Given(Label::Caption, "nitf-media-caption"),
        "media-producer" => Part::Given(Label::Furniture, "nitf-media-producer"),
        "media-object" | "media-metadata" | "media-reference" | "nitf-table-metadata" => Part::Out,
        "note" | "ednote" => Part::Given(Label::Notice, "nitf-note"),
        "tagline" => Part::Given(Label::Credit, "nitf-tagline"),
        "byline" => Part::Given(Label::Byline, "nitf-byline"),
        "dateline" => Part::Given(Label::Dateline, "nitf-dateline"),
        "abstract" => Part::Given(Label::Subtitle, "nitf-abstract"),
        "distributor" | "datasource" | "copyrite" => {
            Part::Given(Label::Furniture, "nitf-block-data")
        }
        _ => super::xhtml::part(tree, element),
    }
}
