//! `furniture`: what recurs in the articles of a source, and what a person says of it.

use anyhow::{Context as _, bail};
use serde_json::json;

use crate::report::furniture::RecurringBlock;
use crate::report::{Reader, SCHEMA};
use crate::store::{Durability, Make, Store, furniture};

use super::render::{self, Printer};
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The source, as `sources` names it
    #[arg(value_name = "SOURCE")]
    source: String,
    /// This block is not furniture: it is put back into all articles it was cut from
    #[arg(long, value_name = "KEY")]
    not: Vec<String>,
    /// Takes that back: it is furniture again if it recurs
    #[arg(long, value_name = "KEY")]
    again: Vec<String>,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let blocks = listed(&args.source, &call.reader()?)?;
    if args.not.is_empty() && args.again.is_empty() {
        if out.style().json {
            out.json_lines(&blocks)?;
        } else {
            render::furniture::list(&blocks, &args.source, out)?;
        }
        return Ok(Exit::Fine);
    }
    let denied = args.not.iter().map(|key| (key, true));
    let told = denied
        .chain(args.again.iter().map(|key| (key, false)))
        .map(|(key, is_denied)| Ok((find(key, &blocks, &args.source)?, is_denied)))
        .collect::<anyhow::Result<Vec<(&RecurringBlock, bool)>>>()?;
    let waiting = tell(&told, call)?;
    if out.style().json {
        let keys: Vec<&str> = told.iter().map(|(block, _)| block.key.as_str()).collect();
        out.json(
            &json!({"schema": SCHEMA, "source": args.source, "keys": keys, "waiting": waiting}),
        )?;
    } else {
        render::furniture::told(told.len(), waiting, out)?;
    }
    Ok(Exit::Fine)
}

fn listed(source: &str, reader: &Reader) -> anyhow::Result<Vec<RecurringBlock>> {
    if let Some(blocks) = reader.furniture(source)? {
        return Ok(blocks);
    }
    let names: Vec<String> = reader
        .sources()?
        .into_iter()
        .map(|source| source.name)
        .collect();
    let folded = source.to_lowercase();
    let near = names.iter().find(|name| {
        let name = name.to_lowercase();
        name.contains(&folded) || folded.contains(&name)
    });
    match near {
        Some(near) => {
            bail!("no source {source:?}: did you mean {near:?}? copydesk sources lists all")
        }
        None => bail!("no source {source:?}: copydesk sources lists them"),
    }
}

/// The block a key or its first digits name.
fn find<'a>(
    key: &str,
    blocks: &'a [RecurringBlock],
    source: &str,
) -> anyhow::Result<&'a RecurringBlock> {
    let mut named = blocks.iter().filter(|block| block.key.starts_with(key));
    match (named.next(), named.next()) {
        (Some(block), None) => Ok(block),
        (None, _) => bail!(
            "no block {key:?} recurs in {source:?}: copydesk furniture lists them with their keys"
        ),
        (Some(_), Some(_)) => bail!("{key:?} begins several keys: say more of it"),
    }
}

/// Writes what was said, each with its line in the history; returns how many articles are to be edited again.
fn tell(told: &[(&RecurringBlock, bool)], call: &Call) -> anyhow::Result<i64> {
    let store = Store::open(&call.store_path()?, Make::Never)?;
    let now_ms = call.now_ms();
    let told = told
        .iter()
        .map(|(block, is_denied)| {
            let key = u64::from_str_radix(&block.key, 16).context("a key")?;
            Ok((*block, key, *is_denied))
        })
        .collect::<anyhow::Result<Vec<(&RecurringBlock, u64, bool)>>>()?;
    Ok(store.write(Durability::Now, |db| {
        for (block, key, is_denied) in &told {
            let detail = json!({
                "source": block.source,
                "key": block.key,
                "text": block.text,
                "is_furniture": !is_denied,
            });
            furniture::deny(db, &block.source, *key, *is_denied, &detail, now_ms)?;
        }
        furniture::count_waiting(db)
    })?)
}
