//! `cargo bench --bench bulk -- [--warc-mb N] [--jsonl-mb N] [--files-mb N] [--kills N] [--seed N]`: archives of many
//! articles, taken in through deaths.
//!
//! A `.warc.gz` and a `.jsonl` of invented articles are written as large as they are wanted (16 MB each where nothing is
//! said, 0 for none); with `--files-mb` also the pages as a file each, to compare with. `copydesk ingest` takes each into a store of its own, is killed at moments nobody chose (SIGKILL, twice
//! where nothing is said), and begins again until it ends by itself. Then every article has to be in the export exactly
//! once. Printed are articles a second over all runs, the highest memory of any, and the floor: reading, unpacking and
//! splitting alone, in this process. Ends with exit code 1 if an article is missing or doubled.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "a benchmark prints measures for people"
)]

mod archives;
#[path = "../common/child.rs"]
#[allow(
    dead_code,
    reason = "exit codes and signals are what the others look at"
)]
mod child;
mod pages;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use archives::Kind;
use child::Watched;
use pages::Press;

/// How often a child is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// Longest a run may take without a kill.
const PATIENCE: Duration = Duration::from_hours(2);
/// Within so many seconds for a MB of the archive a kill comes: about what taking it in lasts at 500 articles a second.
const KILL_S_MB: f64 = 0.4;

/// What the command line says.
struct Wanted {
    warc_mb: u64,
    jsonl_mb: u64,
    files_mb: u64,
    kills: u64,
    seed: u64,
}

fn main() -> ExitCode {
    let wanted = wanted();
    let press = Press::new();
    let mut dice = fastrand::Rng::with_seed(wanted.seed);
    println!("seed {}", wanted.seed);
    let mut whole = true;
    for (kind, mb) in [
        (Kind::Warc, wanted.warc_mb),
        (Kind::Jsonl, wanted.jsonl_mb),
        (Kind::Files, wanted.files_mb),
    ] {
        if mb > 0 {
            whole &= take_in(kind, mb, wanted.kills, &press, &mut dice);
        }
    }
    if whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn wanted() -> Wanted {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, default: u64| {
        let at = args.iter().position(|arg| arg == name);
        at.map_or(default, |at| {
            let number = args.get(at + 1).and_then(|number| number.parse().ok());
            number.unwrap_or_else(|| panic!("{name} wants a number"))
        })
    };
    Wanted {
        warc_mb: number("--warc-mb", 16),
        jsonl_mb: number("--jsonl-mb", 16),
        files_mb: number("--files-mb", 0),
        kills: number("--kills", 2),
        seed: number("--seed", fastrand::u64(..1_000_000)),
    }
}

/// Writes an archive, takes it in, and says whether all of it is in the record once.
fn take_in(kind: Kind, mb: u64, kills: u64, press: &Press, dice: &mut fastrand::Rng) -> bool {
    let folder = tempfile::Builder::new()
        .prefix("bulk-")
        .tempdir_in(concat!(env!("CARGO_MANIFEST_DIR"), "/target"))
        .expect("a folder");
    let file = folder.path().join(kind.file_name());
    let began = Instant::now();
    let stories = kind.write(&file, mb << 20, press);
    println!(
        "\n{}: {stories} articles in {mb} MB, written in {:.1} s",
        kind.file_name(),
        began.elapsed().as_secs_f64()
    );
    let (records, floor) = kind.floor(&file);
    assert_eq!(records, stories, "the floor counts what was written");
    let (took, peak_kb) = ingest(folder.path(), &file, mb, kills, dice);
    println!(
        "floor (unpack, split)  {:>9.0} records/s   {:.2} s",
        stories as f64 / floor.as_secs_f64(),
        floor.as_secs_f64()
    );
    println!(
        "ingest                 {:>9.0} records/s   {:.2} s in all runs, {:.1} times the floor; highest memory {:.1} MB",
        stories as f64 / took.as_secs_f64(),
        took.as_secs_f64(),
        took.as_secs_f64() / floor.as_secs_f64(),
        peak_kb as f64 / 1024.0
    );
    is_whole(folder.path(), stories)
}

/// Runs until a run ends by itself; so many before are killed. How long all took, and the highest memory.
fn ingest(
    folder: &Path,
    file: &Path,
    mb: u64,
    kills: u64,
    dice: &mut fastrand::Rng,
) -> (Duration, u64) {
    let (mut took, mut peak_kb) = (Duration::ZERO, 0);
    for run in 0..=kills {
        let patience = if run == kills {
            PATIENCE
        } else {
            let most = (mb as f64 * KILL_S_MB / (kills + 1) as f64).max(1.0);
            Duration::from_secs_f64(0.1 + dice.f64() * most)
        };
        let mut command = child::copydesk("ingest", folder);
        command
            .arg("--store")
            .arg(folder.join("s.sqlite"))
            .arg(file);
        let began = Instant::now();
        let mut watched = Watched::start(&mut command);
        let mut killed = false;
        while watched.look().is_none() {
            if !killed && began.elapsed() > patience {
                watched.kill();
                killed = true;
            }
            std::thread::sleep(LOOK_EVERY);
        }
        took += began.elapsed();
        let ran = watched.end();
        peak_kb = peak_kb.max(ran.peak_kb);
        println!(
            "run {}: {} after {:.2} s, {:.1} MB",
            run + 1,
            if killed { "killed" } else { "ended" },
            began.elapsed().as_secs_f64(),
            ran.peak_kb as f64 / 1024.0
        );
        for line in ran.stderr.lines().take(3) {
            println!("  ! {line}");
        }
        for summary in &ran.objects {
            println!("  {summary}");
        }
    }
    (took, peak_kb)
}

/// What of an article object tells which it is.
#[derive(serde::Deserialize)]
struct Exported {
    url: Option<String>,
}

/// Whether each article is in the export exactly once, and nothing else is.
fn is_whole(folder: &Path, stories: u64) -> bool {
    let mut command = child::copydesk("export", folder);
    command
        .arg("--store")
        .arg(folder.join("s.sqlite"))
        .stdout(Stdio::piped());
    let mut export = command.spawn().expect("started");
    let lines = BufReader::new(export.stdout.take().expect("piped")).lines();
    let mut seen: BTreeMap<u64, u64> = BTreeMap::new();
    let mut strangers = 0_u64;
    for line in lines {
        let object: Exported =
            serde_json::from_str(&line.expect("UTF-8")).expect("an article object");
        let number = object
            .url
            .and_then(|url| {
                url.rsplit('/')
                    .next()
                    .and_then(|number| number.parse().ok())
            })
            .filter(|number| *number < stories);
        match number {
            Some(number) => *seen.entry(number).or_default() += 1,
            None => strangers += 1,
        }
    }
    let ended = export.wait().expect("ended").success();
    let missing = stories - seen.len() as u64;
    let doubled = seen.values().filter(|count| **count > 1).count();
    println!(
        "record: {} of {stories} articles, {missing} missing, {doubled} doubled, {strangers} others{}",
        seen.len(),
        if ended { "" } else { "; export failed" }
    );
    let whole = ended && missing == 0 && doubled == 0 && strangers == 0;
    println!("{}", if whole { "whole" } else { "NOT WHOLE" });
    whole
}
