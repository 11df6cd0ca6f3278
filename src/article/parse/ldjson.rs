//! JSON-LD: what a page states about its article for search engines.

use std::collections::HashMap;

use super::json::{Document, Kind, Value, shape};
use super::lifted::Lifted;
use super::{Meta, drafter};
use crate::article::Span;

/// schema.org types that are an article.
const ARTICLES: &[&str] = &[
    "NewsArticle",
    "Article",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "BlogPosting",
    "LiveBlogPosting",
    "Report",
    "SocialMediaPosting",
    "AskPublicNewsArticle",
];

/// Deepest `@graph` and list nesting that is followed.
const NESTING_MAX: usize = 8;

/// Deepest a script is read, and most values of it: the largest seen have some thousands.
const DEPTH_MAX: usize = 64;
const VALUES_MAX: usize = 100_000;

/// Reads one script's JSON-LD; what is no JSON states nothing. Line ends in strings, and commas too many, are forgiven.
pub(super) fn read(json: &str, span: Span, meta: &mut Meta) {
    if let Ok(document) = Document::within(bare(json), DEPTH_MAX, VALUES_MAX) {
        let script = Script {
            parties: Parties::of(&document),
            document: &document,
            span,
        };
        script.walk(document.root(), meta, 0);
    }
}

/// A script without the marks that hide it from old browsers.
fn bare(json: &str) -> &str {
    let json = json.split_once("<![CDATA[").map_or(json, |(_, rest)| rest);
    let json = json.rsplit_once("]]>").map_or(json, |(rest, _)| rest);
    let start = json.find(['{', '[']).unwrap_or(0);
    let end = json.rfind(['}', ']']).map_or(json.len(), |end| end + 1);
    json.get(start..end).unwrap_or(json)
}

/// Persons and organisations of a document, by the `@id` under which others refer to them.
pub(super) struct Parties<'d> {
    document: &'d Document<'d>,
    by_id: HashMap<String, Value>,
}

impl<'d> Parties<'d> {
    /// Those of a document.
    pub(super) fn of(document: &'d Document<'d>) -> Self {
        let mut by_id = HashMap::new();
        for value in document.everything() {
            let id = document.get(value, "@id");
            if let Some(id) = id.and_then(|id| document.said(id))
                && !shape::named(document, value).is_empty()
            {
                by_id.entry(id).or_insert(value);
            }
        }
        Self { document, by_id }
    }

    /// The names of a person, of an organisation, or of a list of them, given there or where they refer to.
    pub(super) fn names(&self, value: Value) -> Vec<Lifted> {
        let document = self.document;
        match document.kind(value) {
            Kind::String => document.string(value).into_iter().collect(),
            Kind::Array => {
                let inside = document.values(value);
                let flat = inside.filter(|inside| document.kind(*inside) != Kind::Array);
                flat.flat_map(|inside| self.names(inside)).collect()
            }
            Kind::Object => {
                let names = shape::named(document, value);
                if !names.is_empty() {
                    return names;
                }
                let id = document.get(value, "@id");
                let id = id.and_then(|id| document.said(id));
                let meant = id.and_then(|id| self.by_id.get(&id));
                meant.map_or_else(Vec::new, |meant| shape::named(document, *meant))
            }
            Kind::Number | Kind::Word => Vec::new(),
        }
    }
}

/// A script that is being read.
struct Script<'d> {
    document: &'d Document<'d>,
    parties: Parties<'d>,
    span: Span,
}

impl Script<'_> {
    fn walk(&self, value: Value, meta: &mut Meta, depth: usize) {
        if depth > NESTING_MAX {
            return;
        }
        let document = self.document;
        if document.kind(value) == Kind::Array {
            for item in document.values(value) {
                self.walk(item, meta, depth + 1);
            }
        }
        if is_article(document, value) {
            self.article(value, meta);
        }
        for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
            if let Some(inner) = document.get(value, key) {
                self.walk(inner, meta, depth + 1);
            }
        }
    }

    fn article(&self, value: Value, meta: &mut Meta) {
        let document = self.document;
        let said = |value: Option<Value>| {
            let text = value.and_then(|value| document.string(value));
            text.map(|text| drafter::unescaped(text.text()).into_owned())
        };
        let plain = [
            ("json-ld-headline", "headline"),
            ("json-ld-date-published", "datePublished"),
            ("json-ld-date-modified", "dateModified"),
            ("json-ld-language", "inLanguage"),
            ("json-ld-url", "url"),
        ];
        for (rule, key) in plain {
            if let Some(text) = said(document.get(value, key)) {
                meta.state(rule, &text, self.span);
            }
        }
        let page = document.get(value, "mainEntityOfPage");
        let url = said(page).or_else(|| said(page.and_then(|page| document.get(page, "@id"))));
        if let Some(url) = url {
            meta.state("json-ld-url", &url, self.span);
        }
        for (rule, key) in [
            ("json-ld-author", "author"),
            ("json-ld-publisher", "publisher"),
        ] {
            let names = document.get(value, key).map(|it| self.parties.names(it));
            for name in names.into_iter().flatten() {
                meta.state(rule, &drafter::unescaped(name.text()), self.span);
            }
        }
    }
}

/// Whether a type is an article, by its name with or without schema.org's address before it.
fn is_article_type(kind: &str) -> bool {
    let name = kind.rsplit(['/', '#', ':']).next().unwrap_or(kind);
    ARTICLES.contains(&name)
}

/// Whether a value is of such a type.
pub(super) fn is_article(document: &Document<'_>, value: Value) -> bool {
    let Some(kind) = document.get(value, "@type") else {
        return false;
    };
    let is = |kind: Value| {
        let name = document.said(kind);
        name.is_some_and(|name| is_article_type(&name))
    };
    match document.kind(kind) {
        Kind::Array => document.values(kind).any(is),
        Kind::String | Kind::Number | Kind::Word | Kind::Object => is(kind),
    }
}
