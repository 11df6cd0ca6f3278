//! Versions and families: which articles belong together.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::job::ArticleId;

/// The nearest article with the same stated identity, before or after; they are ordered by their last change, then like
/// "who was first".
macro_rules! mates_by_statement {
    ($column:literal, $before:literal, $order:literal) => {
        concat!(
            "SELECT b.id FROM article AS a JOIN article AS b ON b.",
            $column,
            " = a.",
            $column,
            " AND b.id <> a.id JOIN document AS da ON da.id = a.document_id JOIN document AS db ON db.id = b.document_id ",
            "WHERE a.id = ?1 AND b.source_id IS a.source_id AND b.text_id <> a.text_id ",
            "AND (b.changed_ms, db.arrival_ms, db.size_bytes, db.digest, b.ordinal) ",
            $before,
            " (a.changed_ms, da.arrival_ms, da.size_bytes, da.digest, a.ordinal) ORDER BY b.changed_ms ",
            $order,
            ", db.arrival_ms ",
            $order,
            ", db.size_bytes ",
            $order,
            ", db.digest ",
            $order,
            ", b.ordinal ",
            $order,
            " LIMIT 1"
        )
    };
}

/// The nearest article that lay under the same path, before or after. That order is a fact of the files' change times.
/// Only a file that holds one article is the article's identity.
macro_rules! mates_by_path {
    ($before:literal, $order:literal) => {
        concat!(
            "SELECT b.id FROM article AS a JOIN job AS ja ON ja.document_id = a.document_id AND ja.state = 'done' ",
            "JOIN job AS jb ON jb.path = ja.path AND jb.state = 'done' AND jb.document_id <> ja.document_id ",
            "JOIN article AS b ON b.document_id = jb.document_id ",
            "WHERE a.id = ?1 AND a.member IS NULL AND b.member IS NULL ",
            "AND b.source_id IS a.source_id AND b.text_id <> a.text_id AND (jb.ctime_ns, jb.id) ",
            $before,
            " (ja.ctime_ns, ja.id) ORDER BY jb.ctime_ns ",
            $order,
            ", jb.id ",
            $order,
            " LIMIT 1"
        )
    };
}

/// By what a version was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The identity the document states.
    Guid,
    /// The canonical URL.
    Url,
    /// The path of the file.
    Path,
    /// What its headline says it is: "UPDATE 2-", "1st Ld-Writethru".
    Headline,
}

impl Basis {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Guid => "guid",
            Self::Url => "url",
            Self::Path => "path",
            Self::Headline => "headline",
        }
    }
}

/// The neighbours of an article in its line of versions: same source, same identity, another text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// By what they were recognised.
    pub basis: Basis,
    /// The version before.
    pub earlier: Option<ArticleId>,
    /// The version after.
    pub later: Option<ArticleId>,
}

/// Where an article stands in its line of versions; by guid, else by URL, else by path.
pub fn line_of(db: &Connection, article: ArticleId) -> rusqlite::Result<Option<Line>> {
    let (has_guid, has_url) = db
        .prepare_cached("SELECT guid IS NOT NULL, url IS NOT NULL FROM article WHERE id = ?1")?
        .query_row([article.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .unwrap_or_default();
    for (is_known, basis, earlier, later) in [
        (
            has_guid,
            Basis::Guid,
            mates_by_statement!("guid", "<", "DESC"),
            mates_by_statement!("guid", ">", "ASC"),
        ),
        (
            has_url,
            Basis::Url,
            mates_by_statement!("url", "<", "DESC"),
            mates_by_statement!("url", ">", "ASC"),
        ),
        (
            true,
            Basis::Path,
            mates_by_path!("<", "DESC"),
            mates_by_path!(">", "ASC"),
        ),
    ] {
        if !is_known {
            continue;
        }
        let side = |sql: &str| -> rusqlite::Result<Option<ArticleId>> {
            db.prepare_cached(sql)?
                .query_row([article.0], |row| row.get(0).map(ArticleId))
                .optional()
        };
        let (earlier, later) = (side(earlier)?, side(later)?);
        if earlier.is_some() || later.is_some() {
            return Ok(Some(Line {
                basis,
                earlier,
                later,
            }));
        }
    }
    Ok(None)
}

/// An article as far as its headline tells which version it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headed {
    /// The article.
    pub id: ArticleId,
    /// Its publisher.
    pub source: Option<i64>,
    /// Its headline.
    pub title: Option<String>,
}

/// An article as far as its headline tells which version it is.
pub fn headed(db: &Connection, article: ArticleId) -> rusqlite::Result<Headed> {
    db.prepare_cached("SELECT source_id, title FROM article WHERE id = ?1")?
        .query_row([article.0], |row| {
            Ok(Headed {
                id: article,
                source: row.get(0)?,
                title: row.get(1)?,
            })
        })
}

/// Writes the version before an article, or that there is none; tells whether that changed anything.
pub fn set_earlier(
    db: &Connection,
    article: ArticleId,
    earlier: Option<(ArticleId, Basis)>,
) -> rusqlite::Result<bool> {
    if earlier_version(db, article)? == earlier.map(|(id, _)| id) {
        return Ok(false);
    }
    match earlier {
        None => db
            .prepare_cached("DELETE FROM version WHERE article_id = ?1")?
            .execute([article.0])?,
        Some((id, basis)) => db
            .prepare_cached(
                "INSERT INTO version (article_id, earlier_id, basis) VALUES (?1, ?2, ?3)
                 ON CONFLICT (article_id) DO UPDATE SET earlier_id = excluded.earlier_id, basis = excluded.basis",
            )?
            .execute(params![article.0, id.0, basis.as_str()])?,
    };
    Ok(true)
}

/// The version before an article.
pub fn earlier_version(db: &Connection, article: ArticleId) -> rusqlite::Result<Option<ArticleId>> {
    db.prepare_cached("SELECT earlier_id FROM version WHERE article_id = ?1")?
        .query_row([article.0], |row| row.get(0).map(ArticleId))
        .optional()
}

/// Longest line of versions that is walked.
const LINE_MAX: usize = 10_000;

/// The first version of an article: itself, if there is none before it.
pub fn first_version(db: &Connection, article: ArticleId) -> rusqlite::Result<ArticleId> {
    let mut first = article;
    for _ in 0..LINE_MAX {
        match earlier_version(db, first)? {
            Some(earlier) => first = earlier,
            None => break,
        }
    }
    Ok(first)
}

/// An article and all its later versions.
pub fn versions_from(db: &Connection, article: ArticleId) -> rusqlite::Result<Vec<ArticleId>> {
    db.prepare_cached(
        "WITH RECURSIVE line (id) AS (
             SELECT ?1 UNION SELECT version.article_id FROM line JOIN version ON version.earlier_id = line.id
         ) SELECT id FROM line ORDER BY id",
    )?
    .query_map([article.0], |row| row.get(0).map(ArticleId))?
    .collect()
}

/// Whether one article is a later version of another.
pub fn is_version_of(
    db: &Connection,
    later: ArticleId,
    earlier: ArticleId,
) -> rusqlite::Result<bool> {
    let mut at = later;
    for _ in 0..LINE_MAX {
        match earlier_version(db, at)? {
            Some(before) if before == earlier => return Ok(true),
            Some(before) => at = before,
            None => break,
        }
    }
    Ok(false)
}

/// A family in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// Its row.
    pub id: i64,
    /// Its first article.
    pub lead: ArticleId,
}

/// The family of an article, if it has one.
pub fn family_of(db: &Connection, article: ArticleId) -> rusqlite::Result<Option<Family>> {
    db.prepare_cached(
        "SELECT family.id, family.lead_id FROM article JOIN family ON family.id = article.family_id
         WHERE article.id = ?1",
    )?
    .query_row([article.0], |row| {
        Ok(Family {
            id: row.get(0)?,
            lead: ArticleId(row.get(1)?),
        })
    })
    .optional()
}

/// Takes a family apart; returns who its members were.
pub fn dissolve(db: &Connection, family: i64) -> rusqlite::Result<Vec<ArticleId>> {
    let members = db
        .prepare_cached("SELECT id FROM article WHERE family_id = ?1 ORDER BY id")?
        .query_map([family], |row| row.get(0).map(ArticleId))?
        .collect::<rusqlite::Result<Vec<ArticleId>>>()?;
    db.prepare_cached("UPDATE article SET family_id = NULL WHERE family_id = ?1")?
        .execute([family])?;
    db.prepare_cached("DELETE FROM family WHERE id = ?1")?
        .execute([family])?;
    Ok(members)
}

/// Makes one family of these families and these single articles, under `lead`; returns its row.
pub fn unite(
    db: &Connection,
    families: &[Family],
    singles: &[ArticleId],
    lead: ArticleId,
) -> rusqlite::Result<i64> {
    let kept = match families.first() {
        Some(family) => family.id,
        None => db
            .prepare_cached("INSERT INTO family (lead_id, members) VALUES (?1, 0)")?
            .insert([lead.0])?,
    };
    let mut joined = singles.len().cast_signed();
    for other in families.iter().skip(1) {
        let moved = db
            .prepare_cached("UPDATE article SET family_id = ?2 WHERE family_id = ?1")?
            .execute(params![other.id, kept])?;
        joined += moved.cast_signed();
        db.prepare_cached("DELETE FROM family WHERE id = ?1")?
            .execute([other.id])?;
    }
    for single in singles {
        db.prepare_cached("UPDATE article SET family_id = ?2 WHERE id = ?1")?
            .execute(params![single.0, kept])?;
    }
    db.prepare_cached("UPDATE family SET lead_id = ?2, members = members + ?3 WHERE id = ?1")?
        .execute(params![kept, lead.0, joined])?;
    Ok(kept)
}
