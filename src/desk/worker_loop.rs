//! A worker's thread: takes claims from the lane, turns, hands the work to the recorder.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use crate::config::Drop;
use crate::job::{Fate, Reason};
use crate::store::jobs::Claim;
use crate::store::members;

use super::known::Cache;
use super::worker::{EditedFile, Finished, Halt, Heard, TakesParts, Tools, Work, turn};
use super::{DeskError, Message, Shared, kill};

/// How often a worker that waits for the recorder looks whether the desk stops.
const HEARD_WAIT: Duration = Duration::from_millis(50);

/// The last worker, beyond those of the configuration, takes big files alone.
pub(super) fn run(
    shared: &Shared,
    number: usize,
    finished: &SyncSender<Message>,
) -> Result<(), DeskError> {
    let reader = shared.store.reader()?;
    let mut known = Cache::default();
    let takes_big = number == shared.settings.workers;
    let next = || {
        if takes_big {
            shared.lane.take_big(number)
        } else {
            shared.lane.take(number)
        }
    };
    while let Some(claim) = next() {
        let hands = |result: std::io::Result<()>| {
            result.map_err(|source| DeskError::Hands {
                path: super::hands::Hands::path_of(shared.store.path()),
                source,
            })
        };
        hands(shared.hands.take(number, claim.id))?;
        kill::point("before-read");
        kill::on(&claim.path);
        let turning = Turning {
            shared,
            number,
            finished,
            claim: &claim,
        };
        let work = turning.work(&reader, &mut known);
        kill::point("after-read");
        hands(shared.hands.put_down(number))?;
        let Some(work) = work else {
            // The desk stops in the middle of a big file: it goes on there after the next start.
            shared.lane.leave(number, claim);
            return Ok(());
        };
        let message = Message::Finished(Box::new(Finished {
            claim,
            work,
            heard: None,
        }));
        if finished.send(message).is_err() {
            // The recorder ended, and has said why.
            return Ok(());
        }
        shared.lane.put_down(number);
    }
    Ok(())
}

/// One claim in hand.
struct Turning<'a> {
    shared: &'a Shared,
    number: usize,
    finished: &'a SyncSender<Message>,
    claim: &'a Claim,
}

impl Turning<'_> {
    fn work(&self, reader: &rusqlite::Connection, known: &mut Cache) -> Option<Work> {
        let shared = self.shared;
        let Some(drop) = shared.drops.get(&self.claim.drop) else {
            return Some(Work::Failed(
                Fate::Hold(Reason::ReadError),
                "its drop folder is not configured any more".to_owned(),
            ));
        };
        let drop: &Drop = drop;
        let mut standing = |digest: &[u8; 32]| members::standing(reader, digest);
        let mut earlier = |path: &Path, size: u64| members::earlier(reader, path, size);
        let mut learnt = |source: &str| known.of_source(&shared.furniture, reader, source);
        let gets_on = || {
            shared.lane.gets_on(self.number);
            if shared.lane.is_stopping() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let mut parts = Onward {
            turning: self,
            answer: None,
        };
        let mut tools = Tools {
            learnt: (shared.settings.furniture_after > 0).then_some(&mut learnt),
            disk: &*shared.disk,
            drop,
            file_bytes_max: shared.settings.limits.file_bytes_max,
            bounds: &shared.bounds,
            rules: &shared.rules,
            file_max: shared.settings.limits.file_max,
            retry: &shared.settings.retry,
            standing: &mut standing,
            earlier: &mut earlier,
            gets_on: &gets_on,
            parts: &mut parts,
        };
        turn(self.claim, &mut tools)
    }

    /// Nothing more of a file is taken in while nothing is to be taken in.
    fn wait_out_a_pause(&self) -> ControlFlow<Halt> {
        loop {
            if self.shared.lane.is_stopping() {
                return ControlFlow::Break(Halt::Stops);
            }
            if !self.shared.lane.is_paused() {
                return ControlFlow::Continue(());
            }
            self.shared.lane.gets_on(self.number);
            std::thread::park_timeout(HEARD_WAIT);
        }
    }
}

/// The parts of a file on their way to the recorder, one at a time.
struct Onward<'a> {
    turning: &'a Turning<'a>,
    /// Where the recorder says what came of the last.
    answer: Option<Receiver<Heard>>,
}

impl TakesParts for Onward<'_> {
    fn send(&mut self, part: EditedFile) -> ControlFlow<Halt> {
        self.settle()?;
        let turning = self.turning;
        let (heard, answer) = sync_channel(1);
        let message = Message::Finished(Box::new(Finished {
            claim: turning.claim.clone(),
            work: Work::Edited(Box::new(part)),
            heard: Some(heard),
        }));
        if turning.finished.send(message).is_err() {
            return ControlFlow::Break(Halt::Stops);
        }
        kill::point("after-part");
        self.answer = Some(answer);
        ControlFlow::Continue(())
    }

    fn settle(&mut self) -> ControlFlow<Halt> {
        let lane = &self.turning.shared.lane;
        let Some(answer) = self.answer.take() else {
            return ControlFlow::Continue(());
        };
        loop {
            // A recorder that waits for room on the disk is no hang of this worker.
            lane.gets_on(self.turning.number);
            match answer.recv_timeout(HEARD_WAIT) {
                Ok(Heard::Recorded) => return self.turning.wait_out_a_pause(),
                Ok(Heard::Elsewhere) => return ControlFlow::Break(Halt::Elsewhere),
                Ok(Heard::Refused(why)) => return ControlFlow::Break(Halt::Refused(why)),
                Err(RecvTimeoutError::Timeout) if !lane.is_stopping() => {}
                // The recorder still has it, and commits it before it ends.
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    return ControlFlow::Break(Halt::Stops);
                }
            }
        }
    }
}
