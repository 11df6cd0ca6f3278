//! `edit`: only reads and edits. The pure core as a filter: no store, no configuration needed.

use std::io::Read as _;
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};

use crate::article::cutting::Cutting;
use crate::article::leaf::{self, Leaf};
use crate::article::object::{ArticleObject, spelt};
use crate::article::unpack::{self, Ending};
use crate::article::{Edited, Edition, Hints};
use crate::config::{ConfigError, IGNORE_DEFAULT, Ignore, Settings};

use super::call::absolute;
use super::render::{self, Printer};
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files and folders; `-` or nothing reads one document from standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Who publishes them, where the documents do not say
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Instead of the article, the decoded input in pieces: what each is, by which rule and with which score, kept or cut
    #[arg(long)]
    cuts: bool,
}

/// Goes on after a bad file, and fails in the end.
pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let settings = match call.settings() {
        Ok(settings) => settings,
        Err(ConfigError::NoHome) => Settings::defaults(PathBuf::new()),
        Err(error) => return Err(error.into()),
    };
    let mut editing = Editing {
        settings,
        source: args.source.as_deref(),
        cuts: args.cuts,
        ignore: Ignore::new(&IGNORE_DEFAULT.map(str::to_owned), &[]),
        out,
        failed: false,
    };
    if args.paths.is_empty() {
        editing.standard_input()?;
    }
    for path in &args.paths {
        if path == Path::new("-") {
            editing.standard_input()?;
        } else {
            editing.path(path)?;
        }
    }
    Ok(if editing.failed {
        Exit::Failed
    } else {
        Exit::Fine
    })
}

struct Editing<'a> {
    settings: Settings,
    source: Option<&'a str>,
    cuts: bool,
    ignore: Ignore,
    out: &'a mut Printer,
    failed: bool,
}

impl Editing<'_> {
    /// A file or a folder as it was named; what cannot be edited is told, and counts as a failure.
    fn path(&mut self, path: &Path) -> anyhow::Result<()> {
        let metadata = match path.metadata() {
            Ok(metadata) => metadata,
            Err(error) => {
                self.fail(anyhow::Error::new(error).context(path.display().to_string()));
                return Ok(());
            }
        };
        if metadata.is_dir() {
            self.folder(path)
        } else {
            self.file(path)
        }
    }

    /// All files of a folder in the order of their names, its sub-folders too; links and special files are passed by.
    fn folder(&mut self, folder: &Path) -> anyhow::Result<()> {
        let mut waiting = vec![folder.to_owned()];
        while let Some(next) = waiting.pop() {
            let listed = std::fs::read_dir(&next)
                .and_then(Iterator::collect::<std::io::Result<Vec<std::fs::DirEntry>>>);
            let mut entries = match listed {
                Ok(entries) => entries,
                Err(error) => {
                    self.fail(anyhow::Error::new(error).context(next.display().to_string()));
                    continue;
                }
            };
            entries.sort_by_key(std::fs::DirEntry::file_name);
            let mut folders = Vec::new();
            for entry in entries {
                if self.ignore.covers(entry.file_name().as_bytes()) {
                    continue;
                }
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => self.file(&entry.path())?,
                    Ok(_) => {}
                    Err(error) => {
                        self.fail(
                            anyhow::Error::new(error).context(entry.path().display().to_string()),
                        );
                    }
                }
            }
            // Taken from the end: so the first by name comes next.
            waiting.extend(folders.into_iter().rev());
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> anyhow::Result<()> {
        let whole = absolute(path);
        match self.open(path) {
            Ok(mut file) => self.edit(&mut file, Some(&whole), &path.display().to_string()),
            Err(error) => {
                self.fail(error.context(path.display().to_string()));
                Ok(())
            }
        }
    }

    fn standard_input(&mut self) -> anyhow::Result<()> {
        // An archive is read from both ends, so standard input has to be held.
        let max = self.settings.limits.text_bytes_max as u64;
        let mut bytes = Vec::new();
        std::io::stdin()
            .take(max.saturating_add(1))
            .read_to_end(&mut bytes)
            .context("read standard input")?;
        if bytes.len() as u64 > max {
            self.fail(anyhow!("standard input: more than the {max} bytes that are held of it; name the file instead"));
            return Ok(());
        }
        self.edit(&mut std::io::Cursor::new(bytes), None, "standard input")
    }

    fn open(&self, path: &Path) -> anyhow::Result<std::fs::File> {
        use std::os::unix::fs::OpenOptionsExt as _;
        // A link that was named is followed: whoever names it means what it points to. O_NONBLOCK: a FIFO must not make us wait.
        let file = std::fs::OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NONBLOCK | libc::O_CLOEXEC)
            .open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            bail!("not a regular file");
        }
        let max = self.settings.limits.file_bytes_max;
        if metadata.len() > max {
            bail!("{} bytes, more than the {max} allowed", metadata.len());
        }
        Ok(file)
    }

    /// Takes a file apart and prints its articles as they come; what is refused is told with its place.
    fn edit(
        &mut self,
        source: &mut dyn unpack::Source,
        path: Option<&Path>,
        shown: &str,
    ) -> anyhow::Result<()> {
        let name = path
            .and_then(Path::file_name)
            .map(|name| name.to_string_lossy().into_owned());
        let (rules, bounds) = (self.settings.rules(), self.settings.bounds());
        let mut printed = Ok(());
        let mut seen = 0u64;
        let mut take = |member: unpack::Member| {
            seen += 1;
            let place = member.place.exact();
            let place = if place.is_empty() {
                shown.to_owned()
            } else {
                format!("{shown}: {place}")
            };
            let hints = Hints {
                file_name: name.as_deref(),
                source: self.source.map(|name| (name, "argument")),
                ..Hints::default()
            };
            let edited = catch_unwind(AssertUnwindSafe(|| {
                leaf::edit_member(member, &hints, &rules, None)
            }));
            printed = match edited {
                Ok(leaf) => self.print(path, leaf, &place),
                // The panic itself has been told on standard error.
                Err(panic) => {
                    drop(panic);
                    self.fail(anyhow!(
                        "{place}: the editor panicked; please keep the file and report it"
                    ));
                    Ok(())
                }
            };
            if printed.is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        let summary = unpack::unpack(&mut *source, &bounds, name.as_deref(), 0, &mut take);
        printed?;
        self.tell_end(summary, seen, shown);
        Ok(())
    }

    /// What is wrong with the file as a whole.
    fn tell_end(
        &mut self,
        summary: Result<unpack::Summary, unpack::Trouble>,
        seen: u64,
        shown: &str,
    ) {
        match summary {
            Err(trouble) => self.fail(anyhow::Error::new(trouble).context(shown.to_owned())),
            Ok(summary) => {
                match summary.ending {
                    Ending::Complete | Ending::Left if seen == 0 => {
                        self.fail(anyhow!("{shown}: nothing in it that could be an article"));
                    }
                    Ending::Complete | Ending::Left => {}
                    Ending::Truncated(trouble)
                    | Ending::Damaged(trouble)
                    | Ending::Stopped(trouble) => {
                        let code = trouble.code();
                        self.fail(anyhow::Error::new(trouble).context(format!("{shown}: {code}")));
                    }
                }
                if summary.trailing_bytes > 0 {
                    render::warning(&format!(
                        "{shown}: {} bytes behind its end belong to nothing",
                        summary.trailing_bytes
                    ));
                }
            }
        }
    }

    fn print(&mut self, path: Option<&Path>, leaf: Leaf, place: &str) -> anyhow::Result<()> {
        let mut edition = match leaf.edition {
            Ok(edition) => edition,
            Err(refusal) => {
                self.fail(anyhow::Error::new(refusal).context(place.to_owned()));
                return Ok(());
            }
        };
        let parts = std::mem::take(&mut edition.members);
        for edited in parts {
            match edited {
                Ok(edited) => self.print_one(path, &edition, &edited)?,
                Err(refusal) => self.fail(anyhow::Error::new(refusal).context(place.to_owned())),
            }
        }
        Ok(())
    }

    fn print_one(
        &mut self,
        path: Option<&Path>,
        edition: &Edition,
        edited: &Edited,
    ) -> anyhow::Result<()> {
        if self.cuts {
            return self.print_cuts(path, edited);
        }
        let bytes = path.map(|path| path.as_os_str().as_bytes());
        let object = ArticleObject::from_edited(bytes, edition, edited);
        if self.out.style().json || !self.out.style().terminal {
            self.out.json(&object)?;
        } else {
            render::work::edited(&object, self.out)?;
        }
        Ok(())
    }

    fn print_cuts(&mut self, path: Option<&Path>, edited: &Edited) -> anyhow::Result<()> {
        let (path, path_base64) = spelt(path.map(|path| path.as_os_str().as_bytes()));
        let cutting = Cutting {
            path,
            path_base64,
            ..Cutting::new(&edited.input, &edited.pieces)
        };
        if self.out.style().json {
            self.out.json(&cutting)?;
        } else {
            render::cutting::show(&cutting, self.out)?;
        }
        Ok(())
    }

    fn fail(&mut self, error: anyhow::Error) {
        render::error(&error);
        drop(error);
        self.failed = true;
    }
}
