//! Logistic regression by Newton's method: no chance, no order of rows that matters beyond rounding.

use copydesk::stories::{FEATURES, Weights};

const SIZE: usize = FEATURES.len() + 1;
/// Holds weights of scaled features back, so that two that say the same share it.
const RIDGE: f64 = 1.0;
const STEPS: usize = 25;

/// A pair to learn from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) features: [f32; FEATURES.len()],
    pub(crate) same: bool,
    pub(crate) counts: f64,
}

/// Weights under which the rows are likeliest.
pub(crate) fn fit(rows: &[&Row]) -> Weights {
    let (mean, spread) = scale(rows);
    let scaled = |row: &Row| {
        let mut scaled = [1.0; SIZE];
        for (at, feature) in row.features.iter().enumerate() {
            scaled[at + 1] = (f64::from(*feature) - mean[at]) / spread[at];
        }
        scaled
    };
    let rows: Vec<([f64; SIZE], &Row)> = rows.iter().map(|row| (scaled(row), *row)).collect();
    let mut weights = [0.0; SIZE];
    for _ in 0..STEPS {
        let mut slope = [0.0; SIZE];
        let mut bend = [[0.0; SIZE]; SIZE];
        for at in 1..SIZE {
            slope[at] = -RIDGE * weights[at];
            bend[at][at] = RIDGE;
        }
        for (scaled, row) in &rows {
            let sum: f64 = scaled.iter().zip(weights).map(|(a, b)| a * b).sum();
            let likely = 1.0 / (1.0 + (-sum).exp());
            let error = row.counts * (f64::from(u8::from(row.same)) - likely);
            let sure = row.counts * likely * (1.0 - likely);
            for a in 0..SIZE {
                slope[a] += error * scaled[a];
                for b in 0..SIZE {
                    bend[a][b] += sure * scaled[a] * scaled[b];
                }
            }
        }
        for (weight, step) in weights.iter_mut().zip(solve(bend, slope)) {
            *weight += step;
        }
    }
    unscale(&weights, &mean, &spread)
}

/// Mean and spread of each feature.
fn scale(rows: &[&Row]) -> ([f64; FEATURES.len()], [f64; FEATURES.len()]) {
    let count = rows.len().max(1) as f64;
    let mut mean = [0.0; FEATURES.len()];
    let mut spread = [0.0; FEATURES.len()];
    for at in 0..FEATURES.len() {
        let values = rows.iter().map(|row| f64::from(row.features[at]));
        mean[at] = values.clone().sum::<f64>() / count;
        let squares: f64 = values.map(|value| (value - mean[at]).powi(2)).sum();
        spread[at] = (squares / count).sqrt().max(1e-6);
    }
    (mean, spread)
}

fn unscale(weights: &[f64; SIZE], mean: &[f64], spread: &[f64]) -> Weights {
    #[expect(clippy::cast_possible_truncation, reason = "written to three places")]
    let narrow = |number: f64| number as f32;
    let mut unscaled = Weights::default();
    let mut start = weights[0];
    for at in 0..FEATURES.len() {
        let weight = weights[at + 1] / spread[at];
        start -= weight * mean[at];
        unscaled.each[at] = narrow(weight);
    }
    unscaled.start = narrow(start);
    unscaled
}

/// Solves `matrix × x = right` by elimination.
fn solve(mut matrix: [[f64; SIZE]; SIZE], mut right: [f64; SIZE]) -> [f64; SIZE] {
    for at in 0..SIZE {
        let best = (at..SIZE)
            .max_by(|a, b| matrix[*a][at].abs().total_cmp(&matrix[*b][at].abs()))
            .expect("a row");
        matrix.swap(at, best);
        right.swap(at, best);
        let pivot = matrix[at];
        for below in at + 1..SIZE {
            let share = matrix[below][at] / pivot[at];
            for column in at..SIZE {
                matrix[below][column] -= share * pivot[column];
            }
            right[below] -= share * right[at];
        }
    }
    for at in (0..SIZE).rev() {
        let known: f64 = (at + 1..SIZE).map(|it| matrix[at][it] * right[it]).sum();
        right[at] = (right[at] - known) / matrix[at][at];
    }
    right
}
