//! How likely two items are about one event.

use std::collections::HashMap;

use super::weights::Weights;
use super::{DAY_MS, FAINT, Item, crowd};
use crate::article::theme::{Days, SHARED_MIN};

/// Two items that may be about one event, by their places in a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// One of them.
    pub a: usize,
    /// The other.
    pub b: usize,
    /// Log-odds that they are about one event, above [`FAINT`].
    pub strength: f32,
}

/// All links among items.
pub fn links(items: &[Item]) -> Vec<Link> {
    let raises = crowd(items);
    let is_told = |at: usize| raises.get(at).is_some_and(|raise| raise.is_finite());
    let link = |(a, b): (usize, usize)| {
        let strength = strong(items.get(a)?, items.get(b)?).filter(|_| is_told(a) && is_told(b))?;
        Some(Link { a, b, strength })
    };
    near(items).into_iter().filter_map(link).collect()
}

/// The pairs that are within reach and share enough of their weightiest words; the lower place first.
pub fn near(items: &[Item]) -> Vec<(usize, usize)> {
    let mut holders: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut shared: HashMap<usize, usize> = HashMap::new();
    let mut pairs = Vec::new();
    for (at, item) in items.iter().enumerate() {
        shared.clear();
        for key in item.theme.weighty() {
            let holders = holders.entry(*key).or_default();
            for other in holders.iter() {
                *shared.entry(*other).or_default() += 1;
            }
            holders.push(at);
        }
        let near = shared.iter().filter(|(other, count)| {
            let other = items.get(**other);
            **count >= SHARED_MIN && other.is_some_and(|other| other.reaches(item))
        });
        let from = pairs.len();
        pairs.extend(near.map(|(other, _)| (*other, at)));
        if let Some(new) = pairs.get_mut(from..) {
            new.sort_unstable();
        }
    }
    pairs
}

/// What the log-odds are a weighted sum of, by name, in the order of [`features`].
pub const FEATURES: [&str; 17] = [
    "cosine",
    "log-cosine",
    "title",
    "names",
    "numbers",
    "others",
    "words",
    "undated",
    "undated-log-cosine",
    "words-log-cosine",
    "apart",
    "undated-days-meet",
    "undated-days-differ",
    "undated-first-day",
    "dated-days-meet",
    "dated-days-differ",
    "dated-first-day",
];

/// Below this cosine there is no link, whatever else is alike.
const COSINE_MIN: f32 = 0.1;
/// What days that differ say against one event where a date is not stated, above what was learnt: the pairs learnt from are
/// of topics that come up once; in a feed the same people telephone every week, and the day is all that tells one call from
/// the next.
const DAYS_DIFFER: f32 = -2.0;
/// What is added between undated texts of a few sentences: they share less than long ones, and what joins them is a story
/// of several, whose members err apart.
const BRIEF: f32 = 3.0;
/// Words from which on a text is not brief at all.
const BRIEF_WORDS: f32 = 80.0;

/// The strength of the link between two items; `None` where there is none. The same for (a, b) and (b, a).
pub fn link(a: &Item, b: &Item) -> Option<f32> {
    if !a.reaches(b) || !a.theme.is_near(&b.theme) {
        return None;
    }
    strong(a, b)
}

/// The strength of the link between two items that are near.
fn strong(a: &Item, b: &Item) -> Option<f32> {
    let features = features(a, b)?;
    Some(strength(&features, Weights::shipped())).filter(|strength| *strength > FAINT)
}

/// The log-odds by some weights.
pub fn strength(features: &[f32; FEATURES.len()], weights: &Weights) -> f32 {
    let [.., words, undated, _, _, _, _, differ, _, _, _, _] = *features;
    let brief = if undated > 0.0 {
        (1.0 - (words.exp() - 1.0) / BRIEF_WORDS).max(0.0)
    } else {
        0.0
    };
    weights.sum(features) + DAYS_DIFFER * differ + BRIEF * brief
}

/// What is alike in two items; `None` where next to nothing is.
pub fn features(a: &Item, b: &Item) -> Option<[f32; FEATURES.len()]> {
    let [cosine, title, names, numbers, others] = a.theme.cosines(&b.theme);
    if cosine < COSINE_MIN {
        return None;
    }
    let log = cosine.ln();
    let words = a.theme.log_words().min(b.theme.log_words());
    let flag = |is: bool| if is { 1.0 } else { 0.0 };
    let undated = a.published_ms.is_none() || b.published_ms.is_none();
    let of_undated = |is: bool| flag(is && undated);
    let of_dated = |is: bool| flag(is && !undated);
    let stated = !a.theme.days().is_empty() && !b.theme.days().is_empty();
    let (days, other) = (days(a), days(b));
    let known = !days.is_empty() && !other.is_empty();
    let meet = days.meet(other);
    let first = a.theme.first_day().is_some() && a.theme.first_day() == b.theme.first_day();
    Some([
        cosine,
        log,
        title,
        names,
        numbers,
        others,
        words,
        flag(undated),
        flag(undated) * log,
        words * log,
        apart(a, b),
        of_undated(known && meet),
        of_undated(known && !meet),
        of_undated(first),
        of_dated(stated && meet),
        of_dated(stated && !meet),
        of_dated(first),
    ])
}

/// The days a text is about: those its lead names, else the day of its date and the one before.
fn days(item: &Item) -> Days {
    let named = item.theme.days();
    let Some(published_ms) = item.published_ms.filter(|_| named.is_empty()) else {
        return named;
    };
    // 1 January 1970 was a Thursday.
    let today = (published_ms.div_euclid(DAY_MS) + 3).rem_euclid(7);
    Days::from_bits(1 << today | 1 << ((today + 6) % 7))
}

/// The root of the days between two dates: none within one calendar day, the hours across midnight. 0 where one is not
/// stated. The first day tells most: half as many pairs of one event are a day apart as on one day, and 4 in 100 are further.
fn apart(a: &Item, b: &Item) -> f32 {
    let (Some(ours), Some(theirs)) = (a.published_ms, b.published_ms) else {
        return 0.0;
    };
    let calendar = (a.day() - b.day()).abs() * DAY_MS;
    let apart_ms = (ours - theirs).abs().min(calendar);
    #[expect(clippy::cast_precision_loss, reason = "a few days")]
    let days = apart_ms as f32 / DAY_MS as f32;
    days.sqrt()
}
