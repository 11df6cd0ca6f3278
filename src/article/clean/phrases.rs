//! The small word lists: what page furniture, captions and credits say, in the languages seen most.
//!
//! Data, not rules: `phrases.tsv` names for each phrase the rule it speaks for. No publisher's own wording is in it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

use super::Label;
use crate::article::prose;

/// The rule a phrase speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Speaks {
    pub(super) rule: &'static str,
    pub(super) label: Label,
}

/// Labels by rule name, as the table uses them.
const RULES: &[(&str, Label)] = &[
    ("cookie-notice", Label::Notice),
    ("share-prompt", Label::Furniture),
    ("newsletter-prompt", Label::Notice),
    ("related-links", Label::Related),
    ("comments", Label::Comments),
    ("notice", Label::Notice),
    ("advertisement", Label::Advertisement),
    ("caption", Label::Caption),
    ("correction", Label::Correction),
    ("credit-line", Label::Credit),
];

/// Longest line a phrase anywhere in it decides, in letters: longer ones are prose that happens to use the words.
const HAS_WEIGHT_MAX: usize = 200;
/// Longest line a phrase at its start decides.
const STARTS_WEIGHT_MAX: usize = 400;

/// Phrases by their first word.
type ByFirst = HashMap<u64, Vec<(&'static str, Speaks)>, BuildHasherDefault<Mixed>>;

#[derive(Debug, Default)]
struct Table {
    is: ByFirst,
    starts: ByFirst,
    /// A bit for each first word in `is` and `starts`: most lines open with none of them, and this says so at once.
    opens_bits: Bits,
    has: ByFirst,
    /// A bit for each first word in `has`.
    has_bits: Bits,
}

/// Marks of keys, one bit each, by their mixed value.
#[derive(Debug)]
struct Bits([u64; 64]);

impl Default for Bits {
    fn default() -> Self {
        Self([0; 64])
    }
}

impl Bits {
    /// Six bits of the mixed key choose the number, six the bit in it.
    fn place(key: u64) -> (usize, u64) {
        let mixed = key.wrapping_mul(GOLDEN) >> 52;
        ((mixed >> 6) as usize, 1 << (mixed & 63))
    }

    fn add(&mut self, key: u64) {
        let (at, bit) = Self::place(key);
        if let Some(bits) = self.0.get_mut(at) {
            *bits |= bit;
        }
    }

    fn has(&self, key: u64) -> bool {
        let (at, bit) = Self::place(key);
        self.0.get(at).is_some_and(|bits| bits & bit != 0)
    }
}

/// 2^64 over the golden ratio: multiplying by it spreads numbers over the high bits.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A word as a number: its letters turned into each other. That two words may share it costs a comparison.
fn key(word: &[u8]) -> u64 {
    word.iter().fold(0, |key, byte| turned(key, *byte))
}

fn turned(key: u64, byte: u8) -> u64 {
    key.rotate_left(7) ^ u64::from(byte)
}

/// Hashes keys that are numbers already. It has no seed: for what nobody else puts in, or not much of it.
#[derive(Debug, Default)]
pub(super) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.write_u64(key(bytes));
    }

    fn write_u32(&mut self, key: u32) {
        self.write_u64(u64::from(key));
    }

    fn write_u64(&mut self, key: u64) {
        // The map takes high and low bits.
        let mixed = key.wrapping_mul(GOLDEN);
        self.0 = mixed ^ (mixed >> 32);
    }
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        for line in include_str!("phrases.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let mut fields = line.split('\t');
            let (Some(rule), Some(how), Some(phrase)) =
                (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let Some((rule, label)) = RULES.iter().find(|(name, _)| *name == rule) else {
                continue;
            };
            let (phrase, speaks) = (
                phrase.trim(),
                Speaks {
                    rule,
                    label: *label,
                },
            );
            let first = key(phrase.split(' ').next().unwrap_or(phrase).as_bytes());
            let (phrases, bits) = match how {
                "is" => (&mut table.is, &mut table.opens_bits),
                "starts" => (&mut table.starts, &mut table.opens_bits),
                _ => (&mut table.has, &mut table.has_bits),
            };
            bits.add(first);
            phrases.entry(first).or_default().push((phrase, speaks));
        }
        table
    })
}

/// What the words of a line say it is.
pub(super) fn spoken(text: &str, squeezed: &str, weight: usize) -> Option<Speaks> {
    if weight > STARTS_WEIGHT_MAX {
        return None;
    }
    let table = table();
    let first = key(squeezed.as_bytes().split(|byte| *byte == b' ').next()?);
    if table.opens_bits.has(first) {
        let mut is = table.is.get(&first).into_iter().flatten();
        if let Some((_, speaks)) = is.find(|(phrase, _)| *phrase == squeezed) {
            return Some(*speaks);
        }
        if let Some(speaks) = starts(table, first, squeezed, text, weight) {
            return Some(speaks);
        }
    }
    // 新华社海城3月4日电（记者某某）…。: a sentence in Chinese that names its reporter tells the story.
    if weight > HAS_WEIGHT_MAX || text.trim_end().ends_with('。') {
        return None;
    }
    has(table, squeezed)
}

/// Looks up every word of the line as the first of a phrase, so that the cost does not grow with the table.
fn has(table: &Table, squeezed: &str) -> Option<Speaks> {
    let mut start = 0;
    let (mut first, mut at) = (0, 0);
    let find = |first: u64, start: usize| {
        let rest = squeezed.get(start..)?;
        let phrases = table.has.get(&first)?;
        let (_, speaks) = phrases
            .iter()
            .find(|(phrase, _)| opens_with(rest, phrase))?;
        Some(*speaks)
    };
    for byte in squeezed.bytes() {
        at += 1;
        if byte == b' ' {
            if table.has_bits.has(first)
                && let Some(speaks) = find(first, start)
            {
                return Some(speaks);
            }
            (first, start) = (0, at);
        } else {
            first = turned(first, byte);
        }
    }
    find(first, start)
}

/// Whether the words of `phrase` are the first of `squeezed`.
fn opens_with(squeezed: &str, phrase: &str) -> bool {
    squeezed
        .strip_prefix(phrase)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn starts(table: &Table, first: u64, squeezed: &str, text: &str, weight: usize) -> Option<Speaks> {
    let (phrase, speaks) = table
        .starts
        .get(&first)?
        .iter()
        .find(|(phrase, _)| opens_with(squeezed, phrase))?;
    let certain = if !phrase.contains(' ') {
        // One word must be followed by a colon, or be the whole line, or nearly: "Source: AFP".
        squeezed == *phrase || has_colon_after(text, phrase) || weight <= 30
    } else if speaks.label == Label::Credit {
        text.starts_with(['(', '[', '（', '-', '—', '–', '*']) || weight <= 160
    } else if matches!(speaks.label, Label::Correction | Label::Caption) {
        true
    } else {
        // A sentence of some length that opens so is prose; a prompt is short.
        weight <= if prose::ends_sentence(text) { 120 } else { 160 }
    };
    certain.then_some(*speaks)
}

/// Whether a colon, dash or bar stands right after the first word or two.
fn has_colon_after(text: &str, phrase: &str) -> bool {
    let mut letters = phrase.chars().filter(|c| c.is_alphanumeric()).count();
    for c in text.chars() {
        if letters == 0 {
            return matches!(c, ':' | '|' | '：' | '/' | '©')
                || prose::is_blank(c) && text.contains(" : ");
        }
        letters -= usize::from(c.is_alphanumeric());
    }
    false
}
