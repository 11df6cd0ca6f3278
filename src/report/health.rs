//! PURE. From the facts to the verdict of `status`: one word, why, and each problem with what helps.

use serde::Serialize;

use super::facts::{DropRow, Reached, Status};
use super::held::advice;

/// How long a running daemon may say nothing before it counts as stuck: it leaves a snapshot every few seconds.
const SILENCE_MAX_MS: i64 = 60_000;

/// How long one file may be edited before a person should know: the default of `limits.edit_s_max`.
const IN_HAND_MAX_MS: u64 = 60_000;

/// Days of the last seven on which a source has to have come to be missed at all: five, so that one that rests at
/// weekends counts.
const REGULAR_DAYS: i64 = 5;

/// Silence that is never remarkable: a night.
const QUIET_MIN_MS: i64 = 12 * 3_600_000;

/// Usual pauses between two articles that make a remarkable one.
const QUIET_PAUSES: i64 = 8;

/// Problems that are told in the first line.
const WHY_MAX: usize = 3;

/// How it stands, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Nothing to do.
    Ok,
    /// It works, but a person should look at something.
    Attention,
    /// Part of it does not work.
    Degraded,
    /// There is no daemon.
    NotRunning,
    /// The store cannot be read.
    Unusable,
}

impl Health {
    /// The word of the first line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Attention => "ATTENTION",
            Self::Degraded => "DEGRADED",
            Self::NotRunning | Self::Unusable => "DOWN",
        }
    }
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub health: Health,
    /// What it is.
    pub what: String,
    /// What helps: a command, where there is one.
    pub help: String,
    /// What the first line says of it, where it says one thing of several problems.
    #[serde(skip)]
    pub in_short: Option<String>,
}

/// The verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// As bad as the worst problem.
    pub health: Health,
    /// Why, in a few words.
    pub why: String,
    /// The problems, the worst first.
    pub problems: Vec<Problem>,
}

/// The verdict on these facts.
pub fn judge(status: &Status) -> Judgement {
    let mut found = Problems(Vec::new());
    of_store(status, &mut found);
    of_daemon(status, &mut found);
    of_watching(status, &mut found);
    of_queue(status, &mut found);
    of_sources(status, &mut found);
    let mut problems = found.0;
    // Stable: what was found first stays first among equals.
    problems.sort_by_key(|problem| std::cmp::Reverse(problem.health));
    let health = problems.first().map_or(Health::Ok, |worst| worst.health);
    Judgement {
        health,
        why: why(&problems),
        problems,
    }
}

fn why(problems: &[Problem]) -> String {
    if problems.is_empty() {
        return "nothing needs a person".to_owned();
    }
    let mut all: Vec<&str> = problems
        .iter()
        .map(|problem| problem.in_short.as_ref().unwrap_or(&problem.what).as_str())
        .collect();
    all.dedup();
    let mut why = all
        .iter()
        .take(WHY_MAX)
        .copied()
        .collect::<Vec<_>>()
        .join("; ");
    if all.len() > WHY_MAX {
        let more = format!("; and {} more", all.len() - WHY_MAX);
        why.push_str(&more);
    }
    why
}

struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, health: Health, what: impl Into<String>, help: impl Into<String>) {
        self.0.push(Problem {
            health,
            what: what.into(),
            help: help.into(),
            in_short: None,
        });
    }

    /// Adds one of several that the first line says one thing of.
    fn add_one_of(&mut self, in_short: &str, what: String, help: String) {
        self.0.push(Problem {
            health: Health::Attention,
            what,
            help,
            in_short: Some(in_short.to_owned()),
        });
    }
}

fn of_store(status: &Status, found: &mut Problems) {
    if let Some(trouble) = &status.store.trouble {
        found.add(Health::Unusable, trouble, &status.store.help);
    }
    if status.store.reached == Reached::LastCheckpoint {
        found.add(
            Health::Degraded,
            "the store can only be read as of its last checkpoint: its file system is full or read-only",
            "make space or make it writable; see df and mount for the folder of the store",
        );
    }
    let paused = status.desk.as_ref().and_then(|desk| desk.paused.as_deref());
    if let Some(why) = paused {
        found.add(
            Health::Degraded,
            format!("intake is paused: {why}"),
            "make space where the store lies; it then goes on by itself",
        );
    } else if status.store.is_short {
        found.add(
            Health::Degraded,
            "less space is free where the store lies than is kept in reserve",
            "make space there",
        );
    } else if status.intake.as_ref().is_some_and(|intake| intake.paused) {
        found.add(
            Health::Degraded,
            "intake is paused",
            "copydesk history --kind paused",
        );
    }
}

fn of_daemon(status: &Status, found: &mut Problems) {
    let daemon = &status.daemon;
    if !daemon.is_running {
        let what = match (&daemon.verb, daemon.died) {
            (Some(verb), _) if daemon.pid.is_some() => {
                format!("no daemon is running: copydesk {verb} has the store")
            }
            (_, true) => "the daemon is not running: it ended without stopping in order".to_owned(),
            _ => "the daemon is not running".to_owned(),
        };
        found.add(
            Health::NotRunning,
            what,
            "copydesk run, or systemctl start copydesk",
        );
        return;
    }
    let heard_ms = daemon
        .snapshot_ms
        .or(daemon.started_ms)
        .unwrap_or(status.at_ms);
    if status.at_ms - heard_ms > SILENCE_MAX_MS {
        found.add(
            Health::Degraded,
            "the daemon runs, but has said nothing of itself for over a minute",
            "look at its log, then systemctl restart copydesk",
        );
    }
    if let Some(error) = &daemon.config_error {
        found.add(
            Health::Attention,
            format!("the changed configuration was not taken over: {error}"),
            "copydesk check, then systemctl reload copydesk",
        );
    }
    if let Some(desk) = &status.desk {
        if desk.recorder_turned_ms > SILENCE_MAX_MS.unsigned_abs() {
            found.add(
                Health::Degraded,
                "the recorder has not turned for over a minute",
                "look at the log, then systemctl restart copydesk",
            );
        }
        if desk.longest_in_hand_ms > IN_HAND_MAX_MS {
            found.add(
                Health::Attention,
                "a file has been edited for over a minute",
                "copydesk history --kind claimed names the latest",
            );
        }
    }
}

fn of_watching(status: &Status, found: &mut Problems) {
    for drop in &status.drops {
        of_drop(drop, found);
    }
    let Some(intake) = &status.intake else { return };
    if let Some(trouble) = &intake.watcher_trouble {
        found.add(
            Health::Degraded,
            format!("nothing can be watched, everything is scanned: {trouble}"),
            "copydesk history --kind overflow; look at the log",
        );
    }
    if let Some(limit) = &intake.watch_limit {
        found.add(
            Health::Degraded,
            "the kernel's limit of watches is reached: some folders are only scanned",
            limit,
        );
    }
}

fn of_drop(drop: &DropRow, found: &mut Problems) {
    if drop.state.as_deref() == Some("missing") {
        let why = drop.why.as_deref().unwrap_or("it is not there");
        found.add(
            Health::Degraded,
            format!("drop {}: {}: {why}", drop.name, drop.root.path),
            "put it back or mount it; it is then taken up again by itself",
        );
    }
    if let Some(first) = drop.unreadable_folders.first() {
        found.add(
            Health::Attention,
            format!(
                "drop {}: {} cannot be read, {} first: {}",
                drop.name,
                counted(
                    drop.unreadable_folders.len().try_into().unwrap_or(i64::MAX),
                    "folder"
                ),
                first.folder,
                first.why
            ),
            "make them readable for the daemon's user (chmod, chown)",
        );
    }
}

fn of_queue(status: &Status, found: &mut Problems) {
    let are_held = |n: i64| {
        format!(
            "{} {} held",
            counted(n, "file"),
            if n == 1 { "is" } else { "are" }
        )
    };
    let in_short = are_held(status.held.values().sum());
    for (reason, n) in &status.held {
        let help = match advice(reason) {
            Some(advice) => format!("copydesk held --reason {reason}: {advice}"),
            None => format!("copydesk held --reason {reason}"),
        };
        found.add_one_of(&in_short, format!("{}: {reason}", are_held(*n)), help);
    }
    let members = |n: i64| {
        let verb = if n == 1 { "is" } else { "are" };
        format!("{} of files {verb} held", counted(n, "member"))
    };
    let in_short = members(status.held_members.values().sum());
    for (reason, n) in &status.held_members {
        let help = match advice(reason) {
            Some(advice) => format!("copydesk held --reason {reason}: {advice}"),
            None => format!("copydesk held --reason {reason}"),
        };
        found.add_one_of(&in_short, format!("{}: {reason}", members(*n)), help);
    }
    let Some(queue) = &status.queue else { return };
    if queue.retrying > 0 {
        let verb = if queue.retrying == 1 { "waits" } else { "wait" };
        found.add(
            Health::Attention,
            format!("{} {verb} for another try", counted(queue.retrying, "file")),
            "copydesk history --kind postponed",
        );
    }
    if queue.after_late > 0 {
        found.add(
            Health::Attention,
            format!(
                "{} could not be moved or removed yet",
                counted(queue.after_late, "recorded file")
            ),
            "copydesk history --kind postponed",
        );
    }
}

fn of_sources(status: &Status, found: &mut Problems) {
    let quiet = || status.sources.iter().filter(|source| source.is_quiet);
    let in_short = match quiet().count() {
        1 => "1 source is quiet".to_owned(),
        n => format!("{n} sources are quiet"),
    };
    for source in quiet() {
        found.add_one_of(
            &in_short,
            format!("source {} is quiet", source.name),
            format!("copydesk history --source {}", quoted(&source.name)),
        );
    }
}

/// Whether a source has been silent for remarkably long: it came on most of the last seven days, and its silence is
/// many times its usual pause.
pub fn is_quiet(silent_ms: i64, active_days: i64, articles: i64) -> bool {
    const WEEK_MS: i64 = 7 * super::DAY_MS;
    active_days >= REGULAR_DAYS
        && articles > 0
        && silent_ms > QUIET_MIN_MS.max(QUIET_PAUSES.saturating_mul(WEEK_MS / articles))
}

/// "1 file", "2 files".
fn counted(n: i64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._-".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::super::facts::{Daemon, Queue, SourceRow};
    use super::*;

    fn running() -> Status {
        Status {
            at_ms: 1_000_000,
            daemon: Daemon {
                is_running: true,
                pid: Some(812),
                started_ms: Some(990_000),
                snapshot_ms: Some(999_000),
                ..Daemon::default()
            },
            queue: Some(Queue::default()),
            ..Status::default()
        }
    }

    #[test]
    fn a_running_daemon_with_nothing_open_is_ok() {
        let judgement = judge(&running());
        assert_eq!(
            (judgement.health, judgement.problems.len()),
            (Health::Ok, 0)
        );
    }

    #[test]
    fn the_word_is_that_of_the_worst_problem_and_all_are_listed() {
        let mut status = running();
        status.held.insert("too-large".to_owned(), 2);
        assert_eq!(judge(&status).health, Health::Attention);
        status.store.reached = Reached::LastCheckpoint;
        assert_eq!(judge(&status).health, Health::Degraded);
        status.daemon.is_running = false;
        assert_eq!(judge(&status).health, Health::NotRunning);
        status.store.trouble = Some("gone".to_owned());
        let judgement = judge(&status);
        assert_eq!(judgement.health, Health::Unusable);
        assert_eq!(judgement.problems.len(), 4);
        assert!(
            judgement.why.starts_with("gone; the daemon is not running"),
            "{}",
            judgement.why
        );
        assert!(judgement.why.ends_with("and 1 more"), "{}", judgement.why);
    }

    #[test]
    fn each_reason_of_held_files_comes_with_its_advice() {
        let mut status = running();
        status.held.insert("unreadable".to_owned(), 1);
        let problem = &judge(&status).problems[0];
        assert_eq!(problem.what, "1 file is held: unreadable");
        assert!(
            problem
                .help
                .starts_with("copydesk held --reason unreadable: make it readable")
        );
    }

    #[test]
    fn the_first_line_says_one_thing_of_all_held_files() {
        let mut status = running();
        status.held.insert("empty".to_owned(), 1);
        status.held.insert("too-large".to_owned(), 2);
        let judgement = judge(&status);
        assert_eq!(judgement.why, "3 files are held");
        assert_eq!(judgement.problems.len(), 2);
    }

    #[test]
    fn a_silent_daemon_is_degraded() {
        let mut status = running();
        status.at_ms += 10 * SILENCE_MAX_MS;
        assert_eq!(judge(&status).health, Health::Degraded);
    }

    #[test]
    fn a_regular_source_is_missed_after_a_night_and_a_rare_one_never() {
        let hour = 3_600_000;
        assert!(!is_quiet(10 * hour, 7, 7_000));
        assert!(is_quiet(13 * hour, 7, 7_000));
        assert!(!is_quiet(13 * hour, 5, 7));
        assert!(!is_quiet(1_000 * hour, 4, 7_000));
        let mut status = running();
        status.sources.push(SourceRow {
            name: "Hafen Bote".to_owned(),
            is_quiet: true,
            ..SourceRow::default()
        });
        assert_eq!(
            judge(&status).problems[0].help,
            "copydesk history --source 'Hafen Bote'"
        );
    }
}
