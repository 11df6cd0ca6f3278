//! What a configuration means, and how what is wrong with it is told.

use std::path::{Path, PathBuf};

use super::{ConfigError, DropSource, Settings, Surroundings, Watch, load, parse};
use crate::job::After;

const SHIPPED: &str = include_str!("../../config/copydesk.toml");

fn at_home() -> Surroundings {
    Surroundings {
        home: Some(PathBuf::from("/home/ann")),
        ..Surroundings::default()
    }
}

fn check(text: &str) -> Result<Settings, ConfigError> {
    parse(text, Path::new("/etc/copydesk/copydesk.toml"), &at_home())
}

fn problems(text: &str) -> Vec<String> {
    match check(text) {
        Err(ConfigError::Problems { problems, .. }) => problems,
        other => panic!("no problems in {text:?}: {other:?}"),
    }
}

#[test]
fn the_shipped_file_says_the_defaults() {
    let shipped = check(SHIPPED).expect("the shipped file is right");
    let mut default = Settings::defaults(at_home().store().expect("store"));
    default.file.clone_from(&shipped.file);
    default.drops.clone_from(&shipped.drops);
    assert_eq!(shipped, default);
    let [drop] = shipped.drops.as_slice() else {
        panic!("one drop")
    };
    assert_eq!(drop.source, DropSource::Document);
    assert_eq!((drop.after.clone(), drop.watch), (After::Keep, Watch::Auto));
}

#[test]
fn the_shipped_file_shows_every_key() {
    // A key that the file does not show would not be missed by the parser: so each one is taken out of the struct's
    // own error message, which lists all it knows.
    for (table, line) in [
        ("", "nonsense = 1"),
        ("intake", "[intake]\nnonsense = 1"),
        ("limits", "[limits]\nnonsense = 1"),
        ("retry", "[retry]\nnonsense = 1"),
        ("record", "[record]\nnonsense = 1"),
        ("drop", "[[drop]]\nnonsense = 1"),
    ] {
        let Err(ConfigError::Syntax { message, .. }) = check(line) else {
            panic!("{table}: an unknown key is an error")
        };
        let (_, keys) = message.split_once("expected one of").expect("the keys");
        for key in keys.split('`').skip(1).step_by(2) {
            let shown = SHIPPED.lines().any(|line| {
                let line = line.trim_start_matches("# ");
                line.starts_with(&format!("{key} ="))
                    || line == format!("[{key}]")
                    || line == format!("[[{key}]]")
            });
            assert!(shown, "[{table}] {key} is not shown");
        }
    }
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let Err(ConfigError::Syntax { message, .. }) = check("workers = 1\nworkerz = 2\n") else {
        panic!("an unknown key is an error")
    };
    assert!(
        message.contains("workerz") && message.contains("line 2"),
        "{message}"
    );
}

#[test]
fn all_problems_are_told_at_once_with_key_and_value() {
    let told = problems(
        r#"
        workers = 1000
        [intake]
        poll_ms = 5
        ignore = ["a/b"]
        [[drop]]
        name = "a"
        path = "/srv/in"
        after = "burn"
        watch = "sometimes"
        [[drop]]
        name = "a"
        path = "/srv/in/deep"
        after = "move"
        [[drop]]
        name = "nowhere"
        "#,
    );
    for part in [
        "workers = 1000",
        "intake.poll_ms = 5",
        "\"a/b\"",
        "\"burn\"",
        "\"sometimes\"",
        "two drops are named \"a\"",
        "overlap",
        "move_to",
        "path is missing",
    ] {
        assert!(
            told.iter().any(|line| line.contains(part)),
            "{part} is not told: {told:#?}"
        );
    }
}

#[test]
fn moving_into_the_drop_folder_itself_is_refused() {
    let told = problems("[[drop]]\npath = '/srv/in'\nafter = 'move'\nmove_to = '/srv/in/done'\n");
    assert!(
        told.iter().any(|line| line.contains("taken in again")),
        "{told:?}"
    );
}

#[test]
fn relative_paths_are_taken_from_the_files_folder() {
    let settings = check("store = 's.sqlite'\n[[drop]]\npath = 'in'\n").expect("right");
    assert_eq!(settings.store, Path::new("/etc/copydesk/s.sqlite"));
    let drop = settings.drops.first().expect("a drop");
    assert_eq!(
        (drop.path.as_path(), drop.name.as_str()),
        (Path::new("/etc/copydesk/in"), "in")
    );
}

#[test]
fn the_store_lies_where_systemd_or_the_user_keeps_data() {
    let mut surroundings = at_home();
    let store = |surroundings: &Surroundings| surroundings.store().expect("store");
    assert_eq!(
        store(&surroundings),
        Path::new("/home/ann/.local/share/copydesk/copydesk.sqlite")
    );
    surroundings.data_home = Some(PathBuf::from("/data"));
    assert_eq!(
        store(&surroundings),
        Path::new("/data/copydesk/copydesk.sqlite")
    );
    surroundings.state_directory = Some(PathBuf::from("/var/lib/copydesk"));
    assert_eq!(
        store(&surroundings),
        Path::new("/var/lib/copydesk/copydesk.sqlite")
    );
    assert!(matches!(
        Surroundings::default().store(),
        Err(ConfigError::NoHome)
    ));
}

#[test]
fn a_named_file_that_is_missing_is_an_error_and_a_default_one_is_not() {
    let folder = tempfile::tempdir().expect("folder");
    let surroundings = Surroundings {
        home: Some(folder.path().to_owned()),
        configuration_directory: Some(folder.path().join("none")),
        ..Surroundings::default()
    };
    let named = folder.path().join("missing.toml");
    assert!(matches!(
        load(Some(&named), &surroundings),
        Err(ConfigError::Read { .. })
    ));
}
