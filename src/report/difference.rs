//! An article beside another: how much they share, measured, and what only one of them has.

use rusqlite::{Connection, OptionalExtension as _};
use serde::Serialize;

use crate::article::duplicate::{self, Between, Passage, Reading, Tie};
use crate::store::StoreError;
use crate::store::relations::{self, Relation};

use super::alignment;
use super::{Reader, SCHEMA};

/// An article beside another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The article.
    pub this: Side,
    /// What it is compared with.
    pub other: Side,
    /// Whether both say the same words; layout, case and punctuation are not looked at.
    pub same_text: bool,
    /// Whether the measurements stand in the record; else they were taken for this answer.
    pub recorded: bool,
    /// The measurements; nothing for the same text.
    pub measured: Option<Measured>,
    /// Both texts in pieces.
    pub pieces: Vec<Part>,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The article.
    pub id: i64,
    /// Its publisher.
    pub source: Option<String>,
    /// Publication, else arrival, Unix milliseconds.
    pub first_ms: i64,
    /// Its headline.
    pub title: Option<String>,
    /// Its verdict.
    pub verdict: String,
    /// What that names.
    pub of: Option<i64>,
}

/// What was measured of two texts, as seen from the article.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measured {
    /// What it is to the other: `copy`, `excerpt`, `expansion`, `shares`, `none`.
    pub tie: &'static str,
    /// Whether that makes one family of the two; unknown where it is not in the record.
    pub joins: Option<bool>,
    /// How likely they are the same story text, from 0 to 1.
    pub probability: f64,
    /// Share of all their shingles that both have.
    pub resemblance: f64,
    /// Share of the other's shingles that stand in this one.
    pub contains: f64,
    /// Share of this one's shingles that stand in the other.
    pub contained: f64,
    /// Shingles both have.
    pub shared: usize,
    /// Words of the longest passage both have.
    pub longest_run: usize,
    /// Figures that differ inside passages.
    pub figures: usize,
    /// Names that do.
    pub names: usize,
}

/// Who has a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum In {
    /// Both.
    Both,
    /// Only the article.
    This,
    /// Only what it is compared with.
    Other,
}

/// A piece of the two texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Who has it.
    #[serde(rename = "in")]
    pub has: In,
    /// Whether the other one has it in another place.
    pub moved: bool,
    /// Where it stands in the article's text, in bytes.
    pub this: Option<(usize, usize)>,
    /// Where it stands in the other's.
    pub other: Option<(usize, usize)>,
    /// It; of what both have, as the article has it.
    pub text: String,
}

impl Reader {
    /// An article beside another; nothing where one of them is not there.
    pub fn difference(&self, this: i64, other: i64) -> Result<Option<Difference>, StoreError> {
        self.at_once(|db| {
            let (Some(this), Some(other)) = (told(db, this)?, told(db, other)?) else {
                return Ok(None);
            };
            difference(db, this, other).map(Some)
        })
    }

    /// What the verdict on an article names.
    pub fn named_by_verdict(&self, id: i64) -> Result<Option<i64>, StoreError> {
        self.at_once(|db| {
            db.query_row("SELECT of_id FROM article WHERE id = ?1", [id], |row| {
                row.get(0)
            })
            .optional()
            .map(Option::flatten)
        })
    }
}

/// An article with what it is compared by.
struct Told {
    side: Side,
    text: String,
    text_id: i64,
    /// Whether it is the first with this text: whose words the record's passages point into.
    is_first: bool,
    published_ms: Option<i64>,
    source: Option<i64>,
}

fn told(db: &Connection, id: i64) -> rusqlite::Result<Option<Told>> {
    db.prepare_cached(
        "SELECT source.name, article.first_ms, article.title, article.verdict, article.of_id, article.text,
                article.text_id, text.first_id IS article.id,
                CASE WHEN article.published IS NULL THEN NULL ELSE article.first_ms END, article.source_id
         FROM article JOIN text ON text.id = article.text_id
         LEFT JOIN source ON source.id = article.source_id
         WHERE article.id = ?1",
    )?
    .query_row([id], |row| {
        Ok(Told {
            side: Side {
                id,
                source: row.get(0)?,
                first_ms: row.get(1)?,
                title: row.get(2)?,
                verdict: row.get(3)?,
                of: row.get(4)?,
            },
            text: row.get(5)?,
            text_id: row.get(6)?,
            is_first: row.get(7)?,
            published_ms: row.get(8)?,
            source: row.get(9)?,
        })
    })
    .optional()
}

fn difference(db: &Connection, this: Told, other: Told) -> rusqlite::Result<Difference> {
    let recorded = if this.text_id == other.text_id {
        None
    } else {
        recorded(db, &this, &other)?
    };
    let is_recorded = recorded.is_some();
    let (measured, passages) = match recorded {
        Some((measured, Some(passages))) => (measured, passages),
        Some((measured, None)) => (measured, compare(&this, &other).1),
        None => compare(&this, &other),
    };
    let same_text = this.text_id == other.text_id;
    let pieces = alignment::align(&this.text, &other.text, &passages);
    Ok(Difference {
        schema: SCHEMA,
        same_text,
        recorded: is_recorded,
        measured: (!same_text).then_some(measured),
        pieces: pieces
            .into_iter()
            .map(|it| part(it, &this.text, &other.text))
            .collect(),
        this: this.side,
        other: other.side,
    })
}

fn part(piece: alignment::Piece, this: &str, other: &str) -> Part {
    let (has, text) = match (piece.this, piece.other) {
        (Some(here), Some(_)) => (In::Both, here.of(this)),
        (Some(here), None) => (In::This, here.of(this)),
        (None, there) => (In::Other, there.map_or("", |there| there.of(other))),
    };
    Part {
        has,
        moved: piece.moved,
        this: piece.this.map(|span| (span.start, span.end)),
        other: piece.other.map(|span| (span.start, span.end)),
        text: text.to_owned(),
    }
}

/// What the record has of the two, whichever of them is the later; the passages only where they are those of these very
/// articles.
fn recorded(
    db: &Connection,
    this: &Told,
    other: &Told,
) -> rusqlite::Result<Option<(Measured, Option<Vec<Passage>>)>> {
    let find = |later: &Told, earlier: &Told| -> rusqlite::Result<Option<Relation>> {
        let relations = relations::of(db, later.text_id)?;
        Ok(relations
            .into_iter()
            .find(|it| it.earlier == earlier.text_id))
    };
    let relation = match find(this, other)? {
        Some(relation) => Some(relation),
        None => find(other, this)?.map(mirrored),
    };
    Ok(relation.map(|it| {
        let measured = Measured {
            tie: word(it.tie),
            joins: Some(it.joins),
            probability: it.probability,
            resemblance: it.overlap.resemblance,
            contains: it.overlap.b_in_a,
            contained: it.overlap.a_in_b,
            shared: it.overlap.shared,
            longest_run: it.longest_run,
            figures: it.figures,
            names: it.names,
        };
        let are_theirs = this.is_first && other.is_first;
        (measured, are_theirs.then_some(it.passages))
    }))
}

/// The same seen from the earlier text.
fn mirrored(relation: Relation) -> Relation {
    Relation {
        tie: relation.tie.mirrored(),
        overlap: relation.overlap.mirrored(),
        passages: relation
            .passages
            .into_iter()
            .map(|it| Passage { a: it.b, b: it.a })
            .collect(),
        ..relation
    }
}

fn compare(this: &Told, other: &Told) -> (Measured, Vec<Passage>) {
    let reading = |it: &Told| Reading::of(it.side.title.as_deref(), &it.text);
    let apart = this.published_ms.zip(other.published_ms);
    let between = Between {
        hours_apart: apart.map(|(a, b)| hours(a.abs_diff(b))),
        same_source: this.source.is_some() && this.source == other.source,
        // What is common depends on what else is in the record; two articles alone are compared without.
        common: &[],
    };
    let found = duplicate::compare(&reading(this), &reading(other), &between);
    let measured = Measured {
        tie: word(found.tie),
        joins: None,
        probability: f64::from(found.probability),
        resemblance: found.overlap.resemblance,
        contains: found.overlap.b_in_a,
        contained: found.overlap.a_in_b,
        shared: found.overlap.shared,
        longest_run: found.longest_run,
        figures: found.figures_changed,
        names: found.names_changed,
    };
    (measured, found.passages)
}

#[expect(clippy::cast_precision_loss, reason = "hours between two articles")]
fn hours(ms: u64) -> f32 {
    ms as f32 / 3_600_000.0
}

const fn word(tie: Tie) -> &'static str {
    match tie {
        Tie::Copy => "copy",
        Tie::Excerpt => "excerpt",
        Tie::Expansion => "expansion",
        Tie::Shares => "shares",
        Tie::None => "none",
    }
}
