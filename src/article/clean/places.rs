//! Sums over stretches of blocks, and over the elements blocks lie in.

use super::Draft;
use super::look::Look;

/// Quantities that are summed up over stretches.
const SUMS: usize = 7;
/// Features of what stands before and behind.
const SINCE: usize = 12;

/// Running sums over the blocks of a document.
#[derive(Debug)]
pub(super) struct Prefix {
    /// Sums before each block, and one more for the end.
    sums: Vec<[f32; SUMS]>,
    /// For each block: how far since the last prose, since the last words that speak of links or comments, how many such
    /// stood before it; and the same way from the end.
    since: Vec<[f32; SINCE]>,
    /// Length of the longest paragraph.
    pub(super) heaviest: f32,
    /// Which it is.
    pub(super) heaviest_at: usize,
}

impl Prefix {
    pub(super) fn of(draft: &Draft, looks: &[Look]) -> Self {
        let mut sums = Vec::with_capacity(looks.len() + 1);
        let mut sum = [0.0; SUMS];
        sums.push(sum);
        let (mut heaviest, mut heaviest_at) = (0.0, 0);
        for (at, look) in looks.iter().enumerate() {
            let against = f32::from(u8::from(look.speaks >= 5.0));
            let linked = draft.blocks.get(at).map_or(0, |block| block.linked);
            let own = [
                look.prose,
                look.stub,
                against,
                look.score,
                linked as f32,
                look.date,
                look.said.sum,
            ];
            for (sum, own) in sum.iter_mut().zip(own) {
                *sum += own;
            }
            sums.push(sum);
            if look.prose > heaviest {
                (heaviest, heaviest_at) = (look.prose, at);
            }
        }
        Self {
            sums,
            since: since(looks),
            heaviest,
            heaviest_at,
        }
    }

    /// The sums over the blocks from `start` up to `end`.
    pub(super) fn sum(&self, start: usize, end: usize) -> [f32; SUMS] {
        let get = |at: usize| self.sums.get(at).or(self.sums.last());
        let (Some(mut sum), Some(before)) = (get(end).copied(), get(start)) else {
            return [0.0; SUMS];
        };
        for (sum, before) in sum.iter_mut().zip(before) {
            *sum -= before;
        }
        sum
    }

    pub(super) fn since(&self, at: usize) -> [f32; SINCE] {
        self.since.get(at).copied().unwrap_or_default()
    }
}

fn since(looks: &[Look]) -> Vec<[f32; SINCE]> {
    let start = [50.0, 0.0, 50.0, 0.0, 50.0, 50.0];
    let mut rows = vec![[0.0; SINCE]; looks.len()];
    let mut state = start;
    for (row, look) in rows.iter_mut().zip(looks) {
        row.iter_mut()
            .zip(state)
            .for_each(|(place, it)| *place = it);
        step(&mut state, look);
    }
    state = start;
    for (row, look) in rows.iter_mut().zip(looks).rev() {
        let behind = row.iter_mut().skip(state.len());
        behind.zip(state).for_each(|(place, it)| *place = it);
        step(&mut state, look);
    }
    rows
}

/// Blocks since the last prose, its length, blocks since the last words against, how many of those.
fn step([prose, length, against, count, date, byline]: &mut [f32; 6], look: &Look) {
    *prose = (*prose + 1.0).min(50.0);
    *against = (*against + 1.0).min(50.0);
    *date = if look.date > 0.0 {
        0.0
    } else {
        (*date + 1.0).min(50.0)
    };
    *byline = if look.byline > 0.0 {
        0.0
    } else {
        (*byline + 1.0).min(50.0)
    };
    if look.prose > 0.0 {
        *prose = 0.0;
        *length = look.prose;
    }
    if look.speaks >= 5.0 {
        *against = 0.0;
        *count = (*count + 1.0).min(30.0);
    }
}

/// What lies in each element.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    prose: f32,
    weight: f32,
    linked: f32,
    blocks: f32,
    stubs: f32,
    /// The next element outwards that holds more blocks.
    up: u32,
    depth: f32,
    /// Steps outwards until the longest paragraph is in it.
    climbs: f32,
}

/// What lies in the elements of a document.
#[derive(Debug)]
pub(super) struct Places {
    places: Vec<Place>,
}

/// Elements outwards that are looked at.
const LEVELS: usize = 4;

impl Places {
    pub(super) fn of(draft: &Draft, looks: &[Look]) -> Self {
        let mut places = vec![Place::default(); draft.nodes.len()];
        let mut spine = (0.0, 0);
        for (block, look) in draft.blocks.iter().zip(looks) {
            if let Some(place) = places.get_mut(block.node as usize) {
                place.prose += look.prose;
                place.weight += look.weight;
                place.linked += block.linked as f32;
                place.blocks += 1.0;
                place.stubs += look.stub;
            }
            if look.prose > spine.0 {
                spine = (look.prose, block.node as usize);
            }
        }
        // A parent's number is smaller than its children's: one pass from the back adds up, one forward hands down.
        for at in (1..places.len()).rev() {
            let inner = places.get(at).copied().unwrap_or_default();
            let parent = draft.nodes.get(at).map_or(0, |node| node.parent as usize);
            if let Some(outer) = places.get_mut(parent) {
                outer.prose += inner.prose;
                outer.weight += inner.weight;
                outer.linked += inner.linked;
                outer.blocks += inner.blocks;
                outer.stubs += inner.stubs;
            }
        }
        let mut on_spine = vec![false; places.len()];
        let mut at = spine.1;
        loop {
            match on_spine.get_mut(at) {
                Some(flag) if !*flag => *flag = true,
                _ => break,
            }
            at = draft.nodes.get(at).map_or(0, |node| node.parent as usize);
        }
        for at in 1..places.len() {
            let parent = draft.nodes.get(at).map_or(0, |node| node.parent);
            let outer = places.get(parent as usize).copied().unwrap_or_default();
            let spined = on_spine.get(at).copied().unwrap_or_default();
            if let Some(place) = places.get_mut(at) {
                let wider = outer.blocks > place.blocks;
                place.up = if wider { parent } else { outer.up };
                place.depth = outer.depth + f32::from(u8::from(wider));
                place.climbs = if spined {
                    0.0
                } else {
                    outer.climbs + f32::from(u8::from(wider))
                };
            }
        }
        Self { places }
    }

    /// The features of a block by the element it lies in and those around it.
    pub(super) fn row(&self, draft: &Draft, node: u32, row: &mut Vec<f32>) {
        let get = |node: u32| self.places.get(node as usize).copied().unwrap_or_default();
        let all = get(0);
        let own = get(node);
        row.extend_from_slice(&[own.depth, own.climbs]);
        let marks = |node: u32| draft.nodes.get(node as usize).map(|node| node.marks);
        let mut node = node;
        for _ in 0..LEVELS {
            let place = get(node);
            row.extend_from_slice(&[
                place.prose / all.prose.max(1.0),
                place.linked / place.weight.max(1.0),
                place.prose / place.weight.max(1.0),
                place.blocks.ln_1p(),
                place.stubs / place.blocks.max(1.0),
                f32::from(u8::from(
                    marks(node).is_some_and(|marks| marks.any(super::Marks::AGAINST)),
                )),
            ]);
            node = place.up;
        }
    }
}
