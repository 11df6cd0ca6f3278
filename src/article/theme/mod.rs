//! What a text is about: its weightiest words, small enough to be kept with every article.
//!
//! Two texts on one event are written by different people and share hardly a sentence, but they share names, places,
//! numbers and the rarer words. A [`Theme`] is the 48 words that say most: rare in news at large ([`rarity`]), in the
//! headline or the lead, said more than once. With them go the days of the week the lead names, which tell one telephone
//! call from the next between the same two ministers, and the length of the text, by which likeness is judged. Which
//! themes are one story is for `stories` to say.
//!
//! Invariant: a theme is a function of title and text alone; no count of what else is in the store goes into it.

pub mod rarity;
mod weekdays;
mod words;

#[cfg(test)]
mod theme_tests;

use std::cmp::Reverse;

use rarity::Rarity;
use words::{Word, Words};

/// Words in a theme. Against 100, what 48 say ranks pairs of real news worse by 0.02 of average precision, without dates,
/// and no worse with dates.
pub const TERMS_MAX: usize = 48;
/// Words of a theme that are looked up: texts are compared when they share [`SHARED_MIN`] of them. Of 4,780 pairs of one
/// event this keeps 4,750; sixteen keep 4,721.
pub const WEIGHTY_MAX: usize = 24;
/// How many of the weightiest words two texts share to be compared.
pub const SHARED_MIN: usize = 2;
/// Bytes a theme never exceeds.
pub const BYTES_MAX: usize = HEAD_BYTES + TERMS_MAX * 4;
/// Version of layout, keys and weights, days, words.
const HEAD_BYTES: usize = 4;
/// The first byte: what this version writes. Another is not read, and the text has to be looked at again.
const VERSION: u8 = 1;

/// One word of a theme: key, kind and weight in one number, so that order by number is order by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term(u32);

const TITLE: u32 = 1 << 5;
const NAME: u32 = 1 << 6;
const NUMBER: u32 = 1 << 7;
const LEVEL: u32 = TITLE - 1;

impl Term {
    /// The hash of the word's stem, of 24 bits: among 48 words of two texts one in 7,000 pairs meets by chance.
    pub fn key(self) -> u32 {
        self.0 >> 8
    }

    /// What the word weighs.
    pub fn weight(self) -> f32 {
        let level = usize::try_from(self.level()).unwrap_or(0);
        WEIGHTS.get(level).copied().unwrap_or_default()
    }

    fn level(self) -> u32 {
        self.0 & LEVEL
    }

    /// Whether it is part of a [`Kind`].
    pub fn is(self, kind: Kind) -> bool {
        match kind {
            Kind::All => true,
            Kind::Title => self.0 & TITLE != 0,
            Kind::Name => self.0 & NAME != 0,
            Kind::Number => self.0 & NUMBER != 0,
            Kind::Other => self.0 & (NAME | NUMBER) == 0,
        }
    }
}

/// The kinds of words that are compared apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Every word.
    All,
    /// Those of the headline.
    Title,
    /// Those with a capital letter in the middle of sentences.
    Name,
    /// Those that begin with a digit.
    Number,
    /// Neither name nor number: what happens, more than to whom.
    Other,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::All,
        Self::Title,
        Self::Name,
        Self::Number,
        Self::Other,
    ];
}

/// Weights are kept as one of 32 levels, each an eighth more than the one before.
const WEIGHTS: [f32; 32] = levels(0.8);
/// From where on a weight is of the next level.
const STEPS: [f32; 32] = levels(0.8 * 1.06);

/// Multiplied out, since powers and logarithms may differ in the last bit between machines.
const fn levels(first: f32) -> [f32; 32] {
    let mut levels = [first; 32];
    let mut at = 1;
    while at < 32 {
        #[expect(clippy::indexing_slicing, reason = "const, and below the length")]
        {
            levels[at] = levels[at - 1] * 1.12;
        }
        at += 1;
    }
    levels
}

/// Days of the week, one bit each from Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days(u8);

impl Days {
    /// The days of these bits; what is above the seventh is dropped.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & 0x7f)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the two have a day in common.
    pub fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What a text is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Ascending by key, keys distinct, at most [`TERMS_MAX`].
    terms: Vec<Term>,
    days: Days,
    /// The day named first, counted from 1; 0 for none.
    first_day: u8,
    /// Logarithm of the number of words, in [`WORDS_UNIT`]s.
    words: u8,
    /// Length of the terms of each kind, seen as a vector.
    norms: [f32; Kind::ALL.len()],
    /// Keys of the weightiest terms, ascending.
    weighty: Vec<u32>,
}

/// Steps of the length of a text: a sixteenth of its logarithm is six per cent.
const WORDS_UNIT: f32 = 16.0;
/// Words of the lead, where the days are looked for that the text is about. Measured on pairs of one event: the days of
/// two leads meet in 8 of 10 pairs, of two events in 2; the figure is the same from 60 words to 100.
const DAYS_WITHIN: usize = 70;
/// Words from the start that weigh full.
const LEAD_WORDS: usize = 60;
/// What words behind the lead weigh.
const BODY: f32 = 0.7;
/// What being in the headline adds.
const HEADLINE: f32 = 1.5;
/// What numbers weigh more: they are rarer than the table can know, and the same event has the same ones.
const FIGURES: f32 = 1.3;
/// What saying a word 1, 2, … times is worth: 1 + 0.4 ln n.
const TIMES: [f32; 16] = [
    1.0, 1.277, 1.439, 1.555, 1.644, 1.717, 1.778, 1.832, 1.879, 1.921, 1.959, 1.994, 2.026, 2.056,
    2.083, 2.109,
];

impl Theme {
    /// What a text is about, by the rarity of words that is shipped.
    pub fn of(title: Option<&str>, text: &str) -> Self {
        Self::with(Rarity::shipped(), title, text)
    }

    /// What a text is about, by the rarity of words that is given.
    pub fn with(rarity: &Rarity, title: Option<&str>, text: &str) -> Self {
        let words = Words::read(title.unwrap_or_default(), text);
        let mut terms: Vec<Term> = words
            .iter()
            .filter_map(|word| term(&word, rarity))
            .collect();
        if terms.len() > TERMS_MAX {
            terms.select_nth_unstable_by_key(TERMS_MAX, |term| by_weight(*term));
            terms.truncate(TERMS_MAX);
        }
        let (days, first_day) = words.days(DAYS_WITHIN);
        Self::new(terms, days, first_day, log_words(words.len()))
    }

    fn new(mut terms: Vec<Term>, days: Days, first_day: u8, words: u8) -> Self {
        terms.sort_unstable_by_key(|term| by_weight(*term));
        let mut weighty: Vec<u32> = terms.iter().take(WEIGHTY_MAX).map(|it| it.key()).collect();
        weighty.sort_unstable();
        terms.sort_unstable();
        let norms = Kind::ALL.map(|kind| {
            let squares = terms.iter().filter(|it| it.is(kind));
            squares
                .map(|it| it.weight() * it.weight())
                .sum::<f32>()
                .sqrt()
        });
        Self {
            terms,
            days,
            first_day,
            words,
            norms,
            weighty,
        }
    }

    /// The terms, ascending by key.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The keys of the weightiest terms, ascending: what others are found by.
    pub fn weighty(&self) -> &[u32] {
        &self.weighty
    }

    /// The days of the week the lead names.
    pub fn days(&self) -> Days {
        self.days
    }

    /// The day of the week that is named first, counted from 1 for Monday.
    pub fn first_day(&self) -> Option<u8> {
        Some(self.first_day).filter(|day| *day > 0)
    }

    /// Logarithm of one more than the number of words.
    pub fn log_words(&self) -> f32 {
        f32::from(self.words) / WORDS_UNIT
    }

    /// Steps of that logarithm: longer texts have more, and the number is exact where it is compared.
    pub fn length(&self) -> u8 {
        self.words
    }

    /// Whether the two share enough of their weightiest words to be compared.
    pub fn is_near(&self, other: &Self) -> bool {
        shared(&self.weighty, &other.weighty) >= SHARED_MIN
    }

    /// Cosines of two themes, by kind as in [`Kind::ALL`]; 0 where one has no word of the kind.
    pub fn cosines(&self, other: &Self) -> [f32; Kind::ALL.len()] {
        let mut cosines = [0.0f32; Kind::ALL.len()];
        let (mut ours, mut theirs) = (0, 0);
        while let (Some(a), Some(b)) = (self.terms.get(ours), other.terms.get(theirs)) {
            ours += usize::from(a.key() <= b.key());
            theirs += usize::from(b.key() <= a.key());
            if a.key() == b.key() {
                let product = a.weight() * b.weight();
                for (sum, kind) in cosines.iter_mut().zip(Kind::ALL) {
                    if a.is(kind) && b.is(kind) {
                        *sum += product;
                    }
                }
            }
        }
        let norms = self.norms.iter().zip(other.norms);
        for (sum, (a, b)) in cosines.iter_mut().zip(norms) {
            *sum = if *sum > 0.0 { *sum / (a * b) } else { 0.0 };
        }
        cosines
    }

    /// The theme as bytes for the store, at most [`BYTES_MAX`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, self.days.0, self.first_day, self.words];
        for term in &self.terms {
            bytes.extend(term.0.to_le_bytes());
        }
        bytes
    }

    /// Reads a theme; `None` where the bytes are not one of this version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, terms) = bytes.split_at_checked(HEAD_BYTES)?;
        let [VERSION, days, first_day, words] = *head else {
            return None;
        };
        let (terms, rest) = terms.as_chunks::<4>();
        let terms: Vec<Term> = terms
            .iter()
            .map(|it| Term(u32::from_le_bytes(*it)))
            .collect();
        let ascending = terms.is_sorted_by(|a, b| a.key() < b.key());
        let sound = rest.is_empty() && ascending && terms.len() <= TERMS_MAX;
        let sound = sound && first_day <= 7 && Days::from_bits(days).0 == days;
        sound.then(|| Self::new(terms, Days::from_bits(days), first_day, words))
    }
}

/// What sorts the weightiest first; among equals by key, so that none depends on where it stood.
fn by_weight(term: Term) -> (Reverse<u32>, u32) {
    (Reverse(term.level()), term.key())
}

/// How many numbers two ascending lists share.
fn shared(ours: &[u32], theirs: &[u32]) -> usize {
    let mut theirs = theirs.iter().peekable();
    ours.iter()
        .filter(|key| {
            while theirs.next_if(|other| other < key).is_some() {}
            theirs.peek() == Some(key)
        })
        .count()
}

/// The term of a word; `None` for one so common that it says nothing.
fn term(word: &Word, rarity: &Rarity) -> Option<Term> {
    let rare = rarity.of(word.key);
    if rare <= 0.0 {
        return None;
    }
    let times = word.times.checked_sub(1).map_or(0.0, |again| {
        TIMES
            .get(again)
            .or(TIMES.last())
            .copied()
            .unwrap_or_default()
    });
    let place = if word.first < LEAD_WORDS { 1.0 } else { BODY };
    let headline = if word.in_title { HEADLINE } else { 0.0 };
    let figures = if word.is_number { FIGURES } else { 1.0 };
    let weight = (times * place + headline) * figures * rare;
    let level = STEPS.partition_point(|step| *step <= weight).min(31);
    let flag = |is: bool, bit: u32| if is { bit } else { 0 };
    let kind = flag(word.in_title, TITLE) | flag(word.is_name, NAME) | flag(word.is_number, NUMBER);
    Some(Term(
        word.key << 8 | kind | u32::try_from(level).unwrap_or(0),
    ))
}

/// The logarithm of one more than the number of words, in steps.
fn log_words(words: usize) -> u8 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a logarithm of a count, at most 16 times 12"
    )]
    let steps = ((words as f32 + 1.0).ln() * WORDS_UNIT).round() as u8;
    steps
}
