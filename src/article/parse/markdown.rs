//! Markdown, with front matter or without: what static sites, note takers and extractors write.
//!
//! The text becomes HTML with the place of each character, so that what is HTML in Markdown needs no second rule.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::article::{Label, Refusal, Rules, Span};

use super::front_matter::{FrontMatter, Language, Value};
use super::lifted::Lifted;
use super::{Draft, Drafter, Field, Format, Opening, Reader, whole};

/// Markdown.
pub(super) const READER: Reader = Reader {
    format: Format("markdown"),
    recognise,
    divide: whole,
    read,
    render: None,
};

fn recognise(opening: &Opening<'_>) -> Option<&'static str> {
    match FrontMatter::of(opening.text).map(|front| front.language) {
        Some(Language::Yaml) => Some("front-matter-yaml"),
        Some(Language::Toml) => Some("front-matter-toml"),
        None => {
            let headed = opening.head.lines().any(|line| {
                let text = line.trim_start_matches('#');
                (1..=6).contains(&(line.len() - text.len())) && text.starts_with(' ')
            });
            (headed && opening.is_named(&[".md", ".markdown", ".mdown", ".mkd"]))
                .then_some("markdown-name")
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a reader may refuse")]
fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let mut drafter = Drafter::new(rules);
    let front = FrontMatter::of(text);
    let mut has_title = false;
    if let Some(front) = front {
        let values = front.values(text);
        has_title = tell(&mut drafter, text, &values.values, values.is_lenient);
    }
    let body = Span::new(front.map_or(0, |front| front.body), text.len());
    let (html, heading) = html(text, body);
    if let Some(heading) = heading.filter(|_| !has_title) {
        drafter.tell_lifted(Field::Title, "markdown-heading", &heading);
    }
    drafter.html(&html);
    Ok(drafter.finish())
}

/// The keys that state a field, the better first, with the rule by which.
const KEYS: &[(Field, &str, &[&str])] = &[
    (Field::Title, "front-matter-title", &["title", "headline"]),
    (
        Field::Subtitle,
        "front-matter-subtitle",
        &["subtitle", "deck", "dek", "standfirst", "lead"],
    ),
    (
        Field::Subtitle,
        "front-matter-description",
        &["description", "summary", "excerpt", "abstract"],
    ),
    (
        Field::Published,
        "front-matter-date",
        &[
            "published",
            "date_published",
            "datepublished",
            "publishdate",
            "published_at",
            "pubdate",
            "pubdatetime",
            "date",
        ],
    ),
    (
        Field::Modified,
        "front-matter-modified",
        &[
            "lastmod",
            "updated",
            "modified",
            "last_modified",
            "date_modified",
            "datemodified",
            "updated_at",
            "moddatetime",
        ],
    ),
    (
        Field::Byline,
        "front-matter-author",
        &[
            "author",
            "authors",
            "author.name",
            "authors.name",
            "byline",
            "creator",
        ],
    ),
    (
        Field::Url,
        "front-matter-url",
        &[
            "canonical",
            "canonical_url",
            "canonicalurl",
            "url",
            "source_url",
            "original_url",
            "link",
            "permalink",
            "original",
            "source",
        ],
    ),
    (
        Field::Source,
        "front-matter-source",
        &[
            "publisher",
            "publisher.name",
            "params.publisher",
            "publication",
            "source_name",
            "source",
            "source.name",
            "site",
            "site_name",
            "sitename",
            "hostname",
        ],
    ),
    (
        Field::Language,
        "front-matter-language",
        &["lang", "language", "languagecode", "locale"],
    ),
    (
        Field::Guid,
        "front-matter-id",
        &["guid", "uid", "uuid", "id", "slug"],
    ),
    (
        Field::Keyword,
        "front-matter-tags",
        &[
            "tags",
            "tag",
            "categories",
            "category",
            "topics",
            "keywords",
        ],
    ),
    (
        Field::Copyright,
        "front-matter-copyright",
        &["copyright", "rights"],
    ),
    (Field::Status, "front-matter-status", &["status"]),
    (Field::Embargo, "front-matter-embargo", &["embargo"]),
];

/// The rule where front matter was read line by line.
const LENIENT: &str = "front-matter-lenient";

/// Longest name of a site, in characters: extractors take its advertising line for it.
const SITE_CHARS_MAX: usize = 60;

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other field is any text"
)]
/// States what the front matter does; says whether it has a title.
fn tell(drafter: &mut Drafter<'_>, text: &str, values: &[Value], is_lenient: bool) -> bool {
    let mut has_title = false;
    for (field, rule, keys) in KEYS {
        let rule = if is_lenient { LENIENT } else { *rule };
        let found = keys
            .iter()
            .flat_map(|key| values.iter().filter(move |value| value.key == *key));
        let mut told = 0;
        for value in found {
            let is_url = value.text.contains("://");
            let fits = match field {
                Field::Url => is_url,
                Field::Source => !is_url && value.text.chars().count() <= SITE_CHARS_MAX,
                _ => true,
            };
            if !fits {
                continue;
            }
            // "['one, two']": an extractor's list in one string.
            let list = *field == Field::Keyword && value.text.contains(',');
            let parts = if list {
                value.text.split(',').collect()
            } else {
                vec![value.text.as_str()]
            };
            for part in parts {
                drafter.tell(*field, rule, part, Some(value.span));
            }
            if told == 0 && (*field == Field::Title || *rule == *"front-matter-subtitle") {
                let label = if *field == Field::Title {
                    Label::Title
                } else {
                    Label::Subtitle
                };
                drafter.line(label, rule, &Lifted::verbatim(text, value.span));
                has_title |= *field == Field::Title;
            }
            told += 1;
        }
    }
    has_title
}

/// The body as HTML, and the text of its first heading of the first degree.
fn html(text: &str, body: Span) -> (Lifted, Option<Lifted>) {
    let source = without_shortcodes(text, body);
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_GFM;
    // Note takers embed pictures so; elsewhere "[[1]](…)" is a link.
    options.set(Options::ENABLE_WIKILINKS, source.text().contains("![["));
    let mut html = Html {
        source: &source,
        lifted: Lifted::default(),
        heading: None,
        in_heading: false,
        in_image: 0,
        in_head: false,
    };
    for (event, range) in Parser::new_ext(source.text(), options).into_offset_iter() {
        html.event(event, Span::new(range.start, range.end));
    }
    (
        html.lifted,
        html.heading.filter(|heading| !heading.is_blank()),
    )
}

/// What opens and closes a site generator's own instructions, which are no text.
const SHORTCODES: &[(&str, &str)] = &[("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")];
/// Longest of them, in bytes.
const SHORTCODE_BYTES_MAX: usize = 2 << 10;

/// The body without the instructions to a site generator.
fn without_shortcodes(text: &str, body: Span) -> Lifted {
    let mut plain = Lifted::default();
    let mut from = body.start;
    let mut at = body.start;
    while let Some(rest) = text.get(at..body.end)
        && let Some(brace) = memchr::memchr(b'{', rest.as_bytes())
    {
        at += brace;
        let window = Span::new(
            at,
            text.floor_char_boundary(body.end.min(at + SHORTCODE_BYTES_MAX)),
        )
        .of(text);
        let length = SHORTCODES.iter().find_map(|(opens, closes)| {
            let inner = window.strip_prefix(opens)?;
            Some(opens.len() + inner.find(closes)? + closes.len())
        });
        if let Some(length) = length {
            plain.push(Span::new(from, at).of(text), from);
            from = at + length;
        }
        at += length.unwrap_or(1);
    }
    plain.push(Span::new(from, body.end).of(text), from);
    plain
}

struct Html<'a> {
    /// The Markdown; all spans are of its text.
    source: &'a Lifted,
    lifted: Lifted,
    heading: Option<Lifted>,
    in_heading: bool,
    in_image: usize,
    in_head: bool,
}

impl Html<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(Tag::Image { .. }) => self.in_image += 1,
            Event::End(TagEnd::Image) => self.in_image = self.in_image.saturating_sub(1),
            _ if self.in_image > 0 => {}
            Event::Start(tag) => self.start(&tag, span),
            Event::End(tag) => self.end(tag, span),
            Event::Text(text) | Event::Code(text) => self.text(&text, span),
            Event::Html(_) | Event::InlineHtml(_) => self.lifted.append(&self.source.part(span)),
            Event::SoftBreak | Event::HardBreak => self.text(" ", span),
            Event::Rule => self.mark("<hr>", span),
            Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn mark(&mut self, mark: &str, span: Span) {
        let at = self.source.place(Span::new(span.start, span.start)).start;
        self.lifted.push_as(mark, Span::new(at, at));
    }

    fn close(&mut self, mark: &str, span: Span) {
        let at = self.source.place(span).end;
        self.lifted.push_as(mark, Span::new(at, at));
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what has no place of its own needs no tag"
    )]
    fn start(&mut self, tag: &Tag<'_>, span: Span) {
        match tag {
            Tag::Paragraph | Tag::FootnoteDefinition(_) => self.mark("<p>", span),
            Tag::Heading { level, .. } => {
                self.in_heading =
                    *level == pulldown_cmark::HeadingLevel::H1 && self.heading.is_none();
                self.mark(&format!("<{level}>"), span);
            }
            Tag::BlockQuote(_) => self.mark("<blockquote>", span),
            Tag::CodeBlock(_) => self.mark("<pre>", span),
            Tag::List(_) => self.mark("<ul>", span),
            Tag::Item => self.mark("<li>", span),
            Tag::Table(_) => self.mark("<table>", span),
            Tag::TableHead => {
                self.in_head = true;
                self.mark("<tr>", span);
            }
            Tag::TableRow => self.mark("<tr>", span),
            Tag::TableCell => self.mark(if self.in_head { "<th>" } else { "<td>" }, span),
            Tag::Strong => self.mark("<b>", span),
            Tag::Emphasis => self.mark("<i>", span),
            Tag::Link { .. } => self.mark("<a href=\"#\">", span),
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "as above")]
    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::Paragraph | TagEnd::FootnoteDefinition => self.close("</p>", span),
            TagEnd::Heading(level) => {
                self.in_heading = false;
                self.close(&format!("</{level}>"), span);
            }
            TagEnd::BlockQuote(_) => self.close("</blockquote>", span),
            TagEnd::CodeBlock => self.close("</pre>", span),
            TagEnd::List(_) => self.close("</ul>", span),
            TagEnd::Item => self.close("</li>", span),
            TagEnd::Table => self.close("</table>", span),
            TagEnd::TableHead => {
                self.in_head = false;
                self.close("</tr>", span);
            }
            TagEnd::TableRow => self.close("</tr>", span),
            TagEnd::TableCell => self.close(if self.in_head { "</th>" } else { "</td>" }, span),
            TagEnd::Strong => self.close("</b>", span),
            TagEnd::Emphasis => self.close("</i>", span),
            TagEnd::Link => self.close("</a>", span),
            _ => {}
        }
    }

    /// Text: as it stands in the source where it is spelt so, escaped for HTML where it has to be.
    fn text(&mut self, text: &str, span: Span) {
        // The range of a code span includes its marks.
        let at = span
            .of(self.source.text())
            .find(text)
            .map(|at| span.start + at);
        let place = self.source.place(span);
        if self.in_heading {
            let heading = self.heading.get_or_insert_default();
            match at {
                Some(at) => heading.append(&self.source.part(Span::new(at, at + text.len()))),
                None => heading.push_as(text, place),
            }
        }
        let Some(at) = at else {
            self.lifted
                .push_as(&text.replace('&', "&amp;").replace('<', "&lt;"), place);
            return;
        };
        let mut from = 0;
        for (offset, odd) in text.match_indices(['&', '<']) {
            self.lifted
                .append(&self.source.part(Span::new(at + from, at + offset)));
            let escaped = if odd == "&" { "&amp;" } else { "&lt;" };
            let place = self.source.place(Span::new(at + offset, at + offset + 1));
            self.lifted.push_as(escaped, place);
            from = offset + 1;
        }
        self.lifted
            .append(&self.source.part(Span::new(at + from, at + text.len())));
    }
}
