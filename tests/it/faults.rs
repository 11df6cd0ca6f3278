//! Failure, rehearsed: the first disk operation fails, then the second, … until a run gets through; and so for commits.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use copydesk::config::{Drop as DropFolder, Settings};
use copydesk::desk::disk::{Disk, ReadError, RealDisk};
use copydesk::desk::{Desk, Listeners};
use copydesk::job::{After, DropId, FileStamp, Settled};
use copydesk::store::{Durability, Make, Store, afters, jobs};

use crate::support::{article, wait_until};

const FILES: usize = 4;

/// A disk on which one operation fails.
#[derive(Debug)]
struct FaultyDisk {
    passed: AtomicUsize,
    fails_at: usize,
}

impl FaultyDisk {
    fn new(fails_at: usize) -> Self {
        Self {
            passed: AtomicUsize::new(0),
            fails_at,
        }
    }

    fn pass(&self) -> io::Result<()> {
        if self.passed.fetch_add(1, Ordering::SeqCst) == self.fails_at {
            return Err(io::Error::from_raw_os_error(5));
        }
        Ok(())
    }

    fn was_reached(&self) -> bool {
        self.passed.load(Ordering::SeqCst) > self.fails_at
    }
}

impl Disk for FaultyDisk {
    fn read(&self, path: &Path, stamp: &FileStamp, bytes_max: u64) -> Result<Vec<u8>, ReadError> {
        self.pass()?;
        RealDisk.read(path, stamp, bytes_max)
    }
    fn stamp(&self, path: &Path) -> io::Result<FileStamp> {
        self.pass()?;
        RealDisk.stamp(path)
    }
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.pass()?;
        RealDisk.make_folder(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.pass()?;
        RealDisk.rename(from, to)
    }
    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.pass()?;
        RealDisk.copy(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.pass()?;
        RealDisk.remove(path)
    }
    fn hold_the_same(&self, a: &Path, b: &Path) -> io::Result<bool> {
        self.pass()?;
        RealDisk.hold_the_same(a, b)
    }
}

/// A disk on which nothing can be renamed from one folder to another, as between file systems.
#[derive(Debug)]
struct TwoDisks(FaultyDisk);

impl Disk for TwoDisks {
    fn read(&self, path: &Path, stamp: &FileStamp, bytes_max: u64) -> Result<Vec<u8>, ReadError> {
        self.0.read(path, stamp, bytes_max)
    }
    fn stamp(&self, path: &Path) -> io::Result<FileStamp> {
        self.0.stamp(path)
    }
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.0.make_folder(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if from.parent() == to.parent() {
            self.0.rename(from, to)
        } else {
            Err(io::Error::from(io::ErrorKind::CrossesDevices))
        }
    }
    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.copy(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.remove(path)
    }
    fn hold_the_same(&self, a: &Path, b: &Path) -> io::Result<bool> {
        self.0.hold_the_same(a, b)
    }
}

struct Scene {
    folder: tempfile::TempDir,
    settings: Settings,
    store: Arc<Store>,
    drop: DropFolder,
    id: DropId,
}

impl Scene {
    fn new(after: &str) -> Self {
        Self::with_texts(after, article)
    }

    fn with_texts(after: &str, text: impl Fn(usize) -> String) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let inbox = folder.path().join("in");
        std::fs::create_dir(&inbox).expect("made");
        let path = folder.path().join("s.sqlite");
        let mut settings = Settings::defaults(path.clone());
        settings.workers = 2;
        settings.retry.first = Duration::from_millis(1);
        settings.record.free_reserve_bytes = 0;
        let store = Arc::new(Store::open(&path, Make::IfNew).expect("a store"));
        let mut drop = DropFolder::plain(inbox);
        drop.after = match after {
            "move" => After::Move(folder.path().join("done")),
            "delete" => After::Delete,
            _ => After::Keep,
        };
        let id = store
            .write(Durability::Now, |db| {
                jobs::ensure_drop(db, "in", &drop.path)
            })
            .expect("a drop");
        let scene = Self {
            folder,
            settings,
            store,
            drop,
            id,
        };
        scene.queue(text);
        scene
    }

    fn queue(&self, text: impl Fn(usize) -> String) {
        let files: Vec<Settled> = (0..FILES)
            .map(|n| {
                let path = self.drop.path.join(format!("{n}.txt"));
                std::fs::write(&path, text(n)).expect("written");
                let stamp = FileStamp::of(&path.metadata().expect("there"));
                Settled {
                    path,
                    stamp,
                    seen_ms: 1,
                    settled_ms: 1,
                    proof: "lease",
                }
            })
            .collect();
        self.store
            .write(Durability::Now, |db| jobs::enqueue(db, self.id, &files, 1))
            .expect("queued");
    }

    fn desk(&self, disk: Arc<dyn Disk>) -> Desk {
        let drops = BTreeMap::from([(self.id, self.drop.clone())]);
        Desk::start(
            &self.settings,
            drops,
            Arc::clone(&self.store),
            disk,
            Listeners::none(),
        )
        .expect("a desk")
        .0
    }

    fn count(&self, sql: &str) -> i64 {
        let reader = self.store.reader().expect("a reader");
        reader.query_row(sql, [], |row| row.get(0)).expect(sql)
    }

    /// Works until nothing is queued; after-actions that were put off stay so.
    fn work(&self, inputs: Arc<dyn Disk>) {
        let desk = self.desk(inputs);
        let reader = self.store.reader().expect("a reader");
        wait_until("all is worked off", || {
            jobs::next_due(&reader, &[self.id])
                .expect("asked")
                .is_none()
                && desk.is_idle()
                && afters::next_after(&reader, &[self.id])
                    .expect("asked")
                    .is_none_or(|due_ms| due_ms > jiff::Timestamp::now().as_millisecond())
        });
        assert!(desk.stop(Duration::from_secs(20)), "it ends");
    }

    /// After-actions that were put off are due now, as they will be after their pause.
    fn let_time_pass(&self) {
        self.store
            .write(Durability::Now, |db| {
                db.execute("UPDATE job SET due_ms = 0 WHERE after_state = 'due'", [])
                    .map(drop)
            })
            .expect("written");
    }

    fn assert_whole(&self, what: &str) {
        let n = i64::try_from(FILES).expect("few");
        assert_eq!(
            self.count("SELECT count(*) FROM job WHERE state = 'done'"),
            n,
            "{what}"
        );
        assert_eq!(self.count("SELECT count(*) FROM article"), n, "{what}");
        assert_eq!(
            self.count("SELECT count(*) FROM job WHERE after_state = 'due'"),
            0,
            "{what}"
        );
        let files = |folder: PathBuf| -> Vec<String> {
            let Ok(entries) = std::fs::read_dir(folder) else {
                return Vec::new();
            };
            let mut names: Vec<String> = entries
                .map(|entry| {
                    entry
                        .expect("an entry")
                        .file_name()
                        .to_string_lossy()
                        .into_owned()
                })
                .collect();
            names.sort();
            names
        };
        let all: Vec<String> = (0..FILES).map(|n| format!("{n}.txt")).collect();
        let (kept, moved) = (
            files(self.drop.path.clone()),
            files(self.folder.path().join("done")),
        );
        match self.drop.after {
            After::Keep => assert_eq!((kept, moved), (all, vec![]), "{what}"),
            After::Move(_) => assert_eq!((kept, moved), (vec![], all), "{what}"),
            After::Delete => assert_eq!((kept, moved), (vec![], vec![]), "{what}"),
        }
    }
}

fn every_disk_operation_fails_once(after: &str, make: impl Fn(FaultyDisk) -> Arc<dyn Disk>) {
    for n in 0.. {
        let scene = Scene::new(after);
        let faulty = make(FaultyDisk::new(n));
        scene.work(Arc::clone(&faulty));
        scene.let_time_pass();
        scene.work(make(FaultyDisk::new(usize::MAX)));
        scene.assert_whole(&format!("{after}, operation {n}"));
        if !reached(&*faulty, n) {
            assert!(n >= FILES, "at least every read was made to fail");
            break;
        }
    }
}

/// Whether the fault was met: what is counted is in the debug text, since the trait says nothing of tests.
fn reached(disk: &dyn Disk, n: usize) -> bool {
    let text = format!("{disk:?}");
    let passed = text
        .split("passed: ")
        .nth(1)
        .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
        .and_then(|digits| digits.parse::<usize>().ok())
        .expect("a count");
    passed > n
}

#[test]
fn whichever_disk_operation_fails_nothing_is_lost_when_inputs_are_kept() {
    every_disk_operation_fails_once("keep", |disk| Arc::new(disk));
}

#[test]
fn whichever_disk_operation_fails_nothing_is_lost_when_inputs_are_moved() {
    every_disk_operation_fails_once("move", |disk| Arc::new(disk));
}

#[test]
fn whichever_disk_operation_fails_nothing_is_lost_when_inputs_move_to_another_file_system() {
    every_disk_operation_fails_once("move", |disk| Arc::new(TwoDisks(disk)));
}

#[test]
fn whichever_disk_operation_fails_nothing_is_lost_when_inputs_are_removed() {
    every_disk_operation_fails_once("delete", |disk| Arc::new(disk));
}

#[test]
fn whichever_commit_fails_nothing_is_lost_and_nothing_doubled() {
    for n in 0..12 {
        let scene = Scene::new("move");
        let passed = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&passed);
        scene.store.with_connection(|db| {
            db.commit_hook(Some(move || counter.fetch_add(1, Ordering::SeqCst) == n))
                .expect("hooked");
        });
        let drops = BTreeMap::from([(scene.id, scene.drop.clone())]);
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        // The desk may refuse to start, end itself or go on: the next start has to make it good in each case.
        if let Ok((desk, _)) = Desk::start(
            &scene.settings,
            drops,
            Arc::clone(&scene.store),
            Arc::clone(&disk),
            Listeners::none(),
        ) {
            wait_until("it is done or has ended", || {
                scene
                    .count("SELECT count(*) FROM job WHERE state = 'done' AND after_state <> 'due'")
                    == 4
                    || desk.take_failure().is_some()
                    || (scene.count("SELECT count(*) FROM job WHERE state = 'queued'") == 0
                        && desk.is_idle())
            });
            desk.stop(Duration::from_secs(20));
        }
        scene.store.with_connection(|db| {
            db.commit_hook(None::<fn() -> bool>).expect("unhooked");
        });
        scene
            .store
            .write(Durability::Now, |db| {
                jobs::retry(db, &jobs::Selection::All, 1).map(drop)
            })
            .expect("what was put aside is tried again");
        scene.let_time_pass();
        scene.work(disk);
        scene.assert_whole(&format!("commit {n}"));
    }
}

#[test]
fn a_full_disk_pauses_the_desk_and_it_goes_on_by_itself() {
    // Too long for the free pages a new store has.
    let scene = Scene::with_texts("keep", |n| {
        (0..200).map(|part| article(n + 4 * part)).collect()
    });
    let pages = scene.count("SELECT page_count FROM pragma_page_count");
    let limit = |pages: i64| {
        scene.store.with_connection(|db| {
            db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
                .expect("limited");
        });
    };
    limit(pages);
    let desk = scene.desk(Arc::new(RealDisk));
    wait_until("it pauses", || {
        desk.report(std::time::Instant::now()).paused.is_some()
    });
    assert!(
        desk.take_failure().is_none(),
        "a full disk is no reason to end"
    );
    assert_eq!(scene.count("SELECT count(*) FROM article"), 0);
    limit(1_000_000);
    wait_until("it goes on", || {
        scene.count("SELECT count(*) FROM article") == 4
    });
    wait_until("it says so", || {
        desk.report(std::time::Instant::now()).paused.is_none()
    });
    assert!(desk.stop(Duration::from_secs(20)));
    scene.assert_whole("after a full disk");
}

#[test]
fn a_fault_disk_tells_whether_its_fault_was_met() {
    let disk = FaultyDisk::new(0);
    assert!(!disk.was_reached() && !reached(&disk, 0));
    disk.stamp(Path::new("/")).expect_err("the first fails");
    assert!(disk.was_reached() && reached(&disk, 0));
}
