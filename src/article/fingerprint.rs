//! Exact digest and near-duplicate prints of the cleaned text.
//!
//! Both are of the text's words alone: layout, punctuation, case and the shape of characters do not matter. The numbers
//! are stored, so they must be the same on every machine and in every version: nothing here may hash with a seed.

use std::cell::Cell;

#[cfg(test)]
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::octets;
use super::prose;
use super::squeeze::Squeezer;

/// What a text is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// BLAKE3 of the normalised text: equal digests mean `same-text`.
    pub text_digest: [u8; 32],
    /// Selected shingle hashes for the index: sorted, distinct.
    pub prints: Vec<u64>,
}

/// All shingles of a text: sorted, distinct hashes of every five words in a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shingles(Vec<u64>);

impl Shingles {
    /// The hashes: sorted, distinct.
    pub fn as_slice(&self) -> &[u64] {
        &self.0
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the text had no word at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Words in a shingle. Measured on news copies: four meet by chance in formulas, six break at every edited word.
pub(super) const SHINGLE_WORDS: usize = 5;
/// Of so many shingles one is a print: those whose hash says so, whatever stands around them. Measured on news copies
/// against the least hash of every 24 in a row, which makes 6 in 100 prints fewer: of pairs that belong together 3 in
/// 1,000 are not found where it loses 5. And as a true sample it tells how common a passage is.
pub const SAMPLED: usize = 12;

/// Fingerprints a cleaned text.
pub fn fingerprint(text: &str) -> Fingerprint {
    let mut digest = blake3::Hasher::new();
    let mut sample = Sample::default();
    read(
        text,
        |normalised| {
            digest.update(normalised);
        },
        |shingles| sample.push(shingles),
    );
    Fingerprint {
        text_digest: *digest.finalize().as_bytes(),
        prints: sample.finish(),
    }
}

/// All shingles of a text.
pub fn shingles(text: &str) -> Shingles {
    let mut shingles = Vec::with_capacity(text.len() / 5);
    read(text, |_| {}, |more| shingles.extend_from_slice(more));
    Shingles(sorted(shingles))
}

/// Calls back with the shingles of a text, in order.
pub(super) fn each_shingle(text: &str, mut shingle: impl FnMut(u64)) {
    read(
        text,
        |_| {},
        |shingles| shingles.iter().copied().for_each(&mut shingle),
    );
}

fn sorted(mut hashes: Vec<u64>) -> Vec<u64> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// How much normalised text is kept before it is hashed, in bytes: a text of any size costs no more, and the hashes get
/// pieces long enough to be quick with.
const BUFFER_BYTES: usize = 8 << 10;

/// Hands on the normalised text, piece by piece, and its shingles in order.
///
/// Normalised are compatibility forms and case; marks of punctuation are gone, apostrophes inside words too; behind each
/// word stands a blank. Of scripts without spaces every character is a word.
fn read(text: &str, mut normalised: impl FnMut(&[u8]), mut shingles: impl FnMut(&[u64])) {
    let mut words = Words {
        squeezer: Squeezer::default(),
        spare: text.len() + GROWTH_MAX,
    };
    let mut hashing = Hashing::default();
    let mut hand_on = |words: &mut Squeezer| {
        normalised(words.as_bytes());
        hashing.read(words.as_bytes());
        shingles(&hashing.shingles);
        words.clear();
    };
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at_checked(stretch(rest)).unwrap_or((rest, ""));
        words.read(piece, &mut hand_on);
        rest = after;
    }
    words.squeezer.part();
    hand_on(&mut words.squeezer);
    shingles(hashing.finish());
}

/// How many bytes longer a text may get by its compatibility forms; what stands behind is taken as it is. Fractions,
/// ligatures and Thai vowels add some per cent at most, while a text of nothing but U+FDFA would become ten times as long.
const GROWTH_MAX: usize = 1 << 20;

/// How long a piece of the text can be normalised apart from the rest: what is ASCII is normal already; other characters
/// go with the ASCII one before them, which a combining mark may belong to. None composes with an ASCII one behind it.
fn stretch(text: &str) -> usize {
    let bytes = text.as_bytes();
    let head = bytes.get(..BUFFER_BYTES).unwrap_or(bytes);
    let ascii = octets::before_other(head);
    if ascii == bytes.len() {
        return ascii;
    }
    if ascii > 1 {
        return ascii - 1;
    }
    let others = bytes.get(ascii..).unwrap_or_default();
    ascii + prose::find_byte(others, |byte| byte.is_ascii())
}

/// The words of a text, normalised, being written.
#[derive(Debug)]
struct Words {
    squeezer: Squeezer,
    /// How many more bytes compatibility forms may have.
    spare: usize,
}

impl Words {
    fn read(&mut self, piece: &str, mut hand_on: impl FnMut(&mut Squeezer)) {
        let mut full = |words: &mut Squeezer| {
            if words.as_bytes().len() >= BUFFER_BYTES {
                hand_on(words);
            }
        };
        if piece.is_ascii() {
            self.squeezer.ascii(piece.as_bytes());
            full(&mut self.squeezer);
            return;
        }
        let mut rest = piece;
        let as_it_is = self.spare == 0
            || piece.chars().all(is_normal)
            || is_nfkc_quick(piece.chars()) == IsNormalized::Yes;
        if !as_it_is {
            let read = Cell::new(0);
            let count = |c: &char| read.set(read.get() + c.len_utf8());
            for c in piece.chars().inspect(count).nfkc() {
                self.take(c);
                full(&mut self.squeezer);
                self.spare = self.spare.saturating_sub(c.len_utf8());
                if self.spare == 0 {
                    break;
                }
            }
            rest = piece.get(read.get()..).unwrap_or_default();
        }
        for c in rest.chars() {
            self.take(c);
            full(&mut self.squeezer);
        }
    }

    fn take(&mut self, c: char) {
        if let Ok(byte) = u8::try_from(c)
            && byte.is_ascii()
        {
            self.squeezer.ascii_char(byte);
        } else if prose::is_alphanumeric(c) {
            if prose::is_ideograph(c) {
                self.squeezer.part();
                self.fold(c);
                self.squeezer.part();
            } else {
                self.fold(c);
            }
        } else if matches!(c, '\u{300}'..='\u{36f}') || is_combining_mark(c) {
            // Combining marks belong to the word they stand in.
            self.fold(c);
        } else if !(matches!(c, '’' | '‘' | 'ʼ') || prose::is_invisible(c)) {
            self.squeezer.part();
        }
    }

    /// Case folding as far as it matters for comparing: lower case, and the two letters whose lower case is not their
    /// fold.
    fn fold(&mut self, c: char) {
        match c {
            'ß' | 'ẞ' => self.squeezer.ascii(b"ss"),
            'ς' => self.squeezer.write('σ'),
            _ => self.squeezer.letter(c),
        }
    }
}

/// Whether a character is known to be its own normal form, whatever stands beside it, without a search in Unicode's
/// tables.
pub(super) fn is_normal(c: char) -> bool {
    matches!(c,
        '\0'..='\x7f'
        | '¡'..='§'
        | '©'
        | '«'..='®'
        | '°'..='±'
        | '¶'..='·'
        | '»'
        | '¿'
        | '\u{c0}'..='\u{131}'
        | '\u{134}'..='\u{13e}'
        | '\u{141}'..='\u{148}'
        | '\u{14a}'..='\u{17e}'
        | '\u{391}'..='\u{3c9}'
        | '\u{400}'..='\u{481}'
        | '\u{48a}'..='\u{52f}'
        | '\u{531}'..='\u{556}'
        | '\u{561}'..='\u{586}'
        | '\u{5d0}'..='\u{5ea}'
        | '\u{620}'..='\u{64a}'
        | '\u{904}'..='\u{939}'
        | '\u{e01}'..='\u{e32}'
        | '\u{e34}'..='\u{e37}'
        | '\u{e40}'..='\u{e47}'
        | '\u{10d0}'..='\u{10fa}'
        | '\u{1e00}'..='\u{1e99}'
        | '\u{1ea0}'..='\u{1ef9}'
        | '\u{2012}'..='\u{2016}'
        | '\u{2018}'..='\u{2023}'
        | '\u{3001}'..='\u{301d}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fe}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}')
}

/// Start value and factor of FNV-1a.
pub(super) const FNV: (u64, u64) = (0xcbf2_9ce4_8422_2325, 0x0000_0100_0000_01b3);

/// Normalised text → hashes of words → shingles.
#[derive(Debug)]
struct Hashing {
    /// FNV-1a of the word that is being read: short words, no seed, the same everywhere.
    hash: u64,
    /// Hashes of words; the first ones are the last of the piece before.
    words: Vec<u64>,
    /// Where the hashes of a piece are written at first.
    places: Vec<u64>,
    /// The shingles of the last piece.
    shingles: Vec<u64>,
    /// Whether there has been a shingle.
    full: bool,
}

impl Default for Hashing {
    fn default() -> Self {
        Self {
            hash: FNV.0,
            words: Vec::new(),
            places: Vec::new(),
            shingles: Vec::new(),
            full: false,
        }
    }
}

impl Hashing {
    /// Reads a piece of normalised text.
    fn read(&mut self, piece: &[u8]) {
        self.hash_words(piece);
        self.shingles.clear();
        let windows = self.words.array_windows::<SHINGLE_WORDS>();
        self.shingles.extend(windows.map(|words| combine(words)));
        self.full |= !self.shingles.is_empty();
        let done = self.words.len().saturating_sub(SHINGLE_WORDS - 1);
        self.words.drain(..done);
    }

    /// Hashes the words that end in the piece. Each byte waits for the hash of the one before it, so four parts of the
    /// piece are read side by side.
    fn hash_words(&mut self, piece: &[u8]) {
        let mut places = std::mem::take(&mut self.places);
        places.resize(piece.len() / 2 + 4, 0);
        let (mut rest, mut room) = (piece, places.as_mut_slice());
        let mut next = |bytes, hash| {
            let text;
            (text, rest) = split_behind_word(rest, bytes);
            let (hashes, more) = std::mem::take(&mut room)
                .split_at_mut_checked(text.len() / 2 + 1)
                .unwrap_or_default();
            room = more;
            Lane {
                text,
                hashes,
                count: 0,
                hash,
            }
        };
        let quarter = piece.len() / 4;
        let (mut a, mut b) = (next(quarter, self.hash), next(quarter, FNV.0));
        let (mut c, mut d) = (next(quarter, FNV.0), next(piece.len(), FNV.0));
        let texts = a.text.iter().zip(b.text).zip(c.text).zip(d.text);
        let together = texts.len();
        for (((of_a, of_b), of_c), of_d) in texts {
            a.read(*of_a);
            b.read(*of_b);
            c.read(*of_c);
            d.read(*of_d);
        }
        for lane in [a, b, c, d] {
            self.take(lane, together);
        }
        self.places = places;
    }

    /// Reads the rest of a lane and takes its hashes over.
    fn take(&mut self, mut lane: Lane<'_>, together: usize) {
        if lane.text.is_empty() {
            return;
        }
        for byte in lane.text.get(together..).unwrap_or_default() {
            lane.read(*byte);
        }
        let hashes = lane.hashes.get(..lane.count).unwrap_or_default();
        self.words.extend(hashes.iter().map(|hash| mix(*hash)));
        self.hash = lane.hash;
    }

    /// The one shingle of a text with fewer words than a shingle has.
    fn finish(&mut self) -> &[u64] {
        self.shingles.clear();
        if !self.full && !self.words.is_empty() {
            self.shingles.push(combine(&self.words));
        }
        &self.shingles
    }
}

/// The text parted behind the first word that ends at or behind a place.
fn split_behind_word(text: &[u8], at: usize) -> (&[u8], &[u8]) {
    let rest = text.get(at..).unwrap_or_default();
    let end = at + octets::before_byte(rest, b' ') + 1;
    text.split_at_checked(end).unwrap_or((text, &[]))
}

/// A part of a text whose words are being hashed.
#[derive(Debug)]
struct Lane<'a> {
    text: &'a [u8],
    /// The hashes of its words.
    hashes: &'a mut [u64],
    /// How many of them there are so far.
    count: usize,
    /// FNV-1a of the word that is being read.
    hash: u64,
}

impl Lane<'_> {
    /// Without branches on what the byte is: words are short, and their ends are mostly guessed wrong.
    fn read(&mut self, byte: u8) {
        if let Some(place) = self.hashes.get_mut(self.count) {
            *place = self.hash;
        }
        let ends = byte == b' ';
        self.count += usize::from(ends);
        let next = (self.hash ^ u64::from(byte)).wrapping_mul(FNV.1);
        self.hash = if ends { FNV.0 } else { next };
    }
}

/// The final mix of `SplitMix64`.
pub(super) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// The hash of words in a row.
pub(super) fn combine(words: &[u64]) -> u64 {
    words.iter().fold(0u64, |sum, word| {
        mix(sum.rotate_left(17) ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15)
    })
}

/// The shingles that are prints; the least of all where none is.
#[derive(Debug, Default)]
struct Sample {
    prints: Vec<u64>,
    least: Option<u64>,
}

/// Whether a shingle is a print. The upper half of the hash decides, since the lower one places it in tables.
fn is_print(shingle: u64) -> bool {
    (shingle >> 32).is_multiple_of(SAMPLED as u64)
}

impl Sample {
    fn push(&mut self, shingles: &[u64]) {
        self.prints
            .extend(shingles.iter().filter(|it| is_print(**it)));
        let least = shingles.iter().copied().min();
        self.least = self.least.into_iter().chain(least).min();
    }

    fn finish(mut self) -> Vec<u64> {
        if self.prints.is_empty() {
            self.prints.extend(self.least);
        }
        sorted(self.prints)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_for_normal_is_normal() {
        for c in ('\0'..=char::MAX).filter(|c| is_normal(*c)) {
            assert!(is_nfkc_quick([c].into_iter()) == IsNormalized::Yes, "{c:?}");
            assert_eq!(canonical_combining_class(c), 0, "{c:?}");
        }
    }
}
