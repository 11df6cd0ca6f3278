//! How rare words are in news at large: learnt from news texts, as numbers.
//!
//! What a word weighs must not depend on what else is in the store: counts that grow would make a story depend on the
//! order of arrival. So the table is shipped. A word that is not in it, of whatever language, counts as rare.

use std::sync::OnceLock;

use super::words::Words;

/// The table `cargo bench --bench stories -- FOLDER learn` writes.
const SHIPPED: &[u8] = include_bytes!("words.rarity");
/// Opens the file; the digit is the version of the layout and of the keys.
const MAGIC: &[u8; 8] = b"rarity1\n";
/// What a rarity is counted in.
const UNIT: f32 = 1.0 / 32.0;
/// Bits of a key that choose where to look.
const BUCKET_BITS: u32 = 12;
/// In how many texts a word must stand to be in the table: below that it is as rare as one never seen.
const TEXTS_MIN: u32 = 4;
/// In how many texts a word that is not in the table is taken to stand.
const TEXTS_UNSEEN: u32 = 1;

/// Rarity by key.
#[derive(Debug, Clone, Default)]
pub struct Rarity {
    /// Key above, rarity below; ascending.
    entries: Vec<u32>,
    /// Where the entries of each bucket begin, and one more.
    buckets: Vec<u32>,
    /// The rarity of all other words, in units.
    unseen: u8,
}

impl Rarity {
    /// The table that is shipped; an empty one where it cannot be read, which a test rules out.
    pub fn shipped() -> &'static Self {
        static RARITY: OnceLock<Rarity> = OnceLock::new();
        RARITY.get_or_init(|| Self::from_bytes(SHIPPED).unwrap_or_default())
    }

    /// Learns from news texts: the keys of each text, distinct.
    pub fn learn<'a>(texts: impl IntoIterator<Item = &'a [u32]>) -> Self {
        let mut keys: Vec<u32> = Vec::new();
        let mut count = 0;
        for text in texts {
            keys.extend(text);
            count += 1;
        }
        keys.sort_unstable();
        let entries = keys.chunk_by(|a, b| a == b).filter_map(|same| {
            let texts = u32::try_from(same.len()).unwrap_or(u32::MAX);
            let key = same.first()?;
            (texts >= TEXTS_MIN).then(|| key << 8 | u32::from(units(texts, count)))
        });
        Self::new(entries.collect(), units(TEXTS_UNSEEN, count))
    }

    fn new(entries: Vec<u32>, unseen: u8) -> Self {
        let bound = |bucket: u32| {
            let least = u64::from(bucket) << (32 - BUCKET_BITS);
            let at = entries.partition_point(|it| u64::from(*it) < least);
            u32::try_from(at).unwrap_or(u32::MAX)
        };
        let buckets = (0..=1 << BUCKET_BITS).map(bound).collect();
        Self {
            entries,
            buckets,
            unseen,
        }
    }

    /// How rare the word of a key is; 0 for one that every other text has.
    pub fn of(&self, key: u32) -> f32 {
        let bucket = usize::try_from(key >> (24 - BUCKET_BITS)).unwrap_or(usize::MAX);
        let bound = |at: usize| usize::try_from(*self.buckets.get(at)?).ok();
        let entries = bound(bucket)
            .zip(bound(bucket.saturating_add(1)))
            .and_then(|(from, to)| self.entries.get(from..to))
            .unwrap_or_default();
        let known = entries.iter().find(|entry| **entry >> 8 == key);
        let units = known.map_or(u32::from(self.unseen), |entry| entry & 0xff);
        f32::from(u8::try_from(units).unwrap_or(u8::MAX)) * UNIT
    }

    /// How many words are known.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The table as bytes: steps between keys with seven bits a byte, each with its rarity.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(self.unseen);
        let mut before = 0;
        for entry in &self.entries {
            let [rarity, ..] = entry.to_le_bytes();
            let mut step = (entry >> 8) - before;
            before = entry >> 8;
            while step > 0x7f {
                bytes.push(u8::try_from(step & 0x7f).unwrap_or(0) | 0x80);
                step >>= 7;
            }
            bytes.extend([u8::try_from(step).unwrap_or(0), rarity]);
        }
        bytes
    }

    /// Reads a table; `None` where the bytes are not one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (unseen, mut rest) = bytes.strip_prefix(MAGIC.as_slice())?.split_first()?;
        let mut entries = Vec::new();
        let mut key = 0u32;
        while !rest.is_empty() {
            let mut shift = 0;
            loop {
                let byte;
                (byte, rest) = rest.split_first()?;
                key = key.checked_add(u32::from(byte & 0x7f).checked_shl(shift)?)?;
                shift += 7;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            let rarity;
            (rarity, rest) = rest.split_first()?;
            (key < 1 << 24).then(|| entries.push(key << 8 | u32::from(*rarity)))?;
        }
        Some(Self::new(entries, *unseen))
    }
}

/// The keys of a text's words, distinct and ascending: what [`Rarity::learn`] takes.
pub fn keys(title: Option<&str>, text: &str) -> Vec<u32> {
    let words = Words::read(title.unwrap_or_default(), text);
    words.iter().map(|word| word.key).collect()
}

/// What standing in so many of `count` texts is worth: a logarithm with its top bent down. What half of all texts have is
/// worth nothing. Powers and thresholds were chosen by average precision on pairs of news texts.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a logarithm of a count, below 8 units of 32"
)]
fn units(texts: u32, count: u32) -> u8 {
    let inverse = f64::from(count) / (f64::from(texts) + 2.0);
    let bent = (inverse.ln() - 0.3).max(0.0).powf(0.8);
    (bent / f64::from(UNIT)).round().min(255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_one_that_was_learnt() {
        let digest = blake3::hash(SHIPPED).to_hex().to_string();
        assert_eq!(digest, include_str!("words.blake3").trim());
        assert!(Rarity::shipped().len() > 10_000);
        assert_eq!(Rarity::shipped().to_bytes(), SHIPPED);
        assert!(SHIPPED.len() < 200_000);
    }

    #[test]
    fn common_words_weigh_nothing_and_unseen_ones_most() {
        let text: Vec<u32> = vec![1, 2];
        let other: Vec<u32> = vec![2, 1 << 20];
        let texts = (0..40).map(|at| if at % 4 == 0 { &text } else { &other });
        let rarity = Rarity::learn(texts.map(Vec::as_slice));
        assert!(rarity.of(2) <= 0.0);
        assert!(rarity.of(1) > rarity.of(1 << 20));
        assert!(rarity.of(77) > rarity.of(1));
        let read = Rarity::from_bytes(&rarity.to_bytes()).unwrap();
        assert_eq!(read.entries, rarity.entries);
    }

    #[test]
    fn what_is_not_a_table_is_not_read() {
        assert!(Rarity::from_bytes(b"").is_none());
        assert!(Rarity::from_bytes(b"rarity1\n\x10\x80").is_none());
        assert!(Rarity::from_bytes(b"rarity1\n\x10\xff\xff\xff\xff\x7f\x01").is_none());
    }
}
