//! Every value that is offered for a field, and which of them is believed.
//!
//! The order is the same for all fields: what is declared outside (configuration, folder), what the format has a place
//! for, what the page states by whichever rule, what stands around the document, what the text shows. The first that can
//! be believed wins; the others stay candidates.

use super::{Candidate, Found, Hints, Span};
use crate::article::parse::{Draft, Field};

/// A value that is offered, not yet weighed.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    /// The rule that offers it.
    pub(super) rule: &'static str,
    /// As it is stated.
    pub(super) value: String,
    /// Where.
    pub(super) span: Option<Span>,
    /// How sure the rule is.
    pub(super) confidence: f32,
}

impl Offer {
    /// As something found, with the value in the form it is believed in.
    pub(super) fn found<T>(&self, value: T) -> Found<T> {
        Found {
            value,
            rule: self.rule,
            span: self.span,
            confidence: self.confidence,
        }
    }
}

/// The rules by which pages state a field, the better first.
const fn page_rules(field: Field) -> &'static [&'static str] {
    match field {
        Field::Url => &[
            "html-canonical",
            "html-og-url",
            "json-ld-url",
            "mhtml-location",
            "singlefile-url",
        ],
        Field::Source => &[
            "html-og-site-name",
            "json-ld-publisher",
            "html-meta-publisher",
        ],
        Field::Published => &[
            "json-ld-date-published",
            "html-article-published",
            "html-itemprop-published",
            "html-meta-date",
        ],
        Field::Modified => &[
            "json-ld-date-modified",
            "html-article-modified",
            "html-itemprop-modified",
            "html-meta-modified",
        ],
        Field::Language => &["html-lang", "json-ld-language", "html-meta-language"],
        Field::Byline | Field::Agency => &["json-ld-author", "html-meta-author"],
        Field::Title => &[
            "json-ld-headline",
            "html-og-title",
            "html-twitter-title",
            "html-meta-title",
            "html-title",
        ],
        Field::Guid
        | Field::Version
        | Field::Status
        | Field::Embargo
        | Field::Subtitle
        | Field::Dateline
        | Field::AgencyId
        | Field::Copyright
        | Field::Credit
        | Field::Note
        | Field::Keyword => &[],
    }
}

/// What the document and what is around it offer for a field, in the order in which it is believed.
pub(super) fn offered(draft: &Draft, hints: &Hints<'_>, field: Field) -> Vec<Offer> {
    let told = draft.meta.told(field).map(|stated| (stated, 0.95));
    let stated = page_rules(field)
        .iter()
        .flat_map(|rule| draft.meta.all(rule))
        .map(|stated| (stated, 0.9));
    let inside = told.chain(stated).map(|(stated, confidence)| Offer {
        rule: stated.rule,
        value: stated.value.clone(),
        span: stated.span,
        confidence,
    });
    let around = hints.around.iter().filter(|it| it.field == field);
    let around = around.map(|around| Offer {
        rule: around.rule,
        value: around.value.clone(),
        span: None,
        confidence: 0.6,
    });
    inside.chain(around).collect()
}

/// The first offer that `believe` makes something of.
pub(super) fn first<T>(
    offers: &[Offer],
    believe: impl Fn(&Offer) -> Option<T>,
) -> Option<Found<T>> {
    offers
        .iter()
        .find_map(|offer| Some(offer.found(believe(offer)?)))
}

/// The list of candidates of all fields.
#[derive(Debug, Default)]
pub(super) struct Ballot {
    candidates: Vec<Candidate>,
}

impl Ballot {
    /// A field's offers, and those of them that were believed: by rule and place.
    pub(super) fn cast<T: AsRef<str>>(
        &mut self,
        field: Field,
        offers: &[Offer],
        winners: &[&Found<T>],
    ) {
        let before = self.candidates.len();
        for offer in offers {
            let won = winners
                .iter()
                .any(|it| it.rule == offer.rule && it.span == offer.span);
            // The same value by the same rule in another place says nothing more.
            let known = self.candidates.get(before..).unwrap_or_default();
            if known
                .iter()
                .any(|it| it.rule == offer.rule && it.value == offer.value)
            {
                continue;
            }
            self.candidates.push(Candidate {
                field: field.as_str(),
                value: offer.value.clone(),
                rule: offer.rule,
                span: offer.span,
                won,
            });
        }
        // What was found otherwise than by what is stated.
        for winner in winners {
            let known = self.candidates.get(before..).unwrap_or_default();
            if !known
                .iter()
                .any(|it| it.won && it.rule == winner.rule && it.span == winner.span)
            {
                self.candidates.push(Candidate {
                    field: field.as_str(),
                    value: winner.value.as_ref().to_owned(),
                    rule: winner.rule,
                    span: winner.span,
                    won: true,
                });
            }
        }
    }

    /// The offers of a field that may have many values: all are believed.
    pub(super) fn cast_all(&mut self, field: Field, offers: &[Offer]) {
        let believed: Vec<Found<&str>> = offers
            .iter()
            .map(|offer| offer.found(offer.value.as_str()))
            .collect();
        self.cast(field, offers, &believed.iter().collect::<Vec<_>>());
    }

    /// A value that was found and not believed.
    pub(super) fn lost(&mut self, field: Field, found: &Found<String>) {
        self.candidates.push(Candidate {
            field: field.as_str(),
            value: found.value.clone(),
            rule: found.rule,
            span: found.span,
            won: false,
        });
    }

    /// All of them.
    pub(super) fn count(self) -> Vec<Candidate> {
        self.candidates
    }
}
