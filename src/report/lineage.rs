//! The family of an article as a tree in time: who was first by claim and by arrival, who copied, trimmed and expanded,
//! who credits whom.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, Row};
use serde::Serialize;

use crate::article::object::VerdictObject;
use crate::store::StoreError;
use crate::verdict::Precedence;

use super::article::hex;
use super::kinship::{self, Knot, LagBy, Place, Times};
use super::{PathText, Reader, SCHEMA};

/// Articles of a family that are read: some hundred bytes each.
const FAMILY_MAX: i64 = 100_000;

/// Articles with shared passages that are listed.
const SHARES_MAX: i64 = 10;

/// The family of an article.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lineage {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The article that was asked for.
    pub article: i64,
    /// Its family, named as in the article object; nothing where it is alone.
    pub family: Option<String>,
    /// How many articles it has.
    pub articles: i64,
    /// From how many sources.
    pub sources: usize,
    /// Its first article: by stated publication, else by arrival.
    pub lead: i64,
    /// Who states the earliest time of publication.
    pub first_by_claim: Option<i64>,
    /// Who came first; in the same minute, the first by the order of "who was first".
    pub first_by_arrival: Option<i64>,
    /// From the first to the last of them, by publication, else by arrival, in milliseconds.
    pub span_ms: i64,
    /// How many of its articles have which verdict.
    pub verdicts: BTreeMap<String, usize>,
    /// The agencies that are credited, the most credited first.
    pub credits: Vec<Credit>,
    /// Its texts that are to be judged again: its articles may still change places.
    pub due: i64,
    /// Its articles, each followed by those whose verdict names it.
    pub members: Vec<Kin>,
    /// How many articles outside it share passages with the article that was asked for.
    pub sharing: i64,
    /// Some of them, those that share most.
    pub shares: Vec<Sharer>,
}

/// An agency that articles of a family credit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Credit {
    /// Its id.
    pub agency: String,
    /// How many articles credit it, its own not counted.
    pub articles: usize,
    /// The first article of its own in the family.
    pub own: Option<i64>,
}

/// An article of a family.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kin {
    /// The article.
    pub id: i64,
    /// The article it stands under in the tree.
    pub under: Option<i64>,
    /// How deep it stands: 0 for a root.
    pub depth: usize,
    /// Its publisher.
    pub source: Option<String>,
    /// Its file.
    #[serde(flatten)]
    pub path: PathText,
    /// Which member of the file.
    pub member: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// The publication as stated.
    pub published: Option<String>,
    /// The same in Unix milliseconds, where it is believed; a day alone counts as its end.
    pub stated_ms: Option<i64>,
    /// Its arrival to the minute, Unix milliseconds.
    pub arrival_ms: i64,
    /// How long after the lead, in milliseconds; nothing for the lead itself.
    pub lag_ms: Option<i64>,
    /// By what that was measured.
    pub lag_by: Option<LagBy>,
    /// Its verdict.
    pub verdict: VerdictObject,
    /// By what it was recognised as a later version: `guid`, `url` or `path`.
    pub version_by: Option<String>,
    /// The agencies it credits; its own is none of them.
    pub agency: Vec<String>,
}

/// An article that shares passages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sharer {
    /// The article.
    pub id: i64,
    /// Its publisher.
    pub source: Option<String>,
    /// Publication, else arrival, Unix milliseconds.
    pub first_ms: i64,
    /// Its headline.
    pub title: Option<String>,
    /// How many shingles of five words both have.
    pub shared: i64,
    /// Words of the longest passage both have.
    pub longest_run: i64,
}

impl Reader {
    /// The family of an article; of one that is alone, it alone.
    pub fn lineage(&self, id: i64) -> Result<Option<Lineage>, StoreError> {
        self.at_once(|db| {
            let known = db
                .prepare_cached(
                    "SELECT article.family_id, family.lead_id, family.members, text.digest
                     FROM article
                     LEFT JOIN family ON family.id = article.family_id
                     LEFT JOIN article AS lead ON lead.id = family.lead_id
                     LEFT JOIN text ON text.id = lead.text_id
                     WHERE article.id = ?1",
                )?
                .query_row([id], |row| {
                    Ok(Family {
                        asked: id,
                        row: row.get(0)?,
                        lead: row.get::<_, Option<i64>>(1)?.unwrap_or(id),
                        articles: row.get::<_, Option<i64>>(2)?.unwrap_or(1),
                        digest: row.get(3)?,
                    })
                })
                .optional()?;
            known.map(|family| lineage(db, &family)).transpose()
        })
    }
}

/// An article as it is read, with what it is compared by.
struct Found {
    kin: Kin,
    text: i64,
    precedence: Precedence,
}

/// What is asked for.
struct Family {
    asked: i64,
    row: Option<i64>,
    lead: i64,
    articles: i64,
    digest: Option<Vec<u8>>,
}

fn lineage(db: &Connection, family: &Family) -> rusqlite::Result<Lineage> {
    let mut found = found(db, family)?;
    add_agencies(db, family, &mut found)?;
    let credits = credits(&mut found);
    let texts: BTreeSet<i64> = found.iter().map(|it| it.text).collect();
    let own_text = found
        .iter()
        .find(|it| it.kin.id == family.asked)
        .map_or(0, |it| it.text);
    let (sharing, shares) = sharers(db, family, own_text)?;
    let firsts = found.iter().map(|it| it.precedence.first_ms);
    let span_ms = firsts.clone().max().unwrap_or(0) - firsts.min().unwrap_or(0);
    let mut verdicts = BTreeMap::new();
    for it in &found {
        *verdicts.entry(it.kin.verdict.kind.clone()).or_default() += 1;
    }
    let sources: BTreeSet<&str> = found
        .iter()
        .filter_map(|it| it.kin.source.as_deref())
        .collect();
    Ok(Lineage {
        schema: SCHEMA,
        article: family.asked,
        family: family.digest.as_deref().map(|digest| hex(digest, 8)),
        articles: family.articles,
        sources: sources.len(),
        lead: family.lead,
        first_by_claim: found
            .iter()
            .filter(|it| it.kin.stated_ms.is_some())
            .min_by_key(|it| (it.kin.stated_ms, &it.precedence, it.kin.id))
            .map(|it| it.kin.id),
        first_by_arrival: found
            .iter()
            .min_by_key(|it| (it.kin.arrival_ms, &it.precedence, it.kin.id))
            .map(|it| it.kin.id),
        span_ms,
        verdicts,
        credits,
        due: due(db, &texts)?,
        members: in_tree(found, family.lead),
        sharing,
        shares,
    })
}

/// The articles of a family. The lead and whoever was asked for are among them, however large it is.
const KIN: &str = "
    SELECT ?1 AS id UNION SELECT ?2
    UNION SELECT id FROM (SELECT id FROM article WHERE family_id = ?3 ORDER BY id LIMIT ?4)";

fn found(db: &Connection, family: &Family) -> rusqlite::Result<Vec<Found>> {
    let mut found: Vec<Found> = db
        .prepare_cached(&format!(
            "SELECT article.id, source.name, job.path, article.member, article.title, article.published,
                    document.arrival_ms, article.verdict, article.of_id, article.resemblance, article.contains,
                    article.contained, version.basis, article.text_id, article.first_ms,
                    octet_length(article.text), document.size_bytes, document.digest, article.ordinal
             FROM article
             JOIN document ON document.id = article.document_id
             JOIN job ON job.id = document.first_job_id
             LEFT JOIN source ON source.id = article.source_id
             LEFT JOIN version ON version.article_id = article.id
             WHERE article.id IN ({KIN}) ORDER BY article.id"
        ))?
        .query_map((family.asked, family.lead, family.row, FAMILY_MAX), read)?
        .collect::<rusqlite::Result<_>>()?;
    let times = |it: &Kin| Times::of(it.published.as_deref(), it.arrival_ms);
    let lead = found.iter().find(|it| it.kin.id == family.lead);
    let Some(lead) = lead.map(|it| times(&it.kin)) else {
        return Ok(found);
    };
    for it in found.iter_mut().filter(|it| it.kin.id != family.lead) {
        let (lag_ms, by) = times(&it.kin).behind(lead);
        (it.kin.lag_ms, it.kin.lag_by) = (Some(lag_ms), Some(by));
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Found> {
    let (published, arrival_ms): (Option<String>, i64) = (row.get(5)?, row.get(6)?);
    let stated = Times::of(published.as_deref(), arrival_ms).stated;
    let kin = Kin {
        id: row.get(0)?,
        under: None,
        depth: 0,
        source: row.get(1)?,
        path: row.get::<_, Vec<u8>>(2)?.into(),
        member: row.get(3)?,
        title: row.get(4)?,
        published,
        stated_ms: stated.map(|(ms, _)| ms),
        arrival_ms,
        lag_ms: None,
        lag_by: None,
        verdict: VerdictObject {
            kind: row.get(7)?,
            of: row.get(8)?,
            resemblance: row.get(9)?,
            contains: row.get(10)?,
            contained: row.get(11)?,
        },
        version_by: row.get(12)?,
        agency: Vec::new(),
    };
    Ok(Found {
        kin,
        text: row.get(13)?,
        precedence: Precedence {
            first_ms: row.get(14)?,
            arrival_ms,
            text_bytes: std::cmp::Reverse(row.get(15)?),
            size_bytes: row.get(16)?,
            digest: row.get(17)?,
            ordinal: row.get(18)?,
        },
    })
}

fn add_agencies(db: &Connection, family: &Family, found: &mut [Found]) -> rusqlite::Result<()> {
    let mut fields = db.prepare_cached(&format!(
        "SELECT article_id, value FROM field WHERE name = 'agency' AND article_id IN ({KIN})
         ORDER BY article_id, ordinal"
    ))?;
    let mut rows = fields.query((family.asked, family.lead, family.row, FAMILY_MAX))?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        // They were read in the order of their ids.
        if let Ok(at) = found.binary_search_by_key(&id, |it| it.kin.id)
            && let Some(it) = found.get_mut(at)
        {
            it.kin.agency.push(row.get(1)?);
        }
    }
    Ok(())
}

/// Who is credited, and by how many. That an agency names itself in its own articles is no credit, and is taken out.
fn credits(found: &mut [Found]) -> Vec<Credit> {
    let agencies: BTreeSet<String> = found
        .iter()
        .flat_map(|it| it.kin.agency.iter().cloned())
        .collect();
    let mut credits = Vec::with_capacity(agencies.len());
    for agency in agencies {
        let mut own: Option<(&Precedence, i64)> = None;
        let mut articles = 0;
        for it in found.iter_mut() {
            let source = it.kin.source.as_deref();
            if source.is_some_and(|source| kinship::is_of_agency(source, &agency)) {
                it.kin.agency.retain(|it| *it != agency);
                let this = (&it.precedence, it.kin.id);
                own = Some(own.map_or(this, |own| own.min(this)));
            } else if it.kin.agency.contains(&agency) {
                articles += 1;
            }
        }
        credits.push(Credit {
            own: own.map(|(_, id)| id),
            agency,
            articles,
        });
    }
    credits.sort_by_key(|it| std::cmp::Reverse(it.articles));
    credits
}

fn in_tree(mut found: Vec<Found>, lead: i64) -> Vec<Kin> {
    let knots: Vec<Knot> = found
        .iter()
        .map(|it| Knot {
            id: it.kin.id,
            of: it.kin.verdict.of,
            precedence: it.precedence.clone(),
        })
        .collect();
    let mut rank = vec![usize::MAX; found.len()];
    for (at, Place { knot, under, depth }) in kinship::tree(&knots, lead).into_iter().enumerate() {
        if let (Some(it), Some(rank)) = (found.get_mut(knot), rank.get_mut(knot)) {
            (it.kin.under, it.kin.depth) = (under, depth);
            *rank = at;
        }
    }
    let mut ranked: Vec<(usize, Found)> = rank.into_iter().zip(found).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, it)| it.kin).collect()
}

fn due(db: &Connection, texts: &BTreeSet<i64>) -> rusqlite::Result<i64> {
    let mut asked = db.prepare_cached("SELECT count(*) FROM due WHERE text_id = ?1")?;
    texts
        .iter()
        .map(|text| asked.query_row([text], |row| row.get::<_, i64>(0)))
        .sum()
}

/// Who shares passages with a text without being of its family, and how many they are.
fn sharers(db: &Connection, family: &Family, text: i64) -> rusqlite::Result<(i64, Vec<Sharer>)> {
    let tied = "
        FROM (SELECT earlier_id AS other, shared, longest_run FROM relation WHERE text_id = ?1 AND tie = 'shares'
              UNION ALL
              SELECT text_id, shared, longest_run FROM relation WHERE earlier_id = ?1 AND tie = 'shares') AS tied
        JOIN text ON text.id = tied.other
        JOIN article ON article.id = text.first_id
        LEFT JOIN source ON source.id = article.source_id
        WHERE ?2 IS NULL OR article.family_id IS NOT ?2";
    let count = db
        .prepare_cached(&format!("SELECT count(*) {tied}"))?
        .query_row((text, family.row), |row| row.get(0))?;
    let shares = db
        .prepare_cached(&format!(
            "SELECT article.id, source.name, article.first_ms, article.title, tied.shared, tied.longest_run {tied}
             ORDER BY tied.shared DESC, article.first_ms, article.id LIMIT ?3"
        ))?
        .query_map((text, family.row, SHARES_MAX), |row| {
            Ok(Sharer {
                id: row.get(0)?,
                source: row.get(1)?,
                first_ms: row.get(2)?,
                title: row.get(3)?,
                shared: row.get(4)?,
                longest_run: row.get(5)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok((count, shares))
}
