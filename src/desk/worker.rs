//! One worker's turn: a claimed job in, everything the recorder needs out.
//!
//! The digest is looked up before the editing, so that a file that came before costs a read and no more. A file of many
//! articles goes to the recorder in parts, each with how far it has come.

use std::ops::ControlFlow;
use std::path::{Component, Path};
use std::time::Duration;

use crate::article::leaf;
use crate::article::unpack::Bounds;
use crate::article::{Edited, Found, Hints, Learnt, Rules};
use crate::config::{Drop, DropSource, Retry};
use crate::job::{Fate, Reason};
use crate::store::jobs::Claim;
use crate::store::members::{Earlier, Standing};

use super::disk::{Disk, ReadError};
use super::fate;
use super::parts::Parts;
use super::reading::{self, Reading};

/// What a worker made of a job, or of a part of it.
#[derive(Debug)]
pub struct Finished {
    /// The job.
    pub claim: Claim,
    /// What came of it.
    pub work: Work,
    /// Told once it is in the record, or that it could not be taken, where the worker waits for that.
    pub heard: Option<std::sync::mpsc::SyncSender<bool>>,
}

impl Finished {
    /// Whether more of the same file is to come.
    pub fn is_part(&self) -> bool {
        matches!(&self.work, Work::Edited(file) if !file.progress.is_last)
    }
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
    /// Where it stands: in words, and as JSON; nothing where the file is the article.
    pub place: Option<(String, String)>,
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
    /// What the record knows of a document; `None` if that cannot be said now.
    pub standing: &'a mut dyn FnMut(&[u8; 32]) -> Option<Standing>,
    /// What lay at a path before, and was smaller than this.
    pub earlier: &'a mut dyn FnMut(&Path, u64) -> Option<Earlier>,
    /// Hands a part on, and waits until it is recorded; says whether to go on.
    pub send: &'a mut dyn FnMut(EditedFile) -> ControlFlow<Halt>,
}

/// Why a worker leaves a file after a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// The desk stops.
    Stops,
    /// The store refused the part.
    Refused,
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
    let earlier = (tools.earlier)(&claim.path, claim.stamp.size_bytes);
    let reading = match reading::open(tools.disk, claim, tools.file_bytes_max, earlier) {
        Ok(reading) => reading,
        Err(error) => return Some(failed(&error, claim, tools.retry)),
    };
    let source = declared_source(tools.drop, &claim.path);
    let standing = (tools.standing)(&reading.digest).unwrap_or(Standing::New);
    if standing == Standing::Whole {
        return Some(Work::Known {
            digest: reading.digest,
            source,
        });
    }
    take_apart(claim, tools, reading, source, standing)
}

fn take_apart(
    claim: &Claim,
    tools: &mut Tools<'_>,
    mut reading: Reading,
    source: Option<(String, &'static str)>,
    standing: Standing,
) -> Option<Work> {
    let continues = reading.earlier.take();
    let skip = match &standing {
        Standing::Open { reached } => *reached,
        Standing::New => continues.as_ref().map_or(0, |earlier| earlier.settled),
        Standing::Patchy { .. } | Standing::Whole => 0,
    };
    let name = claim.path.file_name().map(|name| name.to_string_lossy());
    let declared = source.clone();
    let hints = Hints {
        file_name: name.as_deref(),
        source: declared.as_ref().map(|(name, rule)| (name.as_str(), *rule)),
        ..Hints::default()
    };
    let (mut input, digest) = (reading.input, reading.digest);
    let mut parts = Parts::new(
        digest,
        source,
        continues.map(|earlier| earlier.document),
        skip,
    );
    let began = std::time::Instant::now();
    let mut left = None;
    let summary = {
        let mut take = |member: leaf::RawMember| {
            if let Standing::Patchy { members } = &standing
                && !members.contains(&member.ordinal)
            {
                parts.pass(member.ordinal);
                return ControlFlow::Continue(());
            }
            if began.elapsed() > tools.file_max {
                left = Some(Left::TooSlow);
                return ControlFlow::Break(());
            }
            if parts.is_full() {
                // What was read so far is only good if the file has not changed meanwhile.
                left = match input_check(tools.disk, claim) {
                    Ok(()) => (tools.send)(parts.take()).break_value().map(Left::Halted),
                    Err(error) => Some(Left::Failed(error)),
                };
                if left.is_some() {
                    return ControlFlow::Break(());
                }
            }
            parts.edit(member, &hints, tools.rules, tools.learnt.as_deref_mut());
            ControlFlow::Continue(())
        };
        leaf::members(&mut input, tools.bounds, name.as_deref(), skip, &mut take)
    };
    match left {
        Some(Left::Halted(Halt::Stops)) => return None,
        Some(Left::Halted(Halt::Refused)) => {
            let why = "the store refused a part of it".to_owned();
            return Some(Work::Failed(Fate::Hold(Reason::RecordError), why));
        }
        Some(Left::Failed(error)) => return Some(failed(&error, claim, tools.retry)),
        Some(Left::TooSlow) => {
            let why = format!("not done after {} seconds", tools.file_max.as_secs());
            // What is recorded stays, and a retry goes on from there.
            return Some(Work::Failed(Fate::Hold(Reason::TooSlow), why));
        }
        None => {}
    }
    match input.is_unchanged() {
        Ok(true) => {}
        Ok(false) => return Some(failed(&ReadError::Changed, claim, tools.retry)),
        Err(error) => return Some(failed(&error.into(), claim, tools.retry)),
    }
    Some(match summary {
        Ok(summary) => parts.finish(&summary),
        Err(trouble) => {
            let error = ReadError::Io(std::io::Error::other(trouble.to_string()));
            failed(&error, claim, tools.retry)
        }
    })
}

/// Why a file was left before its end.
enum Left {
    Halted(Halt),
    TooSlow,
    Failed(ReadError),
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
