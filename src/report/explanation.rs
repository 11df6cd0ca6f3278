//! PURE. Why a file was or was not taken, as facts and as the words they lead to.

use serde::Serialize;

use super::PathText;

/// What lies at the path now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lies {
    /// Nothing.
    Nothing,
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link: those are passed by.
    Symlink,
    /// A pipe, socket or device: those are passed by.
    Special,
    /// It cannot be looked at.
    Unreadable,
}

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is in the record.
    Taken,
    /// It is on the queue, in hand, or about to be found.
    Waiting,
    /// It is put aside.
    Held,
    /// It is passed by: its name, its kind or its place is not taken in.
    PassedBy,
    /// It lies in no drop folder.
    Outside,
    /// It would be taken, but nobody is there to do it.
    Unattended,
    /// It is not there and never was in the record.
    Unknown,
}

impl Standing {
    /// Whether it is taken or on its way.
    pub const fn is_well(self) -> bool {
        matches!(self, Self::Taken | Self::Waiting)
    }
}

/// The drop folder a file lies in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InDrop {
    /// Its name.
    pub name: String,
    /// Where it is.
    #[serde(flatten)]
    pub root: PathText,
    /// Whether it is configured or watched now; else it is only known from before.
    pub is_current: bool,
    /// Why it is missing, if it is.
    pub missing: Option<String>,
}

/// One sighting of the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SightedOnce {
    /// The job.
    pub job: i64,
    /// When it was first seen.
    pub seen_ms: i64,
    /// Whether that is what lies there now.
    pub is_present: bool,
    /// Its size.
    pub size_bytes: i64,
    /// Where the job stands.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// How often a process died with it in hand.
    pub crashes: i64,
    /// When the next attempt is due, if it waits.
    pub due_ms: Option<i64>,
    /// The reason code, if it is put aside or gone.
    pub reason: Option<String>,
    /// What was found, in words.
    pub detail: Option<String>,
    /// What a person can do about it.
    pub advice: Option<&'static str>,
    /// `recorded` or `same-bytes`.
    pub outcome: Option<String>,
    /// The earlier file with the same bytes.
    pub same_as: Option<PathText>,
    /// Whether the file is still to be moved or removed.
    pub after_due: bool,
    /// Where it was moved to, `removed`, or why it was left.
    pub after: Option<String>,
    /// What came of it, the first hundred.
    pub articles: Vec<Came>,
    /// Items of it without a text, the first hundred.
    pub notices: Vec<Noticed>,
    /// Members of it that are put aside by themselves.
    pub held_members: i64,
}

/// An article that came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Came {
    /// The article.
    pub id: i64,
    /// Its verdict.
    pub verdict: String,
    /// What its verdict names.
    pub of: Option<i64>,
    /// Its headline.
    pub title: Option<String>,
    /// When it was edited again last.
    pub reedited_ms: Option<i64>,
}

/// An item without a text that came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Noticed {
    /// Its identity.
    pub guid: String,
    /// Which version, in its provider's count.
    pub version: Option<String>,
    /// What may be done with what it speaks of.
    pub status: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// The latest article of the same identity.
    pub article: Option<i64>,
}

/// All there is to say of a path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// [`super::SCHEMA`].
    pub schema: u32,
    /// The path.
    #[serde(flatten)]
    pub path: PathText,
    /// Where it stands.
    pub standing: Standing,
    /// Why.
    pub why: String,
    /// What happens next, or what helps.
    pub next: String,
    /// What lies there now.
    pub lies: Lies,
    /// The drop folder it lies in.
    pub drop: Option<InDrop>,
    /// The rule by which it is passed by, if it is.
    pub passed_by: Option<String>,
    /// Whether the daemon runs.
    pub daemon_runs: bool,
    /// Every sighting, the newest last.
    pub sightings: Vec<SightedOnce>,
}

/// Where it stands, why, and what happens next.
pub(super) fn judge(about: &Explanation) -> (Standing, String, String) {
    let present = about
        .sightings
        .iter()
        .rev()
        .find(|sighting| sighting.is_present);
    let newest = present.or_else(|| {
        about
            .sightings
            .last()
            .filter(|_| about.lies == Lies::Nothing)
    });
    if let Some(sighting) = newest {
        return judge_sighted(sighting, about);
    }
    judge_no_file(about.lies).unwrap_or_else(|| judge_unseen(about))
}

/// What is no file; nothing to say of what is one.
fn judge_no_file(lies: Lies) -> Option<(Standing, String, String)> {
    let words = match lies {
        Lies::Nothing => said(
            Standing::Unknown,
            "there is no file at this path, and none was ever taken",
            "check the path",
        ),
        Lies::Unreadable => said(
            Standing::Unknown,
            "it cannot be looked at",
            "run this as the daemon's user, or check the permissions of the folders above",
        ),
        Lies::Folder => said(
            Standing::PassedBy,
            "it is a folder: only the files in it are taken",
            "name a file",
        ),
        Lies::Symlink => said(
            Standing::PassedBy,
            "it is a symbolic link: those are passed by",
            "put the file itself into the drop folder",
        ),
        Lies::Special => said(
            Standing::PassedBy,
            "it is a pipe, a socket or a device: those are passed by",
            "put a file into the drop folder",
        ),
        Lies::File => return None,
    };
    Some(words)
}

/// A file that was not seen under its present stamp.
fn judge_unseen(about: &Explanation) -> (Standing, String, String) {
    // While nobody watches, a folder that was watched before may be so again.
    let Some(drop) = about
        .drop
        .as_ref()
        .filter(|drop| drop.is_current || !about.daemon_runs)
    else {
        return said(
            Standing::Outside,
            "it lies in no drop folder that is configured or watched now",
            "move it into one, add its folder to the configuration, or take it in once: copydesk ingest FILE",
        );
    };
    if let Some(rule) = &about.passed_by {
        return said(
            Standing::PassedBy,
            rule,
            "rename it, or change intake.ignore or the drop folder's ignore",
        );
    }
    if let Some(missing) = &drop.missing {
        return said(
            Standing::Unattended,
            &format!("its drop folder counts as missing: {missing}"),
            "put the drop folder back or mount it",
        );
    }
    if !about.daemon_runs {
        return said(
            Standing::Unattended,
            "it has not been seen under its present stamp, and the daemon is not running",
            "copydesk run; it is then found by itself",
        );
    }
    said(
        Standing::Waiting,
        "it has not been seen complete under its present stamp yet",
        "it is taken once it stops changing, by the next scan at the latest",
    )
}

/// A verdict in borrowed words.
fn said(standing: Standing, why: &str, next: &str) -> (Standing, String, String) {
    (standing, why.to_owned(), next.to_owned())
}

/// A file by its latest sighting.
fn judge_sighted(sighting: &SightedOnce, about: &Explanation) -> (Standing, String, String) {
    let detail = sighting.detail.as_deref().unwrap_or("");
    let reason = sighting.reason.as_deref().unwrap_or("");
    match sighting.state.as_str() {
        "done" => {
            let why = match (&sighting.same_as, sighting.outcome.as_deref()) {
                (Some(first), Some("same-bytes")) => {
                    format!(
                        "its bytes are those of {}: another sighting, no second article",
                        first.path
                    )
                }
                _ if sighting.held_members > 0 => format!(
                    "it is in the record, but for {} of its members: copydesk held",
                    sighting.held_members
                ),
                _ => "it is in the record".to_owned(),
            };
            let next = match (&sighting.after, sighting.after_due) {
                (_, true) => "it is still to be moved or removed".to_owned(),
                (Some(after), _) => format!("nothing: it was {after}"),
                (None, _) => "nothing: it is done".to_owned(),
            };
            (Standing::Taken, why, next)
        }
        "held" => (
            Standing::Held,
            format!("it is put aside: {reason}: {detail}"),
            sighting
                .advice
                .unwrap_or("copydesk retry --path FILE")
                .to_owned(),
        ),
        "gone" => (
            Standing::Unknown,
            format!("it was on the queue, but {reason} before it was read"),
            "if it comes back, it is taken".to_owned(),
        ),
        "claimed" => (
            Standing::Waiting,
            "it is in hand".to_owned(),
            "it is recorded next".to_owned(),
        ),
        _ if !about.daemon_runs => (
            Standing::Unattended,
            "it is on the queue, and the daemon is not running".to_owned(),
            "copydesk run; it is then taken by itself".to_owned(),
        ),
        _ if sighting.attempts > 0 => (
            Standing::Waiting,
            format!("it waits for another try: {detail}"),
            "it is tried again by itself".to_owned(),
        ),
        _ => (
            Standing::Waiting,
            "it is on the queue".to_owned(),
            "it is taken when its turn comes".to_owned(),
        ),
    }
}
