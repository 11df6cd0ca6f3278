//! The free-space reserve: below it nothing new is taken in, so that what is in hand can be finished and the record
//! stays writable.

use std::path::Path;

/// At most this part of a file system is kept in reserve, so that small disks are not paused from the start.
const RESERVE_PART: u64 = 20;

/// The space on the file system of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Free for us.
    pub free_bytes: u64,
    /// The file system's size.
    pub size_bytes: u64,
}

impl Space {
    /// Of the file system `path` lies on.
    pub fn at(path: &Path) -> std::io::Result<Self> {
        let stat = rustix::fs::statvfs(path)?;
        Ok(Self {
            free_bytes: stat.f_bavail.saturating_mul(stat.f_frsize),
            size_bytes: stat.f_blocks.saturating_mul(stat.f_frsize),
        })
    }

    /// What is kept free of it, where `wanted` bytes are wished for.
    pub fn reserve(&self, wanted: u64) -> u64 {
        wanted.min(self.size_bytes / RESERVE_PART)
    }

    /// Whether there is less than the reserve.
    pub fn is_short(&self, wanted: u64) -> bool {
        self.free_bytes < self.reserve(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_at_most_a_twentieth_of_a_small_disk() {
        let small = Space {
            free_bytes: 1 << 20,
            size_bytes: 8 << 20,
        };
        assert!(!small.is_short(512 << 20));
        let large = Space {
            free_bytes: 1 << 20,
            size_bytes: 1 << 40,
        };
        assert!(large.is_short(512 << 20));
    }
}
