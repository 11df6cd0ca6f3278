//! An input in pieces: what was kept plain, what was cut dimmed, what each is and why beside it.
//!
//! The form is that of a difference, with and without colours: a line `@@ label: rule` heads what bears them; each line
//! of the input stands behind a sign in the first column (` ` kept, `-` cut, `~` cut as mere markup) and, where its piece
//! begins, the piece's score. No line of an input can be taken for another's, since all its lines are set in.

use std::io;

use crate::article::cutting::{Cutting, MARKUP, PieceObject};

use super::text::{escape, escape_lines, number};
use super::{Paint, Printer};

/// Longest markup that is shown whole, in characters: a tag with its attributes. Heads and scripts have thousands.
const MARKUP_CHARS_MAX: usize = 120;

/// Prints an input in pieces.
pub(in crate::cli) fn show(cutting: &Cutting, out: &mut Printer) -> io::Result<()> {
    let style = out.style();
    if let Some(path) = &cutting.path {
        let head = format!("@@@ {}", escape(path));
        out.line(&style.paint(Paint::Bold, &head))?;
    }
    let mut headed: Option<(&str, &str)> = None;
    for piece in &cutting.pieces {
        // White space between pieces has neither.
        let (Some(label), Some(rule)) = (&piece.label, &piece.rule) else {
            continue;
        };
        if rule == MARKUP {
            markup(piece, out)?;
            continue;
        }
        if headed != Some((label, rule)) {
            let head = format!("@@ {}: {}", escape(label), escape(rule));
            out.line(&style.paint(Paint::Yellow, &head))?;
            headed = Some((label, rule));
        }
        lines(piece, out)?;
    }
    let bytes = |n: usize| number(i64::try_from(n).unwrap_or(i64::MAX), style);
    out.line("")?;
    out.line(&format!(
        "{} kept + {} cut = {} bytes",
        bytes(cutting.kept_bytes),
        bytes(cutting.cut_bytes),
        bytes(cutting.input_bytes)
    ))
}

/// The lines of a piece, the first with its score.
fn lines(piece: &PieceObject, out: &mut Printer) -> io::Result<()> {
    let mut score = piece
        .score
        .map_or_else(String::new, |score| format!("{score:+.2}"));
    for line in piece.text.split('\n') {
        let line = escape_lines(line.strip_suffix('\r').unwrap_or(line));
        if piece.kept {
            out.line(&format!(" {score:>7}  {line}"))?;
        } else {
            // Dimmed line by line: pagers forget colours at the end of a line.
            let line = format!("-{score:>7}  {line}");
            out.line(&out.style().paint(Paint::Dim, line.trim_end()))?;
        }
        score.clear();
    }
    Ok(())
}

/// Markup on one line, and only its beginning where it is long.
fn markup(piece: &PieceObject, out: &mut Printer) -> io::Result<()> {
    let mut words = piece.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = words.char_indices().nth(MARKUP_CHARS_MAX) {
        words.truncate(end);
        words = format!("{}… ({} bytes)", words.trim_end(), piece.text.len());
    }
    let line = format!("~{:>7}  {}", "", escape(&words));
    out.line(&out.style().paint(Paint::Dim, &line))
}
