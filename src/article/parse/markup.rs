//! HTML or plain text: what a text is that is of no other format.

use super::Opening;

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

/// Whether a text is HTML by its content, and the rule that says so; the file's name only decides where the content leaves
/// it open.
pub(super) fn is_html(opening: &Opening<'_>) -> Option<&'static str> {
    let start = opening.head;
    if !start.contains('<') {
        return None;
    }
    let opens = |tag: &str| {
        let opening = start.get(..tag.len());
        opening.is_some_and(|opening| opening.eq_ignore_ascii_case(tag))
    };
    if opens("<!doctype html") || opens("<html") {
        return Some("html-doctype");
    }
    let head = start.to_ascii_lowercase();
    let named = opening.is_named(&[".html", ".htm", ".xhtml", ".shtml"]);
    let enough = if start.starts_with('<') || named {
        1
    } else if head.contains("<html") {
        2
    } else if prose_before_tags(&head) {
        return None;
    } else {
        6
    };
    let tags: usize = TELLTALES
        .iter()
        .map(|tag| head.matches(tag).count().min(3))
        .sum();
    (tags >= enough).then_some("html-tags")
}
