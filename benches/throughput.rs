//! `cargo bench --bench throughput`: how fast an archive is taken in, as a ratio to a floor measured in the same run.
//!
//! The floor reads every file, digests it with BLAKE3, and inserts a row and a full-text entry in batches of 500: what
//! no record can do without. The figure is floor seconds / ingest seconds, both with a cold process. The number of
//! files may be given: `cargo bench --bench throughput -- 5000`.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints rates for people"
)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const FILES: usize = 20_000;
const FILE_BYTES: usize = 3_000;
const BATCH: usize = 500;
const ROUNDS: usize = 3;

fn main() {
    let files = std::env::args()
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(FILES);
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = write_inputs(folder.path(), files);
    println!("{files} files of about {FILE_BYTES} bytes");
    let mut ratios = Vec::new();
    for round in 1..=ROUNDS {
        let floor = floor(
            &folder.path().join(format!("floor-{round}.sqlite")),
            &inputs,
        );
        let (ingest, peak_mb) = ingest(folder.path(), round, files);
        let rate = |seconds: f64| files as f64 / seconds;
        println!(
            "round {round}: floor {:.0} files/s, ingest {:.0} files/s, ratio {:.2}, peak memory {peak_mb:.0} MB",
            rate(floor),
            rate(ingest),
            floor / ingest
        );
        ratios.push(floor / ingest);
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio {:.2}", ratios[ratios.len() / 2]);
}

fn write_inputs(folder: &Path, files: usize) -> Vec<PathBuf> {
    let inputs = folder.join("in");
    std::fs::create_dir(&inputs).expect("made");
    (0..files)
        .map(|n| {
            let path = inputs.join(format!("{n:06}.txt"));
            std::fs::write(&path, common::article(n as u64, FILE_BYTES)).expect("written");
            path
        })
        .collect()
}

fn floor(store: &Path, inputs: &[PathBuf]) -> f64 {
    let began = Instant::now();
    let mut db = rusqlite::Connection::open(store).expect("a database");
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE document (id INTEGER PRIMARY KEY, path TEXT, digest BLOB UNIQUE, text TEXT);
         CREATE VIRTUAL TABLE fts USING fts5 (text, content = 'document', content_rowid = 'id',
                                              tokenize = 'unicode61 remove_diacritics 2');",
    )
    .expect("made");
    for batch in inputs.chunks(BATCH) {
        let transaction = db.transaction().expect("begun");
        for path in batch {
            let bytes = std::fs::read(path).expect("read");
            let digest = blake3::hash(&bytes);
            let text = String::from_utf8(bytes).expect("UTF-8");
            let id = transaction
                .prepare_cached("INSERT INTO document (path, digest, text) VALUES (?1, ?2, ?3)")
                .and_then(|mut insert| insert.insert((path.to_str(), digest.as_bytes(), &text)))
                .expect("inserted");
            transaction
                .prepare_cached("INSERT INTO fts (rowid, text) VALUES (?1, ?2)")
                .and_then(|mut insert| insert.execute((id, &text)))
                .expect("indexed");
        }
        transaction.commit().expect("committed");
    }
    began.elapsed().as_secs_f64()
}

/// Seconds and peak memory of `copydesk ingest`.
fn ingest(folder: &Path, round: usize, files: usize) -> (f64, f64) {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .args(["ingest", "--json", "--store"])
        .arg(folder.join(format!("store-{round}.sqlite")))
        .arg(folder.join("in"))
        .env("HOME", folder)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("start");
    let mut peak = 0.0_f64;
    while child.try_wait().expect("its state").is_none() {
        peak = peak.max(peak_kb(child.id()));
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let seconds = began.elapsed().as_secs_f64();
    let mut told = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().expect("piped"), &mut told)
        .expect("read");
    assert!(
        told.contains(&format!("\"articles\":{files},")),
        "not all were taken in: {told}"
    );
    (seconds, peak / 1_000.0)
}

/// The largest resident set of a process so far, in kB; 0 once it is gone.
fn peak_kb(pid: u32) -> f64 {
    std::fs::read_to_string(format!("/proc/{pid}/status"))
        .ok()
        .and_then(|status| {
            let line = status
                .lines()
                .find(|line| line.starts_with("VmHWM:"))?
                .to_owned();
            line.split_whitespace().nth(1)?.parse().ok()
        })
        .unwrap_or(0.0)
}
