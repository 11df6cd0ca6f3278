//! `cargo bench --bench duplicates -- FOLDER`: how well copies are told from new texts, on the development data.
//!
//! The store's index is played in memory. Each pair is judged by a model that was learnt without either of its clusters;
//! behind the folder `write` learns from all pairs and writes the weights. `reach` only looks for candidates in several
//! ways, `speed` only takes the time; `seed=WORD` parts the clusters otherwise.

#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::needless_range_loop,
    dead_code,
    reason = "counts become measures, and measures are printed for people; benches share files"
)]

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};

use copydesk::article::duplicate::candidates::Limits;
use copydesk::article::duplicate::{self, Between, Comparison, Model, Reading, families};

mod index;
mod learn;
mod report;
mod score;
mod sets;

use index::{Found, Index, Prints, Scheme};
use learn::Row;
use sets::Set;

/// The sets, and what all pairs of one weigh together.
const SETS: [(&str, f32); 4] = [
    ("reuters_nd", 1.0),
    ("abp_nd", 1.0),
    ("wire", 1.0),
    ("mccormick", 0.1),
];

/// Thresholds to choose among.
const SWEEP: [f32; 6] = [2.0, 2.5, 3.0, 3.5, 4.0, 5.0];

/// What the store does.
const SCHEME: Scheme = Scheme {
    prints: Prints::Sample(12),
    limits: Limits::STORE,
    covered: 0.9,
};

/// What else it could do, as `reach` compares them.
const OTHERS: [Scheme; 6] = [
    SCHEME,
    with(Prints::Sample(12), 0, 12),
    with(Prints::Sample(12), 8, 20),
    with(Prints::Window(16), 0, 12),
    with(Prints::Window(24), 0, 12),
    with(Prints::Window(24), 8, 12),
];

const fn with(prints: Prints, alone: usize, most: usize) -> Scheme {
    let limits = Limits {
        holders: 64,
        alone,
        most,
    };
    Scheme {
        prints,
        limits,
        ..SCHEME
    }
}

/// The most that one pair weighs.
const WEIGHT_MAX: f32 = 30.0;
/// How much more a copy of a report weighs that many others fill the same form with: they are few, and a form must not
/// be enough to tell them apart.
const FORM_WEIGHT: f32 = 12.0;

/// The CPU time of this thread: others use the machine too.
fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).expect("positive"),
        u32::try_from(time.tv_nsec).expect("below a second"),
    )
}

/// A set with its texts read and its candidates found.
pub(crate) struct Played {
    set: Set,
    readings: Vec<Reading>,
    found: Vec<Found>,
}

fn play(set: Set, scheme: Scheme) -> Played {
    let began = cpu();
    let readings: Vec<Reading> = set
        .docs
        .iter()
        .map(|doc| Reading::of(Some(&doc.title), &doc.text))
        .collect();
    let read = cpu().saturating_sub(began);
    let mut index = Index::new(scheme);
    let find = |(at, reading): (usize, &Reading)| {
        let found = index.find(reading);
        index.add(at, &found.prints, &[]);
        found
    };
    let all: Vec<Found> = readings.iter().enumerate().map(find).collect();
    let words: usize = readings.iter().map(Reading::len).sum();
    let count = readings.len();
    let candidates: usize = all.iter().map(|it| it.candidates.len()).sum();
    println!(
        "{}: {count} texts of {} words, {:.1} us to read each; {:.1} prints, {:.2} candidates",
        set.name,
        words / count,
        read.as_secs_f64() * 1e6 / count as f64,
        index.prints as f64 / count as f64,
        candidates as f64 / count as f64,
    );
    Played {
        set,
        readings,
        found: all,
    }
}

impl Played {
    fn between<'a>(&self, a: usize, b: usize, common: &'a [u64]) -> Between<'a> {
        let (a, b) = (&self.set.docs[a], &self.set.docs[b]);
        Between {
            hours_apart: a.hours.zip(b.hours).map(|(a, b)| (a - b).abs() as f32),
            same_source: !a.source.is_empty() && a.source == b.source,
            common,
        }
    }

    fn is_same(&self, a: usize, b: usize) -> bool {
        self.set.docs[a].cluster == self.set.docs[b].cluster
    }

    /// All pairs of candidates, the earlier one second, and how good candidates they are.
    fn edges(&self) -> impl Iterator<Item = (usize, usize)> {
        let found = self.found.iter().enumerate();
        found.flat_map(|(at, found)| found.candidates.iter().map(move |other| (at, *other)))
    }

    fn ignored(&self) -> HashSet<(usize, usize)> {
        let pairs = self.set.pairs.iter().filter(|it| it.label == "ignore");
        pairs.map(|it| (it.a.max(it.b), it.a.min(it.b))).collect()
    }

    /// Which pairs of one cluster are linked by candidates.
    fn print_reach(&self) {
        let mut roots: Vec<usize> = (0..self.set.docs.len()).collect();
        let mut direct = HashSet::new();
        for (a, b) in self.edges() {
            if self.is_same(a, b) {
                direct.insert((a, b));
                let (a, b) = (root(&mut roots, a), root(&mut roots, b));
                roots[a.max(b)] = a.min(b);
            }
        }
        let mut clusters: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, doc) in self.set.docs.iter().enumerate() {
            clusters.entry(&doc.cluster).or_default().push(at);
        }
        let (mut all, mut linked, mut connected) = (0usize, 0usize, 0usize);
        for members in clusters.values() {
            for (n, b) in members.iter().enumerate() {
                for a in &members[n + 1..] {
                    all += 1;
                    linked += usize::from(direct.contains(&(*a.max(b), *a.min(b))));
                    connected += usize::from(root(&mut roots, *a) == root(&mut roots, *b));
                }
            }
        }
        println!(
            "  reach: {connected}/{all} = {:.4} connected, {:.4} direct",
            connected as f64 / all as f64,
            linked as f64 / all as f64
        );
    }

    fn rows(&self, weight: f32) -> Vec<Row> {
        let ignored = self.ignored();
        let mut pairs: Vec<(usize, usize)> = self.edges().collect();
        let listed = self.set.pairs.iter();
        pairs.extend(listed.map(|it| (it.a.max(it.b), it.a.min(it.b))));
        pairs.sort_unstable();
        pairs.dedup();
        let hard = |at: usize| matches!(self.set.docs[at].level.as_str(), "L4" | "L5");
        pairs.retain(|(a, b)| {
            let is_same = self.is_same(*a, *b);
            !(ignored.contains(&(*a, *b)) || is_same && (hard(*a) || hard(*b)))
        });
        let same = pairs.iter().filter(|(a, b)| self.is_same(*a, *b)).count();
        println!(
            "  {} pairs to learn from, {same} of them the same",
            pairs.len()
        );
        let is_form = |at: usize| self.set.docs[at].level == "tplcopy";
        let fold = |at: usize| learn::fold(&self.set.docs[at].cluster);
        pairs
            .iter()
            .map(|(a, b)| {
                let is_same = self.is_same(*a, *b);
                let count = if is_same { same } else { pairs.len() - same };
                Row {
                    signs: duplicate::signs(
                        &self.readings[*a],
                        &self.readings[*b],
                        &self.between(*a, *b, &self.found[*a].common),
                    ),
                    is_same,
                    weight: (weight * 10_000.0 / count as f32).min(WEIGHT_MAX)
                        * if is_same && (is_form(*a) || is_form(*b)) {
                            FORM_WEIGHT
                        } else {
                            1.0
                        },
                    folds: [fold(*a), fold(*b)],
                }
            })
            .collect()
    }
}

fn root(roots: &mut [usize], mut at: usize) -> usize {
    while roots[at] != at {
        roots[at] = roots[roots[at]];
        at = roots[at];
    }
    at
}

/// Everything judged.
pub(crate) struct Judged {
    comparisons: HashMap<(usize, usize), Comparison>,
    families: Vec<usize>,
    /// Ties that joined.
    joins: Vec<(usize, usize)>,
    /// Prints indexed a text.
    indexed: f64,
}

/// Which strong ties join families.
#[derive(Clone, Copy, PartialEq)]
enum Joining {
    /// As the store does it.
    Guarded,
    /// All.
    Every,
}

fn judge(played: &Played, models: &[Model], joining: Joining) -> Judged {
    let mut index = Index::new(SCHEME);
    let mut judged = Judged {
        comparisons: HashMap::new(),
        families: (0..played.set.docs.len()).collect(),
        joins: Vec::new(),
        indexed: 0.0,
    };
    for (at, reading) in played.readings.iter().enumerate() {
        let Found {
            prints,
            candidates: others,
            common,
        } = index.find(reading);
        let model = &models[learn::fold(&played.set.docs[at].cluster)];
        let ties: Vec<Comparison> = others
            .iter()
            .map(|other| {
                let between = played.between(at, *other, &common);
                duplicate::compare_by(model, reading, &played.readings[*other], &between)
            })
            .collect();
        let refs: Vec<&Comparison> = ties.iter().collect();
        let guarded = families::joining(&refs);
        let strong = ties
            .iter()
            .map(|it| it.tie.is_strong() && joining == Joining::Every);
        for ((other, joins), strong) in others.iter().zip(guarded).zip(strong) {
            let joins = joins || strong;
            if joins {
                judged.joins.push((at, *other));
                let (a, b) = (
                    root(&mut judged.families, at),
                    root(&mut judged.families, *other),
                );
                judged.families[a.max(b)] = a.min(b);
            }
        }
        index.add(at, &prints, &ties);
        for (other, tie) in others.into_iter().zip(ties) {
            judged.comparisons.insert((at, other), tie);
        }
    }
    judged.indexed = index.indexed as f64 / played.readings.len() as f64;
    for at in 0..judged.families.len() {
        judged.families[at] = root(&mut judged.families, at);
    }
    judged
}

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| arg != "--bench")
        .collect();
    let folder = Path::new(args.first().expect("a folder of sets"));
    if let Some(seed) = args.iter().find_map(|arg| arg.strip_prefix("seed=")) {
        learn::SEED.set(seed.to_owned()).expect("one seed");
    }
    if args.iter().any(|arg| arg == "reach") {
        for scheme in OTHERS {
            println!("{scheme:?}");
            for (name, _) in SETS {
                play(sets::read(folder, name), scheme).print_reach();
            }
        }
        return;
    }
    if args.iter().any(|arg| arg == "speed") {
        speed(&sets::read(folder, "wire"));
        return;
    }
    let mut rows = Vec::new();
    let mut all = Vec::new();
    for (name, weight) in SETS {
        let played = play(sets::read(folder, name), SCHEME);
        played.print_reach();
        let began = cpu();
        let own = played.rows(weight);
        println!(
            "  {:.1} us a pair",
            cpu().saturating_sub(began).as_secs_f64() * 1e6 / own.len() as f64
        );
        rows.extend(own);
        all.push(played);
    }
    let began = Instant::now();
    let models = learn::learn(&rows);
    println!("learnt in {:.0?}", began.elapsed());
    let mut read = learn::read(&models);
    for same_min in SWEEP {
        read = read
            .into_iter()
            .map(|it| it.with_threshold(same_min))
            .collect();
        println!("-- from log-odds {same_min}");
        for played in &all {
            let judged = judge(played, &read, Joining::Guarded);
            report::score(played, &judged);
        }
    }
    read = learn::read(&models);
    for played in &all {
        let judged = judge(played, &read, Joining::Guarded);
        report::score(played, &judged);
        report::ties(played, &judged);
        report::errors(played, &judged);
    }
    println!("-- if every strong tie joined");
    for played in &all {
        report::score(played, &judge(played, &read, Joining::Every));
    }
    if args.iter().any(|arg| arg == "write") {
        write(models.last().expect("a model of all"));
    }
}

/// What reading a text of 700 words and comparing a pair cost, with nothing kept.
fn speed(set: &Set) {
    let docs: Vec<&sets::Doc> = set
        .docs
        .iter()
        .filter(|doc| (3900..4700).contains(&doc.text.len()))
        .take(400)
        .collect();
    let of = |doc: &&sets::Doc| Reading::of(Some(&doc.title), &doc.text);
    let each =
        |began: Duration| cpu().saturating_sub(began).as_secs_f64() * 1e6 / docs.len() as f64;
    for _ in 0..3 {
        let began = cpu();
        let words: usize = docs.iter().map(|doc| of(doc).len()).sum();
        let read = each(began);
        let readings: Vec<Reading> = docs.iter().map(of).collect();
        let began = cpu();
        let compare = |a, b| {
            duplicate::compare(a, b, &Between::default())
                .tie
                .is_strong()
        };
        let strong = readings
            .windows(2)
            .filter(|pair| compare(&pair[0], &pair[1]))
            .count();
        println!(
            "{} words: {read:.1} us to read one, {:.1} us to compare two; {strong} strong",
            words / docs.len(),
            each(began),
        );
    }
}

fn write(weights: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/article/duplicate/weights");
    let digest = blake3::hash(weights).to_hex().to_string() + "\n";
    std::fs::write(folder.join("pairs.forest"), weights).expect("written");
    std::fs::write(folder.join("pairs.blake3"), digest).expect("written");
}
