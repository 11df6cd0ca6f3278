//! What `doctor` found, and what `reindex` did.

use std::io;

use indicatif::ProgressBar;

use crate::daemon::reindex::Summary;
use crate::report::doctor::{Checked, Example, Finding, Report};

use super::text::{escape, escape_path};
use super::work::bar;
use super::{Paint, Printer, Style};

/// How far it is: a bar on a terminal, nothing elsewhere.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Begins, for this style of output.
    pub(crate) fn new(style: Style) -> Self {
        Self {
            bar: bar("{msg:10} {bar:30} {pos}/{len}  {elapsed}", style),
        }
    }

    /// What is being done, and how far that is.
    pub(crate) fn show(&mut self, what: &'static str, done: i64, of: i64) {
        self.bar.set_message(what);
        self.bar.set_length(of.max(done).unsigned_abs());
        self.bar.set_position(done.unsigned_abs());
    }

    /// The end: the bar goes.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// What was looked at, with what is wrong below it.
pub(crate) fn examined(report: &Report, out: &mut Printer) -> io::Result<()> {
    out.line(&format!(
        "store       {}: {} articles, {} texts",
        escape_path(&report.store.exact),
        report.articles,
        report.texts
    ))?;
    for checked in &report.checks {
        line(checked, out)?;
        for finding in &checked.findings {
            out.line(&format!(
                "            {}",
                out.style().paint(Paint::Red, &said(finding))
            ))?;
            out.line(&format!("              → {}", finding.help))?;
        }
    }
    for (n, what) in [
        (report.due, "to be judged again"),
        (report.restory, "to be looked at for stories"),
    ] {
        if n > 0 {
            let line = format!("waiting     {what}: {n}; a daemon or an ingest does it");
            out.line(&line)?;
        }
    }
    Ok(())
}

fn line(checked: &Checked, out: &mut Printer) -> io::Result<()> {
    let style = out.style();
    let state = match (checked.examined, checked.findings.is_empty()) {
        (false, _) => style.paint(Paint::Dim, "not looked at"),
        (true, true) => style.paint(Paint::Green, "ok"),
        (true, false) => style.paint(Paint::Red, "wrong"),
    };
    out.line(&format!("{:<11} {}: {state}", checked.name, checked.asks))
}

/// What is wrong, how often and where.
fn said(finding: &Finding) -> String {
    let at_least = if finding.at_least { "at least " } else { "" };
    let times = if finding.count == 1 {
        "once".to_owned()
    } else {
        format!("{at_least}{} times", finding.count)
    };
    let places: Vec<String> = finding.examples.iter().map(place).collect();
    let more = if finding.count > i64::try_from(places.len()).unwrap_or(i64::MAX) {
        ", …"
    } else {
        ""
    };
    if places.is_empty() {
        return format!("{}, {times}", finding.what);
    }
    format!("{}, {times}: {}{more}", finding.what, places.join(", "))
}

fn place(example: &Example) -> String {
    if let Some(at) = &example.at {
        return escape(at);
    }
    let article = example.article.map(|id| format!("article {id}"));
    match (&example.text, article) {
        (Some(text), Some(article)) => format!("text {} ({article})", escape(text)),
        (Some(text), None) => format!("text {}", escape(text)),
        (None, article) => article.unwrap_or_default(),
    }
}

/// What `reindex` found otherwise than it was written.
pub(crate) fn reindexed(summary: &Summary, out: &mut Printer) -> io::Result<()> {
    if let Some(stage) = summary.interrupted {
        return out.line(&format!(
            "interrupted at {}: run it again; a daemon may work on the store meanwhile, but does only what is due",
            stage.as_str()
        ));
    }
    let search = if summary.search {
        "made anew"
    } else {
        "as it was"
    };
    out.line(&format!("reindexed in {:.1} s", summary.seconds))?;
    out.line(&format!("  verdicts    {} were otherwise", summary.judged))?;
    out.line(&format!(
        "  families    {} articles came to one, {} left one",
        summary.joined, summary.parted
    ))?;
    out.line(&format!("  full text   {search}"))
}
