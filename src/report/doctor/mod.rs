//! `doctor`: whether what is written follows from the articles, and what puts it right where it does not.
//!
//! `CHECKS` is the table of what is looked at, each with a function of its own that returns what it found; a new one is a
//! function and a line. All of them see one state of the store, whatever a daemon commits meanwhile, and what is due to be
//! judged again is told as waiting: what is so only until then is no fault.
//!
//! Invariant: what is kept in memory does not grow with the store, but for one number an article of a family.

mod damage;
mod families;
mod prints;
mod relations;
mod search;
mod stories;
mod texts;
mod verdicts;

use rusqlite::{Connection, OptionalExtension as _};
use serde::Serialize;

use crate::job::ArticleId;
use crate::store::StoreError;

use super::{PathText, Reader, SCHEMA};

/// Puts right whatever can be worked out from the articles.
const REINDEX: &str = "copydesk reindex";

/// What helps where something is gone that nothing else tells.
const BACKUP: &str = "keep a copy of the file, then put a backup in its place";

/// Examples that are given of one fault.
const EXAMPLES: usize = 5;

/// Rows between two words about the progress.
const TELL: i64 = 1_024;

/// Something that is looked at.
struct Check {
    /// Its word.
    name: &'static str,
    /// What it asks.
    asks: &'static str,
    look: fn(&mut Look<'_>) -> rusqlite::Result<Vec<Finding>>,
}

const CHECKS: [Check; 11] = [
    Check {
        name: "file",
        asks: "SQLite reads the whole file",
        look: damage::file,
    },
    Check {
        name: "references",
        asks: "what a row names is there",
        look: damage::references,
    },
    Check {
        name: "texts",
        asks: "each text has its first article, its place and its words",
        look: texts::look,
    },
    Check {
        name: "prints",
        asks: "the index has the prints of each text, and no others",
        look: prints::look,
    },
    Check {
        name: "relations",
        asks: "each text is tied to texts before it that are there",
        look: relations::look,
    },
    Check {
        name: "versions",
        asks: "each version follows the one before it",
        look: verdicts::versions,
    },
    Check {
        name: "verdicts",
        asks: "each article is what its ties make it",
        look: verdicts::look,
    },
    Check {
        name: "families",
        asks: "each family is those whom ties make one, under its first",
        look: families::look,
    },
    Check {
        name: "stories",
        asks: "each lead is told, and sits in a story or alone",
        look: stories::look,
    },
    Check {
        name: "tallies",
        asks: "the articles are counted as they are",
        look: verdicts::tallies,
    },
    Check {
        name: "search",
        asks: "every article can be found by its words",
        look: search::look,
    },
];

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What is wrong.
    pub what: &'static str,
    /// How often.
    pub count: i64,
    /// Whether it may be more often still.
    pub at_least: bool,
    /// Where, for some of them.
    pub examples: Vec<Example>,
    /// What puts it right.
    pub help: &'static str,
}

impl Finding {
    /// Whether the file itself is damaged.
    pub fn is_damage(&self) -> bool {
        self.what == damage::DAMAGED
    }
}

/// Where something is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<i64>,
    /// The text: how its digest begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What else tells where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl Example {
    fn article(id: ArticleId) -> Self {
        Self {
            article: Some(id.0),
            ..Self::default()
        }
    }

    fn at(place: String) -> Self {
        Self {
            at: Some(place),
            ..Self::default()
        }
    }

    /// A text, by its row.
    fn text(db: &Connection, text: i64) -> rusqlite::Result<Self> {
        let known = db
            .prepare_cached(
                "SELECT lower(hex(substr(digest, 1, 8))), (SELECT min(id) FROM article WHERE text_id = text.id)
                 FROM text WHERE id = ?1",
            )?
            .query_row([text], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(match known {
            Some((digest, article)) => Self {
                article,
                text: Some(digest),
                at: None,
            },
            None => Self::at(format!("text in row {text}")),
        })
    }
}

/// One of the things that were looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Its word.
    pub name: &'static str,
    /// What it asks.
    pub asks: &'static str,
    /// Whether it was looked at: in a damaged file nothing else is.
    pub examined: bool,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Version of this object.
    pub schema: u32,
    /// The store.
    #[serde(flatten)]
    pub store: PathText,
    /// How many articles there are.
    pub articles: i64,
    /// How many texts.
    pub texts: i64,
    /// How many of those are to be judged again: what is so only until then is no fault.
    pub due: i64,
    /// How many articles wait to be put into stories, likewise.
    pub restory: i64,
    /// All that was looked at.
    pub checks: Vec<Checked>,
}

impl Report {
    /// All that is wrong.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.checks.iter().flat_map(|checked| &checked.findings)
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// What is being looked at.
    pub check: &'static str,
    /// How many rows were.
    pub done: i64,
    /// How many there are.
    pub of: i64,
}

/// Examines the store; `tell` hears of the progress.
pub fn examine(reader: &Reader, tell: &mut dyn FnMut(Step)) -> Result<Report, StoreError> {
    let path = reader.path().to_owned();
    reader.at_once(|db| {
        let checks = examine_all(db, tell)?;
        let is_damaged = checks.iter().flat_map(|it| &it.findings).any(Finding::is_damage);
        let count = |sql: &str| {
            if is_damaged {
                return Ok(0);
            }
            db.query_row(sql, [], |row| row.get(0))
        };
        Ok(Report {
            schema: SCHEMA,
            store: path.into(),
            articles: count("SELECT count(*) FROM article")?,
            texts: count(
                "SELECT count(*) FROM text WHERE EXISTS (SELECT 1 FROM article WHERE article.text_id = text.id)",
            )?,
            due: count("SELECT count(*) FROM due")?,
            restory: count("SELECT (SELECT count(*) FROM untold) + (SELECT count(*) FROM unseated)")?,
            checks,
        })
    })
}

/// Looks at everything in the table, as far as it can be looked at.
pub(crate) fn examine_all(
    db: &Connection,
    tell: &mut dyn FnMut(Step),
) -> rusqlite::Result<Vec<Checked>> {
    let mut is_damaged = false;
    let mut checks = Vec::with_capacity(CHECKS.len());
    for check in CHECKS {
        let mut look = Look {
            db,
            check: check.name,
            tell: &mut *tell,
            of: 0,
        };
        let findings = if is_damaged {
            Vec::new()
        } else {
            (check.look)(&mut look)?
        };
        checks.push(Checked {
            name: check.name,
            asks: check.asks,
            examined: !is_damaged,
            findings,
        });
        is_damaged |= checks
            .iter()
            .flat_map(|it| &it.findings)
            .any(Finding::is_damage);
    }
    Ok(checks)
}

/// What a check has at hand.
struct Look<'a> {
    db: &'a Connection,
    check: &'static str,
    tell: &'a mut dyn FnMut(Step),
    of: i64,
}

impl Look<'_> {
    /// There are so many rows to look at.
    fn expect(&mut self, rows: i64) {
        self.of = rows;
    }

    /// So many have been looked at.
    fn at(&mut self, done: i64) {
        if done % TELL == 0 {
            (self.tell)(Step {
                check: self.check,
                done,
                of: self.of,
            });
        }
    }
}

/// A fault that is looked for, as often as it was found.
struct Fault {
    what: &'static str,
    help: &'static str,
    count: i64,
    at_least: bool,
    examples: Vec<Example>,
}

impl Fault {
    /// A fault that reindexing puts right.
    fn of(what: &'static str) -> Self {
        Self {
            what,
            help: REINDEX,
            count: 0,
            at_least: false,
            examples: Vec::new(),
        }
    }

    fn add(&mut self, example: Example) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(example);
        }
    }

    fn add_text(&mut self, db: &Connection, text: i64) -> rusqlite::Result<()> {
        let example = if self.examples.len() < EXAMPLES {
            Example::text(db, text)?
        } else {
            Example::default()
        };
        self.add(example);
        Ok(())
    }
}

/// The faults that were found.
fn found(faults: impl IntoIterator<Item = Fault>) -> Vec<Finding> {
    faults
        .into_iter()
        .filter(|fault| fault.count > 0)
        .map(|fault| Finding {
            what: fault.what,
            count: fault.count,
            at_least: fault.at_least,
            examples: fault.examples,
            help: fault.help,
        })
        .collect()
}

/// Whether a text is to be judged again.
fn is_due(db: &Connection, text: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM due WHERE text_id = ?1)")?
        .query_row([text], |row| row.get(0))
}
