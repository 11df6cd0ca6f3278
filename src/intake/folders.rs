//! Which folders of a drop are watched, and which could not be.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::path::{Path, PathBuf};

use super::watch::{ArmError, Watcher};

#[derive(Debug)]
struct Folder {
    identity: (u64, u64),
    watched: bool,
    scan: u64,
}

/// The folders of one drop, by path below it.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    by_path: BTreeMap<PathBuf, Folder>,
    by_identity: HashMap<(u64, u64), PathBuf>,
    watched: usize,
}

impl Folders {
    /// Watches a folder that a scan is about to list. It is done again if it seems to be done: the kernel ends watches
    /// on unmount, and `notify` the one of a folder that was renamed, without a word, and doing it twice is harmless.
    ///
    /// The watcher knows folders by path, the kernel by inode: a folder that was renamed would be watched under both
    /// names by one and the same watch, and taking back the old name would end it. So the old name goes first.
    pub(crate) fn arm(
        &mut self,
        watcher: &mut dyn Watcher,
        root: &Path,
        relative: &Path,
        identity: (u64, u64),
        scan: u64,
    ) -> Result<(), ArmError> {
        if let Some(old) = self.by_identity.get(&identity).cloned()
            && old != relative
        {
            self.drop_one(Some(&mut *watcher), root, &old);
        }
        let is_other = |folder: &Folder| folder.identity != identity;
        if self.by_path.get(relative).is_some_and(is_other) {
            self.drop_one(Some(&mut *watcher), root, relative);
        }
        let armed = watcher.arm(&root.join(relative));
        if armed == Err(ArmError::Gone) {
            self.drop_one(Some(watcher), root, relative);
        } else {
            self.enter(relative, identity, armed.is_ok(), scan);
        }
        armed
    }

    /// Remembers a folder; it is watched or has to be polled.
    pub(crate) fn enter(
        &mut self,
        relative: &Path,
        identity: (u64, u64),
        watched: bool,
        scan: u64,
    ) {
        let folder = Folder {
            identity,
            watched,
            scan,
        };
        if let Some(old) = self.by_path.insert(relative.to_owned(), folder) {
            self.watched -= usize::from(old.watched);
            self.by_identity.remove(&old.identity);
        }
        self.watched += usize::from(watched);
        self.by_identity.insert(identity, relative.to_owned());
    }

    /// No longer watches this folder and what is below it.
    pub(crate) fn disarm_below(
        &mut self,
        mut watcher: Option<&mut dyn Watcher>,
        root: &Path,
        relative: &Path,
    ) {
        let below: Vec<PathBuf> = self
            .by_path
            .range::<Path, _>((Bound::Included(relative), Bound::Unbounded))
            .map(|(path, _)| path)
            .take_while(|path| path.starts_with(relative))
            .cloned()
            .collect();
        for path in below {
            self.drop_one(reborrow(&mut watcher), root, &path);
        }
    }

    /// No longer watches what the whole scan of this number, and none after it, came to.
    pub(crate) fn disarm_older(
        &mut self,
        mut watcher: Option<&mut dyn Watcher>,
        root: &Path,
        number: u64,
    ) {
        let is_older = |(_, folder): &(&PathBuf, &Folder)| folder.scan < number;
        let older = self.by_path.iter().filter(is_older);
        let older: Vec<PathBuf> = older.map(|(path, _)| path.clone()).collect();
        for path in older {
            self.drop_one(reborrow(&mut watcher), root, &path);
        }
    }

    /// The watcher is gone, and every watch with it.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// How many are watched.
    pub(crate) fn watched(&self) -> usize {
        self.watched
    }

    /// How many have to be polled.
    pub(crate) fn polled(&self) -> usize {
        self.by_path.len() - self.watched
    }

    fn drop_one(&mut self, watcher: Option<&mut dyn Watcher>, root: &Path, relative: &Path) {
        let Some(folder) = self.by_path.remove(relative) else {
            return;
        };
        if self
            .by_identity
            .get(&folder.identity)
            .is_some_and(|path| path == relative)
        {
            self.by_identity.remove(&folder.identity);
        }
        if folder.watched {
            self.watched -= 1;
            if let Some(watcher) = watcher {
                watcher.disarm(&root.join(relative));
            }
        }
    }
}

/// Lends an optional watcher once more. Written out because `as_deref_mut` cannot shorten the lifetime of a trait object.
pub(crate) fn reborrow<'a>(
    watcher: &'a mut Option<&mut dyn Watcher>,
) -> Option<&'a mut dyn Watcher> {
    match watcher {
        Some(watcher) => Some(&mut **watcher),
        None => None,
    }
}
