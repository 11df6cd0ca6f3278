//! What was measured, as tables.

use std::time::Duration;

use crate::pages::{SETS, Truth};
use crate::truth::{self, Match};
use crate::{Outcome, View};

/// The rows of the table: what sets are taken together.
const GROUPS: [(&str, &[usize]); 6] = [
    ("classic three", &[0, 1, 2]),
    ("  aeb", &[0]),
    ("  cleanportaleval", &[1]),
    ("  fundus_eval", &[2]),
    ("fundus_sites", &[3]),
    ("wcxb_article", &[4]),
];

/// Those of [`GROUPS`] that the means over the text renderings are given for: classic three, `fundus_sites`, `wcxb_article`.
const MEANS: [usize; 3] = [0, 4, 5];

/// What is said of some pages in one rendering.
struct Line {
    pages: usize,
    precision: f64,
    recall: f64,
    f1: f64,
    /// The share of pages below F1 0.5.
    low: f64,
    refused: usize,
    /// The share of titles that are near, among pages whose truth has one.
    titles: Option<f64>,
}

fn line(view: &View, sets: &[usize]) -> Line {
    let some: Vec<&Outcome> = view
        .outcomes
        .iter()
        .filter(|outcome| sets.contains(&outcome.set))
        .collect();
    let matches: Vec<Match> = some.iter().map(|outcome| outcome.found).collect();
    let [precision, recall, f1] = truth::pooled(&matches);
    let low = matches.iter().filter(|found| found.f1() < 0.5).count();
    let titles: Vec<bool> = some.iter().filter_map(|outcome| outcome.title).collect();
    let near = titles.iter().filter(|near| **near).count();
    Line {
        pages: some.len(),
        precision,
        recall,
        f1,
        low: low as f64 / some.len().max(1) as f64,
        refused: some.iter().filter(|outcome| outcome.refused).count(),
        titles: (!titles.is_empty()).then(|| near as f64 / titles.len() as f64),
    }
}

/// One line a rendering and group of sets.
pub(crate) fn scores(views: &[View]) {
    println!(
        "{:<11} {:<17}{:>6}{:>11}{:>8}{:>8}{:>9}{:>9}{:>12}",
        "RENDERING",
        "SET",
        "PAGES",
        "PRECISION",
        "RECALL",
        "F1",
        "BELOW .5",
        "REFUSED",
        "TITLE NEAR"
    );
    for view in views {
        for (name, sets) in GROUPS {
            let it = line(view, sets);
            if it.pages > 0 {
                print(view.name, name, &it);
            }
        }
    }
}

fn print(view: &str, name: &str, it: &Line) {
    println!(
        "{view:<11} {name:<17}{:>6}{:>11.3}{:>8.3}{:>8.3}{:>7.1} %{:>9}{:>12}",
        it.pages,
        it.precision,
        it.recall,
        it.f1,
        it.low * 100.0,
        it.refused,
        it.titles
            .map_or_else(|| "-".to_owned(), |share| format!("{share:.3}"))
    );
}

/// The means over the renderings as text.
pub(crate) fn means(views: &[View]) {
    for at in MEANS {
        let (name, sets) = GROUPS[at];
        let lines: Vec<Line> = views
            .iter()
            .filter(|view| view.name != "html")
            .map(|view| line(view, sets))
            .filter(|line| line.pages > 0)
            .collect();
        let mean = |value: fn(&Line) -> f64| {
            lines.iter().map(value).sum::<f64>() / lines.len().max(1) as f64
        };
        let all = Line {
            pages: lines.iter().map(|line| line.pages).sum(),
            precision: mean(|line| line.precision),
            recall: mean(|line| line.recall),
            f1: mean(|line| line.f1),
            low: mean(|line| line.low),
            refused: lines.iter().map(|line| line.refused).sum(),
            titles: lines
                .iter()
                .all(|line| line.titles.is_some())
                .then(|| mean(|line| line.titles.unwrap_or_default())),
        };
        if all.pages > 0 {
            print("text, mean", name, &all);
        }
    }
}

/// How fast each rendering was edited, and how many texts stay as they are when edited again.
pub(crate) fn work(views: &[View]) {
    println!(
        "\n{:<11}{:>6}{:>11}{:>9}{:>26}",
        "RENDERING", "PAGES", "PAGES/S", "MB/S", "EDIT(EDIT(X)) = EDIT(X)"
    );
    let mut text = (0, 0, Duration::ZERO);
    for view in views {
        let pages = view.outcomes.len();
        let bytes: usize = view.outcomes.iter().map(|outcome| outcome.bytes).sum();
        let took: Duration = view.outcomes.iter().map(|outcome| outcome.took).sum();
        let kept = || view.outcomes.iter().filter(|outcome| !outcome.refused);
        let stable = kept().filter(|outcome| outcome.stable).count();
        let classic = || kept().filter(|outcome| GROUPS[0].1.contains(&outcome.set));
        println!(
            "{:<11}{pages:>6}{:>11.0}{:>9.1}{:>26}",
            view.name,
            pages as f64 / took.as_secs_f64(),
            bytes as f64 / 1e6 / took.as_secs_f64(),
            format!(
                "{stable}/{} ({}/{} classic)",
                kept().count(),
                classic().filter(|outcome| outcome.stable).count(),
                classic().count()
            ),
        );
        if view.name != "html" {
            text = (text.0 + pages, text.1 + bytes, text.2 + took);
        }
    }
    let (pages, bytes, took) = text;
    println!(
        "{:<11}{pages:>6}{:>11.0}{:>9.1}",
        "text",
        pages as f64 / took.as_secs_f64(),
        bytes as f64 / 1e6 / took.as_secs_f64()
    );
}

/// The pages that came out worst, over all renderings; then those that are not stable, if any are asked for.
pub(crate) fn worst(views: &[View], pages: &[Truth], most: usize) {
    if most == 0 {
        return;
    }
    let all = || {
        views
            .iter()
            .flat_map(|view| view.outcomes.iter().map(move |it| (view.name, it)))
    };
    let name = |outcome: &Outcome| format!("{}/{}", SETS[outcome.set], pages[outcome.page].id);
    let mut order: Vec<(&str, &Outcome)> = all().collect();
    order.sort_by(|(_, a), (_, b)| a.found.f1().total_cmp(&b.found.f1()));
    println!(
        "\n{:>5}{:>11}{:>8}  {:<11}PAGE",
        "F1", "PRECISION", "RECALL", "RENDERING"
    );
    for (view, outcome) in order.into_iter().take(most) {
        let found = outcome.found;
        println!(
            "{:>5.3}{:>11.3}{:>8.3}  {view:<11}{}{}",
            found.f1(),
            found.precision(),
            found.recall(),
            name(outcome),
            if outcome.refused { "  (refused)" } else { "" }
        );
    }
    for (view, outcome) in all().filter(|(_, outcome)| !outcome.stable).take(most) {
        println!("not stable  {view:<11}{}", name(outcome));
    }
}
