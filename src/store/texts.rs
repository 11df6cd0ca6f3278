//! Texts: what articles are compared by. All articles with the same words share one.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::job::ArticleId;

/// The text with this digest, if any article has or had it.
pub fn find_text(db: &Connection, digest: &[u8; 32]) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT id FROM text WHERE digest = ?1")?
        .query_row([digest], |row| row.get(0))
        .optional()
}

/// Records a text.
pub fn insert_text(db: &Connection, digest: &[u8; 32], prints: usize) -> rusqlite::Result<i64> {
    db.prepare_cached("INSERT INTO text (digest, prints) VALUES (?1, ?2)")?
        .insert(params![digest, prints.cast_signed()])
}

/// Whether an article has this text. A text that none has any more keeps its row alone: to look for what else names it,
/// SQLite would read all prints.
pub fn is_in_use(db: &Connection, text: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM article WHERE text_id = ?1)")?
        .query_row([text], |row| row.get(0))
}

/// How many prints a text has.
pub fn prints_of(db: &Connection, text: i64) -> rusqlite::Result<usize> {
    db.prepare_cached("SELECT prints FROM text WHERE id = ?1")?
        .query_row([text], |row| row.get::<_, u32>(0))
        .map(|prints| prints as usize)
}

/// A text as its first article has it: what it is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The headline.
    pub title: Option<String>,
    /// The text.
    pub text: String,
    /// When it was published, in Unix milliseconds, where that is stated.
    pub published_ms: Option<i64>,
    /// The publisher.
    pub source: Option<i64>,
}

/// A text as its first article has it.
pub fn words_of(db: &Connection, text: i64) -> rusqlite::Result<Option<Words>> {
    db.prepare_cached(
        "SELECT title, text, CASE WHEN published IS NULL THEN NULL ELSE first_ms END, source_id
         FROM article WHERE id = (SELECT first_id FROM text WHERE id = ?1)",
    )?
    .query_row([text], |row| {
        Ok(Words {
            title: row.get(0)?,
            text: row.get(1)?,
            published_ms: row.get(2)?,
            source: row.get(3)?,
        })
    })
    .optional()
}

/// The first of all articles with this text is another one now, or there is none.
pub fn set_first_of_text(
    db: &Connection,
    text: i64,
    first: Option<ArticleId>,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE text SET first_id = ?2 WHERE id = ?1")?
        .execute(params![text, first.map(|first| first.0)])?;
    Ok(())
}
