//! `cargo bench --bench furniture -- [PAGES [STORIES]]`: what learning the furniture of a source is worth.
//!
//! PAGES is a folder of development pages: `<set>/<id>.html`, `<id>.inner.txt` (the page as a browser's text) and
//! `<id>.json` with `title`, `body`, `site`. Without it nothing is measured. Three tables:
//!
//! * transplanted: the real chrome of one page around the real bodies of others, as text; `k` other articles are known.
//!   Only the pairing is synthetic: lines inside the run that are not of the story stay where they are.
//! * real: the pages of one site as they are, as text and as HTML, `k` others of the site known.
//! * stories: with STORIES (a folder of JSON Lines `{id, text}`, clean texts without any furniture), all taken as articles
//!   of one source: whatever is cut there is lost. Reports made from a template are among them.
//!
//! Precision, recall and F1 are by bags of four words, averaged over pages.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints rates for people"
)]

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use copydesk::article::furniture::{Furniture, HOLDERS_MAX, Observation, differ};
use copydesk::article::{Hints, Rules, edit};

/// From how many different articles on a block counts.
const AFTER: usize = 3;
const KNOWN: [usize; 4] = [0, 2, 3, 9];
/// Bodies that are transplanted into each page.
const BODIES: usize = 10;

struct Page {
    id: String,
    site: String,
    title: String,
    body: String,
    text: String,
    html: Option<String>,
}

fn main() {
    let mut folders = std::env::args().skip(1).filter(|arg| !arg.starts_with('-'));
    let Some(pages) = folders.next() else {
        println!("no folder of development pages was named: nothing is measured");
        return;
    };
    for set in ["fundus_eval", "cleanportaleval"] {
        let pages = read_pages(&Path::new(&pages).join(set));
        println!("{set}: {} pages", pages.len());
        transplanted(&pages);
        real(&pages);
    }
    if let Some(stories) = folders.next() {
        for set in [
            "reuters_nd",
            "abp_nd",
            "mccormick",
            "basil",
            "allsides_story",
        ] {
            lost(&Path::new(&stories).join(format!("{set}.jsonl")));
        }
    }
}

fn read_pages(folder: &Path) -> Vec<Page> {
    let mut pages = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return pages;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let truth = std::fs::read(&path).expect("read");
        let truth: serde_json::Value = serde_json::from_slice(&truth).expect("JSON");
        let text_of = |key: &str| truth[key].as_str().unwrap_or("").to_owned();
        let Ok(text) = std::fs::read_to_string(path.with_extension("inner.txt")) else {
            continue;
        };
        let html = std::fs::read(path.with_extension("html")).ok();
        pages.push(Page {
            id: text_of("id"),
            site: text_of("site"),
            title: text_of("title"),
            body: text_of("body"),
            text,
            html: html.map(|html| String::from_utf8_lossy(&html).into_owned()),
        });
    }
    pages.sort_by(|a, b| a.id.cmp(&b.id));
    pages
}

fn cold(text: &str) -> Option<Observation> {
    hot(text, &Arc::default()).1
}

/// The text as edited with this furniture known, and what it tells.
fn hot(text: &str, known: &Arc<Furniture>) -> (String, Option<Observation>) {
    let hints = Hints {
        source: Some(("a source", "config")),
        ..Hints::default()
    };
    let mut learnt = |_: &str| Arc::clone(known);
    let edition = edit(
        text.as_bytes(),
        &hints,
        &Rules::default(),
        Some(&mut learnt),
    );
    match edition.map(|mut edition| edition.members.remove(0)) {
        Ok(Ok(edited)) => (edited.text, edited.observation),
        _ => (String::new(), None),
    }
}

/// What these articles together establish.
fn learn(told: &[Observation]) -> Furniture {
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, observation) in told.iter().enumerate() {
        for key in &observation.keys {
            holders.entry(*key).or_default().push(at);
        }
    }
    let mut compared: HashMap<(usize, usize), bool> = HashMap::new();
    let mut is_furniture = |among: &[usize]| {
        let mut different = |a: usize, b: usize| {
            let (a, b) = (among[a], among[b]);
            *compared
                .entry((a.min(b), a.max(b)))
                .or_insert_with(|| told[a].is_different(&told[b]))
        };
        (0..among.len().min(HOLDERS_MAX))
            .any(|first| differ(first, among.len().min(HOLDERS_MAX), AFTER, &mut different))
    };
    holders
        .into_iter()
        .filter(|(_, among)| among.len() >= AFTER && is_furniture(among))
        .map(|(key, _)| key)
        .collect()
}

#[derive(Default)]
struct Score {
    precision: f64,
    recall: f64,
    pages: f64,
    marked: usize,
}

impl Score {
    fn add(&mut self, truth: &str, found: &str) {
        let (truth, found) = (bag(truth), bag(found));
        let shared: f64 = truth
            .iter()
            .map(|(words, n)| f64::from(*n.min(found.get(words).unwrap_or(&0))))
            .sum();
        let size =
            |bag: &HashMap<Vec<String>, u32>| bag.values().map(|n| f64::from(*n)).sum::<f64>();
        self.precision += if found.is_empty() {
            0.0
        } else {
            shared / size(&found)
        };
        self.recall += shared / size(&truth).max(1.0);
        self.pages += 1.0;
    }

    fn tell(&self, what: &str) {
        let (precision, recall) = (self.precision / self.pages, self.recall / self.pages);
        println!(
            "  {what:<28} {:5} pages  P {precision:.4}  R {recall:.4}  F1 {:.4}  blocks known {:.1}",
            self.pages,
            2.0 * precision * recall / (precision + recall),
            self.marked as f64 / self.pages
        );
    }
}

fn bag(text: &str) -> HashMap<Vec<String>, u32> {
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    let mut bag = HashMap::new();
    for shingle in words.windows(words.len().clamp(1, 4)) {
        let shingle = shingle.iter().map(|word| (*word).to_owned()).collect();
        *bag.entry(shingle).or_default() += 1;
    }
    bag
}

fn squeezed(line: &str) -> String {
    line.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn lines(text: &str) -> Vec<&str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

/// The page with another article in it: its lines in the places of the story's, its headline for the headline.
fn transplant(page: &Page, into: &[bool], other: &Page) -> String {
    let body = lines(&other.body);
    let slots = into.iter().filter(|own| **own).count();
    let (mut slot, mut next) = (0, 0);
    let mut text = String::new();
    for (line, own) in page.text.lines().zip(into) {
        if *own {
            slot += 1;
            let until = body.len() * slot / slots;
            for line in &body[next..until] {
                text.push_str(line);
                text.push_str("\n\n");
            }
            next = until;
        } else if !page.title.is_empty() && squeezed(line) == squeezed(&page.title) {
            text.push_str(&other.title);
            text.push('\n');
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// Which lines of the page are lines of its story; none where less than seven tenths of the story is found.
fn own_lines(page: &Page) -> Option<Vec<bool>> {
    let truth: Vec<String> = lines(&page.body).into_iter().map(squeezed).collect();
    let own: Vec<bool> = page
        .text
        .lines()
        .map(|line| {
            let line = squeezed(line);
            line.len() >= 3
                && truth
                    .iter()
                    .any(|own| *own == line || line.len() > 60 && own.contains(&line))
        })
        .collect();
    let found: usize = page
        .text
        .lines()
        .zip(&own)
        .filter(|(_, own)| **own)
        .map(|(line, _)| squeezed(line).len())
        .sum();
    let whole: usize = truth.iter().map(String::len).sum();
    (found * 10 >= whole * 7 && own.iter().filter(|own| **own).count() >= 3).then_some(own)
}

fn transplanted(pages: &[Page]) {
    let bodies: Vec<&Page> = pages
        .iter()
        .filter(|page| lines(&page.body).len() >= 4)
        .collect();
    let mut scores: BTreeMap<usize, Score> = BTreeMap::new();
    for (number, page) in pages.iter().enumerate() {
        let Some(own) = own_lines(page) else { continue };
        let made: Vec<(String, String)> = (0..BODIES)
            .map(|n| bodies[(number * 7 + n * 3 + 1) % bodies.len()])
            .map(|other| (transplant(page, &own, other), lines(&other.body).join("\n")))
            .collect();
        let told: Vec<Observation> = made.iter().filter_map(|(text, _)| cold(text)).collect();
        for known in KNOWN {
            for (at, (text, truth)) in made.iter().enumerate() {
                let mut with = vec![told[at % told.len()].clone()];
                with.extend((1..=known).map(|next| told[(at + next) % told.len()].clone()));
                let furniture = Arc::new(learn(&with));
                let score = scores.entry(known).or_default();
                score.marked += with[0]
                    .keys
                    .iter()
                    .filter(|key| furniture.contains(**key))
                    .count();
                score.add(truth, &hot(text, &furniture).0);
            }
        }
    }
    for (known, score) in scores {
        score.tell(&format!("transplanted, {known} known"));
    }
}

fn real(pages: &[Page]) {
    let mut sites: BTreeMap<&str, Vec<&Page>> = BTreeMap::new();
    for page in pages {
        sites.entry(&page.site).or_default().push(page);
    }
    for form in ["text", "html"] {
        let mut scores: BTreeMap<usize, Score> = BTreeMap::new();
        for site in sites.values().filter(|site| site.len() >= AFTER) {
            let inputs: Vec<&str> = site
                .iter()
                .map(|page| match (form, &page.html) {
                    ("html", Some(html)) => html.as_str(),
                    _ => page.text.as_str(),
                })
                .collect();
            let told: Vec<Observation> = inputs
                .iter()
                .map(|text| cold(text).unwrap_or_default())
                .collect();
            for known in KNOWN.into_iter().filter(|known| *known < site.len().max(5)) {
                for (at, page) in site.iter().enumerate() {
                    let with: Vec<Observation> = (0..=known.min(site.len() - 1))
                        .map(|next| told[(at + next) % told.len()].clone())
                        .collect();
                    let furniture = Arc::new(learn(&with));
                    let score = scores.entry(known).or_default();
                    score.marked += with[0]
                        .keys
                        .iter()
                        .filter(|key| furniture.contains(**key))
                        .count();
                    let found = hot(inputs[at], &furniture).0;
                    if std::env::var_os("FURNITURE_TELL").is_some() {
                        tell_lost(page, &hot(inputs[at], &Arc::default()).0, &found);
                    }
                    score.add(&page.body, &found);
                }
            }
        }
        for (known, score) in scores {
            score.tell(&format!("real pages as {form}, {known} known"));
        }
    }
}

/// Prints the paragraphs of the story that are lost by what is known.
fn tell_lost(page: &Page, before: &str, after: &str) {
    let truth = squeezed(&page.body);
    for line in lines(before) {
        if !after.contains(line) && truth.contains(&squeezed(line)) {
            println!("    lost of {}: {line}", page.id);
        }
    }
    for line in lines(after) {
        if !before.contains(line) && truth.contains(&squeezed(line)) {
            println!("    won of {}: {line}", page.id);
        }
    }
}

/// Takes stories without furniture for articles of one source; what is cut then is lost.
fn lost(path: &Path) {
    let Ok(text) = std::fs::read_to_string(path) else {
        return;
    };
    let stories: Vec<String> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|story| story["text"].as_str().map(str::to_owned))
        .take(20_000)
        .collect();
    let told: Vec<Observation> = stories
        .iter()
        .map(|text| cold(text).unwrap_or_default())
        .collect();
    let furniture = Arc::new(learn(&told));
    let (mut concerned, mut bytes, mut all) = (0, 0, 0);
    let mut shown = 0;
    for text in &stories {
        let (before, after) = (hot(text, &Arc::default()).0, hot(text, &furniture).0);
        all += before.len();
        if before != after {
            concerned += 1;
            bytes += before.len().saturating_sub(after.len());
            for line in lines(&before)
                .into_iter()
                .filter(|line| !after.contains(line))
            {
                shown += 1;
                if shown % 23 == 1 && shown < 1_500 {
                    println!("    cut: {}", line.chars().take(140).collect::<String>());
                }
            }
        }
    }
    println!(
        "  {}: {} stories, in {concerned} something is cut, {:.3} % of all text",
        path.display(),
        stories.len(),
        100.0 * bytes as f64 / all.max(1) as f64
    );
}
