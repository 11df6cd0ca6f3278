//! The built binary as a black box: run, timed, its memory watched, what it says on either side read as it comes.

use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

/// How often the memory of a child is looked at. What it grows by within its last two milliseconds is missed.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// Objects of an output that are kept; further ones are counted.
const OBJECTS_MAX: usize = 1_000;
/// Bytes of standard error that are kept.
const STDERR_MAX: usize = 1 << 20;

/// What became of a child.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    /// Exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
    /// Whether it had to be killed, since it took longer than allowed.
    pub(crate) late: bool,
    pub(crate) took: Duration,
    /// Highest resident memory (VmHWM), in kB.
    pub(crate) peak_kb: u64,
    /// The first lines of JSON it printed.
    pub(crate) objects: Vec<Value>,
    /// How many it printed.
    pub(crate) count: usize,
    /// Lines of standard output that are no JSON.
    pub(crate) garbage: usize,
    /// What it said on standard error.
    pub(crate) stderr: String,
    /// How many lines that is: one a refusal, where the exit code says that there are any.
    pub(crate) refusals: usize,
}

/// The binary with a verb, with `home` for the user's surroundings: no configuration of theirs is read.
pub(crate) fn copydesk(verb: &str, home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command
        .arg(verb)
        .arg("--json")
        .env_remove("XDG_RUNTIME_DIR")
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_DATA_HOME")
        .env("HOME", home)
        .env("COPYDESK_LOG", "warn");
    command
}

/// Runs a child to its end, or kills it when its time is up.
pub(crate) fn run(command: &mut Command, patience: Duration) -> Ran {
    let began = Instant::now();
    let mut watched = Watched::start(command);
    let mut late = false;
    let status = loop {
        if let Some(status) = watched.look() {
            break status;
        }
        if !late && began.elapsed() > patience {
            late = true;
            watched.kill();
        }
        std::thread::sleep(LOOK_EVERY);
    };
    let took = began.elapsed();
    Ran {
        code: status.code(),
        signal: status.signal(),
        late,
        took,
        ..watched.end()
    }
}

/// A child that is running, whose output is read by two threads.
#[derive(Debug)]
pub(crate) struct Watched {
    child: Child,
    peak_kb: u64,
    stdout: JoinHandle<(Vec<Value>, usize, usize)>,
    stderr: JoinHandle<(String, usize)>,
}

impl Watched {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let stdout = child.stdout.take().expect("piped");
        let stderr = child.stderr.take().expect("piped");
        Self {
            child,
            peak_kb: 0,
            stdout: std::thread::spawn(move || read_objects(stdout)),
            stderr: std::thread::spawn(move || read_text(stderr)),
        }
    }

    /// Looks at its memory; how it ended, if it has.
    pub(crate) fn look(&mut self) -> Option<std::process::ExitStatus> {
        self.peak_kb = self.peak_kb.max(peak_kb(self.child.id()));
        self.child.try_wait().expect("a child of ours")
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("a child of ours");
    }

    /// What it said and how large it grew, once it has ended.
    pub(crate) fn end(self) -> Ran {
        let (objects, count, garbage) = self.stdout.join().expect("read");
        let (stderr, refusals) = self.stderr.join().expect("read");
        Ran {
            peak_kb: self.peak_kb,
            objects,
            count,
            garbage,
            stderr,
            refusals,
            ..Ran::default()
        }
    }
}

/// The highest resident memory a process has had; 0 when it is gone.
fn peak_kb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok())
        .unwrap_or(0)
}

/// Reads JSON Lines as they come, so that a long output neither blocks the child nor fills this process.
fn read_objects(stdout: ChildStdout) -> (Vec<Value>, usize, usize) {
    let (mut objects, mut count, mut garbage) = (Vec::new(), 0, 0);
    let mut reader = BufReader::with_capacity(1 << 16, stdout);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).expect("read") > 0 {
        count += 1;
        if objects.len() < OBJECTS_MAX {
            match serde_json::from_slice(&line) {
                Ok(object) => objects.push(object),
                Err(_) => garbage += 1,
            }
        }
        line.clear();
    }
    (objects, count, garbage)
}

fn read_text(mut stderr: ChildStderr) -> (String, usize) {
    let (mut kept, mut block, mut lines) = (Vec::new(), [0; 1 << 14], 0);
    loop {
        let read = stderr.read(&mut block).expect("read");
        if read == 0 {
            return (String::from_utf8_lossy(&kept).into_owned(), lines);
        }
        lines += block[..read].split(|byte| *byte == b'\n').count() - 1;
        let room = STDERR_MAX.saturating_sub(kept.len()).min(read);
        kept.extend_from_slice(&block[..room]);
    }
}
