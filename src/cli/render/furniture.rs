//! What recurs in the articles of a source.

use std::io;

use crate::report::furniture::RecurringBlock;

use super::table::{self, Side};
use super::text::{escape, number, time};
use super::{Paint, Printer};

/// Characters of a block that are shown.
const CHARS_SHOWN: usize = 80;

pub(in crate::cli) fn list(
    blocks: &[RecurringBlock],
    source: &str,
    out: &mut Printer,
) -> io::Result<()> {
    let style = out.style();
    if blocks.is_empty() {
        return out.line(&format!(
            "nothing recurs in the articles of {} so far",
            escape(source)
        ));
    }
    let columns = [
        ("KEY", Side::Left),
        ("ARTICLES", Side::Right),
        ("FIRST", Side::Left),
        ("LAST", Side::Left),
        ("CUT", Side::Left),
        ("TEXT", Side::Left),
    ];
    let when = |ms: Option<i64>| ms.map_or_else(|| style.none().to_owned(), time);
    let rows = blocks.iter().map(|block| {
        let text: String = block
            .text
            .as_deref()
            .unwrap_or("")
            .chars()
            .take(CHARS_SHOWN)
            .collect();
        vec![
            block.key.clone(),
            number(block.articles, style),
            when(block.first_seen_ms),
            when(block.last_seen_ms),
            if block.is_furniture {
                "yes"
            } else {
                "no, as told"
            }
            .to_owned(),
            escape(&text),
        ]
    });
    table::print(&columns, rows.collect(), out)?;
    if !style.terminal {
        return Ok(());
    }
    out.line(&style.paint(
        Paint::Dim,
        "not furniture? copydesk furniture SOURCE --not KEY",
    ))
}

pub(in crate::cli) fn told(blocks: usize, waiting: i64, out: &mut Printer) -> io::Result<()> {
    let style = out.style();
    let noted = if blocks == 1 { "noted" } else { "all noted" };
    let articles = match waiting {
        0 => "no article is concerned".to_owned(),
        1 => "1 article is to be edited again".to_owned(),
        n => format!("{} articles are to be edited again", number(n, style)),
    };
    out.line(&format!(
        "{noted}; {articles}: the daemon does it within seconds, else the next run or ingest"
    ))
}
