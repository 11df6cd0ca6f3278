//! What press offices, desks and agencies write around a story that is none of it, told by the words of one line.

use crate::article::{attribution, prose};

/// What press offices put above what they send.
#[rustfmt::skip] // a table
const RELEASES: &[&str] = &[
    "for immediate release", "press release", "news release", "media release", "pressemitteilung", "presseinformation",
    "medienmitteilung", "communiqué de presse", "nota de prensa", "comunicado de prensa", "comunicato stampa",
    "nota à imprensa", "persbericht", "pressmeddelande", "pressemeddelelse", "пресс-релиз", "прес-реліз",
];

/// Whether a line says that what follows is a press release.
pub(super) fn is_release(line: &str) -> bool {
    let bare = line
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    RELEASES.contains(&bare.as_str())
}

/// Whether a paragraph says whom editors may call: in doubled brackets, as Reuters sets it.
pub(super) fn is_for_editors(text: &str) -> bool {
    text.starts_with("((") && text.ends_with("))")
        || text.starts_with("Keywords: ") && text.contains('/')
}

/// Longest line that says whose rights a text is, in bytes: AP's has 150.
const RIGHTS_BYTES_MAX: usize = 400;

/// Whether a paragraph says whose rights the text is: "Copyright 2025 …", "© 2025 … All rights reserved."
pub(super) fn is_rights(text: &str) -> bool {
    let lower = text
        .get(..text.floor_char_boundary(RIGHTS_BYTES_MAX))
        .unwrap_or(text)
        .to_lowercase();
    let bare = lower.trim_start_matches("(c)").trim_start();
    let opens = bare.starts_with("copyright ") || bare.starts_with('©');
    let dated = bare
        .split(|c: char| !c.is_ascii_digit())
        .any(|figures| figures.len() == 4);
    text.len() <= RIGHTS_BYTES_MAX && opens && (dated || bare.contains("rights reserved"))
}

/// Longest mark of a wire, in bytes.
const MARK_BYTES_MAX: usize = 12;

/// Whether a line says that more comes, or that this was the end, as wires and press offices mark it: "(MORE)", "-30-",
/// "###", "ENDS".
pub(super) fn is_mark(line: &str) -> bool {
    if line.len() > MARK_BYTES_MAX {
        return false;
    }
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let is_set_off = bare.len() < line.len() || bare.bytes().all(|byte| byte.is_ascii_uppercase());
    bare.is_empty() && line.len() >= 3
        || is_set_off
            && ["more", "30", "0", "ends", "end", "fin", "ende", "nnnn"]
                .contains(&bare.to_lowercase().as_str())
}

/// What a text in brackets above a story says that was done to it.
const ADVICE: &[&str] = &[
    "adds",
    "corrects",
    "corrected",
    "correction",
    "updates",
    "rewrites",
    "recasts",
    "refiles",
    "repeats",
    "removes",
    "clarifies",
    "fixes",
    "deletes",
    "drops",
    "writes through",
    "changes",
    "with ",
    "new throughout",
    "no change",
];

/// Whether a paragraph says what was done to the text since it was sent last.
pub(super) fn is_advice(text: &str) -> bool {
    if text.starts_with("Eds: ") || text.starts_with("EDS: ") {
        return true;
    }
    let inside = text
        .strip_prefix(['(', '['])
        .and_then(|text| text.strip_suffix([')', ']']));
    let Some(inside) = inside.filter(|inside| !inside.contains(['(', ')'])) else {
        return false;
    };
    let lower = inside.to_lowercase();
    let starts = |part: &str| {
        ADVICE
            .iter()
            .any(|word| part.trim_start().starts_with(word))
    };
    lower.split(',').any(starts)
}

/// Whether a line is nothing but the name of an agency, with somebody's initials behind it or not: "(dpa/kse)".
pub(super) fn is_agencys(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let first = bare.split('/').next().unwrap_or(bare);
    line.chars().count() <= SIGNATURE_CHARS_MAX
        && (attribution::is_credit(bare) || attribution::is_credit(first) && is_signature(line))
}

/// What wires write below their last paragraph, without brackets and in lower case; PA says with "mfl" that more follows.
#[rustfmt::skip] // a table
const ENDS: &[&str] = &[
    "end", "ends", "mfl", "enditem", "more", "fin", "fim", "fine", "ende", "schluss", "конец", "完", "了", "끝", "lusa fim",
];

/// Whether a line says no more than that this was the text, or by which number it was sent: "AXC0123 2025-02-19/14:30".
pub(super) fn is_end(line: &str) -> bool {
    if line.len() > SIGNATURE_CHARS_MAX {
        return false;
    }
    let (number, time) = line.split_once(' ').unwrap_or((line, ""));
    let (letters, figures) = number.split_at_checked(3).unwrap_or(("", ""));
    let is_number = letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && figures.len() == 4
        && figures.bytes().all(|byte| byte.is_ascii_digit())
        && time.starts_with(|c: char| c.is_ascii_digit());
    is_number || ENDS.contains(&prose::squeeze(line).as_str())
}

/// Longest signature, in letters.
pub(super) const SIGNATURE_CHARS_MAX: usize = 40;
/// Most letters of somebody's initials in it, or of the sign of a desk.
const INITIALS_MAX: usize = 4;

/// Whether a line is an agency's name, initials with strokes between them, or both.
pub(super) fn is_signature(line: &str) -> bool {
    if line.chars().count() > SIGNATURE_CHARS_MAX {
        return false;
    }
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    if attribution::is_credit(bare) || attribution::is_credit(line) {
        return true;
    }
    let is_initials = |part: &str| {
        part.len() <= INITIALS_MAX
            && !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let parts = || bare.split(['/', ' ', '-']);
    let strokes = bare.contains('/')
        && !bare.contains(' ')
        && (line.starts_with('/') || bare.bytes().all(|byte| !byte.is_ascii_uppercase()));
    let led = bare
        .split_once(' ')
        .is_some_and(|(agency, _)| attribution::is_credit(agency));
    parts().all(is_initials) && (strokes || led && parts().count() <= 4)
}
