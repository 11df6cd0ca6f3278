//! What Markdown becomes.

use std::fmt::Write as _;

use super::wire_tests::{check_again, edited, only, value};

const BODY: &str = "\n# Harbour wall\n\nThe *council* agreed &mdash; by **one vote** &mdash; to mend [the wall](https://gull.example/w).\n\n\
- first\n- second\n\n![a gull](gull.png)\n\n{{< note >}}The work starts in May, said the mayor of Seaham.{{< /note >}}\n";

#[test]
fn front_matter_states_fields_where_they_stand() {
    let yaml = "---\ntitle: \"Harbour: a wall\"\ndate: 2019-03-04 16:30:00 +0100\nauthors:\n  - name: Jane Roe\n  - Ada Poe\n\
source_url: https://gull.example/a\ntags: [harbour, wall]\nlang: en-GB\n---\n";
    let toml = "+++\ntitle = \"Harbour: a wall\"\ndate = 2019-03-04T16:30:00+01:00\nauthors = [\"Jane Roe\", \"Ada Poe\"]\n\
url = \"https://gull.example/a\"\nlang = \"en-GB\"\n+++\n";
    for front in [yaml, toml] {
        let edition = edited(format!("{front}{BODY}").as_bytes());
        let story = only(&edition);
        assert_eq!(edition.format.as_str(), "markdown");
        assert_eq!(value(story.title.as_ref()), "Harbour: a wall");
        assert_eq!(value(story.published.as_ref()), "2019-03-04T16:30:00+01:00");
        assert_eq!(value(story.url.as_ref()), "https://gull.example/a");
        assert_eq!(value(story.language.as_ref()), "en-GB");
        let names: Vec<&str> = story
            .byline
            .iter()
            .map(|name| name.value.as_str())
            .collect();
        assert!(names.contains(&"Ada Poe"), "{names:?}");
        let date = story
            .published
            .as_ref()
            .and_then(|found| found.span)
            .expect("a place");
        assert!(story.slice(date).starts_with("2019-03-04"));
        assert_eq!(
            story.text,
            "Harbour wall\n\nThe council agreed — by one vote — to mend the wall.\n\nfirst\n\nsecond\n\nThe work starts in May, said the mayor of Seaham."
        );
        check_again(&edition);
    }
}

#[test]
fn what_is_no_yaml_is_read_line_by_line() {
    let text = format!("---\ntitle: Seaham: the wall: day two\ndate: 2019-03-04\n---\n{BODY}");
    let edition = edited(text.as_bytes());
    let title = only(&edition).title.as_ref().expect("a title");
    assert_eq!(
        (title.value.as_str(), title.rule),
        ("Seaham: the wall: day two", "front-matter-lenient")
    );
}

#[test]
fn two_rules_in_a_text_are_no_front_matter() {
    let prose = "The council of Seaham agreed on Tuesday to mend the harbour wall, which the storm had broken.";
    for text in [
        format!("---\n{prose}\n---\n{prose}"),
        format!("---\ntitle: Open\n\n{prose}"),
    ] {
        let edition = crate::article::edit(
            text.as_bytes(),
            &crate::article::Hints::default(),
            &crate::article::Rules::default(),
            None,
        );
        assert_eq!(edition.expect("a document").format.as_str(), "text");
    }
}

#[test]
fn aliases_are_not_expanded() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for at in 1..10 {
        writeln!(
            bomb,
            "a{at}: &a{at} [{}]",
            vec![format!("*a{}", at - 1); 9].join(",")
        )
        .expect("a string");
    }
    let edition = edited(format!("---\n{bomb}title: Bomb\n---\n{BODY}").as_bytes());
    assert_eq!(value(only(&edition).title.as_ref()), "Bomb");
}

#[test]
fn what_note_takers_embed_and_mark_is_no_text() {
    let note = "---\ntitle: Harbour wall\ndate: 2019-03-04\n---\n\n![[harbour.jpg]]\n\nThe council of Seaham agreed to mend the wall of the \
                [[Harbour|old harbour]].\n\n> [!note]\n> The mayor was away.\n";
    let edition = edited(note.as_bytes());
    assert_eq!(
        only(&edition).text,
        "The council of Seaham agreed to mend the wall of the old harbour.\n\nThe mayor was away."
    );
    check_again(&edition);
}
