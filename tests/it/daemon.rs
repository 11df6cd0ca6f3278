//! The daemon as a process: readiness, signals, what happens while it runs.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::process::Command;

use crate::support::{Daemon, Workplace, article, wait_until};

const DONE: &str = "SELECT count(*) FROM job WHERE state = 'done'";

#[test]
fn what_is_there_and_what_arrives_is_taken() {
    let place = Workplace::new();
    place.put("early.txt", &article(1));
    let daemon = place.daemon();
    place.put("late.txt", &article(2));
    place.put("new/folder/deep.txt", &article(3));
    place.wait_for(DONE, 3);
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(
        place.count("SELECT count(*) FROM tenure WHERE stopped_ms IS NOT NULL"),
        1
    );
}

#[test]
fn a_file_that_is_being_written_is_taken_once_whole() {
    let place = Workplace::new();
    let daemon = place.daemon();
    let text = article(7);
    let (first, rest) = text.split_at(text.len() / 2);
    let mut file = std::fs::File::create(place.drop().join("slow.txt")).expect("made");
    file.write_all(first.as_bytes()).expect("written");
    file.sync_all().expect("synced");
    place.put("other.txt", &article(8));
    place.wait_for(DONE, 1);
    file.write_all(rest.as_bytes()).expect("written");
    drop(file);
    place.wait_for(DONE, 2);
    assert_eq!(place.count("SELECT count(*) FROM article"), 2);
    assert_eq!(
        place.count("SELECT count(*) FROM job"),
        2,
        "never taken half"
    );
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn a_rewritten_file_is_a_version_and_the_same_bytes_under_another_name_a_sighting() {
    let place = Workplace::new();
    let daemon = place.daemon();
    let path = place.put("a.txt", &article(1));
    place.wait_for(DONE, 1);
    std::fs::write(
        &path,
        article(1).replace("Tuesday", "Wednesday, after a long night,"),
    )
    .expect("written");
    place.wait_for(DONE, 2);
    place.put("b.txt", &article(1));
    place.wait_for(DONE, 3);
    assert_eq!(daemon.stop(), Some(0));
    let verdicts: Vec<String> = place
        .json("export", &[])
        .iter()
        .map(|object| {
            object["verdict"]["kind"]
                .as_str()
                .expect("a verdict")
                .to_owned()
        })
        .collect();
    assert_eq!(verdicts, ["new", "version"]);
    assert_eq!(
        place.count("SELECT count(*) FROM job WHERE outcome = 'same-bytes'"),
        1
    );
}

#[test]
fn sigterm_finishes_what_is_in_hand_and_the_rest_is_taken_at_the_next_start() {
    let place = Workplace::new();
    for n in 0..400 {
        place.put(&format!("{n}.txt"), &article(n));
    }
    let daemon = place.daemon();
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(
        place.count("SELECT count(*) FROM job WHERE state = 'claimed'"),
        0,
        "nothing is left claimed"
    );
    let daemon = place.daemon();
    place.wait_for(DONE, 400);
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(place.count("SELECT count(*) FROM article"), 400);
}

#[test]
fn there_is_one_daemon_a_store() {
    let place = Workplace::new();
    let daemon = place.daemon();
    let second = place.run("run", &["elsewhere"]);
    assert_eq!(second.status.code(), Some(1));
    let told = String::from_utf8_lossy(&second.stderr);
    assert!(told.contains(&format!("pid {}", daemon.pid())), "{told}");
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn a_bad_configuration_at_reload_changes_nothing_and_a_good_one_takes_effect() {
    let place = Workplace::new();
    let config = place.path().join("c.toml");
    let write = |text: String| std::fs::write(&config, text).expect("written");
    write(format!(
        "[[drop]]\nname = 'in'\npath = '{}'\n",
        place.drop().display()
    ));
    let mut command = place.command("run");
    command.arg("--config").arg(&config);
    let daemon = Daemon::start(command);
    write("workerz = 1".to_owned());
    daemon.signal("-HUP");
    place.wait_for("SELECT count(*) FROM event WHERE kind = 'reloaded'", 1);
    place.put("a.txt", &article(1));
    place.wait_for(DONE, 1);
    wait_until("status says so", || {
        let status = place.json_whatever("status", &["--config", config.to_str().expect("UTF-8")]);
        status["problems"].to_string().contains("workerz")
    });
    let more = place.path().join("more");
    std::fs::create_dir(&more).expect("made");
    write(format!(
        "[[drop]]\nname = 'in'\npath = '{}'\n[[drop]]\nname = 'more'\npath = '{}'\nsource = 'The Kellin Post'\n",
        place.drop().display(),
        more.display()
    ));
    daemon.signal("-HUP");
    place.wait_for("SELECT count(*) FROM event WHERE kind = 'reloaded'", 2);
    std::fs::write(more.join("b.txt"), article(2)).expect("written");
    place.wait_for(DONE, 2);
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(place.count("SELECT count(*) FROM article JOIN source ON source.id = source_id WHERE name = 'The Kellin Post'"), 1);
}

#[test]
fn a_root_that_goes_is_told_and_one_that_comes_back_is_watched_again() {
    let place = Workplace::new();
    let config = place.path().join("c.toml");
    std::fs::write(
        &config,
        format!(
            "[intake]\nroot_check_ms = 100\n[[drop]]\npath = '{}'\n",
            place.drop().display()
        ),
    )
    .expect("written");
    let mut command = place.command("run");
    command.arg("--config").arg(&config);
    let daemon = Daemon::start(command);
    std::fs::rename(place.drop(), place.path().join("away")).expect("moved");
    place.wait_for("SELECT count(*) FROM event WHERE kind = 'root-missing'", 1);
    wait_until("status is degraded", || {
        place.run("status", &[]).status.code() == Some(4)
    });
    std::fs::create_dir(place.drop()).expect("made anew");
    place.wait_for("SELECT count(*) FROM event WHERE kind = 'root-back'", 1);
    place.put("a.txt", &article(1));
    place.wait_for(DONE, 1);
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn a_link_is_never_followed_and_a_pipe_stops_nothing() {
    let place = Workplace::new();
    let secret = place.path().join("secret.txt");
    std::fs::write(&secret, article(9)).expect("written");
    std::os::unix::fs::symlink(&secret, place.drop().join("link.txt")).expect("linked");
    std::os::unix::fs::symlink(place.path(), place.drop().join("loop")).expect("linked");
    let made = Command::new("mkfifo")
        .arg(place.drop().join("pipe.txt"))
        .status()
        .expect("mkfifo");
    assert!(made.success());
    let daemon = place.daemon();
    place.put("a.txt", &article(1));
    place.wait_for(DONE, 1);
    assert_eq!(place.count("SELECT count(*) FROM job"), 1);
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn an_unreadable_file_is_held_and_taken_by_itself_once_it_is_readable() {
    // Root reads everything: then there is nothing to show.
    if rustix::process::geteuid().is_root() {
        return;
    }
    let place = Workplace::new();
    let path = place.put("a.txt", &article(1));
    let mode = |mode| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("changed");
    };
    mode(0);
    let daemon = place.daemon();
    place.wait_for(
        "SELECT count(*) FROM job WHERE state = 'held' AND reason = 'unreadable'",
        1,
    );
    mode(0o600);
    place.wait_for(DONE, 1);
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn systemd_is_told_ready_once_watching_the_watchdog_is_fed_and_the_end_is_announced() {
    let place = Workplace::new();
    let socket = place.path().join("notify");
    let listener = UnixDatagram::bind(&socket).expect("bound");
    listener
        .set_read_timeout(Some(std::time::Duration::from_secs(30)))
        .expect("a timeout");
    let mut command = place.command("run");
    command
        .arg(place.drop())
        .env("NOTIFY_SOCKET", &socket)
        .env("WATCHDOG_USEC", "300000");
    let daemon = Daemon::start(command);
    let hear = |wanted: &str| {
        let mut heard = Vec::new();
        loop {
            let mut buffer = [0; 512];
            let n = listener
                .recv(&mut buffer)
                .unwrap_or_else(|_| panic!("no {wanted} after {heard:?}"));
            heard.push(String::from_utf8_lossy(&buffer[..n]).into_owned());
            if heard.iter().any(|line| line.contains(wanted)) {
                return;
            }
        }
    };
    hear("READY=1");
    hear("WATCHDOG=1");
    hear("WATCHDOG=1");
    daemon.signal("-TERM");
    hear("STOPPING=1");
}

#[test]
fn status_answers_while_the_daemon_runs_after_it_stopped_and_from_a_store_that_cannot_be_written() {
    let place = Workplace::new();
    place.put("a.txt", &article(1));
    let daemon = place.daemon();
    place.wait_for(DONE, 1);
    wait_until("it says it runs", || {
        place.json_whatever("status", &[])["daemon"]
            .to_string()
            .contains(&daemon.pid().to_string())
    });
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(place.run("status", &[]).status.code(), Some(6));
    let copy = place.path().join("copy");
    std::fs::create_dir(&copy).expect("made");
    std::fs::copy(place.store(), copy.join("s.sqlite")).expect("copied");
    std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o555)).expect("read-only");
    let output = place.command_on(&copy.join("s.sqlite"), "status").output();
    std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o755))
        .expect("writable again");
    // Nobody has that store: degraded where the log cannot be read, else not running. Its counts are there.
    let output = output.expect("run");
    assert!(
        [Some(4), Some(6)].contains(&output.status.code()),
        "{output:?}"
    );
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("1 recorded"),
        "{output:?}"
    );
}

#[test]
fn the_sub_folder_names_the_source_where_the_configuration_says_so() {
    let place = Workplace::new();
    let config = place.path().join("c.toml");
    std::fs::write(
        &config,
        format!(
            "[[drop]]\npath = '{}'\nsource = 'subfolder'\n",
            place.drop().display()
        ),
    )
    .expect("written");
    place.put("Varnholm Herald/2024/a.txt", &article(1));
    place.put("Tarrow Times/b.txt", &article(2));
    place.put("loose.txt", &article(3));
    let mut command = place.command("run");
    command.arg("--config").arg(&config);
    let daemon = Daemon::start(command);
    place.wait_for(DONE, 3);
    assert_eq!(daemon.stop(), Some(0));
    let mut sources: Vec<String> = place
        .json("export", &[])
        .iter()
        .map(|object| object["source"].to_string())
        .collect();
    sources.sort();
    assert_eq!(sources, ["\"Tarrow Times\"", "\"Varnholm Herald\"", "null"]);
}
