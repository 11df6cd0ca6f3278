//! A claimed file, opened: held whole where it is small, else read in pieces; its digest, and whether it is a file that is
//! known and has grown.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use crate::store::jobs::Claim;
use crate::store::members::Earlier;

use super::disk::{Disk, Input, ReadError};

/// From this size on a file is not held in memory but read in pieces, twice: once for its digest. No page is as large.
pub(super) const BIG_BYTES: u64 = 8 << 20;

/// Bytes read at a time for the digest.
const PIECE_BYTES: usize = 256 << 10;

/// Says that the reading of a file gets on; told whether to go on.
pub(super) type GetsOn<'a> = &'a dyn Fn() -> ControlFlow<()>;

/// A file that is ready to be taken apart.
pub(super) struct Reading<'a> {
    /// Its bytes, from the first.
    pub(super) input: Box<dyn Input + 'a>,
    /// Whether all of them are held, so that what becomes of the file on the disk is all the same.
    pub(super) is_held: bool,
    /// BLAKE3 of them.
    pub(super) digest: [u8; 32],
    /// The file as it was before, if it begins with all of that.
    pub(super) earlier: Option<Earlier>,
}

/// A file that is read in pieces, which may take hours: with each the watchdog sees that it gets on, and the desk may
/// stop.
struct Watched<'a> {
    input: Box<dyn Input>,
    gets_on: GetsOn<'a>,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match (self.gets_on)() {
            ControlFlow::Continue(()) => self.input.read(buffer),
            ControlFlow::Break(()) => Err(io::Error::other("the desk stops")),
        }
    }
}

impl Seek for Watched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.input.seek(to)
    }
}

impl Input for Watched<'_> {
    fn is_unchanged(&self) -> io::Result<bool> {
        self.input.is_unchanged()
    }
}

/// Opens a file; `earlier` is what lay at its path before.
pub(super) fn open<'a>(
    disk: &dyn Disk,
    claim: &Claim,
    file_bytes_max: u64,
    earlier: Option<Earlier>,
    gets_on: GetsOn<'a>,
) -> Result<Reading<'a>, ReadError> {
    let size_bytes = claim.stamp.size_bytes;
    if size_bytes < BIG_BYTES.min(file_bytes_max) {
        let bytes = disk.read(&claim.path, &claim.stamp, file_bytes_max)?;
        let begins = |earlier: &Earlier| {
            let size = usize::try_from(earlier.size_bytes).ok()?;
            Some(*blake3::hash(bytes.get(..size)?).as_bytes() == earlier.digest)
        };
        return Ok(Reading {
            digest: *blake3::hash(&bytes).as_bytes(),
            earlier: earlier.filter(|earlier| begins(earlier) == Some(true)),
            input: Box::new(Cursor::new(bytes)),
            is_held: true,
        });
    }
    if size_bytes > file_bytes_max {
        return Err(ReadError::TooLarge {
            bytes: size_bytes,
            max: file_bytes_max,
        });
    }
    let mut input = Watched {
        input: disk.open(&claim.path, &claim.stamp)?,
        gets_on,
    };
    let (digest, begins) = digest_of(&mut input, size_bytes, earlier.as_ref())?;
    if !input.is_unchanged()? {
        return Err(ReadError::Changed);
    }
    input.seek(SeekFrom::Start(0))?;
    Ok(Reading {
        input: Box::new(input),
        is_held: false,
        digest,
        earlier: earlier.filter(|_| begins),
    })
}

/// The digest of a file, and whether it begins with what it was before.
fn digest_of(
    input: &mut dyn Input,
    size_bytes: u64,
    earlier: Option<&Earlier>,
) -> Result<([u8; 32], bool), ReadError> {
    let mut hasher = blake3::Hasher::new();
    let mut begins = false;
    if let Some(earlier) = earlier {
        hash(&mut hasher, input, earlier.size_bytes)?;
        begins = *hasher.finalize().as_bytes() == earlier.digest;
    }
    let so_far = earlier.map_or(0, |earlier| earlier.size_bytes);
    hash(&mut hasher, input, size_bytes.saturating_sub(so_far))?;
    Ok((*hasher.finalize().as_bytes(), begins))
}

fn hash(hasher: &mut blake3::Hasher, input: &mut dyn Input, bytes: u64) -> Result<(), ReadError> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut left = bytes;
    while left > 0 {
        let most = usize::try_from(left).map_or(PIECE_BYTES, |left| left.min(PIECE_BYTES));
        let read = input.read(piece.get_mut(..most).unwrap_or_default())?;
        if read == 0 {
            return Err(ReadError::Changed);
        }
        hasher.update(piece.get(..read).unwrap_or_default());
        left -= read as u64;
    }
    Ok(())
}
