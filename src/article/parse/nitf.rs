//! NITF 3: the IPTC's markup of one story, as agencies have sent it since 1998.
//!
//! <https://iptc.org/standards/nitf/>. Many use it as they like: the byline may hold a subtitle, the title may be cut, the
//! document's number may be missing.

use crate::article::{Label, Refusal, Rules};

use super::xml::{Element, Tree};
use super::{Draft, Drafter, Field, Format, Reader, whole};

/// NITF.
pub(super) const READER: Reader = Reader {
    format: Format("nitf"),
    recognise: |opening| (opening.root()?.name == "nitf").then_some("nitf-root"),
    divide: whole,
    read,
    render: None,
};

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let mut drafter = Drafter::new(rules);
    story(&tree, tree.root(), &mut drafter);
    Ok(drafter.finish())
}

/// A story and what is said of it, in the element `nitf`, wherever that stands.
pub(super) fn story(tree: &Tree<'_>, nitf: Element, drafter: &mut Drafter<'_>) {
    let path = |path: &str| tree.at(nitf, path);
    let mut tell = |field, rule, path: &str, attribute: &str| {
        for element in tree.at(nitf, path) {
            if attribute.is_empty() {
                drafter.tell_lifted(field, rule, &tree.text(element));
            } else if let Some(value) = tree.attribute(element, attribute) {
                drafter.tell_lifted(field, rule, &value);
            }
        }
    };
    tell(
        Field::Guid,
        "nitf-doc-id",
        "head/docdata/doc-id",
        "id-string",
    );
    tell(
        Field::Version,
        "nitf-du-key",
        "head/docdata/du-key",
        "version",
    );
    tell(
        Field::Status,
        "nitf-status",
        "head/docdata",
        "management-status",
    );
    tell(
        Field::Published,
        "nitf-date-issue",
        "head/docdata/date.issue",
        "norm",
    );
    tell(
        Field::Published,
        "nitf-story-date",
        "body/body.head/dateline/story.date",
        "norm",
    );
    tell(
        Field::Modified,
        "nitf-date-release",
        "head/docdata/date.release",
        "norm",
    );
    tell(
        Field::Embargo,
        "nitf-embargo",
        "head/docdata/date.embargo",
        "norm",
    );
    tell(
        Field::Copyright,
        "nitf-copyright",
        "head/docdata/doc.copyright",
        "holder",
    );
    tell(
        Field::Agency,
        "nitf-copyright",
        "head/docdata/doc.copyright",
        "holder",
    );
    tell(
        Field::Source,
        "nitf-distributor",
        "body/body.head/distributor/org",
        "",
    );
    tell(Field::Note, "nitf-ed-msg", "head/docdata/ed-msg", "info");
    tell(
        Field::Keyword,
        "nitf-keyword",
        "head/docdata/key-list/keyword",
        "key",
    );
    for title in path("body/body.head/hedline/hl1") {
        let title = tree.text(title);
        drafter.tell_lifted(Field::Title, "nitf-hl1", &title);
        drafter.line(Label::Title, "nitf-hl1", &title);
    }
    for body in path("body/body.content") {
        drafter.element(tree, body);
    }
}
