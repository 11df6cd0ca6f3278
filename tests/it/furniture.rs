//! Furniture learnt per source: what recurs across different articles is cut, whatever the order they came in.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::support::{Workplace, wait_until};

const SOURCE: &str = "Varnholm Gazette";

/// A number below `bound` that depends on all of `seed`.
fn dice(seed: u64, bound: u64) -> u64 {
    let mut z = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) % bound
}

/// A sentence of invented words; another one for each seed.
fn sentence(seed: u64) -> String {
    const SYLLABLES: [&str; 16] = [
        "ta", "re", "mo", "lin", "der", "sa", "vi", "kon", "pel", "ur", "ne", "ga", "stra", "fi",
        "bo", "ler",
    ];
    let mut sentence = String::from("The ");
    for word in 0..14 {
        for syllable in 0..2 + dice(seed * 31 + word, 2) {
            let at = dice(seed * 977 + word * 13 + syllable, 16);
            sentence.push_str(SYLLABLES[usize::try_from(at).expect("small")]);
        }
        sentence.push_str(if word % 4 == 3 { " of the " } else { " " });
    }
    sentence.push_str("harbour, the council said.");
    sentence
}

pub(crate) fn paragraphs(n: u64) -> Vec<String> {
    (0..5)
        .map(|at| {
            format!(
                "{} {}",
                sentence(n * 100 + at * 2),
                sentence(n * 100 + at * 2 + 1)
            )
        })
        .collect()
}

pub(crate) fn title(n: u64) -> String {
    let sentence = sentence(n * 100);
    let words: Vec<&str> = sentence.split(' ').take(6).collect();
    words.join(" ")
}

/// The twelve blocks that recur in all articles of the source: exactly, with other numbers, with other dates.
fn furniture(n: u64) -> [String; 12] {
    const DAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    const MONTHS: [&str; 4] = ["March", "June", "August", "November"];
    let day = 1 + dice(n, 27);
    let weekday = DAYS[usize::try_from(dice(n + 1, 5)).expect("small")];
    let month = MONTHS[usize::try_from(dice(n + 2, 4)).expect("small")];
    let year = 2020 + dice(n + 3, 5);
    let (hour, minute) = (1 + dice(n + 4, 11), 10 + dice(n + 5, 49));
    let count = 2 + dice(n + 6, 900);
    [
        // At the top.
        "Varnholm Gazette, written where the boats come in".to_owned(),
        "Readers of this newspaper have paid for the lifeboat since the great flood, and they still do.".to_owned(),
        format!("Published {day} {month} {year} at {hour}:{minute}"),
        // In between.
        format!("You have {count} free articles left this month"),
        "Every evening we send out a letter about the tides, the prices of fish and the quarrels of the council.".to_owned(),
        format!("This story has been opened by our subscribers {count} times."),
        "Our reporters live in the houses they write about, and the rent of two of them is paid by our readers.".to_owned(),
        // At the bottom.
        "Mara Lindqvist has written about the harbour, the council and the weather for this newspaper since the flood.".to_owned(),
        format!("© {year} Varnholm Gazette, all rights reserved"),
        format!("Last updated: {weekday} {day} {month} {year}, {hour}.{minute} am | {count} comments"),
        "Whoever finds a mistake in what we print is asked to bring it to the counter at the old customs house.".to_owned(),
        format!("Printed on {weekday}, {day} {month} {year}, on paper from the mill at Tarrow."),
    ]
}

/// An article in the page of its source.
fn page(n: u64) -> String {
    let furniture = furniture(n);
    let mut page = String::new();
    let mut put = |block: &str| write!(page, "{block}\n\n").expect("into a string");
    furniture[..2].iter().for_each(|block| put(block));
    put(&title(n));
    put(&furniture[2]);
    for (at, paragraph) in paragraphs(n).iter().enumerate() {
        put(paragraph);
        if let (1..=3, Some(block)) = (at, furniture.get(at + 2)) {
            put(block);
        }
    }
    furniture[6..].iter().for_each(|block| put(block));
    page
}

/// The same article as another paper has it, without a page around it.
fn bare(n: u64) -> String {
    format!("{}\n\n{}\n", title(n), paragraphs(n).join("\n\n"))
}

/// Puts files below the drop folder, all written at the same time, so that nothing but their content tells them apart.
fn put(place: &Workplace, files: &[(String, String)]) {
    for (name, text) in files {
        let path = place.drop().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, text).expect("written");
        let file = std::fs::File::options()
            .write(true)
            .open(&path)
            .expect("open");
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_730_000_000);
        file.set_modified(written).expect("its time");
    }
}

fn configure(place: &Workplace, text: &str) {
    std::fs::write(place.path().join("c.toml"), text).expect("written");
}

/// Takes in what lies in the drop folder; the first sub-folder is the source.
fn ingest(place: &Workplace) -> std::process::Command {
    if !place.path().join("c.toml").exists() {
        configure(place, "");
    }
    let mut command = place.command("ingest");
    command
        .args(["--source", "subfolder", "--config"])
        .arg(place.path().join("c.toml"))
        .arg(place.drop());
    command
}

fn take_in(place: &Workplace) {
    let output = ingest(place).output().expect("run");
    assert!(output.status.success(), "{output:?}");
}

fn pages(numbers: std::ops::Range<u64>) -> Vec<(String, String)> {
    numbers
        .map(|n| (format!("{SOURCE}/{n}.txt"), page(n)))
        .collect()
}

fn listed(place: &Workplace) -> Vec<Value> {
    place.json("furniture", &[SOURCE])
}

/// What the export says, without ids, paths and what names ids, in an order of its own.
fn content(place: &Workplace) -> Vec<String> {
    place.assert_sound();
    let mut lines: Vec<String> = place
        .json("export", &[])
        .into_iter()
        .map(|mut object| {
            let fields = object.as_object_mut().expect("an object");
            fields.remove("id");
            fields.remove("path");
            if let Some(verdict) = fields.get_mut("verdict").and_then(Value::as_object_mut) {
                verdict.remove("of");
            }
            object.to_string()
        })
        .collect();
    lines.sort();
    lines
}

fn assert_clean(place: &Workplace, articles: usize) {
    let exported = place.json("export", &["--source", SOURCE]);
    assert_eq!(exported.len(), articles);
    for object in exported {
        let path = object["path"].as_str().expect("a path");
        let n: u64 = Path::new(path)
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a name")
            .parse()
            .expect("a number");
        assert_eq!(object["text"], paragraphs(n).join("\n\n"), "article {n}");
        assert_eq!(object["title"], title(n), "article {n}");
    }
}

#[test]
fn twelve_blocks_are_found_after_three_articles_and_no_text_is_lost() {
    let place = Workplace::new();
    put(&place, &pages(0..2));
    take_in(&place);
    assert_eq!(listed(&place).len(), 0, "two articles establish nothing");
    let text = place.json("export", &[])[0]["text"]
        .as_str()
        .expect("a text")
        .to_owned();
    assert!(
        text.contains("quarrels of the council"),
        "no classifier can know it: {text}"
    );

    put(&place, &pages(2..3));
    take_in(&place);
    let blocks = listed(&place);
    assert_eq!(blocks.len(), 12, "{blocks:?}");
    for block in &blocks {
        assert_eq!(
            (&block["articles"], &block["is_furniture"]),
            (&Value::from(3), &Value::from(true)),
            "{block}"
        );
        let text = block["text"].as_str();
        assert!(
            (0..3).any(|n| furniture(n).iter().any(|own| Some(own.as_str()) == text))
                || text.is_none(),
            "{block}"
        );
    }
    assert_clean(&place, 3);

    put(&place, &pages(3..50));
    take_in(&place);
    assert_eq!(listed(&place).len(), 12);
    assert!(listed(&place).iter().all(|block| block["articles"] == 50));
    assert_clean(&place, 50);
    assert_eq!(place.count("SELECT count(*) FROM reedit"), 0);
    assert_eq!(
        place.count("SELECT count(*) FROM article_fts WHERE article_fts MATCH 'quarrels'"),
        0,
        "what was cut is not found any more"
    );
    assert_eq!(
        place.count("SELECT count(*) FROM article_fts WHERE article_fts MATCH 'harbour'"),
        50
    );
}

/// Pages of the source, the articles of some of them as another paper has them, and one that lies in both folders.
fn mixed() -> Vec<(String, String)> {
    let mut files = pages(0..50);
    for n in 0..12 {
        files.push((format!("Ostra Herald/{n}.txt"), bare(n)));
        files.push((
            format!("Ostra Herald/near-{n}.txt"),
            bare(n).replacen("council", "mayor", 2),
        ));
    }
    files.push((
        format!("{SOURCE}/near.txt"),
        page(3).replacen("the council said", "the mayor said", 2),
    ));
    for n in 60..63 {
        files.push((format!("Ostra Herald/{n}.txt"), page(n)));
        files.push((format!("{SOURCE}/{n}.txt"), page(n)));
    }
    files
}

fn record_in_order(workers: u32, key: impl Fn(usize) -> usize) -> (Vec<String>, Vec<Value>) {
    let place = Workplace::new();
    // Small batches: what a worker has in hand is then often edited with less than is known when it is recorded.
    configure(
        &place,
        &format!("workers = {workers}\n[record]\nbatch_files = 2\nbatch_ms = 0\n"),
    );
    let mut files: Vec<(usize, (String, String))> = mixed().into_iter().enumerate().collect();
    files.sort_by_key(|(n, _)| key(*n));
    let files: Vec<(String, String)> = files.into_iter().map(|(_, file)| file).collect();
    for part in files.chunks(37) {
        put(&place, part);
        take_in(&place);
    }
    assert_eq!(place.count("SELECT count(*) FROM reedit"), 0);
    (content(&place), listed(&place))
}

#[test]
fn the_record_is_the_same_in_any_order_and_after_editing_again() {
    let (first, blocks) = record_in_order(1, |n| n);
    assert_eq!(blocks.len(), 12, "{blocks:?}");
    for (kind, at_least) in [("new", 40), ("same-text", 10), ("copy", 10)] {
        let wanted = format!("\"kind\":\"{kind}\"");
        let found = first.iter().filter(|line| line.contains(&wanted)).count();
        assert!(found >= at_least, "{kind}: {found}");
    }
    let files = mixed().len();
    for (workers, step) in [(4, 1), (1, 7), (4, 13), (4, files - 1)] {
        let (other, other_blocks) = record_in_order(workers, |n| (n * step + 5) % files);
        for (a, b) in first.iter().zip(&other) {
            assert_eq!(a, b, "{workers} workers, step {step}");
        }
        assert_eq!(first.len(), other.len());
        assert_eq!(blocks, other_blocks, "{workers} workers, step {step}");
    }
}

#[test]
fn copies_and_versions_of_one_article_do_not_count_twice() {
    let place = Workplace::new();
    let mut files = pages(0..2);
    for n in 0..2 {
        for (at, word) in ["mayor", "baker", "pilot"].into_iter().enumerate() {
            let edited = page(n).replacen("council", word, 3);
            files.push((format!("{SOURCE}/edited-{n}-{at}.txt"), edited));
        }
        let last = paragraphs(n).pop().expect("a paragraph");
        files.push((
            format!("{SOURCE}/trimmed-{n}.txt"),
            page(n).replace(&last, ""),
        ));
        let lead = format!(
            "{} {}\n\n{}",
            sentence(9_000 + n),
            sentence(9_100 + n),
            paragraphs(n)[0]
        );
        files.push((
            format!("{SOURCE}/led-{n}.txt"),
            page(n).replace(&paragraphs(n)[0], &lead),
        ));
    }
    put(&place, &files);
    take_in(&place);
    assert_eq!(listed(&place), Vec::<Value>::new());
    put(&place, &pages(5..6));
    take_in(&place);
    assert_eq!(listed(&place).len(), 12);
}

#[test]
fn a_report_made_from_a_template_keeps_its_sentences() {
    let place = Workplace::new();
    let report = |n: u64| {
        format!(
            "Varnholm exchange closes at {}.{}\n\n\
             The index of the Varnholm exchange rose {}.{} percent to {} points on Tuesday, with {} of its members ahead.\n\n\
             Trading was thin, with {} thousand shares changing hands, fewer than the {} thousand of the day before.\n\n\
             The harbour company gained {} crowns. Its rival at Tarrow lost {} crowns after it had said that {} boats were idle.\n",
            n,
            n + 1,
            n % 7,
            n % 9,
            4_000 + n,
            10 + n % 20,
            300 + n,
            200 + n,
            2 + n % 9,
            1 + n % 8,
            3 + n % 11
        )
    };
    let files: Vec<(String, String)> = (0..30)
        .map(|n| (format!("{SOURCE}/{n}.txt"), report(n)))
        .collect();
    put(&place, &files);
    take_in(&place);
    for object in place.json("export", &[]) {
        assert_eq!(
            object["text"]
                .as_str()
                .expect("a text")
                .split("\n\n")
                .count(),
            3,
            "{object}"
        );
    }
}

#[test]
fn what_is_told_not_to_be_furniture_comes_back_and_the_history_says_so() {
    let place = Workplace::new();
    put(&place, &pages(0..6));
    take_in(&place);
    let before = content(&place);
    let letter = furniture(0)[4].clone();
    let block = listed(&place)
        .into_iter()
        .find(|block| block["text"] == letter.as_str())
        .expect("listed");
    let key = block["key"].as_str().expect("a key");

    place.json(
        "furniture",
        &[SOURCE, "--not", key.get(..8).expect("digits")],
    );
    assert_eq!(place.count("SELECT count(*) FROM reedit"), 6);
    assert!(
        String::from_utf8_lossy(&place.run("status", &[]).stdout)
            .contains("6 articles to be edited again")
    );
    // The daemon, too, edits again what waits.
    let daemon = place.daemon();
    place.wait_for("SELECT count(*) FROM reedit", 0);
    assert_eq!(daemon.stop(), Some(0));
    for object in place.json("export", &[]) {
        assert!(
            object["text"].as_str().expect("a text").contains(&letter),
            "{object}"
        );
    }
    let told = place.json("history", &["--kind", "furniture-told"]);
    assert_eq!(
        (told.len(), &told[0]["detail"]["is_furniture"]),
        (1, &Value::from(false))
    );
    let edited = place.json("history", &["--kind", "re-edited"]);
    let last = edited.last().expect("an event");
    assert_eq!(
        last["detail"]["no_furniture"][0]["text"],
        letter.as_str(),
        "{last}"
    );
    let words =
        String::from_utf8(place.run("history", &["--kind", "re-edited"]).stdout).expect("UTF-8");
    assert!(words.contains("furniture no more"), "{words}");

    let explained = place.run("explain", &[&format!("in/{SOURCE}/0.txt")]);
    let explained = String::from_utf8(explained.stdout).expect("UTF-8");
    assert!(explained.contains("edited again at"), "{explained}");

    place.json("furniture", &[SOURCE, "--again", key]);
    take_in(&place);
    assert_eq!(content(&place), before);
    let cuts = String::from_utf8(place.run("show", &["1", "--cuts"]).stdout).expect("UTF-8");
    assert!(cuts.contains("@@ furniture: source-furniture"), "{cuts}");
}

#[test]
fn an_unknown_source_or_block_is_an_error_that_helps() {
    let place = Workplace::new();
    put(&place, &pages(0..3));
    take_in(&place);
    for (args, expected) in [
        (vec!["varnholm"], "did you mean \"Varnholm Gazette\"?"),
        (vec!["Nobody"], "copydesk sources lists them"),
        (vec![SOURCE, "--not", "zz"], "copydesk furniture lists them"),
        (vec![SOURCE, "--not", ""], "say more of it"),
    ] {
        let output = place.run("furniture", &args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(expected), "{args:?}: {said}");
    }
}

#[test]
fn learning_can_be_switched_off_and_on() {
    let place = Workplace::new();
    configure(&place, "furniture_after = 0\n");
    put(&place, &pages(0..4));
    take_in(&place);
    assert_eq!(listed(&place).len(), 0);
    let off = content(&place);
    configure(&place, "furniture_after = 4\n");
    take_in(&place);
    assert_eq!(listed(&place).len(), 12);
    assert_clean(&place, 4);
    configure(&place, "furniture_after = 5\n");
    take_in(&place);
    assert_eq!(listed(&place).len(), 0);
    assert_eq!(content(&place), off);
    configure(&place, "furniture_after = 2\n");
    take_in(&place);
    assert_clean(&place, 4);
    configure(&place, "furniture_after = 0\n");
    take_in(&place);
    assert_eq!(content(&place), off);
}

#[test]
fn a_death_while_articles_are_edited_again_loses_nothing_and_doubles_nothing() {
    let reference = Workplace::new();
    put(&reference, &mixed());
    take_in(&reference);
    let (expected, blocks) = (content(&reference), listed(&reference));
    std::thread::scope(|scope| {
        for point in [
            "before-reedit",
            "before-reedit-commit",
            "after-reedit-commit",
        ] {
            let (expected, blocks) = (&expected, &blocks);
            scope.spawn(move || {
                let place = Workplace::new();
                put(&place, &mixed());
                for nth in ["1", "2"] {
                    let mut child = ingest(&place)
                        .env("COPYDESK_KILL", format!("{point}:{nth}"))
                        .stdout(std::process::Stdio::null())
                        .stderr(std::process::Stdio::null())
                        .spawn()
                        .expect("start");
                    let mut end = None;
                    wait_until("it died or is done", || {
                        end = child.try_wait().expect("its state");
                        end.is_some()
                    });
                    // It may have nothing left to die of by the second time.
                    let died = end.is_some_and(|end| end.code().is_none());
                    assert!(died || nth == "2", "{point}");
                }
                take_in(&place);
                assert_eq!(&content(&place), expected, "{point}");
                assert_eq!(&listed(&place), blocks, "{point}");
                assert_eq!(
                    place.count(
                        "SELECT count(*) FROM article_fts WHERE article_fts MATCH 'quarrels'"
                    ),
                    0,
                    "{point}"
                );
                let texts = place.count("SELECT count(DISTINCT text_id) FROM article");
                assert_eq!(
                    place.count(
                        "SELECT count(*) FROM (SELECT (place >> 8) & 0xffffff FROM print UNION SELECT text_id FROM fresh)"
                    ),
                    texts,
                    "{point}"
                );
            });
        }
    });
}
