//! Everything the record knows of one article.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Row};
use serde::Serialize;

use crate::article::cutting::Cutting;
use crate::store::StoreError;

use super::article::{self, RecordedArticle, hex};
use super::{PathText, Reader};

/// Members of a family that are listed.
const MEMBERS_MAX: i64 = 200;

/// Sightings that are listed, the first ones.
const SIGHTINGS_MAX: i64 = 200;

/// Fewest hexadecimal digits of a digest that name a document, so that a mistyped number does not.
const DIGEST_DIGITS_MIN: usize = 6;

/// An article and what is around it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dossier {
    /// The article object.
    pub article: RecordedArticle,
    /// The digest of its document (BLAKE3).
    pub digest: String,
    /// Its document's size.
    pub size_bytes: i64,
    /// When it was recorded, Unix milliseconds.
    pub recorded_ms: i64,
    /// By which version.
    pub edited_by: String,
    /// Publication, else arrival, Unix milliseconds.
    pub first_ms: i64,
    /// All that was found, with evidence.
    pub fields: Vec<FieldFound>,
    /// The version before it, and by what that was recognised.
    pub earlier: Option<(i64, String)>,
    /// How many members its family has.
    pub family_size: i64,
    /// They, the first first.
    pub members: Vec<Member>,
    /// Where its document was seen.
    pub sightings: Vec<Sighting>,
}

/// One value that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldFound {
    /// Its name in the article object.
    pub name: String,
    /// What was found.
    pub value: String,
    /// By which rule.
    pub rule: String,
    /// Where in the decoded input, in bytes.
    pub span: Option<(i64, i64)>,
    /// How surely, from 0 to 1.
    pub confidence: f64,
}

/// A member of a family.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// The article.
    pub id: i64,
    /// Whether it is the first.
    pub is_lead: bool,
    /// Publication, else arrival, Unix milliseconds.
    pub first_ms: i64,
    /// Its publisher.
    pub source: Option<String>,
    /// Its verdict.
    pub verdict: String,
    /// What its verdict names.
    pub of: Option<i64>,
    /// How near it is to that.
    pub resemblance: Option<f64>,
    /// Its headline.
    pub title: Option<String>,
}

/// A document seen as a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sighting {
    /// The job.
    pub job: i64,
    /// The drop folder.
    pub drop: String,
    /// The file.
    #[serde(flatten)]
    pub path: PathText,
    /// When it was first seen, Unix milliseconds.
    pub seen_ms: i64,
    /// Its last change, Unix milliseconds.
    pub mtime_ms: i64,
    /// Whether it counts as the document's first.
    pub is_first: bool,
}

impl Reader {
    /// The articles a word names: an id, the path of a file (its latest document), or the first digits of a
    /// document's digest.
    pub fn articles_named(&self, name: &str, path: &Path) -> Result<Vec<i64>, StoreError> {
        self.at_once(|db| {
            if let Ok(id) = name.parse::<i64>() {
                let found = db
                    .query_row("SELECT id FROM article WHERE id = ?1", [id], |row| {
                        row.get(0)
                    })
                    .optional()?;
                if let Some(id) = found {
                    return Ok(vec![id]);
                }
            }
            let of_path = ids(
                db,
                "SELECT id FROM article WHERE document_id =
                   (SELECT document_id FROM job WHERE path = ?1 AND document_id IS NOT NULL ORDER BY id DESC LIMIT 1)
                 ORDER BY ordinal",
                (path.as_os_str().as_bytes(),),
            )?;
            match digest_range(name) {
                Some(range) if of_path.is_empty() => ids(
                    db,
                    "SELECT article.id FROM document JOIN article ON article.document_id = document.id
                     WHERE document.digest BETWEEN ?1 AND ?2 ORDER BY article.id LIMIT 100",
                    range,
                ),
                Some(_) | None => Ok(of_path),
            }
        })
    }

    /// Everything the record knows of an article.
    pub fn dossier(&self, id: i64) -> Result<Option<Dossier>, StoreError> {
        self.at_once(|db| match article::load(db, id)? {
            Some(article) => dossier(db, id, article).map(Some),
            None => Ok(None),
        })
    }

    /// The decoded input of an article in pieces; nothing where it was not kept.
    pub fn cutting(&self, id: i64) -> Result<Option<Cutting>, StoreError> {
        self.at_once(|db| {
            let Some(input) = article::input(db, id)? else {
                return Ok(None);
            };
            Ok(Some(Cutting {
                id: Some(id),
                ..Cutting::new(&input, &article::pieces(db, id)?)
            }))
        })
    }
}

fn ids(db: &Connection, sql: &str, with: impl rusqlite::Params) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(sql)?
        .query_map(with, |row| row.get(0))?
        .collect()
}

/// The digests that begin with these hexadecimal digits.
fn digest_range(digits: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hex || !(DIGEST_DIGITS_MIN..=64).contains(&digits.len()) {
        return None;
    }
    let filled = |with: char| -> Option<Vec<u8>> {
        let digits: Vec<u8> = digits
            .chars()
            .chain(std::iter::repeat(with))
            .take(64)
            .map(|digit| {
                digit
                    .to_digit(16)
                    .and_then(|digit| u8::try_from(digit).ok())
            })
            .collect::<Option<_>>()?;
        Some(
            digits
                .chunks_exact(2)
                .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
                .collect(),
        )
    };
    Some((filled('0')?, filled('f')?))
}

fn dossier(db: &Connection, id: i64, article: RecordedArticle) -> rusqlite::Result<Dossier> {
    let earlier = db
        .prepare_cached("SELECT earlier_id, basis FROM version WHERE article_id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let family: Option<(i64, i64)> = db
        .prepare_cached(
            "SELECT family.id, family.members FROM article JOIN family ON family.id = article.family_id
             WHERE article.id = ?1",
        )?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let members = match family {
        Some((family, _)) => members(db, family)?,
        None => Vec::new(),
    };
    let (fields, sightings) = (fields(db, id)?, sightings(db, id)?);
    db.prepare_cached(
        "SELECT document.digest, document.size_bytes, article.recorded_ms, article.edited_by, article.first_ms
         FROM article JOIN document ON document.id = article.document_id WHERE article.id = ?1",
    )?
    .query_row([id], |row| {
        Ok(Dossier {
            article,
            digest: hex(&row.get::<_, Vec<u8>>(0)?, 32),
            size_bytes: row.get(1)?,
            recorded_ms: row.get(2)?,
            edited_by: row.get(3)?,
            first_ms: row.get(4)?,
            fields,
            earlier,
            family_size: family.map_or(0, |(_, members)| members),
            members,
            sightings,
        })
    })
}

fn fields(db: &Connection, id: i64) -> rusqlite::Result<Vec<FieldFound>> {
    db.prepare_cached(
        "SELECT name, value, rule, span_start, span_end, confidence FROM field WHERE article_id = ?1
         ORDER BY name, ordinal",
    )?
    .query_map([id], |row| {
        let span: (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
        Ok(FieldFound {
            name: row.get(0)?,
            value: row.get(1)?,
            rule: row.get(2)?,
            span: span.0.zip(span.1),
            confidence: row.get(5)?,
        })
    })?
    .collect()
}

fn members(db: &Connection, family: i64) -> rusqlite::Result<Vec<Member>> {
    db.prepare_cached(
        "SELECT article.id, article.id = family.lead_id, article.first_ms, source.name, article.verdict,
                article.of_id, article.resemblance, article.title
         FROM article JOIN family ON family.id = article.family_id
         LEFT JOIN source ON source.id = article.source_id
         WHERE article.family_id = ?1
         ORDER BY article.id <> family.lead_id, article.first_ms, article.id LIMIT ?2",
    )?
    .query_map([family, MEMBERS_MAX], |row| {
        Ok(Member {
            id: row.get(0)?,
            is_lead: row.get(1)?,
            first_ms: row.get(2)?,
            source: row.get(3)?,
            verdict: row.get(4)?,
            of: row.get(5)?,
            resemblance: row.get(6)?,
            title: row.get(7)?,
        })
    })?
    .collect()
}

fn sightings(db: &Connection, id: i64) -> rusqlite::Result<Vec<Sighting>> {
    db.prepare_cached(
        "SELECT job.id, drop_folder.name, job.path, job.seen_ms, job.mtime_ns / 1000000,
                job.id = document.first_job_id
         FROM article JOIN document ON document.id = article.document_id
         JOIN job ON job.document_id = document.id JOIN drop_folder ON drop_folder.id = job.drop_id
         WHERE article.id = ?1 ORDER BY job.id <> document.first_job_id, job.seen_ms, job.id LIMIT ?2",
    )?
    .query_map([id, SIGHTINGS_MAX], |row: &Row<'_>| {
        Ok(Sighting {
            job: row.get(0)?,
            drop: row.get(1)?,
            path: row.get::<_, Vec<u8>>(2)?.into(),
            seen_ms: row.get(3)?,
            mtime_ms: row.get(4)?,
            is_first: row.get(5)?,
        })
    })?
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_named_by_its_first_digits() {
        assert_eq!(digest_range("12345"), None);
        assert_eq!(digest_range("no-hex"), None);
        let (low, high) = digest_range("abcdef1").expect("a range");
        assert_eq!((low.len(), high.len()), (32, 32));
        assert_eq!(
            (&low[..4], &high[..4]),
            (&[0xab, 0xcd, 0xef, 0x10][..], &[0xab, 0xcd, 0xef, 0x1f][..])
        );
    }
}
