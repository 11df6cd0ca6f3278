//! What was measured, for people.

use std::path::Path;

use crate::score::{FIELDS, Field, Mark};
use crate::{Scored, Told};

/// How many of them have which mark.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    right: usize,
    wrong: usize,
    missing: usize,
}

impl Tally {
    fn of<'a>(fields: impl Iterator<Item = &'a Field>) -> Self {
        let mut tally = Self::default();
        for field in fields {
            match field.mark {
                Mark::Right => tally.right += 1,
                Mark::Wrong => tally.wrong += 1,
                Mark::Missing => tally.missing += 1,
            }
        }
        tally
    }

    fn all(self) -> usize {
        self.right + self.wrong + self.missing
    }

    fn percent(self) -> f64 {
        100.0 * self.right as f64 / self.all().max(1) as f64
    }
}

/// A row a format: files, which were recognised, articles, fields.
pub(crate) fn formats(scored: &[Scored]) {
    let mut kinds: Vec<&str> = scored.iter().map(|file| file.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    println!(
        "{:<37} {:>5} {:>6} {:>9} {:>9} {:>6} {:>6} {:>8} {:>8}  read as",
        "format", "files", "known", "articles", "expected", "right", "wrong", "missing", "ms, most"
    );
    for kind in kinds {
        let these: Vec<&Scored> = scored.iter().filter(|file| file.kind == kind).collect();
        let tally = Tally::of(these.iter().flat_map(|file| &file.fields));
        let mut names: Vec<&str> = these.iter().map(|file| file.formats.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let slowest = these.iter().map(|file| file.took.as_millis()).max();
        println!(
            "{kind:<37} {:>5} {:>6} {:>9} {:>9} {:>6} {:>6} {:>8} {:>8}  {}",
            these.len(),
            these.iter().filter(|file| file.recognised).count(),
            format!(
                "{}/{}",
                these.iter().map(|file| file.found).sum::<usize>(),
                these
                    .iter()
                    .map(|file| file.expected.unwrap_or(1))
                    .sum::<usize>()
            ),
            tally.all(),
            tally.right,
            tally.wrong,
            tally.missing,
            slowest.unwrap_or_default(),
            names.join(" ")
        );
    }
}

/// A row a field.
pub(crate) fn fields(scored: &[Scored]) {
    println!(
        "\n{:<16} {:>8} {:>6} {:>6} {:>8} {:>7}",
        "field", "expected", "right", "wrong", "missing", "%"
    );
    for (name, _) in FIELDS {
        let tally = Tally::of(all(scored).filter(|field| field.name == name));
        println!(
            "{name:<16} {:>8} {:>6} {:>6} {:>8} {:>7.1}",
            tally.all(),
            tally.right,
            tally.wrong,
            tally.missing,
            tally.percent()
        );
    }
}

/// Whatever is not as expected, file by file.
pub(crate) fn faults(scored: &[Scored]) {
    println!("\nnot as expected");
    for file in scored {
        let bad: Vec<&Field> = file
            .fields
            .iter()
            .filter(|field| field.mark != Mark::Right)
            .collect();
        if bad.is_empty() && file.recognised && file.all_found() {
            continue;
        }
        println!("{}  ({}, read as {})", file.path, file.kind, file.formats);
        if !file.recognised {
            println!("  not recognised");
        }
        if !file.all_found() {
            let expected = file.expected.map_or("some".to_owned(), |n| n.to_string());
            println!("  {} articles, expected {expected}", file.found);
        }
        for line in file.stderr.lines().take(3) {
            println!("  ! {}", short(line, 140));
        }
        for field in bad {
            let mark = if field.mark == Mark::Wrong {
                "wrong"
            } else {
                "missing"
            };
            println!(
                "  {:<15} {mark:<8} {}",
                field.name,
                short(&field.expected, 110)
            );
            if field.mark == Mark::Wrong {
                // Of an ending it is the end of ours that tells.
                let ours = if field.name == "body_last" {
                    end(&field.ours, 110)
                } else {
                    short(&field.ours, 110)
                };
                println!("  {:<15} {:<8} {ours}", "", "ours");
            }
        }
    }
}

/// The figures a release is held to.
pub(crate) fn summary(scored: &[Scored]) {
    let count = |is: fn(&Scored) -> bool| scored.iter().filter(|file| is(file)).count();
    let heart = |field: &&Field| ["title", "body_first", "body_last"].contains(&field.name);
    let core = Tally::of(all(scored).filter(heart));
    let rest = Tally::of(all(scored).filter(|field| !heart(field)));
    println!(
        "\nevery file recognised               {}/{}",
        count(|file| file.recognised),
        scored.len()
    );
    println!(
        "every article found                 {}/{}",
        count(Scored::all_found),
        scored.len()
    );
    println!(
        "title and first/last words right    {}/{}",
        core.right,
        core.all()
    );
    println!(
        "all other fields                    {:.1} %  ({}/{}, {} wrong, {} missing)",
        rest.percent(),
        rest.right,
        rest.all(),
        rest.wrong,
        rest.missing
    );
}

/// One file nothing is expected of.
pub(crate) fn unindexed(name: &Path, told: &Told) {
    println!(
        "  {:<34} {:<12} {:>3} articles {:>7} bytes  {}",
        name.display(),
        told.formats,
        told.articles,
        told.text_bytes,
        short(&told.title, 60)
    );
    for line in told.stderr.lines().take(2) {
        println!("  ! {}", short(line, 140));
    }
}

fn all(scored: &[Scored]) -> impl Iterator<Item = &Field> {
    scored.iter().flat_map(|file| &file.fields)
}

/// One line of at most so many characters.
fn short(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

fn end(text: &str, most: usize) -> String {
    let all = text.chars().count();
    let last: String = text.chars().skip(all.saturating_sub(most)).collect();
    format!("…{}", short(&last, most))
}
