//! JSON-LD: what a page states about its article for search engines.

use serde_json::Value;

use super::Meta;
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

/// Deepest `@graph` and list nesting that is followed. `serde_json` itself stops at 128.
const NESTING_MAX: usize = 8;

/// Reads one script's JSON-LD; what is not valid JSON states nothing.
pub(super) fn read(json: &str, span: Span, meta: &mut Meta) {
    if let Ok(value) = serde_json::from_str::<Value>(json.trim()) {
        walk(&value, span, meta, 0);
    }
}

fn walk(value: &Value, span: Span, meta: &mut Meta, depth: usize) {
    if depth > NESTING_MAX {
        return;
    }
    if let Value::Array(list) = value {
        for item in list {
            walk(item, span, meta, depth + 1);
        }
    }
    if let Value::Object(object) = value {
        if is_article(object.get("@type")) {
            article(value, span, meta);
        }
        for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
            if let Some(inner) = object.get(key) {
                walk(inner, span, meta, depth + 1);
            }
        }
    }
}

/// Whether a type is an article, by its name with or without schema.org's address before it.
pub(super) fn is_article_type(kind: &str) -> bool {
    let name = kind.rsplit(['/', '#', ':']).next().unwrap_or(kind);
    ARTICLES.contains(&name)
}

fn is_article(kind: Option<&Value>) -> bool {
    match kind {
        Some(Value::String(name)) => is_article_type(name),
        Some(Value::Array(names)) => names.iter().any(|name| is_article(Some(name))),
        _ => false,
    }
}

fn article(value: &Value, span: Span, meta: &mut Meta) {
    let plain = [
        ("json-ld-headline", "headline"),
        ("json-ld-date-published", "datePublished"),
        ("json-ld-date-modified", "dateModified"),
        ("json-ld-language", "inLanguage"),
        ("json-ld-url", "url"),
    ];
    for (rule, key) in plain {
        if let Some(text) = value.get(key).and_then(Value::as_str) {
            meta.state(rule, &unescape(text), span);
        }
    }
    let page = value.get("mainEntityOfPage");
    let page = page.and_then(|page| page.as_str().or_else(|| page.get("@id")?.as_str()));
    if let Some(url) = page {
        meta.state("json-ld-url", url, span);
    }
    for (rule, key) in [
        ("json-ld-author", "author"),
        ("json-ld-publisher", "publisher"),
    ] {
        names(value.get(key), rule, span, meta);
    }
}

/// The names of a person, an organisation, or a list of them.
fn names(value: Option<&Value>, rule: &'static str, span: Span, meta: &mut Meta) {
    match value {
        Some(Value::String(name)) => meta.state(rule, &unescape(name), span),
        Some(Value::Array(list)) => {
            for item in list.iter().filter(|item| !item.is_array()) {
                names(Some(item), rule, span, meta);
            }
        }
        Some(Value::Object(object)) => match object.get("name") {
            Some(Value::String(name)) => meta.state(rule, &unescape(name), span),
            Some(Value::Array(list)) => {
                for name in list.iter().filter_map(Value::as_str) {
                    meta.state(rule, &unescape(name), span);
                }
            }
            _ => {}
        },
        _ => {}
    }
}

/// The character references that content systems leave in JSON by mistake.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    [
        ("&quot;", "\""),
        ("&#039;", "'"),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&#8217;", "’"),
        ("&#8216;", "‘"),
        ("&#8220;", "“"),
        ("&#8221;", "”"),
        ("&rsquo;", "’"),
        ("&lsquo;", "‘"),
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
