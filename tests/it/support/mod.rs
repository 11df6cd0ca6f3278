//! What the tests share: a workplace in a temporary folder, the real binary, articles of our own.

pub(crate) mod packed;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest wait for anything; a passing test waits much less.
const PATIENCE: Duration = Duration::from_mins(2);

/// A folder with a drop folder and a store, and the binary to work on them.
pub(crate) struct Workplace {
    folder: tempfile::TempDir,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("in")).expect("the drop folder");
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn drop(&self) -> PathBuf {
        self.path().join("in")
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.path().join("s.sqlite")
    }

    /// Puts a file into the drop folder, renamed into place.
    pub(crate) fn put(&self, name: &str, text: &str) -> PathBuf {
        self.put_bytes(name, text.as_bytes())
    }

    /// The same of any bytes.
    pub(crate) fn put_bytes(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let part = self.path().join("part");
        std::fs::write(&part, bytes).expect("written");
        let path = self.drop().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::rename(&part, &path).expect("renamed");
        path
    }

    /// The same of a file that arrived at this time (RFC 3339).
    pub(crate) fn put_at(&self, name: &str, text: &str, arrived: &str) -> PathBuf {
        let path = self.put(name, text);
        let arrived: jiff::Timestamp = arrived.parse().expect("a time");
        let file = std::fs::File::options().write(true).open(&path);
        let set = file.expect("open").set_modified(arrived.into());
        set.expect("set");
        path
    }

    /// What a verb shows, which has to end well.
    pub(crate) fn shown(&self, verb: &str, args: &[&str]) -> String {
        let output = self.run(verb, args);
        assert!(output.status.success(), "{verb} {args:?}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The binary with this store and none of the user's surroundings.
    pub(crate) fn command(&self, verb: &str) -> Command {
        self.command_on(&self.store(), verb)
    }

    /// The binary with another store.
    pub(crate) fn command_on(&self, store: &Path, verb: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command
            .arg(verb)
            .arg("--store")
            .arg(store)
            .env_remove("XDG_RUNTIME_DIR")
            .env("HOME", self.path())
            .env("COPYDESK_LOG", "warn")
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs a verb to its end.
    pub(crate) fn run(&self, verb: &str, args: &[&str]) -> Output {
        self.command(verb).args(args).output().expect("run")
    }

    /// Runs a verb that must succeed, and reads its JSON Lines.
    pub(crate) fn json(&self, verb: &str, args: &[&str]) -> Vec<Value> {
        let output = self
            .command(verb)
            .arg("--json")
            .args(args)
            .output()
            .expect("run");
        assert!(output.status.success(), "{verb} {args:?}: {output:?}");
        lines(&output.stdout)
    }

    /// A verb's JSON, whatever its exit code.
    pub(crate) fn json_whatever(&self, verb: &str, args: &[&str]) -> Value {
        let output = self
            .command(verb)
            .arg("--json")
            .args(args)
            .output()
            .expect("run");
        lines(&output.stdout)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no JSON: {output:?}"))
    }

    /// Writes a configuration for the drop folder.
    pub(crate) fn configure(&self, before: &str, of_drop: &str) -> PathBuf {
        let config = self.path().join("c.toml");
        let drop = self.drop();
        let text = format!(
            "{before}\n[[drop]]\nname = 'in'\npath = '{}'\n{of_drop}\n",
            drop.display()
        );
        std::fs::write(&config, text).expect("written");
        config
    }

    /// Takes in the whole drop folder once.
    pub(crate) fn ingest(&self) -> Value {
        self.ingest_with(&[])
    }

    /// The same with these arguments.
    pub(crate) fn ingest_with(&self, args: &[&str]) -> Value {
        let output = self
            .command("ingest")
            .arg("--json")
            .args(args)
            .arg(self.drop())
            .output()
            .expect("run");
        lines(&output.stdout)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no summary: {output:?}"))
    }

    /// Has the doctor find nothing wrong.
    pub(crate) fn assert_sound(&self) {
        let output = self.run("doctor", &[]);
        let told = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{told}{output:?}");
    }

    /// Starts a daemon on the drop folder and waits until it is ready.
    pub(crate) fn daemon(&self) -> Daemon {
        self.daemon_with(&[])
    }

    pub(crate) fn daemon_with(&self, environment: &[(&str, &str)]) -> Daemon {
        let mut command = self.command("run");
        command.arg(self.drop()).envs(environment.iter().copied());
        Daemon::start(command)
    }

    /// A query on the store, for what no verb tells.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        let db = rusqlite::Connection::open_with_flags(
            self.store(),
            rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
        )
        .expect("the store");
        db.busy_timeout(PATIENCE).expect("timeout");
        db.query_row(sql, [], |row| row.get(0)).expect(sql)
    }

    /// Waits until a query on the store gives a number.
    pub(crate) fn wait_for(&self, sql: &str, wanted: i64) {
        let deadline = Instant::now() + PATIENCE;
        while !(self.store().exists() && self.count(sql) == wanted) {
            assert!(
                Instant::now() < deadline,
                "waited in vain: {sql} = {wanted}; it is {}; held: {}",
                self.count(sql),
                String::from_utf8_lossy(&self.run("held", &[]).stdout)
            );
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }
}

/// Holds the README to what the program shows: `mark` is how the block begins. With `UPDATE_EXPECT=1` it is written anew.
pub(crate) fn assert_in_readme(mark: &str, told: &str, compared: fn(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("the README");
    let (before, rest) = readme.split_once(mark).expect("its place in the README");
    let (shown, after) = rest.split_once("```\n").expect("the end of the block");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, format!("{before}{mark}{told}```\n{after}")).expect("written");
    } else {
        assert_eq!(compared(shown), compared(told));
    }
}

pub(crate) fn lines(stdout: &[u8]) -> Vec<Value> {
    String::from_utf8(stdout.to_vec())
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// A running daemon; killed when dropped.
pub(crate) struct Daemon {
    child: Child,
}

impl Daemon {
    pub(crate) fn start(mut command: Command) -> Self {
        use std::io::BufRead as _;
        let mut child = command.stdout(Stdio::piped()).spawn().expect("start");
        let stdout = child.stdout.take().expect("piped");
        let mut first = String::new();
        std::io::BufReader::new(stdout)
            .read_line(&mut first)
            .expect("its first line");
        Self { child }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: &str) {
        let done = Command::new("kill")
            .args([signal, &self.pid().to_string()])
            .status()
            .expect("kill");
        assert!(done.success(), "kill {signal}");
    }

    /// SIGTERM, and its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        self.signal("-TERM");
        self.wait()
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return status.code();
            }
            assert!(Instant::now() < deadline, "the daemon does not end");
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            self.child.kill().expect("kill");
            self.child.wait().expect("its end");
        }
    }
}

/// A plain article of our own, different for each number.
pub(crate) fn article(n: usize) -> String {
    const PLACES: [&str; 7] = [
        "Varnholm",
        "Ostrava Bay",
        "Kellin",
        "Port Ames",
        "Tarrow",
        "Miravel",
        "Senn",
    ];
    const THINGS: [&str; 5] = [
        "harbour",
        "reservoir",
        "tram line",
        "observatory",
        "market hall",
    ];
    let place = PLACES[n % PLACES.len()];
    let thing = THINGS[n % THINGS.len()];
    let people = 100 + 7 * n;
    format!(
        "{place} council approves {thing} plan number {n}\n\n\
         The council of {place} voted on Tuesday to rebuild the {thing} at a cost of {people} thousand crowns, ending \
         a dispute that had divided residents of district {n} since the flood.\n\n\
         Engineer Mara Lindqvist{n} said that work on section {n} would begin before the winter, and that {people} \
         people had signed the petition which asked for it.\n\n\
         Opponents led by the baker Tomas Rehn{n} called the vote hasty. They want the provincial court to look at the \
         contract with the firm Brandt and Sons {n}, which was signed behind closed doors.\n"
    )
}
