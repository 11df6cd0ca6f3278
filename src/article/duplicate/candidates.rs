//! Which earlier texts are worth comparing a text with.
//!
//! A text looks only at those that precede it, in an order that does not depend on when they came, so what it finds is a
//! function of the set of texts alone.

use std::collections::BTreeMap;

/// A print that more earlier texts than this have stands in furniture or in a phrase everybody uses: it is not followed.
pub const HOLDERS_MAX: usize = 64;
/// Prints that two texts must share to be compared.
const SHARED_MIN: usize = 2;
/// A text with fewer prints than this is compared where it shares one.
const FEW_PRINTS: usize = 20;
/// Most texts that are compared with one.
pub const CANDIDATES_MAX: usize = 12;

/// Chooses among the earlier texts that have prints of a text: `holders` are, for each of its prints, the earlier texts
/// that have it, or any [`HOLDERS_MAX`] + 1 of them. The ids ascend with precedence. The best come first.
pub fn choose<T: Ord + Copy, H: AsRef<[T]>>(
    holders: impl IntoIterator<Item = H>,
    most: usize,
) -> Vec<(T, usize)> {
    let mut shared: BTreeMap<T, usize> = BTreeMap::new();
    let mut prints = 0;
    for holders in holders {
        prints += 1;
        let holders = holders.as_ref();
        if holders.len() <= HOLDERS_MAX {
            for text in holders {
                *shared.entry(*text).or_default() += 1;
            }
        }
    }
    let least = if prints < FEW_PRINTS { 1 } else { SHARED_MIN };
    let mut chosen: Vec<(T, usize)> = shared.into_iter().filter(|(_, it)| *it >= least).collect();
    // Stable: among those that share as many, the earlier ones stay first.
    chosen.sort_by_key(|(_, shared)| std::cmp::Reverse(*shared));
    chosen.truncate(most);
    chosen
}
