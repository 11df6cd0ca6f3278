//! One look at one place below a drop folder: what is there, its stamp, and whether somebody writes it.
//!
//! Nothing below the drop folder is reached through a symbolic link, not even for the time of a swap: every folder on
//! the way is opened from the one above it, without following. No file content is read here.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::{Component, Path};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat};

use crate::job::FileStamp;
use crate::sys::{self, Lease};

use super::settle::Evidence;

/// The disk as the intake needs it; the one implementation is [`RealDisk`], tests make it refuse.
pub(crate) trait Disk: std::fmt::Debug + Send {
    /// Opens a folder below another one, for listing.
    fn open_folder(&self, root: &Path, relative: &Path) -> io::Result<OwnedFd> {
        let above = open_above(root, relative)?;
        let listing = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match relative.file_name() {
            Some(name) => open_at(&above, name, listing | OFlags::NOFOLLOW),
            None => open_at(&above, OsStr::new("."), listing),
        }
    }

    /// Opens a file for reading: without waiting for the other end of a pipe, and never through a link.
    fn open_file(&self, above: &OwnedFd, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
        open_at(above, name, flags | OFlags::CLOEXEC).map(File::from)
    }

    /// Asks for a read lease.
    fn lease(&self, file: &File) -> Lease {
        sys::read_lease(file)
    }
}

/// The disk.
#[derive(Debug)]
pub(crate) struct RealDisk;

impl Disk for RealDisk {}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A regular file.
    File(FileStamp),
    /// A folder: device and inode.
    Folder((u64, u64)),
    /// A symbolic link.
    Link,
    /// A pipe, socket or device.
    Special,
}

/// A place below a drop folder, its folder held open.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    above: OwnedFd,
    name: &'a OsStr,
}

impl<'a> Place<'a> {
    /// Goes there. That the way is gone, or leads through a link, is the same "not there".
    pub(crate) fn find(root: &Path, relative: &'a Path) -> io::Result<Option<Self>> {
        let Some(name) = relative.file_name() else {
            return Ok(None);
        };
        match open_above(root, relative) {
            Ok(above) => Ok(Some(Self { above, name })),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What stands there.
    pub(crate) fn kind(&self) -> io::Result<Option<Kind>> {
        match rustix::fs::statat(&self.above, self.name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(kind_of(&stat))),
            Err(error) if is_absence(&error.into()) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Looks at a regular file: its stamp, and who writes it. Nothing if it is no longer one.
    pub(crate) fn probe(
        &self,
        disk: &dyn Disk,
        leases: Leases,
    ) -> io::Result<Option<(FileStamp, Evidence)>> {
        let file = match disk.open_file(&self.above, self.name) {
            Ok(file) => file,
            Err(error) => return self.probe_closed(&error),
        };
        let before = file.metadata()?;
        if !before.is_file() {
            return Ok(None);
        }
        let evidence = match leases {
            Leases::Trusted => match disk.lease(&file) {
                Lease::Free => Evidence::Free,
                Lease::Written => Evidence::Written,
                Lease::Unavailable => Evidence::Unavailable,
            },
            Leases::Untrusted => Evidence::Unavailable,
        };
        let (before, after) = (FileStamp::of(&before), FileStamp::of(&file.metadata()?));
        let evidence = if before == after {
            evidence
        } else {
            Evidence::Written
        };
        Ok(Some((after, evidence)))
    }

    /// What can be said of a file that does not open.
    fn probe_closed(&self, error: &io::Error) -> io::Result<Option<(FileStamp, Evidence)>> {
        let evidence = match error.raw_os_error() {
            // Somebody holds a write lease, or this process has too many files open: later.
            Some(libc::EWOULDBLOCK | libc::EMFILE | libc::ENFILE | libc::ENOMEM) => {
                Evidence::Written
            }
            _ if is_absence(error) => return Ok(None),
            _ => Evidence::Unreadable,
        };
        Ok(match self.kind()? {
            Some(Kind::File(stamp)) => Some((stamp, evidence)),
            Some(Kind::Folder(_) | Kind::Link | Kind::Special) | None => None,
        })
    }
}

/// Whether what a lease says is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leases {
    /// On local file systems.
    Trusted,
    /// Not on network ones: NFS refuses with the same code that means "being written" here, FUSE grants one although
    /// another machine writes.
    Untrusted,
}

/// Whether an error says that there is nothing (any more) at a place that may be gone into.
pub(crate) fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.raw_os_error(),
        Some(libc::ENOENT | libc::ENOTDIR | libc::ELOOP | libc::ENXIO | libc::ENODEV)
    )
}

/// What an entry is, by its own `stat`.
pub(crate) fn kind_of(stat: &Stat) -> Kind {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Kind::File(stamp_of(stat)),
        FileType::Directory => Kind::Folder((stat.st_dev, stat.st_ino)),
        FileType::Symlink => Kind::Link,
        FileType::Fifo
        | FileType::Socket
        | FileType::CharacterDevice
        | FileType::BlockDevice
        | FileType::Unknown => Kind::Special,
    }
}

/// The same as [`FileStamp::of`], from the other `stat`.
fn stamp_of(stat: &Stat) -> FileStamp {
    let nanoseconds = |seconds: i64, rest: u64| {
        seconds
            .saturating_mul(1_000_000_000)
            .saturating_add(rest.cast_signed())
    };
    FileStamp {
        device: stat.st_dev,
        inode: stat.st_ino,
        size_bytes: stat.st_size.cast_unsigned(),
        mtime_ns: nanoseconds(stat.st_mtime, stat.st_mtime_nsec),
        ctime_ns: nanoseconds(stat.st_ctime, stat.st_ctime_nsec),
    }
}

/// Opens the folder `relative` lies in, component by component. The path of the drop folder itself may hold links: that
/// is what its owner wrote.
fn open_above(root: &Path, relative: &Path) -> io::Result<OwnedFd> {
    let way = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let mut at = rustix::fs::openat(CWD, root, way, Mode::empty())?;
    for component in relative.parent().into_iter().flat_map(Path::components) {
        if let Component::Normal(name) = component {
            at = open_at(&at, name, way | OFlags::NOFOLLOW)?;
        }
    }
    Ok(at)
}

fn open_at(above: &OwnedFd, name: &OsStr, flags: OFlags) -> io::Result<OwnedFd> {
    Ok(rustix::fs::openat(
        above.as_fd(),
        name,
        flags,
        Mode::empty(),
    )?)
}
