//! PURE. Sightings and a clock in, decisions out: which file is complete, which has to be looked at again and when.
//!
//! Intervals are measured on the monotonic clock only; wall time is what the record says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::job::{FileStamp, Settled};

/// Most files that may be settling at once: about 10 MB. Files past it stay in their folder until the next scan.
pub(crate) const PENDING_MAX: usize = 20_000;

/// Shortest pause between two looks at a file somebody has open. The close is an event; this is for closes that are
/// not heard of, and short enough that `ingest`, which has no events, is not felt to hang.
const RECHECK_MIN: Duration = Duration::from_millis(250);

/// Longest such pause: a file that has been open for an hour costs six opens a minute.
const RECHECK_MAX: Duration = Duration::from_secs(10);

/// What looking at a file told about its writers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// Nobody writes: a read lease was granted, and the stamp was the same before and after.
    Free,
    /// Somebody has it open for writing.
    Written,
    /// No lease is to be had: only time can tell.
    Unavailable,
    /// It may not be opened.
    Unreadable,
}

/// A file seen once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sighting {
    /// Which of the drop folders, by its place in the list.
    pub(crate) drop: usize,
    /// Absolute path.
    pub(crate) path: PathBuf,
    /// Its content as sighted.
    pub(crate) stamp: FileStamp,
    /// What was learnt about its writers.
    pub(crate) evidence: Evidence,
}

/// How long to wait for what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Unchanged for this long counts as settled where no lease is to be had.
    pub(crate) quiet: Duration,
    /// Empty for this long counts as meant to be empty.
    pub(crate) empty: Duration,
    /// Unsettled for this long is put aside.
    pub(crate) settle_max: Duration,
}

/// What follows from a sighting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It is complete.
    Settled(Settled),
    /// It is complete under the stamp it was put aside with: what is held is to be released.
    Released(Settled),
    /// It is to be put aside; it is still watched.
    NeverSettled(Settled),
    /// Not yet; it will be among [`Settle::due`].
    Wait,
    /// There is no room: a later scan has to bring it.
    NoRoom,
}

#[derive(Debug)]
struct Pending {
    drop: usize,
    stamp: FileStamp,
    stable_since: Instant,
    first: Instant,
    first_ms: i64,
    held: bool,
    look: Instant,
}

/// The files that are not settled yet.
#[derive(Debug)]
pub(crate) struct Settle {
    pending: BTreeMap<Arc<Path>, Pending>,
    looks: BTreeSet<(Instant, Arc<Path>)>,
    held: usize,
    room: usize,
}

impl Settle {
    /// Nothing is settling.
    pub(crate) fn new(room: usize) -> Self {
        Self {
            pending: BTreeMap::new(),
            looks: BTreeSet::new(),
            held: 0,
            room,
        }
    }

    /// Decides about a file that was looked at just now.
    pub(crate) fn see(
        &mut self,
        sighting: &Sighting,
        patience: &Patience,
        now: Instant,
        now_ms: i64,
    ) -> Decision {
        let Some((path, mut pending)) = self.take(&sighting.path) else {
            return self.see_new(sighting, patience, now, now_ms);
        };
        let same = pending.stamp == sighting.stamp;
        if !same {
            pending.stamp = sighting.stamp;
            pending.stable_since = now;
            if std::mem::take(&mut pending.held) {
                (pending.first, pending.first_ms) = (now, now_ms);
            }
        }
        let still = same.then(|| now.saturating_duration_since(pending.stable_since));
        if let Some(proof) = proof(sighting, still, patience, now_ms) {
            let settled = settled(sighting, pending.first_ms, now_ms, proof);
            return if pending.held {
                Decision::Released(settled)
            } else {
                Decision::Settled(settled)
            };
        }
        let unsettled = now.saturating_duration_since(pending.first);
        let gives_up = !pending.held && unsettled >= patience.settle_max;
        pending.held |= gives_up;
        let never = settled(sighting, pending.first_ms, now_ms, "never");
        pending.look = now + pause(sighting, &pending, patience, now);
        self.put(path, pending);
        if gives_up {
            Decision::NeverSettled(never)
        } else {
            Decision::Wait
        }
    }

    fn see_new(
        &mut self,
        sighting: &Sighting,
        patience: &Patience,
        now: Instant,
        now_ms: i64,
    ) -> Decision {
        if let Some(proof) = proof(sighting, None, patience, now_ms) {
            return Decision::Settled(settled(sighting, now_ms, now_ms, proof));
        }
        if self.pending.len() >= self.room {
            return Decision::NoRoom;
        }
        let mut pending = Pending {
            drop: sighting.drop,
            stamp: sighting.stamp,
            stable_since: now,
            first: now,
            first_ms: now_ms,
            held: false,
            look: now,
        };
        pending.look = now + pause(sighting, &pending, patience, now);
        self.put(sighting.path.as_path().into(), pending);
        Decision::Wait
    }

    /// The file is no longer there, or no longer a file.
    pub(crate) fn forget(&mut self, path: &Path) {
        self.take(path);
    }

    /// Nothing of this drop folder is waited for any more.
    pub(crate) fn forget_drop(&mut self, drop: usize) {
        let of_drop = |(path, pending): (&Arc<Path>, &Pending)| {
            (pending.drop == drop).then(|| Arc::clone(path))
        };
        let paths: Vec<_> = self.pending.iter().filter_map(of_drop).collect();
        for path in paths {
            self.take(&path);
        }
    }

    /// Whether this file is waited for.
    pub(crate) fn awaits(&self, path: &Path) -> bool {
        self.pending.contains_key(path)
    }

    /// Up to `most` files whose time for another look has come, longest due first.
    pub(crate) fn due(&self, now: Instant, most: usize) -> Vec<(usize, PathBuf)> {
        let is_due = |(at, _): &&(Instant, Arc<Path>)| *at <= now;
        let due = self.looks.iter().take_while(is_due).take(most);
        due.filter_map(|(_, path)| {
            let pending = self.pending.get(path)?;
            Some((pending.drop, path.to_path_buf()))
        })
        .collect()
    }

    /// When the next look is due.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.looks.first().map(|(at, _)| *at)
    }

    /// How many are waited for, those put aside as never settled not counted.
    pub(crate) fn waiting(&self) -> usize {
        self.pending.len() - self.held
    }

    /// Whether so few are waited for that files left for want of room can come.
    pub(crate) fn has_room_again(&self) -> bool {
        self.pending.len() <= self.room / 2
    }

    /// Of one drop folder: how many are waited for, and since when the oldest.
    pub(crate) fn of_drop(&self, drop: usize) -> (usize, Option<Instant>) {
        let of_drop = self.pending.values().filter(|file| file.drop == drop);
        of_drop.fold((0, None), |(count, oldest), file| {
            let oldest = oldest.map_or(file.first, |first: Instant| first.min(file.first));
            (count + 1, Some(oldest))
        })
    }

    fn take(&mut self, path: &Path) -> Option<(Arc<Path>, Pending)> {
        let (path, pending) = self.pending.remove_entry(path)?;
        self.looks.remove(&(pending.look, Arc::clone(&path)));
        self.held -= usize::from(pending.held);
        Some((path, pending))
    }

    fn put(&mut self, path: Arc<Path>, pending: Pending) {
        self.looks.insert((pending.look, Arc::clone(&path)));
        self.held += usize::from(pending.held);
        self.pending.insert(path, pending);
    }
}

/// How it is known that the file is complete, if it is. `still` is how long the stamp has been the same over at least
/// two looks.
fn proof(
    sighting: &Sighting,
    still: Option<Duration>,
    patience: &Patience,
    now_ms: i64,
) -> Option<&'static str> {
    let still_for = |time| still.is_some_and(|still| still >= time);
    if sighting.evidence == Evidence::Written {
        return None;
    }
    if sighting.stamp.size_bytes == 0 && sighting.evidence != Evidence::Unreadable {
        let old = sighting.evidence == Evidence::Free
            && changed_before(&sighting.stamp, patience.empty, now_ms);
        return (old || still_for(patience.empty.max(patience.quiet))).then_some("empty");
    }
    match sighting.evidence {
        Evidence::Free => Some("lease"),
        Evidence::Written => None,
        Evidence::Unavailable => still_for(patience.quiet).then_some("quiet"),
        Evidence::Unreadable => still_for(patience.quiet).then_some("unreadable"),
    }
}

/// Whether the stamp itself says that the file has been like this for `time`. The wall clock may be wrong, so this
/// serves only to not wait for files that were left empty long ago; a file that is filled later has a new stamp.
fn changed_before(stamp: &FileStamp, time: Duration, now_ms: i64) -> bool {
    let time_ms = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    now_ms.saturating_sub(stamp.ctime_ns / 1_000_000) >= time_ms
}

/// How long to wait before the next look at an unsettled file.
fn pause(sighting: &Sighting, pending: &Pending, patience: &Patience, now: Instant) -> Duration {
    let unsettled = now.saturating_duration_since(pending.first);
    let pause = if sighting.evidence == Evidence::Written {
        (unsettled / 4).clamp(RECHECK_MIN, RECHECK_MAX)
    } else {
        let needed = if sighting.stamp.size_bytes == 0 && sighting.evidence != Evidence::Unreadable
        {
            patience.empty.max(patience.quiet)
        } else {
            patience.quiet
        };
        needed.saturating_sub(now.saturating_duration_since(pending.stable_since))
    };
    if pending.held {
        return pause.max(RECHECK_MIN);
    }
    pause.min(
        patience
            .settle_max
            .saturating_sub(unsettled)
            .max(RECHECK_MIN),
    )
}

fn settled(sighting: &Sighting, seen_ms: i64, now_ms: i64, proof: &'static str) -> Settled {
    Settled {
        path: sighting.path.clone(),
        stamp: sighting.stamp,
        seen_ms,
        settled_ms: now_ms,
        proof,
    }
}
