//! `history`: what happened.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;

use crate::report::history::Wanted;
use crate::store::provenance::EventKind;

use super::call::absolute;
use super::moment::Span;
use super::render::{self, Printer};
use super::{Call, Exit};

/// How often `--follow` looks.
const PAUSE: Duration = Duration::from_secs(1);

/// Events that `--follow` shows at once at most.
const AT_ONCE_MAX: i64 = 100_000;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    span: Span,
    /// Of this drop folder
    #[arg(long, value_name = "NAME")]
    drop: Option<String>,
    /// Of files and articles of this source
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Of this file and its articles
    #[arg(long, value_name = "FILE")]
    path: Option<PathBuf>,
    /// Of this article and the files it came in
    #[arg(long, value_name = "ID")]
    article: Option<i64>,
    /// Of this kind
    #[arg(long, value_parser = PossibleValuesParser::new(EventKind::ALL.map(EventKind::as_str)), hide_possible_values = true)]
    kind: Option<String>,
    /// So many at most: the newest, the newest last
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(0..))]
    limit: i64,
    /// Go on with what happens, until interrupted
    #[arg(long)]
    follow: bool,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let reader = call.reader()?;
    let mut wanted = Wanted {
        between: args.span.between(call.now_ms()),
        drop: args.drop.clone(),
        source: args.source.clone(),
        path: args.path.as_deref().map(absolute),
        article: args.article,
        kind: args.kind.as_deref().and_then(kind_of),
        after: None,
        limit: args.limit,
    };
    let mut newest = reader.newest_event()?;
    let mut events = reader.history(&wanted)?;
    drop(reader);
    loop {
        if out.style().json {
            out.json_lines(&events)?;
        } else {
            render::history::show(&events, out)?;
        }
        if !args.follow {
            return Ok(Exit::Fine);
        }
        out.flush()?;
        newest = events.iter().map(|event| event.id).fold(newest, i64::max);
        std::thread::sleep(PAUSE);
        (wanted.after, wanted.limit) = (Some(newest), AT_ONCE_MAX);
        // Opened anew each time: so it also sees a store that could only be read as of its last checkpoint go on.
        events = call.reader()?.history(&wanted)?;
    }
}

fn kind_of(word: &str) -> Option<EventKind> {
    EventKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == word)
}
