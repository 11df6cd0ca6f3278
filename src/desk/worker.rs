//! One worker's turn: a claimed job in, everything the recorder needs out.
//!
//! The digest is looked up before the editing, so that a file that came before costs a read and no more. A file of many
//! articles goes to the recorder in parts, each with how far it has come.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::path::{Component, Path};
use std::time::{Duration, Instant};

use crate::article::unpack::{self, Bounds, Place, Summary, Trouble};
use crate::article::{Edited, Found, Hints, Learnt, Rules};
use crate::config::{Drop, DropSource, Retry};
use crate::job::{Fate, Reason};
use crate::store::jobs::Claim;
use crate::store::members::{Earlier, Standing};

use super::disk::{Disk, ReadError};
use super::fate;
use super::parts::Parts;
use super::reading::{self, Reading};
use super::recorder::ELSEWHERE;

/// What a worker made of a job, or of a part of it.
#[derive(Debug)]
pub struct Finished {
    /// The job.
    pub claim: Claim,
    /// What came of it.
    pub work: Work,
    /// Told once it is in the record, or that it could not be taken, where the worker waits for that.
    pub heard: Option<std::sync::mpsc::SyncSender<Heard>>,
}

impl Finished {
    /// Whether more of the same file is to come.
    pub fn is_part(&self) -> bool {
        matches!(&self.work, Work::Edited(file) if !file.progress.is_last)
    }
}

/// What a worker hears of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It is in the record.
    Recorded,
    /// Another job takes the same bytes in.
    Elsewhere,
    /// The store would not take it, and why.
    Refused(String),
}

/// What came of a job.
#[derive(Debug)]
pub enum Work {
    /// Its bytes are those of a document in the record.
    Known {
        /// BLAKE3 of the bytes.
        digest: [u8; 32],
        /// The source as declared from outside, with the rule.
        source: Option<(String, &'static str)>,
    },
    /// It was edited, or a part of it was.
    Edited(Box<EditedFile>),
    /// It is tried again, gone, or put aside.
    Failed(Fate, String),
}

/// An edited file or a part of one, ready to be recorded.
#[derive(Debug)]
pub struct EditedFile {
    /// BLAKE3 of the bytes.
    pub digest: [u8; 32],
    /// The source as declared from outside, with the rule.
    pub source: Option<(String, &'static str)>,
    /// What it is.
    pub format: &'static str,
    /// What it was decoded from.
    pub charset: Found<&'static str>,
    /// What is in it: articles, notices, and what was not taken.
    pub entries: Vec<Entry>,
    /// How far this has come.
    pub progress: Progress,
}

impl EditedFile {
    /// The article of an entry.
    pub fn member(&self, entry: usize) -> Option<&Member> {
        self.entries.get(entry)?.outcome.as_ref().ok()
    }
}

/// How far the reading of a file has come.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Members of the file that are done, from the first.
    pub reached: u64,
    /// Of these, how many stay as they are however the file grows; 0 where the file is one document.
    pub settled: u64,
    /// Whether this is all.
    pub is_last: bool,
    /// What is wrong with the end of the file.
    pub end: Option<(Reason, String)>,
    /// The document this one goes on from.
    pub continues: Option<i64>,
    /// Whether the file itself is the one member.
    pub is_whole_file: bool,
}

/// An article of a file, or why it was not taken.
#[derive(Debug)]
pub struct Entry {
    /// Its number in the document.
    pub ordinal: i64,
    /// Where it stands; empty where the file is the article.
    pub place: Place,
    /// What it is in itself, where that is not what the file is.
    pub apart: Option<(&'static str, Found<&'static str>)>,
    /// What is stated around it, as JSON.
    pub around: Option<String>,
    /// The article.
    pub outcome: Result<Member, (Reason, String)>,
}

/// An edited article, its decoded input compressed.
#[derive(Debug)]
pub struct Member {
    /// The article; its `input` is empty.
    pub edited: Edited,
    /// Size of its decoded input.
    pub input_bytes: usize,
    /// Its decoded input, Zstandard-compressed.
    pub input_zstd: Vec<u8>,
    /// Of a notice the article object, as JSON.
    pub object: Option<String>,
}

/// What a worker works with.
pub struct Tools<'a> {
    /// The disk.
    pub disk: &'a dyn Disk,
    /// The drop folder the file lies in.
    pub drop: &'a Drop,
    /// Largest file that is read.
    pub file_bytes_max: u64,
    /// Bounds of taking files apart.
    pub bounds: &'a Bounds,
    /// Bounds of the editing.
    pub rules: &'a Rules,
    /// Longest time for one file.
    pub file_max: Duration,
    /// How often and when to try again.
    pub retry: &'a Retry,
    /// What is known as furniture of a source; none where nothing is to be learnt.
    pub learnt: Option<&'a mut Learnt<'a>>,
    /// What the record knows of a document.
    pub standing: &'a mut dyn FnMut(&[u8; 32]) -> rusqlite::Result<Standing>,
    /// What lay at a path before, and was smaller than this.
    pub earlier: &'a mut dyn FnMut(&Path, u64) -> rusqlite::Result<Option<Earlier>>,
    /// Says that the work gets on, so that a long file is not taken for a hang; told whether to go on with it.
    pub gets_on: &'a dyn Fn() -> ControlFlow<()>,
    /// Takes the parts of a file.
    pub parts: &'a mut dyn TakesParts,
}

/// Who takes the parts of a file: one is being recorded while the next is made, whatever the size of the file.
pub trait TakesParts {
    /// Hands a part on, once the one before is recorded; says whether to go on.
    fn send(&mut self, part: EditedFile) -> ControlFlow<Halt>;
    /// Waits until what was handed on is recorded; says whether to go on.
    fn settle(&mut self) -> ControlFlow<Halt>;
}

impl<F: FnMut(EditedFile) -> ControlFlow<Halt>> TakesParts for F {
    fn send(&mut self, part: EditedFile) -> ControlFlow<Halt> {
        self(part)
    }

    fn settle(&mut self) -> ControlFlow<Halt> {
        ControlFlow::Continue(())
    }
}

/// Why a worker leaves a file after a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Halt {
    /// The desk stops.
    Stops,
    /// Another job takes the same bytes in.
    Elsewhere,
    /// The store refused the part, and why.
    Refused(String),
}

impl std::fmt::Debug for Tools<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tools")
            .field("drop", self.drop)
            .finish_non_exhaustive()
    }
}

/// One turn: read, look up, take apart, edit, compress. Nothing comes of it where the desk stops in the middle of a file.
pub fn turn(claim: &Claim, tools: &mut Tools<'_>) -> Option<Work> {
    let earlier = match (tools.earlier)(&claim.path, claim.stamp.size_bytes) {
        Ok(earlier) => earlier,
        Err(error) => return Some(not_told(&error)),
    };
    let (stops, told) = (Cell::new(false), tools.gets_on);
    let gets_on = || {
        let told = told();
        stops.set(told.is_break());
        told
    };
    let opened = reading::open(tools.disk, claim, tools.file_bytes_max, earlier, &gets_on);
    let work = match opened {
        Ok(reading) => {
            let source = declared_source(tools.drop, &claim.path);
            let standing = match (tools.standing)(&reading.digest) {
                Ok(standing) => standing,
                Err(error) => return Some(not_told(&error)),
            };
            if standing == Standing::Whole {
                let digest = reading.digest;
                return Some(Work::Known { digest, source });
            }
            take_apart(claim, tools, reading, source, &standing)
        }
        Err(error) => Some(failed(&error, claim, tools.retry)),
    };
    // What failed because the desk stops did not fail.
    work.filter(|_| !stops.get())
}

fn take_apart(
    claim: &Claim,
    tools: &mut Tools<'_>,
    mut reading: Reading<'_>,
    source: Option<(String, &'static str)>,
    standing: &Standing,
) -> Option<Work> {
    let earlier = reading.earlier.take();
    let skip = match standing {
        Standing::Open { reached } => *reached,
        Standing::New => earlier.as_ref().map_or(0, |earlier| earlier.settled),
        Standing::Patchy { members, from } => {
            members.iter().chain(from).min().copied().unwrap_or(0)
        }
        Standing::Whole => 0,
    };
    let name = claim.path.file_name().map(|name| name.to_string_lossy());
    let declared = source.clone();
    let hints = Hints {
        file_name: name.as_deref(),
        source: declared.as_ref().map(|(name, rule)| (name.as_str(), *rule)),
        ..Hints::default()
    };
    let is_new = *standing == Standing::New;
    let continues = earlier.map(|earlier| earlier.document);
    let bounds = tools.bounds;
    let mut taking = Taking {
        claim,
        standing,
        hints: &hints,
        is_held: reading.is_held,
        began: Instant::now(),
        parts: Parts::new(reading.digest, source, continues, skip, is_new),
        left: None,
        tools,
    };
    let summary = unpack::unpack(
        &mut reading.input,
        bounds,
        name.as_deref(),
        skip,
        &mut |member| taking.take(member),
    );
    taking.end(summary, reading.input.is_unchanged())
}

/// A file that is being taken in.
struct Taking<'a, 't> {
    claim: &'a Claim,
    tools: &'a mut Tools<'t>,
    standing: &'a Standing,
    hints: &'a Hints<'a>,
    is_held: bool,
    began: Instant,
    parts: Parts,
    left: Option<Left>,
}

/// Why a file was left before its end.
enum Left {
    Halted(Halt),
    TooSlow,
    Failed(ReadError),
}

impl Taking<'_, '_> {
    /// Takes a member; what is gathered goes to the recorder first, if it is enough.
    fn take(&mut self, member: unpack::Member) -> ControlFlow<()> {
        // A file that is held is done in a moment: it is left after a part at the earliest.
        if (self.tools.gets_on)().is_break() && !self.is_held {
            return self.leave(Left::Halted(Halt::Stops));
        }
        if !self.wants(member.ordinal) {
            self.parts.pass(member.ordinal);
            return ControlFlow::Continue(());
        }
        if self.parts.is_full() {
            self.hand_on()?;
        }
        if self.began.elapsed() > self.tools.file_max {
            // What is done so far is recorded, so that a retry gets further than this.
            if !self.parts.is_empty() {
                self.hand_on()?;
            }
            return self.leave(Left::TooSlow);
        }
        let learnt = self.tools.learnt.as_deref_mut();
        self.parts
            .edit(member, self.hints, self.tools.rules, learnt);
        ControlFlow::Continue(())
    }

    /// Whether a member is not in the record yet.
    fn wants(&self, member: u64) -> bool {
        match self.standing {
            Standing::New | Standing::Open { .. } | Standing::Whole => true,
            Standing::Patchy { members, from } => {
                members.contains(&member) || from.is_some_and(|from| member >= from)
            }
        }
    }

    fn leave(&mut self, left: Left) -> ControlFlow<()> {
        self.left = Some(left);
        ControlFlow::Break(())
    }

    /// Hands on what is gathered.
    fn hand_on(&mut self) -> ControlFlow<()> {
        // What was read so far is only good if the file has not changed meanwhile.
        let unchanged = if self.is_held {
            Ok(())
        } else {
            input_check(self.tools.disk, self.claim)
        };
        let sent = match unchanged {
            Ok(()) => {
                let part = self.parts.take();
                self.tools.parts.send(part).map_break(Left::Halted)
            }
            Err(error) => ControlFlow::Break(Left::Failed(error)),
        };
        match sent {
            ControlFlow::Continue(()) => ControlFlow::Continue(()),
            ControlFlow::Break(left) => self.leave(left),
        }
    }

    /// What comes of the file, where the desk does not stop.
    fn end(
        mut self,
        summary: Result<Summary, Trouble>,
        unchanged: std::io::Result<bool>,
    ) -> Option<Work> {
        let (claim, retry) = (self.claim, self.tools.retry);
        // What comes of the file is said behind its parts, not beside one that may still be refused.
        if !matches!(self.left, Some(Left::Halted(_)))
            && let ControlFlow::Break(halt) = self.tools.parts.settle()
        {
            self.left = Some(Left::Halted(halt));
        }
        match self.left {
            Some(Left::Halted(Halt::Stops)) => return None,
            Some(Left::Halted(Halt::Elsewhere)) => {
                return Some(Work::Failed(Fate::Again, ELSEWHERE.to_owned()));
            }
            Some(Left::Halted(Halt::Refused(why))) => {
                return Some(Work::Failed(Fate::Hold(Reason::RecordError), why));
            }
            Some(Left::Failed(error)) => return Some(failed(&error, claim, retry)),
            Some(Left::TooSlow) => {
                let why = format!("not done after {} seconds", self.tools.file_max.as_secs());
                return Some(Work::Failed(Fate::Hold(Reason::TooSlow), why));
            }
            None => {}
        }
        match unchanged {
            Ok(true) => {}
            Ok(false) => return Some(failed(&ReadError::Changed, claim, retry)),
            Err(error) => return Some(failed(&error.into(), claim, retry)),
        }
        Some(match summary {
            Ok(summary) => self.parts.finish(&summary),
            Err(trouble) => {
                let error = ReadError::Io(std::io::Error::other(trouble.to_string()));
                failed(&error, claim, retry)
            }
        })
    }
}

/// Without the record nobody can say what of a file is in it already: the file waits, rather than being taken in twice.
fn not_told(error: &rusqlite::Error) -> Work {
    let why = format!("the store does not say what it has of this file: {error}");
    Work::Failed(Fate::Again, why)
}

/// Whether what lies at the path is still what was sighted.
fn input_check(disk: &dyn Disk, claim: &Claim) -> Result<(), ReadError> {
    match disk.stamp(&claim.path) {
        Ok(stamp) if stamp == claim.stamp => Ok(()),
        Ok(_) => Err(ReadError::Changed),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(ReadError::Vanished),
        Err(error) => Err(error.into()),
    }
}

fn failed(error: &ReadError, claim: &Claim, retry: &Retry) -> Work {
    let why = match error {
        ReadError::Vanished => "vanished".to_owned(),
        ReadError::Changed => "changed".to_owned(),
        ReadError::TooLarge { .. } | ReadError::Io(_) => error.to_string(),
    };
    Work::Failed(fate::of_read(error, claim.attempt, retry), why)
}

/// Who publishes a file, where the configuration or its sub-folder says so.
fn declared_source(drop: &Drop, path: &Path) -> Option<(String, &'static str)> {
    match &drop.source {
        DropSource::Document => None,
        DropSource::Named(name) => Some((name.clone(), "config")),
        DropSource::Subfolder => {
            let mut below = path.strip_prefix(&drop.path).ok()?.components();
            let first = below.next()?;
            // A file that lies in the drop folder itself has no sub-folder to name its source.
            below.next()?;
            match first {
                Component::Normal(name) => Some((name.to_string_lossy().into_owned(), "subfolder")),
                Component::Prefix(_)
                | Component::RootDir
                | Component::CurDir
                | Component::ParentDir => None,
            }
        }
    }
}
