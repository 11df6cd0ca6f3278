//! RBNews: the XML of Ritzau's own interface, one story or the queue of those not yet fetched.
//!
//! Empty elements say so in a namespace that is misspelt; the text is HTML in a string; times have no offset.

use crate::article::{Label, Refusal, Rules, Span};

use super::telling::Telling;
use super::xml::{Element, Tree};
use super::{Draft, Drafter, Field, Format, Reader};

/// RBNews.
pub(super) const READER: Reader = Reader {
    format: Format("rbnews"),
    recognise: |opening| {
        ["RBNews", "XMLNewsQueuedResponse", "ArrayOfRBNews"]
            .contains(&opening.root()?.name)
            .then_some("rbnews-root")
    },
    divide,
    read,
    render: None,
};

/// The stories: whatever has a number.
fn stories(tree: &Tree<'_>) -> Vec<Element> {
    tree.all(tree.root(), "NewsID")
        .map(|number| tree.parent(number))
        .collect()
}

fn divide(text: &str, rules: &Rules) -> Result<Vec<Span>, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let stories = stories(&tree);
    if stories.len() > rules.articles_max {
        return Err(Refusal::TooMany {
            what: "articles",
            max: rules.articles_max,
        });
    }
    let stories = stories.into_iter().map(|story| tree.span(story));
    Ok(if stories.len() > 1 {
        stories.collect()
    } else {
        Vec::new()
    })
}

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let story = stories(&tree)
        .first()
        .copied()
        .unwrap_or_else(|| tree.root());
    let mut drafter = Drafter::new(rules);
    let mut telling = Telling {
        tree: &tree,
        drafter: &mut drafter,
    };
    for (field, rule, path) in [
        (Field::Guid, "rbnews-id", "NewsID"),
        (Field::Version, "rbnews-version", "version"),
        (Field::Published, "rbnews-publish-date", "PublishDate"),
        (Field::Embargo, "rbnews-embargo", "EmbargoDate"),
        (Field::Title, "rbnews-headline", "headline"),
        (Field::Subtitle, "rbnews-subtitle", "subtitle"),
        (Field::Byline, "rbnews-byline", "byLine"),
        (Field::Dateline, "rbnews-town", "town"),
        (Field::Agency, "rbnews-origin", "origin"),
        (Field::AgencyId, "rbnews-history-id", "HistID"),
        (Field::Note, "rbnews-to-editors", "TilRedaktionen"),
        (Field::Note, "rbnews-strapline", "strapline"),
        (Field::Keyword, "rbnews-section", "section"),
        (Field::Keyword, "rbnews-keyword", "SubjectKeyword/string"),
    ] {
        telling.texts(field, rule, story, path);
    }
    for (label, rule, path) in [
        (Label::Title, "rbnews-headline", "headline"),
        (Label::Subtitle, "rbnews-subtitle", "subtitle"),
        (Label::Byline, "rbnews-byline", "byLine"),
        (Label::Dateline, "rbnews-town", "town"),
    ] {
        for line in tree.at(story, path) {
            drafter.line(label, rule, &tree.text(line));
        }
    }
    // Danish for "canceled".
    for canceled in tree.at(story, "Annuleret") {
        let said = tree.text(canceled);
        if said.text().trim() == "true" {
            drafter.tell(
                Field::Status,
                "rbnews-annulled",
                "canceled",
                Some(said.span()),
            );
        }
    }
    for note in tree.at(story, "TilRedaktionen") {
        drafter.aside(Label::Notice, "rbnews-to-editors", &tree.text(note));
    }
    for content in tree.at(story, "content") {
        drafter.prose(&tree.text(content));
    }
    Ok(drafter.finish())
}
