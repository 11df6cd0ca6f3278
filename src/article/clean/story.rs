//! Which blocks are the story: the choice that promises most by what was learnt. And a first guess by rules set by hand,
//! which is one of the things the learned judgement looks at.

use super::Draft;
use super::evidence::Evidence;
use crate::article::parse::Marks;
use crate::article::parse::Markup;

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

impl Story {
    /// Whether the block is of the story.
    pub(super) fn has(&self, at: usize) -> bool {
        (self.first..=self.last).contains(&at) && self.inside.get(at).copied().unwrap_or_default()
    }

    /// The story as the blocks of `inside`; `None` where there are none.
    pub(super) fn of(inside: Vec<bool>) -> Option<Self> {
        Some(Self {
            first: inside.iter().position(|inside| *inside)?,
            last: inside.iter().rposition(|inside| *inside)?,
            inside,
        })
    }
}

/// A document of which no choice of blocks promises this F1 has no story. Across folds fewer than three articles in a
/// thousand are below; of pages without their story one in two is as HTML, and one in four as text.
const PROMISE_MIN_HTML: f32 = 0.2;
/// The same for text, unless it is a fair copy: that may have been a page that promised enough.
const PROMISE_MIN_TEXT: f32 = 0.35;

/// Chances below this are not counted among what may be right: a page has hundreds of them, and their sum is less sure
/// than they are.
const CHANCE_MIN: f32 = 0.2;

/// Chooses the blocks of the story by their log-odds and lengths: those that together promise the highest F1.
///
/// The likelier blocks come first, and as many are taken as make `2 * kept right / (kept + right)` greatest, where what
/// is right is what the odds promise (Ye, Chai, Lee and Chieu, "Optimizing F-measures", ICML 2012). Where all is sure
/// that is a cut at even odds; where little is, more is taken, since a story missed costs more than a stranger kept.
pub(super) fn choose(
    markup: Markup,
    logits: &[f32],
    evidence: &[Evidence],
    is_fair: bool,
) -> Option<Story> {
    let enough = match markup {
        Markup::Text if !is_fair => PROMISE_MIN_TEXT,
        Markup::Text | Markup::Html => PROMISE_MIN_HTML,
    };
    let Promise { least, .. } = promise(logits, evidence, is_fair).filter(|it| it.f1 >= enough)?;
    Story::of(logits.iter().map(|logit| *logit >= least).collect())
}

/// Log-odds as a chance.
pub(super) fn chance(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// What the best choice promises.
#[derive(Debug, Clone, Copy)]
pub(super) struct Promise {
    /// The F1 to expect.
    pub(super) f1: f32,
    /// The lowest log-odds that are taken.
    pub(super) least: f32,
}

/// The best choice; `None` where there is nothing to choose from.
#[expect(clippy::cast_precision_loss, reason = "lengths of blocks")]
pub(super) fn promise(logits: &[f32], evidence: &[Evidence], is_fair: bool) -> Option<Promise> {
    let mut blocks: Vec<(f32, f32)> = logits
        .iter()
        .zip(evidence)
        .map(|(logit, seen)| (*logit, seen.weight as f32))
        .collect();
    blocks.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let promised = |(logit, weight): &(f32, f32)| chance(*logit) * weight;
    let likely = blocks.iter().filter(|it| chance(it.0) >= CHANCE_MIN);
    let right: f32 = likely.map(promised).sum();
    let (mut kept_right, mut kept) = (0.0, 0.0);
    let mut best: Option<Promise> = None;
    for block in &blocks {
        kept_right += promised(block);
        kept += block.1;
        let f1 = 2.0 * kept_right / (kept + right).max(1.0);
        if best.is_none_or(|best| f1 > best.f1) {
            let least = block.0;
            best = Some(Promise { f1, least });
        }
    }
    let all: f32 = blocks.iter().map(|block| block.1).sum();
    let every: f32 = blocks.iter().map(promised).sum();
    let (share, enough) = if is_fair { FAIR } else { CLEAN };
    best.map(|best| Promise {
        least: if every > share * all {
            best.least.min(enough)
        } else {
            best.least
        },
        ..best
    })
}

/// What is nearly all story has been cleaned before, and what may be of it stays: the share of the letters that must be
/// of the story for that, and the log-odds that are enough then.
const CLEAN: (f32, f32) = (0.85, -1.5);
/// The same for a fair copy, which hardly anything but a cleaned text is. With these numbers reading the development
/// texts a second time costs less than 0.0002 of F1; with those above it costs 0.002.
const FAIR: (f32, f32) = (0.3, -4.0);

/// Finds the story by rules set by hand; `None` where nothing looks like prose.
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
