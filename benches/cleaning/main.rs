//! `cargo bench --bench cleaning -- FOLDER`: how near the edited texts come to the truth, by set and rendering.
//!
//! Runs the editor over every page as HTML and as each text rendering. The measure is that of `score.py` beside the
//! development data; a title is near where nine tenths of its words are those of the truth. What is learnt was learnt
//! from these very pages: what it says of other sites is what `--bench training` prints.

#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::needless_range_loop,
    clippy::manual_is_multiple_of,
    clippy::format_push_string,
    clippy::format_collect,
    dead_code,
    reason = "counts become measures, and measures are printed for people; the two benches share files"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use copydesk::article::{Hints, Rules, edit};

#[path = "../training/pages.rs"]
#[allow(dead_code, reason = "shared with the trainer, which uses all of it")]
mod pages;
#[path = "../training/truth.rs"]
#[allow(dead_code, reason = "shared with the trainer, which uses all of it")]
mod truth;

use pages::{SETS, Truth, VIEWS};
use truth::Match;

/// What became of one page.
struct Outcome {
    set: usize,
    found: Match,
    /// Whether the title is near the truth's, where there is one.
    title: Option<bool>,
    refused: bool,
}

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| arg != "--bench")
        .collect();
    let folder = args.first().expect("a folder of pages");
    let pages = pages::read(Path::new(folder));
    println!(
        "{:10} {:16} {:>4}  precision recall   F1  below .5  refused  title near",
        "", "", "n"
    );
    for view in ["html"].into_iter().chain(VIEWS) {
        let (mut outcomes, mut bytes, mut took) = (Vec::new(), 0, Duration::ZERO);
        for page in &pages {
            if let Some(input) = page.read(view) {
                bytes += input.len();
                let began = Instant::now();
                outcomes.push(outcome(page, &input, view));
                took += began.elapsed();
            }
        }
        print(view, "classic three", &outcomes, &[0, 1, 2]);
        for (set, name) in SETS.iter().enumerate() {
            print(view, name, &outcomes, &[set]);
        }
        let seconds = took.as_secs_f64();
        println!(
            "{view:10} {} pages, {:.0} a second, {:.1} MB a second (with scoring)",
            outcomes.len(),
            outcomes.len() as f64 / seconds,
            bytes as f64 / 1e6 / seconds
        );
    }
}

fn outcome(page: &Truth, input: &[u8], view: &str) -> Outcome {
    let name = if view == "html" {
        "page.html"
    } else {
        "page.txt"
    };
    let hints = Hints {
        file_name: Some(name),
        source: None,
    };
    let edition = edit(input, &hints, &Rules::default());
    let edited = edition
        .ok()
        .and_then(|mut edition| edition.members.remove(0).ok());
    let text = edited.as_ref().map_or("", |edited| edited.text.as_str());
    let title = edited.as_ref().and_then(|edited| edited.title.as_ref());
    let title = title.map_or("", |title| title.value.as_str());
    let near = |truth: &String| truth::likeness(truth, title) >= truth::NEAR;
    Outcome {
        set: page.set,
        found: Match::best(&page.bags, &truth::bag(&truth::tokens(text))),
        title: page.title.as_ref().map(near),
        refused: edited.is_none(),
    }
}

fn print(view: &str, name: &str, outcomes: &[Outcome], sets: &[usize]) {
    let some: Vec<&Outcome> = outcomes
        .iter()
        .filter(|it| sets.contains(&it.set))
        .collect();
    let matches: Vec<Match> = some.iter().map(|it| it.found).collect();
    let [precision, recall, f1] = truth::pooled(&matches);
    let low = matches.iter().filter(|it| it.f1() < 0.5).count();
    let refused = some.iter().filter(|it| it.refused).count();
    let titles: Vec<bool> = some.iter().filter_map(|it| it.title).collect();
    let near = titles.iter().filter(|near| **near).count() as f64 / titles.len() as f64;
    println!(
        "{view:10} {name:16} {:>4}  {precision:.3}     {recall:.3}  {f1:.3}  {low:>6}  {refused:>7}  {near:.3}",
        some.len()
    );
}
