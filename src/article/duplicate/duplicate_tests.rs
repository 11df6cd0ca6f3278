//! Comparing is symmetric, and edits make the ties they should.

use proptest::prelude::*;

use super::{Between, Comparison, Overlap, Passage, Reading, Tie, compare};
use crate::article::fingerprint::{fingerprint, shingles};

fn text(from: usize, to: usize) -> String {
    (from..to)
        .map(|n| format!("word{n}"))
        .collect::<Vec<_>>()
        .join(" ")
}

fn compared(a: &str, b: &str) -> Comparison {
    let (a, b) = (Reading::of(None, a), Reading::of(None, b));
    compare(&a, &b, &Between::default())
}

#[test]
fn overlap_is_counted_in_shingles_of_either() {
    let overlap = compared(&text(0, 104), &text(50, 204)).overlap;
    assert_eq!(overlap.shared, 50);
    assert!((overlap.a_in_b - 0.5).abs() < 1e-9);
    assert!((overlap.b_in_a - 50.0 / 150.0).abs() < 1e-9);
    assert!((overlap.resemblance - 0.25).abs() < 1e-9);
    assert_eq!(compared("", "").overlap, Overlap::default());
}

#[test]
fn layout_case_quotes_and_width_do_not_matter() {
    let a = fingerprint("“The Mayor’s wall” — ＡＢＣ straße.\r\n\r\nIt holds. ﬁn");
    let b = fingerprint("\"the mayors wall\" abc\n STRASSE it holds fin\n\n\n");
    assert_eq!(a, b);
    assert_ne!(a, fingerprint("the mayors wall abc strasse it held fin"));
}

#[test]
fn the_numbers_are_the_same_in_every_version() {
    assert_eq!(shingles("one two three four five").as_slice(), [EXPECTED]);
}

const EXPECTED: u64 = 18_070_368_782_385_842_688;

#[test]
fn characters_are_words_where_words_are_not_parted() {
    assert_eq!(shingles("新华社北京电").len(), 2);
}

#[test]
fn what_is_a_print_does_not_depend_on_what_stands_around_it() {
    let (whole, part) = (text(0, 3000), text(1000, 2000));
    let (whole, part) = (fingerprint(&whole).prints, fingerprint(&part).prints);
    assert!(part.iter().all(|print| whole.contains(print)));
    assert!((200..300).contains(&whole.len()), "{}", whole.len());
    assert_eq!(fingerprint("two words").prints.len(), 1);
}

#[test]
fn a_reading_has_the_shingles_of_the_fingerprint() {
    for text in [
        "“The Mayor’s wall” — ＡＢＣ straße.\r\n\r\nIt holds. ﬁn, and ½ of 1,200.5 stones ΣΑΣ",
        "新华社北京电 ｶﾞ e\u{301}t\u{e9} don't U.S. 10:30",
        "two words",
        "",
    ] {
        let mut own = Reading::of(None, text).shingles().to_vec();
        own.sort_unstable();
        own.dedup();
        assert_eq!(own, shingles(text).as_slice(), "{text}");
    }
}

#[test]
fn passages_are_what_both_say() {
    let a = "Rain fell. “The harbour wall at Port Alder has fallen into the sea,” said Ms Vane.";
    let b = "No.\n\nTHE HARBOUR WALL AT PORT ALDER has fallen – again";
    let found = compared(a, b).passages;
    let [Passage { a: in_a, b: in_b }] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(in_a.of(a), "The harbour wall at Port Alder has fallen");
    assert_eq!(in_b.of(b), "THE HARBOUR WALL AT PORT ALDER has fallen");
}

fn mirrored(found: Comparison) -> Comparison {
    let mut passages: Vec<Passage> = found
        .passages
        .into_iter()
        .map(|it| Passage { a: it.b, b: it.a })
        .collect();
    passages.sort_by_key(|it| (it.a, it.b));
    Comparison {
        overlap: found.overlap.mirrored(),
        passages,
        leads: (found.leads.1, found.leads.0),
        tie: found.tie.mirrored(),
        ..found
    }
}

proptest! {
    #[test]
    fn comparing_is_symmetric(a in "[a-d0-2A. ]{0,300}", b in "[a-d0-2A. ]{0,300}") {
        prop_assert_eq!(compared(&a, &b), mirrored(compared(&b, &a)));
    }

    #[test]
    fn any_strings_can_be_compared(a in ".{0,200}", b in ".{0,200}") {
        let found = compared(&a, &b);
        for passage in &found.passages {
            prop_assert!(a.get(passage.a.start..passage.a.end).is_some());
            prop_assert!(b.get(passage.b.start..passage.b.end).is_some());
        }
        prop_assert!(compared(&a, &a).tie == Tie::Copy || Reading::of(None, &a).is_empty());
    }

    #[test]
    fn prints_are_sorted_distinct_shingles(text in "[a-zé \u{4e2d}]{0,300}") {
        let print = fingerprint(&text);
        let all = shingles(&text);
        prop_assert!(print.prints.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(print.prints.iter().all(|print| all.as_slice().contains(print)));
        prop_assert_eq!(print.prints.is_empty(), all.is_empty());
    }
}
