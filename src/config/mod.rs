//! The configuration: `file` is what was written, [`Settings`] is what it means, `mean` the way between.
//!
//! Invariant: a [`Settings`] that exists is right in itself; what is wrong is reported all at once, by key and value.
//! Whether the folders exist is the daemon's business.

mod file;
mod ignore;
mod mean;
pub mod settings;

use std::path::{Path, PathBuf};

pub use ignore::Ignore;
pub use settings::{
    Drop, DropSource, IGNORE_DEFAULT, Intake, Limits, Record, Retry, Settings, Watch,
};

/// What is wrong with a configuration, all of it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("read configuration {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not TOML, or has a key or a type that is not ours.
    #[error("configuration {}: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The parser's message, with line and column.
        message: String,
    },
    /// Values that cannot be meant.
    #[error("configuration {}:\n  {}", path.display(), problems.join("\n  "))]
    Problems {
        /// The file.
        path: PathBuf,
        /// One line a problem: key, value, what would be right.
        problems: Vec<String>,
    },
    /// No folder for the user's data is known.
    #[error("no place for the store: set HOME or XDG_DATA_HOME, or say --store FILE")]
    NoHome,
}

/// Where the process finds itself: the variables that decide default places, so that tests need not set real ones.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`.
    pub data_home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub config_home: Option<PathBuf>,
    /// `STATE_DIRECTORY`, which systemd sets.
    pub state_directory: Option<PathBuf>,
    /// `CONFIGURATION_DIRECTORY`, which systemd sets.
    pub configuration_directory: Option<PathBuf>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        let path = |name: &str| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        Self {
            home: path("HOME"),
            data_home: path("XDG_DATA_HOME"),
            config_home: path("XDG_CONFIG_HOME"),
            state_directory: path("STATE_DIRECTORY"),
            configuration_directory: path("CONFIGURATION_DIRECTORY"),
        }
    }

    /// The store where nobody names one.
    pub fn store(&self) -> Result<PathBuf, ConfigError> {
        let folder = self
            .state_directory
            .clone()
            .or_else(|| self.data_home.as_ref().map(|path| path.join("copydesk")))
            .or_else(|| {
                self.home
                    .as_ref()
                    .map(|home| home.join(".local/share/copydesk"))
            })
            .ok_or(ConfigError::NoHome)?;
        Ok(folder.join("copydesk.sqlite"))
    }

    /// The places where a configuration is looked for, in this order; the first that exists counts.
    pub fn configurations(&self) -> Vec<PathBuf> {
        let user = self
            .config_home
            .clone()
            .or_else(|| self.home.as_ref().map(|home| home.join(".config")));
        [
            self.configuration_directory
                .as_ref()
                .map(|path| path.join("copydesk.toml")),
            user.map(|path| path.join("copydesk/copydesk.toml")),
            Some(PathBuf::from("/etc/copydesk/copydesk.toml")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Loads the configuration: the file named, else the first default place where one exists, else the defaults.
///
/// # Errors
/// A named file that is missing is an error; a default place without a file is not.
pub fn load(named: Option<&Path>, surroundings: &Surroundings) -> Result<Settings, ConfigError> {
    let found = match named {
        Some(path) => Some(path.to_owned()),
        None => surroundings
            .configurations()
            .into_iter()
            .find(|path| path.exists()),
    };
    let Some(path) = found else {
        return Ok(Settings::defaults(surroundings.store()?));
    };
    let text = std::fs::read_to_string(&path).map_err(|source| ConfigError::Read {
        path: path.clone(),
        source,
    })?;
    parse(&text, &path, surroundings)
}

/// Parses a configuration that was read from `path`; relative paths in it are taken from the folder it lies in.
pub fn parse(
    text: &str,
    path: &Path,
    surroundings: &Surroundings,
) -> Result<Settings, ConfigError> {
    let written: file::File = toml::from_str(text).map_err(|error| ConfigError::Syntax {
        path: path.to_owned(),
        message: error.to_string().trim_end().to_owned(),
    })?;
    let store_default = surroundings.store();
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut settings =
        mean::mean(written, folder, store_default).map_err(|problems| match problems {
            mean::Wrong::Home(error) => error,
            mean::Wrong::Problems(problems) => ConfigError::Problems {
                path: path.to_owned(),
                problems,
            },
        })?;
    settings.file = Some(path.to_owned());
    Ok(settings)
}

#[cfg(test)]
mod config_tests;
