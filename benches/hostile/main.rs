//! `cargo bench --bench hostile -- FOLDER [NAME…]` or `-- --made FOLDER [NAME…]`: inputs that were made to do harm.
//!
//! FOLDER has `make_hostile.py`, which writes them (with `--made` they are there already). Each is given to
//! `copydesk edit --json` under a name that keeps only its ending, so that no reason can be found in the name; what is
//! expected of each stands in `cases.rs`. Without names, all of them are then taken in at once between two good files, both
//! of which have to come into the record. Ends with exit code 1 if anything is not as expected.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a benchmark prints measures for people"
)]

mod cases;
#[path = "../common/child.rs"]
mod child;
mod judge;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use cases::CASES;
use child::Ran;

/// When a child is killed. Much more than an input may take, so that it shows how much it is too slow.
const PATIENCE: Duration = Duration::from_mins(5);
/// The same for all of them at once, in an unoptimised build too.
const PATIENCE_ALL: Duration = Duration::from_mins(15);

/// An invented story, recorded whatever lies beside it.
const GOOD: &str = "\
Harbour wall of Port Alder gives way after a night of storms

STANMERE, May 12 (Reuters) - The eastern wall of the harbour of Port Alder gave way on Monday after two nights of storms, and
forty fishing boats were moved to the river, the harbour master said.

Nobody was hurt. The wall was built in 1911 and had last been repaired nine years ago, Edda Lorn told reporters on the quay,
adding that the repair would take until the spring and cost more than the town earns from its harbour in a year.

The council will meet on Thursday to decide whether the ferry to Kellin, which lands at the eastern wall, can use the
river landing until then. Fishermen asked for the ice house to be opened at night.
";

fn main() -> ExitCode {
    let (folder, made, names) = wanted();
    let Some(folder) = folder else {
        println!("cargo bench --bench hostile -- [--made] FOLDER [NAME…]");
        return ExitCode::SUCCESS;
    };
    let workplace = tempfile::tempdir().expect("a folder");
    let inputs = if made {
        folder
    } else {
        make(&folder, &workplace.path().join("made"), &names)
    };
    let mut good = edit_all(&inputs, workplace.path(), &names);
    if names.is_empty() {
        good &= ingest_all(&inputs, workplace.path());
    }
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The folder, whether it holds the inputs themselves, and the names of those that are wanted.
fn wanted() -> (Option<PathBuf>, bool, Vec<String>) {
    let args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let (options, mut rest): (Vec<String>, Vec<String>) =
        args.partition(|arg| arg.starts_with("--"));
    let made = options.iter().any(|option| option == "--made");
    let folder = (!rest.is_empty()).then(|| PathBuf::from(rest.remove(0)));
    (folder, made, rest)
}

/// Has the inputs written.
fn make(folder: &Path, into: &Path, names: &[String]) -> PathBuf {
    let mut command = Command::new("python3");
    command.arg(folder.join("make_hostile.py")).arg(into);
    if !names.is_empty() {
        command.arg("--only").arg(names.join(","));
    }
    assert!(command.status().expect("python3").success(), "made");
    into.to_owned()
}

/// Edits one after the other; whether all went as expected.
fn edit_all(inputs: &Path, workplace: &Path, names: &[String]) -> bool {
    println!(
        "{:<27} {:>7} {:>6}  {:<4} {:<44} got",
        "case", "ms", "MB", "", "expected"
    );
    let (mut failed, mut seen) = (0, 0);
    let (mut slowest, mut largest) = ((Duration::ZERO, ""), (0, ""));
    for case in &CASES {
        let input = inputs.join(case.name);
        if !names.is_empty() && !names.iter().any(|name| name == case.name) {
            continue;
        }
        assert!(input.is_file(), "{} is not there", input.display());
        let ran = edit(&input, workplace);
        let faults = judge::faults(case, &ran);
        seen += 1;
        failed += usize::from(!faults.is_empty());
        slowest = slowest.max((ran.took, case.name));
        largest = largest.max((ran.peak_kb, case.name));
        println!(
            "{:<27} {:>7} {:>6.1}  {:<4} {:<44} {}",
            case.name,
            ran.took.as_millis(),
            mb(ran.peak_kb),
            if faults.is_empty() { "ok" } else { "FAIL" },
            judge::wanted(case),
            judge::got(&ran)
        );
        for fault in faults {
            println!("{:<27} {:>14}  {:<4} {fault}", "", "", "");
        }
    }
    for stranger in strangers(inputs) {
        println!("{stranger}: nothing is expected of it");
        failed += 1;
    }
    println!(
        "\n{} of {seen} as expected; longest {} ms ({}), largest {:.1} MB ({})",
        seen - failed.min(seen),
        slowest.0.as_millis(),
        slowest.1,
        mb(largest.0),
        largest.1
    );
    failed == 0
}

/// Edits a file under a name that says nothing but its ending.
fn edit(input: &Path, workplace: &Path) -> Ran {
    let name = input.file_name().and_then(|name| name.to_str());
    let ending = name
        .and_then(|name| name.split_once('.'))
        .expect("an ending");
    let folder = tempfile::tempdir_in(workplace).expect("a folder");
    let link = folder.path().join(format!("input.{}", ending.1));
    let whole = input.canonicalize().expect("a file");
    std::os::unix::fs::symlink(whole, &link).expect("a link");
    let mut command = child::copydesk("edit", workplace);
    let mut ran = child::run(command.arg(&link), PATIENCE);
    // The reason is what is said of the file, not where it lies.
    ran.stderr = ran.stderr.replace(&*link.to_string_lossy(), "input");
    ran
}

/// Inputs that are not in the table.
fn strangers(inputs: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(inputs).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name != "manifest.json" && name != "make_hostile.py")
        .filter(|name| CASES.iter().all(|case| case.name != name))
        .collect()
}

/// Takes all of them in between two good files; whether both good files are in the record afterwards. Of the time a minute
/// is spent on waiting whether the empty file is still being written.
fn ingest_all(inputs: &Path, workplace: &Path) -> bool {
    let (folder, store) = (workplace.join("in"), workplace.join("s.sqlite"));
    std::fs::create_dir(&folder).expect("made");
    for case in &CASES {
        std::fs::copy(inputs.join(case.name), folder.join(case.name)).expect("copied");
    }
    let good = ["000_first.txt", "zzz_last.txt"];
    for (name, place) in good.iter().zip(["Stanmere", "Kellin"]) {
        let text = format!("{GOOD}\nThe harbour office of {place} has more.\n");
        std::fs::write(folder.join(name), text).expect("written");
    }
    let mut command = child::copydesk("ingest", workplace);
    let ran = child::run(
        command.arg("--store").arg(&store).arg(&folder),
        PATIENCE_ALL,
    );
    let mut command = child::copydesk("export", workplace);
    let export = command.arg("--store").arg(&store).output().expect("run");
    let export = String::from_utf8_lossy(&export.stdout).into_owned();
    let recorded = good
        .iter()
        .filter(|name| export.contains(&format!("/in/{name}\"")))
        .count();
    println!(
        "\nall at once: {} files in {:.1} s, {:.1} MB, {}{} articles; good files recorded {recorded}/2",
        CASES.len() + good.len(),
        ran.took.as_secs_f64(),
        mb(ran.peak_kb),
        match (ran.late, ran.signal) {
            (true, _) => "killed as too slow, ".to_owned(),
            (false, Some(signal)) => format!("ended by signal {signal}, "),
            (false, None) => String::new(),
        },
        export.lines().count(),
    );
    for summary in &ran.objects {
        println!("{summary}");
    }
    for line in ran.stderr.lines().filter(|line| line.contains("panicked")) {
        println!("! {line}");
    }
    recorded == good.len() && !ran.late && ran.signal.is_none()
}

fn mb(kb: u64) -> f64 {
    kb as f64 / 1024.0
}
