//! Where two texts say the same: runs of words, and passages of runs with little between them.

use super::reading::Reading;

/// Places of one shingle that are tried. A text that says the same more often says it of nothing.
const PLACES_MAX: usize = 8;
/// Words between two runs of one passage, at most, in either text: a sentence reworded, not one left out.
const GAP_MAX: usize = 16;

/// Words in a row that both texts have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// First word in the first text.
    pub(super) a: usize,
    /// First word in the second text.
    pub(super) b: usize,
    /// How many words.
    pub(super) len: usize,
}

impl Run {
    pub(super) fn a_end(&self) -> usize {
        self.a + self.len
    }

    pub(super) fn b_end(&self) -> usize {
        self.b + self.len
    }
}

/// The maximal runs of five words and more, in the order of the first text; none overlaps another there.
pub(super) fn runs(a: &Reading, b: &Reading) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while let Some(shingle) = a.shingles.get(at) {
        let expected = runs
            .last()
            .map_or(0, |run| run.b_end() + (at - run.a_end()));
        let mut best: Option<Run> = None;
        let mut place = b.find(*shingle);
        for _ in 0..PLACES_MAX {
            let Some(found) = place else { break };
            let run = Run {
                a: at,
                b: found,
                len: common(a.words.get(at..), b.words.get(found..)),
            };
            let is_better = best.is_none_or(|best| {
                (run.len, best.b.abs_diff(expected)) > (best.len, run.b.abs_diff(expected))
            });
            if is_better {
                best = Some(run);
            }
            place = b.again(found);
        }
        match best {
            Some(run) if run.len > 0 => {
                at += run.len;
                runs.push(run);
            }
            _ => at += 1,
        }
    }
    runs
}

/// How many words two texts begin with alike.
fn common(a: Option<&[u64]>, b: Option<&[u64]>) -> usize {
    let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// Whether one run follows another in both texts with little between.
pub(super) fn follows(before: &Run, after: &Run) -> bool {
    let gap_a = after.a.checked_sub(before.a_end());
    let gap_b = after.b.checked_sub(before.b_end());
    matches!((gap_a, gap_b), (Some(a), Some(b)) if a.max(b) <= GAP_MAX)
}
