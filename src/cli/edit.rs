//! `edit`: only reads and edits. The pure core as a filter: no store, no configuration needed.

use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};

use crate::article::cutting::Cutting;
use crate::article::object::{ArticleObject, spelt};
use crate::article::{self, Edited, Edition, Hints, Rules};
use crate::config::{ConfigError, IGNORE_DEFAULT, Ignore, Limits};
use crate::desk::disk::{Disk as _, RealDisk};
use crate::job::FileStamp;

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
    let limits = match call.settings() {
        Ok(settings) => settings.limits,
        Err(ConfigError::NoHome) => Limits::default(),
        Err(error) => return Err(error.into()),
    };
    let mut editing = Editing {
        rules: Rules {
            text_bytes_max: limits.text_bytes_max,
            depth_max: limits.nesting_max,
            ..Rules::default()
        },
        limits,
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
    rules: Rules,
    limits: Limits,
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
        match self
            .read(path)
            .and_then(|bytes| self.edit(&bytes, Some(path)))
        {
            Ok(edition) => self.print(Some(&whole), &edition),
            Err(error) => {
                self.fail(error.context(path.display().to_string()));
                Ok(())
            }
        }
    }

    fn standard_input(&mut self) -> anyhow::Result<()> {
        let max = self.limits.file_bytes_max;
        let mut bytes = Vec::new();
        std::io::stdin()
            .take(max.saturating_add(1))
            .read_to_end(&mut bytes)
            .context("read standard input")?;
        let edited = if bytes.len() as u64 > max {
            Err(anyhow!("more than the {max} bytes allowed"))
        } else {
            self.edit(&bytes, None)
        };
        match edited {
            Ok(edition) => self.print(None, &edition),
            Err(error) => {
                self.fail(error.context("standard input"));
                Ok(())
            }
        }
    }

    fn read(&self, path: &Path) -> anyhow::Result<Vec<u8>> {
        // A link that was named is followed: whoever names it means what it points to.
        let path = path.canonicalize()?;
        let metadata = path.metadata()?;
        if !metadata.is_file() {
            bail!("not a regular file");
        }
        let stamp = FileStamp::of(&metadata);
        Ok(RealDisk.read(&path, &stamp, self.limits.file_bytes_max)?)
    }

    fn edit(&self, bytes: &[u8], path: Option<&Path>) -> anyhow::Result<Edition> {
        let name = path
            .and_then(Path::file_name)
            .map(|name| name.to_string_lossy());
        let hints = Hints {
            file_name: name.as_deref(),
            source: self.source.map(|name| (name, "argument")),
            around: &[],
            charset: None,
        };
        let edited = catch_unwind(AssertUnwindSafe(|| {
            article::edit(bytes, &hints, &self.rules, None)
        }));
        match edited {
            Ok(edited) => Ok(edited?),
            // The panic itself has been told on standard error.
            Err(panic) => {
                drop(panic);
                bail!("the editor panicked; please keep the file and report it")
            }
        }
    }

    fn print(&mut self, path: Option<&Path>, edition: &Edition) -> anyhow::Result<()> {
        for member in &edition.members {
            match member {
                Ok(edited) if self.cuts => self.print_cuts(path, edited)?,
                Ok(edited) => {
                    let bytes = path.map(|path| path.as_os_str().as_bytes());
                    let object = ArticleObject::from_edited(bytes, edition, edited);
                    if self.out.style().json || !self.out.style().terminal {
                        self.out.json(&object)?;
                    } else {
                        render::work::edited(&object, self.out)?;
                    }
                }
                Err(refusal) => {
                    let place = path.map_or_else(
                        || "standard input".to_owned(),
                        |path| path.display().to_string(),
                    );
                    self.fail(anyhow::Error::new(refusal.clone()).context(place));
                }
            }
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
