//! Which earlier texts are worth comparing a text with.
//!
//! A text looks only at those that precede it, in an order that does not depend on when they came, so what it finds is a
//! function of the set of texts alone.

use std::collections::BTreeMap;

/// How far candidates are sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A print that more earlier texts than this have stands in furniture or in a phrase everybody uses: it is not followed.
    pub holders: usize,
    /// One shared print is enough where no more earlier texts than this have it.
    pub alone: usize,
    /// Most texts that are compared with one.
    pub most: usize,
}

impl Limits {
    /// What the store uses.
    pub const STORE: Self = Self {
        holders: 64,
        alone: 8,
        most: 12,
    };
}

/// A print that so many earlier texts have is common; see [`super::Between::common`]. More than a story has copies that
/// differ enough to be indexed.
pub const COMMON_MIN: usize = 24;

/// Prints that two texts must share to be compared.
const SHARED_MIN: usize = 2;
/// A text with fewer prints than this is compared where it shares one.
const FEW_PRINTS: usize = 20;

/// Chooses among the earlier texts that have prints of a text: `holders` are, for each of its prints, the earlier texts
/// that have it, or any of them that are one more than [`Limits::holders`]. The ids ascend with precedence. The best come
/// first, each with the number of prints it shares.
pub fn choose<T: Ord + Copy, H: AsRef<[T]>>(
    holders: impl IntoIterator<Item = H>,
    limits: Limits,
) -> Vec<(T, usize)> {
    // Shared prints of each text, and how many have the rarest of them.
    let mut shared: BTreeMap<T, (usize, usize)> = BTreeMap::new();
    let mut prints = 0;
    for holders in holders {
        prints += 1;
        let holders = holders.as_ref();
        if holders.len() <= limits.holders {
            for text in holders {
                let (count, rarest) = shared.entry(*text).or_insert((0, usize::MAX));
                *count += 1;
                *rarest = holders.len().min(*rarest);
            }
        }
    }
    let mut chosen: Vec<(T, usize)> = shared
        .into_iter()
        .filter(|(_, it)| is_enough(*it, prints, limits))
        .map(|(text, (count, _))| (text, count))
        .collect();
    // Stable: among those that share as many, the earlier ones stay first.
    chosen.sort_by_key(|(_, shared)| std::cmp::Reverse(*shared));
    chosen.truncate(limits.most);
    chosen
}

/// Whether a text with so many prints is compared with one of which it shares so many, the rarest of which so many have.
pub const fn is_enough((count, rarest): (usize, usize), prints: usize, limits: Limits) -> bool {
    count >= SHARED_MIN || prints < FEW_PRINTS || rarest <= limits.alone
}

/// A text of which an earlier one has this share, and it of that one, need not be found itself: that one is.
pub const COVERED_MIN: f64 = 0.9;
