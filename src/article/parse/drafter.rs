//! A draft put together by the reader of a format that says what is what.

use std::borrow::Cow;

use crate::article::{Label, Rules, Span, prose};

use super::lifted::Lifted;
use super::stated::STATED_BYTES_MAX;
use super::{Block, Draft, Field, Markup, Meta, Node, html, plain, xml};

/// A draft in the making. Blocks may come in any order; in the draft they stand in the order of the input.
#[derive(Debug)]
pub(super) struct Drafter<'r> {
    rules: &'r Rules,
    blocks: Vec<Block>,
    nodes: Vec<Node>,
    names: Vec<u32>,
    meta: Meta,
    unread: Option<Span>,
    has_html: bool,
    page: Option<Draft>,
}

impl<'r> Drafter<'r> {
    /// An empty one.
    pub(super) fn new(rules: &'r Rules) -> Self {
        Self {
            rules,
            blocks: Vec::new(),
            nodes: vec![Node::ROOT],
            names: Vec::new(),
            meta: Meta::default(),
            unread: None,
            has_html: false,
            page: None,
        }
    }

    /// States a field. Of several statements about one the first that can be believed wins.
    pub(super) fn tell(
        &mut self,
        field: Field,
        rule: &'static str,
        value: &str,
        span: Option<Span>,
    ) {
        self.meta.tell(field, rule, value, span);
    }

    /// States a field by what stands in the input.
    pub(super) fn tell_lifted(&mut self, field: Field, rule: &'static str, value: &Lifted) {
        let span = Some(value.span());
        let is_line = matches!(field, Field::Title | Field::Subtitle | Field::Source);
        // What is longer is not kept at all.
        if is_line && value.text().len() <= STATED_BYTES_MAX {
            let said = without_tags(&unescaped(value.text()));
            self.meta.tell(field, rule, &said, span);
        } else {
            self.meta.tell(field, rule, value.text(), span);
        }
    }

    /// A line that the format says what it is: the headline, an author line, a caption, a note.
    pub(super) fn line(&mut self, label: Label, rule: &'static str, line: &Lifted) {
        let draft = plain::parse(&prose::fold(line.text()).replace('\n', " "));
        let Some(mut block) = draft.blocks.into_iter().next() else {
            return;
        };
        let span = visible(line);
        block.set_anchors(&[super::ink::Anchor {
            text: 0,
            input: u32::try_from(span.start).unwrap_or(u32::MAX),
            text_step: 0,
            input_step: 0,
        }]);
        block.span = span;
        block.given = Some((label, rule));
        self.blocks.push(block);
    }

    /// The story as plain text, a paragraph a line or between blank lines, hard-wrapped or not.
    pub(super) fn text(&mut self, body: &Lifted) {
        let draft = plain::parse(body.text());
        self.add(body, draft, None);
    }

    /// The story as HTML, or as XML that reads like it.
    pub(super) fn html(&mut self, body: &Lifted) {
        let once = escaped_once(body);
        let body = once.as_ref().unwrap_or(body);
        let draft = html::parse(body.text(), self.rules.depth_max);
        self.has_html = true;
        self.add(body, draft, None);
    }

    /// The story as what is in an element: XML that reads like HTML, or text with tags in it that are escaped. Of what HTML
    /// has not, `parts` says what it reads as.
    pub(super) fn element(
        &mut self,
        tree: &xml::Tree<'_>,
        element: xml::Element,
        parts: xml::Parts<'_>,
    ) {
        let text = tree.text(element);
        let is_escaped = text.text().trim_start().starts_with('<') && is_marked_up(text.text());
        if is_escaped || tree.children(element).next().is_none() {
            self.prose(&text);
            return;
        }
        let story = tree.html(element, parts);
        self.html(&story.html);
        for (aside, label, rule) in story.asides {
            self.aside_element(label, rule, tree, aside);
        }
    }

    /// What is in an element, known to be something else than the story.
    pub(super) fn aside_element(
        &mut self,
        label: Label,
        rule: &'static str,
        tree: &xml::Tree<'_>,
        element: xml::Element,
    ) {
        let html = tree.html(element, &|_, _| xml::Part::Itself).html;
        let draft = html::parse(html.text(), self.rules.depth_max);
        self.add(&html, draft, Some((label, rule)));
    }

    /// The story as whichever of the two it is, also where its tags or its signs are escaped once more.
    pub(super) fn prose(&mut self, body: &Lifted) {
        if let Some(lines) = lone_paragraph(body) {
            self.text(&lines);
            return;
        }
        if is_marked_up(body.text()) {
            self.html(body);
            return;
        }
        let Some(spelt_out) = spelt_out(body) else {
            self.text(body);
            return;
        };
        if is_marked_up(spelt_out.text()) {
            self.html(&spelt_out);
        } else {
            self.text(&spelt_out);
        }
    }

    /// What a field of a record has for the text of an article: the story as text or HTML, or a whole page in which it has to
    /// be found.
    pub(super) fn body(&mut self, body: &Lifted) {
        if is_page(body.text()) {
            let mut page = html::parse(body.text(), self.rules.depth_max);
            body.settle(&mut page);
            self.page = Some(page);
        } else {
            self.prose(body);
        }
    }

    /// Paragraphs that are known to be something else than the story.
    pub(super) fn aside(&mut self, label: Label, rule: &'static str, aside: &Lifted) {
        let draft = if is_marked_up(aside.text()) {
            html::parse(aside.text(), self.rules.depth_max)
        } else {
            plain::parse(aside.text())
        };
        self.add(aside, draft, Some((label, rule)));
    }

    fn add(&mut self, body: &Lifted, mut draft: Draft, given: Option<(Label, &'static str)>) {
        body.settle(&mut draft);
        let (node_from, name_from) = (self.nodes.len(), self.names.len());
        let narrow = |at: usize| u32::try_from(at).unwrap_or(0);
        for node in &mut draft.nodes {
            node.parent += narrow(node_from);
            node.names_start += narrow(name_from);
        }
        for block in &mut draft.blocks {
            block.node += narrow(node_from);
            block.given = given;
        }
        if draft.nodes.is_empty() {
            // Plain text has no elements: its blocks lie in the document.
            for block in &mut draft.blocks {
                block.node = 0;
            }
        }
        self.nodes.append(&mut draft.nodes);
        self.names.append(&mut draft.names);
        self.blocks.append(&mut draft.blocks);
        self.unread = self.unread.or(draft.unread);
    }

    /// The draft.
    pub(super) fn finish(mut self) -> Draft {
        if let Some(mut page) = self.page {
            self.meta.extend(page.meta);
            page.meta = self.meta;
            return page;
        }
        self.blocks
            .sort_by_key(|block| (block.span.start, block.span.end));
        // What stands in the input twice (a headline that is also the first line of the story) is one block.
        let mut end = 0;
        self.blocks.retain(|block| {
            let apart = block.span.start >= end;
            end = end.max(block.span.end);
            apart
        });
        Draft {
            markup: if self.has_html {
                Markup::Html
            } else {
                Markup::Text
            },
            blocks: self.blocks,
            nodes: self.nodes,
            names: self.names,
            meta: self.meta,
            unread: self.unread,
            is_given: true,
        }
    }
}

/// Where a line stands, without the blanks around it.
fn visible(line: &Lifted) -> Span {
    let text = line.text();
    let blank = |c| prose::is_blank(c) || prose::is_invisible(c);
    let start = text.len() - text.trim_start_matches(blank).len();
    let end = text.trim_end_matches(blank).len();
    line.place(Span::new(start, end.max(start)))
}

/// Tags that are in the text of a story.
const TAGS: &[&str] = &[
    "<p>",
    "<p ",
    "</p>",
    "<br",
    "<div",
    "<h1",
    "<h2",
    "<h3",
    "<ul",
    "<li",
    "<a ",
    "<b>",
    "<i>",
    "<em>",
    "<strong>",
    "<span",
    "<blockquote",
    "<table",
    "<figure",
    "<img",
    "<html",
    "<body",
    "<article",
    "<section",
];

/// Whether the text of a body is marked up as HTML.
pub(super) fn is_marked_up(text: &str) -> bool {
    if memchr::memchr(b'<', text.as_bytes()).is_none() {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    TAGS.iter().any(|tag| lower.contains(tag))
}

/// A value without the character references that content systems leave in it: a headline with `&amp;` in it means `&`.
pub(super) fn unescaped(value: &str) -> Cow<'_, str> {
    if !(value.contains('&') && value.contains(';')) {
        return Cow::Borrowed(value);
    }
    let mut lifted = Lifted::default();
    xml::lift(value, 0, &mut lifted);
    Cow::Owned(lifted.text().to_owned())
}

/// The lines of a story that is one paragraph by its tags and several by their indents: a wire's text in a `<p>`.
fn lone_paragraph(body: &Lifted) -> Option<Lifted> {
    let text = body.text();
    let bare = text.trim();
    let inner = bare.strip_prefix("<p>")?.strip_suffix("</p>")?;
    let lines = || {
        inner
            .trim()
            .lines()
            .skip(1)
            .filter(|line| !line.trim().is_empty())
    };
    let indented = |line: &&str| line.starts_with(['\t', ' ']);
    let (indents, all) = (lines().filter(indented).count(), lines().count());
    if inner.contains('<') || indents == 0 || 2 * indents > all {
        return None;
    }
    let start = text.len() - text.trim_start().len() + "<p>".len();
    let mut joined = Lifted::default();
    let mut at = start;
    for line in inner.split_inclusive('\n') {
        let bare = line.trim();
        let from = at + line.len() - line.trim_start().len();
        let between = if indented(&line) { "\n\n" } else { " " };
        if !bare.is_empty() {
            joined.push_as(between, body.place(Span::new(at - 1, from)));
            joined.append(&body.part(Span::new(from, from + bare.len())));
        }
        at += line.len();
    }
    let mut meant = Lifted::default();
    xml::lift(joined.text(), 0, &mut meant);
    Some(joined.settled(&meant))
}

/// A text with what its character references stand for, if there are any in it.
fn spelt_out(text: &Lifted) -> Option<Lifted> {
    let mut inner = Lifted::default();
    if memchr::memchr(b'&', text.text().as_bytes()).is_some() {
        xml::lift(text.text(), 0, &mut inner);
    }
    (inner.text().len() < text.text().len() && !inner.is_blank()).then(|| text.settled(&inner))
}

/// References that are escaped once more by mistake: `&amp;quot;` is never meant.
const TWICE: &[&str] = &[
    "quot;", "apos;", "nbsp;", "#", "rsquo;", "lsquo;", "ldquo;", "rdquo;", "ndash;", "mdash;",
    "hellip;",
];

/// A story in which references are escaped once more, with these as they are meant.
fn escaped_once(body: &Lifted) -> Option<Lifted> {
    const AMP: &str = "&amp;";
    let text = body.text();
    let mut meant = Lifted::default();
    let mut from = 0;
    for (at, _) in text.match_indices(AMP) {
        let behind = text.get(at + AMP.len()..).unwrap_or("");
        if TWICE.iter().any(|name| behind.starts_with(name)) {
            meant.push(text.get(from..at).unwrap_or(""), from);
            meant.push_as("&", Span::new(at, at + AMP.len()));
            from = at + AMP.len();
        }
    }
    if from == 0 {
        return None;
    }
    meant.push(text.get(from..).unwrap_or(""), from);
    Some(body.settled(&meant))
}

/// Tags that are in the text of a headline.
const INLINE: &[&str] = &[
    "b", "i", "em", "strong", "span", "sup", "sub", "br", "u", "p", "div", "a", "h1", "h2", "h3",
    "font",
];

/// A line without the tags that content systems leave in it.
fn without_tags(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('<') {
        plain.push_str(before);
        let tag = behind.split_once('>').filter(|(tag, _)| {
            let name = tag.trim_matches('/').split([' ', '/']).next().unwrap_or("");
            INLINE.contains(&name.to_ascii_lowercase().as_str())
        });
        if let Some((_, after)) = tag {
            rest = after;
        } else {
            plain.push('<');
            rest = behind;
        }
    }
    plain.push_str(rest);
    plain
}

/// Whether a body is a whole page, in which the story has to be found.
pub(super) fn is_page(text: &str) -> bool {
    let start = text.trim_start();
    let opens = |tag: &str| {
        start
            .get(..tag.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(tag))
    };
    opens("<!doctype html") || opens("<html")
}
