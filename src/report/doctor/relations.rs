//! What texts are to those before them.

use rusqlite::{Connection, Row};

use crate::store::articles;

use super::{Fault, Finding, Look, found, is_due};

struct Faults {
    unused: Fault,
    order: Fault,
    covered: Fault,
    joins: Fault,
}

pub(super) fn look(look: &mut Look<'_>) -> rusqlite::Result<Vec<Finding>> {
    let db = look.db;
    let mut faults = Faults {
        unused: Fault::of("a text is tied to one that no article has"),
        order: Fault::of("a text is tied to one that does not precede it"),
        covered: Fault::of("a text is tied to one that an earlier one covers"),
        joins: Fault::of("a text is tied to others, and to none of them as family"),
    };
    look.expect(db.query_row("SELECT count(*) FROM relation", [], |row| row.get(0))?);
    let mut rows = db.prepare(
        "SELECT relation.text_id, relation.earlier_id, earlier.is_covered,
                relation.tie <> 'shares' AND NOT EXISTS (SELECT 1 FROM relation AS other
                                                         WHERE other.text_id = relation.text_id AND other.joins)
         FROM relation LEFT JOIN text AS earlier ON earlier.id = relation.earlier_id
         ORDER BY relation.text_id, relation.earlier_id",
    )?;
    let mut rows = rows.query([])?;
    let mut done = 0;
    while let Some(row) = rows.next()? {
        check(db, row, &mut faults)?;
        done += 1;
        look.at(done);
    }
    let Faults {
        unused,
        order,
        covered,
        joins,
    } = faults;
    Ok(found([unused, order, covered, joins]))
}

fn check(db: &Connection, row: &Row<'_>, faults: &mut Faults) -> rusqlite::Result<()> {
    let (text, earlier): (i64, i64) = (row.get(0)?, row.get(1)?);
    if is_due(db, text)? {
        return Ok(());
    }
    let own = articles::first_of_text(db, text)?;
    let before = articles::first_of_text(db, earlier)?;
    let (Some(own), Some(before)) = (own, before) else {
        return faults.unused.add_text(db, text);
    };
    if before.precedence >= own.precedence {
        faults.order.add_text(db, text)?;
    }
    if row.get::<_, Option<bool>>(2)?.unwrap_or(false) {
        faults.covered.add_text(db, text)?;
    }
    // The best of the strong ties always joins.
    if row.get(3)? {
        faults.joins.add_text(db, text)?;
    }
    Ok(())
}
