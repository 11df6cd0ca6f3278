//! From pairs of texts with a truth to weights, each cluster judged by what was learnt without it.

use std::sync::OnceLock;

use copydesk::article::duplicate::{Model, SIGNS};

#[path = "../training/boost.rs"]
mod boost;

use boost::{Growth, Table};

/// Parts the clusters otherwise: what a figure owes to luck is seen by trying several.
pub(crate) static SEED: OnceLock<String> = OnceLock::new();

/// Parts the clusters are parted into.
pub(crate) const FOLDS: usize = 5;

/// How the weights that are shipped are learnt.
const GROWTH: Growth = Growth {
    trees: 240,
    rate: 0.05,
    ridge: 8.0,
    rows: 60_000,
    features: 0.3,
};

/// A pair to learn from.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) signs: [f32; SIGNS],
    pub(crate) is_same: bool,
    pub(crate) weight: f32,
    /// The folds of the two clusters.
    pub(crate) folds: [usize; 2],
}

/// Models: one for each fold, learnt without it, and behind them one learnt from all.
pub(crate) fn learn(rows: &[Row]) -> Vec<Vec<u8>> {
    let sample: Vec<f32> = rows.iter().flat_map(|row| row.signs).collect();
    let mut table = Table::new(&sample, SIGNS);
    table.add(&sample);
    let truth: Vec<f32> = rows
        .iter()
        .map(|row| f32::from(u8::from(row.is_same)))
        .collect();
    let weight: Vec<f32> = rows.iter().map(|row| row.weight).collect();
    (0..=FOLDS)
        .map(|fold| {
            let own: Vec<u32> = (0u32..)
                .zip(rows)
                .filter(|(_, row)| !row.folds.contains(&fold))
                .map(|(at, _)| at)
                .collect();
            boost::grow(&table, &own, &truth, &weight, GROWTH).to_bytes()
        })
        .collect()
}

/// The models, read.
pub(crate) fn read(models: &[Vec<u8>]) -> Vec<Model> {
    models
        .iter()
        .map(|bytes| Model::read(bytes).expect("a model"))
        .collect()
}

/// The fold of a cluster.
pub(crate) fn fold(cluster: &str) -> usize {
    let hash =
        blake3::hash(format!("{}{cluster}", SEED.get().unwrap_or(&String::new())).as_bytes());
    usize::from(hash.as_bytes()[0]) % FOLDS
}
