//! A text among the texts before it: its place in the index, whom it is compared with, and who is to be compared again.
//!
//! A text is compared only with texts that precede it, by [`crate::verdict::Precedence`] of the first article of each, so
//! what it is tied to is a function of the set of texts before it, whatever the order was in which they came. When one comes
//! (or goes) later than others that it precedes, those it may concern are noted as due and judged again in the background,
//! in the order of precedence: those that share prints with it, and for each print those for whom it becomes common.
//!
//! Nobody is compared with a text that an earlier one covers: whoever would find it finds that one. So the hundred copies of
//! a wire story do not make its prints common.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::article::duplicate::candidates::{self, COMMON_MIN, Limits};
use crate::article::duplicate::{self, Between, Comparison, Reading, families};
use crate::article::fingerprint;
use crate::store::articles;
use crate::store::index::{self, POSTINGS_MAX, Place, Posting};
use crate::store::provenance::day_of;
use crate::store::relations::{self, Relation};
use crate::store::texts::{self, Words};
use crate::verdict::{Precedence, Standing};

/// What judging a text again has changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// Whether it is tied to others or otherwise than it was.
    pub(super) any: bool,
    /// Whether a tie that joined it to another is gone.
    pub(super) parted: bool,
}

/// Finds a text its place under its first article, and judges it; texts it precedes become due. `prints` are the text's,
/// where they are known.
pub(super) fn place(
    db: &Connection,
    text: i64,
    first: &Standing,
    prints: Option<&[u64]>,
) -> rusqlite::Result<Change> {
    let Some(words) = texts::words_of(db, text)? else {
        return Ok(Change::default());
    };
    let prints = match prints {
        Some(prints) => by_key(prints.to_vec()),
        None => prints_of(&words.text),
    };
    remove(db, text, &prints)?;
    let day = day_of(first.precedence.first_ms);
    judge(db, Posting { day, text }, first, &words, &prints)
}

/// Takes a text that no article has any more away; texts it preceded become due. `words` are what it said.
pub(super) fn displace(db: &Connection, text: i64, words: &str) -> rusqlite::Result<()> {
    remove(db, text, &prints_of(words))?;
    for later in relations::later(db, text)? {
        relations::set_due(db, later)?;
    }
    relations::replace(db, text, &[])?;
    relations::unset_due(db, text)?;
    texts::set_first_of_text(db, text, None)
}

/// Judges a text again.
pub(super) fn judge_again(
    db: &Connection,
    text: i64,
    first: &Standing,
) -> rusqlite::Result<Change> {
    let (Some(words), Some(Place { day, .. })) =
        (texts::words_of(db, text)?, index::place_of(db, text)?)
    else {
        return place(db, text, first, None);
    };
    let prints = prints_of(&words.text);
    judge(db, Posting { day, text }, first, &words, &prints)
}

/// The prints of a text in the order of their keys.
pub(super) fn prints_of(text: &str) -> Vec<u64> {
    by_key(fingerprint::fingerprint(text).prints)
}

fn by_key(mut prints: Vec<u64>) -> Vec<u64> {
    prints.sort_unstable_by_key(|print| index::key(*print));
    prints.dedup_by_key(|print| index::key(*print));
    prints
}

/// The keys by which a text is found, in their order.
pub(super) fn keys_of_text(text: &str) -> Vec<i64> {
    keys_of(&prints_of(text))
}

fn keys_of(prints: &[u64]) -> Vec<i64> {
    prints.iter().map(|print| index::key(*print)).collect()
}

/// Takes a text out of the index, if it is there.
fn remove(db: &Connection, text: i64, prints: &[u64]) -> rusqlite::Result<()> {
    let Some(place) = index::place_of(db, text)? else {
        return Ok(());
    };
    index::remove(db, text, place, &keys_of(prints))?;
    if !place.is_covered {
        let day = place.day;
        // Of those of the same day all are asked: those judged again in vain stay as they are.
        Around::read(db, Posting { day, text }, prints)?.mark(db)?;
    }
    Ok(())
}

/// Compares a text with its candidates, writes down what it is to them, and indexes it: as covered, if it is.
fn judge(
    db: &Connection,
    own: Posting,
    first: &Standing,
    words: &Words,
    prints: &[u64],
) -> rusqlite::Result<Change> {
    relations::unset_due(db, own.text)?;
    let around = Around::of(db, own, &first.precedence, prints)?;
    let compared = around.compare(db, words)?;
    let place = Place {
        day: own.day,
        is_covered: compared.iter().any(|(_, comparison)| covers(comparison)),
    };
    let before = index::place_of(db, own.text)?;
    if before != Some(place) {
        let keys = keys_of(prints);
        if let Some(before) = before {
            index::remove(db, own.text, before, &keys)?;
        }
        index::insert(db, own.text, place, &keys)?;
        // Nobody is compared with a covered text.
        if before.is_some() || !place.is_covered {
            around.mark(db)?;
        }
    }
    write(db, own.text, compared)
}

/// Whether a text need not be found itself, since the one it was compared with is.
fn covers(comparison: &Comparison) -> bool {
    let overlap = comparison.overlap;
    comparison.tie.is_strong() && overlap.a_in_b.min(overlap.b_in_a) >= candidates::COVERED_MIN
}

/// Writes down what a text is to those it was compared with.
fn write(db: &Connection, text: i64, compared: Vec<(i64, Comparison)>) -> rusqlite::Result<Change> {
    let ties: Vec<&Comparison> = compared.iter().map(|(_, comparison)| comparison).collect();
    let joins = families::joining(&ties);
    let mut found: Vec<Relation> = compared
        .into_iter()
        .zip(joins)
        .filter(|((_, comparison), _)| comparison.tie != duplicate::Tie::None)
        .map(|((earlier, comparison), joins)| Relation::of(earlier, joins, comparison))
        .collect();
    found.sort_by_key(|relation| relation.earlier);
    let before = relations::of(db, text)?;
    if before == found {
        return Ok(Change::default());
    }
    relations::replace(db, text, &found)?;
    let joined = |to: i64| found.iter().any(|it| it.earlier == to && it.joins);
    Ok(Change {
        any: true,
        parted: before.iter().any(|it| it.joins && !joined(it.earlier)),
    })
}

/// A text among those that have its prints.
pub(super) struct Around<'a> {
    own: Posting,
    prints: &'a [u64],
    /// For each print who has it and is not covered, by day, itself left out.
    lists: Vec<Vec<Posting>>,
    /// For each print who has it, is covered and may stand behind.
    covered: Vec<Vec<Posting>>,
    /// Of the texts of the same day, whether they precede it.
    precedes: BTreeMap<i64, bool>,
}

impl<'a> Around<'a> {
    pub(super) fn of(
        db: &Connection,
        own: Posting,
        precedence: &Precedence,
        prints: &'a [u64],
    ) -> rusqlite::Result<Self> {
        let mut around = Self::read(db, own, prints)?;
        let same_day = around.lists.iter().flatten().filter(|it| it.day == own.day);
        let mut asked: Vec<i64> = same_day.map(|it| it.text).collect();
        asked.sort_unstable();
        asked.dedup();
        for text in asked {
            let first = articles::first_of_text(db, text)?;
            let precedes = first.is_some_and(|first| first.precedence < *precedence);
            around.precedes.insert(text, precedes);
        }
        Ok(around)
    }

    fn read(db: &Connection, own: Posting, prints: &'a [u64]) -> rusqlite::Result<Self> {
        let mut lists = Vec::with_capacity(prints.len());
        let mut covered = Vec::with_capacity(prints.len());
        for mut holders in index::holders(db, &keys_of(prints), own.day)? {
            if holders.open.len() >= POSTINGS_MAX {
                // Of the last day that was read some may be missing: which, depends on who came first.
                let incomplete = holders.open.last().map(|it| it.day);
                holders.open.retain(|it| Some(it.day) != incomplete);
            }
            holders.open.retain(|it| it.text != own.text);
            lists.push(holders.open);
            covered.push(holders.covered);
        }
        Ok(Self {
            own,
            prints,
            lists,
            covered,
            precedes: BTreeMap::new(),
        })
    }

    fn is_earlier(&self, posting: &Posting) -> bool {
        match posting.day.cmp(&self.own.day) {
            Ordering::Less => true,
            Ordering::Equal => self.precedes.get(&posting.text).copied().unwrap_or(false),
            Ordering::Greater => false,
        }
    }

    /// For each print the earlier texts that have it.
    fn holders(&self) -> impl Iterator<Item = Vec<i64>> {
        self.lists.iter().map(|list| {
            let earlier = list.iter().filter(|it| self.is_earlier(it));
            earlier.map(|it| it.text).collect()
        })
    }

    /// The earlier texts to compare with, the likeliest first.
    fn candidates(&self, db: &Connection) -> rusqlite::Result<Vec<i64>> {
        let all = Limits {
            most: usize::MAX,
            ..Limits::STORE
        };
        // Among those that share as many the earlier ones first: by precedence, not by their rows.
        let mut ranked = Vec::new();
        let mut fewest = usize::MAX;
        for (text, shared) in candidates::choose(self.holders(), all) {
            if shared < fewest && ranked.len() >= Limits::STORE.most {
                break;
            }
            fewest = shared;
            if let Some(first) = articles::first_of_text(db, text)? {
                ranked.push((Reverse(shared), first.precedence, text));
            }
        }
        ranked.sort_unstable();
        ranked.truncate(Limits::STORE.most);
        Ok(ranked.into_iter().map(|(.., text)| text).collect())
    }

    /// The prints that many earlier texts have, in the order of their hashes.
    fn common(&self) -> Vec<u64> {
        let counted = self.prints.iter().zip(self.holders());
        let mut common: Vec<u64> = counted
            .filter(|(_, holders)| holders.len() >= COMMON_MIN)
            .map(|(print, _)| *print)
            .collect();
        common.sort_unstable();
        common
    }

    /// The candidates, each compared.
    pub(super) fn compare(
        &self,
        db: &Connection,
        words: &Words,
    ) -> rusqlite::Result<Vec<(i64, Comparison)>> {
        let candidates = self.candidates(db)?;
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        let own = Reading::of(words.title.as_deref(), &words.text);
        let common = self.common();
        let mut compared = Vec::with_capacity(candidates.len());
        for earlier in candidates {
            let Some(other) = texts::words_of(db, earlier)? else {
                continue;
            };
            let reading = Reading::of(other.title.as_deref(), &other.text);
            let apart = words.published_ms.zip(other.published_ms);
            let between = Between {
                hours_apart: apart.map(|(a, b)| hours(a.abs_diff(b))),
                same_source: words.source.is_some() && words.source == other.source,
                common: &common,
            };
            let comparison = duplicate::compare(&own, &reading, &between);
            let is_covered = covers(&comparison);
            compared.push((earlier, comparison));
            if is_covered {
                // It says what this one says: what else is like it, that one has been compared with.
                break;
            }
        }
        Ok(compared)
    }

    /// Notes as due the texts it precedes that may be judged otherwise because of it: those that share enough with it to be
    /// compared, and those for whom a print becomes common because of it.
    fn mark(&self, db: &Connection) -> rusqlite::Result<()> {
        let bounds = [COMMON_MIN, Limits::STORE.holders + 1];
        // Shared prints of each text, and how many have the rarest of them before it.
        let mut shared: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
        for (list, covered) in self.lists.iter().zip(&self.covered) {
            let earlier = list.iter().filter(|it| self.is_earlier(it)).count();
            if earlier > Limits::STORE.holders {
                continue;
            }
            let behind = list.iter().filter(|it| !self.is_earlier(it));
            let covered = covered.iter().filter(|it| it.text != self.own.text);
            // Of the same day any number may stand before it; and this text does now.
            let until = |day: i64| list.partition_point(|it| it.day < day).max(earlier) + 1;
            let counted = behind
                .chain(covered)
                .map(|it| (it, until(it.day)..=until(it.day + 1)));
            for (it, before) in counted {
                if *before.start() <= Limits::STORE.holders {
                    let (count, rarest) = shared.entry(it.text).or_insert((0, usize::MAX));
                    *count += 1;
                    *rarest = (*before.start()).min(*rarest);
                }
                if bounds.iter().any(|bound| before.contains(bound)) {
                    relations::set_due(db, it.text)?;
                }
            }
        }
        for (text, shared) in shared {
            // Most are known to be close enough whatever the number of their prints is.
            let most = usize::MAX;
            if candidates::is_enough(shared, most, Limits::STORE)
                || candidates::is_enough(shared, texts::prints_of(db, text)?, Limits::STORE)
            {
                relations::set_due(db, text)?;
            }
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "hours between two articles")]
fn hours(ms: u64) -> f32 {
    ms as f32 / 3_600_000.0
}
