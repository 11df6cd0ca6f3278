//! `cargo bench --bench cleaning -- FOLDER`: how near the edited texts come to the truth, and how fast they get there.
//!
//! Every page is edited as HTML and as each of its renderings as text, by whatever cleaner is compiled in. The measure is
//! that of `score.py` beside the development data (`tests/it/scorer.rs` holds the two together); a title is near where
//! nine tenths of its words are those of the truth. Speed is CPU time of `edit` alone, in one thread.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints measures for people"
)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use copydesk::article::{Edited, Hints, Rules, edit};

#[allow(
    dead_code,
    reason = "sites, folds and short forms of pages are what training on them wants"
)]
mod pages;
mod table;
mod truth;

use pages::{Truth, VIEWS};
use truth::Match;

/// What became of one page in one rendering.
struct Outcome {
    /// Which page of the list.
    page: usize,
    set: usize,
    found: Match,
    /// Whether the title is near the truth's, where there is one.
    title: Option<bool>,
    refused: bool,
    /// Whether the text edited again is the same text.
    stable: bool,
    bytes: usize,
    took: Duration,
}

/// All pages in one rendering.
struct View {
    name: &'static str,
    outcomes: Vec<Outcome>,
}

/// What the command line says.
#[derive(Default)]
struct Wanted {
    folder: Option<PathBuf>,
    worst: usize,
    write: Option<PathBuf>,
}

fn main() {
    let wanted = wanted();
    let Some(folder) = &wanted.folder else {
        println!("cargo bench --bench cleaning -- FOLDER [--worst N] [--write FOLDER]");
        return;
    };
    let pages = pages::read(folder);
    let views: Vec<View> = ["html"]
        .into_iter()
        .chain(VIEWS)
        .map(|view| measure(view, &pages, wanted.write.as_deref()))
        .collect();
    table::scores(&views);
    table::means(&views);
    table::work(&views);
    table::worst(&views, &pages, wanted.worst);
}

fn wanted() -> Wanted {
    let mut wanted = Wanted::default();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            // cargo says it to every bench.
            "--bench" => {}
            "--worst" => {
                let number = args.next().and_then(|number| number.parse().ok());
                wanted.worst = number.expect("--worst wants a number");
            }
            "--write" => wanted.write = Some(args.next().expect("--write wants a folder").into()),
            _ => wanted.folder = Some(arg.into()),
        }
    }
    wanted
}

/// Edits all pages in one rendering, one after the other.
fn measure(name: &'static str, pages: &[Truth], write: Option<&Path>) -> View {
    let mut outcomes = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        let Some(input) = page.read(name) else {
            continue;
        };
        let file = if name == "html" {
            "page.html"
        } else {
            "page.txt"
        };
        let (edited, took) = timed(&input, file);
        if let (Some(folder), Some(edited)) = (write, &edited) {
            write_prediction(&folder.join(name), page, edited);
        }
        outcomes.push(Outcome {
            page: at,
            bytes: input.len(),
            took,
            ..outcome(page, edited.as_ref())
        });
    }
    View { name, outcomes }
}

/// How often each page is edited for the time it takes: of these the least counts, since what else runs on the machine
/// takes from caches and shared cores, and never gives.
const ROUNDS: usize = 3;

/// Edits a page and says how long it takes.
fn timed(input: &[u8], file: &str) -> (Option<Edited>, Duration) {
    let (mut outcome, mut least) = (None, Duration::MAX);
    for _ in 0..ROUNDS {
        let began = cpu_time();
        outcome = edited(input, file);
        least = least.min(cpu_time().saturating_sub(began));
    }
    (outcome, least)
}

/// What this thread has used of the processor so far: others on the machine do not count.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("a clock that started at zero")
}

fn edited(input: &[u8], file: &str) -> Option<Edited> {
    let hints = Hints {
        file_name: Some(file),
        ..Hints::default()
    };
    let edition = edit(input, &hints, &Rules::default(), None).ok()?;
    edition.members.into_iter().next()?.ok()
}

fn outcome(page: &Truth, edited: Option<&Edited>) -> Outcome {
    let text = edited.map_or("", |edited| edited.text.as_str());
    let title = edited
        .and_then(|edited| edited.title.as_ref())
        .map_or("", |title| title.value.as_str());
    let near = |truth: &String| truth::likeness(truth, title) >= truth::NEAR;
    Outcome {
        page: 0,
        set: page.set,
        found: Match::best(&page.bags, &truth::bag(&truth::tokens(text))),
        title: page.title.as_ref().map(near),
        refused: edited.is_none(),
        stable: edited.is_none_or(|once| {
            self::edited(once.text.as_bytes(), "page.txt")
                .is_some_and(|twice| twice.text == once.text)
        }),
        bytes: 0,
        took: Duration::ZERO,
    }
}

/// Writes what was found in the form `score.py` reads.
fn write_prediction(folder: &Path, page: &Truth, edited: &Edited) {
    let folder = folder.join(pages::SETS[page.set]);
    std::fs::create_dir_all(&folder).expect("made");
    let title = edited.title.as_ref().map(|title| &title.value);
    let prediction = serde_json::json!({"title": title, "body": edited.text});
    let path = folder.join(format!("{}.json", page.id));
    std::fs::write(path, prediction.to_string()).expect("written");
}
