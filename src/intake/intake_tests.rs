//! The whole intake on a real folder with real events.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::config::{Drop, Settings};
use crate::job::Reason;
use crate::store::Durability;
use crate::store::jobs::{self, Selection};

use super::test_support::{Bench, turn};
use super::{Intake, IntakeError, Mode, State};

#[test]
fn files_already_there_are_taken_whatever_their_age() {
    let bench = Bench::new();
    let old = bench.write("old.html", "text");
    File::options()
        .append(true)
        .open(&old)
        .unwrap()
        .set_modified(SystemTime::UNIX_EPOCH)
        .unwrap();
    bench.write("sub/deep/new.html", "text");
    let mut intake = bench.intake();
    assert!(!intake.first_listing_queued());
    bench.run_until_quiet(&mut intake);
    assert!(intake.first_listing_queued());
    let names = bench.claim_names();
    assert_eq!(
        names,
        [Path::new("old.html"), Path::new("sub/deep/new.html")]
    );
}

#[test]
fn a_file_renamed_linked_or_written_into_place_is_taken() {
    let bench = Bench::new();
    let mut intake = bench.intake();
    bench.run_until_quiet(&mut intake);
    let outside = bench.folder.path().join("outside.html");
    fs::write(&outside, "text").unwrap();
    fs::rename(&outside, bench.drop.join("renamed.html")).unwrap();
    bench.take_jobs(&mut intake, 1);
    fs::write(&outside, "text").unwrap();
    fs::hard_link(&outside, bench.drop.join("linked.html")).unwrap();
    bench.take_jobs(&mut intake, 1);
    bench.write("written.html", "text");
    bench.take_jobs(&mut intake, 1);
    // A temporary name is left alone until it gets its own.
    let part = bench.write("a.html.part", "text");
    bench.run_until_quiet(&mut intake);
    assert!(bench.claim_names().is_empty());
    fs::rename(&part, bench.drop.join("a.html")).unwrap();
    bench.take_jobs(&mut intake, 1);
}

#[test]
fn a_file_with_an_open_writer_is_not_taken_until_it_is_closed() {
    let bench = Bench::new();
    let mut intake = bench.intake();
    bench.run_until_quiet(&mut intake);
    let mut writer = File::create(bench.drop.join("slow.html")).unwrap();
    writer.write_all(b"first half").unwrap();
    // A later file comes through while the earlier is waited for.
    bench.write("other.html", "text");
    bench.take_jobs(&mut intake, 1);
    let is_settling = |intake: &mut Intake| intake.report().drops[0].settling == 1;
    bench.run_until(&mut intake, "settling", is_settling);
    assert!(!intake.drained());
    writer.write_all(b"second half").unwrap();
    drop(writer);
    let jobs = bench.take_jobs(&mut intake, 1);
    assert_eq!(jobs[0].stamp.size_bytes, 21);
}

#[test]
fn a_file_open_too_long_is_held_and_taken_when_it_is_closed() {
    let mut bench = Bench::new();
    bench.settings.settle_max = Duration::from_millis(300);
    let mut intake = bench.intake();
    let mut writer = File::create(bench.drop.join("log.html")).unwrap();
    writer.write_all(b"text").unwrap();
    bench.run_until(&mut intake, "held", |_| {
        bench.told(crate::store::provenance::EventKind::Held) == 1
    });
    assert_eq!(bench.claim(), []);
    drop(writer);
    bench.take_jobs(&mut intake, 1);
    let reason = Selection::Reason(Reason::NeverSettled);
    let retry = |db: &rusqlite::Connection| jobs::retry(db, &reason, 0);
    assert_eq!(bench.store.write(Durability::Later, retry).unwrap(), 0);
}

#[test]
fn a_kept_file_is_not_queued_again_after_a_restart_but_when_it_is_rewritten() {
    let bench = Bench::new();
    let path = bench.write("a.html", "one");
    bench.run_until_quiet(&mut bench.intake());
    let first = bench.claim();
    assert_eq!(first.len(), 1);

    let mut intake = bench.intake();
    bench.run_until_quiet(&mut intake);
    assert_eq!(bench.claim(), []);
    // In place, with the same length; the queued job for the older content is closed.
    let rewrite = |text: &[u8]| {
        let mut file = OpenOptions::new().write(true).open(&path).unwrap();
        file.write_all(text).unwrap();
    };
    rewrite(b"two");
    bench.run_until(&mut intake, "queued", |_| {
        bench.told(crate::store::provenance::EventKind::Queued) == 2
    });
    rewrite(b"six");
    bench.run_until(&mut intake, "queued", |_| {
        bench.told(crate::store::provenance::EventKind::Queued) == 3
    });
    let last = bench.claim();
    assert_eq!(last.len(), 1, "only the newest content is queued");
    assert_ne!(last[0].stamp, first[0].stamp);
}

#[test]
fn folders_made_moved_in_and_renamed_lose_no_file() {
    let bench = Bench::new();
    let mut intake = bench.intake();
    bench.run_until_quiet(&mut intake);
    let maker = std::thread::spawn({
        let root = bench.drop.clone();
        move || {
            for wide in 0..20 {
                let mut folder = root.join(wide.to_string());
                for deep in 0..20 {
                    folder.push(deep.to_string());
                    fs::create_dir_all(&folder).unwrap();
                    fs::write(folder.join("a.html"), "text").unwrap();
                    fs::write(folder.join("b.html"), "text").unwrap();
                }
            }
        }
    });
    bench.take_jobs(&mut intake, 800);
    maker.join().unwrap();

    let outside = bench.folder.path().join("outside");
    fs::create_dir_all(outside.join("x/y")).unwrap();
    fs::write(outside.join("x/y/a.html"), "text").unwrap();
    fs::write(outside.join("x/b.html"), "text").unwrap();
    fs::rename(&outside, bench.drop.join("moved")).unwrap();
    bench.take_jobs(&mut intake, 2);

    // The renamed folder goes on being watched under its new name.
    fs::rename(bench.drop.join("moved"), bench.drop.join("again")).unwrap();
    bench.take_jobs(&mut intake, 2);
    bench.run_until_quiet(&mut intake);
    bench.write("again/x/y/c.html", "text");
    let jobs = bench.take_jobs(&mut intake, 1);
    assert_eq!(jobs[0].path, bench.drop.join("again/x/y/c.html"));
    let report = intake.report();
    assert_eq!(report.drops[0].watched_folders, 1 + 20 * 21 + 3);
}

#[test]
fn links_and_special_files_are_passed_by_and_odd_names_are_not() {
    let bench = Bench::new();
    let secret = bench.folder.path().join("secret");
    fs::create_dir(&secret).unwrap();
    fs::write(secret.join("in.html"), "secret").unwrap();
    let link =
        |to: &Path, name: &str| std::os::unix::fs::symlink(to, bench.drop.join(name)).unwrap();
    link(Path::new("/etc/passwd"), "passwd.html");
    link(&secret, "folder");
    link(Path::new("."), "loop");
    link(Path::new("nowhere"), "dangling");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    let fifo = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, bench.drop.join("pipe"), fifo, mode, 0).unwrap();
    let odd = [
        b"\xff\xfe.html".to_vec(),
        b"a\nb\x1b[31m.html".to_vec(),
        b"-rf".to_vec(),
    ];
    for name in &odd {
        fs::write(bench.drop.join(OsString::from_vec(name.clone())), "text").unwrap();
    }
    let mut intake = bench.intake();
    let jobs = bench.take_jobs(&mut intake, 3);
    bench.run_until_quiet(&mut intake);
    for job in jobs {
        let name = job.path.file_name().unwrap().to_owned().into_vec();
        assert!(odd.contains(&name), "{name:?}");
    }
    let report = intake.report();
    assert_eq!(report.drops[0].symlinks_skipped, 4);
    assert_eq!(report.drops[0].special_skipped, 1);

    // By event as little as by scan, and not through a folder that is a link now either.
    link(Path::new("/etc/passwd"), "later.html");
    intake.look_at(&bench.drop.join("folder/in.html"));
    bench.write("last.html", "text");
    bench.take_jobs(&mut intake, 1);
    assert_eq!(bench.claim(), []);
}

#[test]
fn a_drop_folder_that_goes_and_comes_is_told_once_and_watched_again() {
    use crate::store::provenance::EventKind::{RootBack, RootMissing};
    let mut bench = Bench::new();
    bench.settings.root_check = Duration::from_millis(20);
    bench.write("a.html", "text");
    let mut intake = bench.intake();
    bench.take_jobs(&mut intake, 1);
    let away = bench.folder.path().join("away");
    fs::rename(&bench.drop, &away).unwrap();
    let state = |state| move |intake: &mut Intake| intake.report().drops[0].state == state;
    bench.run_until(&mut intake, "missing", state(State::Missing));
    // What happens under the folder's other name is not ours.
    fs::write(away.join("b.html"), "text").unwrap();
    let mut turns = 0;
    bench.run_until(&mut intake, "some checks", |_| {
        turns += 1;
        turns > 3
    });
    assert_eq!(bench.claim(), []);
    assert_eq!((bench.told(RootMissing), bench.told(RootBack)), (1, 0));

    fs::create_dir(&bench.drop).unwrap();
    bench.write("c.html", "text");
    bench.take_jobs(&mut intake, 1);
    bench.run_until_quiet(&mut intake);
    assert_eq!(intake.report().drops[0].state, State::Ok);
    bench.write("d.html", "text");
    bench.take_jobs(&mut intake, 1);
    assert_eq!((bench.told(RootMissing), bench.told(RootBack)), (1, 1));
}

#[test]
fn a_drop_folder_that_is_not_there_yet_is_waited_for() {
    let mut bench = Bench::new();
    bench.settings.root_check = Duration::from_millis(20);
    fs::remove_dir(&bench.drop).unwrap();
    let mut intake = bench.intake();
    turn(&mut intake);
    assert!(
        intake.first_listing_queued(),
        "it does not keep the daemon from being ready"
    );
    assert_eq!(intake.report().drops[0].state, State::Missing);
    bench.write("a.html", "text");
    bench.take_jobs(&mut intake, 1);
}

#[test]
fn overlapping_drop_folders_are_refused_whatever_their_paths_say() {
    let bench = Bench::new();
    fs::create_dir(bench.drop.join("inner")).unwrap();
    let alias = bench.folder.path().join("alias");
    std::os::unix::fs::symlink(bench.drop.join("inner"), &alias).unwrap();
    let drops = vec![
        (bench.id, Drop::plain(bench.drop.clone())),
        (bench.id, Drop::plain(alias)),
    ];
    let settings = Settings::defaults(bench.store.path().to_owned());
    let store = Arc::clone(&bench.store);
    let error = Intake::new(&settings, drops, store, bench.waker()).unwrap_err();
    assert!(matches!(error, IntakeError::Overlap { .. }), "{error}");
    assert!(error.to_string().contains("\"drop\"") && error.to_string().contains("\"alias\""));
}

#[test]
fn going_through_once_takes_folders_and_named_files_and_ends() {
    let bench = Bench::new();
    bench.write("a.html", "text");
    bench.write("sub/b.html", "text");
    bench.write(".hidden", "text");
    let named = bench.folder.path().join("named.tmp");
    fs::write(&named, "text").unwrap();
    fs::write(bench.folder.path().join("not-named.html"), "text").unwrap();
    let link = bench.folder.path().join("link.html");
    std::os::unix::fs::symlink(bench.drop.join(".hidden"), &link).unwrap();
    let paths = [bench.drop.clone(), named.clone(), link];
    let drops = paths.map(|path| (bench.id, Drop::plain(path))).to_vec();
    let settings = Settings::defaults(bench.store.path().to_owned());
    let store = Arc::clone(&bench.store);
    let mut intake = Intake::once(&settings, drops, store, bench.waker()).unwrap();
    assert!(!intake.drained());
    bench.run_until_quiet(&mut intake);
    let mut jobs: Vec<_> = bench.claim().into_iter().map(|job| job.path).collect();
    jobs.sort();
    let inside = [".hidden", "a.html", "sub/b.html"].map(|name| bench.drop.join(name));
    assert_eq!(jobs, [&inside[..], &[named]].concat());
    assert_eq!(intake.report().drops[0].mode, Mode::Poll);

    let missing = vec![(bench.id, Drop::plain(bench.folder.path().join("nothing")))];
    let store = Arc::clone(&bench.store);
    let error = Intake::once(&settings, missing, store, bench.waker()).unwrap_err();
    assert!(matches!(error, IntakeError::Missing { .. }), "{error}");
}

#[test]
fn while_paused_nothing_is_queued_and_nothing_forgotten() {
    let bench = Bench::new();
    let mut intake = bench.intake();
    bench.run_until_quiet(&mut intake);
    intake.pause(true);
    bench.write("a.html", "text");
    let hinted = |intake: &mut Intake| !intake.hints.is_empty();
    bench.run_until(&mut intake, "a hint", hinted);
    assert!(!turn(&mut intake).more);
    assert_eq!(bench.claim(), []);
    assert!(intake.report().paused);
    intake.pause(false);
    bench.take_jobs(&mut intake, 1);
}
