//! HTML → blocks, on the WHATWG tokenizer with a light stack of open elements of our own.
//!
//! No tree is built: an element is a number with a parent and what its class says. Depth is capped, a step costs at most
//! the cap, so the whole is linear in the input.

use std::convert::Infallible;

use html5gum::{Emitter, Error, State, Tokenizer, naive_next_state};

use super::element::{self, Name, Shape};
use super::ink::Setting;
use super::{BLOCKS_MAX, Block, Draft, Ink, Kind, Marks, Markup, Meta, Node, ldjson};
use crate::article::Span;

mod head;
mod sink;

use head::Attributes;
use sink::Sink;

/// Parses HTML; elements deeper than `depth_max` count as that deep.
pub(super) fn parse(text: &str, depth_max: usize) -> Draft {
    let mut tree = Tree::new(text, depth_max);
    let Ok(()) = Tokenizer::new_with_emitter(text, Sink::new(&mut tree)).finish();
    tree.flush();
    void_marks(&mut tree.nodes, &tree.blocks);
    inherit_marks(&tree.nodes, &mut tree.blocks);
    Draft {
        markup: Markup::Html,
        blocks: tree.blocks,
        nodes: tree.nodes,
        names: tree.names,
        meta: tree.meta,
        unread: tree.full.map(|full| Span::new(full, text.len())),
        is_given: false,
    }
}

/// An element that is open.
#[derive(Debug, Clone, Copy)]
struct Open {
    name: Name,
    shape: Shape,
    node: u32,
}

/// Text that is collected for its meaning, not as part of the page.
#[derive(Debug)]
struct Capture {
    /// The page's `<title>` or a JSON-LD script.
    rule: &'static str,
    text: String,
    start: usize,
}

/// Longest JSON-LD script that is read. The largest seen on news pages (with the whole text in it) has 200 KB.
const CAPTURE_BYTES_MAX: usize = 1 << 20;

/// Most elements that are told apart: sixteen to a block. Real pages have one or two; one beyond the bound counts as the
/// element around it.
const NODES_MAX: usize = 16 * BLOCKS_MAX;

/// Most names of elements that are kept, four to an element.
const NAMES_MAX: usize = 4 * NODES_MAX;

/// What is known while the tokens come in.
#[derive(Debug)]
struct Tree<'a> {
    input: &'a str,
    depth_max: usize,
    blocks: Vec<Block>,
    nodes: Vec<Node>,
    names: Vec<u32>,
    meta: Meta,
    stack: Vec<Open>,
    /// How many of them there are, by [`Name::place`]: an end tag that ends nothing need not be looked for.
    open: [usize; 64],
    /// Elements opened beyond the cap and not yet closed.
    beyond: usize,
    links: usize,
    strongs: usize,
    skips: usize,
    breaks: usize,
    ink: Ink,
    /// Kind and node of the block being written, known at its first character.
    home: (Kind, u32),
    capture: Option<Capture>,
    /// Where the first text stands that there was no block left for.
    full: Option<usize>,
}

impl<'a> Tree<'a> {
    fn new(input: &'a str, depth_max: usize) -> Self {
        Self {
            input,
            depth_max,
            blocks: Vec::new(),
            nodes: vec![Node::ROOT],
            names: Vec::new(),
            meta: Meta::default(),
            stack: Vec::new(),
            open: [0; 64],
            beyond: 0,
            links: 0,
            strongs: 0,
            skips: 0,
            breaks: 0,
            ink: Ink::default(),
            home: (Kind::Loose, 0),
            capture: None,
            full: None,
        }
    }

    /// A start tag.
    fn open(&mut self, name: &[u8], attributes: &Attributes, span: Span) {
        self.state(name, attributes, span);
        let shape = element::shape(name);
        match shape {
            Shape::Void => {
                self.void(name);
                return;
            }
            Shape::Block(_) => self.flush(),
            Shape::Link => self.close_open(Name::A, true),
            Shape::Inline | Shape::Strong | Shape::Skipped => {}
        }
        self.close_implied(name, shape);
        if self.stack.len() >= self.depth_max {
            self.beyond += 1;
            return;
        }
        let node = self.node_for(name, shape, attributes);
        self.count(shape, true);
        let name = Name::of(name);
        if let Some(count) = self.open.get_mut(name.place()) {
            *count += 1;
        }
        self.stack.push(Open { name, shape, node });
    }

    /// The node for an element: its own if it parts blocks or says something, else that of the element around it.
    fn node_for(&mut self, name: &[u8], shape: Shape, attributes: &Attributes) -> u32 {
        let parent = self.stack.last().map_or(0, |open| open.node);
        let marks = match name {
            // A page's state is written on these; it says nothing of the text.
            b"html" | b"body" | b"head" => Marks::NONE,
            _ => element::marks(name).with(attributes.marks()),
        };
        if !matches!(shape, Shape::Block(_)) && marks == Marks::NONE {
            return parent;
        }
        let node = self.nodes.len();
        let Some(node) = u32::try_from(node).ok().filter(|_| node < NODES_MAX) else {
            return parent;
        };
        let start = self.names.len();
        if start < NAMES_MAX {
            attributes.names(name, &mut self.names);
        }
        self.nodes.push(Node {
            parent,
            marks,
            names_start: u32::try_from(start).unwrap_or(u32::MAX),
            names_count: u16::try_from(self.names.len() - start).unwrap_or_default(),
        });
        node
    }

    /// `<br>` and its like. Two breaks part paragraphs, as does one after a sentence.
    fn void(&mut self, name: &[u8]) {
        if name == b"hr" {
            self.flush();
        }
        if name == b"br" {
            self.breaks += 1;
            let sentence = crate::article::prose::ends_sentence(self.ink.text());
            if self.breaks >= 2 || sentence && self.ink.text().len() >= 60 {
                self.flush();
            } else {
                self.ink.space();
            }
        }
    }

    /// An end tag.
    fn close(&mut self, name: &[u8]) {
        let shape = element::shape(name);
        if name == b"br" {
            self.void(name);
            return;
        }
        if matches!(shape, Shape::Block(_)) {
            self.flush();
        }
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        self.close_open(Name::of(name), !matches!(shape, Shape::Block(_)));
    }

    /// Closes the innermost open element of this name and all in it; an inline one only within its block.
    fn close_open(&mut self, name: Name, within_block: bool) {
        if self.open.get(name.place()) == Some(&0) {
            return;
        }
        let is_table = [
            b"table".as_slice(),
            b"tr",
            b"td",
            b"th",
            b"tbody",
            b"thead",
            b"body",
            b"html",
        ]
        .iter()
        .any(|table| Name::of(table) == name);
        for (depth, open) in self.stack.iter().enumerate().rev() {
            if open.name == name {
                self.truncate(depth);
                return;
            }
            let walled = within_block && matches!(open.shape, Shape::Block(_));
            if walled || (!is_table && (open.name == Name::TD || open.name == Name::TH)) {
                return;
            }
        }
    }

    /// Closes what the start of an element ends of its own accord: an open `<p>` before a `<div>`.
    fn close_implied(&mut self, name: &[u8], shape: Shape) {
        if !matches!(shape, Shape::Block(_)) {
            // Only what parts blocks ends anything, and the stack may be as deep as it gets.
            return;
        }
        for (depth, open) in self.stack.iter().enumerate().rev() {
            if element::ends(name, shape, open.name) {
                self.truncate(depth);
                return;
            }
            if element::is_scope(open.name) {
                return;
            }
        }
    }

    fn truncate(&mut self, depth: usize) {
        while self.stack.len() > depth {
            if let Some(open) = self.stack.pop() {
                self.count(open.shape, false);
                if let Some(count) = self.open.get_mut(open.name.place()) {
                    *count = count.saturating_sub(1);
                }
            }
        }
    }

    fn count(&mut self, shape: Shape, opens: bool) {
        let counter = match shape {
            Shape::Link => &mut self.links,
            Shape::Strong => &mut self.strongs,
            Shape::Skipped => &mut self.skips,
            Shape::Inline | Shape::Block(_) | Shape::Void => return,
        };
        *counter = if opens {
            *counter + 1
        } else {
            counter.saturating_sub(1)
        };
    }

    /// Text that stands in the input as it is.
    fn text(&mut self, span: Span) {
        let piece = span.of(self.input);
        if let Some(capture) = &mut self.capture {
            if capture.text.len() + piece.len() <= CAPTURE_BYTES_MAX {
                capture.text.push_str(piece);
            }
        } else if self.skips == 0 && self.full.is_none() {
            if self.is_preformatted() {
                self.lines(piece, span.start);
            } else {
                let setting = self.begin(piece);
                self.ink.write(piece, span.start, setting);
            }
        }
    }

    /// Whether line ends are shown as such.
    fn is_preformatted(&self) -> bool {
        let may_be = self.open.get(Name::PRE.place()).is_some_and(|it| *it > 0);
        may_be && self.stack.iter().any(|open| open.name == Name::PRE)
    }

    /// Text whose line ends are shown: what stands apart is a paragraph, by a blank line or by a line that is indented.
    fn lines(&mut self, piece: &str, at: usize) {
        let (mut from, mut was_indented) = (0, false);
        for line in piece.split_inclusive('\n') {
            let is_indented = line.starts_with('\t') || line.starts_with("  ");
            let is_blank = line.chars().all(crate::article::prose::is_blank);
            // The first line goes on with one that has begun before.
            if from > 0 && (is_blank || is_indented && !was_indented) {
                self.flush();
            }
            was_indented = is_indented;
            let setting = self.begin(line);
            self.ink.write(line, at + from, setting);
            from += line.len();
        }
    }

    /// A character reference.
    fn reference(&mut self, value: &str, span: Span) {
        if let Some(capture) = &mut self.capture {
            capture.text.push_str(value);
        } else if self.skips == 0 && self.full.is_none() {
            let setting = self.begin(value);
            self.ink.write_reference(value, span, setting);
        }
    }

    /// Settles where a block belongs at its first visible character.
    fn begin(&mut self, piece: &str) -> Setting {
        if !piece.chars().all(crate::article::prose::is_blank) {
            self.breaks = 0;
            if self.ink.is_empty() {
                self.home = self.home();
            }
        }
        Setting {
            linked: self.links > 0,
            strong: self.strongs > 0,
        }
    }

    fn home(&self) -> (Kind, u32) {
        let node = self.stack.last().map_or(0, |open| open.node);
        let mut kind = Kind::Loose;
        for open in self.stack.iter().rev() {
            match (open.shape, kind) {
                // What a paragraph stands in says more than the paragraph does.
                (
                    Shape::Block(inner @ (Kind::Item | Kind::Cell | Kind::Caption)),
                    Kind::Paragraph,
                ) => {
                    return (inner, node);
                }
                (Shape::Block(Kind::Paragraph), Kind::Loose) => kind = Kind::Paragraph,
                (Shape::Block(inner), Kind::Loose) if inner != Kind::Loose => return (inner, node),
                (Shape::Block(_), _) => break,
                (Shape::Inline | Shape::Link | Shape::Strong | Shape::Void | Shape::Skipped, _) => {
                }
            }
        }
        (kind, node)
    }

    /// Ends the block being written.
    fn flush(&mut self) {
        self.breaks = 0;
        let (kind, node) = self.home;
        if self.blocks.len() >= BLOCKS_MAX {
            self.full = self.full.or(self.ink.start());
            self.ink.discard();
        } else if let Some(block) = self.ink.finish(kind, Marks::NONE, node) {
            self.blocks.push(block);
        }
    }
}

/// Shortest text that counts as running prose, in letters.
const PROSE_MIN: usize = 60;

/// Takes back what an element says against its text where most of the page's prose lies in it: a page's frame is often
/// named after something that is merely also in it.
fn void_marks(nodes: &mut [Node], blocks: &[Block]) {
    let mut prose_in = vec![0usize; nodes.len()];
    let mut total = 0;
    for block in blocks {
        let weight = block.reading.weight;
        if weight >= PROSE_MIN && block.link_share() < 0.4 {
            total += weight;
            if let Some(sum) = prose_in.get_mut(block.node as usize) {
                *sum += weight;
            }
        }
    }
    // A parent has a smaller number than its children, so that one pass from the back adds up all.
    for at in (1..nodes.len()).rev() {
        let Some(node) = nodes.get_mut(at) else { break };
        let sum = prose_in.get(at).copied().unwrap_or_default();
        if sum * 2 > total {
            node.marks = node.marks.without(Marks::AGAINST);
        }
        if let Some(above) = prose_in.get_mut(node.parent as usize) {
            *above += sum;
        }
    }
}

/// Gives each block what its elements and all around them say.
fn inherit_marks(nodes: &[Node], blocks: &mut [Block]) {
    let mut inherited: Vec<Marks> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let above = inherited
            .get(node.parent as usize)
            .copied()
            .unwrap_or_default();
        inherited.push(above.with(node.marks));
    }
    for block in blocks {
        block.marks = inherited
            .get(block.node as usize)
            .copied()
            .unwrap_or_default();
    }
}
