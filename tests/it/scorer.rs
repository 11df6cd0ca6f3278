//! The measure the cleaner is trained and judged by is that of `score.py` beside the development data.

#[path = "../../benches/cleaning/truth.rs"]
#[allow(
    dead_code,
    clippy::cast_precision_loss,
    reason = "shared with the trainer, which uses all of it"
)]
mod truth;

use truth::Match;

/// Made-up truths and findings; the figures below are what `score.py` printed for them.
const PAGES: [(&str, &str); 5] = [
    (
        "One two three four five six seven eight nine ten.",
        "One two three four five six seven eight nine ten. Read more here now please.",
    ),
    (
        "The harbour wall of Port Alder falls; the wall of Port Alder falls again.",
        "The harbour wall of Port Alder falls",
    ),
    ("Drei kurze Wörter", "Drei kurze Wörter"),
    (
        "東京都の議会は火曜日、防波堤の再建を決めた。工事は春に始まる、と港長は述べた。五年かかる。",
        "東京都の議会は火曜日、防波堤の再建を決めた。工事は春に始まる、と港長は述べた。",
    ),
    ("Nothing of this was found by anybody at all.", ""),
];

#[test]
fn the_measure_is_that_of_the_reference_scorer() {
    let bag = |text: &str| truth::bag(&truth::tokens(text));
    let matches: Vec<Match> = PAGES
        .iter()
        .map(|(truth, found)| Match::of(&bag(truth), &bag(found)))
        .collect();
    let near = |a: f64, b: f64| (a - b).abs() < 1e-4;
    let pages = [0.7368, 0.5333, 1.0, 0.6667, 0.0];
    for (found, expected) in matches.iter().zip(pages) {
        assert!(near(found.f1(), expected), "{found:?} {expected}");
    }
    let pooled = truth::pooled(&matches);
    for (found, expected) in pooled.into_iter().zip([0.895_833, 0.572_727, 0.698_736]) {
        assert!(near(found, expected), "{pooled:?}");
    }
}
