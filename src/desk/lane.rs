//! What the threads of the desk share: the claims that wait for a worker, and who has what in hand.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::store::jobs::Claim;

use super::DeskReport;
use super::reading::BIG_BYTES;

/// Bytes of input files that may be between reading and commit at any time: what bounds memory, whatever the files'
/// sizes. A single larger file passes alone.
const BYTES_IN_WORK_MAX: u64 = 24 << 20;

/// What a file that is read in pieces counts for: the parts of it that are between reading and commit.
const PIECES_BYTES: u64 = 8 << 20;

/// Most claims of files that are read in pieces that wait for their worker: beyond it nothing new is claimed.
const BIG_WAITING_MAX: usize = 4_096;

/// About the time a sync takes: waiting this long for a file that is in hand saves one.
const IN_HAND_WAIT: Duration = Duration::from_millis(4);

#[derive(Debug)]
pub(super) struct Lane {
    state: Mutex<State>,
    ready: Condvar,
}

#[derive(Debug)]
struct State {
    ready: VecDeque<Claim>,
    /// Claims of files that are read in pieces: one worker takes them alone, so that no other file waits behind them.
    big: VecDeque<Claim>,
    in_hand: Vec<Option<Instant>>,
    /// Claimed and not recorded: waiting, in hand, or finished.
    outstanding: usize,
    /// Sizes of the files in hand or finished.
    bytes_in_work: u64,
    /// The recorder is committing claims: they are made in the store before they are counted here.
    claiming: bool,
    /// The one outstanding claim is a file a process died on: nothing else is claimed beside it.
    suspect: bool,
    stopping: bool,
    paused: Option<String>,
    recorder_turned: Instant,
}

impl State {
    /// Gives a claim into the hand of a worker.
    fn hand(&mut self, worker: usize, claim: Claim) -> Claim {
        self.bytes_in_work += Lane::weight(&claim);
        if let Some(slot) = self.in_hand.get_mut(worker) {
            *slot = Some(Instant::now());
        }
        claim
    }
}

impl Lane {
    pub(super) fn new(workers: usize) -> Self {
        Self {
            state: Mutex::new(State {
                ready: VecDeque::new(),
                big: VecDeque::new(),
                // One more: it reads big files.
                in_hand: vec![None; workers + 1],
                outstanding: 0,
                bytes_in_work: 0,
                claiming: false,
                suspect: false,
                stopping: false,
                paused: None,
                recorder_turned: Instant::now(),
            }),
            ready: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a file counts for while it is between reading and commit.
    pub(super) fn weight(claim: &Claim) -> u64 {
        claim.stamp.size_bytes.min(PIECES_BYTES)
    }

    /// The next big file, as soon as there is one; `None` once the desk stops.
    pub(super) fn take_big(&self, worker: usize) -> Option<Claim> {
        let mut state = self.state();
        loop {
            if state.stopping {
                return None;
            }
            if let Some(claim) = state.big.pop_front() {
                return Some(state.hand(worker, claim));
            }
            state = self.wait(state);
        }
    }

    /// Waits until there is something to take, or the desk stops.
    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let woken = self.ready.wait(state);
        woken.unwrap_or_else(PoisonError::into_inner)
    }

    /// A worker has got on with the file it has in hand.
    pub(super) fn gets_on(&self, worker: usize) {
        if let Some(slot) = self.state().in_hand.get_mut(worker) {
            *slot = Some(Instant::now());
        }
    }

    /// The next claim for a worker, as soon as there is one and room for its bytes; `None` once the desk stops.
    pub(super) fn take(&self, worker: usize) -> Option<Claim> {
        let mut state = self.state();
        loop {
            if state.stopping {
                return None;
            }
            let fits = state.ready.front().is_some_and(|claim| {
                state.bytes_in_work == 0
                    || state.bytes_in_work + Self::weight(claim) <= BYTES_IN_WORK_MAX
            });
            if fits && let Some(claim) = state.ready.pop_front() {
                return Some(state.hand(worker, claim));
            }
            state = self.wait(state);
        }
    }

    /// The worker has handed its work on.
    pub(super) fn put_down(&self, worker: usize) {
        if let Some(slot) = self.state().in_hand.get_mut(worker) {
            *slot = None;
        }
    }

    /// The desk stops, and the worker leaves its file in the middle: the claim goes back with those nobody began.
    pub(super) fn leave(&self, worker: usize, claim: Claim) {
        let mut state = self.state();
        state.big.push_back(claim);
        if let Some(slot) = state.in_hand.get_mut(worker) {
            *slot = None;
        }
    }

    /// The file that is worked on alone gets on: it is suspected no more, and nothing waits for its end.
    pub(super) fn trust(&self) {
        self.state().suspect = false;
    }

    /// From now until [`Self::add`] claims may be in the store that are not counted.
    pub(super) fn begin_claiming(&self) {
        self.state().claiming = true;
    }

    /// Claims were made; `suspect` says that the one claim must be worked on alone.
    pub(super) fn add(&self, claims: Vec<Claim>, suspect: bool) {
        let mut state = self.state();
        state.claiming = false;
        state.outstanding += claims.len();
        state.suspect |= suspect;
        let (big, small): (Vec<Claim>, Vec<Claim>) = claims
            .into_iter()
            .partition(|claim| claim.stamp.size_bytes >= BIG_BYTES);
        state.ready.extend(small);
        state.big.extend(big);
        drop(state);
        self.ready.notify_all();
    }

    /// These files are recorded.
    pub(super) fn recorded(&self, files: usize, bytes: u64) {
        let mut state = self.state();
        state.outstanding = state.outstanding.saturating_sub(files);
        state.bytes_in_work = state.bytes_in_work.saturating_sub(bytes);
        if state.outstanding == 0 {
            state.suspect = false;
        }
        drop(state);
        self.ready.notify_all();
    }

    /// How many more may be claimed so that `most` wait; none while a suspect is worked on, or in a pause.
    pub(super) fn room(&self, most: usize) -> usize {
        let state = self.state();
        let is_crowded = state.big.len() >= BIG_WAITING_MAX;
        if state.stopping || state.suspect || state.paused.is_some() || is_crowded {
            return 0;
        }
        most.saturating_sub(state.ready.len())
    }

    pub(super) fn outstanding(&self) -> usize {
        self.state().outstanding
    }

    /// How long the recorder does well to wait for more before it commits: with a backlog as long as it may, since a
    /// sync and an index segment a commit are what commits cost; for what is in hand a moment; for nothing not at all.
    pub(super) fn worth_waiting(&self) -> Duration {
        let state = self.state();
        if !state.ready.is_empty() {
            Duration::MAX
        } else if state.in_hand.iter().any(Option::is_some) {
            IN_HAND_WAIT
        } else {
            Duration::ZERO
        }
    }

    /// Whether nothing is claimed, or about to be.
    pub(super) fn is_idle(&self) -> bool {
        let state = self.state();
        state.outstanding == 0 && !state.claiming
    }

    /// Whether a worker has something in hand.
    pub(super) fn is_working_in_hand(&self) -> bool {
        self.state().in_hand.iter().any(Option::is_some)
    }

    /// Takes back what no worker has begun.
    pub(super) fn take_back(&self) -> Vec<Claim> {
        let mut state = self.state();
        let mut claims: Vec<Claim> = state.ready.drain(..).collect();
        claims.extend(state.big.drain(..));
        state.outstanding = state.outstanding.saturating_sub(claims.len());
        claims
    }

    pub(super) fn stop(&self) {
        self.state().stopping = true;
        self.ready.notify_all();
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.state().stopping
    }

    pub(super) fn is_paused(&self) -> bool {
        self.state().paused.is_some()
    }

    /// Sets or lifts the pause; tells whether that is a change.
    pub(super) fn pause(&self, why: Option<String>) -> bool {
        let mut state = self.state();
        let changed = state.paused.is_some() != why.is_some();
        state.paused = why;
        changed
    }

    pub(super) fn recorder_turned(&self) {
        self.state().recorder_turned = Instant::now();
    }

    pub(super) fn report(&self, now: Instant) -> DeskReport {
        let state = self.state();
        let age = |since: Instant| {
            u64::try_from(now.saturating_duration_since(since).as_millis()).unwrap_or(u64::MAX)
        };
        DeskReport {
            outstanding: state.outstanding,
            in_hand: state.in_hand.iter().flatten().count(),
            longest_in_hand_ms: state
                .in_hand
                .iter()
                .flatten()
                .map(|at| age(*at))
                .max()
                .unwrap_or(0),
            recorder_turned_ms: age(state.recorder_turned),
            paused: state.paused.clone(),
        }
    }
}
