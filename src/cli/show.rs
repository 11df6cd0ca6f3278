//! `show`: one article.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::report::Reader;

use super::call::spellings;
use super::render::{self, Printer};
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its id, the path of its file, or the first digits of the digest of its document (BLAKE3)
    #[arg(value_name = "ARTICLE")]
    article: String,
    /// The decoded input in pieces: what each is, by which rule and with which score, kept or cut
    #[arg(long)]
    cuts: bool,
    /// Only the text
    #[arg(long, conflicts_with = "cuts")]
    text: bool,
    /// It beside what its verdict names, or beside another article: measurements, and what only one of them has
    #[arg(
        long,
        value_name = "ARTICLE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["cuts", "text"]
    )]
    diff: Option<String>,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let reader = call.reader()?;
    let id = find(&args.article, &reader)?;
    let gone = || format!("article {id} is not in the record any more");
    if let Some(other) = &args.diff {
        let other = beside(other, id, &reader)?;
        let difference = reader.difference(id, other)?.with_context(gone)?;
        if out.style().json {
            out.json(&difference)?;
        } else {
            render::difference::show(&difference, out)?;
        }
    } else if args.cuts {
        let cutting = reader
            .cutting(id)?
            .with_context(|| format!("the input of article {id} is not kept"))?;
        if out.style().json {
            out.json(&cutting)?;
        } else {
            render::cutting::show(&cutting, out)?;
        }
    } else if out.style().json {
        out.json(&reader.article(id)?.with_context(gone)?)?;
    } else if args.text {
        let article = reader.article(id)?.with_context(gone)?;
        render::show::text(&article.object.text, out)?;
    } else {
        let dossier = reader.dossier(id)?.with_context(gone)?;
        render::show::dossier(&dossier, out)?;
    }
    Ok(Exit::Fine)
}

/// The article another one is shown beside: the one that was said, else what the verdict names.
fn beside(name: &str, id: i64, reader: &Reader) -> anyhow::Result<i64> {
    if !name.is_empty() {
        return find(name, reader);
    }
    reader.named_by_verdict(id)?.with_context(|| {
        format!(
            "article {id} is new, so there is nothing before it: say what to show it beside with --diff=ARTICLE; copydesk lineage {id} lists its family"
        )
    })
}

/// The article a word names.
pub(super) fn find(name: &str, reader: &Reader) -> anyhow::Result<i64> {
    for path in spellings(Path::new(name)) {
        match reader.articles_named(name, &path)?.as_slice() {
            [] => {}
            [id] => return Ok(*id),
            several => {
                let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
                bail!(
                    "{name:?} names {} articles, say one of them: {}",
                    ids.len(),
                    ids.join(", ")
                );
            }
        }
    }
    bail!(
        "no article {name:?}: say its id, the path of its file, or the first six digits or more of its document's digest; copydesk search finds articles by words"
    )
}
