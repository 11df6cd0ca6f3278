//! Headline and standfirst.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use super::evidence::Evidence;
use super::label::{self, Labelled, labelled};
use super::phrases::Mixed;
use super::story::Story;
use super::{Draft, Found, Kind, Label, Marks, prose};
use crate::article::parse::{Block, Stated};

/// Finds the headline, labels its block and the standfirst's.
pub(super) fn find(
    draft: &Draft,
    evidence: &[Evidence],
    story: Option<&Story>,
    labels: &mut [Labelled],
) -> Option<Found<String>> {
    let story = story?;
    let stated = draft.meta.first(&[
        "json-ld-headline",
        "html-og-title",
        "html-twitter-title",
        "html-meta-title",
    ]);
    let tab = draft.meta.first(&["html-title"]);
    let vocabulary = vocabulary(draft, story);
    let best = candidates(draft, evidence, story)
        .map(|at| {
            (
                at,
                worth(draft, evidence, story, at, &vocabulary, [stated, tab]),
            )
        })
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .filter(|(_, worth)| *worth >= WORTH_MIN);
    let from_block = best.and_then(|(at, _)| {
        let block = draft.blocks.get(at)?;
        mark(draft, story, labels, at, block);
        standfirst(draft, evidence, story, labels, at);
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
            confidence: 0.85,
        })
    });
    from_block.or_else(|| {
        let stated = stated.or(tab)?;
        Some(Found {
            value: without_site(&stated.value, draft).to_owned(),
            rule: stated.rule,
            span: Some(stated.span),
            confidence: 0.7,
        })
    })
}

/// Least a block must be worth to be the headline; a line above the story that shares a third of its words reaches it.
const WORTH_MIN: f32 = 0.9;
/// How far above the story a headline is looked for, in blocks: past the menus of a long page there is none.
const REACH: usize = 60;

/// Blocks that may be the headline.
fn candidates<'a>(
    draft: &'a Draft,
    evidence: &'a [Evidence],
    story: &'a Story,
) -> impl Iterator<Item = usize> + 'a {
    let from = story.first.saturating_sub(REACH);
    let until = if draft.nodes.is_empty() {
        story.first
    } else {
        story.last
    };
    (0..until).filter(move |at| {
        let (Some(block), Some(seen)) = (draft.blocks.get(*at), evidence.get(*at)) else {
            return false;
        };
        let heading =
            matches!(block.kind, Kind::Heading(1 | 2)) || block.marks.any(Marks::HEADLINE);
        let near = *at >= from && *at < story.first;
        (heading || near && block.kind != Kind::Item)
            && seen.words >= if heading { 1 } else { 3 }
            && (heading || is_worded(&block.text))
            && (8..=260).contains(&seen.weight)
            && !seen.figures
            && !block.is_furniture
            && seen.speaks.is_none_or(|_| heading)
            && !label::is_byline(&block.text, seen)
    })
}

/// Whether a line is written in words: an address or a file's name is one long word.
fn is_worded(text: &str) -> bool {
    text.split(' ').count() >= 3 || text.chars().any(prose::is_ideograph)
}

/// Stems of a text, each packed into a number.
type Vocabulary = HashSet<u64, BuildHasherDefault<Mixed>>;

/// Most stems that are looked at: the first forty paragraphs of an article have some two thousand. The bound also keeps
/// a text made for it from crowding the set, whose hash is open to everybody.
const STEMS_MAX: usize = 1 << 15;

/// The longer words of the story, in lower case; two ideographs at a time where words are not parted.
fn vocabulary(draft: &Draft, story: &Story) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    let blocks = draft.blocks.iter().take(story.last + 1).skip(story.first);
    for block in blocks.take(40) {
        stems(block.squeezed(), |stem| {
            if vocabulary.len() < STEMS_MAX {
                vocabulary.insert(stem);
            }
        });
    }
    vocabulary
}

/// Calls back with the stems of squeezed words: the first six letters of those with four or more, since titles and leads
/// inflect differently; of ideographs every two in a row.
fn stems(squeezed: &str, mut each: impl FnMut(u64)) {
    for word in squeezed.as_bytes().split(|byte| *byte == b' ') {
        let ascii = word.is_ascii();
        if ascii && word.len() >= 4 {
            each(packed(word.iter().take(6).map(|byte| u64::from(*byte)), 10));
        } else if !ascii && let Ok(word) = str::from_utf8(word) {
            let chars = || word.chars().map(u64::from);
            if word.chars().any(prose::is_ideograph) {
                let pairs = chars().zip(chars().skip(1));
                pairs.for_each(|(a, b)| each(packed([a, b].into_iter(), 21)));
            } else if chars().nth(3).is_some() {
                each(packed(chars().take(6), 10));
            }
        }
    }
}

/// Characters in a row as one number. Letters of an alphabet differ in their lowest ten bits, so that six fit well
/// enough: two stems that meet by chance weigh one word of a headline.
fn packed(letters: impl Iterator<Item = u64>, bits: u32) -> u64 {
    letters.fold(u64::from(bits), |packed, letter| (packed << bits) ^ letter)
}

/// How much a block is worth as the headline.
#[expect(clippy::cast_precision_loss, reason = "counts of words and blocks")]
fn worth(
    draft: &Draft,
    evidence: &[Evidence],
    story: &Story,
    at: usize,
    vocabulary: &Vocabulary,
    stated: [Option<&Stated>; 2],
) -> f32 {
    let (Some(block), Some(seen)) = (draft.blocks.get(at), evidence.get(at)) else {
        return 0.0;
    };
    let (mut shared, mut all) = (0usize, 0usize);
    stems(block.squeezed(), |stem| {
        all += 1;
        shared += usize::from(vocabulary.contains(&stem));
    });
    let mut worth = 1.8 * shared as f32 / all.max(3) as f32;
    let distance = story.first.saturating_sub(at);
    worth += 0.5 * (1.0 - (distance as f32 / 12.0)).max(0.0);
    worth += if block.kind == Kind::Heading(1) {
        1.0
    } else if block.kind == Kind::Heading(2) || block.marks.any(Marks::HEADLINE) {
        0.3
    } else {
        0.0
    };
    for stated in stated.into_iter().flatten() {
        worth += 1.5 * alike(block.squeezed(), &stated.value);
    }
    if block.repeats > 1 {
        worth += 0.2;
    }
    if at == 0 {
        worth += 0.2;
    }
    if seen.sentence && block.text.ends_with('.') {
        worth -= 0.5;
    }
    if seen.weight > 140 {
        worth -= 0.5;
    }
    if block.marks.any(Marks::AGAINST) {
        worth -= 0.8;
    }
    worth - 0.6 * block.link_share()
}

/// How alike two headlines are, from 0 to 1, by words; one may carry the site's name.
#[expect(clippy::cast_precision_loss, reason = "counts of words")]
fn alike(squeezed: &str, stated: &str) -> f32 {
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
            marked && at < story.first
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
fn without_site<'a>(title: &'a str, draft: &Draft) -> &'a str {
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
