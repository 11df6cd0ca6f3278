//! How texts compare: each with texts that precede it, and which of them are to be judged again.

use rusqlite::{Connection, Row, params};

use crate::article::Span;
use crate::article::duplicate::{Comparison, Overlap, Passage, Tie};

use super::pieces::{pull_size, push};

/// A text compared with one that precedes it, as seen from the later one.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// The other text.
    pub earlier: i64,
    /// What the later one is to it.
    pub tie: Tie,
    /// Whether it makes one family of the two.
    pub joins: bool,
    /// How likely they are the same story text, from 0 to 1.
    pub probability: f64,
    /// How much they share; `a` is the later one.
    pub overlap: Overlap,
    /// Words of the longest passage both have.
    pub longest_run: usize,
    /// Figures that differ inside passages.
    pub figures: usize,
    /// Names that do.
    pub names: usize,
    /// What both say; `a` is the later one.
    pub passages: Vec<Passage>,
}

impl Relation {
    /// A comparison of a text with an earlier one, to be recorded.
    pub fn of(earlier: i64, joins: bool, comparison: Comparison) -> Self {
        Self {
            earlier,
            tie: comparison.tie,
            joins,
            probability: f64::from(comparison.probability),
            overlap: comparison.overlap,
            longest_run: comparison.longest_run,
            figures: comparison.figures_changed,
            names: comparison.names_changed,
            passages: comparison.passages,
        }
    }
}

const fn word_of(tie: Tie) -> Option<&'static str> {
    match tie {
        Tie::Copy => Some("copy"),
        Tie::Excerpt => Some("excerpt"),
        Tie::Expansion => Some("expansion"),
        Tie::Shares => Some("shares"),
        Tie::None => None,
    }
}

fn tie_of(word: &str) -> Tie {
    [Tie::Copy, Tie::Excerpt, Tie::Expansion]
        .into_iter()
        .find(|tie| word_of(*tie) == Some(word))
        .unwrap_or(Tie::Shares)
}

/// Writes what a text is to those before it, in place of what it was.
pub fn replace(db: &Connection, text: i64, relations: &[Relation]) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM relation WHERE text_id = ?1")?
        .execute([text])?;
    let mut insert = db.prepare_cached(
        "INSERT INTO relation (text_id, earlier_id, tie, joins, probability, resemblance, contained, contains, shared,
                               longest_run, figures, names, passages)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    for relation in relations {
        insert.execute(params![
            text,
            relation.earlier,
            word_of(relation.tie),
            relation.joins,
            relation.probability,
            relation.overlap.resemblance,
            relation.overlap.a_in_b,
            relation.overlap.b_in_a,
            relation.overlap.shared.cast_signed(),
            relation.longest_run.cast_signed(),
            relation.figures.cast_signed(),
            relation.names.cast_signed(),
            pack(&relation.passages)
        ])?;
    }
    Ok(())
}

/// What a text is to those before it, in the order of their rows.
pub fn of(db: &Connection, text: i64) -> rusqlite::Result<Vec<Relation>> {
    db.prepare_cached(
        "SELECT earlier_id, tie, joins, probability, resemblance, contained, contains, shared, longest_run, figures,
                names, passages
         FROM relation WHERE text_id = ?1 ORDER BY earlier_id",
    )?
    .query_map([text], read)?
    .collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Relation> {
    let count = |at| row.get::<_, u32>(at).map(|count| count as usize);
    Ok(Relation {
        earlier: row.get(0)?,
        tie: tie_of(&row.get::<_, String>(1)?),
        joins: row.get(2)?,
        probability: row.get(3)?,
        overlap: Overlap {
            resemblance: row.get(4)?,
            a_in_b: row.get(5)?,
            b_in_a: row.get(6)?,
            shared: count(7)?,
        },
        longest_run: count(8)?,
        figures: count(9)?,
        names: count(10)?,
        passages: unpack(&row.get::<_, Vec<u8>>(11)?),
    })
}

/// The texts that are one family with a text by a tie of their own or of its own.
pub fn joined(db: &Connection, text: i64) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(
        "SELECT earlier_id FROM relation WHERE text_id = ?1 AND joins
         UNION SELECT text_id FROM relation WHERE earlier_id = ?1 AND joins ORDER BY 1",
    )?
    .query_map([text], |row| row.get(0))?
    .collect()
}

/// The texts that were compared with an earlier one and tied to it.
pub fn later(db: &Connection, text: i64) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached("SELECT text_id FROM relation WHERE earlier_id = ?1 ORDER BY text_id")?
        .query_map([text], |row| row.get(0))?
        .collect()
}

/// Notes that a text is to be judged again.
pub fn set_due(db: &Connection, text: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO due (text_id, first_ms)
         VALUES (?1, coalesce((SELECT first_ms FROM article WHERE id = (SELECT first_id FROM text WHERE id = ?1)), 0))",
    )?
    .execute([text])?;
    Ok(())
}

/// Notes that a text has been judged; whether it was due.
pub fn unset_due(db: &Connection, text: i64) -> rusqlite::Result<bool> {
    let gone = db
        .prepare_cached("DELETE FROM due WHERE text_id = ?1")?
        .execute([text])?;
    Ok(gone > 0)
}

/// The texts that are to be judged again, those first that precede the others.
pub fn due(db: &Connection, most: usize) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached("SELECT text_id FROM due ORDER BY first_ms, text_id LIMIT ?1")?
        .query_map([most.cast_signed()], |row| row.get(0))?
        .collect()
}

/// How many texts are to be judged again.
pub fn count_due(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT count(*) FROM due")?
        .query_row([], |row| row.get(0))
}

/// Passages as bytes: for each where it starts in the later and in the earlier text, and both lengths, each number
/// as LEB128.
fn pack(passages: &[Passage]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(passages.len() * 6);
    for passage in passages {
        for number in [
            passage.a.start,
            passage.b.start,
            passage.a.len(),
            passage.b.len(),
        ] {
            push(&mut packed, number as u64);
        }
    }
    packed
}

/// Passages from their bytes; what is no passage ends them.
pub fn unpack(mut packed: &[u8]) -> Vec<Passage> {
    let mut passages = Vec::new();
    while let (Some(a), Some(b), Some(a_len), Some(b_len)) = (
        pull_size(&mut packed),
        pull_size(&mut packed),
        pull_size(&mut packed),
        pull_size(&mut packed),
    ) {
        passages.push(Passage {
            a: Span::new(a, a.saturating_add(a_len)),
            b: Span::new(b, b.saturating_add(b_len)),
        });
    }
    passages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_read_as_they_were_written() {
        let passage = |a, a_len, b, b_len| Passage {
            a: Span::new(a, a + a_len),
            b: Span::new(b, b + b_len),
        };
        let passages = vec![
            passage(0, 130, 70_000, 131),
            passage(130, 20, 5, 20),
            passage(4_000, 5, 0, 6),
        ];
        assert_eq!(unpack(&pack(&passages)), passages);
        assert_eq!(unpack(&[]), []);
        assert_eq!(unpack(&[0x80]), []);
    }
}
