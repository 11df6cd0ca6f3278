//! Invented documents of every format and container, by its name: what the structural mutations start from.

use std::path::Path;

/// The seeds of one format.
#[derive(Debug)]
pub(crate) struct Target {
    /// The name of the format or of the layer; that of the folder.
    pub(crate) name: String,
    pub(crate) seeds: Vec<Seed>,
}

/// A document, whole and as it should be.
#[derive(Debug)]
pub(crate) struct Seed {
    pub(crate) file_name: String,
    pub(crate) bytes: Vec<u8>,
}

/// All of them, in the order of their names, and last `sniff`: every seed at once, so that any may be spliced into any.
pub(crate) fn targets() -> Vec<Target> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/fuzz/seeds");
    let mut targets: Vec<Target> = names(&folder)
        .into_iter()
        .map(|name| Target {
            seeds: seeds(&folder.join(&name)),
            name,
        })
        .collect();
    let all = targets
        .iter()
        .flat_map(|target| seeds(&folder.join(&target.name)));
    let seeds = all.collect();
    targets.push(Target {
        name: "sniff".to_owned(),
        seeds,
    });
    targets
}

fn seeds(folder: &Path) -> Vec<Seed> {
    let files = names(folder).into_iter();
    files
        .map(|file_name| Seed {
            bytes: std::fs::read(folder.join(&file_name)).expect("readable"),
            file_name,
        })
        .collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the seeds");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        let name = entry.expect("an entry").file_name();
        name.into_string().expect("a plain name")
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}
