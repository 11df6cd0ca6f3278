//! Boosted trees in plain arithmetic: weights as data in, a score for every row out.
//!
//! All nodes of one level of a tree ask the same question, so a tree is six comparisons and a table of 64 values, and many
//! rows go through it at once without a branch. Values are whole numbers: the sum does not depend on its order.

/// Questions a tree asks.
pub const DEPTH: usize = 6;
/// Values a tree has.
pub const LEAVES: usize = 1 << DEPTH;
/// What a value is counted in.
pub const UNIT: f32 = 1.0 / 1024.0;
/// Opens the file of a forest; the digit is the version of the layout.
const MAGIC: &[u8] = b"forest1\n";

/// One question: is the feature's bin above this one?
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Split {
    /// Which feature.
    pub feature: u16,
    /// The bin it must be above.
    pub bin: u8,
}

/// Six questions, and what each pattern of answers is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The questions; the first answer is the lowest bit.
    pub splits: [Split; DEPTH],
    /// Values in [`UNIT`]s.
    pub leaves: [i16; LEAVES],
}

/// A model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forest {
    /// For each feature, where its bins part, ascending.
    pub borders: Vec<Vec<f32>>,
    /// The trees.
    pub trees: Vec<Tree>,
    /// What every row starts from, in [`UNIT`]s.
    pub bias: i32,
}

/// Rows of features, one a block.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// Features a row.
    pub width: usize,
    /// Row after row.
    pub values: Vec<f32>,
}

impl Rows {
    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.values.len() / self.width.max(1)
    }
}

/// Rows that go through the trees at once.
const BATCH: usize = 32;

impl Forest {
    /// Scores rows of `borders.len()` features, each a log-odds.
    #[expect(
        clippy::cast_precision_loss,
        reason = "sums of a few hundred 16-bit values"
    )]
    pub fn score(&self, rows: &Rows) -> Vec<f32> {
        let width = self.borders.len().max(1);
        let mut scores = Vec::with_capacity(rows.count());
        let questions: Vec<[(usize, f32); DEPTH]> =
            self.trees.iter().map(|it| self.questions(it)).collect();
        let mut columns = vec![[0.0f32; BATCH]; width];
        for batch in rows.values.chunks(width * BATCH) {
            for (at, row) in batch.chunks(width).enumerate() {
                for (column, value) in columns.iter_mut().zip(row) {
                    if let Some(place) = column.get_mut(at) {
                        *place = *value;
                    }
                }
            }
            let sums = self.sums(&questions, &columns);
            let count = batch.len().div_ceil(width);
            scores.extend(sums.iter().take(count).map(|sum| *sum as f32 * UNIT));
        }
        scores
    }

    /// Scores one row.
    #[expect(
        clippy::cast_precision_loss,
        reason = "sums of a few hundred 16-bit values"
    )]
    pub fn score_row(&self, row: &[f32]) -> f32 {
        let mut sum = self.bias;
        for tree in &self.trees {
            let mut pattern = 0;
            for (bit, (feature, border)) in self.questions(tree).into_iter().enumerate() {
                let is_above = row.get(feature).is_some_and(|value| *value > border);
                pattern |= usize::from(is_above) << bit;
            }
            let leaf = tree.leaves.get(pattern);
            sum += i32::from(leaf.copied().unwrap_or_default());
        }
        sum as f32 * UNIT
    }

    /// The questions of a tree as features and the values they must be above: to be in a bin above `bin` is to be above
    /// the border that ends it.
    fn questions(&self, tree: &Tree) -> [(usize, f32); DEPTH] {
        tree.splits.map(|split| {
            let feature = usize::from(split.feature);
            let borders = self.borders.get(feature);
            let border = borders.and_then(|borders| borders.get(usize::from(split.bin)));
            (feature, border.copied().unwrap_or(f32::INFINITY))
        })
    }

    fn sums(&self, questions: &[[(usize, f32); DEPTH]], columns: &[[f32; BATCH]]) -> [i32; BATCH] {
        let mut sums = [self.bias; BATCH];
        for (tree, questions) in self.trees.iter().zip(questions) {
            let mut patterns = [0u32; BATCH];
            for (bit, (feature, border)) in questions.iter().enumerate() {
                let Some(column) = columns.get(*feature) else {
                    continue;
                };
                for (pattern, value) in patterns.iter_mut().zip(column) {
                    *pattern |= u32::from(*value > *border) << bit;
                }
            }
            for (sum, pattern) in sums.iter_mut().zip(patterns) {
                let leaf = tree.leaves.get(pattern as usize % LEAVES);
                *sum += i32::from(leaf.copied().unwrap_or_default());
            }
        }
        sums
    }

    /// The forest as bytes, all numbers little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes();
        bytes.extend(self.bias.to_le_bytes());
        bytes.extend(count(self.borders.len()));
        for borders in &self.borders {
            bytes.extend(count(borders.len()));
            bytes.extend(borders.iter().flat_map(|border| border.to_le_bytes()));
        }
        bytes.extend(count(self.trees.len()));
        for tree in &self.trees {
            for split in tree.splits {
                bytes.extend(split.feature.to_le_bytes());
                bytes.push(split.bin);
            }
            bytes.extend(tree.leaves.iter().flat_map(|leaf| leaf.to_le_bytes()));
        }
        bytes
    }

    /// Reads a forest from the head of `bytes`, and leaves what stands behind it; `None` where it is not one.
    pub fn from_bytes(bytes: &mut &[u8]) -> Option<Self> {
        if take::<8>(bytes)? != MAGIC {
            return None;
        }
        let mut forest = Self {
            bias: i32::from_le_bytes(take(bytes)?),
            ..Self::default()
        };
        for _ in 0..u32::from_le_bytes(take(bytes)?) {
            let count = u32::from_le_bytes(take(bytes)?);
            let borders = (0..count).map(|_| Some(f32::from_le_bytes(take(bytes)?)));
            let borders: Option<Vec<f32>> = borders.collect();
            forest.borders.push(borders?);
        }
        for _ in 0..u32::from_le_bytes(take(bytes)?) {
            let mut tree = Tree {
                splits: [Split::default(); DEPTH],
                leaves: [0; LEAVES],
            };
            for split in &mut tree.splits {
                split.feature = u16::from_le_bytes(take(bytes)?);
                [split.bin] = take(bytes)?;
            }
            for leaf in &mut tree.leaves {
                *leaf = i16::from_le_bytes(take(bytes)?);
            }
            forest.trees.push(tree);
        }
        Some(forest)
    }
}

/// Which bin a value falls into: how many borders it is above.
pub fn bin(borders: &[f32], value: f32) -> u8 {
    borders
        .iter()
        .fold(0, |bin, border| bin + u8::from(value > *border))
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}
