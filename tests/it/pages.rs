//! Pages as scrapers bring them, all invented, and beside each what `show --cuts` says of it: what is cut, what is kept,
//! and why.
//!
//! `UPDATE_EXPECT=1 cargo test --test it pages` writes `tests/pages/*.cuts` anew; the difference is then reviewed.

use std::path::{Path, PathBuf};

use crate::support::Workplace;

/// The pages, in the order of their names.
fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the pages")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end != "cuts"))
        .collect();
    pages.sort();
    assert!(pages.len() >= 5, "the pages are there");
    pages
}

/// The lines in which two texts differ, with one line around them: from the first difference to the last.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<&str>, Vec<&str>) =
        (expected.lines().collect(), found.lines().collect());
    let same =
        |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let head = same(&mut expected.iter().zip(&found));
    let (old, new) = (&expected[head..], &found[head..]);
    let tail = same(&mut old.iter().rev().zip(new.iter().rev()));
    let sign = |sign: char, lines: &[&str]| -> String {
        lines
            .iter()
            .map(|line| [&sign.to_string(), *line, "\n"].concat())
            .collect()
    };
    let around = |lines: &[&str]| sign(' ', lines);
    [
        format!("line {}\n", head + 1),
        around(&expected[head.saturating_sub(1)..head]),
        sign('<', &old[..old.len() - tail]),
        sign('>', &new[..new.len() - tail]),
        around(&old[old.len() - tail..(old.len() - tail + 1).min(old.len())]),
    ]
    .concat()
}

#[test]
fn every_page_is_cut_as_is_kept_beside_it() {
    let place = Workplace::new();
    let pages = pages();
    for page in &pages {
        let name = page.file_name().expect("a name").to_str().expect("UTF-8");
        let text = std::fs::read_to_string(page).expect("UTF-8");
        place.put(name, &text);
    }
    place.ingest();
    let mut differences: Vec<String> = Vec::new();
    for page in pages {
        let name = page.file_name().expect("a name").to_str().expect("UTF-8");
        let shown = place.run("show", &["--cuts", &format!("in/{name}")]);
        let found = String::from_utf8(shown.stdout).expect("UTF-8");
        let beside = page.with_extension("cuts");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&beside, &found).expect("written");
        }
        let expected = std::fs::read_to_string(&beside).unwrap_or_default();
        if found != expected {
            let difference = difference(&expected, &found);
            differences.push(format!("{} {difference}", beside.display()));
        }
    }
    assert!(
        differences.is_empty(),
        "what is cut has changed (< as kept beside the page, > as found; UPDATE_EXPECT=1 writes it anew):\n{}",
        differences.join("\n")
    );
}
