//! `search`: full text search.

use crate::report::search::Query;

use super::moment::Span;
use super::render::{self, Printer};
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Words, or an expression of FTS5: `"a phrase"`, `harb*`, `a OR b`, `title: fire`
    #[arg(value_name = "QUERY", required = true, num_args = 1..)]
    words: Vec<String>,
    /// Of this source
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    #[command(flatten)]
    span: Span,
    /// So many at most, the best first
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(i64).range(0..))]
    limit: i64,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let query = Query {
        words: args.words.join(" "),
        source: args.source.clone(),
        between: args.span.between(call.now_ms()),
        limit: args.limit,
    };
    let hits = call.reader()?.search(&query)?;
    if out.style().json {
        out.json_lines(&hits)?;
    } else {
        render::lists::hits(&hits, out)?;
    }
    Ok(Exit::Fine)
}
