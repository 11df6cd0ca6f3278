//! Who sits in which story: steps 3 and 4 of the rule in [`crate::stories`], one item at a time, over kept links.
//!
//! What is noted is looked at in the order of rank, seats before stories. A seat that changes has those noted whose seats
//! may change because of it, all of later ranks; so once nothing is noted all is as if everything had been seated at once,
//! whatever the order was in which items came and whenever it was looked at.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::store::stories::{self, Linked, Step};
use crate::stories::{Entry, Link, MEMBERS_HEARD, Rank, Seat, seat, settle};

use super::telling;

/// Looks at items that were noted; returns how many.
pub(super) fn seat_marked(db: &Connection, most: usize) -> rusqlite::Result<usize> {
    for done in 0..most {
        let Some((step, rank)) = stories::next_marked(db)? else {
            return Ok(done);
        };
        stories::unmark(db, step, &rank)?;
        match step {
            Step::Seat => seat_one(db, &rank)?,
            Step::Settle => settle_one(db, &rank)?,
        }
    }
    Ok(most)
}

/// An item has come, and is alone: itself is noted, and who may join it.
pub(super) fn mark_entering(db: &Connection, rank: &Rank) -> rusqlite::Result<()> {
    stories::mark(db, Step::Seat, rank)?;
    stories::mark(db, Step::Settle, rank)?;
    stories::mark_linked(db, rank.key, rank)
}

/// An item is about to go: who may sit otherwise without it is noted.
pub(super) fn mark_leaving(db: &Connection, item: i64) -> rusqlite::Result<()> {
    let Some(seated) = stories::seated(db, item)? else {
        return Ok(());
    };
    mark_story(db, seated.head, &seated.rank)
}

fn seat_one(db: &Connection, rank: &Rank) -> rusqlite::Result<()> {
    let Some(seated) = stories::seated(db, rank.key)?.filter(|it| it.rank == *rank) else {
        return Ok(());
    };
    let mut links = stories::links_of(db, rank.key)?;
    links.retain(|linked| linked.rank < *rank);
    let table = Table::around(db, rank, &links, |member| member < rank)?;
    let seats = seat(&table.entries, &table.links);
    let head = table.head_of_own(seats.first().map(|seat| seat.head), rank);
    if head == seated.head {
        return Ok(());
    }
    mark_story(db, seated.head, rank)?;
    stories::set_seat(db, rank.key, head)?;
    mark_story(db, head, rank)
}

fn settle_one(db: &Connection, rank: &Rank) -> rusqlite::Result<()> {
    let Some(seated) = stories::seated(db, rank.key)?.filter(|it| it.rank == *rank) else {
        return Ok(());
    };
    let story = if stories::members(db, seated.head, 2)?.len() > 1 {
        Some(seated.head)
    } else {
        let links = stories::links_of(db, rank.key)?;
        let table = Table::around(db, rank, &links, |_| true)?;
        let alone = Seat { head: 0, number: 0 };
        let seats = table.entries.iter().map(|it| it.seat.unwrap_or(alone));
        let seats: Vec<Seat> = seats.collect();
        let heads = settle(&table.entries, &seats, &table.links);
        Some(table.head_of_own(heads.first().copied(), rank)).filter(|head| *head != rank.key)
    };
    if story != seated.story {
        stories::set_story(db, rank.key, story)?;
    }
    Ok(())
}

/// An item, and the members of the stories it is linked to that are heard.
struct Table {
    /// Itself first.
    entries: Vec<Entry>,
    ranks: Vec<Rank>,
    links: Vec<Link>,
}

impl Table {
    /// `is_there` tells which members count.
    fn around(
        db: &Connection,
        own: &Rank,
        links: &[Linked],
        is_there: impl Fn(&Rank) -> bool,
    ) -> rusqlite::Result<Self> {
        let raise = telling::raise_of(db, own.day, !own.undated)?;
        let mut table = Self {
            entries: vec![Entry {
                rank: *own,
                raise,
                seat: None,
            }],
            ranks: vec![*own],
            links: Vec::new(),
        };
        let heads: BTreeSet<i64> = links.iter().map(|linked| linked.head).collect();
        let strengths: BTreeMap<i64, f32> = links
            .iter()
            .map(|linked| (linked.rank.key, linked.strength))
            .collect();
        for head in heads.into_iter().filter(|head| *head != own.key) {
            let mut members = stories::members(db, head, MEMBERS_HEARD)?;
            members.retain(&is_there);
            table.add(&members, &strengths);
        }
        Ok(table)
    }

    /// Adds the first members of a story, the head before all.
    fn add(&mut self, members: &[Rank], strengths: &BTreeMap<i64, f32>) {
        let head = self.entries.len();
        for (number, rank) in members.iter().enumerate() {
            let at = self.entries.len();
            self.entries.push(Entry {
                rank: *rank,
                raise: 0.0,
                seat: Some(Seat { head, number }),
            });
            self.ranks.push(*rank);
            let link = strengths.get(&rank.key).map(|strength| Link {
                a: 0,
                b: at,
                strength: *strength,
            });
            self.links.extend(link);
        }
    }

    /// The item that is the head, by its place among the entries.
    fn head_of_own(&self, place: Option<usize>, own: &Rank) -> i64 {
        let head = place.and_then(|place| self.ranks.get(place));
        head.unwrap_or(own).key
    }
}

/// Notes those who hear the story, which is or was the item's `from`: the items linked to its first members, later ones
/// for their seats and all for step 4. Whoever sits in it is among them, since nobody joins without being linked to one of
/// those. An item that comes or goes behind the members that are heard changes nothing for anyone.
fn mark_story(db: &Connection, head: i64, from: &Rank) -> rusqlite::Result<()> {
    // With the one that moves up, or down, when another goes or comes.
    let members = stories::members(db, head, MEMBERS_HEARD + 1)?;
    let last_heard = members.get(MEMBERS_HEARD - 1);
    if last_heard.is_some_and(|last| last < from) {
        return stories::mark(db, Step::Settle, from);
    }
    for member in &members {
        stories::mark(db, Step::Settle, member)?;
        stories::mark_linked(db, member.key, from)?;
    }
    Ok(())
}
