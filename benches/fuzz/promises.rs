//! What holds of every edited input, whatever it was.

use copydesk::article::cutting::Cutting;
use copydesk::article::{Edited, Edition, Format, Hints, Rules, edit};

/// Edits an input and says how many articles came of it, or what is wrong with them; none is a right outcome too.
pub(crate) fn hold(input: &[u8], file_name: Option<&str>) -> Result<usize, String> {
    let hints = Hints {
        file_name,
        ..Hints::default()
    };
    let Ok(edition) = edit(input, &hints, &Rules::default(), None) else {
        return Ok(0);
    };
    // What a format says to be the story is taken at its word; as a text of its own it may read otherwise.
    let is_page = matches!(edition.format, Format::TEXT | Format::HTML);
    let mut pages = edition.members.iter().flatten().filter(|_| is_page);
    match pages.find_map(changed) {
        Some(why) => Err(why),
        None => hold_edition(&edition),
    }
}

/// Counts the articles of an edition, or says what is wrong with them.
pub(crate) fn hold_edition(edition: &Edition) -> Result<usize, String> {
    let articles = || edition.members.iter().flatten();
    match articles().find_map(|edited| broken(edited, edition.format)) {
        Some(why) => Err(why),
        None => Ok(articles().count()),
    }
}

fn broken(edited: &Edited, format: Format) -> Option<String> {
    if edited.is_notice() {
        let has_identity = edited.guid.is_some();
        return (!has_identity).then(|| "a notice without an identity".to_owned());
    }
    if edited.text.trim().is_empty() {
        return Some("its text is blank".to_owned());
    }
    let mut at = 0;
    for piece in &edited.pieces {
        let span = piece.span;
        let Some(gap) = edited.input.get(at..span.start) else {
            return Some(format!(
                "pieces overlap or part a character before {span:?}"
            ));
        };
        if edited.slice(span).is_empty() {
            return Some(format!(
                "a piece is empty or no part of the input: {span:?}"
            ));
        }
        if format != Format::TEXT && !is_blank(gap) {
            return Some(format!("something visible is in no piece: {gap:?}"));
        }
        at = span.end;
    }
    let mut sum = String::new();
    let mut end = 0;
    for cut in edited.cuts() {
        sum += edited.input.get(end..cut.span.start)?;
        sum += edited.slice(cut.span);
        end = cut.span.end;
    }
    sum += edited.input.get(end..)?;
    let cutting = Cutting::new(&edited.input, &edited.pieces);
    let joined: String = cutting
        .pieces
        .iter()
        .map(|piece| piece.text.as_str())
        .collect();
    if sum != edited.input || joined != edited.input {
        return Some("kept and cut do not make the input".to_owned());
    }
    let kept = cutting
        .pieces
        .iter()
        .any(|piece| piece.kept && piece.label.is_some());
    (!kept).then(|| "no piece is kept, and yet there is a text".to_owned())
}

/// Whether editing the text again makes another text of it. What is left of a heap of tags may be no article then.
fn changed(edited: &Edited) -> Option<String> {
    let (hints, rules) = (Hints::default(), Rules::default());
    let again = edit(edited.text.as_bytes(), &hints, &rules, None).ok()?;
    // A text that speaks of tags may pass for a page.
    if again.format != Format::TEXT {
        return None;
    }
    let other = |twice: &&Edited| twice.text != edited.text;
    let twice = again.members.iter().flatten().find(other)?;
    Some(format!(
        "edited again it is {:?}, was {:?}",
        twice.text, edited.text
    ))
}

/// White space, and what layout programs use instead.
fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || matches!(c, '\u{2800}' | '\u{3164}'))
}
