//! What recurs in the articles of a source: where each block occurred, what is furniture, and which articles are to be
//! edited again because that has changed. When a block is furniture is the desk's decision.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::article::furniture::{Furniture, Observation};
use crate::job::ArticleId;

use super::provenance::{About, EventKind, note};

/// What an article tells, and as what it was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its source when it told it.
    pub source: i64,
    /// What it told.
    pub observation: Observation,
    /// Those of its keys that were known as furniture when it was edited.
    pub known: Furniture,
}

fn numbers(keys: &[u64]) -> Vec<u8> {
    keys.iter().flat_map(|key| key.to_le_bytes()).collect()
}

/// Writes what an article tells.
pub fn set_told(db: &Connection, article: ArticleId, told: &Told) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO observation (article_id, source_id, told, known) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (article_id) DO UPDATE
         SET source_id = excluded.source_id, told = excluded.told, known = excluded.known",
    )?
    .execute(params![
        article.0,
        told.source,
        told.observation.to_bytes(),
        numbers(told.known.as_slice())
    ])?;
    Ok(())
}

/// What an article told.
pub fn told(db: &Connection, article: ArticleId) -> rusqlite::Result<Option<Told>> {
    db.prepare_cached("SELECT source_id, told, known FROM observation WHERE article_id = ?1")?
        .query_row([article.0], |row| {
            let known: Vec<u8> = row.get(2)?;
            Ok(Told {
                source: row.get(0)?,
                observation: Observation::from_bytes(row.get_ref(1)?.as_blob()?),
                known: known
                    .chunks_exact(8)
                    .filter_map(|chunk| chunk.try_into().ok().map(u64::from_le_bytes))
                    .collect(),
            })
        })
        .optional()
}

/// An article tells nothing any more.
pub fn forget_told(db: &Connection, article: ArticleId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM observation WHERE article_id = ?1")?
        .execute([article.0])?;
    Ok(())
}

/// Notes in which articles blocks occurred. Sorted by source and key they lie beside one another, which is most of the
/// cost.
pub fn insert_blocks(db: &Connection, sorted: &[(i64, u64, ArticleId)]) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT OR IGNORE INTO block (source_id, key, article_id) VALUES (?1, ?2, ?3)",
    )?;
    for (source, key, article) in sorted {
        insert.execute(params![source, key.cast_signed(), article.0])?;
    }
    Ok(())
}

/// An article has these blocks no more, or not under this source.
pub fn remove_blocks(
    db: &Connection,
    source: i64,
    keys: &[u64],
    article: ArticleId,
) -> rusqlite::Result<()> {
    let mut remove = db.prepare_cached(
        "DELETE FROM block WHERE source_id = ?1 AND key = ?2 AND article_id = ?3",
    )?;
    for key in keys {
        remove.execute(params![source, key.cast_signed(), article.0])?;
    }
    Ok(())
}

/// The articles a block occurred in, at most so many.
pub fn holders(
    db: &Connection,
    source: i64,
    key: u64,
    most: usize,
) -> rusqlite::Result<Vec<ArticleId>> {
    let mut holders = Vec::new();
    let mut ask = db.prepare_cached(
        "SELECT article_id FROM block WHERE source_id = ?1 AND key = ?2 ORDER BY article_id",
    )?;
    let mut rows = ask.query(params![source, key.cast_signed()])?;
    while holders.len() < most
        && let Some(row) = rows.next()?
    {
        holders.push(ArticleId(row.get(0)?));
    }
    Ok(holders)
}

/// The blocks that occurred in at least so many articles, with their sources.
pub fn recurring(db: &Connection, least: u32) -> rusqlite::Result<Vec<(i64, u64)>> {
    db.prepare(
        "SELECT source_id, key FROM block GROUP BY source_id, key HAVING count(*) >= ?1
         UNION SELECT source_id, key FROM furniture WHERE is_learnt",
    )?
    .query_map([least], |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
    })?
    .collect()
}

/// Where the text that is shown of a block comes from: the earliest article it was cut from.
pub type Witness = (i64, Vec<u8>);

/// What is known of one block of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether it occurred in enough different articles.
    pub is_learnt: bool,
    /// Whether a person said that it is no furniture.
    pub is_denied: bool,
    /// Where its text comes from.
    pub witness: Option<Witness>,
}

impl Known {
    /// Whether it is cut.
    pub fn is_furniture(&self) -> bool {
        self.is_learnt && !self.is_denied
    }
}

/// What is known of the blocks of a source.
pub fn known(db: &Connection, source: i64) -> rusqlite::Result<BTreeMap<u64, Known>> {
    db.prepare_cached(
        "SELECT key, is_learnt, is_denied, text_ms, text_digest FROM furniture WHERE source_id = ?1",
    )?
    .query_map([source], |row| {
        let known = Known {
            is_learnt: row.get(1)?,
            is_denied: row.get(2)?,
            witness: row
                .get::<_, Option<i64>>(3)?
                .zip(row.get::<_, Option<Vec<u8>>>(4)?),
        };
        Ok((row.get::<_, i64>(0)?.cast_unsigned(), known))
    })?
    .collect()
}

/// The furniture of the source of this name.
pub fn of_source(db: &Connection, name: &str) -> rusqlite::Result<Furniture> {
    db.prepare_cached(
        "SELECT furniture.key FROM source JOIN furniture ON furniture.source_id = source.id
         WHERE source.name = ?1 AND furniture.is_learnt AND NOT furniture.is_denied",
    )?
    .query_map([name], |row| row.get::<_, i64>(0).map(i64::cast_unsigned))?
    .collect()
}

/// Writes whether a block occurred in enough different articles; all that hold it are to be edited again.
pub fn set_learnt(db: &Connection, source: i64, key: u64, is_learnt: bool) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO furniture (source_id, key, is_learnt) VALUES (?1, ?2, ?3)
         ON CONFLICT (source_id, key) DO UPDATE SET is_learnt = excluded.is_learnt",
    )?
    .execute(params![source, key.cast_signed(), is_learnt])?;
    queue_holders(db, source, key).map(drop)
}

/// A person says that a block is no furniture of the source of this name, or takes that back. All articles that hold it
/// are to be edited again.
pub fn deny(
    db: &Connection,
    source: &str,
    key: u64,
    is_denied: bool,
    detail: &serde_json::Value,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let source: i64 = db
        .prepare_cached("SELECT id FROM source WHERE name = ?1")?
        .query_row([source], |row| row.get(0))?;
    db.prepare_cached("UPDATE furniture SET is_denied = ?3 WHERE source_id = ?1 AND key = ?2")?
        .execute(params![source, key.cast_signed(), is_denied])?;
    queue_holders(db, source, key)?;
    let about = About::default().with(detail.clone());
    note(db, now_ms, EventKind::FurnitureTold, &about)
}

/// Writes how a block begins, and which article says so.
pub fn set_text(
    db: &Connection,
    source: i64,
    key: u64,
    text: &str,
    witness: &Witness,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE furniture SET text = ?3, text_ms = ?4, text_digest = ?5 WHERE source_id = ?1 AND key = ?2",
    )?
    .execute(params![
        source,
        key.cast_signed(),
        text,
        witness.0,
        witness.1
    ])?;
    Ok(())
}

/// How a block begins, if that is known.
pub fn text_of(db: &Connection, source: i64, key: u64) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT text FROM furniture WHERE source_id = ?1 AND key = ?2")?
        .query_row(params![source, key.cast_signed()], |row| row.get(0))
        .optional()
        .map(Option::flatten)
}

/// From how many different articles on a block was furniture when the store was written last.
pub fn after(db: &Connection) -> rusqlite::Result<u32> {
    db.query_row("SELECT after FROM learning WHERE id = 1", [], |row| {
        row.get(0)
    })
}

/// Writes from how many different articles on a block is furniture.
pub fn set_after(db: &Connection, after: u32) -> rusqlite::Result<()> {
    db.execute("UPDATE learning SET after = ?1 WHERE id = 1", [after])?;
    Ok(())
}

fn queue_holders(db: &Connection, source: i64, key: u64) -> rusqlite::Result<usize> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO reedit (article_id)
         SELECT article_id FROM block WHERE source_id = ?1 AND key = ?2",
    )?
    .execute(params![source, key.cast_signed()])
}

/// An article is to be edited again.
pub fn queue(db: &Connection, article: ArticleId) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR IGNORE INTO reedit (article_id) VALUES (?1)")?
        .execute([article.0])?;
    Ok(())
}

/// All articles of sources that have not told anything yet are to be edited again: they came while nothing was learnt.
pub fn queue_untold(db: &Connection) -> rusqlite::Result<usize> {
    db.execute(
        "INSERT OR IGNORE INTO reedit (article_id)
         SELECT id FROM article WHERE source_id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM observation WHERE observation.article_id = article.id)",
        [],
    )
}

/// An article is not to be edited again any more.
pub fn unqueue(db: &Connection, article: ArticleId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM reedit WHERE article_id = ?1")?
        .execute([article.0])?;
    Ok(())
}

/// How many articles are to be edited again.
pub fn count_waiting(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT count(*) FROM reedit")?
        .query_row([], |row| row.get(0))
}

/// An article that is to be edited again, with what that takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// The article.
    pub article: ArticleId,
    /// Its publisher.
    pub source: Option<i64>,
    /// Who that is said to be, and by which rule.
    pub stated: Option<(String, String)>,
    /// What its document is.
    pub format: String,
    /// Its decoded input, compressed, and the size of that.
    pub input_zstd: Vec<u8>,
    /// Size of its decoded input.
    pub input_bytes: usize,
    /// What is stated around it, as JSON.
    pub around: Option<String>,
}

/// Articles that are to be edited again behind this one, at most so many.
pub fn waiting(db: &Connection, behind: ArticleId, most: usize) -> rusqlite::Result<Vec<Again>> {
    db.prepare_cached(
        "SELECT article.id, article.source_id, field.value, field.rule, coalesce(article.format, document.format), input.zstd,
                input.size_bytes, article.around
         FROM reedit JOIN article ON article.id = reedit.article_id
         JOIN document ON document.id = article.document_id
         LEFT JOIN input ON input.article_id = article.id
         LEFT JOIN field ON field.article_id = article.id AND field.name = 'source' AND field.ordinal = 0
         WHERE reedit.article_id > ?1 ORDER BY reedit.article_id LIMIT ?2",
    )?
    .query_map(params![behind.0, most.cast_signed()], |row| {
        Ok(Again {
            article: ArticleId(row.get(0)?),
            source: row.get(1)?,
            stated: row
                .get::<_, Option<String>>(2)?
                .zip(row.get::<_, Option<String>>(3)?),
            format: row.get(4)?,
            input_zstd: row.get::<_, Option<Vec<u8>>>(5)?.unwrap_or_default(),
            input_bytes: row.get::<_, Option<u32>>(6)?.unwrap_or(0) as usize,
            around: row.get(7)?,
        })
    })?
    .collect()
}
