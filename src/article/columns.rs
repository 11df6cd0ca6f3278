//! Names of columns of tables of articles: what makes a line one of names, and which column is which field.
//!
//! Names are compared by their letters and figures, in lower case: `Article Text`, `article_text` and `articleText` are one.

use super::Field;

/// Names by field, the better first, with the rule they make.
#[rustfmt::skip] // a table
pub(super) const FIELDS: &[(Field, &str, &[&str])] = &[
    (Field::Guid, "csv-id-column", &["guid", "uuid", "articleid", "id"]),
    (Field::Title, "csv-title-column", &["title", "headline", "headlines", "heading", "articletitle", "newstitle", "headlinetext", "head", "titel", "titre", "título", "titulo", "titolo", "заголовок", "标题", "標題"]),
    (Field::Subtitle, "csv-subtitle-column", &["subtitle", "standfirst", "summary", "abstract", "excerpt", "description"]),
    (Field::Url, "csv-url-column", &["url", "canonicalurl", "link", "articleurl", "weburl", "sourceurl", "permalink", "href", "enlace", "lien", "ссылка"]),
    (Field::Source, "csv-source-column", &["publisher", "publication", "outlet", "newspaper", "sitename", "sourcename", "source", "site", "website", "domain", "hostname", "quelle", "fuente", "fonte", "источник", "来源"]),
    (Field::Byline, "csv-author-column", &["byline", "author", "authors", "authorname", "writer", "creator", "autor", "autorin", "auteur", "autore", "автор", "作者"]),
    (Field::Agency, "csv-agency-column", &["agency", "newsagency", "credit", "byline", "author", "authors"]),
    (Field::Published, "csv-date-column", &["published", "publishedat", "publishedon", "publishedutc", "publishdate", "publisheddate", "publicationdate", "datepublished", "datepublish", "pubdate", "articledate", "articlepublished", "newsdate", "date", "datetime", "time", "timestamp", "createdat", "datum", "fecha", "data", "дата", "日期"]),
    (Field::Modified, "csv-modified-column", &["modified", "updated", "updatedat", "lastmodified", "datemodified", "datemodify"]),
    (Field::Language, "csv-language-column", &["language", "lang", "sprache", "idioma", "langue"]),
    (Field::Dateline, "csv-dateline-column", &["dateline"]),
    (Field::Keyword, "csv-keyword-column", &["keywords", "tags", "category", "categories", "section", "topic"]),
];

/// Names of the column with the text, the better first.
#[rustfmt::skip] // a table
pub(super) const BODIES: &[&str] = &[
    "text", "content", "body", "article", "articletext", "articlebody", "articlecontent", "maintext", "mainbody", "fulltext",
    "fullarticle", "story", "storytext", "newstext", "newscontent", "bodytext", "cleantext", "cleanedtext", "contenttext",
    "paragraphs", "document", "news", "inhalt", "texte", "contenu", "cuerpo", "contenido", "texto", "testo", "contenuto",
    "текст", "内容", "正文", "content0", "bodyhtml", "contenthtml", "html", "rawtext", "abstract", "summary", "shortdescription",
    "description",
];

/// Fewest names that are known, for a line to be one of names.
const KNOWN_MIN: usize = 2;
/// Longest name of a column, in bytes.
const NAME_BYTES_MAX: usize = 60;

/// A name without anything but letters and figures, in lower case.
pub(super) fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The name of the column that a mapping's pointer speaks of, if it is of one step.
pub(super) fn pointed_at(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix('/')?;
    (!name.contains('/')).then(|| plain(name))
}

/// Whether these are the names of the columns of a table of articles: two that are known, one of them the text's, the
/// headline's or the address's. `told` are names that the configuration speaks of.
pub(super) fn are_names<'n>(names: impl Iterator<Item = &'n str>, told: &[String]) -> bool {
    let (mut known, mut says_what) = (0, false);
    for name in names {
        if name.len() > NAME_BYTES_MAX {
            return false;
        }
        let name = plain(name);
        let field = FIELDS
            .iter()
            .find(|(_, _, names)| names.contains(&name.as_str()));
        let is_body = BODIES.contains(&name.as_str());
        let is_told = told.contains(&name);
        known += usize::from(field.is_some() || is_body || is_told);
        says_what |= is_body
            || is_told
            || field.is_some_and(|(field, _, _)| matches!(field, Field::Title | Field::Url));
    }
    known >= KNOWN_MIN && says_what
}
