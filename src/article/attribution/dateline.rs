//! Datelines: place, date and agency a story opens with, in the forms the agencies of the world use.

use super::agency::{self, Agency};
use super::dates;
use crate::article::prose;

/// What a story opens with.
#[derive(Debug, Default)]
pub(super) struct Dateline {
    /// Place and date as they are written: "STOCKHOLM, Aug 29, 2014".
    pub(super) value: String,
    /// The place alone.
    pub(super) place: Option<String>,
    /// The date alone, as it is written.
    pub(super) date: Option<String>,
    /// Agencies named in it.
    pub(super) agencies: Vec<&'static Agency>,
    /// How many bytes of the text it takes.
    pub(super) bytes: usize,
}

/// Longest opening that is looked at, in characters: "ROSCOE, South Dakota" and its like have 20 to 60.
const OPENING_CHARS: usize = 120;

/// Marks that part a dateline from the story; the longer before the shorter.
const MARKS: &[&str] = &[
    " -- ", " - ", " — ", " – ", " _ ", ": ", " -", " —", " –", ".- ",
];

/// Reads the dateline a text opens with, if it does.
pub(super) fn read(text: &str) -> Option<Dateline> {
    let end = text
        .char_indices()
        .nth(OPENING_CHARS)
        .map_or(text.len(), |(at, _)| at);
    let opening = text.get(..end)?;
    eastern(opening)
        .or_else(|| bracket_first(opening))
        .or_else(|| bracketed(opening))
        .or_else(|| slashed(opening))
        .or_else(|| stopped(opening))
        .or_else(|| marked(opening))
}

fn dateline(place: PlaceDate<'_>, agencies: Vec<&'static Agency>, bytes: usize) -> Dateline {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Dateline {
        value: place.whole.to_owned(),
        place: some(place.place),
        date: some(place.date),
        agencies,
        bytes,
    }
}

/// "PLACE, date (AGENCY) - …".
fn bracketed(opening: &str) -> Option<Dateline> {
    let (before, rest) = opening.split_once('(')?;
    let (inner, after) = rest.split_once(')')?;
    // "DENVER--(BUSINESS WIRE)--…".
    let place = place_date(before.trim_end_matches([' ', '-', '–', '—']))?;
    let agencies = agency::all_named(inner);
    // An agency nobody knows: only where a date stands before the bracket, and a mark behind it.
    let unknown = !place.date.is_empty()
        && after.trim_start().starts_with(['-', '–', '—'])
        && inner.chars().next().is_some_and(char::is_uppercase);
    let bytes = opening.len() - after.len();
    (!agencies.is_empty() || unknown).then(|| dateline(place, agencies, bytes))
}

/// "(AGENCY) - PLACE, date - …" and "(Place - Date) …".
fn bracket_first(opening: &str) -> Option<Dateline> {
    let (inner, after) = opening.strip_prefix('(')?.split_once(')')?;
    let agencies = agency::all_named(inner);
    if agencies.is_empty() {
        let (place, date) = inner.split_once(" - ")?;
        let (place, date) = (place_date(place)?, place_date(date)?);
        let good = place.date.is_empty() && date.place.is_empty() && !date.date.is_empty();
        let bytes = opening.len() - after.len();
        return good.then(|| Dateline {
            value: inner.to_owned(),
            place: Some(place.place.to_owned()),
            date: Some(date.date.to_owned()),
            agencies,
            bytes,
        });
    }
    let rest = after
        .trim_start()
        .trim_start_matches(['-', '–', '—'])
        .trim_start();
    let bytes = opening.len() - rest.len();
    for mark in [" - ", " – ", " — "] {
        if let Some((before, story)) = rest.split_once(mark)
            && let Some(place) = place_date(before)
        {
            return Some(dateline(place, agencies, opening.len() - story.len()));
        }
    }
    Some(dateline(PlaceDate::default(), agencies, bytes))
}

/// "MOSCOW, January 21. /TASS/. …".
fn slashed(opening: &str) -> Option<Dateline> {
    let (before, rest) = opening.split_once('/').filter(|(before, _)| {
        // "Feb. 1" has a full stop, and so has a sentence.
        let dated = || place_date(before).is_some_and(|place| !place.date.is_empty());
        !before.contains(". ") || before.ends_with(". ") || dated()
    })?;
    let (inner, after) = rest.split_once('/')?;
    let agencies = agency::all_named(inner);
    let agencies = if agencies.is_empty() {
        // "/PRNewswire-AsiaNet/": a partner's name behind the agency's.
        agency::all_named(inner.split('-').next()?)
    } else {
        agencies
    };
    if agencies.is_empty() {
        // "BEIRUT/THE HAGUE, March 7 (Reuters)" belongs to another form.
        return None;
    }
    let place = place_date(before)?;
    Some(dateline(place, agencies, opening.len() - after.len()))
}

/// "КИЕВ. 3 декабря. УНН. …" and "PLACE. AGENCY – …".
fn stopped(opening: &str) -> Option<Dateline> {
    let mut at = 0;
    for part in opening.split_inclusive(". ").take(3) {
        let name = part.split(" – ").next()?.split(" - ").next()?;
        let agencies = agency::all_named(name.trim_end_matches(['.', ' ']));
        let before = opening.get(..at)?;
        if !agencies.is_empty() && at > 0 {
            let place = place_date(before.trim_end())?;
            return Some(dateline(place, agencies, at + name.len()));
        }
        at += part.len();
    }
    None
}

/// "PLACE, date — …", "PLACE: …", "PLACE, date AGENCY - …", "PLACE, date - AGENCY. …".
fn marked(opening: &str) -> Option<Dateline> {
    let (at, mark) = MARKS
        .iter()
        .filter_map(|mark| opening.find(mark).map(|at| (at, *mark)))
        .min_by_key(|(at, mark)| (*at, usize::MAX - mark.len()))?;
    let (before, rest) = opening.split_at_checked(at)?;
    let rest = rest.get(mark.len()..)?.trim_start();
    let bytes = opening.len() - rest.len();
    // The agency behind the place.
    let words: Vec<&str> = before.split(' ').collect();
    for count in 1..=3.min(words.len().saturating_sub(1)) {
        let tail = words.get(words.len() - count..)?.join(" ");
        let agencies = agency::all_named(&tail);
        if !agencies.is_empty()
            && let Some(place) = place_date(before.get(..before.len() - tail.len())?)
        {
            return Some(dateline(place, agencies, bytes));
        }
    }
    let place = place_date(before)?;
    // The agency behind the mark: "- РИА Новости. …".
    let name = rest.split(['.', ',', ':']).next()?;
    let agencies = agency::all_named(name);
    if !agencies.is_empty() && name.len() < rest.len() {
        return Some(dateline(place, agencies, bytes + name.len()));
    }
    let dash = !mark.starts_with(':') && mark.ends_with(' ');
    let shouted = is_shouted(place.place);
    let story_opens = rest.chars().next().is_some_and(|c| !c.is_lowercase());
    let good = if place.date.is_empty() {
        shouted && story_opens && (dash || mark == ": ")
    } else {
        dash && !place.place.is_empty() || shouted && mark == ": "
    };
    good.then(|| dateline(place, Vec::new(), bytes))
}

/// Openings in capitals that are no places.
#[rustfmt::skip] // a table
const NO_PLACES: &[&str] = &[
    "WATCH",
    "LIVE",
    "UPDATE",
    "UPDATED",
    "VIDEO",
    "BREAKING",
    "EXCLUSIVE",
    "ANALYSIS",
    "OPINION",
    "COMMENT",
    "NATO",
    "FILE PHOTO",
    "FBI",
    "CIA",
    "NASA",
    "FACT CHECK",
    "FACTBOX",
    "EXPLAINER",
    "CORRECTION",
    "UEFA",
    "FIFA",
    "NBA",
    "NFL",
    "WHO",
    "COVID",
    "READ MORE",
    "READ",
    "SEE ALSO",
    "MORE",
    "RELATED",
    "NOTE",
    "PHOTO",
    "PHOTOS",
    "PODCAST",
    "QUIZ",
    "POLL",
    "BLOG",
    "REVIEW",
    "INTERVIEW",
    "DISCLAIMER",
    "FEATURE",
    "ADVERTISEMENT",
    "TIMELINE",
    "CNN",
    "BBC",
    "ALERT",
    "WARNING",
    "IMPORTANT",
    "NEW",
    "KEY POINTS",
    "BACKGROUND",
    "SUMMARY",
    "QUESTION",
    "ANSWER",
    "THE",
    "FAQ",
    "INFO",
    "AKTUELL",
    "EILMELDUNG",
    "GALLERY",
    "LISTEN",
    "PICTURED",
    "SCROLL DOWN",
    "SOURCE",
    "PHOTOGRAPH",
];

/// Whether a place is written in capitals throughout, as English-language papers do.
fn is_shouted(place: &str) -> bool {
    let first = place.split([',', '/', '(']).next().unwrap_or(place).trim();
    let letters = first.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3
        && !first.chars().any(char::is_lowercase)
        && first.chars().any(char::is_uppercase)
        && !NO_PLACES.contains(&first)
        && first.split(' ').count() <= 4
}

/// A place, a date, or both.
#[derive(Debug, Default, Clone, Copy)]
struct PlaceDate<'a> {
    whole: &'a str,
    place: &'a str,
    date: &'a str,
}

/// Reads "PLACE", "PLACE, date", "date" and nothing else.
fn place_date(text: &str) -> Option<PlaceDate<'_>> {
    let whole = text.trim().trim_end_matches([',', ' ']);
    if whole.is_empty() {
        return Some(PlaceDate::default());
    }
    // The date is the longest tail of date words that has a month in it.
    let mut start = whole.len();
    let mut has_month = false;
    for (at, word) in words_with_offsets(whole).into_iter().rev() {
        let bare = word.trim_end_matches([',', '.']);
        let is_month = dates::month(bare).is_some();
        if !(is_month || dates::day(bare).is_some() || dates::year(bare).is_some()) {
            break;
        }
        has_month |= is_month;
        start = at;
    }
    let start = if has_month { start } else { whole.len() };
    let (place, date) = whole.split_at_checked(start)?;
    let place = place.trim_end_matches([' ', ',']).trim();
    let long = place
        .rsplit(' ')
        .next()
        .is_some_and(|word| word.chars().count() > 6);
    let place = if date.is_empty() && !long {
        place
    } else {
        place.trim_end_matches('.')
    };
    let date = without_stop(date.trim());
    let good = place.is_empty() && !date.is_empty() || is_place(place);
    good.then_some(PlaceDate {
        whole: if date.is_empty() {
            place
        } else {
            without_stop(whole)
        },
        place,
        date,
    })
}

/// The date without a full stop that closes it; one that shortens a month's name stays: "21." but "17 mar.".
fn without_stop(date: &str) -> &str {
    let bare = date.trim_end_matches('.');
    let last = bare.rsplit(' ').next().unwrap_or(bare);
    let short = last.chars().count() <= 3 || last.eq_ignore_ascii_case("sept");
    if short && last.chars().all(char::is_alphabetic) {
        date
    } else {
        bare
    }
}

fn words_with_offsets(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut at = 0;
    for word in text.split(' ') {
        if !word.is_empty() {
            words.push((at, word));
        }
        at += word.len() + 1;
    }
    words
}

/// Small words inside the names of places.
const SMALL: &[&str] = &[
    "de", "la", "del", "du", "le", "les", "of", "the", "da", "do", "dos", "am", "an", "der", "bei",
    "im", "upon", "sur", "and", "i", "y", "e", "in", "el", "al", "den", "ob",
];

/// Whether a text could be the name of a place: few words, capitals in front, no figures.
fn is_place(text: &str) -> bool {
    let words: Vec<&str> = text
        .split([' ', '/', '-'])
        .filter(|word| !word.is_empty())
        .collect();
    let fits = (1..=7).contains(&words.len()) && text.chars().count() <= 60;
    fits && !text.chars().any(|c| c.is_numeric() || matches!(c, '"' | '“' | '?' | '!' | ';' | ':'))
        && words.first().is_some_and(|word| word.chars().next().is_some_and(char::is_uppercase))
        && words.iter().all(|word| {
            let first = word.trim_start_matches(['(', '[', '\'']).chars().next();
            first.is_some_and(|c| c.is_uppercase() || prose::is_ideograph(c)) || SMALL.contains(word)
        })
        // A full stop inside is an abbreviation: "Wis.", "N.M.", "ST. JOSEPH".
        && !text.split(". ").take(text.split(". ").count() - 1).any(|part| {
            part.rsplit(' ').next().is_some_and(|word| word.chars().count() > 5)
        })
}

/// The forms of East Asia.
fn eastern(opening: &str) -> Option<Dateline> {
    let (inner, after) = if let Some(rest) = opening.strip_prefix('【') {
        rest.split_once('】')?
    } else if let Some(rest) = opening.strip_prefix(['(', '[']) {
        rest.split_once([')', ']'])
            .filter(|(inner, _)| inner.contains('='))?
    } else if let Some(rest) = opening.strip_prefix('（') {
        let (inner, after) = rest.split_once('）')?;
        return wired(inner, opening.len() - after.len());
    } else {
        let (head, after) = opening
            .split_once('电')
            .or_else(|| opening.split_once('電'))?;
        return wired(head, opening.len() - after.len());
    };
    let bytes = opening.len() - after.len();
    if let Some((place, name)) = inner.split_once(['=', '＝']) {
        let place = PlaceDate {
            whole: place,
            place,
            date: "",
        };
        return Some(dateline(place, agency::all_named(name), bytes));
    }
    // The agency stands at the end without a mark: 【ドーハ共同】.
    let (at, name) = inner.char_indices().skip(1).find_map(|(at, _)| {
        let name = agency::named(inner.get(at..)?)?;
        Some((at, name))
    })?;
    let place = inner.get(..at)?;
    Some(dateline(
        PlaceDate {
            whole: place,
            place,
            date: "",
        },
        vec![name],
        bytes,
    ))
}

/// 新华社北京4月24日电; 中央社記者某某某華盛頓3日專電: agency, reporter, place, date.
fn wired(head: &str, bytes: usize) -> Option<Dateline> {
    let name_end = head.char_indices().nth(3)?.0;
    let agency = agency::named(head.get(..name_end)?)?;
    let mut rest = head.get(name_end..)?;
    if let Some(reporter) = rest
        .strip_prefix("記者")
        .or_else(|| rest.strip_prefix("记者"))
    {
        // Names of reporters have three characters nearly always.
        rest = reporter.get(reporter.char_indices().nth(3)?.0..)?;
    }
    let date_from = rest.find(|c: char| c.is_ascii_digit())?;
    let (place, date) = rest.split_at_checked(date_from)?;
    let date = date.split_inclusive('日').next()?;
    let whole = rest.get(..place.len() + date.len())?;
    Some(dateline(
        PlaceDate { whole, place, date },
        vec![agency],
        bytes,
    ))
}
