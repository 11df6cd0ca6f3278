//! Letters and digits in lower case, one blank between words: the form texts are looked up and compared in.
//!
//! Which characters are letters, and what else is asked of a text, is [`super::prose`]'s business.

use super::octets::{EIGHT, MARKS, times};

/// Squeezed text, being written.
#[derive(Debug, Default)]
pub(super) struct Squeezer {
    squeezed: Vec<u8>,
    /// Whether the last character written, also if it was taken since, belongs to a word that may go on.
    inside: bool,
}

impl Squeezer {
    /// One that need not grow for a text of this many bytes: hardly any is longer in lower case.
    pub(super) fn with_room_for(bytes: usize) -> Self {
        Self {
            squeezed: Vec::with_capacity(bytes + EIGHT),
            inside: false,
        }
    }

    /// Reads ASCII. This is the editor's innermost loop: eight bytes at a time, since words are short, and a branch at the
    /// end of each is mostly guessed wrong.
    pub(super) fn ascii(&mut self, text: &[u8]) {
        let (eights, rest) = text.as_chunks::<EIGHT>();
        let mut end = self.squeezed.len();
        self.squeezed.resize(end + text.len() + EIGHT, 0);
        let mut write = |squeezed: Eight| {
            if let Some(place) = self.squeezed.get_mut(end..end + EIGHT) {
                place.copy_from_slice(&squeezed.bytes.to_le_bytes());
            }
            end += squeezed.count;
        };
        let mut inside = self.inside;
        for eight in eights {
            let squeezed = Eight::of(u64::from_le_bytes(*eight), EIGHT, inside);
            inside = squeezed.inside;
            write(squeezed);
        }
        if !rest.is_empty() {
            let mut last = [0; EIGHT];
            for (place, byte) in last.iter_mut().zip(rest) {
                *place = *byte;
            }
            let squeezed = Eight::of(u64::from_le_bytes(last), rest.len(), inside);
            inside = squeezed.inside;
            write(squeezed);
        }
        self.inside = inside;
        self.squeezed.truncate(end);
    }

    /// Reads one character of ASCII.
    pub(super) fn ascii_char(&mut self, byte: u8) {
        if byte.is_ascii_alphanumeric() {
            self.squeezed.push(byte.to_ascii_lowercase());
            self.inside = true;
        } else if byte != b'\'' {
            self.part();
        }
    }

    /// Writes the lower case of a letter.
    pub(super) fn letter(&mut self, c: char) {
        match lower_of(c) {
            Some(lower) => self.write(lower),
            None => c.to_lowercase().for_each(|lower| self.write(lower)),
        }
    }

    /// Writes a character as it is.
    pub(super) fn write(&mut self, c: char) {
        let mut bytes = [0; 4];
        self.squeezed
            .extend_from_slice(c.encode_utf8(&mut bytes).as_bytes());
        self.inside = true;
    }

    /// Ends the word that is being written, if one is.
    pub(super) fn part(&mut self) {
        if self.inside {
            self.squeezed.push(b' ');
            self.inside = false;
        }
    }

    /// What was written since the last [`Squeezer::clear`].
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.squeezed
    }

    /// Forgets what was written, not where in a word it was.
    pub(super) fn clear(&mut self) {
        self.squeezed.clear();
    }

    /// What was written, without a blank at its end.
    pub(super) fn finish(mut self) -> String {
        if !self.inside {
            self.squeezed.pop();
        }
        String::from_utf8(self.squeezed).unwrap_or_default()
    }
}

/// Up to eight bytes of ASCII, squeezed.
#[derive(Debug, Clone, Copy)]
struct Eight {
    /// What they become, the first in the lowest eight bits.
    bytes: u64,
    /// How many of `bytes` count.
    count: usize,
    /// Whether they end inside a word.
    inside: bool,
}

impl Eight {
    /// The first `len` of eight bytes, behind a word that goes on or not. Letters become small, what parts words becomes
    /// one blank, and none behind another one; apostrophes vanish.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a call for eight bytes costs as much as they do"
    )]
    fn of(ascii: u64, len: usize, inside: bool) -> Self {
        let least = |bytes: u64, byte: u8| bytes + times(0x80 - byte);
        let between = |bytes, first, last| least(bytes, first) & !least(bytes, last + 1) & MARKS;
        let small = ascii | (between(ascii, b'A', b'Z') >> 2);
        let word = between(small, b'a', b'z') | between(small, b'0', b'9');
        let apostrophe = between(ascii, b'\'', b'\'');
        let parts = MARKS & !(word | apostrophe);
        // Behind which bytes no word goes on: an apostrophe leaves that as it is.
        let before = if inside { 0 } else { 0x80 };
        let mut outside = parts;
        if apostrophe != 0 {
            for _ in 0..EIGHT {
                outside = parts | (apostrophe & ((outside << 8) | before));
            }
        }
        let gone = apostrophe | (parts & ((outside << 8) | before));
        let letters = (word >> 7) * 0xff;
        let mut bytes = (small & letters) | (times(b' ') & !letters);
        let mut count = len;
        let mut gone = gone & (u64::MAX >> (8 * (EIGHT - len)));
        while gone != 0 {
            let stay = (1 << (gone.trailing_zeros() - 7)) - 1;
            bytes = (bytes & stay) | ((bytes >> 8) & !stay);
            gone = (gone & (gone - 1)) >> 8;
            count -= 1;
        }
        Self {
            bytes,
            count,
            inside: (outside >> (8 * len - 1)) & 1 == 0,
        }
    }
}

/// The lower case of a character of which it is known without a search in Unicode's tables.
fn lower_of(c: char) -> Option<char> {
    match c {
        'A'..='Z' => Some(c.to_ascii_lowercase()),
        // These lie 32 places before their lower case.
        'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => {
            char::from_u32(u32::from(c) + 32)
        }
        // Small letters, marks, and scripts that have no case.
        'a'..='z'
        | '\u{80}'..='\u{bf}'
        | 'ß'..='ö'
        | 'ø'..='ÿ'
        | '\u{2b0}'..='\u{36f}'
        | 'ά'..='ώ'
        | 'а'..='џ'
        | '\u{590}'..='\u{109f}'
        | '\u{1100}'..='\u{139f}'
        | '\u{1400}'..='\u{1c7f}'
        | '\u{2e80}'..='\u{a63f}'
        | '\u{ac00}'..='\u{fefe}' => Some(c),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What [`Squeezer::ascii`] does, a character at a time.
    fn one_by_one(text: &str) -> String {
        let mut squeezer = Squeezer::default();
        text.bytes().for_each(|byte| squeezer.ascii_char(byte));
        squeezer.finish()
    }

    #[test]
    fn eight_bytes_at_a_time_give_what_single_ones_give() {
        let mut dice = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let kinds = *dice
                .choice(&["aZ9 '", "a ", "a'", "aB., '-", "\0\x7f~@[`{/:a' "])
                .unwrap();
            let letters: Vec<char> = kinds.chars().collect();
            let length = dice.usize(0..40);
            let text: String = (0..length)
                .map(|_| *dice.choice(&letters).unwrap())
                .collect();
            let cut = dice.usize(0..=length);
            let mut squeezer = Squeezer::default();
            squeezer.ascii(&text.as_bytes()[..cut]);
            squeezer.ascii(&text.as_bytes()[cut..]);
            assert_eq!(squeezer.finish(), one_by_one(&text), "{text:?}, {cut}");
        }
        for byte in 0..128 {
            let text = format!("ab{}cd", char::from(byte));
            let mut squeezer = Squeezer::default();
            squeezer.ascii(text.as_bytes());
            assert_eq!(squeezer.finish(), one_by_one(&text), "{text:?}");
        }
    }

    #[test]
    fn short_cuts_to_lower_case_give_what_the_tables_of_unicode_give() {
        for c in '\0'..=char::MAX {
            if let Some(lower) = lower_of(c) {
                assert_eq!(lower.to_string(), c.to_lowercase().to_string(), "{c:?}");
            }
        }
    }
}
