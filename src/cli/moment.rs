//! Points in time as people type them.

use clap::Args;

use crate::report::Between;

/// A point in time: an RFC 3339 time, a date (its first moment, UTC), or how long ago (`30min`, `2h`, `3d`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// This one, Unix milliseconds.
    At(i64),
    /// So many milliseconds before now.
    Ago(i64),
}

/// The units of a duration, in milliseconds.
const UNITS: [(&str, i64); 8] = [
    ("ms", 1),
    ("s", 1_000),
    ("sec", 1_000),
    ("m", 60_000),
    ("min", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("w", 604_800_000),
];

impl Moment {
    /// In Unix milliseconds.
    pub(super) fn ms(self, now_ms: i64) -> i64 {
        match self {
            Self::At(ms) => ms,
            Self::Ago(ms) => now_ms.saturating_sub(ms),
        }
    }
}

impl std::str::FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Ok(time) = text.parse::<jiff::Timestamp>() {
            return Ok(Self::At(time.as_millisecond()));
        }
        if let Ok(day) = text.parse::<jiff::civil::Date>()
            && let Ok(midnight) = day.to_zoned(jiff::tz::TimeZone::UTC)
        {
            return Ok(Self::At(midnight.timestamp().as_millisecond()));
        }
        ago(text).map(Self::Ago).ok_or_else(|| {
            "say a time (2026-04-04T12:00:00Z), a date (2026-04-04) or how long ago (30min, 2h, 3d)"
                .to_owned()
        })
    }
}

fn ago(text: &str) -> Option<i64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let (_, unit_ms) = UNITS.into_iter().find(|(name, _)| *name == unit.trim())?;
    number.parse::<i64>().ok()?.checked_mul(unit_ms)
}

/// The span of time a verb is asked about.
#[derive(Debug, Clone, Args)]
pub(super) struct Span {
    /// From this on: an RFC 3339 time, a date (UTC), or how long ago: `30min`, `2h`, `3d`
    #[arg(long, value_name = "T")]
    pub since: Option<Moment>,
    /// Before this, likewise
    #[arg(long, value_name = "T")]
    pub until: Option<Moment>,
}

impl Span {
    /// In Unix milliseconds.
    pub(super) fn between(&self, now_ms: i64) -> Between {
        Between {
            since_ms: self.since.map(|moment| moment.ms(now_ms)),
            until_ms: self.until.map(|moment| moment.ms(now_ms)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_dates_and_durations_are_understood() {
        let parse = |text: &str| text.parse::<Moment>();
        assert_eq!(parse("1970-01-02"), Ok(Moment::At(86_400_000)));
        assert_eq!(parse("1970-01-01T01:00:01+01:00"), Ok(Moment::At(1_000)));
        assert_eq!(parse("2h"), Ok(Moment::Ago(7_200_000)));
        assert_eq!(parse("30min"), Ok(Moment::Ago(1_800_000)));
        assert_eq!(parse("3d"), Ok(Moment::Ago(259_200_000)));
        assert_eq!(parse("10 s"), Ok(Moment::Ago(10_000)));
        assert_eq!(Moment::Ago(10).ms(100), 90);
        for wrong in [
            "",
            "h",
            "2",
            "2 fortnights",
            "-3h",
            "99999999999999999d",
            "2026-13-01",
            "ä",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
