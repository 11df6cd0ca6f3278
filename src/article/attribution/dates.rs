//! Dates as pages and texts write them.

use jiff::civil::Date;

use crate::article::prose;

/// Names of months in lower case, without a full stop. Where two languages share a name they mean the same month.
#[rustfmt::skip] // a table
const MONTHS: [&[&str]; 12] = [
    &[
        "jan",
        "january",
        "januar",
        "janvier",
        "janv",
        "jän",
        "jänner",
        "enero",
        "ene",
        "janeiro",
        "gennaio",
        "gen",
        "januari",
        "января",
        "янв",
        "січня",
        "stycznia",
        "ledna",
    ],
    &[
        "feb",
        "february",
        "februar",
        "février",
        "févr",
        "fév",
        "febrero",
        "fevereiro",
        "fev",
        "febbraio",
        "februari",
        "февраля",
        "фев",
        "лютого",
        "lutego",
        "února",
    ],
    &[
        "mar",
        "march",
        "märz",
        "mär",
        "mrz",
        "mars",
        "marzo",
        "março",
        "maart",
        "mrt",
        "марта",
        "мар",
        "березня",
        "marca",
        "března",
    ],
    &[
        "apr",
        "april",
        "avril",
        "avr",
        "abril",
        "abr",
        "aprile",
        "апреля",
        "апр",
        "квітня",
        "kwietnia",
        "dubna",
    ],
    &[
        "may",
        "mai",
        "mayo",
        "maio",
        "maggio",
        "mag",
        "mei",
        "мая",
        "май",
        "травня",
        "maja",
        "května",
        "maj",
    ],
    &[
        "jun",
        "june",
        "juni",
        "juin",
        "junio",
        "junho",
        "giugno",
        "giu",
        "июня",
        "июн",
        "червня",
        "czerwca",
        "června",
    ],
    &[
        "jul",
        "july",
        "juli",
        "juillet",
        "juil",
        "julio",
        "julho",
        "luglio",
        "lug",
        "июля",
        "июл",
        "липня",
        "lipca",
        "července",
    ],
    &[
        "aug",
        "august",
        "août",
        "agosto",
        "ago",
        "augustus",
        "augusti",
        "августа",
        "авг",
        "серпня",
        "sierpnia",
        "srpna",
    ],
    &[
        "sep",
        "sept",
        "september",
        "septembre",
        "septiembre",
        "setembro",
        "set",
        "settembre",
        "сентября",
        "сен",
        "вересня",
        "września",
        "září",
    ],
    &[
        "oct",
        "october",
        "oktober",
        "okt",
        "octobre",
        "octubre",
        "outubro",
        "out",
        "ottobre",
        "ott",
        "октября",
        "окт",
        "жовтня",
        "października",
        "října",
    ],
    &[
        "nov",
        "november",
        "novembre",
        "noviembre",
        "novembro",
        "ноября",
        "ноя",
        "листопада",
        "listopada",
        "listopadu",
    ],
    &[
        "dec",
        "december",
        "dezember",
        "dez",
        "décembre",
        "déc",
        "diciembre",
        "dic",
        "dezembro",
        "dicembre",
        "декабря",
        "дек",
        "грудня",
        "grudnia",
        "prosince",
    ],
];

/// The month a word names, 1 to 12.
pub(in crate::article) fn month(word: &str) -> Option<i8> {
    let lower = word.trim_end_matches(['.', ',']).to_lowercase();
    let at = MONTHS
        .iter()
        .position(|names| names.contains(&lower.as_str()))?;
    i8::try_from(at + 1).ok()
}

/// Longest line a date is looked for in, in bytes.
pub(super) const LINE_BYTES_MAX: usize = 200;

/// Whether the line states a full date.
pub(in crate::article) fn holds_date(text: &str) -> bool {
    text.len() <= LINE_BYTES_MAX && date_in(text).is_some()
}

/// The first full date a line states; none where day and month cannot be told apart.
pub(super) fn date_in(text: &str) -> Option<Date> {
    // Every form has a year of four figures; asked of every block, mostly in vain.
    let figures = |run: &[u8]| run.iter().all(u8::is_ascii_digit);
    let first = prose::find_byte(text.as_bytes(), |byte| byte.is_ascii_digit());
    let rest = text.as_bytes().get(first..)?;
    if !rest.windows(4).any(figures) {
        return None;
    }
    let tokens: Vec<&str> = text
        .split(|c: char| prose::is_blank(c) || matches!(c, ',' | '|' | '(' | ')' | '•' | '·' | ';'))
        .filter(|token| !token.is_empty())
        .collect();
    tokens
        .iter()
        .find_map(|token| numeric(token))
        .or_else(|| tokens.windows(3).find_map(worded))
        .or_else(|| tokens.windows(5).find_map(spanish))
        .or_else(|| tokens.iter().find_map(|token| eastern(token)))
}

/// "4 de abril de 2024".
fn spanish(tokens: &[&str]) -> Option<Date> {
    let [day, de, name, de2, year] = tokens else {
        return None;
    };
    (de.eq_ignore_ascii_case("de") && de2.eq_ignore_ascii_case("de"))
        .then(|| worded(&[*day, *name, *year]))
        .flatten()
}

/// "04 Apr 2024", "April 4 2024", "4. April 2024", "2024 April 4".
fn worded(tokens: &[&str]) -> Option<Date> {
    let [a, b, c] = tokens else { return None };
    let orders = [(c, b, a), (c, a, b), (a, b, c)];
    // The name of the month is the dearest to look up, so it comes last.
    let (year, day, month) = orders
        .into_iter()
        .find_map(|(y, m, d)| Some((year(y)?, day(d)?, month(m)?)))?;
    Date::new(year, month, day).ok()
}

/// A day of a month: "4", "04", "4.", "4th".
pub(super) fn day(token: &str) -> Option<i8> {
    let digits = token.trim_end_matches(|c: char| !c.is_ascii_digit());
    let tail = token.get(digits.len()..)?.to_ascii_lowercase();
    let known = matches!(
        tail.as_str(),
        "" | "." | "st" | "nd" | "rd" | "th" | "er" | "º"
    );
    let day: i8 = digits.parse().ok()?;
    (known && (1..=31).contains(&day) && digits.len() <= 2).then_some(day)
}

/// A year of four figures.
pub(super) fn year(token: &str) -> Option<i16> {
    let digits = token.trim_end_matches(['.', ':', 'г']);
    let year: i16 = digits.parse().ok()?;
    (digits.len() == 4 && (1800..=2100).contains(&year)).then_some(year)
}

/// "2024-04-04", "2024/04/04", "04.04.2024", "31/12/2024"; "04/05/2024" says nothing.
fn numeric(token: &str) -> Option<Date> {
    let date = token.split('T').next()?.trim_end_matches(['.', ':']);
    let mark = ['-', '/', '.']
        .into_iter()
        .find(|mark| date.contains(*mark))?;
    let parts: Vec<&str> = date.split(mark).collect();
    let [a, b, c] = parts.as_slice() else {
        return None;
    };
    if a.len() == 4 {
        return Date::new(year(a)?, b.parse().ok()?, day(c)?).ok();
    }
    let (first, second, year) = (day(a)?, day(b)?, year(c)?);
    match mark {
        '.' => Date::new(year, second, first).ok(),
        _ if first > 12 || first == second => Date::new(year, second, first).ok(),
        _ if second > 12 => Date::new(year, first, second).ok(),
        _ => None,
    }
}

/// "2024年4月4日".
fn eastern(token: &str) -> Option<Date> {
    let (year_text, rest) = token.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, _) = rest.split_once('日')?;
    let start = year_text.len().checked_sub(4)?;
    Date::new(
        year(year_text.get(start..)?)?,
        month.parse().ok()?,
        day.parse().ok()?,
    )
    .ok()
}

/// A time as a page states it for machines → RFC 3339 where it has an offset, else the date alone.
pub(super) fn machine(stated: &str) -> Option<String> {
    let stated = stated.trim();
    let time = rfc3339(stated)
        .or_else(|| basic(stated))
        .or_else(|| super::wire::time(stated));
    if let Some(time) = time {
        return Some(time);
    }
    if let Some(time) = counted(stated) {
        return Some(time);
    }
    // Unknown names of zones are read as that of Greenwich by the rule of mail, and are hardly ever that.
    if let Some((rest, zone)) = stated.rsplit_once(' ')
        && zone.len() >= 3
        && zone.bytes().all(|byte| byte.is_ascii_uppercase())
    {
        return match super::wire::offset(zone) {
            Some("Z") => machine(&format!("{rest} +0000")),
            Some(offset) => machine(&format!("{rest} {}", offset.replace(':', ""))),
            None => date_in(stated).map(|date| date.to_string()),
        };
    }
    if let Some((rest, offset)) = stated.rsplit_once(' ')
        && let Some((hours, minutes)) = offset.split_once(':')
        && hours.len() == 3
        && hours.starts_with(['+', '-'])
        && minutes.len() == 2
    {
        return machine(&format!("{rest} {hours}{minutes}"));
    }
    if let Ok(zoned) = jiff::fmt::rfc2822::parse(stated) {
        return Some(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
    }
    // Programs get the day of the week wrong, which says nothing of the rest.
    if let Some((_, rest)) = stated.split_once(", ")
        && let Ok(zoned) = jiff::fmt::rfc2822::parse(rest)
    {
        return Some(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
    }
    super::wire::spoken(stated).or_else(|| date_in(stated).map(|date| date.to_string()))
}

/// Seconds or milliseconds of Unix time, of this century up to 2033.
fn counted(stated: &str) -> Option<String> {
    let seconds = match stated.len() {
        10 => stated,
        13 => stated.get(..10)?,
        _ => return None,
    };
    let is_count = stated.starts_with('1') && stated.bytes().all(|byte| byte.is_ascii_digit());
    let time = jiff::Timestamp::from_second(seconds.parse().ok()?).ok()?;
    is_count.then(|| time.to_string())
}

/// ISO 8601 without hyphens and colons, as the formats of news agencies have it: `20190723T202119+0900`, `20151210T191044Z`,
/// `20040907`. Without an offset it is the date alone, as elsewhere.
fn basic(stated: &str) -> Option<String> {
    let (date, time) = stated.split_once('T').unwrap_or((stated, ""));
    let is_date = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
    let date = is_date.then_some(date)?;
    let (year, month, day) = (date.get(..4)?, date.get(4..6)?, date.get(6..)?);
    let year = self::year(year)?;
    let date = Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()?;
    let digits = time.bytes().take_while(u8::is_ascii_digit).count();
    let offset = time
        .find(['Z', 'z', '+', '-'])
        .and_then(|at| time.get(at..));
    let (Some(clock), Some(offset)) = (time.get(..digits), offset) else {
        return Some(date.to_string());
    };
    let (hours, minutes) = (clock.get(..2)?, clock.get(2..4)?);
    let seconds = clock.get(4..6).unwrap_or("00");
    rfc3339(&format!("{date}T{hours}:{minutes}:{seconds}{offset}"))
}

/// An ISO 8601 time with an offset, in the one form of RFC 3339.
pub(super) fn rfc3339(stated: &str) -> Option<String> {
    let mut parts = stated.splitn(2, ['T', ' ']);
    let (date, time) = (parts.next()?, parts.next()?);
    let date: Date = date.parse().ok()?;
    let from = time.find(['Z', 'z', '+', '-'])?;
    let (clock, offset) = time.split_at_checked(from)?;
    let clock: jiff::civil::Time = clock.trim().parse().ok()?;
    let offset = match offset.trim() {
        "Z" | "z" => "Z".to_owned(),
        other => {
            let sign = other.chars().next()?;
            let digits: String = other.chars().filter(char::is_ascii_digit).collect();
            let (hours, minutes) = (digits.get(..2)?, digits.get(2..4).unwrap_or("00"));
            let valid = hours.parse::<u8>().is_ok_and(|hours| hours <= 23)
                && minutes.parse::<u8>().is_ok_and(|m| m <= 59);
            valid.then(|| format!("{sign}{hours}:{minutes}"))?
        }
    };
    Some(format!(
        "{date}T{:02}:{:02}:{:02}{offset}",
        clock.hour(),
        clock.minute(),
        clock.second()
    ))
}

#[cfg(test)]
mod tests {
    use super::machine;

    #[test]
    fn times_of_agencies_are_read_without_hyphens_and_colons() {
        for (stated, means) in [
            ("20190723T202119+0900", "2019-07-23T20:21:19+09:00"),
            ("20151210T191044Z", "2015-12-10T19:10:44Z"),
            ("20210516T090004", "2021-05-16"),
            ("20040907", "2004-09-07"),
            ("20210516T0900+0200", "2021-05-16T09:00:00+02:00"),
            ("2017-10-11T10:41:00+0100", "2017-10-11T10:41:00+01:00"),
            ("2016-01-04T15:43:34.000Z", "2016-01-04T15:43:34Z"),
            ("2018-01-30T17:32:18.397", "2018-01-30"),
            (
                "Sun, 11 Jul 2014 15:06:01 +0000",
                "2014-07-11T15:06:01+00:00",
            ),
            ("2013-07-29 16:03:54Z", "2013-07-29T16:03:54Z"),
            ("February 13, 2024 6:05 PM EST", "2024-02-13T18:05:00-05:00"),
            ("Feb. 13, 2024, 12:05 a.m. GMT", "2024-02-13T00:05:00+00:00"),
            ("Tue Mar 12 06:05:00 2024", "2024-03-12"),
            ("Tue Mar 12 06:05:00 UTC 2024", "2024-03-12T06:05:00Z"),
            (
                "Tue Mar 12 06:05:00 +0100 2024",
                "2024-03-12T06:05:00+01:00",
            ),
        ] {
            assert_eq!(machine(stated).as_deref(), Some(means), "{stated}");
        }
        for no in ["20191399", "12345678", "20190723X", "0000-00-00 00:00:00Z"] {
            assert_eq!(machine(no), None, "{no}");
        }
    }
}
