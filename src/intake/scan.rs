//! A drop folder, or a folder below it, listed in slices: so that a million files neither fill the memory nor keep
//! anything else waiting.
//!
//! What is listed is decided here (links, special files, other file systems, depth, ignored names); what becomes of a
//! file is decided by whoever asked.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{AtFlags, Dir, FileType};

use crate::job::FileStamp;

use super::look::{Disk, Kind, is_absence, kind_of};
use crate::config::Ignore;

/// Most unreadable folders that are named; further ones are counted with them.
const UNREADABLE_NAMED_MAX: usize = 1_000;

/// What a scan is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The whole drop folder.
    Whole,
    /// One folder in it, and what is below.
    Part,
}

/// What was passed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Passed {
    /// Symbolic links.
    pub(crate) links: u64,
    /// Pipes, sockets and devices.
    pub(crate) special: u64,
    /// Folders on other file systems.
    pub(crate) other_file_systems: u64,
    /// Folders below the deepest level.
    pub(crate) too_deep: u64,
    /// Folders that could not be read, and why.
    pub(crate) unreadable: BTreeMap<PathBuf, String>,
}

/// Where a scan happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    /// The disk.
    pub(crate) disk: &'a dyn Disk,
    /// The drop folder.
    pub(crate) root: &'a Path,
    /// The device it is on.
    pub(crate) device: u64,
    /// Names that are left alone.
    pub(crate) ignore: &'a Ignore,
    /// Deepest level that is looked into.
    pub(crate) depth_max: usize,
}

/// A scan under way.
#[derive(Debug)]
pub(crate) struct Scan {
    /// Where it began.
    pub(crate) folder: PathBuf,
    /// What it is about.
    pub(crate) extent: Extent,
    /// Its number; later scans have higher ones.
    pub(crate) number: u64,
    /// Time spent on it so far.
    pub(crate) took: Duration,
    /// What it passed by so far.
    pub(crate) passed: Passed,
    waiting: Vec<PathBuf>,
    open: Option<(PathBuf, Dir)>,
}

impl Scan {
    /// Will list the folder `relative` and all below it.
    pub(crate) fn new(relative: PathBuf, number: u64) -> Self {
        let extent = if relative.as_os_str().is_empty() {
            Extent::Whole
        } else {
            Extent::Part
        };
        Self {
            folder: relative.clone(),
            extent,
            number,
            took: Duration::ZERO,
            passed: Passed::default(),
            waiting: vec![relative],
            open: None,
        }
    }

    /// Lists up to `most` further entries and returns the regular files among them, by path below the drop folder.
    /// `enter` is called with each folder (path, device and inode) *before* its first entry is read: what is created
    /// later than that is then told by an event.
    ///
    /// Returns whether there is more to list.
    pub(crate) fn step(
        &mut self,
        ground: &Ground<'_>,
        most: usize,
        enter: &mut dyn FnMut(&Path, (u64, u64)),
        found: &mut Vec<(PathBuf, FileStamp)>,
    ) -> bool {
        for _ in 0..most {
            let Some((relative, dir)) = &mut self.open else {
                let Some(relative) = self.waiting.pop() else {
                    return false;
                };
                self.open(ground, relative, enter);
                continue;
            };
            match dir.read() {
                Some(Ok(entry)) => {
                    let name = OsStr::from_bytes(entry.file_name().to_bytes());
                    if name == "." || name == ".." || ground.ignore.covers(name.as_bytes()) {
                        continue;
                    }
                    let path = relative.join(name);
                    // Links and special files cost no `stat` where the listing tells what they are.
                    match entry.file_type() {
                        FileType::Symlink => self.passed.links += 1,
                        FileType::Fifo
                        | FileType::Socket
                        | FileType::CharacterDevice
                        | FileType::BlockDevice => self.passed.special += 1,
                        FileType::Directory => self.descend(ground, path),
                        FileType::RegularFile | FileType::Unknown => {
                            let stat = dir.fd().and_then(|fd| {
                                rustix::fs::statat(fd, name, AtFlags::SYMLINK_NOFOLLOW)
                            });
                            let kind = stat.map(|stat| kind_of(&stat));
                            self.meet(ground, path, kind.map_err(io::Error::from), found);
                        }
                    }
                }
                Some(Err(error)) => {
                    let relative = relative.clone();
                    self.open = None;
                    self.trouble(relative, &error.into());
                }
                None => self.open = None,
            }
        }
        self.open.is_some() || !self.waiting.is_empty()
    }

    fn open(
        &mut self,
        ground: &Ground<'_>,
        relative: PathBuf,
        enter: &mut dyn FnMut(&Path, (u64, u64)),
    ) {
        let opened = ground.disk.open_folder(ground.root, &relative);
        let opened = opened.and_then(|folder| {
            let stat = rustix::fs::fstat(&folder)?;
            Ok((folder, stat))
        });
        match opened {
            Ok((_, stat)) if stat.st_dev != ground.device => self.passed.other_file_systems += 1,
            Ok((folder, stat)) => {
                enter(&relative, (stat.st_dev, stat.st_ino));
                match Dir::new(folder) {
                    Ok(dir) => self.open = Some((relative, dir)),
                    Err(error) => self.trouble(relative, &error.into()),
                }
            }
            // Vanished since it was listed. Of the drop folder itself that is noticed by its own check.
            Err(error) if is_absence(&error) => {}
            Err(error) => self.trouble(relative, &error),
        }
    }

    fn meet(
        &mut self,
        ground: &Ground<'_>,
        path: PathBuf,
        kind: io::Result<Kind>,
        found: &mut Vec<(PathBuf, FileStamp)>,
    ) {
        match kind {
            Ok(Kind::File(stamp)) => found.push((path, stamp)),
            Ok(Kind::Folder(_)) => self.descend(ground, path),
            Ok(Kind::Link) => self.passed.links += 1,
            Ok(Kind::Special) => self.passed.special += 1,
            // It vanished since it was listed.
            Err(error) if is_absence(&error) => {}
            // A folder that may be listed but not gone into says so for each of its files: it is the folder's trouble.
            Err(error) => {
                let folder = path.parent().map(Path::to_owned).unwrap_or_default();
                self.trouble(folder, &error);
            }
        }
    }

    fn descend(&mut self, ground: &Ground<'_>, path: PathBuf) {
        if path.components().count() > ground.depth_max {
            self.passed.too_deep += 1;
        } else {
            self.waiting.push(path);
        }
    }

    fn trouble(&mut self, folder: PathBuf, error: &io::Error) {
        let unreadable = &mut self.passed.unreadable;
        if unreadable.len() < UNREADABLE_NAMED_MAX {
            unreadable
                .entry(folder)
                .or_insert_with(|| error.to_string());
        }
    }
}
