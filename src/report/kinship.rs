//! PURE. How the articles of a family stand to each other: the tree they make, who is how far behind the lead, whose
//! agency is among them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::verdict::{self, Precedence};

use super::DAY_MS;

/// An article as a knot of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Knot {
    /// The article.
    pub(super) id: i64,
    /// What its verdict names.
    pub(super) of: Option<i64>,
    /// Its place in the order of "who was first".
    pub(super) precedence: Precedence,
}

/// Where an article stands in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Which of the knots.
    pub(super) knot: usize,
    /// The article it stands under.
    pub(super) under: Option<i64>,
    /// How deep: 0 for a root.
    pub(super) depth: usize,
}

/// The knots as a tree, each followed by those under it: everyone under the one its verdict names, roots and siblings by
/// precedence, the lead's root first. What names nobody among them is a root; of a ring, the first one is.
pub(super) fn tree(knots: &[Knot], lead: i64) -> Vec<Place> {
    let mut order: Vec<usize> = (0..knots.len()).collect();
    order.sort_by_key(|at| {
        knots
            .get(*at)
            .map(|it| (it.id != lead, &it.precedence, it.id))
    });
    let known: BTreeSet<i64> = knots.iter().map(|it| it.id).collect();
    let mut under: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    let mut roots = Vec::new();
    for at in &order {
        match knots
            .get(*at)
            .map(|it| it.of.filter(|of| known.contains(of)))
        {
            Some(Some(of)) => under.entry(of).or_default().push(*at),
            Some(None) => roots.push(*at),
            None => {}
        }
    }
    let mut places = Vec::with_capacity(knots.len());
    let mut seen = BTreeSet::new();
    // After the roots whoever is left over hangs on a ring.
    for root in roots.into_iter().chain(order) {
        let mut waiting = vec![Place {
            knot: root,
            under: None,
            depth: 0,
        }];
        while let Some(place) = waiting.pop() {
            let Some(knot) = knots.get(place.knot) else {
                continue;
            };
            if !seen.insert(knot.id) {
                continue;
            }
            places.push(place);
            let children = under.get(&knot.id).into_iter().flatten().rev();
            waiting.extend(children.map(|child| Place {
                knot: *child,
                under: Some(knot.id),
                depth: place.depth + 1,
            }));
        }
    }
    places
}

/// By what a lag was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LagBy {
    /// By the stated times of publication.
    Stated,
    /// By the stated days, since one of the two states no hour.
    Day,
    /// By the arrivals, since one of the two states nothing.
    Arrival,
}

/// When an article was published, and when it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    /// The stated time of publication, and whether only its day was stated.
    pub(super) stated: Option<(i64, Precision)>,
    /// The arrival.
    pub(super) arrival_ms: i64,
}

/// How precisely a time is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precision {
    /// To the day.
    Day,
    /// To the second.
    Second,
}

impl Times {
    /// The times of an article that states this publication; what cannot be true is not believed.
    pub(super) fn of(published: Option<&str>, arrival_ms: i64) -> Self {
        let stated = published.and_then(|published| {
            let ms = verdict::stated_ms(published, arrival_ms)?;
            let precision = match published.parse::<jiff::Timestamp>() {
                Ok(_) => Precision::Second,
                Err(_) => Precision::Day,
            };
            Some((ms, precision))
        });
        Self { stated, arrival_ms }
    }

    /// How far behind another it is, in milliseconds, and by what.
    pub(super) fn behind(self, other: Self) -> (i64, LagBy) {
        match (self.stated, other.stated) {
            (Some((own, Precision::Second)), Some((lead, Precision::Second))) => {
                (own - lead, LagBy::Stated)
            }
            (Some((own, _)), Some((lead, _))) => {
                let days = own.div_euclid(DAY_MS) - lead.div_euclid(DAY_MS);
                (days * DAY_MS, LagBy::Day)
            }
            _ => (self.arrival_ms - other.arrival_ms, LagBy::Arrival),
        }
    }
}

/// Words that stand beside an agency's name where it publishes itself.
const BESIDE: [&str; 9] = [
    "the", "www", "com", "org", "net", "int", "news", "agency", "newswire",
];

/// Words of which an agency's full name has one: what has none is not known by its initials.
const TRADE: [&str; 10] = [
    "press", "presse", "prensa", "prasowa", "news", "agency", "agence", "agentur", "agencia",
    "agenzia",
];

/// Whether a source is the agency with this id, by its name: "Reuters", "reuters.com", "AP News", "Associated Press".
pub(super) fn is_of_agency(source: &str, agency: &str) -> bool {
    let words: Vec<String> = source
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let id: String = agency.chars().filter(|it| it.is_alphanumeric()).collect();
    let is_beside = |word: &&String| BESIDE.contains(&word.as_str());
    let name: String = words
        .iter()
        .filter(|word| !is_beside(word))
        .map(String::as_str)
        .collect();
    let letters = words.iter().filter(|word| *word != "the");
    let initials: String = letters.filter_map(|word| word.chars().next()).collect();
    let is_trade = words.iter().any(|word| TRADE.contains(&word.as_str()));
    name == id || (is_trade && initials == id)
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use proptest::prelude::*;

    use super::*;

    fn knot(id: i64, of: Option<i64>, first_ms: i64) -> Knot {
        Knot {
            id,
            of,
            precedence: Precedence {
                first_ms,
                arrival_ms: 0,
                text_bytes: Reverse(1),
                size_bytes: 1,
                digest: [0; 32],
                ordinal: 0,
            },
        }
    }

    fn shape(knots: &[Knot], lead: i64) -> Vec<(i64, Option<i64>, usize)> {
        tree(knots, lead)
            .into_iter()
            .map(|it| (knots[it.knot].id, it.under, it.depth))
            .collect()
    }

    #[test]
    fn everyone_stands_under_whom_its_verdict_names_and_the_earlier_first() {
        let knots = [
            knot(1, Some(3), 40),
            knot(2, Some(3), 20),
            knot(3, None, 10),
            knot(4, Some(2), 30),
            knot(5, Some(99), 5),
        ];
        assert_eq!(
            shape(&knots, 3),
            [
                (3, None, 0),
                (2, Some(3), 1),
                (4, Some(2), 2),
                (1, Some(3), 1),
                (5, None, 0)
            ]
        );
    }

    #[test]
    fn a_ring_is_cut_at_its_first() {
        let knots = [
            knot(1, Some(2), 9),
            knot(2, Some(3), 5),
            knot(3, Some(1), 7),
        ];
        assert_eq!(
            shape(&knots, 2),
            [(2, None, 0), (1, Some(2), 1), (3, Some(1), 2)]
        );
    }

    #[test]
    fn a_lag_is_by_statement_where_both_state_one() {
        let hour = 3_600_000;
        let arrival = 1_778_600_000_000;
        let at = |published: Option<&str>, arrival_ms| Times::of(published, arrival_ms);
        let lead = at(Some("2026-05-12T08:00:00Z"), arrival);
        let timed = at(Some("2026-05-12T10:00:00+01:00"), arrival);
        assert_eq!(timed.behind(lead), (hour, LagBy::Stated));
        let day = at(Some("2026-05-13"), arrival);
        assert_eq!(day.behind(lead), (DAY_MS, LagBy::Day));
        let silent = at(None, arrival - hour);
        assert_eq!(silent.behind(lead), (-hour, LagBy::Arrival));
        let unbelievable = at(Some("2031-01-01"), arrival);
        assert_eq!(unbelievable.stated, None);
    }

    #[test]
    fn an_agencys_own_source_is_known_by_its_name() {
        for (source, agency) in [
            ("Reuters", "reuters"),
            ("www.reuters.com", "reuters"),
            ("AP News", "ap"),
            ("Associated Press", "ap"),
            ("Agence France-Presse", "afp"),
            ("Asian News International", "ani"),
            ("The Canadian Press", "cp"),
            ("interfax-ua", "interfaxua"),
        ] {
            assert!(is_of_agency(source, agency), "{source}");
        }
        for (source, agency) in [
            ("Apple Post", "ap"),
            ("Valley Reuters Fans", "reuters"),
            ("", "ap"),
        ] {
            assert!(!is_of_agency(source, agency), "{source}");
        }
    }

    proptest! {
        #[test]
        fn every_article_stands_in_the_tree_once(
            of in proptest::collection::vec(proptest::option::of(0i64..20), 0..20), lead in 0i64..20
        ) {
            let knots: Vec<Knot> = of.iter().zip(0..).map(|(of, id)| knot(id, *of, (id * 7) % 5)).collect();
            let places = tree(&knots, lead);
            let mut seen: Vec<usize> = places.iter().map(|it| it.knot).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..knots.len()).collect::<Vec<_>>());
            for place in places {
                let named = knots[place.knot].of;
                prop_assert!(place.under.is_none() && place.depth == 0 || place.under == named);
            }
        }
    }
}
