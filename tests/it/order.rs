//! Promise 3: the record does not depend on luck.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::support::{Workplace, article};

/// 300 files: articles, and of some of them near copies, excerpts, expansions, the same words in other bytes, and the
/// same bytes under other names. All were last written at the same time, so nothing but their content tells them apart.
fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for n in 0..100 {
        files.push((format!("original-{n}.txt"), article(n)));
    }
    for n in 0..60 {
        let copy = article(n).replace("ending a dispute", "settling a quarrel");
        files.push((format!("copy-{n}.txt"), copy));
    }
    for n in 0..40 {
        let whole = article(n);
        let (begin, _) = whole.split_once("\n\nOpponents").expect("a last paragraph");
        files.push((format!("excerpt-{n}.txt"), begin.to_owned()));
    }
    for n in 60..90 {
        let more = format!(
            "{}\nThe mayor of the neighbouring town, who had come by bicycle, said that she envied them number {n}, and \
             promised to send the bill for the {n} sandbags that were lent in spring as soon as somebody had counted \
             what was left of them in the cellar of the fire station.\n",
            article(n)
        );
        files.push((format!("expansion-{n}.txt"), more));
    }
    for n in 0..40 {
        files.push((
            format!("windows-{n}.txt"),
            article(n).replace('\n', "\r\n") + "\r\n",
        ));
    }
    for n in 70..100 {
        files.push((format!("again-{n}.txt"), article(n)));
    }
    assert_eq!(files.len(), 300);
    files
}

/// What the export says once ids, paths and times are left out, in an order of its own.
pub(crate) fn content_of(export: Vec<Value>) -> Vec<String> {
    let mut lines: Vec<String> = export
        .into_iter()
        .map(|mut object| {
            let fields = object.as_object_mut().expect("an object");
            fields.remove("id");
            fields.remove("path");
            let shares = fields
                .get("shares")
                .and_then(Value::as_array)
                .expect("a list")
                .len();
            fields.insert("shares".to_owned(), shares.into());
            if let Some(verdict) = fields.get_mut("verdict").and_then(Value::as_object_mut) {
                verdict.remove("of");
            }
            object.to_string()
        })
        .collect();
    lines.sort();
    lines
}

/// Takes the files in, a part of them at a time, in the order of `key`.
fn record_in_order(workers: u32, key: impl Fn(usize) -> usize) -> Vec<String> {
    let place = Workplace::new();
    let config = place.path().join("c.toml");
    std::fs::write(&config, format!("workers = {workers}\n")).expect("written");
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let mut files: Vec<(usize, (String, String))> = files().into_iter().enumerate().collect();
    files.sort_by_key(|(n, _)| key(*n));
    for part in files.chunks(75) {
        let paths: Vec<PathBuf> = part
            .iter()
            .map(|(_, (name, text))| {
                let path = place.drop().join(name);
                std::fs::write(&path, text).expect("written");
                let file = std::fs::File::options()
                    .write(true)
                    .open(&path)
                    .expect("open");
                file.set_modified(written).expect("its time");
                path
            })
            .collect();
        let output = place
            .command("ingest")
            .arg("--config")
            .arg(&config)
            .args(&paths)
            .output()
            .expect("run");
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(
        place.count("SELECT count(*) FROM job WHERE state = 'done'"),
        300
    );
    place.assert_sound();
    content_of(place.json("export", &[]))
}

#[test]
fn the_same_files_give_the_same_record_in_any_order_with_any_number_of_workers() {
    let first = record_in_order(1, |n| n);
    let kinds = |kind: &str| {
        let wanted = format!("\"kind\":\"{kind}\"");
        first.iter().filter(|line| line.contains(&wanted)).count()
    };
    // Of 270 articles, those with an earlier near relative are judged so.
    assert_eq!(first.len(), 270);
    for (kind, at_least) in [
        ("new", 90),
        ("copy", 50),
        ("excerpt", 50),
        ("same-text", 40),
    ] {
        assert!(kinds(kind) >= at_least, "{kind}: {}", kinds(kind));
    }
    for (workers, step) in [(4, 7), (1, 11), (4, 299)] {
        // Multiplying by a number without a common factor with 300… shuffles.
        let other = record_in_order(workers, |n| (n * step + 13) % 301);
        assert_eq!(first.len(), other.len());
        for (a, b) in first.iter().zip(&other) {
            assert_eq!(a, b, "{workers} workers, step {step}");
        }
    }
}
