//! Promise 1 for files of many articles: whatever ends the process in the middle of one, each is taken exactly once.

use std::path::Path;
use std::time::Duration;

use crate::order::content_of;
use crate::support::packed::{lines, padded_lines};
use crate::support::{Daemon, Workplace, wait_until};

const ARTICLES: &str = "SELECT count(*) FROM article";
const DONE: &str = "SELECT count(*) FROM job WHERE state = 'done'";

/// Takes the drop folder in, with what the process dies of on the way; returns whether it lived.
fn ingest(place: &Workplace, config: &Path, kill: Option<&str>) -> bool {
    let mut command = place.command("ingest");
    command.arg("--config").arg(config).arg(place.drop());
    command
        .env("COPYDESK_LOG", "off")
        .stderr(std::process::Stdio::null());
    if let Some(kill) = kill {
        command.env("COPYDESK_KILL", kill);
    }
    command.output().expect("run").status.success()
}

fn file(place: &Workplace, text: &str) {
    place.put_at("a.jsonl", text, "2024-05-01T08:00:00Z");
}

/// Each article once, the file done, the history complete.
fn assert_whole(place: &Workplace, articles: i64) {
    assert_eq!(place.count(DONE), 1);
    assert_eq!(place.count(ARTICLES), articles);
    assert_eq!(
        place.count("SELECT count(DISTINCT ordinal) FROM article"),
        articles
    );
    let recorded = "SELECT count(*) FROM event JOIN json_each(event.detail, '$.articles') WHERE kind = 'recorded'";
    assert_eq!(
        place.count(recorded),
        articles,
        "each is in the history once"
    );
    assert_eq!(
        place.count("SELECT sum(n) FROM tally WHERE outcome = 'recorded'"),
        1
    );
    assert_eq!(
        place.count("SELECT count(*) FROM document WHERE state <> 'whole'"),
        0
    );
    place.assert_sound();
}

#[test]
fn a_death_between_the_parts_of_a_file_loses_nothing_and_doubles_nothing() {
    let text = lines(0..140);
    let undisturbed = {
        let place = Workplace::new();
        let config = place.configure("", "");
        file(&place, &text);
        assert!(ingest(&place, &config, None));
        assert_whole(&place, 140);
        content_of(place.json("export", &[]))
    };
    let die = |point: &str| {
        for nth in 1..=2 {
            let place = Workplace::new();
            let config = place.configure("", "");
            file(&place, &text);
            let wish = format!("{point}:{nth}");
            assert!(!ingest(&place, &config, Some(&wish)), "{wish}");
            assert!(ingest(&place, &config, None), "{wish}");
            assert_whole(&place, 140);
            assert_eq!(content_of(place.json("export", &[])), undisturbed, "{wish}");
        }
    };
    std::thread::scope(|scope| {
        let die = &die;
        for point in ["before-commit", "after-commit", "after-part"] {
            scope.spawn(move || die(point));
        }
    });
}

#[test]
fn kill_9_at_random_moments_of_one_file_loses_nothing_and_doubles_nothing() {
    let place = Workplace::new();
    // A process that is killed before a part is recorded did nothing that would clear the file.
    let config = place.configure("[retry]\ncrashes_max = 100", "");
    file(&place, &lines(0..1_500));
    let mut luck: u64 = 11;
    for _ in 0..20 {
        luck = luck
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut command = place.command("run");
        command
            .arg("--config")
            .arg(&config)
            .env("COPYDESK_LOG", "off");
        let mut child = command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("start");
        // What it had in hand when it died waits a second.
        std::thread::park_timeout(Duration::from_millis(900 + (luck >> 33 & 0x1FF)));
        child.kill().expect("kill");
        child.wait().expect("its end");
    }
    assert!(ingest(&place, &config, None));
    assert_whole(&place, 1_500);
}

#[test]
fn sigterm_in_the_middle_of_a_file_leaves_in_time_and_is_no_crash() {
    for pad in [0, 8_000] {
        let place = Workplace::new();
        let config = place.configure("", "");
        file(&place, &padded_lines(0..600, pad));
        let start = || {
            let mut command = place.command("run");
            command.arg("--config").arg(&config);
            Daemon::start(command)
        };
        let daemon = start();
        wait_until("some are taken", || {
            place.store().exists() && place.count(ARTICLES) > 100
        });
        assert_eq!(daemon.stop(), Some(0));
        let taken = place.count(ARTICLES);
        assert!(taken < 600, "it was in the middle");
        let back =
            "SELECT count(*) FROM job WHERE state = 'queued' AND crashes = 0 AND attempts = 0";
        assert_eq!(place.count(back), 1, "as if it had not been begun");
        let daemon = start();
        place.wait_for(DONE, 1);
        assert_eq!(daemon.stop(), Some(0));
        assert_whole(&place, 600);
    }
}

#[test]
fn a_file_that_takes_too_long_is_held_and_goes_on_where_it_was() {
    let place = Workplace::new();
    let config = place.configure("[limits]\nfile_s_max = 1", "");
    file(&place, &lines(0..1_500));
    let mut rounds = 0;
    let mut before = -1;
    while !ingest(&place, &config, None) || place.count(DONE) == 0 {
        rounds += 1;
        let held = place.json("held", &[]);
        assert_eq!(held[0]["reason"], "too-slow", "{held:?}");
        let taken = place.count(ARTICLES);
        assert!(taken > before, "each time it gets further");
        before = taken;
        place.json("retry", &["--reason", "too-slow"]);
    }
    assert!(rounds > 0, "it was too slow");
    assert_whole(&place, 1_500);
}
