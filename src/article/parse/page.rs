//! Pages and texts as they are: the story is somewhere in them.

use super::{Format, Reader, html, markup, plain, whole};

/// HTML, or a piece of it.
pub(super) const HTML: Reader = Reader {
    format: Format::HTML,
    recognise: markup::is_html,
    divide: whole,
    read: |text, rules| Ok(html::parse(text, rules.depth_max)),
    render: None,
};

/// Plain text.
pub(super) const TEXT: Reader = Reader {
    format: Format::TEXT,
    recognise: |_| Some("text"),
    divide: whole,
    read: |text, _| Ok(plain::parse(text)),
    render: None,
};
