//! The history: what happened, to which file or article, in the order of time.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use serde::{Serialize, Serializer};

use crate::store::StoreError;
use crate::store::provenance::EventKind;

use super::{Between, PathText, Reader};

/// Which events are asked for; all that is said has to hold.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// In this time.
    pub between: Between,
    /// Of this drop folder.
    pub drop: Option<String>,
    /// Of files and articles of this source.
    pub source: Option<String>,
    /// Of this file, under whatever stamp, and of its articles.
    pub path: Option<PathBuf>,
    /// Of this article and of the files it came in.
    pub article: Option<i64>,
    /// Of this kind.
    pub kind: Option<EventKind>,
    /// Later in the table than this event: for `--follow`.
    pub after: Option<i64>,
    /// At most so many, the newest.
    pub limit: i64,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// [`super::SCHEMA`].
    pub schema: u32,
    /// Its row: grows with every event.
    pub id: i64,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// What happened.
    pub kind: String,
    /// The drop folder it concerns.
    pub drop: Option<String>,
    /// The job it concerns.
    pub job: Option<i64>,
    /// The file it concerns.
    #[serde(flatten, serialize_with = "path_or_null")]
    pub path: Option<PathText>,
    /// The article it concerns.
    pub article: Option<i64>,
    /// That article's headline.
    pub title: Option<String>,
    /// That article's publisher.
    pub source: Option<String>,
    /// Further facts, as they were written down.
    pub detail: Option<serde_json::Value>,
}

const COLUMNS: &str = "
    SELECT event.id, event.at_ms, event.kind, drop_folder.name, event.job_id, job.path, event.article_id,
           article.title, source.name, event.detail";

const TABLES: &str = "
    LEFT JOIN job ON job.id = event.job_id
    LEFT JOIN article ON article.id = event.article_id
    LEFT JOIN drop_folder ON drop_folder.id = coalesce(event.drop_id, job.drop_id, article.drop_id)
    LEFT JOIN source ON source.id = article.source_id";

/// The events of one file: its jobs', and those of the articles that came of it.
const OF_PATH: &str = "
    SELECT event.id FROM job JOIN event ON event.job_id = job.id WHERE job.path = ?1
    UNION
    SELECT event.id FROM job JOIN article ON article.document_id = job.document_id
    JOIN event ON event.article_id = article.id WHERE job.path = ?1";

/// The events of one article: its own, and those of the jobs that brought it.
const OF_ARTICLE: &str = "
    SELECT event.id FROM event WHERE event.article_id = ?1
    UNION
    SELECT event.id FROM article JOIN job ON job.document_id = article.document_id
    JOIN event ON event.job_id = job.id WHERE article.id = ?1";

impl Reader {
    /// The events that are asked for, in the order of time, the newest last.
    pub fn history(&self, wanted: &Wanted) -> Result<Vec<Event>, StoreError> {
        let (sql, values) = question(wanted);
        self.at_once(|db| {
            let mut events: Vec<Event> = db
                .prepare_cached(&sql)?
                .query_map(params_from_iter(values), event_of)?
                .collect::<rusqlite::Result<_>>()?;
            events.reverse();
            Ok(events)
        })
    }

    /// The newest event's row, or 0.
    pub fn newest_event(&self) -> Result<i64, StoreError> {
        self.at_once(|db| {
            db.query_row("SELECT coalesce(max(id), 0) FROM event", [], |row| {
                row.get(0)
            })
        })
    }
}

/// The SELECT for what is wanted. What names one file or article is looked up by its index first; the rest goes by
/// time.
fn question(wanted: &Wanted) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let path = wanted
        .path
        .as_ref()
        .map(|path| path.as_os_str().as_bytes().to_vec());
    let (from, mut conditions) = match (path, wanted.article) {
        (Some(path), article) => {
            values.push(Value::Blob(path));
            let mut conditions = Vec::new();
            if let Some(article) = article {
                values.push(Value::Integer(article));
                let of_article = OF_ARTICLE.replace("?1", "?2");
                conditions.push(format!("event.id IN ({of_article})"));
            }
            (named(OF_PATH), conditions)
        }
        (None, Some(article)) => {
            values.push(Value::Integer(article));
            (named(OF_ARTICLE), Vec::new())
        }
        (None, None) => ("event".to_owned(), Vec::new()),
    };
    let mut ask = |condition: &str, value: Value| {
        values.push(value);
        conditions.push(condition.replace('?', &format!("?{}", values.len())));
    };
    if let Some(since) = wanted.between.since_ms {
        ask("event.at_ms >= ?", Value::Integer(since));
    }
    if let Some(until) = wanted.between.until_ms {
        ask("event.at_ms < ?", Value::Integer(until));
    }
    if let Some(after) = wanted.after {
        ask("event.id > ?", Value::Integer(after));
    }
    if let Some(drop) = &wanted.drop {
        ask("drop_folder.name = ?", Value::Text(drop.clone()));
    }
    if let Some(kind) = wanted.kind {
        ask("event.kind = ?", Value::Text(kind.as_str().to_owned()));
    }
    if let Some(source) = &wanted.source {
        ask(
            "coalesce(article.source_id,
                      (SELECT min(brought.source_id) FROM article AS brought
                       WHERE brought.document_id = job.document_id))
             = (SELECT named.id FROM source AS named WHERE named.name = ?)",
            Value::Text(source.clone()),
        );
    }
    values.push(Value::Integer(wanted.limit));
    let conditions = if conditions.is_empty() {
        String::new()
    } else {
        format!("\n    WHERE {}", conditions.join("\n      AND "))
    };
    let limit = values.len();
    let sql = format!(
        "{COLUMNS}\n    FROM {from}{TABLES}{conditions}\n    ORDER BY event.at_ms DESC, event.id DESC LIMIT ?{limit}"
    );
    (sql, values)
}

/// The key is there even where no file is concerned.
#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
fn path_or_null<S: Serializer>(path: &Option<PathText>, serializer: S) -> Result<S::Ok, S::Error> {
    match path {
        Some(path) => path.serialize(serializer),
        None => BTreeMap::from([("path", None::<&str>)]).serialize(serializer),
    }
}

fn named(ids: &str) -> String {
    format!("({ids}) AS named_event CROSS JOIN event ON event.id = named_event.id")
}

fn event_of(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        schema: super::SCHEMA,
        id: row.get(0)?,
        at_ms: row.get(1)?,
        kind: row.get(2)?,
        drop: row.get(3)?,
        job: row.get(4)?,
        path: row.get::<_, Option<Vec<u8>>>(5)?.map(PathText::from),
        article: row.get(6)?,
        title: row.get(7)?,
        source: row.get(8)?,
        detail: row
            .get::<_, Option<String>>(9)?
            .and_then(|text| serde_json::from_str(&text).ok()),
    })
}
