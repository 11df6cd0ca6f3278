//! Collects the text of one block and remembers where each piece of it stood in the input.

use super::{Block, Kind, Marks};
use crate::article::{Span, prose};

/// From this offset of the text on, characters stand at this place of the input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor {
    /// Offset in the block's text.
    pub(super) text: u32,
    /// Offset in the input.
    pub(super) input: u32,
    /// Bytes of a step in the text; 0 where the input spells all that follows in one place: a character reference.
    pub(super) text_step: u16,
    /// Bytes of a step in the input. Both are 1 where it is written there as it is in the text.
    pub(super) input_step: u16,
}

impl Anchor {
    /// Whether what follows is written in the input as it is in the text.
    pub(super) fn is_verbatim(self) -> bool {
        self.text_step == 1 && self.input_step == 1
    }

    /// Where the character at `offset` of the text stands in the input.
    pub(super) fn input_at(self, offset: usize) -> usize {
        let beyond = offset.saturating_sub(self.text as usize);
        let steps = beyond.checked_div(usize::from(self.text_step)).unwrap_or(0);
        self.input as usize + steps * usize::from(self.input_step)
    }
}

/// Longest text that is copied out of the buffer, in bytes.
const COPIED_BYTES_MAX: usize = 64 << 10;

/// An offset as it is kept. A text of four gigabytes is held long before it gets here; in one all later anchors would
/// point to the same place.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// A block being written.
#[derive(Debug, Default)]
pub(in crate::article) struct Ink {
    text: String,
    anchors: Vec<Anchor>,
    gap: bool,
    start: usize,
    end: usize,
    linked: usize,
    strong: usize,
}

/// How a piece of text is set.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::article) struct Setting {
    /// In a link.
    pub(super) linked: bool,
    /// Bold.
    pub(super) strong: bool,
}

impl Ink {
    /// Whether nothing visible was written yet.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Where in the input the first visible character stands, if there is one.
    pub(super) fn start(&self) -> Option<usize> {
        (!self.text.is_empty()).then_some(self.start)
    }

    /// What was written so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// White space between two pieces that the input does not write as such: `<br>`.
    pub(super) fn space(&mut self) {
        self.gap = !self.text.is_empty();
    }

    /// Writes a piece that stands in the input, as it is, from `at` on.
    pub(super) fn write(&mut self, piece: &str, at: usize, setting: Setting) {
        let before = self.text.len();
        // Visible text with single blanks in it is the same in the block as in the input: it is written in one go.
        let mut run: Option<Span> = None;
        let mut spaced = false;
        let mut offset = 0;
        while let Some(rest) = piece.get(offset..)
            && let Some(c) = rest.chars().next()
        {
            let here = offset;
            offset += c.len_utf8();
            let blank = prose::is_blank(c);
            if !blank && !prose::is_invisible(c) {
                offset += prose::visible(rest.get(c.len_utf8()..).unwrap_or(""));
                run = Some(Span::new(run.map_or(here, |run| run.start), offset));
                spaced = false;
            } else if c == ' ' && run.is_some() && !spaced {
                spaced = true;
            } else {
                self.write_run(run.take(), piece, at);
                self.gap = (self.gap || blank || spaced) && !self.text.is_empty();
                spaced = false;
            }
        }
        self.write_run(run, piece, at);
        self.gap = (self.gap || spaced) && !self.text.is_empty();
        self.tally(before, setting);
    }

    fn write_run(&mut self, run: Option<Span>, piece: &str, at: usize) {
        if let Some(run) = run {
            self.set(run.of(piece), at + run.start, true);
            self.end = at + run.end;
        }
    }

    /// Writes a piece that the input spells otherwise, in `span`: a character reference.
    pub(super) fn write_reference(&mut self, piece: &str, span: Span, setting: Setting) {
        let before = self.text.len();
        for c in piece.chars() {
            if prose::is_blank(c) {
                self.gap = !self.text.is_empty();
            } else if !prose::is_invisible(c) {
                self.set(c.encode_utf8(&mut [0; 4]), span.start, false);
                self.end = span.end;
            }
        }
        self.tally(before, setting);
    }

    fn set(&mut self, visible: &str, at: usize, verbatim: bool) {
        if self.text.is_empty() {
            self.start = at;
        }
        if self.gap {
            self.text.push(' ');
            self.gap = false;
        }
        let follows = verbatim
            && (self.anchors.last())
                .is_some_and(|last| last.is_verbatim() && last.input_at(self.text.len()) == at);
        if !follows {
            self.anchors.push(Anchor {
                text: offset(self.text.len()),
                input: offset(at),
                text_step: u16::from(verbatim),
                input_step: u16::from(verbatim),
            });
        }
        self.text.push_str(visible);
    }

    fn tally(&mut self, before: usize, setting: Setting) {
        let written = self.text.len() - before;
        self.linked += if setting.linked { written } else { 0 };
        self.strong += if setting.strong { written } else { 0 };
    }

    /// Ends the block; `None` where nothing visible was written.
    pub(super) fn finish(&mut self, kind: Kind, marks: Marks, node: u32) -> Option<Block> {
        if self.text.is_empty() {
            return None;
        }
        // The buffers stay for the next block, and this one gets copies of just its size; a huge one gets the buffers.
        let text = if self.text.len() > COPIED_BYTES_MAX {
            std::mem::take(&mut self.text)
        } else {
            self.text.as_str().to_owned()
        };
        let block = Block {
            reading: prose::read(&text),
            text,
            span: Span::new(self.start, self.end),
            kind,
            marks,
            node,
            linked: self.linked,
            strong: self.strong,
            indent: 0,
            gap_before: true,
            repeats: 1,
            is_furniture: false,
            given: None,
            anchor: self.anchors.first().copied()?,
            anchors: self.anchors.get(1..)?.into(),
        };
        self.discard();
        Some(block)
    }

    /// Forgets what was written.
    pub(super) fn discard(&mut self) {
        self.text.clear();
        self.anchors.clear();
        (self.gap, self.linked, self.strong) = (false, 0, 0);
    }
}
