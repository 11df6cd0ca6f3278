//! What articles tell, which of them are different, and what marks do to an article.

use std::sync::Arc;

use super::{Furniture, Observation, differ};
use crate::article::{Edited, Hints, Rules, edit};

/// A paragraph of its own for each number.
fn paragraph(n: usize) -> String {
    const WORDS: [&str; 12] = [
        "harbour", "council", "ferry", "market", "winter", "bridge", "lantern", "orchard", "river",
        "station", "teacher", "quarry",
    ];
    let word = |at: usize| {
        format!(
            "{}{}",
            WORDS[(n * 5 + at * 7) % WORDS.len()],
            (n * 31 + at) % 97
        )
    };
    let words: Vec<String> = (0..24).map(word).collect();
    format!("The {} was opened by the mayor.", words.join(" and the "))
}

const NOTE: &str =
    "Our reporters live in the houses they write about, and readers pay the rent of two of them.";
const COUNT: &str = "You have 7 free articles left this month";

fn page(n: usize) -> String {
    let body: Vec<String> = (0..4).map(|at| paragraph(n * 4 + at)).collect();
    format!(
        "Ferry number{n} sails again from Varnholm\n\n{}\n\n{NOTE}\n\n{}\n\n{}",
        body[..2].join("\n\n"),
        body[2..].join("\n\n"),
        COUNT.replace('7', &n.to_string())
    )
}

fn edited(text: &str, known: &Furniture) -> Edited {
    let hints = Hints {
        source: Some(("Gazette", "config")),
        ..Hints::default()
    };
    let known = Arc::new(known.clone());
    let mut learnt = |_: &str| Arc::clone(&known);
    let edition = edit(
        text.as_bytes(),
        &hints,
        &Rules::default(),
        Some(&mut learnt),
    );
    edition.unwrap().members.remove(0).unwrap()
}

fn told(text: &str) -> Observation {
    edited(text, &Furniture::default()).observation.unwrap()
}

fn shared(a: &Observation, b: &Observation) -> Furniture {
    a.keys
        .iter()
        .copied()
        .filter(|key| b.keys.contains(key))
        .collect()
}

#[test]
fn what_two_pages_share_is_cut_from_a_third_and_nothing_else_is() {
    let known = shared(&told(&page(1)), &told(&page(2)));
    assert_eq!(known.as_slice().len(), 2);
    let cold = edited(&page(3), &Furniture::default());
    assert!(cold.text.contains(NOTE));
    let hot = edited(&page(3), &known);
    let own: Vec<&str> = cold
        .text
        .split("\n\n")
        .filter(|block| *block != NOTE && !block.starts_with("You have"))
        .collect();
    assert_eq!(hot.text, own.join("\n\n"));
    let headline = |article: &Edited| article.title.as_ref().map(|title| title.value.clone());
    assert_eq!(headline(&hot), headline(&cold));
    assert!(hot.cuts().iter().any(|cut| cut.rule == "source-furniture"));
    assert_eq!(hot.known, known);
    assert_eq!(
        hot.observation, cold.observation,
        "what is told does not depend on what is known"
    );
}

#[test]
fn an_article_of_nothing_but_furniture_is_left_as_it_is() {
    let cold = edited(NOTE, &Furniture::default());
    let known = cold.observation.clone().unwrap().keys.into_iter().collect();
    let hot = edited(NOTE, &known);
    assert_eq!(hot.text, NOTE);
    assert_eq!(hot.marked, []);
}

#[test]
fn copies_are_not_different_articles() {
    let own = told(&page(1));
    assert!(own.is_different(&told(&page(2))));
    let last = paragraph(7);
    for copy in [
        page(1),
        page(1).replace("mayor", "baker"),
        page(1).replace(&last, ""),
        page(1).replace(NOTE, ""),
        format!("{}\n\n{}", page(1), paragraph(900)),
    ] {
        assert!(!own.is_different(&told(&copy)), "{copy}");
        assert!(!told(&copy).is_different(&own), "{copy}");
    }
}

#[test]
fn versions_of_one_address_are_not_different_articles() {
    let mut a = told(&page(1));
    let mut b = told(&page(2));
    assert!(a.is_different(&b));
    a.identities = vec![7];
    b.identities = vec![3, 7];
    assert!(!a.is_different(&b));
}

#[test]
fn an_observation_survives_the_store() {
    let mut own = told(&page(1));
    own.identities = vec![1, u64::MAX];
    assert_eq!(Observation::from_bytes(&own.to_bytes()), own);
    assert_eq!(Observation::from_bytes(&[]), Observation::default());
    assert_eq!(Observation::from_bytes(&[9, 9, 1]).keys, Vec::<u64>::new());
}

#[test]
fn enough_are_different_only_if_each_differs_from_each() {
    // 0 and 1 are copies, and so are 2 and 3; 4 is a copy of 0 and of 2.
    let same = [(0, 1), (2, 3), (0, 4), (2, 4)];
    let mut different = |a: usize, b: usize| !same.contains(&(a.min(b), a.max(b)));
    assert!(differ(0, 5, 2, &mut different));
    assert!(differ(4, 5, 3, &mut different), "4, 1 and 3");
    assert!(
        !differ(0, 5, 3, &mut different),
        "0, 2 or 3, and nobody else"
    );
    assert!(!differ(2, 5, 4, &mut different));
}
