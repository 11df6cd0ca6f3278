//! What was measured at one size of the store, and how it is told.

use std::time::{Duration, Instant};

use copydesk::store::Store;

use crate::desk::BATCH;

/// A moment, by the clock on the wall and by what this thread has used of the processor: others on the machine do not count
/// for the second, nor does waiting for the disk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    wall: Instant,
    cpu: Duration,
}

impl Moment {
    pub(crate) fn now() -> Self {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Self {
            wall: Instant::now(),
            cpu: Duration::try_from(time).expect("a clock that started at zero"),
        }
    }
}

/// How long something took each time, in milliseconds.
#[derive(Debug, Default)]
pub(crate) struct Times {
    wall: Vec<f64>,
    cpu: Vec<f64>,
}

impl Times {
    /// From this moment to that.
    pub(crate) fn push(&mut self, from: Moment, to: Moment) {
        self.push_without(from, to, (Duration::ZERO, Duration::ZERO));
    }

    /// The same, something that was done in between taken off.
    pub(crate) fn push_without(
        &mut self,
        from: Moment,
        to: Moment,
        (wall, cpu): (Duration, Duration),
    ) {
        let ms = |all: Duration, off| all.saturating_sub(off).as_secs_f64() * 1e3;
        self.wall.push(ms(to.wall - from.wall, wall));
        self.cpu.push(ms(to.cpu.saturating_sub(from.cpu), cpu));
    }

    /// How many a second, by both clocks.
    fn rates(&self) -> (f64, f64) {
        let rate = |times: &[f64]| 1e3 * times.len() as f64 / times.iter().sum::<f64>().max(1e-9);
        (rate(&self.wall), rate(&self.cpu))
    }

    /// The time that so many of a thousand do not exceed, by both clocks.
    pub(crate) fn part(&self, thousandths: usize) -> (f64, f64) {
        let part = |times: &[f64]| {
            let mut times = times.to_vec();
            times.sort_by(f64::total_cmp);
            let at = (times.len() * thousandths / 1_000).min(times.len().saturating_sub(1));
            times.get(at).copied().unwrap_or(0.0)
        };
        (part(&self.wall), part(&self.cpu))
    }

    fn longest(&self) -> (f64, f64) {
        self.part(1_000)
    }
}

/// From one moment to another, by both clocks.
pub(crate) fn between(from: Moment, to: Moment) -> (Duration, Duration) {
    (to.wall - from.wall, to.cpu.saturating_sub(from.cpu))
}

/// What was measured while the last articles were recorded.
#[derive(Debug, Default)]
pub(crate) struct Window {
    /// Recording and judging one article.
    pub(crate) record: Times,
    /// Finding who has which of its prints.
    pub(crate) look_up: Times,
    /// Comparing with all candidates.
    pub(crate) compare: Times,
    /// Candidates compared.
    pub(crate) candidates: usize,
    /// Whole transactions of [`crate::desk::BATCH`], the measuring itself taken off.
    pub(crate) commit: Times,
    /// Moving a slice of prints.
    pub(crate) fill: Times,
    /// Judging a slice of texts again.
    pub(crate) rejudge: Times,
}

/// A point of the plot.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub(crate) articles: usize,
    /// Articles recorded and judged a second of the processor.
    pub(crate) rate: f64,
    pub(crate) look_up_p99_ms: f64,
    pub(crate) record_p99_ms: f64,
}

/// Where two figures stand in a cell, the first is by the clock on the wall, the second by processor time.
pub(crate) const HEAD: &str = "\
| articles | recorded and judged a second | searchable and committed a second | p50 ms | p99 ms | look-up p50 ms | p99 ms | compare p50 ms | p99 ms | \
compared | commit of 500 p50 ms | p99 ms | prints moved p50 ms | longest | judged again p50 ms | longest | still due | \
index bytes an article | all bytes an article | memory MB |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

impl Window {
    pub(crate) fn tell(&self, articles: usize, store: &Store) -> Point {
        let fine = |(wall, cpu): (f64, f64)| format!("{wall:.2} / {cpu:.2}");
        let coarse = |(wall, cpu): (f64, f64)| format!("{wall:.0} / {cpu:.0}");
        // Who has which print, what of that is in memory and how it is found again, and who is covered on which day.
        let index = ["print", "fresh", "sqlite_autoindex_fresh_1", "text_covered"]
            .iter()
            .map(|name| format!("SELECT sum(pgsize) FROM dbstat WHERE name = '{name}'"))
            .map(|sql| number(store, &sql))
            .sum();
        let pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        let per_article = |bytes: f64| format!("{:.0}", bytes / articles as f64);
        let compared = self.candidates as f64 / self.look_up.wall.len().max(1) as f64;
        let (wall, cpu) = self.commit.rates();
        let committed = (wall * BATCH as f64, cpu * BATCH as f64);
        let cells = [
            articles.to_string(),
            coarse(self.record.rates()),
            coarse(committed),
            fine(self.record.part(500)),
            fine(self.record.part(990)),
            fine(self.look_up.part(500)),
            fine(self.look_up.part(990)),
            fine(self.compare.part(500)),
            fine(self.compare.part(990)),
            format!("{compared:.2}"),
            coarse(self.commit.part(500)),
            coarse(self.commit.part(990)),
            coarse(self.fill.part(500)),
            coarse(self.fill.longest()),
            coarse(self.rejudge.part(500)),
            coarse(self.rejudge.longest()),
            number(store, "SELECT count(*) FROM due").to_string(),
            per_article(index),
            per_article(number(store, pages)),
            format!("{:.0}", resident_mb()),
        ];
        println!("| {} |", cells.join(" | "));
        Point {
            articles,
            rate: self.record.rates().1,
            look_up_p99_ms: self.look_up.part(990).1,
            record_p99_ms: self.record.part(990).1,
        }
    }
}

fn number(store: &Store, sql: &str) -> f64 {
    let reader = store.reader().expect("a reader");
    reader
        .query_row(sql, [], |row| row.get::<_, Option<f64>>(0))
        .expect("a number")
        .unwrap_or(0.0)
}

/// What each table and index takes of the store.
pub(crate) fn tell_tables(store: &Store, articles: usize) {
    let reader = store.reader().expect("a reader");
    let mut tables = reader
        .prepare("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 24")
        .expect("a statement");
    let rows = tables
        .query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, f64>(1)?))
        })
        .expect("read");
    println!("\n| table or index | MB | bytes an article |\n|---|---|---|");
    for row in rows {
        let (name, bytes) = row.expect("a row");
        println!(
            "| {name} | {:.1} | {:.0} |",
            bytes / 1e6,
            bytes / articles as f64
        );
    }
    let mut verdicts = reader
        .prepare("SELECT verdict, count(*) FROM article GROUP BY verdict ORDER BY 2 DESC")
        .expect("a statement");
    let rows = verdicts
        .query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        })
        .expect("read");
    println!("\n| verdict | articles |\n|---|---|");
    for row in rows {
        let (verdict, count) = row.expect("a row");
        println!("| {verdict} | {count} |");
    }
}

fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kb = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1_000.0
}
