//! One label for every block, given where the story is.

use std::collections::HashSet;

use super::evidence::Evidence;
use super::story::Story;
use super::{Draft, Kind, Label, Marks, known, prose};
use crate::article::parse::Block;

/// A label and the rule that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Labelled {
    pub(super) label: Label,
    pub(super) rule: &'static str,
}

/// Shorthand for a label with its rule.
pub(super) fn labelled(label: Label, rule: &'static str) -> Labelled {
    Labelled { label, rule }
}

/// Log-odds from which a line with a date ends a story nevertheless.
const STAMPED_MIN: f32 = 1.0;

/// Labels all blocks; without a story all of them are furniture or what their words say.
pub(super) fn label(
    draft: &Draft,
    evidence: &[Evidence],
    story: Option<&Story>,
    logits: &[f32],
    is_fair: bool,
) -> Vec<Labelled> {
    let doubtful = |at: usize| logits.get(at).is_none_or(|logit| *logit < STAMPED_MIN);
    let mut seen: HashSet<&str> = HashSet::new();
    draft
        .blocks
        .iter()
        .zip(evidence)
        .enumerate()
        .map(|(at, (block, evidence))| match story {
            // A line with date, time or counters that is no sentence does not end a story: it is the first of the links
            // behind it.
            Some(story)
                if !is_fair
                    && at == story.last
                    && at > story.first
                    && !evidence.sentence
                    && doubtful(at)
                    && is_stamped(&block.text) =>
            {
                labelled(Label::Related, "related-links")
            }
            Some(story) if story.has(at) => within(block, evidence, &mut seen),
            Some(story) => outside(block, evidence, at >= story.first),
            None => outside(block, evidence, true),
        })
        .collect()
}

/// Digits of a date with a time.
const STAMP_DIGITS: usize = 8;

/// Whether a line bears a date, or as many digits as a date with its time has.
fn is_stamped(text: &str) -> bool {
    crate::article::attribution::holds_date(text)
        || prose::digits_and_letters(text).0 >= STAMP_DIGITS
}

/// What the words or the markup of a block say, wherever it stands.
fn stated(block: &Block, evidence: &Evidence) -> Option<Labelled> {
    if let Some(speaks) = evidence.speaks {
        return Some(labelled(speaks.label, speaks.rule));
    }
    let byline = block.marks.any(Marks::BYLINE) || is_byline(&block.text, evidence);
    if block.kind == Kind::Caption || block.marks.any(Marks::CAPTION) {
        return Some(labelled(Label::Caption, "caption"));
    }
    let marked = [
        (Marks::HIDDEN, Label::Furniture, "hidden"),
        (Marks::COMMENTS, Label::Comments, "comments"),
        (Marks::RELATED, Label::Related, "related-links"),
        (Marks::NAVIGATION, Label::Navigation, "navigation"),
        (Marks::ADVERTISEMENT, Label::Advertisement, "advertisement"),
        (Marks::NOTICE, Label::Notice, "notice"),
        (Marks::SHARE, Label::Furniture, "share-prompt"),
        (Marks::FOOTER, Label::Furniture, "page-footer"),
        (Marks::BIOGRAPHY, Label::Furniture, "author-note"),
        (Marks::TAGS, Label::Navigation, "topics"),
        (Marks::ASIDE, Label::Furniture, "side-column"),
        (Marks::FORM, Label::Furniture, "form"),
    ];
    marked
        .iter()
        .find(|(mark, _, _)| block.marks.any(*mark))
        .map(|(_, label, rule)| labelled(*label, rule))
        .or_else(|| byline.then(|| labelled(Label::Byline, "byline")))
}

/// A block outside the run.
fn outside(block: &Block, evidence: &Evidence, after: bool) -> Labelled {
    if let Some(stated) = stated(block, evidence) {
        return stated;
    }
    if evidence.figures {
        let date = crate::article::attribution::holds_date(&block.text);
        return if date {
            labelled(Label::Dateline, "date-line")
        } else {
            labelled(Label::Furniture, "counter")
        };
    }
    if evidence.weight < 80 && crate::article::attribution::holds_date(&block.text) {
        return labelled(Label::Dateline, "date-line");
    }
    if let Some((label, rule)) = known::label(block, evidence) {
        return labelled(label, rule);
    }
    if !after {
        return labelled(Label::Navigation, "before-story");
    }
    if evidence.weight >= 12 && !evidence.sentence {
        labelled(Label::Related, "related-links")
    } else {
        labelled(Label::Furniture, "after-story")
    }
}

/// A block of the story, and whether its words say that it is something beside the text.
pub(super) fn within<'a>(
    block: &'a Block,
    evidence: &Evidence,
    seen: &mut HashSet<&'a str>,
) -> Labelled {
    if let Some(speaks) = evidence.speaks
        && matches!(
            speaks.label,
            Label::Caption | Label::Credit | Label::Correction
        )
    {
        return labelled(speaks.label, speaks.rule);
    }
    if let Some((label, rule)) = known::label(block, evidence) {
        return labelled(label, rule);
    }
    if evidence.weight >= 20 && block.repeats > 1 && !seen.insert(block.squeezed()) {
        return labelled(Label::Furniture, "repeated");
    }
    match block.kind {
        Kind::Heading(_) => labelled(Label::Subheading, "subheading"),
        Kind::Item | Kind::Cell | Kind::Quote => labelled(Label::Body, "list"),
        Kind::Line if is_bullet(&block.text) => labelled(Label::Body, "list"),
        Kind::Line | Kind::Paragraph | Kind::Caption | Kind::Loose => {
            let heads = !evidence.sentence && evidence.weight < HEADING_WEIGHT_MAX;
            if heads && !prose::starts_lower(&block.text) {
                labelled(Label::Subheading, "subheading")
            } else {
                labelled(Label::Body, "body")
            }
        }
    }
}

/// Longest line without a sentence's end that is taken for a subheading, in letters.
const HEADING_WEIGHT_MAX: usize = 90;

/// Whether a line opens as an item of a list does.
pub(super) fn is_bullet(text: &str) -> bool {
    let mut rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < text.len() && text.len() - rest.len() <= 2;
    if numbered {
        return rest.starts_with([')', '.'])
            && rest.get(1..).is_some_and(|rest| rest.starts_with(' '));
    }
    rest = text
        .strip_prefix(['•', '-', '*', '–', '·', '‣', '▪', '●', '◦', '—'])
        .unwrap_or("");
    rest.starts_with(' ')
}

/// Words that open a line naming authors, in lower case.
const BY: &[&str] = &[
    "by ",
    "von ",
    "par ",
    "por ",
    "di ",
    "door ",
    "av ",
    "af ",
    "autor: ",
    "autor ",
    "author: ",
    "автор: ",
];

/// Whether a line names its authors: opens with "By", short, names after it.
pub(super) fn is_byline(text: &str, evidence: &Evidence) -> bool {
    // Asked of every block, mostly in vain: two letters say so.
    let may_be = match text.as_bytes() {
        [first, second, ..] if first.is_ascii() && second.is_ascii() => BY.iter().any(|by| {
            let opening = by.as_bytes().first_chunk::<2>();
            opening == Some(&[first.to_ascii_lowercase(), second.to_ascii_lowercase()])
        }),
        _ => true,
    };
    if !may_be {
        return false;
    }
    let lower: String = text.chars().take(12).collect::<String>().to_lowercase();
    let Some(by) = BY.iter().find(|by| lower.starts_with(**by)) else {
        return false;
    };
    let named = text
        .chars()
        .nth(by.chars().count())
        .is_some_and(char::is_uppercase);
    named && evidence.weight <= 120 && !prose::ends_sentence(text) && evidence.words <= 16
}
