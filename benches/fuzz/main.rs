//! `cargo bench --bench fuzz -- SECONDS [--target NAME] [--seed N]`: edits inputs nobody would write for as long as it is
//! told, one after the other, and holds each outcome to its promises.
//!
//! A target is `any` (`inputs.rs`: bytes, markup and splices of the fixtures, edited as they are), the name of a format or
//! of a layer (`seeds/NAME`: invented documents, changed as `mutations.rs` says, taken apart and edited), or `sniff`, which
//! mixes the seeds of all. Without a name all of them share the time.
//!
//! Every input follows from its target and a number alone. One that breaks a promise, panics, takes two seconds or too
//! much memory is kept as `target/fuzz/TARGET-NUMBER.input`; `--seed NUMBER` begins with it. A death that cannot be caught
//! (the stack, memory) shows by the last number that was told.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints rates for people"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

mod inputs;
mod members;
mod memory;
mod mutations;
mod promises;
mod seeds;

use members::Outcome;
use seeds::Target;

#[global_allocator]
static COUNTING: memory::Counting = memory::Counting;

/// Longest an input of some kilobytes may take; a usual one takes a tenth of a millisecond. For each article in it there is
/// a little more.
const SLOW: Duration = Duration::from_secs(2);
const SLOW_EACH: Duration = Duration::from_millis(1);
/// Most memory an input may take. The bounds it is taken apart with allow members of 1 MiB.
const MEMORY_MAX: usize = 128 << 20;
/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_secs(30);
/// How many failures of a target are told.
const TOLD_MAX: usize = 20;

/// What is asked for.
struct Wanted {
    seconds: u64,
    target: Option<String>,
    first: u64,
}

fn main() {
    let Some(wanted) = wanted() else {
        println!("cargo bench --bench fuzz -- SECONDS [--target NAME] [--seed N]");
        return;
    };
    let fixtures = inputs::fixtures();
    let targets = seeds::targets();
    let is_wanted = |name: &str| wanted.target.as_deref().is_none_or(|only| only == name);
    let several: Vec<&Target> = targets
        .iter()
        .filter(|target| is_wanted(&target.name))
        .collect();
    let count = several.len() + usize::from(is_wanted("any"));
    assert!(count > 0, "no such target");
    let time = Duration::from_secs(wanted.seconds) / u32::try_from(count).expect("few");
    println!(
        "target                inputs  a second   bytes   articles  longest ms (number)  largest MB  failures"
    );
    let mut failures = 0;
    if is_wanted("any") {
        let hold = |number, input: &[u8]| {
            let names = [None, Some("a.txt"), Some("a.html")];
            let name = names[usize::try_from(number % 3).expect("small")];
            promises::hold(input, name).map(|articles| Outcome {
                articles,
                members: articles,
            })
        };
        let input = |number| (inputs::input(number, &fixtures), ());
        failures += run("any", wanted.first, time, input, |number, input, ()| {
            hold(number, input)
        });
    }
    for target in several {
        let input = |number| mutations::input(&mut fastrand::Rng::with_seed(number), target);
        failures += run(
            &target.name,
            wanted.first,
            time,
            input,
            |number, input, name| {
                let skip = (number % 8 == 0).then_some(number / 8);
                members::hold(input, name, skip)
            },
        );
    }
    assert_eq!(failures, 0, "failures");
}

fn wanted() -> Option<Wanted> {
    let mut wanted = Wanted {
        seconds: 0,
        target: None,
        first: 0,
    };
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--target" => wanted.target = Some(args.next()?),
            "--seed" => wanted.first = args.next()?.parse().ok()?,
            seconds => wanted.seconds = seconds.parse().ok()?,
        }
    }
    (wanted.seconds > 0).then_some(wanted)
}

/// Holds inputs to their promises for so long and prints what came of them; how many failed.
fn run<X>(
    target: &str,
    first: u64,
    time: Duration,
    make: impl Fn(u64) -> (Vec<u8>, X),
    hold: impl Fn(u64, &[u8], X) -> Result<Outcome, String>,
) -> usize {
    let (began, mut told) = (Instant::now(), Instant::now());
    let (mut number, mut bytes, mut longest, mut largest) = (first, 0, (Duration::ZERO, first), 0);
    let (mut articles, mut failures) = (0, 0);
    while began.elapsed() < time {
        let (input, named) = make(number);
        bytes += input.len();
        let started = cpu_time();
        let (mut outcome, peak) = memory::peak_of(|| {
            catch_unwind(AssertUnwindSafe(|| hold(number, &input, named)))
                .unwrap_or_else(|_| Err("it panicked".to_owned()))
        });
        let took = cpu_time().saturating_sub(started);
        longest = longest.max((took, number));
        largest = largest.max(peak);
        let members = outcome.as_ref().map_or(0, |outcome| outcome.members);
        if took > SLOW + SLOW_EACH * u32::try_from(members).expect("few") {
            outcome = outcome.and(Err(format!("it took {:.1} s", took.as_secs_f64())));
        }
        if peak > MEMORY_MAX {
            outcome = outcome.and(Err(format!("it took {} MB", peak >> 20)));
        }
        match outcome {
            Ok(outcome) => articles += outcome.articles,
            Err(why) => {
                failures += 1;
                if failures <= TOLD_MAX {
                    println!("{target} {number}: {why}: {}", keep(target, number, &input));
                }
            }
        }
        number += 1;
        if told.elapsed() > TELL_EVERY {
            told = Instant::now();
            println!("{target}: {number} is next");
        }
    }
    let inputs = number - first;
    println!(
        "{target:<20} {inputs:>7} {:>9.0} {:>7.0} {articles:>10} {:>11.1} ({:>6}) {:>11.1} {failures:>9}",
        inputs as f64 / began.elapsed().as_secs_f64(),
        bytes as f64 / inputs.max(1) as f64,
        longest.0.as_secs_f64() * 1e3,
        longest.1,
        largest as f64 / f64::from(1 << 20),
    );
    failures
}

/// What this thread has used of the processor so far: others on the machine do not count.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("a clock that started at zero")
}

/// Keeps an input and says where.
fn keep(target: &str, number: u64, input: &[u8]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
    let path = folder.join(format!("{target}-{number}.input"));
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&path, input))
        .expect("kept");
    path.display().to_string()
}
