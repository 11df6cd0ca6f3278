//! Editing again what was recorded: an article whose source's furniture has changed, from its decoded input as it was
//! kept, and what its new text changes in the record.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::article::furniture::Furniture;
use crate::article::leaf;
use crate::article::{self, Edited, Format, Hints, Rules};
use crate::job::ArticleId;
use crate::store::articles;
use crate::store::furniture::{self, Again, Told};
use crate::store::provenance::{About, EventKind, note};
use crate::store::rewriting::{self, Before};

use super::judging::{self, Change};
use super::learning::Learner;
use super::rows::source_of;

/// An article, edited again.
#[derive(Debug)]
pub(super) struct Redone {
    again: Again,
    edited: Result<Edited, String>,
}

/// Edits an article again with the furniture that `learnt` knows. Of its input nothing is kept: a slice of long articles
/// would hold all of theirs.
pub(super) fn edit(
    mut again: Again,
    rules: &Rules,
    learnt: &mut dyn FnMut(&str) -> Arc<Furniture>,
) -> Redone {
    let edited = match catch_unwind(AssertUnwindSafe(|| try_edit(&again, rules, learnt))) {
        Ok(edited) => edited.map(|edited| Edited {
            input: String::new(),
            ..edited
        }),
        Err(panic) => Err(super::parts::panic_text(&*panic)),
    };
    again.input_zstd = Vec::new();
    Redone { again, edited }
}

fn try_edit(
    again: &Again,
    rules: &Rules,
    learnt: &mut dyn FnMut(&str) -> Arc<Furniture>,
) -> Result<Edited, String> {
    let bytes = zstd::bulk::decompress(&again.input_zstd, again.input_bytes)
        .map_err(|error| format!("its input cannot be read: {error}"))?;
    let input =
        String::from_utf8(bytes).map_err(|error| format!("its input cannot be read: {error}"))?;
    let format = Format::from_name(&again.format)
        .ok_or_else(|| format!("its format is not known: {}", again.format))?;
    // What the document states is found again; what was declared outside it is not.
    let declared = again.stated.as_ref().and_then(|(name, rule)| {
        let rules = ["config", "subfolder"];
        let rule = rules.into_iter().find(|known| known == rule)?;
        Some((name.as_str(), rule))
    });
    let around = again.around.as_deref().map(leaf::unpack_around);
    let around = around.unwrap_or_default();
    let hints = Hints {
        file_name: None,
        source: declared,
        around: &around,
        charset: None,
    };
    article::edit_again(input, format, &hints, rules, learnt).map_err(|error| error.to_string())
}

/// What is to be taken out of the full-text index, and what comes in its place.
#[derive(Debug)]
pub(super) struct Reindexed<'a> {
    article: ArticleId,
    before: Before,
    edited: &'a Edited,
}

/// What a slice came to.
#[derive(Debug, Default)]
pub(super) struct Applied<'a> {
    /// To be handed to [`index`] at the end of the transaction.
    pub(super) reindexed: Vec<Reindexed<'a>>,
    /// Whether what is furniture has changed.
    pub(super) changed: bool,
}

/// Writes what has changed. An article whose furniture changed while it was edited stays on the queue.
pub(super) fn apply<'a>(
    db: &Connection,
    redone: &'a [Redone],
    after: u32,
    now_ms: i64,
) -> rusqlite::Result<Applied<'a>> {
    let mut learner = Learner::new(db, after);
    let mut ready = Vec::new();
    for Redone { again, edited } in redone {
        let Some(before) = rewriting::before(db, again.article)? else {
            furniture::unqueue(db, again.article)?;
            continue;
        };
        match edited {
            // It was attributed anew meanwhile.
            _ if before.source != again.source => {}
            Ok(edited) => ready.push(Ready::of(db, again, before, edited, now_ms)?),
            Err(why) => {
                tracing::warn!(article = again.article.0, why, "cannot be edited again");
                furniture::unqueue(db, again.article)?;
                tell(db, again.article, &json!({ "failed": why }), now_ms)?;
            }
        }
    }
    for ready in &ready {
        ready.tell(&mut learner)?;
    }
    let mut written = Vec::new();
    for ready in ready {
        if let Some(change) = ready.settle(db, &mut learner)? {
            written.push(change);
        }
    }
    let changes: Vec<Change<'_>> = written.iter().map(|(ready, _)| ready.change()).collect();
    judging::rewrite(db, &changes, now_ms)?;
    for (ready, detail) in &written {
        tell(db, ready.article, detail, now_ms)?;
    }
    Ok(Applied {
        reindexed: written
            .into_iter()
            .map(|(ready, _)| ready.reindexed())
            .collect(),
        changed: learner.changed,
    })
}

/// Leaves articles as they are: the store would not take their new edition.
pub(super) fn give_up(
    db: &Connection,
    redone: &[Redone],
    why: &str,
    now_ms: i64,
) -> rusqlite::Result<()> {
    for Redone { again, .. } in redone {
        furniture::unqueue(db, again.article)?;
        tell(db, again.article, &json!({ "failed": why }), now_ms)?;
    }
    Ok(())
}

fn tell(db: &Connection, article: ArticleId, detail: &Value, now_ms: i64) -> rusqlite::Result<()> {
    let about = About {
        article: Some(article),
        ..About::default()
    };
    note(db, now_ms, EventKind::Reedited, &about.with(detail.clone()))
}

/// An article with its new edition.
struct Ready<'a> {
    article: ArticleId,
    before: Before,
    edited: &'a Edited,
    source: Option<i64>,
    told: Option<Told>,
}

impl<'a> Ready<'a> {
    fn of(
        db: &Connection,
        again: &Again,
        before: Before,
        edited: &'a Edited,
        now_ms: i64,
    ) -> rusqlite::Result<Self> {
        let named = edited.source.as_ref().map(|found| found.value.as_str());
        let stated = again.stated.as_ref().map(|(name, _)| name.as_str());
        Ok(Self {
            article: again.article,
            source: if named == stated {
                again.source
            } else {
                source_of(db, edited, now_ms)?
            },
            told: furniture::told(db, again.article)?,
            before,
            edited,
        })
    }

    /// What it tells now, with the furniture it was edited with.
    fn tells(&self) -> Option<Told> {
        Some(Told {
            source: self.source?,
            observation: self.edited.observation.clone()?,
            known: self.edited.known.clone(),
        })
    }

    /// Counts what it tells, if that is not what it told before or not under this source.
    fn tell(&self, learner: &mut Learner<'_>) -> rusqlite::Result<()> {
        let tells = self.tells();
        if let Some(told) = &self.told {
            let same =
                |tells: &Told| tells.source == told.source && tells.observation == told.observation;
            if tells.as_ref().is_some_and(same) {
                return Ok(());
            }
            learner.retract(self.article, told)?;
        }
        match tells {
            Some(tells) => learner.count(&[(self.article, tells)]),
            None => Ok(()),
        }
    }

    /// Takes it off the queue if it was edited with the furniture there is now; returns it, with what the history says
    /// of it, if that makes a difference.
    fn settle(
        self,
        db: &Connection,
        learner: &mut Learner<'_>,
    ) -> rusqlite::Result<Option<(Self, Value)>> {
        if let Some(tells) = self.tells() {
            let now = learner.furniture_among(tells.source, &tells.observation.keys)?;
            if now != tells.known {
                return Ok(None);
            }
            if furniture::told(db, self.article)?.is_some() {
                furniture::set_told(db, self.article, &tells)?;
            }
            let first_ms = articles::standing(db, self.article)?.precedence.first_ms;
            let witness = (first_ms, self.before.digest.clone());
            learner.show(tells.source, &self.edited.marked, &witness)?;
        }
        furniture::unqueue(db, self.article)?;
        let title = self.edited.title.as_ref().map(|found| found.value.as_str());
        let same = self.before.source == self.source
            && self.before.text == self.edited.text
            && self.before.title.as_deref() == title
            && rewriting::has_pieces(db, self.article, &self.edited.pieces)?;
        if same {
            return Ok(None);
        }
        let detail = self.detail(db)?;
        Ok(Some((self, detail)))
    }

    /// Which blocks are furniture now and were not when it was edited last, and the other way round.
    fn detail(&self, db: &Connection) -> rusqlite::Result<Value> {
        let was = self
            .told
            .as_ref()
            .map(|told| told.known.clone())
            .unwrap_or_default();
        let is = &self.edited.known;
        let blocks = |of: &Furniture, without: &Furniture| -> rusqlite::Result<Vec<Value>> {
            let keys = of.as_slice().iter().filter(|key| !without.contains(**key));
            keys.take(BLOCKS_TOLD)
                .map(|key| {
                    let text = match self.source {
                        Some(source) => furniture::text_of(db, source, *key)?,
                        None => None,
                    };
                    Ok(json!({"key": format!("{key:016x}"), "text": text}))
                })
                .collect()
        };
        Ok(json!({
            "furniture": blocks(is, &was)?,
            "no_furniture": blocks(&was, is)?,
            "text_bytes": self.edited.text.len(),
            "text_bytes_before": self.before.text.len(),
        }))
    }

    fn change(&self) -> Change<'_> {
        Change {
            article: self.article,
            before: &self.before,
            edited: self.edited,
            source: self.source,
        }
    }

    fn reindexed(self) -> Reindexed<'a> {
        Reindexed {
            article: self.article,
            before: self.before,
            edited: self.edited,
        }
    }
}

/// Blocks that one line of the history names.
const BLOCKS_TOLD: usize = 50;

/// Makes what was written searchable; to be called last in the transaction.
pub(super) fn index(db: &Connection, reindexed: &[Reindexed<'_>]) -> rusqlite::Result<()> {
    for Reindexed {
        article,
        before,
        edited,
    } in reindexed
    {
        let title = edited.title.as_ref().map(|found| found.value.as_str());
        rewriting::unindex(db, *article, before)?;
        articles::index_for_search(db, *article, title, &edited.text)?;
    }
    Ok(())
}
