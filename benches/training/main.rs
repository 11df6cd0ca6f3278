//! `cargo bench --bench training -- FOLDER`: learns the cleaner's weights from the development pages.
//!
//! HTML first, then text. Prints what a model says of pages whose sites it was not learnt from, by blocks alone and
//! by the whole cleaner, then learns from all pages and writes the weights. Pages of which only some strings are known teach as
//! well: their body is what the model for HTML keeps, where that has all the strings it must have and none it must not.
//! One thread, fixed seeds: the same pages give the same weights, bit for bit.
//!
//! `text` or `html` behind the folder learns one of the two; `try` prints and writes nothing.
//! With `SHOW=FILE` in the environment every block goes to that file with its truth and its score.

#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::needless_range_loop,
    dead_code,
    reason = "counts become measures, and measures are printed for people; benches share files"
)]

use std::path::Path;
use std::time::Instant;

use copydesk::article::learning::{Forest, Model};

mod bodiless;
mod boost;
mod lesson;
#[path = "../cleaning/pages.rs"]
mod pages;
mod report;
mod titles;
#[path = "../cleaning/truth.rs"]
mod truth;
mod words;

use boost::{Growth, Table};
use lesson::Lesson;
use pages::{FOLDS, Truth};

/// How the weights that are shipped were learnt.
const GROWTH: Growth = Growth {
    trees: 200,
    rate: 0.08,
    ridge: 4.0,
    rows: 40_000,
    features: 0.4,
};
/// The same for headlines: a tenth of the rows.
const TITLE_GROWTH: Growth = Growth {
    trees: 100,
    ..GROWTH
};

/// The renderings the model for HTML learns from: the pages, the truth in bare markup, the pages without their story.
const HTML_VIEWS: [&str; 3] = ["html", "tiny", "html-shell"];
/// Those for text.
const TEXT_VIEWS: [&str; 7] = [
    "inner",
    "inscriptis",
    "bs4",
    "light",
    "clean",
    "brief",
    "inner-shell",
];

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| arg != "--bench")
        .collect();
    let folder = Path::new(args.first().expect("a folder of pages"));
    let given = |word: &str| args.iter().skip(1).any(|arg| arg == word);
    let mut pages = pages::read(folder);
    println!("{} pages with a body", pages.len());
    let began = Instant::now();
    if std::env::var("NOEXTRA").is_err() {
        let others = bodiless::adopt(&pages, pages::read_bodiless(folder), GROWTH);
        println!("{} pages without, {:.0?}", others.len(), began.elapsed());
        pages.extend(others);
    }
    for (format, views) in [("html", &HTML_VIEWS[..]), ("text", &TEXT_VIEWS[..])] {
        let other = if format == "html" { "text" } else { "html" };
        if given(other) && !given(format) {
            continue;
        }
        let weights = learn(&pages, views);
        if !given("try") {
            write(format, &weights);
        }
        println!("{format}: {} bytes, {:.0?}", weights.len(), began.elapsed());
    }
}

fn write(format: &str, weights: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/article/clean/weights");
    let digest = blake3::hash(weights).to_hex().to_string() + "\n";
    std::fs::write(folder.join(format!("{format}.forest")), weights).expect("written");
    std::fs::write(folder.join(format!("{format}.blake3")), digest).expect("written");
}

/// A forest for each fold, learnt from the others, and one learnt from all.
struct Grown {
    folds: Vec<Forest>,
    all: Forest,
}

/// Learns a model of one format, and prints how it does across folds.
fn learn(pages: &[Truth], views: &[&'static str]) -> Vec<u8> {
    let (lesson, table) = lesson::gather(pages, views);
    println!(
        "{} samples, {} rows, {} features",
        lesson.samples.len(),
        table.rows,
        table.columns.len()
    );
    let right: Vec<f32> = lesson.truth.iter().map(|t| (t - 0.5) * 20.0).collect();
    report::stage("oracle", &lesson, &right);
    let (story, logits) = grow(&lesson, &table, GROWTH);
    report::stage("blocks", &lesson, &logits);
    drop(table);
    report::shells(&lesson, &logits);
    report::worst(&lesson, &logits);
    if let Ok(file) = std::env::var("SHOW") {
        report::show(&lesson, &logits, &file);
    }
    let title = titles::learn(&lesson, &logits, TITLE_GROWTH);
    let bytes = |fold: usize| -> Vec<u8> {
        let forest = |grown: &Grown| grown.folds.get(fold).unwrap_or(&grown.all).to_bytes();
        let mut bytes = lesson.lexicons[fold].to_bytes();
        bytes.extend([&story, &title].into_iter().flat_map(forest));
        bytes
    };
    let models: Vec<Model> = (0..FOLDS)
        .map(|fold| Model::read(&bytes(fold)).expect("a model"))
        .collect();
    report::whole(&lesson, &logits, &models);
    bytes(FOLDS)
}

/// Grows forests, and scores every row by the one that was not learnt from its site.
fn grow(lesson: &Lesson<'_>, table: &Table, growth: Growth) -> (Grown, Vec<f32>) {
    let mut logits = vec![0.0; table.rows];
    let mut folds = Vec::new();
    for fold in 0..FOLDS {
        let rows = lesson.rows(|other| other != fold);
        let forest = boost::grow(table, &rows, &lesson.truth, &lesson.weight, growth);
        for row in lesson.rows(|other| other == fold) {
            logits[row as usize] = boost::score(&forest, table, row as usize);
        }
        folds.push(forest);
    }
    let rows = lesson.rows(|_| true);
    let all = boost::grow(table, &rows, &lesson.truth, &lesson.weight, growth);
    (Grown { folds, all }, logits)
}
