//! `cargo bench --bench fuzz -- SECONDS [--seed N]`: edits inputs nobody would write for as long as it is told, one after
//! the other, and holds each outcome to its promises.
//!
//! Every input follows from a number alone. One that breaks a promise, panics, or takes a second is kept as
//! `target/fuzz/NUMBER.input`; `--seed NUMBER` begins with it. A death that cannot be caught (the stack, memory) shows by
//! the last number that was told.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints rates for people"
)]

use std::panic::catch_unwind;
use std::path::Path;
use std::time::{Duration, Instant};

mod inputs;
mod promises;

/// Longest an input of some kilobytes may take; a usual one takes a tenth of a millisecond.
const SLOW: Duration = Duration::from_secs(1);
/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_secs(30);

fn main() {
    let args: Vec<u64> = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let [seconds, ref seed @ ..] = args[..] else {
        println!("cargo bench --bench fuzz -- SECONDS [--seed N]");
        return;
    };
    let first = seed.first().copied().unwrap_or(0);
    let fixtures = inputs::fixtures();
    let (began, mut told) = (Instant::now(), Instant::now());
    let (mut number, mut bytes, mut longest) = (first, 0, (Duration::ZERO, first));
    let (mut articles, mut failures) = (0, 0);
    while began.elapsed() < Duration::from_secs(seconds) {
        let input = inputs::input(number, &fixtures);
        bytes += input.len();
        let name = [None, Some("a.txt"), Some("a.html")][(number % 3) as usize];
        let started = cpu_time();
        let mut held = catch_unwind(|| promises::hold(&input, name))
            .unwrap_or_else(|_| Err("it panicked".to_owned()));
        let took = cpu_time().saturating_sub(started);
        longest = longest.max((took, number));
        if took > SLOW {
            held = held.and(Err(format!("it took {:.1} s", took.as_secs_f64())));
        }
        match held {
            Ok(found) => articles += found,
            Err(why) => {
                failures += 1;
                println!("{number}: {why}: {}", keep(number, &input));
            }
        }
        number += 1;
        if told.elapsed() > TELL_EVERY {
            told = Instant::now();
            println!("{number} is next");
        }
    }
    let inputs = number - first;
    println!(
        "{inputs} inputs, {:.0} a second, {:.0} bytes each, longest {:.1} ms ({}): {articles} articles, {failures} failures",
        inputs as f64 / began.elapsed().as_secs_f64(),
        bytes as f64 / inputs.max(1) as f64,
        longest.0.as_secs_f64() * 1e3,
        longest.1
    );
    assert_eq!(failures, 0, "failures");
}

/// What this thread has used of the processor so far: others on the machine do not count.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("a clock that started at zero")
}

/// Keeps an input and says where.
fn keep(number: u64, input: &[u8]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
    let path = folder.join(format!("{number}.input"));
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&path, input))
        .expect("kept");
    path.display().to_string()
}
