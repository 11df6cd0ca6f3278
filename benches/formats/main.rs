//! `cargo bench --bench formats -- FOLDER [--quiet]`: how much of real files of all formats is understood.
//!
//! In FOLDER lie `index.json` (what a person read in each file) and the files it names; beside FOLDER, or in it, the
//! table of agencies (`attribution/agencies.tsv`). Each file is given to `copydesk edit --json` as anybody would, and what
//! comes out is judged by the rules of `rules.rs`. An expectation of null is right where nothing is given. Of a file with
//! several articles the expectations are about the one that fits them best. Files of `dev` that the index does not name
//! are run too, and listed.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints measures for people"
)]

#[path = "../common/child.rs"]
#[allow(dead_code, reason = "memory and signals are what the others look at")]
mod child;
mod rules;
mod score;
mod table;
mod when;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value};

use child::Ran;
use rules::Agencies;
use score::Field;

/// Longest a file may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the index says of a file.
#[derive(serde::Deserialize)]
struct Entry {
    path: String,
    format: String,
    articles: Option<usize>,
    encoding: String,
    expected: Map<String, Value>,
}

#[derive(serde::Deserialize)]
struct Index {
    entries: Vec<Entry>,
}

/// A file of the index and what became of it.
struct Scored {
    path: String,
    kind: String,
    /// The formats that were named.
    formats: String,
    recognised: bool,
    /// Articles expected and found; none expected where the index leaves it open.
    expected: Option<usize>,
    found: usize,
    fields: Vec<Field>,
    took: Duration,
    stderr: String,
}

impl Scored {
    /// As many as expected, or at least one.
    fn all_found(&self) -> bool {
        self.expected
            .map_or(self.found > 0, |expected| self.found == expected)
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = args.iter().find(|arg| !arg.starts_with("--")) else {
        println!("cargo bench --bench formats -- FOLDER [--quiet]");
        return;
    };
    let folder = Path::new(folder);
    let index = std::fs::read_to_string(folder.join("index.json")).expect("index.json in FOLDER");
    let index: Index = serde_json::from_str(&index).expect("the index");
    let agencies = agencies(folder);
    let home = tempfile::tempdir().expect("a folder");
    let scored: Vec<Scored> = index
        .entries
        .iter()
        .map(|entry| score(folder, entry, &agencies, home.path()))
        .collect();
    table::formats(&scored);
    table::fields(&scored);
    unindexed(folder, &index, home.path());
    if !args.iter().any(|arg| arg == "--quiet") {
        table::faults(&scored);
    }
    table::summary(&scored);
}

fn agencies(folder: &Path) -> Agencies {
    let places = ["../attribution/agencies.tsv", "attribution/agencies.tsv"];
    let read = |place: &&str| std::fs::read_to_string(folder.join(place)).ok();
    let table = places.iter().find_map(read);
    Agencies::parse(&table.expect("attribution/agencies.tsv beside FOLDER"))
}

fn edit(file: &Path, home: &Path) -> Ran {
    child::run(child::copydesk("edit", home).arg(file), PATIENCE)
}

/// An object with text, or about an article whose text is elsewhere: whatever is printed counts.
fn score(folder: &Path, entry: &Entry, agencies: &Agencies, home: &Path) -> Scored {
    let file = folder.join(&entry.path);
    let ran = edit(&file, home);
    let object = score::fitting(&entry.expected, &ran.objects);
    let with_text = |object: &&Value| !score::string(&object["text"]).is_empty();
    // Where no article is expected, what has no text is none.
    let found = if entry.articles == Some(0) {
        ran.objects.iter().filter(with_text).count()
    } else {
        ran.count
    };
    let recognised = match object {
        Some(object) => score::is_recognised(&entry.format, object),
        // Where no article is in it, to say so is an answer too.
        None => {
            ran.code == Some(0)
                || (entry.articles == Some(0) && ran.stderr.contains("no text in it"))
        }
    };
    // A container of several formats says nothing of the encoding of its members.
    let fields = if entry.expected.is_empty() {
        Vec::new()
    } else {
        score::fields(&entry.expected, &encoding(entry, &file), object, agencies)
    };
    Scored {
        path: entry.path.clone(),
        kind: entry.format.clone(),
        formats: formats(&ran),
        recognised,
        expected: entry.articles,
        found,
        fields,
        took: ran.took,
        stderr: ran.stderr,
    }
}

/// The encoding that is expected; of a Latin-1 file of seven bits nobody can say it is that.
fn encoding(entry: &Entry, file: &Path) -> String {
    let is_ascii = || std::fs::read(file).is_ok_and(|bytes| bytes.is_ascii());
    if entry.encoding == "latin-1" && is_ascii() {
        "latin-1 (7-bit)".to_owned()
    } else {
        entry.encoding.clone()
    }
}

/// The formats the objects name, each once.
fn formats(ran: &Ran) -> String {
    let mut formats: Vec<&str> = Vec::new();
    for object in &ran.objects {
        let format = object["format"].as_str().unwrap_or_default();
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    formats.join(",")
}

/// Runs what lies in `dev` and is not in the index.
fn unindexed(folder: &Path, index: &Index, home: &Path) {
    let mut files = Vec::new();
    find(&folder.join("dev"), &mut files);
    println!("\nnot in the index");
    for file in files {
        let name = file.strip_prefix(folder).expect("below FOLDER");
        if index
            .entries
            .iter()
            .any(|entry| Path::new(&entry.path) == name)
        {
            continue;
        }
        table::unindexed(name, &formats_and_text(&edit(&file, home)));
    }
}

/// What is told of a file nothing is expected of.
struct Told {
    formats: String,
    articles: usize,
    title: String,
    text_bytes: usize,
    stderr: String,
}

fn formats_and_text(ran: &Ran) -> Told {
    let text = |object: &Value| score::string(&object["text"]).len();
    let title = ran.objects.first().map(|object| &object["title"]);
    Told {
        formats: formats(ran),
        articles: ran.count,
        title: title.map(score::string).unwrap_or_default(),
        text_bytes: ran.objects.iter().map(text).sum(),
        stderr: ran.stderr.clone(),
    }
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            find(&path, found);
        } else {
            found.push(path);
        }
    }
}
