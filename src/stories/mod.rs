//! Stories: families about the same event.
//!
//! # The rule
//!
//! 1. **Rank.** Items stand in one canonical order ([`Rank`]): those with a stated date before those without, then by
//!    calendar day (UTC), the longer text first, then by precedence and key. It is of what the items say, never of when
//!    they were added.
//! 2. **Link.** Two items are linked with a strength ([`link()`]) if they are within reach of each other (stated dates at
//!    most [`REACH_DAYS`] calendar days apart; where one has none, arrivals), share
//!    [`SHARED_MIN`](crate::article::theme::SHARED_MIN) of their weightiest words, and the learnt log-odds of being about one
//!    event are above [`FAINT`]. The strength is of the two items alone.
//! 3. **Join.** In that order, each item joins at most one story of earlier items: the one it is nearest to, if it is as
//!    near as [`JOIN`]; otherwise it opens a story. Nearness is the mean of the strengths to the story's first
//!    [`MEMBERS_HEARD`] members, [`FAINT`] where there is no link, and [`COMPANY`] times the logarithm of how many those
//!    are; among equals the earlier head is nearer. ([`seat`])
//! 4. **Look again.** An item that is alone after that joins the nearest story of several, later ones too, if that is as
//!    near as [`JOIN_AGAIN`]. What it joins is as step 3 left it. ([`settle`])
//!
//! In a crowd all of that is asked for more: both thresholds rise by [`CROWD`] each time the items within reach double
//! ([`crowd`]), for as many more can be alike by chance. In one of 2^[`CROWD_MAX`] nobody is linked.
//!
//! So [`group`] is a function of the set of items: no item is ever judged by when it was added.
//!
//! # What a change costs
//!
//! Links are of pairs and can be kept: a new item needs the themes of those within reach that share its words
//! ([`window::Window`]), and changes no other link. A seat is a function of the item's links, of the crowd, and of who
//! the first members of the linked stories are among earlier ranks. So when one seat changes, those to be looked at are
//! the later ones linked to the first members of the story it left and of the one it joined; taken up in the order of
//! rank, each once, they come out as if all had been seated anew. Step 4 follows in the same way once all are seated.
//! The crowd of a day is of the days within reach: when it passes a doubling, which it does a dozen times in all, the
//! items of the days it is of are looked at as well. Nobody joins a story none of whose first members is within reach, so
//! stories end.
//!
//! Invariant: pure. No files, no clock, no SQL.

mod join;
mod link;
mod weights;
pub mod window;

#[cfg(test)]
mod stories_tests;

use crate::article::theme::Theme;

pub use join::{Entry, Seat, seat, settle};
pub use link::{FEATURES, Link, features, link, links, near, strength};
pub use weights::Weights;

/// Calendar days between the stated dates of two items of one story. Of 815 dated pairs that editors put together, 804 are
/// this close.
pub const REACH_DAYS: i64 = 3;
/// What counts as no link, in log-odds: a twelfth.
pub const FAINT: f32 = -2.5;
/// How many members of a story speak for and against who would join. Four and sixteen do no better.
pub const MEMBERS_HEARD: usize = 8;
/// What a story of many is worth against one of few: members that agree are better evidence than one.
pub const COMPANY: f32 = 0.15;
/// From which nearness on an item joins. Chosen by cross-validation, for precision.
pub const JOIN: f32 = 0.9;
/// The same for an item that is alone otherwise: it can come between two that were not near enough to each other. With
/// this the rule groups as well as average linkage but for 0.02 of F1; without it that is 0.03.
pub const JOIN_AGAIN: f32 = 0.1;
/// What the thresholds rise by when the crowd doubles. ln 2 would be right if those who come were as like as those who are
/// there. A feed grows by other subjects as well, so it is less: with ten days of the labelled articles in each of theirs
/// precision falls from .86 to .76, with a hundred to .71; without this to .67 and .45.
pub const CROWD: f32 = 0.45;
/// A crowd in which nothing is told apart: from 2 to this power on, items within reach are no story at all. By then the
/// thresholds of dated ones have risen to where next to nothing joins, and as many undated ones within a week are an
/// archive whose file times say nothing. It also bounds what is kept in memory: some 50 MB for the items of a week.
pub const CROWD_MAX: u32 = 16;
/// From how many items within reach on dated ones are a crowd, as a power of two: that many have those learnt from.
const DATED_CROWD: u32 = 4;
/// The same for items without a date, which were learnt from among all of a set.
const UNDATED_CROWD: u32 = 11;

/// A family, as far as stories are concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What the caller knows it by. Only told apart, and compared where all else is equal.
    pub key: i64,
    /// The stated date of publication, Unix milliseconds UTC.
    pub published_ms: Option<i64>,
    /// When it arrived, Unix milliseconds UTC.
    pub arrived_ms: i64,
    /// Order among equals that does not depend on luck, such as the head of a digest.
    pub precedence: u64,
    /// What it is about.
    pub theme: Theme,
}

/// Where an item stands in the canonical order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Whether no date is stated.
    pub undated: bool,
    /// The calendar day it is of.
    pub day: i64,
    /// The longer, the less.
    pub shortness: u8,
    /// [`Item::precedence`].
    pub precedence: u64,
    /// [`Item::key`].
    pub key: i64,
}

const DAY_MS: i64 = 86_400_000;

impl Item {
    /// Where it stands among others.
    pub fn rank(&self) -> Rank {
        Rank {
            undated: self.published_ms.is_none(),
            day: self.day(),
            shortness: u8::MAX - self.theme.length(),
            precedence: self.precedence,
            key: self.key,
        }
    }

    /// The calendar day (UTC, since 1970) it is of: of its date, else of its arrival.
    pub fn day(&self) -> i64 {
        self.published_ms
            .unwrap_or(self.arrived_ms)
            .div_euclid(DAY_MS)
    }

    /// The calendar day (UTC, since 1970) it arrived on.
    pub fn arrival_day(&self) -> i64 {
        self.arrived_ms.div_euclid(DAY_MS)
    }

    /// Whether the times of the two allow one story.
    pub fn reaches(&self, other: &Self) -> bool {
        let apart = if self.published_ms.is_some() && other.published_ms.is_some() {
            self.day() - other.day()
        } else {
            self.arrival_day() - other.arrival_day()
        };
        apart.abs() <= REACH_DAYS
    }
}

/// Which story each item is of: the place of the story's head in `items`. The items are one set, in whatever order.
pub fn group(items: &[Item]) -> Vec<usize> {
    group_linked(items, &links(items))
}

/// The same over links that are known.
pub fn group_linked(items: &[Item], links: &[Link]) -> Vec<usize> {
    let raises = crowd(items);
    let entry = |(item, raise): (&Item, f32)| Entry {
        rank: item.rank(),
        raise,
        seat: None,
    };
    let entries: Vec<Entry> = items.iter().zip(raises).map(entry).collect();
    settle(&entries, &seat(&entries, links), links)
}

/// What the crowd around each item raises its thresholds by. For one with a date the crowd is the dated items of the days
/// within reach, for one without it is all that arrived on such days; only doublings count, so it seldom changes.
pub fn crowd(items: &[Item]) -> Vec<f32> {
    let days = |day: fn(&Item) -> Option<i64>| {
        let mut days: Vec<i64> = items.iter().filter_map(day).collect();
        days.sort_unstable();
        days
    };
    let dated = days(|item| item.published_ms.map(|_| item.day()));
    let arrived = days(|item| Some(item.arrival_day()));
    let around = |days: &[i64], day: i64| {
        let before = days.partition_point(|it| *it < day - REACH_DAYS);
        let with = days.partition_point(|it| *it <= day + REACH_DAYS);
        with - before
    };
    let raise = |item: &Item| {
        let is_dated = item.published_ms.is_some();
        let days = if is_dated { &dated } else { &arrived };
        raise(around(days, item.day()), is_dated)
    };
    items.iter().map(raise).collect()
}

/// What a crowd of so many raises the thresholds of an item by; without end from [`CROWD_MAX`] on.
pub fn raise(crowd: usize, is_dated: bool) -> f32 {
    let doublings = crowd.checked_ilog2().unwrap_or(0);
    if doublings >= CROWD_MAX {
        return f32::INFINITY;
    }
    let least = if is_dated { DATED_CROWD } else { UNDATED_CROWD };
    let doublings = doublings.saturating_sub(least);
    CROWD * f32::from(u8::try_from(doublings).unwrap_or(u8::MAX))
}
