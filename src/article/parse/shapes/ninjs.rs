//! ninjs 1, 2 and 3: the IPTC's JSON of a news item.
//!
//! <https://iptc.org/standards/ninjs/>. 1.x has `headline` and `body_…`, 2.x lists of `headlines` and `bodies`, 3.x the same
//! with keys in camel case. Superdesk writes 1.x with keys of its own.

use super::{Field, Format, Reader, Shape, names, shape};
use crate::article::parse::json::{Document, Value};
use crate::article::parse::{Draft, Drafter};
use crate::article::{Label, Refusal, Rules};

/// ninjs.
pub(in crate::article::parse) const READER: Reader = Reader {
    format: Format("ninjs"),
    recognise: |opening| SHAPE.recognise(opening),
    divide: |text, rules| SHAPE.divide(text, rules),
    read,
    render: None,
};

static SHAPE: Shape = Shape {
    rule: "ninjs-keys",
    is,
    lists: &["/*", "/items/*", "/_items/*", "/hits/*"],
    is_mixed: false,
    fields: &[
        (Field::Guid, "ninjs-guid", "/guid"),
        (Field::Guid, "ninjs-uri", "/uri"),
        (Field::Version, "ninjs-version", "/version"),
        (Field::Status, "ninjs-pubstatus", "/pubStatus"),
        (Field::Status, "ninjs-pubstatus", "/pubstatus"),
        (Field::Embargo, "ninjs-embargoed", "/embargoed"),
        (Field::Embargo, "ninjs-embargoed", "/embargoedUntil"),
        (Field::Title, "ninjs-headline", "/headline"),
        (Field::Subtitle, "ninjs-description", "/description_text"),
        (Field::Subtitle, "ninjs-description", "/abstract"),
        (Field::Url, "ninjs-link", "/link"),
        (Field::Url, "ninjs-rendition", "/renditions/web/href"),
        (Field::Url, "ninjs-uri", "/uri"),
        (Field::Byline, "ninjs-byline", "/byline"),
        (Field::Byline, "ninjs-by", "/by"),
        (Field::Byline, "ninjs-person", "/authors/*/name"),
        (Field::Dateline, "ninjs-located", "/located"),
        (Field::Agency, "ninjs-infosource", "/infosources/*/name"),
        (Field::Agency, "ninjs-infosource", "/infoSources/*/name"),
        (Field::Agency, "ninjs-source", "/source"),
        (Field::Agency, "ninjs-by", "/by"),
        (Field::Agency, "ninjs-byline", "/byline"),
        (Field::Agency, "ninjs-credit", "/creditline"),
        (Field::Agency, "ninjs-credit", "/creditLine"),
        (Field::Agency, "ninjs-copyright-holder", "/copyrightholder"),
        (Field::Agency, "ninjs-copyright-holder", "/copyrightHolder"),
        (Field::Agency, "ninjs-copyright-notice", "/copyrightnotice"),
        (Field::Agency, "ninjs-copyright-notice", "/copyrightNotice"),
        (Field::Source, "ninjs-provider", "/provider"),
        (Field::Published, "ninjs-firstcreated", "/firstCreated"),
        (Field::Published, "ninjs-firstcreated", "/firstcreated"),
        (Field::Published, "ninjs-firstpublished", "/firstpublished"),
        (Field::Published, "ninjs-contentcreated", "/contentcreated"),
        (Field::Published, "ninjs-contentcreated", "/contentCreated"),
        (Field::Published, "ninjs-versioncreated", "/versioncreated"),
        (Field::Published, "ninjs-versioncreated", "/versionCreated"),
        (Field::Modified, "ninjs-versioncreated", "/versioncreated"),
        (Field::Modified, "ninjs-versioncreated", "/versionCreated"),
        (Field::Language, "ninjs-language", "/language"),
        (
            Field::Copyright,
            "ninjs-copyright-notice",
            "/copyrightnotice",
        ),
        (
            Field::Copyright,
            "ninjs-copyright-notice",
            "/copyrightNotice",
        ),
        (
            Field::Copyright,
            "ninjs-copyright-holder",
            "/copyrightholder",
        ),
        (
            Field::Copyright,
            "ninjs-copyright-holder",
            "/copyrightHolder",
        ),
        (Field::Note, "ninjs-ednote", "/ednote"),
        (Field::Note, "ninjs-ednote", "/edNote"),
        (Field::Keyword, "ninjs-keyword", "/keywords"),
        (Field::Keyword, "ninjs-subject", "/subject/*/name"),
        (Field::Keyword, "ninjs-subject", "/subjects/*/name"),
        (Field::Keyword, "ninjs-slugline", "/slugline"),
    ],
    bodies: &[],
    also: shape::nothing,
};

fn is(document: &Document<'_>, value: Value) -> bool {
    let has = |key| names(document, value, key);
    let said = has("headline")
        || has("headlines")
        || has("body_text")
        || has("body_html")
        || has("body_xhtml");
    let stamped =
        has("versioncreated") || has("versionCreated") || has("pubstatus") || has("pubStatus");
    let texts = has("body_text") || has("body_html") || has("body_xhtml") || has("bodies");
    has("uri") && (stamped || said && texts || has("headlines")) && !has("source-feed")
        || has("guid") && has("versioncreated") && said
}

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let document = shape::parse(text, rules)?;
    let root = document.root();
    let mut drafter = Drafter::new(rules);
    by_role(
        &document,
        root,
        &mut drafter,
        "headlines",
        Field::Title,
        "main",
    );
    by_role(
        &document,
        root,
        &mut drafter,
        "descriptions",
        Field::Subtitle,
        "text",
    );
    for place in SHAPE.fields {
        shape::tell(&document, root, &mut drafter, *place);
    }
    body(&document, root, &mut drafter);
    captions(&document, root, &mut drafter);
    Ok(drafter.finish())
}

/// A text of those in a list, that of the role first.
fn by_role(
    document: &Document<'_>,
    root: Value,
    drafter: &mut Drafter<'_>,
    list: &str,
    field: Field,
    role: &str,
) {
    let mut values: Vec<Value> = document.find(root, &format!("/{list}/*"));
    let class = |value: &Value| {
        let stated = document.get(*value, "role");
        let stated = stated
            .and_then(|role| document.said(role))
            .unwrap_or_default();
        let stated = stated.to_lowercase();
        match stated.as_str() {
            "" | "headline" => 0,
            stated if stated == role => 0,
            "kicker" | "overline" | "slug" | "slugline" | "topline" | "rubric" => 2,
            _ => 1,
        }
    };
    values.sort_by_key(class);
    for value in values {
        let is_below = document
            .get(value, "role")
            .and_then(|role| document.said(role));
        let field = if is_below.is_some_and(|role| role.to_lowercase().starts_with("sub")) {
            Field::Subtitle
        } else {
            field
        };
        let string = document
            .get(value, "value")
            .and_then(|value| document.string(value));
        if let Some(words) = string {
            let stated_by = if list == "headlines" {
                "ninjs-headlines"
            } else {
                "ninjs-descriptions"
            };
            drafter.tell(field, stated_by, words.text(), Some(words.span()));
        }
    }
}

/// How much a body says of its structure: the first of these that is there is read, since they say the same.
const BODIES: [&str; 4] = ["/body_xhtml", "/body_html", "/body_text", "/body_plain"];

/// The text. Where it is there as HTML and as plain text the former is read: paragraphs, captions and links can be told.
fn body(document: &Document<'_>, root: Value, drafter: &mut Drafter<'_>) {
    if shape::body(
        document,
        root,
        drafter,
        BODIES.iter().map(|pointer| ("", *pointer)),
    ) {
        return;
    }
    let mut bodies = document.find(root, "/bodies/*");
    let rank = |value: &Value| {
        let stated = |key| document.get(*value, key).and_then(|it| document.said(it));
        let kind = stated("contenttype")
            .or_else(|| stated("contentType"))
            .unwrap_or_default();
        let role = stated("role").unwrap_or_default().to_lowercase();
        let is_other = !["", "main", "body", "text", "story"].contains(&role.as_str());
        let kind = match kind.to_lowercase().as_str() {
            kind if kind.contains("html") => 0,
            kind if kind.contains("text/plain") => 1,
            _ => 2,
        };
        (is_other, kind)
    };
    bodies.sort_by_key(rank);
    for body in bodies {
        let text = document
            .get(body, "value")
            .and_then(|value| document.string(value));
        if let Some(text) = text.filter(|text| !text.is_blank()) {
            drafter.body(&text);
            return;
        }
    }
    // Other bodies a provider may name as it likes.
    let others = document
        .values(root)
        .filter(|value| document.key(*value).starts_with("body_"));
    if let Some(text) = others
        .filter_map(|value| document.string(value))
        .find(|text| !text.is_blank())
    {
        drafter.body(&text);
    }
}

/// What stands under the pictures that come with it.
fn captions(document: &Document<'_>, root: Value, drafter: &mut Drafter<'_>) {
    let pointers = [
        "/associations/*/description_text",
        "/associations/*/descriptions/0/value",
    ];
    for value in pointers
        .iter()
        .flat_map(|pointer| document.find(root, pointer))
    {
        if let Some(caption) = document.string(value).filter(|it| !it.is_blank()) {
            drafter.line(Label::Caption, "ninjs-association", &caption);
        }
    }
}
