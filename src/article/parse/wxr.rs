//! What WordPress exports: RSS with its own elements, of which many items are no articles.
//!
//! The text of a post is what its author typed: lines end where they end, and short codes stand in brackets.

use crate::article::{Refusal, Rules, Span};

use super::lifted::Lifted;
use super::telling::Telling;
use super::xml::{Element, Tree};
use super::{Draft, Drafter, Field, Format, Reader, rss};

/// A WordPress export.
pub(super) const READER: Reader = Reader {
    format: Format("wxr"),
    recognise: |opening| {
        let is_export = opening.root()?.tag.contains("wordpress.org/export/");
        (is_export && rss::is_rss(opening)).then_some("wxr-namespace")
    },
    divide: rss::items,
    read,
    render: None,
};

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let tree = Tree::parse(text, rules)?;
    let item = rss::only_item(&tree)?;
    let of_post = |name| {
        rss::of(&tree, item, "wp", name)
            .next()
            .and_then(|it| tree.said(it))
    };
    let kind = of_post("post_type").unwrap_or_default();
    if !["", "post", "article", "news"].contains(&kind.as_str()) && KINDS.contains(&kind.as_str()) {
        return Err(Refusal::NoText {
            what: "a page, a picture or a part of the site, and no post",
        });
    }
    if ["trash", "draft", "auto-draft"].contains(&of_post("status").unwrap_or_default().as_str()) {
        return Err(Refusal::NoText {
            what: "a post that is a draft, or was deleted",
        });
    }
    let mut drafter = Drafter::new(rules);
    let mut telling = Telling {
        tree: &tree,
        drafter: &mut drafter,
    };
    rss::fields(&mut telling, item);
    author(&mut telling, item);
    for (field, rule, name) in [
        (Field::Published, "wxr-post-date", "post_date_gmt"),
        (Field::Modified, "wxr-post-modified", "post_modified_gmt"),
    ] {
        for time in rss::of(&tree, item, "wp", name) {
            // Its name says which zone it is of.
            let time = tree.text(time);
            telling.drafter.tell(
                field,
                rule,
                &format!("{}Z", time.text().trim()),
                Some(time.span()),
            );
        }
    }
    for time in rss::of(&tree, item, "wp", "post_date") {
        telling
            .drafter
            .tell_lifted(Field::Published, "wxr-post-date", &tree.text(time));
    }
    rss::body(&mut telling, item, |telling, body| {
        telling.drafter.html(&typed(body));
    });
    if item != tree.root() {
        rss::channel(&mut telling);
    }
    Ok(drafter.finish())
}

/// What an item may be that is no article.
const KINDS: &[&str] = &[
    "page",
    "attachment",
    "revision",
    "nav_menu_item",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_block",
    "wp_template",
    "wp_template_part",
    "wp_global_styles",
    "wp_navigation",
    "wp_font_family",
    "wp_font_face",
    "feedback",
    "shop_order",
    "product",
];

/// The author: an item names an account, and the channel whose it is. Nobody's address is a name.
fn author(telling: &mut Telling<'_, '_, '_, '_>, item: Element) {
    let tree = telling.tree;
    for creator in rss::of(tree, item, "dc", "creator") {
        let account = tree.said(creator);
        for author in tree
            .all(tree.root(), "author")
            .filter(|it| tree.written(*it) == "wp:author")
        {
            let login = tree
                .child(author, "author_login")
                .and_then(|it| tree.said(it));
            if login.is_some() && login == account {
                telling.texts(Field::Byline, "wxr-author", author, "author_display_name");
            }
        }
        let creator = tree.text(creator);
        if !creator.text().contains('@') {
            telling
                .drafter
                .tell_lifted(Field::Byline, "rss-dc-creator", &creator);
            telling
                .drafter
                .tell_lifted(Field::Agency, "rss-dc-creator", &creator);
        }
    }
}

/// What was typed, as the HTML that WordPress makes of it: the end of a line is one, and short codes are markup.
fn typed(body: &Lifted) -> Lifted {
    let text = body.text();
    let mut html = Lifted::default();
    let mut from = 0;
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '[']) {
        let start = text.len() - rest.len() + at;
        let found = text.get(start..).unwrap_or("");
        let (length, markup) = if found.starts_with('\n') {
            (1, "<br><br>")
        } else if let Some(code) = short_code(found) {
            code
        } else {
            rest = rest.get(at + 1..).unwrap_or("");
            continue;
        };
        html.append(&body.part(Span::new(from, start)));
        html.push_as(markup, body.place(Span::new(start, start + length)));
        from = start + length;
        rest = text.get(from..).unwrap_or("");
    }
    html.append(&body.part(Span::new(from, text.len())));
    html
}

/// Longest short code that is looked at, in bytes: those of page builders carry all their settings.
const CODE_BYTES_MAX: usize = 2048;

/// Short codes without attributes; with some any is known by them.
const CODES: &[&str] = &[
    "caption",
    "wp_caption",
    "gallery",
    "dropcap",
    "embed",
    "audio",
    "video",
    "playlist",
    "pullquote",
    "quote",
    "blockquote",
    "youtube",
    "vimeo",
    "tweet",
    "instagram",
    "facebook",
    "ad",
    "ads",
    "adsense",
    "sidebar",
    "button",
    "highlight",
    "more",
    "nextpage",
    "toc",
    "row",
    "column",
    "one_half",
    "one_third",
    "divider",
    "spacer",
    "raw",
];

/// How long the short code is that a text opens with, and what it is as HTML.
fn short_code(text: &str) -> Option<(usize, &'static str)> {
    let head = text.get(..text.floor_char_boundary(CODE_BYTES_MAX))?;
    let end = head.find(']')?;
    let inside = head.get(1..end)?;
    let (ends, inside) = match inside.strip_prefix('/') {
        Some(inside) => (true, inside),
        None => (false, inside),
    };
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    let name_end = inside.find(|c| !is_name(c)).unwrap_or(inside.len());
    let (name, settings) = inside.split_at_checked(name_end)?;
    let has_settings = settings.starts_with(char::is_whitespace) && settings.contains("=\"");
    if name.is_empty() || !(CODES.contains(&name) || has_settings || ends) {
        return None;
    }
    let is_bare = settings.trim_matches(['/', ' ']).is_empty();
    if !is_bare && !settings.contains('=') {
        return None;
    }
    let markup = match (name, ends) {
        ("caption" | "wp_caption", false) => "<figcaption>",
        ("caption" | "wp_caption", true) => "</figcaption>",
        ("embed" | "youtube" | "audio" | "video" | "playlist", false)
            if !is_bare || name == "embed" =>
        {
            return Some(embedded(text, name, end + 1));
        }
        _ => "<wbr>",
    };
    Some((end + 1, markup))
}

/// What is embedded is an address or nothing.
fn embedded(text: &str, name: &str, length: usize) -> (usize, &'static str) {
    let head = text
        .get(..text.floor_char_boundary(CODE_BYTES_MAX))
        .unwrap_or(text);
    let end = format!("[/{name}]");
    let end = head.find(&end).map(|at| at + end.len());
    (end.unwrap_or(length), "<wbr>")
}
