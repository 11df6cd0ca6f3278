//! NewsML-G2: the IPTC's envelope of 2006 for one story and what is said of it, alone or with others in a message.
//!
//! <https://iptc.org/standards/newsml-g2/>. Names come with a namespace, with a prefix, or, at TT, with neither. A later
//! version may be empty, and its number may be smaller.

use crate::article::{Label, Refusal, Rules, Span};

use super::telling::{Telling, local};
use super::xml::{Element, Tree};
use super::{Draft, Drafter, Field, Format, Reader, nitf, xhtml};

/// NewsML-G2.
pub(super) const READER: Reader = Reader {
    format: Format("newsml-g2"),
    recognise: |opening| {
        let is_root = ROOTS.contains(&opening.root()?.name);
        let is_inside = || opening.encloses("newsItem").then_some("newsml-g2-inside");
        is_root.then_some("newsml-g2-root").or_else(is_inside)
    },
    divide,
    read,
    render: None,
};

const ROOTS: &[&str] = &[
    "newsMessage",
    "newsItem",
    "packageItem",
    "conceptItem",
    "knowledgeItem",
    "planningItem",
    "catalogItem",
    "contentSet",
];

/// The stories of a message, where they are several.
fn divide(text: &str, rules: &Rules) -> Result<Vec<Span>, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let stories: Vec<Span> = tree
        .all(tree.root(), "newsItem")
        .filter(|item| is_story(&tree, *item))
        .map(|item| tree.span(item))
        .collect();
    Ok(if stories.len() > 1 {
        stories
    } else {
        Vec::new()
    })
}

/// Whether an item is a story by its class, or by the text in it where it has none that says so.
fn is_story(tree: &Tree<'_>, item: Element) -> bool {
    let class = tree.at(item, "itemMeta/itemClass").into_iter().next();
    let code = |name| tree.attribute(class?, name);
    let code = code("qcode").or_else(|| code("uri"));
    match code.as_ref().map_or("", |code| local(code.text())) {
        "text" | "composite" => true,
        "picture" | "graphic" | "video" | "audio" | "animation" | "photo" => false,
        _ => content(tree, item).is_some(),
    }
}

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let root = tree.root();
    let items = || std::iter::once(root).chain(tree.all(root, "newsItem"));
    let items = || items().filter(|item| tree.name(*item) == "newsItem");
    let story = items()
        .find(|item| is_story(&tree, *item))
        .or_else(|| items().next());
    let package = || tree.all(root, "packageItem").next();
    let item = match tree.name(root) {
        "conceptItem" | "knowledgeItem" | "catalogItem" => {
            return Err(Refusal::NoText {
                what: "concepts and codes",
            });
        }
        "planningItem" => {
            return Err(Refusal::NoText {
                what: "a plan of coverage",
            });
        }
        "contentSet" | "packageItem" => root,
        _ => story.or_else(package).ok_or(Refusal::NoText {
            what: "a message without an item of news",
        })?,
    };
    let mut drafter = Drafter::new(rules);
    let mut telling = Telling {
        tree: &tree,
        drafter: &mut drafter,
    };
    identity(&mut telling, item);
    times(&mut telling, item);
    titles(&mut telling, item);
    people(&mut telling, item);
    notes(&mut telling, item);
    body(&tree, item, &mut drafter);
    for other in items().filter(|other| *other != item && !is_story(&tree, *other)) {
        for caption in tree.at(other, "contentMeta/description") {
            drafter.line(Label::Caption, "newsml-g2-picture", &tree.text(caption));
        }
    }
    Ok(drafter.finish())
}

fn identity(telling: &mut Telling<'_, '_, '_, '_>, item: Element) {
    let tree = telling.tree;
    telling.attributes(Field::Guid, "newsml-g2-guid", item, "", "guid");
    telling.attributes(Field::Version, "newsml-g2-version", item, "", "version");
    for status in tree.at(item, "itemMeta/pubStatus") {
        for attribute in ["qcode", "uri", "literal"] {
            telling.code(Field::Status, "newsml-g2-pub-status", status, attribute);
        }
    }
    // Of several numbers the one that its agency files it by comes first.
    let numbers = [
        tree.at(item, "contentMeta/altId"),
        tree.at(item, "itemMeta/altId"),
    ]
    .concat();
    let is_usn = |number: &Element| {
        let kind = tree.attribute(*number, "type");
        kind.is_some_and(|kind| local(kind.text()).eq_ignore_ascii_case("usn"))
    };
    let (first, rest): (Vec<_>, Vec<_>) = numbers.into_iter().partition(is_usn);
    for number in first.into_iter().chain(rest) {
        telling
            .drafter
            .tell_lifted(Field::AgencyId, "newsml-g2-alt-id", &tree.text(number));
    }
    for link in tree.at(item, "itemMeta/link") {
        let relation = tree.attribute(link, "rel");
        let relation = relation
            .as_ref()
            .map_or("", |relation| local(relation.text()));
        if ["canonical", "permalink", "webpage"].contains(&relation.to_lowercase().as_str()) {
            telling.attributes(Field::Url, "newsml-g2-link", link, "", "href");
        }
    }
    telling.attributes(Field::Url, "newsml-g2-guid", item, "", "guid");
    telling.attributes(
        Field::Language,
        "newsml-g2-language",
        item,
        "contentMeta/language",
        "tag",
    );
    telling.attributes(Field::Language, "newsml-g2-lang", item, "", "lang");
    telling.attributes(
        Field::Language,
        "newsml-g2-content-lang",
        item,
        "contentSet/inlineXML",
        "lang",
    );
}

fn times(telling: &mut Telling<'_, '_, '_, '_>, item: Element) {
    // When the content was made (a picture taken, a text begun) comes last: it may be years before it was published.
    for (rule, path) in [
        ("newsml-g2-first-created", "itemMeta/firstCreated"),
        ("newsml-g2-version-created", "itemMeta/versionCreated"),
        ("newsml-g2-content-created", "contentMeta/contentCreated"),
    ] {
        telling.texts(Field::Published, rule, item, path);
    }
    for (rule, path) in [
        ("newsml-g2-content-modified", "contentMeta/contentModified"),
        ("newsml-g2-version-created", "itemMeta/versionCreated"),
    ] {
        telling.texts(Field::Modified, rule, item, path);
    }
    telling.texts(
        Field::Embargo,
        "newsml-g2-embargoed",
        item,
        "itemMeta/embargoed",
    );
}

/// Headlines by their roles and ranks, what stands below them, and subjects.
fn titles(telling: &mut Telling<'_, '_, '_, '_>, item: Element) {
    let tree = telling.tree;
    let said = |element, name| {
        tree.attribute(element, name)
            .map(|it| it.text().to_lowercase())
    };
    let mut titles = Vec::new();
    for headline in tree.at(item, "contentMeta/headline") {
        let role = said(headline, "role").unwrap_or_default();
        let rank: u32 = said(headline, "rank")
            .and_then(|rank| rank.parse().ok())
            .unwrap_or(1);
        if role.contains("sub") {
            let line = tree.text(headline);
            telling
                .drafter
                .tell_lifted(Field::Subtitle, "newsml-g2-sub-headline", &line);
            telling
                .drafter
                .line(Label::Subtitle, "newsml-g2-sub-headline", &line);
        } else {
            titles.push((title_class(&role), rank, headline));
        }
    }
    // The sort is stable: of those of one rank the first comes first.
    titles.sort_by_key(|(class, rank, _)| (*class, *rank));
    for (at, (_, _, headline)) in titles.into_iter().enumerate() {
        let line = tree.text(headline);
        telling
            .drafter
            .tell_lifted(Field::Title, "newsml-g2-headline", &line);
        let label = if at == 0 {
            Label::Title
        } else {
            Label::Furniture
        };
        telling.drafter.line(label, "newsml-g2-headline", &line);
    }
    telling.texts(Field::Title, "newsml-g2-title", item, "itemMeta/title");
    for description in tree.at(item, "contentMeta/description") {
        let role = said(description, "role").unwrap_or_default();
        let line = tree.text(description);
        if ["teaser", "summary", "abstract", "lead"]
            .iter()
            .any(|word| role.contains(word))
        {
            telling
                .drafter
                .tell_lifted(Field::Subtitle, "newsml-g2-description", &line);
            telling
                .drafter
                .line(Label::Subtitle, "newsml-g2-description", &line);
        }
    }
    for path in [
        "contentMeta/keyword",
        "contentMeta/slugline",
        "contentMeta/subject/name",
    ] {
        telling.texts(Field::Keyword, "newsml-g2-subject", item, path);
    }
}

/// How much a headline of a role is the headline, the less the more: that for all uses, one for a use, and what only stands
/// above it.
fn title_class(role: &str) -> u8 {
    let is_above = ["kicker", "overline", "slug", "topline", "rubric"];
    match role {
        "" => 0,
        role if role.ends_with("main") => 0,
        role if is_above.iter().any(|it| role.contains(it)) => 2,
        _ => 1,
    }
}

/// Authors, agencies, publisher, place, rights.
fn people(telling: &mut Telling<'_, '_, '_, '_>, item: Element) {
    let tree = telling.tree;
    telling.texts(Field::Byline, "newsml-g2-by", item, "contentMeta/by");
    for creator in tree.at(item, "contentMeta/creator") {
        for name in named(tree, creator) {
            telling
                .drafter
                .tell_lifted(Field::Agency, "newsml-g2-creator", &name);
            // One word is an account, or initials.
            if name.text().trim().contains(' ') {
                telling
                    .drafter
                    .tell_lifted(Field::Byline, "newsml-g2-creator", &name);
            }
        }
    }
    let mut is_credited = false;
    for source in tree.at(item, "contentMeta/infoSource") {
        let role = tree.attribute(source, "role");
        let role = role
            .as_ref()
            .map_or("", |role| local(role.text()))
            .to_lowercase();
        if role.contains("redistr") || role.contains("enhanc") {
            continue;
        }
        for name in named(tree, source) {
            is_credited = true;
            telling
                .drafter
                .tell_lifted(Field::Agency, "newsml-g2-info-source", &name);
        }
    }
    for credit in tree.at(item, "contentMeta/creditline") {
        is_credited = true;
        telling
            .drafter
            .tell_lifted(Field::Agency, "newsml-g2-creditline", &tree.text(credit));
        telling
            .drafter
            .tell_lifted(Field::Credit, "newsml-g2-creditline", &tree.text(credit));
    }
    telling.texts(Field::Agency, "newsml-g2-by", item, "contentMeta/by");
    provider(telling, item, is_credited);
    rights(telling, item, is_credited);
    places(telling, item);
}

/// Who publishes it; it wrote it too where nobody else is credited.
fn provider(telling: &mut Telling<'_, '_, '_, '_>, item: Element, is_credited: bool) {
    let tree = telling.tree;
    for provider in tree.at(item, "itemMeta/provider") {
        for name in named(tree, provider) {
            let host = name
                .text()
                .split_once("://")
                .and_then(|(_, rest)| rest.split('/').next());
            let host = host.map(|host| host.strip_prefix("www.").unwrap_or(host));
            let publisher = host.unwrap_or_else(|| name.text()).to_owned();
            telling.drafter.tell(
                Field::Source,
                "newsml-g2-provider",
                &publisher,
                Some(name.span()),
            );
            if !is_credited {
                telling.drafter.tell(
                    Field::Agency,
                    "newsml-g2-provider",
                    local(name.text()),
                    Some(name.span()),
                );
            }
        }
    }
}

fn places(telling: &mut Telling<'_, '_, '_, '_>, item: Element) {
    let tree = telling.tree;
    for (path, rule) in [
        ("contentMeta/dateline", "newsml-g2-dateline"),
        ("contentMeta/located", "newsml-g2-located"),
    ] {
        for place in tree.at(item, path) {
            // At some it is a time.
            let place = named(tree, place)
                .into_iter()
                .next()
                .unwrap_or_else(|| tree.text(place));
            if !place
                .text()
                .trim()
                .starts_with(|c: char| c.is_ascii_digit())
            {
                telling.drafter.tell_lifted(Field::Dateline, rule, &place);
            }
        }
    }
}

fn rights(telling: &mut Telling<'_, '_, '_, '_>, item: Element, is_credited: bool) {
    let tree = telling.tree;
    for notice in tree.at(item, "rightsInfo/copyrightNotice") {
        let notice = tree.text(notice);
        // "Click For Restrictions - http://…" is no part of it.
        let end = notice
            .text()
            .find(" Click For")
            .unwrap_or(notice.text().len());
        let notice = notice.part(Span::new(0, end));
        telling
            .drafter
            .tell_lifted(Field::Copyright, "newsml-g2-copyright", &notice);
    }
    for holder in tree.at(item, "rightsInfo/copyrightHolder") {
        for name in named(tree, holder) {
            telling
                .drafter
                .tell_lifted(Field::Copyright, "newsml-g2-copyright-holder", &name);
            if !is_credited {
                telling
                    .drafter
                    .tell_lifted(Field::Agency, "newsml-g2-copyright-holder", &name);
            }
        }
    }
}

/// How a party or a place is called: by a name, else by whatever names it for machines.
fn named(tree: &Tree<'_>, element: Element) -> Vec<super::lifted::Lifted> {
    let name = tree.child(element, "name").map(|name| tree.text(name));
    let attribute = |name| tree.attribute(element, name);
    let name = name.filter(|name| !name.is_blank());
    let name = name
        .or_else(|| attribute("literal"))
        .or_else(|| attribute("uri"));
    let name = name.or_else(|| {
        let code = attribute("qcode")?;
        let from = code.text().len() - local(code.text()).len();
        Some(code.part(Span::new(from, code.text().len())))
    });
    name.into_iter().collect()
}

/// Notes to editors; what is not public among them stays out of the fields too.
fn notes(telling: &mut Telling<'_, '_, '_, '_>, item: Element) {
    let tree = telling.tree;
    for note in tree.at(item, "itemMeta/edNote") {
        let said = |name| {
            tree.attribute(note, name)
                .map(|it| it.text().to_lowercase())
        };
        let constraint = said("pubconstraint").unwrap_or_default();
        let role = said("role").unwrap_or_default();
        let is_public = !["nonpublic", "contact", "notepad"]
            .iter()
            .any(|word| constraint.contains(word) || role.contains(word));
        if is_public {
            telling
                .drafter
                .tell_lifted(Field::Note, "newsml-g2-ed-note", &tree.text(note));
        }
        telling
            .drafter
            .aside_element(Label::Notice, "newsml-g2-ed-note", tree, note);
    }
    for signal in tree.at(item, "itemMeta/signal") {
        telling.attributes(Field::Note, "newsml-g2-signal", signal, "", "qcode");
    }
}

/// How many times as long as another a content has to be to come before it: markup alone makes one a little longer.
const LONGER_TIMES: usize = 2;

/// The content that is the story: the first that says anything, marked up before plain.
fn content(tree: &Tree<'_>, item: Element) -> Option<Element> {
    let sets = if tree.name(item) == "contentSet" {
        vec![item]
    } else {
        tree.at(item, "contentSet")
    };
    let contents = |name: &'static str| {
        let found = sets.iter().flat_map(move |set| tree.at(*set, name));
        found.filter(|content| {
            let said = |name| tree.attribute(*content, name);
            let kind = said("contenttype").map(|kind| kind.text().to_lowercase());
            let is_text = kind.is_none_or(|kind| {
                !["image/", "audio/", "video/"]
                    .iter()
                    .any(|it| kind.starts_with(it))
            });
            is_text && said("encoding").is_none()
        })
    };
    // A teaser may come first: the story is what is clearly longer, and of the same length the first.
    let mut story: Option<(Element, usize)> = None;
    for content in contents("inlineXML").chain(contents("inlineData")) {
        let text = tree.text(content);
        if text.is_blank() {
            continue;
        }
        let letters = text.text().len();
        if story.is_none_or(|(_, most)| letters > most * LONGER_TIMES) {
            story = Some((content, letters));
        }
    }
    story.map(|(content, _)| content)
}

fn body(tree: &Tree<'_>, item: Element, drafter: &mut Drafter<'_>) {
    let Some(content) = content(tree, item) else {
        return;
    };
    let nitf = std::iter::once(content)
        .chain(tree.all(content, "nitf"))
        .find(|it| tree.name(*it) == "nitf");
    if let Some(nitf) = nitf {
        nitf::story(tree, nitf, drafter);
        return;
    }
    let page = tree.all(content, "html").next();
    let body = page.and_then(|page| tree.child(page, "body"));
    drafter.element(tree, body.or(page).unwrap_or(content), &xhtml::part);
}
