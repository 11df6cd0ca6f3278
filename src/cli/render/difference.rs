//! An article beside another, for people.
//!
//! What was measured, then the texts interleaved: what both have is there once and dimmed, what only one has stands behind
//! a sign in the first column, `-` for the other and `+` for the article; `<` and `>` for what the other has elsewhere.

use std::io;

use crate::report::difference::{Difference, In, Measured, Part, Side};

use super::lines::fill;
use super::text::{escape, time};
use super::{Paint, Printer};

/// Columns that are filled where nobody says how many there are.
const WIDTH: usize = 80;

pub(in crate::cli) fn show(about: &Difference, out: &mut Printer) -> io::Result<()> {
    let style = out.style();
    for (sign, paint, side) in [
        ('-', Paint::Red, &about.other),
        ('+', Paint::Green, &about.this),
    ] {
        out.line(&style.paint(paint, &head(sign, side)))?;
    }
    out.line("")?;
    if about.same_text {
        return same(about, out);
    }
    if let Some(measured) = &about.measured {
        measurements(about, measured, out)?;
    }
    summary(about, out)?;
    out.line("")?;
    titles(about, out)?;
    let width = style.width.map_or(WIDTH, usize::from);
    let mut is_open = true;
    for part in &about.pieces {
        piece(part, width, &mut is_open, out)?;
    }
    Ok(())
}

fn head(sign: char, side: &Side) -> String {
    let source = side
        .source
        .as_deref()
        .map_or_else(String::new, |source| format!("  {}", escape(source)));
    let of = side.of.map_or_else(String::new, |of| format!(" of {of}"));
    format!(
        "{sign} article {}{source}  {}  {}{of}",
        side.id,
        time(side.first_ms),
        escape(&side.verdict)
    )
}

fn same(about: &Difference, out: &mut Printer) -> io::Result<()> {
    let (this, other) = (about.this.id, about.other.id);
    out.line(&format!(
        "the same text: word for word {this} says what {other} says"
    ))?;
    if about.this.title != about.other.title {
        out.line("")?;
        titles(about, out)?;
    }
    Ok(())
}

fn measurements(about: &Difference, measured: &Measured, out: &mut Printer) -> io::Result<()> {
    let (this, other) = (about.this.id, about.other.id);
    let tie = match measured.tie {
        "copy" => format!("{this} is a copy of {other}"),
        "excerpt" => format!("{this} is an excerpt of {other}"),
        "expansion" => format!("{this} is an expansion of {other}"),
        "shares" => format!("{this} and {other} share passages, no more"),
        _ => format!("{this} and {other} have nothing worth telling in common"),
    };
    let joins = match measured.joins {
        Some(true) => ", which makes one family of them",
        Some(false) | None => "",
    };
    let recorded = if about.recorded {
        ""
    } else {
        " (measured now: the record does not tie them)"
    };
    out.line(&format!("tie          {tie}{joins}{recorded}"))?;
    out.line(&format!("probability  {:.3}", measured.probability))?;
    out.line(&format!(
        "resemblance  {:.3}, contains {:.3}, contained {:.3}, {} shingles in both",
        measured.resemblance, measured.contains, measured.contained, measured.shared
    ))?;
    out.line(&format!(
        "longest      {} words in a row; {} and {} differ inside passages",
        measured.longest_run,
        counted(measured.figures, "figure"),
        counted(measured.names, "name")
    ))
}

fn summary(about: &Difference, out: &mut Printer) -> io::Result<()> {
    let words = |has: In, moved: bool| -> usize {
        let parts = about.pieces.iter();
        parts
            .filter(|part| part.has == has && part.moved == moved)
            .map(|part| part.text.split_whitespace().count())
            .sum()
    };
    let mut said = vec![
        format!("{} in both", counted(words(In::Both, false), "word")),
        format!("-{} only in {}", words(In::Other, false), about.other.id),
        format!("+{} only in {}", words(In::This, false), about.this.id),
    ];
    let moved = words(In::This, true);
    if moved > 0 || words(In::Other, true) > 0 {
        said.push(format!(
            "{} elsewhere (< in {}, > in {})",
            counted(moved, "word"),
            about.other.id,
            about.this.id
        ));
    }
    out.line(&format!("words        {}", said.join(", ")))
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// The headlines, which are not part of the texts.
fn titles(about: &Difference, out: &mut Printer) -> io::Result<()> {
    let style = out.style();
    let title = |side: &Side| {
        side.title
            .as_deref()
            .map_or_else(|| "(no headline)".to_owned(), escape)
    };
    let (this, other) = (title(&about.this), title(&about.other));
    if this == other {
        out.line(&style.paint(Paint::Bold, &format!("  {this}")))?;
    } else {
        out.line(&style.paint(Paint::Red, &format!("- {other}")))?;
        out.line(&style.paint(Paint::Green, &format!("+ {this}")))?;
    }
    out.line("")
}

/// A piece on lines of its own, each behind the sign; an empty line where a paragraph of it ends. `is_open` says that
/// such a line or nothing stands above.
fn piece(part: &Part, width: usize, is_open: &mut bool, out: &mut Printer) -> io::Result<()> {
    let (sign, paint) = match (part.has, part.moved) {
        (In::Both, _) => (' ', Paint::Dim),
        (In::Other, false) => ('-', Paint::Red),
        (In::This, false) => ('+', Paint::Green),
        (In::Other, true) => ('<', Paint::Yellow),
        (In::This, true) => ('>', Paint::Yellow),
    };
    for (at, paragraph) in part.text.split("\n\n").enumerate() {
        if at > 0 && !*is_open {
            out.line("")?;
            *is_open = true;
        }
        for line in paragraph.split('\n') {
            for filled in fill(&escape(line), width.saturating_sub(2)) {
                // Line by line: pagers forget colours at the end of a line.
                let line = format!("{sign} {filled}");
                out.line(&out.style().paint(paint, &line))?;
                *is_open = false;
            }
        }
    }
    Ok(())
}
