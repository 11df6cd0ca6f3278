//! An input taken apart and edited, member by member, with small bounds, and what holds of that whatever it was.

use std::io::Cursor;
use std::ops::ControlFlow;

use copydesk::article::leaf;
use copydesk::article::unpack::{self, Bounds, Kind, Member, Summary};
use copydesk::article::{Edited, Hints, Rules};

use super::promises;

/// Small enough to be reached by an input of some kilobytes.
fn bounds() -> Bounds {
    Bounds {
        expanded_bytes_max: 8 << 20,
        ratio_from_bytes: 1 << 20,
        members_max: 1_000,
        member_bytes_max: 1 << 20,
        cell_bytes_max: 64 << 10,
        ..Bounds::default()
    }
}

fn rules() -> Rules {
    Rules {
        text_bytes_max: 1 << 20,
        articles_max: 1_000,
        tokens_max: 200_000,
        ..Rules::default()
    }
}

/// What came of an input that held to its promises.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Outcome {
    pub(crate) articles: usize,
    /// With those that were refused.
    pub(crate) members: usize,
}

/// Takes an input apart, edits each member, and says what came of it, or what is wrong with any of it. `skip` asks whether the members from
/// there on are the same when those before are passed over.
pub(crate) fn hold(input: &[u8], file_name: &str, skip: Option<u64>) -> Result<Outcome, String> {
    let (members, summary) = unpacked(input, file_name, 0)?;
    if members.len() as u64 != summary.members || summary.settled > summary.members {
        return Err(format!("{} members of {summary:?}", members.len()));
    }
    if (0..).zip(&members).any(|(n, member)| member.ordinal != n) {
        return Err("a member is given twice or not at all".to_owned());
    }
    if let Some(skip) = skip {
        let skip = skip % (summary.members + 1);
        let (rest, again) = unpacked(input, file_name, skip)?;
        let first = usize::try_from(skip).expect("few");
        if rest[..] != members[first..] || again != summary {
            return Err(format!("other members when {skip} are skipped"));
        }
    }
    let mut outcome = Outcome::default();
    for member in members {
        let hints = Hints {
            file_name: Some(file_name),
            ..Hints::default()
        };
        let ordinal = member.ordinal;
        let leaf = leaf::edit_member(member, &hints, &rules(), None);
        let Ok(edition) = leaf.edition else {
            outcome.members += 1;
            continue;
        };
        outcome.members += edition.members.len();
        let wrong = |why: String| format!("member {ordinal}, {}: {why}", edition.format.as_str());
        outcome.articles += promises::hold_edition(&edition).map_err(wrong)?;
        let mut end = 0;
        for edited in edition.members.iter().flatten() {
            let item = edited.place.0.last().filter(|it| it.kind == Kind::Item);
            if let Some((start, item_end)) = item.and_then(|item| Some((item.start, item.end?))) {
                if start < end || item_end - start != edited.input.len() as u64 {
                    return Err(wrong(format!("{} is not in its place", edited.place)));
                }
                end = item_end;
            }
            if let Some(why) = misplaced(edited) {
                return Err(wrong(why));
            }
        }
    }
    Ok(outcome)
}

fn unpacked(input: &[u8], file_name: &str, skip: u64) -> Result<(Vec<Member>, Summary), String> {
    let mut members = Vec::new();
    let mut take = |member| {
        members.push(member);
        ControlFlow::Continue(())
    };
    let mut source = Cursor::new(input);
    let summary = unpack::unpack(&mut source, &bounds(), Some(file_name), skip, &mut take);
    let summary = summary.map_err(|trouble| format!("memory cannot be read: {trouble}"))?;
    Ok((members, summary))
}

/// A field whose place is no part of the input.
fn misplaced(edited: &Edited) -> Option<String> {
    let texts = [
        &edited.title,
        &edited.subtitle,
        &edited.guid,
        &edited.version,
        &edited.status,
        &edited.embargo,
        &edited.url,
        &edited.dateline,
        &edited.agency_id,
        &edited.source,
        &edited.published,
        &edited.modified,
        &edited.language,
        &edited.copyright,
        &edited.credit,
    ];
    let texts = texts
        .into_iter()
        .flatten()
        .chain(&edited.byline)
        .chain(&edited.captions);
    let mut spans = texts.map(|found| (found.rule, found.span));
    let (rule, span) = spans.find(|(_, span)| {
        span.is_some_and(|span| edited.input.get(span.start..span.end).is_none())
    })?;
    Some(format!("{rule}: {span:?} is no part of the input"))
}
