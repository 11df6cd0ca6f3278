//! When a block is furniture of a source, and whom that concerns. Runs inside the recorder's transactions.
//!
//! A block is furniture once it occurred in so many articles of the source that are all different from one another. More
//! articles can only add to that, so the result does not depend on their order; where an article leaves a source, its
//! blocks are looked at again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Connection;

use crate::article::furniture::{Furniture, HOLDERS_MAX, Marked, Observation, differ};
use crate::job::ArticleId;
use crate::store::furniture::{self, Known, Told, Witness};

/// Most observations that are kept in mind at a time: a kilobyte each.
const OBSERVATIONS_MAX: usize = 8_192;

/// What is learnt in one transaction.
pub(super) struct Learner<'a> {
    db: &'a Connection,
    /// From how many different articles on a block is furniture; nothing is learnt if that is 0.
    after: u32,
    known: BTreeMap<i64, BTreeMap<u64, Known>>,
    observations: HashMap<ArticleId, Observation>,
    compared: HashMap<(ArticleId, ArticleId), bool>,
    /// Whether what is furniture has changed, or an article was edited with something else.
    pub(super) changed: bool,
}

impl<'a> Learner<'a> {
    pub(super) fn new(db: &'a Connection, after: u32) -> Self {
        Self {
            db,
            after,
            known: BTreeMap::new(),
            observations: HashMap::new(),
            compared: HashMap::new(),
            changed: false,
        }
    }

    /// Counts what articles tell for the first time; what follows from it is written and queued.
    pub(super) fn count(&mut self, told: &[(ArticleId, Told)]) -> rusqlite::Result<()> {
        if self.after == 0 {
            return Ok(());
        }
        let mut blocks: Vec<(i64, u64, ArticleId)> = Vec::new();
        for (article, told) in told {
            furniture::set_told(self.db, *article, told)?;
            let keys = &told.observation.keys;
            blocks.extend(keys.iter().map(|key| (told.source, *key, *article)));
            self.observations.insert(*article, told.observation.clone());
        }
        blocks.sort_unstable();
        furniture::insert_blocks(self.db, &blocks)?;
        for same in blocks.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let Some((source, key, _)) = same.first() else {
                continue;
            };
            if self.is_learnt(*source, *key)? {
                continue;
            }
            let holders = furniture::holders(self.db, *source, *key, HOLDERS_MAX)?;
            let newcomers: BTreeSet<ArticleId> =
                same.iter().map(|(.., article)| *article).collect();
            if self.are_enough(&holders, Some(&newcomers))? {
                self.set_learnt(*source, *key, true)?;
            }
        }
        Ok(())
    }

    /// Takes back what an article told.
    pub(super) fn retract(&mut self, article: ArticleId, told: &Told) -> rusqlite::Result<()> {
        let keys = &told.observation.keys;
        furniture::remove_blocks(self.db, told.source, keys, article)?;
        furniture::forget_told(self.db, article)?;
        self.observations.remove(&article);
        for key in keys {
            if self.is_learnt(told.source, *key)? {
                self.look_again(told.source, *key)?;
            }
        }
        Ok(())
    }

    /// Decides anew on a block, given all articles that hold it.
    fn look_again(&mut self, source: i64, key: u64) -> rusqlite::Result<()> {
        let is_learnt = self.after > 0 && {
            let holders = furniture::holders(self.db, source, key, HOLDERS_MAX)?;
            self.are_enough(&holders, None)?
        };
        if is_learnt != self.is_learnt(source, key)? {
            self.set_learnt(source, key, is_learnt)?;
        }
        Ok(())
    }

    /// Whether enough of these articles are different, one of the newcomers among them.
    fn are_enough(
        &mut self,
        holders: &[ArticleId],
        newcomers: Option<&BTreeSet<ArticleId>>,
    ) -> rusqlite::Result<bool> {
        let wanted = self.after as usize;
        if holders.len() < wanted {
            return Ok(false);
        }
        if self.observations.len() > OBSERVATIONS_MAX {
            self.observations.clear();
            self.compared.clear();
        }
        for holder in holders {
            if !self.observations.contains_key(holder)
                && let Some(told) = furniture::told(self.db, *holder)?
            {
                self.observations.insert(*holder, told.observation);
            }
        }
        let (observations, compared) = (&self.observations, &mut self.compared);
        let mut are_different = |a: usize, b: usize| {
            let (Some(a), Some(b)) = (holders.get(a.min(b)), holders.get(a.max(b))) else {
                return false;
            };
            *compared.entry((*a, *b)).or_insert_with(|| {
                let both = observations.get(a).zip(observations.get(b));
                both.is_some_and(|(a, b)| a.is_different(b))
            })
        };
        let is_first = |article: &ArticleId| newcomers.is_none_or(|new| new.contains(article));
        Ok((0..holders.len())
            .filter(|at| holders.get(*at).is_some_and(is_first))
            .any(|first| differ(first, holders.len(), wanted, &mut are_different)))
    }

    fn known(&mut self, source: i64) -> rusqlite::Result<&mut BTreeMap<u64, Known>> {
        use std::collections::btree_map::Entry;
        Ok(match self.known.entry(source) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(furniture::known(self.db, source)?),
        })
    }

    fn is_learnt(&mut self, source: i64, key: u64) -> rusqlite::Result<bool> {
        Ok(self
            .known(source)?
            .get(&key)
            .is_some_and(|known| known.is_learnt))
    }

    fn set_learnt(&mut self, source: i64, key: u64, is_learnt: bool) -> rusqlite::Result<()> {
        furniture::set_learnt(self.db, source, key, is_learnt)?;
        self.known(source)?.entry(key).or_default().is_learnt = is_learnt;
        self.changed = true;
        Ok(())
    }

    /// Those of these keys that are furniture of the source now.
    pub(super) fn furniture_among(
        &mut self,
        source: i64,
        keys: &[u64],
    ) -> rusqlite::Result<Furniture> {
        let known = self.known(source)?;
        let furniture = |key: &u64| known.get(key).is_some_and(Known::is_furniture);
        Ok(keys.iter().copied().filter(furniture).collect())
    }

    /// Queues an article that was edited with other furniture than there is now.
    pub(super) fn check(&mut self, article: ArticleId, told: &Told) -> rusqlite::Result<()> {
        if self.furniture_among(told.source, &told.observation.keys)? != told.known {
            furniture::queue(self.db, article)?;
            self.changed = true;
        }
        Ok(())
    }

    /// Remembers how the blocks begin that were cut, as the earliest article has them.
    pub(super) fn show(
        &mut self,
        source: i64,
        marked: &[Marked],
        witness: &Witness,
    ) -> rusqlite::Result<()> {
        let db = self.db;
        let known = self.known(source)?;
        for block in marked {
            let Some(known) = known.get_mut(&block.key) else {
                continue;
            };
            if known
                .witness
                .as_ref()
                .is_none_or(|earliest| witness <= earliest)
            {
                furniture::set_text(db, source, block.key, &block.text, witness)?;
                known.witness = Some(witness.clone());
            }
        }
        Ok(())
    }
}

/// Takes over from how many different articles on a block is furniture; if that has changed, all blocks are looked at
/// again. To be called before anything is recorded.
pub(super) fn begin(db: &Connection, after: u32) -> rusqlite::Result<()> {
    if furniture::after(db)? == after {
        return Ok(());
    }
    furniture::set_after(db, after)?;
    let mut learner = Learner::new(db, after);
    for (source, key) in furniture::recurring(db, after.max(1))? {
        learner.look_again(source, key)?;
    }
    if after > 0 {
        furniture::queue_untold(db)?;
    }
    Ok(())
}
