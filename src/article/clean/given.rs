//! A delivery: the format says what is the story. What the words of a block say only tells what stands beside it.

use std::collections::HashSet;

use super::evidence::Evidence;
use super::label::{self, Labelled, is_byline, labelled};
use super::{Draft, Field, Found, Kind, Label, Marks, prose};
use crate::article::attribution;
use crate::article::parse::Block;

/// How many blocks from the top an author line may stand in the text itself.
const BYLINE_REACH: usize = 3;

/// Labels the blocks of a delivery.
pub(super) fn label(draft: &Draft, evidence: &[Evidence]) -> Vec<Labelled> {
    let title = draft.meta.told(Field::Title).next();
    let title = title.map(|title| prose::squeeze(&title.value));
    let authors = draft.meta.told(Field::Byline);
    let authors: Vec<String> = authors.map(|it| prose::squeeze(&it.value)).collect();
    let says_author = |block: &Block| {
        let line = block.squeezed();
        let bare = line.strip_prefix("by ").unwrap_or(line);
        authors
            .iter()
            .any(|author| author == line || author == bare)
    };
    let mut seen: HashSet<&str> = HashSet::new();
    let mut before_text = true;
    let mut labels: Vec<Labelled> = Vec::with_capacity(draft.blocks.len());
    let mut at = 0;
    for (block, evidence) in draft.blocks.iter().zip(evidence) {
        let says_title = before_text && title.as_deref() == Some(block.squeezed());
        let given = if let Some((label, rule)) = block.given {
            labelled(label, rule)
        } else if says_title {
            labelled(Label::Title, "title")
        } else if says_author(block) {
            labelled(Label::Byline, "byline")
        } else if is_for_editors(&block.text) {
            labelled(Label::Notice, "wire-contact")
        } else if before_text && is_release(&block.text) {
            labelled(Label::Notice, "press-release")
        } else if is_mark(&block.text) {
            labelled(Label::Furniture, "wire-mark")
        } else if block.kind == Kind::Caption || block.marks.any(Marks::CAPTION) {
            labelled(Label::Caption, "caption")
        } else if block.marks.any(Marks::HIDDEN) {
            labelled(Label::Furniture, "hidden")
        } else if before_text && at < BYLINE_REACH && is_byline(&block.text, evidence) {
            labelled(Label::Byline, "byline")
        } else {
            // A wire signs its last sentence as papers sign a caption.
            let is_signed = evidence.sentence
                && evidence.speaks.is_some_and(|it| it.label == Label::Caption)
                && block.text.contains('/');
            let heard = Evidence {
                speaks: evidence.speaks.filter(|_| !is_signed),
                ..*evidence
            };
            let within = label::within(block, &heard, &mut seen);
            // A delivery has its headings as often as it wants them.
            let heads = within.rule == "repeated" && matches!(block.kind, Kind::Heading(_));
            if heads {
                labelled(Label::Subheading, "subheading")
            } else {
                within
            }
        };
        let given = if before_text && given.label.is_kept() && is_affiliated(labels.last()) {
            affiliation(&block.text).unwrap_or(given)
        } else {
            given
        };
        // Below what a wire says of its own text the author may still follow.
        before_text = before_text && (!given.label.is_kept() || is_advice(&block.text));
        at += usize::from(block.given.is_none());
        labels.push(given);
    }
    advise(draft, &mut labels);
    part_from_own_page(draft, title.as_deref(), &mut labels);
    sign(draft, &mut labels);
    // One short line may be all there is: then it is no heading of anything.
    if !labels.iter().any(|it| it.label == Label::Body) {
        for labelled_as in labels.iter_mut().filter(|it| it.label == Label::Subheading) {
            *labelled_as = labelled(Label::Body, "body");
        }
    }
    labels
}

/// What press offices put above what they send.
#[rustfmt::skip] // a table
const RELEASES: &[&str] = &[
    "for immediate release", "press release", "news release", "media release", "pressemitteilung", "presseinformation",
    "medienmitteilung", "communiqué de presse", "nota de prensa", "comunicado de prensa", "comunicato stampa",
    "nota à imprensa", "persbericht", "pressmeddelande", "pressemeddelelse", "пресс-релиз", "прес-реліз",
];

fn is_release(line: &str) -> bool {
    let bare = line
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    RELEASES.contains(&bare.as_str())
}

/// Whether a paragraph says whom editors may call: in doubled brackets, as Reuters sets it.
fn is_for_editors(text: &str) -> bool {
    text.starts_with("((") && text.ends_with("))")
        || text.starts_with("Keywords: ") && text.contains('/')
}

/// Longest line that says whose rights a text is, in bytes: AP's has 150.
const RIGHTS_BYTES_MAX: usize = 400;

/// Whether a paragraph says whose rights the text is: "Copyright 2025 …", "© 2025 … All rights reserved."
fn is_rights(text: &str) -> bool {
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
fn is_mark(line: &str) -> bool {
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

/// Whether who wrote it stands right before.
fn is_affiliated(before: Option<&Labelled>) -> bool {
    before.is_some_and(|it| it.label == Label::Byline)
}

/// Whose author somebody is, on a line below the name: "Associated Press", "AP Sports Writer".
fn affiliation(line: &str) -> Option<Labelled> {
    let last = line.split_whitespace().next_back()?.to_lowercase();
    let is_role =
        prose::words(line).count() <= AFFILIATION_WORDS_MAX && ROLES.contains(&last.as_str());
    if line.chars().count() <= SIGNATURE_CHARS_MAX && attribution::is_credit(line) {
        Some(labelled(Label::Credit, "affiliation"))
    } else if is_role {
        Some(labelled(Label::Furniture, "affiliation"))
    } else {
        None
    }
}

/// Most words of a line that says whose author somebody is.
const AFFILIATION_WORDS_MAX: usize = 5;
/// What it ends in.
const ROLES: &[&str] = &[
    "writer",
    "correspondent",
    "reporter",
    "editor",
    "staff",
    "bureau",
];

/// What a wire says of its own text in brackets above it: "(Adds quotes)", "(In Jan. 3 story, corrects …)".
fn advise(draft: &Draft, labels: &mut [Labelled]) {
    let is_other = labels.iter().filter(|it| it.label.is_kept()).count() > 1;
    let Some(first) = labels
        .iter()
        .position(|it| it.label.is_kept())
        .filter(|_| is_other)
    else {
        return;
    };
    if let (Some(block), Some(labelled_as)) = (draft.blocks.get(first), labels.get_mut(first))
        && block.given.is_none()
        && is_advice(&block.text)
    {
        *labelled_as = labelled(Label::Correction, "wire-advisory");
    }
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

fn is_advice(text: &str) -> bool {
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

/// Most paragraphs in which an item leads back to the page it was taken from.
const OWN_PAGE_MAX: usize = 3;
/// Shortest headline that is known again inside a paragraph, in letters and figures.
const OWN_TITLE_MIN: usize = 8;
/// Most that such a paragraph says besides the headline, or besides its link.
const BESIDE_OWN_PAGE_MAX: usize = 80;
/// How much of a paragraph stands in links that is nothing but one.
const LINK_SHARE: f32 = 0.5;

/// The last paragraphs of an item of a feed often lead back to where it stands: "The post … appeared first on …",
/// "Continue reading". They are told by the headline said again, or by a link, not by the words around it.
fn part_from_own_page(draft: &Draft, title: Option<&str>, labels: &mut [Labelled]) {
    let title = title.filter(|title| title.len() >= OWN_TITLE_MIN);
    for _ in 0..OWN_PAGE_MAX {
        let kept = |it: &Labelled| it.label.is_kept();
        let is_other = labels.iter().filter(|it| kept(it)).count() > 1;
        let Some(last) = labels.iter().rposition(kept).filter(|_| is_other) else {
            return;
        };
        let (Some(block), Some(labelled_as)) = (draft.blocks.get(last), labels.get_mut(last))
        else {
            return;
        };
        let squeezed = block.squeezed();
        let is_short = |rest: usize| rest <= BESIDE_OWN_PAGE_MAX;
        let says_title = title.is_some_and(|title| {
            squeezed.contains(title) && is_short(squeezed.len() - title.len())
        });
        let is_link = block.link_share() >= LINK_SHARE && is_short(block.text.len());
        if block.given.is_some() || !(says_title || is_link) {
            return;
        }
        *labelled_as = labelled(Label::Furniture, "own-page");
    }
}

/// The last paragraph of a wire's text is often who wrote and sent it: "AAP RTV ar", "hh/ph/ts", "==Kyodo".
fn sign(draft: &Draft, labels: &mut [Labelled]) {
    let kept = |it: &Labelled| it.label.is_kept();
    for _ in 0..SIGNS_MAX {
        let is_other = labels.iter().filter(|it| kept(it)).count() > 1;
        let Some(last) = labels.iter().rposition(kept).filter(|_| is_other) else {
            return;
        };
        let (Some(block), Some(labelled_as)) = (draft.blocks.get(last), labels.get_mut(last))
        else {
            return;
        };
        let sign = if block.given.is_some() {
            None
        } else if is_rights(&block.text) {
            Some(labelled(Label::Furniture, "rights"))
        } else if is_end(&block.text) {
            Some(labelled(Label::Furniture, "wire-mark"))
        } else {
            is_signature(&block.text).then(|| labelled(Label::Credit, "wire-signature"))
        };
        let Some(sign) = sign else { return };
        *labelled_as = sign;
    }
}

/// How far behind a story on a page the agency's name may stand.
const SIGN_REACH: usize = 2;

/// The last paragraph of a story on a page, or the first behind it, may be nothing but the agency it is from: "(dpa)".
pub(super) fn sign_page(draft: &Draft, labels: &mut [Labelled]) {
    let kept = |it: &Labelled| it.label.is_kept();
    let is_other = labels.iter().filter(|it| kept(it)).count() > 1;
    let Some(last) = labels.iter().rposition(kept).filter(|_| is_other) else {
        return;
    };
    let around = draft
        .blocks
        .iter()
        .zip(labels)
        .skip(last)
        .take(1 + SIGN_REACH);
    for (block, labelled_as) in around {
        let is_plain = kept(labelled_as)
            || matches!(
                labelled_as.label,
                Label::Furniture | Label::Related | Label::Navigation
            );
        if is_plain && block.link_share() < LINK_SHARE && is_agencys(&block.text) {
            *labelled_as = labelled(Label::Credit, "wire-signature");
            return;
        }
    }
}

/// Whether a line is nothing but the name of an agency, with somebody's initials behind it or not: "(dpa/kse)".
fn is_agencys(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let first = bare.split('/').next().unwrap_or(bare);
    line.chars().count() <= SIGNATURE_CHARS_MAX
        && (attribution::is_credit(bare) || attribution::is_credit(first) && is_signature(line))
}

/// Most lines that close a wire's text.
const SIGNS_MAX: usize = 4;

/// What wires write below their last paragraph, without brackets and in lower case; PA says with "mfl" that more follows.
#[rustfmt::skip] // a table
const ENDS: &[&str] = &[
    "end", "ends", "mfl", "enditem", "more", "fin", "fim", "fine", "ende", "schluss", "конец", "完", "了", "끝", "lusa fim",
];

/// Whether a line says no more than that this was the text, or by which number it was sent: "AXC0123 2025-02-19/14:30".
fn is_end(line: &str) -> bool {
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
const SIGNATURE_CHARS_MAX: usize = 40;
/// Most letters of somebody's initials in it, or of the sign of a desk.
const INITIALS_MAX: usize = 4;

/// Whether a line is an agency's name, initials with strokes between them, or both.
fn is_signature(line: &str) -> bool {
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

/// What parts a headline from the name of who publishes it.
const PARTINGS: &[&str] = &[" - ", " | ", " – ", " — ", " :: "];

/// A headline without the source behind it, where that is stated too.
fn without_source<'t>(draft: &Draft, title: &'t str) -> &'t str {
    let name = |name: &str| {
        let squeezed = prose::squeeze(name);
        let bare = squeezed.strip_prefix("the ").unwrap_or(&squeezed);
        bare.to_owned()
    };
    let partings = PARTINGS
        .iter()
        .filter_map(|parting| title.rsplit_once(parting));
    let last = partings.min_by_key(|(_, tail)| tail.len());
    let sources = draft.meta.told(Field::Source);
    match last {
        Some((head, tail)) if !head.trim().is_empty() => {
            let tail = name(tail);
            let mut sources = sources.map(|source| name(&source.value));
            let is_source = !tail.is_empty() && sources.any(|source| source == tail);
            if is_source { head.trim_end() } else { title }
        }
        _ => title,
    }
}

/// The headline that the format states, else the block that it says is one.
pub(super) fn title(draft: &Draft, labels: &[Labelled]) -> Option<Found<String>> {
    if let Some(stated) = draft.meta.told(Field::Title).next() {
        return Some(Found {
            value: without_source(draft, &stated.value).to_owned(),
            rule: stated.rule,
            span: stated.span,
            confidence: 0.95,
        });
    }
    let blocks = draft.blocks.iter().zip(labels);
    let mut titles = blocks.filter(|(_, it)| it.label == Label::Title);
    titles.next().map(|(block, it)| Found {
        value: block.text.clone(),
        rule: it.rule,
        span: Some(block.span),
        confidence: 0.9,
    })
}
