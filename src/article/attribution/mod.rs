//! Who wrote it, who published it, when, where, in which language: each finding with its rule and place.
//!
//! What is stated outside the file (configuration, folder) wins over what the document states, which wins over what its
//! text lets guess. Leaves alone what the text says *about* agencies.
//!
//! Invariant: nothing is guessed; a field without evidence stays empty.

use super::clean::{Cleaned, Label, Piece};
use super::parse::{Draft, Field};
use super::{Candidate, Found, Hints, Span, prose};

mod agency;
mod byline;
mod candidates;
mod dateline;
mod dates;
mod language;
mod stated;
mod times;
mod wire;

#[cfg(test)]
mod attribution_tests;

use candidates::{Ballot, Offer, offered};
pub(super) use dates::{holds_date, month};
pub(super) use stated::{source, url};

/// What was found about an article.
#[derive(Debug, Default)]
pub(super) struct Attributed {
    pub(super) guid: Option<Found<String>>,
    pub(super) version: Option<Found<String>>,
    pub(super) status: Option<Found<String>>,
    pub(super) embargo: Option<Found<String>>,
    pub(super) url: Option<Found<String>>,
    pub(super) subtitle: Option<Found<String>>,
    pub(super) byline: Vec<Found<String>>,
    pub(super) dateline: Option<Found<String>>,
    pub(super) agency: Vec<Found<&'static str>>,
    pub(super) agency_id: Option<Found<String>>,
    pub(super) source: Option<Found<String>>,
    pub(super) published: Option<Found<String>>,
    pub(super) modified: Option<Found<String>>,
    pub(super) language: Option<Found<String>>,
    pub(super) copyright: Option<Found<String>>,
    pub(super) credit: Option<Found<String>>,
    pub(super) candidates: Vec<Candidate>,
}

/// Whether a short text is a credit to agencies of text and nothing else.
pub(super) fn is_credit(text: &str) -> bool {
    let agencies = agency::all_named(text);
    !agencies.is_empty() && agencies.iter().any(|agency| !agency.pictures)
}

/// Whether a short text names agencies, of text or of pictures, and nothing else.
pub(super) fn is_agency(text: &str) -> bool {
    !agency::all_named(text).is_empty()
}

/// Which of the offers for a field is believed.
type Believe<'a> = dyn Fn(&Draft, &[Offer]) -> Option<Found<String>> + 'a;

/// The dateline a story opens with, stands under, or has behind its points.
fn opening<'c, 't>(
    draft: &Draft,
    cleaned: &'c Cleaned<'t>,
) -> Option<(&'c Piece<'t>, dateline::Dateline)> {
    let mut pieces = cleaned.pieces.iter();
    let lead = pieces.find(|it| it.label == Label::Body || draft.is_given && it.label.is_kept());
    let opening = lead.and_then(|lead| Some((lead, dateline::read(lead.text)?)));
    opening
        .or_else(|| own_line(cleaned))
        .or_else(|| behind_points(cleaned))
}

/// Attributes a cleaned article.
pub(super) fn attribute(draft: &Draft, cleaned: &Cleaned<'_>, hints: &Hints<'_>) -> Attributed {
    let opening = opening(draft, cleaned);
    let mut ballot = Ballot::default();
    let mut single = |field, believe: &Believe<'_>| {
        let offers = offered(draft, hints, field);
        let found = believe(draft, &offers);
        ballot.cast(field, &offers, found.as_ref().as_slice());
        found
    };
    let as_is: &Believe<'_> =
        &|_, offers| candidates::first(offers, |offer| Some(offer.value.clone()));
    let attributed = Attributed {
        guid: single(Field::Guid, as_is),
        version: single(Field::Version, as_is),
        status: single(Field::Status, &|_, offers| {
            candidates::first(offers, |offer| Some(stated::status(&offer.value)))
        }),
        embargo: single(Field::Embargo, &|_, offers| {
            times::first(offers).or_else(|| times::embargo_line(cleaned))
        }),
        url: single(Field::Url, &|draft, _| url(draft, hints)),
        subtitle: single(Field::Subtitle, &|_, offers| {
            stated::subtitle(cleaned, offers)
        }),
        dateline: single(Field::Dateline, &|draft, offers| {
            dateline_of(draft, opening.as_ref(), offers)
        }),
        agency_id: single(Field::AgencyId, &|_, offers| {
            stated::agency_id(cleaned, offers)
        }),
        source: single(Field::Source, &|draft, _| {
            source(draft, hints).or_else(|| issuer(cleaned, opening.as_ref()))
        }),
        published: single(Field::Published, &|draft, offers| {
            times::published(draft, cleaned, offers)
        }),
        modified: single(Field::Modified, &|_, offers| times::first(offers)),
        copyright: single(Field::Copyright, as_is),
        credit: single(Field::Credit, &|draft, offers| {
            cleaned.credit.clone().or_else(|| as_is(draft, offers))
        }),
        ..Attributed::default()
    };
    let title = cleaned.title.as_ref();
    ballot.cast(
        Field::Title,
        &offered(draft, hints, Field::Title),
        title.as_slice(),
    );
    let byline = authors(draft, cleaned, hints, &mut ballot);
    let offers = offered(draft, hints, Field::Agency);
    let agency = agencies(draft, cleaned, opening.as_ref(), &offers);
    ballot.cast(Field::Agency, &offers, &agency.iter().collect::<Vec<_>>());
    let language = language(draft, cleaned, hints, &mut ballot);
    // Nobody decides between these: each is one of a list.
    for field in [Field::Note, Field::Keyword] {
        ballot.cast_all(field, &offered(draft, hints, field));
    }
    Attributed {
        byline,
        agency,
        language,
        candidates: ballot.count(),
        ..attributed
    }
}

/// The authors that are people.
fn authors(
    draft: &Draft,
    cleaned: &Cleaned<'_>,
    hints: &Hints<'_>,
    ballot: &mut Ballot,
) -> Vec<Found<String>> {
    let offers = offered(draft, hints, Field::Byline);
    let mut authors = byline(draft, &offers, cleaned);
    authors.retain(|name| !is_credit(&name.value));
    ballot.cast(Field::Byline, &offers, &authors.iter().collect::<Vec<_>>());
    authors
}

/// The dateline on a line of its own before the lead, where it names an agency: "AUSTIN, Feb. 1 /PRNewswire/ --".
fn own_line<'a, 'b>(cleaned: &'b Cleaned<'a>) -> Option<(&'b Piece<'a>, dateline::Dateline)> {
    let lead = cleaned
        .pieces
        .iter()
        .position(|piece| piece.label == Label::Body)?;
    let before = cleaned.pieces.get(lead.checked_sub(1)?)?;
    let opening = dateline::read(before.text).filter(|opening| !opening.agencies.is_empty())?;
    (before.label == Label::Dateline).then_some((before, opening))
}

/// How far behind its points a story may begin, in paragraphs.
const POINTS_MAX: usize = 8;

/// A dateline that names its agency, where points or notes stand before the story.
fn behind_points<'c, 't>(cleaned: &'c Cleaned<'t>) -> Option<(&'c Piece<'t>, dateline::Dateline)> {
    let kept = cleaned.pieces.iter().filter(|piece| piece.label.is_kept());
    kept.skip(1).take(POINTS_MAX).find_map(|piece| {
        let opening = dateline::read(piece.text)?;
        let is_told = !opening.agencies.is_empty() && opening.place.is_some();
        is_told.then_some((piece, opening))
    })
}

/// Who issued what a distributor sends: "SOURCE Example, Inc.". Anywhere else such a line names an agency.
fn issuer(
    cleaned: &Cleaned<'_>,
    opening: Option<&(&Piece<'_>, dateline::Dateline)>,
) -> Option<Found<String>> {
    let (_, opening) = opening?;
    if !opening.agencies.iter().any(|agency| agency.releases) {
        return None;
    }
    let lines = cleaned
        .pieces
        .iter()
        .rev()
        .filter(|piece| piece.label == Label::Credit);
    lines.into_iter().find_map(|piece| {
        let rest = piece
            .text
            .strip_prefix("SOURCE")
            .or_else(|| piece.text.strip_prefix("Source"))?;
        let name = rest.trim_start_matches([':', ' ']).trim();
        (rest.starts_with([':', ' ']) && !name.is_empty() && name.len() <= ISSUER_BYTES_MAX).then(
            || Found {
                value: name.to_owned(),
                rule: "issuer",
                span: Some(piece.span),
                confidence: 0.8,
            },
        )
    })
}

/// Longest name of an issuer, in bytes.
const ISSUER_BYTES_MAX: usize = 120;

/// The language as it is stated, and as the text shows it: both are kept, whichever is believed.
fn language(
    draft: &Draft,
    cleaned: &Cleaned<'_>,
    hints: &Hints<'_>,
    ballot: &mut Ballot,
) -> Option<Found<String>> {
    let offers = offered(draft, hints, Field::Language);
    let stated = language::stated(&offers);
    let detected = language::detected_in(&cleaned.text);
    let found = stated.or_else(|| detected.clone());
    ballot.cast(Field::Language, &offers, found.as_ref().as_slice());
    if let (Some(detected), Some(found)) = (detected, &found)
        && detected.rule != found.rule
    {
        ballot.lost(Field::Language, &detected);
    }
    found
}

/// The dateline as the text opens with it, else as it is stated: what stands in the text names the agency too.
fn dateline_of(
    draft: &Draft,
    opening: Option<&(&Piece<'_>, dateline::Dateline)>,
    offers: &[Offer],
) -> Option<Found<String>> {
    let in_text = opening.filter(|(_, opening)| !opening.value.is_empty());
    let in_text = in_text.map(|(lead, opening)| Found {
        value: opening.value.clone(),
        rule: "dateline",
        span: within(draft, lead, 0, opening.bytes),
        confidence: if opening.place.is_some() || opening.date.is_some() {
            0.9
        } else {
            0.7
        },
    });
    in_text.or_else(|| candidates::first(offers, |offer| Some(offer.value.clone())))
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

fn byline(draft: &Draft, offers: &[Offer], cleaned: &Cleaned<'_>) -> Vec<Found<String>> {
    // The names of one rule belong together; those of the next are another's opinion.
    for rule in offers.chunk_by(|a, b| a.rule == b.rule) {
        let names = rule.iter().flat_map(|offer| {
            let mut names = byline::stated(&offer.value);
            if names.is_empty() && ["mail-from", "front-matter-author"].contains(&offer.rule) {
                names.extend(byline::own_name(&offer.value));
            }
            names.into_iter().map(|name| offer.found(name))
        });
        let found: Vec<Found<String>> = names.collect();
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
        // On a page "By Friday" is no author; a delivery says less that is none.
        .filter(|name| {
            draft.is_given || prose::words(&name.value).count() >= 2 || is_credit(&name.value)
        })
        .take(8)
        .collect();
    let mut found = distinct(found);
    if found.is_empty() {
        found = reporters(cleaned);
    }
    if found.is_empty() {
        let signed = candidates::first(offers, |offer| {
            byline::is_signature(&offer.value).then(|| prose::fold(&offer.value))
        });
        return signed.into_iter().collect();
    }
    found
}

/// Who reported, where the credit says so: "(Reporting by Ann Roe in Paris and Jan Poe; editing by …)".
fn reporters(cleaned: &Cleaned<'_>) -> Vec<Found<String>> {
    let credits = cleaned
        .pieces
        .iter()
        .filter(|piece| piece.label == Label::Credit);
    let found = credits.flat_map(|piece| {
        let names = byline::reporters(piece.text).into_iter();
        names.map(|name| Found {
            value: name,
            rule: "reporting-by",
            span: Some(piece.span),
            confidence: 0.8,
        })
    });
    distinct(found.collect())
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

/// Agencies in the positions of a credit, in order of first credit: as stated, byline, dateline, lead, credit lines.
fn agencies(
    draft: &Draft,
    cleaned: &Cleaned<'_>,
    opening: Option<&(&Piece<'_>, dateline::Dateline)>,
    offers: &[Offer],
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
    for offer in offers {
        let mut agencies = author_agency(&offer.value);
        if agencies.is_empty() && offer.rule.ends_with("copyright") {
            // "(c) Copyright Thomson Reuters 2016": a statement about rights names who has them, among other words.
            agencies = agency::some_named(&offer.value);
        }
        credit(agencies, offer.rule, offer.span, offer.confidence);
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
    // "NTB-AFP-DPA" is by three of them; "dpa-AFX" is the name of one.
    let parts = line.split('-').map(agency::named);
    let joint: Option<Vec<_>> = parts.collect();
    if let Some(joint) = joint.filter(|joint| joint.len() > 1) {
        return joint;
    }
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
