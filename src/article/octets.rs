//! Questions to eight bytes of a text at a time, each byte marked by its highest bit.
//!
//! Knows bytes alone. What they mean is [`super::prose`]'s business.

/// How many bytes are looked at together.
pub(super) const EIGHT: usize = 8;

/// The highest bit of every byte, by which a byte is marked: ASCII leaves it free.
pub(super) const MARKS: u64 = times(0x80);

/// A number with this byte in all eight places.
pub(super) const fn times(byte: u8) -> u64 {
    u64::from_le_bytes([byte; EIGHT])
}

/// Marks the bytes that are this one; behind the first of them others may be marked too.
fn first(bytes: u64, byte: u8) -> u64 {
    let zero_there = bytes ^ times(byte);
    zero_there.wrapping_sub(times(1)) & !zero_there & MARKS
}

/// Marks the bytes that are neither visible ASCII nor U+0020; behind the first of them others may be marked too.
fn odd(bytes: u64) -> u64 {
    (bytes | bytes.wrapping_sub(times(b' '))) & MARKS
}

/// Where the first byte is that `marks` finds, or how many bytes there are. Spaces stand for what is missing at
/// the end.
fn find(bytes: &[u8], marks: impl Fn(u64) -> u64) -> usize {
    let (eights, rest) = bytes.as_chunks::<EIGHT>();
    let mut at = 0;
    for eight in eights {
        let marked = marks(u64::from_le_bytes(*eight));
        if marked != 0 {
            return at + (marked.trailing_zeros() / 8) as usize;
        }
        at += EIGHT;
    }
    let mut last = [b' '; EIGHT];
    for (place, byte) in last.iter_mut().zip(rest) {
        *place = *byte;
    }
    let marked = marks(u64::from_le_bytes(last));
    if marked == 0 {
        bytes.len()
    } else {
        at + (marked.trailing_zeros() / 8) as usize
    }
}

/// Where the first byte stands that is not ASCII, or how many bytes there are.
pub(super) fn before_other(bytes: &[u8]) -> usize {
    find(bytes, |eight| eight & MARKS)
}

/// Where the first byte stands that is neither visible ASCII nor U+0020, or how many bytes there are.
pub(super) fn before_odd(bytes: &[u8]) -> usize {
    find(bytes, odd)
}

/// Where this byte first stands, or how many bytes there are.
pub(super) fn before_byte(bytes: &[u8], byte: u8) -> usize {
    find(bytes, |eight| first(eight, byte)).min(bytes.len())
}

/// Marks the bytes from LF to CR: LF, line tabulation, form feed, CR.
fn breaks(bytes: u64) -> u64 {
    let low = bytes & !MARKS;
    let from = low + times(0x80 - b'\n');
    let behind = low + times(0x80 - b'\r' - 1);
    from & !behind & !bytes & MARKS
}

/// Where the first of LF, line tabulation, form feed and CR stands, or the first byte C2 or E2, which U+0085 and the
/// separators of Unicode begin with, or how many bytes there are.
pub(super) fn before_line_end(bytes: &[u8]) -> usize {
    // C2 and E2 differ in one bit.
    find(bytes, |eight| {
        breaks(eight) | first(eight | times(0x20), 0xe2)
    })
}

/// How many bytes there are before one that is neither visible ASCII nor U+0020, or before two U+0020 in a row.
pub(super) fn single_blanks(bytes: &[u8]) -> usize {
    let (mut at, mut before) = (0, 0);
    for eight in bytes.as_chunks::<EIGHT>().0 {
        let eight = u64::from_le_bytes(*eight);
        let blanks = MARKS & !(eight ^ times(b' ')).wrapping_add(times(0x7f));
        if odd(eight) | (blanks & ((blanks << 8) | before)) != 0 {
            break;
        }
        before = blanks >> 56;
        at += EIGHT;
    }
    // What is looked for is in the next eight bytes, or the first blank is right before them.
    let start = at.saturating_sub(1);
    let rest = bytes.get(at..).unwrap_or_default();
    let odd = rest
        .iter()
        .take(EIGHT)
        .position(|byte| !(b' '..0x80).contains(byte));
    let end = at + odd.unwrap_or(rest.len().min(EIGHT));
    let head = bytes.get(start..end).unwrap_or_default();
    let two = head.array_windows::<2>().position(|pair| pair == b"  ");
    two.map_or(end, |two| start + two)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_at_a_time_find_what_single_ones_find() {
        let mut dice = fastrand::Rng::with_seed(11);
        let bytes =
            b"aaaaaaaaaaaaaaaaaaaaaaaaaa     ~\n\r\x0c\x0b\t\x0e\x7f\x80\x8a\xe2\xc2\xc3\xff\0";
        for _ in 0..50_000 {
            let length = dice.usize(0..40);
            let plain = dice.usize(1..=bytes.len());
            let text: Vec<u8> = (0..length).map(|_| bytes[dice.usize(0..plain)]).collect();
            let found = |is: &dyn Fn(usize, u8) -> bool| {
                let mut places = text.iter().enumerate();
                places
                    .find(|(at, byte)| is(*at, **byte))
                    .map_or(length, |(at, _)| at)
            };
            let odd = |_, byte| !(b' '..0x80).contains(&byte);
            let line_end = |_, byte| matches!(byte, b'\n'..=b'\r' | 0xc2 | 0xe2);
            let two = |at, byte| byte == b' ' && text.get(at + 1) == Some(&b' ');
            assert_eq!(before_other(&text), found(&|_, byte| !byte.is_ascii()));
            assert_eq!(before_odd(&text), found(&odd), "{text:?}");
            assert_eq!(before_line_end(&text), found(&line_end), "{text:?}");
            assert_eq!(before_byte(&text, b'~'), found(&|_, byte| byte == b'~'));
            assert_eq!(
                single_blanks(&text),
                found(&odd).min(found(&two)),
                "{text:?}"
            );
        }
    }
}
