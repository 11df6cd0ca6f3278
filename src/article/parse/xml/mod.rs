//! XML → a tree of elements that know where they stand in the input.
//!
//! On quick-xml's tokenizer, which neither reads a DTD nor expands entities: what a reference says is known here for the
//! predefined ones, for numbers and for HTML's names, and for nothing else. Names are local ones: namespaces come and go
//! between versions of a format and between those who send it. An end tag that ends nothing is passed over.

use quick_xml::Reader as Tokenizer;
use quick_xml::events::{BytesStart, Event};

use crate::article::{Refusal, Rules, Span};

use super::lifted::Lifted;

mod html;
mod root;

#[cfg(test)]
mod xml_tests;

pub(super) use html::{Part, Parts};
pub(super) use root::Root;

/// An element of a [`Tree`], by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element(u32);

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Element,
    /// Text as it stands in the input.
    Text,
    /// A character or entity reference.
    Reference,
}

#[derive(Debug, Clone, Copy)]
struct Node<'a> {
    kind: Kind,
    /// The local name of an element.
    name: &'a str,
    /// The element with its tags; the text.
    span: Span,
    /// Between the tags.
    inner: Span,
    parent: Element,
    next: Option<Element>,
    first: Option<Element>,
}

/// A document, as elements.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    input: &'a str,
    nodes: Vec<Node<'a>>,
}

/// Most attributes of an element that are looked at.
const ATTRIBUTES_MAX: usize = 256;

impl<'a> Tree<'a> {
    /// Parses a document.
    ///
    /// # Errors
    /// It ends in the middle, is no XML, nests too deep or has too many elements.
    pub(super) fn parse(input: &'a str, rules: &Rules) -> Result<Self, Refusal> {
        let mut tokenizer = Tokenizer::from_str(input);
        tokenizer.config_mut().check_end_names = false;
        tokenizer.config_mut().allow_unmatched_ends = true;
        tokenizer.config_mut().allow_dangling_amp = true;
        let mut planting = Planting::new(input, rules);
        loop {
            let start = position(&tokenizer);
            let event = tokenizer
                .read_event()
                .map_err(|error| fault(&error, input, start))?;
            let span = Span::new(start, position(&tokenizer));
            match event {
                Event::Start(_) => planting.open(span, false)?,
                Event::Empty(_) => planting.open(span, true)?,
                Event::End(_) => planting.close(span),
                Event::Text(_) => planting.leaf(Kind::Text, span)?,
                Event::GeneralRef(_) => planting.leaf(Kind::Reference, span)?,
                Event::CData(text) => {
                    let inner = span.start + "<![CDATA[".len();
                    planting.leaf(Kind::Text, Span::new(inner, inner + text.len()))?;
                }
                Event::Eof => return planting.finish(),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    fn node(&self, element: Element) -> Option<&Node<'a>> {
        self.nodes.get(element.0 as usize)
    }

    /// All elements, each before what is in it.
    pub(super) fn everything(&self) -> impl Iterator<Item = Element> {
        let elements = (1..self.nodes.len()).filter_map(|at| u32::try_from(at).ok());
        elements.map(Element)
    }

    /// The outermost element; what stands beside it belongs to nobody.
    pub(super) fn root(&self) -> Element {
        let root = Element(0);
        self.children(root).next().unwrap_or(root)
    }

    /// The local name of an element.
    pub(super) fn name(&self, element: Element) -> &'a str {
        self.node(element).map_or("", |node| node.name)
    }

    /// The name of an element as it is written, with its prefix.
    pub(super) fn written(&self, element: Element) -> &'a str {
        let tag = self.span(element).of(self.input).trim_start_matches('<');
        let end = tag.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'));
        tag.get(..end.unwrap_or(tag.len())).unwrap_or(tag)
    }

    /// Where an element stands, with its tags.
    pub(super) fn span(&self, element: Element) -> Span {
        self.node(element).map_or(Span::new(0, 0), |node| node.span)
    }

    /// Where what is in an element stands.
    pub(super) fn inner(&self, element: Element) -> Span {
        self.node(element)
            .map_or(Span::new(0, 0), |node| node.inner)
    }

    /// The element around it.
    pub(super) fn parent(&self, element: Element) -> Element {
        self.node(element).map_or(element, |node| node.parent)
    }

    /// The elements straight in an element.
    pub(super) fn children(&self, element: Element) -> impl Iterator<Item = Element> {
        self.nodes_in(element).filter(|child| {
            self.node(*child)
                .is_some_and(|node| node.kind == Kind::Element)
        })
    }

    fn nodes_in(&self, element: Element) -> impl Iterator<Item = Element> {
        let first = self.node(element).and_then(|node| node.first);
        std::iter::successors(first, |node| self.node(*node)?.next)
    }

    /// The first element straight in it of this name.
    pub(super) fn child(&self, element: Element, name: &str) -> Option<Element> {
        self.children(element)
            .find(|child| self.name(*child) == name)
    }

    /// The elements at a path of names, each straight in the one before: `body.head/hedline/hl1`.
    pub(super) fn at(&self, element: Element, path: &str) -> Vec<Element> {
        let mut found = vec![element];
        for name in path.split('/') {
            found = found
                .into_iter()
                .flat_map(|element| self.children(element))
                .filter(|child| self.name(*child) == name)
                .collect();
        }
        found
    }

    /// All elements of this name anywhere in it, in order.
    pub(super) fn all(&self, element: Element, name: &str) -> impl Iterator<Item = Element> {
        // Nodes are numbered in their order: all that is in an element stands behind it and within its span.
        let within = self.span(element);
        let from = element.0 + 1;
        (from..)
            .map(Element)
            .map_while(|child| Some((child, self.node(child)?)))
            .take_while(move |(_, node)| node.span.start < within.end)
            .filter(move |(_, node)| node.kind == Kind::Element && node.name == name)
            .map(|(child, _)| child)
    }

    /// The elements of a name as parts of a document, where they are several.
    pub(super) fn several(&self, name: &str) -> Vec<Span> {
        let named = self.all(self.root(), name);
        let spans: Vec<Span> = named.map(|element| self.span(element)).collect();
        if spans.len() > 1 { spans } else { Vec::new() }
    }

    /// An attribute by its local name.
    pub(super) fn attribute(&self, element: Element, name: &str) -> Option<Lifted> {
        let span = self.span(element);
        let inner = self.inner(element);
        let end = if inner.start > span.start {
            inner.start
        } else {
            span.end
        };
        let tag = Span::new(span.start + 1, end).of(self.input);
        let tag = tag.trim_end_matches(['>', '/']);
        let length = tag
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(tag.len());
        let start = BytesStart::from_content(tag, length);
        let mut attributes = start.attributes();
        let found = attributes
            .with_checks(false)
            .take(ATTRIBUTES_MAX)
            .filter_map(Result::ok)
            .find(|attribute| attribute.key.local_name().as_ref() == name)?;
        // The value is a piece of the tag, where nothing was decoded yet: where it stands is where it begins there.
        let value: &str = &found.value;
        let before = value.as_ptr().addr().checked_sub(tag.as_ptr().addr());
        let at = span.start + 1 + before.filter(|at| *at <= tag.len()).unwrap_or(0);
        let mut lifted = Lifted::default();
        lift(value, at, &mut lifted);
        Some(lifted)
    }

    /// What is said in an element and in all elements in it.
    pub(super) fn text(&self, element: Element) -> Lifted {
        self.text_without(element, "")
    }

    /// What is said in an element and in all elements in it, but not in those of this name.
    pub(super) fn text_without(&self, element: Element, name: &str) -> Lifted {
        let mut lifted = Lifted::default();
        let within = self.span(element);
        let mut left_out = 0;
        for node in self.nodes.iter().skip(element.0 as usize + 1) {
            if node.span.start >= within.end {
                break;
            }
            if node.span.start < left_out {
                continue;
            }
            match node.kind {
                Kind::Element if node.name == name => left_out = node.span.end,
                Kind::Text => lifted.push(node.span.of(self.input), node.span.start),
                Kind::Reference => reference(self.input, node.span, &mut lifted),
                Kind::Element => {}
            }
        }
        lifted
    }

    /// What is said in an element, white space folded; nothing where that is nothing.
    pub(super) fn said(&self, element: Element) -> Option<String> {
        let said = crate::article::prose::fold(self.text(element).text());
        (!said.is_empty()).then_some(said)
    }
}

/// Text with references in it.
pub(super) fn lift(raw: &str, at: usize, lifted: &mut Lifted) {
    let mut from = 0;
    while let Some(rest) = raw.get(from..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find('&').unwrap_or(rest.len());
        lifted.push(rest.get(..plain).unwrap_or(""), at + from);
        from += plain;
        let rest = rest.get(plain..).unwrap_or("");
        if rest.is_empty() {
            break;
        }
        let end = (rest.bytes().take(REFERENCE_BYTES_MAX + 1)).position(|byte| byte == b';');
        let name = end.and_then(|end| rest.get(1..end));
        if let (Some(end), Some(said)) = (end, name.and_then(said_by)) {
            lifted.push_as(&said, Span::new(at + from, at + from + end + 1));
            from += end + 1;
        } else {
            lifted.push("&", at + from);
            from += 1;
        }
    }
}

/// Longest reference that is looked for: HTML's longest name has 31 letters.
const REFERENCE_BYTES_MAX: usize = 40;

/// A reference that is a token of its own, `&` and `;` included; one that nothing is known of stays as it is.
fn reference(input: &str, span: Span, lifted: &mut Lifted) {
    let raw = span.of(input);
    let name = raw.strip_prefix('&').map(|name| name.trim_end_matches(';'));
    match name.and_then(said_by) {
        Some(said) => lifted.push_as(&said, span),
        None => lifted.push(raw, span.start),
    }
}

/// What a reference says by its name.
fn said_by(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return Some(
            char::from_u32(code)
                .unwrap_or(char::REPLACEMENT_CHARACTER)
                .to_string(),
        );
    }
    quick_xml::escape::resolve_html5_entity(name).map(str::to_owned)
}

fn position(tokenizer: &Tokenizer<&[u8]>) -> usize {
    usize::try_from(tokenizer.buffer_position()).unwrap_or(usize::MAX)
}

fn fault(error: &quick_xml::Error, input: &str, at: usize) -> Refusal {
    if matches!(error, quick_xml::Error::Syntax(_)) {
        return Refusal::Truncated {
            why: "it ends inside a tag, a comment or a section",
        };
    }
    Refusal::malformed("XML", input, at, "a tag is expected")
}

/// A tree that grows.
struct Planting<'a, 'r> {
    input: &'a str,
    rules: &'r Rules,
    nodes: Vec<Node<'a>>,
    open: Vec<Element>,
    /// The last node in each of the open elements.
    last: Vec<Option<Element>>,
}

impl<'a, 'r> Planting<'a, 'r> {
    fn new(input: &'a str, rules: &'r Rules) -> Self {
        let all = Span::new(0, input.len());
        let document = Node {
            kind: Kind::Element,
            name: "",
            span: all,
            inner: all,
            parent: Element(0),
            next: None,
            first: None,
        };
        Self {
            input,
            rules,
            nodes: vec![document],
            open: vec![Element(0)],
            last: vec![None],
        }
    }

    fn add(&mut self, mut node: Node<'a>) -> Result<Element, Refusal> {
        if self.nodes.len() >= self.rules.tokens_max {
            return Err(Refusal::TooMany {
                what: "elements",
                max: self.rules.tokens_max,
            });
        }
        let element = Element(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let parent = self.open.last().copied().unwrap_or(Element(0));
        node.parent = parent;
        if let Some(last) = self.last.last_mut() {
            let before = last.replace(element);
            let place = match before {
                Some(before) => self
                    .nodes
                    .get_mut(before.0 as usize)
                    .map(|node| &mut node.next),
                None => self
                    .nodes
                    .get_mut(parent.0 as usize)
                    .map(|node| &mut node.first),
            };
            if let Some(place) = place {
                *place = Some(element);
            }
        }
        self.nodes.push(node);
        Ok(element)
    }

    fn leaf(&mut self, kind: Kind, span: Span) -> Result<(), Refusal> {
        if span.is_empty() {
            return Ok(());
        }
        let leaf = Node {
            kind,
            name: "",
            span,
            inner: span,
            parent: Element(0),
            next: None,
            first: None,
        };
        self.add(leaf).map(drop)
    }

    fn open(&mut self, span: Span, is_empty: bool) -> Result<(), Refusal> {
        let element = self.add(Node {
            kind: Kind::Element,
            name: local_name(span.of(self.input)),
            span,
            inner: Span::new(span.end, span.end),
            parent: Element(0),
            next: None,
            first: None,
        })?;
        if !is_empty {
            if self.open.len() > self.rules.depth_max {
                return Err(Refusal::TooDeep {
                    max: self.rules.depth_max,
                });
            }
            self.open.push(element);
            self.last.push(None);
        }
        Ok(())
    }

    fn close(&mut self, span: Span) {
        let name = local_name(span.of(self.input));
        let is_open = |element: &Element| {
            self.nodes
                .get(element.0 as usize)
                .is_some_and(|node| node.name == name)
        };
        let Some(depth) = self
            .open
            .iter()
            .rposition(is_open)
            .filter(|depth| *depth > 0)
        else {
            return;
        };
        for (at, element) in self.open.drain(depth..).enumerate() {
            if let Some(node) = self.nodes.get_mut(element.0 as usize) {
                node.inner.end = span.start;
                // What was left open in it ends where it does.
                node.span.end = if at == 0 { span.end } else { span.start };
            }
        }
        self.last.truncate(depth);
    }

    fn finish(self) -> Result<Tree<'a>, Refusal> {
        if self.open.len() > 1 {
            return Err(Refusal::Truncated {
                why: "it ends before its root element does",
            });
        }
        Ok(Tree {
            input: self.input,
            nodes: self.nodes,
        })
    }
}

/// The local name in a tag.
fn local_name(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'));
    let name = name.get(..end.unwrap_or(name.len())).unwrap_or(name);
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}
