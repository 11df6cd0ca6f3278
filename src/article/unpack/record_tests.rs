//! Files of many records: each record once, by its range, and a bad one by itself.

use super::test_support::*;
use super::{Bounds, Ending, Kind};

#[test]
fn lines_of_json_are_leaves_and_a_broken_one_is_too() {
    let file = b"\xef\xbb\xbf{\"title\":\"one\"}\r\n\n{\"title\":\n{\"title\":\"two\"}";
    let (members, summary) = all(file);
    assert_eq!(
        texts(&members),
        ["{\"title\":\"one\"}", "{\"title\":", "{\"title\":\"two\"}"]
    );
    assert_eq!(members[1].place.to_string(), "jsonl line 3");
    assert_eq!(members[1].place.exact(), "jsonl line 3, bytes 21 to 30");
    for member in &members {
        let step = &member.place.0[0];
        let range =
            usize::try_from(step.start).unwrap()..usize::try_from(step.end.unwrap()).unwrap();
        assert_eq!(&file[range], member.bytes.as_deref().unwrap());
    }
    assert_eq!((summary.settled, summary.ending), (2, Ending::Complete));
}

#[test]
fn a_last_line_that_is_no_whole_value_waits_for_the_rest() {
    let (members, summary) = all(b"{\"a\":1}\n{\"a\":2}\n{\"a\":");
    assert_eq!(texts(&members), ["{\"a\":1}", "{\"a\":2}"]);
    assert!(matches!(summary.ending, Ending::Truncated(_)));
    assert_eq!(summary.settled, 2);
}

#[test]
fn one_object_or_what_only_looks_like_json_is_a_leaf() {
    for text in [
        "{\"a\":1}",
        "{\"a\":1}\n",
        "[{\"a\":1}]",
        "[1,2,3]",
        "[[1],[2]]",
        "{one}\n{two}\n",
        "[Reuters] said\n[AP] did\n",
        "{\n \"a\": {}\n}\n",
    ] {
        let (members, _) = all(text.as_bytes());
        assert_eq!(texts(&members), [text]);
        assert!(members[0].is_whole_file, "{text}");
    }
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    assert_eq!(all(&deep).0.len(), 1);
}

#[test]
fn elements_of_an_array_and_values_in_a_row_are_leaves() {
    let (members, summary) = all(b" [ {\"a\":\"]\\\"\n\"} , {\"b\":[1,{}]},{\"c\":1} ] tail");
    assert_eq!(
        texts(&members),
        ["{\"a\":\"]\\\"\n\"}", "{\"b\":[1,{}]}", "{\"c\":1}"]
    );
    assert_eq!(
        (summary.trailing_bytes, summary.ending),
        (4, Ending::Complete)
    );
    let (members, _) = all(b"{\n\"a\":1\n}\n{\n\"b\":2\n}\n");
    assert_eq!(texts(&members), ["{\n\"a\":1\n}", "{\n\"b\":2\n}"]);
    assert_eq!(members[1].place.0[0].kind, Kind::JsonValues);
    let deep = format!(
        "[{{\"a\":1}},{}{},{{\"b\":2}}]",
        "[".repeat(500),
        "]".repeat(500)
    );
    assert_eq!(
        texts(&all(deep.as_bytes()).0),
        ["{\"a\":1}", "!too-deep", "{\"b\":2}"]
    );
}

#[test]
fn a_first_value_longer_than_the_head_is_followed() {
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(200_000));
    let lines = format!("{long}\n{{\"b\":2}}\n");
    assert_eq!(
        texts(&all(lines.as_bytes()).0),
        [long.as_str(), "{\"b\":2}"]
    );
    let array = format!("[{long},{{\"b\":2}}]");
    assert_eq!(
        texts(&all(array.as_bytes()).0),
        [long.as_str(), "{\"b\":2}"]
    );
}

#[test]
fn messages_of_an_mbox_begin_at_envelope_lines_alone() {
    let file = b"From a@b.example Thu Jan  1 00:00:00 2015\nSubject: one\n\nBody.\n\nFrom the start it was clear.\n\n\
        >From quoted\nFrom a@b.example Thu Jan  1 00:00:00 2015\n\nFrom a@b.example Thu Jan  1 00:00:01 2015\nSubject: two\n\nEnd.\n";
    let (members, summary) = all(file);
    assert_eq!(members.len(), 2);
    assert_eq!(texts(&members)[1], "Subject: two\n\nEnd.\n");
    assert!(texts(&members)[0].contains("From the start"));
    assert_eq!(
        members[1].context.envelope.as_deref(),
        Some("a@b.example Thu Jan  1 00:00:01 2015")
    );
    assert_eq!((summary.settled, summary.last_is_open()), (1, true));
}

#[test]
fn a_row_is_a_leaf_with_the_header() {
    let file = b"id,title,content\r\n1,\"=x\",\"+1\"\r\n2,\"multi\r\nline\",\"a \"\"quoted\"\" cell\"\r\n\r\n3,unclosed \"quote,x\r\n";
    let (members, summary) = all(file);
    assert_eq!(
        texts(&members),
        [
            "id,title,content\r\n1,\"=x\",\"+1\"",
            "id,title,content\r\n2,\"multi\r\nline\",\"a \"\"quoted\"\" cell\"",
            "id,title,content\r\n3,unclosed \"quote,x",
        ]
    );
    assert_eq!(members[2].place.to_string(), "csv line 6");
    let step = &members[1].place.0[0];
    assert_eq!(&file[usize::try_from(step.start).unwrap()..][..2], b"2,");
    assert_eq!((summary.settled, summary.ending), (3, Ending::Complete));
    for table in [
        "url\ttext\na\tb\n",
        "headline;date\na;b\n",
        "title|link\na|b\n",
    ] {
        assert_eq!(all(table.as_bytes()).0.len(), 1);
        assert!(!all(table.as_bytes()).0[0].place.0.is_empty(), "{table}");
    }
    assert!(all(b"Hello, world\nand, more\n").0[0].is_whole_file);
    assert!(all(b"title,text\n").0[0].is_whole_file);
}

#[test]
fn a_quote_that_is_never_closed_costs_one_row() {
    let file = b"id,title,text\n1,a,b\n2,\"never closed,b\n3,c,d\n";
    let (members, summary) = all(file);
    assert_eq!(
        texts(&members),
        [
            "id,title,text\n1,a,b",
            "!bad-member",
            "id,title,text\n3,c,d"
        ]
    );
    // Had the file gone on, the quote might have been closed.
    assert_eq!(summary.settled, 1);
    let bounds = Bounds {
        cell_bytes_max: 50,
        ..Bounds::default()
    };
    let long = [file.as_slice(), &b"4,e,f\n".repeat(50)].concat();
    let (members, summary) = unpacked(&long, &bounds, 0);
    assert_eq!((members.len(), summary.settled), (53, 53));
}

#[test]
fn quotes_that_are_lost_in_every_row_take_no_quadratic_time() {
    let file = [
        b"title,text\na,b\n".as_slice(),
        &b"a\"b,\"c\n".repeat(100_000),
    ]
    .concat();
    let (_, summary) = all(&file);
    assert_eq!(summary.ending, Ending::Complete);
}

const RSS: &str = "<?xml version=\"1.0\"?>\n<!-- <rss> -->\n<!DOCTYPE rss [<!ENTITY x \">\">]>\n\
    <rss version=\"2.0\" xmlns:wp=\"w\"><channel><title>News</title>\n<link>http://a.example/</link>\
    <wp:author><wp:author_login>ada</wp:author_login></wp:author><wp:tag><title>no</title></wp:tag><language>uk</language>";

#[test]
fn items_of_a_feed_come_with_its_head() {
    let item = "<item><title>A <![CDATA[</item>]]></title><!-- </item> --><a b='</item>'/></item>";
    let feed = format!("{RSS}{item}\n<item/>\n<item>c</item></channel></rss>\n");
    let (members, summary) = all(feed.as_bytes());
    let head = "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:wp=\"w\"><channel><title>News</title>\
        <link>http://a.example/</link><wp:author><wp:author_login>ada</wp:author_login></wp:author><language>uk</language>";
    let leaf = |item: &str| format!("{head}{item}</channel></rss>");
    assert_eq!(
        texts(&members),
        [leaf(item), leaf("<item/>"), leaf("<item>c</item>")]
    );
    let step = &members[2].place.0[0];
    let range = usize::try_from(step.start).unwrap()..usize::try_from(step.end.unwrap()).unwrap();
    assert_eq!(&feed.as_bytes()[range], b"<item>c</item>");
    assert_eq!(
        (summary.trailing_bytes, summary.ending),
        (0, Ending::Complete)
    );
}

#[test]
fn atom_and_rdf_are_feeds_too_and_an_empty_feed_is_a_leaf() {
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>N</title><entry><id>1</id></entry><entry>2</entry></feed>";
    assert_eq!(
        texts(&all(atom.as_bytes()).0)[1],
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>N</title><entry>2</entry></feed>"
    );
    let rdf = "<rdf:RDF><channel><title>N</title><items><li/></items></channel><item>1</item><item>2</item></rdf:RDF>";
    assert_eq!(
        texts(&all(rdf.as_bytes()).0)[1],
        "<rdf:RDF><channel><title>N</title></channel><item>2</item></rdf:RDF>"
    );
    for empty in [format!("{RSS}</channel></rss>\n"), "<rss/>".to_owned()] {
        let (members, _) = all(empty.as_bytes());
        assert_eq!(texts(&members), [empty]);
        assert!(members[0].is_whole_file);
    }
    assert!(all(b"<html><rss></rss></html>").0[0].is_whole_file);
}

#[test]
fn records_in_utf16_are_leaves_in_utf8_and_other_text_is_left_as_it_is() {
    let lines = "{\"a\":\"Öl\"}\n{\"b\":2}\n";
    for (to_bytes, kind) in [
        (u16::to_le_bytes as fn(u16) -> [u8; 2], "utf-16le"),
        (u16::to_be_bytes, "utf-16be"),
    ] {
        let coded = |text: &str| -> Vec<u8> {
            let marked = format!("\u{feff}{text}");
            marked.encode_utf16().flat_map(to_bytes).collect()
        };
        let (members, summary) = all(&coded(lines));
        assert_eq!(texts(&members), ["{\"a\":\"Öl\"}", "{\"b\":2}"]);
        let place = &members[1].place;
        assert_eq!(
            place.exact(),
            format!("{kind} → jsonl line 2, bytes 12 to 19")
        );
        assert_eq!((place.charset(), summary.settled), (Some(kind), 2));
        let table = all(&coded("title\ttext\r\nOne\tFirst\r\nTwo\tSecond\r\n")).0;
        assert_eq!(table.len(), 2);
        let page = coded("<p>One.</p>");
        let (members, _) = all(&page);
        assert!(members[0].is_whole_file && members[0].bytes.as_ref() == Ok(&page));
        // Without the mark it might be anything.
        assert!(all(&coded(lines)[2..]).0[0].is_whole_file);
    }
}

#[test]
fn a_table_says_its_delimiter_and_has_names_in_any_charset() {
    let table = "Заголовок;Текст;Дата\r\nПаром снова ходит;Паром в Норвик снова ходит два раза в день.;12.03.2024\r\n\
                 Порт закрыт;Порт Аскхольм закрыт до понедельника.;13.03.2024\r\n";
    let (coded, _, had_errors) = encoding_rs::WINDOWS_1251.encode(table);
    assert!(!had_errors);
    let saying = [b"sep=;\r\n".as_slice(), table.as_bytes()].concat();
    for bytes in [table.as_bytes(), &coded, &saying] {
        let (members, _) = all(bytes);
        assert_eq!(members.len(), 2);
        let row = members[1].bytes.as_ref().expect("a row");
        let text = crate::article::decode::guessed(row);
        assert!(text.starts_with("Заголовок;Текст;Дата"), "{text}");
        assert!(text.contains("Порт закрыт"), "{text}");
    }
}
