//! A file of many articles, part by part: what is edited is gathered until it is worth a place in a transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::article::leaf::{self, Leaf};
use crate::article::object::ArticleObject;
use crate::article::unpack::{self, Ending, Place, Summary};
use crate::article::{Edited, Edition, Found, Hints, Learnt, Refusal, Rules};
use crate::job::{Fate, Reason};
use crate::store::members;

use super::fate;
use super::worker::{EditedFile, Entry, Member, Progress, Work};

/// Most articles in a part.
const ENTRIES_MAX: usize = 64;
/// Most members put aside in a part, while nothing of a new file is taken: if that stays so, it is the file that is held.
const REFUSED_MAX: usize = 16_384;
/// Bytes of decoded input from which a part is full.
const PART_BYTES: usize = 2 << 20;

/// Compression of the kept inputs: level 1 is twice as fast as the default 3 for a twentieth more bytes.
const ZSTD_LEVEL: i32 = 1;

/// What is gathered of a file.
#[derive(Debug)]
pub(super) struct Parts {
    file: EditedFile,
    bytes: usize,
    /// Whether anything of the file is in the record, or will be: then what is not taken of it is put aside member by
    /// member.
    is_begun: bool,
}

impl Parts {
    /// Nothing yet, of a file whose first `skip` members are done; `is_new` says that nothing of it is in the record.
    pub(super) fn new(
        digest: [u8; 32],
        source: Option<(String, &'static str)>,
        continues: Option<i64>,
        skip: u64,
        is_new: bool,
    ) -> Self {
        let file = EditedFile {
            digest,
            source,
            format: "",
            charset: Found {
                value: "binary",
                rule: "container",
                span: None,
                confidence: 1.0,
            },
            entries: Vec::new(),
            progress: Progress {
                reached: skip,
                continues,
                ..Progress::default()
            },
        };
        Self {
            file,
            bytes: 0,
            is_begun: !is_new || continues.is_some(),
        }
    }

    /// Whether what is gathered is to be handed on.
    pub(super) fn is_full(&self) -> bool {
        let entries_max = if self.is_begun {
            ENTRIES_MAX
        } else {
            REFUSED_MAX
        };
        self.file.entries.len() >= entries_max || self.bytes >= PART_BYTES
    }

    /// Whether nothing is gathered.
    pub(super) fn is_empty(&self) -> bool {
        self.file.entries.is_empty()
    }

    /// What is gathered; from now on there is nothing again.
    pub(super) fn take(&mut self) -> EditedFile {
        self.bytes = 0;
        self.is_begun = true;
        EditedFile {
            digest: self.file.digest,
            source: self.file.source.clone(),
            format: self.file.format,
            charset: self.file.charset.clone(),
            entries: std::mem::take(&mut self.file.entries),
            progress: self.file.progress.clone(),
        }
    }

    /// A member that is done already.
    pub(super) fn pass(&mut self, member: u64) {
        self.file.progress.reached = member + 1;
    }

    /// Edits a member. What makes the editor panic is put aside by itself.
    pub(super) fn edit(
        &mut self,
        member: unpack::Member,
        hints: &Hints<'_>,
        rules: &Rules,
        learnt: Option<&mut Learnt<'_>>,
    ) {
        let (number, is_whole_file) = (member.ordinal, member.is_whole_file);
        let place = member.place.clone();
        let edited = catch_unwind(AssertUnwindSafe(|| {
            leaf::edit_member(member, hints, rules, learnt)
        }));
        if let Some(outermost) = place.0.first() {
            self.file.format = outermost.kind.as_str();
        }
        match edited {
            Ok(leaf) => self.add(leaf),
            Err(panic) => self.put_aside(
                members::ordinal(number, 0),
                place,
                (Reason::EditorPanic, panic_text(&*panic)),
            ),
        }
        self.file.progress.is_whole_file = is_whole_file;
        self.pass(number);
    }

    fn put_aside(&mut self, ordinal: i64, place: Place, why: (Reason, String)) {
        self.file.entries.push(Entry {
            ordinal,
            place,
            apart: None,
            around: None,
            outcome: Err(why),
        });
    }

    fn add(&mut self, leaf: Leaf) {
        let mut edition = match leaf.edition {
            Ok(edition) => edition,
            Err(refusal) => {
                let ordinal = members::ordinal(leaf.ordinal, 0);
                self.put_aside(ordinal, leaf.place, reason(&refusal));
                return;
            }
        };
        if leaf.is_whole_file {
            self.file.format = edition.format.as_str();
            self.file.charset = edition.charset.clone();
        }
        let around = leaf::pack_around(&leaf.around);
        for (part, member) in std::mem::take(&mut edition.members).into_iter().enumerate() {
            let ordinal = members::ordinal(leaf.ordinal, part);
            let member = match member {
                Ok(edited) => edited,
                Err(refusal) => {
                    let place = edition.place_of(&leaf.place, part);
                    self.put_aside(ordinal, place, reason(&refusal));
                    continue;
                }
            };
            self.bytes += member.input.len() + member.text.len();
            self.is_begun = true;
            let apart =
                (!leaf.is_whole_file).then(|| (edition.format.as_str(), edition.charset.clone()));
            self.file.entries.push(Entry {
                ordinal,
                place: member.place.clone(),
                apart,
                around: around.clone(),
                outcome: Ok(compress(member, &edition)),
            });
        }
    }

    /// Why the file as a whole is put aside: it is new, and nothing of it is taken.
    fn refused(&self) -> Option<(Reason, String)> {
        let entries = self.file.entries.as_slice();
        let first = entries.first().filter(|_| !self.is_begun)?;
        let (reason, why) = first.outcome.as_ref().err()?;
        let why = match (first.place.in_words(), entries.len()) {
            (Some(place), 1) => format!("{place}: {why}"),
            (Some(place), many) => {
                format!("none of its {many} members is taken; the first, {place}: {why}")
            }
            (None, _) => why.clone(),
        };
        Some((*reason, why))
    }

    /// All there is of the file.
    pub(super) fn finish(mut self, summary: &Summary) -> Work {
        let end = match &summary.ending {
            Ending::Complete | Ending::Left => None,
            Ending::Truncated(trouble) | Ending::Damaged(trouble) | Ending::Stopped(trouble) => {
                Some((fate::of_trouble(trouble), trouble.to_string()))
            }
        };
        if summary.members == 0 {
            return nothing_in(summary, end);
        }
        let progress = &mut self.file.progress;
        progress.is_last = true;
        progress.end = end;
        progress.reached = progress.reached.max(summary.members);
        progress.settled = if progress.is_whole_file {
            0
        } else {
            summary.settled
        };
        if let Some((reason, why)) = self.refused() {
            return Work::Failed(Fate::Hold(reason), why);
        }
        Work::Edited(Box::new(self.file))
    }
}

/// A file in which nothing is that could be an article.
fn nothing_in(summary: &Summary, end: Option<(Reason, String)>) -> Work {
    let (reason, why) = end.unwrap_or_else(|| {
        let passed: Vec<String> = summary
            .passed_over
            .iter()
            .map(|(what, many)| format!("{many} {what}"))
            .collect();
        let why = if passed.is_empty() {
            "nothing in it".to_owned()
        } else {
            format!(
                "nothing in it that could be an article: {}",
                passed.join(", ")
            )
        };
        (Reason::NoText, why)
    });
    Work::Failed(Fate::Hold(reason), why)
}

fn reason(refusal: &Refusal) -> (Reason, String) {
    (fate::of_refusal(refusal), refusal.to_string())
}

fn compress(mut edited: Edited, edition: &Edition) -> Member {
    let object = edited.is_notice().then(|| {
        let object = ArticleObject::from_edited(None, edition, &edited);
        serde_json::json!(object).to_string()
    });
    let input = std::mem::take(&mut edited.input);
    // Compressing into memory has no way to fail; an input that could not be kept would only lose `show --cuts`.
    let input_zstd = zstd::bulk::compress(input.as_bytes(), ZSTD_LEVEL).unwrap_or_default();
    Member {
        edited,
        input_bytes: input.len(),
        input_zstd,
        object,
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
