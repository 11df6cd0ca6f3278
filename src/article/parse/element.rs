//! Elements of HTML by what they do to text.

use super::{Kind, Marks};

/// What an element does to the text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Stands in a line of text.
    Inline,
    /// Stands in a line, and is a link.
    Link,
    /// Stands in a line, bold.
    Strong,
    /// Parts blocks of text; text straight in it is of this kind.
    Block(Kind),
    /// Has no content.
    Void,
    /// Its content is no text.
    Skipped,
}

/// An element's name: its first eight bytes, since no two names that matter here share them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name(u64);

impl Name {
    /// `<p>`.
    pub(super) const P: Self = Self::of(b"p");
    /// `<li>`.
    pub(super) const LI: Self = Self::of(b"li");
    /// `<td>`.
    pub(super) const TD: Self = Self::of(b"td");
    /// `<th>`.
    pub(super) const TH: Self = Self::of(b"th");
    /// `<pre>`.
    pub(super) const PRE: Self = Self::of(b"pre");
    /// `<a>`.
    pub(super) const A: Self = Self::of(b"a");

    /// The name written so, in lower case.
    pub(super) const fn of(name: &[u8]) -> Self {
        let mut packed = 0;
        let mut rest = name;
        let mut left = 8;
        while let ([byte, more @ ..], 1..) = (rest, left) {
            packed = (packed << 8) | *byte as u64;
            rest = more;
            left -= 1;
        }
        Self(packed)
    }

    /// One of 64 places for what is counted by name; two names may share it.
    pub(super) fn place(self) -> usize {
        (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as usize
    }
}

/// What the element of this name does to text.
pub(super) fn shape(name: &[u8]) -> Shape {
    match name {
        b"a" => Shape::Link,
        b"b" | b"strong" => Shape::Strong,
        b"area" | b"base" | b"br" | b"col" | b"embed" | b"hr" | b"img" | b"input" | b"link"
        | b"meta" | b"param" | b"source" | b"track" | b"wbr" => Shape::Void,
        b"script" | b"style" | b"template" | b"svg" | b"math" | b"noscript" | b"textarea"
        | b"iframe" | b"object" | b"audio" | b"video" | b"canvas" | b"select" | b"datalist"
        | b"noembed" | b"noframes" | b"title" => Shape::Skipped,
        b"p" => Shape::Block(Kind::Paragraph),
        b"h1" => Shape::Block(Kind::Heading(1)),
        b"h2" => Shape::Block(Kind::Heading(2)),
        b"h3" => Shape::Block(Kind::Heading(3)),
        b"h4" => Shape::Block(Kind::Heading(4)),
        b"h5" | b"h6" => Shape::Block(Kind::Heading(5)),
        b"li" | b"dd" | b"dt" => Shape::Block(Kind::Item),
        b"td" | b"th" => Shape::Block(Kind::Cell),
        b"figcaption" | b"caption" => Shape::Block(Kind::Caption),
        b"blockquote" => Shape::Block(Kind::Quote),
        b"address" | b"article" | b"aside" | b"body" | b"button" | b"center" | b"details"
        | b"dialog" | b"dir" | b"div" | b"dl" | b"fieldset" | b"figure" | b"footer" | b"form"
        | b"frameset" | b"head" | b"header" | b"hgroup" | b"html" | b"main" | b"menu" | b"nav"
        | b"ol" | b"option" | b"pre" | b"section" | b"summary" | b"table" | b"tbody" | b"tfoot"
        | b"thead" | b"tr" | b"ul" | b"legend" => Shape::Block(Kind::Loose),
        _ => Shape::Inline,
    }
}

/// What the tag alone says of the text in it.
pub(super) fn marks(name: &[u8]) -> Marks {
    match name {
        b"nav" | b"menu" => Marks::NAVIGATION,
        b"header" => Marks::HEADER,
        b"footer" => Marks::FOOTER,
        b"aside" => Marks::ASIDE,
        b"form" | b"button" | b"fieldset" | b"label" => Marks::FORM,
        b"dialog" => Marks::NOTICE,
        b"main" => Marks::MAIN,
        b"article" => Marks::ARTICLE,
        b"figure" => Marks::FIGURE,
        b"figcaption" | b"caption" => Marks::CAPTION,
        b"ul" | b"ol" | b"dl" => Marks::LIST,
        b"table" => Marks::TABLE,
        _ => Marks::NONE,
    }
}

/// Whether the start of element `name` ends an open element `open` of its own accord.
pub(super) fn ends(name: &[u8], shape: Shape, open: Name) -> bool {
    match name {
        b"li" => open == Name::LI,
        b"dd" | b"dt" => open == Name::of(b"dd") || open == Name::of(b"dt"),
        b"td" | b"th" => open == Name::TD || open == Name::TH,
        b"tr" => open == Name::of(b"tr"),
        b"option" => open == Name::of(b"option"),
        _ => matches!(shape, Shape::Block(_)) && open == Name::P,
    }
}

/// Whether the search for an open element that a start tag ends stops here.
pub(super) fn is_scope(name: Name) -> bool {
    const SCOPES: [Name; 12] = [
        Name::of(b"ul"),
        Name::of(b"ol"),
        Name::of(b"dl"),
        Name::of(b"table"),
        Name::of(b"div"),
        Name::of(b"section"),
        Name::of(b"article"),
        Name::of(b"main"),
        Name::of(b"body"),
        Name::of(b"aside"),
        Name::of(b"blockquote"),
        Name::of(b"form"),
    ];
    SCOPES.contains(&name)
}
