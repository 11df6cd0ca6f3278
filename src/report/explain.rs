//! Why a file was or was not taken, and what happens next.

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::config::{Ignore, Settings};
use crate::job::FileStamp;
use crate::store::{StoreError, tenancy};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::explanation::{Came, Explanation, InDrop, Lies, Noticed, SightedOnce, Standing, judge};
use super::snapshot::{IntakePart, parts_of};
use super::{PathText, Reader, held};

/// A drop folder that is known from anywhere.
struct Known {
    name: String,
    root: PathBuf,
    ignore: Ignore,
    is_current: bool,
    missing: Option<String>,
}

impl Reader {
    /// Why the file at this absolute path was or was not taken.
    pub fn explain(
        &self,
        path: &Path,
        settings: Option<&Settings>,
    ) -> Result<Explanation, StoreError> {
        let tenant = tenancy::tenant_of(self.path());
        let intake = tenant
            .as_ref()
            .and_then(tenancy::snapshot_of)
            .map(|snapshot| parts_of(&snapshot).1);
        let (lies, stamp) = look(path);
        let (known, sightings) = self.at_once(|db| {
            Ok((
                known_drops(db, settings, intake.as_ref())?,
                sightings(db, path, stamp.as_ref())?,
            ))
        })?;
        let drop = known
            .into_iter()
            .filter(|drop| path.starts_with(&drop.root) && path != drop.root)
            .max_by_key(|drop| (drop.is_current, drop.root.as_os_str().len()));
        let depth_max = settings.map_or(usize::MAX, |settings| settings.intake.depth_max);
        let mut explanation = Explanation {
            schema: super::SCHEMA,
            path: path.to_owned().into(),
            standing: Standing::Unknown,
            why: String::new(),
            next: String::new(),
            lies,
            passed_by: drop
                .as_ref()
                .and_then(|drop| passed_by(path, drop, depth_max)),
            drop: drop.map(|drop| InDrop {
                name: drop.name,
                root: drop.root.into(),
                is_current: drop.is_current,
                missing: drop.missing,
            }),
            daemon_runs: tenant.is_some_and(|tenant| tenant.verb == "run"),
            sightings,
        };
        let (standing, why, next) = judge(&explanation);
        explanation.standing = standing;
        explanation.why = why;
        explanation.next = next;
        Ok(explanation)
    }
}

fn look(path: &Path) -> (Lies, Option<FileStamp>) {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_file() => (Lies::File, Some(FileStamp::of(&metadata))),
        Ok(metadata) if metadata.is_dir() => (Lies::Folder, None),
        Ok(metadata) if metadata.is_symlink() => (Lies::Symlink, None),
        Ok(_) => (Lies::Special, None),
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            (Lies::Nothing, None)
        }
        Err(_) => (Lies::Unreadable, None),
    }
}

fn known_drops(
    db: &Connection,
    settings: Option<&Settings>,
    intake: Option<&IntakePart>,
) -> rusqlite::Result<Vec<Known>> {
    let everywhere: Vec<String> = settings.map_or_else(
        || crate::config::IGNORE_DEFAULT.map(str::to_owned).to_vec(),
        |settings| settings.intake.ignore.clone(),
    );
    let mut known: Vec<Known> = db
        .prepare("SELECT name, root FROM drop_folder ORDER BY name")?
        .query_map([], |row| {
            Ok(Known {
                name: row.get(0)?,
                root: PathText::from(row.get::<_, Vec<u8>>(1)?).exact,
                ignore: Ignore::new(&everywhere, &[]),
                is_current: false,
                missing: None,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for drop in settings.into_iter().flat_map(|settings| &settings.drops) {
        known.retain(|known| known.name != drop.name);
        known.push(Known {
            name: drop.name.clone(),
            root: drop.path.clone(),
            ignore: Ignore::new(&everywhere, &drop.ignore),
            is_current: true,
            missing: (!drop.path.is_dir()).then(|| "it is not there".to_owned()),
        });
    }
    for part in intake.into_iter().flat_map(|intake| &intake.drops) {
        if let Some(known) = known.iter_mut().find(|known| known.name == part.name) {
            known.is_current = true;
            known.missing = (part.state == "missing").then(|| {
                part.why
                    .clone()
                    .unwrap_or_else(|| "it is not there".to_owned())
            });
        }
    }
    Ok(known)
}

/// The rule by which the intake passes this path by.
fn passed_by(path: &Path, drop: &Known, depth_max: usize) -> Option<String> {
    let below = path.strip_prefix(&drop.root).ok()?;
    for component in below.components() {
        let name = component.as_os_str();
        if let Some(pattern) = drop.ignore.pattern_for(name.as_bytes()) {
            let name = name.to_string_lossy();
            return Some(format!(
                "the name {name} fits the ignored pattern {pattern}"
            ));
        }
    }
    if below.components().count().saturating_sub(1) > depth_max {
        return Some(format!(
            "it lies deeper than intake.depth_max = {depth_max}"
        ));
    }
    let device = |path: &Path| path.metadata().ok().map(|metadata| metadata.dev());
    let (here, root) = (path.parent().and_then(device), device(&drop.root));
    if here.is_some() && root.is_some() && here != root {
        return Some("it lies on another file system than its drop folder".to_owned());
    }
    None
}

fn sightings(
    db: &Connection,
    path: &Path,
    present: Option<&FileStamp>,
) -> rusqlite::Result<Vec<SightedOnce>> {
    let mut jobs = db.prepare(
        "SELECT job.id, job.seen_ms, job.size_bytes, job.state, job.attempts, job.crashes, job.due_ms, job.reason,
                job.detail, job.outcome, job.after_state, job.document_id, first.path,
                job.device, job.inode, job.mtime_ns, job.ctime_ns
         FROM job LEFT JOIN document ON document.id = job.document_id
         LEFT JOIN job AS first ON first.id = document.first_job_id AND first.id <> job.id
         WHERE job.path = ?1 ORDER BY job.id",
    )?;
    let mut rows = jobs.query([path.as_os_str().as_bytes()])?;
    let mut sightings = Vec::new();
    while let Some(row) = rows.next()? {
        let stamp = FileStamp {
            device: row.get::<_, i64>(13)?.cast_unsigned(),
            inode: row.get::<_, i64>(14)?.cast_unsigned(),
            size_bytes: row.get::<_, i64>(2)?.cast_unsigned(),
            mtime_ns: row.get(15)?,
            ctime_ns: row.get(16)?,
        };
        let (job, state): (i64, String) = (row.get(0)?, row.get(3)?);
        let reason: Option<String> = row.get(7)?;
        let document: Option<i64> = row.get(11)?;
        sightings.push(SightedOnce {
            job,
            seen_ms: row.get(1)?,
            is_present: present == Some(&stamp),
            size_bytes: row.get(2)?,
            attempts: row.get(4)?,
            crashes: row.get(5)?,
            due_ms: if state == "queued" { row.get(6)? } else { None },
            advice: reason
                .as_deref()
                .filter(|_| state == "held")
                .and_then(held::advice),
            state,
            reason,
            detail: row.get(8)?,
            outcome: row.get(9)?,
            after_due: row.get::<_, String>(10)? == "due",
            after: after(db, job)?,
            same_as: row.get::<_, Option<Vec<u8>>>(12)?.map(PathText::from),
            articles: match document {
                Some(document) => came(db, document)?,
                None => Vec::new(),
            },
            notices: match document {
                Some(document) => noticed(db, document)?,
                None => Vec::new(),
            },
            held_members: match document {
                Some(document) => held_members(db, document)?,
                None => 0,
            },
        });
    }
    Ok(sightings)
}

fn held_members(db: &Connection, document: i64) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT count(*) FROM held_member WHERE document_id = ?1")?
        .query_row([document], |row| row.get(0))
}

fn noticed(db: &Connection, document: i64) -> rusqlite::Result<Vec<Noticed>> {
    db.prepare_cached(
        "SELECT guid, version, status, title,
                (SELECT article.id FROM article WHERE article.guid = notice.guid
                 ORDER BY article.changed_ms DESC, article.id DESC LIMIT 1)
         FROM notice WHERE document_id = ?1 ORDER BY ordinal LIMIT 100",
    )?
    .query_map([document], |row| {
        Ok(Noticed {
            guid: row.get(0)?,
            version: row.get(1)?,
            status: row.get(2)?,
            title: row.get(3)?,
            article: row.get(4)?,
        })
    })?
    .collect()
}

fn after(db: &Connection, job: i64) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "SELECT CASE kind WHEN 'moved' THEN 'moved to ' || json_extract(detail, '$.to')
                          WHEN 'kept' THEN 'left where it is: ' || json_extract(detail, '$.why')
                          ELSE 'removed' END
         FROM event WHERE job_id = ?1 AND kind IN ('moved', 'removed', 'kept') ORDER BY id DESC LIMIT 1",
    )?
    .query_row(params![job], |row| row.get(0))
    .optional()
}

fn came(db: &Connection, document: i64) -> rusqlite::Result<Vec<Came>> {
    db.prepare_cached(
        "SELECT id, verdict, of_id, title,
                (SELECT max(at_ms) FROM event WHERE article_id = article.id AND kind = 're-edited')
         FROM article WHERE document_id = ?1 ORDER BY ordinal LIMIT 100",
    )?
    .query_map([document], |row| {
        Ok(Came {
            id: row.get(0)?,
            verdict: row.get(1)?,
            of: row.get(2)?,
            title: row.get(3)?,
            reedited_ms: row.get(4)?,
        })
    })?
    .collect()
}
