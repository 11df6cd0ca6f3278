//! NewsML 1.0 to 1.2: the IPTC's first envelope, of components in components.
//!
//! <https://iptc.org/standards/newsml-1/>. What is said of a text stands in its component or in any around it; one item may
//! hold the same story several times, in languages or formats, and its headline, lead and body as components of their own.

use crate::article::{Label, Refusal, Rules, Span, prose};

use super::telling::Telling;
use super::xml::{Element, Tree};
use super::{Draft, Drafter, Field, Format, Reader, nitf};

/// NewsML 1.
pub(super) const READER: Reader = Reader {
    format: Format("newsml-1"),
    recognise: |opening| {
        ["NewsML", "NewsItem"]
            .contains(&opening.root()?.name)
            .then_some("newsml-1-root")
    },
    divide,
    read,
    render: None,
};

fn divide(text: &str, rules: &Rules) -> Result<Vec<Span>, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let items = tree.at(tree.root(), "NewsItem");
    // Pictures and lists of what belongs together are items too.
    let stories = items.iter().filter(|item| content(&tree, **item).is_some());
    let mut stories: Vec<Span> = stories.map(|item| tree.span(*item)).collect();
    if stories.len() < 2 {
        stories.clear();
    }
    Ok(stories)
}

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let root = tree.root();
    let items = if tree.name(root) == "NewsItem" {
        vec![root]
    } else {
        tree.at(root, "NewsItem")
    };
    let story = items
        .iter()
        .copied()
        .find(|item| content(&tree, *item).is_some());
    let item = story
        .or_else(|| items.first().copied())
        .ok_or(Refusal::NoText {
            what: "an envelope without an item of news",
        })?;
    let mut drafter = Drafter::new(rules);
    let mut telling = Telling {
        tree: &tree,
        drafter: &mut drafter,
    };
    identity(&mut telling, item);
    management(&mut telling, item);
    let content = content(&tree, item);
    for component in components(&tree, item, content) {
        lines(&mut telling, component);
        metadata(&mut telling, component);
    }
    envelope(&mut telling, root);
    if let Some(content) = content {
        beside(&tree, content, &mut drafter);
        body(&tree, content, &mut drafter);
    }
    Ok(drafter.finish())
}

/// What an item is called: the same for all its revisions.
fn identity(telling: &mut Telling<'_, '_, '_, '_>, item: Element) {
    let tree = telling.tree;
    for identifier in tree.at(item, "Identification/NewsIdentifier") {
        let said = |name| Some(tree.text(tree.child(identifier, name)?));
        let value = |name| {
            said(name)
                .map(|it| prose::fold(it.text()))
                .unwrap_or_default()
        };
        let number = value("NewsItemId");
        if let Some(public) = said("PublicIdentifier") {
            let whole = prose::fold(public.text());
            // Some give all they send the same one.
            if !number.is_empty() && whole.contains(&number) {
                telling.drafter.tell(
                    Field::Guid,
                    "newsml-1-identifier",
                    &whole,
                    Some(public.span()),
                );
            }
        }
        if let Some(place) = said("NewsItemId").filter(|_| !number.is_empty()) {
            let made = format!(
                "urn:newsml:{}:{}:{number}",
                value("ProviderId"),
                value("DateId")
            );
            telling
                .drafter
                .tell(Field::Guid, "newsml-1-item-id", &made, Some(place.span()));
            telling.drafter.tell(
                Field::AgencyId,
                "newsml-1-item-id",
                &number,
                Some(place.span()),
            );
        }
        telling.texts(
            Field::Guid,
            "newsml-1-public-identifier",
            identifier,
            "PublicIdentifier",
        );
        telling.texts(
            Field::Version,
            "newsml-1-revision",
            identifier,
            "RevisionId",
        );
    }
    telling.texts(
        Field::Keyword,
        "newsml-1-name-label",
        item,
        "Identification/NameLabel",
    );
}

fn management(telling: &mut Telling<'_, '_, '_, '_>, item: Element) {
    let tree = telling.tree;
    for management in tree.at(item, "NewsManagement") {
        telling.texts(
            Field::Published,
            "newsml-1-first-created",
            management,
            "FirstCreated",
        );
        telling.texts(
            Field::Modified,
            "newsml-1-this-revision",
            management,
            "ThisRevisionCreated",
        );
        telling.attributes(
            Field::Status,
            "newsml-1-status",
            management,
            "Status",
            "FormalName",
        );
        let embargoed = tree.at(management, "Status").into_iter().any(|status| {
            let status = tree.attribute(status, "FormalName");
            status.is_some_and(|status| status.text().to_lowercase().contains("embargo"))
        });
        if embargoed {
            telling.texts(
                Field::Embargo,
                "newsml-1-embargo",
                management,
                "StatusWillChange/DateAndTime",
            );
        }
        telling.texts(
            Field::Note,
            "newsml-1-instruction",
            management,
            "Instruction/Comment",
        );
    }
}

/// The components around the content, the innermost first; the item's own where it has no content.
fn components(tree: &Tree<'_>, item: Element, content: Option<Element>) -> Vec<Element> {
    let Some(content) = content else {
        return tree.all(item, "NewsComponent").collect();
    };
    let around = std::iter::successors(Some(content), |element| {
        let parent = tree.parent(*element);
        (*element != item && parent != *element).then_some(parent)
    });
    let mut found: Vec<Element> = around
        .filter(|it| tree.name(*it) == "NewsComponent")
        .collect();
    // What is said nowhere around it may be said beside it.
    let beside: Vec<Element> = tree
        .all(item, "NewsComponent")
        .filter(|it| !found.contains(it))
        .collect();
    found.extend(beside);
    found
}

/// The lines that are meant for readers.
fn lines(telling: &mut Telling<'_, '_, '_, '_>, component: Element) {
    let tree = telling.tree;
    for (field, rule, name, label) in [
        (Field::Title, "newsml-1-headline", "HeadLine", Label::Title),
        (
            Field::Subtitle,
            "newsml-1-sub-headline",
            "SubHeadLine",
            Label::Subtitle,
        ),
        (Field::Byline, "newsml-1-byline", "ByLine", Label::Byline),
        (
            Field::Dateline,
            "newsml-1-dateline",
            "DateLine",
            Label::Dateline,
        ),
    ] {
        for line in tree.at(component, &format!("NewsLines/{name}")) {
            let line = tree.text(line);
            telling.drafter.tell_lifted(field, rule, &line);
            telling.drafter.line(label, rule, &line);
        }
    }
    for (field, rule, name) in [
        (Field::Agency, "newsml-1-byline", "ByLine"),
        (Field::Agency, "newsml-1-credit-line", "CreditLine"),
        (Field::Credit, "newsml-1-credit-line", "CreditLine"),
        (Field::Copyright, "newsml-1-copyright", "CopyrightLine"),
        (Field::Keyword, "newsml-1-keyword-line", "KeywordLine"),
        (Field::Keyword, "newsml-1-slug-line", "SlugLine"),
        (Field::Url, "newsml-1-more-link", "MoreLink"),
    ] {
        telling.texts(field, rule, component, &format!("NewsLines/{name}"));
    }
    telling.attributes(
        Field::Url,
        "newsml-1-more-link",
        component,
        "NewsLines/MoreLink",
        "Href",
    );
}

fn metadata(telling: &mut Telling<'_, '_, '_, '_>, component: Element) {
    let tree = telling.tree;
    let mut party = |field, rule, role: &str| {
        let path = format!("AdministrativeMetadata/{role}/Party");
        telling.attributes(field, rule, component, &path, "FormalName");
    };
    party(Field::Byline, "newsml-1-creator", "Creator");
    party(Field::Agency, "newsml-1-source", "Source");
    party(Field::Agency, "newsml-1-creator", "Creator");
    party(Field::Agency, "newsml-1-provider", "Provider");
    party(Field::Source, "newsml-1-provider", "Provider");
    for property in tree.at(component, "AdministrativeMetadata/Property") {
        let name = tree.attribute(property, "FormalName");
        if name.is_some_and(|name| name.text().eq_ignore_ascii_case("author")) {
            telling.attributes(Field::Byline, "newsml-1-author", property, "", "Value");
        }
    }
    for holder in [
        "RightsMetadata/Copyright/CopyrightHolder",
        "RightsMetadata/Copyright/CopyrightHolder/Party",
    ] {
        telling.texts(
            Field::Copyright,
            "newsml-1-copyright-holder",
            component,
            holder,
        );
        telling.attributes(
            Field::Copyright,
            "newsml-1-copyright-holder",
            component,
            holder,
            "FormalName",
        );
    }
    let described = "DescriptiveMetadata";
    telling.attributes(
        Field::Language,
        "newsml-1-language",
        component,
        &format!("{described}/Language"),
        "FormalName",
    );
    telling.attributes(Field::Language, "newsml-1-lang", component, "", "lang");
    for property in tree.at(component, &format!("{described}/Property")) {
        let name = tree.attribute(property, "FormalName");
        if name.is_some_and(|name| name.text().to_lowercase().contains("keyword")) {
            telling.attributes(Field::Keyword, "newsml-1-keyword", property, "", "Value");
        }
    }
}

/// Who sent it, where nothing nearer says so.
fn envelope(telling: &mut Telling<'_, '_, '_, '_>, root: Element) {
    for field in [Field::Source, Field::Agency] {
        telling.attributes(
            field,
            "newsml-1-sent-from",
            root,
            "NewsEnvelope/SentFrom/Party",
            "FormalName",
        );
        telling.attributes(
            field,
            "newsml-1-service",
            root,
            "NewsEnvelope/NewsService",
            "FormalName",
        );
    }
    telling.texts(
        Field::Source,
        "newsml-1-provider-id",
        root,
        "NewsItem/Identification/NewsIdentifier/ProviderId",
    );
    // A part of a message has no envelope: its root is the item.
    for field in [Field::Source, Field::Agency] {
        telling.texts(
            field,
            "newsml-1-provider-id",
            root,
            "Identification/NewsIdentifier/ProviderId",
        );
    }
    telling.texts(
        Field::Published,
        "newsml-1-sent",
        root,
        "NewsEnvelope/DateAndTime",
    );
}

/// The part a component plays: `Main`, `Caption`, `Lead`.
fn role(tree: &Tree<'_>, content: Element) -> String {
    let component = tree.parent(content);
    let role = tree
        .child(component, "Role")
        .and_then(|role| tree.attribute(role, "FormalName"));
    role.map(|role| role.text().to_lowercase())
        .unwrap_or_default()
}

/// Roles whose text is not the story.
const BESIDE: &[&str] = &[
    "headline",
    "title",
    "stylesheet",
    "logo",
    "caption",
    "contact",
    "short",
    "abstract",
    "summary",
    "lead",
    "picture",
    "photo",
    "legend",
    "teaser",
    "subheadline",
    "related",
];

/// All contents with text in them.
fn contents<'t>(tree: &'t Tree<'_>, within: Element) -> impl Iterator<Item = Element> + 't {
    tree.all(within, "ContentItem").filter(move |content| {
        let says = |name, words: &[&str]| {
            let told = tree
                .child(*content, name)
                .and_then(|it| tree.attribute(it, "FormalName"));
            told.is_some_and(|told| {
                words
                    .iter()
                    .any(|word| told.text().to_lowercase().contains(word))
            })
        };
        let is_other = says("MimeType", &["image", "css", "audio", "video"])
            || says(
                "MediaType",
                &["photo", "graphic", "image", "audio", "video"],
            )
            || tree.child(*content, "Encoding").is_some();
        let data = tree.child(*content, "DataContent");
        !is_other && data.is_some_and(|data| !tree.text(data).is_blank())
    })
}

/// The content that is the story: the longest of those whose role says so, else of those whose role says nothing else. Of
/// equal ones the first, since senders put first what they prefer.
fn content(tree: &Tree<'_>, item: Element) -> Option<Element> {
    let mut best: Option<(bool, usize, Element)> = None;
    for content in contents(tree, item) {
        let role = role(tree, content);
        if BESIDE.contains(&role.as_str()) {
            continue;
        }
        let is_named = role == "main" || role == "body";
        let length = tree.text(content).text().len();
        let is_better = best.is_none_or(|(named, most, _)| (is_named, length) > (named, most));
        // A story in a second language is as long as the first, more or less.
        let is_clearly = best.is_none_or(|(named, most, _)| is_named != named || length > 2 * most);
        if is_better && is_clearly {
            best = Some((is_named, length, content));
        }
    }
    best.map(|(_, _, content)| content)
}

/// What stands in components beside the story: lead, captions, contacts.
fn beside(tree: &Tree<'_>, content: Element, drafter: &mut Drafter<'_>) {
    let group = tree.parent(tree.parent(content));
    let story = prose::squeeze(tree.text(content).text());
    for other in contents(tree, group).filter(|other| *other != content) {
        let Some(data) = tree.child(other, "DataContent") else {
            continue;
        };
        match role(tree, other).as_str() {
            // Where the body goes on from the lead, the lead is of the story.
            "lead" if !story.contains(&prose::squeeze(tree.text(data).text())) => {
                drafter.element(tree, data, &nitf::part);
            }
            "lead" | "abstract" | "summary" | "subheadline" | "teaser" => {
                drafter.aside_element(Label::Subtitle, "newsml-1-summary", tree, data);
            }
            "caption" | "legend" => {
                drafter.aside_element(Label::Caption, "newsml-1-caption", tree, data);
            }
            "headline" | "title" => {
                drafter.tell_lifted(Field::Title, "newsml-1-title", &tree.text(data));
                drafter.aside_element(Label::Title, "newsml-1-title", tree, data);
            }
            "stylesheet" => {}
            _ => drafter.aside_element(Label::Furniture, "newsml-1-component", tree, data),
        }
    }
}

fn body(tree: &Tree<'_>, content: Element, drafter: &mut Drafter<'_>) {
    let Some(data) = tree.child(content, "DataContent") else {
        return;
    };
    if let Some(nitf) = tree.all(data, "nitf").next() {
        nitf::story(tree, nitf, drafter);
        return;
    }
    let body = tree.all(data, "body.content").next();
    let body = body.or_else(|| tree.all(data, "body").next());
    drafter.element(tree, body.unwrap_or(data), &nitf::part);
}
