//! What models say of pages they were not learnt from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use copydesk::article::learning::{Model, Outcome};

use crate::lesson::{Lesson, Sample, matched};
use crate::pages::SETS;
use crate::truth::{self, Match};

/// The sets that are printed together: the three classic ones, then each by itself.
const GROUPS: [&[usize]; 6] = [&[0, 1, 2], &[0], &[1], &[2], &[3], &[4]];

fn scored<'a>(lesson: &'a Lesson<'_>) -> impl Iterator<Item = &'a Sample> {
    let views = ["html", "inner", "inscriptis", "bs4", "light"];
    let samples = lesson.samples.iter();
    samples.filter(move |it| views.contains(&it.view) && lesson.pages[it.page].set < SETS.len())
}

/// Views in the order they are scored in.
fn views(lesson: &Lesson<'_>) -> Vec<&'static str> {
    let mut views: Vec<&str> = Vec::new();
    for sample in scored(lesson) {
        if !views.contains(&sample.view) {
            views.push(sample.view);
        }
    }
    views
}

fn chosen(lesson: &Lesson<'_>, sample: &Sample, logits: &[f32]) -> Match {
    let kept = lesson.survey(sample).chosen(&logits[sample.rows.clone()]);
    matched(&lesson.pages[sample.page], &sample.blocks, &kept)
}

/// Prints precision, recall, F1 and how many pages are below a half, by rendering and set.
pub(crate) fn stage(what: &str, lesson: &Lesson<'_>, logits: &[f32]) {
    print(what, lesson, |sample| chosen(lesson, sample, logits));
}

fn print(what: &str, lesson: &Lesson<'_>, measure: impl Fn(&Sample) -> Match) {
    let all: Vec<(&Sample, Match)> = scored(lesson).map(|it| (it, measure(it))).collect();
    for view in views(lesson) {
        print!("{what:8} {view:10}");
        for sets in GROUPS {
            let of = |it: &Sample| it.view == view && sets.contains(&lesson.pages[it.page].set);
            let matches: Vec<Match> = all.iter().filter(|it| of(it.0)).map(|it| it.1).collect();
            let [p, r, f1] = truth::pooled(&matches);
            let low = matches.iter().filter(|it| it.f1() < 0.5).count();
            print!(" | {p:.3} {r:.3} {f1:.4} ({low})");
        }
        println!();
    }
}

/// A sample and what the whole cleaner made of it.
type Cleaned<'a> = (&'a Sample, Option<Outcome>);

/// Prints what the whole cleaner does with models that were not learnt from the page's site, titles too.
pub(crate) fn whole(lesson: &Lesson<'_>, logits: &[f32], models: &[Model]) {
    let cleaned: Vec<Cleaned<'_>> = scored(lesson)
        .map(|it| (it, lesson.survey(it).clean(&models[lesson.fold(it)])))
        .collect();
    let text = |sample: &Sample| -> Match {
        let found = cleaned.iter().find(|it| std::ptr::eq(it.0, sample));
        let text = found.and_then(|it| it.1.as_ref());
        let tokens = truth::tokens(text.map_or("", |it| &it.text));
        Match::best(&lesson.pages[sample.page].bags, &truth::bag(&tokens))
    };
    print("whole", lesson, text);
    for view in views(lesson) {
        print!("titles   {view:10}");
        for sets in GROUPS {
            let of = |it: &Sample| it.view == view && sets.contains(&lesson.pages[it.page].set);
            let cleaned = cleaned.iter().filter(|it| of(it.0));
            let [near, all, refused] = titles(lesson, cleaned);
            let share = near as f64 / all as f64;
            print!(" | {share:.3} of {all}, {refused} refused");
        }
        println!();
    }
    rules(lesson, logits, &cleaned);
}

/// How many titles are near the truth, how many truths there are, how many pages are refused.
fn titles<'a>(lesson: &Lesson<'_>, cleaned: impl Iterator<Item = &'a Cleaned<'a>>) -> [usize; 3] {
    let mut counts = [0; 3];
    for (sample, found) in cleaned {
        counts[2] += usize::from(found.is_none());
        let Some(title) = lesson.pages[sample.page].title.as_deref() else {
            continue;
        };
        let found = found.as_ref().and_then(|it| it.title.as_deref());
        let likeness = truth::likeness(title, found.unwrap_or(""));
        counts[0] += usize::from(likeness >= truth::NEAR);
        counts[1] += 1;
    }
    counts
}

/// Prints what rules take away of the chosen blocks: the share of a page, right and wrong, summed up over pages.
fn rules(lesson: &Lesson<'_>, logits: &[f32], cleaned: &[Cleaned<'_>]) {
    let mut sums: BTreeMap<(&str, &str), [f64; 3]> = BTreeMap::new();
    for (sample, found) in cleaned {
        let Some(found) = found else { continue };
        let chosen = lesson.survey(sample).chosen(&logits[sample.rows.clone()]);
        let all = lesson.pages[sample.page].tokens.max(1) as f64;
        let rows = sample.rows.clone();
        for ((row, chosen), (at, rule)) in rows.zip(chosen).zip(found.rules.iter().enumerate()) {
            if chosen && !rule.1 {
                let share = sample.blocks[at].len() as f64 / all;
                let truth = f64::from(lesson.truth[row]);
                let sum = sums.entry((sample.view, rule.0)).or_default();
                sum[0] += share * truth;
                sum[1] += share * (1.0 - truth);
                sum[2] += 1.0;
            }
        }
    }
    for ((view, rule), [wrong, right, count]) in sums {
        println!(
            "rule     {view:10} {rule:20} wrongly {wrong:.3} rightly {right:.3} blocks {count}"
        );
    }
}

/// Prints how pages with and without their story are scored: what parts them tells what is no article.
pub(crate) fn shells(lesson: &Lesson<'_>, logits: &[f32]) {
    for shell in [false, true] {
        let samples = lesson.samples.iter();
        let samples = samples.filter(|it| {
            let rendering = it.view.trim_end_matches("-shell");
            it.view.ends_with("-shell") == shell && ["html", "inner"].contains(&rendering)
        });
        let (mut bests, mut promises) = (Vec::new(), Vec::new());
        for sample in samples {
            let logits = &logits[sample.rows.clone()];
            bests.extend(logits.iter().copied().max_by(f32::total_cmp));
            promises.push(lesson.survey(sample).promise(logits));
        }
        for (what, mut values) in [("best block", bests), ("promise", promises)] {
            values.sort_by(f32::total_cmp);
            print!("{what}, without story: {shell}, {} pages:", values.len());
            for share in [0.0, 0.003, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9] {
                let at = (values.len().saturating_sub(1)) as f64 * share;
                let value = values.get(at as usize).copied().unwrap_or_default();
                print!(" {share}: {value:.2}");
            }
            println!();
        }
    }
}

/// Prints the pages that lose most against the best choice of blocks.
pub(crate) fn worst(lesson: &Lesson<'_>, logits: &[f32]) {
    let mut pages: Vec<(f64, String)> = scored(lesson)
        .filter(|it| it.view == "html" || it.view == "inner")
        .map(|it| {
            let page = &lesson.pages[it.page];
            let (found, best) = (chosen(lesson, it, logits), it.best.f1());
            let line = format!(
                "{:.3} of {best:.3} p {:.2} r {:.2} {} {} {}",
                found.f1(),
                found.precision(),
                found.recall(),
                SETS[page.set],
                page.id,
                page.tokens
            );
            (found.f1() - best, line)
        })
        .collect();
    pages.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, line) in pages.iter().take(30) {
        println!("  {line}");
    }
}

/// Writes every block with its truth and score, for reading.
pub(crate) fn show(lesson: &Lesson<'_>, logits: &[f32], file: &str) {
    let mut out = String::new();
    for sample in scored(lesson) {
        let page = &lesson.pages[sample.page];
        let found = chosen(lesson, sample, logits).f1();
        let set = SETS[page.set];
        for (text, row) in lesson.survey(sample).texts().zip(sample.rows.clone()) {
            let (truth, logit) = (lesson.truth[row], logits[row]);
            let text: String = text.chars().take(110).collect();
            let (view, id) = (sample.view, &page.id);
            let line = format_args!("{view} {set} {id} {found:.3}\t{truth:.1}\t{logit:.1}\t{text}");
            writeln!(out, "{line}").expect("memory");
        }
    }
    std::fs::write(file, out).expect("written");
}
