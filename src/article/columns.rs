//! Names that records of articles give to their fields, as columns of a table or as keys of JSON: which is which field, and
//! what makes a line one of names.
//!
//! Names are compared by their letters and figures, in lower case: `Article Text`, `article_text` and `articleText` are one.

use super::Field;

/// A field by the names that it has in records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    /// The field.
    pub(super) field: Field,
    /// The rule that a column of such a name makes.
    pub(super) column: &'static str,
    /// The rule that a key of such a name makes.
    pub(super) key: &'static str,
    /// The rule that an element of such a name makes.
    pub(super) element: &'static str,
    /// The rule that a line of such a name above a text makes.
    pub(super) line: &'static str,
    /// The names, the better first.
    pub(super) names: &'static [&'static str],
}

const fn named(
    field: Field,
    [column, key, element, line]: [&'static str; 4],
    names: &'static [&'static str],
) -> Named {
    Named {
        field,
        column,
        key,
        element,
        line,
        names,
    }
}

/// Names by field.
#[rustfmt::skip] // a table
pub(super) const FIELDS: &[Named] = &[
    named(Field::Guid, ["csv-id-column", "json-guid-key", "xml-guid-element", "head-guid-line"], &["guid", "uuid", "articleid", "id"]),
    named(Field::Title, ["csv-title-column", "json-title-key", "xml-title-element", "head-title-line"], &["title", "headline", "headlines", "heading", "webtitle", "articletitle", "newstitle", "headlinetext", "head", "titel", "ueberschrift", "schlagzeile", "titre", "título", "titulo", "titular", "titolo", "kop", "rubrik", "tittel", "otsikko", "tytuł", "başlık", "заголовок", "название", "标题", "標題", "タイトル", "제목", "العنوان"]),
    named(Field::Subtitle, ["csv-subtitle-column", "json-subtitle-key", "xml-subtitle-element", "head-subtitle-line"], &["subtitle", "standfirst", "subheadline", "subheadlines", "subhead", "untertitel", "unterzeile", "vorspann", "anleser", "entradilla", "bajada", "subtitulo", "subtítulo", "chapo", "sommario", "ingress", "deck", "dek", "lead", "lede", "summary", "abstract", "excerpt", "trailtext", "teaser", "description"]),
    named(Field::Url, ["csv-url-column", "json-url-key", "xml-url-element", "head-url-line"], &["url", "canonicalurl", "canonical", "link", "weburl", "articleurl", "sourceurl", "permalink", "href", "enlace", "lien", "ссылка"]),
    named(Field::Source, ["csv-source-column", "json-source-key", "xml-source-element", "head-source-line"], &["publisher", "publication", "outlet", "newspaper", "sitename", "sourcename", "source", "site", "website", "domain", "hostname", "distributor", "quelle", "fuente", "medio", "fonte", "bron", "источник", "来源"]),
    named(Field::Byline, ["csv-author-column", "json-author-key", "xml-author-element", "head-author-line"], &["byline", "author", "authors", "authorname", "writer", "creator", "autor", "autorin", "autores", "auteur", "auteurs", "autore", "autori", "verfasser", "periodista", "journalist", "reporter", "автор", "作者"]),
    named(Field::Agency, ["csv-agency-column", "json-agency-key", "xml-agency-element", "head-agency-line"], &["agency", "newsagency", "credit", "byline", "author", "authors"]),
    named(Field::Published, ["csv-date-column", "json-published-key", "xml-published-element", "head-published-line"], &["published", "publishedat", "publishedon", "publishedutc", "publishdate", "publisheddate", "publicationdate", "datepublished", "datepublish", "datetimepub", "pubdate", "webpublicationdate", "articledate", "articlepublished", "newsdate", "date", "datetime", "time", "timestamp", "createdat", "created", "createdutc", "pubtime", "publishtime", "publishedtime", "displaydate", "firstpublishdate", "datepublication", "datedepublication", "fechapublicacion", "fechadepublicacion", "datapublicacao", "datapubblicazione", "veroeffentlicht", "veroeffentlichtam", "erscheinungsdatum", "发布时间", "公開日", "날짜", "datum", "fecha", "data", "дата", "日期"]),
    named(Field::Modified, ["csv-modified-column", "json-modified-key", "xml-modified-element", "head-modified-line"], &["modified", "modifiedat", "updated", "updatedat", "lastmodified", "datemodified", "datemodify", "lastupdated"]),
    named(Field::Language, ["csv-language-column", "json-language-key", "xml-language-element", "head-language-line"], &["language", "lang", "locale", "sprache", "idioma", "langue"]),
    named(Field::Dateline, ["csv-dateline-column", "json-dateline-key", "xml-dateline-element", "head-dateline-line"], &["dateline"]),
    named(Field::Copyright, ["csv-copyright-column", "json-copyright-key", "xml-copyright-element", "head-copyright-line"], &["copyright", "rights"]),
    named(Field::Keyword, ["csv-keyword-column", "json-keyword-key", "xml-keyword-element", "head-keyword-line"], &["keywords", "tags", "category", "categories", "section", "topic", "topics"]),
];

/// Names of the text, the better first.
#[rustfmt::skip] // a table
pub(super) const BODIES: &[&str] = &[
    "text", "content", "body", "article", "articletext", "articlebody", "articlecontent", "maintext", "mainbody", "fulltext", "contentelements",
    "fullarticle", "story", "storytext", "newstext", "newscontent", "bodytext", "cleantext", "cleanedtext", "contenttext",
    "plaintext", "paragraphs", "document", "news", "post", "inhalt", "artikel", "artikeltext", "texte", "contenu", "cuerpo",
    "contenido", "conteúdo", "conteudo", "texto", "testo", "contenuto", "corpo", "tekst", "inhoud", "innehåll", "broedtext",
    "sisaeltoe", "treść", "metin", "içerik", "текст", "内容", "正文", "本文", "본문", "content0", "bodyhtml", "contenthtml", "html",
    "rawtext", "rawhtml", "page",
];

/// Names of what says in short what the text says, the longer first: the text, where there is none.
#[rustfmt::skip] // a table
pub(super) const BRIEFS: &[&str] = &[
    "leadparagraph", "abstract", "summary", "shortdescription", "description", "excerpt", "snippet",
];

/// Fewest names that are known, for a line to be one of names.
const KNOWN_MIN: usize = 2;
/// Longest name of a column, in bytes.
const NAME_BYTES_MAX: usize = 60;

/// A name without anything but letters and figures, in lower case, and without umlauts, which many programs cannot write.
pub(super) fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let mut plain = String::with_capacity(name.len());
    for letter in letters.flat_map(char::to_lowercase) {
        match letter {
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            letter => plain.push(letter),
        }
    }
    plain
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
            .find(|field| field.names.contains(&name.as_str()));
        let is_body = BODIES.iter().chain(BRIEFS).any(|body| *body == name);
        let is_told = told.contains(&name);
        known += usize::from(field.is_some() || is_body || is_told);
        says_what |= is_body
            || is_told
            || field.is_some_and(|it| matches!(it.field, Field::Title | Field::Url));
    }
    known >= KNOWN_MIN && says_what
}
