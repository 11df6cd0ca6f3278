//! `cargo bench --bench training -- FOLDER [text|html]`: learns the cleaner's weights from the development pages.
//!
//! Prints what a model says of pages whose sites it was not learnt from, then learns from all and writes the weights.

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
use std::time::Instant;

use copydesk::article::Hints;
use copydesk::article::learning::{Lexicon, Rows, Survey};

mod boost;
mod pages;
mod titles;
mod truth;
mod words;

use boost::{Growth, Table};
use pages::{FOLDS, SETS, Truth};
use truth::Match;

/// The renderings the model for text learns from: those of the pages, and the truth itself.
const TEXTS: [&str; 6] = ["inner", "inscriptis", "bs4", "light", "clean", "brief"];

/// One rendering of a page, and where its blocks stand among all rows.
pub(crate) struct Sample {
    page: usize,
    view: &'static str,
    rows: std::ops::Range<usize>,
    blocks: Vec<Vec<u64>>,
    best: Match,
}

pub(crate) struct Lesson<'a> {
    pages: &'a [Truth],
    samples: Vec<Sample>,
    truth: Vec<f32>,
    weight: Vec<f32>,
    /// What words say, by all folds but one, and by all.
    lexicons: Vec<Lexicon>,
}

impl Lesson<'_> {
    fn lexicon(&self, sample: &Sample) -> &Lexicon {
        &self.lexicons[self.pages[sample.page].fold]
    }
}

fn survey(page: &Truth, view: &str) -> Option<Survey> {
    let name = if is_html(view) {
        "page.html"
    } else {
        "page.txt"
    };
    let hints = Hints {
        file_name: Some(name),
        source: None,
    };
    // A text about markup may look like markup; the other model is for it then.
    let html = copydesk::article::Format::Html;
    Survey::of(&page.read(view)?, &hints).filter(|it| (it.format() == html) == is_html(view))
}

fn is_html(view: &str) -> bool {
    view == "html" || view == "tiny"
}

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| arg != "--bench")
        .collect();
    let folder = args.first().expect("a folder of pages");
    let formats: Vec<&str> = match args.get(1).map(String::as_str) {
        Some(format @ ("text" | "html")) => vec![format],
        _ => vec!["text", "html"],
    };
    let trees = args
        .get(2)
        .and_then(|trees| trees.parse().ok())
        .unwrap_or(200);
    let set = |name: &str, default: f32| {
        std::env::var(name)
            .ok()
            .and_then(|it| it.parse().ok())
            .unwrap_or(default)
    };
    let growth = Growth {
        trees,
        rate: set("RATE", 0.1),
        ridge: set("RIDGE", 4.0),
        rows: set("ROWS", 40_000.0) as usize,
        features: set("FEATURES", 0.4),
    };
    let pages = pages::read(Path::new(folder));
    println!("{} pages", pages.len());
    for format in formats {
        let views: &[&'static str] = if format == "html" {
            &["html", "tiny"]
        } else {
            &TEXTS
        };
        learn(&pages, format, views, growth);
    }
}

fn learn(pages: &[Truth], format: &str, views: &[&'static str], growth: Growth) {
    let began = Instant::now();
    let (lesson, table) = gather(pages, views);
    println!(
        "{} samples, {} rows, {} features, {:.0?}",
        lesson.samples.len(),
        table.rows,
        table.columns.len(),
        began.elapsed()
    );
    report(
        "oracle",
        &lesson,
        &lesson.truth.iter().map(|t| t - 0.5).collect::<Vec<_>>(),
    );
    let firsts = across(&lesson, &table, growth);
    report("first", &lesson, &firsts);
    println!("{:.0?}", began.elapsed());
    let all: Vec<u32> = (0..table.rows as u32).collect();
    let grow = |table: &Table| boost::grow(table, &all, &lesson.truth, &lesson.weight, growth);
    let mut weights = lesson.lexicons[FOLDS].to_bytes();
    weights.extend(grow(&table).to_bytes());
    let table = widen(&lesson, &firsts);
    println!("{} features, {:.0?}", table.columns.len(), began.elapsed());
    let logits = across(&lesson, &table, growth);
    report("second", &lesson, &logits);
    let logits: Vec<f32> = logits
        .iter()
        .zip(&firsts)
        .map(|(a, b)| f32::midpoint(*a, *b))
        .collect();
    report("both", &lesson, &logits);
    println!("{:.0?}", began.elapsed());
    worst(&lesson, &logits, format);
    if let Ok(file) = std::env::var("SHOW") {
        show(&lesson, &logits, &file);
    }
    weights.extend(grow(&table).to_bytes());
    drop(table);
    println!("weights of the blocks, {:.0?}", began.elapsed());
    let few = Growth {
        trees: 100,
        ..growth
    };
    weights.extend(titles::learn(&lesson, &logits, few).to_bytes());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/article/clean/weights");
    let digest = blake3::hash(&weights).to_hex().to_string() + "\n";
    std::fs::write(folder.join(format!("{format}.forest")), &weights).expect("written");
    std::fs::write(folder.join(format!("{format}.blake3")), digest).expect("written");
    println!(
        "{} bytes of weights, {:.0?}",
        weights.len(),
        began.elapsed()
    );
}

/// Reads all pages, labels their blocks, and puts the first stage's features in a table.
fn gather<'a>(pages: &'a [Truth], views: &[&'static str]) -> (Lesson<'a>, Table) {
    let mut lesson = Lesson {
        pages,
        samples: Vec::new(),
        truth: Vec::new(),
        weight: Vec::new(),
        lexicons: Vec::new(),
    };
    let mut tally = words::Tally::default();
    for (at, page) in pages.iter().enumerate() {
        for view in views {
            let Some(survey) = survey(page, view) else {
                continue;
            };
            label(&mut lesson, at, view, &survey);
            if ["html", "inner", "inscriptis"].contains(view) {
                let rows = lesson.samples.last().expect("just added").rows.clone();
                tally.add(&survey, &lesson.truth[rows], page.fold, page.site);
            }
        }
    }
    let sites = std::env::var("SITES")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(5);
    lesson.lexicons = (0..FOLDS)
        .map(|fold| tally.lexicon(Some(fold), sites))
        .collect();
    lesson.lexicons.push(tally.lexicon(None, sites));
    println!(
        "lexicon of {} bytes",
        lesson.lexicons[FOLDS].to_bytes().len()
    );
    let rows = |sample: &Sample| {
        let survey = survey(&pages[sample.page], sample.view).expect("as before");
        survey.first(lesson.lexicon(sample))
    };
    let table = tabled(&lesson, rows);
    (lesson, table)
}

/// Puts the rows of all samples in a table.
fn tabled(lesson: &Lesson<'_>, rows: impl Fn(&Sample) -> Rows) -> Table {
    let mut some: Vec<f32> = Vec::new();
    let mut width = 0;
    for sample in lesson.samples.iter().step_by(11) {
        let rows = rows(sample);
        if rows.width > 0 {
            width = rows.width;
            some.extend(rows.values);
        }
    }
    let mut table = Table::new(&some, width);
    drop(some);
    for sample in &lesson.samples {
        table.add(&rows(sample).values);
    }
    table
}

/// Labels the blocks of one rendering by what of them is in the truth.
fn label(lesson: &mut Lesson<'_>, at: usize, view: &'static str, survey: &Survey) {
    let page = &lesson.pages[at];
    let blocks: Vec<Vec<u64>> = survey.texts().map(truth::tokens).collect();
    let start = lesson.truth.len();
    let covers: Vec<Vec<f32>> = page
        .bags
        .iter()
        .map(|bag| truth::coverage(&blocks, bag))
        .collect();
    let inside = blocks
        .iter()
        .zip(&covers[0])
        .map(|(tokens, cover)| tokens.len() as f32 * cover);
    let inside: f32 = inside.sum();
    for (block, tokens) in blocks.iter().enumerate() {
        let narrow = covers[0][block];
        let wide = covers.last().map_or(narrow, |cover| cover[block]);
        let cover = narrow.max(wide);
        let sure = if (narrow > 0.5) == (wide > 0.5) {
            1.0
        } else {
            0.2
        };
        let cover = if cover > 0.85 {
            1.0
        } else if cover < 0.15 {
            0.0
        } else {
            cover
        };
        lesson.truth.push(cover);
        let share = (tokens.len() as f32 + 1.0) / (inside + 100.0);
        let set = [1.0, 1.0, 1.0, 1.0, 0.6][page.set];
        let view = if ["clean", "brief", "tiny"].contains(&view) {
            0.4
        } else {
            1.0
        };
        lesson
            .weight
            .push(sure * set * view * share.min(0.3).powf(0.75) * 30.0);
    }
    let rows = start..lesson.truth.len();
    let mut sample = Sample {
        page: at,
        view,
        rows,
        blocks,
        best: Match::default(),
    };
    sample.best = matched(&lesson.pages[at], &sample, &lesson.truth, 0.5);
    lesson.samples.push(sample);
}

fn matched(page: &Truth, sample: &Sample, scores: &[f32], least: f32) -> Match {
    let kept = scores[sample.rows.clone()]
        .iter()
        .zip(&sample.blocks)
        .filter(|(score, _)| **score > least);
    let tokens: Vec<u64> = kept.flat_map(|(_, tokens)| tokens).copied().collect();
    Match::best(&page.bags, &truth::bag(&tokens))
}

/// Scores every row by a model that was not learnt from its site.
fn across(lesson: &Lesson<'_>, table: &Table, growth: Growth) -> Vec<f32> {
    let mut logits = vec![0.0; table.rows];
    for fold in 0..FOLDS {
        let rows = |inside: bool| -> Vec<u32> {
            let samples = lesson.samples.iter();
            let samples =
                samples.filter(|sample| (lesson.pages[sample.page].fold == fold) == inside);
            samples
                .flat_map(|sample| sample.rows.clone())
                .map(|row| row as u32)
                .collect()
        };
        let forest = boost::grow(table, &rows(false), &lesson.truth, &lesson.weight, growth);
        for row in rows(true) {
            logits[row as usize] = boost::score(&forest, table, row as usize);
        }
    }
    logits
}

/// The second stage's table.
fn widen(lesson: &Lesson<'_>, logits: &[f32]) -> Table {
    tabled(lesson, |sample| {
        let survey = survey(&lesson.pages[sample.page], sample.view).expect("as before");
        let lexicon = lesson.lexicon(sample);
        survey.second(
            lexicon,
            &survey.first(lexicon),
            &logits[sample.rows.clone()],
        )
    })
}

fn report(what: &str, lesson: &Lesson<'_>, logits: &[f32]) {
    let mut views: Vec<&str> = lesson.samples.iter().map(|sample| sample.view).collect();
    views.sort_unstable();
    views.dedup();
    for view in views {
        let of = |sets: &[usize]| -> Vec<Match> {
            let samples = lesson.samples.iter().filter(|it| it.view == view);
            let samples = samples.filter(|it| sets.contains(&lesson.pages[it.page].set));
            samples
                .map(|it| matched(&lesson.pages[it.page], it, logits, 0.0))
                .collect()
        };
        print!("{what:8} {view:12}");
        for sets in [&[0, 1, 2][..], &[0], &[1], &[2], &[3], &[4]] {
            let matches = of(sets);
            let [p, r, f1] = truth::pooled(&matches);
            let low = matches.iter().filter(|it| it.f1() < 0.5).count();
            print!(" | {p:.3} {r:.3} {f1:.3} ({low})");
        }
        println!();
        let matches = of(&[0, 1, 2]);
        for (from, to) in [(0.0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.1)] {
            let some = matches.iter().filter(|it| (from..to).contains(&it.f1()));
            let (n, p, r) = some.fold((0, 0.0, 0.0), |(n, p, r), it| {
                (n + 1, p + 1.0 - it.precision(), r + 1.0 - it.recall())
            });
            let all = matches.len() as f64;
            print!("   {from:.2}: {n} p-{:.3} r-{:.3}", p / all, r / all);
        }
        println!();
    }
}

fn worst(lesson: &Lesson<'_>, logits: &[f32], format: &str) {
    let view = if format == "html" { "html" } else { "inner" };
    let mut pages: Vec<(f64, String)> = lesson
        .samples
        .iter()
        .filter(|it| it.view == view)
        .map(|it| {
            let page = &lesson.pages[it.page];
            let found = matched(page, it, logits, 0.0);
            (
                found.f1() - it.best.f1(),
                format!(
                    "{:.3} of {:.3} p {:.2} r {:.2} {} {} {}",
                    found.f1(),
                    it.best.f1(),
                    found.precision(),
                    found.recall(),
                    SETS[page.set],
                    page.id,
                    page.tokens
                ),
            )
        })
        .collect();
    pages.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, line) in pages.iter().take(25) {
        println!("  {line}");
    }
}

/// Writes every block that was judged wrongly, with its page, for reading.
fn show(lesson: &Lesson<'_>, logits: &[f32], file: &str) {
    let mut out = String::new();
    for sample in &lesson.samples {
        let page = &lesson.pages[sample.page];
        let found = matched(page, sample, logits, 0.0);
        let survey = survey(page, sample.view).expect("as before");
        let head = format!(
            "{} {} {} {:.3}",
            sample.view,
            SETS[page.set],
            page.id,
            found.f1()
        );
        for ((text, row), tokens) in survey.texts().zip(sample.rows.clone()).zip(&sample.blocks) {
            let (truth, logit) = (lesson.truth[row], logits[row]);
            let cost = tokens.len() as f64 / page.tokens.max(1) as f64;
            let text: String = text.chars().take(110).collect();
            out += &format!("{head}\t{truth:.1}\t{logit:.1}\t{cost:.4}\t{text}\n");
        }
    }
    std::fs::write(file, out).expect("written");
}
