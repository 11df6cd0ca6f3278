//! The corpus: invented articles with what they must become, kept beside them.
//!
//! `UPDATE_EXPECT=1` writes the expectations anew; the difference is then reviewed.

use std::fs;
use std::path::{Path, PathBuf};

use super::object::ArticleObject;
use super::parse::{read, reader_of};
use super::{Edited, Edition, Format, Hints, Rules, edit};

pub(super) fn inputs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut inputs: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end == "txt" || end == "html")
        })
        .collect();
    inputs.sort();
    assert!(inputs.len() >= 6, "the corpus is there");
    inputs
}

pub(super) fn edition(bytes: &[u8]) -> Edition {
    edit(bytes, &Hints::default(), &Rules::default(), None).unwrap()
}

pub(super) fn edited(bytes: &[u8]) -> Edited {
    edition(bytes).members.remove(0).unwrap()
}

/// The pieces no cut covers.
pub(super) fn kept(edited: &Edited) -> Vec<&str> {
    let mut kept = Vec::new();
    let mut cursor = 0;
    for cut in &edited.cuts() {
        assert!(cut.span.start >= cursor, "cuts are in order and apart");
        assert!(cut.span.end > cut.span.start, "no cut is empty");
        kept.push(edited.input.get(cursor..cut.span.start).unwrap());
        cursor = cut.span.end;
    }
    kept.push(edited.input.get(cursor..).unwrap());
    kept
}

/// What the kept pieces say when read alone.
pub(super) fn read_kept(edited: &Edited, format: Format) -> String {
    let rules = Rules::default();
    let texts: Vec<String> = kept(edited)
        .into_iter()
        .flat_map(|piece| {
            read(reader_of(format), piece, &rules)
                .expect("a draft")
                .blocks
        })
        .map(|block| block.text)
        .collect();
    texts.join("\n\n")
}

#[test]
fn every_article_of_the_corpus_becomes_what_is_expected() {
    for input in inputs() {
        let edition = edition(&fs::read(&input).unwrap());
        let name = input.file_name().unwrap().to_str().unwrap();
        let article = edition.members[0].as_ref().unwrap();
        let object = ArticleObject::from_edited(Some(name.as_bytes()), &edition, article);
        let found = serde_json::to_string_pretty(&object).unwrap() + "\n";
        let expected = input.with_file_name(format!("{name}.expected.json"));
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&expected, &found).unwrap();
        }
        assert_eq!(found, fs::read_to_string(&expected).unwrap(), "{name}");
    }
}

#[test]
fn kept_and_cut_make_the_input_and_the_kept_part_says_the_text() {
    for input in inputs() {
        let edition = edition(&fs::read(&input).unwrap());
        let article = edition.members[0].as_ref().unwrap();
        assert_eq!(
            read_kept(article, edition.format),
            article.text,
            "{}",
            input.display()
        );
    }
}

#[test]
fn a_cleaned_text_cleaned_again_is_the_same() {
    for input in inputs() {
        let once = edited(&fs::read(&input).unwrap());
        let twice = edited(once.text.as_bytes());
        assert_eq!(twice.text, once.text, "{}", input.display());
    }
}
