//! SingleFile: a page saved with all that is on it in one HTML file, with a comment that says where it is from.

use super::{Draft, Format, Opening, Reader, html, markup, whole};
use crate::article::Span;

/// SingleFile.
pub(super) const READER: Reader = Reader {
    format: Format("singlefile"),
    recognise: |opening: &Opening<'_>| {
        comment(opening.head)?;
        markup::is_html(opening).map(|_| "singlefile-comment")
    },
    divide: whole,
    read: |text, rules| Ok(with_address(html::parse(text, rules.depth_max), text)),
    render: None,
};

/// What the comment opens with, also in the versions before it had the name.
const SAVED: &[&str] = &[
    "Page saved with SingleFile",
    "Archive processed by SingleFile",
];
/// How far from the start the comment stands, in bytes.
const HEAD_BYTES: usize = 64 << 10;

/// Where the comment stands.
fn comment(text: &str) -> Option<Span> {
    let head = text.get(..text.floor_char_boundary(HEAD_BYTES))?;
    let at = SAVED.iter().find_map(|words| head.find(words))?;
    let opens = head.get(..at)?.rfind("<!--")?;
    let closes = head
        .get(at..)?
        .find("-->")
        .map_or(head.len(), |length| at + length);
    (!head.get(opens..at)?.contains("-->")).then(|| Span::new(at, closes))
}

/// States the address the page was saved from: what the page itself says of it comes first.
fn with_address(mut draft: Draft, text: &str) -> Draft {
    let Some(comment) = comment(text) else {
        return draft;
    };
    let mut at = comment.start;
    for line in comment.of(text).split_inclusive('\n') {
        if let Some(url) = line.trim().strip_prefix("url:") {
            let url = url.trim();
            let start = at + line.find(url).unwrap_or(0);
            draft
                .meta
                .state("singlefile-url", url, Span::new(start, start + url.len()));
        }
        at += line.len();
    }
    draft
}
