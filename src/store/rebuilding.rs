//! The index and what follows from it, made anew: what `reindex` empties, walks through and fills.
//!
//! A text without a place that is due is one that has not been compared yet: so it stands after the upgrade that brought
//! the index, and so it stands here. Whoever has the store next goes on from there.

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};

use crate::job::ArticleId;

use super::relations;

/// Empties the index, and notes every text that an article has as due.
pub fn empty(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "DELETE FROM print;
         DELETE FROM odd_print;
         DELETE FROM fresh;
         DELETE FROM filling;
         DELETE FROM temp.recent;
         UPDATE text SET day = NULL WHERE day IS NOT NULL;
         DELETE FROM due;
         INSERT INTO due (text_id, first_ms) SELECT text_id, min(first_ms) FROM article GROUP BY text_id;
         DELETE FROM relation WHERE NOT EXISTS (SELECT 1 FROM article WHERE article.text_id = relation.text_id)
                                 OR NOT EXISTS (SELECT 1 FROM article WHERE article.text_id = relation.earlier_id);
         DELETE FROM version WHERE NOT EXISTS (SELECT 1 FROM article WHERE article.id = version.article_id)
                                OR NOT EXISTS (SELECT 1 FROM article WHERE article.id = version.earlier_id);
         DELETE FROM unseated;
         DELETE FROM theme_link;
         DELETE FROM theme;
         DELETE FROM crowd;
         DELETE FROM untold;
         INSERT INTO untold (day, article_id) SELECT first_ms / 86400000, id FROM article;",
    )
}

/// The next articles behind this one, each with its text and what it says.
pub fn articles_behind(
    db: &Connection,
    behind: i64,
    most: usize,
) -> rusqlite::Result<Vec<(ArticleId, i64, String)>> {
    db.prepare_cached("SELECT id, text_id, text FROM article WHERE id > ?1 ORDER BY id LIMIT ?2")?
        .query_map(params![behind, most.cast_signed()], |row| {
            Ok((ArticleId(row.get(0)?), row.get(1)?, row.get(2)?))
        })?
        .collect()
}

/// The rows of the next articles behind this one.
pub fn ids_behind(db: &Connection, behind: i64, most: usize) -> rusqlite::Result<Vec<ArticleId>> {
    db.prepare_cached("SELECT id FROM article WHERE id > ?1 ORDER BY id LIMIT ?2")?
        .query_map(params![behind, most.cast_signed()], |row| {
            row.get(0).map(ArticleId)
        })?
        .collect()
}

/// The next texts behind this one, each with whether it counts as covered.
pub fn texts_behind(
    db: &Connection,
    behind: i64,
    most: usize,
) -> rusqlite::Result<Vec<(i64, bool)>> {
    db.prepare_cached("SELECT id, is_covered FROM text WHERE id > ?1 ORDER BY id LIMIT ?2")?
        .query_map(params![behind, most.cast_signed()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect()
}

/// The digest under which a text is known.
pub fn digest_of(db: &Connection, text: i64) -> rusqlite::Result<Option<[u8; 32]>> {
    db.prepare_cached("SELECT digest FROM text WHERE id = ?1")?
        .query_row([text], |row| row.get(0))
        .optional()
}

/// An article has another text than was written.
pub fn set_text(db: &Connection, article: ArticleId, text: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE article SET text_id = ?2 WHERE id = ?1")?
        .execute(params![article.0, text])?;
    relations::set_due(db, text)
}

/// Writes how many prints a text has, where that is not what is written.
pub fn set_prints(db: &Connection, text: i64, prints: usize) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE text SET prints = ?2 WHERE id = ?1 AND prints <> ?2")?
        .execute(params![text, prints.cast_signed()])?;
    Ok(())
}

/// Takes a text that no article has out of everything.
pub fn put_away(db: &Connection, text: i64) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM relation WHERE text_id = ?1")?
        .execute([text])?;
    db.prepare_cached("DELETE FROM relation WHERE earlier_id = ?1")?
        .execute([text])?;
    relations::unset_due(db, text)?;
    db.prepare_cached("UPDATE text SET first_id = NULL, day = NULL, is_covered = 0 WHERE id = ?1")?
        .execute([text])?;
    Ok(())
}

/// Counts all articles anew by day, drop folder, source and verdict, where that is not what is written.
pub fn count_anew(db: &Connection) -> rusqlite::Result<bool> {
    if miscounted(db)? == 0 {
        return Ok(false);
    }
    db.execute_batch(
        "DELETE FROM tally WHERE outcome IN ('new', 'same-text', 'copy', 'excerpt', 'expansion', 'version');
         INSERT INTO tally (day, drop_id, source_id, outcome, n)
         SELECT recorded_ms / 86400000, drop_id, coalesce(source_id, 0), verdict, count(*) FROM article GROUP BY 1, 2, 3, 4;",
    )?;
    Ok(true)
}

/// In how many lines of the tallies the articles are not counted as they are.
pub fn miscounted(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row(
        "WITH counted AS (SELECT recorded_ms / 86400000 AS day, drop_id, coalesce(source_id, 0) AS source_id,
                                 verdict AS outcome, count(*) AS n
                          FROM article GROUP BY 1, 2, 3, 4),
              written AS (SELECT day, drop_id, source_id, outcome, n FROM tally
                          WHERE n <> 0 AND outcome IN ('new', 'same-text', 'copy', 'excerpt', 'expansion', 'version'))
         SELECT (SELECT count(*) FROM (SELECT day, drop_id, source_id, outcome, n FROM counted
                                      EXCEPT SELECT day, drop_id, source_id, outcome, n FROM written))
              + (SELECT count(*) FROM written WHERE NOT EXISTS (
                     SELECT 1 FROM counted WHERE counted.day = written.day AND counted.drop_id = written.drop_id
                     AND counted.source_id = written.source_id AND counted.outcome = written.outcome))",
        [],
        |row| row.get(0),
    )
}

/// Makes the full-text index anew, if it does not say what the articles say; whether that was so.
pub fn rebuild_search(db: &Connection) -> rusqlite::Result<bool> {
    // With a rank of 1 the check reads the articles too.
    let checked = db.execute(
        "INSERT INTO article_fts (article_fts, rank) VALUES ('integrity-check', 1)",
        [],
    );
    match checked {
        Ok(_) => Ok(false),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
            db.execute(
                "INSERT INTO article_fts (article_fts) VALUES ('rebuild')",
                [],
            )?;
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

/// The last line of the history.
pub fn last_event(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("SELECT coalesce(max(id), 0) FROM event", [], |row| {
        row.get(0)
    })
}

/// How many lines of this kind stand behind that one.
pub fn count_events(db: &Connection, behind: i64, kind: &str) -> rusqlite::Result<i64> {
    db.query_row(
        "SELECT count(*) FROM event WHERE id > ?1 AND kind = ?2",
        params![behind, kind],
        |row| row.get(0),
    )
}

/// The highest row of articles and of texts: how far there is to go.
pub fn ends(db: &Connection) -> rusqlite::Result<(i64, i64)> {
    db.query_row(
        "SELECT (SELECT coalesce(max(id), 0) FROM article), (SELECT coalesce(max(id), 0) FROM text)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The highest row of families.
pub fn last_family(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("SELECT coalesce(max(id), 0) FROM family", [], |row| {
        row.get(0)
    })
}
