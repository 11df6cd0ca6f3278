//! One article as parsed, in one model for all formats: blocks, the elements they lie in, and what the document states
//! about itself.

use crate::article::{Label, Span, prose};

use super::{Marks, Meta, ink};

/// One article as parsed: nothing removed yet.
#[derive(Debug)]
pub(in crate::article) struct Draft {
    /// In which of the two ways its text is marked up, whatever the format around it is.
    pub(in crate::article) markup: Markup,
    /// Everything with text in it, in the order of the input.
    pub(in crate::article) blocks: Vec<Block>,
    /// The elements blocks lie in; empty for plain text.
    pub(in crate::article) nodes: Vec<Node>,
    /// The names elements bear, each as a number.
    pub(in crate::article) names: Vec<u32>,
    /// What the document states about itself.
    pub(in crate::article) meta: Meta,
    /// What was not read, since it stands behind the last block that is kept.
    pub(in crate::article) unread: Option<Span>,
    /// Whether the format says which blocks are the story: a delivery, and not a page with a story somewhere in it.
    pub(in crate::article) is_given: bool,
}

/// How a text is marked up: what is learnt of pages is learnt for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::article) enum Markup {
    /// Lines.
    Text,
    /// HTML, or what reads as it.
    Html,
}

/// Most blocks a draft has; what stands behind them stays unread and becomes one cut. The longest text of the
/// development data has 2500 lines, so nothing that is an article gets there, and millions of one-letter lines cost
/// little more than their bytes: a block takes half a kilobyte while an article is edited.
pub(in crate::article) const BLOCKS_MAX: usize = 1 << 16;

/// What a block is by its markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::article) enum Kind {
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
pub(in crate::article) struct Block {
    /// White space folded, invisible characters gone, never empty.
    pub(in crate::article) text: String,
    /// From its first to its last visible byte in the input.
    pub(in crate::article) span: Span,
    /// What it is by its markup.
    pub(in crate::article) kind: Kind,
    /// What its markup and that of its ancestors says it is.
    pub(in crate::article) marks: Marks,
    /// The element it lies in: an index into [`Draft::nodes`].
    pub(in crate::article) node: u32,
    /// Bytes of the text that stand in links.
    pub(in crate::article) linked: usize,
    /// Bytes of the text that are bold.
    pub(in crate::article) strong: usize,
    /// White columns before its first line.
    pub(in crate::article) indent: usize,
    /// Whether a blank line (or anything but a plain line end) stands before it.
    pub(in crate::article) gap_before: bool,
    /// What the text is when read; two blocks are the same by its squeezed form.
    pub(in crate::article) reading: prose::Reading,
    /// How many blocks of the document have this text.
    pub(in crate::article) repeats: usize,
    /// Whether it is known to be furniture of the source.
    pub(in crate::article) is_furniture: bool,
    /// What the format says it is, and the rule by which.
    pub(in crate::article) given: Option<(Label, &'static str)>,
    /// Where its first character stands: most blocks stand in the input as they are and need no other.
    pub(super) anchor: ink::Anchor,
    /// Where the rest stands from those offsets on.
    pub(super) anchors: Box<[ink::Anchor]>,
}

impl Block {
    /// Where in the input the character at `offset` of the text stands.
    pub(in crate::article) fn input_at(&self, offset: usize) -> usize {
        let at = self
            .anchors
            .partition_point(|anchor| anchor.text as usize <= offset);
        let anchor = at.checked_sub(1).and_then(|at| self.anchors.get(at));
        let anchor = anchor.unwrap_or(&self.anchor);
        anchor
            .input_at(offset)
            .clamp(self.span.start, self.span.end)
    }

    /// Where its characters stand, in order.
    pub(super) fn anchors_of(&self) -> Vec<ink::Anchor> {
        let mut anchors = vec![self.anchor];
        anchors.extend_from_slice(&self.anchors);
        anchors
    }

    /// Says where its characters stand.
    pub(super) fn set_anchors(&mut self, anchors: &[ink::Anchor]) {
        if let Some((first, rest)) = anchors.split_first() {
            self.anchor = *first;
            self.anchors = rest.into();
        }
    }

    /// The text in lower case, letters and figures alone.
    pub(in crate::article) fn squeezed(&self) -> &str {
        &self.reading.squeezed
    }

    /// The share of the text that stands in links, from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a share of a text's length")]
    pub(in crate::article) fn link_share(&self) -> f32 {
        self.linked as f32 / self.text.len().max(1) as f32
    }
}

/// An element that blocks lie in.
#[derive(Debug, Clone, Copy)]
pub(in crate::article) struct Node {
    /// The element around it; the root is its own parent.
    pub(in crate::article) parent: u32,
    /// What its own tag, class and id say.
    pub(in crate::article) marks: Marks,
    /// Where its own names start in [`Draft::names`].
    pub(in crate::article) names_start: u32,
    /// How many they are.
    pub(in crate::article) names_count: u16,
}

impl Node {
    /// The document itself.
    pub(super) const ROOT: Self = Self {
        parent: 0,
        marks: Marks::NONE,
        names_start: 0,
        names_count: 0,
    };
}

impl Draft {
    /// The names of an element: its tag and the words of its class and id.
    pub(in crate::article) fn names_of(&self, node: &Node) -> &[u32] {
        let start = node.names_start as usize;
        let end = start + usize::from(node.names_count);
        self.names.get(start..end).unwrap_or_default()
    }
}
