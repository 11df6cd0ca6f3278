//! Where the story is: the element that holds most of its prose, and the best contiguous run of blocks in it.

use super::Draft;
use super::evidence::Evidence;
use crate::article::parse::Marks;

/// Where the story is.
#[derive(Debug, Clone)]
pub(super) struct Story {
    /// First block of the run.
    pub(super) first: usize,
    /// Last block of the run.
    pub(super) last: usize,
    /// For each block, whether it lies in the element of the story.
    pub(super) inside: Vec<bool>,
}

/// Finds the story; `None` where nothing looks like prose.
pub(super) fn find(draft: &Draft, evidence: &[Evidence]) -> Option<Story> {
    let inside = inside(draft, evidence);
    let mut best: Option<(f32, usize, usize)> = None;
    let (mut sum, mut start) = (0.0f32, 0);
    for (at, (seen, inside)) in evidence.iter().zip(&inside).enumerate() {
        let score = if *inside {
            seen.score
        } else {
            seen.score.min(-0.5)
        };
        if sum <= 0.0 {
            sum = 0.0;
            start = at;
        }
        sum += score;
        if score > 0.0 && best.is_none_or(|(top, _, _)| sum > top) {
            best = Some((sum, start, at));
        }
    }
    let (_, first, last) = best?;
    let (first, last) = widen(draft, evidence, &inside, first, last);
    Some(Story {
        first,
        last,
        inside,
    })
}

/// Where markup itself calls the element the article's text, the run is all of it: lists and tables at its ends too.
fn widen(
    draft: &Draft,
    evidence: &[Evidence],
    inside: &[bool],
    first: usize,
    last: usize,
) -> (usize, usize) {
    let belongs = |at: &usize| {
        let (Some(block), Some(seen)) = (draft.blocks.get(*at), evidence.get(*at)) else {
            return false;
        };
        let free = seen.speaks.is_none() && !seen.against;
        free && block.marks.any(Marks::BODY) && inside.get(*at).copied().unwrap_or_default()
    };
    if ![first, last].iter().all(belongs) {
        return (first, last);
    }
    let wider_first = (0..first).find(belongs).unwrap_or(first);
    let wider_last = (last..draft.blocks.len())
        .rev()
        .find(belongs)
        .unwrap_or(last);
    (wider_first, wider_last)
}

/// Which blocks lie in the element that holds the story. In plain text all do.
fn inside(draft: &Draft, evidence: &[Evidence]) -> Vec<bool> {
    let mut weights = vec![0.0f32; draft.nodes.len()];
    for (block, seen) in draft.blocks.iter().zip(evidence) {
        let bonus = if block.marks.any(Marks::BODY) {
            1.5
        } else {
            1.0
        };
        if let Some(weight) = weights.get_mut(block.node as usize) {
            *weight += seen.score.max(0.0) * bonus;
        }
    }
    for at in (1..draft.nodes.len()).rev() {
        let weight = weights.get(at).copied().unwrap_or_default();
        let parent = draft.nodes.get(at).map_or(0, |node| node.parent as usize);
        if let Some(above) = weights.get_mut(parent) {
            *above += weight;
        }
    }
    let home = home(draft, &weights);
    // A child's number is greater than its parent's, so one pass forward tells all.
    let mut within = vec![false; draft.nodes.len()];
    for (at, node) in draft.nodes.iter().enumerate() {
        let above = at != 0
            && within
                .get(node.parent as usize)
                .copied()
                .unwrap_or_default();
        if let Some(flag) = within.get_mut(at) {
            *flag = at == home || above;
        }
    }
    draft
        .blocks
        .iter()
        .map(|block| {
            draft.nodes.is_empty() || within.get(block.node as usize).copied().unwrap_or_default()
        })
        .collect()
}

/// A child that holds at least this share of what its parent holds is the better home.
const SHARE: f32 = 0.72;

/// The deepest element that still holds nearly all that the one around it holds.
fn home(draft: &Draft, weights: &[f32]) -> usize {
    let mut heaviest = vec![(0.0f32, 0usize); draft.nodes.len()];
    for (at, node) in draft.nodes.iter().enumerate().skip(1) {
        let weight = weights.get(at).copied().unwrap_or_default();
        if let Some(top) = heaviest.get_mut(node.parent as usize)
            && weight > top.0
        {
            *top = (weight, at);
        }
    }
    let mut home = 0;
    while let (Some((weight, child)), Some(here)) = (heaviest.get(home), weights.get(home)) {
        if *child == 0 || *weight < here * SHARE || *weight <= 0.0 {
            break;
        }
        home = *child;
    }
    home
}
