//! What is put aside for a person, and why.

use rusqlite::params;
use serde::Serialize;

use crate::job::Reason;
use crate::store::StoreError;

use super::{PathText, Reader};

/// A file that was put aside, or a member of one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldFile {
    /// [`super::SCHEMA`].
    pub schema: u32,
    /// The job: what `retry` takes.
    pub job: i64,
    /// Its drop folder.
    pub drop: String,
    /// The file.
    #[serde(flatten)]
    pub path: PathText,
    /// Which member of the file it is, where the others are taken; `its end` where that is what is wrong.
    pub member: Option<String>,
    /// The reason code.
    pub reason: String,
    /// What was found, in words.
    pub detail: Option<String>,
    /// Since when, Unix milliseconds.
    pub since_ms: i64,
    /// How often it was tried.
    pub attempts: i64,
    /// What a person can do about it.
    pub advice: Option<&'static str>,
}

/// What can be done about a reason code; nothing is known of codes of other versions.
pub(super) fn advice(code: &str) -> Option<&'static str> {
    code.parse::<Reason>().ok().map(Reason::advice)
}

impl Reader {
    /// The files and members of files that are put aside, the longest waiting of each reason first.
    pub fn held(
        &self,
        reason: Option<Reason>,
        drop: Option<&str>,
    ) -> Result<Vec<HeldFile>, StoreError> {
        self.at_once(|db| {
            db.prepare_cached(
                "SELECT job.id, drop_folder.name, job.path, job.reason, job.detail, job.attempts,
                        coalesce((SELECT max(event.at_ms) FROM event
                                  WHERE event.job_id = job.id AND event.kind = 'held'), job.seen_ms)
                        , NULL, 0
                 FROM job JOIN drop_folder ON drop_folder.id = job.drop_id
                 WHERE job.state = 'held' AND (?1 IS NULL OR job.reason = ?1)
                   AND (?2 IS NULL OR drop_folder.name = ?2)
                 UNION ALL
                 SELECT job.id, drop_folder.name, job.path, held_member.reason, held_member.detail, job.attempts,
                        held_member.at_ms, held_member.place, held_member.ordinal
                 FROM held_member JOIN document ON document.id = held_member.document_id
                 JOIN job ON job.id = document.first_job_id
                 JOIN drop_folder ON drop_folder.id = job.drop_id
                 WHERE (?1 IS NULL OR held_member.reason = ?1) AND (?2 IS NULL OR drop_folder.name = ?2)
                 ORDER BY 4, 1, 9",
            )?
            .query_map(params![reason.map(Reason::as_str), drop], |row| {
                let reason: String = row.get(3)?;
                Ok(HeldFile {
                    schema: super::SCHEMA,
                    job: row.get(0)?,
                    drop: row.get(1)?,
                    path: row.get::<_, Vec<u8>>(2)?.into(),
                    advice: advice(&reason),
                    reason,
                    detail: row.get(4)?,
                    attempts: row.get(5)?,
                    since_ms: row.get(6)?,
                    member: row.get(7)?,
                })
            })?
            .collect()
        })
    }
}
