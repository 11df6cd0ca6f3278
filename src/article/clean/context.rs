//! A block among the others: the features of blocks, one row of numbers a block.
//!
//! Training and cleaning both take them from here, so that the weights mean in one what they meant in the other.

use super::evidence::Evidence;
use super::lexicon::{Lexicon, Named};
use super::look::{Look, MARKS};
use super::places::{Places, Prefix};
use super::story::Story;
use super::vocabulary::{Stems, Vocabulary, share};
use super::{Draft, Marks};
use crate::article::forest::Rows;
use crate::article::parse::Markup;

/// A document with all that the stages look at.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) draft: &'a Draft,
    pub(super) evidence: &'a [Evidence],
    pub(super) looks: Vec<Look>,
    pub(super) stems: Stems,
    pub(super) story: Option<Story>,
    pub(super) prefix: Prefix,
    places: Places,
    named: Vec<Named>,
    /// Share of each block's stems that other prose of the document has.
    central: Vec<f32>,
    /// Stems of the title the document states.
    pub(super) stated: Vec<u32>,
    /// The same, for looking up.
    stated_set: Vocabulary,
    /// What neighbours see of every block, with what they see beyond both ends.
    seen: Vec<Seen>,
    /// The look of what is no block.
    nothing: Look,
}

/// How many neighbours on either side a block is seen with.
const NEIGHBOURS: usize = 3;
/// What neighbours see of a block.
type Seen = [f32; 7];
/// What they see where there is none.
const NOBODY: Seen = [-1.0, -1.0, -1.0, -9.0, -1.0, -1.0, -9.0];
/// Blocks before and behind that are summed up.
const WINDOWS: [usize; 3] = [3, 8, 25];

impl<'a> Page<'a> {
    pub(super) fn new(draft: &'a Draft, evidence: &'a [Evidence], lexicon: &Lexicon) -> Self {
        let looks = super::look::look(draft, evidence, lexicon);
        let stems_of_all = Stems::of(draft);
        let is_prose = |at: usize| looks.get(at).is_some_and(|look| look.prose > 0.0);
        let central = stems_of_all.shared(is_prose);
        let stated = draft.meta.first(&[
            "json-ld-headline",
            "html-og-title",
            "html-twitter-title",
            "html-title",
        ]);
        let stated = stated.map(|stated| crate::article::prose::squeeze(&stated.value));
        let stated = stated.map_or_else(Vec::new, |title| stems_of_all.read(&title));
        Self {
            story: super::story::find(draft, evidence),
            prefix: Prefix::of(draft, &looks),
            places: Places::of(draft, &looks),
            named: super::lexicon::named(draft, lexicon),
            stated_set: stems_of_all.only(stated.iter()),
            stated,
            central,
            stems: stems_of_all,
            seen: seen(&looks),
            nothing: Look::default(),
            looks,
            draft,
            evidence,
        }
    }

    /// The rows of all blocks.
    pub(super) fn rows(&self) -> Rows {
        let mut rows = Rows::default();
        for at in 0..self.looks.len() {
            let values = &mut rows.values;
            self.own(at, values);
            self.around(at, values);
            self.position(at, values);
            if self.draft.markup == Markup::Html {
                self.marked(at, values);
            }
            if at == 0 {
                rows.width = values.len();
                values.reserve(rows.width * self.looks.len());
            }
        }
        rows
    }

    fn own(&self, at: usize, row: &mut Vec<f32>) {
        let &Look {
            size,
            weight: _,
            words,
            letters,
            lower,
            capital,
            short,
            digits,
            stops,
            commas,
            quotes,
            signs,
            start,
            end,
            sentence,
            links,
            strong,
            repeats,
            score,
            speaks,
            prose: _,
            stub,
            kind,
            date,
            byline,
            said,
        } = self.look(at);
        row.extend_from_slice(&[
            size, words, letters, lower, capital, short, digits, stops, commas, quotes, signs,
            start, end, sentence, links, strong, repeats, score, speaks, stub, kind, date, byline,
            said.sum, said.least, said.most, said.known,
        ]);
        let block = self.draft.blocks.get(at);
        let flag = |flag: Option<bool>| f32::from(u8::from(flag.unwrap_or_default()));
        let seen = self.evidence.get(at);
        row.extend_from_slice(&[
            flag(block.map(|block| block.gap_before)),
            flag(self.draft.blocks.get(at + 1).map(|block| block.gap_before)),
            block.map_or(0, |block| block.indent.min(20)) as f32,
            flag(seen.map(|seen| seen.figures)),
            flag(block.map(|block| super::label::is_bullet(&block.text))),
            self.central.get(at).copied().unwrap_or_default(),
        ]);
    }

    fn around(&self, at: usize, row: &mut Vec<f32>) {
        let own = at + NEIGHBOURS;
        for others in [at..own, own + 1..own + 1 + NEIGHBOURS] {
            let others = self.seen.get(others).unwrap_or_default();
            row.extend_from_slice(others.as_flattened());
        }
        for width in WINDOWS {
            let before = self.prefix.sum(at.saturating_sub(width), at);
            let after = self.prefix.sum(at + 1, at + 1 + width);
            row.extend_from_slice(&before);
            row.extend_from_slice(&after);
        }
    }

    fn position(&self, at: usize, row: &mut Vec<f32>) {
        let count = self.looks.len();
        let before = self.prefix.sum(0, at);
        let all = self.prefix.sum(0, count);
        let [prose_before, ..] = before;
        let [prose, ..] = all;
        let own = self.look(at);
        row.extend_from_slice(&[
            at as f32 / count as f32,
            (at.min(100)) as f32,
            (count - at).min(100) as f32,
            (1.0 + count as f32).ln(),
            (1.0 + prose).ln(),
            prose_before / prose.max(1.0),
            own.prose / prose.max(1.0),
            own.weight / self.prefix.heaviest.max(1.0),
            signed(at, self.prefix.heaviest_at),
        ]);
        row.extend_from_slice(&self.prefix.since(at));
        match &self.story {
            Some(story) => {
                let [in_run, ..] = self.prefix.sum(story.first, story.last + 1);
                row.extend_from_slice(&[
                    f32::from(u8::from((story.first..=story.last).contains(&at))),
                    signed(at, story.first),
                    signed(at, story.last),
                    in_run / prose.max(1.0),
                    f32::from(u8::from(story.inside.get(at).copied().unwrap_or_default())),
                ]);
            }
            None => row.extend_from_slice(&[0.0; 5]),
        }
    }

    fn marked(&self, at: usize, row: &mut Vec<f32>) {
        let Some(block) = self.draft.blocks.get(at) else {
            return;
        };
        let flags = MARKS.map(|mark| f32::from(u8::from(block.marks.any(mark))));
        row.extend_from_slice(&flags);
        row.push(f32::from(u8::from(block.marks.any(Marks::AGAINST))));
        self.places.row(self.draft, block.node, row);
        let named = self.named.get(block.node as usize).copied();
        row.extend_from_slice(&named.unwrap_or_default().row());
        for offset in [-1, 1] {
            let other = at.checked_add_signed(offset);
            let other = other.and_then(|other| self.draft.blocks.get(other));
            let parent = |node: u32| self.draft.nodes.get(node as usize).map(|node| node.parent);
            row.push(match other {
                Some(other) if other.node == block.node => 2.0,
                Some(other) if parent(other.node) == parent(block.node) => 1.0,
                _ => 0.0,
            });
        }
        let own = self.stems.get(at);
        let known = self.stated_set.count(own);
        row.push(share(known, own.len()));
        row.push(share(known, self.stated.len()));
    }

    pub(super) fn look(&self, at: usize) -> &Look {
        self.looks.get(at).unwrap_or(&self.nothing)
    }
}

/// What neighbours see of every block, with [`NEIGHBOURS`] of nobody before the first and behind the last: so what a block
/// sees on either side is one stretch to copy.
fn seen(looks: &[Look]) -> Vec<Seen> {
    let mut all = Vec::with_capacity(looks.len() + 2 * NEIGHBOURS);
    all.extend_from_slice(&[NOBODY; NEIGHBOURS]);
    all.extend(looks.iter().map(|look| {
        [
            look.size,
            look.lower,
            look.end,
            look.score,
            look.speaks,
            look.links + look.kind,
            look.said.sum,
        ]
    }));
    all.extend_from_slice(&[NOBODY; NEIGHBOURS]);
    all
}

/// How far `at` stands behind `from`, growing slower with the distance.
pub(super) fn signed(at: usize, from: usize) -> f32 {
    let distance = (1.0 + at.abs_diff(from) as f32).ln();
    if at < from { -distance } else { distance }
}
