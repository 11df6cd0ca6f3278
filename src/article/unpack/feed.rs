//! RSS, Atom, RSS 1.0 (RDF) and WordPress exports: each item is a leaf that can be read by itself.
//!
//! A leaf is verbatim pieces of the feed, then end tags: the XML declaration, the root's start tag, the channel's, the small
//! children of the channel that say what the feed is (as far as they stand before the first item), the item, and the end
//! tags of what is open. The scanner knows comments, CDATA and quoted attributes; a DOCTYPE is stepped over, never read.

use super::markup::{Mark, Token, local_name, missing, next_token};
use super::sniff::pass_mark;
use super::stream::Stream;
use super::trouble::Stop;
use super::walk::{Standing, Walk};
use super::{Kind, Step, Trouble};

/// Largest child of a channel that goes into the head: titles and descriptions have some hundred bytes.
const CHILD_BYTES_MAX: usize = 8 << 10;
/// Largest head: it is repeated before each item.
const HEAD_BYTES_MAX: usize = 32 << 10;
/// What of the head is not counted as expansion when it is repeated: honest heads have about a thousand bytes.
const HEAD_BYTES_FREE: usize = 4 << 10;

/// Children of a channel or feed, with no prefix or that of Atom, that go into the head.
const CHILDREN: &[&str] = &[
    "author",
    "copyright",
    "description",
    "generator",
    "icon",
    "id",
    "image",
    "language",
    "lastBuildDate",
    "link",
    "logo",
    "managingEditor",
    "pubDate",
    "published",
    "rights",
    "subtitle",
    "title",
    "updated",
    "webMaster",
];
/// Those of the WordPress export.
const WORDPRESS: &[&str] = &["wxr_version", "base_site_url", "base_blog_url", "author"];

/// Whether the first element is the root of a feed.
pub(super) fn is_feed(text: &[u8]) -> bool {
    let mut stream = Stream::new(Kind::XmlItems, Box::new(text));
    loop {
        match next_token(&mut stream, text.len()) {
            Some(Token {
                mark: Mark::Open { name, .. },
                ..
            }) => return is_root(&name),
            Some(Token {
                mark: Mark::Text,
                bytes,
            }) if !stream
                .here()
                .get(..bytes)
                .is_some_and(|text| text.trim_ascii().is_empty()) =>
            {
                return false;
            }
            Some(Token {
                mark: Mark::Text | Mark::Aside | Mark::Declaration,
                bytes,
            }) => stream.pass(bytes),
            _ => return false,
        }
    }
}

fn is_root(name: &[u8]) -> bool {
    name == b"rss" || local_name(name) == b"feed" || local_name(name) == b"RDF"
}

/// A feed on the way: what goes before each item, and what closes it.
struct Feed {
    head: Vec<u8>,
    open: Vec<Vec<u8>>,
    /// All that was read before the first item, should there be none.
    whole: Vec<u8>,
    items: u64,
}

/// Takes a feed apart.
pub(super) fn walk(walk: &mut Walk<'_>, stream: &mut Stream<'_>) -> Result<(), Stop> {
    pass_mark(stream);
    let mut feed = Feed {
        head: Vec::new(),
        open: Vec::new(),
        whole: Vec::new(),
        items: 0,
    };
    let max = walk.bounds.member_bytes_max;
    loop {
        let start = stream.offset();
        let Some(token) = next_token(stream, max) else {
            let what = "the end tag of the feed is not there";
            return Err(missing(stream, start, what));
        };
        match &token.mark {
            Mark::Text | Mark::Aside => feed.pass(stream, token.bytes, max),
            Mark::Declaration => feed.keep(stream, token.bytes, max),
            Mark::Close { name } => {
                feed.close(stream, name, token.bytes, max);
                if feed.open.is_empty() {
                    return finish(walk, stream, feed);
                }
            }
            Mark::Open { name, is_empty } if feed.contains(name) && !is_empty => {
                feed.open.push(name.clone());
                feed.keep(stream, token.bytes, max);
            }
            Mark::Open { name, .. } if feed.open.is_empty() => {
                // The root is empty.
                feed.open.push(name.clone());
                feed.pass(stream, token.bytes, max);
                return finish(walk, stream, feed);
            }
            Mark::Open { name, .. } if matches!(local_name(name), b"item" | b"entry") => {
                item(walk, stream, &mut feed, token)?;
            }
            Mark::Open { .. } => child(stream, &mut feed, token, max)?,
        }
    }
}

impl Feed {
    /// Whether items stand in an element of this name here: the root, and the channel in it.
    fn contains(&self, name: &[u8]) -> bool {
        match self.open.as_slice() {
            [] => true,
            [_] => local_name(name) == b"channel",
            _ => false,
        }
    }

    fn pass(&mut self, stream: &mut Stream<'_>, bytes: usize, max: usize) {
        // One byte more than allowed shows that it is too large.
        if self.items == 0 && self.whole.len() <= max {
            let piece = stream.here().get(..bytes).unwrap_or_default();
            self.whole.extend_from_slice(piece);
        }
        stream.pass(bytes);
    }

    fn keep(&mut self, stream: &mut Stream<'_>, bytes: usize, max: usize) {
        let piece = stream.here().get(..bytes).unwrap_or_default();
        self.head.extend_from_slice(piece);
        self.pass(stream, bytes, max);
    }

    fn close(&mut self, stream: &mut Stream<'_>, name: &[u8], bytes: usize, max: usize) {
        if self.open.last().is_some_and(|open| open == name) {
            self.open.pop();
            if !self.open.is_empty() {
                // Items may follow the channel (RSS 0.9, RDF).
                return self.keep(stream, bytes, max);
            }
        } else if self.open.first().is_some_and(|root| root == name) {
            self.open.clear();
        }
        self.pass(stream, bytes, max);
    }
}

/// Behind the end of the root.
fn finish(walk: &mut Walk<'_>, stream: &mut Stream<'_>, mut feed: Feed) -> Result<(), Stop> {
    let max = walk.bounds.member_bytes_max;
    if feed.items > 0 {
        let mut trailing = 0;
        while !stream.is_at_end() {
            let blanks = stream.here().trim_ascii().is_empty();
            trailing += if blanks {
                0
            } else {
                stream.here().len() as u64
            };
            stream.pass(usize::MAX);
        }
        walk.trailing_bytes += trailing;
        return stream.failure();
    }
    while !stream.is_at_end() {
        let bytes = stream.here().len();
        feed.pass(stream, bytes, max);
    }
    stream.failure()?;
    let length = feed.whole.len() as u64;
    let standing = walk.standing_at_end();
    walk.give_measured(feed.whole, length, standing)
}

fn item(
    walk: &mut Walk<'_>,
    stream: &mut Stream<'_>,
    feed: &mut Feed,
    token: Token,
) -> Result<(), Stop> {
    let start = stream.offset();
    feed.items += 1;
    feed.whole = Vec::new();
    let mut bytes = Vec::new();
    if walk.is_wanted() {
        bytes.clone_from(&feed.head);
        walk.meter
            .expand(feed.head.len().saturating_sub(HEAD_BYTES_FREE))?;
    }
    let room = walk.room();
    element(stream, token, walk.bounds.member_bytes_max, |piece| {
        if bytes.len() + piece.len() <= room {
            bytes.extend_from_slice(piece);
        }
    })?;
    for open in feed.open.iter().rev() {
        bytes.extend_from_slice(&[b"</", open.as_slice(), b">"].concat());
    }
    let end = stream.offset();
    let step = Step::member(Kind::XmlItems, feed.items, start, end);
    let length = (end - start).saturating_add(feed.head.len() as u64);
    let max = walk.bounds.member_bytes_max;
    walk.step(step, |walk| {
        if length > max as u64 {
            walk.give(Err(Trouble::TooLarge { max }), Standing::Settled)
        } else {
            walk.give(Ok(bytes), Standing::Settled)
        }
    })
}

fn child(stream: &mut Stream<'_>, feed: &mut Feed, token: Token, max: usize) -> Result<(), Stop> {
    let is_useful = feed.items == 0 && is_useful(&token);
    let (mut kept, mut length) = (Vec::new(), 0);
    let whole = &mut feed.whole;
    let is_first = feed.items == 0;
    element(stream, token, max, |piece| {
        length += piece.len();
        if is_useful && length <= CHILD_BYTES_MAX {
            kept.extend_from_slice(piece);
        }
        if is_first && whole.len() <= max {
            whole.extend_from_slice(piece);
        }
    })?;
    if is_useful && length <= CHILD_BYTES_MAX && feed.head.len() + length <= HEAD_BYTES_MAX {
        feed.head.extend_from_slice(&kept);
    }
    Ok(())
}

fn is_useful(token: &Token) -> bool {
    let Mark::Open { name, .. } = &token.mark else {
        return false;
    };
    let name = String::from_utf8_lossy(name);
    match name.split_once(':') {
        None => CHILDREN.contains(&&*name),
        Some(("atom" | "a" | "rss", local)) => CHILDREN.contains(&local),
        Some(("dc" | "dcterms", _)) => true,
        Some(("wp", local)) => WORDPRESS.contains(&local),
        Some(_) => false,
    }
}

/// Passes over the element that `open` begins, up to its end tag, and shows `see` all its bytes. Only elements of its own
/// name are counted: others in it may be left open.
fn element(
    stream: &mut Stream<'_>,
    open: Token,
    max: usize,
    mut see: impl FnMut(&[u8]),
) -> Result<(), Stop> {
    let start = stream.offset();
    let Mark::Open {
        name: own,
        is_empty,
    } = open.mark
    else {
        return Ok(());
    };
    let mut depth = u64::from(!is_empty);
    let mut bytes = open.bytes;
    loop {
        see(stream.here().get(..bytes).unwrap_or_default());
        stream.pass(bytes);
        if depth == 0 {
            return Ok(());
        }
        let Some(token) = next_token(stream, max) else {
            let what = "the end tag of an element is not there";
            return Err(missing(stream, start, what));
        };
        bytes = token.bytes;
        match token.mark {
            Mark::Open { name, is_empty } if name == own => depth += u64::from(!is_empty),
            Mark::Close { name } if name == own => depth -= 1,
            Mark::Text
            | Mark::Aside
            | Mark::Declaration
            | Mark::Open { .. }
            | Mark::Close { .. } => {}
        }
    }
}
