//! The signs by which two texts are judged: one row of numbers, the same whichever text is the first.

use super::Between;
use super::passages::{Covered, Measured, share, shared};
use super::reading::Reading;

/// Signs of a pair.
pub const SIGNS: usize = 38;
/// Their names, for people who train.
pub const NAMES: [&str; SIGNS] = [
    "runs_hi",
    "runs_lo",
    "cov_hi",
    "cov_lo",
    "words",
    "longest_run",
    "longest_passage",
    "lead_hi",
    "lead_lo",
    "run_mean",
    "gap_share",
    "fig_changed_share",
    "fig_changed",
    "name_changed_share",
    "fig_contained",
    "fig_jaccard",
    "name_contained",
    "name_jaccard",
    "fig_min",
    "title_contained",
    "title_jaccard",
    "hours",
    "same_source",
    "len_min",
    "before_hi",
    "before_lo",
    "passages",
    "own_lo",
    "own_hi",
    "own_names_new",
    "own_figs_new",
    "in_order",
    "rare_hi",
    "rare_lo",
    "rare_share",
    "fig_kept",
    "name_kept",
    "fig_alone",
];

/// The row of a pair.
pub(super) fn row(
    a: &Reading,
    b: &Reading,
    measured: &Measured,
    between: &Between<'_>,
) -> [f32; SIGNS] {
    let Measured {
        a: of_a,
        b: of_b,
        figures,
        names,
        ..
    } = measured;
    let both = |of: fn(&Covered) -> f32| {
        let (a, b) = (of(of_a), of(of_b));
        (a.max(b), a.min(b))
    };
    let (runs_hi, runs_lo) = both(|it| it.runs);
    let (rare_hi, rare_lo) = both(|it| it.rare);
    let (cov_hi, cov_lo) = both(|it| it.passages);
    let (lead_hi, lead_lo) = both(|it| it.lead);
    let (before_hi, before_lo) = both(|it| log(it.before));
    let (own_hi, own_lo) = both(|it| log(it.own_words));
    // Of the text that has less of its own: how much of that is news to the other.
    let (_, new_names) = both(|it| share(it.own_names.1, it.own_names.0 + 2));
    let (_, new_figures) = both(|it| share(it.own_figures.1, it.own_figures.0 + 2));
    let (fig_contained, fig_jaccard) = alike(&a.figures, &b.figures);
    let (name_contained, name_jaccard) = alike(&a.names, &b.names);
    let (title_contained, title_jaccard) = alike(&a.title, &b.title);
    let hours = between
        .hours_apart
        .map_or(-1.0, |hours| (1.0 + hours.abs()).log2());
    [
        runs_hi,
        runs_lo,
        cov_hi,
        cov_lo,
        log(measured.words),
        log(measured.longest_run),
        log(measured.longest_passage),
        lead_hi,
        lead_lo,
        share(measured.words, measured.run_count),
        share(measured.gap_words, measured.words + measured.gap_words),
        share(figures.changed, figures.changed + figures.kept),
        log(figures.changed),
        share(names.changed, names.changed + names.kept),
        fig_contained,
        fig_jaccard,
        name_contained,
        name_jaccard,
        log(a.figures.len().min(b.figures.len())),
        title_contained,
        title_jaccard,
        hours,
        f32::from(u8::from(between.same_source)),
        log(a.len().min(b.len())),
        before_hi,
        before_lo,
        log(measured.passages.len()),
        own_lo,
        own_hi,
        new_names,
        new_figures,
        share(measured.in_order, measured.passages.len()),
        rare_hi,
        rare_lo,
        rare_hi / runs_hi.max(0.01),
        log(figures.kept),
        log(names.kept),
        log(a.figures.len().min(b.figures.len()) - shared(&a.figures, &b.figures)),
    ]
}

/// How alike two sets are: the part of the smaller that the larger has, and the part of all that both have. Where one is
/// empty there is nothing to tell, which is neither yes nor no.
fn alike(a: &[u64], b: &[u64]) -> (f32, f32) {
    let both = shared(a, b);
    let least = a.len().min(b.len());
    if least == 0 {
        return (-1.0, -1.0);
    }
    (share(both, least), share(both, a.len() + b.len() - both))
}

/// The size of a count: 0, 1, 2, 3 for 0, 1, 3, 7.
fn log(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX)).ln_1p() / std::f32::consts::LN_2
}
