//! A block → its key: a hash of its words; where it states dates and counts, up to these.
//!
//! "You have 3 free articles left" and "Published 12 March 2024 at 14:05" recur with other numbers each time. So do the
//! sentences of a market report, whose numbers are what they say: prices, percentages, decimals, long sentences and those
//! with several numbers recur only where they recur exactly.

use crate::article::attribution;
use crate::article::parse::Block;
use crate::article::prose;

/// What a block is recognised by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    /// The hash.
    pub(super) hash: u64,
    /// Whether numbers and dates were left out of it.
    pub(super) is_masked: bool,
}

/// Fewer letters say nothing: page numbers, rules, the numbers of a ranking.
const LETTERS_MIN: usize = 3;
/// Letters that have to be left beside a date ("Updated"), and beside a count ("You have … left").
const LETTERS_BESIDE_DATE: usize = 5;
const LETTERS_BESIDE_COUNT: usize = 12;
/// A longer sentence tells facts; of its numbers only a year is left out ("Copyright 2024 …").
const SENTENCE_MAX: usize = 120;
/// The same for what is no sentence.
const LINE_MAX: usize = 240;

/// The key of a block; none where it has hardly a letter.
pub(super) fn of(block: &Block) -> Option<Key> {
    let squeezed = block.squeezed();
    let mut letters = squeezed.chars().filter(|c| c.is_alphabetic());
    letters.nth(LETTERS_MIN - 1)?;
    let exact = Key {
        hash: digest(squeezed),
        is_masked: false,
    };
    if !squeezed.bytes().any(|byte| byte.is_ascii_digit()) {
        return Some(exact);
    }
    let sentence = prose::ends_sentence(&block.text);
    Some(match masked(&block.text, block.reading.weight, sentence) {
        Some(masked) => Key {
            hash: digest(&masked),
            is_masked: true,
        },
        None => exact,
    })
}

/// A hash without a seed, the same everywhere: eight bytes at a time, then the final mix of `SplitMix64`. Every text near an
/// article is read for it, so it is quick rather than strong.
pub(super) fn digest(text: &str) -> u64 {
    let mut hash = text.len() as u64;
    for bytes in text.as_bytes().chunks(8) {
        let word = match bytes.try_into() {
            Ok(whole) => u64::from_le_bytes(whole),
            Err(_) => bytes
                .iter()
                .rev()
                .fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        hash = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 29;
    }
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'a> {
    /// Digits, with single marks between them: "14:05", "1,204".
    Number { text: &'a str, is_amount: bool },
    /// In lower case.
    Word(String),
}

/// What stands in place of numbers and dates. No word of a text is this.
const HOLE: &str = "#";

/// A text in lower case with its dates and counts left out; none where its numbers are facts.
fn masked(text: &str, weight: usize, sentence: bool) -> Option<String> {
    let tokens = tokens(text);
    let months = tokens.iter().filter(|token| is_month(token)).count();
    let dated = months > 0
        || tokens
            .iter()
            .any(|token| matches!(token, Token::Number { text, .. } if is_date(text)));
    let long = weight > if sentence { SENTENCE_MAX } else { LINE_MAX };
    let (mut days, mut counts, mut letters) = (months, 0, 0);
    // A page says when it was published with year or hour; running text often says neither.
    let mut is_exact = !(sentence && months > 0);
    let mut masked: Vec<&str> = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Number {
                is_amount: true, ..
            } => return None,
            Token::Number { text, .. } => {
                let unit = tokens.get(at + 1).is_some_and(is_unit_of_time);
                let figure = kind_of(text, dated, days > 0 || unit);
                is_exact |= matches!(figure, Figure::Year | Figure::Moment);
                counts += match figure {
                    Figure::Year => 0,
                    _ if long => return None,
                    Figure::Thousands if sentence => return None,
                    Figure::Thousands => 1,
                    Figure::Day => {
                        days = days.saturating_sub(1);
                        0
                    }
                    Figure::Moment => 0,
                    Figure::Counts(n) => n,
                    Figure::Fact => return None,
                };
                masked.push(HOLE);
            }
            Token::Word(word) if is_month(token) || is_weekday(word) || is_half_of_day(word) => {
                masked.push(HOLE);
            }
            Token::Word(word) => {
                letters += word.chars().count();
                masked.push(word);
            }
        }
    }
    masked.dedup_by(|a, b| *a == HOLE && *b == HOLE);
    let enough = if counts == 0 {
        LETTERS_BESIDE_DATE
    } else {
        LETTERS_BESIDE_COUNT
    };
    let few = counts <= if sentence { 1 } else { 3 };
    (few && is_exact && letters >= enough).then(|| masked.join(" "))
}

/// What a number is.
enum Figure {
    Year,
    /// Day of a month, or what a unit of time stands behind.
    Day,
    /// Time of day, or a date in figures.
    Moment,
    /// One whole number, its thousands set apart.
    Thousands,
    /// So many whole numbers.
    Counts(usize),
    /// What may not be left out.
    Fact,
}

fn kind_of(text: &str, dated: bool, may_be_day: bool) -> Figure {
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    let number = |part: &str| part.parse::<u64>().unwrap_or(u64::MAX);
    match parts.as_slice() {
        [one] if one.len() == 4 && (1900..=2100).contains(&number(one)) => Figure::Year,
        [one] if may_be_day && one.len() <= 2 => Figure::Day,
        [_] => Figure::Counts(1),
        _ if is_date(text) => Figure::Moment,
        [hour, minute, ..]
            if (text.contains(':') || dated && text.contains('.'))
                && number(hour) < 25
                && minute.len() == 2
                && number(minute) < 60 =>
        {
            Figure::Moment
        }
        [first, rest @ ..]
            if first.len() <= 3
                && rest.iter().all(|part| part.len() == 3)
                && !text.contains(['-', '/', ':']) =>
        {
            Figure::Thousands
        }
        several if text.contains(['-', '/']) => Figure::Counts(several.len()),
        _ => Figure::Fact,
    }
}

/// "2024-03-12", "12/03/2024", "12.3.24": three numbers with the same mark between them.
fn is_date(text: &str) -> bool {
    ['-', '/', '.'].into_iter().any(|mark| {
        let parts: Vec<&str> = text.split(mark).collect();
        let figures = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        parts.len() == 3
            && parts.iter().all(figures)
            && parts.iter().filter(|part| part.len() <= 2).count() >= 2
    })
}

fn is_month(token: &Token<'_>) -> bool {
    matches!(token, Token::Word(word) if attribution::month(word).is_some())
}

/// Names of the days of the week in the languages whose months are known, in lower case.
#[rustfmt::skip] // a table
const WEEKDAYS: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag",
    "mo", "di", "mi", "do", "fr", "sa", "so",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo",
    "segunda", "terça", "quarta", "quinta", "sexta", "feira",
    "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica",
    "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
    "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag",
    "mandag", "tirsdag", "lørdag", "søndag",
    "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье",
    "понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота", "неділя",
    "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela",
    "pondělí", "úterý", "středa", "čtvrtek", "pátek", "neděle",
];

fn is_weekday(word: &str) -> bool {
    WEEKDAYS.contains(&word)
}

/// What stands behind a time of day in some of its forms and not in others.
fn is_half_of_day(word: &str) -> bool {
    matches!(word, "am" | "pm" | "uhr")
}

/// Year, month, day, hour, minute as East Asian dates write them.
fn is_unit_of_time(token: &Token<'_>) -> bool {
    let units = [
        "年", "月", "日", "時", "时", "分", "년", "월", "일", "시", "분",
    ];
    matches!(token, Token::Word(word) if units.contains(&word.as_str()))
}

/// Marks that may stand between two digits of one number.
const JOINTS: [char; 6] = ['.', ',', ':', '/', '-', '\u{a0}'];
/// What makes a number an amount, before it or behind it.
const AMOUNTS: [char; 7] = ['%', '€', '$', '£', '¥', '₹', '°'];

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let length = if c.is_ascii_digit() {
            let length = number_length(rest);
            let behind = rest.get(length..).unwrap_or("").trim_start();
            tokens.push(Token::Number {
                text: rest.get(..length).unwrap_or(""),
                is_amount: AMOUNTS.contains(&before) || is_amount_behind(behind),
            });
            length
        } else if c.is_alphabetic() {
            let length = word_length(rest, c);
            let word = rest.get(..length).unwrap_or("");
            tokens.push(Token::Word(word.replace(['\'', '’'], "").to_lowercase()));
            length
        } else {
            c.len_utf8()
        };
        if !prose::is_blank(c) {
            before = c;
        }
        rest = rest.get(length..).unwrap_or("");
    }
    tokens
}

fn number_length(rest: &str) -> usize {
    let mut chars = rest.char_indices().peekable();
    let mut end = 0;
    while let Some((at, c)) = chars.next() {
        let next_is_digit = chars.peek().is_some_and(|(_, c)| c.is_ascii_digit());
        if !(c.is_ascii_digit() || JOINTS.contains(&c) && next_is_digit) {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// A word goes as far as letters go, figures in it too; an ideograph is one by itself.
fn word_length(rest: &str, first: char) -> usize {
    if prose::is_ideograph(first) || matches!(first, '\u{ac00}'..='\u{d7a3}') {
        return first.len_utf8();
    }
    let ends =
        |c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')) || prose::is_ideograph(c);
    rest.find(ends).unwrap_or(rest.len())
}

/// Words that make the number before them an amount.
const UNITS: [&str; 12] = [
    "percent",
    "per cent",
    "pct",
    "prozent",
    "euro",
    "dollar",
    "pound",
    "million",
    "billion",
    "millionen",
    "milliarden",
    "points",
];

fn is_amount_behind(behind: &str) -> bool {
    behind.starts_with(AMOUNTS)
        || UNITS.iter().any(|unit| {
            behind
                .get(..unit.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(unit))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::parse;

    fn key(text: &str) -> Key {
        let draft = parse::read_plain(text);
        of(draft.blocks.first().expect("a block")).expect("a key")
    }

    #[test]
    fn dates_and_counts_do_not_matter() {
        for (a, b) in [
            (
                "You have 3 free articles left this month",
                "You have 12 free articles left this month",
            ),
            (
                "You have 3 free articles left this month.",
                "You have 1 free articles left this month.",
            ),
            (
                "Published 12 March 2024 at 14:05",
                "Published 3 June 2025 at 9:30",
            ),
            ("Updated: 2024-03-12 14:05", "Updated: 2025-11-01 08:00"),
            (
                "© 2024 The Outlet, all rights reserved",
                "© 2025 The Outlet, all rights reserved",
            ),
            (
                "Last updated: Tuesday 4 June 2024, 9.30 am | 214 comments",
                "Last updated: Sunday 11 August 2024, 10.05 pm | 1,204 comments",
            ),
            (
                "Stand: Dienstag, 4. Juni 2024, 9:30 Uhr",
                "Stand: Freitag, 14. März 2025, 17:00 Uhr",
            ),
            (
                "更新时间:2024年3月12日 14:05",
                "更新时间:2025年11月2日 08:30",
            ),
        ] {
            assert_eq!(key(a), key(b), "{a}");
            assert!(key(a).is_masked);
        }
    }

    #[test]
    fn facts_matter() {
        for (a, b) in [
            (
                "The FTSE 100 closed up 0.4 per cent at 7,450.",
                "The FTSE 100 closed up 0.6 per cent at 7,501.",
            ),
            (
                "Shares of Norda fell 3 percent.",
                "Shares of Norda fell 4 percent.",
            ),
            (
                "Highs of 23 to 25 degrees are expected.",
                "Highs of 18 to 20 degrees are expected.",
            ),
            (
                "A month costs 5 € for all readers",
                "A month costs 6 € for all readers",
            ),
            (
                "The council of Varnholm voted on 4 June to rebuild the harbour wall, which the flood of last winter had \
                 damaged at several places along the quay, officials said.",
                "The council of Varnholm voted on 5 June to rebuild the harbour wall, which the flood of last winter had \
                 damaged at several places along the quay, officials said.",
            ),
            ("Half-time: 1-0", "Half-time: 2-1"),
            ("Payment is due April 30.", "Payment is due May 31."),
            (
                "Underwriters may buy up to 254,285 more shares to cover demand.",
                "Underwriters may buy up to 1,220,000 more shares to cover demand.",
            ),
        ] {
            assert_ne!(key(a), key(b), "{a}");
        }
    }
}
