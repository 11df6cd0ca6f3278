//! What the command line answers, and how it ends.

use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Workplace, article, lines};

fn code(output: &std::process::Output) -> i32 {
    output.status.code().expect("an exit code")
}

#[test]
fn exit_codes_are_those_of_the_readme() {
    let place = Workplace::new();
    assert_eq!(code(&place.run("status", &[])), 5, "no store");
    assert_eq!(code(&place.run("history", &[])), 1, "no store to read from");
    assert_eq!(code(&place.run("nonsense", &[])), 2, "no such verb");
    assert_eq!(code(&place.run("run", &[])), 2, "nothing to watch");
    assert_eq!(code(&place.run("ingest", &["missing"])), 1, "no such path");
    place.put("a.txt", &article(1));
    assert_eq!(code(&place.run("ingest", &["in"])), 0);
    assert_eq!(code(&place.run("status", &[])), 6, "no daemon");
    let daemon = place.daemon();
    assert_eq!(code(&place.run("status", &[])), 0);
    place.put("empty.txt", " \n");
    place.wait_for("SELECT count(*) FROM job WHERE state = 'held'", 1);
    assert_eq!(code(&place.run("status", &[])), 3, "a file is held");
    assert_eq!(code(&place.run("explain", &["in/empty.txt"])), 1);
    assert_eq!(code(&place.run("explain", &["in/a.txt"])), 0);
    assert_eq!(
        code(&place.run("ingest", &["in"])),
        1,
        "the daemon has the store"
    );
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn a_store_that_is_not_ours_damaged_newer_or_lost_is_refused_and_left_alone() {
    let place = Workplace::new();
    std::fs::write(
        place.store(),
        "not a database, and longer than sixteen bytes",
    )
    .expect("written");
    assert_eq!(code(&place.run("ingest", &["in"])), 5, "no database");
    std::fs::remove_file(place.store()).expect("removed");
    let db = rusqlite::Connection::open(place.store()).expect("another program's");
    db.execute_batch("CREATE TABLE theirs (a)").expect("made");
    drop(db);
    assert_eq!(code(&place.run("ingest", &["in"])), 5, "another program's");
    std::fs::remove_file(place.store()).expect("removed");
    place.put("a.txt", &article(1));
    place.ingest();
    let db = rusqlite::Connection::open(place.store()).expect("ours");
    db.pragma_update(None, "user_version", 1_000)
        .expect("written");
    drop(db);
    let newer = place.run("ingest", &["in"]);
    assert_eq!(code(&newer), 5, "newer");
    assert!(String::from_utf8_lossy(&newer.stderr).contains("newer version"));
    std::fs::write(place.store(), "").expect("emptied");
    for verb in ["ingest", "run"] {
        let lost = place.run(verb, &["in"]);
        assert_eq!(code(&lost), 5, "emptied");
        assert!(String::from_utf8_lossy(&lost.stderr).contains("put a backup in its place"));
    }
    std::fs::remove_file(place.store()).expect("removed");
    assert_eq!(code(&place.run("ingest", &["in"])), 5, "removed");
    assert!(!place.store().exists(), "never silently made anew");
    std::fs::remove_file(place.path().join("s.sqlite.id")).expect("the marker");
    assert_eq!(
        code(&place.run("ingest", &["in"])),
        0,
        "made anew when a person says so"
    );
}

#[test]
fn a_damaged_store_ends_the_daemon_with_instructions() {
    let place = Workplace::new();
    for n in 0..40 {
        place.put(&format!("{n}.txt"), &article(n));
    }
    place.ingest();
    let size = std::fs::metadata(place.store()).expect("the store").len();
    let file = std::fs::File::options()
        .write(true)
        .open(place.store())
        .expect("open");
    file.set_len(size / 2).expect("cut");
    place.put("new.txt", &article(100));
    let output = place.run("run", &["in"]);
    assert_eq!(code(&output), 5, "{output:?}");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("backup"), "{told}");
    assert_eq!(
        std::fs::metadata(place.store()).expect("the store").len(),
        size / 2,
        "left alone"
    );
}

#[test]
fn edit_takes_many_paths_prints_a_line_each_and_goes_on_after_a_bad_file() {
    let place = Workplace::new();
    place.put("a.txt", &article(1));
    place.put("b/c.txt", &article(2));
    place.put("bad.pdf", "%PDF-1.7\n\u{0}\u{1}");
    place.put("z.txt", &article(3));
    let output = place
        .command("edit")
        .arg("--json")
        .arg("in")
        .output()
        .expect("run");
    assert_eq!(code(&output), 1, "one was bad");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("bad.pdf") && told.lines().count() == 1,
        "{told}"
    );
    let objects = lines(&output.stdout);
    assert_eq!(objects.len(), 3);
    for object in &objects {
        assert!(Path::new(object["path"].as_str().expect("a path")).is_absolute());
        assert!(object["id"].is_null() && object["verdict"].is_null());
        assert_eq!(object["schema"], 1);
    }
    assert!(!place.store().exists(), "edit needs no store");
}

#[test]
fn edit_is_a_filter() {
    let place = Workplace::new();
    let mut child = place
        .command("edit")
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("start");
    child
        .stdin
        .take()
        .expect("piped")
        .write_all(article(5).as_bytes())
        .expect("written");
    let output = child.wait_with_output().expect("its end");
    let objects = lines(&output.stdout);
    assert_eq!(objects.len(), 1);
    assert!(objects[0]["path"].is_null());
    assert!(
        objects[0]["title"]
            .as_str()
            .expect("a title")
            .ends_with("number 5")
    );
}

#[test]
fn the_article_object_has_every_key_in_the_documented_order() {
    let place = Workplace::new();
    place.put("a.txt", &article(1));
    place.ingest();
    let keys = [
        "schema",
        "id",
        "path",
        "member",
        "guid",
        "format",
        "charset",
        "title",
        "text",
        "subtitle",
        "byline",
        "dateline",
        "agency",
        "source",
        "published",
        "modified",
        "language",
        "url",
        "captions",
        "credit",
        "evidence",
        "cuts",
        "verdict",
        "shares",
        "family",
        "story",
    ];
    for (verb, args) in [("edit", ["in"]), ("show", ["1"]), ("export", ["--leads"])] {
        let output = place
            .command(verb)
            .arg("--json")
            .args(args)
            .output()
            .expect("run");
        let line = String::from_utf8(output.stdout).expect("UTF-8");
        let places: Vec<usize> = keys
            .iter()
            .map(|key| {
                line.find(&format!("\"{key}\":"))
                    .unwrap_or_else(|| panic!("{verb}: {key}: {line}"))
            })
            .collect();
        assert!(places.is_sorted(), "{verb}: {line}");
    }
}

#[test]
fn a_name_of_any_bytes_is_kept_whole_and_never_reaches_the_terminal_raw() {
    let place = Workplace::new();
    let name = b"odd\xff\x1b[31m\nname.txt";
    let path = place.drop().join(std::ffi::OsStr::from_bytes(name));
    std::fs::write(&path, article(1)).expect("written");
    place.ingest();
    let object = place.json("export", &[]).remove(0);
    let encoded = object["path_base64"].as_str().expect("it is not UTF-8");
    let decoded = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, encoded)
        .expect("base64");
    assert_eq!(decoded, path.as_os_str().as_bytes());
    let cut = place.json("edit", &["--cuts", "in"]).remove(0);
    assert_eq!(cut["path_base64"], object["path_base64"]);
    for verb in [
        &["history"][..],
        &["show", "1"],
        &["show", "--cuts", "1"],
        &["edit", "--cuts", "in"],
        &["status"],
    ] {
        let output = place.run(verb[0], &verb[1..]);
        assert!(!output.stdout.contains(&0x1b), "{verb:?}");
        assert!(std::str::from_utf8(&output.stdout).is_ok(), "{verb:?}");
    }
    let told = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .arg("explain")
        .arg(&path)
        .arg("--store")
        .arg(place.store())
        .env("HOME", place.path())
        .output()
        .expect("run");
    assert_eq!(code(&told), 0, "{told:?}");
}

#[test]
fn the_cuts_account_for_every_byte() {
    let place = Workplace::new();
    let text = format!(
        "Home\nNews\n\n{}\nMost read\nBridge closed again\nWhere to eat in Kellin\n",
        article(4)
    );
    place.put("a.txt", &text);
    place.ingest();
    let object = place.json("show", &["1"]).remove(0);
    let cuts = object["cuts"].as_array().expect("cuts");
    let mut at = 0;
    for cut in cuts {
        let span =
            |key: &str| usize::try_from(cut[key].as_u64().expect("a number")).expect("small");
        let (start, end) = (span("start"), span("end"));
        assert!(at <= start && start < end && end <= text.len(), "{cut}");
        assert_eq!(cut["text"].as_str(), text.get(start..end));
        at = end;
    }
    let shown = place.run("show", &["1", "--cuts"]);
    let last = String::from_utf8(shown.stdout).expect("UTF-8");
    assert!(
        last.trim_end()
            .ends_with(&format!("= {} bytes", text.len())),
        "{last}"
    );
}

#[test]
fn the_pieces_say_what_they_are_and_are_the_same_in_the_record_as_when_edited() {
    let place = Workplace::new();
    let text = format!("Home\r\nNews\r\n\r\n{}\nShare this article\n", article(4));
    let path = place.put("a.txt", &text);
    place.ingest();
    let shown = place.json("show", &["1", "--cuts"]).remove(0);
    let edited = place
        .json("edit", &["--cuts", path.to_str().expect("UTF-8")])
        .remove(0);
    assert_eq!(shown["pieces"], edited["pieces"]);
    let pieces = shown["pieces"].as_array().expect("pieces");
    let joined: String = pieces
        .iter()
        .map(|piece| piece["text"].as_str().expect("text"))
        .collect();
    assert_eq!(joined, text);
    for piece in pieces {
        let blank = piece["text"]
            .as_str()
            .is_some_and(|it| it.trim().is_empty());
        assert_eq!(piece["label"].is_string(), !blank, "{piece}");
        assert_eq!(piece["rule"].is_string(), !blank, "{piece}");
        assert!(blank || piece["score"].is_number(), "{piece}");
    }
    let kept = |piece: &Value| piece["kept"] == true && piece["label"] == "body";
    assert!(pieces.iter().any(kept), "{pieces:?}");
    let shown = place.run("show", &["1", "--cuts"]).stdout;
    let edited = place.run("edit", &["--cuts", "in/a.txt"]).stdout;
    let (shown, edited) = (
        String::from_utf8_lossy(&shown),
        String::from_utf8_lossy(&edited),
    );
    let (head, rest) = edited.split_once('\n').expect("the name of the file");
    assert!(
        head.starts_with("@@@ ") && head.ends_with("/in/a.txt"),
        "{head}"
    );
    assert_eq!(shown, rest);
}

#[test]
fn held_files_are_listed_with_advice_and_retry_sends_them_back() {
    let place = Workplace::new();
    place.put("empty.txt", "  \n");
    place.put("archive.bin", "\u{7f}ELF\u{2}\u{1}\u{1}\u{0}\u{0}\u{0}");
    place.ingest();
    let held = place.json("held", &[]);
    let reasons: Vec<&str> = held
        .iter()
        .filter_map(|row| row["reason"].as_str())
        .collect();
    assert_eq!(reasons.len(), 2);
    assert!(
        reasons.contains(&"empty") && reasons.contains(&"unknown-format"),
        "{held:?}"
    );
    assert!(held.iter().all(|row| {
        row["advice"]
            .as_str()
            .is_some_and(|advice| !advice.is_empty())
    }));
    assert_eq!(
        place.json("retry", &["--reason", "empty"])[0]["released"],
        1
    );
    assert_eq!(
        place.count("SELECT count(*) FROM job WHERE state = 'queued'"),
        1
    );
    let again: Value = place.ingest();
    assert_eq!(again["held"]["empty"], 1, "{again}");
}

#[test]
fn init_makes_what_run_needs_and_check_finds_it_right() {
    let place = Workplace::new();
    let config = place.path().join("c/copydesk.toml");
    let with_config = |verb: &str, more: &[&str]| {
        place
            .command(verb)
            .arg("--config")
            .arg(&config)
            .args(more)
            .output()
            .expect("run")
    };
    let made = with_config("init", &["desk/inbox"]);
    assert_eq!(code(&made), 0, "{made:?}");
    assert!(place.store().exists() && place.path().join("desk/inbox").is_dir());
    assert_eq!(code(&with_config("check", &[])), 0);
    assert_eq!(
        code(&with_config("init", &["desk/inbox"])),
        1,
        "a configuration is never overwritten"
    );
    std::fs::write(&config, "workerz = 1").expect("written");
    assert_eq!(code(&with_config("check", &[])), 2);
    std::fs::write(&config, "[[drop]]\npath = '/nowhere/at/all'").expect("written");
    let wrong = with_config("check", &[]);
    assert_eq!(code(&wrong), 1, "{wrong:?}");
}
