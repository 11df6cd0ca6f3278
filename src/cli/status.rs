//! `status`: how it stands.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::{ConfigError, Settings};
use crate::desk::space::Space;
use crate::report::facts::Status;
use crate::report::health::{Health, Judgement, Problem};
use crate::report::status::{FreeSpace, gather};

use super::render::{self, Printer};
use super::{Call, Exit, explain};

/// How often `--follow` looks.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this drop folder or source; the path of a file is explained
    #[arg(value_name = "DROP|SOURCE|PATH")]
    about: Option<PathBuf>,
    /// Draw again every second until interrupted
    #[arg(long)]
    follow: bool,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let (settings, trouble) = match call.settings() {
        Ok(settings) => (Some(settings), None),
        // The store may be known without it.
        Err(error) => (None, Some(error)),
    };
    let store = call.store_path()?;
    let mut shown: Option<Status> = None;
    loop {
        let (mut status, mut judgement) = look(&store, settings.as_ref(), call.now_ms());
        if let Some(trouble) = &trouble {
            add_config_problem(&mut judgement, trouble);
        }
        if let Some(about) = &args.about {
            let name = about.to_string_lossy();
            if status.knows(&name) {
                status.narrow(&name);
            } else if status.store.trouble.is_none() {
                return explain::of_path(about, call, out);
            }
        }
        let still = status.without_clocks();
        let is_news = shown.as_ref() != Some(&still);
        if !args.follow {
            render::status::show(&status, &judgement, out)?;
            return Ok(judgement.health.into());
        }
        if is_news || out.style().terminal {
            out.clear()?;
            render::status::show(&status, &judgement, out)?;
            out.flush()?;
        }
        shown = Some(still);
        std::thread::sleep(PAUSE);
    }
}

fn look(store: &Path, settings: Option<&Settings>, now_ms: i64) -> (Status, Judgement) {
    let wanted = settings.map_or_else(
        || crate::config::Record::default().free_reserve_bytes,
        |settings| settings.record.free_reserve_bytes,
    );
    let folder = store.parent().unwrap_or(Path::new("/"));
    let space = Space::at(folder).ok().map(|space| FreeSpace {
        free_bytes: space.free_bytes,
        reserve_bytes: space.reserve(wanted),
    });
    gather(store, settings, space, now_ms)
}

fn add_config_problem(judgement: &mut Judgement, trouble: &ConfigError) {
    judgement.problems.push(Problem {
        health: Health::Attention,
        what: trouble.to_string().replace("\n  ", "; "),
        help: "copydesk check".to_owned(),
        in_short: None,
    });
    if judgement.health == Health::Ok {
        judgement.health = Health::Attention;
        "the configuration cannot be read".clone_into(&mut judgement.why);
    }
}
