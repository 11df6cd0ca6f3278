//! Stories as a function of a set.

use proptest::prelude::*;

use super::*;

const HOUR_MS: i64 = 3_600_000;

fn item(key: i64, published_ms: Option<i64>, title: &str, text: &str) -> Item {
    Item {
        key,
        published_ms,
        arrived_ms: 0,
        precedence: 0,
        theme: Theme::of(Some(title), text),
    }
}

const CALLS: [(&str, &str); 4] = [
    (
        "Premier Calder and Vellish president Tarn speak about easing border tensions",
        "Premier Ines Calder spoke with Vellish President Oskar Tarn on Wednesday about the peace talks with neighbouring \
         Ostria, her spokesman Emil Varga said. Calder told Tarn there was no justification for more troops along the \
         border near Karsund, which Vellen took from Ostria last year. The two republics are trying to agree a treaty but \
         the talks are stuck over the 300-km border.",
    ),
    (
        "Calder discusses peace between Vellen and Ostria with Tarn",
        "On Wednesday Premier Ines Calder discussed with the president of Vellen, Oskar Tarn, the peace talks with Ostria. \
         That was said by her spokesman Emil Varga. He noted that Calder saw no justification for troops along the border \
         near Karsund. A treaty is not agreed, since the republics do not agree over the 300-km border.",
    ),
    (
        "Calder urges president of Vellen to ease tensions with Ostria",
        "Premier Ines Calder called President Oskar Tarn of Vellen on Wednesday and urged him to ease tensions on the border \
         with Ostria. Spokesman Emil Varga said Calder saw no justification for troops near Karsund and warned that the \
         peace talks and the treaty were at risk.",
    ),
    (
        "Calder to visit Ostria in June after Vellen stays away from talks",
        "Premier Ines Calder will travel to Ostria in June, her office said on Friday, after envoys of Vellen did not come \
         to a meeting on Lake Hallin that was to settle how villages are handed over and who keeps the roads open. The \
         visit is the first of a premier for nine years. Her envoy Lena Brandt said a loan for the railway would be signed \
         there and that a ban on visas may be lifted. Farmers from both sides blocked the pass of Mirren this week.",
    ),
];

#[test]
fn texts_about_one_call_are_a_story_and_the_next_call_is_another() {
    let items: Vec<Item> = (0..)
        .zip(CALLS)
        .map(|(key, (title, text))| item(key, None, title, text))
        .collect();
    let heads = group(&items);
    assert_eq!(heads[0], heads[1]);
    assert_eq!(heads[0], heads[2]);
    assert_ne!(heads[0], heads[3]);
}

#[test]
fn dates_beyond_reach_part_what_is_alike() {
    let at = |key, days: i64| item(key, Some(days * DAY_MS), CALLS[0].0, CALLS[0].1);
    let grouped = |days| group(&[at(0, 10), at(1, 10 + days)]);
    assert_eq!(grouped(REACH_DAYS), [0, 0]);
    assert_eq!(grouped(REACH_DAYS + 1), [0, 1]);
}

#[test]
fn an_hour_across_midnight_is_an_hour() {
    let at = |ms| item(0, Some(ms), CALLS[0].0, CALLS[0].1);
    let apart = |a, b| features(&at(a), &at(b)).unwrap()[10];
    assert!(apart(DAY_MS - HOUR_MS, DAY_MS + HOUR_MS) < 0.3);
    assert!(apart(0, DAY_MS - 1) <= 0.0);
    assert!((apart(0, DAY_MS) - 1.0).abs() < 1e-6);
}

#[test]
fn a_crowd_asks_for_more() {
    let many: Vec<Item> = (0..40)
        .map(|key| item(key, Some(0), CALLS[0].0, CALLS[0].1))
        .collect();
    let far = item(99, Some(30 * DAY_MS), CALLS[0].0, CALLS[0].1);
    let raises = crowd(&[many, vec![far]].concat());
    assert!((raises[0] - CROWD).abs() < 1e-6);
    assert!(raises[40] <= 0.0);
}

/// Items with random links: what the texts say is not what is tested.
fn small_world() -> impl Strategy<Value = (Vec<Entry>, Vec<Link>)> {
    let entry = (0..3_i64, 0..3_u8, any::<bool>(), 0..3_u8);
    let entries = proptest::collection::vec(entry, 1..24);
    let strength = (0..40_i8).prop_map(|step| FAINT + 0.2 + f32::from(step) / 8.0);
    let links = proptest::collection::vec((0..24_usize, 0..24_usize, strength), 0..120);
    (entries, links).prop_map(|(entries, links)| {
        let entry = |(key, (day, shortness, undated, crowd)): (i64, (i64, u8, bool, u8))| Entry {
            rank: Rank {
                undated,
                day,
                shortness,
                precedence: 0,
                key,
            },
            raise: CROWD * f32::from(crowd / 2),
            seat: None,
        };
        let entries: Vec<Entry> = (0..).zip(entries).map(entry).collect();
        let mut known = std::collections::BTreeMap::new();
        for (a, b, strength) in links {
            if a < b && b < entries.len() {
                known.insert((a, b), strength);
            }
        }
        let link = |((a, b), strength)| Link { a, b, strength };
        let links = known.into_iter().map(link).collect();
        (entries, links)
    })
}

/// Stories by the keys of their members.
fn stories(entries: &[Entry], heads: &[usize]) -> Vec<(i64, i64)> {
    let pairs = entries.iter().zip(heads);
    let mut stories: Vec<(i64, i64)> = pairs
        .map(|(entry, head)| (entry.rank.key, entries[*head].rank.key))
        .collect();
    stories.sort_unstable();
    stories
}

proptest! {
    #[test]
    fn the_order_of_items_and_links_does_not_matter((entries, links) in small_world(), seed in any::<u64>()) {
        let before = stories(&entries, &settle(&entries, &seat(&entries, &links), &links));
        let mut places: Vec<usize> = (0..entries.len()).collect();
        places.sort_by_key(|at| blake3::hash(&(*at as u64 ^ seed).to_le_bytes()).as_bytes()[0]);
        let moved: Vec<Entry> = places.iter().map(|at| entries[*at]).collect();
        let place = |old: usize| places.iter().position(|at| *at == old).unwrap();
        let mut turned: Vec<Link> = links
            .iter()
            .map(|link| Link { a: place(link.b), b: place(link.a), strength: link.strength })
            .collect();
        turned.reverse();
        let after = stories(&moved, &settle(&moved, &seat(&moved, &turned), &turned));
        prop_assert_eq!(before, after);
    }

    #[test]
    fn seats_of_earlier_ranks_stay_whatever_comes_later((mut entries, links) in small_world(), cut in 0..24_usize) {
        let seats = seat(&entries, &links);
        let mut ranks: Vec<Rank> = entries.iter().map(|entry| entry.rank).collect();
        ranks.sort_unstable();
        let cut = ranks[cut % ranks.len()];
        // Without the later ones the earlier sit the same, and with the earlier seats given so do the later.
        let early: Vec<usize> = (0..entries.len()).filter(|at| entries[*at].rank < cut).collect();
        let place = |at: usize| early.iter().position(|it| *it == at);
        let inner: Vec<Link> = links
            .iter()
            .filter_map(|link| Some(Link { a: place(link.a)?, b: place(link.b)?, strength: link.strength }))
            .collect();
        let alone: Vec<Entry> = early.iter().map(|at| entries[*at]).collect();
        for (at, seat) in early.iter().zip(seat(&alone, &inner)) {
            prop_assert_eq!((early[seat.head], seat.number), (seats[*at].head, seats[*at].number));
            entries[*at].seat = Some(seats[*at]);
        }
        prop_assert_eq!(seat(&entries, &links), seats);
    }

    #[test]
    fn a_story_is_linked_and_its_head_is_of_it((entries, links) in small_world()) {
        let heads = settle(&entries, &seat(&entries, &links), &links);
        for (at, head) in heads.iter().enumerate() {
            prop_assert_eq!(heads[*head], *head);
            let linked = links.iter().any(|link| {
                (link.a == at && heads[link.b] == *head) || (link.b == at && heads[link.a] == *head)
            });
            prop_assert!(at == *head || linked);
        }
    }

    #[test]
    fn a_link_is_the_same_from_both_ends(
        words in proptest::collection::vec("(ostby|calder|tarn|karsund|vellen|treaty|troops|friday|[0-9]{2})", 8..40),
        cut in 2..6_usize,
        days in proptest::option::of(0..4_i64),
    ) {
        let (left, right) = words.split_at(words.len() * cut / 8);
        let a = item(0, Some(0), "Vellen", &left.join(" "));
        let b = item(1, days.map(|days| days * DAY_MS), "Vellen", &right.join(" "));
        prop_assert_eq!(link(&a, &b), link(&b, &a));
        prop_assert_eq!(near(&[a.clone(), b.clone()]).len() == 1, a.theme.is_near(&b.theme) && a.reaches(&b));
    }
}

proptest! {
    #[test]
    fn a_window_has_what_was_put_there_and_not_taken_away(steps in prop::collection::vec((0_i64..40, any::<bool>()), 1..400)) {
        let mut window = window::Window::default();
        let item_of = |key: i64| item(key, Some(HOUR_MS), CALLS[0].0, CALLS[0].1);
        let asking = item_of(-1);
        for place in window::Window::within_reach(&asking) {
            window.fill(place, Vec::new());
        }
        let mut there = std::collections::BTreeSet::new();
        for (key, put) in steps {
            if put {
                window.add(&item_of(key));
                there.insert(key);
            } else {
                window.remove(&item_of(key));
                there.remove(&key);
            }
            let mut near: Vec<i64> = window.near(&asking).into_iter().map(|it| it.key).collect();
            near.sort_unstable();
            prop_assert_eq!(&near, &there.iter().copied().collect::<Vec<_>>());
        }
    }
}
