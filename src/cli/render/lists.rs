//! Lists: sources, search results, held files.

use std::io;

use crate::report::held::HeldFile;
use crate::report::search::Hit;
use crate::report::sources::SourceReport;

use super::table::{self, Side};
use super::text::{age, escape, escape_path, number, share, time};
use super::{Paint, Printer, Style};

pub(in crate::cli) fn sources(
    sources: &[SourceReport],
    now_ms: i64,
    out: &mut Printer,
) -> io::Result<()> {
    if sources.is_empty() {
        return out.line("no article has stated a source yet");
    }
    let style = out.style();
    let columns = [
        ("SOURCE", Side::Left),
        ("FIRST", Side::Left),
        ("LAST", Side::Right),
        ("ARTICLES", Side::Right),
        ("NEW", Side::Right),
        ("SAME TEXT", Side::Right),
        ("COPY", Side::Right),
        ("EXCERPT", Side::Right),
        ("EXPANSION", Side::Right),
        ("VERSION", Side::Right),
        ("HELD", Side::Right),
        ("LEADS", Side::Right),
        ("LAG", Side::Right),
        ("LAG 90 %", Side::Right),
        ("AGENCIES", Side::Left),
    ];
    let rows = sources
        .iter()
        .map(|source| source_row(source, now_ms, style));
    table::print(&columns, rows.collect(), out)
}

fn source_row(source: &SourceReport, now_ms: i64, style: Style) -> Vec<String> {
    let none = || style.none().to_owned();
    let part = |verdict: &str| {
        let n = source.verdicts.get(verdict).copied().unwrap_or(0);
        share(n, source.articles, style)
    };
    let mut agencies: Vec<(&String, &i64)> = source.agencies.iter().collect();
    agencies.sort_by_key(|(name, n)| (std::cmp::Reverse(**n), name.as_str()));
    let agencies: Vec<String> = agencies
        .into_iter()
        .map(|(name, n)| format!("{} {}", escape(name), number(*n, style)))
        .collect();
    vec![
        escape(&source.name),
        time(source.first_seen_ms),
        format!("{} ago", age(now_ms - source.last_seen_ms)),
        number(source.articles, style),
        part("new"),
        part("same-text"),
        part("copy"),
        part("excerpt"),
        part("expansion"),
        part("version"),
        source
            .held
            .zip(source.files)
            .map_or_else(none, |(held, files)| share(held, files, style)),
        number(source.led, style),
        source.lag_median_ms.map_or_else(none, lag),
        source.lag_p90_ms.map_or_else(none, lag),
        if agencies.is_empty() {
            none()
        } else {
            agencies.join(", ")
        },
    ]
}

/// How long after the lead; a lead is not always the earliest by the clock alone.
fn lag(ms: i64) -> String {
    if ms < 0 {
        format!("-{}", age(-ms))
    } else {
        age(ms)
    }
}

pub(in crate::cli) fn hits(hits: &[Hit], out: &mut Printer) -> io::Result<()> {
    let style = out.style();
    if hits.is_empty() {
        return out.line("nothing found");
    }
    for hit in hits {
        let title = hit
            .title
            .as_deref()
            .map_or_else(|| "(no headline)".to_owned(), escape);
        let source = hit
            .source
            .as_deref()
            .map_or_else(String::new, |source| format!("  {}", escape(source)));
        out.line(&format!(
            "{:>8}  {}",
            hit.id,
            style.paint(Paint::Bold, &title)
        ))?;
        out.line(&format!(
            "          {}{source}  {}",
            time(hit.first_ms),
            escape(&hit.verdict)
        ))?;
        out.line(&format!("          {}", passage(hit, style)))?;
    }
    Ok(())
}

/// The passage with its matches bold.
fn passage(hit: &Hit, style: Style) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for (start, end) in &hit.matches {
        shown.push_str(&escape(hit.snippet.get(at..*start).unwrap_or("")));
        let found = escape(hit.snippet.get(*start..*end).unwrap_or(""));
        shown.push_str(&style.paint(Paint::Bold, &found));
        at = *end;
    }
    shown.push_str(&escape(hit.snippet.get(at..).unwrap_or("")));
    shown
}

pub(in crate::cli) fn held(files: &[HeldFile], now_ms: i64, out: &mut Printer) -> io::Result<()> {
    if files.is_empty() {
        return out.line("nothing is held");
    }
    let none = out.style().none();
    let columns = [
        ("ID", Side::Right),
        ("REASON", Side::Left),
        ("SINCE", Side::Right),
        ("TRIES", Side::Right),
        ("DROP", Side::Left),
        ("PATH", Side::Left),
        ("DETAIL", Side::Left),
        ("ADVICE", Side::Left),
    ];
    let rows = files.iter().map(|file| {
        vec![
            file.job.to_string(),
            escape(&file.reason),
            age(now_ms - file.since_ms),
            file.attempts.to_string(),
            escape(&file.drop),
            match &file.member {
                Some(member) => format!("{}: {}", escape_path(&file.path.exact), escape(member)),
                None => escape_path(&file.path.exact),
            },
            file.detail
                .as_deref()
                .map_or_else(|| none.to_owned(), escape),
            file.advice.unwrap_or(none).to_owned(),
        ]
    });
    table::print(&columns, rows.collect(), out)
}

pub(in crate::cli) fn released(
    released: usize,
    not_held: &[i64],
    out: &mut Printer,
) -> io::Result<()> {
    let plural = if released == 1 { "" } else { "s" };
    out.line(&format!("{released} file{plural} sent back to the queue"))?;
    for id in not_held {
        out.line(&format!(
            "job {id} is not held: copydesk held lists those that are"
        ))?;
    }
    Ok(())
}
