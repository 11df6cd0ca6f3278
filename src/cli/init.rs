//! `init`: makes the store, and a configuration to begin with.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;

use crate::config::{Settings, Surroundings};
use crate::store::{Make, Store};

use super::call::absolute;
use super::render::{self, Printer};
use super::{Call, Exit};

/// The configuration as it is shipped.
const TEMPLATE: &str = include_str!("../../config/copydesk.toml");

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A drop folder, made if missing; a configuration that watches it is written to the usual place (or --config)
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// What was made.
#[derive(Debug, Serialize)]
pub(crate) struct Made {
    schema: u32,
    /// The store.
    pub(crate) store: PathBuf,
    /// The configuration that was written.
    pub(crate) config: Option<PathBuf>,
    /// The drop folder.
    pub(crate) dir: Option<PathBuf>,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let mut made = Made {
        schema: 1,
        store: PathBuf::new(),
        config: None,
        dir: args.dir.as_deref().map(absolute),
    };
    if let Some(dir) = &made.dir {
        std::fs::create_dir_all(dir).with_context(|| format!("make folder {}", dir.display()))?;
        let place = configuration_place(call)?;
        write_configuration(&place, dir, call.common().store.as_deref())?;
        made.config = Some(place);
    }
    let settings: Settings = call.settings()?;
    Store::open(&settings.store, Make::IfNew)?;
    made.store = settings.store;
    if out.style().json {
        out.json(&made)?;
    } else {
        render::work::made(&made, out)?;
    }
    Ok(Exit::Fine)
}

fn configuration_place(call: &Call) -> anyhow::Result<PathBuf> {
    if let Some(named) = &call.common().config {
        return Ok(absolute(named));
    }
    Surroundings::of_process()
        .configurations()
        .into_iter()
        .next()
        .context("no place for the configuration: say --config FILE")
}

/// Writes the shipped configuration with this drop folder; one that is there is never overwritten.
fn write_configuration(place: &Path, dir: &Path, store: Option<&Path>) -> anyhow::Result<()> {
    let text = dir.to_str().with_context(|| {
        format!(
            "{} is not UTF-8: a configuration cannot name it",
            dir.display()
        )
    })?;
    let name = dir
        .file_name()
        .map_or_else(|| "drop".into(), |name| name.to_string_lossy());
    let mut configuration = TEMPLATE
        .replace(
            "path = \"/srv/copydesk/drop\"",
            &format!("path = {}", quoted(text)),
        )
        .replace("name = \"drop\"", &format!("name = {}", quoted(&name)));
    if let Some(store) = store {
        let line = format!("store = {}", quoted(&absolute(store).to_string_lossy()));
        configuration =
            configuration.replace("# store = \"/var/lib/copydesk/copydesk.sqlite\"", &line);
    }
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("make folder {}", folder.display()))?;
    }
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(place)
        .and_then(|mut file| file.write_all(configuration.as_bytes()))
        .with_context(|| format!("write configuration {}", place.display()))
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
