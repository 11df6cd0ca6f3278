//! Two texts compared: how much of each is in the other, and what that makes them.
//!
//! Pure measurement and thresholds. Which texts are worth comparing is the store's question.

use std::cmp::Ordering;

use super::fingerprint::Shingles;

/// How much two texts share, by shingles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Shared of all: the Jaccard index, from 0 to 1.
    pub resemblance: f64,
    /// The share of the first text that is in the second.
    pub a_in_b: f64,
    /// The share of the second text that is in the first.
    pub b_in_a: f64,
    /// How many shingles they share.
    pub shared: usize,
}

/// What two texts are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tie {
    /// Each contains nearly all of the other.
    Copy,
    /// The first is contained in the second.
    Excerpt,
    /// The first contains the second.
    Expansion,
    /// They share passages.
    Shares,
    /// Nothing worth telling.
    None,
}

/// A text of which this share is in another is "nearly all" in it. An editor's cuts and changes in a wire story leave
/// more; two stories on one event that quote the same statement leave less.
pub const CONTAINED_MIN: f64 = 0.8;
/// Least number of shared shingles for shared passages: about 35 words in a row, or several quotations.
pub const SHARED_MIN: usize = 30;
/// Least share of either text for shared passages; below it a long text shares by its length alone.
pub const SHARES_MIN: f64 = 0.15;

impl Overlap {
    /// The same with the texts exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self {
            a_in_b: self.b_in_a,
            b_in_a: self.a_in_b,
            ..self
        }
    }

    /// What the measures make of the two.
    pub fn tie(self) -> Tie {
        match (self.a_in_b >= CONTAINED_MIN, self.b_in_a >= CONTAINED_MIN) {
            (true, true) => Tie::Copy,
            (true, false) => Tie::Excerpt,
            (false, true) => Tie::Expansion,
            (false, false) => {
                let most = self.a_in_b.max(self.b_in_a);
                if self.shared >= SHARED_MIN && most >= SHARES_MIN {
                    Tie::Shares
                } else {
                    Tie::None
                }
            }
        }
    }
}

impl Tie {
    /// The same seen from the other text.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Excerpt => Self::Expansion,
            Self::Expansion => Self::Excerpt,
            Self::Copy | Self::Shares | Self::None => self,
        }
    }
}

/// Measures two texts.
#[expect(clippy::cast_precision_loss, reason = "no text has 2^52 shingles")]
pub fn compare(a: &Shingles, b: &Shingles) -> Overlap {
    let shared = shared(a.as_slice(), b.as_slice());
    let share = |of: usize| {
        if of == 0 {
            0.0
        } else {
            shared as f64 / of as f64
        }
    };
    Overlap {
        resemblance: share(a.len() + b.len() - shared),
        a_in_b: share(a.len()),
        b_in_a: share(b.len()),
        shared,
    }
}

/// How many hashes two sorted lists share.
fn shared(mut a: &[u64], mut b: &[u64]) -> usize {
    let mut shared = 0;
    while let ([first, a_rest @ ..], [second, b_rest @ ..]) = (a, b) {
        match first.cmp(second) {
            Ordering::Less => a = a_rest,
            Ordering::Greater => b = b_rest,
            Ordering::Equal => {
                shared += 1;
                (a, b) = (a_rest, b_rest);
            }
        }
    }
    shared
}
