//! Who is kin to whom: the family of an article as it follows from what ties articles to one another, not as it is written.
//!
//! Articles of one text are kin, the first articles of two texts that a relation joins, and two versions that follow one
//! another. Families are kept with each commit; from this they can be checked, and made anew.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::job::ArticleId;

use super::articles;
use super::families::first_version;

/// The articles that an article is tied to directly: from the first of its text, by texts that are joined, by versions.
pub fn kin_of(db: &Connection, article: ArticleId) -> rusqlite::Result<Vec<ArticleId>> {
    db.prepare_cached(
        "WITH own AS (SELECT article.id, article.text_id, text.first_id FROM article JOIN text ON text.id = article.text_id
                      WHERE article.id = ?1)
         SELECT first_id FROM own WHERE first_id <> id
         UNION SELECT other.id FROM own JOIN article AS other ON other.text_id = own.text_id AND other.id <> own.id
               WHERE own.first_id = own.id
         UNION SELECT text.first_id FROM own JOIN relation ON relation.text_id = own.text_id AND relation.joins
               JOIN text ON text.id = relation.earlier_id WHERE own.first_id = own.id AND text.first_id IS NOT NULL
         UNION SELECT text.first_id FROM own JOIN relation ON relation.earlier_id = own.text_id AND relation.joins
               JOIN text ON text.id = relation.text_id WHERE own.first_id = own.id AND text.first_id IS NOT NULL
         UNION SELECT earlier_id FROM version WHERE article_id = ?1
         UNION SELECT article_id FROM version WHERE earlier_id = ?1
         ORDER BY 1",
    )?
    .query_map([article.0], |row| row.get(0).map(ArticleId))?
    .collect()
}

/// All articles that belong together with this one, itself among them.
pub fn component_of(db: &Connection, article: ArticleId) -> rusqlite::Result<BTreeSet<ArticleId>> {
    let mut found = BTreeSet::from([article]);
    let mut unasked = vec![article];
    while let Some(next) = unasked.pop() {
        for kin in kin_of(db, next)? {
            if found.insert(kin) {
                unasked.push(kin);
            }
        }
    }
    Ok(found)
}

/// Who leads these articles: the first version of the one that was first.
pub fn lead_of(
    db: &Connection,
    members: &BTreeSet<ArticleId>,
) -> rusqlite::Result<Option<ArticleId>> {
    let mut first = None;
    for member in members {
        let standing = articles::standing(db, *member)?;
        first = match first {
            Some((precedence, id)) if precedence <= standing.precedence => Some((precedence, id)),
            _ => Some((standing.precedence, standing.id)),
        };
    }
    match first {
        Some((_, id)) => first_version(db, id).map(Some),
        None => Ok(None),
    }
}

/// A family as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its row.
    pub id: i64,
    /// Who leads it.
    pub lead: ArticleId,
    /// How many members it is said to have.
    pub members: i64,
    /// Who says to be in it.
    pub articles: BTreeSet<ArticleId>,
}

/// The next family behind this row, as it is written.
pub fn next_family(db: &Connection, behind: i64) -> rusqlite::Result<Option<Written>> {
    let family = db
        .prepare_cached(
            "SELECT id, lead_id, members FROM family WHERE id > ?1 ORDER BY id LIMIT 1",
        )?
        .query_row([behind], |row| {
            Ok(Written {
                id: row.get(0)?,
                lead: ArticleId(row.get(1)?),
                members: row.get(2)?,
                articles: BTreeSet::new(),
            })
        })
        .optional()?;
    let Some(family) = family else {
        return Ok(None);
    };
    let articles = db
        .prepare_cached("SELECT id FROM article WHERE family_id = ?1")?
        .query_map([family.id], |row| row.get(0).map(ArticleId))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Some(Written { articles, ..family }))
}

impl Written {
    /// Whether it is what follows from what ties its articles.
    pub fn is_right(&self, db: &Connection) -> rusqlite::Result<bool> {
        let Some(any) = self.articles.first() else {
            return Ok(false);
        };
        let size = self.articles.len();
        Ok(size > 1
            && usize::try_from(self.members) == Ok(size)
            && component_of(db, *any)? == self.articles
            && lead_of(db, &self.articles)? == Some(self.lead))
    }
}

/// The next articles behind this one that are in no family and ought to be.
pub fn left_out(
    db: &Connection,
    behind: ArticleId,
    most: usize,
) -> rusqlite::Result<Vec<ArticleId>> {
    db.prepare_cached(
        "SELECT own.id FROM article AS own JOIN text ON text.id = own.text_id
         WHERE own.id > ?1 AND own.family_id IS NULL
           AND (text.first_id <> own.id
                OR EXISTS (SELECT 1 FROM article AS other WHERE other.text_id = own.text_id AND other.id <> own.id)
                OR EXISTS (SELECT 1 FROM relation JOIN text AS other ON other.id = relation.earlier_id
                           WHERE relation.text_id = own.text_id AND relation.joins AND other.first_id IS NOT NULL)
                OR EXISTS (SELECT 1 FROM relation JOIN text AS other ON other.id = relation.text_id
                           WHERE relation.earlier_id = own.text_id AND relation.joins AND other.first_id IS NOT NULL)
                OR EXISTS (SELECT 1 FROM version WHERE version.article_id = own.id)
                OR EXISTS (SELECT 1 FROM version WHERE version.earlier_id = own.id))
         ORDER BY own.id LIMIT ?2",
    )?
    .query_map(params![behind.0, most.cast_signed()], |row| {
        row.get(0).map(ArticleId)
    })?
    .collect()
}

/// Whether one of these articles has a text that is to be judged again: what ties it to others may change then.
pub fn is_any_due(db: &Connection, members: &BTreeSet<ArticleId>) -> rusqlite::Result<bool> {
    let mut is_due = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM article JOIN due ON due.text_id = article.text_id WHERE article.id = ?1)",
    )?;
    for member in members {
        if is_due.query_row([member.0], |row| row.get(0))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes the mark of a family from all articles whose family is not there.
pub fn clear_lost(db: &Connection) -> rusqlite::Result<usize> {
    db.execute(
        "UPDATE article SET family_id = NULL
         WHERE family_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM family WHERE family.id = article.family_id)",
        [],
    )
}
