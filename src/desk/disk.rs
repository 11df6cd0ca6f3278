//! The disk as the desk sees it: a trait, so that tests can make every operation on the inputs fail.

use std::fs::{File, OpenOptions};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::job::FileStamp;

/// What the desk does to input files.
pub trait Disk: Send + Sync + std::fmt::Debug {
    /// Reads a file that has to have this stamp, before and after.
    fn read(&self, path: &Path, stamp: &FileStamp, bytes_max: u64) -> Result<Vec<u8>, ReadError>;
    /// Opens a file that has to have this stamp, to be read in pieces: one that is too large to be held.
    fn open(&self, path: &Path, stamp: &FileStamp) -> Result<Box<dyn Input>, ReadError> {
        let bytes = self.read(path, stamp, u64::MAX)?;
        Ok(Box::new(Cursor::new(bytes)))
    }
    /// The stamp of what lies at this path now, symbolic links not followed.
    fn stamp(&self, path: &Path) -> io::Result<FileStamp>;
    /// Makes a folder and those above it.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Renames without ever replacing what is there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Copies content and times to a file that must not exist, durably.
    fn copy(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Whether two files hold the same bytes.
    fn hold_the_same(&self, a: &Path, b: &Path) -> io::Result<bool>;
}

/// A file that is being read.
pub trait Input: Read + Seek {
    /// Whether it is still what was sighted.
    fn is_unchanged(&self) -> io::Result<bool>;
}

impl Input for Cursor<Vec<u8>> {
    /// What is held does not change any more.
    fn is_unchanged(&self) -> io::Result<bool> {
        Ok(true)
    }
}

/// An open file and what was sighted.
#[derive(Debug)]
struct Sighted {
    file: File,
    stamp: FileStamp,
}

impl Read for Sighted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Seek for Sighted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Input for Sighted {
    fn is_unchanged(&self) -> io::Result<bool> {
        Ok(FileStamp::of(&self.file.metadata()?) == self.stamp)
    }
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not there any more.
    #[error("it is not there any more")]
    Vanished,
    /// It is not what was sighted, or changed while it was read.
    #[error("it changed after it was queued")]
    Changed,
    /// It is larger than allowed.
    #[error("{bytes} bytes, more than the {max} allowed")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The bound.
        max: u64,
    },
    /// Something else stood in the way.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// The real one.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, path: &Path, stamp: &FileStamp, bytes_max: u64) -> Result<Vec<u8>, ReadError> {
        let file = open_sighted(path, stamp)?;
        if stamp.size_bytes > bytes_max {
            return Err(ReadError::TooLarge {
                bytes: stamp.size_bytes,
                max: bytes_max,
            });
        }
        let bytes = read_bounded(&file, stamp.size_bytes)?;
        let after = FileStamp::of(&file.metadata()?);
        if after != *stamp || bytes.len() as u64 != stamp.size_bytes {
            return Err(ReadError::Changed);
        }
        Ok(bytes)
    }

    fn open(&self, path: &Path, stamp: &FileStamp) -> Result<Box<dyn Input>, ReadError> {
        let file = open_sighted(path, stamp)?;
        Ok(Box::new(Sighted {
            file,
            stamp: *stamp,
        }))
    }

    fn stamp(&self, path: &Path) -> io::Result<FileStamp> {
        path.symlink_metadata()
            .map(|metadata| FileStamp::of(&metadata))
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Ok(()) => {}
            // Network file systems do not know the flag; a hard link does not replace either.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
                std::fs::hard_link(from, to)?;
                std::fs::remove_file(from)?;
            }
            Err(error) => return Err(error.into()),
        }
        sync_folder(to)
    }

    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC;
        let mut source = OpenOptions::new()
            .read(true)
            .custom_flags(flags)
            .open(from)?;
        let mut target = OpenOptions::new().write(true).create_new(true).open(to)?;
        io::copy(&mut source, &mut target)?;
        let metadata = source.metadata()?;
        let times = std::fs::FileTimes::new()
            .set_modified(metadata.modified()?)
            .set_accessed(metadata.accessed()?);
        target.set_times(times)?;
        target.set_permissions(metadata.permissions())?;
        target.sync_all()?;
        sync_folder(to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn hold_the_same(&self, a: &Path, b: &Path) -> io::Result<bool> {
        let digest = |path: &Path| {
            let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC;
            let file = OpenOptions::new()
                .read(true)
                .custom_flags(flags)
                .open(path)?;
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(file)?;
            io::Result::Ok(hasher.finalize())
        };
        Ok(digest(a)? == digest(b)?)
    }
}

/// Opens a file that has to have this stamp.
fn open_sighted(path: &Path, stamp: &FileStamp) -> Result<File, ReadError> {
    // O_NONBLOCK: opening a FIFO that took the file's place must not wait for a writer.
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC;
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(ReadError::Vanished);
        }
        // A symbolic link took its place.
        Err(error) if error.raw_os_error() == Some(libc::ELOOP) => {
            return Err(ReadError::Changed);
        }
        Err(error) => return Err(error.into()),
    };
    let before = file.metadata()?;
    if !before.is_file() || FileStamp::of(&before) != *stamp {
        return Err(ReadError::Changed);
    }
    Ok(file)
}

/// Reads at most one byte more than the size that was sighted: a file that grew is noticed, not swallowed whole.
fn read_bounded(file: &File, size_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(size_bytes).unwrap_or(0).saturating_add(1));
    file.take(size_bytes.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Makes a new name durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
