//! What a worker makes of a claim where the record does not answer.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::article::Rules;
use crate::article::unpack::Bounds;
use crate::config::{Drop, Retry};
use crate::job::{DropId, Fate, JobId};
use crate::store::jobs::Claim;
use crate::store::members::{Earlier, Standing};

use super::order_tests::{Told, settled};
use super::worker::{self, Halt, Tools, Work};

const STORY: &str = "Ferry to Askholm runs again\n\nThe ferry between Torvik and Askholm went back into service on \
                     Tuesday, eleven days after a storm had torn away its landing stage, the county said.\n";

/// One turn on a file with a story in it; the record answers as it is told to.
fn turn(
    mut standing: impl FnMut() -> rusqlite::Result<Standing>,
    mut earlier: impl FnMut() -> rusqlite::Result<Option<Earlier>>,
) -> Work {
    let file = settled(0);
    let claim = Claim {
        id: JobId(1),
        drop: DropId(1),
        path: file.path,
        stamp: file.stamp,
        seen_ms: file.seen_ms,
        attempt: 1,
    };
    let mut tools = Tools {
        disk: &Told(vec![STORY.to_owned()]),
        drop: &Drop::plain(PathBuf::from("/drop")),
        file_bytes_max: 1 << 20,
        bounds: &Bounds::default(),
        rules: &Rules::default(),
        file_max: Duration::MAX,
        retry: &Retry::default(),
        learnt: None,
        standing: &mut |_: &[u8; 32]| standing(),
        earlier: &mut |_: &Path, _| earlier(),
        gets_on: &|| ControlFlow::Continue(()),
        parts: &mut |_| ControlFlow::Break(Halt::Stops),
    };
    worker::turn(&claim, &mut tools).expect("nobody stops it")
}

fn is_put_off(work: &Work) -> bool {
    matches!(work, Work::Failed(Fate::Again, why) if why.contains("the store does not say"))
}

#[test]
fn a_file_waits_while_the_record_does_not_say_whether_it_has_it() {
    let busy = || rusqlite::Error::InvalidQuery;
    let is_edited = |work: &Work| matches!(work, Work::Edited(_));
    assert!(is_edited(&turn(|| Ok(Standing::New), || Ok(None))));
    assert!(is_put_off(&turn(|| Err(busy()), || Ok(None))));
    assert!(is_put_off(&turn(|| Ok(Standing::New), || Err(busy()))));
}
