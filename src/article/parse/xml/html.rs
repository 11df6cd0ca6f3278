//! XML that reads like HTML → HTML, with every place kept.
//!
//! Deliveries carry stories in XHTML, in NITF and in dialects of their own, with prefixes, with `<p/>` and `<title/>`, which
//! HTML does not take for empty elements, and with elements HTML has not. What each of these reads as is the business of
//! the format that has it.

use crate::article::{Label, Span};

use super::super::drafter::is_marked_up;
use super::super::element::{self, Shape};
use super::super::lifted::Lifted;
use super::{Element, Kind, Node, Tree, said_by};

/// What becomes of an element of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::article::parse) enum Part {
    /// What HTML makes of its name; where HTML has none, it stands in a line of text.
    Itself,
    /// It reads as the HTML element of this name.
    As(&'static str),
    /// It is something else than the story, by this rule.
    Given(Label, &'static str),
    /// It is not for readers.
    Out,
}

/// Tells of an element of a story what becomes of it.
pub(in crate::article::parse) type Parts<'p> = &'p dyn Fn(&Tree<'_>, Element) -> Part;

/// A story as HTML.
#[derive(Debug, Default)]
pub(in crate::article::parse) struct Story {
    /// It.
    pub(in crate::article::parse) html: Lifted,
    /// What stands in it and is something else.
    pub(in crate::article::parse) asides: Vec<(Element, Label, &'static str)>,
}

/// An element that is written and not yet ended.
struct Open {
    name: String,
    inner_end: usize,
    end: usize,
}

impl Tree<'_> {
    /// What is in an element, as HTML.
    pub(in crate::article::parse) fn html(&self, element: Element, parts: Parts<'_>) -> Story {
        let within = self.span(element);
        let mut story = Story::default();
        let mut open: Vec<Open> = Vec::new();
        let mut left_out = 0;
        for (at, node) in self.nodes.iter().enumerate().skip(element.0 as usize + 1) {
            if node.span.start >= within.end {
                break;
            }
            close(&mut open, node.span.start, &mut story.html);
            if node.span.start < left_out {
                continue;
            }
            match node.kind {
                Kind::Text => self.write(node.span, &mut story.html),
                Kind::Reference => self.write_reference(node.span, &mut story.html),
                Kind::Element => {
                    let child = Element(u32::try_from(at).unwrap_or(u32::MAX));
                    let part = parts(self, child);
                    if let Part::Given(label, rule) = part {
                        story.asides.push((child, label, rule));
                    }
                    match self.opened(child, node, part, &mut story.html) {
                        Opened::Block(name) => open.push(Open {
                            name,
                            inner_end: node.inner.end,
                            end: node.span.end,
                        }),
                        Opened::Line => {}
                        Opened::LeftOut => left_out = node.span.end,
                    }
                }
            }
        }
        close(&mut open, within.end, &mut story.html);
        story
    }

    /// Writes the start of an element, if HTML has one for it.
    fn opened(&self, child: Element, node: &Node<'_>, part: Part, html: &mut Lifted) -> Opened {
        let name = match part {
            Part::Itself => node.name.to_ascii_lowercase(),
            Part::As(name) => name.to_owned(),
            Part::Given(..) | Part::Out => return Opened::LeftOut,
        };
        let is_empty = node.inner.is_empty();
        let tag = if is_empty {
            node.span
        } else {
            Span::new(node.span.start, node.inner.start)
        };
        match element::shape(name.as_bytes()) {
            Shape::Skipped => Opened::LeftOut,
            Shape::Inline => Opened::Line,
            Shape::Void => {
                html.push_as(&format!("<{name}>"), tag);
                Opened::Line
            }
            Shape::Block(_) | Shape::Link | Shape::Strong => {
                let class = self.attribute(child, "class");
                let class = class.as_ref().map_or("", Lifted::text);
                let says = !class.is_empty() && !class.contains(['"', '<', '>']);
                let start = if says {
                    format!("<{name} class=\"{class}\">")
                } else {
                    format!("<{name}>")
                };
                if is_empty {
                    html.push_as(&format!("{start}</{name}>"), tag);
                    return Opened::Line;
                }
                html.push_as(&start, tag);
                Opened::Block(name)
            }
        }
    }

    /// Writes text. What is quoted as a whole may be marked up in its turn.
    fn write(&self, span: Span, html: &mut Lifted) {
        let text = span.of(self.input);
        let before = self.input.get(..span.start).unwrap_or("");
        let is_quoted = before.ends_with("<![CDATA[");
        if !is_quoted || is_marked_up(text) {
            html.push(text, span.start);
            return;
        }
        let mut from = 0;
        for (at, mark) in text.match_indices(['<', '&']) {
            html.push(text.get(from..at).unwrap_or(""), span.start + from);
            let said = if mark == "<" { "&lt;" } else { "&amp;" };
            from = at + 1;
            html.push_as(said, Span::new(span.start + at, span.start + from));
        }
        html.push(text.get(from..).unwrap_or(""), span.start + from);
    }

    /// Writes a reference: HTML says the same by it, unless nothing is known of it; then it stays as it is.
    fn write_reference(&self, span: Span, html: &mut Lifted) {
        let raw = span.of(self.input);
        let name = raw
            .strip_prefix('&')
            .map_or(raw, |name| name.trim_end_matches(';'));
        if said_by(name).is_some() {
            html.push(raw, span.start);
        } else {
            html.push_as("&amp;", Span::new(span.start, span.start + 1));
            html.push(raw.get(1..).unwrap_or(""), span.start + 1);
        }
    }
}

enum Opened {
    /// Its end will be written too.
    Block(String),
    /// Nothing of it is left to write but what is in it.
    Line,
    /// What is in it is not written.
    LeftOut,
}

/// Writes the ends of all elements that end before `at`.
fn close(open: &mut Vec<Open>, at: usize, html: &mut Lifted) {
    while let Some(last) = open.pop_if(|last| last.end <= at) {
        let name = last.name;
        html.push_as(&format!("</{name}>"), Span::new(last.inner_end, last.end));
    }
}
