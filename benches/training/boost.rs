//! Boosted trees: from rows of numbers with a truth each, a forest. One thread, a fixed seed, the same bits every time.

use copydesk::article::learning::{DEPTH, Forest, LEAVES, Split, Tree, UNIT, bin};

/// Most bins a feature has.
const BINS: usize = 32;

/// All rows of one stage, feature by feature.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) borders: Vec<Vec<f32>>,
    pub(crate) columns: Vec<Vec<u8>>,
    pub(crate) rows: usize,
}

impl Table {
    /// An empty table whose bins part a sample of rows into parts of one size.
    pub(crate) fn new(sample: &[f32], width: usize) -> Self {
        let mut borders = Vec::new();
        for feature in 0..width {
            let mut values: Vec<f32> = sample.chunks(width).map(|row| row[feature]).collect();
            values.sort_by(f32::total_cmp);
            let mut unique = values.clone();
            unique.dedup();
            let mut own: Vec<f32> = if unique.len() <= BINS {
                unique
                    .windows(2)
                    .map(|pair| f32::midpoint(pair[0], pair[1]))
                    .collect()
            } else {
                (1..BINS)
                    .map(|part| {
                        let place = values.len() * part / BINS;
                        f32::midpoint(values[place - 1], values[place])
                    })
                    .collect()
            };
            own.dedup();
            borders.push(own);
        }
        Self {
            columns: vec![Vec::new(); width],
            borders,
            rows: 0,
        }
    }

    /// Adds rows.
    pub(crate) fn add(&mut self, rows: &[f32]) {
        let width = self.columns.len();
        for row in rows.chunks(width) {
            for ((column, borders), value) in self.columns.iter_mut().zip(&self.borders).zip(row) {
                column.push(bin(borders, *value));
            }
            self.rows += 1;
        }
    }
}

/// How a forest is grown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Growth {
    pub(crate) trees: usize,
    pub(crate) rate: f32,
    /// Holds values of small leaves down.
    pub(crate) ridge: f32,
    /// Rows looked at for the questions of one tree.
    pub(crate) rows: usize,
    /// Share of the features that may be asked about in one tree.
    pub(crate) features: f32,
}

/// A small generator of numbers (SplitMix64).
struct Dice(u64);

impl Dice {
    fn share(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// A row chosen for one tree.
#[derive(Clone, Copy)]
struct Chosen {
    row: u32,
    slope: f32,
    bend: f32,
}

/// Grows a forest on `rows` of the table; `truth` and `weight` are by row of the table.
pub(crate) fn grow(
    table: &Table,
    rows: &[u32],
    truth: &[f32],
    weight: &[f32],
    growth: Growth,
) -> Forest {
    let (mut right, mut all) = (0.0f64, 0.0f64);
    for row in rows {
        let weight = f64::from(weight[*row as usize]);
        right += weight * f64::from(truth[*row as usize]);
        all += weight;
    }
    let bias = (right / (all - right)).ln() as f32;
    let mut forest = Forest {
        borders: table.borders.clone(),
        trees: Vec::new(),
        bias: (bias / UNIT) as i32,
    };
    let mut logits = vec![forest.bias as f32 * UNIT; rows.len()];
    let mut dice = Dice(42);
    let mut slopes = vec![(0.0f32, 0.0f32); rows.len()];
    for _ in 0..growth.trees {
        let mut sum = 0.0f64;
        for ((slope, logit), row) in slopes.iter_mut().zip(&logits).zip(rows) {
            let row = *row as usize;
            let chance = 1.0 / (1.0 + (-logit).exp());
            *slope = (
                (chance - truth[row]) * weight[row],
                chance * (1.0 - chance) * weight[row],
            );
            sum += f64::from(slope.0.abs() + 0.1 * slope.1);
        }
        let unit = (sum / growth.rows as f64) as f32;
        let mut chosen = Vec::with_capacity(growth.rows + growth.rows / 4);
        for ((slope, bend), row) in slopes.iter().zip(rows) {
            let chance = ((slope.abs() + 0.1 * bend) / unit).min(1.0);
            if dice.share() < chance {
                chosen.push(Chosen {
                    row: *row,
                    slope: slope / chance,
                    bend: bend / chance,
                });
            }
        }
        let features: Vec<u16> = (0..table.columns.len() as u16)
            .filter(|_| dice.share() < growth.features)
            .collect();
        let splits = questions(table, &chosen, &features, growth.ridge);
        let tree = answered(table, rows, splits, &slopes, &mut logits, growth);
        forest.trees.push(tree);
    }
    forest
}

/// Finds the six questions of a tree, one after the other.
fn questions(table: &Table, chosen: &[Chosen], features: &[u16], ridge: f32) -> [Split; DEPTH] {
    let columns: Vec<Vec<u8>> = features
        .iter()
        .map(|feature| {
            let column = &table.columns[usize::from(*feature)];
            chosen.iter().map(|it| column[it.row as usize]).collect()
        })
        .collect();
    let mut leaves = vec![0u8; chosen.len()];
    let mut splits = [Split::default(); DEPTH];
    for level in 0..DEPTH {
        let mut best = (f32::NEG_INFINITY, 0usize, 0u8);
        for (at, column) in columns.iter().enumerate() {
            let bins = table.borders[usize::from(features[at])].len() + 1;
            if bins < 2 {
                continue;
            }
            let mut sums = vec![[0.0f32; 2]; BINS << level];
            for ((leaf, bin), it) in leaves.iter().zip(column).zip(chosen) {
                let sum = &mut sums[usize::from(*leaf) * BINS + usize::from(*bin)];
                sum[0] += it.slope;
                sum[1] += it.bend;
            }
            let (gain, bin) = best_bin(&sums, bins, ridge);
            if gain > best.0 {
                best = (gain, at, bin);
            }
        }
        let (_, at, bin) = best;
        splits[level] = Split {
            feature: features[at],
            bin,
        };
        for (leaf, value) in leaves.iter_mut().zip(&columns[at]) {
            *leaf |= u8::from(*value > bin) << level;
        }
    }
    splits
}

/// The bin that parts all leaves best together.
fn best_bin(sums: &[[f32; 2]], bins: usize, ridge: f32) -> (f32, u8) {
    let mut gains = [0.0f32; BINS];
    for leaf in sums.chunks(BINS) {
        let (mut slope, mut bend) = (0.0, 0.0);
        for sum in leaf {
            slope += sum[0];
            bend += sum[1];
        }
        let (mut below, mut below_bend) = (0.0, 0.0);
        for (gain, sum) in gains.iter_mut().zip(leaf).take(bins - 1) {
            below += sum[0];
            below_bend += sum[1];
            let above = slope - below;
            let above_bend = bend - below_bend;
            *gain += below * below / (below_bend + ridge) + above * above / (above_bend + ridge);
        }
    }
    let mut best = (f32::NEG_INFINITY, 0);
    for (bin, gain) in gains.iter().enumerate().take(bins - 1) {
        if *gain > best.0 {
            best = (*gain, bin as u8);
        }
    }
    best
}

/// Gives the patterns of answers their values, by all rows, and adds them to the rows' scores.
fn answered(
    table: &Table,
    rows: &[u32],
    splits: [Split; DEPTH],
    slopes: &[(f32, f32)],
    logits: &mut [f32],
    growth: Growth,
) -> Tree {
    let columns = splits.map(|split| (&table.columns[usize::from(split.feature)], split.bin));
    let mut sums = [[0.0f64; 2]; LEAVES];
    let mut patterns = Vec::with_capacity(rows.len());
    for (row, slope) in rows.iter().zip(slopes) {
        let mut pattern = 0;
        for (bit, (column, bin)) in columns.iter().enumerate() {
            pattern |= usize::from(column[*row as usize] > *bin) << bit;
        }
        patterns.push(pattern as u8);
        sums[pattern][0] += f64::from(slope.0);
        sums[pattern][1] += f64::from(slope.1);
    }
    let mut leaves = [0i16; LEAVES];
    for (leaf, [slope, bend]) in leaves.iter_mut().zip(sums) {
        let value = -slope / (bend + f64::from(growth.ridge)) * f64::from(growth.rate);
        *leaf = (value / f64::from(UNIT)).round().clamp(-8000.0, 8000.0) as i16;
    }
    for (logit, pattern) in logits.iter_mut().zip(patterns) {
        *logit += f32::from(leaves[usize::from(pattern)]) * UNIT;
    }
    Tree { splits, leaves }
}

/// Scores one row of the table.
pub(crate) fn score(forest: &Forest, table: &Table, row: usize) -> f32 {
    let sum: i32 = forest
        .trees
        .iter()
        .map(|tree| {
            let mut pattern = 0;
            for (bit, split) in tree.splits.iter().enumerate() {
                let value = table.columns[usize::from(split.feature)][row];
                pattern |= usize::from(value > split.bin) << bit;
            }
            i32::from(tree.leaves[pattern])
        })
        .sum();
    (forest.bias + sum) as f32 * UNIT
}
