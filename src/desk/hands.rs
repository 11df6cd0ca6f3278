//! Which jobs are in the workers' hands, in a small file that outlives the process.
//!
//! Claims are made in batches, so a claim alone does not tell which file a dead process was working on. Each worker
//! writes its job into a slot before it opens the file and clears it when the work is with the recorder. The file is
//! not synced: what kills a process leaves the page cache, and a power cut is nobody's fault.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use crate::job::JobId;

const SLOT_BYTES: usize = 8;

/// The slots of all workers.
#[derive(Debug)]
pub struct Hands {
    file: File,
}

impl Hands {
    /// Where the slots of a store lie.
    pub fn path_of(store: &Path) -> PathBuf {
        let mut name = store.as_os_str().to_owned();
        name.push(".hands");
        PathBuf::from(name)
    }

    /// Opens the slots; returns them and what the last process had in its hands.
    pub fn open(store: &Path) -> io::Result<(Self, Vec<JobId>)> {
        let path = Self::path_of(store);
        let left = std::fs::read(&path).unwrap_or_default();
        let in_hand = left
            .chunks_exact(SLOT_BYTES)
            .filter_map(|slot| slot.try_into().ok().map(i64::from_le_bytes))
            .filter(|id| *id > 0)
            .map(JobId)
            .collect();
        let file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&path)?;
        Ok((Self { file }, in_hand))
    }

    /// Forgets what the last process had in its hands: to be called once its claims are released.
    pub fn clear(&self) -> io::Result<()> {
        self.file.set_len(0)
    }

    /// This worker has this job in its hands now.
    pub fn take(&self, worker: usize, job: JobId) -> io::Result<()> {
        self.write(worker, job.0)
    }

    /// This worker's hands are empty.
    pub fn put_down(&self, worker: usize) -> io::Result<()> {
        self.write(worker, 0)
    }

    fn write(&self, worker: usize, id: i64) -> io::Result<()> {
        self.file
            .write_all_at(&id.to_le_bytes(), (worker * SLOT_BYTES) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_in_hand_is_found_again_and_what_was_put_down_is_not() {
        let folder = tempfile::tempdir().expect("folder");
        let store = folder.path().join("s.sqlite");
        let (hands, left) = Hands::open(&store).expect("open");
        assert!(left.is_empty());
        hands.take(0, JobId(7)).expect("write");
        hands.take(2, JobId(9)).expect("write");
        hands.take(1, JobId(8)).expect("write");
        hands.put_down(1).expect("write");
        let (hands, left) = Hands::open(&store).expect("open");
        assert_eq!(left, [JobId(7), JobId(9)]);
        hands.clear().expect("clear");
        assert!(Hands::open(&store).expect("open").1.is_empty());
    }
}
