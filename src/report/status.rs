//! How it stands: the daemon, the queue, today, the store, each drop folder and source.
//!
//! Gathering never fails: what cannot be had is left out, and why is said. It is quick on a store of any size: counts
//! come from the tallies and from indexes that hold only what is open.

use std::collections::BTreeMap;
use std::path::Path;

use crate::config::Settings;
use crate::store::tenancy::{self, Snapshot, Tenant};
use crate::store::{Access, StoreError, stories};
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::facts::{Daemon, DropRow, Queue, Reached, SourceRow, Status, StoreFacts};
use super::health::{self, Judgement};
use super::snapshot::parts_of;
use super::{DAY_MS, PathText, Reader};

/// Newest jobs that are looked through for the last file of each drop folder.
const RECENT_JOBS: i64 = 5_000;

/// More held files than this are not counted by drop folder: that is a look at each of them.
const HELD_BY_DROP_MAX: i64 = 5_000;

/// The space where the store lies, as the caller found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeSpace {
    /// Free for us.
    pub free_bytes: u64,
    /// Kept in reserve.
    pub reserve_bytes: u64,
}

/// Gathers the facts, and judges them.
pub fn gather(
    store: &Path,
    settings: Option<&Settings>,
    space: Option<FreeSpace>,
    now_ms: i64,
) -> (Status, Judgement) {
    let tenant = tenancy::tenant_of(store);
    let snapshot = tenant.as_ref().and_then(tenancy::snapshot_of);
    let mut status = Status {
        at_ms: now_ms,
        daemon: daemon_of(tenant.as_ref(), snapshot.as_ref()),
        store: files_of(store, space),
        ..Status::default()
    };
    if let Some(snapshot) = &snapshot {
        let (desk, intake) = parts_of(snapshot);
        (status.desk, status.intake) = (Some(desk), Some(intake));
    }
    let read = Reader::open(store).and_then(|reader| {
        status.store.reached = match reader.access() {
            Access::Live => Reached::Live,
            Access::LastCheckpoint => Reached::LastCheckpoint,
        };
        reader.at_once(|db| read(db, &mut status, settings))
    });
    if let Err(error) = read {
        status.store.reached = Reached::No;
        help_of(&error).clone_into(&mut status.store.help);
        status.store.trouble = Some(error.to_string());
    }
    let judgement = health::judge(&status);
    (status, judgement)
}

fn help_of(error: &StoreError) -> &'static str {
    match error {
        StoreError::Missing { .. } => "copydesk run DIR, or --store FILE if it lies elsewhere",
        StoreError::Lost { .. } => "put a backup in its place",
        StoreError::Foreign { .. } => "say --store with another file, or put a backup in its place",
        StoreError::Newer { .. } => "use the newer version of copydesk",
        StoreError::Older { .. } => "start the daemon once: it upgrades the store",
        StoreError::Io { .. } => "make it readable for this user",
        StoreError::Sqlite { .. } if error.is_corruption() => {
            "stop the daemon, keep the file, put a backup in its place"
        }
        StoreError::Sqlite { .. } => "look at the log of the daemon and at the disk",
    }
}

fn daemon_of(tenant: Option<&Tenant>, snapshot: Option<&Snapshot>) -> Daemon {
    let Some(tenant) = tenant else {
        return Daemon::default();
    };
    Daemon {
        is_running: tenant.verb == "run",
        pid: Some(tenant.pid),
        verb: Some(tenant.verb.clone()),
        version: Some(tenant.version.clone()),
        started_ms: Some(tenant.started_ms),
        config: snapshot.and_then(|snapshot| snapshot.config.clone().map(PathText::from)),
        config_read_ms: snapshot.map(|snapshot| snapshot.config_read_ms),
        config_error: snapshot.and_then(|snapshot| snapshot.config_error.clone()),
        snapshot_ms: snapshot.map(|snapshot| snapshot.at_ms),
        ..Daemon::default()
    }
}

fn files_of(store: &Path, space: Option<FreeSpace>) -> StoreFacts {
    let mut log = store.as_os_str().to_owned();
    log.push("-wal");
    let size = |path: &Path| path.metadata().ok().map(|metadata| metadata.len());
    StoreFacts {
        path: Some(store.to_owned().into()),
        size_bytes: size(store),
        log_bytes: size(Path::new(&log)),
        free_bytes: space.map(|space| space.free_bytes),
        reserve_bytes: space.map(|space| space.reserve_bytes),
        is_short: space.is_some_and(|space| space.free_bytes < space.reserve_bytes),
        ..StoreFacts::default()
    }
}

fn read(db: &Connection, status: &mut Status, settings: Option<&Settings>) -> rusqlite::Result<()> {
    if status.daemon.pid.is_none() {
        last_tenure(db, &mut status.daemon)?;
    }
    status.held = db
        .prepare("SELECT reason, count(*) FROM job INDEXED BY job_held WHERE state = 'held' GROUP BY reason")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    status.held_members = db
        .prepare("SELECT reason, count(*) FROM held_member INDEXED BY held_member_by_reason GROUP BY reason")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let (queue, queued) = queue(db, status.at_ms)?;
    status.queue = Some(queue);
    status.today.last_file_ms = db
        .query_row(
            "SELECT seen_ms FROM job ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    let mut drops = drops(db, status, settings, &queued)?;
    let mut sources = sources(db)?;
    counts(db, status, &mut drops, &mut sources)?;
    activity(db, status.at_ms, &mut sources)?;
    status.drops = drops.into_values().collect();
    status.drops.sort_by(|a, b| a.name.cmp(&b.name));
    status.sources = sources.into_values().collect();
    status.sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(())
}

fn last_tenure(db: &Connection, daemon: &mut Daemon) -> rusqlite::Result<()> {
    let last = db
        .query_row(
            "SELECT verb, version, started_ms, stopped_ms FROM tenure ORDER BY id DESC LIMIT 1",
            [],
            |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get::<_, Option<i64>>(3)?,
                ))
            },
        )
        .optional()?;
    if let Some((verb, version, started_ms, stopped_ms)) = last {
        daemon.verb = Some(verb);
        daemon.version = Some(version);
        daemon.started_ms = Some(started_ms);
        daemon.stopped_ms = stopped_ms;
        daemon.died = stopped_ms.is_none();
    }
    Ok(())
}

/// What is open, and how much of it waits in each drop folder. Asked folder by folder, as the index is ordered.
fn queue(db: &Connection, now_ms: i64) -> rusqlite::Result<(Queue, BTreeMap<i64, i64>)> {
    let (mut queue, mut by_drop) = (Queue::default(), BTreeMap::new());
    let drops: Vec<i64> = db
        .prepare("SELECT id FROM drop_folder ORDER BY id")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut due = db.prepare(
        "SELECT count(*), min(due_ms) FROM job WHERE state = 'queued' AND drop_id = ?1 AND due_ms <= ?2",
    )?;
    // A job is due at once when it is queued, and later only after an attempt that did not succeed.
    let mut later = db.prepare(
        "SELECT count(*), min(due_ms) FROM job WHERE state = 'queued' AND drop_id = ?1 AND due_ms > ?2",
    )?;
    let count = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?));
    let earliest = |a: Option<i64>, b: Option<i64>| a.into_iter().chain(b).min();
    for drop in drops {
        let (queued, oldest) = due.query_row([drop, now_ms], count)?;
        let (retrying, next) = later.query_row([drop, now_ms], count)?;
        queue.queued += queued;
        queue.retrying += retrying;
        queue.oldest_due_ms = earliest(queue.oldest_due_ms, oldest);
        queue.next_retry_ms = earliest(queue.next_retry_ms, next);
        by_drop.insert(drop, queued + retrying);
    }
    queue.claimed = db.query_row(
        "SELECT count(*) FROM job INDEXED BY job_claimed WHERE state = 'claimed'",
        [],
        |row| row.get(0),
    )?;
    (queue.after_due, queue.after_late) = db.query_row(
        "SELECT count(*), count(*) FILTER (WHERE due_ms > ?1)
         FROM job INDEXED BY job_after WHERE after_state = 'due'",
        [now_ms],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    queue.reedit = db.query_row("SELECT count(*) FROM reedit", [], |row| row.get(0))?;
    queue.rejudge = db.query_row("SELECT count(*) FROM due", [], |row| row.get(0))?;
    queue.restory = stories::count_waiting(db)?;
    Ok((queue, by_drop))
}

type Drops = BTreeMap<i64, DropRow>;
type Sources = BTreeMap<i64, SourceRow>;

/// Drop folders that are configured but were never met have no row: they are given numbers below zero.
fn drops(
    db: &Connection,
    status: &Status,
    settings: Option<&Settings>,
    queued: &BTreeMap<i64, i64>,
) -> rusqlite::Result<Drops> {
    let mut drops: Drops = db
        .prepare("SELECT id, name, root FROM drop_folder ORDER BY id")?
        .query_map([], |row| {
            let root: Vec<u8> = row.get(2)?;
            Ok((row.get(0)?, plain_row(row.get(1)?, root.into())))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let configured = settings.into_iter().flat_map(|settings| &settings.drops);
    let mut number = 0;
    for drop in configured {
        if !drops.values().any(|row| row.name == drop.name) {
            number -= 1;
            drops.insert(
                number,
                plain_row(drop.name.clone(), drop.path.clone().into()),
            );
        }
    }
    let held: i64 = status.held.values().sum();
    let held_by_drop = if held > HELD_BY_DROP_MAX {
        None
    } else {
        Some(by_drop(
            db,
            "SELECT drop_id, count(*) FROM job INDEXED BY job_held WHERE state = 'held' GROUP BY drop_id",
        )?)
    };
    let recent = format!(
        "SELECT drop_id, max(seen_ms) FROM (SELECT drop_id, seen_ms FROM job ORDER BY id DESC LIMIT {RECENT_JOBS})
         GROUP BY drop_id"
    );
    let last = by_drop(db, &recent)?;
    let watched = status.intake.iter().flat_map(|intake| &intake.drops);
    let watched: BTreeMap<&str, _> = watched.map(|drop| (drop.name.as_str(), drop)).collect();
    for (id, row) in &mut drops {
        row.queued = queued.get(id).copied().unwrap_or(0);
        row.held = held_by_drop
            .as_ref()
            .map(|held| held.get(id).copied().unwrap_or(0));
        row.last_file_ms = last.get(id).copied();
        if let Some(part) = watched.get(row.name.as_str()) {
            row.mode = Some(part.mode.clone());
            row.state = Some(part.state.clone());
            row.why.clone_from(&part.why);
            row.settling = Some(part.settling);
            row.unreadable_folders.clone_from(&part.unreadable_folders);
        }
    }
    Ok(drops)
}

fn plain_row(name: String, root: PathText) -> DropRow {
    DropRow {
        name,
        root,
        mode: None,
        state: None,
        why: None,
        settling: None,
        queued: 0,
        held: None,
        today: BTreeMap::new(),
        total: BTreeMap::new(),
        last_file_ms: None,
        unreadable_folders: Vec::new(),
    }
}

fn by_drop(db: &Connection, sql: &str) -> rusqlite::Result<BTreeMap<i64, i64>> {
    db.prepare(sql)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

fn sources(db: &Connection) -> rusqlite::Result<Sources> {
    db.prepare("SELECT id, name, last_seen_ms FROM source ORDER BY id")?
        .query_map([], |row| {
            let source = SourceRow {
                name: row.get(1)?,
                last_seen_ms: row.get(2)?,
                ..SourceRow::default()
            };
            Ok((row.get(0)?, source))
        })?
        .collect()
}

/// The tallies hold files (by drop folder, under no source) and articles (by both) under different words.
fn counts(
    db: &Connection,
    status: &mut Status,
    drops: &mut Drops,
    sources: &mut Sources,
) -> rusqlite::Result<()> {
    let mut tallies = db.prepare(
        "SELECT drop_id, source_id, outcome, sum(n), coalesce(sum(n) FILTER (WHERE day = ?1), 0)
         FROM tally GROUP BY drop_id, source_id, outcome ORDER BY drop_id, source_id, outcome",
    )?;
    let mut rows = tallies.query([status.at_ms.div_euclid(DAY_MS)])?;
    while let Some(row) = rows.next()? {
        let (drop, source): (i64, i64) = (row.get(0)?, row.get(1)?);
        let outcome: String = row.get(2)?;
        let (total, today): (i64, i64) = (row.get(3)?, row.get(4)?);
        let add = |map: &mut BTreeMap<String, i64>, n: i64| {
            if n != 0 {
                *map.entry(outcome.clone()).or_default() += n;
            }
        };
        if matches!(outcome.as_str(), "recorded" | "same-bytes" | "held") {
            add(&mut status.today.files, today);
            if let Some(row) = drops.get_mut(&drop) {
                add(&mut row.today, today);
                add(&mut row.total, total);
            }
        } else {
            add(&mut status.today.articles, today);
            if let Some(row) = sources.get_mut(&source) {
                add(&mut row.today, today);
                add(&mut row.total, total);
            }
        }
    }
    Ok(())
}

/// Which sources are silent, given the seven whole days before today.
fn activity(db: &Connection, now_ms: i64, sources: &mut Sources) -> rusqlite::Result<()> {
    let today = now_ms.div_euclid(DAY_MS);
    let mut week = db.prepare(
        "SELECT source_id, count(DISTINCT day), sum(n) FROM tally
         WHERE day >= ?1 AND day < ?2 AND source_id <> 0 GROUP BY source_id",
    )?;
    let mut rows = week.query([today - 7, today])?;
    while let Some(row) = rows.next()? {
        if let Some(source) = sources.get_mut(&row.get(0)?) {
            let silent_ms = now_ms - source.last_seen_ms;
            source.is_quiet = health::is_quiet(silent_ms, row.get(1)?, row.get(2)?);
        }
    }
    Ok(())
}
