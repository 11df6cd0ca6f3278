//! The items of some days at hand: who may be linked to an item, found by its weightiest words.
//!
//! Items lie on shelves, a shelf for each kind of day. What is within reach of an item lies on the [`Window::within_reach`]
//! shelves of it; the caller sees to it that they are filled ([`Window::fill`]) before it asks, and keeps them true
//! ([`Window::add`], [`Window::remove`]). Memory is some 800 bytes an item (measured with 65,000 of one day);
//! [`Window::trim`] bounds it.

use std::collections::{BTreeMap, HashMap};

use crate::article::theme::SHARED_MIN;

use super::{Item, REACH_DAYS};

/// Which items lie together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Those with a date, by the day of that.
    Dated,
    /// Those without one, by the day they arrived on.
    Undated,
    /// Those with a date, by the day they arrived on: for those without one.
    Arrived,
}

/// The items of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// By which day.
    pub kind: Kind,
    /// The calendar day (UTC, since 1970).
    pub day: i64,
}

/// Most gaps of a shelf beyond as many as it has items.
const EMPTY_MAX: usize = 64;

#[derive(Debug, Default)]
struct Shelf {
    /// `None` where one was taken away. Each by itself: a list of them would be copied whole, and be twice as long as it has
    /// to be, whenever it grows.
    items: Vec<Option<Box<Item>>>,
    /// Where each stands, by its key.
    standing: HashMap<i64, u32>,
    /// Items by weighty word, ascending.
    holders: HashMap<u32, Vec<u32>>,
    /// When it was last of use.
    used: u64,
}

impl Shelf {
    fn add(&mut self, item: Box<Item>) {
        self.remove(item.key);
        let Ok(at) = u32::try_from(self.items.len()) else {
            return;
        };
        self.standing.insert(item.key, at);
        for key in item.theme.weighty() {
            self.holders.entry(*key).or_default().push(at);
        }
        self.items.push(Some(item));
    }

    fn remove(&mut self, key: i64) {
        let Some(at) = self.standing.remove(&key) else {
            return;
        };
        let Some(item) = self.items.get_mut(at as usize).and_then(Option::take) else {
            return;
        };
        for key in item.theme.weighty() {
            let Some(holders) = self.holders.get_mut(key) else {
                continue;
            };
            if let Ok(place) = holders.binary_search(&at) {
                holders.remove(place);
            }
            if holders.is_empty() {
                self.holders.remove(key);
            }
        }
        if self.items.len() > 2 * self.standing.len() + EMPTY_MAX {
            self.close_up();
        }
    }

    /// Closes the gaps that were left by what was taken away.
    fn close_up(&mut self) {
        let items = std::mem::take(&mut self.items);
        self.standing.clear();
        self.holders.clear();
        for item in items.into_iter().flatten() {
            self.add(item);
        }
    }

    fn near<'a>(&'a self, item: &Item, found: &mut Vec<&'a Item>) {
        let mut shared = vec![0_u8; self.items.len()];
        let holders = item.theme.weighty().iter();
        for at in holders.filter_map(|key| self.holders.get(key)).flatten() {
            if let Some(count) = shared.get_mut(*at as usize) {
                *count += 1;
            }
        }
        let enough = |count: &u8| usize::from(*count) >= SHARED_MIN;
        let near = self.items.iter().zip(&shared);
        let near = near.filter(|(_, count)| enough(count));
        found.extend(near.filter_map(|(it, _)| it.as_deref()));
    }
}

/// The items of some days.
#[derive(Debug, Default)]
pub struct Window {
    shelves: BTreeMap<Place, Shelf>,
    now: u64,
}

impl Window {
    /// Where those lie that are within reach of an item.
    pub fn within_reach(item: &Item) -> Vec<Place> {
        let around = |kind, day: i64| {
            let days = day - REACH_DAYS..=day + REACH_DAYS;
            days.map(move |day| Place { kind, day })
        };
        let of_date = if item.published_ms.is_some() {
            around(Kind::Dated, item.day())
        } else {
            around(Kind::Arrived, item.arrival_day())
        };
        of_date
            .chain(around(Kind::Undated, item.arrival_day()))
            .collect()
    }

    /// Whether the items of this day are at hand.
    pub fn has(&self, place: Place) -> bool {
        self.shelves.contains_key(&place)
    }

    /// Puts all items of one day there.
    pub fn fill(&mut self, place: Place, items: Vec<Item>) {
        let filled = self.shelves.entry(place).or_default();
        *filled = Shelf::default();
        for item in items {
            filled.add(Box::new(item));
        }
    }

    /// Another item, for the shelves that are filled.
    pub fn add(&mut self, item: &Item) {
        for place in places(item) {
            if let Some(shelf) = self.shelves.get_mut(&place) {
                shelf.add(Box::new(item.clone()));
            }
        }
    }

    /// Takes an item away; it is what it was when it was added.
    pub fn remove(&mut self, item: &Item) {
        for place in places(item) {
            if let Some(shelf) = self.shelves.get_mut(&place) {
                shelf.remove(item.key);
            }
        }
    }

    /// The others that are within reach of an item and share enough of its weightiest words, as far as they are at hand.
    pub fn near(&mut self, item: &Item) -> Vec<&Item> {
        self.now += 1;
        let places = Self::within_reach(item);
        for place in &places {
            if let Some(shelf) = self.shelves.get_mut(place) {
                shelf.used = self.now;
            }
        }
        let mut near = Vec::new();
        for place in &places {
            if let Some(shelf) = self.shelves.get(place) {
                shelf.near(item, &mut near);
            }
        }
        near.retain(|other| other.key != item.key && other.reaches(item));
        near
    }

    /// Takes the shelves away that were of no use for longest, until at most so many items are at hand; those that were of
    /// use last stay.
    pub fn trim(&mut self, most: usize) {
        let mut count: usize = self.shelves.values().map(|it| it.items.len()).sum();
        while count > most {
            let idle = self.shelves.iter().filter(|(_, it)| it.used < self.now);
            let oldest = idle.min_by_key(|(_, shelf)| shelf.used);
            let Some(place) = oldest.map(|(place, _)| *place) else {
                break;
            };
            let gone = self.shelves.remove(&place);
            count -= gone.map_or(0, |shelf| shelf.items.len());
        }
    }
}

/// Where an item lies.
fn places(item: &Item) -> impl Iterator<Item = Place> {
    let arrived = item.arrival_day();
    let (kind, of_date) = match item.published_ms {
        Some(_) => (
            Kind::Arrived,
            Some(Place {
                kind: Kind::Dated,
                day: item.day(),
            }),
        ),
        None => (Kind::Undated, None),
    };
    let of_arrival = Place { kind, day: arrived };
    of_date.into_iter().chain([of_arrival])
}
