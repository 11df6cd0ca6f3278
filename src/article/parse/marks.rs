//! What an element's tag, class, id and role say about the text in it.

use std::sync::OnceLock;

/// A set of such statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::article) struct Marks(u32);

impl Marks {
    /// Navigation and menus.
    pub(in crate::article) const NAVIGATION: Self = Self(1);
    /// Head of a page or section.
    pub(in crate::article) const HEADER: Self = Self(1 << 1);
    /// Foot of a page or section.
    pub(in crate::article) const FOOTER: Self = Self(1 << 2);
    /// Side column.
    pub(in crate::article) const ASIDE: Self = Self(1 << 3);
    /// Links to other articles.
    pub(in crate::article) const RELATED: Self = Self(1 << 4);
    /// Readers' comments.
    pub(in crate::article) const COMMENTS: Self = Self(1 << 5);
    /// Share buttons and follow prompts.
    pub(in crate::article) const SHARE: Self = Self(1 << 6);
    /// Cookie notices, newsletter and subscription prompts.
    pub(in crate::article) const NOTICE: Self = Self(1 << 7);
    /// Advertisements.
    pub(in crate::article) const ADVERTISEMENT: Self = Self(1 << 8);
    /// Captions and picture credits.
    pub(in crate::article) const CAPTION: Self = Self(1 << 9);
    /// Author lines, dates of publication.
    pub(in crate::article) const BYLINE: Self = Self(1 << 10);
    /// Lists of topics.
    pub(in crate::article) const TAGS: Self = Self(1 << 11);
    /// Not shown.
    pub(in crate::article) const HIDDEN: Self = Self(1 << 12);
    /// The story's text.
    pub(in crate::article) const BODY: Self = Self(1 << 13);
    /// Standfirst.
    pub(in crate::article) const STANDFIRST: Self = Self(1 << 14);
    /// Headline.
    pub(in crate::article) const HEADLINE: Self = Self(1 << 15);
    /// `<article>`.
    pub(in crate::article) const ARTICLE: Self = Self(1 << 16);
    /// `<main>`.
    pub(in crate::article) const MAIN: Self = Self(1 << 17);
    /// `<figure>`.
    pub(in crate::article) const FIGURE: Self = Self(1 << 18);
    /// Forms and buttons.
    pub(in crate::article) const FORM: Self = Self(1 << 19);
    /// In a list.
    pub(in crate::article) const LIST: Self = Self(1 << 20);
    /// In a table.
    pub(in crate::article) const TABLE: Self = Self(1 << 21);
    /// A biographical note of the author.
    pub(in crate::article) const BIOGRAPHY: Self = Self(1 << 22);

    /// Marks that say "not the story".
    pub(in crate::article) const AGAINST: Self = Self(
        Self::NAVIGATION.0
            | Self::FOOTER.0
            | Self::ASIDE.0
            | Self::RELATED.0
            | Self::COMMENTS.0
            | Self::SHARE.0
            | Self::NOTICE.0
            | Self::ADVERTISEMENT.0
            | Self::CAPTION.0
            | Self::TAGS.0
            | Self::HIDDEN.0
            | Self::FORM.0
            | Self::BIOGRAPHY.0
            | Self::BYLINE.0,
    );

    /// No statement.
    pub(in crate::article) const NONE: Self = Self(0);

    /// Whether any of `other` is in it.
    pub(in crate::article) fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both together.
    pub(in crate::article) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Without those of `other`.
    pub(in crate::article) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// Words of class and id names, and what they say. General words of the trade; no site's own.
#[rustfmt::skip] // a table
const WORDS: &[(Marks, &[&str])] = &[
    (Marks::NAVIGATION, &[
        "nav", "navigation", "navbar", "menu", "submenu", "breadcrumb", "breadcrumbs", "topbar", "toolbar",
        "pagination", "pager", "paging", "skiplink", "sitemap", "navi", "subnav", "hamburger", "toc",
    ]),
    (Marks::HEADER, &[
        "masthead", "header",
    ]),
    (Marks::FOOTER, &[
        "footer", "foot", "colophon", "copyright", "legal", "disclaimer", "impressum",
    ]),
    (Marks::ASIDE, &[
        "sidebar", "aside", "rail", "widget", "widgets", "complementary", "sidebox", "infobox", "factbox",
    ]),
    (Marks::RELATED, &[
        "related", "recommended", "recommendations", "recommend", "recirc", "recirculation", "popular", "trending",
        "mostread", "mostpopular", "mostviewed", "readmore", "outbrain", "taboola", "suggested", "teaser",
        "teasers", "seealso", "alsoread", "upnext", "morefrom", "relatedarticles", "relatedposts", "relatedcontent",
        "similar", "mehr", "weitere", "verwandte", "relacionadas", "relacionados", "zergnet", "linkbox", "playlist",
        "onward", "rcmd", "carousel", "ticker", "latest", "promobox",
    ]),
    (Marks::COMMENTS, &[
        "comment", "comments", "disqus", "respond", "replies", "discussion", "commentlist", "kommentare",
        "kommentar", "comentarios", "livefyre", "viafoura", "coral", "commentaires",
    ]),
    (Marks::SHARE, &[
        "share", "sharing", "social", "sociallinks", "addthis", "sharethis", "sharedaddy", "socials", "shares",
        "sharebar", "follow", "followus", "addtoany", "sharebuttons", "socialmedia", "a2a",
    ]),
    (Marks::NOTICE, &[
        "cookie", "cookies", "consent", "gdpr", "newsletter", "newsletters", "subscribe", "subscription", "paywall",
        "signup", "login", "signin", "register", "popup", "modal", "overlay", "donate", "donation", "optin",
        "regwall", "membership", "piano", "ccpa", "onetrust", "mailchimp",
    ]),
    (Marks::ADVERTISEMENT, &[
        "ad", "ads", "advert", "adverts", "advertisement", "advertising", "sponsor", "sponsored", "adslot", "dfp",
        "adsense", "adbox", "adunit", "adcontainer", "adwrapper", "anzeige", "werbung", "publicidad", "promo",
        "promos", "promotion", "commercial", "affiliate",
    ]),
    (Marks::CAPTION, &[
        "caption", "captions", "figcaption", "cutline", "photocredit", "imagecredit", "imagecaption",
        "photocaption", "captiontext", "bildunterschrift", "legende", "piedefoto", "credit", "credits",
    ]),
    (Marks::BYLINE, &[
        "byline", "bylines", "author", "authors", "authorname", "timestamp", "pubdate", "publishdate", "dateline",
        "postmeta", "entrymeta", "articlemeta", "byauthor", "datetime", "posted", "readtime", "readingtime",
    ]),
    (Marks::TAGS, &[
        "tags", "taglist", "topics", "keywords", "categories", "hashtags", "taxonomy", "tagcloud", "tagged",
    ]),
    (Marks::HIDDEN, &[
        "hidden", "hide", "visuallyhidden", "screenreader", "printonly", "offscreen", "invisible",
    ]),
    (Marks::BODY, &[
        "articlebody", "storybody", "entrycontent", "postcontent", "articlecontent", "storycontent", "articletext",
        "storytext", "postbody", "bodytext", "maincontent", "newsbody", "contentbody", "bodycopy", "bodycontent",
    ]),
    (Marks::STANDFIRST, &[
        "standfirst", "subtitle", "subheadline", "dek", "deck", "subhead", "subheading", "summary", "kicker",
        "sottotitolo",
    ]),
    (Marks::HEADLINE, &[
        "headline", "title", "posttitle", "entrytitle", "articletitle",
    ]),
    (Marks::BIOGRAPHY, &[
        "bio", "biography", "authorbio", "aboutauthor", "authorbox", "authorinfo",
    ]),
];

/// Pairs of neighbouring words in a class or id name that say more together than apart.
#[rustfmt::skip] // a table
const PAIRS: &[(&str, &str, Marks)] = &[
    ("article", "body", Marks::BODY),
    ("story", "body", Marks::BODY),
    ("post", "body", Marks::BODY),
    ("entry", "content", Marks::BODY),
    ("post", "content", Marks::BODY),
    ("article", "content", Marks::BODY),
    ("story", "content", Marks::BODY),
    ("article", "text", Marks::BODY),
    ("body", "text", Marks::BODY),
    ("body", "copy", Marks::BODY),
    ("sr", "only", Marks::HIDDEN),
    ("screen", "reader", Marks::HIDDEN),
    ("visually", "hidden", Marks::HIDDEN),
    ("most", "read", Marks::RELATED),
    ("most", "viewed", Marks::RELATED),
    ("read", "more", Marks::RELATED),
    ("see", "also", Marks::RELATED),
    ("more", "from", Marks::RELATED),
    ("more", "stories", Marks::RELATED),
    ("more", "on", Marks::RELATED),
    ("also", "read", Marks::RELATED),
    ("read", "next", Marks::RELATED),
    ("up", "next", Marks::RELATED),
    ("post", "meta", Marks::BYLINE),
    ("entry", "meta", Marks::BYLINE),
    ("article", "meta", Marks::BYLINE),
    ("publish", "date", Marks::BYLINE),
    ("published", "date", Marks::BYLINE),
    ("pub", "date", Marks::BYLINE),
    ("tag", "list", Marks::TAGS),
    ("article", "tags", Marks::TAGS),
    ("author", "bio", Marks::BIOGRAPHY),
    ("about", "author", Marks::BIOGRAPHY),
    ("sign", "up", Marks::NOTICE),
    ("log", "in", Marks::NOTICE),
    ("call", "to", Marks::NOTICE),
    ("photo", "credit", Marks::CAPTION),
    ("image", "credit", Marks::CAPTION),
];

/// Longest class or id that is read, in bytes; what utility frameworks write beyond it says nothing.
const NAME_BYTES_MAX: usize = 512;

/// What a class or id attribute says.
pub(super) fn of_name(value: &str) -> Marks {
    let mut end = value.len().min(NAME_BYTES_MAX);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    let value = value.get(..end).unwrap_or("");
    let mut marks = Marks::NONE;
    for name in value.split_ascii_whitespace() {
        if !is_utility(name.as_bytes()) {
            marks = marks.with(of_one(name.as_bytes()));
        }
    }
    marks
}

/// A utility class such as `md:hidden` or `hidden-print` depends on the screen.
fn is_utility(name: &[u8]) -> bool {
    let has = |part: &[u8]| name.windows(part.len()).any(|window| window == part);
    name.contains(&b':')
        || name.contains(&b'-') && (has(b"-print") || has(b"print-") || has(b"--") && has(b"has"))
}

/// What one of the names says: all its letters and figures together, and each of its words, which are parted at anything
/// but letters, and where camel case rises.
fn of_one(name: &[u8]) -> Marks {
    let mut marks = Marks::NONE;
    let (mut bare, mut word, mut previous) = (Word::NONE, Word::NONE, Word::NONE);
    let mut lower_before = false;
    for byte in name {
        let letter = byte.is_ascii_alphabetic();
        let rises = byte.is_ascii_uppercase() && lower_before;
        if (rises || !letter) && word != Word::NONE {
            marks = marks.with(of_word(word)).with(of_pair(previous, word));
            (previous, word) = (word, Word::NONE);
        }
        if letter {
            word = word.then(*byte);
        }
        if byte.is_ascii_alphanumeric() {
            bare = bare.then(*byte);
        }
        lower_before = byte.is_ascii_lowercase();
    }
    if bare != word {
        marks = marks.with(of_word(bare));
    }
    marks.with(of_word(word)).with(of_pair(previous, word))
}

/// A word of up to sixteen letters and figures as a number; none of the words known here is longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Word(u128);

impl Word {
    /// The empty word.
    const NONE: Self = Self(0);
    /// Any word that is too long: no letter is written so.
    const LONG: Self = Self(u128::MAX);

    /// The word with a letter, in lower case, behind it.
    fn then(self, letter: u8) -> Self {
        if self.0 >> 120 != 0 {
            return Self::LONG;
        }
        Self(self.0 << 8 | u128::from(letter.to_ascii_lowercase()))
    }

    fn of(word: &str) -> Self {
        word.bytes().fold(Self::NONE, Self::then)
    }

    /// Which of the table's rows it is looked for in.
    #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
    fn row(self) -> usize {
        let mixed = (self.0 as u64) ^ ((self.0 >> 64) as u64).rotate_left(23);
        (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55) as usize
    }
}

/// How many rows a table of words has: two to a word of ours, so that most other words fall on an empty one.
const ROWS: usize = 512;

/// Words and what they say, each in the row that is its number's.
type Rows<T> = Box<[Vec<(Word, T)>]>;

fn rows<T: Clone>(entries: impl Iterator<Item = (Word, T)>) -> Rows<T> {
    let mut rows = vec![Vec::new(); ROWS].into_boxed_slice();
    for (word, entry) in entries {
        if let Some(row) = rows.get_mut(word.row()) {
            row.push((word, entry));
        }
    }
    rows
}

fn in_row<T>(rows: &Rows<T>, word: Word) -> impl Iterator<Item = &T> {
    let row = rows.get(word.row()).into_iter().flatten();
    row.filter(move |(known, _)| *known == word)
        .map(|(_, entry)| entry)
}

/// What a word says by itself.
fn of_word(word: Word) -> Marks {
    static TABLE: OnceLock<Rows<Marks>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let words = WORDS
            .iter()
            .flat_map(|(mark, words)| words.iter().map(|word| (Word::of(word), *mark)));
        rows(words)
    });
    in_row(table, word).last().copied().unwrap_or_default()
}

/// What two words in a row say.
fn of_pair(first: Word, second: Word) -> Marks {
    static TABLE: OnceLock<Rows<(Word, Marks)>> = OnceLock::new();
    if first == Word::NONE {
        return Marks::NONE;
    }
    let table = TABLE.get_or_init(|| {
        let pairs = PAIRS.iter();
        rows(pairs.map(|(first, second, mark)| (Word::of(second), (Word::of(first), *mark))))
    });
    let mut pairs = in_row(table, second);
    pairs
        .find(|(before, _)| *before == first)
        .map_or(Marks::NONE, |(_, mark)| *mark)
}

/// Most words of one attribute that are kept.
const NAME_WORDS_MAX: usize = 12;

/// A name as a number; `kind` tells tags from classes.
pub(super) fn name_key(kind: u32, name: impl Iterator<Item = u8>) -> u32 {
    name.fold(0x811c_9dc5 ^ (kind << 8), |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The words of a class or id as numbers: runs of letters in lower case, parted where camel case rises.
pub(super) fn name_keys(kind: u32, value: &str, names: &mut Vec<u32>) {
    let most = names.len() + NAME_WORDS_MAX;
    let bytes = value.as_bytes();
    let mut key = name_key(kind, [].into_iter());
    let (empty, mut lower, mut whole) = (key, false, name_key(kind + 4, [].into_iter()));
    for byte in bytes.iter().take(NAME_BYTES_MAX).chain(b" ") {
        let rises = byte.is_ascii_uppercase() && lower;
        if (rises || !byte.is_ascii_alphabetic()) && key != empty {
            names.push(key);
            key = empty;
        }
        if *byte == b' ' && whole != name_key(kind + 4, [].into_iter()) {
            names.push(whole);
            whole = name_key(kind + 4, [].into_iter());
        }
        if names.len() >= most {
            break;
        }
        if byte.is_ascii_alphanumeric() {
            whole = name_key(0, [byte.to_ascii_lowercase()].into_iter()) ^ whole.rotate_left(5);
        }
        if byte.is_ascii_alphabetic() {
            let lowered = byte.to_ascii_lowercase();
            key = (key ^ u32::from(lowered)).wrapping_mul(0x0100_0193);
        }
        lower = byte.is_ascii_lowercase();
    }
}
