//! Times as wires and files write them.

use jiff::civil::{Date, Time};

use super::dates::{LINE_BYTES_MAX, date_in, month, rfc3339};

/// A time in one of the forms of the wire, as RFC 3339 where it says its zone, else the date alone.
pub(super) fn time(stated: &str) -> Option<String> {
    anpa(stated)
        .or_else(|| kyodo(stated))
        .or_else(|| iptc_7901(stated))
        .or_else(|| pdf(stated))
        .or_else(|| telex(stated))
}

/// Of two figures; no agency's file is older than the formats.
fn year(figures: &str) -> Option<i16> {
    let year: i16 = figures.parse().ok()?;
    (figures.len() == 2).then_some(if year < 70 { 2000 + year } else { 1900 + year })
}

fn clock(hours: &str, minutes: &str) -> Option<Time> {
    Time::new(hours.parse().ok()?, minutes.parse().ok()?, 0, 0).ok()
}

/// Zones by the names that wires of one country use, which mean one thing there (RFC 5322, 4.3), and Europe's.
const ZONES: &[(&str, &str)] = &[
    ("GMT", "Z"),
    ("UTC", "Z"),
    ("UT", "Z"),
    ("Z", "Z"),
    ("EST", "-05:00"),
    ("EDT", "-04:00"),
    ("CST", "-06:00"),
    ("CDT", "-05:00"),
    ("MST", "-07:00"),
    ("MDT", "-06:00"),
    ("PST", "-08:00"),
    ("PDT", "-07:00"),
    ("CET", "+01:00"),
    ("CEST", "+02:00"),
    ("MEZ", "+01:00"),
    ("MESZ", "+02:00"),
];

/// The offset of a zone by its name, if that means one thing.
pub(super) fn offset(zone: &str) -> Option<&'static str> {
    let zone = ZONES.iter().find(|(name, _)| *name == zone);
    zone.map(|(_, offset)| *offset)
}

fn zoned(date: Date, time: Time, zone: &str) -> String {
    match offset(zone) {
        Some(offset) => format!(
            "{date}T{:02}:{:02}:{:02}{offset}",
            time.hour(),
            time.minute(),
            time.second()
        ),
        None => date.to_string(),
    }
}

/// `AP-WF-02-20-16 0337GMT`: month, day, year.
fn anpa(stated: &str) -> Option<String> {
    let (date, time) = stated.split_once(' ')?;
    let mut parts = date.rsplit('-');
    let (short, day, name) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next()?;
    let date = Date::new(year(short)?, name.parse().ok()?, day.parse().ok()?).ok()?;
    let (hours, rest) = time.trim().split_at_checked(2)?;
    let (minutes, zone) = rest.split_at_checked(2)?;
    Some(zoned(date, clock(hours, minutes)?, zone.trim()))
}

/// `KWS-09:30-21-03-16`: hour, day, month, year; no zone.
fn kyodo(stated: &str) -> Option<String> {
    let mut parts = stated.split('-');
    let (_, time) = (parts.next()?, parts.next()?);
    let (day, name, short) = (parts.next()?, parts.next()?, parts.next()?);
    let (hours, minutes) = time.split_once(':')?;
    let date = Date::new(year(short.trim())?, name.parse().ok()?, day.parse().ok()?).ok()?;
    clock(hours, minutes)?;
    Some(date.to_string())
}

/// `131137 GMT Nov 13`, in dpa's English too with a German month.
fn iptc_7901(stated: &str) -> Option<String> {
    let words: Vec<&str> = stated.split_whitespace().collect();
    let (first, zone, name, short) = match words.as_slice() {
        [first, zone, name, short] => (*first, *zone, *name, *short),
        [first, name, short] => (*first, "", *name, *short),
        _ => return None,
    };
    let (day, rest) = first.split_at_checked(2)?;
    let (hours, minutes) = rest.split_at_checked(2)?;
    let year = year(short).or_else(|| super::dates::year(short))?;
    let date = Date::new(year, month(name)?, day.parse().ok()?).ok()?;
    Some(zoned(date, clock(hours, minutes)?, zone))
}

/// `11-MAR-25 12:22`: ANSA's, without a zone; `14-01-25 0315 GMT`: TASS's.
fn telex(stated: &str) -> Option<String> {
    let mut words = stated.split_whitespace();
    let mut parts = words.next()?.split('-');
    let (day, name, short) = (parts.next()?, parts.next()?, parts.next()?);
    let month = month(name).or_else(|| name.parse().ok())?;
    let date = Date::new(year(short)?, month, super::dates::day(day)?).ok()?;
    let clock_of = |figures: &str| {
        let figures = figures.replace(':', "");
        let (hours, minutes) = figures.split_at_checked(2)?;
        clock(hours, minutes)
    };
    let time = words.next().and_then(clock_of);
    let zone = words.next().unwrap_or("");
    Some(time.map_or_else(|| date.to_string(), |time| zoned(date, time, zone)))
}

/// `D:20240404120000+02'00'`.
fn pdf(stated: &str) -> Option<String> {
    let rest = stated.strip_prefix("D:")?;
    let date = Date::new(
        rest.get(..4)?.parse().ok()?,
        rest.get(4..6).unwrap_or("01").parse().ok()?,
        rest.get(6..8).unwrap_or("01").parse().ok()?,
    )
    .ok()?;
    let time = rest
        .get(8..14)
        .and_then(|time| Some((time.get(..2)?, time.get(2..4)?, time.get(4..)?)));
    let Some((hours, minutes, seconds)) = time else {
        return Some(date.to_string());
    };
    let time = Time::new(
        hours.parse().ok()?,
        minutes.parse().ok()?,
        seconds.parse().ok()?,
        0,
    )
    .ok()?;
    let zone: String = rest.get(14..)?.chars().filter(|c| *c != '\'').collect();
    if zone.is_empty() || zone.starts_with('Z') {
        return Some(if zone.is_empty() {
            date.to_string()
        } else {
            zoned(date, time, "Z")
        });
    }
    let (sign, figures) = zone.split_at_checked(1)?;
    let (hours, minutes) = (figures.get(..2)?, figures.get(2..4).unwrap_or("00"));
    let good = matches!(sign, "+" | "-")
        && hours.parse::<u8>().is_ok_and(|it| it < 24)
        && minutes.parse::<u8>().is_ok_and(|it| it < 60);
    good.then(|| {
        format!(
            "{date}T{:02}:{:02}:{:02}{sign}{hours}:{minutes}",
            time.hour(),
            time.minute(),
            time.second()
        )
    })
}

/// A date with a clock in it or behind it, as people and C's `asctime` write it: `February 13, 2024 6:05 PM EST`,
/// `Tue Mar 12 06:05:00 2024`. Without a zone it is the date alone, as elsewhere.
pub(super) fn spoken(stated: &str) -> Option<String> {
    if stated.len() > LINE_BYTES_MAX {
        return None;
    }
    let words = || {
        stated
            .split([' ', ',', '(', ')'])
            .filter(|it| !it.is_empty())
    };
    let (mut clock, mut half, mut zone) = (None, None, None);
    let mut date = Vec::new();
    for word in words() {
        let lower = word.to_ascii_lowercase().replace('.', "");
        let tail = ["am", "pm"].into_iter().find(|tail| lower.ends_with(tail));
        let figures = tail.map_or(lower.as_str(), |tail| lower.trim_end_matches(tail));
        let is_offset = word.len() >= 5 && word.starts_with(['+', '-']);
        if clock.is_none() && figures.contains(':') {
            clock = figures
                .parse::<Time>()
                .ok()
                .or_else(|| short_clock(figures));
            half = half.or(tail);
        } else if clock.is_some() && tail.is_some() && figures.is_empty() {
            half = tail;
        } else if let Some(offset) = offset(word) {
            zone = Some(offset.to_owned());
        } else if is_offset
            && word
                .bytes()
                .skip(1)
                .all(|it| it.is_ascii_digit() || it == b':')
        {
            zone = Some(word.to_owned());
        } else {
            date.push(word);
        }
    }
    let date = date_in(&date.join(" "))?;
    let (Some(clock), Some(offset)) = (clock, zone) else {
        return Some(date.to_string());
    };
    let hour = match half {
        Some("pm") if clock.hour() < 12 => clock.hour() + 12,
        Some("am") if clock.hour() == 12 => 0,
        _ => clock.hour(),
    };
    let (minute, second) = (clock.minute(), clock.second());
    rfc3339(&format!("{date}T{hour:02}:{minute:02}:{second:02}{offset}"))
}

/// `6:05`, which ISO 8601 has not.
fn short_clock(figures: &str) -> Option<Time> {
    let (hour, minute) = figures.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}
