//! What a text is to the record, given the texts it is tied to, and who of them was first.
//!
//! Nothing here depends on the order in which articles were recorded: [`Precedence`] is made of what the documents say
//! and of the files themselves, so the same set of files gives the same verdicts whatever their order was.
//!
//! Invariant: pure. No files, no clock, no SQL.

use std::cmp::Reverse;

use crate::article::duplicate::{Overlap, Tie};
use crate::job::{ArticleId, FileStamp};

/// One minute: arrivals closer than this have no order, since which of two files of one delivery is met first is luck.
pub const ARRIVAL_GRAIN_MS: i64 = 60_000;

/// 1 January 2000: an older modification time is an artefact (unpacked archives, reset clocks), not an arrival.
const PLAUSIBLE_MTIME_MS: i64 = 946_684_800_000;

/// When a file arrived, to the minute: its modification time, unless that is in the future of the sighting or
/// implausible. Archives keep modification times, so taking them in later does not make everything in them "now".
pub fn arrival_ms(stamp: &FileStamp, seen_ms: i64) -> i64 {
    let mtime_ms = stamp.mtime_ns.div_euclid(1_000_000);
    let claimed = if (PLAUSIBLE_MTIME_MS..seen_ms).contains(&mtime_ms) {
        mtime_ms
    } else {
        seen_ms
    };
    claimed - claimed.rem_euclid(ARRIVAL_GRAIN_MS)
}

/// How far a stated date may lie after arrival (clocks, time zones) before it is not believed.
const DATE_AHEAD_MAX_MS: i64 = 48 * 3_600_000;

/// A stated date (RFC 3339, or a day alone) in Unix milliseconds, unless it lies well after the arrival. A day alone
/// counts as its end: a text that states the hour is the more precise witness of that day.
pub fn stated_ms(stated: &str, arrival_ms: i64) -> Option<i64> {
    let ms = match stated.parse::<jiff::Timestamp>() {
        Ok(time) => time.as_millisecond(),
        Err(_) => stated
            .parse::<jiff::civil::Date>()
            .and_then(|day| day.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::UTC))
            .map(|time| time.timestamp().as_millisecond())
            .ok()?,
    };
    (ms <= arrival_ms.saturating_add(DATE_AHEAD_MAX_MS)).then_some(ms)
}

/// The order of "who was first": publication as stated (else arrival), then arrival to the minute; where both are
/// equal the longer text (copies are trimmed far more often than expanded), then the smaller document, then the digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Precedence {
    /// Publication in Unix milliseconds, else arrival.
    pub first_ms: i64,
    /// Arrival of the document, to the minute.
    pub arrival_ms: i64,
    /// Length of the text.
    pub text_bytes: Reverse<i64>,
    /// Size of the document.
    pub size_bytes: i64,
    /// Digest of the document.
    pub digest: [u8; 32],
    /// Place in the document.
    pub ordinal: i64,
}

/// An article as others are judged against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The article.
    pub id: ArticleId,
    /// Its place in the order.
    pub precedence: Precedence,
}

/// What an article is to the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Nothing below holds.
    New,
    /// The same words as an earlier article.
    SameText,
    /// Nearly the same words.
    Copy,
    /// Nearly all of it stands in an earlier, longer article.
    Excerpt,
    /// It contains nearly all of an earlier, shorter article.
    Expansion,
    /// A later text of the same article from the same source.
    Version,
}

impl Kind {
    /// All kinds, in the order of DESIGN's table.
    pub const ALL: [Self; 6] = [
        Self::New,
        Self::SameText,
        Self::Copy,
        Self::Excerpt,
        Self::Expansion,
        Self::Version,
    ];

    /// The word in the store, in JSON and on the terminal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::SameText => "same-text",
            Self::Copy => "copy",
            Self::Excerpt => "excerpt",
            Self::Expansion => "expansion",
            Self::Version => "version",
        }
    }
}

/// A verdict, with the measurements it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// What the article is.
    pub kind: Kind,
    /// To which article; none for `new`.
    pub of: Option<ArticleId>,
    /// Share of all their shingles that both have.
    pub resemblance: Option<f64>,
    /// Share of the other's shingles that stand in this one.
    pub contains: Option<f64>,
    /// Share of this one's shingles that stand in the other.
    pub contained: Option<f64>,
}

impl Verdict {
    /// The verdict where no other text is near.
    pub const NEW: Self = Self {
        kind: Kind::New,
        of: None,
        resemblance: None,
        contains: None,
        contained: None,
    };

    fn measured(kind: Kind, of: ArticleId, overlap: Option<&Overlap>) -> Self {
        Self {
            kind,
            of: Some(of),
            resemblance: overlap.map(|overlap| overlap.resemblance),
            contains: overlap.map(|overlap| overlap.b_in_a),
            contained: overlap.map(|overlap| overlap.a_in_b),
        }
    }
}

/// What is around an article.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The first article with the same words, if that is another one.
    pub same_text: Option<Standing>,
    /// The version before it, and how the two texts compare.
    pub earlier_version: Option<(Standing, Overlap)>,
    /// For each text it is tied to: the first article with that text, the tie as seen from here, the measurements
    /// (`a` is this article).
    pub tied: Vec<(Standing, Tie, Overlap)>,
}

/// The verdict on an article: what it is to the first of those before it.
pub fn judge(own: &Standing, around: &Around) -> Verdict {
    if let Some(first) = &around.same_text {
        let whole = Overlap {
            resemblance: 1.0,
            a_in_b: 1.0,
            b_in_a: 1.0,
            shared: 0,
        };
        return Verdict::measured(Kind::SameText, first.id, Some(&whole));
    }
    if let Some((earlier, overlap)) = &around.earlier_version {
        return Verdict::measured(Kind::Version, earlier.id, Some(overlap));
    }
    around
        .tied
        .iter()
        .filter(|(other, ..)| other.precedence < own.precedence)
        .filter_map(|(other, tie, overlap)| kind_of(*tie).map(|kind| (kind, other, overlap)))
        // The nearest; between equals the earliest.
        .max_by(|(_, a, near_a), (_, b, near_b)| {
            near_a
                .resemblance
                .total_cmp(&near_b.resemblance)
                .then_with(|| b.precedence.cmp(&a.precedence))
        })
        .map_or(Verdict::NEW, |(kind, other, overlap)| {
            Verdict::measured(kind, other.id, Some(overlap))
        })
}

/// The verdict a tie leads to; `shares` and nothing lead to none.
fn kind_of(tie: Tie) -> Option<Kind> {
    match tie {
        Tie::Copy => Some(Kind::Copy),
        Tie::Excerpt => Some(Kind::Excerpt),
        Tie::Expansion => Some(Kind::Expansion),
        Tie::Shares | Tie::None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(id: i64, first_ms: i64) -> Standing {
        Standing {
            id: ArticleId(id),
            precedence: Precedence {
                first_ms,
                arrival_ms: 0,
                text_bytes: Reverse(100),
                size_bytes: 100,
                digest: [u8::try_from(id).expect("small"); 32],
                ordinal: 0,
            },
        }
    }

    fn overlap(resemblance: f64) -> Overlap {
        Overlap {
            resemblance,
            a_in_b: resemblance,
            b_in_a: resemblance,
            shared: 50,
        }
    }

    #[test]
    fn an_article_is_new_to_all_that_came_later() {
        let around = Around {
            tied: vec![(standing(2, 20), Tie::Copy, overlap(0.9))],
            ..Around::default()
        };
        assert_eq!(judge(&standing(1, 10), &around), Verdict::NEW);
        assert_eq!(judge(&standing(3, 30), &around).of, Some(ArticleId(2)));
    }

    #[test]
    fn the_nearest_earlier_text_is_named_and_shares_is_no_verdict() {
        let around = Around {
            tied: vec![
                (standing(1, 1), Tie::Excerpt, overlap(0.4)),
                (standing(2, 2), Tie::Copy, overlap(0.9)),
                (standing(3, 3), Tie::Shares, overlap(0.95)),
            ],
            ..Around::default()
        };
        let verdict = judge(&standing(9, 9), &around);
        assert_eq!((verdict.kind, verdict.of), (Kind::Copy, Some(ArticleId(2))));
    }

    #[test]
    fn arrivals_of_one_minute_have_no_order_and_odd_modification_times_are_not_believed() {
        let stamp = |mtime_ms: i64| FileStamp {
            device: 1,
            inode: 1,
            size_bytes: 1,
            mtime_ns: mtime_ms * 1_000_000,
            ctime_ns: 0,
        };
        let seen = 1_700_000_000_000;
        assert_eq!(
            arrival_ms(&stamp(seen - 100_000), seen),
            arrival_ms(&stamp(seen - 110_000), seen)
        );
        assert_eq!(arrival_ms(&stamp(0), seen), seen - seen % ARRIVAL_GRAIN_MS);
        assert_eq!(
            arrival_ms(&stamp(seen + 86_400_000), seen),
            seen - seen % ARRIVAL_GRAIN_MS
        );
    }

    #[test]
    fn between_texts_of_one_minute_the_longer_is_first() {
        let mut long = standing(1, 10);
        let mut short = standing(2, 10);
        long.precedence.text_bytes = Reverse(2_000);
        short.precedence.text_bytes = Reverse(500);
        assert!(long.precedence < short.precedence);
    }
}
