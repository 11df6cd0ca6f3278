//! Attributes, and what `<meta>`, `<link>`, `<time>` and scripts state about the page.

use super::{Capture, Tree};
use crate::article::Span;
use crate::article::parse::{Marks, marks};

/// The attributes of one tag that are looked at.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    pub(super) class: String,
    pub(super) id: String,
    pub(super) role: String,
    pub(super) itemprop: String,
    pub(super) name: String,
    pub(super) property: String,
    pub(super) content: String,
    pub(super) href: String,
    pub(super) rel: String,
    pub(super) lang: String,
    pub(super) datetime: String,
    pub(super) kind: String,
    pub(super) style: String,
    pub(super) test: String,
    pub(super) hidden: bool,
}

/// Longest attribute value that is kept, in bytes; the rest of a longer one is dropped.
pub(super) const VALUE_BYTES_MAX: usize = 4096;

impl Attributes {
    /// The place for an attribute's value, if the attribute is looked at.
    pub(super) fn slot(&mut self, name: &[u8]) -> Option<&mut String> {
        Some(match name {
            b"class" => &mut self.class,
            b"id" => &mut self.id,
            b"role" => &mut self.role,
            b"itemprop" => &mut self.itemprop,
            b"name" => &mut self.name,
            b"property" => &mut self.property,
            b"content" => &mut self.content,
            b"href" => &mut self.href,
            b"rel" => &mut self.rel,
            b"lang" => &mut self.lang,
            b"datetime" => &mut self.datetime,
            b"type" => &mut self.kind,
            b"style" => &mut self.style,
            b"data-testid" | b"data-component" | b"data-type" | b"data-name" => &mut self.test,
            _ => return None,
        })
    }

    /// Forgets everything, keeping the memory.
    pub(super) fn clear(&mut self) {
        let Self {
            class,
            id,
            role,
            itemprop,
            name,
            property,
            content,
            href,
            rel,
            lang,
            datetime,
            kind,
            style,
            test,
            hidden: _,
        } = self;
        for value in [
            class, id, role, itemprop, name, property, content, href, rel, lang, datetime, kind,
            style, test,
        ] {
            value.clear();
        }
        self.hidden = false;
    }

    /// The names of the element as numbers: its tag, and the words of its class, id and the like.
    pub(super) fn names(&self, tag: &[u8], names: &mut Vec<u32>) {
        names.push(marks::name_key(0, tag.iter().copied()));
        let values = [
            &self.class,
            &self.id,
            &self.test,
            &self.itemprop,
            &self.role,
        ];
        for (kind, value) in (1..).zip(values) {
            if !value.is_empty() {
                marks::name_keys(kind.min(2), value, names);
            }
        }
    }

    /// What the attributes say of the text in the element.
    pub(super) fn marks(&self) -> Marks {
        let mut said = Marks::NONE;
        for value in [&self.class, &self.id] {
            if !value.is_empty() {
                said = said.with(marks::of_name(value));
            }
        }
        said = said.with(match self.role.as_str() {
            "navigation" | "menu" | "menubar" | "search" => Marks::NAVIGATION,
            "complementary" => Marks::ASIDE,
            "contentinfo" => Marks::FOOTER,
            "dialog" | "alertdialog" => Marks::NOTICE,
            "main" => Marks::MAIN,
            "article" => Marks::ARTICLE,
            _ => Marks::NONE,
        });
        said = said.with(match self.itemprop.as_str() {
            "articleBody" => Marks::BODY,
            "headline" => Marks::HEADLINE,
            "author" | "datePublished" | "dateModified" => Marks::BYLINE,
            "caption" => Marks::CAPTION,
            "description" | "alternativeHeadline" => Marks::STANDFIRST,
            "comment" => Marks::COMMENTS,
            _ => Marks::NONE,
        });
        if self.hidden || !self.style.is_empty() && hides(&self.style) {
            said = said.with(Marks::HIDDEN);
        }
        if said.any(Marks::BODY) {
            // "article-body" wins over what else the same name may contain.
            said = said.without(Marks::AGAINST);
        }
        said
    }
}

/// Whether a style says that the element is not shown.
fn hides(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// `<meta name|property=…>` → the rule that believes it.
fn meta_rule(key: &str) -> Option<&'static str> {
    Some(match key {
        "og:title" => "html-og-title",
        "twitter:title" => "html-twitter-title",
        "dc.title" | "dcterms.title" | "sailthru.title" | "parsely-title" | "title"
        | "headline" | "hdl" => "html-meta-title",
        "og:site_name" | "application-name" => "html-og-site-name",
        "og:url" => "html-og-url",
        "article:published_time" | "og:article:published_time" => "html-article-published",
        "article:modified_time" | "og:article:modified_time" | "og:updated_time" => {
            "html-article-modified"
        }
        "date"
        | "dc.date"
        | "dc.date.issued"
        | "dcterms.created"
        | "dcterms.date"
        | "dc.date.created"
        | "pubdate"
        | "publishdate"
        | "publish-date"
        | "parsely-pub-date"
        | "sailthru.date"
        | "article.published"
        | "pdate"
        | "publication_date"
        | "citation_publication_date"
        | "article_date_original"
        | "cxenseparse:recs:publishtime"
        | "datepublished"
        | "displaydate"
        | "ptime"
        | "iso-8601-publish-date"
        | "published_time"
        | "last-published" => "html-meta-date",
        "last-modified" | "dcterms.modified" | "datemodified" | "article.updated" | "lastmod"
        | "utime" => "html-meta-modified",
        "author" | "dc.creator" | "dcterms.creator" | "parsely-author" | "sailthru.author"
        | "byl" | "byline" => "html-meta-author",
        "article:author" | "og:article:author" => "html-article-author",
        "dc.publisher" | "dcterms.publisher" | "publisher" => "html-meta-publisher",
        "dc.language" | "dcterms.language" | "content-language" => "html-meta-language",
        _ => return None,
    })
}

impl Tree<'_> {
    /// Notes what a tag states about the page.
    pub(super) fn state(&mut self, name: &[u8], attributes: &Attributes, span: Span) {
        match name {
            b"meta" => {
                for key in [&attributes.property, &attributes.name, &attributes.itemprop] {
                    if let Some(rule) = meta_rule(&key.to_ascii_lowercase()) {
                        self.meta.state(rule, &attributes.content, span);
                        break;
                    }
                }
            }
            b"link" if attributes.rel.eq_ignore_ascii_case("canonical") => {
                self.meta.state("html-canonical", &attributes.href, span);
            }
            b"html" if !attributes.lang.is_empty() => {
                self.meta.state("html-lang", &attributes.lang, span);
            }
            b"time" if !attributes.datetime.is_empty() => {
                self.meta.state("html-time", &attributes.datetime, span);
            }
            b"title" if self.skips == 0 && self.capture.is_none() => {
                self.capture("html-title", span);
            }
            b"script" if attributes.kind.eq_ignore_ascii_case("application/ld+json") => {
                self.capture("json-ld", span);
            }
            _ => {}
        }
        let dated = if attributes.content.is_empty() {
            &attributes.datetime
        } else {
            &attributes.content
        };
        match attributes.itemprop.as_str() {
            "datePublished" => self.meta.state("html-itemprop-published", dated, span),
            "dateModified" => self.meta.state("html-itemprop-modified", dated, span),
            _ => {}
        }
    }

    fn capture(&mut self, rule: &'static str, span: Span) {
        self.capture = Some(Capture {
            rule,
            text: String::new(),
            start: span.start,
        });
    }

    /// Any tag ends what was being captured; `end` is where that tag ends.
    pub(super) fn release(&mut self, end: usize) {
        if let Some(capture) = self.capture.take() {
            let span = Span::new(capture.start, end);
            if capture.rule == "json-ld" {
                super::ldjson::read(&capture.text, span, &mut self.meta);
            } else {
                self.meta.state(capture.rule, &capture.text, span);
            }
        }
    }
}
