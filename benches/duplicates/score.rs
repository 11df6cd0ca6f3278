//! How well predicted families match the truth: the same figures as `score.py` beside the development data.

use std::collections::{BTreeMap, HashMap, HashSet};

/// The figures of one prediction.
#[derive(Debug, Default)]
pub(crate) struct Score {
    /// Pairs together in both.
    pub(crate) hits: i64,
    /// Pairs wrongly together.
    pub(crate) wrong: i64,
    /// Pairs wrongly apart.
    pub(crate) missed: i64,
    /// Adjusted Rand index.
    pub(crate) ari: f64,
    /// Predicted families with more than one truth in them, and texts in the largest.
    pub(crate) mixed: (usize, usize),
    /// By label of a pair: how many are together, of how many.
    pub(crate) together: BTreeMap<String, (usize, usize)>,
}

impl Score {
    /// Share of what is together that belongs together.
    pub(crate) fn precision(&self) -> f64 {
        ratio(self.hits, self.hits + self.wrong)
    }

    /// Share of what belongs together that is.
    pub(crate) fn recall(&self) -> f64 {
        ratio(self.hits, self.hits + self.missed)
    }
}

fn ratio(part: i64, whole: i64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

fn pairs_of(count: i64) -> i64 {
    count * (count - 1) / 2
}

/// Scores predicted families. `truth` and `families` are by text; of pairs labelled `ignore` nothing is said.
pub(crate) fn score(truth: &[&str], families: &[usize], pairs: &[(usize, usize, &str)]) -> Score {
    let mut of_truth: HashMap<&str, i64> = HashMap::new();
    let mut of_family: HashMap<usize, i64> = HashMap::new();
    let mut of_both: HashMap<(&str, usize), i64> = HashMap::new();
    for (truth, family) in truth.iter().zip(families) {
        *of_truth.entry(truth).or_default() += 1;
        *of_family.entry(*family).or_default() += 1;
        *of_both.entry((truth, *family)).or_default() += 1;
    }
    let hits: i64 = of_both.values().map(|count| pairs_of(*count)).sum();
    let true_pairs: i64 = of_truth.values().map(|count| pairs_of(*count)).sum();
    let found_pairs: i64 = of_family.values().map(|count| pairs_of(*count)).sum();
    let mut score = Score {
        hits,
        wrong: found_pairs - hits,
        missed: true_pairs - hits,
        ..Score::default()
    };
    let all = pairs_of(i64::try_from(truth.len()).unwrap_or(i64::MAX)) as f64;
    let expected = if all > 0.0 {
        true_pairs as f64 * found_pairs as f64 / all
    } else {
        0.0
    };
    let most = (true_pairs + found_pairs) as f64 / 2.0;
    score.ari = if (most - expected).abs() < f64::EPSILON {
        1.0
    } else {
        (hits as f64 - expected) / (most - expected)
    };
    let mut seen = HashSet::new();
    for (a, b, label) in pairs {
        let is_together = families[*a] == families[*b];
        let counts = score.together.entry((*label).to_owned()).or_default();
        counts.0 += usize::from(is_together);
        counts.1 += 1;
        if *label == "ignore" && seen.insert((a.min(b), a.max(b))) {
            let is_true = truth[*a] == truth[*b];
            score.wrong -= i64::from(is_together && !is_true);
            score.missed -= i64::from(!is_together && is_true);
        }
    }
    let mut inside: HashMap<usize, usize> = HashMap::new();
    for (_, family) in of_both.keys() {
        *inside.entry(*family).or_default() += 1;
    }
    let mixed = inside.iter().filter(|(_, truths)| **truths > 1);
    let sizes = mixed.map(|(family, _)| usize::try_from(of_family[family]).unwrap_or(usize::MAX));
    score.mixed = sizes.fold((0, 0), |(count, most), size| (count + 1, most.max(size)));
    score
}
