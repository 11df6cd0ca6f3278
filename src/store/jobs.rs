//! The durable queue: enqueue, claim, and every way a job ends.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::json;

use crate::job::{DropId, FileStamp, JobId, Reason, Settled};

use super::provenance::{About, EventKind, day_of, note, tally};

/// A job in the hands of the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The job.
    pub id: JobId,
    /// Its drop folder.
    pub drop: DropId,
    /// The file.
    pub path: PathBuf,
    /// Its content as sighted.
    pub stamp: FileStamp,
    /// When it was first seen, Unix milliseconds.
    pub seen_ms: i64,
    /// Which attempt this is, counted from 1.
    pub attempt: u32,
}

/// The row of a drop folder, made if it is new; its folder may have moved since.
pub fn ensure_drop(db: &Connection, name: &str, root: &Path) -> rusqlite::Result<DropId> {
    db.query_row(
        "INSERT INTO drop_folder (name, root) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET root = excluded.root
         RETURNING id",
        params![name, root.as_os_str().as_bytes()],
        |row| row.get(0).map(DropId),
    )
}

/// Whether this file has been queued under this stamp before, whatever became of it. One that was put aside because it
/// never settled does not count, since it may be complete by now; nor one that had vanished, since now it is there.
pub fn is_known(db: &Connection, path: &Path, stamp: &FileStamp) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT 1 FROM job
         WHERE path = ?1 AND mtime_ns = ?2 AND ctime_ns = ?3 AND size_bytes = ?4 AND inode = ?5 AND device = ?6
           AND NOT (state = 'held' AND reason = 'never-settled') AND NOT (state = 'gone' AND reason = 'vanished')",
    )?
    .exists(params![
        path.as_os_str().as_bytes(),
        stamp.mtime_ns,
        stamp.ctime_ns,
        stamp.size_bytes.cast_signed(),
        stamp.inode.cast_signed(),
        stamp.device.cast_signed()
    ])
}

/// Queues settled files, each once per path and stamp; returns how many were new. What is still open for an older
/// stamp of the same path is closed: that content is no longer there.
pub fn enqueue(
    db: &Connection,
    drop: DropId,
    files: &[Settled],
    now_ms: i64,
) -> rusqlite::Result<usize> {
    let mut new = 0;
    for file in files {
        if let Some(id) = insert(db, drop, file, now_ms)? {
            note(db, now_ms, EventKind::Queued, &About::job(id))?;
            new += 1;
        }
    }
    Ok(new)
}

/// Records a file that never became complete and puts it aside.
pub fn hold_unsettled(
    db: &Connection,
    drop: DropId,
    file: &Settled,
    reason: Reason,
    now_ms: i64,
) -> rusqlite::Result<()> {
    if let Some(id) = insert(db, drop, file, now_ms)? {
        hold(db, id, reason, "it kept changing", now_ms)?;
    }
    Ok(())
}

fn insert(
    db: &Connection,
    drop: DropId,
    file: &Settled,
    now_ms: i64,
) -> rusqlite::Result<Option<JobId>> {
    let path = file.path.as_os_str().as_bytes();
    let stamp = &file.stamp;
    let id = db
        .prepare_cached(
            "INSERT INTO job (drop_id, path, device, inode, size_bytes, mtime_ns, ctime_ns, seen_ms, due_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (path, mtime_ns, ctime_ns, size_bytes, inode, device) DO UPDATE
               SET state = 'queued', reason = NULL, detail = NULL, due_ms = excluded.due_ms
               WHERE (state = 'held' AND reason = 'never-settled') OR (state = 'gone' AND reason = 'vanished')
             RETURNING id",
        )?
        .query_row(
            params![
                drop.0,
                path,
                stamp.device.cast_signed(),
                stamp.inode.cast_signed(),
                stamp.size_bytes.cast_signed(),
                stamp.mtime_ns,
                stamp.ctime_ns,
                file.seen_ms,
                now_ms
            ],
            |row| row.get(0).map(JobId),
        )
        .optional()?;
    let Some(id) = id else { return Ok(None) };
    close_replaced(db, id, path, now_ms)?;
    note(db, file.seen_ms, EventKind::Seen, &About::job(id))?;
    let settled = About::job(id).with(json!({"by": file.proof}));
    note(db, file.settled_ms, EventKind::Settled, &settled)?;
    Ok(Some(id))
}

fn close_replaced(db: &Connection, id: JobId, path: &[u8], now_ms: i64) -> rusqlite::Result<()> {
    let replaced: Vec<i64> = db
        .prepare_cached(
            "SELECT id FROM job WHERE path = ?1 AND state IN ('queued', 'held') AND id <> ?2 ORDER BY id",
        )?
        .query_map(params![path, id.0], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for old in replaced {
        gone(db, JobId(old), "replaced", now_ms)?;
    }
    Ok(())
}

/// Claims up to `most` jobs that are due, oldest first, in turn from each drop folder so that none waits for another's
/// backlog. The attempt is counted here, before the work. Files that were in hand when a process died are not among
/// them: see [`claim_suspect`].
pub fn claim(
    db: &Connection,
    drops: &[DropId],
    now_ms: i64,
    most: usize,
) -> rusqlite::Result<Vec<Claim>> {
    let mut queues = Vec::new();
    for drop in drops {
        let queue: Vec<Claim> = db
            .prepare_cached(concat!(
                "SELECT id, drop_id, path, device, inode, size_bytes, mtime_ns, ctime_ns, seen_ms, attempts + 1 ",
                "FROM job INDEXED BY job_ready WHERE state = 'queued' AND crashes = 0 AND drop_id = ?1 ",
                "AND due_ms <= ?2 ORDER BY due_ms, id LIMIT ?3"
            ))?
            .query_map(params![drop.0, now_ms, most.cast_signed()], claim_of)?
            .collect::<rusqlite::Result<_>>()?;
        queues.push(queue.into_iter());
    }
    let claims = in_turn(queues, most);
    mark_claimed(db, &claims, now_ms)?;
    Ok(claims)
}

/// Claims the one due job that was in hand when a process died and has waited longest. It has to be worked on alone,
/// so that, if the process dies again, no other file is suspected with it.
pub fn claim_suspect(
    db: &Connection,
    drops: &[DropId],
    now_ms: i64,
) -> rusqlite::Result<Option<Claim>> {
    let mut first: Option<(i64, Claim)> = None;
    for drop in drops {
        let claim = db
            .prepare_cached(concat!(
                "SELECT id, drop_id, path, device, inode, size_bytes, mtime_ns, ctime_ns, seen_ms, attempts + 1, ",
                "due_ms FROM job INDEXED BY job_suspect WHERE state = 'queued' AND crashes > 0 AND drop_id = ?1 ",
                "AND due_ms <= ?2 ORDER BY due_ms, id LIMIT 1"
            ))?
            .query_row(params![drop.0, now_ms], |row| {
                Ok((row.get(10)?, claim_of(row)?))
            })
            .optional()?;
        if let Some((due_ms, claim)) = claim
            && first
                .as_ref()
                .is_none_or(|(earliest, _)| due_ms < *earliest)
        {
            first = Some((due_ms, claim));
        }
    }
    let claim = first.map(|(_, claim)| claim);
    mark_claimed(db, claim.as_slice(), now_ms)?;
    Ok(claim)
}

fn in_turn(mut queues: Vec<std::vec::IntoIter<Claim>>, most: usize) -> Vec<Claim> {
    let mut claims = Vec::new();
    while claims.len() < most {
        let before = claims.len();
        for queue in &mut queues {
            if claims.len() < most {
                claims.extend(queue.next());
            }
        }
        if claims.len() == before {
            break;
        }
    }
    claims
}

fn mark_claimed(db: &Connection, claims: &[Claim], now_ms: i64) -> rusqlite::Result<()> {
    let mut update = db.prepare_cached(
        "UPDATE job SET state = 'claimed', attempts = attempts + 1, reason = NULL, detail = NULL WHERE id = ?1",
    )?;
    for claim in claims {
        update.execute([claim.id.0])?;
        let about = About::job(claim.id).with(json!({"attempt": claim.attempt}));
        note(db, now_ms, EventKind::Claimed, &about)?;
    }
    Ok(())
}

pub(super) fn claim_of(row: &Row<'_>) -> rusqlite::Result<Claim> {
    Ok(Claim {
        id: JobId(row.get(0)?),
        drop: DropId(row.get(1)?),
        path: path_of(row, 2)?,
        stamp: FileStamp {
            device: row.get::<_, i64>(3)?.cast_unsigned(),
            inode: row.get::<_, i64>(4)?.cast_unsigned(),
            size_bytes: row.get::<_, i64>(5)?.cast_unsigned(),
            mtime_ns: row.get(6)?,
            ctime_ns: row.get(7)?,
        },
        seen_ms: row.get(8)?,
        attempt: row.get(9)?,
    })
}

/// A path column.
pub(crate) fn path_of(row: &Row<'_>, index: usize) -> rusqlite::Result<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    row.get::<_, Vec<u8>>(index)
        .map(|bytes| PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

/// What a dead process left claimed goes back to the queue. Of those it had `in_hand`, the crash is counted; after
/// `crashes_max` of them the file is put aside. Returns how many were released and how many put aside.
pub fn release_claims(
    db: &Connection,
    in_hand: &[JobId],
    crashes_max: u32,
    pause_ms: i64,
    now_ms: i64,
) -> rusqlite::Result<(usize, usize)> {
    let claimed: Vec<(i64, u32)> = db
        .prepare("SELECT id, crashes FROM job WHERE state = 'claimed' ORDER BY id")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let (mut released, mut held) = (0, 0);
    for (id, crashes) in claimed {
        let job = JobId(id);
        let suspect = in_hand.contains(&job);
        let crashes = crashes + u32::from(suspect);
        db.prepare_cached(
            "UPDATE job SET state = 'queued', crashes = ?2, due_ms = ?3 WHERE id = ?1",
        )?
        .execute(params![
            id,
            crashes,
            now_ms + if suspect { pause_ms } else { 0 }
        ])?;
        let about = About::job(job).with(json!({"in_hand": suspect, "crashes": crashes}));
        note(db, now_ms, EventKind::Released, &about)?;
        if crashes >= crashes_max {
            let detail = format!("the process died {crashes} times with this file in hand");
            hold(db, job, Reason::CrashLoop, &detail, now_ms)?;
            held += 1;
        } else {
            released += 1;
        }
    }
    Ok((released, held))
}

/// When the next waiting job of these drop folders is due, Unix milliseconds.
pub fn next_due(db: &Connection, drops: &[DropId]) -> rusqlite::Result<Option<i64>> {
    let mut next: Option<i64> = None;
    for drop in drops {
        let due: Option<i64> = db
            .prepare_cached(
                "SELECT min(due_ms) FROM job INDEXED BY job_waiting WHERE state = 'queued' AND drop_id = ?1",
            )?
            .query_row([drop.0], |row| row.get(0))?;
        next = next.into_iter().chain(due).min();
    }
    Ok(next)
}

/// The job is in the record: its document is known or new. `after_due` says that the input is to be moved or removed.
/// Returns whether it was not before.
pub fn done(
    db: &Connection,
    id: JobId,
    document: i64,
    outcome: &str,
    after_due: bool,
) -> rusqlite::Result<bool> {
    let is_new = db
        .prepare_cached("SELECT 1 FROM job WHERE id = ?1 AND outcome IS NULL")?
        .exists([id.0])?;
    db.prepare_cached(
        "UPDATE job SET state = 'done', document_id = ?2, outcome = ?3, after_state = ?4, reason = NULL, detail = NULL
         WHERE id = ?1",
    )?
    .execute(params![
        id.0,
        document,
        outcome,
        if after_due { "due" } else { "none" }
    ])?;
    Ok(is_new)
}

/// The attempt did not succeed; the next is due at `due_ms`.
pub fn postpone(
    db: &Connection,
    id: JobId,
    due_ms: i64,
    detail: &str,
    now_ms: i64,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE job SET state = 'queued', due_ms = ?2, detail = ?3 WHERE id = ?1")?
        .execute(params![id.0, due_ms, detail])?;
    let about = About::job(id).with(json!({"why": detail, "due_ms": due_ms}));
    note(db, now_ms, EventKind::Postponed, &about)
}

/// The file is put aside for a person.
pub fn hold(
    db: &Connection,
    id: JobId,
    reason: Reason,
    detail: &str,
    now_ms: i64,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE job SET state = 'held', reason = ?2, detail = ?3 WHERE id = ?1")?
        .execute(params![id.0, reason.as_str(), detail])?;
    let drop: i64 = db
        .prepare_cached("SELECT drop_id FROM job WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    tally(db, day_of(now_ms), DropId(drop), None, "held", 1)?;
    let about = About::job(id).with(json!({"reason": reason.as_str(), "why": detail}));
    note(db, now_ms, EventKind::Held, &about)
}

/// There is nothing left to do under this stamp: `vanished`, `changed` or `replaced`.
pub fn gone(db: &Connection, id: JobId, why: &str, now_ms: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE job SET state = 'gone', reason = ?2, detail = NULL WHERE id = ?1")?
        .execute(params![id.0, why])?;
    note(
        db,
        now_ms,
        EventKind::Gone,
        &About::job(id).with(json!({"why": why})),
    )
}

/// The claim was not worked on (the daemon stops): it is as if it had not been made.
pub fn give_back(db: &Connection, id: JobId, now_ms: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE job SET state = 'queued', attempts = attempts - 1 WHERE id = ?1")?
        .execute([id.0])?;
    let about = About::job(id).with(json!({"in_hand": false, "why": "stopping"}));
    note(db, now_ms, EventKind::Released, &about)
}

/// Which held jobs a person wants to try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All of them.
    All,
    /// This one.
    Job(JobId),
    /// Those with this reason.
    Reason(Reason),
    /// Those of the drop folder of this name.
    Drop(String),
    /// Those of this path.
    Path(PathBuf),
}

/// Sends held jobs back to the queue, their attempts and crashes forgotten; returns how many.
pub fn retry(db: &Connection, which: &Selection, now_ms: i64) -> rusqlite::Result<usize> {
    let (mut job, mut reason, mut drop, mut path) = (None, None, None, None);
    match which {
        Selection::All => {}
        Selection::Job(id) => job = Some(id.0),
        Selection::Reason(code) => reason = Some(code.as_str()),
        Selection::Drop(name) => drop = Some(name),
        Selection::Path(file) => path = Some(file.as_os_str().as_bytes()),
    }
    // Of a file of which members are held, the latest sighting is read again.
    let ids: Vec<JobId> = db
        .prepare_cached(
            "SELECT job.id FROM job JOIN drop_folder ON drop_folder.id = job.drop_id
             WHERE job.state = 'held' AND (?1 IS NULL OR job.id = ?1) AND (?2 IS NULL OR job.reason = ?2)
               AND (?3 IS NULL OR drop_folder.name = ?3) AND (?4 IS NULL OR job.path = ?4)
             UNION
             SELECT last.id FROM held_member JOIN document ON document.id = held_member.document_id
             JOIN job ON job.id = document.first_job_id
             JOIN drop_folder ON drop_folder.id = job.drop_id
             JOIN job AS last ON last.id = (SELECT max(id) FROM job AS other
                                            WHERE other.document_id = document.id AND other.state = 'done')
             WHERE (?1 IS NULL OR job.id = ?1 OR last.id = ?1)
               AND (?2 IS NULL OR held_member.reason = ?2)
               AND (?3 IS NULL OR drop_folder.name = ?3) AND (?4 IS NULL OR last.path = ?4)
             ORDER BY 1",
        )?
        .query_map(params![job, reason, drop, path], |row| {
            row.get(0).map(JobId)
        })?
        .collect::<rusqlite::Result<_>>()?;
    for id in &ids {
        db.prepare_cached(
            "UPDATE job SET state = 'queued', attempts = 0, crashes = 0, due_ms = ?2, reason = NULL, detail = NULL
             WHERE id = ?1",
        )?
        .execute(params![id.0, now_ms])?;
        note(db, now_ms, EventKind::Retried, &About::job(*id))?;
    }
    Ok(ids.len())
}

/// How many jobs of these drop folders are on the queue, due now or later.
pub fn count_waiting(db: &Connection, drops: &[DropId]) -> rusqlite::Result<i64> {
    let mut waiting = 0;
    for drop in drops {
        waiting += db
            .prepare_cached(
                "SELECT count(*) FROM job INDEXED BY job_waiting WHERE state = 'queued' AND drop_id = ?1",
            )?
            .query_row([drop.0], |row| row.get::<_, i64>(0))?;
    }
    Ok(waiting)
}
