//! `status` for people and for programs.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use crate::cli::Exit;
use crate::report::SCHEMA;
use crate::report::facts::{DropRow, Reached, SourceRow, Status};
use crate::report::health::{Health, Judgement, Problem};
use crate::report::snapshot::DropPart;

use super::table::{self, Side};
use super::text::{age, escape, escape_path, number, share, size};
use super::{Paint, Printer, Style};

/// The verdicts that are not an article of one's own.
const DUPLICATES: [&str; 4] = ["same-text", "copy", "excerpt", "expansion"];

#[derive(Serialize)]
struct Object<'a> {
    schema: u32,
    verdict: &'static str,
    exit: u8,
    why: &'a str,
    #[serde(flatten)]
    status: &'a Status,
    problems: &'a [Problem],
}

pub(in crate::cli) fn show(
    status: &Status,
    judgement: &Judgement,
    out: &mut Printer,
) -> io::Result<()> {
    if out.style().json {
        return out.json(&Object {
            schema: SCHEMA,
            verdict: judgement.health.word(),
            exit: Exit::from(judgement.health) as u8,
            why: &judgement.why,
            status,
            problems: &judgement.problems,
        });
    }
    head(judgement, out)?;
    out.line(&daemon(status))?;
    out.line(&intake(status, out.style()))?;
    out.line(&today(status, out.style()))?;
    if let Some(watch) = watch(status, out.style()) {
        out.line(&watch)?;
    }
    out.line(&store(status))?;
    drops(status, out)?;
    sources(status, out)?;
    problems(&judgement.problems, out)
}

fn head(judgement: &Judgement, out: &mut Printer) -> io::Result<()> {
    let paint = match judgement.health {
        Health::Ok => Paint::Green,
        Health::Attention => Paint::Yellow,
        Health::Degraded | Health::NotRunning | Health::Unusable => Paint::Red,
    };
    let word = out.style().paint(paint, judgement.health.word());
    out.line(&format!("copydesk  {word}  {}", escape(&judgement.why)))
}

/// The parts that are there, with dots between.
fn joined(label: &str, parts: impl IntoIterator<Item = Option<String>>) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{label:<9} {}", parts.join(" · "))
}

fn daemon(status: &Status) -> String {
    let (daemon, now) = (&status.daemon, status.at_ms);
    let ago = |ms: Option<i64>| ms.map(|ms| age(now - ms));
    if let Some(pid) = daemon.pid {
        let verb = daemon.verb.as_deref().unwrap_or("run");
        let state = if daemon.is_running {
            "running".to_owned()
        } else {
            format!("{verb} at work")
        };
        let config = match (&daemon.config, ago(daemon.config_read_ms)) {
            (Some(config), Some(read)) => {
                format!(
                    "configuration {} read {read} ago",
                    escape_path(&config.exact)
                )
            }
            _ => "no configuration file".to_owned(),
        };
        return joined(
            "daemon",
            [
                Some(format!("{state}, pid {pid}")),
                ago(daemon.started_ms).map(|up| format!("up {up}")),
                daemon
                    .version
                    .as_ref()
                    .map(|version| format!("version {}", escape(version))),
                daemon.snapshot_ms.is_some().then_some(config),
                daemon
                    .snapshot_ms
                    .is_none()
                    .then(|| "it has left no word of itself".to_owned()),
            ],
        );
    }
    let was = daemon.verb.as_deref().unwrap_or("run");
    let last = match (daemon.stopped_ms, daemon.started_ms) {
        (Some(stopped), _) => format!("not running; {was} stopped {} ago", age(now - stopped)),
        (None, Some(started)) => {
            format!(
                "not running; {was}, begun {} ago, ended without stopping in order",
                age(now - started)
            )
        }
        (None, None) => "not running".to_owned(),
    };
    joined("daemon", [Some(last)])
}

fn intake(status: &Status, style: Style) -> String {
    let now = status.at_ms;
    let settling: Option<u64> = status
        .intake
        .as_ref()
        .map(|intake| intake.drops.iter().map(|drop| drop.settling).sum());
    let count = |n: u64| number(i64::try_from(n).unwrap_or(i64::MAX), style);
    let Some(queue) = &status.queue else {
        return joined(
            "intake",
            [Some("unknown: the store cannot be read".to_owned())],
        );
    };
    let oldest = queue
        .oldest_due_ms
        .map_or_else(String::new, |due| format!(" (oldest {})", age(now - due)));
    let next = queue
        .next_retry_ms
        .map_or_else(String::new, |due| format!(" (next in {})", age(due - now)));
    joined(
        "intake",
        [
            settling.map(|n| format!("{} settling", count(n))),
            Some(format!("{} queued{oldest}", number(queue.queued, style))),
            Some(format!("{} in hand", number(queue.claimed, style))),
            Some(format!(
                "{} waiting for another try{next}",
                number(queue.retrying, style)
            )),
            Some(format!(
                "{} held",
                number(status.held.values().sum(), style)
            )),
            Some(format!(
                "{} to be moved or removed",
                number(queue.after_due, style)
            )),
            (queue.reedit > 0).then(|| {
                format!(
                    "{} articles to be edited again",
                    number(queue.reedit, style)
                )
            }),
            (queue.rejudge > 0)
                .then(|| format!("{} texts to be judged again", number(queue.rejudge, style))),
            (queue.restory > 0)
                .then(|| format!("{} stories to be looked at", number(queue.restory, style))),
        ],
    )
}

fn today(status: &Status, style: Style) -> String {
    let files = &status.today.files;
    let all: i64 = files.values().sum();
    let last = status
        .today
        .last_file_ms
        .map(|ms| format!("last file {} ago", age(status.at_ms - ms)));
    joined(
        "today",
        [
            Some(format!(
                "{} files: {}",
                number(all, style),
                counts(files, &["recorded", "same-bytes", "held"], style)
            )),
            Some(format!(
                "articles: {}",
                counts(
                    &status.today.articles,
                    &[
                        "new",
                        "same-text",
                        "copy",
                        "excerpt",
                        "expansion",
                        "version"
                    ],
                    style
                )
            )),
            last,
        ],
    )
}

/// "4 655 recorded, 131 same-bytes": what there is of these, in this order.
fn counts(map: &BTreeMap<String, i64>, order: &[&str], style: Style) -> String {
    let parts: Vec<String> = order
        .iter()
        .filter_map(|word| {
            map.get(*word)
                .map(|n| format!("{} {word}", number(*n, style)))
        })
        .collect();
    if parts.is_empty() {
        "none".to_owned()
    } else {
        parts.join(", ")
    }
}

fn watch(status: &Status, style: Style) -> Option<String> {
    let intake = status.intake.as_ref()?;
    let modes = |mode: &str| intake.drops.iter().filter(|drop| drop.mode == mode).count();
    let sum = |of: fn(&DropPart) -> u64| {
        let all: u64 = intake.drops.iter().map(of).sum();
        number(i64::try_from(all).unwrap_or(i64::MAX), style)
    };
    let oldest = intake
        .drops
        .iter()
        .filter_map(|drop| drop.reconciled_ago_ms)
        .max();
    let polled = modes("poll") + modes("mixed");
    Some(joined(
        "watch",
        [
            Some(format!("{} by events, {polled} polled", modes("events"))),
            Some(format!(
                "{} folders watched, {} scanned at intervals",
                sum(|drop| drop.watched_folders),
                sum(|drop| drop.polled_folders)
            )),
            oldest.map(|ago| {
                format!(
                    "last whole scan {} ago",
                    age(i64::try_from(ago).unwrap_or(i64::MAX))
                )
            }),
            Some(format!("{} overflows", intake.overflows)),
        ],
    ))
}

fn store(status: &Status) -> String {
    let store = &status.store;
    let reached = match store.reached {
        Reached::Live => None,
        Reached::LastCheckpoint => {
            Some("READ AS OF ITS LAST CHECKPOINT: the newest commits are not shown".to_owned())
        }
        Reached::No => Some("cannot be read".to_owned()),
    };
    let free = store.free_bytes.map(|free| {
        let reserve = store
            .reserve_bytes
            .map_or_else(String::new, |bytes| format!(" (reserve {})", size(bytes)));
        format!("{} free{reserve}", size(free))
    });
    joined(
        "store",
        [
            store.path.as_ref().map(|path| escape_path(&path.exact)),
            reached,
            store.size_bytes.map(size),
            store.log_bytes.map(|bytes| format!("log {}", size(bytes))),
            free,
        ],
    )
}

fn drops(status: &Status, out: &mut Printer) -> io::Result<()> {
    if status.drops.is_empty() {
        return Ok(());
    }
    out.line("")?;
    let style = out.style();
    let columns = [
        ("DROP", Side::Left),
        ("ROOT", Side::Left),
        ("MODE", Side::Left),
        ("STATE", Side::Left),
        ("LAST FILE", Side::Right),
        ("SETTLING", Side::Right),
        ("QUEUED", Side::Right),
        ("HELD", Side::Right),
        ("TODAY", Side::Right),
        ("TOTAL", Side::Right),
    ];
    let rows = status
        .drops
        .iter()
        .map(|drop| drop_row(drop, status.at_ms, style));
    table::print(&columns, rows.collect(), out)
}

fn drop_row(drop: &DropRow, now_ms: i64, style: Style) -> Vec<String> {
    let none = || style.none().to_owned();
    let settling = drop.settling.and_then(|n| i64::try_from(n).ok());
    vec![
        escape(&drop.name),
        escape_path(&drop.root.exact),
        drop.mode.as_deref().map_or_else(none, escape),
        match drop.state.as_deref() {
            Some("ok") => "ok".to_owned(),
            Some(state) => escape(&state.to_uppercase()),
            None => "not watched".to_owned(),
        },
        drop.last_file_ms
            .map_or_else(none, |ms| format!("{} ago", age(now_ms - ms))),
        settling.map_or_else(none, |n| number(n, style)),
        number(drop.queued, style),
        drop.held.map_or_else(none, |n| number(n, style)),
        number(drop.today.values().sum(), style),
        number(drop.total.values().sum(), style),
    ]
}

fn sources(status: &Status, out: &mut Printer) -> io::Result<()> {
    if status.sources.is_empty() {
        return Ok(());
    }
    out.line("")?;
    let style = out.style();
    let columns = [
        ("SOURCE", Side::Left),
        ("STATE", Side::Left),
        ("LAST ARTICLE", Side::Right),
        ("TODAY", Side::Right),
        ("DUPLICATE", Side::Right),
        ("TOTAL", Side::Right),
        ("DUPLICATE", Side::Right),
    ];
    let row = |source: &SourceRow| {
        let duplicate = |map: &BTreeMap<String, i64>| {
            let part: i64 = DUPLICATES.iter().filter_map(|word| map.get(*word)).sum();
            share(part, map.values().sum(), style)
        };
        vec![
            escape(&source.name),
            if source.is_quiet { "QUIET" } else { "ok" }.to_owned(),
            format!("{} ago", age(status.at_ms - source.last_seen_ms)),
            number(source.today.values().sum(), style),
            duplicate(&source.today),
            number(source.total.values().sum(), style),
            duplicate(&source.total),
        ]
    };
    table::print(&columns, status.sources.iter().map(row).collect(), out)
}

fn problems(problems: &[Problem], out: &mut Printer) -> io::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    out.line("")?;
    let heading = out.style().paint(Paint::Bold, "PROBLEMS");
    out.line(&heading)?;
    for problem in problems {
        out.line(&format!("  {}", escape(&problem.what)))?;
        out.line(&format!("    → {}", escape(&problem.help)))?;
    }
    Ok(())
}
