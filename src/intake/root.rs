//! One drop folder: whether it is there and still the same, how its changes are noticed, what of it is to be scanned.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::config::{self, Drop, Ignore, Watch};
use crate::job::DropId;

use super::folders::Folders;
use super::look::Leases;
use super::mount::{self, Standing};
use super::scan::{Extent, Passed, Scan};
use super::settle::Patience;

/// Most single folders that wait to be scanned; past it the whole drop folder is.
const PARTS_MAX: usize = 4_096;

/// A scan that took t is repeated after at least 250 t, so that scanning takes at most 0.4 % of the time.
const SCAN_SHARE: u32 = 250;

/// Whether a drop is a folder that is watched for ever, or something to go through once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stay {
    /// For ever.
    Always,
    /// Once.
    Once,
}

/// What the check of a drop folder found to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum News {
    /// It is not there, or not the same.
    Missing(String),
    /// It is there (again).
    Back,
}

/// One drop folder.
#[derive(Debug)]
pub(crate) struct Root {
    pub(crate) id: DropId,
    pub(crate) name: String,
    /// The folder; of a single file, the folder it lies in.
    pub(crate) path: PathBuf,
    pub(crate) stay: Stay,
    /// The one file in it that is meant, named by a person, so that no pattern keeps it out.
    pub(crate) only: Option<PathBuf>,
    pub(crate) ignore: Ignore,
    pub(crate) standing: Option<Standing>,
    /// Why it counts as missing.
    pub(crate) why: Option<String>,
    pub(crate) network: Option<&'static str>,
    pub(crate) polled: bool,
    pub(crate) folders: Folders,
    pub(crate) check: Instant,
    pub(crate) whole: Option<Scan>,
    pub(crate) part: Option<Scan>,
    /// Folders to scan, each with all below it; the empty path is the whole.
    pub(crate) wanted: BTreeSet<PathBuf>,
    pub(crate) next_whole: Option<Instant>,
    pub(crate) last_whole: Option<Instant>,
    pub(crate) took: Duration,
    pub(crate) passed: Passed,
    pub(crate) listed: bool,
    /// Files were left in the folder for want of room.
    pub(crate) left_behind: bool,
    pub(crate) depth_max: usize,
    watch: Watch,
    /// What stood there last.
    stood: Option<Standing>,
}

impl Root {
    /// A drop that has not been looked at.
    pub(crate) fn new(
        settings: &config::Intake,
        id: DropId,
        drop: Drop,
        stay: Stay,
        now: Instant,
    ) -> Self {
        Self {
            id,
            ignore: Ignore::new(&settings.ignore, &drop.ignore),
            name: drop.name,
            path: drop.path,
            stay,
            only: None,
            standing: None,
            why: None,
            network: None,
            polled: false,
            folders: Folders::default(),
            check: now,
            whole: None,
            part: None,
            wanted: BTreeSet::new(),
            next_whole: None,
            last_whole: None,
            took: Duration::ZERO,
            passed: Passed::default(),
            listed: false,
            left_behind: false,
            depth_max: settings.depth_max,
            watch: drop.watch,
            stood: None,
        }
    }

    /// Looks whether the drop folder is there and the same, and tells what is new about that. When it is not, nothing
    /// is concluded about its files. The caller drops the watches when [`News::Missing`] is told.
    pub(crate) fn check(&mut self) -> Vec<News> {
        let was_mount = self.stood.is_some_and(|standing| standing.is_mount);
        let found = match mount::standing(&self.path) {
            Err(error) => Err(error.to_string()),
            Ok(standing) if !standing.is_folder => Err("it is not a folder".to_owned()),
            Ok(standing) if was_mount && !standing.is_mount => {
                Err("its file system is not mounted".to_owned())
            }
            Ok(standing) => Ok(standing),
        };
        match (self.standing, found) {
            (None, Err(why)) => {
                let news = self.why.is_none();
                self.why = Some(why.clone());
                self.listed = true;
                news.then_some(News::Missing(why)).into_iter().collect()
            }
            (None, Ok(standing)) => {
                let back = self.why.is_some();
                self.stand(standing);
                back.then_some(News::Back).into_iter().collect()
            }
            (Some(old), Ok(standing)) if old.identity == standing.identity => Vec::new(),
            (Some(_), Ok(standing)) => {
                let why = "another folder or mount is in its place".to_owned();
                self.fall(&why);
                self.stand(standing);
                vec![News::Missing(why), News::Back]
            }
            (Some(_), Err(why)) => {
                self.fall(&why);
                vec![News::Missing(why)]
            }
        }
    }

    fn stand(&mut self, standing: Standing) {
        self.standing = Some(standing);
        self.why = None;
        self.stood = Some(standing);
        // Not to be told means not to be trusted.
        self.network = mount::network_kind(&self.path).unwrap_or(Some("unknown"));
        self.polled = match self.watch {
            _ if self.stay == Stay::Once => true,
            Watch::Auto => self.network.is_some(),
            Watch::Events => false,
            Watch::Poll => true,
        };
        self.want_whole();
    }

    fn fall(&mut self, why: &str) {
        self.standing = None;
        self.why = Some(why.to_owned());
        (self.whole, self.part) = (None, None);
        self.next_whole = None;
        self.wanted.clear();
        self.left_behind = false;
        self.listed = true;
    }

    /// Asks for a scan of the whole drop folder.
    pub(crate) fn want_whole(&mut self) {
        self.want(Path::new(""));
    }

    /// Asks for a scan of one folder and all below it.
    pub(crate) fn want(&mut self, relative: &Path) {
        if self.standing.is_none() || self.only.is_some() {
            return;
        }
        self.wanted.insert(relative.to_owned());
        if self.wanted.len() > PARTS_MAX {
            self.wanted = BTreeSet::from([PathBuf::new()]);
        }
    }

    /// Begins the scans that are due. A single folder does not wait for a scan of the whole to end.
    pub(crate) fn begin_scans(&mut self, now: Instant, has_room: bool, number: &mut u64) {
        let in_time = self.next_whole.is_some_and(|next| next <= now);
        if self.whole.is_none() && (in_time || (self.left_behind && has_room)) {
            self.want_whole();
        }
        if self.whole.is_none() && self.wanted.contains(Path::new("")) {
            // It covers everything that was asked for before.
            self.wanted.clear();
            self.next_whole = None;
            self.left_behind = false;
            *number += 1;
            self.whole = Some(Scan::new(PathBuf::new(), *number));
        }
        let is_part = |folder: &&PathBuf| !folder.as_os_str().is_empty();
        if self.part.is_none()
            && let Some(folder) = self.wanted.iter().find(is_part).cloned()
        {
            self.wanted.retain(|part| !part.starts_with(&folder));
            *number += 1;
            self.part = Some(Scan::new(folder, *number));
        }
    }

    /// Puts back or closes a scan that was just carried on. Returns the folders that are unreadable since this scan.
    pub(crate) fn settle_scan(
        &mut self,
        scan: Scan,
        more: bool,
        settings: &config::Intake,
        now: Instant,
    ) -> Vec<(PathBuf, String)> {
        let slot = match scan.extent {
            Extent::Whole => &mut self.whole,
            Extent::Part => &mut self.part,
        };
        if more {
            *slot = Some(scan);
            return Vec::new();
        }
        let is_news = |(folder, _): &(&PathBuf, &String)| {
            !self.passed.unreadable.contains_key(folder.as_path())
        };
        let news = scan.passed.unreadable.iter().filter(is_news);
        let news = news.map(|(at, why)| (at.clone(), why.clone())).collect();
        match scan.extent {
            Extent::Part => {
                let unreadable = &mut self.passed.unreadable;
                unreadable.retain(|at, _| !at.starts_with(&scan.folder));
                unreadable.extend(scan.passed.unreadable);
            }
            Extent::Whole => {
                self.passed = scan.passed;
                self.listed = true;
                self.took = scan.took;
                self.last_whole = Some(now);
                let pause = self.pause(settings).max(scan.took * SCAN_SHARE);
                self.next_whole = (self.stay == Stay::Always).then_some(now + pause);
            }
        }
        news
    }

    fn pause(&self, settings: &config::Intake) -> Duration {
        if self.polled || self.folders.polled() > 0 {
            settings.poll
        } else {
            settings.reconcile
        }
    }

    /// Whether anything of it is being scanned or waits to be, apart from the clock.
    pub(crate) fn is_scanning(&self) -> bool {
        self.whole.is_some() || self.part.is_some() || !self.wanted.is_empty()
    }

    /// Whether a place is left alone: too deep, or a name on the way to it is ignored.
    pub(crate) fn leaves_alone(&self, relative: &Path) -> bool {
        use std::os::unix::ffi::OsStrExt as _;
        self.only.is_none()
            && (relative.components().count() > self.depth_max + 1
                || relative
                    .iter()
                    .any(|name| self.ignore.covers(name.as_bytes())))
    }

    /// How long to wait for a file of it.
    pub(crate) fn patience(&self, settings: &config::Intake) -> Patience {
        Patience {
            quiet: match self.network {
                Some(_) => settings.quiet_network,
                None => settings.quiet,
            },
            empty: settings.empty,
            settle_max: settings.settle_max,
        }
    }

    /// Whether leases say anything here.
    pub(crate) fn leases(&self) -> Leases {
        match self.network {
            Some(_) => Leases::Untrusted,
            None => Leases::Trusted,
        }
    }
}
