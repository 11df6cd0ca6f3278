//! Seats in stories, over ranks and links alone.

use super::{COMPANY, FAINT, JOIN, JOIN_AGAIN, Link, MEMBERS_HEARD, Rank};

/// An item to be seated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// Where it stands.
    pub rank: Rank,
    /// What the crowd raises its thresholds by.
    pub raise: f32,
    /// Its seat where that is known and stays: of items before the first that is not known. The first
    /// [`MEMBERS_HEARD`] members of their stories have to be entries too.
    pub seat: Option<Seat>,
}

/// Where an item sits, by places among the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// The first member of its story.
    pub head: usize,
    /// How many members came before it.
    pub number: usize,
}

/// What is linked to each entry.
fn linked(count: usize, links: &[Link]) -> Vec<Vec<(usize, f32)>> {
    let mut linked: Vec<Vec<(usize, f32)>> = vec![Vec::new(); count];
    for link in links {
        for (from, to) in [(link.a, link.b), (link.b, link.a)] {
            if let Some(linked) = linked.get_mut(from) {
                linked.push((to, link.strength));
            }
        }
    }
    linked
}

/// Step 3 of the rule: the seat of each entry.
pub fn seat(entries: &[Entry], links: &[Link]) -> Vec<Seat> {
    let linked = linked(entries.len(), links);
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_unstable_by_key(|at| entries.get(*at).map(|entry| entry.rank));
    let mut seats: Vec<Option<Seat>> = vec![None; entries.len()];
    // Members of the story each entry is the head of.
    let mut members = vec![0; entries.len()];
    for at in order {
        let Some(entry) = entries.get(at) else {
            continue;
        };
        let seat = entry.seat.unwrap_or_else(|| {
            let voices = linked.get(at).into_iter().flatten();
            let voices = voices.filter_map(|(other, strength)| {
                let seat = seats.get(*other).copied().flatten()?;
                Some((seat, *strength))
            });
            let rank = |head: usize| entries.get(head).map(|entry| entry.rank);
            let head = nearest(voices.collect(), &members, rank, JOIN + entry.raise).unwrap_or(at);
            Seat {
                head,
                number: members.get(head).copied().unwrap_or(0),
            }
        });
        if let (Some(place), Some(members)) = (seats.get_mut(at), members.get_mut(seat.head)) {
            *place = Some(seat);
            *members = seat.number + 1;
        }
    }
    let alone = |at: usize| Seat {
        head: at,
        number: 0,
    };
    let seats = seats.into_iter().enumerate();
    seats
        .map(|(at, seat)| seat.unwrap_or_else(|| alone(at)))
        .collect()
}

/// Step 4 of the rule: the head of each entry's story.
pub fn settle(entries: &[Entry], seats: &[Seat], links: &[Link]) -> Vec<usize> {
    let mut members = vec![0; entries.len()];
    for seat in seats {
        if let Some(members) = members.get_mut(seat.head) {
            *members += 1;
        }
    }
    let several = |head: usize| members.get(head).is_some_and(|members| *members > 1);
    let linked = linked(entries.len(), links);
    let head = |(at, (seat, entry)): (usize, (&Seat, &Entry))| {
        if several(seat.head) {
            return seat.head;
        }
        let voices = linked.get(at).into_iter().flatten();
        let voices = voices.filter_map(|(other, strength)| {
            let seat = seats.get(*other).filter(|seat| several(seat.head))?;
            Some((*seat, *strength))
        });
        let rank = |head: usize| entries.get(head).map(|entry| entry.rank);
        nearest(voices.collect(), &members, rank, JOIN_AGAIN + entry.raise).unwrap_or(seat.head)
    };
    let seats = seats.iter().zip(entries).enumerate();
    seats.map(head).collect()
}

/// The head of the story that is nearest and as near as `least`, by what members of stories say.
fn nearest(
    mut voices: Vec<(Seat, f32)>,
    members: &[usize],
    rank: impl Fn(usize) -> Option<Rank>,
    least: f32,
) -> Option<usize> {
    voices.retain(|(seat, _)| seat.number < MEMBERS_HEARD);
    // By seat, so that the sum does not depend on the order in which links are known.
    voices.sort_unstable_by_key(|(seat, _)| (seat.head, seat.number));
    let mut best: Option<(f32, usize)> = None;
    for voices in voices.chunk_by(|a, b| a.0.head == b.0.head) {
        let Some((seat, _)) = voices.first() else {
            continue;
        };
        let members = members.get(seat.head).map_or(1, |it| *it);
        #[expect(clippy::cast_precision_loss, reason = "at most eight")]
        let members = members.clamp(1, MEMBERS_HEARD) as f32;
        let above: f32 = voices.iter().map(|(_, strength)| strength - FAINT).sum();
        let near = FAINT + above / members + COMPANY * members.ln();
        let better = best.is_none_or(|(nearest, head)| {
            near > nearest || (near >= nearest && rank(seat.head) < rank(head))
        });
        if near >= least && better {
            best = Some((near, seat.head));
        }
    }
    best.map(|(_, head)| head)
}
