//! Articles of the record as article objects, one by one or all in turn.

use std::collections::BTreeMap;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;

use crate::article::cutting::{self, MARKUP, Piece};
use crate::article::object::{ArticleObject, CutObject, EvidenceObject, VerdictObject};
use crate::article::unpack::Place;
use crate::store::StoreError;
use crate::store::pieces::Pieces;

use super::usability::{StatedLater, stated_later};
use super::{Between, PathText, Reader, SCHEMA};

/// Articles whose ids are fetched at once while all are streamed.
const PAGE: i64 = 512;

/// Largest decoded input that is unpacked: as much as the editor takes in.
const INPUT_BYTES_MAX: i64 = 1 << 30;

/// An article of the record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordedArticle {
    /// The article object.
    #[serde(flatten)]
    pub object: ArticleObject,
    /// The path of its first sighting.
    #[serde(skip)]
    pub path: PathText,
    /// Where its status is stated, if not by itself.
    #[serde(skip)]
    pub stated_later: Option<StatedLater>,
}

/// Which articles are exported.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Recorded in this time.
    pub between: Between,
    /// Of this source.
    pub source: Option<String>,
    /// With one of these verdicts; empty for any.
    pub verdicts: Vec<String>,
    /// Only those without a family, and of each family the lead.
    pub leads: bool,
}

impl Reader {
    /// The article with this id.
    pub fn article(&self, id: i64) -> Result<Option<RecordedArticle>, StoreError> {
        self.at_once(|db| load(db, id))
    }

    /// Hands every wanted article to `take` in the order of ids until it fails; holds one at a time in memory.
    pub fn each_article<E: From<StoreError>>(
        &self,
        wanted: &Wanted,
        mut take: impl FnMut(RecordedArticle) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after = 0;
        loop {
            let page = self
                .at_once(|db| ids_after(db, wanted, after))
                .map_err(E::from)?;
            let Some(last) = page.last().copied() else {
                return Ok(());
            };
            for id in page {
                if let Some(article) = self.article(id).map_err(E::from)? {
                    take(article)?;
                }
            }
            after = last;
        }
    }
}

fn ids_after(db: &Connection, wanted: &Wanted, after: i64) -> rusqlite::Result<Vec<i64>> {
    let verdicts = serde_json::json!(wanted.verdicts).to_string();
    db.prepare_cached(
        "SELECT article.id FROM article
         LEFT JOIN source ON source.id = article.source_id
         LEFT JOIN family ON family.id = article.family_id
         WHERE article.id > ?1
           AND (?2 IS NULL OR article.recorded_ms >= ?2) AND (?3 IS NULL OR article.recorded_ms < ?3)
           AND (?4 IS NULL OR source.name = ?4)
           AND (?5 = '[]' OR article.verdict IN (SELECT value FROM json_each(?5)))
           AND (NOT ?6 OR family.id IS NULL OR family.lead_id = article.id)
         ORDER BY article.id LIMIT ?7",
    )?
    .query_map(
        params![
            after,
            wanted.between.since_ms,
            wanted.between.until_ms,
            wanted.source,
            verdicts,
            wanted.leads,
            PAGE
        ],
        |row| row.get(0),
    )?
    .collect()
}

/// One article, whole.
pub(super) fn load(db: &Connection, id: i64) -> rusqlite::Result<Option<RecordedArticle>> {
    let found = db
        .prepare_cached(
            "SELECT article.member, article.guid, coalesce(article.format, document.format),
                    coalesce(article.charset, document.charset), article.title, article.text,
                    source.name, article.published, article.language, article.url, article.verdict, article.of_id,
                    article.resemblance, article.contains, article.contained, coalesce(article.charset_rule, document.charset_rule), job.path,
                    article.text_id, lead_text.digest, story_text.digest, article.place
             FROM article
             JOIN document ON document.id = article.document_id
             JOIN job ON job.id = document.first_job_id
             LEFT JOIN source ON source.id = article.source_id
             LEFT JOIN family ON family.id = article.family_id
             LEFT JOIN article AS lead ON lead.id = family.lead_id
             LEFT JOIN text AS lead_text ON lead_text.id = lead.text_id
             LEFT JOIN theme ON theme.article_id = coalesce(family.lead_id, article.id)
             LEFT JOIN article AS story ON story.id = theme.story_id
             LEFT JOIN text AS story_text ON story_text.id = story.text_id
             WHERE article.id = ?1",
        )?
        .query_row([id], |row| Ok((article_of(row, id)?, row.get::<_, i64>(17)?)))
        .optional()?;
    let Some((mut article, text)) = found else {
        return Ok(None);
    };
    add_fields(db, id, &mut article.object)?;
    article.stated_later = stated_later(db, id)?;
    if let Some(later) = &article.stated_later {
        let rule = if later.article.is_some() {
            "later-item"
        } else {
            "notice"
        };
        let evidence = EvidenceObject {
            file: Some(later.path.path.clone()),
            ..outside_evidence(rule.to_owned())
        };
        article.object.status = Some(later.status.clone());
        article
            .object
            .evidence
            .insert("status".to_owned(), evidence);
    }
    article.object.cuts = cuts(db, id)?;
    article.object.shares = shares(db, text)?;
    Ok(Some(article))
}

/// Where an article stands in its file.
fn place_of(row: &Row<'_>, column: usize) -> rusqlite::Result<Place> {
    let Some(kept) = row.get::<_, Option<String>>(column)? else {
        return Ok(Place::default());
    };
    Place::from_json(&kept).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// The columns of [`load`]'s question.
fn article_of(row: &Row<'_>, id: i64) -> rusqlite::Result<RecordedArticle> {
    let path = PathText::from(row.get::<_, Vec<u8>>(16)?);
    let object = ArticleObject {
        schema: SCHEMA,
        id: Some(id),
        path: Some(path.path.clone()),
        path_base64: path.path_base64.clone(),
        member: row.get(0)?,
        place: place_of(row, 20)?,
        guid: row.get(1)?,
        version: None,
        status: None,
        embargo: None,
        format: row.get(2)?,
        charset: row.get(3)?,
        declared_charset: None,
        title: row.get(4)?,
        text: row.get(5)?,
        subtitle: None,
        byline: Vec::new(),
        dateline: None,
        agency: Vec::new(),
        agency_id: None,
        source: row.get(6)?,
        published: row.get(7)?,
        modified: None,
        language: row.get(8)?,
        url: row.get(9)?,
        copyright: None,
        fields: BTreeMap::new(),
        captions: Vec::new(),
        credit: None,
        evidence: [("charset".to_owned(), outside_evidence(row.get(15)?))].into(),
        cuts: Vec::new(),
        verdict: Some(VerdictObject {
            kind: row.get(10)?,
            of: row.get(11)?,
            resemblance: row.get(12)?,
            contains: row.get(13)?,
            contained: row.get(14)?,
        }),
        shares: Vec::new(),
        family: row
            .get::<_, Option<Vec<u8>>>(18)?
            .map(|digest| hex(&digest, 8)),
        story: row
            .get::<_, Option<Vec<u8>>>(19)?
            .map(|digest| hex(&digest, 8)),
    };
    Ok(RecordedArticle {
        object,
        path,
        stated_later: None,
    })
}

fn outside_evidence(rule: String) -> EvidenceObject {
    EvidenceObject {
        rule,
        start: None,
        end: None,
        file: None,
    }
}

fn add_fields(db: &Connection, id: i64, object: &mut ArticleObject) -> rusqlite::Result<()> {
    let mut fields = db.prepare_cached(
        "SELECT name, ordinal, value, rule, span_start, span_end FROM field WHERE article_id = ?1
         ORDER BY name, ordinal",
    )?;
    let mut rows = fields.query([id])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let value: String = row.get(2)?;
        match name.as_str() {
            "subtitle" => object.subtitle = Some(value),
            "byline" => object.byline.push(value),
            "dateline" => object.dateline = Some(value),
            "agency" => object.agency.push(value),
            "guid" => object.guid = Some(value),
            "agency_id" => object.agency_id = Some(value),
            "declared_charset" => object.declared_charset = Some(value),
            "version" => object.version = Some(value),
            "status" => object.status = Some(value),
            "embargo" => object.embargo = Some(value),
            "copyright" => object.copyright = Some(value),
            "modified" => object.modified = Some(value),
            "captions" => object.captions.push(value),
            "credit" => object.credit = Some(value),
            _ => {}
        }
        if row.get::<_, i64>(1)? == 0 {
            let evidence = EvidenceObject {
                rule: row.get(3)?,
                start: offset(row.get(4)?),
                end: offset(row.get(5)?),
                file: None,
            };
            object.evidence.insert(name, evidence);
        }
    }
    Ok(())
}

fn offset(stored: Option<i64>) -> Option<usize> {
    stored.and_then(|bytes| usize::try_from(bytes).ok())
}

fn cuts(db: &Connection, id: i64) -> rusqlite::Result<Vec<CutObject>> {
    let cuts = cutting::cuts(&pieces(db, id)?);
    // Mere markup is not spelt out; without other cuts there is nothing to unpack.
    let worded = cuts.iter().any(|cut| cut.rule != MARKUP);
    let input = if worded { input(db, id)? } else { None };
    let object = |cut| CutObject::of(cut, input.as_deref());
    Ok(cuts.into_iter().map(object).collect())
}

/// The pieces of an article's input, kept and cut.
pub(super) fn pieces(db: &Connection, id: i64) -> rusqlite::Result<Vec<Piece>> {
    let pieces = db
        .prepare_cached("SELECT pieces FROM input WHERE article_id = ?1")?
        .query_row([id], |row| row.get::<_, Pieces>(0))
        .optional()?;
    Ok(pieces.map(|pieces| pieces.0).unwrap_or_default())
}

/// The decoded input of an article; nothing where it was not kept or cannot be unpacked.
pub(super) fn input(db: &Connection, id: i64) -> rusqlite::Result<Option<String>> {
    let kept = db
        .prepare_cached("SELECT size_bytes, zstd FROM input WHERE article_id = ?1")?
        .query_row([id], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
        })
        .optional()?;
    let Some((size, packed)) = kept else {
        return Ok(None);
    };
    let size = usize::try_from(size.clamp(0, INPUT_BYTES_MAX)).unwrap_or(0);
    Ok(zstd::bulk::decompress(&packed, size)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok()))
}

fn shares(db: &Connection, text: i64) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(
        "SELECT text.first_id FROM relation JOIN text ON text.id = relation.earlier_id
         WHERE relation.text_id = ?1 AND relation.tie = 'shares' AND text.first_id IS NOT NULL
         UNION
         SELECT text.first_id FROM relation JOIN text ON text.id = relation.text_id
         WHERE relation.earlier_id = ?1 AND relation.tie = 'shares' AND text.first_id IS NOT NULL
         ORDER BY 1",
    )?
    .query_map([text], |row| row.get(0))?
    .collect()
}

/// The first `bytes` of a digest, in hexadecimal digits.
pub(super) fn hex(digest: &[u8], bytes: usize) -> String {
    use std::fmt::Write as _;
    digest
        .iter()
        .take(bytes)
        .fold(String::new(), |mut text, byte| {
            // Writing to a string does not fail.
            write!(text, "{byte:02x}").unwrap_or_default();
            text
        })
}
