//! The index of prints, against the words of the texts.
//!
//! To look every print up would read some fifty pages a text. So the index is read from one end to the other, and for each
//! of a fixed number of heaps of texts what stands there is summed up, as is what ought to stand there: sums do not depend
//! on the order. Only of heaps whose sums differ every print is looked at, in a second reading.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Connection;

use crate::article::fingerprint;
use crate::store::index::{self, Place};

use super::{Fault, Finding, Look, found};

/// Heaps of texts: at ten million, some hundred and fifty in each.
const HEAPS: usize = 1 << 16;

/// Heaps of which every print is looked at, at most: about ten thousand texts of ten million.
const HEAPS_READ: usize = 64;

/// Where a print stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: i64,
    is_covered: bool,
    day: i64,
}

/// What the prints of some texts come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sum {
    count: i64,
    hashes: u64,
}

impl Sum {
    fn add(&mut self, text: i64, entry: Entry) {
        self.count += 1;
        self.hashes = self.hashes.wrapping_add(hash(text, entry));
    }
}

/// A text of which prints stand beside the index still.
struct Fresh {
    place: Place,
    keys: Vec<i64>,
    /// The key below which they are to be in the index by now, and how many of those are.
    below: i64,
    found: usize,
}

/// What the index is to say.
struct Index {
    wanted: Vec<Sum>,
    fresh: HashMap<i64, Fresh>,
    missing: Fault,
    stray: Fault,
}

pub(super) fn look(look: &mut Look<'_>) -> rusqlite::Result<Vec<Finding>> {
    let db = look.db;
    let mut words = Fault::of("a text is known by other words than it says");
    let mut beside = Fault::of("the prints of a text that wait beside the index are not its own");
    let mut index = Index {
        wanted: vec![Sum::default(); HEAPS],
        fresh: fresh(db)?,
        missing: Fault::of("a text is not found by all its prints"),
        stray: Fault::of("prints stand in the index that no text has there"),
    };
    look.expect(db.query_row("SELECT count(*) FROM text", [], |row| row.get(0))?);
    let mut done = 0;
    each_text(db, &mut |text| {
        done += 1;
        look.at(done);
        if !text.is_known {
            words.add_text(db, text.id)?;
        }
        index.want(db, &text, &mut beside)
    })?;
    for text in unplaced_fresh(db)? {
        // Nothing is to stand beside the index for a text that has no place in it.
        beside.add_text(db, text)?;
    }
    index.compare(db)?;
    Ok(found([words, beside, index.missing, index.stray]))
}

/// The texts beside the index that have a place.
fn fresh(db: &Connection) -> rusqlite::Result<HashMap<i64, Fresh>> {
    let filling = index::filling(db)?;
    let mut rows = db.prepare(
        "SELECT fresh.text_id, fresh.id, fresh.prints, text.day, text.is_covered
         FROM fresh JOIN text ON text.id = fresh.text_id WHERE text.day IS NOT NULL",
    )?;
    let mut rows = rows.query([])?;
    let mut all = HashMap::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(1)?;
        let mut keys = index::unpack(&row.get::<_, Vec<u8>>(2)?);
        keys.sort_unstable();
        let text = row.get(0)?;
        let place = Place {
            day: row.get(3)?,
            is_covered: row.get(4)?,
        };
        let below = match filling {
            _ if index::is_odd(text, place) => i64::MAX,
            Some((upto, below)) if id <= upto => below,
            _ => i64::MIN,
        };
        all.insert(
            text,
            Fresh {
                place,
                keys,
                below,
                found: 0,
            },
        );
    }
    Ok(all)
}

/// The texts beside the index that have no place.
fn unplaced_fresh(db: &Connection) -> rusqlite::Result<Vec<i64>> {
    db.prepare(
        "SELECT fresh.text_id FROM fresh LEFT JOIN text ON text.id = fresh.text_id
         WHERE text.day IS NULL ORDER BY fresh.text_id",
    )?
    .query_map([], |row| row.get(0))?
    .collect()
}

/// A text with its prints.
struct Text {
    id: i64,
    place: Option<Place>,
    keys: Vec<i64>,
    /// Whether it is known by the words it says.
    is_known: bool,
}

/// Calls back with every text that has a first article.
fn each_text(
    db: &Connection,
    each: &mut dyn FnMut(Text) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut rows = db.prepare(
        "SELECT text.id, text.digest, text.prints, text.day, text.is_covered, article.text
         FROM text JOIN article ON article.id = text.first_id ORDER BY text.id",
    )?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let print = fingerprint::fingerprint(row.get_ref(5)?.as_str()?);
        let is_known = row.get::<_, [u8; 32]>(1)? == print.text_digest
            && usize::try_from(row.get::<_, i64>(2)?) == Ok(print.prints.len());
        let day: Option<i64> = row.get(3)?;
        let is_covered = row.get(4)?;
        let mut keys: Vec<i64> = print.prints.into_iter().map(index::key).collect();
        keys.sort_unstable();
        keys.dedup();
        each(Text {
            id: row.get(0)?,
            place: day.map(|day| Place { day, is_covered }),
            keys,
            is_known,
        })?;
    }
    Ok(())
}

/// Calls back with every print in the index.
fn each_print(
    db: &Connection,
    each: &mut dyn FnMut(i64, Entry) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    index::each(db, &mut |key, text, place| {
        let Place { day, is_covered } = place;
        let entry = Entry {
            key,
            is_covered,
            day,
        };
        each(text, entry)
    })
}

fn entries(text: &Text) -> impl Iterator<Item = Entry> {
    let at = |place: Place| {
        text.keys.iter().map(move |key| Entry {
            key: *key,
            is_covered: place.is_covered,
            day: place.day,
        })
    };
    text.place.into_iter().flat_map(at)
}

fn heap_of(text: i64) -> usize {
    usize::try_from(text.rem_euclid(1 << 16)).unwrap_or(0)
}

impl Index {
    fn want(&mut self, db: &Connection, text: &Text, beside: &mut Fault) -> rusqlite::Result<()> {
        if let Some(fresh) = self.fresh.get(&text.id) {
            if fresh.keys != text.keys {
                beside.add_text(db, text.id)?;
            }
            return Ok(());
        }
        if let Some(sum) = self.wanted.get_mut(heap_of(text.id)) {
            entries(text).for_each(|entry| sum.add(text.id, entry));
        }
        Ok(())
    }

    fn compare(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let mut sums = vec![Sum::default(); HEAPS];
        let mut strays = BTreeSet::new();
        each_print(db, &mut |text, entry| {
            match self.fresh.get_mut(&text) {
                Some(fresh) => {
                    let is_there = fresh.place.day == entry.day
                        && fresh.place.is_covered == entry.is_covered
                        && fresh.keys.binary_search(&entry.key).is_ok();
                    fresh.found += usize::from(is_there && entry.key < fresh.below);
                    if !is_there && strays.insert(text) {
                        self.stray.add_text(db, text)?;
                    }
                }
                None => {
                    if let Some(sum) = sums.get_mut(heap_of(text)) {
                        sum.add(text, entry);
                    }
                }
            }
            Ok(())
        })?;
        let mut missing: Vec<i64> = self
            .fresh
            .iter()
            .filter(|(_, fresh)| {
                let moved = fresh.keys.partition_point(|key| *key < fresh.below);
                fresh.found < moved
            })
            .map(|(text, _)| *text)
            .collect();
        missing.sort_unstable();
        for text in missing {
            self.missing.add_text(db, text)?;
        }
        let differ = sums.iter().zip(&self.wanted).enumerate();
        let differ: Vec<usize> = differ
            .filter(|(_, (is, wanted))| is != wanted)
            .map(|(heap, _)| heap)
            .collect();
        self.read_again(db, &differ)
    }

    /// Looks at every print of the texts in these heaps.
    fn read_again(&mut self, db: &Connection, heaps: &[usize]) -> rusqlite::Result<()> {
        if heaps.is_empty() {
            return Ok(());
        }
        let read: BTreeSet<usize> = heaps.iter().take(HEAPS_READ).copied().collect();
        let is_read = |text: i64| read.contains(&heap_of(text)) && !self.fresh.contains_key(&text);
        let mut wanted: BTreeMap<i64, BTreeSet<Entry>> = BTreeMap::new();
        each_text(db, &mut |text| {
            if is_read(text.id) {
                wanted.insert(text.id, entries(&text).collect());
            }
            Ok(())
        })?;
        let mut strays = BTreeSet::new();
        each_print(db, &mut |text, entry| {
            if is_read(text) && !wanted.get_mut(&text).is_some_and(|it| it.remove(&entry)) {
                strays.insert(text);
            }
            Ok(())
        })?;
        for text in strays {
            self.stray.add_text(db, text)?;
        }
        for (text, missing) in &wanted {
            if !missing.is_empty() {
                self.missing.add_text(db, *text)?;
            }
        }
        let is_more = heaps.len() > HEAPS_READ;
        self.missing.at_least = is_more;
        self.stray.at_least = is_more;
        Ok(())
    }
}

/// A number of a print of a text at its place: equal ones give equal sums, others hardly ever.
fn hash(text: i64, entry: Entry) -> u64 {
    let mut hash = 0u64;
    for part in [text, entry.key, entry.day, i64::from(entry.is_covered)] {
        // SplitMix64's finisher, by Steele, Lea and Flood.
        let mut z = (hash ^ part.cast_unsigned()).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash = z ^ (z >> 31);
    }
    hash
}
