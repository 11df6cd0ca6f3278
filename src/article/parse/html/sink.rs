//! The tokenizer's other end: puts its calls together to text runs and tags with exact spans.

use super::{Attributes, Emitter, Error, Infallible, Span, State, Tree, head, naive_next_state};

/// Receives the tokenizer's calls and hands text and tags to the tree.
#[derive(Debug)]
pub(super) struct Sink<'t, 'a> {
    tree: &'t mut Tree<'a>,
    /// Bytes read so far.
    position: usize,
    /// Where the last token handed on ended.
    cursor: usize,
    /// Text of the input read and not yet handed on.
    run: Span,
    tag_start: usize,
    tag: Vec<u8>,
    last_start_tag: Vec<u8>,
    is_end_tag: bool,
    attribute: Vec<u8>,
    attributes: Attributes,
}

impl<'t, 'a> Sink<'t, 'a> {
    pub(super) fn new(tree: &'t mut Tree<'a>) -> Self {
        Self {
            tree,
            position: 0,
            cursor: 0,
            run: Span::new(0, 0),
            tag_start: 0,
            tag: Vec::new(),
            last_start_tag: Vec::new(),
            is_end_tag: false,
            attribute: Vec::new(),
            attributes: Attributes::default(),
        }
    }

    /// Hands on the text read so far.
    fn flush(&mut self) {
        if !self.run.is_empty() {
            self.tree.text(self.run);
        }
        self.run = Span::new(self.position, self.position);
    }

    /// Whether `piece` stands in the input right before the present position, and nothing but a line end between it
    /// and the last token (the tokenizer folds CR LF).
    fn is_verbatim(&self, piece: &[u8]) -> bool {
        let Some(start) = self.position.checked_sub(piece.len()) else {
            return false;
        };
        let input = self.tree.input.as_bytes();
        let gap = input.get(self.cursor..start);
        let same = input
            .get(start..self.position)
            .is_some_and(|there| there == piece || (piece == b"\n" && there == b"\r"));
        same && gap.is_some_and(|gap| gap.is_empty() || gap == b"\n")
    }
}

impl Emitter for Sink<'_, '_> {
    type Token = Infallible;

    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }

    fn set_last_start_tag(&mut self, last_start_tag: Option<&[u8]>) {
        self.last_start_tag.clear();
        self.last_start_tag
            .extend(last_start_tag.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        self.flush();
        self.tree.release(self.position);
    }

    fn emit_error(&mut self, _error: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn emit_string(&mut self, piece: &[u8]) {
        if self.is_verbatim(piece) {
            let start = self.position - piece.len();
            if self.run.is_empty() {
                self.run.start = start;
            }
            self.run.end = self.position;
        } else if !piece.is_empty() {
            let span = Span::new(self.cursor, self.position);
            self.flush();
            self.tree.reference(&String::from_utf8_lossy(piece), span);
            self.run = Span::new(self.position, self.position);
        }
        self.cursor = self.position;
    }

    fn init_start_tag(&mut self) {
        self.tag.clear();
        self.is_end_tag = false;
        self.attributes.clear();
        self.attribute.clear();
    }

    fn init_end_tag(&mut self) {
        self.tag.clear();
        self.is_end_tag = true;
        self.attributes.clear();
        self.attribute.clear();
    }

    fn init_comment(&mut self) {
        self.flush();
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.flush();
        let span = Span::new(self.tag_start, self.position);
        self.tree.release(self.position);
        let mut next = None;
        if self.is_end_tag {
            self.last_start_tag.clear();
            self.tree.close(&self.tag);
        } else {
            // A drawing's <title> is an element like others, and may be empty.
            if !(self.tree.skips > 0 && self.tag == b"title") {
                next = naive_next_state(&self.tag);
            }
            self.last_start_tag.clone_from(&self.tag);
            self.tree.open(&self.tag, &self.attributes, span);
        }
        self.cursor = self.position;
        self.run = Span::new(self.position, self.position);
        next
    }

    fn emit_current_comment(&mut self) {
        self.cursor = self.position;
    }

    fn emit_current_doctype(&mut self) {
        self.cursor = self.position;
    }

    fn set_self_closing(&mut self) {}

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, name: &[u8]) {
        self.tag.extend(name);
    }

    fn push_comment(&mut self, _text: &[u8]) {}

    fn push_doctype_name(&mut self, _name: &[u8]) {}

    fn init_doctype(&mut self) {
        self.flush();
    }

    fn init_attribute(&mut self) {
        self.attribute.clear();
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        self.attribute.extend(name);
        if self.attribute == b"hidden" {
            self.attributes.hidden = true;
        }
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        if let Some(slot) = self.attributes.slot(&self.attribute)
            && slot.len() + value.len() <= head::VALUE_BYTES_MAX
        {
            slot.push_str(&String::from_utf8_lossy(value));
        }
    }

    fn set_doctype_public_identifier(&mut self, _value: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _value: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _value: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _value: &[u8]) {}

    fn start_open_tag(&mut self) {
        self.tag_start = self.position.saturating_sub(1);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.is_end_tag && !self.last_start_tag.is_empty() && self.last_start_tag == self.tag
    }
}
