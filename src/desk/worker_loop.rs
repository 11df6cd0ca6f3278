//! A worker's thread: takes claims from the lane, turns, hands the work to the recorder.

use std::sync::mpsc::SyncSender;

use crate::config::Drop;
use crate::job::{Fate, Reason};
use crate::store::articles;
use crate::store::jobs::Claim;

use super::known::Cache;
use super::worker::{Finished, Tools, Work, turn};
use super::{DeskError, Message, Shared, kill};

pub(super) fn run(
    shared: &Shared,
    number: usize,
    finished: &SyncSender<Message>,
) -> Result<(), DeskError> {
    let reader = shared.store.reader()?;
    let mut known = Cache::default();
    while let Some(claim) = shared.lane.take(number) {
        let hands = |result: std::io::Result<()>| {
            result.map_err(|source| DeskError::Hands {
                path: super::hands::Hands::path_of(shared.store.path()),
                source,
            })
        };
        hands(shared.hands.take(number, claim.id))?;
        kill::point("before-read");
        kill::on(&claim.path);
        let work = work_on(shared, &reader, &mut known, &claim);
        kill::point("after-read");
        hands(shared.hands.put_down(number))?;
        let message = Message::Finished(Box::new(Finished { claim, work }));
        if finished.send(message).is_err() {
            // The recorder ended, and has said why.
            return Ok(());
        }
        shared.lane.put_down(number);
    }
    Ok(())
}

fn work_on(
    shared: &Shared,
    reader: &rusqlite::Connection,
    known: &mut Cache,
    claim: &Claim,
) -> Work {
    let Some(drop) = shared.drops.get(&claim.drop) else {
        return Work::Failed(
            Fate::Hold(Reason::ReadError),
            "its drop folder is not configured any more".to_owned(),
        );
    };
    let drop: &Drop = drop;
    let mut is_known = |digest: &[u8; 32]| {
        articles::find_document(reader, digest)
            .ok()
            .map(|document| document.is_some())
    };
    let mut learnt = |source: &str| known.of_source(&shared.furniture, reader, source);
    let mut tools = Tools {
        learnt: (shared.settings.furniture_after > 0).then_some(&mut learnt),
        disk: &*shared.disk,
        drop,
        file_bytes_max: shared.settings.limits.file_bytes_max,
        rules: &shared.rules,
        retry: &shared.settings.retry,
        is_known: &mut is_known,
    };
    turn(claim, &mut tools)
}
