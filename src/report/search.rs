//! Full text search.

use rusqlite::{Connection, params};
use serde::Serialize;

use crate::store::StoreError;

use super::{Between, PathText, Reader};

/// What stands around a match in a snippet while it is on its way: control characters no text of the record holds.
const OPEN: char = '\u{2}';

/// What stands after a match.
const CLOSE: char = '\u{3}';

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Words, or an expression of FTS5.
    pub words: String,
    /// Of this source.
    pub source: Option<String>,
    /// Published in this time, or, where that is not stated, arrived.
    pub between: Between,
    /// At most so many.
    pub limit: i64,
}

/// An article that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// [`super::SCHEMA`].
    pub schema: u32,
    /// The article.
    pub id: i64,
    /// Rank: the lower, the better the match (bm25, the headline counting four times).
    pub rank: f64,
    /// Publication, else arrival, Unix milliseconds.
    pub first_ms: i64,
    /// Its publisher.
    pub source: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its verdict.
    pub verdict: String,
    /// A passage with the words in it.
    pub snippet: String,
    /// Where in the snippet the words stand, in bytes.
    pub matches: Vec<(usize, usize)>,
    /// The file it came in.
    #[serde(flatten)]
    pub path: PathText,
}

impl Reader {
    /// The articles that fit best, best first. What is no expression of FTS5 is taken as words that all have to occur.
    pub fn search(&self, query: &Query) -> Result<Vec<Hit>, StoreError> {
        if query.words.trim().is_empty() {
            return Ok(Vec::new());
        }
        self.at_once(|db| match find(db, query, &query.words) {
            Err(error) if is_syntax(&error) => find(db, query, &as_words(&query.words)),
            found => found,
        })
    }
}

/// The plain error of `SQLite` (code 1): what FTS5 answers to an expression it does not understand.
fn is_syntax(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(code, _) if code.extended_code == 1)
}

/// Each word in quotes, so that none of them means anything but itself.
fn as_words(words: &str) -> String {
    words
        .split_whitespace()
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect::<Vec<_>>()
        .join(" ")
}

fn find(db: &Connection, query: &Query, expression: &str) -> rusqlite::Result<Vec<Hit>> {
    let ranked: Vec<(i64, f64)> = db
        .prepare_cached(
            "SELECT article.id, bm25(article_fts, 4.0, 1.0) AS goodness
             FROM article_fts
             JOIN article ON article.id = article_fts.rowid
             LEFT JOIN source ON source.id = article.source_id
             WHERE article_fts MATCH ?1
               AND (?2 IS NULL OR source.name = ?2)
               AND (?3 IS NULL OR article.first_ms >= ?3) AND (?4 IS NULL OR article.first_ms < ?4)
             ORDER BY goodness, article.id LIMIT ?5",
        )?
        .query_map(
            params![
                expression,
                query.source,
                query.between.since_ms,
                query.between.until_ms,
                query.limit
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?
        .collect::<rusqlite::Result<_>>()?;
    ranked
        .into_iter()
        .map(|(id, rank)| hit(db, expression, id, rank))
        .collect()
}

/// The passage is looked for only in what is shown: that is the dear part.
fn hit(db: &Connection, expression: &str, id: i64, rank: f64) -> rusqlite::Result<Hit> {
    db.prepare_cached(
        "SELECT article.first_ms, source.name, article.title, article.verdict,
                snippet(article_fts, -1, ?3, ?4, '…', 24), job.path
         FROM article_fts
         JOIN article ON article.id = article_fts.rowid
         JOIN document ON document.id = article.document_id
         JOIN job ON job.id = document.first_job_id
         LEFT JOIN source ON source.id = article.source_id
         WHERE article_fts MATCH ?1 AND article_fts.rowid = ?2",
    )?
    .query_row(
        params![expression, id, OPEN.to_string(), CLOSE.to_string()],
        |row| {
            let (snippet, matches) = unmark(&row.get::<_, String>(4)?);
            Ok(Hit {
                schema: super::SCHEMA,
                id,
                rank,
                first_ms: row.get(0)?,
                source: row.get(1)?,
                title: row.get(2)?,
                verdict: row.get(3)?,
                snippet,
                matches,
                path: row.get::<_, Vec<u8>>(5)?.into(),
            })
        },
    )
}

/// A marked passage as plain text on one line, and where the marks were.
fn unmark(marked: &str) -> (String, Vec<(usize, usize)>) {
    let (mut plain, mut matches) = (String::new(), Vec::new());
    let mut start = None;
    for character in marked.chars() {
        match character {
            OPEN => start = Some(plain.len()),
            CLOSE => matches.extend(start.take().map(|start| (start, plain.len()))),
            '\n' | '\r' => plain.push(' '),
            other => plain.push(other),
        }
    }
    (plain, matches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_places_and_lines_become_one() {
        let (plain, matches) = unmark("die \u{2}Börse\u{3}\nstieg \u{2}an\u{3}");
        assert_eq!(plain, "die Börse stieg an");
        let found: Vec<&str> = matches
            .iter()
            .filter_map(|(start, end)| plain.get(*start..*end))
            .collect();
        assert_eq!(found, ["Börse", "an"]);
    }

    #[test]
    fn words_in_quotes_mean_themselves() {
        assert_eq!(as_words("AND \"a (b*"), "\"AND\" \"\"\"a\" \"(b*\"");
    }
}
