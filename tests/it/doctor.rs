//! `doctor` and `reindex`: what is wrong in the record is told with what puts it right, and is right afterwards.

use serde_json::Value;

use crate::support::{Workplace, article};

/// A store with new articles, copies, an excerpt, the same text twice and two versions of one article.
fn taken_in() -> Workplace {
    let place = Workplace::new();
    for n in 0..12 {
        place.put(&format!("{n}.txt"), &article(n));
        place.put(
            &format!("near-{n}.txt"),
            &article(n).replace("Tuesday", "Wednesday"),
        );
    }
    place.put("same.txt", &(article(3).replace('\n', "\r\n") + "\r\n"));
    place.ingest();
    place.put("7.txt", &article(7).replace("crowns", "guilders"));
    place.ingest();
    place
}

fn write(place: &Workplace, sql: &str) {
    let db = rusqlite::Connection::open(place.store()).expect("the store");
    db.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}"))
        .expect(sql);
}

/// What the doctor says is wrong, with his exit code.
fn faults(place: &Workplace) -> (Option<i32>, Vec<String>) {
    let output = place.run("doctor", &["--json"]);
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let checks = report["checks"].as_array().expect("checks");
    let findings = checks
        .iter()
        .flat_map(|check| check["findings"].as_array().expect("findings"));
    let faults = findings
        .map(|finding| {
            assert_eq!(finding["help"], "copydesk reindex");
            finding["what"].as_str().expect("what").to_owned()
        })
        .collect();
    (output.status.code(), faults)
}

#[test]
fn a_broken_record_is_told_and_is_as_it_was_once_it_is_reindexed() {
    let place = taken_in();
    let before = place.json("export", &[]);
    assert_eq!(faults(&place), (Some(0), Vec::new()));
    write(
        &place,
        "DELETE FROM relation; UPDATE article SET family_id = NULL WHERE id % 3 = 0;
         UPDATE text SET is_covered = 1 - is_covered WHERE id % 2 = 0; DELETE FROM fresh WHERE id % 4 = 0;
         INSERT INTO article_fts (article_fts, rowid, title, text) SELECT 'delete', id, title, text FROM article WHERE id = 5;",
    );
    let (code, found) = faults(&place);
    assert_eq!(code, Some(3));
    for what in [
        "whether a text is covered by an earlier one is not as its relations say",
        "a text is not found by all its prints",
        "a verdict is not what the ties of the article make it",
        "a family is not those whom ties make one",
        "an article is not in the full-text index",
    ] {
        assert!(found.iter().any(|it| it == what), "{what}: {found:#?}");
    }
    let told = String::from_utf8(place.run("doctor", &[]).stdout).expect("UTF-8");
    assert!(told.contains("→ copydesk reindex"), "{told}");
    assert!(told.contains("once: article 5"), "{told}");

    let summary = place.json("reindex", &[]);
    assert_eq!(summary[0]["search"], true);
    assert_eq!(faults(&place), (Some(0), Vec::new()));
    assert_eq!(place.json("export", &[]), before);
    assert_eq!(place.json("history", &["--kind", "reindexed"]).len(), 1);
}

#[test]
fn to_reindex_a_record_that_is_right_changes_nothing() {
    let place = taken_in();
    let before = place.json("export", &[]);
    let told = |place: &Workplace| {
        place.count("SELECT count(*) FROM event WHERE kind IN ('judged', 'joined', 'parted')")
    };
    let events = told(&place);
    let summary = place.json("reindex", &[]);
    assert_eq!(summary[0]["judged"], 0);
    assert_eq!(summary[0]["search"], false);
    assert_eq!(place.json("export", &[]), before);
    assert_eq!(told(&place), events);
}

#[test]
fn wherever_reindexing_dies_the_next_run_goes_on() {
    let place = taken_in();
    let before = place.json("export", &[]);
    for nth in 1..12 {
        let output = place
            .command("reindex")
            .env("COPYDESK_KILL", format!("reindex:{nth}"))
            .output()
            .expect("run");
        assert_eq!(output.status.code(), None, "it dies");
        assert_eq!(faults(&place), (Some(0), Vec::new()), "step {nth}");
        // Whoever has the store next: a daemon or an ingest judges what is due, or it is run again.
        if nth % 2 == 0 {
            place.ingest();
        } else {
            place.json("reindex", &[]);
        }
        assert_eq!(faults(&place), (Some(0), Vec::new()), "step {nth}");
        assert_eq!(place.json("export", &[]), before, "step {nth}");
    }
}

#[test]
fn the_doctor_examines_beside_a_daemon_and_reindex_leaves_it_the_store() {
    let place = taken_in();
    let daemon = place.daemon();
    assert_eq!(faults(&place), (Some(0), Vec::new()));
    let refused = place.run("reindex", &[]);
    assert_eq!(refused.status.code(), Some(1));
    let why = String::from_utf8(refused.stderr).expect("UTF-8");
    assert!(why.contains("in use by copydesk run"), "{why}");
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn a_damaged_file_is_told_as_such_and_a_missing_one_is_not_made() {
    let place = Workplace::new();
    for verb in ["doctor", "reindex"] {
        assert_eq!(place.run(verb, &[]).status.code(), Some(1), "{verb}");
        assert!(!place.store().exists(), "{verb}");
    }
    let place = taken_in();
    write(
        &place,
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'article_by_text'",
    );
    let output = place.run("doctor", &[]);
    assert_eq!(output.status.code(), Some(5), "{output:?}");
}
