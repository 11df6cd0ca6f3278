//! JSON → a tree of values that know where they stand in the input.
//!
//! A scanner of our own, since no crate gives the place of every value, reads what feeds really send (raw line ends and
//! tabs in strings, half surrogates, numbers beyond any range), and neither recurses nor builds what nobody asks for.
//! What a string or a number says is worked out when it is asked for: a number stays as it is written.

use std::borrow::Cow;

use crate::article::{Refusal, Rules, Span};

use super::lifted::Lifted;

pub(super) mod shape;
mod text;

#[cfg(test)]
mod json_tests;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{…}`.
    Object,
    /// `[…]`.
    Array,
    /// `"…"`.
    String,
    /// A number, as it is written.
    Number,
    /// `true`, `false`, `null`.
    Word,
}

/// A value of a [`Document`], by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Value(u32);

#[derive(Debug, Clone, Copy)]
struct Node {
    kind: Kind,
    /// The value with its brackets or quotes.
    span: Span,
    /// The key with its quotes; empty in an array.
    key: Span,
    /// The next value of the same object or array.
    next: Option<Value>,
    /// Its first value.
    first: Option<Value>,
}

/// A document, scanned.
#[derive(Debug)]
pub(super) struct Document<'a> {
    input: &'a str,
    nodes: Vec<Node>,
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is no JSON from this byte on.
    At(usize, &'static str),
    /// It ends too early.
    Ends(&'static str),
    /// Deeper than allowed.
    Deep(usize),
    /// More values than allowed.
    Many(usize),
}

impl Fault {
    /// As a refusal of a document of that format.
    pub(super) fn refusal(&self, input: &str) -> Refusal {
        match *self {
            Self::At(at, why) => Refusal::malformed("JSON", input, at, why),
            Self::Ends(why) => Refusal::Truncated { why },
            Self::Deep(max) => Refusal::TooDeep { max },
            Self::Many(max) => Refusal::TooMany {
                what: "values",
                max,
            },
        }
    }
}

impl<'a> Document<'a> {
    /// Scans a document that may be as deep and have as many values as the rules allow.
    pub(super) fn parse(input: &'a str, rules: &Rules) -> Result<Self, Fault> {
        Self::within(input, rules.depth_max, rules.tokens_max)
    }

    /// Scans a document of at most that depth and so many values.
    pub(super) fn within(
        input: &'a str,
        depth_max: usize,
        values_max: usize,
    ) -> Result<Self, Fault> {
        let mut scanner = Scanner {
            input,
            at: 0,
            nodes: Vec::new(),
            open: Vec::new(),
            last: None,
            depth_max,
            values_max,
        };
        scanner.run()?;
        Ok(Self {
            input,
            nodes: scanner.nodes,
        })
    }

    /// The outermost value.
    #[expect(clippy::unused_self, reason = "a value is one of a document")]
    pub(super) fn root(&self) -> Value {
        Value(0)
    }

    /// All values, each before what is in it.
    pub(super) fn everything(&self) -> impl Iterator<Item = Value> {
        (0..self.nodes.len()).filter_map(|at| u32::try_from(at).ok().map(Value))
    }

    fn node(&self, value: Value) -> Option<&Node> {
        self.nodes.get(value.0 as usize)
    }

    /// What a value is.
    pub(super) fn kind(&self, value: Value) -> Kind {
        self.node(value).map_or(Kind::Word, |node| node.kind)
    }

    /// Where a value stands.
    pub(super) fn span(&self, value: Value) -> Span {
        self.node(value).map_or(Span::new(0, 0), |node| node.span)
    }

    /// A value as it is written.
    pub(super) fn raw(&self, value: Value) -> &'a str {
        self.span(value).of(self.input)
    }

    /// The values of an object or array, in order.
    pub(super) fn values(&self, value: Value) -> impl Iterator<Item = Value> {
        let first = self.node(value).and_then(|node| node.first);
        std::iter::successors(first, |value| self.node(*value)?.next)
    }

    /// The key of a value in its object.
    pub(super) fn key(&self, value: Value) -> String {
        self.node(value)
            .filter(|node| !node.key.is_empty())
            .map(|node| text::unescape(self.input, node.key).text().to_owned())
            .unwrap_or_default()
    }

    /// The value of a key; where an object has a key twice, the last one (as most readers do).
    pub(super) fn get(&self, object: Value, key: &str) -> Option<Value> {
        self.get_all(object, key).first().copied()
    }

    /// The values of a key, the last first.
    pub(super) fn get_all(&self, object: Value, key: &str) -> Vec<Value> {
        let mut found = Vec::new();
        if self.kind(object) == Kind::Object {
            let has = |value: &Value| {
                self.node(*value)
                    .is_some_and(|node| text::says(self.input, node.key, key))
            };
            found.extend(self.values(object).filter(has));
            found.reverse();
        }
        found
    }

    /// The values at a JSON pointer (RFC 6901), where `*` stands for every element of an array: `/bodies/*/value`.
    pub(super) fn find(&self, from: Value, pointer: &str) -> Vec<Value> {
        let mut found = vec![from];
        for part in pointer.split('/').skip(1) {
            let part = if part.contains('~') {
                Cow::Owned(part.replace("~1", "/").replace("~0", "~"))
            } else {
                Cow::Borrowed(part)
            };
            found = found
                .into_iter()
                .flat_map(|value| self.step(value, &part))
                .collect();
        }
        found
    }

    fn step(&self, value: Value, part: &str) -> Vec<Value> {
        match self.kind(value) {
            Kind::Object | Kind::Array if part == "*" => self.values(value).collect(),
            Kind::Object => self.get_all(value, part),
            Kind::Array => {
                let at: Option<usize> = part.parse().ok();
                at.and_then(|at| self.values(value).nth(at))
                    .into_iter()
                    .collect()
            }
            Kind::String | Kind::Number | Kind::Word => Vec::new(),
        }
    }

    /// A value as it is written, with its place.
    pub(super) fn verbatim(&self, value: Value) -> Lifted {
        Lifted::verbatim(self.input, self.span(value))
    }

    /// What a string says.
    pub(super) fn string(&self, value: Value) -> Option<Lifted> {
        (self.kind(value) == Kind::String).then(|| text::unescape(self.input, self.span(value)))
    }

    /// What a string or a number says, without blanks around it; nothing where that is nothing.
    pub(super) fn said(&self, value: Value) -> Option<String> {
        let said = match self.kind(value) {
            Kind::String => self.string(value)?.text().trim().to_owned(),
            Kind::Number => self.raw(value).to_owned(),
            Kind::Object | Kind::Array | Kind::Word => return None,
        };
        (!said.is_empty()).then_some(said)
    }

    /// The keys of an object, each once, in order, at most so many.
    pub(super) fn keys(&self, object: Value, most: usize) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for value in self.values(object) {
            let key = self.key(value);
            if keys.len() < most && !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }
}

/// Whether a text opens as JSON does: an object or array whose first value can be seen, not a bracket in prose.
pub(super) fn opens(text: &str) -> bool {
    let text = text.trim_start_matches(is_white);
    let inside = |rest: &str, marks: &[char]| {
        let rest = rest.trim_start_matches(is_white);
        rest.is_empty() || rest.starts_with(marks)
    };
    if let Some(rest) = text.strip_prefix('{') {
        return inside(rest, &['"', '}']);
    }
    text.strip_prefix('[')
        .is_some_and(|rest| inside(rest, &['{', '[', '"', ']']))
}

fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{feff}')
}

/// What is being scanned.
struct Scanner<'a> {
    input: &'a str,
    at: usize,
    nodes: Vec<Node>,
    /// The objects and arrays that are open.
    open: Vec<Value>,
    /// The value before, in the innermost of them.
    last: Option<Value>,
    depth_max: usize,
    values_max: usize,
}

impl Scanner<'_> {
    fn run(&mut self) -> Result<(), Fault> {
        self.value(Span::new(0, 0))?;
        while let Some(open) = self.open.last().copied() {
            let is_object = self.kind(open) == Kind::Object;
            let close = if is_object { b'}' } else { b']' };
            match self.peek() {
                None => return Err(Fault::Ends("it ends inside an object or array")),
                Some(byte) if byte == close => {
                    self.at += 1;
                    self.close();
                }
                Some(b',') if self.last.is_some() => {
                    self.at += 1;
                    // A comma before the closing bracket is no value.
                    if self.peek() != Some(close) {
                        self.entry(is_object)?;
                    }
                }
                Some(_) if self.last.is_none() => self.entry(is_object)?,
                Some(_) => {
                    return Err(Fault::At(
                        self.at,
                        "a comma or a closing bracket is missing",
                    ));
                }
            }
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Fault::At(self.at, "something follows behind its end")),
        }
    }

    /// The next byte that is not white.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.input.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                0xef if bytes.get(self.at..self.at + 3) == Some(b"\xef\xbb\xbf") => self.at += 3,
                other => return Some(*other),
            }
        }
        None
    }

    fn kind(&self, value: Value) -> Kind {
        self.nodes
            .get(value.0 as usize)
            .map_or(Kind::Word, |node| node.kind)
    }

    /// A value, with its key where it stands in an object.
    fn entry(&mut self, is_object: bool) -> Result<(), Fault> {
        if !is_object {
            return self.value(Span::new(0, 0));
        }
        if self.peek().is_some_and(|byte| byte != b'"') {
            return Err(Fault::At(self.at, "a key is expected"));
        }
        let key = self.string()?;
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(Fault::At(self.at, "a colon is expected behind the key")),
            None => return Err(Fault::Ends("it ends behind a key")),
        }
        self.value(key)
    }

    fn value(&mut self, key: Span) -> Result<(), Fault> {
        let Some(byte) = self.peek() else {
            return Err(Fault::Ends("it ends where a value is expected"));
        };
        let start = self.at;
        let kind = match byte {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b'"' => Kind::String,
            b'-' | b'0'..=b'9' => Kind::Number,
            b't' | b'f' | b'n' | b'N' | b'I' => Kind::Word,
            _ => return Err(Fault::At(start, "a value is expected")),
        };
        match kind {
            Kind::Object | Kind::Array => self.at += 1,
            Kind::String => {
                self.string()?;
            }
            Kind::Number | Kind::Word => self.word(start)?,
        }
        self.add(Node {
            kind,
            span: Span::new(start, self.at),
            key,
            next: None,
            first: None,
        })
    }

    /// Adds a value to the innermost open one; what has values itself is open from now on.
    fn add(&mut self, node: Node) -> Result<(), Fault> {
        let number = u32::try_from(self.nodes.len()).ok();
        let Some(number) = number.filter(|_| self.nodes.len() < self.values_max) else {
            return Err(Fault::Many(self.values_max));
        };
        let value = Value(number);
        if let Some(last) = self
            .last
            .and_then(|last| self.nodes.get_mut(last.0 as usize))
        {
            last.next = Some(value);
        } else if let Some(open) = self.open.last()
            && let Some(open) = self.nodes.get_mut(open.0 as usize)
        {
            open.first = Some(value);
        }
        self.nodes.push(node);
        self.last = Some(value);
        if matches!(node.kind, Kind::Object | Kind::Array) {
            if self.open.len() >= self.depth_max {
                return Err(Fault::Deep(self.depth_max));
            }
            self.open.push(value);
            self.last = None;
        }
        Ok(())
    }

    fn close(&mut self) {
        self.last = self.open.pop();
        if let Some(node) = self
            .last
            .and_then(|last| self.nodes.get_mut(last.0 as usize))
        {
            node.span.end = self.at;
        }
    }

    /// A string from its opening quote on.
    fn string(&mut self) -> Result<Span, Fault> {
        let bytes = self.input.as_bytes();
        let start = self.at;
        let mut at = start + 1;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(mark) = memchr::memchr2(b'"', b'\\', rest) else {
                return Err(Fault::Ends("it ends inside a string"));
            };
            if rest.get(mark) == Some(&b'"') {
                self.at = at + mark + 1;
                return Ok(Span::new(start, self.at));
            }
            at += mark + 2;
        }
    }

    /// A number or one of the words of JSON, and of JavaScript where writers leave them in.
    fn word(&mut self, start: usize) -> Result<(), Fault> {
        let rest = self.input.as_bytes().get(start..).unwrap_or_default();
        let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let length = rest.iter().take_while(|byte| inside(byte)).count();
        let word = rest.get(..length).unwrap_or_default();
        let is_number = word.iter().any(u8::is_ascii_digit)
            && word
                .iter()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        let known = matches!(
            word,
            b"true" | b"false" | b"null" | b"NaN" | b"Infinity" | b"-Infinity"
        );
        if !is_number && !known {
            return Err(Fault::At(start, "a value is expected"));
        }
        self.at = start + length;
        Ok(())
    }
}
