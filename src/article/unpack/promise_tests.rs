//! The promise: whole members are given once, under the same numbers, however much of the file is there; and no bytes make
//! it fail.

use proptest::prelude::*;

use super::test_support::*;
use super::{Bounds, Ending};

/// Reads `file` cut at every byte, then whole from where that left off: together that is the whole.
fn holds_when_cut_anywhere(file: &[u8]) {
    let (whole, summary) = all(file);
    assert_eq!(summary.ending, Ending::Complete);
    for cut in 0..file.len() {
        let (before, summary) = all(&file[..cut]);
        let settled = usize::try_from(summary.settled).unwrap();
        let first = before.iter().take(settled);
        assert!(
            first.map(|member| (member.ordinal, &member.bytes)).eq(whole
                .iter()
                .take(settled)
                .map(|member| (member.ordinal, &member.bytes))),
            "cut at {cut}: {summary:?}"
        );
        let (after, _) = unpacked(file, &Bounds::default(), summary.settled);
        assert_eq!(after, whole[settled..], "cut at {cut}");
        let says =
            summary.ending == Ending::Complete || matches!(summary.ending, Ending::Truncated(_));
        assert!(says, "cut at {cut}: {summary:?}");
    }
}

fn lines() -> Vec<u8> {
    b"{\"title\":\"one\"}\n\n{\"title\":\"two\"}\r\n{\"title\":\"three\"}".to_vec()
}

fn members() -> Vec<(&'static str, &'static [u8])> {
    vec![
        ("a/one.txt", b"The first story."),
        ("two.jsonl", b"{\"a\":1}\n{\"a\":2}\n"),
        ("three.txt", b"The third story."),
    ]
}

#[test]
fn a_tar_that_is_cut_anywhere_goes_on_where_it_was() {
    holds_when_cut_anywhere(&tar(&members()));
    holds_when_cut_anywhere(&gzip(&tar(&members())));
}

#[test]
fn a_zip_that_is_cut_anywhere_goes_on_where_it_was() {
    let mut zipped: Vec<Zipped<'_>> = members()
        .into_iter()
        .map(|(name, content)| Zipped::new(name, content))
        .collect();
    zipped.push(Zipped {
        flags: 8,
        ..Zipped::new("behind", b"The sizes come later.")
    });
    zipped.push(Zipped::new("../evil", b"evil"));
    zipped.push(Zipped::new("last", b"The last."));
    holds_when_cut_anywhere(&zip(&zipped));
    holds_when_cut_anywhere(&gzip(&zip(&zipped)));
}

#[test]
fn a_warc_that_is_cut_anywhere_goes_on_where_it_was() {
    let records = [
        record(
            "warcinfo",
            "i",
            "application/warc-fields",
            b"software: none",
        ),
        response("http://a.example/1", OK_HTML, b"<p>One.</p>"),
        response("http://a.example/2", OK_HTML, b"<p>Two.</p>"),
    ];
    holds_when_cut_anywhere(&records.concat());
    let each: Vec<Vec<u8>> = records.iter().map(|record| gzip(record)).collect();
    holds_when_cut_anywhere(&each.concat());
}

#[test]
fn files_of_records_that_are_cut_anywhere_go_on_where_they_were() {
    holds_when_cut_anywhere(&lines());
    let marked = format!("\u{feff}{}", String::from_utf8(lines()).unwrap());
    let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    holds_when_cut_anywhere(&utf16);
    holds_when_cut_anywhere(b"[{\"a\":1},{\"b\":\"]\"},{\"c\":3}]");
    holds_when_cut_anywhere(
        b"From a@b Thu Jan  1 00:00:00 2015\nSubject: one\n\nBody.\n\nFrom a@b Thu Jan  1 00:00:01 2015\nSubject: two\n\nEnd.\n",
    );
    holds_when_cut_anywhere(b"id,title,text\n1,\"a\nb\",c\n2,\"d \"\"e\"\"\",f\n3,g,h");
    holds_when_cut_anywhere(
        b"<rss><channel><title>N</title><item>1</item><item>2</item></channel></rss>",
    );
    holds_when_cut_anywhere(&zstandard(&lines()));
    holds_when_cut_anywhere(&bzip2(&lines()));
    holds_when_cut_anywhere(XZ);
}

/// A disk that fails from some byte on.
struct Failing(std::io::Cursor<Vec<u8>>, u64);

impl std::io::Read for Failing {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.0.position() >= self.1 {
            return Err(std::io::Error::other("the disk fails"));
        }
        let bytes = into.len().min(16);
        self.0.read(&mut into[..bytes])
    }
}

impl std::io::Seek for Failing {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_disk_that_fails_is_no_file_that_was_cut() {
    let zipped = [Zipped::new("a", b"one"), Zipped::new("b", b"two")];
    for file in [
        lines(),
        gzip(&tar(&members())),
        zip(&zipped),
        gzip(&zip(&zipped)),
    ] {
        for at in [0, 40] {
            let mut source = Failing(std::io::Cursor::new(file.clone()), at);
            let take = &mut |_| std::ops::ControlFlow::Continue(());
            let ended = super::unpack(&mut source, &Bounds::default(), None, 0, take);
            assert_eq!(ended.map_err(|trouble| trouble.code()), Err("read"));
        }
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let zipped = [Zipped::new("a", b"one"), Zipped::new("b", b"two")];
    vec![
        tar(&members()),
        gzip(&tar(&members())),
        zip(&zipped),
        gzip(&zip(&zipped)),
        bzip2(&lines()),
        zstandard(&lines()),
        lines(),
        response("u", OK_HTML, b"<p>One.</p>").repeat(3),
        b"From a@b Thu Jan  1 00:00:00 2015\nSubject: one\n\nBody.\n\n".repeat(3),
        b"title,text\na,\"b\"\n\"c\nd\",e\n".to_vec(),
        b"<rss><channel><title>N</title><item>1</item><item>2</item></channel></rss>".to_vec(),
        b"[{\"a\":1},{\"b\":\"]\"},{\"c\":3}]".to_vec(),
        XZ.to_vec(),
    ]
}

/// Small bounds, so that they are met.
fn narrow() -> Bounds {
    Bounds {
        expanded_bytes_max: 1 << 20,
        ratio_from_bytes: 4096,
        members_max: 50,
        member_bytes_max: 600,
        nesting_max: 3,
        cell_bytes_max: 64,
        ..Bounds::default()
    }
}

fn skipping_gives_the_rest(file: &[u8], bounds: &Bounds, skip: usize) {
    let (whole, all_seen) = unpacked(file, bounds, 0);
    let (rest, seen) = unpacked(file, bounds, skip as u64);
    assert_eq!(rest, whole[skip.min(whole.len())..]);
    assert_eq!(
        (all_seen.members, all_seen.settled, all_seen.ending),
        (seen.members, seen.settled, seen.ending)
    );
}

proptest! {
    #[test]
    fn any_bytes_are_survived(file in proptest::collection::vec(any::<u8>(), 0..2000), skip in 0usize..4) {
        skipping_gives_the_rest(&file, &Bounds::default(), skip);
    }

    #[test]
    fn damaged_containers_are_survived(
        seed in proptest::sample::select(seeds()),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        skip in 0usize..4,
    ) {
        let mut file = seed;
        for (at, byte) in damage {
            let at = at.index(file.len());
            file[at] = byte;
        }
        skipping_gives_the_rest(&file, &Bounds::default(), skip);
        skipping_gives_the_rest(&file, &narrow(), skip);
        file.truncate(cut.index(file.len()));
        skipping_gives_the_rest(&file, &Bounds::default(), skip);
        skipping_gives_the_rest(&file, &narrow(), skip);
    }
}
