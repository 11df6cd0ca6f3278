//! What was learnt about pairs of texts: one number a feature.

use std::sync::OnceLock;

use super::FEATURES;

/// The weights `cargo bench --bench stories -- FOLDER learn` writes: a name and a number a line, the sum's start first.
const SHIPPED: &str = include_str!("weights.tsv");
/// The name of what the sum starts from.
const START: &str = "start";

/// Weights of the features.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Weights {
    /// What the sum starts from.
    pub start: f32,
    /// In the order of [`FEATURES`].
    pub each: [f32; FEATURES.len()],
}

impl Weights {
    /// The weights that are shipped; none at all where they cannot be read, which a test rules out.
    pub fn shipped() -> &'static Self {
        static WEIGHTS: OnceLock<Weights> = OnceLock::new();
        WEIGHTS.get_or_init(|| Self::read(SHIPPED).unwrap_or_default())
    }

    /// The weighted sum of features.
    pub fn sum(&self, features: &[f32; FEATURES.len()]) -> f32 {
        let products = self.each.iter().zip(features);
        products.fold(self.start, |sum, (weight, feature)| sum + weight * feature)
    }

    /// Reads weights; `None` where a name or number is not the one that is due.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut number = |name: &str| {
            let number = lines.next()?.strip_prefix(name)?.strip_prefix('\t')?;
            number.parse().ok()
        };
        let mut weights = Self {
            start: number(START)?,
            ..Self::default()
        };
        for (weight, name) in weights.each.iter_mut().zip(FEATURES) {
            *weight = number(name)?;
        }
        lines.next().is_none().then_some(weights)
    }

    /// The weights as they are written, to three places: what a machine's logarithm does behind that is lost.
    pub fn write(&self) -> String {
        let each = FEATURES.into_iter().zip(self.each);
        let lines = std::iter::once((START, self.start)).chain(each);
        let lines: Vec<String> = lines
            .map(|(name, weight)| format!("{name}\t{weight:.3}\n"))
            .collect();
        lines.concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_those_that_were_learnt() {
        let weights = Weights::read(SHIPPED).unwrap();
        assert_eq!(weights.write(), SHIPPED);
        let digest = blake3::hash(SHIPPED.as_bytes()).to_hex().to_string();
        assert_eq!(digest, include_str!("weights.blake3").trim());
    }
}
