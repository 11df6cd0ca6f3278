//! Who wrote it, who published it, when, where, in which language: each finding with its rule and place.
//!
//! What is stated outside the file (configuration, folder) wins over what the document states, which wins over what its
//! text lets guess. Leaves alone what the text says *about* agencies.
//!
//! Invariant: nothing is guessed; a field without evidence stays empty.

use super::clean::{Cleaned, Label, Piece};
use super::parse::{Draft, Stated};
use super::{Found, Hints, Span, prose};

mod agency;
mod byline;
mod dateline;
mod dates;
mod language;

#[cfg(test)]
mod attribution_tests;

pub(super) use dates::{holds_date, month};

/// What was found about an article.
#[derive(Debug, Default)]
pub(super) struct Attributed {
    pub(super) url: Option<Found<String>>,
    pub(super) byline: Vec<Found<String>>,
    pub(super) dateline: Option<Found<String>>,
    pub(super) agency: Vec<Found<&'static str>>,
    pub(super) source: Option<Found<String>>,
    pub(super) published: Option<Found<String>>,
    pub(super) modified: Option<Found<String>>,
    pub(super) language: Option<Found<String>>,
}

/// Whether a short text is a credit to agencies of text and nothing else.
pub(super) fn is_credit(text: &str) -> bool {
    let agencies = agency::all_named(text);
    !agencies.is_empty() && agencies.iter().any(|agency| !agency.pictures)
}

/// Attributes a cleaned article.
pub(super) fn attribute(draft: &Draft, cleaned: &Cleaned<'_>, hints: &Hints<'_>) -> Attributed {
    let lead = cleaned
        .pieces
        .iter()
        .find(|piece| piece.label == Label::Body);
    let opening = lead.and_then(|lead| Some((lead, dateline::read(lead.text)?)));
    let byline = byline(draft, cleaned);
    let agency = agencies(draft, cleaned, opening.as_ref());
    Attributed {
        url: url(draft),
        byline: byline
            .into_iter()
            .filter(|name| !is_credit(&name.value))
            .collect(),
        dateline: opening.and_then(|(lead, opening)| {
            (!opening.value.is_empty()).then(|| Found {
                value: opening.value,
                rule: "dateline",
                span: within(draft, lead, 0, opening.bytes),
                confidence: if opening.place.is_some() || opening.date.is_some() {
                    0.9
                } else {
                    0.7
                },
            })
        }),
        agency,
        source: source(draft, hints),
        published: published(draft, cleaned),
        modified: stated_time(
            draft,
            &[
                "json-ld-date-modified",
                "html-article-modified",
                "html-itemprop-modified",
                "html-meta-modified",
            ],
        ),
        language: language::find(draft, &cleaned.text),
    }
}

/// Where the bytes `from..to` of a piece's text stand in the input.
fn within(draft: &Draft, piece: &Piece<'_>, from: usize, to: usize) -> Option<Span> {
    let block = draft.blocks.get(piece.block)?;
    let end = if to >= piece.text.len() {
        piece.span.end
    } else {
        block.input_at(to).min(piece.span.end)
    };
    Some(Span::new(block.input_at(from), end))
}

fn believed(stated: &Stated, value: String, confidence: f32) -> Found<String> {
    Found {
        value,
        rule: stated.rule,
        span: Some(stated.span),
        confidence,
    }
}

pub(super) fn url(draft: &Draft) -> Option<Found<String>> {
    let rules = ["html-canonical", "html-og-url", "json-ld-url"];
    rules
        .iter()
        .flat_map(|rule| draft.meta.all(rule))
        .find_map(|stated| {
            let absolute =
                stated.value.starts_with("https://") || stated.value.starts_with("http://");
            absolute.then(|| believed(stated, stated.value.clone(), 0.9))
        })
}

/// The publisher: what is declared outside, else what the page says, else whose address it has.
pub(super) fn source(draft: &Draft, hints: &Hints<'_>) -> Option<Found<String>> {
    if let Some((name, rule)) = hints.source {
        return Some(Found {
            value: name.to_owned(),
            rule,
            span: None,
            confidence: 1.0,
        });
    }
    let rules = [
        "html-og-site-name",
        "json-ld-publisher",
        "html-meta-publisher",
    ];
    if let Some(stated) = draft.meta.first(&rules) {
        return Some(believed(stated, stated.value.clone(), 0.9));
    }
    let url = url(draft)?;
    let (_, rest) = url.value.split_once("://")?;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host).to_lowercase();
    (!host.is_empty()).then_some(Found {
        value: host,
        rule: "url-host",
        span: url.span,
        confidence: 0.6,
    })
}

fn byline(draft: &Draft, cleaned: &Cleaned<'_>) -> Vec<Found<String>> {
    for rule in ["json-ld-author", "html-meta-author"] {
        let found: Vec<Found<String>> = draft
            .meta
            .all(rule)
            .flat_map(|stated| {
                byline::names(&stated.value)
                    .into_iter()
                    .map(|name| believed(stated, name, 0.9))
            })
            .collect();
        if !found.is_empty() {
            return distinct(found);
        }
    }
    let lines = cleaned
        .pieces
        .iter()
        .filter(|piece| piece.label == Label::Byline);
    let found = lines
        .flat_map(|piece| {
            byline::names(piece.text).into_iter().map(|name| Found {
                value: name,
                rule: "byline",
                span: Some(piece.span),
                confidence: 0.7,
            })
        })
        .filter(|name| prose::words(&name.value).count() >= 2 || is_credit(&name.value))
        .take(8)
        .collect();
    distinct(found)
}

fn distinct(found: Vec<Found<String>>) -> Vec<Found<String>> {
    let mut kept: Vec<Found<String>> = Vec::new();
    for name in found {
        if !kept.iter().any(|known| known.value == name.value) {
            kept.push(name);
        }
    }
    kept
}

/// Agencies in the positions of a credit, in order of first credit: byline, dateline, lead, credit lines.
fn agencies(
    draft: &Draft,
    cleaned: &Cleaned<'_>,
    opening: Option<&(&Piece<'_>, dateline::Dateline)>,
) -> Vec<Found<&'static str>> {
    let mut credited: Vec<Found<&'static str>> = Vec::new();
    let mut credit = |agencies: Vec<&'static agency::Agency>, rule, span, confidence| {
        for agency in agencies.into_iter().filter(|agency| !agency.pictures) {
            if !credited.iter().any(|known| known.value == agency.id) {
                credited.push(Found {
                    value: agency.id,
                    rule,
                    span,
                    confidence,
                });
            }
        }
    };
    for stated in ["json-ld-author", "html-meta-author"]
        .iter()
        .flat_map(|rule| draft.meta.all(rule))
    {
        credit(
            author_agency(&stated.value),
            stated.rule,
            Some(stated.span),
            0.9,
        );
    }
    for piece in cleaned
        .pieces
        .iter()
        .filter(|piece| piece.label == Label::Byline)
    {
        credit(
            author_agency(piece.text),
            "byline-agency",
            Some(piece.span),
            0.8,
        );
    }
    if let Some((lead, opening)) = opening {
        let span = within(draft, lead, 0, opening.bytes);
        credit(opening.agencies.clone(), "dateline-agency", span, 0.95);
    }
    for lead in cleaned
        .pieces
        .iter()
        .filter(|piece| piece.label == Label::Body)
        .take(2)
    {
        credit(reports(lead.text), "lead-agency", Some(lead.span), 0.6);
    }
    for piece in cleaned
        .pieces
        .iter()
        .filter(|piece| piece.label == Label::Credit)
    {
        if !names_people(piece.text) {
            credit(
                agency::some_named(piece.text),
                "credit-line",
                Some(piece.span),
                0.9,
            );
        }
    }
    credited
}

/// "(Reporting by Jane Roe; Editing by …)" names people; an agency in it is where they work, and not always.
fn names_people(credit: &str) -> bool {
    let lower = credit
        .trim_start_matches(['(', '[', ' ', '—', '-'])
        .to_lowercase();
    [
        "reporting by",
        "additional reporting by",
        "writing by",
        "editing by",
        "edited by",
        "compiled by",
    ]
    .iter()
    .any(|lead| lower.starts_with(lead))
}

/// The agency an author statement names: the whole of it, or what stands after the names.
fn author_agency(line: &str) -> Vec<&'static agency::Agency> {
    let whole = agency::all_named(line);
    if !whole.is_empty() {
        return whole;
    }
    let mut agencies = Vec::new();
    for part in line.split([',', '|', '/', '•', '(', ')', '·', ';', '-', '–']) {
        agencies.extend(agency::all_named(part));
    }
    let lower = line.to_lowercase();
    for (words, name) in [
        ("associated press", "Associated Press"),
        ("the canadian press", "The Canadian Press"),
        ("reuters staff", "Reuters"),
    ] {
        if lower.contains(words) && lower.len() < 120 {
            agencies.extend(agency::named(name));
        }
    }
    agencies
}

/// "…, UNN reports." at the end of the lead: the agency speaks of itself so.
fn reports(lead: &str) -> Vec<&'static agency::Agency> {
    let end = lead.trim_end_matches(['.', ' ', '"', '”']);
    let Some((_, tail)) = end.rsplit_once(',') else {
        return Vec::new();
    };
    let tail = tail.trim();
    for verb in [
        "reports",
        "reported",
        "передает",
        "передаёт",
        "передає",
        "сообщает",
        "повідомляє",
    ] {
        let name = tail.strip_suffix(verb).or_else(|| tail.strip_prefix(verb));
        if let Some(agency) = name.and_then(|name| agency::named(name.trim())) {
            return vec![agency];
        }
    }
    Vec::new()
}

/// The first of the statements that holds a time.
fn stated_time(draft: &Draft, rules: &[&str]) -> Option<Found<String>> {
    rules
        .iter()
        .flat_map(|rule| draft.meta.all(rule))
        .find_map(|stated| Some(believed(stated, dates::machine(&stated.value)?, 0.9)))
}

fn published(draft: &Draft, cleaned: &Cleaned<'_>) -> Option<Found<String>> {
    let stated = stated_time(
        draft,
        &[
            "json-ld-date-published",
            "html-article-published",
            "html-itemprop-published",
            "html-meta-date",
        ],
    );
    stated
        .or_else(|| time_element(draft, cleaned))
        .or_else(|| date_line(cleaned))
}

/// The first `<time>` behind the headline, else the first of all: the page's clock may stand above.
fn time_element(draft: &Draft, cleaned: &Cleaned<'_>) -> Option<Found<String>> {
    let title = cleaned
        .title
        .as_ref()
        .and_then(|title| title.span)
        .map_or(0, |span| span.start);
    let first = draft
        .meta
        .all("html-time")
        .find(|stated| stated.span.start >= title);
    let stated = first.or_else(|| draft.meta.all("html-time").next())?;
    Some(believed(stated, dates::machine(&stated.value)?, 0.7))
}

/// How many pieces from the headline a date line may stand.
const DATE_REACH: usize = 8;

/// A line with a date near the headline, above the story first.
fn date_line(cleaned: &Cleaned<'_>) -> Option<Found<String>> {
    let place = |label| cleaned.pieces.iter().position(|piece| piece.label == label);
    let lead = place(Label::Body)?;
    let title = place(Label::Title).unwrap_or(lead);
    let from = title.saturating_sub(DATE_REACH);
    let pieces = cleaned
        .pieces
        .iter()
        .enumerate()
        .skip(from)
        .take(lead - from.min(lead));
    pieces
        .filter(|(_, piece)| matches!(piece.label, Label::Dateline | Label::Byline))
        .find_map(|(_, piece)| {
            Some(Found {
                value: dates::date_in(piece.text)?.to_string(),
                rule: "date-line",
                span: Some(piece.span),
                confidence: 0.8,
            })
        })
}
