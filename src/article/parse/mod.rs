//! Text → draft: the blocks of a document, in one model for all formats, and what the document states about itself.
//!
//! Says nothing about which block is the story; that is `clean`'s question. Bad markup is not an error.
//!
//! Invariant: linear in the input, whatever the input; every block's span lies in the decoded text, in order, apart.

use std::collections::HashMap;

use super::{Format, Hints, Rules, Span, prose};

mod element;
mod html;
mod ink;
mod ldjson;
mod marks;
mod plain;

#[cfg(test)]
mod html_tests;
#[cfg(test)]
mod plain_tests;

use ink::Ink;
pub(super) use marks::Marks;

/// One article as parsed: nothing removed yet.
#[derive(Debug)]
pub(super) struct Draft {
    /// What the file is.
    pub(super) format: Format,
    /// Everything with text in it, in the order of the input.
    pub(super) blocks: Vec<Block>,
    /// The elements blocks lie in; empty for plain text.
    pub(super) nodes: Vec<Node>,
    /// The names elements bear, each as a number.
    pub(super) names: Vec<u32>,
    /// What the document states about itself.
    pub(super) meta: Meta,
    /// What was not read, since it stands behind the last block that is kept.
    pub(super) unread: Option<Span>,
}

/// Most blocks a draft has; what stands behind them stays unread and becomes one cut. The longest text of the
/// development data has 2500 lines, so nothing that is an article gets there, and millions of one-letter lines cost
/// little more than their bytes: a block takes half a kilobyte while an article is edited.
const BLOCKS_MAX: usize = 1 << 16;

/// What a block is by its markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A line or paragraph of plain text.
    Line,
    /// `<p>`.
    Paragraph,
    /// `<h1>` to `<h6>`.
    Heading(u8),
    /// `<li>`, `<dd>`, `<dt>`.
    Item,
    /// `<td>`, `<th>`.
    Cell,
    /// `<figcaption>`, `<caption>`.
    Caption,
    /// `<blockquote>`.
    Quote,
    /// Text straight in a `<div>` or the like.
    Loose,
}

/// A paragraph, heading, list item, cell or line.
#[derive(Debug)]
pub(super) struct Block {
    /// White space folded, invisible characters gone, never empty.
    pub(super) text: String,
    /// From its first to its last visible byte in the input.
    pub(super) span: Span,
    /// What it is by its markup.
    pub(super) kind: Kind,
    /// What its markup and that of its ancestors says it is.
    pub(super) marks: Marks,
    /// The element it lies in: an index into [`Draft::nodes`].
    pub(super) node: u32,
    /// Bytes of the text that stand in links.
    pub(super) linked: usize,
    /// Bytes of the text that are bold.
    pub(super) strong: usize,
    /// White columns before its first line.
    pub(super) indent: usize,
    /// Whether a blank line (or anything but a plain line end) stands before it.
    pub(super) gap_before: bool,
    /// What the text is when read; two blocks are the same by its squeezed form.
    pub(super) reading: prose::Reading,
    /// How many blocks of the document have this text.
    pub(super) repeats: usize,
    /// Whether it is known to be furniture of the source.
    pub(super) is_furniture: bool,
    /// Where its first character stands: most blocks stand in the input as they are and need no other.
    anchor: ink::Anchor,
    /// Where the rest stands from those offsets on.
    anchors: Box<[ink::Anchor]>,
}

impl Block {
    /// Where in the input the character at `offset` of the text stands.
    pub(super) fn input_at(&self, offset: usize) -> usize {
        let at = self
            .anchors
            .partition_point(|anchor| anchor.text as usize <= offset);
        let anchor = at.checked_sub(1).and_then(|at| self.anchors.get(at));
        let anchor = anchor.unwrap_or(&self.anchor);
        anchor
            .input_at(offset)
            .clamp(self.span.start, self.span.end)
    }

    /// The text in lower case, letters and figures alone.
    pub(super) fn squeezed(&self) -> &str {
        &self.reading.squeezed
    }

    /// The share of the text that stands in links, from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a share of a text's length")]
    pub(super) fn link_share(&self) -> f32 {
        self.linked as f32 / self.text.len().max(1) as f32
    }
}

/// An element that blocks lie in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// The element around it; the root is its own parent.
    pub(super) parent: u32,
    /// What its own tag, class and id say.
    pub(super) marks: Marks,
    /// Where its own names start in [`Draft::names`].
    pub(super) names_start: u32,
    /// How many they are.
    pub(super) names_count: u16,
}

impl Draft {
    /// The names of an element: its tag and the words of its class and id.
    pub(super) fn names_of(&self, node: &Node) -> &[u32] {
        let start = node.names_start as usize;
        let end = start + usize::from(node.names_count);
        self.names.get(start..end).unwrap_or_default()
    }
}

/// Something the document states about itself, outside its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stated {
    /// The place it was stated in, which is the rule's name if it is believed.
    pub(super) rule: &'static str,
    /// What is stated, white space folded.
    pub(super) value: String,
    /// The tag that states it.
    pub(super) span: Span,
}

/// All that the document states about itself, in order.
#[derive(Debug, Default)]
pub(super) struct Meta {
    stated: Vec<Stated>,
}

/// Longest list of statements kept: real pages have some dozens that we know.
const STATED_MAX: usize = 512;
/// Longest statement kept, in bytes: a long headline has 300.
const STATED_BYTES_MAX: usize = 4096;

impl Meta {
    /// Adds a statement, unless it is empty or there are too many.
    pub(super) fn state(&mut self, rule: &'static str, value: &str, span: Span) {
        if value.len() > STATED_BYTES_MAX || self.stated.len() >= STATED_MAX {
            return;
        }
        let value = prose::fold(value);
        if !value.is_empty() {
            self.stated.push(Stated { rule, value, span });
        }
    }

    /// The first statement by the first of the rules that has one.
    pub(super) fn first(&self, rules: &[&str]) -> Option<&Stated> {
        rules.iter().find_map(|rule| self.all(rule).next())
    }

    /// All statements by a rule.
    pub(super) fn all(&self, rule: &str) -> impl Iterator<Item = &Stated> {
        self.stated.iter().filter(move |stated| stated.rule == rule)
    }
}

/// Parses a text as what it looks like.
pub(super) fn parse(text: &str, hints: &Hints<'_>, rules: &Rules) -> Draft {
    parse_as(text, recognise(text, hints.file_name), rules)
}

/// Parses a text whose format is known.
pub(super) fn parse_as(text: &str, format: Format, rules: &Rules) -> Draft {
    let mut draft = match format {
        Format::Html => html::parse(text, rules.depth_max),
        Format::Text => plain::parse(text),
    };
    count_repeats(&mut draft.blocks);
    draft
}

/// How much of the text is looked at to tell HTML from plain text.
const RECOGNISE_BYTES: usize = 64 << 10;

/// Tags that nothing but an HTML page contains several of.
const TELLTALES: &[&str] = &[
    "<p>", "<p ", "</p>", "<div", "</div>", "<br>", "<br/>", "<br />", "<a href", "<h1", "<h2",
    "<li>", "<span", "<meta ", "<title>", "<script",
];

/// What stands before the first tag of a piece of a page is a headline or a paragraph; what opens with more than this, in
/// bytes, is a text that speaks of tags, or one with the rest of a page at its end.
const BEFORE_TAGS_BYTES_MAX: usize = 2 << 10;

/// Whether a text opens with more than a piece of a page has before its first tag.
fn prose_before_tags(lower: &str) -> bool {
    let tags = TELLTALES.iter().filter_map(|tag| lower.find(tag));
    tags.min().is_none_or(|first| first > BEFORE_TAGS_BYTES_MAX)
}

/// What a text is by its content; the file's name only decides where the content leaves it open.
fn recognise(text: &str, file_name: Option<&str>) -> Format {
    let mut end = RECOGNISE_BYTES.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or(text);
    if !head.contains('<') {
        return Format::Text;
    }
    let start = head.trim_start_matches(|c| prose::is_blank(c) || prose::is_invisible(c));
    let opens = |tag: &str| {
        let opening = start.get(..tag.len());
        opening.is_some_and(|opening| opening.eq_ignore_ascii_case(tag))
    };
    if opens("<!doctype html") || opens("<html") {
        return Format::Html;
    }
    let (starts_with_tag, blank) = (start.starts_with('<'), head.len() - start.len());
    let head = head.to_ascii_lowercase();
    let named = file_name.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        [".html", ".htm", ".xhtml", ".shtml"]
            .iter()
            .any(|end| name.ends_with(end))
    });
    let enough = if starts_with_tag || named {
        1
    } else if head.contains("<html") {
        2
    } else if prose_before_tags(head.get(blank..).unwrap_or(&head)) {
        return Format::Text;
    } else {
        6
    };
    let tags: usize = TELLTALES
        .iter()
        .map(|tag| head.matches(tag).count().min(3))
        .sum();
    if tags >= enough {
        Format::Html
    } else {
        Format::Text
    }
}

/// Counts for each block how many say the same.
fn count_repeats(blocks: &mut [Block]) {
    // Most texts differ in length or in their first letters already; only the others are compared as a whole.
    let mut alike: Vec<u128> = (0u32..)
        .zip(&*blocks)
        .map(|(at, block)| (outline(block.squeezed()) << 32) | u128::from(at))
        .collect();
    alike.sort_unstable();
    for group in alike.chunk_by(|a, b| a >> 32 == b >> 32) {
        if group.len() < 2 {
            continue;
        }
        let members = || group.iter().map(|alike| (*alike & 0xffff_ffff) as usize);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for block in members().filter_map(|at| blocks.get(at)) {
            *counts.entry(block.squeezed()).or_default() += 1;
        }
        let repeats: Vec<usize> = members()
            .map(|at| {
                blocks
                    .get(at)
                    .and_then(|block| counts.get(block.squeezed()))
            })
            .map(|count| count.copied().unwrap_or(1))
            .collect();
        for (at, repeats) in members().zip(repeats) {
            if let Some(block) = blocks.get_mut(at) {
                block.repeats = repeats;
            }
        }
    }
}

/// The length of a text and its first eight bytes as a number.
fn outline(text: &str) -> u128 {
    let bytes = text.as_bytes();
    let opening = bytes.first_chunk::<8>().copied().unwrap_or_else(|| {
        let mut opening = [0; 8];
        for (place, byte) in opening.iter_mut().zip(bytes) {
            *place = *byte;
        }
        opening
    });
    // Of a length beyond four gigabytes the rest does as well.
    (u128::from(u64::from_le_bytes(opening)) << 32) | (bytes.len() as u128 & 0xffff_ffff)
}
