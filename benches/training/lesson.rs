//! What is learnt from: the blocks of every page in every rendering, with how much of each is of the story.

use std::ops::Range;

use copydesk::article::Hints;
use copydesk::article::learning::{Lexicon, Rows, Survey};

use crate::boost::Table;
use crate::pages::{FOLDS, SETS, Truth};
use crate::truth::{self, Match};
use crate::words::Tally;

/// What a page of each set weighs; the last is of pages whose body was guessed. Of guides there are too many.
const SET_WEIGHTS: [f32; SETS.len() + 1] = [1.0, 1.0, 1.0, 1.0, 0.6, 0.6];
/// What a rendering weighs that was made from the truth.
const MADE_WEIGHT: f32 = 0.4;
/// Ends the name of a rendering without the story.
const SHELL: &str = "-shell";

/// One rendering of a page, and where its blocks stand among all rows.
pub(crate) struct Sample {
    pub(crate) page: usize,
    pub(crate) view: &'static str,
    pub(crate) rows: Range<usize>,
    pub(crate) blocks: Vec<Vec<u64>>,
    /// What choosing blocks can reach at best.
    pub(crate) best: Match,
}

/// All samples.
pub(crate) struct Lesson<'a> {
    pub(crate) pages: &'a [Truth],
    pub(crate) samples: Vec<Sample>,
    /// How much of each block is of the story.
    pub(crate) truth: Vec<f32>,
    /// What each block weighs.
    pub(crate) weight: Vec<f32>,
    /// What words say, by all folds but one, and by all.
    pub(crate) lexicons: Vec<Lexicon>,
}

impl Lesson<'_> {
    /// What words say to a page, by the sites of other folds.
    pub(crate) fn lexicon(&self, sample: &Sample) -> &Lexicon {
        &self.lexicons[self.fold(sample)]
    }

    pub(crate) fn fold(&self, sample: &Sample) -> usize {
        self.pages[sample.page].fold
    }

    /// The rows of some folds.
    pub(crate) fn rows(&self, of: impl Fn(usize) -> bool) -> Vec<u32> {
        let samples = self.samples.iter().filter(|it| of(self.fold(it)));
        samples
            .flat_map(|sample| sample.rows.clone())
            .map(|row| row as u32)
            .collect()
    }

    pub(crate) fn survey(&self, sample: &Sample) -> Survey {
        survey(&self.pages[sample.page], sample.view).expect("as before")
    }
}

/// A page in a rendering; `None` where there is none, or where it is taken for the other format.
pub(crate) fn survey(page: &Truth, view: &str) -> Option<Survey> {
    if let Some(whole) = view.strip_suffix(SHELL) {
        // Half of them are enough.
        let survey = survey(page, whole).filter(|_| page.tokens.is_multiple_of(2))?;
        let blocks: Vec<Vec<u64>> = survey.texts().map(truth::tokens).collect();
        let covers = page.bags.iter().map(|bag| truth::coverage(&blocks, bag));
        let mut story = vec![false; blocks.len()];
        for cover in covers {
            for (story, cover) in story.iter_mut().zip(cover) {
                *story |= cover > 0.15;
            }
        }
        let shell = survey.without(&story);
        return Some(shell).filter(|it| it.texts().count() > 0);
    }
    let html = view == "html" || view == "tiny";
    let hints = Hints {
        file_name: Some(if html { "page.html" } else { "page.txt" }),
        ..Hints::default()
    };
    // A text about markup may look like markup; the other model is for it then.
    Survey::of(&page.read(view)?, &hints).filter(|it| it.is_html() == html)
}

/// Reads all pages, labels their blocks, and puts their features in a table.
pub(crate) fn gather<'a>(pages: &'a [Truth], views: &[&'static str]) -> (Lesson<'a>, Table) {
    let mut lesson = Lesson {
        pages,
        samples: Vec::new(),
        truth: Vec::new(),
        weight: Vec::new(),
        lexicons: Vec::new(),
    };
    let mut tally = Tally::default();
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
    lesson.lexicons = (0..FOLDS).map(|fold| tally.lexicon(Some(fold))).collect();
    lesson.lexicons.push(tally.lexicon(None));
    let table = tabled(&lesson, |sample| {
        lesson.survey(sample).first(lesson.lexicon(sample))
    });
    (lesson, table)
}

/// Puts the rows of all samples in a table whose bins are those of every eleventh sample.
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
    let shell = view.ends_with(SHELL);
    let bags = if shell { &[] } else { page.bags.as_slice() };
    let covers: Vec<Vec<f32>> = bags
        .iter()
        .map(|bag| truth::coverage(&blocks, bag))
        .collect();
    let none = vec![0.0; blocks.len()];
    let narrow = covers.first().unwrap_or(&none);
    let wide = covers.last().unwrap_or(&none);
    let covered = blocks.iter().zip(narrow);
    let inside: f32 = covered
        .map(|(tokens, cover)| tokens.len() as f32 * cover)
        .sum();
    let inside = if shell { page.tokens as f32 } else { inside };
    let made = ["clean", "brief", "tiny"].contains(&view) || shell;
    let weight = SET_WEIGHTS[page.set] * if made { MADE_WEIGHT } else { 1.0 };
    let start = lesson.truth.len();
    for ((tokens, narrow), wide) in blocks.iter().zip(narrow).zip(wide) {
        // What may be left out says little.
        let agreed = (*narrow > 0.5) == (*wide > 0.5);
        lesson.truth.push(match narrow.max(*wide) {
            cover if cover > 0.85 => 1.0,
            cover if cover < 0.15 => 0.0,
            cover => cover,
        });
        // A block weighs nearly what it adds to the page's measure.
        let share = (tokens.len() as f32 + 1.0) / (inside + 100.0);
        let sure = if agreed { 1.0 } else { 0.2 };
        lesson
            .weight
            .push(sure * weight * share.min(0.3).powf(0.75) * 30.0);
    }
    let rows = start..lesson.truth.len();
    let kept: Vec<bool> = lesson.truth[rows.clone()]
        .iter()
        .map(|t| *t > 0.5)
        .collect();
    let best = matched(page, &blocks, &kept);
    lesson.samples.push(Sample {
        page: at,
        view,
        rows,
        blocks,
        best,
    });
}

/// How near the kept blocks come to the truth.
pub(crate) fn matched(page: &Truth, blocks: &[Vec<u64>], kept: &[bool]) -> Match {
    let kept = blocks.iter().zip(kept).filter(|(_, kept)| **kept);
    let tokens: Vec<u64> = kept.flat_map(|(tokens, _)| tokens).copied().collect();
    Match::best(&page.bags, &truth::bag(&tokens))
}
