//! Fields that are taken as they are stated: address, publisher, the agency's own number.

use super::candidates::{self, Offer, offered};
use super::{Cleaned, Draft, Field, Found, Hints, prose};

/// The address: the first that is one.
pub(in crate::article) fn url(draft: &Draft, hints: &Hints<'_>) -> Option<Found<String>> {
    candidates::first(&offered(draft, hints, Field::Url), |offer| {
        let url = &offer.value;
        let absolute = url.starts_with("https://") || url.starts_with("http://");
        absolute.then(|| url.clone())
    })
}

/// The publisher: what is declared outside, else what the document says, else whose address it has.
pub(in crate::article) fn source(draft: &Draft, hints: &Hints<'_>) -> Option<Found<String>> {
    if let Some((name, rule)) = hints.source {
        return Some(Found {
            value: name.to_owned(),
            rule,
            span: None,
            confidence: 1.0,
        });
    }
    let offers = offered(draft, hints, Field::Source);
    if let Some(stated) = candidates::first(&offers, |offer| Some(offer.value.clone())) {
        return Some(stated);
    }
    let url = url(draft, hints)?;
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

/// What a provider says may be done with it, in the words of the IPTC's `pubstatusg2`; words that mean none of the three
/// stay what they are.
pub(super) fn status(stated: &str) -> String {
    let lower = stated.trim().to_lowercase();
    let takes_back = ["cancel", "kill", "annul", "withdraw", "retract"];
    if takes_back.iter().any(|word| lower.starts_with(word)) {
        "canceled".to_owned()
    } else if ["withh", "embargo"]
        .iter()
        .any(|word| lower.starts_with(word))
    {
        "withheld".to_owned()
    } else {
        lower
    }
}

/// The standfirst: what stands over the story, else what is stated that neither headline nor story say already. Many state
/// how the story begins, cut off somewhere.
pub(super) fn subtitle(cleaned: &Cleaned<'_>, offers: &[Offer]) -> Option<Found<String>> {
    if cleaned.subtitle.is_some() || offers.is_empty() {
        return cleaned.subtitle.clone();
    }
    let said = prose::squeeze(&cleaned.text);
    let title = cleaned.title.as_ref();
    let title = title.map_or_else(String::new, |title| prose::squeeze(&title.value));
    candidates::first(offers, |offer| {
        let words = prose::squeeze(&offer.value);
        let is_news = !words.is_empty() && !said.contains(&words) && title != words;
        is_news.then(|| offer.value.clone())
    })
}

/// An agency's number of the story: as stated, else as it stands in the text (`dpa:230428-99-483045/5`).
pub(super) fn agency_id(cleaned: &Cleaned<'_>, offers: &[Offer]) -> Option<Found<String>> {
    let stated = candidates::first(offers, |offer| Some(offer.value.clone()));
    stated.or_else(|| {
        let pieces = cleaned.pieces.iter().rev().take(PIECES_MAX);
        pieces.into_iter().find_map(|piece| {
            let at = piece.text.find(DPA)?;
            let rest = piece.text.get(at..)?;
            let id = rest
                .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '/')))
                .next()?;
            let digits = id.bytes().filter(u8::is_ascii_digit).count();
            (digits >= 8).then(|| Found {
                value: id.to_owned(),
                rule: "dpa-number",
                span: Some(piece.span),
                confidence: 0.95,
            })
        })
    })
}

/// How dpa opens the number of a story, which survives in the pages of those who print it.
const DPA: &str = "dpa:";
/// How many pieces from the end it is looked for.
const PIECES_MAX: usize = 200;
