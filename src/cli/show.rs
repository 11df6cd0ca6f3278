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
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let reader = call.reader()?;
    let id = find(&args.article, &reader)?;
    let gone = || format!("article {id} is not in the record any more");
    if args.cuts {
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

fn find(name: &str, reader: &Reader) -> anyhow::Result<i64> {
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
