//! What the verbs that work show: `run` when it is ready, `ingest`'s progress and summary, `edit`, `check`, `init`.

use std::io;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use crate::article::object::ArticleObject;
use crate::cli::check::Report;
use crate::cli::init::Made;
use crate::config::Settings;
use crate::daemon::ingest::{Progress as Step, Summary};

use super::text::{escape, escape_lines};
use super::{Paint, Printer, Style, is_journal};

/// How this program was called, to be pasted in a second terminal.
fn program() -> String {
    std::env::args_os().next().map_or_else(
        || "copydesk".to_owned(),
        |name| escape(&name.to_string_lossy()),
    )
}

/// Says that the daemon watches, what, where the record is, and what to do next; not to a journal, which has its own
/// line.
pub(crate) fn ready(settings: &Settings, usual_store: bool, style: Style) {
    if is_journal() && !style.terminal && !style.json {
        return;
    }
    let mut out = Printer::stdout(style);
    let told = if style.json {
        ready_in_json(settings, &mut out)
    } else {
        ready_in_words(settings, usual_store, &mut out)
    };
    if let Err(error) = told.and_then(|()| out.flush()) {
        tracing::debug!(%error, "standard output is closed");
    }
}

fn ready_in_json(settings: &Settings, out: &mut Printer) -> io::Result<()> {
    let drops: Vec<String> = settings
        .drops
        .iter()
        .map(|drop| drop.path.display().to_string())
        .collect();
    let store = settings.store.display().to_string();
    out.json(&serde_json::json!({"schema": 1, "ready": true, "drops": drops, "store": store}))
}

fn ready_in_words(settings: &Settings, usual_store: bool, out: &mut Printer) -> io::Result<()> {
    let store = escape(&settings.store.to_string_lossy());
    let option = if usual_store {
        String::new()
    } else {
        format!(" --store {store}")
    };
    let heading = out.style().paint(Paint::Green, "copydesk is watching");
    out.line(&heading)?;
    for drop in &settings.drops {
        out.line(&format!(
            "  drop   {}",
            escape(&drop.path.to_string_lossy())
        ))?;
    }
    out.line(&format!("  store  {store}"))?;
    out.line(&format!(
        "  next   put an article, a feed or an archive into the folder, then in a second terminal: {} status{option}",
        program()
    ))?;
    out.line("  stop   Ctrl-C")
}

/// A bar of this form on a terminal, nothing elsewhere.
pub(super) fn bar(template: &str, style: Style) -> ProgressBar {
    let bar = if style.json || !style.terminal {
        ProgressBar::hidden()
    } else {
        ProgressBar::new(0)
    };
    match ProgressStyle::with_template(template) {
        Ok(shown) => bar.with_style(shown),
        Err(_) => bar,
    }
}

/// The progress of an ingest: a bar on a terminal, nothing elsewhere.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Begins, for this style of output.
    pub(crate) fn new(style: Style) -> Self {
        Self {
            bar: bar(
                "{bar:30} {pos}/{len} files  {per_sec}  {elapsed} (still {eta})",
                style,
            ),
        }
    }

    /// How far it is now.
    pub(crate) fn show(&mut self, step: Step) {
        self.bar.set_length(step.files + step.waiting);
        self.bar.set_position(step.files);
    }

    /// The end: the bar goes.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// The summary of an ingest.
pub(crate) fn summary(summary: &Summary, store: &Path, out: &mut Printer) -> io::Result<()> {
    let style = out.style();
    let list = |counts: &mut dyn Iterator<Item = (String, String)>| -> String {
        counts
            .map(|(word, n)| format!("{n} {word}"))
            .collect::<Vec<_>>()
            .join(" · ")
    };
    out.line(&format!(
        "{} files in {:.1} s, {:.0} a second",
        summary.files, summary.seconds, summary.files_per_second
    ))?;
    let verdicts = list(
        &mut summary
            .verdicts
            .iter()
            .map(|(word, n)| (word.clone(), n.to_string())),
    );
    out.line(&format!(
        "  articles    {}{}{verdicts}",
        summary.articles,
        if verdicts.is_empty() { "" } else { "   " }
    ))?;
    out.line(&format!("  same-bytes  {}", summary.same_bytes))?;
    if summary.gone > 0 {
        out.line(&format!(
            "  gone        {} vanished or changed on the way",
            summary.gone
        ))?;
    }
    if !summary.held.is_empty() {
        let held = list(
            &mut summary
                .held
                .iter()
                .map(|(word, n)| (word.clone(), n.to_string())),
        );
        out.line(&format!(
            "  {}        {held}   (why: {} held)",
            style.paint(Paint::Yellow, "held"),
            program()
        ))?;
    }
    if summary.waiting > 0 {
        out.line(&format!(
            "  waiting     {} for another attempt: run it again",
            summary.waiting
        ))?;
    }
    if let Some(why) = &summary.paused {
        out.line(&format!(
            "  {}     {}",
            style.paint(Paint::Red, "stopped"),
            escape(why)
        ))?;
    }
    if summary.interrupted {
        out.line("  interrupted: what is left is taken up by the next ingest of the same paths")?;
    }
    out.line(&format!(
        "  store       {}",
        escape(&store.to_string_lossy())
    ))
}

/// One edited article for a person: headline, what was found, text.
pub(crate) fn edited(object: &ArticleObject, out: &mut Printer) -> io::Result<()> {
    let style = out.style();
    let title = object.title.as_deref().unwrap_or("(no headline)");
    out.line(&style.paint(Paint::Bold, &escape(title)))?;
    let mut facts = Vec::new();
    let single = [
        ("subtitle", &object.subtitle),
        ("dateline", &object.dateline),
        ("published", &object.published),
        ("source", &object.source),
        ("credit", &object.credit),
        ("language", &object.language),
    ];
    for (name, value) in single {
        facts.extend(
            value
                .as_ref()
                .map(|value| format!("{name}: {}", escape(value))),
        );
    }
    for (name, values) in [("byline", &object.byline), ("agency", &object.agency)] {
        if !values.is_empty() {
            facts.push(format!("{name}: {}", escape(&values.join(", "))));
        }
    }
    facts.push(format!(
        "{}, {}, {} cuts",
        object.format,
        object.charset,
        object.cuts.len()
    ));
    for fact in facts {
        out.line(&style.paint(Paint::Dim, &fact))?;
    }
    out.line("")?;
    out.raw(&escape_lines(&object.text))?;
    out.raw("\n\n")
}

/// What `check` found.
pub(crate) fn checked(report: &Report, out: &mut Printer) -> io::Result<()> {
    let style = out.style();
    match &report.config {
        Some(path) => out.line(&format!("configuration {}: ok", escape(path)))?,
        None => out.line("no configuration: defaults")?,
    }
    for finding in &report.findings {
        let what = escape(&finding.what);
        match &finding.wrong {
            None => out.line(&format!("{what}: {}", style.paint(Paint::Green, "ok")))?,
            Some(wrong) => out.line(&format!(
                "{what}: {}",
                style.paint(Paint::Red, &escape(wrong))
            ))?,
        }
    }
    Ok(())
}

/// What `init` made.
pub(crate) fn made(made: &Made, out: &mut Printer) -> io::Result<()> {
    out.line(&format!(
        "store          {}",
        escape(&made.store.to_string_lossy())
    ))?;
    if let Some(config) = &made.config {
        out.line(&format!(
            "configuration  {}",
            escape(&config.to_string_lossy())
        ))?;
    }
    if let Some(dir) = &made.dir {
        out.line(&format!(
            "drop folder    {}",
            escape(&dir.to_string_lossy())
        ))?;
    }
    out.line(&format!("next           {} run", program()))
}
