//! The sources: how much each sends, how much of it is its own, whom it carries, how fast it is.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde::Serialize;

use crate::store::StoreError;

use super::Reader;

/// One source.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SourceReport {
    /// [`super::SCHEMA`].
    pub schema: u32,
    /// Its name.
    pub name: String,
    /// When its first article was recorded, Unix milliseconds.
    pub first_seen_ms: i64,
    /// When its last was.
    pub last_seen_ms: i64,
    /// Its articles.
    pub articles: i64,
    /// How many of them have which verdict.
    pub verdicts: BTreeMap<String, i64>,
    /// The agencies it credits, and in how many articles.
    pub agencies: BTreeMap<String, i64>,
    /// Articles in families that another source leads.
    pub followed: i64,
    /// How long after the lead they were published: the median, in milliseconds.
    pub lag_median_ms: Option<i64>,
    /// Files put aside in drop folders that bring this source alone; unknown where it has none of its own.
    pub held: Option<i64>,
    /// All files of those drop folders.
    pub files: Option<i64>,
}

impl Reader {
    /// All sources by name.
    pub fn sources(&self) -> Result<Vec<SourceReport>, StoreError> {
        self.at_once(|db| {
            let mut sources = names(db)?;
            count_articles(db, &mut sources)?;
            count_agencies(db, &mut sources)?;
            measure_lags(db, &mut sources)?;
            count_held(db, &mut sources)?;
            let mut listed: Vec<SourceReport> = sources.into_values().collect();
            listed.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(listed)
        })
    }
}

type Sources = BTreeMap<i64, SourceReport>;

fn names(db: &Connection) -> rusqlite::Result<Sources> {
    db.prepare_cached("SELECT id, name, first_seen_ms, last_seen_ms FROM source ORDER BY id")?
        .query_map([], |row| {
            let source = SourceReport {
                schema: super::SCHEMA,
                name: row.get(1)?,
                first_seen_ms: row.get(2)?,
                last_seen_ms: row.get(3)?,
                ..SourceReport::default()
            };
            Ok((row.get(0)?, source))
        })?
        .collect()
}

fn count_articles(db: &Connection, sources: &mut Sources) -> rusqlite::Result<()> {
    let mut counts = db.prepare_cached(
        "SELECT source_id, outcome, sum(n) FROM tally WHERE source_id <> 0
         GROUP BY source_id, outcome ORDER BY source_id, outcome",
    )?;
    let mut rows = counts.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(source) = sources.get_mut(&row.get(0)?) {
            let n: i64 = row.get(2)?;
            source.articles += n;
            source.verdicts.insert(row.get(1)?, n);
        }
    }
    Ok(())
}

fn count_agencies(db: &Connection, sources: &mut Sources) -> rusqlite::Result<()> {
    let mut counts = db.prepare_cached(
        "SELECT article.source_id, field.value, count(*)
         FROM article JOIN field ON field.article_id = article.id AND field.name = 'agency'
         WHERE article.source_id IS NOT NULL
         GROUP BY article.source_id, field.value ORDER BY article.source_id, field.value",
    )?;
    let mut rows = counts.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(source) = sources.get_mut(&row.get(0)?) {
            source.agencies.insert(row.get(1)?, row.get(2)?);
        }
    }
    Ok(())
}

fn measure_lags(db: &Connection, sources: &mut Sources) -> rusqlite::Result<()> {
    let mut lags: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut behind = db.prepare_cached(
        "SELECT article.source_id, article.first_ms - lead.first_ms
         FROM family JOIN article AS lead ON lead.id = family.lead_id
         JOIN article ON article.family_id = family.id
         WHERE article.source_id IS NOT NULL AND lead.source_id IS NOT NULL
           AND article.source_id <> lead.source_id
         ORDER BY 1, 2",
    )?;
    let mut rows = behind.query([])?;
    while let Some(row) = rows.next()? {
        lags.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    for (id, lags) in lags {
        if let Some(source) = sources.get_mut(&id) {
            source.followed = i64::try_from(lags.len()).unwrap_or(i64::MAX);
            source.lag_median_ms = median(&lags);
        }
    }
    Ok(())
}

/// The middle of sorted values, the lower of the two where there are two.
fn median(sorted: &[i64]) -> Option<i64> {
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}

/// A file that was put aside has no article and so no source; but a drop folder that brings one source only tells it.
fn count_held(db: &Connection, sources: &mut Sources) -> rusqlite::Result<()> {
    let mut brought: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    let mut files: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    let mut counts = db.prepare_cached(
        "SELECT drop_id, source_id, outcome, sum(n) FROM tally
         GROUP BY drop_id, source_id, outcome ORDER BY drop_id, source_id, outcome",
    )?;
    let mut rows = counts.query([])?;
    while let Some(row) = rows.next()? {
        let (drop, source): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (outcome, n): (String, i64) = (row.get(2)?, row.get(3)?);
        match outcome.as_str() {
            "held" => {
                let counted = files.entry(drop).or_default();
                counted.0 += n;
                counted.1 += n;
            }
            "recorded" | "same-bytes" => files.entry(drop).or_default().1 += n,
            _ if n > 0 => {
                brought.entry(drop).or_default().insert(source);
            }
            _ => {}
        }
    }
    for (drop, brought) in brought {
        let mut brought = brought.into_iter();
        if let (Some(only), None) = (brought.next(), brought.next())
            && let Some(source) = sources.get_mut(&only)
        {
            let (held, all) = files.get(&drop).copied().unwrap_or_default();
            source.held = Some(source.held.unwrap_or(0) + held);
            source.files = Some(source.files.unwrap_or(0) + all);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_nothing_is_nothing() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7]), Some(7));
        assert_eq!(median(&[1, 2, 9]), Some(2));
        assert_eq!(median(&[1, 2, 3, 9]), Some(2));
    }
}
