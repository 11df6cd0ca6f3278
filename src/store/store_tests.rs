//! The store on real SQLite in a temporary folder.

use std::path::{Path, PathBuf};

use crate::job::{DropId, FileStamp, JobId, Reason, Settled};

use super::jobs::{self, Selection};
use super::{Access, Durability, Make, Store, StoreError, open_reader};

struct Scene {
    folder: tempfile::TempDir,
    store: Store,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("s.sqlite"), Make::IfNew).expect("a store");
        Self { folder, store }
    }

    fn write<T>(&self, work: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>) -> T {
        self.store.write(Durability::Later, work).expect("written")
    }

    fn drop_folder(&self, name: &str) -> DropId {
        self.write(|db| jobs::ensure_drop(db, name, Path::new("/in").join(name).as_path()))
    }

    fn queue(&self, drop: DropId, files: &[(&str, i64)]) -> usize {
        let files: Vec<Settled> = files.iter().map(|(name, at)| settled(name, *at)).collect();
        self.write(|db| jobs::enqueue(db, drop, &files, 100))
    }

    fn states(&self) -> Vec<(String, String)> {
        let reader = self.store.reader().expect("a reader");
        let mut states = reader
            .prepare("SELECT CAST(path AS TEXT), state FROM job ORDER BY id")
            .expect("asked");
        states
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("asked")
            .collect::<rusqlite::Result<_>>()
            .expect("read")
    }
}

fn stamp(at: i64) -> FileStamp {
    FileStamp {
        device: u64::MAX,
        inode: 7,
        size_bytes: 10,
        mtime_ns: at,
        ctime_ns: at,
    }
}

fn settled(name: &str, at: i64) -> Settled {
    Settled {
        path: PathBuf::from(name),
        stamp: stamp(at),
        seen_ms: 1,
        settled_ms: 2,
        proof: "lease",
    }
}

#[test]
fn a_reader_cannot_write() {
    let scene = Scene::new();
    let (reader, access) = open_reader(scene.store.path()).expect("a reader");
    assert_eq!(access, Access::Live);
    reader
        .execute("DELETE FROM store", [])
        .expect_err("it may not");
}

#[test]
fn an_odd_path_is_no_obstacle_to_reading_the_last_checkpoint() {
    let folder = tempfile::tempdir().expect("a folder");
    let odd = folder.path().join("a ? b%20#c");
    std::fs::create_dir(&odd).expect("made");
    let path = odd.join("s.sqlite");
    drop(Store::open(&path, Make::IfNew).expect("a store"));
    let (reader, _) = open_reader(&path).expect("a reader");
    let stores: i64 = reader
        .query_row("SELECT count(*) FROM store", [], |row| row.get(0))
        .expect("asked");
    assert_eq!(stores, 1);
}

#[test]
fn a_file_is_queued_once_for_each_stamp_and_an_older_one_still_open_is_closed() {
    let scene = Scene::new();
    let drop = scene.drop_folder("a");
    assert_eq!(scene.queue(drop, &[("/in/a/x", 1)]), 1);
    assert_eq!(scene.queue(drop, &[("/in/a/x", 1)]), 0);
    assert_eq!(scene.queue(drop, &[("/in/a/x", 2)]), 1);
    let states = scene.states();
    let states: Vec<&str> = states.iter().map(|(_, state)| state.as_str()).collect();
    assert_eq!(states, ["gone", "queued"]);
    let reader = scene.store.reader().expect("a reader");
    let known = |at| jobs::is_known(&reader, Path::new("/in/a/x"), &stamp(at)).expect("asked");
    assert!(known(1) && known(2) && !known(3));
}

#[test]
fn a_backlog_in_one_drop_folder_does_not_keep_another_waiting() {
    let scene = Scene::new();
    let (a, b) = (scene.drop_folder("a"), scene.drop_folder("b"));
    scene.queue(
        a,
        &[
            ("/in/a/1", 1),
            ("/in/a/2", 2),
            ("/in/a/3", 3),
            ("/in/a/4", 4),
        ],
    );
    scene.queue(b, &[("/in/b/1", 5)]);
    let claims = scene.write(|db| jobs::claim(db, &[a, b], 200, 3));
    let names: Vec<&str> = claims
        .iter()
        .map(|claim| claim.path.to_str().expect("UTF-8"))
        .collect();
    assert_eq!(names, ["/in/a/1", "/in/b/1", "/in/a/2"]);
    assert!(claims.iter().all(|claim| claim.attempt == 1));
    assert_eq!(claims.first().map(|claim| claim.stamp), Some(stamp(1)));
}

#[test]
fn only_what_was_in_hand_is_suspected_and_three_deaths_put_it_aside() {
    let scene = Scene::new();
    let drop = scene.drop_folder("a");
    scene.queue(drop, &[("/in/a/1", 1), ("/in/a/2", 2)]);
    let mut now_ms = 1_000;
    for death in 1..=3 {
        let mut claims = scene.write(|db| jobs::claim(db, &[drop], now_ms, 10));
        claims.extend(scene.write(|db| jobs::claim_suspect(db, &[drop], now_ms)));
        assert_eq!(claims.len(), 2, "death {death}");
        let released = scene.write(|db| jobs::release_claims(db, &[JobId(1)], 3, 500, now_ms));
        assert_eq!(released, if death < 3 { (2, 0) } else { (1, 1) });
        now_ms += 1_000;
    }
    let states = scene.states();
    assert_eq!(
        states,
        [
            ("/in/a/1".to_owned(), "held".to_owned()),
            ("/in/a/2".to_owned(), "queued".to_owned())
        ]
    );
    let reason = Selection::Reason(Reason::CrashLoop);
    assert_eq!(scene.write(|db| jobs::retry(db, &reason, now_ms)), 1);
    assert_eq!(
        scene.write(|db| jobs::claim(db, &[drop], now_ms, 10)).len(),
        2
    );
}

#[test]
fn a_file_put_aside_as_never_settled_is_queued_once_it_is_complete() {
    let scene = Scene::new();
    let drop = scene.drop_folder("a");
    let file = settled("/in/a/slow", 1);
    scene.write(|db| jobs::hold_unsettled(db, drop, &file, Reason::NeverSettled, 50));
    assert_eq!(scene.queue(drop, &[("/in/a/slow", 1)]), 1);
    assert_eq!(
        scene.states(),
        [("/in/a/slow".to_owned(), "queued".to_owned())]
    );
}

#[test]
fn an_error_rolls_all_of_a_transaction_back() {
    let scene = Scene::new();
    let drop = scene.drop_folder("a");
    let failed = scene.store.write(Durability::Now, |db| {
        jobs::enqueue(db, drop, &[settled("/in/a/1", 1)], 100)?;
        db.execute("INSERT INTO job (id) VALUES (NULL)", [])
    });
    assert!(matches!(failed, Err(StoreError::Sqlite { .. })));
    assert!(scene.states().is_empty());
    assert!(scene.folder.path().exists());
}

#[test]
fn a_store_of_the_first_schema_is_upgraded_to_the_present_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let schema = |name: &str, make| {
        let path = folder.path().join(name);
        let store = Store::open(&path, make).expect("opened");
        store.with_connection(|db| {
            db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")
                .and_then(|mut ask| {
                    ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                        .collect::<rusqlite::Result<Vec<(String, Option<String>)>>>()
                })
                .expect("read")
        })
    };
    let old = rusqlite::Connection::open(folder.path().join("old.sqlite")).expect("made");
    old.execute_batch(include_str!("upgrade/0001_first.sql"))
        .expect("the first step");
    old.pragma_update(None, "application_id", super::APPLICATION_ID)
        .expect("set");
    old.pragma_update(None, "user_version", 1).expect("set");
    drop(old);
    assert_eq!(
        schema("old.sqlite", Make::Never),
        schema("fresh.sqlite", Make::IfNew)
    );
}
