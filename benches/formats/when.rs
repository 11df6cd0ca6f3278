//! Points in time as formats write them, read leniently and compared at the precision both have.

use jiff::civil::{DateTime, date};
use jiff::tz::Offset;

/// A time as it is written: the clock's reading, how exact it is, and how far from UTC the clock is, if that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct When {
    reading: DateTime,
    precision: Precision,
    offset: Option<Offset>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Precision {
    Day,
    Minute,
    Second,
}

/// Reads RFC 3339, RFC 2822, ISO 8601's basic form (`20190723T202119+0900`), without seconds, without an offset, with a
/// blank for the `T`, and a date alone. Parts of seconds are dropped.
pub(crate) fn parse(text: &str) -> Option<When> {
    let text = text.trim();
    iso(text).or_else(|| rfc2822(text))
}

/// Whether two writings mean the same. Two instants are compared as instants, to the minute if one is not more exact.
/// Where one has no offset, the two clocks' readings are compared as they stand; where one is a day, the two days are.
pub(crate) fn same(expected: &str, ours: &str) -> bool {
    let (Some(expected), Some(ours)) = (parse(expected), parse(ours)) else {
        return false;
    };
    let precision = expected.precision.min(ours.precision);
    if precision == Precision::Day {
        return expected.reading.date() == ours.reading.date();
    }
    let (mut one, mut other) = (expected.reading, ours.reading);
    if let (Some(of_one), Some(of_other)) = (expected.offset, ours.offset) {
        let utc = |reading: DateTime, offset: Offset| {
            let instant = offset.to_timestamp(reading).ok()?;
            Some(Offset::UTC.to_datetime(instant))
        };
        let (Some(a), Some(b)) = (utc(one, of_one), utc(other, of_other)) else {
            return false;
        };
        (one, other) = (a, b);
    }
    let cut = |reading: DateTime| {
        let time = reading.time();
        let second = if precision == Precision::Second {
            time.second()
        } else {
            0
        };
        (reading.date(), time.hour(), time.minute(), second)
    };
    cut(one) == cut(other)
}

fn rfc2822(text: &str) -> Option<When> {
    let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(When {
        reading: zoned.datetime(),
        precision: Precision::Second,
        offset: Some(zoned.offset()),
    })
}

/// What is left to read of a text.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// A number of exactly so many digits.
    fn number(&mut self, digits: usize) -> Option<i16> {
        let (these, rest) = self.0.split_at_checked(digits)?;
        let number = these.iter().try_fold(0_i16, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + i16::from(byte - b'0'))
        })?;
        self.0 = rest;
        Some(number)
    }

    /// One of these bytes, if it comes next.
    fn skip(&mut self, any_of: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        any_of.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    fn two(&mut self) -> Option<i8> {
        self.number(2).and_then(|number| i8::try_from(number).ok())
    }
}

fn iso(text: &str) -> Option<When> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.number(4)?;
    let dashed = rest.skip(b"-").is_some();
    let month = rest.two()?;
    if dashed {
        rest.skip(b"-")?;
    }
    let day = rest.two()?;
    let (mut hour, mut minute, mut second) = (0, 0, 0);
    let mut precision = Precision::Day;
    let mut offset = None;
    if !rest.0.is_empty() {
        rest.skip(b"T t")?;
        hour = rest.two()?;
        let colons = rest.skip(b":").is_some();
        minute = rest.two()?;
        precision = Precision::Minute;
        let more = rest.0.first().is_some_and(u8::is_ascii_digit);
        if (colons && rest.skip(b":").is_some()) || (!colons && more) {
            second = rest.two()?;
            precision = Precision::Second;
        }
        if rest.skip(b".,").is_some() {
            while rest.number(1).is_some() {}
        }
        while rest.skip(b" ").is_some() {}
        offset = offset_of(&mut rest);
    }
    let reading = DateTime::from_parts(
        date_of(year, month, day)?,
        jiff::civil::Time::new(hour, minute, second, 0).ok()?,
    );
    rest.0.is_empty().then_some(When {
        reading,
        precision,
        offset,
    })
}

fn date_of(year: i16, month: i8, day: i8) -> Option<jiff::civil::Date> {
    date(1, 1, 1)
        .with()
        .year(year)
        .month(month)
        .day(day)
        .build()
        .ok()
}

/// `Z`, `+09:00`, `+0900`, `+09`; what else comes is left to read.
fn offset_of(rest: &mut Rest) -> Option<Offset> {
    if rest.skip(b"Zz").is_some() {
        return Some(Offset::UTC);
    }
    let minus = rest.skip(b"+-")? == b'-';
    let hours = i32::from(rest.two()?);
    rest.skip(b":");
    let minutes = rest.two().map_or(0, i32::from);
    let seconds = (hours * 60 + minutes) * 60;
    Offset::from_seconds(if minus { -seconds } else { seconds }).ok()
}
