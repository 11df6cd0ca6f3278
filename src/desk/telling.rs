//! What families are about: the items that stories are made of, kept true to the record, and their links.
//!
//! An item is the lead of a family, or an article that has none. Whatever changes one is noted by the store itself; here
//! what is noted is looked at: an item that is new or other than it was is linked to those within reach, and whoever may sit
//! otherwise because of it is noted in turn, for [`super::seating`].

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::job::ArticleId;
use crate::store::stories;
use crate::stories::window::Window;
use crate::stories::{CROWD_MAX, Item, REACH_DAYS, link, raise};

use super::seating;

/// Items at hand at most, beyond those within reach of the one that was looked at last: twice as many as are ever linked
/// within reach of one, since those with a date are at hand by that and by their arrival.
const AT_HAND_MAX: usize = 2 << CROWD_MAX;

/// Looks at articles that were noted; returns how many. Where it fails nothing at hand is true any more.
pub(super) fn tell(db: &Connection, window: &mut Window, most: usize) -> rusqlite::Result<usize> {
    let untold = stories::untold(db, most)?;
    for article in &untold {
        tell_one(db, window, *article)?;
    }
    window.trim(AT_HAND_MAX);
    Ok(untold.len())
}

fn tell_one(db: &Connection, window: &mut Window, article: ArticleId) -> rusqlite::Result<()> {
    stories::set_told(db, article)?;
    let before = stories::item(db, article)?;
    let now = stories::lead(db, article)?;
    if let (Some((before, is_linked)), Some(now)) = (&before, &now)
        && before == now
        && *is_linked == Crowds::around(db, now)?.raise(now).is_finite()
    {
        return Ok(());
    }
    change(
        db,
        window,
        before.map(|(before, _)| before).as_ref(),
        now.as_ref(),
    )
}

/// Puts an item in the place of what it was, if it was and is any.
pub(super) fn change(
    db: &Connection,
    window: &mut Window,
    before: Option<&Item>,
    now: Option<&Item>,
) -> rusqlite::Result<()> {
    if let Some(before) = before {
        seating::mark_leaving(db, before.key)?;
        stories::remove(db, before)?;
        window.remove(before);
    }
    let days = |item: &Item| (item.published_ms.map(|_| item.day()), item.arrival_day());
    if before.map(days) != now.map(days) {
        let gone = before.map(|item| (item, -1));
        for (item, by) in gone.into_iter().chain(now.map(|item| (item, 1))) {
            count(db, item, by)?;
        }
    }
    now.map_or(Ok(()), |now| enter(db, window, now))
}

/// Puts an item that was counted into the record and links it.
fn enter(db: &Connection, window: &mut Window, item: &Item) -> rusqlite::Result<()> {
    if !Crowds::around(db, item)?.raise(item).is_finite() {
        return stories::insert(db, item, false);
    }
    for place in Window::within_reach(item) {
        if !window.has(place) {
            window.fill(place, stories::items_of(db, place)?);
        }
    }
    stories::insert(db, item, true)?;
    for other in window.near(item) {
        if let Some(strength) = link(item, other) {
            stories::link(db, item.key, other.key, strength)?;
        }
    }
    window.add(item);
    seating::mark_entering(db, &item.rank())
}

/// How many items there are around some day.
struct Crowds(BTreeMap<i64, [usize; 2]>);

impl Crowds {
    /// Of all days that count for those within reach of an item.
    fn around(db: &Connection, item: &Item) -> rusqlite::Result<Self> {
        let days = [item.day(), item.arrival_day()];
        let mut crowds = BTreeMap::new();
        for day in days {
            crowds.extend(stories::crowds(
                db,
                day - 2 * REACH_DAYS,
                day + 2 * REACH_DAYS,
            )?);
        }
        Ok(Self(crowds))
    }

    /// Items within reach of a day: with a date by that, or all by arrival.
    fn of(&self, day: i64, is_dated: bool) -> usize {
        let counts = self.0.range(day - REACH_DAYS..=day + REACH_DAYS);
        let count = |[dated, arrived]: [usize; 2]| if is_dated { dated } else { arrived };
        counts.map(|(_, counts)| count(*counts)).sum()
    }

    fn raise(&self, item: &Item) -> f32 {
        let is_dated = item.published_ms.is_some();
        raise(self.of(item.day(), is_dated), is_dated)
    }
}

/// What the crowd raises the thresholds of an item by.
pub(super) fn raise_of(db: &Connection, day: i64, is_dated: bool) -> rusqlite::Result<f32> {
    let crowds = stories::crowds(db, day - REACH_DAYS, day + REACH_DAYS)?;
    let crowds = Crowds(crowds.into_iter().collect());
    Ok(raise(crowds.of(day, is_dated), is_dated))
}

/// Counts an item in or out. Where the crowd around a day passes a doubling by that, who is of that day is noted.
fn count(db: &Connection, item: &Item, by: i64) -> rusqlite::Result<()> {
    let before = Crowds::around(db, item)?;
    if item.published_ms.is_some() {
        stories::count(db, item.day(), by, 0)?;
    }
    stories::count(db, item.arrival_day(), 0, by)?;
    let after = Crowds::around(db, item)?;
    let days = |day: i64| day - REACH_DAYS..=day + REACH_DAYS;
    let dated = item.published_ms.map(|_| days(item.day()));
    let dated = dated.into_iter().flatten().map(|day| (day, true));
    let arrived = days(item.arrival_day()).map(|day| (day, false));
    for (day, is_dated) in dated.chain(arrived) {
        let was = raise(before.of(day, is_dated), is_dated);
        let is = raise(after.of(day, is_dated), is_dated);
        if was.is_finite() != is.is_finite() {
            stories::untell_day(db, day, !is_dated)?;
        } else if was.total_cmp(&is).is_ne() {
            stories::mark_day(db, day, !is_dated)?;
        }
    }
    Ok(())
}
