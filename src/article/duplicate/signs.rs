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
    let mut row = [0.0; SIGNS];
    let signs = of_coverage(measured)
        .into_iter()
        .chain(of_facts(a, b, measured))
        .chain(of_texts(a, b, between))
        .chain(of_what_is_left(measured))
        .chain(of_rarity(a, b, measured));
    for (place, sign) in row.iter_mut().zip(signs) {
        *place = sign;
    }
    row
}

/// A measure of both texts: the greater, the lesser.
fn both(measured: &Measured, of: fn(&Covered) -> f32) -> (f32, f32) {
    let (a, b) = (of(&measured.a), of(&measured.b));
    (a.max(b), a.min(b))
}

fn of_coverage(measured: &Measured) -> [f32; 11] {
    let (runs_hi, runs_lo) = both(measured, |it| it.runs);
    let (cov_hi, cov_lo) = both(measured, |it| it.passages);
    let (lead_hi, lead_lo) = both(measured, |it| it.lead);
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
    ]
}

fn of_facts(a: &Reading, b: &Reading, measured: &Measured) -> [f32; 8] {
    let Measured { figures, names, .. } = measured;
    let (fig_contained, fig_jaccard) = alike(&a.figures, &b.figures);
    let (name_contained, name_jaccard) = alike(&a.names, &b.names);
    [
        share(figures.changed, figures.changed + figures.kept),
        log(figures.changed),
        share(names.changed, names.changed + names.kept),
        fig_contained,
        fig_jaccard,
        name_contained,
        name_jaccard,
        log(a.figures.len().min(b.figures.len())),
    ]
}

fn of_texts(a: &Reading, b: &Reading, between: &Between<'_>) -> [f32; 5] {
    let (title_contained, title_jaccard) = alike(&a.title, &b.title);
    let hours = between
        .hours_apart
        .map_or(-1.0, |hours| (1.0 + hours.abs()).log2());
    [
        title_contained,
        title_jaccard,
        hours,
        f32::from(u8::from(between.same_source)),
        log(a.len().min(b.len())),
    ]
}

fn of_what_is_left(measured: &Measured) -> [f32; 8] {
    let (before_hi, before_lo) = both(measured, |it| log(it.before));
    let (own_hi, own_lo) = both(measured, |it| log(it.own_words));
    // Of the text that has less of its own: how much of that is news to the other.
    let (_, new_names) = both(measured, |it| share(it.own_names.1, it.own_names.0 + 2));
    let (_, new_figures) = both(measured, |it| share(it.own_figures.1, it.own_figures.0 + 2));
    [
        before_hi,
        before_lo,
        log(measured.passages.len()),
        own_lo,
        own_hi,
        new_names,
        new_figures,
        share(measured.in_order, measured.passages.len()),
    ]
}

fn of_rarity(a: &Reading, b: &Reading, measured: &Measured) -> [f32; 6] {
    let (rare_hi, rare_lo) = both(measured, |it| it.rare);
    let (runs_hi, _) = both(measured, |it| it.runs);
    let least = a.figures.len().min(b.figures.len());
    [
        rare_hi,
        rare_lo,
        rare_hi / runs_hi.max(0.01),
        log(measured.figures.kept),
        log(measured.names.kept),
        log(least - shared(&a.figures, &b.figures)),
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
