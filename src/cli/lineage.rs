//! `lineage`: the family of an article.

use anyhow::Context as _;

use super::render::{self, Printer};
use super::show::find;
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its id, the path of its file, or the first digits of the digest of its document (BLAKE3)
    #[arg(value_name = "ARTICLE")]
    article: String,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let reader = call.reader()?;
    let id = find(&args.article, &reader)?;
    let lineage = reader
        .lineage(id)?
        .with_context(|| format!("article {id} is not in the record any more"))?;
    if out.style().json {
        out.json(&lineage)?;
    } else {
        render::lineage::show(&lineage, out)?;
    }
    Ok(Exit::Fine)
}
