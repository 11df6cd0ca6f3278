//! Settling against a simple model of files, writers and time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::job::{FileStamp, Settled};

use super::settle::{Decision, Evidence, PENDING_MAX, Patience, Settle, Sighting};

const PATIENCE: Patience = Patience {
    quiet: Duration::from_secs(3),
    empty: Duration::from_mins(1),
    settle_max: Duration::from_mins(10),
};

fn stamp(change: i64, size_bytes: u64) -> FileStamp {
    FileStamp {
        device: 1,
        inode: 1,
        size_bytes,
        mtime_ns: change,
        ctime_ns: change,
    }
}

#[derive(Debug, Clone)]
enum Step {
    Open(usize),
    Write(usize),
    Close(usize),
    Truncate(usize),
    Rename(usize, usize),
    Delete(usize),
    Wait(u64),
    Scan,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..3_usize).prop_map(Step::Open),
        (0..3_usize).prop_map(Step::Write),
        (0..3_usize).prop_map(Step::Close),
        (0..3_usize).prop_map(Step::Truncate),
        (0..3_usize, 0..3_usize).prop_map(|(from, to)| Step::Rename(from, to)),
        (0..3_usize).prop_map(Step::Delete),
        (0..200_000_u64).prop_map(Step::Wait),
        (0..4_000_u64).prop_map(Step::Wait),
        Just(Step::Scan),
    ]
}

#[derive(Debug, Clone)]
struct Modelled {
    stamp: FileStamp,
    writer: bool,
    changed: Instant,
}

/// Files, and an intake that hears of each change only when `events` says so.
struct World {
    files: BTreeMap<PathBuf, Modelled>,
    settle: Settle,
    known: BTreeSet<(PathBuf, i64)>,
    held: BTreeSet<(PathBuf, i64)>,
    leases: bool,
    events: bool,
    now: Instant,
    now_ms: i64,
    changes: i64,
}

impl World {
    fn new(leases: bool, events: bool) -> Self {
        Self {
            files: BTreeMap::new(),
            settle: Settle::new(PENDING_MAX),
            known: BTreeSet::new(),
            held: BTreeSet::new(),
            leases,
            events,
            now: Instant::now(),
            now_ms: 1_000_000_000,
            changes: 0,
        }
    }

    fn act(&mut self, step: &Step) {
        let path = |index: &usize| PathBuf::from(format!("/drop/{index}"));
        match step {
            Step::Open(at) => {
                let file = self.change(&path(at), |size| size);
                file.writer = true;
            }
            Step::Write(at) => {
                if self.files.get(&path(at)).is_some_and(|file| file.writer) {
                    self.change(&path(at), |size| size + 10);
                }
            }
            Step::Close(at) => {
                if let Some(file) = self.files.get_mut(&path(at)) {
                    file.writer = false;
                }
            }
            Step::Truncate(at) => {
                self.change(&path(at), |_| 0);
            }
            Step::Rename(from, to) => {
                if let Some(file) = self.files.remove(&path(from)) {
                    self.files.insert(path(to), file);
                    self.change(&path(to), |size| size);
                }
                self.hear(&path(from));
            }
            Step::Delete(at) => {
                self.files.remove(&path(at));
            }
            Step::Wait(ms) => self.wait(Duration::from_millis(*ms)),
            Step::Scan => self.scan(),
        }
        for at in 0..3 {
            self.hear(&path(&at));
        }
    }

    fn change(&mut self, path: &Path, size: impl FnOnce(u64) -> u64) -> &mut Modelled {
        self.changes += 1;
        // The stamp tells nothing of the age, as the clock of the file system might not.
        let change = self.now_ms * 1_000_000 + self.changes;
        let now = self.now;
        let file = self.files.entry(path.to_owned()).or_insert(Modelled {
            stamp: stamp(change, 0),
            writer: false,
            changed: now,
        });
        file.stamp = stamp(change, size(file.stamp.size_bytes));
        file.changed = now;
        file
    }

    fn hear(&mut self, path: &Path) {
        if self.events {
            self.look(path);
        }
    }

    fn scan(&mut self) {
        let paths: Vec<_> = self.files.keys().cloned().collect();
        for path in paths {
            self.look(&path);
        }
    }

    /// Lets time pass, as the wheel does: from one due look to the next.
    fn wait(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(next) = self.settle.next().filter(|next| *next <= end) {
            self.pass(next.max(self.now));
            for (_, path) in self.settle.due(self.now, 10) {
                self.look(&path);
            }
        }
        self.pass(end);
    }

    fn pass(&mut self, to: Instant) {
        let time = to.saturating_duration_since(self.now);
        self.now_ms += i64::try_from(time.as_millis()).unwrap();
        self.now = to;
    }

    fn look(&mut self, path: &Path) {
        let Some(file) = self.files.get(path).cloned() else {
            return self.settle.forget(path);
        };
        let key = (path.to_owned(), file.stamp.ctime_ns);
        if !self.settle.awaits(path) && self.known.contains(&key) {
            return;
        }
        let evidence = match (self.leases, file.writer) {
            (true, true) => Evidence::Written,
            (true, false) => Evidence::Free,
            (false, _) => Evidence::Unavailable,
        };
        let sighting = Sighting {
            drop: 0,
            path: path.to_owned(),
            stamp: file.stamp,
            evidence,
        };
        match self.settle.see(&sighting, &PATIENCE, self.now, self.now_ms) {
            Decision::Settled(settled) => {
                self.check(&settled, &file);
                assert!(self.known.insert(key), "yielded twice: {settled:?}");
            }
            Decision::Released(settled) => {
                self.check(&settled, &file);
                assert!(self.held.remove(&key), "was not held: {settled:?}");
            }
            Decision::NeverSettled(settled) => {
                assert!(self.known.insert(key.clone()), "held twice: {settled:?}");
                assert!(self.held.insert(key));
            }
            Decision::Wait => assert!(self.settle.awaits(path)),
            Decision::NoRoom => panic!("there is room"),
        }
    }

    fn check(&self, settled: &Settled, file: &Modelled) {
        assert_eq!(settled.stamp, file.stamp);
        assert!(settled.seen_ms <= settled.settled_ms);
        let unchanged = self.now - file.changed;
        let is_empty = file.stamp.size_bytes == 0;
        assert_eq!(settled.proof == "empty", is_empty);
        if is_empty {
            assert!(unchanged >= PATIENCE.empty);
        }
        if self.leases {
            assert!(!file.writer, "still being written: {settled:?}");
        } else {
            assert!(unchanged >= PATIENCE.quiet, "changed lately: {settled:?}");
        }
    }
}

proptest! {
    #[test]
    fn every_settled_stamp_is_yielded_once_and_none_that_is_being_written(
        leases in any::<bool>(),
        events in any::<bool>(),
        story in proptest::collection::vec(step(), 1..60),
    ) {
        let mut world = World::new(leases, events);
        for step in &story {
            world.act(step);
        }
        // In the end everybody closes, and one scan and some patience bring all that is there.
        for file in world.files.values_mut() {
            file.writer = false;
        }
        world.scan();
        world.wait(Duration::from_mins(2));
        for (path, file) in &world.files {
            let key = (path.clone(), file.stamp.ctime_ns);
            prop_assert!(world.known.contains(&key), "lost: {:?}", path);
            prop_assert!(!world.held.contains(&key), "left aside: {:?}", path);
        }
        prop_assert_eq!(world.settle.next(), None);
    }
}

fn see(settle: &mut Settle, stamp: FileStamp, evidence: Evidence, now: Instant) -> Decision {
    let sighting = Sighting {
        drop: 0,
        path: "/drop/a".into(),
        stamp,
        evidence,
    };
    settle.see(&sighting, &PATIENCE, now, 0)
}

#[test]
fn a_file_that_stays_open_is_put_aside_once_and_released_when_it_is_closed() {
    let (mut settle, start) = (Settle::new(9), Instant::now());
    let late = start + PATIENCE.settle_max;
    let written = Evidence::Written;
    assert_eq!(
        see(&mut settle, stamp(1, 5), written, start),
        Decision::Wait
    );
    let decision = see(&mut settle, stamp(1, 5), written, late);
    assert!(
        matches!(decision, Decision::NeverSettled(_)),
        "{decision:?}"
    );
    assert_eq!(see(&mut settle, stamp(1, 5), written, late), Decision::Wait);
    assert_eq!(
        (settle.waiting(), settle.awaits(Path::new("/drop/a"))),
        (0, true)
    );
    let decision = see(&mut settle, stamp(1, 5), Evidence::Free, late);
    assert!(matches!(decision, Decision::Released(_)), "{decision:?}");
    assert_eq!(settle.next(), None);
}

#[test]
fn a_new_stamp_after_it_was_put_aside_begins_anew() {
    let (mut settle, start) = (Settle::new(9), Instant::now());
    let late = start + PATIENCE.settle_max;
    see(&mut settle, stamp(1, 5), Evidence::Written, start);
    see(&mut settle, stamp(1, 5), Evidence::Written, late);
    assert_eq!(
        see(&mut settle, stamp(2, 6), Evidence::Written, late),
        Decision::Wait
    );
    assert_eq!(settle.waiting(), 1);
    let decision = see(&mut settle, stamp(2, 6), Evidence::Free, late);
    assert!(matches!(decision, Decision::Settled(_)), "{decision:?}");
}

#[test]
fn past_its_room_files_are_left_to_the_next_scan() {
    let (mut settle, now) = (Settle::new(0), Instant::now());
    assert_eq!(
        see(&mut settle, stamp(1, 5), Evidence::Written, now),
        Decision::NoRoom
    );
    let decision = see(&mut settle, stamp(1, 5), Evidence::Free, now);
    assert!(
        matches!(decision, Decision::Settled(_)),
        "what is complete needs no room"
    );
}

#[test]
fn an_unreadable_file_is_handed_on_after_the_quiet_time() {
    let (mut settle, now) = (Settle::new(9), Instant::now());
    assert_eq!(
        see(&mut settle, stamp(1, 0), Evidence::Unreadable, now),
        Decision::Wait
    );
    let decision = see(
        &mut settle,
        stamp(1, 0),
        Evidence::Unreadable,
        now + PATIENCE.quiet,
    );
    let Decision::Settled(file) = decision else {
        panic!("{decision:?}");
    };
    assert_eq!(file.proof, "unreadable");
}

#[test]
fn a_file_that_was_left_empty_long_ago_is_not_waited_for() {
    let (mut settle, now) = (Settle::new(9), Instant::now());
    let old = stamp(-70_000_000_000, 0);
    let decision = see(&mut settle, old, Evidence::Free, now);
    assert!(matches!(decision, Decision::Settled(_)), "{decision:?}");
}
