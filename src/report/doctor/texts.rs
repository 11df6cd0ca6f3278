//! The texts: who is the first of their articles, at which place they stand, and whether that is by what they say.

use rusqlite::Connection;

use crate::article::duplicate::candidates::COVERED_MIN;
use crate::store::articles;
use crate::store::provenance::day_of;

use super::{Fault, Finding, Look, found};

/// A text as it is written.
struct Text {
    id: i64,
    first: Option<i64>,
    day: Option<i64>,
    is_covered: bool,
    is_due: bool,
}

struct Faults {
    unused: Fault,
    first: Fault,
    day: Fault,
    covered: Fault,
}

pub(super) fn look(look: &mut Look<'_>) -> rusqlite::Result<Vec<Finding>> {
    let db = look.db;
    let mut faults = Faults {
        unused: Fault::of("a text that no article has any more has a place or relations"),
        first: Fault::of("the first article of a text is not the one that is written"),
        day: Fault::of("a text does not stand at the day of its first article"),
        covered: Fault::of(
            "whether a text is covered by an earlier one is not as its relations say",
        ),
    };
    look.expect(db.query_row("SELECT count(*) FROM text", [], |row| row.get(0))?);
    let mut rows = db.prepare(
        "SELECT id, first_id, day, is_covered, EXISTS (SELECT 1 FROM due WHERE due.text_id = text.id)
         FROM text ORDER BY id",
    )?;
    let mut rows = rows.query([])?;
    let mut done = 0;
    while let Some(row) = rows.next()? {
        let text = Text {
            id: row.get(0)?,
            first: row.get(1)?,
            day: row.get(2)?,
            is_covered: row.get(3)?,
            is_due: row.get(4)?,
        };
        check(db, &text, &mut faults)?;
        done += 1;
        look.at(done);
    }
    let Faults {
        unused,
        first,
        day,
        covered,
    } = faults;
    Ok(found([unused, first, day, covered]))
}

fn check(db: &Connection, text: &Text, faults: &mut Faults) -> rusqlite::Result<()> {
    let all = articles::with_text(db, text.id)?;
    let first = all
        .into_iter()
        .min_by(|a, b| a.precedence.cmp(&b.precedence));
    let Some(first) = first else {
        let is_placed = text.first.is_some() || text.day.is_some() || text.is_covered;
        if is_placed || has_relations(db, text.id)? {
            faults.unused.add_text(db, text.id)?;
        }
        return Ok(());
    };
    if text.first != Some(first.id.0) {
        // Its place follows from that.
        return faults.first.add_text(db, text.id);
    }
    match text.day {
        Some(day) if day == day_of(first.precedence.first_ms) => {}
        // It has not been compared yet.
        None if text.is_due => return Ok(()),
        Some(_) | None => faults.day.add_text(db, text.id)?,
    }
    if !text.is_due && text.is_covered != is_covered(db, text.id)? {
        faults.covered.add_text(db, text.id)?;
    }
    Ok(())
}

/// Whether it has relations of its own. Those of others that name it go once those are judged again.
fn has_relations(db: &Connection, text: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM relation WHERE text_id = ?1)")?
        .query_row([text], |row| row.get(0))
}

/// Whether a text that it is tied to says nearly the same.
fn is_covered(db: &Connection, text: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM relation
                        WHERE text_id = ?1 AND tie <> 'shares' AND min(contained, contains) >= ?2)",
    )?
    .query_row((text, COVERED_MIN), |row| row.get(0))
}
