//! A delivery: the format says what is the story. What the words of a block say only tells what stands beside it.

use std::collections::HashSet;

use super::evidence::Evidence;
use super::label::{self, Labelled, is_byline, labelled};
use super::wire_lines::{
    SIGNATURE_CHARS_MAX, is_advice, is_agencys, is_end, is_for_editors, is_mark, is_release,
    is_rights, is_signature,
};
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
        let is_top = before_text && at < BYLINE_REACH;
        let given = if let Some((label, rule)) = block.given {
            labelled(label, rule)
        } else if says_title {
            labelled(Label::Title, "title")
        } else if says_author(block) || is_top && is_byline(&block.text, evidence) {
            labelled(Label::Byline, "byline")
        } else {
            aside(block, evidence, before_text)
                .unwrap_or_else(|| within(block, evidence, &mut seen))
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
    // One short line may be all there is: then it is no heading of anything, and no mark.
    if !labels.iter().any(|it| it.label == Label::Body) {
        let is_kept = labels.iter().any(|it| it.label.is_kept());
        let is_all = |it: &Labelled| {
            let is_mark = ["prompt", "wire-mark"].contains(&it.rule);
            it.label == Label::Subheading || is_mark && !is_kept
        };
        for labelled_as in labels.iter_mut().filter(|it| is_all(it)) {
            *labelled_as = labelled(Label::Body, "body");
        }
    }
    labels
}

/// What the words or the markup of a block say that it is beside the story.
fn aside(block: &Block, evidence: &Evidence, before_text: bool) -> Option<Labelled> {
    let (text, marks) = (&block.text, block.marks);
    let is_caption = block.kind == Kind::Caption || marks.any(Marks::CAPTION);
    let says: [(bool, Label, &'static str); 7] = [
        (is_for_editors(text), Label::Notice, "wire-contact"),
        (
            before_text && prose::is_embargo(text),
            Label::Notice,
            "embargo",
        ),
        (
            before_text && is_release(text),
            Label::Notice,
            "press-release",
        ),
        (is_prompt(block, evidence), Label::Advertisement, "prompt"),
        (is_mark(text), Label::Furniture, "wire-mark"),
        (is_caption, Label::Caption, "caption"),
        (marks.any(Marks::HIDDEN), Label::Furniture, "hidden"),
    ];
    let said = says.into_iter().find(|(says, _, _)| *says);
    said.map(|(_, label, rule)| labelled(label, rule))
}

/// A block of the story, or what its words say beside it.
fn within<'b>(block: &'b Block, evidence: &Evidence, seen: &mut HashSet<&'b str>) -> Labelled {
    // A wire signs its last sentence as papers sign a caption.
    let is_signed = evidence.sentence
        && evidence.speaks.is_some_and(|it| it.label == Label::Caption)
        && block.text.contains('/');
    let heard = Evidence {
        speaks: evidence.speaks.filter(|_| !is_signed),
        ..*evidence
    };
    let within = label::within(block, &heard, seen);
    // A delivery has its headings as often as it wants them.
    let heads = within.rule == "repeated" && matches!(block.kind, Kind::Heading(_));
    if heads {
        labelled(Label::Subheading, "subheading")
    } else {
        within
    }
}

/// Longest line, in letters, that a page puts into its text for itself.
const PROMPT_MAX: usize = 30;

/// Whether a paragraph is an address alone, or what the page around it had there: "Advertisement", "Share this".
fn is_prompt(block: &Block, evidence: &Evidence) -> bool {
    let is_address = !block.text.contains(' ')
        && ["http://", "https://"]
            .iter()
            .any(|it| block.text.starts_with(it));
    let is_short = evidence.weight <= PROMPT_MAX && !evidence.sentence;
    let says = evidence.speaks.is_some_and(|it| {
        it.label == Label::Advertisement || ["notice", "share-prompt"].contains(&it.rule)
    });
    is_address || is_short && says
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

/// Most lines that close a wire's text.
const SIGNS_MAX: usize = 4;

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
