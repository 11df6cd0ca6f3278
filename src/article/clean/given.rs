//! A delivery: the format says what is the story. What the words of a block say only tells what stands beside it.

use std::collections::HashSet;

use super::evidence::Evidence;
use super::label::{self, Labelled, is_byline, labelled};
use super::{Draft, Field, Found, Kind, Label, Marks, prose};
use crate::article::attribution;

/// How many blocks from the top an author line may stand in the text itself.
const BYLINE_REACH: usize = 3;

/// Labels the blocks of a delivery.
pub(super) fn label(draft: &Draft, evidence: &[Evidence]) -> Vec<Labelled> {
    let title = draft.meta.told(Field::Title).next();
    let title = title.map(|title| prose::squeeze(&title.value));
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
            let within = label::within(block, evidence, &mut seen);
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
            && ["more", "30", "ends", "end", "fin", "ende", "nnnn"]
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
    let is_other = labels.iter().filter(|it| kept(it)).count() > 1;
    let Some(last) = labels.iter().rposition(kept).filter(|_| is_other) else {
        return;
    };
    if let (Some(block), Some(labelled_as)) = (draft.blocks.get(last), labels.get_mut(last))
        && block.given.is_none()
        && is_signature(&block.text)
    {
        *labelled_as = labelled(Label::Credit, "wire-signature");
    }
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
        && bare.bytes().all(|byte| !byte.is_ascii_uppercase());
    let led = bare
        .split_once(' ')
        .is_some_and(|(agency, _)| attribution::is_credit(agency));
    parts().all(is_initials) && (strokes || led && parts().count() <= 4)
}

/// The headline that the format states, else the block that it says is one.
pub(super) fn title(draft: &Draft, labels: &[Labelled]) -> Option<Found<String>> {
    if let Some(stated) = draft.meta.told(Field::Title).next() {
        return Some(Found {
            value: stated.value.clone(),
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
