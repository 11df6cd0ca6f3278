//! `cargo bench --bench latency`: how long after a file is complete its record is committed.
//!
//! 500 files of 3 KB at 50 a second, first renamed into place, then written and closed where they are. The end of a
//! file's way is seen by a reader that looks for its row every half millisecond.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod common;

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

const FILES: usize = 500;
const FILE_BYTES: usize = 3_000;
const EVERY: Duration = Duration::from_millis(20);
const LOOK: Duration = Duration::from_micros(500);

fn main() {
    for (name, rename) in [("renamed into place", true), ("written and closed", false)] {
        let mut latencies = measure(rename);
        latencies.sort_unstable();
        let at =
            |part: usize| latencies[(latencies.len() - 1) * part / 100].as_secs_f64() * 1_000.0;
        println!(
            "{name}: {} files at 50 a second: p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
            latencies.len(),
            at(50),
            at(90),
            at(99),
            at(100)
        );
    }
}

fn measure(rename: bool) -> Vec<Duration> {
    let folder = tempfile::tempdir().expect("a folder");
    let inbox = folder.path().join("in");
    let store = folder.path().join("s.sqlite");
    let mut daemon = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .arg("run")
        .arg(&inbox)
        .arg("--store")
        .arg(&store)
        .env("HOME", folder.path())
        .env("COPYDESK_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()
        .expect("start");
    let mut ready = String::new();
    BufReader::new(daemon.stdout.take().expect("piped"))
        .read_line(&mut ready)
        .expect("ready");
    let (put, putting) = mpsc::channel();
    let dropper = {
        let (inbox, part) = (inbox.clone(), folder.path().join("part"));
        std::thread::spawn(move || {
            for n in 0..FILES {
                let path = inbox.join(format!("{n}.txt"));
                let complete = drop_one(&path, &part, n, rename);
                put.send((path, complete)).expect("somebody waits");
                std::thread::sleep(EVERY.saturating_sub(complete.elapsed()));
            }
        })
    };
    let latencies = await_rows(&store, &putting);
    dropper.join().expect("all dropped");
    daemon.kill().expect("kill");
    daemon.wait().expect("its end");
    latencies
}

/// Drops one file; returns when it was complete.
fn drop_one(path: &Path, part: &Path, n: usize, rename: bool) -> Instant {
    let text = common::article(n as u64, FILE_BYTES);
    if rename {
        std::fs::write(part, text).expect("written");
        let complete = Instant::now();
        std::fs::rename(part, path).expect("renamed");
        return complete;
    }
    let mut file = std::fs::File::create(path).expect("made");
    file.write_all(text.as_bytes()).expect("written");
    let complete = Instant::now();
    drop(file);
    complete
}

/// Waits for the rows of all files in a terminal state.
fn await_rows(
    store: &Path,
    putting: &mpsc::Receiver<(std::path::PathBuf, Instant)>,
) -> Vec<Duration> {
    let db =
        rusqlite::Connection::open_with_flags(store, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
            .expect("the store");
    let mut question = db
        .prepare("SELECT path FROM job WHERE state = 'done' ORDER BY id DESC LIMIT 60")
        .expect("prepared");
    let mut open: HashMap<Vec<u8>, Instant> = HashMap::new();
    let mut latencies = Vec::new();
    while latencies.len() < FILES {
        for (path, complete) in putting.try_iter() {
            open.insert(path.as_os_str().as_bytes().to_owned(), complete);
        }
        let mut rows = question.query([]).expect("asked");
        while let Some(row) = rows.next().expect("a row") {
            let path: Vec<u8> = row.get(0).expect("a path");
            if let Some(complete) = open.remove(&path) {
                latencies.push(complete.elapsed());
            }
        }
        std::thread::sleep(LOOK);
    }
    latencies
}
