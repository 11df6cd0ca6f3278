//! Stories: families about one event, the current ones and each with its families.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;

use crate::store::{StoreError, stories};

use super::article::hex;
use super::{Reader, SCHEMA};

/// Articles in a row that are older than what is asked for, after which no later one is expected.
const OLDER_MAX: u32 = 1_000;

/// Which stories are listed.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// With an article that was recorded since then, Unix milliseconds.
    pub since_ms: i64,
    /// With an article of this source.
    pub source: Option<String>,
    /// At most so many.
    pub limit: usize,
}

/// A story as a whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Story {
    /// [`super::SCHEMA`].
    pub schema: u32,
    /// The first 16 hexadecimal digits of the digest of its head's text, as in the article object.
    pub story: String,
    /// Its head: of the earliest day the longest text.
    pub article: i64,
    /// The headline of that.
    pub title: Option<String>,
    /// Families and single articles in it.
    pub families: usize,
    /// Articles in it.
    pub articles: i64,
    /// Its sources, and how many of the articles each has.
    pub sources: BTreeMap<String, i64>,
    /// Its first publication, or arrival where that is not stated, Unix milliseconds.
    pub first_ms: i64,
    /// Its last one.
    pub last_ms: i64,
    /// When its last article was recorded.
    pub recorded_ms: i64,
}

/// A family, or a single article, in a story.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// The article, or the one that leads the family.
    pub article: i64,
    /// Publication of that, or arrival where that is not stated, Unix milliseconds.
    pub first_ms: i64,
    /// Its publisher.
    pub source: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Articles in the family.
    pub articles: i64,
    /// Its sources, and how many of the articles each has.
    pub sources: BTreeMap<String, i64>,
    /// The last publication in it.
    pub last_ms: i64,
    /// When its last article was recorded.
    #[serde(skip)]
    recorded_ms: i64,
}

/// A story with its families, the earliest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoryInFull {
    /// The story.
    #[serde(flatten)]
    pub story: Story,
    /// Its families.
    pub members: Vec<Member>,
}

impl Reader {
    /// The current stories: those with most sources first, then with most articles, then the latest.
    pub fn stories(&self, wanted: &Wanted) -> Result<Vec<Story>, StoreError> {
        self.at_once(|db| {
            let mut stories = Vec::new();
            for head in current(db, wanted.since_ms)? {
                stories.extend(story(db, head)?.map(|full| full.story));
            }
            if let Some(source) = &wanted.source {
                stories.retain(|story| story.sources.contains_key(source));
            }
            stories.sort_by(|a, b| {
                let size = |story: &Story| (story.sources.len(), story.articles, story.last_ms);
                size(b).cmp(&size(a)).then_with(|| a.story.cmp(&b.story))
            });
            stories.truncate(wanted.limit);
            Ok(stories)
        })
    }

    /// How many articles are still to be looked at for stories.
    pub fn restory(&self) -> Result<i64, StoreError> {
        self.at_once(stories::count_waiting)
    }

    /// The story of an article; `None` where its family is alone.
    pub fn story_of(&self, article: i64) -> Result<Option<StoryInFull>, StoreError> {
        self.at_once(|db| {
            let head = db
                .prepare_cached(
                    "SELECT theme.story_id FROM article LEFT JOIN family ON family.id = article.family_id
                     JOIN theme ON theme.article_id = coalesce(family.lead_id, article.id) WHERE article.id = ?1",
                )?
                .query_row([article], |row| row.get::<_, Option<i64>>(0))
                .optional()?
                .flatten();
            head.map_or(Ok(None), |head| story(db, head))
        })
    }
}

/// The heads of the stories with an article that was recorded since.
fn current(db: &Connection, since_ms: i64) -> rusqlite::Result<Vec<i64>> {
    let mut latest = db.prepare_cached(
        "SELECT article.recorded_ms, theme.story_id FROM article LEFT JOIN family ON family.id = article.family_id
         LEFT JOIN theme ON theme.article_id = coalesce(family.lead_id, article.id) ORDER BY article.id DESC",
    )?;
    let mut rows = latest.query([])?;
    let mut heads = Vec::new();
    // Articles are numbered as they are recorded, so what is older need not be read; a clock may have gone wrong for a few.
    let mut older = 0;
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(0)? < since_ms {
            older += 1;
            if older > OLDER_MAX {
                break;
            }
            continue;
        }
        older = 0;
        heads.extend(row.get::<_, Option<i64>>(1)?);
    }
    heads.sort_unstable();
    heads.dedup();
    Ok(heads)
}

fn story(db: &Connection, head: i64) -> rusqlite::Result<Option<StoryInFull>> {
    let mut members = db
        .prepare_cached(
            // What leads no family any more is not told yet.
            "SELECT theme.article_id FROM theme JOIN article ON article.id = theme.article_id
             LEFT JOIN family ON family.id = article.family_id
             WHERE theme.story_id = ?1 AND (family.id IS NULL OR family.lead_id = article.id) ORDER BY 1",
        )?
        .query_map([head], |row| row.get(0))?
        .map(|lead| member(db, lead?))
        .collect::<rusqlite::Result<Vec<Member>>>()?;
    members.sort_by_key(|member| (member.first_ms, member.article));
    let whole = db
        .prepare_cached(
            "SELECT text.digest, article.title FROM article JOIN text ON text.id = article.text_id WHERE article.id = ?1",
        )?
        .query_row([head], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))
        .optional()?;
    let (Some((digest, title)), Some(first)) = (whole, members.first()) else {
        return Ok(None);
    };
    let mut sources = BTreeMap::new();
    for (source, n) in members.iter().flat_map(|member| &member.sources) {
        *sources.entry(source.clone()).or_default() += n;
    }
    let latest = |of: fn(&Member) -> i64| members.iter().map(of).max().unwrap_or_default();
    let story = Story {
        schema: SCHEMA,
        story: hex(&digest, 8),
        article: head,
        title,
        families: members.len(),
        articles: members.iter().map(|member| member.articles).sum(),
        sources,
        first_ms: first.first_ms,
        last_ms: latest(|member| member.last_ms),
        recorded_ms: latest(|member| member.recorded_ms),
    };
    Ok(Some(StoryInFull { story, members }))
}

/// A family by its lead.
fn member(db: &Connection, lead: i64) -> rusqlite::Result<Member> {
    let mut member = db
        .prepare_cached(
            "SELECT article.first_ms, source.name, article.title, article.recorded_ms, article.family_id
             FROM article LEFT JOIN source ON source.id = article.source_id WHERE article.id = ?1",
        )?
        .query_row([lead], |row| {
            let (first_ms, source) = (row.get(0)?, row.get::<_, Option<String>>(1)?);
            let alone = Member {
                article: lead,
                first_ms,
                title: row.get(2)?,
                articles: 1,
                sources: source.iter().map(|name| (name.clone(), 1)).collect(),
                source,
                last_ms: first_ms,
                recorded_ms: row.get(3)?,
            };
            Ok((alone, row.get::<_, Option<i64>>(4)?))
        })?;
    if let (member, Some(family)) = (&mut member.0, member.1) {
        count(db, family, member)?;
    }
    Ok(member.0)
}

/// Counts the articles of a family.
fn count(db: &Connection, family: i64, member: &mut Member) -> rusqlite::Result<()> {
    let mut counts = db.prepare_cached(
        "SELECT source.name, count(*), max(article.first_ms), max(article.recorded_ms)
         FROM article LEFT JOIN source ON source.id = article.source_id WHERE article.family_id = ?1
         GROUP BY article.source_id ORDER BY article.source_id",
    )?;
    let mut rows = counts.query(params![family])?;
    member.articles = 0;
    member.sources.clear();
    while let Some(row) = rows.next()? {
        let n: i64 = row.get(1)?;
        member.articles += n;
        if let Some(source) = row.get::<_, Option<String>>(0)? {
            member.sources.insert(source, n);
        }
        member.last_ms = member.last_ms.max(row.get(2)?);
        member.recorded_ms = member.recorded_ms.max(row.get(3)?);
    }
    Ok(())
}
