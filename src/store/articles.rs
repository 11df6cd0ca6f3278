//! Documents, texts and articles: what the recorder writes of them and looks up to judge.

use std::cmp::Reverse;

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::article::{Found, Piece};
use crate::job::{ArticleId, DropId, JobId};
use crate::verdict::{Precedence, Standing, Verdict};

use super::jobs::path_of;
use super::pieces::pack;

/// A document that is not in the record yet.
#[derive(Debug, Clone)]
pub struct NewDocument<'a> {
    /// BLAKE3 of its bytes.
    pub digest: [u8; 32],
    /// Its size.
    pub size_bytes: u64,
    /// What it is.
    pub format: &'a str,
    /// What it was decoded from.
    pub charset: &'a Found<&'static str>,
    /// The job that brought it.
    pub job: JobId,
    /// When it arrived, to the minute.
    pub arrival_ms: i64,
    /// The document it goes on from, where its file grew.
    pub continues: Option<i64>,
}

/// A document in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its row.
    pub id: i64,
    /// When its first sighting arrived, to the minute.
    pub arrival_ms: i64,
    /// The path of its first sighting.
    pub path: PathBuf,
    /// The drop folder of its first sighting.
    pub drop: DropId,
    /// The document it goes on from.
    pub continues: Option<i64>,
}

/// The document with this digest.
pub fn find_document(db: &Connection, digest: &[u8; 32]) -> rusqlite::Result<Option<Document>> {
    db.prepare_cached(
        "SELECT document.id, document.arrival_ms, job.path, job.drop_id, document.continues_id
         FROM document JOIN job ON job.id = document.first_job_id WHERE document.digest = ?1",
    )?
    .query_row([digest], |row| {
        Ok(Document {
            id: row.get(0)?,
            arrival_ms: row.get(1)?,
            path: path_of(row, 2)?,
            drop: DropId(row.get(3)?),
            continues: row.get(4)?,
        })
    })
    .optional()
}

/// An earlier sighting of a document was met: it counts as the first from now on. The articles that state no date
/// are as old as their arrival, and what lies in the first sighting's drop folder is attributed as declared there.
pub fn move_first_sighting(
    db: &Connection,
    document: i64,
    job: JobId,
    drop: DropId,
    arrival_ms: i64,
    source: Option<(i64, &str, &str)>,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE article SET drop_id = ?2, first_ms = CASE WHEN first_ms = d.arrival_ms THEN ?3 ELSE first_ms END,
                            changed_ms = CASE WHEN changed_ms = d.arrival_ms THEN ?3 ELSE changed_ms END
         FROM document AS d WHERE d.id = ?1 AND article.document_id = d.id",
    )?
    .execute(params![document, drop.0, arrival_ms])?;
    db.prepare_cached(
        "UPDATE notice SET changed_ms = ?2 FROM document AS d
         WHERE d.id = ?1 AND notice.document_id = d.id AND notice.changed_ms = d.arrival_ms",
    )?
    .execute(params![document, arrival_ms])?;
    db.prepare_cached("UPDATE document SET first_job_id = ?2, arrival_ms = ?3 WHERE id = ?1")?
        .execute(params![document, job.0, arrival_ms])?;
    if let Some((source, name, rule)) = source {
        db.prepare_cached("UPDATE article SET source_id = ?2 WHERE document_id = ?1")?
            .execute(params![document, source])?;
        db.prepare_cached(
            "INSERT OR REPLACE INTO field (article_id, name, ordinal, value, rule, confidence)
             SELECT id, 'source', 0, ?2, ?3, 1.0 FROM article WHERE document_id = ?1",
        )?
        .execute(params![document, name, rule])?;
    }
    Ok(())
}

/// The articles of a document, in its order.
pub fn articles_of(db: &Connection, document: i64) -> rusqlite::Result<Vec<ArticleId>> {
    db.prepare_cached("SELECT id FROM article WHERE document_id = ?1 ORDER BY ordinal")?
        .query_map([document], |row| row.get(0).map(ArticleId))?
        .collect()
}

/// Records a document of which nothing is read yet.
pub fn insert_document(
    db: &Connection,
    new: &NewDocument<'_>,
    now_ms: i64,
) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "INSERT INTO document (digest, size_bytes, format, charset, charset_rule, first_job_id, arrival_ms, recorded_ms,
                               continues_id, state, reached)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'open', 0)",
    )?
    .insert(params![
        new.digest,
        new.size_bytes.cast_signed(),
        new.format,
        new.charset.value,
        new.charset.rule,
        new.job.0,
        new.arrival_ms,
        now_ms,
        new.continues
    ])
}

/// The source of this name, made if it is new; it was seen now.
pub fn ensure_source(db: &Connection, name: &str, now_ms: i64) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "INSERT INTO source (name, first_seen_ms, last_seen_ms) VALUES (?1, ?2, ?2)
         ON CONFLICT (name) DO UPDATE SET last_seen_ms = max(last_seen_ms, excluded.last_seen_ms)
         RETURNING id",
    )?
    .query_row(params![name, now_ms], |row| row.get(0))
}

/// One row of `field`.
#[derive(Debug, Clone)]
pub struct FieldRow<'a> {
    /// Its name in the article object.
    pub name: &'static str,
    /// Its place in a list, from 0.
    pub ordinal: usize,
    /// What was found.
    pub value: &'a str,
    /// By which rule.
    pub rule: &'static str,
    /// Where.
    pub span: Option<crate::article::Span>,
    /// How surely.
    pub confidence: f32,
}

/// An article that is not in the record yet.
#[derive(Debug, Clone)]
pub struct NewArticle<'a> {
    /// Its document.
    pub document: i64,
    /// Its number in the document: see [`super::members::ordinal`].
    pub ordinal: i64,
    /// Which member of the document it is, in words.
    pub member: Option<&'a str>,
    /// Where that stands, as JSON.
    pub place: Option<&'a str>,
    /// What it is in itself, where it is a member of a file of another kind.
    pub apart: Option<Apart<'a>>,
    /// The drop folder it came through.
    pub drop: DropId,
    /// Its publisher.
    pub source: Option<i64>,
    /// Its text's row.
    pub text_id: i64,
    /// Publication, else arrival.
    pub first_ms: i64,
    /// Last change as stated, else `first_ms`.
    pub changed_ms: i64,
    /// BCP 47.
    pub language: Option<&'a str>,
    /// RFC 3339.
    pub published: Option<&'a str>,
    /// Canonical URL.
    pub url: Option<&'a str>,
    /// Identity the document states.
    pub guid: Option<&'a str>,
    /// Headline.
    pub title: Option<&'a str>,
    /// The text.
    pub text: &'a str,
    /// Everything found, with evidence.
    pub fields: &'a [FieldRow<'a>],
    /// The decoded input in pieces, kept and cut.
    pub pieces: &'a [Piece],
    /// Size of the decoded input.
    pub input_bytes: usize,
    /// The decoded input, compressed.
    pub input_zstd: &'a [u8],
}

/// What a member of a file is in itself.
#[derive(Debug, Clone, Copy)]
pub struct Apart<'a> {
    /// What it is.
    pub format: &'a str,
    /// What it was decoded from, and by which rule.
    pub charset: (&'a str, &'a str),
    /// What is stated around it, as JSON.
    pub around: Option<&'a str>,
}

/// Records an article, as `new` until it is judged.
pub fn insert_article(
    db: &Connection,
    new: &NewArticle<'_>,
    now_ms: i64,
) -> rusqlite::Result<ArticleId> {
    let id = db
        .prepare_cached(
            "INSERT INTO article (document_id, ordinal, member, drop_id, source_id, text_id, recorded_ms, edited_by,
                                  first_ms, changed_ms, verdict, language, published, url, guid, title, text,
                                  place, format, charset, charset_rule, around)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'new', ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                     ?21)",
        )?
        .insert(params![
            new.document,
            new.ordinal,
            new.member,
            new.drop.0,
            new.source,
            new.text_id,
            now_ms,
            concat!("copydesk ", env!("CARGO_PKG_VERSION")),
            new.first_ms,
            new.changed_ms,
            new.language,
            new.published,
            new.url,
            new.guid,
            new.title,
            new.text,
            new.place,
            new.apart.map(|apart| apart.format),
            new.apart.map(|apart| apart.charset.0),
            new.apart.map(|apart| apart.charset.1),
            new.apart.and_then(|apart| apart.around)
        ])?;
    insert_fields(db, id, new.fields)?;
    db.prepare_cached(
        "INSERT INTO input (article_id, size_bytes, pieces, zstd) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        id,
        new.input_bytes.cast_signed(),
        pack(new.pieces),
        new.input_zstd
    ])?;
    Ok(ArticleId(id))
}

/// Makes an article searchable. To be called last in a transaction: any statement that may have to be undone by itself
/// (also `INSERT … SELECT`) makes FTS5 write out what it has gathered so far, and that for each article costs more than
/// all the rest.
pub fn index_for_search(
    db: &Connection,
    article: ArticleId,
    title: Option<&str>,
    text: &str,
) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO article_fts (rowid, title, text) VALUES (?1, ?2, ?3)")?
        .execute(params![article.0, title, text])?;
    Ok(())
}

pub(super) fn insert_fields(
    db: &Connection,
    article: i64,
    fields: &[FieldRow<'_>],
) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO field (article_id, name, ordinal, value, rule, span_start, span_end, confidence)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for field in fields {
        insert.execute(params![
            article,
            field.name,
            field.ordinal.cast_signed(),
            field.value,
            field.rule,
            field.span.map(|span| span.start.cast_signed()),
            field.span.map(|span| span.end.cast_signed()),
            field.confidence
        ])?;
    }
    Ok(())
}

/// What a [`Standing`] is read from; `{}` is the condition.
macro_rules! standing_where {
    ($condition:literal) => {
        concat!(
            "SELECT article.id, article.first_ms, document.arrival_ms, octet_length(article.text), ",
            "document.size_bytes, document.digest, article.ordinal ",
            "FROM article JOIN document ON document.id = article.document_id WHERE ",
            $condition
        )
    };
}

fn standing_of(row: &Row<'_>) -> rusqlite::Result<Standing> {
    Ok(Standing {
        id: ArticleId(row.get(0)?),
        precedence: Precedence {
            first_ms: row.get(1)?,
            arrival_ms: row.get(2)?,
            text_bytes: Reverse(row.get(3)?),
            size_bytes: row.get(4)?,
            digest: row.get(5)?,
            ordinal: row.get(6)?,
        },
    })
}

/// The standing of an article.
pub fn standing(db: &Connection, article: ArticleId) -> rusqlite::Result<Standing> {
    db.prepare_cached(standing_where!("article.id = ?1"))?
        .query_row([article.0], standing_of)
}

/// The first of all articles with this text.
pub fn first_of_text(db: &Connection, text: i64) -> rusqlite::Result<Option<Standing>> {
    db.prepare_cached(standing_where!(
        "article.id = (SELECT first_id FROM text WHERE id = ?1)"
    ))?
    .query_row([text], standing_of)
    .optional()
}

/// All articles with this text.
pub fn with_text(db: &Connection, text: i64) -> rusqlite::Result<Vec<Standing>> {
    db.prepare_cached(standing_where!("article.text_id = ?1"))?
        .query_map([text], standing_of)?
        .collect()
}

/// The articles whose verdict names this one.
pub fn judged_by(db: &Connection, article: ArticleId) -> rusqlite::Result<Vec<ArticleId>> {
    db.prepare_cached("SELECT id FROM article WHERE of_id = ?1 ORDER BY id")?
        .query_map([article.0], |row| row.get(0).map(ArticleId))?
        .collect()
}

/// What an article is, for judging it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Its text's row.
    pub text_id: i64,
    /// Its drop folder.
    pub drop: DropId,
    /// Its publisher.
    pub source: Option<i64>,
    /// When it was recorded.
    pub recorded_ms: i64,
    /// Its verdict's word.
    pub verdict: String,
    /// What its verdict names.
    pub of: Option<ArticleId>,
}

/// What an article is, for judging it.
pub fn judged(db: &Connection, article: ArticleId) -> rusqlite::Result<Judged> {
    db.prepare_cached(
        "SELECT text_id, drop_id, source_id, recorded_ms, verdict, of_id FROM article WHERE id = ?1",
    )?
    .query_row([article.0], |row| {
        Ok(Judged {
            text_id: row.get(0)?,
            drop: DropId(row.get(1)?),
            source: row.get(2)?,
            recorded_ms: row.get(3)?,
            verdict: row.get(4)?,
            of: row.get::<_, Option<i64>>(5)?.map(ArticleId),
        })
    })
}

/// Writes a verdict.
pub fn set_verdict(db: &Connection, article: ArticleId, verdict: &Verdict) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE article SET verdict = ?2, of_id = ?3, resemblance = ?4, contains = ?5, contained = ?6 WHERE id = ?1",
    )?
    .execute(params![
        article.0,
        verdict.kind.as_str(),
        verdict.of.map(|id| id.0),
        verdict.resemblance,
        verdict.contains,
        verdict.contained
    ])?;
    Ok(())
}

/// How many articles from this one on have which verdict.
pub fn verdicts_since(
    db: &Connection,
    first: ArticleId,
) -> rusqlite::Result<std::collections::BTreeMap<String, i64>> {
    db.prepare("SELECT verdict, count(*) FROM article WHERE id >= ?1 GROUP BY verdict")?
        .query_map([first.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}
