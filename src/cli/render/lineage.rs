//! The family of an article for people: who was first, the tree, and what shares passages with it.

use std::io;

use crate::report::lineage::{Kin, Lineage, Sharer};
use crate::verdict::Kind;

use super::lines::{fill, pad};
use super::table::{self, Side};
use super::text::{age, escape, escape_path, minute, time};
use super::{Paint, Printer, tree};

pub(in crate::cli) fn show(about: &Lineage, out: &mut Printer) -> io::Result<()> {
    if about.family.is_some() {
        summary(about, out)?;
        out.line("")?;
        tree::show(about, out)?;
    } else {
        alone(about, out)?;
    }
    if about.due > 0 {
        out.line("")?;
        out.line(&format!(
            "{} judged again just now: the tree may change",
            counted(about.due, "text is", "texts are")
        ))?;
    }
    shares(about, out)
}

pub(super) fn counted(n: i64, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

pub(super) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// How an article is called: by its source, else by its file.
pub(super) fn name(kin: &Kin) -> String {
    match (&kin.source, kin.path.exact.file_name()) {
        (Some(source), _) => escape(source),
        (None, Some(file)) => format!("({})", escape_path(file.as_ref())),
        (None, None) => format!("({})", escape_path(&kin.path.exact)),
    }
}

fn alone(about: &Lineage, out: &mut Printer) -> io::Result<()> {
    let Some(own) = about.members.first() else {
        return Ok(());
    };
    let title = own
        .title
        .as_deref()
        .map_or_else(|| "(no headline)".to_owned(), escape);
    out.line(&format!(
        "article {}  {}",
        own.id,
        out.style().paint(Paint::Bold, &title)
    ))?;
    out.line(&format!(
        "{}, {}, arrived {}",
        name(own),
        own.published.as_deref().map_or_else(
            || "states no time".to_owned(),
            |at| format!("states {}", escape(at))
        ),
        time(own.arrival_ms)
    ))?;
    out.line("it has no family: no other text in the record is a copy, an excerpt, an expansion or a version of it")
}

fn summary(about: &Lineage, out: &mut Printer) -> io::Result<()> {
    let family = about.family.as_deref().unwrap_or("");
    let head = format!(
        "family {family}  {} from {}, {} from first to last",
        counted(about.articles, "article", "articles"),
        counted(count(about.sources), "source", "sources"),
        age(about.span_ms)
    );
    out.line(&out.style().paint(Paint::Bold, &head))?;
    firsts(about, out)?;
    let verdicts: Vec<String> = Kind::ALL
        .iter()
        .filter_map(|kind| {
            let n = about.verdicts.get(kind.as_str())?;
            Some(format!("{n} {}", kind.as_str()))
        })
        .collect();
    said("verdicts", &verdicts.join(", "), out)?;
    for credit in about.credits.iter().filter(|credit| credit.articles > 0) {
        let own = match credit.own {
            Some(own) => format!("whose own is {own}"),
            None => "which has none among them".to_owned(),
        };
        let who = counted(count(credit.articles), "article credits", "articles credit");
        said(
            "credits",
            &format!("{who} {}, {own}", escape(&credit.agency)),
            out,
        )?;
    }
    Ok(())
}

/// Who was first by what it states, and who was there first.
fn firsts(about: &Lineage, out: &mut Printer) -> io::Result<()> {
    let find = |id: Option<i64>| about.members.iter().find(|kin| Some(kin.id) == id);
    let Some(arrival) = find(about.first_by_arrival) else {
        return Ok(());
    };
    let came = |kin: &Kin| {
        format!(
            "{} {}, arrived {}",
            kin.id,
            name(kin),
            minute(kin.arrival_ms)
        )
    };
    let Some(claim) = find(about.first_by_claim) else {
        let came = came(arrival);
        return said(
            "first by arrival",
            &format!("{came}; none states its time"),
            out,
        );
    };
    let states = claim
        .stated_ms
        .map_or_else(String::new, |ms| stated(claim, ms));
    if claim.id == arrival.id {
        let both = format!("{}; by claim as well, it states {states}", came(arrival));
        return said("first by arrival", &both, out);
    }
    let late = match claim.arrival_ms - arrival.arrival_ms {
        0 => "in the same minute as the first".to_owned(),
        late => format!("{} after the first", age(late)),
    };
    let claim = format!(
        "{} {}, states {states}, arrived {late}",
        claim.id,
        name(claim)
    );
    said("first by claim", &claim, out)?;
    said("first by arrival", &came(arrival), out)
}

/// A line of the summary, in as many lines as the terminal needs.
fn said(what: &str, text: &str, out: &mut Printer) -> io::Result<()> {
    let columns = out.style().width.map_or(usize::MAX, usize::from);
    let mut what = pad(what, 16);
    for line in fill(text, columns.saturating_sub(18)) {
        out.line(&format!("{what}  {line}"))?;
        what = pad("", 16);
    }
    Ok(())
}

/// A stated time; a day alone as it is stated, since its end is only what it is compared by.
pub(super) fn stated(kin: &Kin, ms: i64) -> String {
    let published = kin.published.as_deref().unwrap_or("");
    if published.parse::<jiff::Timestamp>().is_ok() {
        minute(ms)
    } else {
        minute(ms).chars().take(10).collect()
    }
}

fn shares(about: &Lineage, out: &mut Printer) -> io::Result<()> {
    if about.sharing == 0 {
        return Ok(());
    }
    out.line("")?;
    let shown = if count(about.shares.len()) < about.sharing {
        format!(", the {} nearest", about.shares.len())
    } else {
        String::new()
    };
    out.line(&format!(
        "{} passages with {} but not its story{shown}:",
        counted(about.sharing, "article shares", "articles share"),
        about.article
    ))?;
    let none = out.style().none();
    let or_none = |text: &Option<String>| text.as_deref().map_or_else(|| none.to_owned(), escape);
    let columns = [
        ("ARTICLE", Side::Right),
        ("FIRST", Side::Left),
        ("LONGEST", Side::Right),
        ("SOURCE", Side::Left),
        ("TITLE", Side::Left),
    ];
    let row = |it: &Sharer| {
        vec![
            it.id.to_string(),
            minute(it.first_ms),
            counted(it.longest_run, "word", "words"),
            or_none(&it.source),
            or_none(&it.title),
        ]
    };
    table::print(&columns, about.shares.iter().map(row).collect(), out)
}
