//! Stories kept one item at a time come out as stories of the whole set do.

use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::article::theme::Theme;
use crate::store::stories as kept;
use crate::store::{Durability, Make, Store};
use crate::stories::window::Window;
use crate::stories::{Item, group};

use super::{seating, telling};

const DAY_MS: i64 = 86_400_000;

/// Stories without the rest of the record.
struct Stories {
    _folder: TempDir,
    store: Store,
    window: Window,
}

impl Stories {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("s.sqlite"), Make::IfNew).expect("a store");
        store.with_connection(|db| {
            db.pragma_update(None, "foreign_keys", false)
                .expect("a pragma");
        });
        Self {
            _folder: folder,
            store,
            window: Window::default(),
        }
    }

    fn change(&mut self, before: Option<&Item>, now: Option<&Item>) {
        let window = &mut self.window;
        self.store
            .write(Durability::Later, |db| {
                telling::change(db, window, before, now)?;
                // In a crowd that nothing is told apart in all of its items are made anew.
                while let [noted] = kept::untold(db, 1)?[..] {
                    kept::set_told(db, noted)?;
                    let item = kept::item(db, noted)?.map(|(item, _)| item);
                    telling::change(db, window, item.as_ref(), item.as_ref())?;
                }
                Ok(())
            })
            .expect("changed");
        // What is not at hand any more is read again.
        self.window.trim(12);
    }

    fn seat(&self, most: usize) -> usize {
        self.store
            .write(Durability::Later, |db| seating::seat_marked(db, most))
            .expect("seated")
    }

    /// Which story each item is of.
    fn settled(&self, items: &[Item]) -> Vec<i64> {
        let mut rounds = 0;
        while self.seat(200) > 0 {
            rounds += 1;
            assert!(rounds < 1_000, "seating does not end");
        }
        let story = |db: &Connection, item: &Item| {
            let seated = kept::seated(db, item.key).expect("read").expect("an item");
            seated.story.unwrap_or(item.key)
        };
        self.store
            .with_connection(|db| items.iter().map(|item| story(db, item)).collect())
    }
}

/// Which story each item is of, as a function of the set.
fn grouped(items: &[Item]) -> Vec<i64> {
    let heads = group(items).into_iter();
    heads.map(|at| items[at].key).collect()
}

const EVENTS: [[&str; 6]; 5] = [
    ["Varnholm", "ferry", "sank", "harbour", "crew", "Ostrander"],
    ["Calder", "Tarn", "treaty", "border", "Karsund", "spokesman"],
    ["orchard", "frost", "Merrow", "growers", "pears", "insurers"],
    [
        "tramway",
        "strike",
        "Eastfield",
        "drivers",
        "wages",
        "mediator",
    ],
    ["museum", "theft", "Hollin", "paintings", "guard", "reward"],
];

/// An item about one event, or between two of them.
fn item(key: i64, of: usize, and: usize, taken: u8, day: i64, is_dated: bool) -> Item {
    let words = EVENTS[of].iter().chain(&EVENTS[and]).enumerate();
    let words = words.filter(|(at, _)| taken >> (at % 8) & 1 == 1 || *at < 3);
    let words: Vec<&str> = words.map(|(_, word)| *word).collect();
    let title = words.iter().take(3).copied().collect::<Vec<_>>().join(" ");
    let text = format!(
        "It was said that {}. Item {key} of the day.",
        words.join(" and ")
    );
    Item {
        key,
        published_ms: is_dated.then_some(day * DAY_MS + key * 60_000),
        arrived_ms: (day + key % 2) * DAY_MS,
        precedence: (key * 7_919 % 101).unsigned_abs(),
        theme: Theme::of(Some(&title), &text),
    }
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    let one = (
        0..5usize,
        0..5usize,
        any::<u8>(),
        100..105_i64,
        proptest::bool::weighted(0.7),
    );
    proptest::collection::vec(one, 2..64).prop_map(|drawn| {
        let made = (1..).zip(drawn);
        made.map(|(key, (of, and, taken, day, is_dated))| {
            item(
                key,
                of,
                if taken % 3 == 0 { and } else { of },
                taken,
                day,
                is_dated,
            )
        })
        .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn items_that_come_go_and_change_end_in_the_stories_of_the_set(
        items in items(),
        keys in proptest::collection::vec(any::<u32>(), 64),
        gone in proptest::collection::vec(any::<bool>(), 64),
        moved in proptest::collection::vec(proptest::option::weighted(0.2, -3..=3_i64), 64),
        between in 0..6usize,
    ) {
        let mut stories = Stories::new();
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by_key(|at| keys.get(*at));
        for at in &order {
            stories.change(None, Some(&items[*at]));
            stories.seat(between);
        }
        prop_assert_eq!(stories.settled(&items), grouped(&items));

        let mut left = Vec::new();
        for at in order {
            let item = &items[at];
            let mut now = item.clone();
            if let Some(days) = moved[at] {
                now.published_ms = now.published_ms.map(|ms| ms + days * DAY_MS);
                now.arrived_ms += days * DAY_MS;
            }
            if gone[at] && moved[at].is_none() {
                stories.change(Some(item), None);
            } else {
                if now != *item {
                    stories.change(Some(item), Some(&now));
                }
                left.push(now);
            }
            stories.seat(between);
        }
        prop_assert_eq!(stories.settled(&left), grouped(&left));
        if left.is_empty() {
            let rest: i64 = stories.store.with_connection(|db| {
                db.query_row(
                    "SELECT (SELECT count(*) FROM theme) + (SELECT count(*) FROM theme_link)
                            + (SELECT count(*) FROM crowd)",
                    [],
                    |row| row.get(0),
                )
            }).expect("read");
            prop_assert_eq!(rest, 0);
        }
    }
}

#[test]
fn what_was_near_enough_is_looked_at_again_when_a_crowd_gathers() {
    let words = |of: usize, from: usize, to: usize| -> String {
        let words: Vec<String> = (from..to).map(|at| format!("Quorn{of}x{at}")).collect();
        words.join(" ")
    };
    let at = |key: i64, text: &str| Item {
        key,
        published_ms: Some(100 * DAY_MS + key * 1_000),
        arrived_ms: 100 * DAY_MS,
        precedence: key.unsigned_abs(),
        theme: Theme::of(None, text),
    };
    // Pairs that share ever more words, and a crowd that shares none.
    let mut items: Vec<Item> = (0..24)
        .flat_map(|pair| {
            let key = i64::try_from(pair).expect("small") * 2;
            let one = format!("{} were there.", words(pair, 0, 24));
            let other = format!("{} were there.", words(pair, 23 - pair, 47 - pair));
            let mut other = at(key + 1, &other);
            other.published_ms = other.published_ms.map(|ms| ms + 3 * DAY_MS);
            [at(key, &one), other]
        })
        .collect();
    let pairs = items.len();
    let mut stories = Stories::new();
    for item in &items {
        stories.change(None, Some(item));
    }
    let together = |of: &[i64]| of.chunks(2).filter(|pair| pair[0] == pair[1]).count();
    let before = stories.settled(&items);
    assert_eq!(before, grouped(&items));
    for key in 1_000..1_300 {
        let one = at(
            key,
            &format!("{} came.", words(key.try_into().expect("small"), 0, 9)),
        );
        stories.change(None, Some(&one));
        items.push(one);
    }
    let after = stories.settled(&items);
    assert_eq!(after, grouped(&items));
    assert!(together(&after[..pairs]) < together(&before));
    assert!(together(&after[..pairs]) > 0);
}
