//! What two texts share, measured: passages, coverage of either text, and the facts inside and outside.

use std::cmp::Ordering;

use super::matching::{self, Run};
use super::reading::{Kind, Reading};
use crate::article::fingerprint;

/// Words a story opens with: the lead and a paragraph or two, with room for furniture above them.
const LEAD_WORDS: usize = 120;
/// Words a passage needs in runs to be told from a formula.
const SOLID_WORDS: usize = 12;

/// Runs that follow each other in both texts with little between them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Passage {
    /// Words in the first text, from and to.
    pub(super) a: (usize, usize),
    /// Words in the second text, from and to.
    pub(super) b: (usize, usize),
    /// Words of it in runs.
    pub(super) words: usize,
}

/// How much of one text the other has.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Covered {
    /// Share of the words in runs.
    pub(super) runs: f32,
    /// Share of the words in runs that are not common.
    pub(super) rare: f32,
    /// Share of the words in solid passages, what was reworded inside included.
    pub(super) passages: f32,
    /// The same for the words it opens with.
    pub(super) lead: f32,
    /// Words before the first solid passage.
    pub(super) before: usize,
    /// All its words.
    pub(super) all_words: usize,
    /// Words in no solid passage.
    pub(super) own_words: usize,
    /// Those of them before the first passage and behind the last.
    pub(super) outer_words: usize,
    /// Names in no solid passage, and how many of them the other text does not have anywhere.
    pub(super) own_names: (usize, usize),
    /// The same of figures.
    pub(super) own_figures: (usize, usize),
}

/// Facts inside passages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// Words in runs.
    pub(super) kept: usize,
    /// Words for which the other text has others.
    pub(super) changed: usize,
}

/// Everything measured of two texts. "a" is the first.
#[derive(Debug, Clone, Default)]
pub(super) struct Measured {
    pub(super) runs: Vec<Run>,
    /// Those of [`SOLID_WORDS`] and more.
    pub(super) passages: Vec<Passage>,
    pub(super) a: Covered,
    pub(super) b: Covered,
    /// Words in runs of solid passages.
    pub(super) words: usize,
    /// Words in runs, without what is common.
    pub(super) rare_words: f32,
    /// Runs in solid passages.
    pub(super) run_count: usize,
    /// Words between those runs, in the text that has more of them.
    pub(super) gap_words: usize,
    /// The longest run.
    pub(super) longest_run: usize,
    /// Most words of one passage.
    pub(super) longest_passage: usize,
    pub(super) figures: Facts,
    pub(super) names: Facts,
    /// Passages that follow the one before in the second text too.
    pub(super) in_order: usize,
}

impl Measured {
    /// Measures two texts.
    pub(super) fn of(a: &Reading, b: &Reading, common: &[u64]) -> Self {
        let mut measured = Self {
            runs: matching::runs(a, b),
            ..Self::default()
        };
        let mut rest = std::mem::take(&mut measured.runs);
        let mut from = 0;
        while from < rest.len() {
            let to = (from + 1..rest.len())
                .find(|at| !follows(&rest, *at))
                .unwrap_or(rest.len());
            measured.add(a, b, rest.get(from..to).unwrap_or_default());
            from = to;
        }
        std::mem::swap(&mut measured.runs, &mut rest);
        measured.longest_run = measured.runs.iter().map(|run| run.len).max().unwrap_or(0);
        let intervals =
            |of: fn(&Passage) -> (usize, usize)| union(measured.passages.iter().map(of));
        let (solid_a, solid_b) = (intervals(|it| it.a), intervals(|it| it.b));
        let runs_a = union(measured.runs.iter().map(|run| (run.a, run.a_end())));
        let runs_b = union(measured.runs.iter().map(|run| (run.b, run.b_end())));
        measured.a = Covered::of(a, b, &runs_a, &solid_a);
        measured.b = Covered::of(b, a, &runs_b, &solid_b);
        let rare: f32 = rare_words(a, &measured.runs, common);
        measured.rare_words = rare;
        measured.a.rare = (rare * share(1, a.len())).min(1.0);
        measured.b.rare = (rare * share(1, b.len())).min(1.0);
        measured
    }

    /// Takes in the runs of one passage, if it is solid.
    fn add(&mut self, a: &Reading, b: &Reading, runs: &[Run]) {
        let words = runs.iter().map(|run| run.len).sum();
        let (Some(first), Some(last)) = (runs.first(), runs.last()) else {
            return;
        };
        if words < SOLID_WORDS.min(a.len()).min(b.len()) {
            return;
        }
        self.words += words;
        self.run_count += runs.len();
        self.longest_passage = self.longest_passage.max(words);
        for run in runs {
            for at in run.a..run.a_end() {
                match a.kind(at) {
                    Kind::Plain => {}
                    Kind::Figure => self.figures.kept += 1,
                    Kind::Name => self.names.kept += 1,
                }
            }
        }
        for pair in runs.windows(2) {
            if let [before, after] = pair {
                self.compare_gaps((a, before.a_end()..after.a), (b, before.b_end()..after.b));
            }
        }
        let passage = Passage {
            a: (first.a, last.a_end()),
            b: (first.b, last.b_end()),
            words,
        };
        let follows = self.passages.last().is_none_or(|it| it.b.1 <= passage.b.0);
        self.in_order += usize::from(follows);
        self.passages.push(passage);
    }

    /// Two ways of saying something between the same words.
    fn compare_gaps(
        &mut self,
        (a, in_a): (&Reading, std::ops::Range<usize>),
        (b, in_b): (&Reading, std::ops::Range<usize>),
    ) {
        self.gap_words += in_a.len().max(in_b.len());
        let of_a = a.words.get(in_a.clone()).unwrap_or_default();
        let of_b = b.words.get(in_b.clone()).unwrap_or_default();
        for kind in [Kind::Figure, Kind::Name] {
            let new =
                |text: &Reading, range: std::ops::Range<usize>, own: &[u64], other: &[u64]| {
                    range
                        .zip(own)
                        .filter(|(at, word)| text.kind(*at) == kind && !other.contains(word))
                        .count()
                };
            let changed = new(a, in_a.clone(), of_a, of_b).min(new(b, in_b.clone(), of_b, of_a));
            match kind {
                Kind::Figure => self.figures.changed += changed,
                Kind::Name | Kind::Plain => self.names.changed += changed,
            }
        }
    }

    /// The same with the texts exchanged.
    pub(super) fn mirrored(mut self) -> Self {
        std::mem::swap(&mut self.a, &mut self.b);
        for run in &mut self.runs {
            std::mem::swap(&mut run.a, &mut run.b);
        }
        for passage in &mut self.passages {
            std::mem::swap(&mut passage.a, &mut passage.b);
        }
        self.runs.sort_unstable_by_key(|run| (run.a, run.b));
        self.passages.sort_unstable_by_key(|it| (it.a, it.b));
        self
    }
}

fn follows(runs: &[Run], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| runs.get(before));
    match (before, runs.get(at)) {
        (Some(before), Some(after)) => matching::follows(before, after),
        _ => false,
    }
}

/// Words in runs, each run weighed by the part of its sampled prints that are not common.
#[expect(clippy::cast_precision_loss, reason = "counts of words")]
fn rare_words(a: &Reading, runs: &[Run], common: &[u64]) -> f32 {
    let weighed = runs.iter().map(|run| {
        let shingles = a.shingles.get(run.a..run.a_end()).unwrap_or_default();
        let is_common = |print: &&u64| common.binary_search(print).is_ok();
        let commons = if common.is_empty() {
            0
        } else {
            shingles.iter().filter(is_common).count()
        };
        // One print stands for as many words as there are prints of.
        let taken = (commons * fingerprint::SAMPLED).min(run.len);
        (run.len - taken) as f32
    });
    weighed.sum()
}

/// Ranges as disjoint ones, ascending.
fn union(ranges: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
    let mut ranges: Vec<(usize, usize)> = ranges.collect();
    ranges.sort_unstable();
    let mut union: Vec<(usize, usize)> = Vec::with_capacity(ranges.len());
    for (from, to) in ranges {
        match union.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => union.push((from, to)),
        }
    }
    union
}

impl Covered {
    fn of(
        own: &Reading,
        other: &Reading,
        runs: &[(usize, usize)],
        solid: &[(usize, usize)],
    ) -> Self {
        let within = |ranges: &[(usize, usize)], end: usize| -> usize {
            let parts = ranges.iter();
            parts
                .map(|(from, to)| end.min(*to).saturating_sub(*from))
                .sum()
        };
        let lead = LEAD_WORDS.min(own.len());
        let passages = within(solid, own.len());
        let first = solid.first().map_or(0, |(from, _)| *from);
        let last = solid.last().map_or(0, |(_, to)| *to);
        let mut covered = Self {
            runs: share(within(runs, own.len()), own.len()),
            passages: share(passages, own.len()),
            lead: share(within(solid, lead), lead),
            before: solid.first().map_or(own.len(), |(from, _)| *from),
            all_words: own.len(),
            own_words: own.len() - passages,
            outer_words: own.len() - (last - first),
            ..Self::default()
        };
        let mut from = 0;
        for (next, to) in solid.iter().copied().chain([(own.len(), own.len())]) {
            covered.look_outside(own, other, from..next);
            from = to;
        }
        covered
    }

    /// Counts the facts in words that are in no passage.
    fn look_outside(&mut self, own: &Reading, other: &Reading, range: std::ops::Range<usize>) {
        for at in range {
            let (count, all) = match own.kind(at) {
                Kind::Plain => continue,
                Kind::Name => (&mut self.own_names, &other.names),
                Kind::Figure => (&mut self.own_figures, &other.figures),
            };
            let Some(word) = own.words.get(at) else {
                continue;
            };
            count.0 += 1;
            count.1 += usize::from(all.binary_search(word).is_err());
        }
    }
}

/// How many hashes two sorted lists share.
pub(super) fn shared(mut a: &[u64], mut b: &[u64]) -> usize {
    let mut shared = 0;
    while let ([first, a_rest @ ..], [second, b_rest @ ..]) = (a, b) {
        match first.cmp(second) {
            Ordering::Less => a = a_rest,
            Ordering::Greater => b = b_rest,
            Ordering::Equal => {
                shared += 1;
                (a, b) = (a_rest, b_rest);
            }
        }
    }
    shared
}

/// A part of a whole; of nothing, nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of words")]
pub(super) fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}
