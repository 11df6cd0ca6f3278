//! Promise 1: whatever kills the process, wherever, every file is taken exactly once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::support::{Daemon, Workplace, article, wait_until};

/// The points at which a debug build can be made to die, in the order of a file's journey.
const POINTS: [&str; 10] = [
    "before-claim",
    "after-claim",
    "before-read",
    "after-read",
    "before-commit",
    "after-commit",
    "before-after",
    "after-after",
    "before-mark",
    "after-mark",
];

/// Files and the words of each, as they were dropped.
fn drop_files(place: &Workplace, count: usize) -> BTreeMap<PathBuf, String> {
    (0..count)
        .map(|n| {
            let text = article(n);
            (place.put(&format!("{}/{n}.txt", n % 3), &text), text)
        })
        .collect()
}

fn configure(place: &Workplace, after: &str) -> PathBuf {
    let config = place.path().join("copydesk.toml");
    let text = format!(
        "[[drop]]\nname = 'in'\npath = '{}'\nafter = '{after}'\n{}",
        place.drop().display(),
        if after == "move" {
            format!("move_to = '{}'\n", place.path().join("done").display())
        } else {
            String::new()
        }
    );
    std::fs::write(&config, text).expect("written");
    config
}

fn start(place: &Workplace, config: &Path, environment: &[(&str, &str)]) -> std::process::Child {
    place
        .command("run")
        .arg("--config")
        .arg(config)
        .env("COPYDESK_LOG", "error")
        .envs(environment.iter().copied())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("start")
}

/// Every file exactly once in a terminal state, no article doubled, the history complete, every input where it belongs.
fn assert_whole(place: &Workplace, dropped: &BTreeMap<PathBuf, String>, after: &str) {
    place.assert_sound();
    let n = i64::try_from(dropped.len()).expect("few");
    assert_eq!(
        place.count("SELECT count(*) FROM job"),
        n,
        "a sighting each"
    );
    assert_eq!(
        place.count("SELECT count(*) FROM job WHERE state = 'done'"),
        n,
        "all done"
    );
    assert_eq!(
        place.count("SELECT count(*) FROM document"),
        n,
        "a document each"
    );
    assert_eq!(
        place.count("SELECT count(*) FROM article"),
        n,
        "an article each"
    );
    assert_eq!(
        place.count("SELECT count(*) FROM article_fts WHERE article_fts MATCH 'council'"),
        n,
        "each can be found"
    );
    for kind in ["seen", "settled", "queued", "recorded"] {
        let doubled = format!(
            "SELECT count(*) FROM (SELECT job_id FROM event WHERE kind = '{kind}' GROUP BY job_id HAVING count(*) <> 1)"
        );
        assert_eq!(place.count(&doubled), 0, "{kind} once for each file");
        let all = format!("SELECT count(DISTINCT job_id) FROM event WHERE kind = '{kind}'");
        assert_eq!(place.count(&all), n, "{kind} for all files");
    }
    assert_eq!(
        place.count(
            "SELECT count(*) FROM job WHERE attempts > 0 AND
               (SELECT count(*) FROM event WHERE job_id = job.id AND kind = 'claimed') < 1"
        ),
        0,
        "each attempt is in the history"
    );
    let left = std::process::Command::new("find")
        .arg(place.path())
        .args(["-name", ".copydesk-*"])
        .output()
        .expect("find");
    assert!(left.stdout.is_empty(), "nothing lies about: {left:?}");
    for (path, text) in dropped {
        let below = path.strip_prefix(place.drop()).expect("below");
        let moved = place.path().join("done").join(below);
        let (there, gone) = match after {
            "keep" => (Some(path.clone()), None),
            "move" => (Some(moved), Some(path.clone())),
            _ => (None, Some(path.clone())),
        };
        if let Some(there) = there {
            assert_eq!(
                &std::fs::read_to_string(&there).expect("there"),
                text,
                "untouched"
            );
        }
        if let Some(gone) = gone {
            assert!(!gone.exists(), "{} is still there", gone.display());
        }
    }
}

fn finish(place: &Workplace, config: &Path, files: usize, after: &str) {
    let mut command = place.command("run");
    command.arg("--config").arg(config);
    let daemon = Daemon::start(command);
    place.wait_for(
        "SELECT count(*) FROM job WHERE state = 'done'",
        i64::try_from(files).expect("few"),
    );
    if after != "keep" {
        place.wait_for("SELECT count(*) FROM job WHERE after_state = 'due'", 0);
    }
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn a_death_at_any_point_loses_nothing_and_doubles_nothing() {
    std::thread::scope(|scope| {
        for after in ["keep", "move", "delete"] {
            scope.spawn(move || {
                for point in POINTS {
                    if after == "keep" && (point.contains("-after") || point.ends_with("-mark")) {
                        continue;
                    }
                    let place = Workplace::new();
                    let config = configure(&place, after);
                    let dropped = drop_files(&place, 6);
                    for nth in ["1", "2"] {
                        let wish = format!("{point}:{nth}");
                        let mut child = start(&place, &config, &[("COPYDESK_KILL", &wish)]);
                        // It may have nothing left to die of by the second time.
                        wait_until("it died or is done", || {
                            child.try_wait().expect("its state").is_some()
                                || (place.store().exists() && is_done(&place, dropped.len()))
                        });
                        child.kill().expect("kill");
                        child.wait().expect("its end");
                    }
                    finish(&place, &config, dropped.len(), after);
                    assert_whole(&place, &dropped, after);
                }
            });
        }
    });
}

/// Whether nothing is left to do; a store that is just being made has nothing to tell yet.
fn is_done(place: &Workplace, files: usize) -> bool {
    let Ok(db) = rusqlite::Connection::open_with_flags(
        place.store(),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
    ) else {
        return false;
    };
    db.query_row(
        "SELECT count(*) FROM job WHERE state = 'done' AND after_state <> 'due'",
        [],
        |row| row.get::<_, i64>(0),
    )
    .is_ok_and(|done| done == i64::try_from(files).expect("few"))
}

/// Kills the daemon at random moments while files are being taken, then lets it finish.
fn kill_rounds(after: &str, rounds: u64, files: usize) {
    let place = Workplace::new();
    let config = configure(&place, after);
    let dropped = drop_files(&place, files);
    let mut luck: u64 = 7;
    for _ in 0..rounds {
        luck = luck
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut child = start(&place, &config, &[]);
        std::thread::park_timeout(Duration::from_micros(luck >> 33 & 0x3_FFFF));
        child.kill().expect("kill");
        child.wait().expect("its end");
    }
    finish(&place, &config, files, after);
    assert_whole(&place, &dropped, after);
}

#[test]
fn kill_9_at_random_moments_loses_nothing_and_doubles_nothing() {
    kill_rounds("keep", 50, 2_000);
}

#[test]
fn kill_9_at_random_moments_while_inputs_are_moved_loses_nothing_and_doubles_nothing() {
    kill_rounds("move", 50, 2_000);
}

#[test]
fn a_file_that_kills_the_process_is_put_aside_and_the_others_are_taken() {
    let place = Workplace::new();
    let config = configure(&place, "keep");
    drop_files(&place, 5);
    // The process dies with some file in hand each time; the same one is tried alone from the second time on.
    for _ in 0..3 {
        let mut child = start(&place, &config, &[("COPYDESK_KILL_ON", "2.txt")]);
        wait_until("it died", || child.try_wait().expect("its state").is_some());
    }
    let daemon = Daemon::start({
        let mut command = place.command("run");
        command
            .arg("--config")
            .arg(&config)
            .env("COPYDESK_KILL_ON", "2.txt");
        command
    });
    place.wait_for("SELECT count(*) FROM job WHERE state = 'done'", 4);
    assert_eq!(
        place.count("SELECT count(*) FROM job WHERE state = 'held' AND reason = 'crash-loop'"),
        1
    );
    assert_eq!(daemon.stop(), Some(0));
    let held = place.json("held", &[]);
    assert!(
        held[0]["path"].as_str().expect("a path").ends_with("2.txt"),
        "{held:?}"
    );
}
