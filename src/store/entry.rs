//! A row of the index of prints as it stands in its table: two numbers for a print, whether its text is covered, the day and
//! the text.
//!
//! SQLite keeps them in four bytes and six. As four columns they take a sixth more; as one key of bytes they take a byte less,
//! but comparing those makes looking a text up take half as long again.

use super::index::{Place, Posting};

/// Bits of a print: at ten million texts one print in two thousand is found for another's sake, which costs a comparison.
const KEY_BITS: u32 = 40;
/// The lower bits of a key, which stand with the place.
const LOW_BITS: u32 = 8;
const TEXT_BITS: u32 = 24;
/// 1970 to 2059.
const DAY_BITS: u32 = 15;

/// What makes a number of 32 bits one that SQLite keeps in four bytes.
const HASH_MIDDLE: i64 = 1 << 31;
/// The same for 48 bits and six bytes. Of the bits the first says that the text is covered: its places are not negative.
const PLACE_MIDDLE: i64 = 1 << 47;

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// The upper bits of the key.
    pub(super) hash: i64,
    /// Whether the text is covered, the day, the text, and the lower bits of the key: ordered like these.
    pub(super) place: i64,
}

/// The part of a print by which it is found.
pub(super) const fn key(print: u64) -> i64 {
    print.cast_signed() & ((1 << KEY_BITS) - 1)
}

/// The upper bits of a key, as they stand in the table.
pub(super) const fn hash(key: i64) -> i64 {
    (key >> LOW_BITS) - HASH_MIDDLE
}

/// The least key with these upper bits, as they stand in the table; of a number beyond them, the least or one above all.
pub(super) fn first_key(hash: i64) -> i64 {
    (hash.clamp(-HASH_MIDDLE, HASH_MIDDLE) + HASH_MIDDLE) << LOW_BITS
}

/// The lower bits of a key.
pub(super) const fn low(key: i64) -> i64 {
    key & ((1 << LOW_BITS) - 1)
}

/// The row of a text under a key; `None` for a day or a text that is beyond what the bits hold.
pub(super) fn entry(key: i64, place: Place, text: i64) -> Option<Entry> {
    let fits = (0..1 << DAY_BITS).contains(&place.day) && (0..1 << TEXT_BITS).contains(&text);
    fits.then(|| Entry {
        hash: hash(key),
        place: packed(place, text) | low(key),
    })
}

/// What the places of covered texts of this day and later ones are not less than.
pub(super) fn covered_since(day: i64) -> i64 {
    let day = day.clamp(0, 1 << DAY_BITS);
    let is_covered = true;
    packed(Place { day, is_covered }, 0)
}

fn packed(place: Place, text: i64) -> i64 {
    let middle = if place.is_covered { 0 } else { PLACE_MIDDLE };
    (((place.day << TEXT_BITS) + text) << LOW_BITS) - middle
}

impl Entry {
    /// The key.
    pub(super) const fn key(self) -> i64 {
        (self.hash + HASH_MIDDLE) << LOW_BITS | low(self.place)
    }

    /// Whether its text is covered, and the text by day.
    pub(super) const fn posting(self) -> (bool, Posting) {
        let is_covered = self.place >= 0;
        let text = self.place >> LOW_BITS & ((1 << TEXT_BITS) - 1);
        let day = self.place >> (LOW_BITS + TEXT_BITS) & ((1 << DAY_BITS) - 1);
        (is_covered, Posting { day, text })
    }
}

/// Keys one behind the other, in five bytes each.
pub(super) fn pack(keys: &[i64]) -> Vec<u8> {
    let bytes = keys.iter().map(|key| key.to_be_bytes());
    bytes.flat_map(|[_, _, _, key @ ..]| key).collect()
}

/// The keys that were packed.
pub(super) fn unpack(packed: &[u8]) -> Vec<i64> {
    let (keys, _) = packed.as_chunks::<5>();
    let number = |key: &[u8; 5]| key.iter().fold(0, |all, byte| all << 8 | i64::from(*byte));
    keys.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY_MAX: i64 = (1 << KEY_BITS) - 1;

    #[test]
    fn rows_have_the_order_of_their_places_and_say_what_they_were_made_of() {
        for key in [0, 1, 255, 256, KEY_MAX - 1, KEY_MAX] {
            let mut before = i64::MIN;
            for is_covered in [false, true] {
                for day in [0, 1, 22_000, 32_767] {
                    for text in [0, 1, 70_000, (1 << TEXT_BITS) - 1] {
                        let place = Place { day, is_covered };
                        let row = entry(key, place, text).expect("a row");
                        assert_eq!(row.key(), key);
                        assert_eq!(first_key(row.hash), key & !0xff);
                        assert_eq!(row.posting(), (is_covered, Posting { day, text }));
                        assert!(row.place >> LOW_BITS > before, "{place:?} {text}");
                        before = row.place >> LOW_BITS;
                        assert_eq!(row.place >= covered_since(day), is_covered, "{place:?}");
                        assert!(row.place < covered_since(day + 1), "{place:?}");
                        // Four bytes and six.
                        assert!(i32::try_from(row.hash).is_ok());
                        assert!((-PLACE_MIDDLE..PLACE_MIDDLE).contains(&row.place));
                    }
                }
            }
        }
    }

    #[test]
    fn what_the_bits_do_not_hold_is_no_row() {
        let row = |day, text| {
            let is_covered = false;
            entry(7, Place { day, is_covered }, text)
        };
        assert_eq!(row(-1, 1), None);
        assert_eq!(row(1 << DAY_BITS, 1), None);
        assert_eq!(row(1, 1 << TEXT_BITS), None);
    }

    #[test]
    fn keys_are_packed_and_unpacked() {
        let keys = [0, 7, 0x01_0203_0405, KEY_MAX];
        assert_eq!(unpack(&pack(&keys)), keys);
        assert_eq!(key(u64::MAX), KEY_MAX);
        assert_eq!((first_key(i64::MIN), first_key(i64::MAX)), (0, KEY_MAX + 1));
    }
}
