//! The desk without its loops: files that exist only here are edited ahead by threads of their own and recorded as the
//! recorder does, with what the other threads do between its commits.

use std::cell::Cell;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use copydesk::article::Rules;
use copydesk::article::unpack::Bounds;
use copydesk::config::{Drop, Retry};
use copydesk::desk::disk::{Disk, ReadError};
use copydesk::desk::measuring::{self, FILL_SLICE, REJUDGE_SLICE};
use copydesk::desk::recorder::{self, Outcome, Taken};
use copydesk::desk::worker::{self, Finished, Halt, Tools, Work};
use copydesk::job::{DropId, FileStamp, JobId, Settled};
use copydesk::store::jobs::{self, Claim};
use copydesk::store::members::Standing;
use copydesk::store::{Durability, Store, articles, index};
use copydesk::verdict::arrival_ms;
use rusqlite::Connection;

use crate::articles::{World, changed_ms, taken_in_ms};
use crate::figures::{Moment, Window, between};

/// Files in one transaction, as the recorder's default.
pub(crate) const BATCH: usize = 500;
/// Of so many articles the parts of one are measured; it does not count for the whole.
const MEASURED: u64 = 10;
/// Slices of prints moved between two commits at most, in the daemon the two threads take turns: more than the prints of a
/// batch, or what is in memory would grow.
const SLICES: usize = 12;

/// Files that are written when they are read.
#[derive(Debug)]
struct Told(Arc<World>);

impl Disk for Told {
    fn read(&self, path: &Path, _: &FileStamp, _: u64) -> Result<Vec<u8>, ReadError> {
        Ok(self.0.article(number_of(path)).into_bytes())
    }

    fn stamp(&self, _: &Path) -> io::Result<FileStamp> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn make_folder(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn copy(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn remove(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn hold_the_same(&self, _: &Path, _: &Path) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

fn number_of(path: &Path) -> u64 {
    let name = path.file_stem().and_then(|name| name.to_str());
    name.and_then(|name| name.parse().ok()).expect("a number")
}

fn settled(number: u64) -> Settled {
    let mtime_ns = changed_ms(number) * 1_000_000;
    Settled {
        path: PathBuf::from(format!("/drop/{number}.txt")),
        stamp: FileStamp {
            device: 1,
            inode: number,
            size_bytes: 4_000,
            mtime_ns,
            ctime_ns: mtime_ns,
        },
        seen_ms: taken_in_ms(number),
        settled_ms: taken_in_ms(number),
        proof: "lease",
    }
}

/// Edits batches ahead, in threads; the batches come in their order.
pub(crate) fn edit(world: &Arc<World>, batches: u64, threads: usize) -> Vec<Receiver<Vec<Work>>> {
    (0..threads)
        .map(|thread| {
            let (sender, receiver) = mpsc::sync_channel(2);
            let world = Arc::clone(world);
            std::thread::spawn(move || {
                for batch in (0..batches).skip(thread).step_by(threads) {
                    if sender.send(edit_batch(&world, batch)).is_err() {
                        return;
                    }
                }
            });
            receiver
        })
        .collect()
}

fn edit_batch(world: &Arc<World>, batch: u64) -> Vec<Work> {
    let (disk, drop) = (Told(Arc::clone(world)), Drop::plain(PathBuf::from("/drop")));
    numbers(batch)
        .map(|number| {
            let file = settled(number);
            let claim = Claim {
                id: JobId(0),
                drop: DropId(1),
                path: file.path,
                stamp: file.stamp,
                seen_ms: file.seen_ms,
                attempt: 1,
            };
            let mut tools = Tools {
                disk: &disk,
                drop: &drop,
                file_bytes_max: 1 << 20,
                bounds: &Bounds::default(),
                rules: &Rules::default(),
                file_max: Duration::MAX,
                retry: &Retry::default(),
                learnt: None,
                standing: &mut |_| Ok(Standing::New),
                earlier: &mut |_, _| Ok(None),
                parts: &mut |_| ControlFlow::Break(Halt::Stops),
                gets_on: &|| ControlFlow::Continue(()),
            };
            worker::turn(&claim, &mut tools).expect("no file has parts")
        })
        .collect()
}

fn numbers(batch: u64) -> std::ops::Range<u64> {
    batch * BATCH as u64..(batch + 1) * BATCH as u64
}

/// A record being made.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) store: Store,
    drop: DropId,
    /// Whether prints are being moved.
    is_filling: Cell<bool>,
}

impl Desk {
    pub(crate) fn new(store: Store) -> Self {
        let drop = store
            .write(Durability::Later, |db| {
                jobs::ensure_drop(db, "drop", Path::new("/drop"))
            })
            .expect("a drop folder");
        Self {
            store,
            drop,
            is_filling: Cell::new(false),
        }
    }

    /// Records a batch, then does what the other threads do between two commits.
    pub(crate) fn turn(&self, batch: u64, works: Vec<Work>, window: &mut Window) {
        let began = Moment::now();
        let measuring = self
            .store
            .write(Durability::Now, |db| self.record(db, batch, works, window))
            .expect("recorded");
        window.commit.push_without(began, Moment::now(), measuring);
        self.fill(window);
        self.rejudge(taken_in_ms(numbers(batch).end), window);
    }

    /// Records a batch; returns how long the parts were measured.
    fn record(
        &self,
        db: &Connection,
        batch: u64,
        works: Vec<Work>,
        window: &mut Window,
    ) -> rusqlite::Result<(Duration, Duration)> {
        let now_ms = taken_in_ms(numbers(batch).end);
        let files: Vec<Settled> = numbers(batch).map(settled).collect();
        jobs::enqueue(db, self.drop, &files, now_ms)?;
        let claims = jobs::claim(db, &[self.drop], now_ms, files.len())?;
        assert_eq!(claims.len(), works.len(), "claimed");
        let mut measuring = (Duration::ZERO, Duration::ZERO);
        let mut recorded = Vec::with_capacity(claims.len());
        for (claim, work) in claims.into_iter().zip(works) {
            let finished = Finished {
                claim,
                work,
                heard: None,
            };
            let is_measured = number_of(&finished.claim.path) % MEASURED == 3;
            if is_measured {
                let began = Moment::now();
                measure_parts(db, &finished, window)?;
                let (wall, cpu) = between(began, Moment::now());
                measuring = (measuring.0 + wall, measuring.1 + cpu);
            }
            let began = Moment::now();
            let outcome = recorder::record(db, &finished, false, &Retry::default(), now_ms)?;
            if !is_measured {
                window.record.push(began, Moment::now());
            }
            recorded.push((finished, outcome));
        }
        for (finished, outcome) in &recorded {
            index_for_search(db, finished, outcome)?;
        }
        Ok(measuring)
    }

    fn fill(&self, window: &mut Window) {
        for _ in 0..SLICES {
            let began = Moment::now();
            let more = self
                .store
                .write(Durability::Later, |db| index::fill(db, FILL_SLICE))
                .expect("filled");
            // The last slice forgets what was moved.
            if self.is_filling.replace(more) || more {
                window.fill.push(began, Moment::now());
            }
            if !more {
                return;
            }
        }
    }

    fn rejudge(&self, now_ms: i64, window: &mut Window) {
        let began = Moment::now();
        let judged = self
            .store
            .write(Durability::Now, |db| {
                measuring::rejudge(db, REJUDGE_SLICE, now_ms)
            })
            .expect("judged again");
        if judged > 0 {
            window.rejudge.push(began, Moment::now());
        }
    }
}

fn measure_parts(
    db: &Connection,
    finished: &Finished,
    window: &mut Window,
) -> rusqlite::Result<()> {
    let Work::Edited(file) = &finished.work else {
        return Ok(());
    };
    let arrival = arrival_ms(&finished.claim.stamp, finished.claim.seen_ms);
    let members = file
        .entries
        .iter()
        .filter_map(|entry| entry.outcome.as_ref().ok());
    for member in members {
        let parts = measuring::parts(db, &member.edited, arrival, Moment::now)?;
        if let Some(parts) = parts {
            window.look_up.push(parts.begun, parts.found);
            window.compare.push(parts.found, parts.compared);
            window.candidates += parts.candidates;
        }
    }
    Ok(())
}

fn index_for_search(
    db: &Connection,
    finished: &Finished,
    outcome: &Outcome,
) -> rusqlite::Result<()> {
    if *outcome == Outcome::SameBytes {
        // The same words in as many blanks.
        return Ok(());
    }
    let (Work::Edited(file), Outcome::Recorded(taken)) = (&finished.work, outcome) else {
        panic!("not recorded: {outcome:?}");
    };
    for Taken { id, entry } in taken {
        let member = file.member(*entry).expect("a member");
        let title = member
            .edited
            .title
            .as_ref()
            .map(|found| found.value.as_str());
        articles::index_for_search(db, *id, title, &member.edited.text)?;
    }
    Ok(())
}
