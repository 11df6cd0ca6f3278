//! The index of prints: which texts have which shingles, by day.
//!
//! A text has some fifty prints, each of which belongs somewhere else in the table. Written one by one they would touch
//! fifty pages a text; so they stand in memory first (a temporary table, which rolls back with everything else, beside one
//! row on disk from which it is made again) and are moved in the order of their hashes, many texts at once, slice by slice.

use std::collections::BTreeSet;

use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params, params_from_iter};

/// A text that has a print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Posting {
    /// The day under which it stands.
    pub day: i64,
    /// The text.
    pub text: i64,
}

/// Makes the part of the index that stands in memory; for the connection that writes.
pub fn prepare(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "CREATE TEMP TABLE recent (
             hash INTEGER NOT NULL, is_covered INTEGER NOT NULL, day INTEGER NOT NULL, text_id INTEGER NOT NULL,
             PRIMARY KEY (hash, is_covered, day, text_id)
         ) WITHOUT ROWID",
    )?;
    // What the present filling has moved already would stay behind when its row goes.
    let mut rows = db.prepare(
        "SELECT fresh.text_id, text.day, text.is_covered, fresh.prints, filling.below
         FROM fresh JOIN text ON text.id = fresh.text_id LEFT JOIN filling ON fresh.id <= filling.upto
         WHERE text.day IS NOT NULL ORDER BY fresh.id",
    )?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let place = Place {
            day: row.get(1)?,
            is_covered: row.get(2)?,
        };
        let packed: Vec<u8> = row.get(3)?;
        let below: Option<i64> = row.get(4)?;
        let mut keys = unpack(&packed);
        keys.retain(|key| below.is_none_or(|below| *key >= below));
        remember(db, row.get(0)?, place, &keys)?;
    }
    Ok(())
}

/// The part of a print by which it is found, 48 bits: at ten million texts one print in half a million is found for
/// another's sake, and a number of SQLite's takes two bytes less than the whole would.
pub const fn key(print: u64) -> i64 {
    print.cast_signed() << 16 >> 16
}

/// Puts a text into the index at its place.
pub fn insert(db: &Connection, text: i64, place: Place, keys: &[i64]) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO fresh (text_id, prints) VALUES (?1, ?2)")?
        .execute(params![text, pack(keys)])?;
    remember(db, text, place, keys)?;
    set_place(db, text, Some(place))
}

fn remember(db: &Connection, text: i64, place: Place, keys: &[i64]) -> rusqlite::Result<()> {
    // Eight rows a statement take four fifths of the time of eight statements.
    let (eights, rest) = keys.as_chunks::<8>();
    let mut insert = db.prepare_cached(
        "INSERT OR IGNORE INTO temp.recent (is_covered, day, text_id, hash)
         VALUES (?1, ?2, ?3, ?4), (?1, ?2, ?3, ?5), (?1, ?2, ?3, ?6), (?1, ?2, ?3, ?7),
                (?1, ?2, ?3, ?8), (?1, ?2, ?3, ?9), (?1, ?2, ?3, ?10), (?1, ?2, ?3, ?11)",
    )?;
    for [a, b, c, d, e, f, g, h] in eights {
        let Place { day, is_covered } = place;
        insert.execute(params![is_covered, day, text, a, b, c, d, e, f, g, h])?;
    }
    let mut insert = db.prepare_cached(
        "INSERT OR IGNORE INTO temp.recent (is_covered, day, text_id, hash) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for key in rest {
        insert.execute(params![place.is_covered, place.day, text, key])?;
    }
    Ok(())
}

/// Takes a text out of the index, where it stands at this place.
pub fn remove(db: &Connection, text: i64, place: Place, keys: &[i64]) -> rusqlite::Result<()> {
    let is_fresh = db
        .prepare_cached("DELETE FROM fresh WHERE text_id = ?1")?
        .execute([text])?
        > 0;
    let mut recent = db.prepare_cached(
        "DELETE FROM temp.recent WHERE hash = ?1 AND is_covered = ?2 AND day = ?3 AND text_id = ?4",
    )?;
    let mut moved = db.prepare_cached(
        "DELETE FROM print WHERE hash = ?1 AND is_covered = ?2 AND day = ?3 AND text_id = ?4",
    )?;
    for key in keys {
        let row = params![key, place.is_covered, place.day, text];
        if is_fresh {
            recent.execute(row)?;
        }
        moved.execute(row)?;
    }
    set_place(db, text, None)
}

/// A text's place among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The day of its first article.
    pub day: i64,
    /// Whether an earlier text that is indexed says nearly the same, and is found in its stead.
    pub is_covered: bool,
}

/// A text's place; `None` where it has none yet.
pub fn place_of(db: &Connection, text: i64) -> rusqlite::Result<Option<Place>> {
    let place = db
        .prepare_cached("SELECT day, is_covered FROM text WHERE id = ?1")?
        .query_row([text], |row| {
            Ok((row.get::<_, Option<i64>>(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(place.and_then(|(day, is_covered)| {
        Some(Place {
            day: day?,
            is_covered,
        })
    }))
}

fn set_place(db: &Connection, text: i64, place: Option<Place>) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE text SET day = ?2, is_covered = ?3 WHERE id = ?1")?
        .execute(params![
            text,
            place.map(|place| place.day),
            place.is_some_and(|place| place.is_covered)
        ])?;
    Ok(())
}

/// Postings of one print that are read at most.
pub const POSTINGS_MAX: usize = 256;

/// Who has a print.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holders {
    /// The texts that are not covered, by day: the first [`POSTINGS_MAX`] of them.
    pub open: Vec<Posting>,
    /// The covered texts of some day and later ones.
    pub covered: Vec<Posting>,
}

/// Prints that are looked up at once: one by one, a third of the time goes into beginning and ending statements.
const TOGETHER: usize = 32;

/// Rows of one print that are read together with those of others; who has more is looked up alone.
const TOGETHER_ROWS_MAX: usize = 96;

/// For each of these keys, which ascend, who has it; covered texts from this day on.
pub fn holders(db: &Connection, keys: &[i64], since: i64) -> rusqlite::Result<Vec<Holders>> {
    const STATEMENTS: [&str; 2] = [
        "SELECT hash, is_covered, day, text_id FROM print
         WHERE hash IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                        ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)
         ORDER BY hash, is_covered, day, text_id",
        "SELECT hash, is_covered, day, text_id FROM temp.recent
         WHERE hash IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                        ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)
         ORDER BY hash, is_covered, day, text_id",
    ];
    let mut all = vec![Found::default(); keys.len()];
    for sql in STATEMENTS {
        let mut lookup = db.prepare_cached(sql)?;
        let (mut keys, mut found) = (keys, all.as_mut_slice());
        while !keys.is_empty() {
            let done = look_up(&mut lookup, keys, found)?;
            keys = keys.get(done..).unwrap_or_default();
            found = found.get_mut(done..).unwrap_or_default();
        }
    }
    keys.iter()
        .zip(all)
        .map(|(key, found)| {
            if !found.is_too_much {
                return Ok(found.holders(since));
            }
            Ok(Holders {
                open: postings(db, *key)?,
                covered: covered(db, *key, since)?,
            })
        })
        .collect()
}

/// The rows of a print.
#[derive(Debug, Clone, Default)]
struct Found {
    rows: Vec<(bool, Posting)>,
    is_too_much: bool,
}

impl Found {
    fn holders(mut self, since: i64) -> Holders {
        // What is being moved stands in both tables.
        self.rows.sort_unstable();
        self.rows.dedup();
        let (covered, open): (Vec<_>, Vec<_>) = self.rows.into_iter().partition(|row| row.0);
        let covered = covered.into_iter().map(|(_, posting)| posting);
        Holders {
            open: open.into_iter().map(|(_, posting)| posting).collect(),
            covered: covered.filter(|it| it.day >= since).collect(),
        }
    }
}

/// Looks up the first of some keys; returns how many. The rows come in the order of the keys, so that of a key with too
/// many the rest need not be read.
fn look_up(
    lookup: &mut CachedStatement<'_>,
    keys: &[i64],
    found: &mut [Found],
) -> rusqlite::Result<usize> {
    let together = keys.len().min(TOGETHER);
    let asked = keys.get(..together).unwrap_or_default();
    let last = asked.last().copied();
    let asked_and_more = asked.iter().copied().chain(last.into_iter().cycle());
    let mut rows = lookup.query(params_from_iter(asked_and_more.take(TOGETHER)))?;
    let mut at = 0;
    while let Some(row) = rows.next()? {
        let hash: i64 = row.get(0)?;
        while asked.get(at).is_some_and(|key| *key < hash) {
            at += 1;
        }
        let Some(found) = found.get_mut(at) else {
            break;
        };
        if found.rows.len() >= TOGETHER_ROWS_MAX {
            found.is_too_much = true;
            return Ok(at + 1);
        }
        let posting = Posting {
            day: row.get(2)?,
            text: row.get(3)?,
        };
        found.rows.push((row.get(1)?, posting));
    }
    Ok(together)
}

/// The texts that have a print and are not covered, by day: the first [`POSTINGS_MAX`] of them.
fn postings(db: &Connection, key: i64) -> rusqlite::Result<Vec<Posting>> {
    // The limit is part of the text: a bound one makes SQLite plan the statement anew each time.
    const _: () = assert!(POSTINGS_MAX == 256, "as the statements say");
    const STATEMENTS: [&str; 2] = [
        "SELECT day, text_id FROM print WHERE hash = ?1 AND is_covered = 0 ORDER BY day, text_id LIMIT 256",
        "SELECT day, text_id FROM temp.recent WHERE hash = ?1 AND is_covered = 0 ORDER BY day, text_id LIMIT 256",
    ];
    let mut found = read(db, STATEMENTS, params![key])?;
    found.truncate(POSTINGS_MAX);
    Ok(found)
}

/// The covered texts of this day and later ones that have a print.
fn covered(db: &Connection, key: i64, since: i64) -> rusqlite::Result<Vec<Posting>> {
    const STATEMENTS: [&str; 2] = [
        "SELECT day, text_id FROM print WHERE hash = ?1 AND is_covered = 1 AND day >= ?2",
        "SELECT day, text_id FROM temp.recent WHERE hash = ?1 AND is_covered = 1 AND day >= ?2",
    ];
    read(db, STATEMENTS, params![key, since])
}

fn read(
    db: &Connection,
    statements: [&str; 2],
    of: &[&dyn rusqlite::ToSql],
) -> rusqlite::Result<Vec<Posting>> {
    let mut found = Vec::new();
    for sql in statements {
        let before = found.len();
        let mut lookup = db.prepare_cached(sql)?;
        let mut rows = lookup.query(of)?;
        while let Some(row) = rows.next()? {
            found.push(Posting {
                day: row.get(0)?,
                text: row.get(1)?,
            });
        }
        if before > 0 && found.len() > before {
            // What is being moved stands in both.
            found.sort_unstable();
            found.dedup();
        }
    }
    Ok(found)
}

/// Texts that are in memory before they are moved: at some fifty prints each this is about 20 MB.
pub const FRESH_MAX: i64 = 16_384;

/// How many texts are in memory and not moved yet.
pub fn count_fresh(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT count(*) FROM fresh")?
        .query_row([], |row| row.get(0))
}

/// Begins to move what is in memory now.
pub fn begin(db: &Connection) -> rusqlite::Result<()> {
    db.execute(
        "INSERT OR IGNORE INTO filling (id, upto, below) SELECT 1, max(id), ?1 FROM fresh HAVING max(id) IS NOT NULL",
        [i64::MIN],
    )?;
    Ok(())
}

/// Moves the next `most` prints from memory to their places, or begins to; returns whether there is more to move. Hashes
/// are walked in their order, so what is written lies together.
pub fn fill(db: &Connection, most: usize) -> rusqlite::Result<bool> {
    let filling = db
        .prepare_cached("SELECT upto, below FROM filling")?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
        .optional()?;
    let Some((upto, below)) = filling else {
        if count_fresh(db)? < FRESH_MAX {
            return Ok(false);
        }
        begin(db)?;
        return Ok(true);
    };
    let hashes = db
        .prepare_cached("SELECT hash FROM temp.recent WHERE hash >= ?1 ORDER BY hash LIMIT ?2")?
        .query_map(params![below, most.cast_signed()], |row| row.get(0))?
        .collect::<rusqlite::Result<BTreeSet<i64>>>()?;
    let Some(last) = hashes.last() else {
        db.execute("DELETE FROM fresh WHERE id <= ?1", [upto])?;
        db.execute("DELETE FROM filling", [])?;
        return Ok(false);
    };
    db.prepare_cached(
        "INSERT OR IGNORE INTO print (hash, is_covered, day, text_id)
         SELECT hash, is_covered, day, text_id FROM temp.recent WHERE hash BETWEEN ?1 AND ?2
         ORDER BY hash, is_covered, day, text_id",
    )?
    .execute(params![below, last])?;
    db.prepare_cached("DELETE FROM temp.recent WHERE hash BETWEEN ?1 AND ?2")?
        .execute(params![below, last])?;
    db.prepare_cached("UPDATE filling SET below = ?1")?
        .execute([last.saturating_add(1)])?;
    Ok(true)
}

fn pack(keys: &[i64]) -> Vec<u8> {
    keys.iter().flat_map(|key| key.to_le_bytes()).collect()
}

/// The keys of the prints of a text as they stand in `fresh`.
pub fn unpack(packed: &[u8]) -> Vec<i64> {
    let (keys, _) = packed.as_chunks::<8>();
    keys.iter().map(|key| i64::from_le_bytes(*key)).collect()
}
