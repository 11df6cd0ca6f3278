//! Which of a text's ties to earlier texts put it into their families.

use super::Comparison;

/// From this probability on a tie joins whatever else there is.
pub const SURE_MIN: f32 = 0.999;

/// Whether each of the ties of one text to earlier ones, by precedence, joins the two families. The best strong one does;
/// any other only where it is sure, so that one doubtful tie more does not make one family of two.
pub fn joining(ties: &[&Comparison]) -> Vec<bool> {
    let strong = || ties.iter().enumerate().filter(|(_, it)| it.tie.is_strong());
    let best = strong().fold(None, |best: Option<(usize, f32)>, (at, it)| match best {
        Some((_, most)) if most >= it.probability => best,
        _ => Some((at, it.probability)),
    });
    let is_best = |at| best.is_some_and(|(best, _)| best == at);
    let joins = |(at, it): (usize, &&Comparison)| {
        it.tie.is_strong() && (is_best(at) || it.probability >= SURE_MIN)
    };
    ties.iter().enumerate().map(joins).collect()
}
