//! The walk down the layers: what is open, what was counted, and the handing out of leaves.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use super::compressed::{self, Ledger};
use super::sniff::{self, Shape};
use super::stream::{Meter, Part, Stream, pass_over};
use super::trouble::Stop;
use super::{Bounds, Context, Kind, Member, Place, Step, Trouble};
use super::{csv, feed, json, mbox, tar, utf16, warc, zip};

/// Whether more bytes at the end of the file could change a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It ends by itself.
    Settled,
    /// It ends because the bytes do.
    Open,
}

/// The state of one walk.
pub(super) struct Walk<'w> {
    pub(super) bounds: &'w Bounds,
    pub(super) meter: &'w Meter,
    pub(super) context: Context,
    pub(super) members: u64,
    pub(super) settled: u64,
    pub(super) trailing_bytes: u64,
    pub(super) passed_over: BTreeMap<&'static str, u64>,
    skip: u64,
    take: &'w mut dyn FnMut(Member) -> ControlFlow<()>,
    place: Vec<Step>,
    ledgers: Vec<(usize, Rc<RefCell<Ledger>>)>,
    layers: usize,
    /// How many archive members we are inside of.
    enclosed: usize,
    archive_members: u64,
}

impl<'w> Walk<'w> {
    pub(super) fn new(
        bounds: &'w Bounds,
        meter: &'w Meter,
        skip: u64,
        take: &'w mut dyn FnMut(Member) -> ControlFlow<()>,
    ) -> Self {
        Self {
            bounds,
            meter,
            context: Context::default(),
            members: 0,
            settled: 0,
            trailing_bytes: 0,
            passed_over: BTreeMap::new(),
            skip,
            take,
            place: Vec::new(),
            ledgers: Vec::new(),
            layers: 0,
            enclosed: 0,
            archive_members: 0,
        }
    }

    /// Takes apart what is in `stream`, whatever it is.
    pub(super) fn descend(&mut self, mut stream: Stream<'_>) -> Result<(), Stop> {
        match sniff::recognise(&mut stream, self.bounds) {
            Shape::Compressed(kind) => {
                self.layer(kind, |walk| compressed::walk(walk, kind, stream))
            }
            Shape::Utf16(kind, encoding) => utf16::walk(self, (kind, encoding), stream),
            Shape::Zip => self.layer(Kind::Zip, |walk| zip::walk_stream(walk, stream)),
            Shape::Tar => self.layer(Kind::Tar, |walk| tar::walk(walk, &mut stream)),
            Shape::Warc => self.layer(Kind::Warc, |walk| warc::walk(walk, &mut stream)),
            Shape::Mbox => mbox::walk(self, &mut stream),
            Shape::Jsonl => json::walk_lines(self, &mut stream),
            Shape::JsonValues => json::walk_values(self, &mut stream, Kind::JsonValues),
            Shape::JsonArray => json::walk_values(self, &mut stream, Kind::JsonArray),
            Shape::Table(table) => csv::walk(self, &mut stream, &table),
            Shape::Feed => feed::walk(self, &mut stream),
            Shape::Leaf => self.leaf(&mut stream),
        }
    }

    /// Opens one more layer, if there may be one.
    pub(super) fn layer(
        &mut self,
        kind: Kind,
        walk: impl FnOnce(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let max = self.bounds.layers_max;
        if self.layers >= max {
            return self.give(Err(Trouble::TooManyLayers { kind, max }), Standing::Settled);
        }
        self.layers += 1;
        let ended = walk(self);
        self.layers -= 1;
        ended
    }

    /// Runs `inside` with one more step on the way.
    pub(super) fn step<T>(&mut self, step: Step, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.place.push(step);
        let result = inside(self);
        self.place.pop();
        result
    }

    /// Runs `inside` with a step whose range the decoder's ledger knows.
    pub(super) fn step_with<T>(
        &mut self,
        step: Step,
        ledger: Rc<RefCell<Ledger>>,
        inside: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.ledgers.push((self.place.len(), ledger));
        let result = self.step(step, inside);
        self.ledgers.pop();
        result
    }

    /// Takes apart an archive member: what is wrong inside is the member's trouble, and the archive goes on.
    pub(super) fn enclosed(
        &mut self,
        step: Step,
        context: Context,
        inside: impl FnOnce(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let outer = std::mem::replace(&mut self.context, context);
        self.enclosed += 1;
        let result = self.step(step, |walk| match inside(walk) {
            Err(Stop::Broken(trouble)) => walk.give(Err(trouble), Standing::Settled),
            other => other,
        });
        self.enclosed -= 1;
        self.context = outer;
        result
    }

    /// Takes apart the next `bytes` of an archive's stream as a member, and leaves the stream behind them.
    pub(super) fn part(
        &mut self,
        stream: &mut Stream<'_>,
        bytes: u64,
        step: Step,
        context: Context,
        inside: impl FnOnce(&mut Self, Stream<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let kind = step.kind;
        let (start, until) = (step.start, stream.offset().saturating_add(bytes));
        let ended = self.enclosed(step, context, |walk| {
            inside(walk, Stream::new(kind, Box::new(Part::new(stream, bytes))))
        });
        match ended {
            Ok(()) if pass_over(stream, until) => Ok(()),
            Ok(()) | Err(Stop::Upstream) => {
                stream.failure()?;
                Err(Stop::truncated(kind, start, "a member is not all there"))
            }
            other => other,
        }
    }

    /// Refuses an archive member.
    pub(super) fn refuse(&mut self, step: Step, trouble: Trouble) -> Result<(), Stop> {
        self.step(step, |walk| walk.give(Err(trouble), Standing::Settled))
    }

    /// Counts a member of an archive, whether it is content or not.
    pub(super) fn count_member(&mut self) -> Result<(), Stop> {
        self.archive_members += 1;
        let max = self.bounds.members_max;
        if self.archive_members > max {
            return Err(Stop::Spent(Trouble::TooManyMembers { max }));
        }
        Ok(())
    }

    /// Counts something that is no content.
    pub(super) fn pass_over(&mut self, reason: &'static str) {
        *self.passed_over.entry(reason).or_insert(0) += 1;
    }

    /// Whether the next leaf is one to hand out, so that its bytes are worth keeping.
    pub(super) fn is_wanted(&self) -> bool {
        self.members >= self.skip
    }

    /// How many bytes of the next leaf are worth keeping.
    pub(super) fn room(&self) -> usize {
        if self.is_wanted() {
            self.bounds.member_bytes_max
        } else {
            0
        }
    }

    /// Whether the bytes that are read may go on when the file grows: we are in no archive member, whose end is known.
    pub(super) fn may_grow(&self) -> bool {
        self.enclosed == 0
    }

    /// How the last record stands if the end of the bytes ends it.
    pub(super) fn standing_at_end(&self) -> Standing {
        if self.may_grow() {
            Standing::Open
        } else {
            Standing::Settled
        }
    }

    /// Hands out `bytes`, of which `length` were there.
    pub(super) fn give_measured(
        &mut self,
        bytes: Vec<u8>,
        length: u64,
        standing: Standing,
    ) -> Result<(), Stop> {
        let max = self.bounds.member_bytes_max;
        if usize::try_from(length).is_ok_and(|length| length <= max) {
            self.give(Ok(bytes), standing)
        } else {
            self.give(Err(Trouble::TooLarge { max }), standing)
        }
    }

    /// Hands out the next leaf, unless it is to be skipped.
    pub(super) fn give(
        &mut self,
        bytes: Result<Vec<u8>, Trouble>,
        standing: Standing,
    ) -> Result<(), Stop> {
        let is_wanted = self.is_wanted();
        let ordinal = self.members;
        self.members += 1;
        let was_settled = self.settled == ordinal;
        if standing == Standing::Settled && was_settled {
            self.settled = self.members;
        }
        if !is_wanted {
            return Ok(());
        }
        let member = Member {
            ordinal,
            place: self.place_now(),
            bytes,
            context: self.context.clone(),
            is_whole_file: self.place.is_empty() && self.layers == 0,
            is_open: self.settled < self.members,
        };
        match (self.take)(member) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop::Enough),
        }
    }

    /// The way to where we are, with the ranges of compressed members as far as they are known by now.
    fn place_now(&self) -> Place {
        let mut place = self.place.clone();
        for (at, ledger) in &self.ledgers {
            let range = place
                .get(at + 1)
                .filter(|next| next.kind != Kind::File)
                .map_or((0, None), |next| (next.start, next.end));
            if let Some(step) = place.get_mut(*at) {
                ledger.borrow_mut().settle(step, range);
            }
        }
        Place(place)
    }

    /// A leaf: all that is in the stream.
    fn leaf(&mut self, stream: &mut Stream<'_>) -> Result<(), Stop> {
        let max = self.bounds.member_bytes_max;
        let room = self.room();
        let mut bytes = Vec::new();
        let mut length = 0u64;
        while !stream.is_at_end() {
            let here = stream.here();
            length += here.len() as u64;
            if length > max as u64 {
                return self.give(Err(Trouble::TooLarge { max }), Standing::Settled);
            }
            if room > 0 {
                bytes.extend_from_slice(here);
            }
            stream.pass(usize::MAX);
        }
        stream.failure()?;
        let standing = if self.layers == 0 {
            Standing::Open
        } else {
            Standing::Settled
        };
        self.give(Ok(bytes), standing)
    }
}
