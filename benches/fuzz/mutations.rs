//! What is done to a document to make another of it that is nearly one: each change follows from dice alone.

use std::io::Write as _;

use super::seeds::{Seed, Target};

/// Longest input, in bytes, before it is packed.
const INPUT_MAX: usize = 200 << 10;

/// Numbers at which something ends.
#[rustfmt::skip] // a table
const NUMBERS: &[&str] = &[
    "0", "-1", "1", "00", "127", "255", "256", "999", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296",
    "9223372036854775807", "18446744073709551616", "99999999999999999999999999", "1e400", "-0", "0.0000001", "7777777777777", "x",
];

/// What opens and closes something, parts lines and words, or passes for something else.
#[rustfmt::skip] // a table
const TOKENS: &[&str] = &[
    "<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE x [", "]>", "<?xml version=\"1.0\" encoding=\"utf-16\"?>", "&amp;", "&#0;",
    "&#x110000;", "&a;", "&lt;p&gt;", "{", "}", "[", "]", "\"", "\\", "\\ud800", "\\u0000", "'", ",", ":", "null", "{}", "[]", "(", ")", "BT", "ET", "Tj",
    "stream\n", "endstream", "endobj", " 0 R ", "<<", ">>", "--b", "--b--\r\n", "\r\n\r\n", "\r", "\n", "\n\n", "\t", "\0", "\u{1}", "\u{2}", "\u{3}",
    "\u{4}", "\u{16}", "\u{1f}", "\u{7f}", "\u{c}", "\u{b}", "\u{85}", "\u{2028}", "\u{feff}", "\u{200b}", "\u{202e}", "\u{301}", "é", "東", "🚢",
    "ZCZC ", "NNNN\n", "---\n", "+++\n", "```\n", "> ", "- ", "# ", "{{<", "From a@b Thu Jan  1 00:00:00 2015\n", "WARC/1.0\r\n", "Content-Length: 3\r\n",
    "Content-Type: message/rfc822\r\n\r\n", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", "Content-Transfer-Encoding: base64\r\n",
    "=?utf-8?B?w6Q=?=", "=\r\n", "=E4", "*a0", "&a1 [", "* * * *\r\n", "PK\u{3}\u{4}", "<script>", "<plaintext>", "<table><tr><td>", "<b><i>",
];

/// An input for a target, and the name of its file.
pub(crate) fn input<'a>(dice: &mut fastrand::Rng, target: &'a Target) -> (Vec<u8>, &'a str) {
    let seed = pick(dice, &target.seeds);
    let mut input = seed.bytes.clone();
    for _ in 0..dice.usize(0..6) {
        change(&mut input, dice, &target.seeds);
        input.truncate(INPUT_MAX);
    }
    if dice.u8(0..16) == 0 {
        input = gzip(&input);
    }
    (input, &seed.file_name)
}

fn change(input: &mut Vec<u8>, dice: &mut fastrand::Rng, seeds: &[Seed]) {
    match dice.u8(0..14) {
        0 => flip(input, dice),
        1 => drop(input.drain(range(dice, input.len(), 200))),
        2 => {
            let to = dice.usize(0..=input.len());
            let copied = input[range(dice, input.len(), 400)].to_vec();
            drop(input.splice(to..to, copied));
        }
        3 => {
            let other = &pick(dice, seeds).bytes;
            let other = other[range(dice, other.len(), other.len())].to_vec();
            let place = range(dice, input.len(), 400);
            drop(input.splice(place, other));
        }
        4 => input.truncate(dice.usize(0..=input.len())),
        5 | 6 => nest(input, dice),
        7 | 8 => number(input, dice),
        9 => line(input, dice),
        10 => {
            let place = range(dice, input.len(), 12);
            let token = TOKENS[dice.usize(0..TOKENS.len())].repeat(dice.usize(1..3));
            drop(input.splice(place, token.into_bytes()));
        }
        11 => swap_pieces(input, dice),
        12 => {
            let token = TOKENS[dice.usize(0..TOKENS.len())];
            let bomb = token.repeat(1 << dice.u8(4..15));
            let to = dice.usize(0..=input.len());
            drop(input.splice(to..to, bomb.into_bytes()));
        }
        _ => {
            // A field without its value, or the other way round.
            let sign = *pick(dice, b"=:\"'<>,;");
            let places: Vec<usize> = places(input, |byte| byte == sign);
            if !places.is_empty() {
                input.remove(*pick(dice, &places));
            }
        }
    }
}

/// Changes a few bytes, near each other or not.
fn flip(input: &mut [u8], dice: &mut fastrand::Rng) {
    for _ in 0..dice.usize(1..8) {
        if !input.is_empty() {
            let at = dice.usize(0..input.len());
            input[at] = match dice.u8(0..3) {
                0 => input[at] ^ (1 << dice.u8(0..8)),
                1 => dice.u8(..),
                _ => input[dice.usize(0..input.len())],
            };
        }
    }
}

/// Says a tag, a bracket or what is between two of them many times over; with what closes it behind the rest, or without.
fn nest(input: &mut Vec<u8>, dice: &mut fastrand::Rng) {
    let openings = places(input, |byte| matches!(byte, b'<' | b'{' | b'[' | b'('));
    if openings.is_empty() {
        return;
    }
    let at = *pick(dice, &openings);
    let closes = match input[at] {
        b'<' => b'>',
        b'{' => b'}',
        b'[' => b']',
        _ => b')',
    };
    let is_whole = input[at] == b'<' || dice.bool();
    let length = if is_whole {
        let rest = input[at..].iter().take(2_000);
        rest.clone().position(|byte| *byte == closes).unwrap_or(0) + 1
    } else {
        1
    };
    let piece = input[at..at + length].to_vec();
    let times = (1 << dice.u8(1..15)).min(INPUT_MAX / piece.len());
    if dice.bool() {
        let name: Vec<u8> = piece[1..]
            .iter()
            .copied()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'.'))
            .collect();
        let end = if closes == b'>' {
            [b"</", name.as_slice(), b">"].concat()
        } else {
            vec![closes]
        };
        let to = dice.usize(at + length..=input.len());
        drop(input.splice(to..to, end.repeat(times)));
    }
    drop(input.splice(at..at, piece.repeat(times)));
}

/// Puts another number in a number's place.
fn number(input: &mut Vec<u8>, dice: &mut fastrand::Rng) {
    let digits = places(input, |byte| byte.is_ascii_digit());
    if digits.is_empty() {
        return;
    }
    let start = *pick(dice, &digits);
    let length = input[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let other = NUMBERS[dice.usize(0..NUMBERS.len())];
    drop(input.splice(start..start + length, other.bytes()));
}

/// Takes out a line, or says it again, once or many times.
fn line(input: &mut Vec<u8>, dice: &mut fastrand::Rng) {
    let ends = places(input, |byte| byte == b'\n');
    if ends.len() < 2 {
        return;
    }
    let first = dice.usize(0..ends.len() - 1);
    let place = ends[first] + 1..ends[first + 1] + 1;
    let line = input[place.clone()].to_vec();
    let times = match dice.u8(0..4) {
        0 => 0,
        1 => 2,
        2 => dice.usize(0..200),
        _ => (1 << dice.u8(0..13)).min(INPUT_MAX / line.len().max(1)),
    };
    drop(input.splice(place, line.repeat(times)));
}

/// Lets two parts change their places.
fn swap_pieces(input: &mut [u8], dice: &mut fastrand::Rng) {
    let mut at: Vec<usize> = (0..3).map(|_| dice.usize(0..=input.len())).collect();
    at.sort_unstable();
    input[at[0]..at[2]].rotate_left(at[1] - at[0]);
}

fn places(input: &[u8], is: impl Fn(u8) -> bool) -> Vec<usize> {
    let numbered = input.iter().enumerate();
    numbered
        .filter_map(|(at, byte)| is(*byte).then_some(at))
        .collect()
}

/// Somewhere in so many bytes, no longer than `most`.
fn range(dice: &mut fastrand::Rng, bytes: usize, most: usize) -> std::ops::Range<usize> {
    let start = dice.usize(0..=bytes);
    start..dice.usize(start..=bytes.min(start + most))
}

fn pick<'a, T>(dice: &mut fastrand::Rng, among: &'a [T]) -> &'a T {
    &among[dice.usize(0..among.len())]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}
