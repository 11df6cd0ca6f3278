//! Text lifted out of the input: what escapes, character references and doubled quotes spell, and where each character
//! of it stands.
//!
//! A body in a JSON string is parsed from what the string says; [`Lifted::settle`] then puts every place that was found in
//! it to where it is in the input.

use crate::article::Span;

use super::ink::Anchor;
use super::{Block, Draft};

/// Characters in a row of which each has as many bytes in the text, and as many in the input, as the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// Where it begins in the text.
    text: u32,
    /// Where it begins in the input.
    input: u32,
    /// Bytes of a step in the text: 1 for what is written in the input as it is.
    text_step: u32,
    /// Bytes of a step in the input.
    input_step: u32,
}

impl Run {
    fn is_verbatim(&self) -> bool {
        self.text_step == 1 && self.input_step == 1
    }

    /// Where the step stands that the byte `at` of the text belongs to.
    fn start(&self, at: usize) -> usize {
        let steps = at.saturating_sub(self.text as usize) / (self.text_step as usize).max(1);
        self.input as usize + steps * self.input_step as usize
    }

    /// Where the step ends that the byte before `at` belongs to.
    fn end(&self, at: usize) -> usize {
        let bytes = at.saturating_sub(self.text as usize);
        let steps = bytes.div_ceil((self.text_step as usize).max(1));
        self.input as usize + steps * self.input_step as usize
    }
}

/// A text, and where in the input it stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Lifted {
    text: String,
    runs: Vec<Run>,
}

/// A text of four gigabytes is refused long before it gets here; in one all later places would be the same.
fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Lifted {
    /// A piece of the input as it stands there.
    pub(super) fn verbatim(input: &str, span: Span) -> Self {
        let mut lifted = Self::default();
        lifted.push(span.of(input), span.start);
        lifted
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing visible is in it.
    pub(super) fn is_blank(&self) -> bool {
        self.text
            .chars()
            .all(|c| crate::article::prose::is_blank(c) || crate::article::prose::is_invisible(c))
    }

    /// Adds what stands in the input as it is, from `at` on.
    pub(super) fn push(&mut self, piece: &str, at: usize) {
        if piece.is_empty() {
            return;
        }
        let goes_on = (self.runs.last())
            .is_some_and(|run| run.is_verbatim() && run.start(self.text.len()) == at);
        if !goes_on {
            self.runs.push(Run {
                text: narrow(self.text.len()),
                input: narrow(at),
                text_step: 1,
                input_step: 1,
            });
        }
        self.text.push_str(piece);
    }

    /// Adds what the input spells otherwise, in `span`.
    pub(super) fn push_as(&mut self, piece: &str, span: Span) {
        if piece.is_empty() {
            return;
        }
        let (text_step, input_step) = (narrow(piece.len()), narrow(span.len()));
        let goes_on = self.runs.last().is_some_and(|run| {
            (run.text_step, run.input_step) == (text_step, input_step)
                && run.start(self.text.len()) == span.start
        });
        if !goes_on || (text_step, input_step) == (1, 1) {
            self.runs.push(Run {
                text: narrow(self.text.len()),
                input: narrow(span.start),
                text_step,
                input_step,
            });
        }
        self.text.push_str(piece);
    }

    /// Adds another lifted text.
    pub(super) fn append(&mut self, other: &Self) {
        let by = narrow(self.text.len());
        self.runs.extend(other.runs.iter().map(|run| Run {
            text: run.text.saturating_add(by),
            ..*run
        }));
        self.text.push_str(&other.text);
    }

    /// A part of it.
    pub(super) fn part(&self, span: Span) -> Self {
        let mut part = Self {
            text: span.of(&self.text).to_owned(),
            runs: Vec::new(),
        };
        let first = self.run_of(span.start);
        let inside = self.runs.iter().skip(first);
        for run in inside.take_while(|run| (run.text as usize) < span.end) {
            let from = (run.text as usize).max(span.start);
            part.runs.push(Run {
                text: narrow(from - span.start),
                input: narrow(run.start(from)),
                ..*run
            });
        }
        part
    }

    /// A text that was lifted out of this one, with its places in the input.
    pub(super) fn settled(&self, inner: &Self) -> Self {
        let mut settled = Self::default();
        for (at, run) in inner.runs.iter().enumerate() {
            let next = inner.runs.get(at + 1);
            let end = next.map_or(inner.text.len(), |next| next.text as usize);
            let mut from = run.text as usize;
            if run.is_verbatim() {
                let start = run.input as usize;
                settled.append(&self.part(Span::new(start, start + end - from)));
                continue;
            }
            while from < end {
                let to = (from + (run.text_step as usize).max(1)).min(end);
                let start = run.start(from);
                let spelt = Span::new(start, start + run.input_step as usize);
                let piece = inner.text.get(from..to).unwrap_or("");
                settled.push_as(piece, self.place(spelt));
                from = to;
            }
        }
        settled
    }

    /// Where in the input a part of the text stands.
    pub(super) fn place(&self, span: Span) -> Span {
        let start = (self.runs.get(self.run_of(span.start))).map_or(0, |run| run.start(span.start));
        let last = self.run_of(span.end.saturating_sub(1).max(span.start));
        let end = self.runs.get(last).map_or(start, |run| run.end(span.end));
        Span::new(start, end)
    }

    /// Where in the input the whole of it stands.
    pub(super) fn span(&self) -> Span {
        self.place(Span::new(0, self.text.len()))
    }

    /// The run that the byte `at` of the text belongs to.
    fn run_of(&self, at: usize) -> usize {
        let behind = self.runs.partition_point(|run| run.text as usize <= at);
        behind.saturating_sub(1)
    }

    /// Puts all places of a draft of this text to where they are in the input.
    pub(super) fn settle(&self, draft: &mut Draft) {
        for block in &mut draft.blocks {
            self.settle_block(block);
        }
        draft.meta.settle(|span| self.place(span));
        draft.unread = draft.unread.map(|span| self.place(span));
    }

    fn settle_block(&self, block: &mut Block) {
        let mut settled = Vec::new();
        let old = block.anchors_of();
        for (at, anchor) in old.iter().enumerate() {
            let end = old
                .get(at + 1)
                .map_or(block.text.len(), |next| next.text as usize);
            self.settle_anchor(*anchor, end, &mut settled);
        }
        block.span = self.place(block.span);
        block.set_anchors(&settled);
    }

    /// Anchors for the characters from `anchor` up to the byte `end` of the block's text.
    fn settle_anchor(&self, anchor: Anchor, end: usize, settled: &mut Vec<Anchor>) {
        let from = anchor.input as usize;
        let first = self.run_of(from);
        if !anchor.is_verbatim() {
            let input = self.runs.get(first).map_or(0, |run| run.start(from));
            settled.push(Anchor {
                input: narrow(input),
                ..anchor
            });
            return;
        }
        let to = from + end.saturating_sub(anchor.text as usize);
        let runs = self.runs.iter().skip(first);
        for run in runs.take_while(|run| (run.text as usize) < to) {
            let begin = (run.text as usize).max(from);
            settled.push(Anchor {
                text: anchor.text + narrow(begin - from),
                input: narrow(run.start(begin)),
                text_step: u16::try_from(run.text_step).unwrap_or(0),
                input_step: u16::try_from(run.input_step).unwrap_or(0),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Rules;

    #[test]
    fn every_character_is_found_where_the_input_spells_it() {
        let input = r#"{"a":"Zo\u00eb \"x\" \u65e5\u672c go"}"#;
        let mut lifted = Lifted::default();
        lifted.push("Zo", 6);
        lifted.push_as("ë", Span::new(8, 14));
        lifted.push(" ", 14);
        lifted.push_as("\"", Span::new(15, 17));
        lifted.push("x", 17);
        lifted.push_as("\"", Span::new(18, 20));
        lifted.push(" ", 20);
        lifted.push_as("日", Span::new(21, 27));
        lifted.push_as("本", Span::new(27, 33));
        lifted.push(" go", 33);
        assert_eq!(lifted.text(), "Zoë \"x\" 日本 go");
        let spelt = |part: &str| {
            let at = lifted.text().find(part).expect("there");
            lifted.place(Span::new(at, at + part.len())).of(input)
        };
        assert_eq!(spelt("Zoë"), r"Zo\u00eb");
        assert_eq!(spelt("\"x\""), r#"\"x\""#);
        assert_eq!(spelt("日本"), r"\u65e5\u672c");
        assert_eq!(spelt("本"), r"\u672c");
        assert_eq!(spelt("go"), "go");
        let at = lifted.text().find('本').expect("there");
        let part = lifted.part(Span::new(at, lifted.text().len()));
        assert_eq!(
            (part.text(), part.span().of(input)),
            ("本 go", r"\u672c go")
        );
    }

    #[test]
    fn what_is_spelt_twice_over_is_found_where_the_input_spells_it() {
        let input = r#"{"body":"\u0026lt;p\u0026gt;One &amp;amp; two &eacute;&eacute;t"}"#;
        let document = super::super::json::Document::parse(input, &Rules::default()).expect("JSON");
        let body = document.get(document.root(), "body").expect("a body");
        let outer = document.string(body).expect("a string");
        let mut inner = Lifted::default();
        super::super::xml::lift(outer.text(), 0, &mut inner);
        let both = outer.settled(&inner);
        assert_eq!(both.text(), "<p>One &amp; two éét");
        let spelt = |part: &str| {
            let at = both.text().find(part).expect("there");
            both.place(Span::new(at, at + part.len())).of(input)
        };
        assert_eq!(spelt("<"), r"\u0026lt;");
        assert_eq!(spelt("<p>One"), r"\u0026lt;p\u0026gt;One");
        assert_eq!(spelt("&amp;"), "&amp;amp;");
        assert_eq!(spelt("éé"), "&eacute;&eacute;");
        assert_eq!(spelt("t"), "t");
    }

    #[test]
    fn blocks_of_a_lifted_page_stand_where_the_input_spells_them() {
        let input = r#"{"body":"<p>One \u00e9t\u00e9 &amp; more<\/p>\n<p>Two <b>bold<\/b><\/p>"}"#;
        let document = super::super::json::Document::parse(input, &Rules::default()).expect("JSON");
        let body = document.get(document.root(), "body").expect("a body");
        let lifted = document.string(body).expect("a string");
        let mut draft = super::super::html::parse(lifted.text(), 64);
        lifted.settle(&mut draft);
        let spans: Vec<&str> = draft
            .blocks
            .iter()
            .map(|block| block.span.of(input))
            .collect();
        assert_eq!(spans, [r"One \u00e9t\u00e9 &amp; more", r"Two <b>bold"]);
        let block = &draft.blocks[0];
        let more = block.text.find("more").expect("there");
        assert_eq!(
            input.get(block.input_at(more)..block.input_at(more) + 4),
            Some("more")
        );
    }
}
