//! What all verbs have in common: where the store and the configuration are, and what time it is.

use std::path::{Component, Path, PathBuf};

use clap::Args;

use crate::config::{self, ConfigError, Settings, Surroundings};
use crate::report::Reader;

/// The options every verb takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// The store; otherwise the configuration's, otherwise one in the user's data folder
    #[arg(long, global = true, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// The configuration; otherwise the first of the usual places where there is one
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Answer in JSON: one object, or one a line
    #[arg(long, global = true)]
    pub json: bool,
    /// No colours (they are never used off a terminal, nor where `NO_COLOR` is set)
    #[arg(long, global = true)]
    pub no_color: bool,
}

/// One call of the program.
#[derive(Debug)]
pub struct Call {
    common: Common,
    surroundings: Surroundings,
}

impl Call {
    /// A call with these options in this process's surroundings.
    pub fn new(common: Common) -> Self {
        Self {
            common,
            surroundings: Surroundings::of_process(),
        }
    }

    /// The options.
    pub fn common(&self) -> &Common {
        &self.common
    }

    /// The configuration, with the store that was said.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let loaded = config::load(self.common.config.as_deref(), &self.surroundings);
        match (&self.common.store, loaded) {
            (Some(store), Ok(settings)) => Ok(Settings {
                store: absolute(store),
                ..settings
            }),
            // Whoever says where the store is needs no home.
            (Some(store), Err(ConfigError::NoHome)) => Ok(Settings::defaults(absolute(store))),
            (_, loaded) => loaded,
        }
    }

    /// Where the store is. The configuration has to be right only if it is needed for that.
    pub fn store_path(&self) -> Result<PathBuf, ConfigError> {
        match &self.common.store {
            Some(store) => Ok(absolute(store)),
            None => self.settings().map(|settings| settings.store),
        }
    }

    /// The store, open for reading.
    pub fn reader(&self) -> anyhow::Result<Reader> {
        let path = self.store_path()?;
        Ok(Reader::open(&path)?)
    }

    /// The wall clock, Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }
}

/// A path from the root, as it is written: symbolic links stay, `.` and `..` go.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for component in full.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                plain.push(component);
            }
        }
    }
    plain
}

/// The paths a file may stand under in the record: as it is written, and with the links of its folder resolved.
pub(super) fn spellings(path: &Path) -> Vec<PathBuf> {
    let written = absolute(path);
    let resolved = written
        .parent()
        .and_then(|folder| folder.canonicalize().ok())
        .zip(written.file_name())
        .map(|(folder, name)| folder.join(name));
    let mut all = vec![written];
    all.extend(resolved.filter(|resolved| all.first() != Some(resolved)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_plain_from_the_root() {
        assert_eq!(absolute(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert!(absolute(Path::new("a")).is_absolute());
    }

    #[test]
    fn a_file_in_a_linked_folder_has_two_spellings() {
        let folder = tempfile::tempdir().expect("a folder");
        let real = folder.path().canonicalize().expect("resolved");
        std::fs::create_dir(real.join("real")).expect("made");
        std::os::unix::fs::symlink(real.join("real"), real.join("link")).expect("linked");
        let found = spellings(&real.join("link/gone.txt"));
        assert_eq!(
            found,
            [real.join("link/gone.txt"), real.join("real/gone.txt")]
        );
    }
}
