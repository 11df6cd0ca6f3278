//! The measure copies are judged by is that of `score.py` beside the development data.

#[path = "../../benches/duplicates/score.rs"]
#[allow(
    clippy::cast_precision_loss,
    reason = "shared with the bench; counts become measures"
)]
mod score;

/// Made-up texts with their truth and the family they were put into; the figures below are what `score.py` printed.
const TEXTS: [(&str, usize); 10] = [
    ("A", 1),
    ("A", 1),
    ("A", 2),
    ("B", 2),
    ("B", 3),
    ("C", 4),
    ("D", 5),
    ("D", 5),
    ("E", 5),
    ("F", 6),
];
const PAIRS: [(usize, usize, &str); 8] = [
    (0, 1, "dup"),
    (0, 2, "dup"),
    (3, 4, "version"),
    (6, 8, "hardneg"),
    (2, 3, "ignore"),
    (3, 2, "ignore"),
    (1, 2, "ignore"),
    (8, 9, "hardneg"),
];

#[test]
fn families_are_measured_as_the_reference_scorer_does() {
    let (truth, families): (Vec<&str>, Vec<usize>) = TEXTS.into_iter().unzip();
    let score = score::score(&truth, &families, &PAIRS);
    assert_eq!((score.hits, score.wrong, score.missed), (2, 2, 2));
    assert!((score.precision() - 0.5).abs() < 1e-9);
    assert!((score.recall() - 0.5).abs() < 1e-9);
    assert!((score.ari - 0.325).abs() < 1e-9);
    assert_eq!(score.mixed, (2, 3));
    let together = [
        ("dup", (1, 2)),
        ("hardneg", (1, 2)),
        ("ignore", (2, 3)),
        ("version", (0, 1)),
    ];
    let together = together.map(|(label, counts)| (label.to_owned(), counts));
    assert_eq!(score.together, together.into_iter().collect());
}
