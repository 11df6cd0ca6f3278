//! What a piece of text looks like from outside: white space, words, sentence ends, scripts.
//!
//! Small pure questions shared by parsing, cleaning, attribution and fingerprints; none of them knows a language.

use super::octets;
use super::squeeze::Squeezer;

/// Whether the character is white space for us: Unicode's, and what layout programs use instead.
pub(crate) fn is_blank(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' ' | '\t'..='\r');
    }
    c.is_whitespace() || matches!(c, '\u{2800}' | '\u{3164}')
}

/// Whether the character leaves no mark at all: soft hyphen, zero-width characters, byte order mark, bidi controls.
///
/// The joiners U+200C and U+200D stay, since Persian, Indic scripts and emoji mean something by them.
pub(crate) fn is_invisible(c: char) -> bool {
    !c.is_ascii()
        && matches!(
            c,
            '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'
                ..='\u{202e}'
        )
}

/// How many bytes a block would take over as they are: visible for certain, single blanks between them, none at the end.
pub(crate) fn visible(text: &str) -> usize {
    // Never further than the first two blanks in a row: whoever asks comes back behind them, and a text may be full of
    // them.
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(rest) = bytes.get(end..).filter(|rest| !rest.is_empty()) {
        let plain = octets::single_blanks(rest);
        let others = without_doubt_beyond_ascii(rest.get(plain..).unwrap_or_default());
        end += plain + others;
        if others == 0 {
            break;
        }
    }
    let blank = end.checked_sub(1).and_then(|last| bytes.get(last)) == Some(&b' ');
    end - usize::from(blank)
}

/// How many bytes of a text stand before one that may be a blank other than U+0020, or invisible.
pub(crate) fn without_doubt(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(rest) = bytes.get(end..).filter(|rest| !rest.is_empty()) {
        let plain = octets::before_odd(rest);
        let others = without_doubt_beyond_ascii(rest.get(plain..).unwrap_or_default());
        end += plain + others;
        if others == 0 {
            break;
        }
    }
    end
}

/// How many bytes the characters beyond ASCII have that a text begins with and that are visible for certain.
fn without_doubt_beyond_ascii(bytes: &[u8]) -> usize {
    let mut end = 0;
    loop {
        // All that is in doubt begins with one of few bytes. What lies in General Punctuation from U+2010 to U+2027 are
        // dashes and quotes.
        end += match bytes.get(end..).unwrap_or_default() {
            [0xe2, 0x80, 0x90..=0xa7, ..] => 3,
            [0xc2 | 0xe1..=0xe3 | 0xef, ..] => return end,
            [0xc0..=0xdf, ..] => 2,
            [0xe0..=0xef, ..] => 3,
            [0xf0..=0xff, ..] => 4,
            _ => return end,
        };
    }
}

/// Where the first byte of a kind stands, or how many there are. Looks at many bytes at a time, without a branch for
/// each, which is what the time goes into elsewhere.
pub(crate) fn find_byte(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    const STEP: usize = 32;
    let mut at = 0;
    for chunk in bytes.chunks(STEP) {
        if chunk.iter().fold(false, |any, byte| any | is(*byte)) {
            return at + chunk.iter().position(|byte| is(*byte)).unwrap_or(0);
        }
        at += chunk.len();
    }
    at
}

/// Whether a script without spaces between words uses the character.
pub(crate) fn is_ideograph(c: char) -> bool {
    c >= '\u{e00}'
        && matches!(c,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2fa1f}' | '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// White space folded to single blanks, none at the ends; invisible characters gone.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if is_blank(c) {
            gap = !folded.is_empty();
        } else if !is_invisible(c) {
            if gap {
                folded.push(' ');
                gap = false;
            }
            folded.push(c);
        }
    }
    folded
}

/// Whether the text ends as a sentence does, quotes and brackets after the mark allowed.
pub(crate) fn ends_sentence(text: &str) -> bool {
    // Asked of every block: nearly all end so.
    match text.as_bytes().last() {
        Some(b'.' | b'!' | b'?') => return true,
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b',' | b':') => return false,
        _ => {}
    }
    let bare = text.trim_end_matches(|c: char| {
        is_blank(c)
            || matches!(
                c,
                '"' | '\''
                    | '”'
                    | '’'
                    | '»'
                    | '«'
                    | '“'
                    | ')'
                    | ']'
                    | '」'
                    | '』'
                    | '）'
                    | '›'
                    | '*'
            )
    });
    bare.ends_with(|c: char| {
        matches!(
            c,
            '.' | '!' | '?' | '…' | '。' | '！' | '？' | '．' | '۔' | '؟' | '।' | '։' | '።' | '။'
        )
    })
}

/// The words of a text: runs of letters and digits, with apostrophes and hyphens inside them.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-')))
        .filter(|word| word.chars().any(char::is_alphanumeric))
}

/// Longest line that says from when on a text may be published, in bytes.
const EMBARGO_BYTES_MAX: usize = 120;

/// Whether a line says from when on a text may be published: "EMBARGOED UNTIL …", "++ SPERRFRIST 5.00 Uhr ++".
pub(crate) fn is_embargo(line: &str) -> bool {
    let bare = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let opening = bare
        .get(..bare.floor_char_boundary(EMBARGO_BYTES_MAX))
        .unwrap_or(bare);
    let lower = opening.to_lowercase();
    let opens = [
        "embargo",
        "sperrfrist",
        "not for release before",
        "not for publication before",
    ];
    line.len() <= EMBARGO_BYTES_MAX && opens.iter().any(|it| lower.starts_with(it))
}

/// Lower case, letters and digits alone, one blank between words: for telling whether two lines say the same.
pub(crate) fn squeeze(text: &str) -> String {
    read(text).squeezed
}

/// A text read once: all that is asked of every block.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// As [`squeeze`] gives it.
    pub(crate) squeezed: String,
    /// Length in characters as a reader of an alphabet would feel it: an ideograph counts as two and a half letters.
    pub(crate) weight: usize,
}

/// Reads a text.
pub(crate) fn read(text: &str) -> Reading {
    let mut squeezer = Squeezer::with_room_for(text.len());
    let (mut chars, mut ideographs) = (0, 0);
    let mut rest = text;
    while !rest.is_empty() {
        let plain = octets::before_other(rest.as_bytes());
        let (ascii, after) = rest.split_at_checked(plain).unwrap_or((rest, ""));
        squeezer.ascii(ascii.as_bytes());
        chars += ascii.len();
        let mut others = after.chars();
        rest = after;
        while let Some(c) = others.next().filter(|c| !c.is_ascii()) {
            chars += 1;
            ideographs += usize::from(is_ideograph(c));
            if is_alphanumeric(c) {
                squeezer.letter(c);
            } else if !matches!(c, '’' | '‘') && !is_invisible(c) {
                squeezer.part();
            }
            rest = others.as_str();
        }
    }
    Reading {
        squeezed: squeezer.finish(),
        weight: chars + ideographs * 3 / 2,
    }
}

/// How many [`words`] a text has that gives `squeezed`.
pub(crate) fn count_words(text: &str, squeezed: &str) -> usize {
    if text.is_ascii() && !text.contains('-') {
        // Hyphens alone part words in the one and not in the other.
        let blanks = count_bytes(squeezed.as_bytes(), |byte| byte == b' ');
        return blanks + usize::from(!squeezed.is_empty());
    }
    let (mut count, mut inside) = (0, false);
    if text.is_ascii() {
        for byte in text.bytes() {
            let letter = byte.is_ascii_alphanumeric();
            count += usize::from(letter && !inside);
            inside = letter | (inside & matches!(byte, b'\'' | b'-'));
        }
        return count;
    }
    for c in text.chars() {
        if is_alphanumeric(c) {
            count += usize::from(!inside);
            inside = true;
        } else {
            inside &= matches!(c, '\'' | '’' | '-');
        }
    }
    count
}

/// [`char::is_alphanumeric`], with the letters of most texts known without a search in its tables.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        '\u{80}'..='\u{bf}' => matches!(c, 'ª' | '²' | '³' | 'µ' | '¹' | 'º' | '¼'..='¾'),
        '\u{300}'..='\u{344}' | '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3003}' => false,
        _ => is_letter(c) || c.is_alphanumeric(),
    }
}

/// Whether a character is one of the letters most texts beyond ASCII are written in.
fn is_letter(c: char) -> bool {
    match c {
        '\u{c0}'..='\u{24f}' => !matches!(c, '×' | '÷'),
        '\u{400}'..='\u{481}' | '\u{4e00}'..='\u{9fff}' => true,
        _ => is_rarer_letter(c),
    }
}

/// Whether a character is a letter of one of the scripts that are seen less.
fn is_rarer_letter(c: char) -> bool {
    matches!(
        c,
        '\u{391}'..='\u{3a1}'
        | '\u{3a3}'..='\u{3f5}'
        | '\u{48a}'..='\u{52f}'
        | '\u{531}'..='\u{556}'
        | '\u{561}'..='\u{586}'
        | '\u{5d0}'..='\u{5ea}'
        | '\u{620}'..='\u{64a}'
        | '\u{671}'..='\u{6d3}'
        | '\u{904}'..='\u{939}'
        | '\u{e01}'..='\u{e30}'
        | '\u{10d0}'..='\u{10fa}'
        | '\u{1100}'..='\u{1248}'
        | '\u{1e00}'..='\u{1f15}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{ac00}'..='\u{d7a3}'
    )
}

/// How many of the characters are digits, and how many are letters; the latter only where there is a digit.
pub(crate) fn digits_and_letters(text: &str) -> (usize, usize) {
    let ascii = count_bytes(text.as_bytes(), |byte| byte.is_ascii_digit());
    let other = |c: &char| !c.is_ascii() && !is_letter(*c) && c.is_numeric();
    let digits = if !text.is_ascii() && has_rare_bytes(text) {
        ascii + text.chars().filter(other).count()
    } else {
        ascii
    };
    if digits == 0 {
        return (0, 0);
    }
    if text.is_ascii() {
        let letters = count_bytes(text.as_bytes(), |byte| byte.is_ascii_alphabetic());
        return (digits, letters);
    }
    let letters = text
        .chars()
        .filter(|c| is_letter(*c) || c.is_alphabetic())
        .count();
    (digits, letters)
}

/// How many bytes are of a kind.
fn count_bytes(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    // Sums of bytes are added up sixteen at a time, and 255 of them fit in one.
    let count = |piece: &[u8]| piece.iter().map(|byte| u8::from(is(*byte))).sum::<u8>();
    bytes
        .chunks(255)
        .map(|piece| usize::from(count(piece)))
        .sum()
}

/// Whether anything is in the text but ASCII, Latin, Cyrillic and common punctuation: of those only ASCII has digits.
fn has_rare_bytes(text: &str) -> bool {
    // U+00C0 to U+023F, U+0400 to U+047F, and with the byte behind it U+2000 to U+203F.
    let rare = |byte: u8, next: u8| {
        byte >= 0xc0
            && !matches!(byte, 0xc3..=0xc8 | 0xd0 | 0xd1)
            && !(byte == 0xe2 && next == 0x80)
    };
    let pairs = text.bytes().zip(text.bytes().skip(1));
    pairs.fold(false, |any, (byte, next)| any | rare(byte, next))
}

/// Whether the first letter of the text is a lower-case one.
pub(crate) fn starts_lower(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_cuts_give_what_the_tables_of_unicode_give() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_alphanumeric(c), c.is_alphanumeric(), "{c:?}");
            assert!(
                !is_letter(c) || c.is_alphabetic() && !c.is_numeric(),
                "{c:?}"
            );
        }
    }

    #[test]
    fn what_is_visible_by_its_bytes_is_visible() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            assert!(
                visible(&text) == 0 || !is_blank(c) && !is_invisible(c),
                "{c:?}"
            );
        }
    }

    #[test]
    fn a_text_is_read_as_its_parts_say() {
        let text = "Don't say “‘Größe’ – 25,5 m” twice-over: 東京 is big… ";
        let reading = read(text);
        assert_eq!(
            reading.squeezed,
            "dont say größe 25 5 m twice over 東京 is big"
        );
        assert_eq!(reading.weight, text.chars().count() + 3);
        assert_eq!(count_words(text, &reading.squeezed), words(text).count());
    }
}
