//! The sources: how much each sends, how much of it is its own, whom it carries, how fast it is.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde::Serialize;

use crate::store::StoreError;

use super::{DAY_MS, Reader};

/// Articles of a source, the last recorded ones, that lags and agencies are taken from: enough for a percentile, and a
/// bound for stores of millions.
pub const LATEST_MAX: i64 = 10_000;

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
    /// Which part of them, from 0 to 1.
    pub shares: BTreeMap<String, f64>,
    /// The articles what follows is taken from: the last [`LATEST_MAX`].
    pub latest: i64,
    /// The agencies it credits, and in how many articles.
    pub agencies: BTreeMap<String, i64>,
    /// Families of which it has the lead.
    pub led: i64,
    /// Articles in families that another source leads.
    pub followed: i64,
    /// How long after the lead they were published: the median, in milliseconds.
    pub lag_median_ms: Option<i64>,
    /// The same: nine in ten were not later than this.
    pub lag_p90_ms: Option<i64>,
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
            share(&mut sources);
            look_at_latest(db, &mut sources)?;
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

/// What is asked of each source's latest articles.
fn look_at_latest(db: &Connection, sources: &mut Sources) -> rusqlite::Result<()> {
    for (id, source) in sources {
        count_agencies(db, *id, source)?;
        measure_lags(db, *id, source)?;
    }
    Ok(())
}

fn count_agencies(db: &Connection, id: i64, source: &mut SourceReport) -> rusqlite::Result<()> {
    source.agencies = db
        .prepare_cached(
            "SELECT field.value, count(*)
             FROM (SELECT id FROM article WHERE source_id = ?1 ORDER BY id DESC LIMIT ?2) AS latest
             JOIN field ON field.article_id = latest.id AND field.name = 'agency'
             GROUP BY field.value ORDER BY field.value",
        )?
        .query_map((id, LATEST_MAX), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(())
}

/// Who leads a family is not behind, nor are the later versions of who leads it. Where either states only the day, days are
/// counted.
fn measure_lags(db: &Connection, id: i64, source: &mut SourceReport) -> rusqlite::Result<()> {
    let mut latest = db.prepare_cached(
        "SELECT latest.id = lead.id, lead.source_id IS ?1, latest.first_ms, lead.first_ms,
                length(latest.published) = 10 OR length(lead.published) = 10
         FROM (SELECT id, family_id, first_ms, published FROM article WHERE source_id = ?1
               ORDER BY id DESC LIMIT ?2) AS latest
         LEFT JOIN family ON family.id = latest.family_id
         LEFT JOIN article AS lead ON lead.id = family.lead_id",
    )?;
    let mut rows = latest.query((id, LATEST_MAX))?;
    let mut lags: Vec<i64> = Vec::new();
    while let Some(row) = rows.next()? {
        source.latest += 1;
        let (is_lead, is_own): (Option<bool>, bool) = (row.get(0)?, row.get(1)?);
        match is_lead {
            Some(true) => source.led += 1,
            Some(false) if !is_own => {
                let (own, before): (i64, i64) = (row.get(2)?, row.get(3)?);
                let is_by_day = row.get::<_, Option<bool>>(4)?.unwrap_or(false);
                lags.push(if is_by_day {
                    (own.div_euclid(DAY_MS) - before.div_euclid(DAY_MS)) * DAY_MS
                } else {
                    own - before
                });
            }
            Some(false) | None => {}
        }
    }
    lags.sort_unstable();
    source.followed = i64::try_from(lags.len()).unwrap_or(i64::MAX);
    source.lag_median_ms = percentile(&lags, 50);
    source.lag_p90_ms = percentile(&lags, 90);
    Ok(())
}

/// The least of sorted values that so many in a hundred do not exceed.
fn percentile(sorted: &[i64], of_100: usize) -> Option<i64> {
    let rank = (sorted.len() * of_100).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// Which part of a source's articles has which verdict.
#[expect(clippy::cast_precision_loss, reason = "no store has 2^52 articles")]
fn share(sources: &mut Sources) {
    for source in sources.values_mut().filter(|source| source.articles > 0) {
        let whole = source.articles as f64;
        let share = |(verdict, n): (&String, &i64)| (verdict.clone(), *n as f64 / whole);
        source.shares = source.verdicts.iter().map(share).collect();
    }
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
    fn the_percentile_of_nothing_is_nothing() {
        assert_eq!(percentile(&[], 50), None);
        assert_eq!(percentile(&[7], 90), Some(7));
        assert_eq!(percentile(&[1, 2, 9], 50), Some(2));
        assert_eq!(percentile(&[1, 2, 3, 9], 50), Some(2));
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!(
            (percentile(&ten, 90), percentile(&ten, 100)),
            (Some(9), Some(10))
        );
    }
}
