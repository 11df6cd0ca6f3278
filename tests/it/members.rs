//! Files of many articles: each is taken by itself, or put aside by itself.

use serde_json::json;

use crate::furniture::{paragraphs, title};
use crate::order::content_of;
use crate::support::packed::{crawl, lines, padded_lines, page, tar, value, zip};
use crate::support::{Daemon, Workplace, article};

const ARTICLES: &str = "SELECT count(*) FROM article";
const DONE: &str = "SELECT count(*) FROM job WHERE state = 'done'";

#[test]
fn each_article_knows_its_bytes_in_every_layer() {
    let place = Workplace::new();
    let answer = |numbers: [usize; 2]| json!({"articles": numbers.map(value)}).to_string();
    let members = [
        ("one.jsonl".to_owned(), lines(0..2)),
        ("two.json".to_owned(), answer([2, 3])),
    ];
    let archive = tar(&members);
    place.put_bytes("a.tar", &archive);
    let whole = answer([4, 5]);
    place.put("b.json", &whole);
    place.put("c.txt", &article(6));
    place.ingest();
    let mut depths = Vec::new();
    for object in place.json("export", &[]) {
        let is_archive = object["path"]
            .as_str()
            .is_some_and(|path| path.contains("a.tar"));
        let mut bytes = if is_archive {
            archive.as_slice()
        } else {
            whole.as_bytes()
        };
        let steps = object["place"].as_array().expect("steps");
        depths.push(steps.len());
        for step in steps {
            let at =
                |key: &str| usize::try_from(step[key].as_u64().expect("a byte")).expect("near");
            bytes = &bytes[at("start")..at("end")];
        }
        if !steps.is_empty() {
            let input: serde_json::Value = serde_json::from_slice(bytes).expect("one article");
            assert_eq!(input["url"], object["url"], "{object}");
        }
    }
    depths.sort_unstable();
    assert_eq!(depths, [0, 1, 1, 2, 2, 2, 2]);
}

#[test]
fn each_member_of_a_file_is_an_article_and_says_where_it_stands() {
    let place = Workplace::new();
    place.put("a.jsonl", &lines(0..3));
    let (first, second) = (article(10), page(11));
    place.put_bytes(
        "b.zip",
        &zip(&[
            ("x/ten.txt", first.as_bytes()),
            ("x/eleven.html", second.as_bytes()),
        ]),
    );
    let pages = [20, 21].map(|n| (format!("https://kellin.example/{n}"), page(n)));
    place.put_bytes("c.warc", &crawl(&pages));
    let summary = place.ingest();
    assert_eq!(
        summary["articles"]["recorded"]
            .as_i64()
            .or(summary["articles"].as_i64()),
        Some(7),
        "{summary}"
    );
    let told: Vec<(String, String)> = place
        .json("export", &[])
        .iter()
        .map(|object| {
            let word = |key: &str| object[key].as_str().unwrap_or("-").to_owned();
            (word("member"), word("url"))
        })
        .collect();
    let said = |member: &str, url: &str| {
        assert!(
            told.contains(&(member.to_owned(), url.to_owned())),
            "{member} {url}: {told:?}"
        );
    };
    said("jsonl line 2", "https://varnholm.example/1");
    said("zip #1 x/ten.txt", "-");
    said("zip #2 x/eleven.html", "-");
    said(
        "warc #2 https://kellin.example/21",
        "https://kellin.example/21",
    );
    let object = place.json("show", &["1"]).remove(0);
    assert!(object["member"].is_string(), "{object}");
    assert!(place.shown("show", &["1"]).contains(", member "));
    place.assert_sound();
}

#[test]
fn a_bad_line_is_put_aside_by_itself_and_a_retry_takes_it_alone() {
    let place = Workplace::new();
    let plain = place.configure("", "");
    let strange = json!({"Überschrift": "Der Hafen", "Absätze": article(7)});
    let text = format!("{}{strange}\n{}", lines(0..2), lines(3..5));
    let path = place.put("a.jsonl", &text);
    place.ingest_with(&["--config", plain.to_str().expect("UTF-8")]);
    assert_eq!(place.count(ARTICLES), 4);
    assert_eq!(place.count(DONE), 1);
    let held = place.json("held", &[]);
    assert_eq!(held.len(), 1, "{held:?}");
    assert_eq!(held[0]["reason"], "unknown-shape");
    assert_eq!(held[0]["member"], "jsonl line 3");
    let kinds = "SELECT count(*) FROM event WHERE kind = 'member-held'";
    assert_eq!(place.count(kinds), 1);

    // Tried again as it is, it stays where it is, and the others are not taken twice.
    place.json("retry", &["--reason", "unknown-shape"]);
    place.ingest_with(&["--config", plain.to_str().expect("UTF-8")]);
    assert_eq!(place.count(ARTICLES), 4);
    assert_eq!(place.count(kinds), 1);
    assert_eq!(place.count(DONE), 1);

    let config = place.configure(
        "[[json]]\ntext = ['/Absätze']\nfields = { title = ['/Überschrift'] }",
        "",
    );
    place.json("retry", &["--path", path.to_str().expect("UTF-8")]);
    place.ingest_with(&["--config", config.to_str().expect("UTF-8")]);
    assert_eq!(place.count(ARTICLES), 5);
    assert_eq!(
        place.count(
            "SELECT count(*) FROM article WHERE title = 'Der Hafen' AND member = 'jsonl line 3'"
        ),
        1
    );
    assert!(place.json("held", &[]).is_empty());
    assert_eq!(
        place.count("SELECT sum(n) FROM tally WHERE outcome = 'recorded'"),
        1,
        "one file"
    );
    place.assert_sound();
}

#[test]
fn a_file_of_which_nothing_is_taken_is_held_itself_and_one_whose_end_is_missing_is_not() {
    let place = Workplace::new();
    let strange: String = (0..200)
        .map(|n| json!({"a": n, "b": [1, 2]}).to_string() + "\n")
        .collect();
    place.put("strange.jsonl", &strange);
    let whole = crate::support::packed::gzip(lines(0..100).as_bytes());
    place.put_bytes("cut.jsonl.gz", &whole[..whole.len() * 2 / 3]);
    place.ingest();
    let held = place.json("held", &[]);
    assert_eq!(held.len(), 2, "{held:?}");
    let of = |name: &str| {
        let mut of = held.iter().filter(|held| {
            held["path"]
                .as_str()
                .is_some_and(|path| path.ends_with(name))
        });
        of.next().expect("held").clone()
    };
    assert!(of("strange.jsonl")["member"].is_null());
    assert_eq!(of("cut.jsonl.gz")["member"], "its end");
    assert_eq!(of("cut.jsonl.gz")["reason"], "truncated");
    let taken = place.count(ARTICLES);
    assert!(taken > 0 && taken < 100, "{taken}");
    place.json("retry", &["--all"]);
    place.ingest();
    assert_eq!(place.count(ARTICLES), taken);
    assert_eq!(place.json("held", &[]).len(), 2);
    place.assert_sound();
}

#[test]
fn what_is_put_aside_keeps_its_file_from_being_removed() {
    let place = Workplace::new();
    let path = place.put("a.jsonl", &format!("{}{{\"odd\": [1]}}\n", lines(0..3)));
    let other = place.put("b.jsonl", &lines(10..13));
    let config = place.configure("", "after = 'delete'");
    let mut command = place.command("run");
    command.arg("--config").arg(&config);
    let daemon = Daemon::start(command);
    place.wait_for(DONE, 2);
    place.wait_for("SELECT count(*) FROM job WHERE after_state = 'due'", 0);
    assert_eq!(daemon.stop(), Some(0));
    assert!(!other.exists());
    assert!(path.exists(), "one of its members is nowhere else");
}

/// An item of a wire, of one identity.
fn item(version: u32, status: &str, text: Option<&str>) -> String {
    json!({
        "uri": "urn:kellin:1", "version": version.to_string(), "pubstatus": status, "type": "text",
        "versioncreated": format!("2024-05-0{version}T08:00:00Z"), "headline": "The harbour of Kellin",
        "body_text": text,
    })
    .to_string()
}

#[test]
fn a_kill_marks_what_it_kills_and_removes_nothing_whichever_comes_first() {
    let text = article(5);
    let story = item(1, "usable", Some(&text));
    let empty = item(2, "withheld", None);
    let kill = item(4, "canceled", None);
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let place = Workplace::new();
        let files = [
            ("story.json", &story),
            ("empty.json", &empty),
            ("kill.json", &kill),
        ];
        for at in order {
            let (name, content) = files[at];
            place.put(name, content);
            place.ingest();
        }
        let export = place.json("export", &[]);
        assert_eq!(export.len(), 1, "{export:?}");
        let object = &export[0];
        assert!(
            object["text"]
                .as_str()
                .expect("text")
                .contains("Mara Lindqvist5")
        );
        assert_eq!(object["status"], "canceled");
        assert_eq!(object["evidence"]["status"]["rule"], "notice");
        let from = object["evidence"]["status"]["file"]
            .as_str()
            .expect("a file");
        assert!(from.ends_with("kill.json"), "{from}");
        let shown = place.shown("show", &["1"]);
        assert!(
            shown.contains("status    canceled, by a notice of 2024-05-04 (")
                && shown.contains("kill.json)"),
            "{shown}"
        );
        assert_eq!(place.count("SELECT count(*) FROM notice"), 2);
        let kill = place.drop().join("kill.json").display().to_string();
        let explained = place.shown("explain", &[&kill]);
        let line =
            "notice    canceled: urn:kellin:1 version 4 “The harbour of Kellin”, of article 1";
        assert!(explained.contains(line), "{explained}");
        assert!(place.json("held", &[]).is_empty());
        place.assert_sound();
    }
}

#[test]
fn a_withheld_item_is_taken_and_marked_and_a_later_version_frees_it() {
    let place = Workplace::new();
    place.put("a.json", &item(1, "withheld", Some(&article(5))));
    place.ingest();
    assert_eq!(place.json("export", &[])[0]["status"], "withheld");
    place.put(
        "b.json",
        &item(
            2,
            "usable",
            Some(&article(5).replace("Tuesday", "Wednesday")),
        ),
    );
    place.ingest();
    let export = place.json("export", &[]);
    assert_eq!(export.len(), 2);
    assert!(
        export.iter().all(|object| object["status"] == "usable"),
        "{export:?}"
    );
    assert_eq!(export[0]["evidence"]["status"]["rule"], "later-item");
    assert!(export[1]["evidence"]["status"].get("file").is_none());
}

#[test]
fn two_copies_of_one_file_at_once_are_taken_once() {
    for pad in [0, 60_000] {
        let place = Workplace::new();
        let text = padded_lines(0..300, pad);
        place.put("one/a.jsonl", &text);
        place.put("two/b.jsonl", &text);
        place.ingest();
        assert_eq!(place.count(DONE), 2, "{pad}");
        assert_eq!(place.count(ARTICLES), 300);
        assert_eq!(place.count("SELECT count(*) FROM document"), 1);
        let outcomes = "SELECT count(*) FROM job WHERE outcome = 'same-bytes'";
        assert_eq!(place.count(outcomes), 1);
        place.assert_sound();
    }
}

#[test]
fn an_archive_and_its_members_as_files_give_the_same_record_in_either_order() {
    let texts: Vec<(String, String)> = (0..12)
        .map(|n| (format!("{n}.txt"), article(n)))
        .chain((0..6).map(|n| {
            (
                format!("near-{n}.txt"),
                article(n).replace("Tuesday", "Wednesday"),
            )
        }))
        .collect();
    let members: Vec<(&str, &[u8])> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_bytes()))
        .collect();
    let record = |archive_first: bool| {
        let place = Workplace::new();
        let written = "2024-05-01T08:00:00Z";
        let put_archive = || {
            let path = place.put_bytes("all.zip", &zip(&members));
            let file = std::fs::File::options()
                .write(true)
                .open(path)
                .expect("open");
            let time: jiff::Timestamp = written.parse().expect("a time");
            file.set_modified(time.into()).expect("set");
        };
        if archive_first {
            put_archive();
            place.ingest();
        }
        for (name, text) in &texts {
            place.put_at(name, text, written);
        }
        place.ingest();
        if !archive_first {
            put_archive();
            place.ingest();
        }
        assert_eq!(place.count(ARTICLES), 36);
        place.assert_sound();
        content_of(place.json("export", &[]))
    };
    assert_eq!(record(true), record(false));
}

#[test]
fn a_small_file_does_not_wait_behind_a_big_one() {
    let place = Workplace::new();
    let config = place.configure("workers = 1", "");
    place.put("big.jsonl", &padded_lines(0..1_500, 8_000));
    let mut command = place.command("run");
    command.arg("--config").arg(&config);
    let daemon = Daemon::start(command);
    place.wait_for("SELECT count(*) > 0 FROM article", 1);
    place.put("small.txt", &article(5_000));
    place.wait_for("SELECT count(*) FROM article WHERE member IS NULL", 1);
    place.wait_for(DONE, 2);
    assert_eq!(daemon.stop(), Some(0));
    let ended = |name: &str| {
        place.count(&format!(
            "SELECT max(event.id) FROM event JOIN job ON job.id = event.job_id
             WHERE kind = 'recorded' AND cast(path AS TEXT) LIKE '%{name}'"
        ))
    };
    assert!(ended("small.txt") < ended("big.jsonl"));
    assert_eq!(place.count(ARTICLES), 1_501);
}

#[test]
fn a_member_is_edited_again_as_what_it_is_and_keeps_its_address() {
    const AGAIN_LAST: &str = "Whoever finds a mistake in what we print is asked to bring it to the counter at the old customs house.";
    const AGAIN: &str = "Our reporters live in the houses they write about, and the rent of two of them is paid by our readers.";
    let place = Workplace::new();
    let pages: Vec<(String, String)> = (0..12)
        .map(|n| {
            let mut body = paragraphs(n);
            body.insert(3, AGAIN.to_owned());
            body.push(AGAIN_LAST.to_owned());
            let body = body.join("</p>\n<p>");
            let page = format!(
                "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>\n<p>{body}</p></article></body></html>",
                title(n)
            );
            (format!("https://varnholm.example/{n}"), page)
        })
        .collect();
    place.put_bytes("c.warc", &crawl(&pages));
    place.put("d.jsonl", &lines([30]));
    let config = place.configure("", "source = 'Varnholm Gazette'");
    place.ingest_with(&["--config", config.to_str().expect("UTF-8")]);
    assert!(place.count("SELECT count(*) FROM event WHERE kind = 're-edited'") > 0);
    let failed = "SELECT count(*) FROM event WHERE kind = 're-edited' AND detail LIKE '%failed%'";
    assert_eq!(place.count(failed), 0);
    let export = place.json("export", &[]);
    for object in export.iter().filter(|object| object["format"] == "html") {
        let text = object["text"].as_str().expect("text");
        assert!(
            !text.contains(AGAIN) && !text.contains(AGAIN_LAST) && !text.contains('<'),
            "{object}"
        );
        assert!(
            object["url"]
                .as_str()
                .is_some_and(|url| url.starts_with("https://varnholm.example/"))
        );
    }
    assert!(
        export
            .iter()
            .any(|object| object["url"] == value(30)["url"])
    );
}
