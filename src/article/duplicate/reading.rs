//! A text made ready to be compared: its words with their places, its shingles and where they stand, its facts.
//!
//! Words and shingles are those of [`crate::article::fingerprint`], so that a print of the index can be found in here.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::article::Span;
use crate::article::fingerprint::{FNV, SHINGLE_WORDS, combine, is_normal, mix};
use crate::article::{octets, prose};

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
    /// The different figures: sorted hashes.
    pub(super) figures: Vec<u64>,
    /// The different words written with a capital inside a sentence: sorted hashes.
    pub(super) names: Vec<u64>,
    /// The different words of the headline: sorted hashes.
    pub(super) title: Vec<u64>,
    /// Where shingles stand; made when it is first asked for, since of two texts only the longer one is.
    index: OnceLock<Index>,
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
        let (figures, names) = facts(text, &words);
        Self {
            title: title.map_or_else(Vec::new, |title| sorted(read(title).hashes)),
            words: words.hashes,
            places: words.places,
            shingles,
            figures,
            names,
            index: OnceLock::new(),
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
        self.index().find(&self.shingles, shingle)
    }

    /// Where the shingle at a place stands next.
    pub(super) fn again(&self, at: usize) -> Option<usize> {
        let next = *self.index().next.get(at)?;
        (next != 0).then(|| next as usize - 1)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.shingles))
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
}

impl Index {
    fn of(shingles: &[u64]) -> Self {
        let mut index = Self {
            slots: vec![0; (shingles.len() * 2).next_power_of_two()],
            next: vec![0; shingles.len()],
        };
        // From the end, so that the first place is the last to be written into the slot.
        for (at, shingle) in shingles.iter().enumerate().rev() {
            let slot = index.slot(shingles, *shingle);
            let Some(held) = slot.and_then(|slot| index.slots.get_mut(slot)) else {
                continue;
            };
            if let Some(next) = index.next.get_mut(at) {
                *next = *held;
            }
            *held = u32::try_from(at + 1).unwrap_or_default();
        }
        index
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
    /// The word that is being read, or the last one.
    word: Place,
    /// Letters it has.
    letters: u32,
    /// Whether it is being read.
    inside: bool,
    /// Whether the next word begins a sentence.
    opens: bool,
}

fn read(text: &str) -> Words {
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
        let mut ascii = octets::before_other(rest.as_bytes());
        let next = rest.get(ascii..).and_then(|rest| rest.chars().next());
        // What stands before a mark belongs to it.
        ascii -= usize::from(ascii > 0 && next.is_some_and(joins));
        let (head, tail) = rest.split_at_checked(ascii).unwrap_or((rest, ""));
        for (place, byte) in (offset(at)..).zip(head.bytes()) {
            words.ascii(byte, place);
        }
        rest = words.others(tail, at + ascii);
    }
    words.part();
    words.hashes.truncate(WORDS_MAX);
    words.places.truncate(WORDS_MAX);
    words
}

/// A place in a text; texts of 4 GiB are not read.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Words {
    #[inline]
    fn ascii(&mut self, byte: u8, at: u32) {
        if byte.is_ascii_alphanumeric() {
            if !self.inside {
                self.begin(at, byte.is_ascii_digit(), byte.is_ascii_uppercase());
            }
            self.letter(byte.to_ascii_lowercase(), at + 1);
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
    fn begin(&mut self, at: u32, is_digit: bool, is_capital: bool) {
        let kind = if is_digit {
            Kind::Figure
        } else if is_capital && !self.opens {
            Kind::Name
        } else {
            Kind::Plain
        };
        self.word = Place {
            start: at,
            end: at,
            kind,
        };
        self.letters = 0;
        self.inside = true;
    }

    #[inline]
    fn letter(&mut self, byte: u8, end: u32) {
        self.word.end = end;
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
                    Ok(byte) if byte.is_ascii() => self.ascii(byte, offset(from + start)),
                    _ => self.other(c, from + start),
                }
            }
            if self.inside {
                self.word.end = offset(from + at);
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
        if !self.inside {
            self.begin(offset(at), false, c.is_uppercase());
        }
        let end = offset(at + c.len_utf8());
        let mut write = |lower: char| {
            let mut bytes = [0; 4];
            for byte in lower.encode_utf8(&mut bytes).bytes() {
                self.letter(byte, end);
            }
        };
        match c {
            'ß' | 'ẞ' => "ss".chars().for_each(&mut write),
            'ς' => write('σ'),
            _ => c.to_lowercase().for_each(&mut write),
        }
    }

    #[inline]
    fn part(&mut self) {
        if !self.inside {
            return;
        }
        if self.letters < 2 && self.word.kind == Kind::Name {
            self.word.kind = Kind::Plain;
        }
        self.hashes.push(mix(self.hash));
        self.places.push(self.word);
        self.hash = FNV.0;
        self.inside = false;
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
