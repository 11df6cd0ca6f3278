//! The only printer: structs in, tables, lines or JSON out.
//!
//! Invariant: what a file or an article says never reaches a terminal raw: [`text::escape`] stands between.

pub(crate) mod cutting;
pub(crate) mod difference;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod furniture;
pub(crate) mod history;
pub(crate) mod lineage;
mod lines;
pub(crate) mod lists;
pub(crate) mod show;
pub(crate) mod status;
pub(crate) mod stories;
mod table;
pub mod text;
mod tree;
pub(crate) mod work;

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::process::ExitCode;

use serde::Serialize;

use super::Exit;

/// How to print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// JSON instead of words.
    pub json: bool,
    /// Whether a person looks at it.
    pub terminal: bool,
    /// Whether colours may be used.
    pub colour: bool,
    /// Columns of the terminal, where that is known.
    pub width: Option<u16>,
}

impl Style {
    /// As this process's standard output is.
    pub fn of_process(json: bool, no_color: bool) -> Self {
        let terminal = io::stdout().is_terminal();
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let dumb = set("TERM").is_none_or(|term| term == "dumb");
        // The shell knows the width; where it does not tell, the terminal breaks the lines itself.
        let columns = set("COLUMNS").and_then(|columns| columns.to_str()?.parse().ok());
        Self {
            json,
            terminal,
            colour: terminal && !no_color && !dumb && set("NO_COLOR").is_none(),
            width: columns.filter(|_| terminal),
        }
    }

    /// A text with a colour around it.
    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        format!("\x1b[{}m{text}\x1b[0m", paint.code())
    }

    /// What stands where there is nothing.
    pub(crate) const fn none(self) -> &'static str {
        if self.terminal { "–" } else { "-" }
    }
}

/// The colours there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// All is well.
    Green,
    /// Look here.
    Yellow,
    /// Look here first.
    Red,
    /// A heading.
    Bold,
    /// Aside.
    Dim,
}

impl Paint {
    const fn code(self) -> &'static str {
        match self {
            Self::Green => "1;32",
            Self::Yellow => "1;33",
            Self::Red => "1;31",
            Self::Bold => "1",
            Self::Dim => "2",
        }
    }
}

/// Standard output, or what stands for it in a test.
pub struct Printer {
    out: Box<dyn Write>,
    style: Style,
}

impl std::fmt::Debug for Printer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Printer")
            .field("style", &self.style)
            .finish_non_exhaustive()
    }
}

impl Printer {
    /// Onto standard output.
    pub fn stdout(style: Style) -> Self {
        Self::new(Box::new(BufWriter::new(io::stdout())), style)
    }

    /// Onto anything.
    pub fn new(out: Box<dyn Write>, style: Style) -> Self {
        Self { out, style }
    }

    /// How it prints.
    pub fn style(&self) -> Style {
        self.style
    }

    /// One line, which must be fit for the terminal already.
    pub fn line(&mut self, line: &str) -> io::Result<()> {
        self.out.write_all(line.trim_end().as_bytes())?;
        self.out.write_all(b"\n")
    }

    /// A text as it is, which must be fit for the terminal already.
    pub(crate) fn raw(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// One JSON object on a line. JSON escapes control characters by itself.
    pub fn json<T: Serialize + ?Sized>(&mut self, value: &T) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")
    }

    /// JSON Lines.
    pub fn json_lines<T: Serialize>(&mut self, values: &[T]) -> io::Result<()> {
        values.iter().try_for_each(|value| self.json(value))
    }

    /// Begins the screen anew, on a terminal.
    pub fn clear(&mut self) -> io::Result<()> {
        if self.style.terminal && !self.style.json {
            self.raw("\x1b[H\x1b[2J")?;
        }
        Ok(())
    }

    /// Sends off what waits.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Tells what is wrong with the command line, or the help that was asked for.
pub fn usage(usage: &clap::Error) -> ExitCode {
    if usage.print().is_err() {
        // Nobody reads it any more.
        return Exit::Fine.into();
    }
    if usage.use_stderr() {
        Exit::Usage.into()
    } else {
        Exit::Fine.into()
    }
}

/// Whether standard output or standard error goes to systemd's journal.
pub(crate) fn is_journal() -> bool {
    std::env::var_os("JOURNAL_STREAM").is_some()
}

/// Tells an error: one line, but for the list of what is wrong with a configuration.
pub fn error(error: &anyhow::Error) {
    tell("<3>", &chain(error));
}

/// Tells on standard error what a person may want to look at.
pub fn warning(words: &str) {
    tell("<4>", &format!("warning: {words}"));
}

fn tell(level: &str, words: &str) {
    // A journal reads the level off the start of the line: sd-daemon(3).
    let level = if is_journal() && !io::stderr().is_terminal() {
        level
    } else {
        ""
    };
    let mut stderr = io::stderr();
    if let Err(error) = writeln!(stderr, "{level}copydesk: {}", text::escape_lines(words)) {
        tracing::debug!(%error, "standard error is closed");
    }
}

/// The causes as one sentence; what a cause repeats of the one before it is said once.
fn chain(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if said.is_empty() {
            said = cause;
        } else if !said.contains(&cause) {
            said.push_str(": ");
            said.push_str(&cause);
        }
    }
    said
}

#[cfg(test)]
mod lineage_tests;
#[cfg(test)]
mod render_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_repeats_the_one_before_it_is_said_once() {
        let source = io::Error::other("disk on fire");
        let error = anyhow::Error::new(source)
            .context("store a.sqlite: disk on fire")
            .context("status");
        assert_eq!(chain(&error), "status: store a.sqlite: disk on fire");
    }
}
