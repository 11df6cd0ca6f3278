//! Learns which candidate is the headline.

use crate::Grown;
use crate::boost::{self, Growth, Table};
use crate::lesson::{Lesson, Sample};
use crate::pages::{FOLDS, SETS};
use crate::truth::{NEAR, likeness};

struct Choice<'a> {
    sample: &'a Sample,
    rows: std::ops::Range<usize>,
}

/// Learns from all pages with a title, and prints how many are found across folds.
pub(crate) fn learn(lesson: &Lesson<'_>, logits: &[f32], growth: Growth) -> Grown {
    let mut choices: Vec<Choice<'_>> = Vec::new();
    let (mut values, mut truth, mut width) = (Vec::new(), Vec::new(), 0);
    for sample in &lesson.samples {
        let page = &lesson.pages[sample.page];
        let Some(title) = page.title.as_deref() else {
            continue;
        };
        let survey = lesson.survey(sample);
        let (texts, rows) = survey.titles(lesson.lexicon(sample), &logits[sample.rows.clone()]);
        if sample.view.ends_with("-shell") {
            continue;
        }
        // Half of the bodies come without a headline: none of their lines is one.
        let headless = sample.view == "clean" && page.tokens.is_multiple_of(2);
        let start = truth.len();
        truth.extend(
            texts
                .iter()
                .map(|text| f32::from(u8::from(!headless && likeness(text, title) >= NEAR))),
        );
        width = rows.width.max(width);
        values.extend(rows.values);
        choices.push(Choice {
            sample,
            rows: start..truth.len(),
        });
    }
    let mut table = Table::new(&values, width);
    table.add(&values);
    let weight = vec![1.0; table.rows];
    let mut scores = vec![0.0; table.rows];
    let mut folds = Vec::new();
    for fold in 0..FOLDS {
        let of = |inside: bool| -> Vec<u32> {
            let some = choices
                .iter()
                .filter(|it| (lesson.pages[it.sample.page].fold == fold) == inside);
            some.flat_map(|it| it.rows.clone())
                .map(|row| row as u32)
                .collect()
        };
        let forest = boost::grow(&table, &of(false), &truth, &weight, growth);
        for row in of(true) {
            scores[row as usize] = boost::score(&forest, &table, row as usize);
        }
        folds.push(forest);
    }
    report(lesson, &choices, &scores, &truth);
    let all: Vec<u32> = (0..table.rows as u32).collect();
    Grown {
        folds,
        all: boost::grow(&table, &all, &truth, &weight, growth),
    }
}

fn report(lesson: &Lesson<'_>, choices: &[Choice<'_>], scores: &[f32], truth: &[f32]) {
    let mut views: Vec<&str> = choices.iter().map(|it| it.sample.view).collect();
    views.sort_unstable();
    views.dedup();
    for view in views {
        print!("title    {view:12}");
        for (set, name) in SETS.iter().enumerate() {
            let of = |it: &&Choice<'_>| {
                it.sample.view == view && lesson.pages[it.sample.page].set == set
            };
            let some: Vec<&Choice<'_>> = choices.iter().filter(of).collect();
            if some.is_empty() {
                continue;
            }
            let best = |it: &Choice<'_>| {
                let best = it
                    .rows
                    .clone()
                    .max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
                best.is_some_and(|row| truth[row] > 0.0)
            };
            let found = some.iter().filter(|it| best(it)).count() as f64;
            let there = some
                .iter()
                .filter(|it| truth[it.rows.clone()].iter().any(|it| *it > 0.0))
                .count();
            let all = some.len() as f64;
            print!(" | {name} {:.3} of {:.3}", found / all, there as f64 / all);
        }
        println!();
    }
}
