//! A text made ready to be compared: its words with their places, its shingles and where they stand, its facts.
//!
//! Words and shingles are those of [`crate::article::fingerprint`], so that a print of the index can be found in here.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::article::Span;
use crate::article::fingerprint::{FNV, SHINGLE_WORDS, combine, is_normal, mix};
use crate::article::prose;

/// Words of a text that are compared; what stands behind them is not looked at. Novels are longer, news is not.
const WORDS_MAX: usize = 1 << 16;

/// A text, read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Hashes of the words, in order.
    pub(super) words: Vec<u64>,
    /// Where and what they are.
    pub(super) places: Vec<Place>,
    /// Hashes of every five words in a row, in order; of all words where there are fewer.
    pub(super) shingles: Vec<u64>,
    /// How many of them are distinct.
    pub(super) distinct: usize,
    /// The different figures: sorted hashes.
    pub(super) figures: Vec<u64>,
    /// The different words written with a capital inside a sentence: sorted hashes.
    pub(super) names: Vec<u64>,
    /// The different words of the headline: sorted hashes.
    pub(super) title: Vec<u64>,
    /// Where shingles stand.
    index: Index,
}

/// Where a word stands, and what it looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    start: u32,
    end: u32,
    /// What kind of word it is.
    pub(super) kind: Kind,
}

/// What a word looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing special.
    #[default]
    Plain,
    /// It begins with a digit.
    Figure,
    /// It has a capital that no beginning of a sentence accounts for.
    Name,
}

impl Reading {
    /// Reads a text and its headline.
    pub fn of(title: Option<&str>, text: &str) -> Self {
        let words = read(text);
        let shingles = shingles(&words.hashes);
        let (index, distinct) = Index::of(&shingles);
        let (figures, names) = facts(text, &words);
        Self {
            title: title.map_or_else(Vec::new, |title| sorted(read(title).hashes)),
            words: words.hashes,
            places: words.places,
            shingles,
            distinct,
            figures,
            names,
            index,
        }
    }

    /// How many words it has, as far as they are compared.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it has no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The hashes of every five words in a row, in order.
    pub fn shingles(&self) -> &[u64] {
        &self.shingles
    }

    /// Where a shingle stands first; see [`Reading::again`].
    pub(super) fn find(&self, shingle: u64) -> Option<usize> {
        self.index.find(&self.shingles, shingle)
    }

    /// How many different shingles both texts have.
    pub(super) fn shared_shingles(&self, other: &Self) -> usize {
        let (few, many) = if self.shingles.len() <= other.shingles.len() {
            (self, other)
        } else {
            (other, self)
        };
        let firsts = few.shingles.iter().enumerate();
        firsts
            .filter(|(at, it)| few.index.is_first(*at) && many.find(**it).is_some())
            .count()
    }

    /// Where the shingle at a place stands next.
    pub(super) fn again(&self, at: usize) -> Option<usize> {
        let next = *self.index.next.get(at)?;
        (next != 0).then(|| next as usize - 1)
    }

    /// The bytes from one word to the end of another.
    pub(super) fn span(&self, from: usize, to: usize) -> Span {
        let start = self.places.get(from).map_or(0, |place| place.start);
        let last = to.checked_sub(1).and_then(|last| self.places.get(last));
        Span::new(
            start as usize,
            last.map_or(start, |place| place.end) as usize,
        )
    }

    /// What a word looks like.
    pub(super) fn kind(&self, at: usize) -> Kind {
        self.places.get(at).map_or(Kind::Plain, |place| place.kind)
    }
}

fn shingles(words: &[u64]) -> Vec<u64> {
    if words.len() < SHINGLE_WORDS {
        return Vec::from_iter((!words.is_empty()).then(|| combine(words)));
    }
    let windows = words.array_windows::<SHINGLE_WORDS>();
    windows.map(|words| combine(words)).collect()
}

fn sorted(mut hashes: Vec<u64>) -> Vec<u64> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// A table from shingles to where they stand: open addressing, the first place in the slot, the others chained.
#[derive(Debug, Clone, Default)]
struct Index {
    /// Places counted from 1; 0 is an empty slot.
    slots: Vec<u32>,
    /// For each place the next one of the same shingle, counted from 1.
    next: Vec<u32>,
    /// Places whose shingle stands before already.
    repeats: Vec<u32>,
}

impl Index {
    /// The table, and how many different shingles there are.
    fn of(shingles: &[u64]) -> (Self, usize) {
        let mut index = Self {
            slots: vec![0; (shingles.len() * 2).next_power_of_two()],
            next: vec![0; shingles.len()],
            repeats: Vec::new(),
        };
        let mut distinct = 0;
        // From the end, so that the first place is the last to be written into the slot.
        for (at, shingle) in shingles.iter().enumerate().rev() {
            let Some(slot) = index.slot(shingles, *shingle) else {
                continue;
            };
            let Some(held) = index.slots.get_mut(slot) else {
                continue;
            };
            distinct += usize::from(*held == 0);
            if *held != 0 {
                index.repeats.push(*held - 1);
            }
            if let Some(next) = index.next.get_mut(at) {
                *next = *held;
            }
            *held = u32::try_from(at + 1).unwrap_or_default();
        }
        (index, distinct)
    }

    /// The slot of a shingle, or the empty one where it would be.
    fn slot(&self, shingles: &[u64], shingle: u64) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        // The shingle is a hash already.
        let mut slot = usize::try_from(shingle & 0xffff_ffff).unwrap_or_default() & mask;
        loop {
            let held = *self.slots.get(slot)? as usize;
            if held == 0 || shingles.get(held - 1) == Some(&shingle) {
                return Some(slot);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Whether the shingle at a place does not stand before it.
    fn is_first(&self, at: usize) -> bool {
        // Places were added from the end.
        self.repeats
            .binary_search_by(|repeat| at.cmp(&(*repeat as usize)))
            .is_err()
    }

    fn find(&self, shingles: &[u64], shingle: u64) -> Option<usize> {
        let held = *self.slots.get(self.slot(shingles, shingle)?)? as usize;
        held.checked_sub(1)
    }
}

/// The words of a text, being read.
#[derive(Debug, Default)]
struct Words {
    hashes: Vec<u64>,
    places: Vec<Place>,
    /// FNV-1a of the word that is being read.
    hash: u64,
    /// The word that is being read, if one is.
    word: Option<Place>,
    /// Letters it has.
    letters: usize,
    /// Whether the next word begins a sentence.
    opens: bool,
}

fn read(text: &str) -> Words {
    let text = text.get(..u32::MAX as usize).unwrap_or(text);
    let mut words = Words {
        hashes: Vec::with_capacity(text.len() / 5),
        places: Vec::with_capacity(text.len() / 5),
        hash: FNV.0,
        opens: true,
        ..Words::default()
    };
    let mut rest = text;
    while !rest.is_empty() && words.hashes.len() < WORDS_MAX {
        let at = text.len() - rest.len();
        let mut ascii = prose::find_byte(rest.as_bytes(), |byte| !byte.is_ascii());
        let next = rest.get(ascii..).and_then(|rest| rest.chars().next());
        // What stands before a mark belongs to it.
        ascii -= usize::from(ascii > 0 && next.is_some_and(joins));
        let (head, tail) = rest.split_at_checked(ascii).unwrap_or((rest, ""));
        for (offset, byte) in head.bytes().enumerate() {
            words.ascii(byte, at + offset);
        }
        rest = words.others(tail, at + ascii);
    }
    words.part();
    words.hashes.truncate(WORDS_MAX);
    words.places.truncate(WORDS_MAX);
    words
}

impl Words {
    #[inline]
    fn ascii(&mut self, byte: u8, at: usize) {
        if byte.is_ascii_alphanumeric() {
            self.letter(
                byte.to_ascii_lowercase(),
                at,
                byte.is_ascii_uppercase(),
                byte.is_ascii_digit(),
            );
        } else if byte != b'\'' {
            self.part();
            self.opens |= match byte {
                // What is short before a full stop is an initial or a title: U.S., Mr., Sen.
                b'.' => self.letters > 3,
                b'!' | b'?' | b':' | b'\n' | b'"' => true,
                _ => false,
            };
        }
    }

    #[inline]
    fn letter(&mut self, byte: u8, at: usize, is_capital: bool, is_digit: bool) {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        if self.word.is_none() {
            let kind = if is_digit {
                Kind::Figure
            } else if is_capital && !self.opens {
                Kind::Name
            } else {
                Kind::Plain
            };
            self.word = Some(Place {
                start: at,
                end: at,
                kind,
            });
            self.letters = 0;
        }
        if let Some(word) = &mut self.word {
            word.end = at + 1;
        }
        self.letters += 1;
        self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(FNV.1);
    }

    /// Reads the characters beyond ASCII a text begins with; returns the rest of it.
    fn others<'a>(&mut self, text: &'a str, from: usize) -> &'a str {
        let mut at = 0;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let is_joined = chars.peek().copied().is_some_and(joins);
            if c.is_ascii() && !is_joined {
                break;
            }
            let start = at;
            at += c.len_utf8();
            if is_normal(c) && !is_joined {
                self.other(c, from + start);
                continue;
            }
            // A character with the marks on it is normalised apart from others.
            while let Some(mark) = chars.next_if(|c| joins(*c)) {
                at += mark.len_utf8();
            }
            let cluster = text.get(start..at).unwrap_or_default();
            for c in cluster.nfkc() {
                match u8::try_from(c) {
                    Ok(byte) if byte.is_ascii() => self.ascii(byte, from + start),
                    _ => self.other(c, from + start),
                }
            }
            if let Some(word) = &mut self.word {
                word.end = word.end.max(u32::try_from(from + at).unwrap_or(u32::MAX));
            }
        }
        text.get(at..).unwrap_or_default()
    }

    fn other(&mut self, c: char, at: usize) {
        if prose::is_alphanumeric(c) {
            let alone = prose::is_ideograph(c);
            if alone {
                self.part();
            }
            self.fold(c, at);
            if alone {
                self.part();
            }
        } else if is_combining_mark(c) {
            self.fold(c, at);
        } else if !(matches!(c, '’' | '‘' | 'ʼ') || prose::is_invisible(c)) {
            self.part();
            self.opens |= matches!(c, '“' | '”' | '…' | '。' | '\u{2028}' | '\u{2029}');
        }
    }

    fn fold(&mut self, c: char, at: usize) {
        let is_capital = c.is_uppercase();
        let mut write = |lower: char| {
            let mut bytes = [0; 4];
            for byte in lower.encode_utf8(&mut bytes).bytes() {
                self.letter(byte, at, is_capital, false);
            }
        };
        match c {
            'ß' | 'ẞ' => "ss".chars().for_each(&mut write),
            'ς' => write('σ'),
            _ => c.to_lowercase().for_each(&mut write),
        }
        if let Some(word) = &mut self.word {
            word.end = u32::try_from(at + c.len_utf8()).unwrap_or(u32::MAX);
        }
    }

    #[inline]
    fn part(&mut self) {
        let Some(mut word) = self.word.take() else {
            return;
        };
        if word.kind == Kind::Name && self.letters < 2 {
            word.kind = Kind::Plain;
        }
        self.hashes.push(mix(self.hash));
        self.places.push(word);
        self.hash = FNV.0;
        self.opens = false;
    }
}

/// Whether a character is a mark on the one before it: combining ones, and those of narrow kana.
fn joins(c: char) -> bool {
    !c.is_ascii() && (matches!(c, '\u{ff9e}' | '\u{ff9f}') || is_combining_mark(c))
}

/// The different figures and names of a text. A figure may be several words: 5.93, 12:30, 1,200.
fn facts(text: &str, words: &Words) -> (Vec<u64>, Vec<u64>) {
    let (mut figures, mut names) = (Vec::new(), Vec::new());
    let mut before = None;
    for (hash, place) in words.hashes.iter().zip(&words.places) {
        match place.kind {
            Kind::Plain => {}
            Kind::Name => names.push(*hash),
            Kind::Figure => {
                let joined = before.is_some_and(|end: u32| {
                    let between = text.get(end as usize..place.start as usize);
                    matches!(between, Some("." | "," | ":"))
                });
                match figures.last_mut() {
                    Some(figure) if joined => *figure = combine(&[*figure, *hash]),
                    _ => figures.push(*hash),
                }
            }
        }
        before = (place.kind == Kind::Figure).then_some(place.end);
    }
    (sorted(figures), sorted(names))
}
