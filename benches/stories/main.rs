//! `cargo bench --bench stories -- FOLDER`: how well articles about one event are found, and what it costs.
//!
//! FOLDER holds `allsides_story.jsonl`, `basil.jsonl`, `ecb_story.jsonl` (`{id, text, title, date, cluster}`, labelled) and,
//! to learn how rare words are, `abp_nd.jsonl`, `reuters_nd.jsonl`, `mccormick.jsonl`. Printed are precision, recall and F1
//! over pairs of articles:
//!
//! * cross-validated: words from texts that are not in the labelled sets, weights and thresholds from clusters of the other
//!   four folds; each article's pairs are counted under the thresholds of its fold.
//! * by average linkage: the same strengths, grouped by the best clustering tried, which no insertion could keep up with.
//! * shipped: what is compiled in. Having been learnt from the same sets it flatters itself by a little.
//!
//! An article without a date has none; all arrive at once. `learn` behind the folder writes the shipped words and weights:
//! one thread, no chance, so the same folder gives the same files. FOLDERS named behind that hold other labelled sets, to
//! be measured as shipped.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints rates for people"
)]

mod linkage;
mod measure;
mod regression;
mod sets;

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use copydesk::article::theme::Theme;
use copydesk::article::theme::rarity::Rarity;
use copydesk::stories::{
    Entry, FAINT, Item, Link, Weights, crowd, features, group, group_linked, link, near, seat,
    settle, strength,
};

use measure::Measure;
use regression::{Row, fit};
use sets::{FOLDS, LABELLED, Set};

/// What a pair of each labelled set counts in learning: of basil there are few, and it must not drown.
const COUNTS: [f64; LABELLED.len()] = [1.0, 4.0, 1.0];

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| arg != "--bench")
        .collect();
    let Some(folder) = args.first().map(Path::new) else {
        println!("no folder of labelled articles was named: nothing is measured");
        return;
    };
    let learns = args.iter().any(|arg| arg == "learn");
    let labelled = LABELLED.map(|name| Set::read(folder, name));
    let outside = sets::rarity(folder, Some(&labelled));
    let lesson = Lesson::new(&labelled, &outside);
    cross_validate(&lesson, &labelled, &outside);
    if learns {
        write(&Lesson::new(&labelled, &sets::rarity(folder, None)), folder);
        return;
    }
    let others = args
        .iter()
        .skip(1)
        .map(Path::new)
        .filter(|arg| arg.is_dir());
    for folder in std::iter::once(folder).chain(others) {
        println!("\nshipped, {}", folder.display());
        for set in LABELLED.map(|name| Set::read(folder, name)) {
            let items = set.items(Rarity::shipped(), 1);
            Measure::of(&set.clusters(), &group(&items)).print(set.name);
        }
    }
    cost(folder);
}

/// Pairs of the labelled sets with their features.
struct Lesson {
    sets: Vec<Pairs>,
}

/// The pairs of one set.
struct Pairs {
    rows: Vec<(usize, usize, Row)>,
    /// The same articles as if they had no dates: more pairs to learn what can be said without.
    hidden: Vec<(usize, usize, Row)>,
    items: Vec<Item>,
    clusters: Vec<String>,
    folds: Vec<usize>,
}

impl Pairs {
    fn new(set: &Set, items: Vec<Item>, counts: f64) -> Self {
        let clusters = set.clusters();
        let row = |(a, b): (usize, usize), left, right| {
            let features = features(left, right)?;
            let same = clusters[a] == clusters[b];
            let row = Row {
                features,
                same,
                counts,
            };
            Some((a, b, row))
        };
        let rows = near(&items).into_iter();
        let rows = rows.filter_map(|(a, b)| row((a, b), &items[a], &items[b]));
        let mut undated = items.clone();
        for item in &mut undated {
            item.published_ms = None;
        }
        let dated = |at: usize| items[at].published_ms.is_some();
        // Only the large set has topics that come back. In turn the one's date is hidden, the other's, and both.
        let hidden = near(&undated).into_iter();
        let hidden = hidden.filter(|(a, b)| set.name == LABELLED[0] && dated(*a) && dated(*b));
        let hidden = hidden.filter_map(|(a, b)| match (a + b) % 3 {
            0 => row((a, b), &undated[a], &items[b]),
            1 => row((a, b), &items[a], &undated[b]),
            _ => row((a, b), &undated[a], &undated[b]),
        });
        Self {
            rows: rows.collect(),
            hidden: hidden.collect(),
            folds: set.folds(),
            clusters: clusters.clone(),
            items,
        }
    }

    /// Links of all pairs, each by weights that were learnt without the folds of its articles.
    fn links(&self, weights: &[Weights]) -> Vec<Link> {
        let link = |(a, b, row): &(usize, usize, Row)| {
            let by = |at: usize| strength(&row.features, &weights[self.folds[at]]);
            Link {
                a: *a,
                b: *b,
                strength: f32::midpoint(by(*a), by(*b)),
            }
        };
        let links = self.rows.iter().map(link);
        links.filter(|link| link.strength > FAINT).collect()
    }

    /// The groups where thresholds are so much higher than those that are shipped.
    fn group(&self, links: &[Link], higher: f32) -> Vec<usize> {
        let entry = |(item, raise): (&Item, f32)| Entry {
            rank: item.rank(),
            raise: raise + higher,
            seat: None,
        };
        let entries: Vec<Entry> = self
            .items
            .iter()
            .zip(crowd(&self.items))
            .map(entry)
            .collect();
        settle(&entries, &seat(&entries, links), links)
    }
}

impl Lesson {
    fn new(labelled: &[Set], rarity: &Rarity) -> Self {
        let sets = labelled.iter().zip(COUNTS);
        Self {
            sets: sets
                .map(|(set, counts)| Pairs::new(set, set.items(rarity, 1), counts))
                .collect(),
        }
    }

    /// Weights from all folds but one; from all where none is named.
    fn learn(&self, but: Option<usize>) -> Weights {
        let rows: Vec<&Row> = self
            .sets
            .iter()
            .flat_map(|set| {
                let known = move |at: usize| Some(set.folds[at]) != but;
                let rows = set.rows.iter().chain(&set.hidden);
                rows.filter(move |(a, b, _)| known(*a) && known(*b))
            })
            .map(|(_, _, row)| row)
            .collect();
        fit(&rows)
    }
}

/// Writes what is shipped.
fn write(lesson: &Lesson, folder: &Path) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rarity = sets::rarity(folder, None);
    let files = [
        (
            source.join("article/theme/words"),
            "rarity",
            rarity.to_bytes(),
        ),
        (
            source.join("stories/weights"),
            "tsv",
            lesson.learn(None).write().into_bytes(),
        ),
    ];
    for (path, ending, bytes) in files {
        let digest = blake3::hash(&bytes).to_hex().to_string() + "\n";
        std::fs::write(path.with_extension("blake3"), digest).expect("the digest is written");
        std::fs::write(path.with_extension(ending), &bytes).expect("the file is written");
        println!("{}.{ending}: {} bytes", path.display(), bytes.len());
    }
    println!("{} words", rarity.len());
}

fn cross_validate(lesson: &Lesson, labelled: &[Set; LABELLED.len()], rarity: &Rarity) {
    let weights: Vec<Weights> = (0..FOLDS).map(|fold| lesson.learn(Some(fold))).collect();
    let links: Vec<Vec<Link>> = lesson.sets.iter().map(|set| set.links(&weights)).collect();
    let grid: Vec<f32> = (-12..=12_i8).map(|step| f32::from(step) / 20.0).collect();
    let groups: Vec<Vec<Vec<usize>>> = grid
        .iter()
        .map(|higher| {
            let sets = lesson.sets.iter().zip(&links);
            sets.map(|(set, links)| set.group(links, *higher)).collect()
        })
        .collect();
    let part = |set: usize, at: usize, of: &dyn Fn(usize) -> bool| {
        let pairs = &lesson.sets[set];
        Measure::part(&pairs.clusters, &groups[at][set], |it| of(pairs.folds[it]))
    };
    let choose = |fold: usize| {
        let value = |at: usize| {
            let measure = |set| part(set, at, &|it| it != fold);
            let f1: f64 = (0..LABELLED.len()).map(|set| measure(set).f1()).sum();
            f1 - 10.0 * (sets::PRECISION_MIN - measure(0).precision()).max(0.0)
        };
        let best = (0..grid.len()).max_by(|a, b| value(*a).total_cmp(&value(*b)));
        best.expect("a grid")
    };
    let chosen: Vec<usize> = (0..FOLDS).map(choose).collect();
    let higher: Vec<f32> = chosen.iter().map(|at| grid[*at]).collect();
    println!("cross-validated, thresholds above the shipped: {higher:.2?}");
    for (at, set) in labelled.iter().enumerate() {
        let folds = (0..FOLDS).map(|fold| part(at, chosen[fold], &|it| it == fold));
        folds.sum::<Measure>().print(set.name);
    }
    println!("the same weights, the thresholds that are shipped");
    for (pairs, (set, links)) in lesson.sets.iter().zip(labelled.iter().zip(&links)) {
        Measure::of(&pairs.clusters, &pairs.group(links, 0.0)).print(set.name);
    }
    println!("the same weights, average linkage");
    for least in [0.5, 0.55] {
        for (pairs, (set, links)) in lesson.sets.iter().zip(labelled.iter().zip(&links)) {
            let heads = linkage::average(set.len(), links, least);
            Measure::of(&pairs.clusters, &heads).print(set.name);
        }
    }
    println!("the same weights, the largest set with so many days in each of its days");
    for days in [1, 3, 10, 30, 100, 10_000] {
        let pairs = Pairs::new(&labelled[0], labelled[0].items(rarity, days), 1.0);
        let heads = pairs.group(&pairs.links(&weights), 0.0);
        Measure::of(&pairs.clusters, &heads).print(&days.to_string());
    }
}

/// What themes and links cost where all the news there is arrives in one window.
fn cost(folder: &Path) {
    println!("\ncost, everything in one window");
    let texts: Vec<(Option<String>, String)> = sets::texts(folder);
    let began = cpu();
    let themes = texts
        .iter()
        .map(|(title, text)| Theme::of(title.as_deref(), text));
    let themes: Vec<Theme> = themes.collect();
    let each = |began: Duration| cpu().saturating_sub(began).as_nanos() / texts.len() as u128;
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    println!(
        "theme: {} ns an article of {} bytes",
        each(began),
        bytes / texts.len()
    );
    let kept: usize = themes.iter().map(|theme| theme.to_bytes().len()).sum();
    println!("kept: {} bytes", kept / texts.len());
    let items = sets::at_once(themes);
    let began = cpu();
    let pairs = near(&items);
    println!(
        "{} articles; {} compared with each: {} ns",
        items.len(),
        pairs.len() / items.len(),
        each(began)
    );
    let began = cpu();
    let strong = |(a, b): (usize, usize)| {
        let strength = link(&items[a], &items[b])?;
        Some(Link { a, b, strength })
    };
    let links: Vec<Link> = pairs.into_iter().filter_map(strong).collect();
    println!(
        "{:.1} links each: {} ns",
        links.len() as f64 / items.len() as f64,
        each(began)
    );
    let began = cpu();
    let heads = group_linked(&items, &links);
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    for head in heads {
        *sizes.entry(head).or_default() += 1;
    }
    println!(
        "seats: {} ns; {} stories, the largest of {}",
        each(began),
        sizes.len(),
        sizes.values().max().expect("a story")
    );
}

/// Processor time of this thread: others may be busy.
fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}
