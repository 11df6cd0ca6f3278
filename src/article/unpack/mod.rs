//! One file in, its leaf members out: compression, archives and files of many records are taken apart here.
//!
//! A *leaf* is anything that is none of our containers: a page, a wire file, one JSON object, one message. What it is and
//! what it says is the business of the readers above. Containers are recognised by content alone and read as a stream;
//! a member is held in memory whole, one at a time, and nothing touches the disk.
//!
//! | layer | member |
//! |---|---|
//! | gzip, zstd, bzip2, xz | what was compressed, all concatenated streams |
//! | UTF-16 | the same text in UTF-8, where that has records |
//! | zip, tar | each regular file, in the order of the bytes |
//! | WARC | each `response` with status 200 and a text type, `resource`, `conversion`: the payload, decoded |
//! | mbox | each message without its envelope line, `>From ` as it stands |
//! | JSON Lines, JSON values, JSON array | each value |
//! | CSV, TSV | the header and one row |
//! | RSS, Atom, RDF | the head of the feed and one item, with the end tags of what was open |
//!
//! # Growing files
//! Members are numbered in the order of the file, and only what is whole has a number. So a file that was cut short gives
//! the same members under the same numbers when the rest arrives: read it again with `skip` = [`Summary::settled`].
//!
//! # Limits of this
//! A zip is listed by its directory where it has one, and else by its local headers; a writer that left deleted members or
//! gaps between the members can make the two differ. UTF-16 without a byte order mark is always a leaf.
//!
//! Invariant: a member is handed out at most once, its number depends on the bytes alone, and memory is bounded by
//! [`Bounds`] whatever the file says of itself.

mod compressed;
mod csv;
mod feed;
mod http;
mod json;
mod markup;
mod mbox;
mod place;
mod sniff;
mod stream;
mod tar;
mod trouble;
mod utf16;
mod walk;
mod warc;
mod zip;
mod zip_directory;

#[cfg(test)]
mod archive_tests;
#[cfg(test)]
mod promise_tests;
#[cfg(test)]
mod record_tests;
#[cfg(test)]
mod test_support;

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use serde::Serialize;

pub use place::{Kind, Place, Step};
pub use trouble::Trouble;

use stream::{File, Meter, Stream};
use trouble::Stop;
use walk::Walk;

/// Where a file's bytes come from.
pub trait Source: Read + Seek {}

impl<S: Read + Seek + ?Sized> Source for S {}

/// Bounds of the work on one file. The reasons for the defaults stand with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Most bytes unpacked, all layers together.
    pub expanded_bytes_max: u64,
    /// Most bytes unpacked for each byte of the file.
    pub ratio_max: u64,
    /// Unpacked bytes from which the ratio counts.
    pub ratio_from_bytes: u64,
    /// Most compressions and archives inside each other.
    pub layers_max: usize,
    /// Most members of archives, all layers together, with those that are passed over.
    pub members_max: u64,
    /// Largest member, in bytes.
    pub member_bytes_max: usize,
    /// Deepest nesting of JSON values in a record.
    pub nesting_max: usize,
    /// Largest cell of a table, in bytes: a quote that is open for longer was never closed.
    pub cell_bytes_max: usize,
    /// Names of columns that make a line one of names, beside those that are known: letters and figures, in lower case.
    pub columns: Vec<String>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            // Some hundred times the largest crawl file in use (1 GB packed, 5 GB unpacked): a quarter of an hour at the
            // speed of zstd. What is larger is to be split.
            expanded_bytes_max: 256 << 30,
            // Markup and logs reach 30, feeds of one template 80; deflate ends at 1032, which only bombs come near.
            ratio_max: 200,
            // Small files of much white space are honest, and this much is soon thrown away.
            ratio_from_bytes: 16 << 20,
            // `news.warc.gz` in a zip in a tar.
            layers_max: 3,
            // The largest crawl files have some 200,000 records.
            members_max: 1_000_000,
            // As [`super::Rules::text_bytes_max`]: what is larger would be refused as a text.
            member_bytes_max: 64 << 20,
            // As [`super::Rules::depth_max`]: what is deeper would be refused when it is read.
            nesting_max: 256,
            // Ten times the largest article seen, 1.3 MB of HTML.
            cell_bytes_max: 16 << 20,
            columns: Vec::new(),
        }
    }
}

/// What the layers around a member say of it. Each is a claim of the file, not checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Context {
    /// Name of the innermost archive member, lossily decoded; at the top the file's own where it was given.
    pub name: Option<String>,
    /// Where it was fetched from (WARC-Target-URI).
    pub url: Option<String>,
    /// When it was fetched (WARC-Date). Never the time of publication.
    pub captured: Option<String>,
    /// Identity of the record (WARC-Record-ID).
    pub record_id: Option<String>,
    /// Media type, lower-case, without parameters.
    pub content_type: Option<String>,
    /// Charset parameter of the media type, as it stands.
    pub charset: Option<String>,
    /// `Content-Language` of the HTTP header.
    pub http_language: Option<String>,
    /// `Last-Modified` of the HTTP header.
    pub last_modified: Option<String>,
    /// Envelope line of an mbox message, without `From `.
    pub envelope: Option<String>,
}

impl Context {
    /// What holds for a member of an archive that was found in this context.
    fn of_member(&self, name: String) -> Self {
        Self {
            name: Some(name),
            url: self.url.clone(),
            captured: self.captured.clone(),
            record_id: self.record_id.clone(),
            ..Self::default()
        }
    }
}

/// One leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which leaf of the file it is, from 0, those with trouble included.
    pub ordinal: u64,
    /// The way to it.
    pub place: Place,
    /// Its bytes, or why there are none.
    pub bytes: Result<Vec<u8>, Trouble>,
    /// What the layers around it say.
    pub context: Context,
    /// Whether the file itself is the leaf.
    pub is_whole_file: bool,
    /// Whether more bytes at the end of the file could change it.
    pub is_open: bool,
}

/// How the walk over a file ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// At the proper end.
    Complete,
    /// The file ends before its content does. All whole members were given; the rest may still arrive. So ends also a file
    /// whose last line or value will never be whole: that nothing follows only the caller can tell.
    Truncated(Trouble),
    /// Something in the file cannot be read, nor what follows it. Members before it were given.
    Damaged(Trouble),
    /// A bound of the whole file was reached.
    Stopped(Trouble),
    /// The taker wanted no more.
    Left,
}

/// What there was in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Leaves seen, with those skipped.
    pub members: u64,
    /// How many of them, from the first, stay as they are however the file grows: what to skip next time.
    pub settled: u64,
    /// How it ended.
    pub ending: Ending,
    /// Bytes behind the end of a layer that belong to nothing.
    pub trailing_bytes: u64,
    /// What was passed over, by reason: directories, links, WARC records that are no content.
    pub passed_over: BTreeMap<&'static str, u64>,
    /// The file's size when the walk began; later bytes were not read.
    pub file_bytes: u64,
}

impl Summary {
    /// Whether more bytes at the end could change a member that was given.
    pub fn last_is_open(&self) -> bool {
        self.settled < self.members
    }
}

/// Takes a file apart: hands its leaves to `take` in the order of the file, but for the first `skip`, which are walked
/// over without being held.
///
/// # Errors
/// Only where the file itself cannot be read. Everything else is the trouble of a member, or the summary's ending.
pub fn unpack(
    source: &mut dyn Source,
    bounds: &Bounds,
    file_name: Option<&str>,
    skip: u64,
    take: &mut dyn FnMut(Member) -> ControlFlow<()>,
) -> Result<Summary, Trouble> {
    let file_bytes = source
        .seek(SeekFrom::End(0))
        .map_err(|error| Trouble::read(&error))?;
    let meter = Meter::new(bounds, file_bytes);
    let mut walk = Walk::new(bounds, &meter, skip, take);
    walk.context.name = file_name.map(str::to_owned);
    let ended = open(&mut walk, source, &meter);
    let ending = match ended {
        Ok(()) => Ending::Complete,
        Err(stop) => match ending_of(stop) {
            Ended::As(ending) => ending,
            Ended::Unread(trouble) => return Err(trouble),
        },
    };
    Ok(Summary {
        members: walk.members,
        settled: walk.settled,
        ending,
        trailing_bytes: walk.trailing_bytes,
        passed_over: walk.passed_over,
        file_bytes,
    })
}

/// A zip is read by its directory, so it needs the file itself; all else is a stream.
fn open(walk: &mut Walk<'_>, source: &mut dyn Source, meter: &Meter) -> Result<(), Stop> {
    let mut file = File::new(source, meter)?;
    let mut head = Stream::new(Kind::File, Box::new(&mut file));
    let is_zip = sniff::is_zip(head.want(4));
    head.failure()?;
    drop(head);
    file.seek(SeekFrom::Start(0))
        .map_err(|error| Stop::of(Kind::File, 0, &error))?;
    if is_zip {
        walk.layer(Kind::Zip, |walk| zip::walk_file(walk, &mut file))
    } else {
        walk.descend(Stream::new(Kind::File, Box::new(file)))
    }
}

enum Ended {
    As(Ending),
    Unread(Trouble),
}

fn ending_of(stop: Stop) -> Ended {
    Ended::As(match stop {
        Stop::Broken(trouble @ Trouble::Truncated { .. }) => Ending::Truncated(trouble),
        Stop::Broken(trouble) => Ending::Damaged(trouble),
        Stop::Spent(trouble) => Ending::Stopped(trouble),
        Stop::Unread(trouble) => return Ended::Unread(trouble),
        Stop::Enough => Ending::Left,
        Stop::Upstream => Ending::Truncated(Trouble::Truncated {
            kind: Kind::File,
            at: 0,
            what: "a member is not all there",
        }),
    })
}
