//! `stories`: families about one event.

use crate::report::stories::Wanted;

use super::moment::Moment;
use super::render::{self, Printer};
use super::show::find;
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The one story of this article, with its families: its id, the path of its file, or the first digits of the digest
    /// of its document (BLAKE3)
    #[arg(value_name = "ARTICLE", conflicts_with_all = ["since", "source", "limit"])]
    article: Option<String>,
    /// Those with an article that was recorded since: an RFC 3339 time, a date (UTC), or how long ago: `12h`, `7d`
    #[arg(long, value_name = "T", default_value = "2d")]
    since: Moment,
    /// Those with an article of this source
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// So many at most: those with most sources
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let reader = call.reader()?;
    if let Some(article) = &args.article {
        let id = find(article, &reader)?;
        let story = reader.story_of(id)?;
        if out.style().json {
            out.json(&story)?;
        } else {
            render::stories::one(story.as_ref(), id, out)?;
            render::stories::waiting(reader.restory()?, out)?;
        }
        return Ok(Exit::Fine);
    }
    let stories = reader.stories(&Wanted {
        since_ms: args.since.ms(call.now_ms()),
        source: args.source.clone(),
        limit: args.limit,
    })?;
    if out.style().json {
        out.json_lines(&stories)?;
    } else {
        render::stories::list(&stories, call.now_ms(), out)?;
        render::stories::waiting(reader.restory()?, out)?;
    }
    Ok(Exit::Fine)
}
