//! One worker's turn: a claimed job in, everything the recorder needs out.
//!
//! The digest is looked up before the editing, so that a file that came before costs a read and no more.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path};

use crate::article::{self, Edited, Edition, Found, Hints, Learnt, Refusal, Rules};
use crate::config::{Drop, DropSource};
use crate::job::{Fate, Reason};
use crate::store::jobs::Claim;

use super::disk::{Disk, ReadError};
use super::fate;
use crate::config::Retry;

/// Compression of the kept inputs: level 1 is twice as fast as the default 3 for a twentieth more bytes.
const ZSTD_LEVEL: i32 = 1;

/// What a worker made of a job.
#[derive(Debug)]
pub struct Finished {
    /// The job.
    pub claim: Claim,
    /// What came of it.
    pub work: Work,
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
    /// It was edited.
    Edited(Box<EditedFile>),
    /// It is tried again, gone, or put aside.
    Failed(Fate, String),
}

/// An edited file, ready to be recorded.
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
    /// Its articles.
    pub members: Vec<Result<Member, Refusal>>,
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
}

/// What a worker works with.
pub struct Tools<'a> {
    /// The disk.
    pub disk: &'a dyn Disk,
    /// The drop folder the file lies in.
    pub drop: &'a Drop,
    /// Largest file that is read.
    pub file_bytes_max: u64,
    /// Bounds of the editing.
    pub rules: &'a Rules,
    /// How often and when to try again.
    pub retry: &'a Retry,
    /// What is known as furniture of a source; none where nothing is to be learnt.
    pub learnt: Option<&'a mut Learnt<'a>>,
    /// Whether a document is in the record; `None` if that cannot be said now.
    pub is_known: &'a mut dyn FnMut(&[u8; 32]) -> Option<bool>,
}

impl std::fmt::Debug for Tools<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tools")
            .field("drop", self.drop)
            .finish_non_exhaustive()
    }
}

/// One turn: read, look up, edit, compress.
pub fn turn(claim: &Claim, tools: &mut Tools<'_>) -> Work {
    let bytes = match tools
        .disk
        .read(&claim.path, &claim.stamp, tools.file_bytes_max)
    {
        Ok(bytes) => bytes,
        Err(error) => return failed(&error, claim, tools.retry),
    };
    let digest = *blake3::hash(&bytes).as_bytes();
    let source = declared_source(tools.drop, &claim.path);
    if (tools.is_known)(&digest) == Some(true) {
        return Work::Known { digest, source };
    }
    let name = claim.path.file_name().map(|name| name.to_string_lossy());
    let hints = Hints {
        file_name: name.as_deref(),
        source: source.as_ref().map(|(name, rule)| (name.as_str(), *rule)),
        around: &[],
    };
    match catch_unwind(AssertUnwindSafe(|| {
        article::edit(&bytes, &hints, tools.rules, tools.learnt.as_deref_mut())
    })) {
        Ok(Ok(edition)) => Work::Edited(Box::new(edited_file(digest, source, edition))),
        Ok(Err(refusal)) => {
            Work::Failed(Fate::Hold(fate::of_refusal(&refusal)), refusal.to_string())
        }
        Err(panic) => Work::Failed(Fate::Hold(Reason::EditorPanic), panic_text(&*panic)),
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

fn edited_file(
    digest: [u8; 32],
    source: Option<(String, &'static str)>,
    edition: Edition,
) -> EditedFile {
    let members = edition
        .members
        .into_iter()
        .map(|member| member.and_then(taken).map(compress))
        .collect();
    EditedFile {
        digest,
        source,
        format: edition.format.as_str(),
        charset: edition.charset,
        members,
    }
}

/// A notice has no text, and is no article.
fn taken(edited: Edited) -> Result<Edited, Refusal> {
    if edited.is_notice() {
        return Err(Refusal::NoText {
            what: "a notice about an article",
        });
    }
    Ok(edited)
}

fn compress(mut edited: Edited) -> Member {
    let input = std::mem::take(&mut edited.input);
    // Compressing into memory has no way to fail; an input that could not be kept would only lose `show --cuts`.
    let input_zstd = zstd::bulk::compress(input.as_bytes(), ZSTD_LEVEL).unwrap_or_default();
    Member {
        edited,
        input_bytes: input.len(),
        input_zstd,
    }
}

pub(super) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    format!("the editor panicked: {text}")
}
