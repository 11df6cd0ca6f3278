//! The rules of the house that the compiler does not hold: who may name whom, where SQL may stand, how long files and
//! functions may be.

use std::path::{Path, PathBuf};

/// The modules in reading order, each with those of ours it may name.
const LAYERS: [(&str, &[&str]); 12] = [
    ("article", &[]),
    ("job", &[]),
    ("verdict", &["article", "job"]),
    ("stories", &["article"]),
    ("sys", &[]),
    ("config", &["article", "job"]),
    ("store", &["article", "job", "stories", "verdict"]),
    ("intake", &["config", "job", "store", "sys"]),
    (
        "desk",
        &["article", "config", "job", "store", "stories", "verdict"],
    ),
    (
        "daemon",
        &["config", "desk", "intake", "job", "store", "verdict"],
    ),
    (
        "report",
        &["article", "config", "intake", "job", "store", "verdict"],
    ),
    (
        "cli",
        &[
            "article", "config", "daemon", "desk", "intake", "job", "report", "store", "verdict",
        ],
    ),
];

/// Words that a module must not contain, with the reason.
const BANS: [(&str, &str, &str); 9] = [
    ("article", "std::fs", "the core is pure"),
    ("article", "std::time", "the core has no clock"),
    ("article", "std::thread", "the core has no threads"),
    ("article", "rusqlite", "the core has no SQL"),
    ("article", "tracing::", "the core does not log"),
    ("desk", "notify::", "watching is the intake's"),
    ("desk", "tokio", "async ends at the desk's door"),
    ("report", "Durability", "reports do not write"),
    ("intake", "read_to_end", "reading files is the desk's"),
];

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;

struct Source {
    path: PathBuf,
    module: String,
    text: String,
    is_test: bool,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder of sources")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut paths = Vec::new();
    files(&src, &mut paths);
    paths
        .into_iter()
        .map(|path| {
            let below = path.strip_prefix(&src).expect("below src");
            let first = below.components().next().expect("a component");
            let module = Path::new(first.as_os_str())
                .with_extension("")
                .to_string_lossy()
                .into_owned();
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            Source {
                text: std::fs::read_to_string(&path).expect("UTF-8"),
                is_test: name.ends_with("_tests") || name == "tests" || name == "test_support",
                path: path.clone(),
                module,
            }
        })
        .collect()
}

/// The part of a file that is not its tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text)
}

/// The lines that are code, with their numbers.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(n, line)| (n + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn assert_none(what: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{what}:\n{}", findings.join("\n"));
}

#[test]
fn a_module_names_only_those_above_it() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test) {
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == source.module) else {
            continue;
        };
        for (n, line) in code(without_tests(&source.text)) {
            for (other, _) in LAYERS.iter().filter(|(name, _)| *name != source.module) {
                let names = line.contains(&format!("crate::{other}::"))
                    || line.contains(&format!("crate::{other};"))
                    || line.contains(&format!("crate::{other} "));
                if names && !allowed.contains(other) {
                    findings.push(format!(
                        "{}:{n}: {} may not name {other}",
                        source.path.display(),
                        source.module
                    ));
                }
            }
        }
    }
    assert_none("wrong way up", &findings);
}

#[test]
fn every_module_has_its_place_in_the_table() {
    let known: Vec<&str> = LAYERS
        .iter()
        .map(|(name, _)| *name)
        .chain(["lib", "main"])
        .collect();
    let strangers: Vec<String> = sources()
        .iter()
        .filter(|source| !known.contains(&source.module.as_str()))
        .map(|source| source.path.display().to_string())
        .collect();
    assert_none("not in the table of layers", &strangers);
}

#[test]
fn no_module_contains_what_is_anothers_business() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test) {
        for (module, word, why) in BANS {
            if source.module != module {
                continue;
            }
            for (n, line) in code(without_tests(&source.text)) {
                if line.contains(word) {
                    findings.push(format!("{}:{n}: {word}: {why}", source.path.display()));
                }
            }
        }
    }
    assert_none("out of place", &findings);
}

#[test]
fn sql_stands_only_in_store_and_report() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test) {
        if ["store", "report"].contains(&source.module.as_str()) {
            continue;
        }
        for (n, line) in code(without_tests(&source.text)) {
            if [
                "\"SELECT ",
                "\"INSERT ",
                "\"UPDATE ",
                "\"DELETE ",
                "\"CREATE ",
            ]
            .iter()
            .any(|verb| line.contains(verb))
            {
                findings.push(format!("{}:{n}", source.path.display()));
            }
        }
    }
    assert_none("SQL outside store and report", &findings);
}

#[test]
fn unsafe_stands_only_in_sys() {
    let findings: Vec<String> = sources()
        .iter()
        .filter(|source| source.module != "sys")
        .flat_map(|source| {
            code(&source.text)
                .filter(|(_, line)| line.contains("unsafe "))
                .map(|(n, _)| format!("{}:{n}", source.path.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_none("unsafe", &findings);
}

#[test]
fn files_say_what_they_are_for_and_fit_their_length() {
    let mut findings = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > FILE_LINES_MAX {
            findings.push(format!("{}: {lines} lines", source.path.display()));
        }
        if !source.text.starts_with("//!") {
            findings.push(format!("{}: no //! at its head", source.path.display()));
        }
    }
    assert_none("files", &findings);
}

#[test]
fn functions_fit_on_a_screen() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test) {
        let mut open: Option<(usize, usize)> = None;
        for (n, line) in without_tests(&source.text).lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let begins =
                line.contains("fn ") && !line.trim_start().starts_with("//") && line.contains('(');
            if open.is_none() && begins {
                open = Some((n, indent));
            }
            if let Some((start, at)) = open
                && (line.trim_end() == format!("{}}}", " ".repeat(at))
                    || (n == start && line.trim_end().ends_with(['}', ';'])))
            {
                if n - start + 1 > FUNCTION_LINES_MAX {
                    findings.push(format!(
                        "{}:{}: {} lines",
                        source.path.display(),
                        start + 1,
                        n - start + 1
                    ));
                }
                open = None;
            }
        }
    }
    assert_none("long functions", &findings);
}

#[test]
fn no_test_is_ignored_sleeps_or_wants_a_panic() {
    let mut paths = Vec::new();
    files(&root().join("src"), &mut paths);
    files(&root().join("tests"), &mut paths);
    let banned = [
        ["#[ig", "nore"].concat(),
        ["#[should", "_panic"].concat(),
        ["thread::", "sleep("].concat(),
    ];
    let mut findings = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        let is_test =
            path.starts_with(root().join("tests")) || path.to_string_lossy().contains("_tests");
        for (n, line) in code(&text) {
            for word in &banned {
                let counts = is_test || !word.contains("sleep");
                if counts && line.contains(word.as_str()) {
                    findings.push(format!("{}:{}: {word}", path.display(), n));
                }
            }
        }
    }
    assert_none("tests", &findings);
}

#[test]
fn nothing_is_left_unfinished() {
    let words = [
        ["to", "do!("].concat(),
        ["unimple", "mented!("].concat(),
        ["FIX", "ME"].concat(),
    ];
    let findings: Vec<String> = sources()
        .iter()
        .flat_map(|source| {
            code(&source.text)
                .filter(|(_, line)| words.iter().any(|word| line.contains(word.as_str())))
                .map(|(n, line)| format!("{}:{n}: {}", source.path.display(), line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_none("unfinished", &findings);
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let mut in_dependencies = false;
    let mut findings = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies");
        } else if in_dependencies && line.contains(" = ") && !line.contains(" # ") {
            findings.push(line.to_owned());
        }
    }
    assert_none("dependencies without a reason", &findings);
}

#[test]
fn the_readme_tells_of_every_format_and_every_reason() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    let formats = copydesk::article::Format::all().map(copydesk::article::Format::as_str);
    let reasons = copydesk::job::Reason::ALL.map(copydesk::job::Reason::as_str);
    let missing: Vec<&str> = formats
        .chain(reasons)
        .filter(|name| !readme.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "not in the README: {missing:?}");
}
