//! What becomes of an input file once its record is durable: it moves or is removed.
//!
//! Every step may be repeated without harm, since the process may die after any of them; and nothing is moved or
//! removed that is not the very content that was recorded.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::job::{After, FileStamp, JobId};
use crate::store::afters::{AfterDue, AfterOutcome};

use super::disk::Disk;

/// Names tried at the destination before the move is put off.
const NAMES_MAX: u32 = 1_000;

/// Does what is due for one file; `root` is its drop folder. `Err` says why it cannot be done now.
pub fn act(
    disk: &dyn Disk,
    after: &After,
    due: &AfterDue,
    root: &Path,
) -> Result<AfterOutcome, String> {
    let action = Action { disk, due };
    match after {
        After::Keep => Ok(AfterOutcome::Kept("after = \"keep\" by now".to_owned())),
        After::Move(folder) => action.move_below(folder, root),
        After::Delete => action.delete(),
    }
}

struct Action<'a> {
    disk: &'a dyn Disk,
    due: &'a AfterDue,
}

/// What lies under a name.
enum Lies {
    Nothing,
    Ours,
    Another,
}

impl Action<'_> {
    fn move_below(&self, folder: &Path, root: &Path) -> Result<AfterOutcome, String> {
        let target = folder.join(below(&self.due.path, root));
        match self.what_lies_at(&self.due.path, Sameness::File)? {
            Lies::Ours => {}
            Lies::Another => return Ok(replaced()),
            Lies::Nothing => return self.moved_already(&target),
        }
        if let Some(copy) = self.copy_below(&target, &self.due.path)? {
            // An earlier try got as far as the copy: only the original is left to remove.
            return self.remove_original(copy);
        }
        if let Some(parent) = target.parent() {
            self.disk
                .make_folder(parent)
                .map_err(|error| format!("make folder {}: {error}", parent.display()))?;
        }
        for n in 0..NAMES_MAX {
            let name = numbered(&target, n);
            match self.disk.rename(&self.due.path, &name) {
                Ok(()) => return self.confirm_moved(name),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) if error.kind() == ErrorKind::CrossesDevices => {
                    return self.move_across(&target);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    return self.moved_already(&target);
                }
                Err(error) => return Err(format!("move to {}: {error}", name.display())),
            }
        }
        Err(format!(
            "move to {}: {NAMES_MAX} files of this name are there",
            target.display()
        ))
    }

    /// The rename may have caught a file that was put in place of ours a moment before: then it goes back.
    fn confirm_moved(&self, to: PathBuf) -> Result<AfterOutcome, String> {
        if matches!(self.what_lies_at(&to, Sameness::File)?, Lies::Ours) {
            return Ok(AfterOutcome::Moved(to));
        }
        self.disk
            .rename(&to, &self.due.path)
            .map_err(|error| format!("put {} back: {error}", to.display()))?;
        Ok(replaced())
    }

    /// The file is not under its name any more: an earlier try moved it, or got as far as setting the original aside.
    fn moved_already(&self, target: &Path) -> Result<AfterOutcome, String> {
        let aside = aside_of(&self.due.path, self.due.id);
        if matches!(self.what_lies_at(&aside, Sameness::File)?, Lies::Ours) {
            return match self.copy_below(target, &aside)? {
                Some(copy) => self.remove(&aside).map(|_| AfterOutcome::Moved(copy)),
                None => self
                    .disk
                    .rename(&aside, &self.due.path)
                    .map_err(|error| format!("put {} back: {error}", aside.display()))
                    .and(Err("its copy is not there any more".to_owned())),
            };
        }
        for n in 0..NAMES_MAX {
            let name = numbered(target, n);
            match self.what_lies_at(&name, Sameness::Copy)? {
                Lies::Ours => return Ok(AfterOutcome::Moved(name)),
                Lies::Another => {}
                Lies::Nothing => break,
            }
        }
        Ok(AfterOutcome::Kept("it is not there any more".to_owned()))
    }

    /// Where a copy of `original` lies that an earlier try has made at the destination: the same size, time and bytes.
    fn copy_below(&self, target: &Path, original: &Path) -> Result<Option<PathBuf>, String> {
        for n in 0..NAMES_MAX {
            let name = numbered(target, n);
            match self.what_lies_at(&name, Sameness::Copy)? {
                Lies::Nothing => break,
                Lies::Another => {}
                Lies::Ours => {
                    let same = self.disk.hold_the_same(original, &name);
                    if same.map_err(|error| format!("compare with {}: {error}", name.display()))? {
                        return Ok(Some(name));
                    }
                }
            }
        }
        Ok(None)
    }

    fn move_across(&self, target: &Path) -> Result<AfterOutcome, String> {
        let part = target.with_file_name(format!(".copydesk-{}.part", self.due.id));
        match self.disk.remove(&part) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(format!("remove {}: {error}", part.display())),
        }
        self.disk
            .copy(&self.due.path, &part)
            .map_err(|error| format!("copy to {}: {error}", part.display()))?;
        for n in 0..NAMES_MAX {
            let name = numbered(target, n);
            match self.disk.rename(&part, &name) {
                Ok(()) => return self.remove_original(name),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(format!("move to {}: {error}", name.display())),
            }
        }
        Err(format!(
            "move to {}: {NAMES_MAX} files of this name are there",
            target.display()
        ))
    }

    fn remove_original(&self, copied_to: PathBuf) -> Result<AfterOutcome, String> {
        match self.delete()? {
            AfterOutcome::Removed => Ok(AfterOutcome::Moved(copied_to)),
            other @ (AfterOutcome::Moved(_) | AfterOutcome::Kept(_) | AfterOutcome::Again(..)) => {
                Ok(other)
            }
        }
    }

    /// Renames aside, looks whether it is ours, and only then removes it.
    fn delete(&self) -> Result<AfterOutcome, String> {
        let path = &self.due.path;
        let aside = aside_of(path, self.due.id);
        if matches!(self.what_lies_at(&aside, Sameness::File)?, Lies::Ours) {
            return self.remove(&aside);
        }
        match self.what_lies_at(path, Sameness::File)? {
            Lies::Nothing => return Ok(AfterOutcome::Removed),
            Lies::Another => return Ok(replaced()),
            Lies::Ours => {}
        }
        self.disk
            .rename(path, &aside)
            .map_err(|error| format!("rename before removing: {error}"))?;
        if !matches!(self.what_lies_at(&aside, Sameness::File)?, Lies::Ours) {
            self.disk
                .rename(&aside, path)
                .map_err(|error| format!("put {} back: {error}", aside.display()))?;
            return Ok(replaced());
        }
        self.remove(&aside)
    }

    fn remove(&self, path: &Path) -> Result<AfterOutcome, String> {
        self.disk
            .remove(path)
            .map(|()| AfterOutcome::Removed)
            .map_err(|error| format!("remove {}: {error}", path.display()))
    }

    fn what_lies_at(&self, path: &Path, sameness: Sameness) -> Result<Lies, String> {
        match self.disk.stamp(path) {
            Ok(stamp) if sameness.holds(&stamp, &self.due.stamp) => Ok(Lies::Ours),
            Ok(_) => Ok(Lies::Another),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(Lies::Nothing)
            }
            Err(error) => Err(format!("look at {}: {error}", path.display())),
        }
    }
}

/// In what sense a file is the one that was recorded.
#[derive(Clone, Copy)]
enum Sameness {
    /// The same inode with the same content; renaming it changes its ctime.
    File,
    /// Perhaps a copy of it on another file system: size and modification time.
    Copy,
}

impl Sameness {
    fn holds(self, a: &FileStamp, b: &FileStamp) -> bool {
        let content = a.size_bytes == b.size_bytes && a.mtime_ns == b.mtime_ns;
        match self {
            Self::File => content && a.device == b.device && a.inode == b.inode,
            Self::Copy => content,
        }
    }
}

fn replaced() -> AfterOutcome {
    AfterOutcome::Kept("another file lies under this name by now".to_owned())
}

/// The path below the root; of a file outside it, the name alone.
fn below<'a>(path: &'a Path, root: &Path) -> &'a Path {
    path.strip_prefix(root)
        .unwrap_or_else(|_| path.file_name().map_or(path, Path::new))
}

/// `name.txt`, `name.1.txt`, `name.2.txt` …
fn numbered(target: &Path, n: u32) -> PathBuf {
    if n == 0 {
        return target.to_owned();
    }
    let mut name = target.file_stem().unwrap_or_default().to_owned();
    name.push(format!(".{n}"));
    if let Some(extension) = target.extension() {
        name.push(".");
        name.push(extension);
    }
    target.with_file_name(name)
}

/// A name of the same folder that the intake ignores.
fn aside_of(path: &Path, job: JobId) -> PathBuf {
    path.with_file_name(format!(".copydesk-{job}.removed"))
}
