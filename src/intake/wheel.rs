//! The spokes of [`Intake::turn`]: what is done with drop folders, hints, files and scans.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::job::FileStamp;
use crate::store::provenance::{About, EventKind};
use crate::store::{Durability, StoreError, jobs};

use super::batch::Batch;
use super::look::{Kind, Place};
use super::root::{News, Root, Stay};
use super::scan::{Extent, Ground, Scan};
use super::settle::{Decision, Sighting};
use super::watch::ArmError;
use super::{Intake, IntakeError};

/// Hints followed, or entries of one folder tree listed, in one turn: some ten milliseconds' work, so that hints are not kept waiting.
const SLICE: usize = 1_000;

/// Pause between two looks at files that are being written to and of which nothing else is heard.
const CHANGING_PAUSE: Duration = Duration::from_millis(200);

impl Intake {
    /// Writes what waits to be written.
    pub(super) fn flush(&mut self, now_ms: i64) -> Result<usize, IntakeError> {
        if self.batch.is_empty() {
            return Ok(0);
        }
        let batch = &self.batch;
        let queued = self
            .store
            .write(Durability::Later, |db| batch.write(db, now_ms))?;
        self.batch = Batch::default();
        Ok(queued)
    }

    /// Sets watching up (again).
    pub(super) fn mend_watcher(&mut self, now: Instant) {
        let watching = &mut self.watching;
        if !watching.needs_mending() || now < watching.mend {
            return;
        }
        let Some(make) = &mut watching.make else {
            return;
        };
        watching.mend = now + self.settings.root_check;
        let had_one = watching.watcher.take().is_some();
        match make(self.hints.clone()) {
            Ok(watcher) => {
                watching.watcher = Some(watcher);
                watching.trouble = None;
            }
            Err(why) => {
                tracing::warn!(why, "cannot watch: drop folders are polled");
                watching.trouble = Some(why);
            }
        }
        if had_one {
            watching.restarts += 1;
            let about = About::default().with(json!({"why": "the watcher had to be set up anew"}));
            self.batch.tell(EventKind::Overflow, about);
        }
        if had_one || watching.watcher.is_some() {
            for root in &mut self.roots {
                root.folders.forget();
                root.want_whole();
            }
        }
    }

    /// Checks the drop folders whose time has come.
    pub(super) fn check_roots(&mut self, now: Instant) {
        for (index, root) in self.roots.iter_mut().enumerate() {
            if root.check > now || (root.stay == Stay::Once && root.standing.is_some()) {
                continue;
            }
            root.check = now + self.settings.root_check;
            let news = root.check();
            if news.iter().any(|news| matches!(news, News::Missing(_))) {
                // By their old paths: a drop folder that was renamed would go on telling events under its old name.
                let watcher = self.watching.watcher();
                root.folders
                    .disarm_below(watcher, &root.path, Path::new(""));
                self.settle.forget_drop(index);
            }
            for news in news {
                let about = About::drop(root.id);
                match news {
                    News::Missing(why) => {
                        tracing::error!(drop = root.name, why, "drop folder is missing");
                        let detail = json!({"root": root.path.to_string_lossy(), "why": why});
                        self.batch.tell(EventKind::RootMissing, about.with(detail));
                    }
                    News::Back => {
                        tracing::info!(drop = root.name, "drop folder is back");
                        self.batch.tell(EventKind::RootBack, about);
                    }
                }
            }
        }
    }

    /// Looks where hints point; when those taken before are followed, takes all that wait by now.
    pub(super) fn take_hints(&mut self, now: Instant, now_ms: i64) -> Result<usize, IntakeError> {
        if self.taken.is_empty() {
            self.merge_hints(now);
        }
        let mut queued = 0;
        for _ in 0..SLICE {
            let Some(path) = self.taken.pop_front() else {
                break;
            };
            queued += self.take_hint(&path, now, now_ms)?;
        }
        Ok(queued)
    }

    fn merge_hints(&mut self, now: Instant) {
        let with_changing = now >= self.changing_due;
        let waiting = self.hints.take(with_changing);
        if !waiting.changing.is_empty() {
            self.changing_due = now + CHANGING_PAUSE;
        }
        if waiting.overflows > 0 {
            self.overflows += waiting.overflows;
            tracing::warn!("events were lost: every drop folder is scanned");
            let about = About::default().with(json!({"times": waiting.overflows}));
            self.batch.tell(EventKind::Overflow, about);
        }
        for index in waiting.whole {
            if let Some(root) = self.roots.get_mut(index) {
                root.want_whole();
            }
        }
        self.taken
            .extend(waiting.paths.into_iter().chain(waiting.changing));
    }

    fn take_hint(&mut self, path: &Path, now: Instant, now_ms: i64) -> Result<usize, IntakeError> {
        let below = |root: &Root| {
            let relative = path.strip_prefix(&root.path).ok()?;
            let only = root.only.as_deref();
            only.is_none_or(|only| only == relative)
                .then(|| relative.to_owned())
        };
        let mut roots = self.roots.iter().enumerate();
        let Some((index, relative)) = roots.find_map(|(index, root)| Some((index, below(root)?)))
        else {
            return Ok(0);
        };
        if relative.as_os_str().is_empty() {
            // The drop folder itself was moved, removed or changed.
            if let Some(root) = self.roots.get_mut(index) {
                root.check = now;
                root.want_whole();
            }
            self.check_roots(now);
            return Ok(0);
        }
        self.sight(index, &relative, now, now_ms)
    }

    /// Looks at the next of the files that were named.
    pub(super) fn take_named(&mut self, now: Instant, now_ms: i64) -> Result<usize, IntakeError> {
        let mut queued = 0;
        for _ in 0..SLICE {
            let Some(index) = self.named.pop_front() else {
                break;
            };
            let only = self.roots.get(index).and_then(|root| root.only.clone());
            if let Some(name) = only {
                queued += self.sight(index, &name, now, now_ms)?;
            }
        }
        Ok(queued)
    }

    /// Looks again at files whose time has come.
    pub(super) fn look_at_due(&mut self, now: Instant, now_ms: i64) -> Result<usize, IntakeError> {
        let mut queued = 0;
        for (index, path) in self.settle.due(now, SLICE) {
            let root = self.roots.get(index);
            match root.and_then(|root| path.strip_prefix(&root.path).ok()) {
                Some(relative) => queued += self.sight(index, relative, now, now_ms)?,
                None => self.settle.forget(&path),
            }
        }
        Ok(queued)
    }

    /// Looks at one place.
    fn sight(
        &mut self,
        index: usize,
        relative: &Path,
        now: Instant,
        now_ms: i64,
    ) -> Result<usize, IntakeError> {
        let Some(root) = self.roots.get_mut(index) else {
            return Ok(0);
        };
        if root.standing.is_none() || root.leaves_alone(relative) {
            return Ok(0);
        }
        let path = root.path.join(relative);
        let place = Place::find(&root.path, relative);
        let found = place.and_then(|place| match place {
            Some(place) => Ok(place.kind()?.map(|kind| (place, kind))),
            None => Ok(None),
        });
        match found {
            Ok(Some((place, Kind::File(stamp)))) => {
                if !self.settle.awaits(&path) && self.is_known(&path, &stamp)? {
                    return Ok(0);
                }
                return self.probe(index, &path, &place, now, now_ms);
            }
            Ok(Some((_, Kind::Folder(_)))) => root.want(relative),
            Ok(Some((_, Kind::Link | Kind::Special))) => {}
            Ok(None) => {
                let watcher = self.watching.watcher();
                root.folders.disarm_below(watcher, &root.path, relative);
            }
            // The folder it lies in cannot be gone into: a scan finds and tells that, and the file when that is mended.
            Err(error) => tracing::debug!(path = %path.display(), %error, "cannot look"),
        }
        self.settle.forget(&path);
        Ok(0)
    }

    /// Finds out whether a regular file is complete, and acts on it.
    fn probe(
        &mut self,
        index: usize,
        path: &Path,
        place: &Place<'_>,
        now: Instant,
        now_ms: i64,
    ) -> Result<usize, IntakeError> {
        let Some(root) = self.roots.get_mut(index) else {
            return Ok(0);
        };
        let (stamp, evidence) = match place.probe(&*self.disk, root.leases()) {
            Ok(Some(found)) => found,
            Ok(None) => {
                self.settle.forget(path);
                return Ok(0);
            }
            Err(error) => {
                tracing::debug!(path = %path.display(), %error, "cannot look");
                self.settle.forget(path);
                return Ok(0);
            }
        };
        let sighting = Sighting {
            drop: index,
            path: path.to_owned(),
            stamp,
            evidence,
        };
        let patience = root.patience(&self.settings);
        match self.settle.see(&sighting, &patience, now, now_ms) {
            Decision::Settled(file) => self.batch.queue(root.id, file),
            Decision::Released(file) => self.batch.release(root.id, file),
            Decision::NeverSettled(file) => self.batch.hold(root.id, file),
            Decision::Wait => {}
            Decision::NoRoom => root.left_behind = true,
        }
        if self.batch.is_full() {
            return self.flush(now_ms);
        }
        Ok(0)
    }

    /// Whether this content was queued before, whatever became of it.
    fn is_known(&self, path: &Path, stamp: &FileStamp) -> Result<bool, IntakeError> {
        let known = jobs::is_known(&self.reader, path, stamp);
        known.map_err(|source| {
            IntakeError::Store(StoreError::Sqlite {
                path: self.store.path().to_owned(),
                source,
            })
        })
    }

    /// Begins the scans that are due and carries each on by a slice.
    pub(super) fn carry_scans_on(
        &mut self,
        now: Instant,
        now_ms: i64,
    ) -> Result<usize, IntakeError> {
        let has_room = self.settle.has_room_again();
        let mut queued = 0;
        for index in 0..self.roots.len() {
            let Some(root) = self.roots.get_mut(index) else {
                continue;
            };
            root.begin_scans(now, has_room, &mut self.scans);
            let scans = [root.part.take(), root.whole.take()];
            for scan in scans.into_iter().flatten() {
                queued += self.carry_on(index, scan, now, now_ms)?;
            }
        }
        Ok(queued)
    }

    fn carry_on(
        &mut self,
        index: usize,
        mut scan: Scan,
        now: Instant,
        now_ms: i64,
    ) -> Result<usize, IntakeError> {
        let started = Instant::now();
        let mut found = Vec::new();
        let more = self.list(index, &mut scan, &mut found);
        let Some(root) = self.roots.get(index) else {
            return Ok(0);
        };
        let path = root.path.clone();
        let mut fresh = Vec::new();
        for (relative, stamp) in found {
            let path = path.join(&relative);
            if self.settle.awaits(&path) || !self.is_known(&path, &stamp)? {
                fresh.push((relative, path));
            }
        }
        // What follows is work for new files, not for finding them.
        scan.took += started.elapsed();
        let mut queued = 0;
        for (relative, path_of_file) in fresh {
            match Place::find(&path, &relative) {
                Ok(Some(place)) => {
                    queued += self.probe(index, &path_of_file, &place, now, now_ms)?;
                }
                Ok(None) | Err(_) => self.settle.forget(&path_of_file),
            }
        }
        self.end_slice(index, scan, more, now);
        Ok(queued)
    }

    /// Lists a slice, watching each folder before it is read.
    fn list(
        &mut self,
        index: usize,
        scan: &mut Scan,
        found: &mut Vec<(std::path::PathBuf, FileStamp)>,
    ) -> bool {
        let Some(root) = self.roots.get_mut(index) else {
            return false;
        };
        let Some(standing) = root.standing else {
            return false;
        };
        let ground = Ground {
            disk: &*self.disk,
            root: &root.path,
            device: standing.identity.device,
            ignore: &root.ignore,
            depth_max: root.depth_max,
        };
        let polled = root.polled;
        let number = scan.number;
        let (folders, watching, name) = (&mut root.folders, &mut self.watching, &root.name);
        let mut enter = |relative: &Path, identity: (u64, u64)| {
            if polled {
                return;
            }
            let Some(watcher) = watching.watcher() else {
                return folders.enter(relative, identity, false, number);
            };
            match folders.arm(watcher, ground.root, relative, identity, number) {
                Ok(()) | Err(ArmError::Gone | ArmError::Dead) => {}
                Err(ArmError::Limit) => {
                    if watching.limited.insert(index) {
                        tracing::warn!(drop = name, "no more watches: folders are polled");
                    }
                }
                Err(ArmError::Other(why)) => {
                    tracing::debug!(drop = name, why, "a folder is polled");
                }
            }
        };
        scan.step(&ground, SLICE, &mut enter, found)
    }

    fn end_slice(&mut self, index: usize, scan: Scan, more: bool, now: Instant) {
        let Some(root) = self.roots.get_mut(index) else {
            return;
        };
        // Had the drop folder itself not been readable, that none was come to would say nothing about its folders.
        let readable = !scan.passed.unreadable.contains_key(Path::new(""));
        if !more && scan.extent == Extent::Whole && readable {
            let watcher = self.watching.watcher();
            root.folders.disarm_older(watcher, &root.path, scan.number);
            if root.folders.polled() == 0 {
                self.watching.limited.remove(&index);
            }
        }
        for (folder, why) in root.settle_scan(scan, more, &self.settings, now) {
            let folder = root.path.join(folder);
            tracing::warn!(folder = %folder.display(), why, "folder cannot be read");
            let detail = json!({"folder": folder.to_string_lossy(), "why": why});
            let about = About::drop(root.id).with(detail);
            self.batch.tell(EventKind::FolderUnreadable, about);
        }
    }
}
