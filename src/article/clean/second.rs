//! The second stage: what the first makes of the neighbours, and which run of blocks the story is.
//!
//! Most of what a cleaner gets wrong is the wrong run chosen, so every block sees the run it stands in, the weightiest
//! run of the document, and how the two speak of the same.

use super::context::{Page, signed};
use super::vocabulary::{Vocabulary, share};

/// The neighbours whose first scores a block sees.
const REACH: isize = 6;
/// Blocks scored low that may stand inside a run.
const GAP_MAX: usize = 3;

/// Some blocks in a row that the first stage takes for the story.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    first: usize,
    last: usize,
    /// Letters of the story expected in it.
    mass: f32,
    /// Share of the words of the best line above it that stand in it.
    headed: f32,
    /// Share of the stated title's words that stand in it.
    stated: f32,
}

/// Adds the second stage's features to the first's: rows of `width` become wider.
pub(super) fn rows(page: &Page<'_>, first: &[f32], width: usize, logits: &[f32]) -> Vec<f32> {
    let chances: Vec<f32> = logits.iter().map(|logit| chance(*logit)).collect();
    let mass: Vec<f32> = chances
        .iter()
        .zip(&page.looks)
        .map(|(chance, look)| chance * look.weight)
        .collect();
    let runs = runs(page, &chances, &mass);
    let best = runs
        .iter()
        .copied()
        .enumerate()
        .max_by(|(_, a), (_, b)| a.mass.total_cmp(&b.mass));
    let (best_at, best) = best.unwrap_or_default();
    let in_best = |at: usize| {
        (best.first..=best.last).contains(&at) && chances.get(at).is_some_and(|c| *c > 0.4)
    };
    let shared = page.stems.shared(in_best);
    let sums = Sums::of(&chances, &mass, &page.looks);
    let mut out = Vec::new();
    let mut run_at = 0;
    for (at, row) in first.chunks(width.max(1)).enumerate() {
        while runs.get(run_at).is_some_and(|run| run.last < at) {
            run_at += 1;
        }
        out.extend_from_slice(row);
        for offset in -REACH..=REACH {
            let other = at.checked_add_signed(offset);
            let other = other.and_then(|other| logits.get(other));
            out.push(other.map_or(-9.0, |logit| logit.clamp(-6.0, 6.0)));
        }
        sums.row(at, &mut out);
        by_run(at, &runs, run_at, best, best_at, &mut out);
        out.push(shared.get(at).copied().unwrap_or_default());
        let run = runs.get(run_at).filter(|run| run.first <= at);
        out.push(run.map_or(-1.0, |run| {
            let members = shared.get(run.first..=run.last).unwrap_or_default();
            members.iter().sum::<f32>() / members.len().max(1) as f32
        }));
        if at == 0 {
            out.reserve(out.len() * page.looks.len());
        }
    }
    out
}

pub(super) fn chance(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// The features that tell a block's own run, or the next ones, from the best.
fn by_run(at: usize, runs: &[Run], run_at: usize, best: Run, best_at: usize, row: &mut Vec<f32>) {
    let own = runs.get(run_at).filter(|run| run.first <= at);
    let all: f32 = runs.iter().map(|run| run.mass).sum();
    row.extend([
        best.mass.ln_1p(),
        best.mass / all.max(1.0),
        signed(at, best.first),
        signed(at, best.last),
        best.headed,
        best.stated,
        (run_at as f32 - best_at as f32).clamp(-5.0, 5.0),
        (runs.len() as f32).ln_1p(),
    ]);
    match own {
        Some(run) => row.extend([
            run.mass.ln_1p(),
            run.mass / best.mass.max(1.0),
            signed(at, run.first),
            signed(at, run.last),
            run.headed,
            run.stated,
        ]),
        None => row.extend([-1.0, 0.0, 0.0, 0.0, -1.0, -1.0]),
    }
    let before = run_at.checked_sub(1).and_then(|before| runs.get(before));
    let after = runs.get(run_at + usize::from(own.is_some()));
    row.push(before.map_or(0.0, |run| run.mass / best.mass.max(1.0)));
    row.push(before.map_or(9.0, |run| signed(at, run.last)));
    row.push(after.map_or(0.0, |run| run.mass / best.mass.max(1.0)));
    row.push(after.map_or(9.0, |run| signed(run.first, at)));
}

/// Finds the runs: blocks of some chance, with few others between them.
fn runs(page: &Page<'_>, chances: &[f32], mass: &[f32]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, (chance, mass)) in chances.iter().zip(mass).enumerate() {
        if *chance < 0.35 {
            continue;
        }
        match runs.last_mut() {
            Some(run) if at - run.last <= GAP_MAX + 1 => {
                run.last = at;
                run.mass += mass;
            }
            _ => runs.push(Run {
                first: at,
                last: at,
                mass: *mass,
                ..Run::default()
            }),
        }
    }
    for run in &mut runs {
        let vocabulary: Vocabulary = (run.first..=run.last)
            .take(60)
            .flat_map(|at| page.stems.get(at))
            .copied()
            .collect();
        let known = |stems: &[u64]| {
            let known = stems
                .iter()
                .filter(|stem| vocabulary.contains(stem))
                .count();
            share(known, stems.len())
        };
        run.headed = (run.first.saturating_sub(8)..run.first)
            .filter(|at| (12.0..200.0).contains(&page.look(*at).weight))
            .map(|at| known(page.stems.get(at)))
            .fold(0.0, f32::max);
        run.stated = known(&page.stated);
    }
    runs
}

/// Running sums of chance and mass.
#[derive(Debug)]
struct Sums {
    sums: Vec<[f32; 3]>,
}

impl Sums {
    fn of(chances: &[f32], mass: &[f32], looks: &[super::look::Look]) -> Self {
        let mut sum = [0.0; 3];
        let mut sums = vec![sum];
        for ((chance, mass), look) in chances.iter().zip(mass).zip(looks) {
            for (sum, own) in sum.iter_mut().zip([*chance, *mass, look.weight]) {
                *sum += own;
            }
            sums.push(sum);
        }
        Self { sums }
    }

    fn between(&self, start: usize, end: usize) -> [f32; 3] {
        let get = |at: usize| self.sums.get(at.min(self.sums.len().saturating_sub(1)));
        let mut sum = get(end).copied().unwrap_or_default();
        for (sum, before) in sum.iter_mut().zip(get(start).into_iter().flatten()) {
            *sum -= before;
        }
        sum
    }

    fn row(&self, at: usize, row: &mut Vec<f32>) {
        for width in [4, 12] {
            for [chance, mass, weight] in [
                self.between(at.saturating_sub(width), at),
                self.between(at + 1, at + 1 + width),
            ] {
                row.extend([chance, mass / weight.max(1.0)]);
            }
        }
        let count = self.sums.len();
        let [_, mass, weight] = self.between(0, count);
        let [_, before, _] = self.between(0, at);
        row.extend([mass.ln_1p(), mass / weight.max(1.0), before / mass.max(1.0)]);
    }
}
