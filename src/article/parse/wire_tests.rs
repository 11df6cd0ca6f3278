//! What the formats of the wire become.

use crate::article::{Edited, Edition, Hints, Rules, edit};

pub(super) fn edited(bytes: &[u8]) -> Edition {
    edit(bytes, &Hints::default(), &Rules::default(), None).expect("a document")
}

pub(super) fn only(edition: &Edition) -> &Edited {
    assert_eq!(edition.members.len(), 1);
    edition.members[0].as_ref().expect("an article")
}

/// The value of a field that has one.
pub(super) fn value(found: Option<&crate::article::Found<String>>) -> &str {
    found.map_or("", |found| found.value.as_str())
}

/// What is kept, edited again, gives the same.
pub(super) fn check_again(edition: &Edition) {
    for edited in edition.members.iter().flatten() {
        let known = std::sync::Arc::new(crate::article::furniture::Furniture::default());
        let mut learnt = |_: &str| std::sync::Arc::clone(&known);
        let again = crate::article::edit_again(
            edited.input.clone(),
            edition.format,
            &Hints::default(),
            &Rules::default(),
            &mut learnt,
        )
        .expect("again");
        assert_eq!(
            (&again.text, &again.title, &again.pieces),
            (&edited.text, &edited.title, &edited.pieces)
        );
    }
}

const ANPA: &str = "\u{16}\u{16}\u{1}A1234\u{1f}_gull\r\nr i\u{13}\u{11} BC-ZZ--Harbour-Wall 2ndLd-Writethru   03-04 0210\r\n\
\u{2}^BC-ZZ--Harbour Wall, 2nd Ld-Writethru,80<\r\n^Harbour wall to be mended at last<\r\n^Eds: Adds vote.<\r\n\
^By JANE ROE=\r\n^Gull Press=\r\n\t   SEAHAM (Gull Press) _ The council agreed _ by one vote _ to mend the wall.\r\n\
\t   ``It was time,'' said the mayor, Ada Poe, on Tuesday.\r\n\t   ^\u{3}GP-WF-03-04-19 1630GMT<\r\n\u{c}\r\n\u{4}";

#[test]
fn an_anpa_story_tells_its_fields_and_is_spelt_as_it_is_meant() {
    let edition = edited(ANPA.as_bytes());
    assert_eq!(
        (edition.format.as_str(), edition.format_rule),
        ("anpa-1312", "anpa-frame")
    );
    let story = only(&edition);
    assert_eq!(
        value(story.title.as_ref()),
        "Harbour wall to be mended at last"
    );
    assert_eq!(value(story.guid.as_ref()), "BC-ZZ--Harbour-Wall");
    assert_eq!(value(story.version.as_ref()), "2ndLd-Writethru");
    assert_eq!(value(story.published.as_ref()), "2019-03-04T16:30:00Z");
    assert_eq!(story.byline[0].value, "JANE ROE");
    assert!(
        story
            .text
            .starts_with("SEAHAM (Gull Press) — The council agreed — by one vote — to")
    );
    assert!(
        story
            .text
            .ends_with("“It was time,” said the mayor, Ada Poe, on Tuesday.")
    );
    assert!(!story.text.contains("Adds vote"));
    let published = story
        .published
        .as_ref()
        .and_then(|found| found.span)
        .expect("a place");
    assert_eq!(story.slice(published), "GP-WF-03-04-19 1630GMT");
    check_again(&edition);
}

#[test]
fn messages_in_one_file_are_an_article_each() {
    let edition = edited(ANPA.repeat(3).as_bytes());
    assert_eq!(edition.members.len(), 3);
    for member in &edition.members {
        let story = member.as_ref().expect("an article");
        assert!(story.input.starts_with("\u{16}\u{16}\u{1}A1234"));
        assert_eq!(
            value(story.title.as_ref()),
            "Harbour wall to be mended at last"
        );
    }
}

const IPTC: &str = "\u{7f}\u{7f}\r\n\u{7f}\u{1}gul0123 4 pl 180  gull 0456\r\n\r\nHarbour/Council/\r\n\u{2}2ND LEAD Harbour wall to be\r\n\
mended at last =\r\n\r\nBy Jane Roe, gull =\r\n\r\n   Seaham (gull) - The council agreed by one vote to mend the wall\r\n\
that the storm of last March had broken, said the mayor.\r\n\r\n   The work starts in May and ends with the summer, she added.\r\n\r\n\
* * * *\r\nThe following information is not for publication\r\n\r\n## Contacts\r\n- Reporting by: Ada Poe\r\nTel: +00 1234\r\n\r\n\
gull ab cd\r\n\u{3}041630 GMT Mrz 19\r\n\u{7f}\u{4}";

#[test]
fn what_is_not_for_publication_is_never_in_the_text() {
    for text in [
        IPTC.to_owned(),
        IPTC.replace(|c: char| matches!(c, '\u{1}'..='\u{4}' | '\u{7f}'), ""),
    ] {
        let edition = edited(text.trim_start().as_bytes());
        assert_eq!(edition.format.as_str(), "iptc-7901", "{text}");
        let story = only(&edition);
        assert_eq!(
            value(story.title.as_ref()),
            "Harbour wall to be mended at last"
        );
        assert_eq!(value(story.version.as_ref()), "2ND LEAD");
        assert_eq!(value(story.published.as_ref()), "2019-03-04T16:30:00Z");
        assert_eq!(story.byline[0].value, "Jane Roe");
        assert!(story.text.starts_with(
            "Seaham (gull) - The council agreed by one vote to mend the wall that the storm"
        ));
        assert!(story.text.ends_with("she added."));
        assert!(
            story
                .cuts()
                .iter()
                .any(|cut| cut.rule == "iptc-7901-private")
        );
        check_again(&edition);
    }
}

#[test]
fn a_line_of_marks_is_looked_at_once() {
    // A quadratic reading takes minutes.
    let text = ANPA.replace("at last<", &"<".repeat(1 << 20));
    let edition = edited(text.as_bytes());
    assert!(value(only(&edition).title.as_ref()).starts_with("Harbour wall to be mended"));
}

#[test]
fn a_line_of_many_heads_is_read_once() {
    // A quadratic reading takes minutes.
    let heads = "(g\u{1}ll)".repeat(1 << 18);
    let iptc = edited(IPTC.replacen("(gull)", &heads, 1).as_bytes());
    assert_eq!(iptc.format.as_str(), "iptc-7901");
    let telex = format!(
        "ZCZC GUL012\nYY ABC\n:Harbour wall to be mended\n    x {}\nNNNN\n",
        "ZCZC a ".repeat(1 << 18)
    );
    assert_eq!(
        only(&edited(telex.as_bytes()))
            .guid
            .as_ref()
            .expect("a number")
            .value,
        "GUL012"
    );
}

#[test]
fn blank_lines_are_passed_once() {
    // A quadratic reading takes minutes.
    let text = IPTC.replacen("   The", &format!("{}   The", "\r\n".repeat(1 << 18)), 1);
    assert!(text.len() > 1 << 19);
    let edition = edited(text.as_bytes());
    assert!(value(only(&edition).title.as_ref()).starts_with("Harbour wall to be"));
}

#[test]
fn a_row_of_asterisks_alone_hides_nothing() {
    let text = IPTC.replace(
        "The following information is not for publication",
        "In other news, a gull was seen.",
    );
    assert!(
        !only(&edited(text.replace("## Contacts", "Contacts").as_bytes()))
            .cuts()
            .iter()
            .any(|cut| cut.rule == "iptc-7901-private")
    );
}

#[test]
fn a_telex_has_codes_a_headline_and_a_text() {
    let text = "ZCZC GUL012\nYY ABC\n:Harbour wall to be mended\n    SEAHAM, Mar 4 AAP - The council agreed by one vote to mend the\n\
wall that the storm had broken.\n    AAP HARBOUR\n\n\n\nNNNN\n";
    let edition = edited(text.as_bytes());
    let story = only(&edition);
    assert_eq!(edition.format.as_str(), "telex");
    assert_eq!(value(story.title.as_ref()), "Harbour wall to be mended");
    assert_eq!(value(story.dateline.as_ref()), "SEAHAM, Mar 4");
    assert_eq!(story.agency[0].value, "aap");
    assert_eq!(
        story.text,
        "SEAHAM, Mar 4 AAP - The council agreed by one vote to mend the wall that the storm had broken."
    );
    check_again(&edition);
    assert_eq!(edited(text.repeat(2).as_bytes()).members.len(), 2);
    // What is blank in any script stands behind the number.
    let blank = edited(
        text.replace("GUL012\n", "GUL012\u{2028}\u{2028}\n")
            .as_bytes(),
    );
    let number = only(&blank).guid.as_ref().and_then(|guid| guid.span);
    assert_eq!(only(&blank).slice(number.expect("a place")), "GUL012");
}
