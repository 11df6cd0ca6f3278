//! Texts: what articles are compared by, the index in which candidates are looked up, and how two texts compare.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::article::duplicate::{Overlap, Tie};
use crate::job::ArticleId;

/// Postings of one print that are read at most. A print in more texts than this stands in boilerplate and says nothing.
const POSTINGS_MAX: usize = 512;

/// The part of the smaller text's prints that two texts must share to be compared, in tenths. Prints are a sample of the
/// shingles: where 8 in 10 of these are shared, about as many of those are, and half of that leaves room for chance, least
/// for texts of a few dozen words. What the comparison depends on is the two texts alone, not how many others there are.
const SHARED_TENTHS_MIN: usize = 4;

/// The text with this digest, if any article has it.
pub fn find_text(db: &Connection, digest: &[u8; 32]) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT id FROM text WHERE digest = ?1")?
        .query_row([digest], |row| row.get(0))
        .optional()
}

/// Records a text.
pub fn insert_text(db: &Connection, digest: &[u8; 32], prints: usize) -> rusqlite::Result<i64> {
    db.prepare_cached("INSERT INTO text (digest, prints) VALUES (?1, ?2)")?
        .insert(params![digest, prints.cast_signed()])
}

/// Whether an article has this text. A text that none has any more keeps its row alone.
pub fn is_in_use(db: &Connection, text: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM article WHERE text_id = ?1)")?
        .query_row([text], |row| row.get(0))
}

/// Takes a text that no article has any more out of the index and out of its ties. Its row stays: to look for what else
/// names it, SQLite would read all prints.
pub fn release(db: &Connection, text: i64, prints: &[u64]) -> rusqlite::Result<()> {
    let mut remove = db.prepare_cached("DELETE FROM print WHERE hash = ?1 AND text_id = ?2")?;
    for print in prints {
        remove.execute(params![print.cast_signed(), text])?;
    }
    db.prepare_cached("DELETE FROM relation WHERE low_id = ?1")?
        .execute([text])?;
    db.prepare_cached("DELETE FROM relation WHERE high_id = ?1")?
        .execute([text])?;
    db.prepare_cached("UPDATE text SET first_id = NULL WHERE id = ?1")?
        .execute([text])?;
    Ok(())
}

/// Indexes the prints of a text: from now on it is a candidate for others.
pub fn index_text(db: &Connection, text: i64, prints: &[u64]) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached("INSERT INTO print (hash, text_id) VALUES (?1, ?2)")?;
    for print in prints {
        insert.execute(params![print.cast_signed(), text])?;
    }
    Ok(())
}

/// Texts that share enough prints with these to be compared, in the order of their rows.
pub fn candidates(db: &Connection, prints: &[u64]) -> rusqlite::Result<Vec<i64>> {
    let mut hits = std::collections::BTreeMap::<i64, usize>::new();
    // The limit is part of the text: a bound one makes SQLite plan the statement anew for each print.
    let mut lookup = db.prepare_cached(&format!(
        "SELECT text_id FROM print WHERE hash = ?1 LIMIT {}",
        POSTINGS_MAX + 1
    ))?;
    let mut postings: Vec<i64> = Vec::new();
    for print in prints {
        postings.clear();
        let mut rows = lookup.query([print.cast_signed()])?;
        while let Some(row) = rows.next()? {
            postings.push(row.get(0)?);
        }
        if postings.len() <= POSTINGS_MAX {
            for text in &postings {
                *hits.entry(*text).or_default() += 1;
            }
        }
    }
    let mut found = Vec::new();
    let mut size = db.prepare_cached("SELECT prints FROM text WHERE id = ?1")?;
    for (text, shared) in hits {
        // Reading the other's size is only worth it where its being the smaller could still make it enough.
        if enough(shared, prints.len())
            || enough(
                shared,
                size.query_row([text], |row| row.get::<_, u32>(0))? as usize,
            )
        {
            found.push(text);
        }
    }
    Ok(found)
}

fn enough(shared: usize, prints: usize) -> bool {
    shared * 10 >= prints * SHARED_TENTHS_MIN
}

/// The words of a text, as one of its articles has them.
pub fn words_of(db: &Connection, text: i64) -> rusqlite::Result<String> {
    db.prepare_cached("SELECT text FROM article WHERE text_id = ?1 ORDER BY id LIMIT 1")?
        .query_row([text], |row| row.get(0))
}

/// Records how two texts compare; `tie` and `overlap` are as seen from `a`.
pub fn insert_relation(
    db: &Connection,
    a: i64,
    b: i64,
    tie: Tie,
    overlap: &Overlap,
) -> rusqlite::Result<()> {
    let a_is_low = a < b;
    let word = match (tie, a_is_low) {
        (Tie::None, _) => return Ok(()),
        (Tie::Copy, _) => "copy",
        (Tie::Shares, _) => "shares",
        (Tie::Excerpt, true) | (Tie::Expansion, false) => "low-in-high",
        (Tie::Excerpt, false) | (Tie::Expansion, true) => "high-in-low",
    };
    let (low_in_high, high_in_low) = if a_is_low {
        (overlap.a_in_b, overlap.b_in_a)
    } else {
        (overlap.b_in_a, overlap.a_in_b)
    };
    db.prepare_cached(
        "INSERT OR REPLACE INTO relation (low_id, high_id, tie, resemblance, low_in_high, high_in_low)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        a.min(b),
        a.max(b),
        word,
        overlap.resemblance,
        low_in_high,
        high_in_low
    ])?;
    Ok(())
}

/// The texts tied to this one, with the tie and the measurements as seen from it.
pub fn relations(db: &Connection, text: i64) -> rusqlite::Result<Vec<(i64, Tie, Overlap)>> {
    db.prepare_cached(
        "SELECT high_id, tie, resemblance, low_in_high, high_in_low, 1 FROM relation WHERE low_id = ?1
         UNION ALL
         SELECT low_id, tie, resemblance, high_in_low, low_in_high, 0 FROM relation WHERE high_id = ?1
         ORDER BY 1",
    )?
    .query_map([text], |row| {
        let word: String = row.get(1)?;
        let own_is_low: bool = row.get(5)?;
        let overlap = Overlap {
            resemblance: row.get(2)?,
            a_in_b: row.get(3)?,
            b_in_a: row.get(4)?,
            shared: 0,
        };
        Ok((row.get(0)?, tie_of(&word, own_is_low), overlap))
    })?
    .collect()
}

fn tie_of(word: &str, own_is_low: bool) -> Tie {
    match (word, own_is_low) {
        ("copy", _) => Tie::Copy,
        ("low-in-high", true) | ("high-in-low", false) => Tie::Excerpt,
        ("low-in-high", false) | ("high-in-low", true) => Tie::Expansion,
        _ => Tie::Shares,
    }
}

/// The first of all articles with this text is another one now.
pub fn set_first_of_text(db: &Connection, text: i64, first: ArticleId) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE text SET first_id = ?2 WHERE id = ?1")?
        .execute(params![text, first.0])?;
    Ok(())
}
