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
const NAMES: [&str; 9] = [
    "name", "literal", "value", "@value", "rendered", "main", "$date", "title", "@id",
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
    for said in said_by(document, value) {
        let span = Some(said.span());
        let text = drafter::unescaped(said.text());
        drafter.tell(field, rule, &text, span);
    }
}

/// The strings a value says.
fn said_by(document: &Document<'_>, value: Value) -> Vec<Lifted> {
    match document.kind(value) {
        Kind::String => document.string(value).into_iter().collect(),
        Kind::Number => vec![document.verbatim(value)],
        Kind::Array => {
            let inside = document.values(value);
            let flat = inside.filter(|value| document.kind(*value) != Kind::Array);
            flat.flat_map(|value| said_by(document, value)).collect()
        }
        Kind::Object => {
            if let Some(list) = document.get(value, "@list") {
                return said_by(document, list);
            }
            let mut names = NAMES.iter().filter_map(|name| document.get(value, name));
            let name = names.find_map(|name| document.string(name));
            name.into_iter().collect()
        }
        Kind::Word => Vec::new(),
    }
}

/// Adds the text: the first place that has any.
pub(in crate::article::parse) fn body<'s>(
    document: &Document<'_>,
    root: Value,
    drafter: &mut Drafter<'_>,
    places: impl Iterator<Item = (&'s str, &'s str)>,
) -> bool {
    for (_, pointer) in places {
        let mut body = Lifted::default();
        let mut values = document.find(root, pointer);
        // A key that is there twice says what it says last; what a list says stands in the order of the input.
        if !pointer.contains('*') {
            values.truncate(1);
        }
        values.sort_by_key(|value| document.span(*value).start);
        for value in values {
            append(document, value, &mut body);
        }
        if !body.is_blank() {
            drafter.body(&body);
            return true;
        }
    }
    false
}

/// A string, or a list of strings as paragraphs.
fn append(document: &Document<'_>, value: Value, body: &mut Lifted) {
    match document.kind(value) {
        Kind::String => {
            if let Some(text) = document.string(value) {
                if !body.is_blank() {
                    // Stands in the input between the two: the comma and the quotes.
                    let at = body.span().end;
                    body.push_as("\n\n", Span::new(at, document.span(value).start.max(at)));
                }
                body.append(&text);
            }
        }
        Kind::Array => {
            for inside in document.values(value) {
                if document.kind(inside) == Kind::String {
                    append(document, inside, body);
                }
            }
        }
        Kind::Object => {
            let rendered = document.get(value, "rendered");
            if let Some(text) = rendered.filter(|it| document.kind(*it) == Kind::String) {
                append(document, text, body);
            }
        }
        Kind::Number | Kind::Word => {}
    }
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
