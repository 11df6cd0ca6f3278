//! Promise 2: the history explains the present.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Workplace, article, packed};

/// The state each event leaves a job in.
fn state_after(kind: &str, detail: &Value) -> Option<&'static str> {
    match kind {
        "queued" | "released" | "retried" => Some("queued"),
        // An after-action that is put off concerns a job that is done.
        "postponed" if detail["due_ms"].is_number() => Some("queued-or-done"),
        "claimed" => Some("claimed"),
        "held" => Some("held"),
        "gone" => Some("gone"),
        // A part of a file: there is more to come.
        "recorded" if detail["reached"].is_number() => None,
        "recorded" => Some("done"),
        _ => None,
    }
}

#[test]
fn the_present_state_can_be_worked_out_from_the_history() {
    let place = Workplace::new();
    for n in 0..20 {
        place.put(&format!("{n}.txt"), &article(n));
    }
    place.put("again.txt", &article(3));
    place.put("windows.txt", &article(4).replace('\n', "\r\n"));
    place.put("near.txt", &article(5).replace("Tuesday", "Wednesday"));
    place.put("many.jsonl", &packed::lines(100..180));
    let odd = format!("{}{{\"odd\": [1]}}\n", packed::lines(200..203));
    place.put("odd.jsonl", &odd);
    place.put("empty.txt", "\n");
    place.put("binary.txt", "\u{7f}ELF\u{1}\u{0}\u{0}\u{0}\u{0}");
    place.ingest();
    std::fs::write(
        place.drop().join("7.txt"),
        article(7).replace("crowns", "guilders"),
    )
    .expect("rewritten");
    std::fs::write(place.drop().join("empty.txt"), article(40)).expect("rewritten");
    place.ingest();
    place.json("retry", &["--all"]);
    place.ingest();
    place.assert_sound();

    let mut jobs: BTreeMap<i64, &str> = BTreeMap::new();
    let mut verdicts: BTreeMap<i64, (String, Option<i64>)> = BTreeMap::new();
    for event in place.json("history", &["--limit", "100000"]) {
        let kind = event["kind"].as_str().expect("a kind");
        if let (Some(job), Some(state)) =
            (event["job"].as_i64(), state_after(kind, &event["detail"]))
        {
            jobs.insert(job, state);
        }
        if let (Some(article), "judged") = (event["article"].as_i64(), kind) {
            let verdict = event["detail"]["verdict"]
                .as_str()
                .expect("a verdict")
                .to_owned();
            verdicts.insert(article, (verdict, event["detail"]["of"].as_i64()));
        }
    }

    let db = rusqlite::Connection::open(place.store()).expect("the store");
    let mut states = db.prepare("SELECT id, state FROM job").expect("asked");
    let states: BTreeMap<i64, String> = states
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("asked")
        .collect::<rusqlite::Result<_>>()
        .expect("read");
    assert!(states.len() >= 27);
    assert_eq!(
        states,
        jobs.iter()
            .map(|(id, state)| (*id, (*state).to_owned()))
            .collect()
    );
    let mut judged = db
        .prepare("SELECT id, verdict, of_id FROM article")
        .expect("asked");
    let judged: BTreeMap<i64, (String, Option<i64>)> = judged
        .query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
        .expect("asked")
        .collect::<rusqlite::Result<_>>()
        .expect("read");
    assert_eq!(judged, verdicts);
    assert!(judged.values().any(|(verdict, _)| verdict == "version"));
}

#[test]
fn the_tallies_are_what_the_articles_say() {
    let place = Workplace::new();
    for n in 0..12 {
        place.put(&format!("{n}.txt"), &article(n));
        place.put(
            &format!("near-{n}.txt"),
            &article(n).replace("Tuesday", "Wednesday"),
        );
    }
    place.ingest();
    for kind in ["new", "copy"] {
        let tally = place.count(&format!(
            "SELECT coalesce(sum(n), 0) FROM tally WHERE outcome = '{kind}'"
        ));
        let articles = place.count(&format!(
            "SELECT count(*) FROM article WHERE verdict = '{kind}'"
        ));
        assert_eq!(tally, articles, "{kind}");
        assert_eq!(articles, 12, "{kind}");
    }
}

#[test]
fn the_history_can_only_be_appended_to() {
    let place = Workplace::new();
    place.put("a.txt", &article(1));
    place.ingest();
    let db = rusqlite::Connection::open(place.store()).expect("the store");
    for change in ["UPDATE event SET kind = 'held'", "DELETE FROM event"] {
        let refused = db.execute(change, []).expect_err("refused");
        assert!(
            refused.to_string().contains("only ever appended"),
            "{refused}"
        );
    }
}
