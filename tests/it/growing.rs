//! Files that grow: what is new is added, what was there stays.

use serde_json::json;

use crate::support::packed::{gzip, lines, mailbox, table, tar, value};
use crate::support::{Workplace, article};

const ARTICLES: &str = "SELECT count(*) FROM article";

/// Takes a file in as it was and as it is; returns how many articles there are after each.
fn grow(place: &Workplace, name: &str, before: &[u8], after: &[u8]) -> (i64, i64) {
    assert!(after.starts_with(before), "it has grown");
    place.put_bytes(name, before);
    place.ingest();
    let first = place.count(ARTICLES);
    place.put_bytes(name, after);
    place.ingest();
    place.assert_sound();
    assert_eq!(
        place.count("SELECT count(*) FROM document WHERE continues_id IS NOT NULL"),
        1,
        "{name}"
    );
    assert_eq!(
        place.count(
            "SELECT count(*) FROM (SELECT 1 FROM article GROUP BY text_id HAVING count(*) > 1)"
        ),
        0,
        "{name}: nothing is doubled"
    );
    (first, place.count(ARTICLES))
}

#[test]
fn what_is_added_to_a_file_is_taken_alone() {
    let place = Workplace::new();
    let (before, after) = (lines(0..100), lines(0..130));
    assert_eq!(
        grow(&place, "a.jsonl", before.as_bytes(), after.as_bytes()),
        (100, 130)
    );
    let place = Workplace::new();
    let (before, after) = (table(0..20), table(0..30));
    assert_eq!(
        grow(&place, "a.csv", before.as_bytes(), after.as_bytes()),
        (20, 30)
    );
    let place = Workplace::new();
    let (before, after) = (mailbox(0..20), mailbox(0..30));
    assert_eq!(
        grow(&place, "a.mbox", before.as_bytes(), after.as_bytes()),
        (20, 30)
    );
}

#[test]
fn a_line_without_an_end_is_read_again_and_taken_once() {
    let place = Workplace::new();
    let whole = lines(0..3);
    let before = whole.trim_end();
    place.put("a.jsonl", before);
    place.ingest();
    assert_eq!(place.count(ARTICLES), 3);
    // Blanks, an end, one more: three documents, each of which goes on from the one before.
    for (added, wanted) in [
        (" ", 3),
        ("  \n", 3),
        (&*(String::from("  \n") + &lines(3..4)), 4),
    ] {
        place.put("a.jsonl", &format!("{before}{added}"));
        place.ingest();
        assert_eq!(place.count(ARTICLES), wanted, "{added:?}");
    }
    place.assert_sound();
}

#[test]
fn an_archive_that_was_cut_off_is_completed_when_the_rest_arrives() {
    let members: Vec<(String, String)> =
        (0..60).map(|n| (format!("{n}.txt"), article(n))).collect();
    let whole = gzip(&tar(&members));
    let place = Workplace::new();
    let (first, all) = grow(&place, "a.tar.gz", &whole[..whole.len() / 2], &whole);
    assert!(first > 0 && first < 60, "{first}");
    assert_eq!(all, 60);
    assert!(place.json("held", &[]).is_empty(), "the rest has arrived");
}

#[test]
fn a_file_that_was_rewritten_is_taken_anew() {
    let place = Workplace::new();
    place.put("a.jsonl", &lines(0..10));
    place.ingest();
    place.put("a.jsonl", &lines(10..25));
    place.ingest();
    assert_eq!(place.count(ARTICLES), 25);
    assert_eq!(
        place.count("SELECT count(*) FROM document WHERE continues_id IS NOT NULL"),
        0
    );
    place.assert_sound();
}

#[test]
fn what_was_put_aside_before_a_file_grew_can_be_tried_again_afterwards() {
    let place = Workplace::new();
    let strange = json!({"Überschrift": "Der Hafen", "Absätze": article(7)});
    let before = format!("{}{strange}\n{}", lines(0..2), value(3));
    place.put("a.jsonl", &before);
    let plain = place.configure("", "");
    place.ingest_with(&["--config", plain.to_str().expect("UTF-8")]);
    place.put("a.jsonl", &format!("{before}\n{}", lines(4..6)));
    place.ingest_with(&["--config", plain.to_str().expect("UTF-8")]);
    assert_eq!(place.count(ARTICLES), 5);
    let held = place.json("held", &[]);
    assert_eq!(held.len(), 1, "{held:?}");
    assert_eq!(held[0]["member"], "jsonl line 3");
    let config = place.configure(
        "[[json]]\ntext = ['/Absätze']\nfields = { title = ['/Überschrift'] }",
        "",
    );
    place.json("retry", &["--all"]);
    place.ingest_with(&["--config", config.to_str().expect("UTF-8")]);
    assert_eq!(place.count(ARTICLES), 6);
    assert!(place.json("held", &[]).is_empty());
    place.assert_sound();
}
