//! One file's answer laid beside what is expected of it.

use serde_json::{Map, Value};

use crate::rules::{self, Agencies};
use crate::when;

/// What became of one expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Right,
    Wrong,
    Missing,
}

/// One expectation, what was found, and what that is worth.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) expected: String,
    pub(crate) ours: String,
    pub(crate) mark: Mark,
}

/// Fields in the order of the table, each with the key of the article object that holds it.
pub(crate) const FIELDS: [(&str, &str); 16] = [
    ("title", "title"),
    ("body_first", "text"),
    ("body_last", "text"),
    ("published", "published"),
    ("modified", "modified"),
    ("publisher", "source"),
    ("agency", "agency"),
    ("byline", "byline"),
    ("dateline", "dateline"),
    ("language", "language"),
    ("url", "url"),
    ("id", "guid"),
    ("version", "version"),
    ("copyright", "copyright"),
    ("agency_story_id", "agency_id"),
    ("encoding", "charset"),
];

/// The object that the expectations are about: the one with the expected title, else with the expected first words, else
/// the first.
pub(crate) fn fitting<'a>(
    expected: &Map<String, Value>,
    objects: &'a [Value],
) -> Option<&'a Value> {
    let wanted = |key: &str| expected.get(key).and_then(Value::as_str);
    let titled = |object: &&Value| {
        wanted("title").is_some_and(|title| rules::same_text(title, &string(&object["title"])))
    };
    let begun = |object: &&Value| {
        wanted("body_first")
            .is_some_and(|first| rules::begins(first, &string(&object["text"]), None))
    };
    objects
        .iter()
        .find(titled)
        .or_else(|| objects.iter().find(begun))
        .or_else(|| objects.first())
}

/// Marks every field something is expected of.
pub(crate) fn fields(
    expected: &Map<String, Value>,
    encoding: &str,
    object: Option<&Value>,
    agencies: &Agencies,
) -> Vec<Field> {
    let encoding_value = Value::from(encoding);
    let mut fields = Vec::new();
    for (name, key) in FIELDS {
        let wanted = if name == "encoding" {
            Some(&encoding_value)
        } else {
            expected.get(name)
        };
        let Some(wanted) = wanted else {
            continue;
        };
        let ours = object.map_or(&Value::Null, |object| &object[key]);
        fields.push(Field {
            name,
            expected: string(wanted),
            ours: string(ours),
            mark: mark(name, wanted, object, ours, expected, agencies),
        });
    }
    fields
}

fn mark(
    name: &str,
    wanted: &Value,
    object: Option<&Value>,
    ours: &Value,
    expected: &Map<String, Value>,
    agencies: &Agencies,
) -> Mark {
    let Some(object) = object else {
        return Mark::Missing;
    };
    let given = !list(ours).is_empty();
    // Where the file does not say its language, to tell it from the text is no mistake.
    let detected = name == "language" && object["evidence"]["language"]["rule"] == "detected";
    let right = if wanted.is_null() {
        !given || detected
    } else {
        let dateline = expected.get("dateline").and_then(Value::as_str);
        is_right(name, wanted, object, ours, dateline, agencies)
    };
    match (right, given || wanted.is_null()) {
        (true, _) => Mark::Right,
        (false, true) => Mark::Wrong,
        (false, false) => Mark::Missing,
    }
}

fn is_right(
    name: &str,
    wanted: &Value,
    object: &Value,
    ours: &Value,
    dateline: Option<&str>,
    agencies: &Agencies,
) -> bool {
    let (a, b) = (string(wanted), string(ours));
    match name {
        "title" => rules::same_text(&a, &b),
        "body_first" => rules::begins(&a, &b, dateline),
        "body_last" => rules::ends(&a, &b),
        "published" | "modified" => when::same(&a, &b),
        "publisher" => !b.is_empty() && rules::same_publisher(&a, &b, agencies),
        "agency" => agencies.same(&list(wanted), &list(ours)),
        "byline" => rules::same_byline(&a, &list(ours), &list(&object["agency"]), agencies),
        "dateline" => rules::same_dateline(&a, &b, agencies),
        "language" => rules::same_language(&a, &b),
        "url" => rules::same_url(&a, &b),
        "copyright" => rules::same_line(&a, &b),
        "encoding" => rules::same_encoding(&a, &b),
        // id, version, agency_story_id
        _ => rules::same_id(&a, &b),
    }
}

/// A value in words: a list's entries in a row, null as nothing.
pub(crate) fn string(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(string).collect::<Vec<_>>().join(", "),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

fn list(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().map(string).collect(),
        Value::Null => Vec::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            Some(string(value))
                .filter(|text| !text.is_empty())
                .into_iter()
                .collect()
        }
    }
}

/// Whether a file of this kind was read as what it is. What any bytes can be read as (`text`) is right for text alone, and
/// `html` for pages; a member of a container may be either.
pub(crate) fn is_recognised(kind: &str, object: &Value) -> bool {
    let format = object["format"].as_str().unwrap_or_default();
    if !object["member"].is_null() {
        return true;
    }
    match format {
        "text" => kind.ends_with("text"),
        "html" => kind.ends_with("HTML page") || kind == "SingleFile HTML",
        _ => !format.is_empty(),
    }
}
