//! Comparing is symmetric, and edits make the ties they should.

use proptest::prelude::*;

use super::duplicate::{Tie, compare};
use super::fingerprint::{fingerprint, shingles};

fn text(from: usize, to: usize) -> String {
    (from..to)
        .map(|n| format!("word{n}"))
        .collect::<Vec<_>>()
        .join(" ")
}

fn tie(a: &str, b: &str) -> Tie {
    compare(&shingles(a), &shingles(b)).tie()
}

#[test]
fn ties_follow_what_is_contained_in_what() {
    assert_eq!(tie(&text(0, 300), &text(0, 300)), Tie::Copy);
    assert_eq!(tie(&text(0, 300), &text(10, 300)), Tie::Copy);
    assert_eq!(tie(&text(0, 100), &text(0, 300)), Tie::Excerpt);
    assert_eq!(tie(&text(0, 300), &text(0, 100)), Tie::Expansion);
    assert_eq!(tie(&text(0, 200), &text(140, 400)), Tie::Shares);
    assert_eq!(tie(&text(0, 200), &text(180, 400)), Tie::None);
    assert_eq!(tie("", ""), Tie::None);
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
fn a_shared_passage_of_twenty_eight_words_shares_a_print() {
    let (a, b) = (text(0, 200), text(172, 400));
    let (a, b) = (fingerprint(&a), fingerprint(&b));
    assert!(a.prints.iter().any(|print| b.prints.contains(print)));
    assert!(a.prints.len() * 5 < 200);
}

proptest! {
    #[test]
    fn comparing_is_symmetric(a in "[a-d ]{0,200}", b in "[a-d ]{0,200}") {
        let (a, b) = (shingles(&a), shingles(&b));
        let (forth, back) = (compare(&a, &b), compare(&b, &a));
        prop_assert_eq!(forth, back.mirrored());
        prop_assert_eq!(forth.tie(), back.tie().mirrored());
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
