//! What families are about, which of them are linked, and who sits in which story. What that means and how it is decided
//! is said in [`crate::stories`].

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::article::theme::Theme;
use crate::job::ArticleId;
use crate::stories::window::{Kind, Place};
use crate::stories::{Item, Rank};
use crate::verdict::stated_ms;

/// The steps of the rule that are looked at again: seats first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Step 3.
    Seat,
    /// Step 4.
    Settle,
}

impl Step {
    const fn number(self) -> i64 {
        match self {
            Self::Seat => 3,
            Self::Settle => 4,
        }
    }
}

/// The columns of a rank, in its order, of a table.
macro_rules! rank_of {
    ($table:literal) => {
        concat!(
            $table,
            ".undated, ",
            $table,
            ".day, ",
            $table,
            ".shortness, ",
            $table,
            ".precedence, ",
            $table,
            ".article_id"
        )
    };
}

fn read_rank(row: &Row<'_>, at: usize) -> rusqlite::Result<Rank> {
    Ok(Rank {
        undated: row.get(at)?,
        day: row.get(at + 1)?,
        shortness: row.get(at + 2)?,
        precedence: row.get::<_, i64>(at + 3)?.cast_unsigned(),
        key: row.get(at + 4)?,
    })
}

/// A number and a rank, as parameters of a statement.
fn with_rank(number: i64, rank: &Rank) -> [i64; 6] {
    [
        number,
        rank.undated.into(),
        rank.day,
        rank.shortness.into(),
        rank.precedence.cast_signed(),
        rank.key,
    ]
}

/// The first 63 bits of a digest: SQLite's numbers have a sign.
fn precedence_of(digest: &[u8]) -> u64 {
    let head: [u8; 8] = digest.first_chunk().copied().unwrap_or_default();
    u64::from_be_bytes(head) >> 1
}

/// Articles that may be items now, or none any more; by day, so that those within reach of each other come together.
pub fn untold(db: &Connection, most: usize) -> rusqlite::Result<Vec<ArticleId>> {
    db.prepare_cached("SELECT article_id FROM untold ORDER BY day, article_id LIMIT ?1")?
        .query_map([most.cast_signed()], |row| row.get(0).map(ArticleId))?
        .collect()
}

/// An article was looked at.
pub fn set_told(db: &Connection, article: ArticleId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM untold WHERE article_id = ?1")?
        .execute([article.0])?;
    Ok(())
}

/// Whether an article waits to be looked at.
pub fn is_untold(db: &Connection, article: ArticleId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM untold WHERE article_id = ?1)")?
        .query_row([article.0], |row| row.get(0))
}

/// Whether an article or an item waits to be looked at.
pub fn is_waiting(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM untold) OR EXISTS (SELECT 1 FROM unseated)")?
        .query_row([], |row| row.get(0))
}

/// How many articles and items wait to be looked at.
pub fn count_waiting(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT (SELECT count(*) FROM untold) + (SELECT count(*) FROM unseated)")?
        .query_row([], |row| row.get(0))
}

/// An article as the item it makes; `None` if it neither leads a family nor is without one.
pub fn lead(db: &Connection, article: ArticleId) -> rusqlite::Result<Option<Item>> {
    db.prepare_cached(
        "SELECT article.title, article.text, article.published, document.arrival_ms, text.digest
         FROM article JOIN document ON document.id = article.document_id JOIN text ON text.id = article.text_id
         LEFT JOIN family ON family.id = article.family_id
         WHERE article.id = ?1 AND (family.id IS NULL OR family.lead_id = article.id)",
    )?
    .query_row([article.0], |row| {
        let title = row.get_ref(0)?.as_str_or_null()?;
        let stated = row.get_ref(2)?.as_str_or_null()?;
        let arrived_ms = row.get(3)?;
        Ok(Item {
            key: article.0,
            // A date that is not believed is none.
            published_ms: stated.and_then(|stated| stated_ms(stated, arrived_ms)),
            arrived_ms,
            precedence: precedence_of(row.get_ref(4)?.as_blob()?),
            theme: Theme::of(title, row.get_ref(1)?.as_str()?),
        })
    })
    .optional()
}

/// An item as it is in the record, and whether its links are kept. One whose words another version of the program wrote
/// cannot be read: it is as if it had none.
pub fn item(db: &Connection, article: ArticleId) -> rusqlite::Result<Option<(Item, bool)>> {
    db.prepare_cached(
        "SELECT article_id, published_ms, arrived_ms, precedence, words, is_linked FROM theme WHERE article_id = ?1",
    )?
    .query_row([article.0], |row| Ok((read_item(row)?, row.get(5)?)))
    .optional()
}

fn read_item(row: &Row<'_>) -> rusqlite::Result<Item> {
    let theme = Theme::from_bytes(row.get_ref(4)?.as_blob()?);
    Ok(Item {
        key: row.get(0)?,
        published_ms: row.get(1)?,
        arrived_ms: row.get(2)?,
        precedence: row.get::<_, i64>(3)?.cast_unsigned(),
        theme: theme.unwrap_or_else(|| Theme::of(None, "")),
    })
}

/// All items of one day that are linked.
pub fn items_of(db: &Connection, place: Place) -> rusqlite::Result<Vec<Item>> {
    let sql = match place.kind {
        Kind::Dated => {
            "SELECT article_id, published_ms, arrived_ms, precedence, words FROM theme
             WHERE undated = 0 AND day = ?1 AND is_linked ORDER BY article_id"
        }
        Kind::Undated => {
            "SELECT article_id, published_ms, arrived_ms, precedence, words FROM theme
             WHERE undated = 1 AND day = ?1 AND is_linked ORDER BY article_id"
        }
        Kind::Arrived => {
            "SELECT article_id, published_ms, arrived_ms, precedence, words FROM theme
             WHERE undated = 0 AND arrived_day = ?1 AND is_linked ORDER BY article_id"
        }
    };
    db.prepare_cached(sql)?
        .query_map([place.day], read_item)?
        .collect()
}

/// Records an item, alone for now.
pub fn insert(db: &Connection, item: &Item, is_linked: bool) -> rusqlite::Result<()> {
    let rank = item.rank();
    db.prepare_cached(
        "INSERT INTO theme (article_id, undated, day, shortness, precedence, published_ms, arrived_ms, arrived_day, words,
                            is_linked)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        item.key,
        rank.undated,
        rank.day,
        rank.shortness,
        rank.precedence.cast_signed(),
        item.published_ms,
        item.arrived_ms,
        item.arrival_day(),
        item.theme.to_bytes(),
        is_linked
    ])?;
    Ok(())
}

/// Takes an item out of the record, with its links and with what was to be looked at.
pub fn remove(db: &Connection, item: &Item) -> rusqlite::Result<()> {
    for step in [Step::Seat, Step::Settle] {
        unmark(db, step, &item.rank())?;
    }
    db.prepare_cached(
        "DELETE FROM theme_link WHERE (article_id, other_id) IN
             (SELECT other_id, article_id FROM theme_link WHERE article_id = ?1)",
    )?
    .execute([item.key])?;
    db.prepare_cached("DELETE FROM theme_link WHERE article_id = ?1")?
        .execute([item.key])?;
    db.prepare_cached("DELETE FROM theme WHERE article_id = ?1")?
        .execute([item.key])?;
    Ok(())
}

/// Records a link.
pub fn link(db: &Connection, a: i64, b: i64, strength: f32) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT OR REPLACE INTO theme_link (article_id, other_id, strength) VALUES (?1, ?2, ?3)",
    )?;
    insert.execute(params![a, b, f64::from(strength)])?;
    insert.execute(params![b, a, f64::from(strength)])?;
    Ok(())
}

/// What an item is linked to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linked {
    /// The other.
    pub rank: Rank,
    /// The head of the story it sits in.
    pub head: i64,
    /// Log-odds that the two are about one event.
    pub strength: f32,
}

/// What an item is linked to, in no order.
pub fn links_of(db: &Connection, item: i64) -> rusqlite::Result<Vec<Linked>> {
    db.prepare_cached(concat!(
        "SELECT ",
        rank_of!("theme"),
        ", coalesce(theme.seat_id, theme.article_id), theme_link.strength
         FROM theme_link JOIN theme ON theme.article_id = theme_link.other_id WHERE theme_link.article_id = ?1"
    ))?
    .query_map([item], |row| {
        #[expect(clippy::cast_possible_truncation, reason = "an f32 was written")]
        let strength = row.get::<_, f64>(6)? as f32;
        Ok(Linked {
            rank: read_rank(row, 0)?,
            head: row.get(5)?,
            strength,
        })
    })?
    .collect()
}

/// Where an item stands, the head of the story it sits in, and its story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seated {
    /// Where it stands.
    pub rank: Rank,
    /// The head of the story it sits in: itself, if nothing else.
    pub head: i64,
    /// The head of its story; none for what is alone.
    pub story: Option<i64>,
}

/// How an item is seated.
pub fn seated(db: &Connection, item: i64) -> rusqlite::Result<Option<Seated>> {
    db.prepare_cached(concat!(
        "SELECT ",
        rank_of!("theme"),
        ", coalesce(seat_id, article_id), story_id FROM theme WHERE article_id = ?1"
    ))?
    .query_row([item], |row| {
        Ok(Seated {
            rank: read_rank(row, 0)?,
            head: row.get(5)?,
            story: row.get(6)?,
        })
    })
    .optional()
}

/// Seats an item under the head of a story, which may be itself.
pub fn set_seat(db: &Connection, item: i64, head: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE theme SET seat_id = nullif(?2, ?1) WHERE article_id = ?1")?
        .execute([item, head])?;
    Ok(())
}

/// Says which story an item is of.
pub fn set_story(db: &Connection, item: i64, story: Option<i64>) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE theme SET story_id = ?2 WHERE article_id = ?1")?
        .execute(params![item, story])?;
    Ok(())
}

/// The first members of the story an item is the head of, itself first, in the order of rank.
pub fn members(db: &Connection, head: i64, most: usize) -> rusqlite::Result<Vec<Rank>> {
    let mut members: Vec<Rank> = seated(db, head)?
        .filter(|seated| seated.head == head)
        .map(|seated| seated.rank)
        .into_iter()
        .collect();
    let mut later = db.prepare_cached(concat!(
        "SELECT ",
        rank_of!("theme"),
        " FROM theme WHERE seat_id = ?1 ORDER BY undated, day, shortness, precedence, article_id LIMIT ?2"
    ))?;
    let room = most.saturating_sub(members.len());
    let later = later.query_map([head, room.try_into().unwrap_or(i64::MAX)], |row| {
        read_rank(row, 0)
    })?;
    members.extend(later.collect::<rusqlite::Result<Vec<Rank>>>()?);
    Ok(members)
}

/// Notes that an item is to be looked at again.
pub fn mark(db: &Connection, step: Step, rank: &Rank) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO unseated (step, undated, day, shortness, precedence, article_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(with_rank(step.number(), rank))?;
    Ok(())
}

/// Notes those that are linked to an item: for step 3 the ones behind `from`, for step 4 all.
pub fn mark_linked(db: &Connection, item: i64, from: &Rank) -> rusqlite::Result<()> {
    db.prepare_cached(concat!(
        "INSERT OR IGNORE INTO unseated (step, undated, day, shortness, precedence, article_id) SELECT 3, ",
        rank_of!("theme"),
        " FROM theme_link JOIN theme ON theme.article_id = theme_link.other_id WHERE theme_link.article_id = ?1 AND (",
        rank_of!("theme"),
        ") > (?2, ?3, ?4, ?5, ?6)"
    ))?
    .execute(with_rank(item, from))?;
    db.prepare_cached(concat!(
        "INSERT OR IGNORE INTO unseated (step, undated, day, shortness, precedence, article_id) SELECT 4, ",
        rank_of!("theme"),
        " FROM theme_link JOIN theme ON theme.article_id = theme_link.other_id WHERE theme_link.article_id = ?1"
    ))?
    .execute([item])?;
    Ok(())
}

/// Notes that an item has been looked at.
pub fn unmark(db: &Connection, step: Step, rank: &Rank) -> rusqlite::Result<()> {
    db.prepare_cached(
        "DELETE FROM unseated WHERE step = ?1 AND undated = ?2 AND day = ?3 AND shortness = ?4 AND precedence = ?5
             AND article_id = ?6",
    )?
    .execute(with_rank(step.number(), rank))?;
    Ok(())
}

/// The first item that is to be looked at: seats before stories, each in the order of rank.
pub fn next_marked(db: &Connection) -> rusqlite::Result<Option<(Step, Rank)>> {
    db.prepare_cached(concat!(
        "SELECT ",
        rank_of!("unseated"),
        ", step FROM unseated ORDER BY step, undated, day, shortness, precedence, article_id LIMIT 1"
    ))?
    .query_row([], |row| {
        let step = if row.get::<_, i64>(5)? == Step::Seat.number() {
            Step::Seat
        } else {
            Step::Settle
        };
        Ok((step, read_rank(row, 0)?))
    })
    .optional()
}

/// The items of one day: how many there are of each day from `first` to `last`, those with a date, and all by arrival.
pub fn crowds(db: &Connection, first: i64, last: i64) -> rusqlite::Result<Vec<(i64, [usize; 2])>> {
    db.prepare_cached(
        "SELECT day, dated, arrived FROM crowd WHERE day BETWEEN ?1 AND ?2 ORDER BY day",
    )?
    .query_map([first, last], |row| {
        let count = |at| row.get::<_, u32>(at).map(|count| count as usize);
        Ok((row.get(0)?, [count(1)?, count(2)?]))
    })?
    .collect()
}

/// Counts items of a day: with a date by that, and by arrival.
pub fn count(db: &Connection, day: i64, dated: i64, arrived: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO crowd (day, dated, arrived) VALUES (?1, ?2, ?3)
         ON CONFLICT (day) DO UPDATE SET dated = dated + excluded.dated, arrived = arrived + excluded.arrived",
    )?
    .execute([day, dated, arrived])?;
    db.prepare_cached("DELETE FROM crowd WHERE day = ?1 AND dated = 0 AND arrived = 0")?
        .execute([day])?;
    Ok(())
}

/// Notes all linked items of a day, with or without a date, to be looked at again in both steps.
pub fn mark_day(db: &Connection, day: i64, undated: bool) -> rusqlite::Result<()> {
    for step in [Step::Seat, Step::Settle] {
        db.prepare_cached(
            "INSERT OR IGNORE INTO unseated (step, undated, day, shortness, precedence, article_id)
             SELECT ?1, undated, day, shortness, precedence, article_id FROM theme
             WHERE undated = ?2 AND day = ?3
                 AND EXISTS (SELECT 1 FROM theme_link WHERE theme_link.article_id = theme.article_id)",
        )?
        .execute(params![step.number(), undated, day])?;
    }
    Ok(())
}

/// Notes all items of a day, with or without a date, to be made anew.
pub fn untell_day(db: &Connection, day: i64, undated: bool) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO untold (day, article_id)
         SELECT day, article_id FROM theme WHERE undated = ?1 AND day = ?2",
    )?
    .execute(params![undated, day])?;
    Ok(())
}
