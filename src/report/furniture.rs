//! What recurs in the articles of a source.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;

use crate::store::StoreError;

use super::Reader;

/// One block that recurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecurringBlock {
    /// [`super::SCHEMA`].
    pub schema: u32,
    /// The source.
    pub source: String,
    /// What it is named by: sixteen hexadecimal digits.
    pub key: String,
    /// How it begins, in the earliest article it was cut from; nothing as long as it was cut from none.
    pub text: Option<String>,
    /// In how many different articles it occurred: those of one family count as one.
    pub articles: i64,
    /// The date of the earliest of them, Unix milliseconds.
    pub first_seen_ms: Option<i64>,
    /// The date of the latest.
    pub last_seen_ms: Option<i64>,
    /// Whether it is cut: nobody said that it is no furniture.
    pub is_furniture: bool,
}

impl Reader {
    /// What recurs in the articles of a source, the most frequent first; nothing where there is no such source.
    pub fn furniture(&self, source: &str) -> Result<Option<Vec<RecurringBlock>>, StoreError> {
        self.at_once(|db| {
            let id: Option<i64> = db
                .prepare_cached("SELECT id FROM source WHERE name = ?1")?
                .query_row([source], |row| row.get(0))
                .optional()?;
            id.map(|id| blocks(db, id, source)).transpose()
        })
    }
}

fn blocks(db: &Connection, id: i64, source: &str) -> rusqlite::Result<Vec<RecurringBlock>> {
    let mut listed = db
        .prepare_cached(
            "SELECT furniture.key, furniture.text, count(DISTINCT coalesce(-article.family_id, article.id)),
                    min(article.first_ms), max(article.first_ms), NOT furniture.is_denied
             FROM furniture
             LEFT JOIN block ON block.source_id = furniture.source_id AND block.key = furniture.key
             LEFT JOIN article ON article.id = block.article_id
             WHERE furniture.source_id = ?1 AND (furniture.is_learnt OR furniture.is_denied)
             GROUP BY furniture.key",
        )?
        .query_map(params![id], |row| {
            Ok(RecurringBlock {
                schema: super::SCHEMA,
                source: source.to_owned(),
                key: format!("{:016x}", row.get::<_, i64>(0)?),
                text: row.get(1)?,
                articles: row.get(2)?,
                first_seen_ms: row.get(3)?,
                last_seen_ms: row.get(4)?,
                is_furniture: row.get(5)?,
            })
        })?
        .collect::<rusqlite::Result<Vec<RecurringBlock>>>()?;
    listed.sort_by(|a, b| (b.articles, &a.key).cmp(&(a.articles, &b.key)));
    Ok(listed)
}
