//! The index of prints: which texts have which shingles, by day.
//!
//! A text has some fifty prints, each of which belongs somewhere else in the table. Written one by one they would touch
//! fifty pages a text; so they stand in memory first (a temporary table, which rolls back with everything else, beside one
//! row on disk from which it is made again) and are moved in the order of their hashes, many texts at once, slice by slice.

use std::collections::BTreeSet;

use rusqlite::{
    CachedStatement, Connection, OptionalExtension as _, Row, params, params_from_iter,
};

use super::entry::{self, Entry, pack};

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
             hash INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (hash, place)
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
        keys.retain(|key| below.is_none_or(|below| *key >= entry::first_key(below)));
        remember(db, row.get(0)?, place, &keys)?;
    }
    Ok(())
}

/// The part of a print by which it is found.
pub const fn key(print: u64) -> i64 {
    entry::key(print)
}

/// The keys of the prints of a text as they stand in `fresh`.
pub fn unpack(packed: &[u8]) -> Vec<i64> {
    entry::unpack(packed)
}

/// Puts a text into the index at its place.
pub fn insert(db: &Connection, text: i64, place: Place, keys: &[i64]) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO fresh (text_id, prints) VALUES (?1, ?2)")?
        .execute(params![text, pack(keys)])?;
    remember(db, text, place, keys)?;
    set_place(db, text, Some(place))
}

fn remember(db: &Connection, text: i64, place: Place, keys: &[i64]) -> rusqlite::Result<()> {
    let entries: Option<Vec<Entry>> = keys
        .iter()
        .map(|key| entry::entry(*key, place, text))
        .collect();
    let Some(entries) = entries else {
        return insert_odd(db, text, place, keys);
    };
    // Eight rows a statement take four fifths of the time of eight statements.
    let (eights, rest) = entries.as_chunks::<8>();
    let mut insert = db.prepare_cached(
        "INSERT OR IGNORE INTO temp.recent (hash, place)
         VALUES (?1, ?2), (?3, ?4), (?5, ?6), (?7, ?8), (?9, ?10), (?11, ?12), (?13, ?14), (?15, ?16)",
    )?;
    for eight in eights {
        insert.execute(params_from_iter(
            eight.iter().flat_map(|it| [it.hash, it.place]),
        ))?;
    }
    let mut insert =
        db.prepare_cached("INSERT OR IGNORE INTO temp.recent (hash, place) VALUES (?1, ?2)")?;
    for entry in rest {
        insert.execute([entry.hash, entry.place])?;
    }
    Ok(())
}

/// What does not fit into two numbers has a table of its own, written at once: there are few such texts, if any.
fn insert_odd(db: &Connection, text: i64, place: Place, keys: &[i64]) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT OR IGNORE INTO odd_print (hash, is_covered, day, text_id) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for key in keys {
        insert.execute(params![key, place.is_covered, place.day, text])?;
    }
    Ok(())
}

/// Takes a text out of the index, where it stands at this place.
pub fn remove(db: &Connection, text: i64, place: Place, keys: &[i64]) -> rusqlite::Result<()> {
    let is_fresh = db
        .prepare_cached("DELETE FROM fresh WHERE text_id = ?1")?
        .execute([text])?
        > 0;
    let mut recent = db.prepare_cached("DELETE FROM temp.recent WHERE hash = ?1 AND place = ?2")?;
    let mut moved = db.prepare_cached("DELETE FROM print WHERE hash = ?1 AND place = ?2")?;
    let mut odd = db.prepare_cached(
        "DELETE FROM odd_print WHERE hash = ?1 AND is_covered = ?2 AND day = ?3 AND text_id = ?4",
    )?;
    for key in keys {
        let Some(Entry { hash, place }) = entry::entry(*key, place, text) else {
            odd.execute(params![key, place.is_covered, place.day, text])?;
            continue;
        };
        if is_fresh {
            recent.execute([hash, place])?;
        }
        moved.execute([hash, place])?;
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

/// The rows of some hashes, in the order of these. `IN` would do, but makes a table of what it is given each time.
macro_rules! rows_of {
    ($table:literal) => {
        concat!(
            "SELECT hash, place FROM (VALUES (?1), (?2), (?3), (?4), (?5), (?6), (?7), (?8), (?9), (?10), (?11), (?12), ",
            "(?13), (?14), (?15), (?16), (?17), (?18), (?19), (?20), (?21), (?22), (?23), (?24), (?25), (?26), (?27), ",
            "(?28), (?29), (?30), (?31), (?32)) AS wanted CROSS JOIN ",
            $table,
            " ON hash = wanted.column1"
        )
    };
}

/// For each of these keys, which ascend, who has it; covered texts from this day on.
pub fn holders(db: &Connection, keys: &[i64], since: i64) -> rusqlite::Result<Vec<Holders>> {
    const STATEMENTS: [&str; 2] = [rows_of!("print"), rows_of!("temp.recent")];
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
    let any_odd = any_odd(db)?;
    keys.iter()
        .zip(all)
        .map(|(key, mut found)| {
            if found.is_too_much {
                found.rows = postings(db, *key)?;
                found.rows.extend(covered(db, *key, since)?);
            }
            if any_odd {
                found.rows.extend(odd(db, *key, since)?);
            }
            Ok(found.holders(since))
        })
        .collect()
}

/// Whether there are rows that do not fit into two numbers.
fn any_odd(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM odd_print)")?
        .query_row([], |row| row.get(0))
}

fn odd(db: &Connection, key: i64, since: i64) -> rusqlite::Result<Vec<(bool, Posting)>> {
    const _: () = assert!(POSTINGS_MAX == 256, "as the statement says");
    let mut open = db.prepare_cached(
        "SELECT day, text_id FROM odd_print WHERE hash = ?1 AND is_covered = 0 ORDER BY day, text_id LIMIT 256",
    )?;
    let mut covered = db.prepare_cached(
        "SELECT day, text_id FROM odd_print WHERE hash = ?1 AND is_covered = 1 AND day >= ?2",
    )?;
    let posting = |row: &Row<'_>| {
        let (day, text) = (row.get(0)?, row.get(1)?);
        Ok(Posting { day, text })
    };
    let open = open.query_map([key], posting)?.map(|it| Ok((false, it?)));
    let covered = covered.query_map([key, since], posting)?;
    open.chain(covered.map(|it| Ok((true, it?)))).collect()
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
        let open = open.into_iter().map(|(_, posting)| posting);
        Holders {
            open: open.take(POSTINGS_MAX).collect(),
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
    let hashes = asked.iter().map(|key| Some(entry::hash(*key)));
    let none = std::iter::repeat(None);
    let mut rows = lookup.query(params_from_iter(hashes.chain(none).take(TOGETHER)))?;
    while let Some(row) = rows.next()? {
        let (hash, place) = (row.get(0)?, row.get(1)?);
        let row = Entry { hash, place };
        // Not found is what has the upper bits of a key alone.
        let Ok(at) = asked.binary_search(&row.key()) else {
            continue;
        };
        let Some(found) = found.get_mut(at) else {
            continue;
        };
        if found.rows.len() < TOGETHER_ROWS_MAX {
            found.rows.push(row.posting());
            continue;
        }
        found.is_too_much = true;
        let is_next = |next: Option<&i64>| next.is_none_or(|next| entry::hash(*next) != hash);
        let is_alone =
            is_next(asked.get(at + 1)) && is_next(at.checked_sub(1).and_then(|at| asked.get(at)));
        // Those of two keys with the same upper bits are mingled.
        if is_alone {
            return Ok(at + 1);
        }
    }
    Ok(together)
}

/// The texts that have a print and are not covered, by day: the first [`POSTINGS_MAX`] of each table.
fn postings(db: &Connection, key: i64) -> rusqlite::Result<Vec<(bool, Posting)>> {
    // The limit is part of the text: a bound one makes SQLite plan the statement anew each time.
    const _: () = assert!(POSTINGS_MAX == 256, "as the statements say");
    const STATEMENTS: [&str; 2] = [
        "SELECT place FROM print WHERE hash = ?1 AND place < ?2 AND place & 255 = ?3 ORDER BY place LIMIT 256",
        "SELECT place FROM temp.recent WHERE hash = ?1 AND place < ?2 AND place & 255 = ?3 ORDER BY place LIMIT 256",
    ];
    read(db, STATEMENTS, key, 0)
}

/// The covered texts of this day and later ones that have a print.
fn covered(db: &Connection, key: i64, since: i64) -> rusqlite::Result<Vec<(bool, Posting)>> {
    const STATEMENTS: [&str; 2] = [
        "SELECT place FROM print WHERE hash = ?1 AND place >= ?2 AND place & 255 = ?3",
        "SELECT place FROM temp.recent WHERE hash = ?1 AND place >= ?2 AND place & 255 = ?3",
    ];
    read(db, STATEMENTS, key, entry::covered_since(since))
}

fn read(
    db: &Connection,
    statements: [&str; 2],
    key: i64,
    bound: i64,
) -> rusqlite::Result<Vec<(bool, Posting)>> {
    let hash = entry::hash(key);
    let mut found = Vec::new();
    for sql in statements {
        let mut lookup = db.prepare_cached(sql)?;
        let mut rows = lookup.query([hash, bound, entry::low(key)])?;
        while let Some(row) = rows.next()? {
            let place = row.get(0)?;
            found.push(Entry { hash, place }.posting());
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

/// What the present filling moves: the texts up to this row of `fresh`, of which every key below this is moved.
pub fn filling(db: &Connection) -> rusqlite::Result<Option<(i64, i64)>> {
    db.prepare_cached("SELECT upto, below FROM filling")?
        .query_row([], |row| Ok((row.get(0)?, entry::first_key(row.get(1)?))))
        .optional()
}

/// Whether a text stands in the table for those whose place does not fit into a row; it is written there at once.
pub fn is_odd(text: i64, place: Place) -> bool {
    entry::entry(0, place, text).is_none()
}

/// Calls back with every key that stands on the disk, its text, and where that has its place.
pub fn each(
    db: &Connection,
    each: &mut dyn FnMut(i64, i64, Place) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut rows = db.prepare("SELECT hash, place FROM print")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (hash, place) = (row.get(0)?, row.get(1)?);
        let entry = Entry { hash, place };
        let (is_covered, Posting { day, text }) = entry.posting();
        each(entry.key(), text, Place { day, is_covered })?;
    }
    let mut rows = db.prepare("SELECT hash, text_id, day, is_covered FROM odd_print")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (day, is_covered) = (row.get(2)?, row.get(3)?);
        each(row.get(0)?, row.get(1)?, Place { day, is_covered })?;
    }
    Ok(())
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
        "INSERT OR IGNORE INTO print (hash, place)
         SELECT hash, place FROM temp.recent WHERE hash BETWEEN ?1 AND ?2 ORDER BY hash, place",
    )?
    .execute(params![below, last])?;
    db.prepare_cached("DELETE FROM temp.recent WHERE hash BETWEEN ?1 AND ?2")?
        .execute(params![below, last])?;
    db.prepare_cached("UPDATE filling SET below = ?1")?
        .execute([last.saturating_add(1)])?;
    Ok(true)
}
