//! The reader of JSON: values with their places, and what is refused.

use super::*;

fn parse(input: &str) -> Result<Document<'_>, Fault> {
    let rules = Rules {
        depth_max: 64,
        tokens_max: 10_000,
        ..Rules::default()
    };
    Document::parse(input, &rules)
}

#[test]
fn values_are_found_by_key_and_pointer_and_know_where_they_stand() {
    let input =
        "\u{feff} {\"a\": [1, {\"b\": \"x\\ny\"}], \"a/b\": -1e400, \"last\": 1, \"last\": 2}";
    let document = parse(input).expect("JSON");
    let root = document.root();
    let b = document.find(root, "/a/1/b");
    assert_eq!(document.said(b[0]).as_deref(), Some("x\ny"));
    assert_eq!(document.raw(b[0]), "\"x\\ny\"");
    assert_eq!(document.find(root, "/a/*").len(), 2);
    assert_eq!(
        document.said(document.find(root, "/a~1b")[0]).as_deref(),
        Some("-1e400")
    );
    let last = document.get(root, "last").expect("there");
    assert_eq!(
        document.said(last).as_deref(),
        Some("2"),
        "the last of two wins"
    );
    assert_eq!(document.keys(root, 10), ["a", "a/b", "last"]);
}

#[test]
fn what_feeds_send_against_the_rules_is_read() {
    let input = "{\"raw\": \"one\r\ntwo\tthree\", \"half\": \"a\\ud800b \\ud83d\\ude00\", \"odd\": \"\\q\", \"n\": NaN,}";
    let document = parse(input).expect("JSON");
    let said = |key: &str| document.said(document.get(document.root(), key)?);
    assert_eq!(said("raw").as_deref(), Some("one\r\ntwo\tthree"));
    assert_eq!(said("half").as_deref(), Some("a\u{fffd}b 😀"));
    assert_eq!(said("odd").as_deref(), Some("\\q"));
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    assert_eq!(
        parse("{\"a\" 1}").err(),
        Some(Fault::At(5, "a colon is expected behind the key"))
    );
    assert!(matches!(parse("{\"a\": 1} x").err(), Some(Fault::At(9, _))));
    assert!(matches!(parse("[1 2]").err(), Some(Fault::At(3, _))));
    for cut in ["{", "{\"a", "{\"a\":", "[1,", "[[1]", "{\"a\":1,"] {
        assert!(matches!(parse(cut).err(), Some(Fault::Ends(_))), "{cut}");
    }
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_eq!(parse(&deep).err(), Some(Fault::Deep(64)));
    let many = format!("[{}1]", "1,".repeat(20_000));
    assert_eq!(parse(&many).err(), Some(Fault::Many(10_000)));
}

#[test]
fn a_bracket_in_prose_does_not_open_json() {
    for text in [
        "[UPDATED] The bridge",
        "{{ headline }}",
        "[1] The first note",
    ] {
        assert!(!opens(text), "{text}");
    }
    for text in [
        " {\"a\":1}",
        "[\n {\"a\":1}]",
        "{}",
        "[[",
        "\u{feff}{\n\t\"x\"",
    ] {
        assert!(opens(text), "{text}");
    }
}
