//! The same pipeline once over some files and folders, then an end: for archives and scripts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::config::{Drop, DropSource, Settings};
use crate::desk::Listeners;
use crate::desk::recorder::Outcome;
use crate::job::{After, ArticleId, DropId};
use crate::store::{Make, StoreError, afters, articles, furniture, jobs, relations, stories};

use super::shift::{Shift, Task};
use super::signals::Signals;
use super::{DaemonError, GRACE, Tenure, now_ms};

/// Name of the drop that files belong to which lie in no configured one.
const DROP_NAME: &str = "ingest";

/// A second attempt further away than this is not waited for.
const PATIENCE_MS: i64 = 5_000;

/// How often the progress is told.
const TELL: Duration = Duration::from_millis(100);

/// What to take in.
#[derive(Debug, Clone)]
pub struct Request {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// Who publishes them, where the configuration does not say.
    pub source: DropSource,
}

/// How far it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files whose turn has ended.
    pub files: u64,
    /// Files on the queue or in work.
    pub waiting: u64,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Version of this object.
    pub schema: u32,
    /// Files whose turn has ended.
    pub files: u64,
    /// Articles recorded.
    pub articles: u64,
    /// Files whose bytes were in the record.
    pub same_bytes: u64,
    /// Articles by their verdict now.
    pub verdicts: BTreeMap<String, i64>,
    /// Files put aside, by reason.
    pub held: BTreeMap<String, u64>,
    /// Files that vanished or changed on the way.
    pub gone: u64,
    /// Files that wait for another attempt.
    pub waiting: i64,
    /// Seconds it took.
    pub seconds: f64,
    /// Files a second.
    pub files_per_second: f64,
    /// Why it ended early, if so.
    pub paused: Option<String>,
    /// Whether a signal ended it early.
    pub interrupted: bool,
}

impl Summary {
    /// Whether every file is in the record.
    pub fn is_complete(&self) -> bool {
        self.held.is_empty() && self.waiting == 0 && self.paused.is_none() && !self.interrupted
    }
}

#[derive(Debug, Default)]
struct Tally {
    files: u64,
    same_bytes: u64,
    gone: u64,
    postponed: u64,
    held: BTreeMap<&'static str, u64>,
    articles: u64,
    /// The first article of this run: nobody else records while it lasts.
    first: Option<ArticleId>,
}

/// A flag that SIGTERM, SIGINT and SIGHUP set from now on.
pub fn interruption() -> Result<Arc<AtomicBool>, DaemonError> {
    let flag = Arc::new(AtomicBool::new(false));
    let (set, begun) = (Arc::clone(&flag), std::sync::mpsc::sync_channel(1));
    let wrong = |source| DaemonError::System {
        what: "listen to signals",
        source,
    };
    let (tell, begun) = begun;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let listening = runtime.and_then(|runtime| {
                let signals = {
                    let _entered = runtime.enter();
                    Signals::listen()?
                };
                Ok((runtime, signals))
            });
            match listening {
                Ok((runtime, mut signals)) => {
                    tell.send(Ok(())).unwrap_or(());
                    runtime.block_on(signals.next());
                    set.store(true, Ordering::Relaxed);
                }
                Err(error) => tell.send(Err(error)).unwrap_or(()),
            }
        })
        .map_err(wrong)?;
    match begun.recv() {
        Ok(Ok(())) | Err(_) => Ok(flag),
        Ok(Err(error)) => Err(wrong(error)),
    }
}

/// Goes through the paths once. `tell` hears of the progress about ten times a second; `interrupted` is asked as often.
pub fn ingest(
    settings: &Settings,
    request: &Request,
    tell: &mut dyn FnMut(Progress),
    interrupted: &dyn Fn() -> bool,
) -> Result<Summary, DaemonError> {
    let began = Instant::now();
    let tenure = Tenure::begin(settings, "ingest", Make::IfNew)?;
    let tally = Arc::new(Mutex::new(Tally::default()));
    let bell = Arc::new((Mutex::new(()), Condvar::new()));
    let listeners = listeners(&tally, &bell);
    let task = Task::Once(assign(settings, request)?);
    let mut shift = Shift::begin(settings, &tenure.store, task, &listeners)?;
    let end = wait(&shift, &tenure, &tally, &bell, tell, interrupted);
    let failure = shift.take_failure();
    let drops = shift.drops().to_vec();
    let finished = shift.end(GRACE);
    if let Some(failure) = failure {
        return Err(failure);
    }
    let (paused, was_interrupted) = end?;
    let mut summary = summarise(&tenure, &tally, &drops)?;
    summary.paused = paused;
    summary.interrupted = was_interrupted;
    summary.seconds = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let files = summary.files as f64;
    summary.files_per_second = files / summary.seconds.max(f64::EPSILON);
    if !finished {
        return Err(DaemonError::Unfinished);
    }
    tenure.end()?;
    Ok(summary)
}

fn listeners(tally: &Arc<Mutex<Tally>>, bell: &Arc<(Mutex<()>, Condvar)>) -> Listeners {
    let tally = Arc::clone(tally);
    let bell = Arc::clone(bell);
    Listeners {
        ended: Arc::new(move |_, outcome| {
            let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
            match outcome {
                Outcome::Postponed(_) => {
                    tally.postponed += 1;
                    return;
                }
                Outcome::Recorded(taken) | Outcome::Part(taken) => {
                    tally.articles += taken.len() as u64;
                    let ids = taken.iter().map(|taken| taken.id);
                    tally.first = tally.first.into_iter().chain(ids).min();
                    if matches!(outcome, Outcome::Part(_)) {
                        return;
                    }
                }
                Outcome::SameBytes => tally.same_bytes += 1,
                Outcome::Held(reason, _) => *tally.held.entry(reason.as_str()).or_default() += 1,
                Outcome::Gone => tally.gone += 1,
            }
            tally.files += 1;
        }),
        changed: Arc::new(move || bell.1.notify_one()),
        ..Listeners::none()
    }
}

/// Waits until nothing is left to do; returns why it ended early, and whether a signal did that.
fn wait(
    shift: &Shift,
    tenure: &Tenure,
    tally: &Mutex<Tally>,
    bell: &(Mutex<()>, Condvar),
    tell: &mut dyn FnMut(Progress),
    interrupted: &dyn Fn() -> bool,
) -> Result<(Option<String>, bool), DaemonError> {
    let reader = tenure.store.reader()?;
    let wrong = |source| StoreError::Sqlite {
        path: tenure.store.path().to_owned(),
        source,
    };
    loop {
        let desk = shift.desk_report(Instant::now());
        let files = tally.lock().unwrap_or_else(PoisonError::into_inner).files;
        let queued = jobs::count_waiting(&reader, shift.drops()).map_err(wrong)?;
        tell(Progress {
            files,
            waiting: queued.cast_unsigned() + desk.outstanding as u64,
        });
        if interrupted() {
            return Ok((None, true));
        }
        if desk.paused.is_some() {
            return Ok((desk.paused, false));
        }
        if let Some(failure) = shift.take_failure() {
            return Err(failure);
        }
        // In this order: what is found goes to the queue, what is on the queue goes into work, what is in work ends.
        if shift.has_queued_all() && !is_due_soon(&reader, shift, tenure)? && shift.is_idle() {
            // What was recorded last may have made something furniture, or precede others: looked at once nothing is in
            // work any more.
            let reedits = furniture::count_waiting(&reader).map_err(wrong)?;
            let rejudged = relations::count_due(&reader).map_err(wrong)?;
            let is_told = !stories::is_waiting(&reader).map_err(wrong)?;
            if reedits + rejudged == 0 && is_told {
                return Ok((None, false));
            }
        }
        let guard = bell.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(bell.1.wait_timeout(guard, TELL));
    }
}

/// Whether something on the queue, or an after-action, is due now or within the patience.
fn is_due_soon(
    reader: &rusqlite::Connection,
    shift: &Shift,
    tenure: &Tenure,
) -> Result<bool, StoreError> {
    let soon = now_ms() + PATIENCE_MS;
    let due = |drops| -> rusqlite::Result<bool> {
        let job = jobs::next_due(reader, drops)?;
        let after = afters::next_after(reader, drops)?;
        Ok(job.into_iter().chain(after).any(|due_ms| due_ms <= soon))
    };
    due(shift.drops()).map_err(|source| StoreError::Sqlite {
        path: tenure.store.path().to_owned(),
        source,
    })
}

fn summarise(
    tenure: &Tenure,
    tally: &Mutex<Tally>,
    drops: &[DropId],
) -> Result<Summary, DaemonError> {
    let wrong = |source| StoreError::Sqlite {
        path: tenure.store.path().to_owned(),
        source,
    };
    let reader = tenure.store.reader()?;
    let tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
    let mut summary = Summary {
        schema: 1,
        files: tally.files,
        articles: tally.articles,
        same_bytes: tally.same_bytes,
        gone: tally.gone,
        held: tally
            .held
            .iter()
            .map(|(reason, n)| ((*reason).to_owned(), *n))
            .collect(),
        waiting: jobs::count_waiting(&reader, drops).map_err(wrong)?,
        ..Summary::default()
    };
    if let Some(first) = tally.first {
        summary.verdicts = articles::verdicts_since(&reader, first).map_err(wrong)?;
    }
    Ok(summary)
}

/// The drop each path belongs to: the configured one it lies in, else one of our own.
fn assign(settings: &Settings, request: &Request) -> Result<Vec<(PathBuf, Drop)>, DaemonError> {
    let mut pairs = Vec::new();
    for path in &request.paths {
        let path = std::path::absolute(path).map_err(|source| DaemonError::Folder {
            path: path.clone(),
            source,
        })?;
        let configured = settings
            .drops
            .iter()
            .find(|drop| path.starts_with(&drop.path));
        let drop = match configured {
            Some(drop) => drop.clone(),
            None => own_drop(&path, &request.source),
        };
        pairs.push((path, drop));
    }
    Ok(pairs)
}

fn own_drop(path: &Path, source: &DropSource) -> Drop {
    // Sub-folders are counted from the path that was named, so each such path is a drop of its own.
    let (name, root) = match source {
        DropSource::Subfolder => (format!("{DROP_NAME}:{}", path.display()), path.to_owned()),
        DropSource::Document | DropSource::Named(_) => (DROP_NAME.to_owned(), PathBuf::from("/")),
    };
    Drop {
        name,
        source: source.clone(),
        after: After::Keep,
        ..Drop::plain(root)
    }
}
