//! One label for every block, given where the story is.

use std::collections::HashSet;

use super::evidence::Evidence;
use super::known;
use super::story::Story;
use super::{Draft, Kind, Label, Marks, prose};
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

/// Labels all blocks; without a story all of them are furniture or what their words say.
pub(super) fn label(draft: &Draft, evidence: &[Evidence], story: Option<&Story>) -> Vec<Labelled> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut labels: Vec<Labelled> = draft
        .blocks
        .iter()
        .zip(evidence)
        .enumerate()
        .map(|(at, (block, evidence))| match story {
            Some(story) if at >= story.first && at <= story.last => {
                if story.inside.get(at).copied().unwrap_or_default() {
                    within(block, evidence, &mut seen)
                } else {
                    outside(block, evidence, true)
                }
            }
            Some(story) => outside(block, evidence, at > story.last),
            None => outside(block, evidence, true),
        })
        .collect();
    if let Some(story) = story {
        extend(draft, evidence, story, &mut labels);
        settle_headings(draft, evidence, story, &mut labels);
    }
    labels
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

/// A block in the run: the story, unless something speaks against it.
fn within<'a>(block: &'a Block, evidence: &Evidence, seen: &mut HashSet<&'a str>) -> Labelled {
    if let Some(stated) = stated(block, evidence) {
        return stated;
    }
    if let Some((label, rule)) = known::label(block, evidence) {
        return labelled(label, rule);
    }
    if evidence.weight >= 20 && block.repeats > 1 && !seen.insert(block.squeezed()) {
        return labelled(Label::Furniture, "repeated");
    }
    if block.link_share() > 0.7 && (!evidence.sentence || evidence.weight < 120) {
        return labelled(Label::Related, "related-links");
    }
    if evidence.figures && !evidence.sentence {
        return labelled(Label::Furniture, "counter");
    }
    if evidence.sentence || evidence.weight >= 140 {
        return labelled(Label::Body, "body");
    }
    match block.kind {
        Kind::Item | Kind::Quote => labelled(Label::Body, "list"),
        Kind::Line if is_bullet(&block.text) => labelled(Label::Body, "list"),
        Kind::Paragraph if evidence.weight >= 60 => labelled(Label::Body, "body"),
        Kind::Cell => labelled(Label::Furniture, "table"),
        Kind::Line | Kind::Paragraph | Kind::Heading(_) | Kind::Caption | Kind::Loose => {
            labelled(Label::Subheading, "subheading")
        }
    }
}

/// Takes in what follows the run at once and in the same element: the closing short sentences and lists of markup that
/// the score alone would leave out. Plain text says too little for that.
fn extend(draft: &Draft, evidence: &[Evidence], story: &Story, labels: &mut [Labelled]) {
    let home = draft.blocks.get(story.last).map(|block| block.node);
    let parent = |node: u32| draft.nodes.get(node as usize).map(|node| node.parent);
    for at in story.last + 1..draft.blocks.len() {
        let (Some(block), Some(evidence)) = (draft.blocks.get(at), evidence.get(at)) else {
            break;
        };
        let near = home.is_some_and(|home| parent(home) == parent(block.node));
        let plain = evidence.speaks.is_none() && !evidence.against && !evidence.figures;
        if draft.nodes.is_empty()
            || !near
            || !plain
            || block.kind != Kind::Paragraph
            || evidence.score < 0.1
        {
            break;
        }
        if let Some(label) = labels.get_mut(at) {
            *label = labelled(Label::Body, "body");
        }
    }
}

/// Decides on the short lines of the run: one or two before a paragraph head it, more are a list of links.
fn settle_headings(draft: &Draft, evidence: &[Evidence], story: &Story, labels: &mut [Labelled]) {
    let mut at = story.first;
    while at <= story.last {
        let mut end = at;
        while end <= story.last && is_label(labels, end, Label::Subheading) {
            end += 1;
        }
        if end == at {
            at += 1;
            continue;
        }
        let next = (end..=story.last).find(|next| {
            !is_label(labels, *next, Label::Caption)
                && !is_label(labels, *next, Label::Advertisement)
                && labels
                    .get(*next)
                    .is_none_or(|label| label.rule != known::RULE)
        });
        let heads = next.is_some_and(|next| is_label(labels, next, Label::Body));
        let most = if draft.nodes.is_empty() { 2 } else { 3 };
        for at in at..end {
            let (Some(block), Some(evidence), Some(label)) =
                (draft.blocks.get(at), evidence.get(at), labels.get_mut(at))
            else {
                continue;
            };
            let heading = matches!(block.kind, Kind::Heading(_));
            if !(heads || heading && next.is_some()) || end - at > most && !heading {
                *label = labelled(Label::Related, "related-links");
            } else if block.kind == Kind::Paragraph && evidence.weight >= 25 && block.strong == 0 {
                *label = labelled(Label::Body, "body");
            } else if evidence.words == 0 {
                *label = labelled(Label::Furniture, "counter");
            }
        }
        at = end;
    }
}

fn is_label(labels: &[Labelled], at: usize, label: Label) -> bool {
    labels
        .get(at)
        .is_some_and(|labelled| labelled.label == label)
}

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
    // Asked of every block, mostly in vain.
    if !text.starts_with(|c: char| {
        !c.is_ascii() || matches!(c.to_ascii_lowercase(), 'a' | 'b' | 'd' | 'p' | 'v')
    }) {
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
