//! Generated articles for the benchmarks: invented words, the same for the same seed.

use std::fmt::Write as _;

/// A small generator of numbers (SplitMix64), so that a seed means the same files for ever.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Begins with a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u32) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::from(bound)).expect("below a u32")
    }
}

/// Words of two to four syllables; the common ones come often, as in a language.
fn word(dice: &mut Dice) -> String {
    const SYLLABLES: [&str; 24] = [
        "ta", "re", "mo", "lin", "der", "sa", "vi", "kon", "pel", "ur", "ne", "ga", "stra", "fi",
        "bo", "ler", "ad", "mi", "cor", "the", "un", "pra", "ti", "so",
    ];
    const COMMON: [&str; 12] = [
        "the", "of", "and", "to", "in", "that", "was", "said", "for", "with", "on", "by",
    ];
    if dice.below(5) < 2 {
        return COMMON[dice.below(12)].to_owned();
    }
    (0..2 + dice.below(3))
        .map(|_| SYLLABLES[dice.below(24)])
        .collect()
}

fn sentence(dice: &mut Dice) -> String {
    let mut sentence = word(dice);
    if let Some(first) = sentence.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    for _ in 0..10 + dice.below(14) {
        sentence.push(' ');
        sentence.push_str(&word(dice));
    }
    sentence.push('.');
    sentence
}

/// An article of about `bytes` bytes of plain text, with a headline and the usual things around it.
pub(crate) fn article(seed: u64, bytes: usize) -> String {
    let mut dice = Dice::new(seed);
    let mut text = String::from("News\n\n");
    let headline = sentence(&mut dice);
    text.push_str(headline.trim_end_matches('.'));
    text.push_str("\n\n");
    while text.len() + 120 < bytes {
        for _ in 0..2 + dice.below(2) {
            text.push_str(&sentence(&mut dice));
            text.push(' ');
        }
        text.pop();
        text.push_str("\n\n");
    }
    write!(text, "Related\nMost read\n{}\n", headline.len()).expect("into a string");
    text
}
