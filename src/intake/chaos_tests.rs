//! Folders and files made, moved, removed and replaced at random, with events alone: no later scan mends anything.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::Connection;

use crate::job::FileStamp;
use crate::store::jobs;

use super::Intake;
use super::test_support::Bench;

/// Steps of the story: enough that not listing a folder that was moved in failed in each of three runs, and leaving
/// the watch of a folder's old name in place in one of three.
const STEPS: u32 = 600;

#[test]
fn whatever_is_done_to_folders_no_file_is_missed_and_each_is_watched() {
    let mut bench = Bench::new();
    bench.settings.reconcile = Duration::from_hours(1);
    let mut intake = bench.intake();
    bench.run_until_quiet(&mut intake);
    let done = Arc::new(AtomicBool::new(false));
    let outside = bench.folder.path().join("outside");
    let maker = std::thread::spawn({
        let (root, done) = (bench.drop.clone(), Arc::clone(&done));
        move || {
            let mut random = fastrand::Rng::with_seed(7);
            for step in 0..STEPS {
                disturb(&mut random, &root, &outside, step);
            }
            done.store(true, Ordering::SeqCst);
        }
    });
    let is_done = |_: &mut Intake| done.load(Ordering::SeqCst);
    bench.run_until(&mut intake, "the disturber", is_done);
    maker.join().unwrap();

    let reader = bench.store.reader().unwrap();
    let nothing_missing = |_: &mut Intake| missing(&reader, &bench.drop).is_empty();
    bench.run_until(&mut intake, "every file", nothing_missing);
    let folders = tree(&bench.drop).1;
    for folder in &folders {
        fs::write(folder.join("last"), "text").unwrap();
    }
    bench.run_until(&mut intake, "a file in every folder", nothing_missing);
    bench.run_until_quiet(&mut intake);
    let report = intake.report();
    assert_eq!(report.drops[0].watched_folders, folders.len());
    assert_eq!(report.overflows, 0, "or this proves nothing");
}

/// One thing that happens in drop folders. Some fail, since the place is taken: as in life.
fn disturb(random: &mut fastrand::Rng, root: &Path, outside: &Path, step: u32) {
    let (files, folders) = tree(root);
    let folder = &folders[random.usize(..folders.len())];
    let other = &folders[random.usize(..folders.len())];
    let may_grow = folder.components().count() < root.components().count() + 8;
    let is_root = folder == root;
    let outcome = match random.u32(0..12) {
        0..=3 => fs::write(folder.join(format!("file{step}")), step.to_string()),
        4 if may_grow => fs::create_dir(folder.join(format!("d{}", step % 5))),
        5 | 6 if may_grow => {
            let inner = folder.join(format!("n{step}/x/y"));
            fs::create_dir_all(&inner).unwrap();
            fs::write(inner.join("a"), "text")
        }
        7 | 8 if !is_root && other.components().count() < root.components().count() + 6 => {
            fs::rename(folder, other.join(format!("r{}", step % 4)))
        }
        9 if !is_root => {
            fs::rename(folder, outside).unwrap();
            fs::write(outside.join("away"), "text").unwrap();
            let back = fs::rename(outside, root.join(format!("back{}", step % 3)));
            back.or_else(|_| fs::remove_dir_all(outside))
        }
        10 if !is_root => {
            fs::remove_dir_all(folder).unwrap();
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("new"), "text")
        }
        11 if !files.is_empty() => {
            let file = &files[random.usize(..files.len())];
            if random.bool() {
                fs::rename(file, folder.join(format!("moved{step}")))
            } else {
                fs::write(file, format!("again {step}"))
            }
        }
        _ => Ok(()),
    };
    drop(outcome);
}

fn missing(reader: &Connection, root: &Path) -> Vec<PathBuf> {
    let is_missing = |file: &PathBuf| {
        let stamp = FileStamp::of(&file.metadata().unwrap());
        !jobs::is_known(reader, file, &stamp).unwrap()
    };
    tree(root).0.into_iter().filter(is_missing).collect()
}

/// All files and all folders from `root` on.
fn tree(root: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    let mut at = 0;
    while let Some(folder) = folders.get(at) {
        let entries = fs::read_dir(folder).unwrap();
        for entry in entries.map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
        at += 1;
    }
    files.sort();
    (files, folders)
}
