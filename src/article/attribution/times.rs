//! When it was published and changed.

use super::candidates::{self, Offer};
use super::{Cleaned, Draft, Found, Label, dates};
use crate::article::prose::is_embargo;

/// The first offer that holds a time.
pub(super) fn first(offers: &[Offer]) -> Option<Found<String>> {
    candidates::first(offers, |offer| dates::machine(&offer.value))
}

/// Publication: as stated, else as the page shows it.
pub(super) fn published(
    draft: &Draft,
    cleaned: &Cleaned<'_>,
    offers: &[Offer],
) -> Option<Found<String>> {
    let (inside, around): (Vec<Offer>, Vec<Offer>) = offers
        .iter()
        .cloned()
        .partition(|offer| offer.span.is_some());
    let stated = first(&inside).or_else(|| time_element(draft, cleaned));
    stated
        .or_else(|| date_line(cleaned))
        .or_else(|| first(&around))
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
        .find(|stated| stated.span.is_some_and(|span| span.start >= title));
    let stated = first.or_else(|| draft.meta.all("html-time").next())?;
    Some(Found {
        value: dates::machine(&stated.value)?,
        rule: stated.rule,
        span: stated.span,
        confidence: 0.7,
    })
}

/// How many pieces from the top a line with an embargo may stand.
const EMBARGO_REACH: usize = 8;

/// From when on a text may be published, as a line above it says.
pub(super) fn embargo_line(cleaned: &Cleaned<'_>) -> Option<Found<String>> {
    let mut pieces = cleaned.pieces.iter().take(EMBARGO_REACH);
    pieces.find_map(|piece| {
        let value = is_embargo(piece.text).then(|| super::wire::spoken(piece.text))??;
        Some(Found {
            value,
            rule: "embargo-line",
            span: Some(piece.span),
            confidence: 0.8,
        })
    })
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
        .filter(|(_, piece)| !is_embargo(piece.text))
        .find_map(|(_, piece)| {
            dates::date_in(piece.text)?;
            Some(Found {
                value: super::wire::spoken(piece.text)?,
                rule: "date-line",
                span: Some(piece.span),
                confidence: 0.8,
            })
        })
}
