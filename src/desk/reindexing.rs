//! The index, and all that follows from it, made anew from the articles: what each text is called and where it stands, what
//! it is to those before it, versions, verdicts, families, tallies, the full-text index.
//!
//! It is done in steps, each of which is to be one transaction. After any of them the store is one that can be worked on: the
//! first leaves every text due and without a place, as the upgrade did that brought the index, and whoever has the store
//! next, be it a daemon, judges on from there. In a store that is right nothing is changed, and nothing told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::Connection;
use serde_json::json;

use crate::article::fingerprint;
use crate::job::ArticleId;
use crate::store::index::{self, Place};
use crate::store::provenance::{About, EventKind, day_of, note};
use crate::store::{articles, families, kinship, rebuilding, relations, stories, texts};
use crate::stories::window::Window;

use super::{comparing, judging, kill, seating, telling};

/// Articles or texts of one step where none is compared.
const SLICE: usize = 256;

/// Items that are told, or seated, in one step: for each the days around them are read again.
const TOLD: usize = 2_048;

/// Texts that are judged in one step.
const JUDGED: usize = 32;

/// Texts whose turn is worked out at once: to find the earliest that are due, all that are due are read.
const TURNS: usize = 65_536;

/// Prints moved to their places at once, and how often in one step.
const MOVED: usize = 8_192;
const MOVES: usize = 4;

/// What is being made anew, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The index is emptied.
    Emptying,
    /// Each article has the text it says.
    Texts,
    /// Each text has its first article, its place and its prints.
    Places,
    /// Each text is compared with those before it.
    Judging,
    /// Each article follows the version before it.
    Versions,
    /// Each article is what its ties make it.
    Verdicts,
    /// Each family is those whom ties make one.
    Families,
    /// Each story is of those that are linked.
    Stories,
    /// The tallies count the articles as they are.
    Tallies,
    /// The full-text index says what the articles say.
    Search,
    /// All is done.
    Done,
}

impl Stage {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Emptying => "emptying",
            Self::Texts => "texts",
            Self::Places => "places",
            Self::Judging => "judging",
            Self::Versions => "versions",
            Self::Verdicts => "verdicts",
            Self::Families => "families",
            Self::Stories => "stories",
            Self::Tallies => "tallies",
            Self::Search => "search",
            Self::Done => "done",
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::Emptying => Self::Texts,
            Self::Texts => Self::Places,
            Self::Places => Self::Judging,
            Self::Judging => Self::Versions,
            Self::Versions => Self::Verdicts,
            Self::Verdicts => Self::Families,
            Self::Families => Self::Stories,
            Self::Stories => Self::Tallies,
            Self::Tallies => Self::Search,
            Self::Search | Self::Done => Self::Done,
        }
    }
}

/// How far it is.
#[derive(Debug, Clone)]
pub struct Reindexing {
    /// What is being done.
    pub stage: Stage,
    /// How much of that is done.
    pub done: i64,
    /// How much of it there is.
    pub of: i64,
    /// Whether the full-text index was made anew.
    pub is_search_rebuilt: bool,
    /// The row up to which everything is done.
    behind: i64,
    /// The texts that are judged next, of which so many have been.
    turns: Arc<[i64]>,
    judged: usize,
    /// The last line of the history when it began.
    begun_at: i64,
}

impl Reindexing {
    /// At its beginning.
    pub fn begin(db: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            stage: Stage::Emptying,
            done: 0,
            of: 1,
            is_search_rebuilt: false,
            behind: 0,
            turns: Arc::default(),
            judged: 0,
            begun_at: rebuilding::last_event(db)?,
        })
    }

    /// Does the next of it, in one transaction; returns how far it is once that is committed.
    pub fn step(&self, db: &Connection, now_ms: i64) -> rusqlite::Result<Self> {
        kill::point("reindex");
        match self.stage {
            Stage::Emptying => {
                rebuilding::empty(db)?;
                kinship::clear_lost(db)?;
                self.enter(db, Stage::Texts)
            }
            Stage::Texts => self.texts(db),
            Stage::Places => self.places(db),
            Stage::Judging => self.judge(db, now_ms),
            Stage::Versions => self.walk(db, |article| judging::line_up(db, article)),
            Stage::Verdicts => self.walk(db, |article| judging::judge_again(db, article, now_ms)),
            Stage::Families => self.families(db, now_ms),
            Stage::Stories => self.stories(db),
            Stage::Tallies => {
                rebuilding::count_anew(db)?;
                self.enter(db, Stage::Search)
            }
            Stage::Search => {
                let is_search_rebuilt = rebuilding::rebuild_search(db)?;
                let done = Self {
                    is_search_rebuilt,
                    ..self.enter(db, Stage::Done)?
                };
                done.tell(db, now_ms)?;
                Ok(done)
            }
            Stage::Done => Ok(self.clone()),
        }
    }

    fn enter(&self, db: &Connection, stage: Stage) -> rusqlite::Result<Self> {
        let (articles, texts) = rebuilding::ends(db)?;
        let of = match stage {
            Stage::Texts | Stage::Versions | Stage::Verdicts => articles,
            Stage::Places => texts,
            Stage::Judging => relations::count_due(db)?,
            Stage::Families => rebuilding::last_family(db)?,
            Stage::Stories => stories::count_waiting(db)?,
            Stage::Emptying | Stage::Tallies | Stage::Search | Stage::Done => 1,
        };
        Ok(Self {
            stage,
            done: 0,
            of,
            behind: 0,
            turns: Arc::default(),
            judged: 0,
            ..self.clone()
        })
    }

    fn next(&self, db: &Connection) -> rusqlite::Result<Self> {
        self.enter(db, self.stage.next())
    }

    fn behind(&self, row: i64) -> Self {
        Self {
            behind: row,
            done: row,
            of: self.of.max(row),
            ..self.clone()
        }
    }

    /// Calls back with the articles of a slice.
    fn walk(
        &self,
        db: &Connection,
        mut each: impl FnMut(ArticleId) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<Self> {
        let slice = rebuilding::ids_behind(db, self.behind, SLICE)?;
        let Some(last) = slice.last() else {
            return self.next(db);
        };
        for article in &slice {
            each(*article)?;
        }
        Ok(self.behind(last.0))
    }

    fn texts(&self, db: &Connection) -> rusqlite::Result<Self> {
        let slice = rebuilding::articles_behind(db, self.behind, SLICE)?;
        let Some((last, ..)) = slice.last() else {
            return self.next(db);
        };
        for (article, text, words) in &slice {
            let print = fingerprint::fingerprint(words);
            if rebuilding::digest_of(db, *text)? == Some(print.text_digest) {
                continue;
            }
            let right = match texts::find_text(db, &print.text_digest)? {
                Some(text) => text,
                None => texts::insert_text(db, &print.text_digest, print.prints.len())?,
            };
            rebuilding::set_text(db, *article, right)?;
        }
        Ok(self.behind(last.0))
    }

    fn places(&self, db: &Connection) -> rusqlite::Result<Self> {
        let slice = rebuilding::texts_behind(db, self.behind, SLICE)?;
        let Some((last, _)) = slice.last() else {
            return self.next(db);
        };
        for (text, is_covered) in &slice {
            place(db, *text, *is_covered)?;
        }
        fill(db)?;
        Ok(self.behind(*last))
    }

    fn judge(&self, db: &Connection, now_ms: i64) -> rusqlite::Result<Self> {
        let mut here = self.clone();
        if here.judged >= here.turns.len() {
            here.turns = relations::due(db, TURNS)?.into();
            here.judged = 0;
        }
        let rest = here.turns.get(here.judged..).unwrap_or_default();
        let slice = rest.get(..JUDGED).unwrap_or(rest);
        if slice.is_empty() {
            return self.next(db);
        }
        judging::rejudge_these(db, slice, now_ms)?;
        here.judged += slice.len();
        here.done += i64::try_from(slice.len()).unwrap_or(0);
        here.of = here.of.max(here.done);
        fill(db)?;
        Ok(here)
    }

    fn families(&self, db: &Connection, now_ms: i64) -> rusqlite::Result<Self> {
        let mut behind = self.behind;
        for _ in 0..SLICE {
            let Some(family) = kinship::next_family(db, behind)? else {
                // Those who ought to be in one and are in none.
                let left_out = kinship::left_out(db, ArticleId(0), SLICE)?;
                for article in &left_out {
                    group(db, BTreeMap::from([(*article, None)]), now_ms)?;
                }
                return if left_out.is_empty() {
                    self.next(db)
                } else {
                    Ok(self.behind(behind))
                };
            };
            behind = family.id;
            if !family.is_right(db)? {
                let was = Some(family.lead);
                let members = families::dissolve(db, family.id)?;
                group(
                    db,
                    members.into_iter().map(|id| (id, was)).collect(),
                    now_ms,
                )?;
            }
        }
        Ok(self.behind(behind))
    }

    fn stories(&self, db: &Connection) -> rusqlite::Result<Self> {
        // What is at hand is read again for each step, since a step that fails is done again.
        let looked = match telling::tell(db, &mut Window::default(), TOLD)? {
            0 => seating::seat_marked(db, TOLD)?,
            told => told,
        };
        if looked == 0 {
            return self.next(db);
        }
        let done = self.done + i64::try_from(looked).unwrap_or(0);
        Ok(Self {
            done,
            of: done + stories::count_waiting(db)?,
            ..self.clone()
        })
    }

    fn tell(&self, db: &Connection, now_ms: i64) -> rusqlite::Result<()> {
        let changes = self.changes(db)?;
        let detail = json!({
            "judged": changes.judged,
            "joined": changes.joined,
            "parted": changes.parted,
            "search": self.is_search_rebuilt,
        });
        note(
            db,
            now_ms,
            EventKind::Reindexed,
            &About::default().with(detail),
        )
    }

    /// What the history says that has changed since it began.
    pub fn changes(&self, db: &Connection) -> rusqlite::Result<Changes> {
        let count = |kind: EventKind| rebuilding::count_events(db, self.begun_at, kind.as_str());
        Ok(Changes {
            judged: count(EventKind::Judged)?,
            joined: count(EventKind::Joined)?,
            parted: count(EventKind::Parted)?,
        })
    }
}

/// What was found otherwise than it was written, as the history tells it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Verdicts.
    pub judged: i64,
    /// Articles that came to a family.
    pub joined: i64,
    /// Articles that left one.
    pub parted: i64,
}

/// Finds a text its first article, and puts it into the index as what it counted, covered or not: only then it is compared
/// with the others, so that each finds all that were there before it.
fn place(db: &Connection, text: i64, is_covered: bool) -> rusqlite::Result<()> {
    let all = articles::with_text(db, text)?;
    let first = all
        .into_iter()
        .min_by(|a, b| a.precedence.cmp(&b.precedence));
    let Some(first) = first else {
        return rebuilding::put_away(db, text);
    };
    texts::set_first_of_text(db, text, Some(first.id))?;
    let Some(words) = texts::words_of(db, text)? else {
        return Ok(());
    };
    let print = fingerprint::fingerprint(&words.text);
    rebuilding::set_prints(db, text, print.prints.len())?;
    let place = Place {
        day: day_of(first.precedence.first_ms),
        is_covered,
    };
    index::insert(db, text, place, &comparing::keys_of_text(&words.text))
}

fn fill(db: &Connection) -> rusqlite::Result<()> {
    for _ in 0..MOVES {
        if !index::fill(db, MOVED)? {
            break;
        }
    }
    Ok(())
}

/// Makes families of articles that are in none, with who led them before, and of all that ties lead to from there.
fn group(
    db: &Connection,
    mut was: BTreeMap<ArticleId, Option<ArticleId>>,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let mut seen = BTreeSet::new();
    while let Some(article) = was.keys().find(|id| !seen.contains(*id)).copied() {
        let members = kinship::component_of(db, article)?;
        for member in &members {
            if let Some(family) = families::family_of(db, *member)? {
                for other in families::dissolve(db, family.id)? {
                    was.insert(other, Some(family.lead));
                }
            }
            was.entry(*member).or_insert(None);
        }
        let lead = match kinship::lead_of(db, &members)? {
            Some(lead) if members.len() > 1 => {
                let all: Vec<ArticleId> = members.iter().copied().collect();
                let family = families::unite(db, &[], &all, lead)?;
                Some((lead, family))
            }
            _ => None,
        };
        for member in &members {
            tell_grouped(
                db,
                *member,
                was.get(member).copied().flatten(),
                lead,
                now_ms,
            )?;
        }
        seen.extend(members);
    }
    Ok(())
}

/// Writes down that another article leads an article's family than before, or none does.
fn tell_grouped(
    db: &Connection,
    article: ArticleId,
    was: Option<ArticleId>,
    is: Option<(ArticleId, i64)>,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let about = About {
        article: Some(article),
        ..About::default()
    };
    match (was, is) {
        (was, Some((lead, family))) if was != Some(lead) => {
            let detail = json!({"family": family, "lead": lead, "united": []});
            note(db, now_ms, EventKind::Joined, &about.with(detail))
        }
        (Some(was), None) => {
            let detail = json!({"from": was, "family": null});
            note(db, now_ms, EventKind::Parted, &about.with(detail))
        }
        _ => Ok(()),
    }
}
