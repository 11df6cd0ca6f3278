//! An article that is edited again: what it was, and what it is from now on.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::article::Piece;
use crate::job::{ArticleId, DropId};

use super::articles::{NewArticle, insert_fields};
use super::pieces::pack;

/// An article as it is in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// Its document.
    pub document: i64,
    /// When that arrived, to the minute.
    pub arrival_ms: i64,
    /// The digest of that.
    pub digest: Vec<u8>,
    /// Its place in the document, from 0.
    pub ordinal: i64,
    /// Its drop folder.
    pub drop: DropId,
    /// Its publisher.
    pub source: Option<i64>,
    /// Its text's row.
    pub text_id: i64,
    /// Headline.
    pub title: Option<String>,
    /// The text.
    pub text: String,
}

/// An article as it is in the record.
pub fn before(db: &Connection, article: ArticleId) -> rusqlite::Result<Option<Before>> {
    db.prepare_cached(
        "SELECT article.document_id, document.arrival_ms, document.digest, article.ordinal, article.drop_id,
                article.source_id, article.text_id, article.title, article.text
         FROM article JOIN document ON document.id = article.document_id WHERE article.id = ?1",
    )?
    .query_row([article.0], |row| {
        Ok(Before {
            document: row.get(0)?,
            arrival_ms: row.get(1)?,
            digest: row.get(2)?,
            ordinal: row.get(3)?,
            drop: DropId(row.get(4)?),
            source: row.get(5)?,
            text_id: row.get(6)?,
            title: row.get(7)?,
            text: row.get(8)?,
        })
    })
    .optional()
}

/// Whether these are the pieces of an article's input as they are in the record.
pub fn has_pieces(db: &Connection, article: ArticleId, pieces: &[Piece]) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM input WHERE article_id = ?1 AND pieces = ?2)")?
        .query_row(params![article.0, pack(pieces)], |row| row.get(0))
}

/// Writes an article anew: all but its document, its drop folder, when it was recorded, its verdict and its family.
pub fn rewrite(db: &Connection, article: ArticleId, new: &NewArticle<'_>) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE article SET source_id = ?2, text_id = ?3, edited_by = ?4, first_ms = ?5, changed_ms = ?6, language = ?7,
                            published = ?8, url = ?9, guid = ?10, title = ?11, text = ?12
         WHERE id = ?1",
    )?
    .execute(params![
        article.0,
        new.source,
        new.text_id,
        concat!("copydesk ", env!("CARGO_PKG_VERSION")),
        new.first_ms,
        new.changed_ms,
        new.language,
        new.published,
        new.url,
        new.guid,
        new.title,
        new.text
    ])?;
    db.prepare_cached("UPDATE input SET pieces = ?2 WHERE article_id = ?1")?
        .execute(params![article.0, pack(new.pieces)])?;
    db.prepare_cached("DELETE FROM field WHERE article_id = ?1")?
        .execute([article.0])?;
    insert_fields(db, article.0, new.fields)
}

/// Takes what an article said before out of the full-text index. To be called last in a transaction, like
/// [`super::articles::index_for_search`].
pub fn unindex(db: &Connection, article: ArticleId, before: &Before) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO article_fts (article_fts, rowid, title, text) VALUES ('delete', ?1, ?2, ?3)",
    )?
    .execute(params![article.0, before.title, before.text])?;
    Ok(())
}
