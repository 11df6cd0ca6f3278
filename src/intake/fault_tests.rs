//! What the world outside does wrong: events lost, watches refused, a watcher that dies, a disk and a store that
//! refuse.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use notify::event::{DataChange, Flag, ModifyKind};
use notify::{Event, EventKind};

use crate::config::Watch;
use crate::store::provenance::EventKind as Told;

use super::look::RealDisk;
use super::test_support::{Bench, Refusing, Script, scripted, turn, wall_ms};
use super::watch::{HINTS_MAX, Hints};
use super::{Intake, Mode, State};

#[test]
fn after_an_overflow_nothing_is_missing() {
    let bench = Bench::new();
    let script = Arc::default();
    let mut intake = bench.intake_with(scripted(&script), Box::new(RealDisk));
    bench.run_until_quiet(&mut intake);
    for at in 0..3_000 {
        bench.write(&format!("{}/{at}.html", at % 7), "text");
    }
    assert_eq!(turn(&mut intake).queued, 0, "there was no event");
    intake
        .hints()
        .hear(Event::new(EventKind::Other).set_flag(Flag::Rescan));
    bench.take_jobs(&mut intake, 3_000);
    bench.run_until_quiet(&mut intake);
    assert_eq!(intake.report().overflows, 1);
    assert_eq!(bench.told(Told::Overflow), 1);
    assert_eq!(script.lock().unwrap().armed.len(), 8);
}

#[test]
fn more_hints_than_are_remembered_become_a_look_at_the_whole() {
    let root = PathBuf::from("/drop");
    let wakes = Arc::new(Mutex::new(0));
    let count = Arc::clone(&wakes);
    let hints = Hints::new(
        vec![root.clone(), "/other".into()],
        Arc::new(move || *count.lock().unwrap() += 1),
    );
    for at in 0..=HINTS_MAX {
        hints.look_at(&root.join(at.to_string()));
    }
    hints.look_at(Path::new("/other/a"));
    hints.look_at(Path::new("/elsewhere/a"));
    let taken = hints.take(true);
    assert_eq!(taken.whole, [0].into());
    assert_eq!(taken.paths, [PathBuf::from("/other/a")].into());
    assert_eq!(*wakes.lock().unwrap(), 1, "woken once until it comes");
    hints.look_at(&root);
    assert_eq!(*wakes.lock().unwrap(), 2);
}

#[test]
fn writes_to_a_file_wake_once_until_they_are_looked_at() {
    let wakes = Arc::new(Mutex::new(0));
    let count = Arc::clone(&wakes);
    let hints = Hints::new(
        vec!["/drop".into()],
        Arc::new(move || *count.lock().unwrap() += 1),
    );
    let write = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    for _ in 0..3 {
        hints.hear(Event::new(write).add_path("/drop/a".into()));
        assert!(hints.take(false).changing.is_empty());
    }
    assert_eq!(*wakes.lock().unwrap(), 1);
    assert_eq!(hints.take(true).changing.len(), 1);
}

#[test]
fn without_watches_a_folder_is_polled_and_watched_when_they_are_to_be_had() {
    let mut bench = Bench::new();
    bench.settings.poll = Duration::from_millis(20);
    let script = Arc::new(Mutex::new(Script {
        limit: Some(2),
        ..Script::default()
    }));
    for name in ["a", "b", "c"] {
        fs::create_dir(bench.drop.join(name)).unwrap();
    }
    let mut intake = bench.intake_with(scripted(&script), Box::new(RealDisk));
    bench.run_until_quiet(&mut intake);
    let report = intake.report();
    assert_eq!(report.drops[0].mode, Mode::Mixed);
    assert_eq!(
        (
            report.drops[0].watched_folders,
            report.drops[0].polled_folders
        ),
        (2, 2)
    );
    assert!(report.watch_limit.unwrap().contains("max_user_watches"));
    for name in ["a/1", "b/2", "c/3"] {
        bench.write(name, "text");
    }
    bench.take_jobs(&mut intake, 3);
    script.lock().unwrap().limit = None;
    bench.run_until(&mut intake, "all watched", |intake| {
        intake.report().drops[0].mode == Mode::Events
    });
    assert_eq!(intake.report().watch_limit, None);
}

#[test]
fn a_watcher_that_died_is_replaced_and_what_it_missed_is_found() {
    let mut bench = Bench::new();
    bench.settings.root_check = Duration::from_millis(20);
    let script = Arc::new(Mutex::new(Script::default()));
    let mut intake = bench.intake_with(scripted(&script), Box::new(RealDisk));
    bench.run_until_quiet(&mut intake);
    script.lock().unwrap().dead = true;
    bench.write("sub/a.html", "text");
    bench.take_jobs(&mut intake, 1);
    bench.run_until_quiet(&mut intake);
    assert_eq!(intake.report().watcher_restarts, 1);
    let script = script.lock().unwrap();
    assert_eq!((script.made, script.armed.len()), (2, 2));
}

#[test]
fn a_waker_that_panics_does_not_end_watching_for_good() {
    let mut bench = Bench::new();
    bench.settings.root_check = Duration::from_millis(20);
    let panics = Arc::new(AtomicBool::new(false));
    let (once, ring) = (Arc::clone(&panics), bench.waker());
    let waker: super::Waker = Arc::new(move || {
        let panics = once.swap(false, Ordering::SeqCst);
        ring();
        assert!(!panics, "as told");
    });
    let store = Arc::clone(&bench.store);
    let make = Box::new(super::NotifyWatcher::start);
    let disk = Box::new(RealDisk);
    let mut intake =
        Intake::watching(&bench.settings, bench.drops(), store, waker, make, disk).unwrap();
    bench.run_until_quiet(&mut intake);
    panics.store(true, Ordering::SeqCst);
    bench.write("a.html", "text");
    bench.take_jobs(&mut intake, 1);
    bench.run_until(&mut intake, "restart", |intake| {
        intake.report().watcher_restarts == 1
    });
    bench.run_until_quiet(&mut intake);
    bench.write("b.html", "text");
    bench.take_jobs(&mut intake, 1);
}

#[test]
fn an_unreadable_folder_is_told_once_and_does_not_stop_the_rest() {
    let mut bench = Bench::new();
    bench.settings.reconcile = Duration::from_millis(20);
    bench.write("bad/a.html", "text");
    bench.write("good/b.html", "text");
    let disk = Arc::new(Refusing::default());
    *disk.folder.lock().unwrap() = Some("bad".into());
    let script = Arc::default();
    let mut intake = bench.intake_with(scripted(&script), Box::new(Arc::clone(&disk)));
    let jobs = bench.take_jobs(&mut intake, 1);
    assert_eq!(jobs[0].path, bench.drop.join("good/b.html"));
    let mut scans = 0;
    bench.run_until(&mut intake, "some scans", |_| {
        scans += 1;
        scans > 5
    });
    assert_eq!(bench.told(Told::FolderUnreadable), 1);
    let report = intake.report();
    assert_eq!(report.drops[0].unreadable_folders[0].folder, "bad");
    assert_eq!(report.drops[0].state, State::Ok);
    *disk.folder.lock().unwrap() = None;
    bench.take_jobs(&mut intake, 1);
}

#[test]
fn without_leases_a_file_is_taken_after_the_quiet_time() {
    let mut bench = Bench::new();
    bench.settings.quiet = Duration::from_millis(50);
    let disk = Arc::new(Refusing {
        leases: true,
        ..Refusing::default()
    });
    *disk.file.lock().unwrap() = Some("closed.html".into());
    let start = wall_ms();
    bench.write("a.html", "text");
    bench.write("closed.html", "text");
    let script = Arc::default();
    let mut intake = bench.intake_with(scripted(&script), Box::new(disk));
    bench.take_jobs(&mut intake, 2);
    assert!(wall_ms() - start >= 50);
}

#[test]
fn an_empty_file_is_handed_on_after_its_time() {
    let mut bench = Bench::new();
    bench.settings.empty = Duration::from_millis(50);
    bench.write("a.html", "");
    let mut intake = bench.intake();
    let jobs = bench.take_jobs(&mut intake, 1);
    assert_eq!(jobs[0].stamp.size_bytes, 0);
}

#[test]
fn a_polled_folder_is_not_watched_and_its_files_are_found() {
    let mut bench = Bench::new();
    bench.settings.poll = Duration::from_millis(20);
    let script: Arc<Mutex<Script>> = Arc::default();
    let mut drops = bench.drops();
    drops[0].1.watch = Watch::Poll;
    let store = Arc::clone(&bench.store);
    let (make, disk) = (scripted(&script), Box::new(RealDisk));
    let mut intake =
        Intake::watching(&bench.settings, drops, store, bench.waker(), make, disk).unwrap();
    bench.run_until_quiet(&mut intake);
    bench.write("sub/a.html", "text");
    bench.take_jobs(&mut intake, 1);
    assert!(script.lock().unwrap().armed.is_empty());
    assert_eq!(intake.report().drops[0].mode, Mode::Poll);
}

#[test]
fn what_the_store_refused_comes_with_the_next_turns() {
    let bench = Bench::new();
    for at in 0..1_200 {
        bench.write(&format!("{at}.html"), "text");
    }
    let mut intake = bench.intake();
    let refuse = |refuse: bool| {
        bench.store.with_connection(|db| {
            let hook: Option<Box<dyn FnMut() -> bool + Send>> = Some(Box::new(move || refuse));
            db.commit_hook(hook).unwrap();
        });
    };
    refuse(true);
    let now = std::time::Instant::now();
    for _ in 0..4 {
        assert!(intake.turn(now, wall_ms()).is_err());
    }
    refuse(false);
    bench.take_jobs(&mut intake, 1_200);
}
