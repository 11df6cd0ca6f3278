//! The recorder's thread: the only writer of articles. Each turn commits what is finished and claims what is next, in
//! one transaction.

use std::cell::Cell;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::article::furniture::Marked;
use crate::job::{After, ArticleId, DropId, Fate, Reason};
use crate::store::articles;
use crate::store::furniture::Told;
use crate::store::jobs::{self, Claim};
use crate::store::provenance::{About, EventKind, note};
use crate::store::{Durability, StoreError, Trouble};

use super::lane::Lane;
use super::learning::Learner;
use super::recorder::{Outcome, Taken, record};
use super::space::Space;
use super::worker::{Finished, Heard, Member, Work};
use super::{Bells, DeskError, Message, Shared, kill, now_ms};

/// Longest sleep: the watchdog wants to see turns, and another process may have queued something.
const TURN_MAX: Duration = Duration::from_secs(1);

/// Pause before a transaction is repeated that another process's stood in the way of.
const BUSY_PAUSE: Duration = Duration::from_millis(50);

pub(super) fn run(
    shared: &Shared,
    inbox: &Receiver<Message>,
    bells: &Bells,
) -> Result<(), DeskError> {
    let mut recorder = Recorder {
        shared,
        bells,
        drops: shared.drops.keys().copied().collect(),
        reader: shared.store.reader()?,
        space_checked: None,
        wait: Duration::ZERO,
        learnt: Cell::new(false),
    };
    loop {
        let (batch, open) = recorder.gather(inbox);
        recorder.turn(&batch)?;
        shared.lane.recorder_turned();
        if shared.lane.is_stopping() && !shared.lane.is_working_in_hand() || !open {
            return recorder.leave(inbox);
        }
    }
}

struct Recorder<'a> {
    shared: &'a Shared,
    bells: &'a Bells,
    /// Whose jobs are claimed: what another configuration queued is left to it.
    drops: Vec<DropId>,
    reader: Connection,
    space_checked: Option<Instant>,
    wait: Duration,
    /// Whether what was written last changes what is furniture.
    learnt: Cell<bool>,
}

/// What one transaction did.
struct Committed {
    outcomes: Vec<Outcome>,
    claims: Vec<Claim>,
    suspect: bool,
}

impl Recorder<'_> {
    /// Waits for finished work; takes all there is, and a little longer while workers have more in hand.
    fn gather(&self, inbox: &Receiver<Message>) -> (Vec<Finished>, bool) {
        let most = self.shared.settings.record.batch_files;
        let mut batch = Vec::new();
        let mut deadline = Instant::now() + self.wait.min(TURN_MAX);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match inbox.recv_timeout(left) {
                Ok(Message::Finished(finished)) => {
                    if batch.is_empty() {
                        deadline = Instant::now() + self.shared.settings.record.batch_wait;
                    }
                    if finished.heard.is_some() {
                        // A part is worth a transaction by itself, and its worker makes no more than the next before it.
                        deadline = deadline.min(Instant::now());
                    }
                    batch.push(*finished);
                }
                Ok(Message::Wake) => deadline = deadline.min(Instant::now()),
                Err(RecvTimeoutError::Timeout) => return (batch, true),
                Err(RecvTimeoutError::Disconnected) => return (batch, false),
            }
            if batch.len() >= most {
                return (batch, true);
            }
            if !batch.is_empty() {
                deadline = deadline.min(later(self.shared.lane.worth_waiting()));
            }
        }
    }

    /// One turn: commit the batch, claim the next, tell everybody.
    fn turn(&mut self, batch: &[Finished]) -> Result<(), DeskError> {
        self.check_space();
        let room = self.room()?;
        if batch.is_empty() && room == 0 {
            return Ok(());
        }
        self.shared.lane.begin_claiming();
        let Some(committed) = self.commit(batch, room)? else {
            self.shared.lane.add(Vec::new(), false);
            return Ok(());
        };
        if self.learnt.take() {
            // Not before the commit: a worker that reads in between would take the old for the new.
            self.shared.furniture.has_changed();
        }
        kill::point("after-commit");
        if !committed.claims.is_empty() {
            kill::point("after-claim");
        }
        let done = || batch.iter().filter(|finished| !finished.is_part());
        let bytes = done().map(|done| Lane::weight(&done.claim)).sum();
        self.shared.lane.add(committed.claims, committed.suspect);
        self.shared.lane.recorded(done().count(), bytes);
        if committed
            .outcomes
            .iter()
            .any(|outcome| matches!(outcome, Outcome::Part(_)))
        {
            self.shared.lane.trust();
        }
        self.tell(batch, &committed.outcomes);
        Ok(())
    }

    /// How many jobs to claim now: none unless some are due, so that an idle daemon opens no transaction.
    fn room(&mut self) -> Result<usize, DeskError> {
        let room = self
            .shared
            .lane
            .room(self.shared.settings.record.batch_files);
        self.wait = TURN_MAX;
        // Claims are made in strides, not one by one as each is recorded.
        if room == 0 || room * 2 < self.shared.settings.record.batch_files {
            return Ok(0);
        }
        let due =
            jobs::next_due(&self.reader, &self.drops).map_err(|source| StoreError::Sqlite {
                path: self.shared.store.path().to_owned(),
                source,
            })?;
        let Some(due_ms) = due else { return Ok(0) };
        let ahead_ms = u64::try_from(due_ms.saturating_sub(now_ms())).unwrap_or(0);
        if ahead_ms > 0 {
            self.wait = Duration::from_millis(ahead_ms).min(TURN_MAX);
            return Ok(0);
        }
        Ok(room)
    }

    /// Commits, waiting out another writer and a full disk; `None` if the desk stops while it waits.
    fn commit(&mut self, batch: &[Finished], room: usize) -> Result<Option<Committed>, DeskError> {
        loop {
            match self.try_commit(batch, room) {
                Ok(committed) => return Ok(Some(committed)),
                Err(error) => match error.trouble() {
                    Trouble::Busy => std::thread::park_timeout(BUSY_PAUSE),
                    Trouble::Full => {
                        self.pause(Some(format!("the disk of the store is full: {error}")));
                        std::thread::park_timeout(TURN_MAX);
                    }
                    Trouble::Item if !batch.is_empty() => return self.one_by_one(batch).map(Some),
                    Trouble::Item | Trouble::Stop => return Err(error.into()),
                },
            }
            self.shared.lane.recorder_turned();
            if self.shared.lane.is_stopping() {
                // What was not committed is claimed still: the next start releases it.
                return Ok(None);
            }
        }
    }

    fn try_commit(&self, batch: &[Finished], room: usize) -> Result<Committed, StoreError> {
        let durability = if batch.is_empty() {
            Durability::Later
        } else {
            Durability::Now
        };
        let now_ms = now_ms();
        self.shared.store.write(durability, |db| {
            let outcomes = batch
                .iter()
                .map(|finished| self.record_one(db, finished, now_ms))
                .collect::<rusqlite::Result<Vec<Outcome>>>()?;
            self.learn(db, batch, &outcomes)?;
            let done = batch.iter().filter(|finished| !finished.is_part()).count();
            let (claims, suspect) = self.claim(db, done, room, now_ms)?;
            for (finished, outcome) in batch.iter().zip(&outcomes) {
                index(db, finished, outcome)?;
            }
            kill::point("before-commit");
            Ok(Committed {
                outcomes,
                claims,
                suspect,
            })
        })
    }

    fn record_one(
        &self,
        db: &Connection,
        finished: &Finished,
        now_ms: i64,
    ) -> rusqlite::Result<Outcome> {
        // A file whose recording kills the process is found in this hand.
        let slot = self.shared.settings.workers + 1;
        if let Err(error) = self.shared.hands.take(slot, finished.claim.id) {
            tracing::warn!(%error, "cannot note what is in hand");
        }
        let after_due = self
            .shared
            .drops
            .get(&finished.claim.drop)
            .is_some_and(|drop| drop.after != After::Keep);
        let retry = &self.shared.settings.retry;
        let outcome = record(db, finished, after_due, retry, now_ms);
        if let Err(error) = self.shared.hands.put_down(slot) {
            tracing::warn!(%error, "cannot note what is in hand");
        }
        outcome
    }

    /// Learns from what was just recorded; whatever was edited with other furniture than there is now is edited again.
    fn learn(
        &self,
        db: &Connection,
        batch: &[Finished],
        outcomes: &[Outcome],
    ) -> rusqlite::Result<()> {
        let after = self.shared.settings.furniture_after;
        if after == 0 {
            return Ok(());
        }
        let told = told(db, batch, outcomes)?;
        let mut learner = Learner::new(db, after);
        let counted: Vec<(ArticleId, Told)> = told
            .iter()
            .map(|(article, told, _)| (*article, told.clone()))
            .collect();
        learner.count(&counted)?;
        for (article, told, marked) in &told {
            learner.check(*article, told)?;
            if !marked.is_empty() {
                let precedence = articles::standing(db, *article)?.precedence;
                let witness = (precedence.first_ms, precedence.digest.to_vec());
                learner.show(told.source, marked, &witness)?;
            }
        }
        self.learnt.set(self.learnt.get() || learner.changed);
        Ok(())
    }

    fn claim(
        &self,
        db: &Connection,
        recorded: usize,
        room: usize,
        now_ms: i64,
    ) -> rusqlite::Result<(Vec<Claim>, bool)> {
        if room == 0 {
            return Ok((Vec::new(), false));
        }
        kill::point("before-claim");
        let claims = jobs::claim(db, &self.drops, now_ms, room)?;
        let alone = self.shared.lane.outstanding() == recorded;
        if claims.is_empty() && alone {
            let suspect = jobs::claim_suspect(db, &self.drops, now_ms)?;
            return Ok((suspect.into_iter().collect(), true));
        }
        Ok((claims, false))
    }

    /// A batch that breaks a rule of the schema is recorded file by file, so that only the file at fault is put aside.
    fn one_by_one(&self, batch: &[Finished]) -> Result<Committed, DeskError> {
        let mut outcomes = Vec::new();
        for finished in batch {
            let now_ms = now_ms();
            let alone = self.shared.store.write(Durability::Now, |db| {
                let outcome = self.record_one(db, finished, now_ms)?;
                let one = std::slice::from_ref(finished);
                self.learn(db, one, std::slice::from_ref(&outcome))?;
                index(db, finished, &outcome)?;
                Ok(outcome)
            });
            outcomes.push(match alone {
                Ok(outcome) => outcome,
                Err(error) if error.trouble() == Trouble::Item => {
                    tracing::error!(path = ?finished.claim.path, %error, "the store refused a record");
                    if finished.is_part() {
                        // Its worker hears of it, and then puts the file aside.
                        outcomes.push(Outcome::Held(Reason::RecordError, error.to_string()));
                        continue;
                    }
                    let held = Finished {
                        claim: finished.claim.clone(),
                        work: Work::Failed(Fate::Hold(Reason::RecordError), error.to_string()),
                        heard: None,
                    };
                    self.shared.store.write(Durability::Now, |db| {
                        self.record_one(db, &held, now_ms)
                    })?
                }
                Err(error) => return Err(error.into()),
            });
        }
        Ok(Committed {
            outcomes,
            claims: Vec::new(),
            suspect: false,
        })
    }

    fn tell(&self, batch: &[Finished], outcomes: &[Outcome]) {
        let mut after_due = false;
        for (finished, outcome) in batch.iter().zip(outcomes) {
            match outcome {
                Outcome::Gone => (self.shared.listeners.look_again)(&finished.claim.path),
                Outcome::Recorded(_) | Outcome::Part(_) | Outcome::SameBytes => after_due = true,
                Outcome::Held(..) | Outcome::Postponed(_) => {}
            }
            if let Some(heard) = &finished.heard {
                let told = heard_of(outcome);
                let goes_on = told == Heard::Recorded;
                // A worker that waits no more has seen that the desk stops.
                heard.try_send(told).unwrap_or(());
                if !goes_on {
                    // The file's turn ends with what the worker makes of that.
                    continue;
                }
            }
            (self.shared.listeners.ended)(&finished.claim, outcome);
        }
        if after_due {
            Bells::ring(&self.bells.after);
            Bells::ring(&self.bells.later);
            Bells::ring(&self.bells.fill);
        }
        if self.shared.lane.outstanding() == 0 {
            (self.shared.listeners.changed)();
        }
    }

    fn check_space(&mut self) {
        if self.space_checked.is_some_and(|at| at.elapsed() < TURN_MAX) {
            return;
        }
        self.space_checked = Some(Instant::now());
        let folder = self
            .shared
            .store
            .path()
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(std::path::Path::new("."));
        let wanted = self.shared.settings.record.free_reserve_bytes;
        match Space::at(folder) {
            Ok(space) if space.is_short(wanted) => self.pause(Some(format!(
                "only {} bytes are free where the store lies, less than the reserve of {}",
                space.free_bytes,
                space.reserve(wanted)
            ))),
            Ok(_) => self.pause(None),
            Err(error) => tracing::warn!(%error, "cannot ask for the free space"),
        }
    }

    fn pause(&self, why: Option<String>) {
        let kind = if why.is_some() {
            EventKind::Paused
        } else {
            EventKind::Resumed
        };
        let detail = serde_json::json!({"why": why});
        if let Some(why) = &why {
            tracing::debug!(why, "intake is paused");
        }
        if !self.shared.lane.pause(why) {
            return;
        }
        tracing::warn!(detail = %detail, "intake: {}", kind.as_str());
        let noted = self.shared.store.write(Durability::Later, |db| {
            note(db, now_ms(), kind, &About::default().with(detail))
        });
        if let Err(error) = noted {
            // On a full disk there may be no room for this line of the history either; the log has it.
            tracing::warn!(%error, "the pause is not in the history");
        }
        (self.shared.listeners.changed)();
    }

    /// The last turn: what came in meanwhile is committed, what nobody began goes back.
    fn leave(&mut self, inbox: &Receiver<Message>) -> Result<(), DeskError> {
        let last: Vec<Finished> = inbox
            .try_iter()
            .filter_map(|message| match message {
                Message::Finished(finished) => Some(*finished),
                Message::Wake => None,
            })
            .collect();
        if !last.is_empty() {
            self.turn(&last)?;
        }
        let back = self.shared.lane.take_back();
        self.shared.store.write(Durability::Now, |db| {
            for claim in &back {
                jobs::give_back(db, claim.id, now_ms())?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

/// What a worker hears of the part it has handed on.
fn heard_of(outcome: &Outcome) -> Heard {
    match outcome {
        Outcome::Part(_) => Heard::Recorded,
        Outcome::Held(_, why) => Heard::Refused(why.clone()),
        Outcome::Recorded(_) | Outcome::SameBytes | Outcome::Postponed(_) | Outcome::Gone => {
            Heard::Elsewhere
        }
    }
}

/// What the articles that were just recorded tell of their sources, each with the blocks that were cut for it.
fn told<'a>(
    db: &Connection,
    batch: &'a [Finished],
    outcomes: &[Outcome],
) -> rusqlite::Result<Vec<(ArticleId, Told, &'a [Marked])>> {
    let mut all = Vec::new();
    for (finished, outcome) in batch.iter().zip(outcomes) {
        let Work::Edited(file) = &finished.work else {
            continue;
        };
        for Taken { id, entry } in outcome.taken() {
            let Some(Member { edited, .. }) = file.member(*entry) else {
                continue;
            };
            if let (Some(source), Some(observation)) =
                (articles::judged(db, *id)?.source, &edited.observation)
            {
                let told = Told {
                    source,
                    observation: observation.clone(),
                    known: edited.known.clone(),
                };
                all.push((*id, told, edited.marked.as_slice()));
            }
        }
    }
    Ok(all)
}

/// Makes what was just recorded searchable.
fn index(db: &Connection, finished: &Finished, outcome: &Outcome) -> rusqlite::Result<()> {
    let Work::Edited(file) = &finished.work else {
        return Ok(());
    };
    for Taken { id, entry } in outcome.taken() {
        let Some(member) = file.member(*entry) else {
            continue;
        };
        let title = member.edited.title.as_ref();
        let title = title.map(|found| found.value.as_str());
        articles::index_for_search(db, *id, title, &member.edited.text)?;
    }
    Ok(())
}

/// The moment so far from now; a year where that is for ever.
fn later(wait: Duration) -> Instant {
    Instant::now() + wait.min(Duration::from_hours(365 * 24))
}
