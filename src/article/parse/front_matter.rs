//! Front matter: what stands between two lines of `---` (YAML) or `+++` (TOML) at the head of a Markdown file.
//!
//! Aliases of YAML are never expanded. What is no YAML (`title: Talks: day two`) is read line by line.

use granit_parser::{Event, Parser};
use toml::de::{DeTable, DeValue};

use crate::article::Span;

/// How far from the start front matter is closed, in bytes: 16 KiB hold a page of tags.
const BYTES_MAX: usize = 16 << 10;
/// Most values that are read: real ones have some dozens.
const VALUES_MAX: usize = 512;
/// Most events of the YAML parser that are looked at.
const EVENTS_MAX: usize = 16 << 10;

/// In what it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
}

/// Front matter that is opened and closed.
#[derive(Debug, Clone, Copy)]
pub(super) struct FrontMatter {
    /// In what it is written.
    pub(super) language: Language,
    /// What stands between the two lines.
    pub(super) inner: Span,
    /// Where the text begins.
    pub(super) body: usize,
}

/// A value with its key, in lower case, as a path: `author.name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    /// Its key.
    pub(super) key: String,
    /// The value.
    pub(super) text: String,
    /// Where it stands.
    pub(super) span: Span,
}

/// What front matter states.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// All values, in order; those of a list one each.
    pub(super) values: Vec<Value>,
    /// Whether it broke the rules of its language and was read line by line.
    pub(super) is_lenient: bool,
}

impl FrontMatter {
    /// The front matter a text opens with.
    pub(super) fn of(text: &str) -> Option<Self> {
        let start = text.len() - text.trim_start_matches(['\u{feff}', '\r', '\n']).len();
        let (language, ends): (_, &[&str]) = match text.get(start..start + 3)? {
            "---" => (Language::Yaml, &["---", "..."]),
            "+++" => (Language::Toml, &["+++"]),
            _ => return None,
        };
        let head = text.get(start..text.floor_char_boundary(start + BYTES_MAX))?;
        let mut at = start;
        let mut inner = None;
        for line in head.split_inclusive('\n') {
            let bare = line.trim_end();
            let Some(from) = inner else {
                if bare.len() != 3 {
                    return None;
                }
                at += line.len();
                inner = Some(at);
                continue;
            };
            if ends.contains(&bare) {
                let found = Self {
                    language,
                    inner: Span::new(from, at),
                    body: at + line.len(),
                };
                return opens_with_key(found.inner.of(text), language).then_some(found);
            }
            at += line.len();
        }
        None
    }

    /// What it states.
    pub(super) fn values(self, text: &str) -> Values {
        let inner = self.inner.of(text);
        let strict = match self.language {
            Language::Yaml => yaml(inner, self.inner.start),
            Language::Toml => toml(inner, self.inner.start),
        };
        let is_lenient = strict.is_none();
        Values {
            values: strict.unwrap_or_else(|| lenient(inner, self.inner.start)),
            is_lenient,
        }
    }
}

/// Two rules in a text are no front matter: its first line that says anything has a key.
fn opens_with_key(inner: &str, language: Language) -> bool {
    let mark = if language == Language::Yaml { ':' } else { '=' };
    let first = inner
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        let key = line
            .split(mark)
            .next()
            .unwrap_or("")
            .trim()
            .trim_matches(['"', '\'']);
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
        line.contains(mark) && !key.is_empty() && key.len() <= 40 && key.chars().all(plain)
            || language == Language::Toml && line.starts_with('[')
    })
}

/// A collection of YAML that is open.
#[derive(Debug)]
enum Open {
    /// A mapping, with the key whose value comes next.
    Mapping(Option<String>),
    Sequence,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is neither value nor collection says nothing"
)]
fn yaml(inner: &str, base: usize) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for next in Parser::new_from_str(inner).take(EVENTS_MAX) {
        let (event, span) = next.ok()?;
        match event {
            Event::MappingStart(..) => open.push(Open::Mapping(None)),
            Event::SequenceStart(..) => open.push(Open::Sequence),
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                close_value(&mut open);
            }
            Event::Scalar(text, ..) => match open.last_mut() {
                Some(Open::Mapping(key @ None)) => *key = Some(text.to_lowercase()),
                Some(_) => {
                    let range = span.byte_range().unwrap_or_default();
                    let value = Value {
                        key: path(&open),
                        text: text.into_owned(),
                        span: Span::new(base + range.start, base + range.end),
                    };
                    if values.len() < VALUES_MAX {
                        values.push(value);
                    }
                    close_value(&mut open);
                }
                None => return None,
            },
            Event::Alias(_) => close_value(&mut open),
            _ => {}
        }
    }
    Some(values)
}

/// After a value a mapping waits for its next key.
fn close_value(open: &mut [Open]) {
    if let Some(Open::Mapping(key)) = open.last_mut() {
        // A collection as a key says nothing to us.
        *key = None;
    }
}

fn path(open: &[Open]) -> String {
    let keys = open.iter().filter_map(|open| match open {
        Open::Mapping(key) => key.as_deref(),
        Open::Sequence => None,
    });
    keys.collect::<Vec<_>>().join(".")
}

fn toml(inner: &str, base: usize) -> Option<Vec<Value>> {
    let table = DeTable::parse(inner).ok()?;
    let mut values = Vec::new();
    // Tables and lists in their order; a list of tables (`[[author]]`) too.
    let mut waiting: Vec<(String, Span, &DeValue<'_>)> = Vec::new();
    for (key, value) in table.get_ref() {
        let place = Span::new(base + value.span().start, base + value.span().end);
        waiting.push((key.get_ref().to_lowercase(), place, value.get_ref()));
    }
    waiting.reverse();
    while let Some((key, span, value)) = waiting.pop() {
        let text = match value {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Datetime(time) => time.to_string(),
            DeValue::Boolean(is) => is.to_string(),
            DeValue::Float(number) => number.to_string(),
            DeValue::Array(list) => {
                for value in list.iter().rev() {
                    let place = Span::new(base + value.span().start, base + value.span().end);
                    waiting.push((key.clone(), place, value.get_ref()));
                }
                continue;
            }
            DeValue::Table(table) => {
                for (inner, value) in table.iter().rev() {
                    let place = Span::new(base + value.span().start, base + value.span().end);
                    waiting.push((
                        format!("{key}.{}", inner.get_ref().to_lowercase()),
                        place,
                        value.get_ref(),
                    ));
                }
                continue;
            }
        };
        if values.len() < VALUES_MAX {
            values.push(Value { key, text, span });
        }
    }
    Some(values)
}

/// `key: rest of the line`, and the items of a list under a key.
fn lenient(inner: &str, from_byte: usize) -> Vec<Value> {
    let mut values = Vec::new();
    let mut key = String::new();
    let mut at = from_byte;
    for line in inner.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let shown = line.trim_end();
        let item = shown.trim_start().strip_prefix("- ");
        let rest = if let Some(item) = item {
            item
        } else if let Some((name, rest)) = shown
            .split_once([':', '='])
            .filter(|(name, _)| is_key(name))
        {
            key = name.trim().trim_matches(['"', '\'']).to_lowercase();
            rest
        } else {
            continue;
        };
        let text = rest.trim().trim_matches(['"', '\'']);
        if !text.is_empty() && values.len() < VALUES_MAX {
            let from = start + shown.rfind(text).unwrap_or(0);
            values.push(Value {
                key: key.clone(),
                text: text.to_owned(),
                span: Span::new(from, from + text.len()),
            });
        }
    }
    values
}

fn is_key(name: &str) -> bool {
    !name.starts_with([' ', '\t', '#'])
        && name.trim_end().len() <= 40
        && name
            .trim_end()
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '"' | '\''))
}
