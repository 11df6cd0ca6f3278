//! A record that agrees with itself, and one that is made anew: what is right stays as it is, what is wrong is found and put right, and wherever it is
//! interrupted it can be gone on.

use proptest::prelude::*;

use crate::store::{Durability, index};
use crate::stories::window::Window;

use super::order_tests::{Desk, text, texts};
use super::reindexing::{Reindexing, Stage};

/// Makes the record anew, in so many steps at most; whether it is done.
fn reindex(desk: &mut Desk, steps: usize) -> bool {
    let begun = desk.store.write(Durability::Later, Reindexing::begin);
    // It has the store alone: who comes next has nothing at hand.
    desk.window = Window::default();
    let mut here = begun.expect("begun");
    for _ in 0..steps {
        desk.now_ms += 1_000;
        let now_ms = desk.now_ms;
        let done = desk
            .store
            .write(Durability::Later, |db| here.step(db, now_ms));
        here = done.expect("a step");
        if here.stage == Stage::Done {
            return true;
        }
    }
    false
}

fn number(desk: &Desk, sql: &str) -> i64 {
    desk.store
        .with_connection(|db| db.query_row(sql, [], |row| row.get(0)))
        .expect(sql)
}

/// What the history has told of verdicts and families.
const TOLD: &str = "SELECT count(*) FROM event WHERE kind IN ('judged', 'joined', 'parted')";

/// A record with copies, excerpts, the same words, relations that do not join, and texts that stand alone.
fn mixed() -> Desk {
    let whole = 0b11_1111;
    let texts = vec![
        text(0, whole, &[]),
        text(0, whole, &[]) + "\n",
        text(0, whole, &[1]),
        text(0, 0b00_1111, &[]),
        text(1, whole, &[]),
        text(1, whole, &[2, 3]),
        text(1, 0b11_1000, &[4, 5, 0]),
        text(2, whole, &[]),
        text(3, whole, &[]),
        text(3, whole, &[]) + "\n\n",
    ];
    let mut desk = Desk::new(&texts);
    desk.take(&[3, 1, 7, 5]);
    desk.take(&[0, 2, 4, 6, 8, 9]);
    desk.settle();
    desk
}

/// Texts of which many are the same, by their bytes or by their words alone.
fn alike() -> impl Strategy<Value = Vec<String>> {
    let one = (0..2usize, 0..4usize, 0..2usize);
    let text = one.prop_map(|(story, part, blank)| {
        let kept = [0b11_1111, 0b01_1111, 0b00_1111, 0b11_0000];
        text(story, *kept.get(part).expect("one of four"), &[]) + &"\n".repeat(blank)
    });
    proptest::collection::vec(text, 2..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_same_words_and_the_same_bytes_come_to_the_same_record(
        texts in alike(),
        keys in proptest::collection::vec(any::<u32>(), 14),
        batch in 1..4usize,
        between in 0..3usize,
    ) {
        let mut one = Desk::new(&texts);
        let all: Vec<usize> = (0..texts.len()).collect();
        one.take(&all);
        one.settle();
        let mut other = Desk::new(&texts);
        let mut shuffled = all;
        shuffled.sort_by_key(|at| keys.get(*at));
        for part in shuffled.chunks(batch) {
            other.take(part);
            other.rejudge(between);
            prop_assert_eq!(other.faults(), Vec::<String>::new());
        }
        other.settle();
        prop_assert_eq!(other.record(), one.record());
    }

    #[test]
    fn what_is_right_is_left_as_it_is(texts in prop_oneof![texts(), alike()]) {
        let mut desk = Desk::new(&texts);
        let all: Vec<usize> = (0..texts.len()).rev().collect();
        for part in all.chunks(3) {
            desk.take(part);
        }
        desk.settle();
        let (before, told) = (desk.record(), number(&desk, TOLD));
        prop_assert!(reindex(&mut desk, usize::MAX));
        prop_assert_eq!(desk.record(), before);
        prop_assert_eq!(number(&desk, TOLD), told);
        prop_assert_eq!(number(&desk, "SELECT count(*) FROM event WHERE kind = 'reindexed'"), 1);
        prop_assert_eq!(desk.faults(), Vec::<String>::new());
    }

    #[test]
    fn wherever_it_is_interrupted_whoever_comes_next_goes_on(texts in texts(), steps in 1..12usize) {
        let mut desk = Desk::new(&texts);
        let all: Vec<usize> = (0..texts.len()).collect();
        desk.take(&all);
        desk.settle();
        let before = desk.record();
        // A daemon judges what is due; here that comes to the same as to run it again.
        reindex(&mut desk, steps);
        prop_assert_eq!(desk.faults(), Vec::<String>::new());
        desk.settle();
        prop_assert_eq!(&desk.record(), &before);
        reindex(&mut desk, steps);
        prop_assert!(reindex(&mut desk, usize::MAX));
        prop_assert_eq!(desk.record(), before);
    }
}

#[test]
fn a_filling_that_a_death_interrupts_leaves_nothing_in_memory_once_it_is_done() {
    let texts: Vec<String> = (0..6).map(|n| text(n, 0b11_1111, &[])).collect();
    let mut desk = Desk::new(&texts);
    desk.take(&[0, 1, 2, 3, 4, 5]);
    desk.settle();
    let moving = |desk: &Desk, slices: usize| {
        let moved = desk.store.write(Durability::Later, |db| {
            index::begin(db)?;
            for _ in 0..slices {
                if !index::fill(db, 40)? {
                    break;
                }
            }
            Ok(())
        });
        moved.expect("moved");
    };
    moving(&desk, 2);
    assert_eq!(desk.faults(), Vec::<String>::new());
    desk.reopen();
    moving(&desk, usize::MAX);
    // What stayed there would be moved to its place once more, after the text has left it.
    let left: i64 = desk.store.with_connection(|db| {
        let sql = "SELECT (SELECT count(*) FROM fresh) + (SELECT count(*) FROM temp.recent)";
        db.query_row(sql, [], |row| row.get(0)).expect("counted")
    });
    assert_eq!(left, 0);
    assert_eq!(desk.faults(), Vec::<String>::new());
}

/// A page that states when it was published and changed.
fn page(url: &str, published: &str, modified: &str, text: &str) -> String {
    let paragraphs: Vec<String> = text
        .split_terminator("\n\n")
        .map(|paragraph| format!("<p>{}</p>", paragraph.trim()))
        .collect();
    format!(
        "<html><head><title>News from the county</title><link rel=\"canonical\" href=\"https://gazette.example/{url}\">\
         <meta property=\"article:published_time\" content=\"2031-04-04T{published}:00Z\">\
         <meta property=\"article:modified_time\" content=\"2031-04-04T{modified}:00Z\"></head>\
         <body><article><h1>News from the county</h1>{}</article></body></html>",
        paragraphs.join("\n")
    )
}

#[test]
fn who_leads_a_family_does_not_depend_on_who_joined_it_last() {
    let whole = 0b11_1111;
    let texts = vec![
        // Published first, and changed after the other page of that address: a version of that.
        page("a", "10:00", "12:00", &text(1, whole, &[])),
        page("a", "11:00", "11:00", &text(0, whole, &[])),
        page("b", "10:30", "10:30", &text(0, whole, &[1])),
        page("c", "10:15", "10:15", &text(0, whole, &[1])),
    ];
    let records: Vec<_> = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]]
        .iter()
        .map(|order| {
            let mut desk = Desk::new(&texts);
            for number in order {
                desk.take(&[*number]);
                desk.settle();
            }
            let versions = number(&desk, "SELECT count(*) FROM version");
            let families = number(&desk, "SELECT count(*) FROM family WHERE members = 4");
            assert_eq!((versions, families), (1, 1));
            desk.record()
        })
        .collect();
    assert!(records.windows(2).all(|pair| pair[0] == pair[1]));
}

/// How the record is broken, and what is said of it.
const BREAKS: [(&str, &str); 26] = [
    (
        "DELETE FROM print WHERE (hash, place) = (SELECT hash, place FROM print ORDER BY hash LIMIT 1)",
        "a text is not found by all its prints",
    ),
    (
        "INSERT INTO print (hash, place) SELECT hash + 1, place FROM print LIMIT 1",
        "prints stand in the index that no text has there",
    ),
    (
        "INSERT INTO print (hash, place) SELECT hash, place + (1 << 47) FROM print WHERE place < 0 LIMIT 1",
        "prints stand in the index that no text has there",
    ),
    (
        "INSERT INTO odd_print (hash, is_covered, day, text_id) VALUES (5, 0, 20000, 4711)",
        "prints stand in the index that no text has there",
    ),
    (
        "INSERT INTO fresh (text_id, prints) SELECT id, x'0000000001' FROM text WHERE day IS NOT NULL LIMIT 1",
        "the prints of a text that wait beside the index are not its own",
    ),
    (
        "UPDATE text SET first_id = (SELECT max(id) FROM article WHERE text_id = text.id
                                     AND id <> first_id)
         WHERE (SELECT count(*) FROM article WHERE text_id = text.id) > 1",
        "the first article of a text is not the one that is written",
    ),
    (
        "UPDATE text SET first_id = NULL WHERE id = 1",
        "the first article of a text is not the one that is written",
    ),
    (
        "UPDATE text SET day = day + 3 WHERE id = 2",
        "a text does not stand at the day of its first article",
    ),
    (
        "UPDATE text SET day = NULL WHERE id = 2",
        "a text does not stand at the day of its first article",
    ),
    (
        "UPDATE text SET is_covered = 1 - is_covered WHERE id = 3",
        "whether a text is covered by an earlier one is not as its relations say",
    ),
    (
        "UPDATE text SET digest = zeroblob(32) WHERE id = 2",
        "a text is known by other words than it says",
    ),
    (
        "UPDATE text SET prints = prints + 1 WHERE id = 2",
        "a text is known by other words than it says",
    ),
    (
        "INSERT INTO text (digest, prints, first_id, day) SELECT randomblob(32), 3, 1, 20000",
        "a text that no article has any more has a place or relations",
    ),
    (
        "DELETE FROM relation WHERE joins",
        "a verdict is not what the ties of the article make it",
    ),
    (
        "UPDATE relation SET joins = 0 WHERE tie <> 'shares'",
        "a text is tied to others, and to none of them as family",
    ),
    (
        "INSERT OR REPLACE INTO relation SELECT earlier_id, text_id, tie, joins, probability, resemblance, contained, contains,
                                         shared, longest_run, figures, names, passages FROM relation WHERE joins",
        "a text is tied to one that does not precede it",
    ),
    (
        "UPDATE article SET verdict = 'new', of_id = NULL WHERE verdict = 'copy' OR verdict = 'excerpt'",
        "a verdict is not what the ties of the article make it",
    ),
    (
        "UPDATE article SET family_id = (SELECT max(id) FROM family) WHERE family_id IS NOT NULL",
        "a family is not those whom ties make one",
    ),
    (
        "UPDATE article SET family_id = NULL WHERE id = (SELECT max(id) FROM article WHERE family_id IS NOT NULL)",
        "an article is in no family, and is tied to others",
    ),
    (
        "UPDATE family SET lead_id = (SELECT max(id) FROM article WHERE family_id = family.id AND id <> lead_id)",
        "a family is led by another than its first article",
    ),
    (
        "UPDATE tally SET n = n + 1 WHERE outcome = 'new'",
        "the articles of a day are not counted as they are",
    ),
    (
        "DELETE FROM theme WHERE article_id = (SELECT min(article_id) FROM theme)",
        "an article leads and is no item of stories, or the reverse",
    ),
    (
        "UPDATE theme SET words = substr(words, 1, 8)",
        "an item of stories is not what its article says",
    ),
    (
        "DELETE FROM theme_link WHERE article_id < other_id",
        "an item of stories is linked on one side alone",
    ),
    (
        "UPDATE theme SET story_id = article_id",
        "an item sits in a story that is none",
    ),
    (
        "UPDATE crowd SET arrived = arrived + 1",
        "the items of a day are not counted as they are",
    ),
];

#[test]
fn what_is_broken_is_found_and_put_right() {
    for (how, what) in BREAKS {
        let mut desk = mixed();
        // The prints stand in the index, where they are broken.
        let filled = desk.store.write(Durability::Later, |db| {
            index::begin(db)?;
            while index::fill(db, 100)? {}
            index::count_fresh(db)
        });
        assert_eq!(filled.expect("filled"), 0);
        let before = desk.record();
        assert_eq!(desk.faults(), Vec::<String>::new());
        let broken = desk.store.with_connection(|db| {
            db.execute_batch("PRAGMA foreign_keys = OFF")?;
            let broken = db.execute(how, [])?;
            db.execute_batch("PRAGMA foreign_keys = ON")?;
            Ok::<usize, rusqlite::Error>(broken)
        });
        assert!(broken.expect(how) > 0, "{how}");
        let faults = desk.faults();
        assert!(
            faults.iter().any(|fault| fault.starts_with(what)),
            "{how}: {faults:#?}"
        );
        assert!(reindex(&mut desk, usize::MAX), "{how}");
        assert_eq!(desk.faults(), Vec::<String>::new(), "{how}");
        assert_eq!(desk.record(), before, "{how}");
    }
}
