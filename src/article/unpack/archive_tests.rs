//! Compression and archives: what is in them comes out, and what is wrong with one member stays with it.

use super::test_support::*;
use super::{Bounds, Ending, Kind, Trouble};

const STORY: &[u8] = b"Harbour wall finished\n\nVARNHOLM - The wall stands.\n";

fn slice(bytes: &[u8], step: &super::Step) -> Vec<u8> {
    let range = usize::try_from(step.start).unwrap()..usize::try_from(step.end.unwrap()).unwrap();
    bytes[range].to_vec()
}

#[test]
fn a_file_that_is_no_container_is_its_own_leaf() {
    let (members, summary) = all(STORY);
    assert_eq!(texts(&members), [String::from_utf8_lossy(STORY)]);
    assert!(members[0].is_whole_file && members[0].is_open && members[0].place.0.is_empty());
    assert_eq!((summary.members, summary.settled), (1, 0));
}

#[test]
fn each_compression_gives_its_content() {
    let padded = [XZ, &[0; 8], XZ].concat();
    for (packed, times) in [(XZ, 3), (padded.as_slice(), 6)] {
        let (members, summary) = all(packed);
        assert_eq!(texts(&members), ["Harbour\n".repeat(times)]);
        assert_eq!(members[0].place.0[0].kind, Kind::Xz);
        assert_eq!(summary.ending, Ending::Complete);
    }
    for (packed, kind) in [
        (gzip(STORY), Kind::Gzip),
        (zstandard(STORY), Kind::Zstd),
        (bzip2(STORY), Kind::Bzip2),
    ] {
        let (members, summary) = all(&packed);
        assert_eq!(texts(&members), [String::from_utf8_lossy(STORY)]);
        assert_eq!(members[0].place.0[0].kind, kind);
        assert_eq!(summary.ending, Ending::Complete);
        assert_eq!(summary.settled, 1);
        assert_eq!(texts(&all(&[packed.clone(), packed].concat()).0).len(), 1);
    }
}

#[test]
fn bytes_behind_a_good_stream_are_counted_and_left() {
    for packed in [gzip(STORY), zstandard(STORY), bzip2(STORY)] {
        let (members, summary) = all(&[packed.as_slice(), b"garbage"].concat());
        assert_eq!(texts(&members), [String::from_utf8_lossy(STORY)]);
        assert_eq!(
            (summary.trailing_bytes, summary.ending),
            (7, Ending::Complete)
        );
    }
}

#[test]
fn a_leaf_with_a_wrong_checksum_is_not_accepted() {
    let mut packed = gzip(STORY);
    let at = packed.len() - 8;
    packed[at] ^= 0xff;
    let (members, summary) = all(&packed);
    assert!(members.is_empty());
    let kind = Kind::Gzip;
    assert_eq!(summary.ending, Ending::Damaged(Trouble::Checksum { kind }));
}

#[test]
fn a_zstd_dictionary_in_front_is_used() {
    let words = b"Harbour wall finished VARNHOLM The wall stands harbour wall varnholm".repeat(8);
    let mut encoder = zstd::bulk::Compressor::with_dictionary(3, &words).unwrap();
    let packed = encoder.compress(STORY).unwrap();
    let content = zstandard(&words);
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let file = [b"\x5d\x2a\x4d\x18".as_slice(), &length, &content, &packed].concat();
    assert_eq!(texts(&all(&file).0), [String::from_utf8_lossy(STORY)]);
}

#[test]
fn a_bomb_stops_at_the_bound_that_it_names() {
    let zeros = vec![b'a'; 8 << 20];
    let bounds = Bounds {
        ratio_from_bytes: 1 << 20,
        ..Bounds::default()
    };
    for packed in [gzip(&zeros), gzip(&gzip(&zeros)), zstandard(&zeros)] {
        let (members, summary) = unpacked(&packed, &bounds, 0);
        assert!(members.is_empty());
        let Ending::Stopped(trouble) = summary.ending else {
            panic!("{:?}", summary.ending);
        };
        assert_eq!(trouble.code(), "expansion");
    }
}

#[test]
fn layers_are_opened_up_to_the_bound() {
    let four = gzip(&gzip(&gzip(&gzip(STORY))));
    assert_eq!(texts(&all(&four).0), ["!too-deep"]);
    let three = gzip(&bzip2(&zstandard(STORY)));
    assert_eq!(texts(&all(&three).0), [String::from_utf8_lossy(STORY)]);
}

#[test]
fn a_tar_gives_its_regular_files_by_range() {
    let long = format!("{}/{}", "a".repeat(90), "b".repeat(90));
    let mut archive = tar_member("././@LongLink", b'L', 181, long.as_bytes());
    archive.extend(tar_member("cut", b'0', 5, b"first"));
    archive.extend(tar_member("pax", b'x', 19, b"19 path=real name.x\n"));
    archive.truncate(archive.len() - 512);
    archive.extend(b"20 path=real/name.x\n".iter().chain(&[0; 492]));
    archive.extend(tar_member("ignored", b'0', 6, b"second"));
    for (name, kind) in [
        ("link", b'2'),
        ("hard", b'1'),
        ("pipe", b'6'),
        ("dir/", b'5'),
    ] {
        archive.extend(tar_member(name, kind, 0, b""));
    }
    archive.extend(tar_member("../evil", b'0', 4, b"evil"));
    archive.extend(tar_member("last", b'0', 5, b"third"));
    archive.extend([0; 1024]);
    let (members, summary) = all(&archive);
    assert_eq!(texts(&members)[..1], ["first"]);
    assert_eq!(texts(&members).last().unwrap(), "third");
    assert!(texts(&members).contains(&"!unsafe-name".to_owned()));
    assert_eq!(members[0].context.name.as_deref(), Some(long.as_str()));
    for member in members.iter().filter(|member| member.bytes.is_ok()) {
        assert_eq!(
            &slice(&archive, &member.place.0[0]),
            member.bytes.as_ref().unwrap()
        );
    }
    assert_eq!(summary.passed_over.values().sum::<u64>(), 4);
    assert_eq!(summary.ending, Ending::Complete);
}

#[test]
fn a_broken_header_in_a_tar_costs_one_member() {
    let mut archive = tar(&[("a", b"first"), ("b", b"second"), ("c", b"third")]);
    archive[1024 + 3] ^= 1;
    let (members, summary) = all(&archive);
    assert_eq!(texts(&members), ["first", "!bad-member", "third"]);
    assert_eq!(summary.ending, Ending::Complete);
}

#[test]
fn a_page_is_decoded_where_it_is_coded_and_left_where_it_is_not() {
    let head = |coding: &str| format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}");
    let file = [
        response("u", &head("br"), b"\x0b\x02\x80hello\x03"),
        response("u", &head("zstd"), &zstandard(b"hello")),
        response("u", &head("gzip"), b"<p>hello</p>"),
        response("u", &head("gzip, gzip"), &gzip(&gzip(b"hello"))),
        response("u", &head("gzip"), &gzip(b"hello")[..12]),
        response("u", &head("sdch"), b"hello"),
    ]
    .concat();
    let expected = [
        "hello",
        "hello",
        "<p>hello</p>",
        "hello",
        "!truncated",
        "!bad-member",
    ];
    assert_eq!(texts(&all(&file).0), expected);
}

#[test]
fn a_tar_that_claims_more_than_there_is_is_cut() {
    let archive = tar_member("big.txt", b'0', 1 << 32, &[b'a'; 512]);
    let (members, summary) = all(&archive);
    assert!(members.is_empty());
    assert!(
        matches!(summary.ending, Ending::Truncated(_)),
        "{summary:?}"
    );
}

#[test]
fn a_zip_gives_members_of_the_same_name_and_refuses_what_leads_out() {
    let archive = zip(&[
        Zipped::new("story.txt", b"FIRST"),
        Zipped::new("folder/", b""),
        Zipped::new("story.txt", b"SECOND"),
        Zipped::new("../../evil.txt", b"x"),
        Zipped::new("/abs.txt", b"x"),
        Zipped::new("C:\\evil.txt", b"x"),
        Zipped::new("..\\evil.txt", b"x"),
        Zipped {
            mode: 0o120_777,
            ..Zipped::new("link", b"/etc/passwd")
        },
        Zipped {
            flags: 1,
            ..Zipped::new("locked", b"x")
        },
        Zipped {
            flags: 8,
            ..Zipped::new("behind", b"BEHIND")
        },
        Zipped::new("last", b"LAST"),
    ]);
    let expected = [
        "FIRST",
        "SECOND",
        "!unsafe-name",
        "!unsafe-name",
        "!unsafe-name",
        "!unsafe-name",
        "!unsafe-name",
        "!encrypted",
        "BEHIND",
        "LAST",
    ];
    let (members, summary) = all(&archive);
    assert_eq!(texts(&members), expected);
    assert_eq!(summary.passed_over["zip directory"], 1);
    assert_eq!(summary.ending, Ending::Complete);
    assert_eq!(texts(&all(&gzip(&archive)).0), expected);
    let packed = slice(&archive, &members[0].place.0[0]);
    let mut decoder = flate2::read::DeflateDecoder::new(packed.as_slice());
    assert_eq!(std::io::read_to_string(&mut decoder).unwrap(), "FIRST");
}

#[test]
fn a_zip_with_a_wrong_checksum_loses_that_member_alone() {
    let mut archive = zip(&[Zipped::new("a", b"FIRST"), Zipped::new("b", b"SECOND")]);
    let at = memchr::memmem::find(&archive, b"PK\x01\x02").unwrap();
    archive[at + 16] ^= 0xff;
    assert_eq!(texts(&all(&archive).0), ["!checksum", "SECOND"]);
}

#[test]
fn overlapping_entries_spend_the_bound_of_the_whole() {
    let content = vec![b'a'; 1 << 20];
    let one = zip(&[Zipped::new("x", &content)]);
    let begins = memchr::memmem::find(&one, b"PK\x01\x02").unwrap();
    let directory = one[begins..one.len() - 22].repeat(100);
    let archive = end_zip(one[..begins].to_vec(), &directory, 100);
    let bounds = Bounds {
        expanded_bytes_max: 10 << 20,
        ratio_max: u64::MAX,
        ..Bounds::default()
    };
    let (members, summary) = unpacked(&archive, &bounds, 0);
    assert_eq!(members.len(), 10);
    let max = 10 << 20;
    assert_eq!(
        summary.ending,
        Ending::Stopped(Trouble::ExpandedBytes { max })
    );
}

#[test]
fn archives_nest_and_a_bad_one_stays_by_itself() {
    let lines = b"{\"title\":\"one\"}\n{\"title\":\"two\"}\n";
    let inner = zip(&[Zipped::new("x.txt", STORY)]);
    let mut broken = gzip(STORY);
    broken.truncate(20);
    let archive = gzip(&tar(&[
        ("a.jsonl", lines),
        ("broken.gz", &broken),
        ("b.zip", &inner),
        ("c.txt", STORY),
    ]));
    let (members, summary) = all(&archive);
    let story = String::from_utf8_lossy(STORY).into_owned();
    let expected = [
        "{\"title\":\"one\"}",
        "{\"title\":\"two\"}",
        "!truncated",
        &story,
        &story,
    ];
    assert_eq!(texts(&members), expected);
    assert_eq!(
        members[1].place.to_string(),
        "gzip → tar #1 a.jsonl → jsonl line 2"
    );
    assert_eq!((summary.settled, summary.ending), (5, Ending::Complete));
}

#[test]
fn a_member_beyond_the_bound_is_said_and_the_rest_goes_on() {
    let bounds = Bounds {
        member_bytes_max: 100,
        ..Bounds::default()
    };
    let archive = tar(&[("a", &[b'a'; 1000]), ("b", b"b"), ("c", &[b'c'; 100])]);
    let (members, _) = unpacked(&archive, &bounds, 0);
    assert_eq!(
        texts(&members),
        ["!too-large".to_owned(), "b".into(), "c".repeat(100)]
    );
}

#[test]
fn archive_members_are_counted_against_their_bound() {
    let bounds = Bounds {
        members_max: 2,
        ..Bounds::default()
    };
    let (members, summary) = unpacked(&tar(&[("a", b"a"), ("b", b"b"), ("c", b"c")]), &bounds, 0);
    assert_eq!(texts(&members), ["a", "b"]);
    assert_eq!(
        summary.ending,
        Ending::Stopped(Trouble::TooManyMembers { max: 2 })
    );
}

#[test]
fn a_warc_gives_pages_as_they_were_before_transfer() {
    let page = b"<title>Harbour</title><p>The wall stands.</p>";
    let coded = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked";
    let packed = gzip(page);
    let (first, second) = packed.split_at(10);
    let chunks = [
        b"a\r\n".as_slice(),
        first,
        format!("\r\n{:x};x=y\r\n", second.len()).as_bytes(),
        second,
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let records = [
        record(
            "warcinfo",
            "i",
            "application/warc-fields",
            b"software: none",
        ),
        response("http://a.example/1", OK_HTML, page),
        response("http://a.example/2", coded, &chunks),
        response(
            "http://a.example/3",
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/html",
            page,
        ),
        response(
            "http://a.example/4",
            "HTTP/1.1 200 OK\r\nContent-Type: image/png",
            page,
        ),
        record(
            "revisit",
            "http://a.example/5",
            "application/http",
            b"HTTP/1.1 304 Not Modified\r\n\r\n",
        ),
        b"garbage\r\nbetween\r\n".to_vec(),
        record("resource", "http://a.example/6", "text/plain", b"plain"),
    ];
    let plain = records.concat();
    let page = String::from_utf8_lossy(page).into_owned();
    let (members, summary) = all(&plain);
    assert_eq!(
        texts(&members),
        [page.as_str(), page.as_str(), "!bad-member", "plain"]
    );
    assert_eq!(
        members[0].context.url.as_deref(),
        Some("http://a.example/1")
    );
    assert_eq!(members[0].context.charset.as_deref(), Some("utf-8"));
    assert_eq!(members[0].context.http_language.as_deref(), Some("uk"));
    assert_eq!(summary.passed_over["warc revisit"], 1);
    assert_eq!(summary.passed_over.values().sum::<u64>(), 4);
    assert_eq!(summary.ending, Ending::Complete);
    // One compressed member a record, as crawlers write it.
    let each: Vec<Vec<u8>> = records.iter().map(|record| gzip(record)).collect();
    let (members, _) = all(&each.concat());
    assert_eq!(
        texts(&members),
        [page.as_str(), page.as_str(), "!bad-member", "plain"]
    );
    let steps = &members[1].place.0;
    assert_eq!(slice(&each.concat(), &steps[0]), each[2]);
    assert_eq!(
        [slice(&plain, &steps[1]), b"\r\n\r\n".to_vec()].concat(),
        records[2]
    );
    assert_eq!((steps[0].number, steps[1].number), (Some(3), Some(3)));
}
