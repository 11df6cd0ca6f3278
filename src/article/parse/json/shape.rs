//! The shape of one kind of JSON: how it is recognised, where its articles are, and which field stands where.
//!
//! The built-in shapes are constants, those of the configuration are read from it; both are worked off here.

use crate::article::{Refusal, Rules, Span};

use super::super::{Draft, Drafter, Field, Opening, drafter};
use super::{Document, Kind, Lifted, Value};

/// A kind of JSON.
#[derive(Debug)]
pub(in crate::article::parse) struct Shape {
    /// The rule that says so.
    pub(in crate::article::parse) rule: &'static str,
    /// Whether a value is an article of this kind.
    pub(in crate::article::parse) is: fn(&Document<'_>, Value) -> bool,
    /// Where the articles of a document are that is not one itself: JSON pointers with `*`.
    pub(in crate::article::parse) lists: &'static [&'static str],
    /// Whether other things than articles stand in them.
    pub(in crate::article::parse) is_mixed: bool,
    /// Which field is stated where, the better first: the field, the rule, the pointer.
    pub(in crate::article::parse) fields: &'static [Place<'static>],
    /// Where the text is: the first that has any.
    pub(in crate::article::parse) bodies: &'static [(&'static str, &'static str)],
    /// What else is to be told of it.
    pub(in crate::article::parse) also: fn(&Document<'_>, Value, &mut Drafter<'_>),
}

/// Where a field is stated: the field, the rule, the pointer.
pub(in crate::article::parse) type Place<'p> = (Field, &'static str, &'p str);

impl Shape {
    /// Whether a text is of this kind.
    pub(in crate::article::parse) fn recognise(
        &self,
        opening: &Opening<'_>,
    ) -> Option<&'static str> {
        let document = opening.json()?;
        let root = document.root();
        let is_one = (self.is)(document, root);
        let is = |value: Value| (self.is)(document, value);
        let has_some = || {
            let mut values = self.lists.iter().flat_map(|list| document.find(root, list));
            values.any(is)
        };
        (is_one || has_some()).then_some(self.rule)
    }

    /// Where the articles of a document are; none where it is one.
    pub(in crate::article::parse) fn divide(
        &self,
        text: &str,
        rules: &Rules,
    ) -> Result<Vec<Span>, Refusal> {
        let document = parse(text, rules)?;
        let root = document.root();
        if (self.is)(&document, root) {
            return Ok(Vec::new());
        }
        let is = |value: &Value| (self.is)(&document, *value);
        let lists = self.lists.iter().map(|list| document.find(root, list));
        let mut values = lists
            .into_iter()
            .find(|values| values.iter().any(is))
            .unwrap_or_default();
        if self.is_mixed {
            values.retain(is);
        }
        Ok(spans(&document, &values))
    }

    /// An article.
    pub(in crate::article::parse) fn read(
        &self,
        text: &str,
        rules: &Rules,
    ) -> Result<Draft, Refusal> {
        let document = parse(text, rules)?;
        let mut drafter = Drafter::new(rules);
        let root = document.root();
        for (field, rule, pointer) in self.fields {
            tell(&document, root, &mut drafter, (*field, rule, pointer));
        }
        (self.also)(&document, root, &mut drafter);
        body(&document, root, &mut drafter, self.bodies.iter().copied());
        Ok(drafter.finish())
    }
}

/// Nothing else is to be told.
pub(in crate::article::parse) fn nothing(_: &Document<'_>, _: Value, _: &mut Drafter<'_>) {}

/// Scans a document, or says why it cannot be.
pub(in crate::article::parse) fn parse<'a>(
    text: &'a str,
    rules: &Rules,
) -> Result<Document<'a>, Refusal> {
    Document::parse(text, rules).map_err(|fault| fault.refusal(text))
}

/// The places of articles.
pub(in crate::article::parse) fn spans(document: &Document<'_>, values: &[Value]) -> Vec<Span> {
    values.iter().map(|value| document.span(*value)).collect()
}

/// Keys under which an object says its name.
const NAMES: [&str; 10] = [
    "name", "literal", "value", "@value", "rendered", "main", "basic", "original", "$date", "title",
];

/// Keys of the two halves of a person's name.
const HALVES: [&[&str]; 2] = [
    &[
        "givenName",
        "given_name",
        "firstName",
        "first_name",
        "firstname",
    ],
    &[
        "familyName",
        "family_name",
        "lastName",
        "last_name",
        "lastname",
    ],
];

/// States a field by everything at a place: strings, numbers, objects with a name, lists of these.
pub(in crate::article::parse) fn tell(
    document: &Document<'_>,
    root: Value,
    drafter: &mut Drafter<'_>,
    (field, rule, pointer): Place<'_>,
) {
    for value in document.find(root, pointer) {
        tell_value(document, value, drafter, (field, rule));
    }
}

/// States a field by a value.
pub(in crate::article::parse) fn tell_value(
    document: &Document<'_>,
    value: Value,
    drafter: &mut Drafter<'_>,
    (field, rule): (Field, &'static str),
) {
    // An address says which party, and not what it is called.
    let is_party = matches!(field, Field::Source | Field::Byline | Field::Agency);
    for said in said_by(document, value, !is_party) {
        let span = Some(said.span());
        if matches!(field, Field::Title | Field::Subtitle) {
            drafter.tell_lifted(field, rule, &said);
            continue;
        }
        let text = drafter::unescaped(said.text());
        drafter.tell(field, rule, &text, span);
    }
}

/// The strings a value says; for want of a name the address that says which it is.
fn said_by(document: &Document<'_>, value: Value, by_id: bool) -> Vec<Lifted> {
    match document.kind(value) {
        Kind::String => document.string(value).into_iter().collect(),
        Kind::Number => vec![document.verbatim(value)],
        Kind::Array => {
            let inside = document.values(value);
            let flat = inside.filter(|value| document.kind(*value) != Kind::Array);
            flat.flat_map(|value| said_by(document, value, by_id))
                .collect()
        }
        Kind::Object => {
            if let Some(list) = document.get(value, "@list") {
                return said_by(document, list, by_id);
            }
            let mut names = named(document, value);
            if names.is_empty() && by_id {
                let id = document.get(value, "@id");
                names.extend(id.and_then(|id| document.string(id)));
            }
            names
        }
        Kind::Word => Vec::new(),
    }
}

/// What an object says it is called; several names where they are a list.
pub(in crate::article::parse) fn named(document: &Document<'_>, object: Value) -> Vec<Lifted> {
    let get = |names: &[&str]| {
        let mut values = names.iter().filter_map(|name| document.get(object, name));
        values.find_map(|name| document.string(name))
    };
    if let Some(name) = get(&NAMES).or_else(|| whole_name(HALVES.map(get))) {
        return vec![name];
    }
    let list = document.get(object, NAMES[0]);
    let list = list.into_iter().flat_map(|list| document.values(list));
    list.filter_map(|name| document.string(name)).collect()
}

/// Given and family name, or the one that there is.
fn whole_name(halves: [Option<Lifted>; 2]) -> Option<Lifted> {
    let mut said = halves.into_iter().flatten().filter(|it| !it.is_blank());
    let mut whole = said.next()?;
    if let Some(family) = said.next() {
        let end = whole.span().end;
        whole.push_as(" ", Span::new(end, family.span().start.max(end)));
        whole.append(&family);
    }
    Some(whole)
}

/// Adds the text: the first place that has any.
pub(in crate::article::parse) fn body<'s>(
    document: &Document<'_>,
    root: Value,
    drafter: &mut Drafter<'_>,
    places: impl Iterator<Item = (&'s str, &'s str)>,
) -> bool {
    for (_, pointer) in places {
        let mut values = document.find(root, pointer);
        // A key that is there twice says what it says last; what a list says stands in the order of the input.
        if !pointer.contains('*') {
            values.truncate(1);
        }
        values.sort_by_key(|value| document.span(*value).start);
        let body = text_of(document, values);
        if !body.is_blank() {
            drafter.body(&body);
            return true;
        }
    }
    false
}

/// The text that values in the order of the input make: strings, lists of strings as paragraphs, and objects that have a
/// text.
pub(in crate::article::parse) fn text_of(
    document: &Document<'_>,
    values: impl IntoIterator<Item = Value>,
) -> Lifted {
    let mut pieces = Vec::new();
    for value in values {
        gather(document, value, &mut pieces, BODY_DEPTH_MAX);
    }
    // Between pieces with tags in them blank lines mean nothing.
    let has_tags = pieces.len() > 1 && pieces.iter().any(|it| drafter::is_marked_up(it.text()));
    let between = if has_tags { "<p>" } else { "\n\n" };
    let mut body = Lifted::default();
    for piece in pieces.into_iter().filter(|piece| !piece.is_blank()) {
        if !body.is_blank() {
            // Stands in the input between the two: the comma and the quotes.
            let at = body.span().end;
            body.push_as(between, Span::new(at, piece.span().start.max(at)));
        }
        body.append(&piece);
    }
    body
}

/// How deep the paragraphs of a text may lie in lists and objects: editors' blocks have three.
const BODY_DEPTH_MAX: usize = 6;

/// Keys under which a piece of a text has what it says: text first, then what may be pieces again.
const PIECES: [&str; 11] = [
    "rendered",
    "text",
    "value",
    "html",
    "content",
    "content_elements",
    "children",
    "items",
    "body",
    "data",
    "blocks",
];

/// Kinds of pieces that are no text of a story.
#[rustfmt::skip] // a table
const NO_PIECES: [&str; 12] = [
    "interstitial_link", "raw_html", "image", "gallery", "video", "oembed_response", "ad", "advertisement", "related",
    "related_links", "embed", "divider",
];

/// Strings, lists of pieces, and objects that have them.
fn gather(document: &Document<'_>, value: Value, pieces: &mut Vec<Lifted>, depth: usize) {
    match document.kind(value) {
        Kind::String => pieces.extend(document.string(value)),
        Kind::Array if depth > 0 => {
            let mut runs = Vec::new();
            let is_inline = document
                .values(value)
                .all(|inside| is_run(document, inside));
            for inside in document.values(value) {
                gather(document, inside, &mut runs, depth - 1);
            }
            if is_inline && runs.len() > 1 {
                let mut line = Lifted::default();
                for run in &runs {
                    line.append(run);
                }
                runs = vec![line];
            }
            pieces.append(&mut runs);
        }
        Kind::Object if depth > 0 => {
            let kind = kind_of(document, value);
            if kind.is_some_and(|kind| NO_PIECES.contains(&kind.as_str())) {
                return;
            }
            let mut inside = PIECES.iter().filter_map(|key| document.get(value, key));
            if let Some(piece) = inside.find(|it| is_something(document, *it)) {
                gather(document, piece, pieces, depth - 1);
            }
        }
        Kind::Array | Kind::Object | Kind::Number | Kind::Word => {}
    }
}

/// What an object says it is, in editors' formats.
fn kind_of(document: &Document<'_>, object: Value) -> Option<String> {
    let mut kinds = ["type", "_type"]
        .into_iter()
        .filter_map(|key| document.get(object, key));
    kinds.find_map(|kind| document.said(kind))
}

/// Whether an object is a run of characters inside a paragraph: several of them make a line.
fn is_run(document: &Document<'_>, object: Value) -> bool {
    let kind = kind_of(document, object).unwrap_or_default().to_lowercase();
    let has_text = document.get(object, "text").is_some();
    let is_named = ["text", "span", "link", "hardbreak", "mention"].contains(&kind.as_str());
    has_text && (is_named || kind.is_empty() && document.get(object, "marks").is_some())
}

/// Whether an object has a key whose value says something, or is a list or an object that is not empty.
pub(in crate::article::parse) fn has(document: &Document<'_>, value: Value, pointer: &str) -> bool {
    let mut values = document.find(value, pointer).into_iter();
    values.any(|value| is_something(document, value))
}

/// Whether a value says something, or is a list or an object that is not empty.
pub(in crate::article::parse) fn is_something(document: &Document<'_>, value: Value) -> bool {
    match document.kind(value) {
        Kind::String => document.string(value).is_some_and(|text| !text.is_blank()),
        Kind::Number => true,
        Kind::Object | Kind::Array => document.values(value).next().is_some(),
        Kind::Word => false,
    }
}

/// Whether an object has a key, whatever its value.
pub(in crate::article::parse) fn names(document: &Document<'_>, value: Value, key: &str) -> bool {
    document.get(value, key).is_some()
}
