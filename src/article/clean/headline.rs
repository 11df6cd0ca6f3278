//! Headline and standfirst.

use std::collections::HashSet;

use super::candidates::{self, Candidate};
use super::context::Page;
use super::evidence::Evidence;
use super::label::{Labelled, labelled};
use super::model::Model;
use super::story::Story;
use super::{Draft, Found, Kind, Label, Marks, prose};
use crate::article::parse::Block;

/// Finds the headline, labels its block and the standfirst's.
pub(super) fn find(
    model: &Model,
    page: &Page<'_>,
    story: Option<&Story>,
    logits: &[f32],
    labels: &mut [Labelled],
) -> Option<Found<String>> {
    let story = story?;
    let draft = page.draft;
    let candidates = candidates::find(draft, page, story);
    let rows = candidates::rows(page, story, logits, &candidates);
    let worth = model.rank(&rows);
    let (candidate, worth) = candidates
        .iter()
        .zip(worth)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .filter(|(candidate, worth)| {
            let inside = candidate.block.is_some_and(|at| story.has(at));
            *worth >= if inside { WORTH_INSIDE_MIN } else { WORTH_MIN }
        })?;
    let confidence = super::story::chance(worth);
    if let Some(stated) = candidate.stated {
        let said = prose::squeeze(candidate.text);
        let shown = candidates.iter().filter_map(|other| other.block);
        for at in shown {
            if let Some(block) = draft.blocks.get(at).filter(|it| it.squeezed() == said) {
                mark(draft, story, labels, at, block);
                standfirst(draft, page.evidence, story, labels, at);
                break;
            }
        }
        return Some(Found {
            value: candidate.text.to_owned(),
            rule: stated.rule,
            span: stated.span,
            confidence,
        });
    }
    let at = candidate.block?;
    let block = draft.blocks.get(at)?;
    mark(draft, story, labels, at, block);
    standfirst(draft, page.evidence, story, labels, at);
    if let Some(stated) = behind_kicker(block, &candidates, confidence) {
        return Some(stated);
    }
    Some(Found {
        value: block.text.clone(),
        rule: match block.kind {
            Kind::Heading(_) => "html-heading",
            Kind::Line => "headline-line",
            Kind::Paragraph
            | Kind::Item
            | Kind::Cell
            | Kind::Caption
            | Kind::Quote
            | Kind::Loose => "headline-block",
        },
        span: Some(block.span),
        confidence,
    })
}

/// The end of a heading, where the page states that as the headline: a kicker stands before it.
fn behind_kicker(
    block: &Block,
    candidates: &[Candidate<'_>],
    confidence: f32,
) -> Option<Found<String>> {
    let ends_in = |said: &str| {
        let said = prose::squeeze(said);
        let before = block.squeezed().strip_suffix(said.as_str());
        said.len() >= BEHIND_KICKER_MIN && before.is_some_and(|before| before.ends_with(' '))
    };
    let mut stated = candidates
        .iter()
        .filter_map(|other| Some((other, other.stated?)));
    let (behind, stated) = stated.find(|(other, _)| ends_in(other.text))?;
    Some(Found {
        value: behind.text.to_owned(),
        rule: stated.rule,
        span: stated.span,
        confidence,
    })
}

/// Shortest headline that is known to stand behind a kicker, in letters, figures and blanks.
const BEHIND_KICKER_MIN: usize = 16;

/// Least log-odds to be the headline at all.
const WORTH_MIN: f32 = -3.0;
/// Least log-odds of a line that is in the story by its own: a text without its headline keeps its first line.
const WORTH_INSIDE_MIN: f32 = 1.0;

/// How alike two headlines are, from 0 to 1, by words; one may carry the site's name.
#[expect(clippy::cast_precision_loss, reason = "counts of words")]
pub(super) fn alike(squeezed: &str, stated: &str) -> f32 {
    let (a, b) = (squeezed, prose::squeeze(stated));
    if a == b {
        return 1.0;
    }
    let b: HashSet<&str> = b.split(' ').collect();
    let words: Vec<&str> = a.split(' ').collect();
    let shared = words.iter().filter(|word| b.contains(**word)).count();
    let (shared, longer) = (shared as f32, words.len().max(b.len().min(words.len() + 4)));
    shared / longer as f32
}

/// Labels the headline, and what says the same near the top of the page.
fn mark(draft: &Draft, story: &Story, labels: &mut [Labelled], at: usize, block: &Block) {
    for (other, labelled_as) in labels.iter_mut().enumerate().take(story.last + 1) {
        let same = other == at
            || draft
                .blocks
                .get(other)
                .is_some_and(|other| other.repeats > 1 && other.squeezed() == block.squeezed());
        if same {
            *labelled_as = labelled(Label::Title, "title");
        }
    }
}

/// The standfirst stands between the headline and the story, shares its words, and is set apart: by markup, or as the
/// one paragraph that does not end as a sentence does.
fn standfirst(
    draft: &Draft,
    evidence: &[Evidence],
    story: &Story,
    labels: &mut [Labelled],
    title: usize,
) {
    let unfinished = |at: usize| {
        evidence
            .get(at)
            .is_some_and(|seen| !seen.sentence && seen.weight >= 40)
            && evidence.get(at + 1).is_some_and(|seen| seen.sentence)
    };
    for at in title + 1..=story.first {
        let (Some(block), Some(seen), Some(labelled_as)) =
            (draft.blocks.get(at), evidence.get(at), labels.get_mut(at))
        else {
            return;
        };
        let set_apart = if block.kind == Kind::Line {
            at == title + 1 && unfinished(at) && seen.weight <= 400
        } else {
            let marked =
                matches!(block.kind, Kind::Heading(2..)) || block.marks.any(Marks::STANDFIRST);
            marked && at < story.first || block.marks.any(Marks::STANDFIRST)
        };
        let says_something =
            (40..=500).contains(&seen.weight) && seen.speaks.is_none() && seen.words >= 5;
        let free = matches!(
            labelled_as.label,
            Label::Body | Label::Subheading | Label::Navigation | Label::Furniture
        );
        if set_apart && says_something && free && !block.is_furniture && block.link_share() < 0.5 {
            *labelled_as = labelled(Label::Subtitle, "subtitle");
            return;
        }
    }
}

/// A page title without the site's name at its end: "Headline | Site", "Headline - Site".
pub(super) fn without_site<'a>(title: &'a str, draft: &Draft) -> &'a str {
    let site = draft
        .meta
        .first(&["html-og-site-name", "json-ld-publisher"]);
    for mark in [" | ", " – ", " — ", " - ", " :: ", " » ", " · "] {
        if let Some((headline, tail)) = title.rsplit_once(mark) {
            let named =
                site.is_some_and(|site| prose::squeeze(&site.value) == prose::squeeze(tail));
            let short = prose::words(tail).count() <= 4 && prose::words(headline).count() >= 4;
            if named || short {
                return headline.trim_end();
            }
        }
    }
    title
}
