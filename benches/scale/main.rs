//! `cargo bench --bench scale -- [SIZES] [--svg FILE] [--peer PYTHON] [--write FILE]`: how fast articles of some 650 words are
//! recorded and judged, and how that changes as the store grows.
//!
//! Articles are made up and edited by threads of their own, and recorded as the desk does, 500 in a transaction, with prints
//! moved and texts judged again between two. A size (10000 and 100000 where none is given) is measured over the last 20,000
//! articles before it, or its second half; sizes between 1,000 and the last are measured too, for the plot that `--svg` writes.
//! `--peer` has `peer.py` time others over the first 10,000 articles afterwards; `--write` only writes these to a file, one a
//! line.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "a benchmark prints rates for people"
)]

mod articles;
#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "articles of its own")]
mod common;
mod desk;
mod figures;
mod plot;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use copydesk::store::{Make, Store};

use articles::World;
use desk::{BATCH, Desk};
use figures::{Point, Window};

/// Articles a size is measured over at most.
const WINDOW: usize = 20_000;
/// Articles that `--write` writes.
const WRITTEN: u64 = 10_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1).map(PathBuf::from)
    };
    let world = Arc::new(World::new());
    if let Some(file) = option("--write") {
        return write(&world, &file);
    }
    let mut sizes: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    let most = sizes.iter().copied().max().unwrap_or_default();
    let series = (3..9).flat_map(|power| [1, 2, 5].map(|n| n * 10usize.pow(power)));
    sizes.extend(series.filter(|size| *size < most));
    sizes.sort_unstable();
    sizes.dedup();
    let folder = tempfile::Builder::new()
        .prefix("scale-")
        .tempdir_in(concat!(env!("CARGO_MANIFEST_DIR"), "/target"))
        .expect("a folder");
    run(&world, &sizes, folder.path(), option("--svg").as_deref());
    if let Some(python) = option("--peer") {
        time_peers(&world, &python, &folder.path().join("articles.txt"));
    }
}

/// Records articles up to the last size, and tells of each; what is known so far is drawn anew each time.
fn run(world: &Arc<World>, sizes: &[usize], folder: &Path, svg: Option<&Path>) {
    let most = sizes.last().copied().unwrap_or_default();
    let threads =
        std::thread::available_parallelism().map_or(1, |all| all.get().saturating_sub(1).max(1));
    let batches = (most / BATCH) as u64;
    let store = Store::open(&folder.join("scale.sqlite"), Make::IfNew).expect("a store");
    let desk = Desk::new(store);
    let edited = desk::edit(world, batches, threads);
    let began = Instant::now();
    println!("{}", figures::HEAD);
    let mut points: Vec<Point> = Vec::new();
    let mut window = Window::default();
    for batch in 0..batches {
        let works = edited[batch as usize % threads].recv().expect("edited");
        desk.turn(batch, works, &mut window);
        let done = (batch as usize + 1) * BATCH;
        if sizes.contains(&done) {
            points.push(window.tell(done, &desk.store));
            if let Some(file) = svg {
                std::fs::write(file, plot::svg(&points)).expect("written");
            }
        }
        if sizes
            .iter()
            .any(|size| size - (size / 2).min(WINDOW) == done)
        {
            window = Window::default();
        }
    }
    figures::tell_tables(&desk.store, most);
    println!(
        "\n{most} articles in {:.0} s, edited and measured",
        began.elapsed().as_secs_f64()
    );
}

/// Has others take in the articles that were written for them.
fn time_peers(world: &World, python: &Path, file: &Path) {
    write(world, file);
    let status = Command::new(python)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/benches/scale/peer.py"
        ))
        .arg(file)
        .status();
    assert!(status.expect("started").success(), "timed");
}

/// Writes articles for others, one a line.
fn write(world: &World, file: &Path) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).expect("a file"));
    for number in 0..WRITTEN {
        let words = world.article(number);
        let words: Vec<&str> = words.split_whitespace().collect();
        writeln!(out, "{}", words.join(" ")).expect("written");
    }
    out.flush().expect("written");
    println!("{WRITTEN} articles written to {}", file.display());
}
