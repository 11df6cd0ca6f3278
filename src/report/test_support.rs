//! A store that a real desk has filled, for tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::config::{Drop, DropSource, Settings};
use crate::desk::disk::RealDisk;
use crate::desk::{Desk, Listeners};
use crate::job::{FileStamp, Settled};
use crate::store::{Durability, Make, Store, jobs};

use super::Reader;
use super::explanation::Explanation;

/// When every file is sighted.
const FIRST_MS: i64 = 1_775_304_000_000;

/// A folder with a store and two drop folders.
pub(super) struct Scene {
    folder: TempDir,
    pub(super) settings: Settings,
}

impl Scene {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::defaults(folder.path().join("store.sqlite"));
        settings.workers = 1;
        for name in ["harbour", "valley"] {
            let mut drop = Drop::plain(folder.path().join(name));
            drop.source = DropSource::Named(name.to_owned());
            std::fs::create_dir(&drop.path).expect("made");
            settings.drops.push(drop);
        }
        Self { folder, settings }
    }

    pub(super) fn store(&self) -> Arc<Store> {
        Arc::new(Store::open(&self.settings.store, Make::IfNew).expect("the store opens"))
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn put(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).expect("written");
    }

    /// Queues what lies in the drop folders and lets a desk take it in.
    fn take_in(&self) {
        let store = self.store();
        let mut drops = BTreeMap::new();
        for drop in &self.settings.drops {
            let id = store
                .write(Durability::Now, |db| {
                    let id = jobs::ensure_drop(db, &drop.name, &drop.path)?;
                    jobs::enqueue(db, id, &settled(&drop.path), FIRST_MS)?;
                    Ok(id)
                })
                .expect("queued");
            drops.insert(id, drop.clone());
        }
        let (desk, _) = Desk::start(
            &self.settings,
            drops,
            Arc::clone(&store),
            Arc::new(RealDisk),
            Listeners::none(),
        )
        .expect("the desk starts");
        let deadline = Instant::now() + Duration::from_secs(30);
        let open = || {
            store
                .with_connection(|db| {
                    db.query_row(
                        "SELECT count(*) FROM job WHERE state IN ('queued', 'claimed')",
                        [],
                        |row| row.get::<_, i64>(0),
                    )
                })
                .expect("counted")
        };
        while open() > 0 && Instant::now() < deadline {
            std::thread::park_timeout(Duration::from_millis(5));
        }
        assert!(desk.stop(Duration::from_secs(10)), "the desk stops");
    }

    pub(super) fn reader(&self) -> Reader {
        Reader::open(&self.settings.store).expect("the store can be read")
    }

    pub(super) fn explain(&self, name: &str) -> Explanation {
        self.reader()
            .explain(&self.path(name), Some(&self.settings))
            .expect("explained")
    }
}

fn settled(folder: &Path) -> Vec<Settled> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("listed")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| Settled {
            stamp: FileStamp::of(&path.metadata().expect("a file")),
            path,
            seen_ms: FIRST_MS,
            settled_ms: FIRST_MS,
            proof: "lease",
        })
        .collect()
}

/// Taken in through both folders.
pub(super) const FERRY: &str = "Ferry line returns to the harbour\n\nThe ferry between the two shores of the bay sails again \
    from Monday, the harbour board said. It had been laid up since a crane fell on its landing stage in spring.\n\n\
    Three boats will cross every hour, the last of them shortly before midnight. Season tickets that were sold \
    before the accident stay valid until autumn, and bicycles travel free of charge on weekdays.\n";

const ORCHARD: &str = "Frost spares the orchards\n\nGrowers in the upper valley expect a full harvest of pears after \
    the cold nights of last week did less damage than feared, their union said on Tuesday.\n\nCandles had been lit \
    between the rows on four nights. The costs will be shared by the communities along the river.\n";

/// A scene with three articles, one file twice and one held.
pub(super) fn filled() -> Scene {
    let scene = Scene::new();
    scene.put("harbour/ferry.txt", FERRY);
    scene.put("harbour/ferry-again.txt", FERRY);
    scene.put("harbour/empty.txt", " \n");
    scene.put("valley/orchard.txt", ORCHARD);
    scene.put("valley/ferry.txt", &format!("{FERRY}\n"));
    scene.take_in();
    scene
}
