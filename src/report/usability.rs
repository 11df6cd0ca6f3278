//! What may be done with an article: the status its provider stated last, in whichever item of the same identity.
//!
//! A kill has no text of its own. It takes nothing out of the record, and every article of its identity says from then on
//! that it was killed, and where that is written.

use rusqlite::{Connection, OptionalExtension as _};
use serde::Serialize;

use super::PathText;

/// The status that holds for an article, where another item states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatedLater {
    /// What may be done with it.
    pub status: String,
    /// The article that states it; none where it is a notice.
    pub article: Option<i64>,
    /// When that was changed last, as stated, else when it arrived, Unix milliseconds.
    pub at_ms: i64,
    /// The file it came in.
    #[serde(flatten)]
    pub path: PathText,
}

/// What another item states of an article, if it is the latest that states anything. Of two of the same time a notice
/// counts as the later: it tells of a text that was there before. Ids do not count, since they tell of luck.
pub(super) fn stated_later(db: &Connection, id: i64) -> rusqlite::Result<Option<StatedLater>> {
    let latest = db
        .prepare_cached(
            "WITH wanted AS (SELECT guid FROM article WHERE id = ?1 AND guid IS NOT NULL),
                  item AS (
                 SELECT field.value AS status, article.id AS article, article.changed_ms AS at_ms, 0 AS is_notice,
                        article.document_id AS document, article.ordinal AS ordinal
                 FROM wanted CROSS JOIN article ON article.guid = wanted.guid
                 JOIN field ON field.article_id = article.id AND field.name = 'status' AND field.ordinal = 0
                 UNION ALL
                 SELECT notice.status, NULL, notice.changed_ms, 1, notice.document_id, notice.ordinal
                 FROM wanted CROSS JOIN notice ON notice.guid = wanted.guid
                 WHERE notice.status IS NOT NULL
             )
             SELECT item.status, item.article, item.at_ms, job.path
             FROM item JOIN document ON document.id = item.document
             JOIN job ON job.id = document.first_job_id
             ORDER BY item.at_ms DESC, document.arrival_ms DESC, item.is_notice DESC, document.digest DESC,
                      item.ordinal DESC
             LIMIT 1",
        )?
        .query_row([id], |row| {
            Ok(StatedLater {
                status: row.get(0)?,
                article: row.get(1)?,
                at_ms: row.get(2)?,
                path: row.get::<_, Vec<u8>>(3)?.into(),
            })
        })
        .optional()?;
    Ok(latest.filter(|latest| latest.article != Some(id)))
}
