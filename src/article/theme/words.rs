//! The words of a text as a theme counts them: stems by hash, with where and how each is written.
//!
//! The stems are those of English plurals and verbs; in other languages those endings mostly mean the same, and what they
//! miss is two rare words for one. Of scripts without spaces two characters in a row are a word.

use unicode_normalization::char::is_combining_mark;

use super::{Days, weekdays};
use crate::article::prose;

/// Words of a text that are read: the 48 weightiest of a book are not what it is news about.
pub(super) const WORDS_MAX: usize = 4_000;
/// Characters of a stem: what stands behind is ending.
const STEM_CHARS: usize = 12;
/// Words of the lead that are kept for the days of the week in it.
const LEAD_KEPT: usize = 100;

/// One word of a text, all its places together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Hash of the stem, 24 bits.
    pub(super) key: u32,
    /// How often it stands in the body.
    pub(super) times: usize,
    /// Which word of the body it is at first.
    pub(super) first: usize,
    /// Whether the headline has it.
    pub(super) in_title: bool,
    /// Whether it has a capital letter where most words have none.
    pub(super) is_name: bool,
    /// Whether it begins with a digit.
    pub(super) is_number: bool,
}

/// One place of a word, as one number: sorting them is most of the work. From above: the key, whether the headline has it,
/// which word of the body it is (all ones in the headline), and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place(u64);

impl Place {
    const IN_TITLE: u64 = 1 << 39;
    /// Inside a sentence, where a capital letter says something.
    const INSIDE: u64 = 1;
    const CAPITAL: u64 = 2;
    const NUMBER: u64 = 4;

    fn new(key: u32, at: Option<usize>, how: u64) -> Self {
        let at = at.and_then(|at| u32::try_from(at).ok());
        let at = at.map_or(Self::IN_TITLE | 0x7f_ffff << 16, |at| u64::from(at) << 16);
        Self(u64::from(key) << 40 | at | how)
    }

    fn key(self) -> u32 {
        u32::try_from(self.0 >> 40).unwrap_or(0)
    }

    fn at(self) -> usize {
        usize::try_from(self.0 >> 16 & 0x7f_ffff).unwrap_or(0)
    }

    fn is(self, how: u64) -> bool {
        self.0 & how == how
    }
}

/// The words of a text.
#[derive(Debug, Default)]
pub(super) struct Words {
    places: Vec<Place>,
    /// The day of the week each of the first words names, if any.
    days: Vec<Option<u8>>,
    /// Words of the body.
    len: usize,
}

impl Words {
    /// Reads headline and body.
    pub(super) fn read(title: &str, text: &str) -> Self {
        let mut words = Self::default();
        Reader::new(&mut words, false).read(text);
        Reader::new(&mut words, true).read(title);
        words.places.sort_unstable();
        words
    }

    /// How many words the body has, as far as it is read.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Each word once, by key.
    pub(super) fn iter(&self) -> impl Iterator<Item = Word> {
        self.places
            .chunk_by(|a, b| a.key() == b.key())
            .filter_map(|places| {
                let (first, last) = (places.first()?, places.last()?);
                let titles = places.iter().rev().take_while(|it| it.is(Place::IN_TITLE));
                let times = places.len() - titles.count();
                let body = places.get(..times)?;
                let inside = body.iter().filter(|it| it.is(Place::INSIDE));
                let capital = inside.clone().filter(|it| it.is(Place::CAPITAL));
                Some(Word {
                    key: first.key(),
                    times,
                    first: first.at(),
                    in_title: last.is(Place::IN_TITLE),
                    is_name: capital.count() * 2 > inside.count(),
                    is_number: first.is(Place::NUMBER),
                })
            })
    }

    /// The days of the week among the first words, and the first of them counted from 1; 0 for none.
    pub(super) fn days(&self, within: usize) -> (Days, u8) {
        let mut named = self.days.iter().take(within).flatten();
        let first = named.clone().next().map_or(0, |day| day + 1);
        (
            Days::from_bits(
                named
                    .try_fold(0, |bits, day| Some(bits | 1 << day))
                    .unwrap_or(0),
            ),
            first,
        )
    }
}

/// Reads one piece of text into [`Words`].
struct Reader<'a> {
    words: &'a mut Words,
    in_title: bool,
    /// The word being read, in lower case.
    word: String,
    /// Where the last apostrophe inside the word stood.
    apostrophe: Option<usize>,
    /// How the word being read is written, as a [`Place`] says it.
    how: u64,
    /// Whether the next word will be the first of a sentence.
    opens: bool,
    /// The character before, where it was of a script without spaces.
    before: Option<char>,
    count: usize,
}

impl<'a> Reader<'a> {
    fn new(words: &'a mut Words, in_title: bool) -> Self {
        Self {
            words,
            in_title,
            word: String::new(),
            apostrophe: None,
            how: 0,
            opens: true,
            before: None,
            count: 0,
        }
    }

    fn read(mut self, text: &str) {
        let mut rest = text;
        while self.count < WORDS_MAX {
            let plain = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            if let Some((letters, behind)) = rest.split_at_checked(plain).filter(|_| plain > 0) {
                self.letters(letters);
                rest = behind;
            }
            let mut chars = rest.chars();
            let Some(c) = chars.next() else { break };
            rest = chars.as_str();
            if prose::is_alphanumeric(c) {
                self.letter(c);
            } else if !c.is_ascii()
                && !self.word.is_empty()
                && (is_combining_mark(c) || prose::is_invisible(c))
            {
                // Part of the word, but not of how it is compared.
            } else if matches!(c, '\'' | '’' | 'ʼ')
                && !self.word.is_empty()
                && chars.next().is_some_and(prose::is_alphanumeric)
            {
                self.apostrophe();
            } else {
                self.part();
                self.before = None;
                self.opens |= matches!(
                    c,
                    '.' | '!' | '?' | '\n' | ':' | ';' | '"' | '“' | '»' | '„'
                );
            }
        }
        self.part();
        if !self.in_title {
            self.words.len = self.count;
        }
    }

    /// Begins a word.
    fn begin(&mut self, capital: bool) {
        let flag = |is: bool, how: u64| if is { how } else { 0 };
        let opening = std::mem::take(&mut self.opens);
        self.how = flag(!opening, Place::INSIDE) | flag(capital, Place::CAPITAL);
    }

    /// Letters and digits of ASCII, which most are.
    fn letters(&mut self, letters: &str) {
        self.before = None;
        let from = self.word.len();
        if from == 0 {
            self.begin(letters.starts_with(|c: char| c.is_ascii_uppercase()));
        }
        self.word.push_str(letters);
        if let Some(new) = self.word.get_mut(from..) {
            new.make_ascii_lowercase();
        }
    }

    fn letter(&mut self, c: char) {
        if prose::is_ideograph(c) {
            self.part();
            if let Some(before) = self.before.replace(c) {
                self.word.extend([before, c]);
                self.part();
            }
            return;
        }
        if self.word.is_empty() {
            self.begin(c.is_uppercase());
        }
        self.word.extend(c.to_lowercase());
    }

    /// "O'Neill", "l'accord": what stands before is an article or a prefix. "Minister's": what stands behind is an ending.
    fn apostrophe(&mut self) {
        if self.word.chars().nth(2).is_none() {
            self.word.clear();
            self.opens = self.how & Place::INSIDE == 0;
            self.apostrophe = None;
        } else {
            self.apostrophe = Some(self.word.len());
        }
    }

    /// Ends the word being read.
    fn part(&mut self) {
        if self.word.is_empty() {
            return;
        }
        if let Some(at) = self.apostrophe.take()
            && self.word.get(at..) == Some("s")
        {
            self.word.truncate(at);
        }
        if !self.in_title && self.words.days.len() < LEAD_KEPT {
            self.words.days.push(weekdays::day(&self.word));
        }
        let number = self.word.starts_with(|c: char| c.is_numeric());
        let how = self.how | if number { Place::NUMBER } else { 0 };
        let at = Some(self.count).filter(|_| !self.in_title);
        self.words
            .places
            .push(Place::new(key(stem(&self.word)), at, how));
        self.count += 1;
        self.word.clear();
        self.how = Place::INSIDE;
    }
}

/// A word without its ending, and what takes the ending's place.
fn stem(word: &str) -> (&[u8], &'static [u8]) {
    let mut end = word.char_indices().skip(STEM_CHARS);
    let word = match end.next() {
        Some((end, _)) if word.len() > STEM_CHARS => word.as_bytes().get(..end),
        _ => None,
    }
    .unwrap_or(word.as_bytes());
    let chars = word
        .iter()
        .filter(|byte| !matches!(byte, 0x80..=0xbf))
        .count();
    match word {
        [b'0'..=b'9', ..] | [.., b's', b's'] => (word, b""),
        [stem @ .., b'i', b'e', b's'] if chars > 4 => (stem, b"y"),
        [stem @ .., b'i', b'n', b'g'] if chars > 5 => (stem, b""),
        [stem @ .., b'e', b'd' | b's'] if chars > 4 => (stem, b""),
        [stem @ .., b's'] if chars > 3 => (stem, b""),
        _ => (word, b""),
    }
}

/// The key of a stem: FNV-1a, its bits mixed, the upper 24.
fn key((stem, ending): (&[u8], &[u8])) -> u32 {
    let hash = stem
        .iter()
        .chain(ending)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    u32::try_from(hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_fall_and_short_words_stay() {
        let stem = |word| {
            let (stem, ending) = stem(word);
            String::from_utf8([stem, ending].concat()).unwrap()
        };
        let words = [
            "talks",
            "talking",
            "talked",
            "countries",
            "was",
            "press",
            "bus",
            "1990s",
        ];
        assert_eq!(
            words.map(stem),
            [
                "talk", "talk", "talk", "country", "was", "press", "bus", "1990s"
            ]
        );
    }

    #[test]
    fn a_possessive_is_the_word_and_a_prefix_is_not() {
        let keys = |text| {
            Words::read("", text)
                .iter()
                .map(|it| it.key)
                .collect::<Vec<_>>()
        };
        assert_eq!(keys("minister’s"), keys("minister"));
        assert_eq!(keys("l’accord"), keys("accord"));
        assert_ne!(keys("minister’t"), keys("minister"));
    }

    #[test]
    fn names_are_capital_inside_sentences_only() {
        let words = Words::read(
            "Port Reopens",
            "Ferries left the port. Ferries to Ostby wait; the Ostby line is cut.",
        );
        let name = |stem: &str| {
            words
                .iter()
                .find(|it| it.key == key((stem.as_bytes(), b"")))
                .unwrap()
                .is_name
        };
        assert!(name("ostby"));
        assert!(!name("port"));
        assert!(!name("ferry"));
    }

    #[test]
    fn scripts_without_spaces_are_read_by_pairs() {
        let words = Words::read("", "東京都知事");
        assert_eq!(words.len(), 4);
        assert_eq!(words.iter().count(), 4);
    }
}
