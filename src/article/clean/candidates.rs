//! What may be the headline, and the numbers by which the best is told: lines near the story, headings, what the document
//! states with and without the site's name.

use std::borrow::Cow;

use super::context::{Page, signed};
use super::headline::alike;
use super::look::Look;
use super::story::Story;
use super::vocabulary::share;
use super::{Draft, Kind, Marks, prose};
use crate::article::forest::Rows;
use crate::article::parse::Stated;

/// Something that may be the headline.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'a> {
    /// Its words.
    pub(super) text: &'a str,
    /// The block it is, if it is one.
    pub(super) block: Option<usize>,
    /// The statement it is from, if it is from one.
    pub(super) stated: Option<&'a Stated>,
    /// Whether a site's name was taken off its end.
    trimmed: bool,
}

/// Places a document states a headline in, the best first.
const STATED: [&str; 5] = [
    "json-ld-headline",
    "html-og-title",
    "html-twitter-title",
    "html-meta-title",
    "html-title",
];

/// How far above the story a headline is looked for, in blocks: past the menus of a long page there is none.
const REACH: usize = 60;
/// How far into the story: its first lines may have been taken in by mistake.
const INTO: usize = 3;

/// Longest first line of the story that may be its headline, in letters.
const LINE_MAX: f32 = 160.0;

/// Most blocks that are candidates; pages have a few dozen.
const BLOCKS_MAX: usize = 256;

/// All candidates of a document.
pub(super) fn find<'a>(draft: &'a Draft, page: &Page<'_>, story: &Story) -> Vec<Candidate<'a>> {
    let blocks = draft.blocks.iter().enumerate().filter(|(at, block)| {
        let heading =
            matches!(block.kind, Kind::Heading(1 | 2)) || block.marks.any(Marks::HEADLINE);
        let near = *at + REACH >= story.first && *at <= story.first + INTO;
        if !(near || heading && *at <= story.last) {
            return false;
        }
        let look = page.look(*at);
        let worded = || block.text.contains(' ') || block.text.chars().any(prose::is_ideograph);
        // What says that it is something else is no headline, nor is a paragraph of the story.
        let other = !heading && (look.speaks > 0.0 || look.byline > 0.0);
        let inside = !heading && story.has(*at);
        let paragraph = inside
            && (*at > story.first || block.text.ends_with(['.', '。']) || look.weight > LINE_MAX);
        !other
            && !block.is_furniture
            && !paragraph
            && (8.0..=260.0).contains(&look.weight)
            && worded()
    });
    let mut all: Vec<Candidate<'a>> = blocks
        .take(BLOCKS_MAX)
        .map(|(at, block)| Candidate {
            text: &block.text,
            block: Some(at),
            stated: None,
            trimmed: false,
        })
        .collect();
    for rule in STATED {
        for stated in draft.meta.all(rule).take(2) {
            let whole: &'a str = &stated.value;
            let trimmed = super::headline::without_site(whole, draft);
            for text in [Some(whole), Some(trimmed).filter(|it| *it != whole)]
                .into_iter()
                .flatten()
            {
                all.push(Candidate {
                    text,
                    block: None,
                    stated: Some(stated),
                    trimmed: text != whole,
                });
            }
        }
    }
    all
}

/// The rows of all candidates.
pub(super) fn rows(
    page: &Page<'_>,
    story: &Story,
    logits: &[f32],
    candidates: &[Candidate<'_>],
) -> Rows {
    let vocabulary = page.stems.vocabulary(
        (story.first..=story.last)
            .filter(|at| story.has(*at))
            .take(40),
    );
    let squeezed: Vec<Cow<'_, str>> = candidates
        .iter()
        .map(|it| {
            let block = it.block.and_then(|at| page.draft.blocks.get(at));
            block.map_or_else(
                || Cow::Owned(prose::squeeze(it.text)),
                |block| Cow::Borrowed(block.squeezed()),
            )
        })
        .collect();
    let shared: Vec<(f32, f32)> = squeezed
        .iter()
        .map(|text| {
            let stems = page.stems.read(text);
            let known = vocabulary.count(&stems);
            (share(known, stems.len()), known as f32)
        })
        .collect();
    let best = shared.iter().map(|it| it.0).fold(0.0, f32::max);
    let stated = page.draft.meta.first(&STATED);
    let tab = page.draft.meta.first(&["html-title"]);
    let mut out = Vec::new();
    for ((candidate, text), (part, known)) in candidates.iter().zip(&squeezed).zip(shared) {
        let same = squeezed.iter().filter(|other| *other == text).count();
        let like = |stated: Option<&Stated>| stated.map_or(-1.0, |it| alike(text, &it.value));
        out.extend([
            part,
            known,
            part - best,
            same as f32,
            like(stated),
            like(tab),
            source(candidate),
            f32::from(u8::from(candidate.trimmed)),
            (1.0 + text.len() as f32).ln(),
            text.split(' ').count() as f32,
            f32::from(u8::from(
                candidate.text.contains(['|', '»', '–', '—', ':', '·']),
            )),
            (candidates.len() as f32).ln(),
        ]);
        placed(page, story, logits, candidate, &mut out);
    }
    Rows {
        width: out.len() / candidates.len().max(1),
        values: out,
    }
}

fn source(candidate: &Candidate<'_>) -> f32 {
    let place = |stated: &Stated| STATED.iter().position(|rule| *rule == stated.rule);
    candidate
        .stated
        .map_or(0.0, |it| 1.0 + place(it).unwrap_or_default() as f32)
}

/// What a candidate that is a block has beside its words.
fn placed(
    page: &Page<'_>,
    story: &Story,
    logits: &[f32],
    candidate: &Candidate<'_>,
    row: &mut Vec<f32>,
) {
    let Some((at, block)) = candidate
        .block
        .and_then(|at| Some((at, page.draft.blocks.get(at)?)))
    else {
        row.extend([-2.0; 32]);
        return;
    };
    let &Look {
        lower,
        capital,
        digits,
        stops,
        start,
        end,
        sentence,
        links,
        strong,
        repeats,
        said,
        speaks,
        date,
        byline,
        kind,
        ..
    } = page.look(at);
    let flag = |flag: bool| f32::from(u8::from(flag));
    let ahead = |is: fn(&Look) -> bool| {
        let next = (1..8).find(|step| is(page.look(at + step)));
        next.map_or(9.0, |step| step as f32)
    };
    row.extend([
        lower, capital, digits, stops, start, end, sentence, links, strong, repeats, said.sum,
        speaks, date, byline, kind,
    ]);
    row.extend([
        flag(block.marks.any(Marks::HEADLINE)),
        flag(block.marks.any(Marks::AGAINST)),
        flag(block.marks.any(Marks::ARTICLE)),
        flag(block.marks.any(Marks::HEADER)),
        flag(block.gap_before),
        signed(at, story.first),
        at as f32 / page.looks.len().max(1) as f32,
        (at as f32).min(60.0),
        logits.get(at).copied().unwrap_or_default(),
        ahead(|look| look.date > 0.0),
        ahead(|look| look.byline > 0.0),
        ahead(|look| look.prose > 0.0),
        page.look(at + 1).size,
        page.look(at.wrapping_sub(1)).size,
        page.look(at.wrapping_sub(1)).said.sum,
        page.look(at + 1).said.sum,
        flag(story.has(at)),
    ]);
}
