//! Counts which words and names stand in stories and which beside them, by fold, so that a page is never told what its
//! own site taught.

use std::collections::{BTreeMap, HashMap};

use copydesk::article::learning::{Lexicon, Survey, WEIGHT_UNIT};

use crate::pages::FOLDS;

/// What is counted of one key.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    /// Pages with it in the story, pages with it beside, a fold each.
    pages: [[f32; 2]; FOLDS],
    /// Sites it was seen on; pages of one site follow each other.
    sites: u16,
    last_site: u32,
}

/// Sites a key must be seen on to be in a lexicon: what fewer have is one publisher's own.
const SITES_MIN: u16 = 5;

/// Counts of all keys.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: HashMap<u32, Count>,
}

impl Tally {
    /// Counts one page: `truth` says of each block how much of it is of the story.
    pub(crate) fn add(&mut self, survey: &Survey, truth: &[f32], fold: usize, site: u32) {
        let mut page: BTreeMap<u32, [f32; 2]> = BTreeMap::new();
        for ((words, names), truth) in survey.words().zip(survey.names()).zip(truth) {
            for key in words.into_iter().chain(names) {
                let count = page.entry(key).or_default();
                count[0] += truth;
                count[1] += 1.0 - truth;
            }
        }
        for (key, [inside, beside]) in page {
            let count = self.counts.entry(key).or_default();
            let share = inside / (inside + beside);
            count.pages[fold][0] += share;
            count.pages[fold][1] += 1.0 - share;
            if count.last_site != site || count.sites == 0 {
                count.sites = count.sites.saturating_add(1);
                count.last_site = site;
            }
        }
    }

    /// The weights all folds but `without` teach.
    pub(crate) fn lexicon(&self, without: Option<usize>) -> Lexicon {
        let (mut inside, mut beside) = (0.0, 0.0);
        let sum = |count: &Count| {
            let folds = (0..FOLDS).filter(|fold| Some(*fold) != without);
            folds.fold([0.0f32; 2], |sum, fold| {
                [sum[0] + count.pages[fold][0], sum[1] + count.pages[fold][1]]
            })
        };
        let known: Vec<(u32, [f32; 2])> = self
            .counts
            .iter()
            .filter(|(_, count)| count.sites >= SITES_MIN)
            .map(|(key, count)| (*key, sum(count)))
            .filter(|(_, [inside, beside])| inside + beside >= f32::from(SITES_MIN) * 0.75)
            .collect();
        let mut sorted = known;
        sorted.sort_unstable_by_key(|(key, _)| *key);
        for (_, count) in &sorted {
            inside += count[0];
            beside += count[1];
        }
        let prior = inside / (inside + beside);
        let weights = sorted.into_iter().filter_map(|(key, count)| {
            const PULL: f32 = 3.0;
            let odds = (count[0] + PULL * prior) / (count[1] + PULL * (1.0 - prior));
            let weight = (odds.ln() / WEIGHT_UNIT).round().clamp(-127.0, 127.0) as i8;
            (weight.unsigned_abs() >= 3).then_some((key, weight))
        });
        Lexicon::new(weights)
    }
}
