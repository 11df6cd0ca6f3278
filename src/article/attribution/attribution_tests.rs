//! Credits, datelines, names and dates in the forms they come in. Places, people and events are invented.

use super::{agency, byline, dateline, dates, is_credit};
use crate::article::corpus_tests::edited;

fn ids(credit: &str) -> Vec<&'static str> {
    agency::some_named(credit)
        .iter()
        .map(|agency| agency.id)
        .collect()
}

/// Place, date and agency of the dateline a text opens with.
fn opening(text: &str) -> (String, String, &'static str) {
    let line = dateline::read(text).unwrap_or_default();
    (
        line.place.unwrap_or_default(),
        line.date.unwrap_or_default(),
        line.agencies.first().map_or("", |agency| agency.id),
    )
}

#[test]
fn authors_are_stated_in_lists_of_many_kinds() {
    for (stated, names) in [
        (
            "Jens Wolters; Ute Brandt",
            &["Jens Wolters", "Ute Brandt"][..],
        ),
        ("Dora Finch|Sam Ocasio", &["Dora Finch", "Sam Ocasio"]),
        (
            "['Dora Finch', 'Sam Ocasio']",
            &["Dora Finch", "Sam Ocasio"],
        ),
        ("[[Dora Finch]]", &["Dora Finch"]),
        ("Stina Ek och Per Holm", &["Stina Ek", "Per Holm"]),
        ("Ana Ruiz y Luis Paz", &["Ana Ruiz", "Luis Paz"]),
        ("João da Costa e Silva", &["João da Costa e Silva"]),
        ("王小明、李华", &["王小明", "李华"]),
        ("Ulf Dorn (dpa)", &["Ulf Dorn"]),
        ("Ann Poe - Associated Press", &["Ann Poe"]),
        ("https://www.example.com/people/ann", &[]),
        ("Ann Poe, Transport Correspondent", &["Ann Poe"]),
        ("Quill, Ada; Roe, Jan", &["Ada Quill", "Jan Roe"]),
        ("Reuters, Dpa", &["Reuters", "Dpa"]),
        ("Ann Poe, https://www.example.com/people/ann", &["Ann Poe"]),
        (
            "Ann Poe and Jan Roe and Ada Lind",
            &["Ann Poe", "Jan Roe", "Ada Lind"],
        ),
    ] {
        assert_eq!(byline::stated(stated), names, "{stated}");
    }
}

#[test]
fn a_list_of_authors_may_be_of_any_length() {
    // What recurses into it dies of it, what compares all with all takes minutes.
    let letter = |n: usize| char::from(b"abcdefghijklmnopqrstuvwxyz"[n % 26]);
    let tail = |n: usize| {
        [n, n / 26, n / 676, n / 17_576]
            .map(letter)
            .iter()
            .collect::<String>()
    };
    let pairs = (0..200_000).map(|n| format!("Ann P{0} y Jan R{0}", tail(n)));
    let list = pairs.collect::<Vec<_>>().join(" and ");
    assert_eq!(byline::names(&list).len(), 64);
    let credit = format!("(Reporting by {list})");
    assert!(byline::reporters(&credit).len() <= 64);
}

#[test]
fn times_are_read_with_the_zone_they_name_or_without_any() {
    for (stated, time) in [
        ("Wed, 04 Mar 2020 05:06:07 CET", "2020-03-04T05:06:07+01:00"),
        (
            "Wed, 04 Mar 2020 05:06:07 +01:00",
            "2020-03-04T05:06:07+01:00",
        ),
        ("Wed, 04 Mar 2020 05:06:07 IST", "2020-03-04"),
        ("Wed, 04 Mar 2020 05:06:07 GMT", "2020-03-04T05:06:07+00:00"),
        ("2024-02-13 18:05:00 UTC", "2024-02-13T18:05:00+00:00"),
        ("1707847500", "2024-02-13T18:05:00Z"),
        ("1707847500000", "2024-02-13T18:05:00Z"),
        ("AP-NY-03-04-20 1216EST", "2020-03-04T12:16:00-05:00"),
    ] {
        assert_eq!(dates::machine(stated).as_deref(), Some(time), "{stated}");
    }
}

#[test]
fn datelines_are_read_in_the_forms_of_the_agencies() {
    for (text, place, date, agency) in [
        (
            "QUILL BAY (Reuters) - A ship sank",
            "QUILL BAY",
            "",
            "reuters",
        ),
        ("QUILL BAY: The navy found a ship", "QUILL BAY", "", ""),
        (
            "QUILL BAY/NORTH ORIN, March 7 (Reuters) - A ship",
            "QUILL BAY/NORTH ORIN",
            "March 7",
            "reuters",
        ),
        ("Jan 3 (Reuters) - A ship", "", "Jan 3", "reuters"),
        ("QUILL BAY, Wis. (AP) — A ship", "QUILL BAY, Wis.", "", "ap"),
        (
            "Orin City, Orin Isles, May 16, 2031 (AFP) - A ship",
            "Orin City, Orin Isles",
            "May 16, 2031",
            "afp",
        ),
        ("QUILL BAY, April 8 — A ship", "QUILL BAY", "April 8", ""),
        ("QUILL BAY — A ship sank", "QUILL BAY", "", ""),
        ("ORIN, Oct 12 AAP - A ship", "ORIN", "Oct 12", "aap"),
        (
            "ORIN, January 21. /TASS/. A ship",
            "ORIN",
            "January 21",
            "tass",
        ),
        (
            "(ANSA) - Orin, October 11 - A ship",
            "Orin",
            "October 11",
            "ansa",
        ),
        ("Hafen/Orin (dpa/lno) – Ein Schiff", "Hafen/Orin", "", "dpa"),
        (
            "КАРСК. 3 декабря. УНН. Парламент",
            "КАРСК",
            "3 декабря",
            "unn",
        ),
        (
            "КАРСК, 15 апр - РИА Новости. Поезд",
            "КАРСК",
            "15 апр",
            "ria",
        ),
        ("【オリン共同】サッカーの", "オリン", "", "kyodo"),
        ("(오린=연합뉴스) 홍길동 기자 = 배가", "오린", "", "yonhap"),
    ] {
        assert_eq!(
            opening(text),
            (place.to_owned(), date.to_owned(), agency),
            "{text}"
        );
    }
}

#[test]
fn what_only_looks_like_a_dateline_is_none() {
    for text in [
        "Senator Una Holt (R) — who signed the bill — said",
        "NATO: what the alliance is and what it does",
        "WATCH: The ship sinks",
        "FILE PHOTO: The ship, January 3, 2031.",
        "Roundup: Ships up, trains mixed",
        "Thursday, 04 Apr 2031",
        "The council met on Monday (AFP was there) and agreed.",
        "On Wednesday, the minister discussed the matter",
    ] {
        assert!(dateline::read(text).is_none(), "{text}");
    }
}

#[test]
fn a_credit_names_agencies_and_nothing_else() {
    assert!(is_credit("(With input from Reuters, Xinhua)"));
    assert!(is_credit("Source: AFP"));
    assert!(is_credit("APA/sda/dpa"));
    assert!(!is_credit("Reuters said so"));
    assert!(!is_credit("Getty Images"));
    assert_eq!(
        ids("(With input from Reuters, Xinhua)"),
        ["reuters", "xinhua"]
    );
    assert_eq!(
        ids("The Associated Press contributed to this report"),
        ["ap"]
    );
}

#[test]
fn two_letters_in_running_words_are_no_agency() {
    assert_eq!(
        ids("additional files from NA and AA of the tt desk"),
        Vec::<&str>::new()
    );
}

#[test]
fn an_agency_that_is_only_cited_is_not_credited() {
    let text = "\"The line is open,\" Russia's Interfax news agency cited the ministry as saying on Monday evening.\n\n\
                Traffic resumed on Tuesday, Reuters reported, citing two officials who asked not to be named.\n\n\
                The first train was late by an hour, passengers said.";
    assert_eq!(edited(text.as_bytes()).agency, []);
}

#[test]
fn an_agency_that_closes_the_text_is_credited_and_cut() {
    let text = "The first train crossed the steppe on Thursday, the ministry said in a statement.\n\nIt was late by an hour. -- AFP";
    let article = edited(text.as_bytes());
    assert_eq!(article.agency[0].value, "afp");
    assert_eq!(article.credit.unwrap().value, "-- AFP");
    assert!(article.text.ends_with("by an hour."));
}

#[test]
fn picture_credits_credit_nobody_for_the_text() {
    let text = "Photo: a train crosses the steppe. Jo Doe via REUTERS\n\nThe first train crossed the steppe on Thursday, the ministry said in a statement.\n\n\
                A passenger waves from a window, May 3, 2031. /Xinhua\n\nThe next one is due on Friday, the ministry said.";
    let article = edited(text.as_bytes());
    assert_eq!(article.agency, []);
    assert_eq!(article.captions.len(), 2);
}

#[test]
fn names_are_read_from_author_lines() {
    assert_eq!(
        byline::names("By Ann Lee and Bo Doe, staff reporters"),
        ["Ann Lee", "Bo Doe"]
    );
    assert_eq!(byline::names("Von Ute Maar"), ["Ute Maar"]);
    assert_eq!(byline::names("Ann Lee"), ["Ann Lee"]);
    assert_eq!(
        byline::names("https://example.org/ann"),
        Vec::<String>::new()
    );
}

#[test]
fn dates_are_read_where_they_can_be_told() {
    let read = |text| dates::date_in(text).map(|date| date.to_string());
    for text in [
        "Thursday, 04 Apr 2031",
        "Apr 4, 2031",
        "4. April 2031",
        "2031-04-04",
        "04.04.2031",
        "4 de abril de 2031",
        "2031年4月4日",
        "Updated April 4th, 2031 10:00",
    ] {
        assert_eq!(read(text).as_deref(), Some("2031-04-04"), "{text}");
    }
    assert_eq!(read("31/12/2031").as_deref(), Some("2031-12-31"));
    assert_eq!(read("04/05/2031"), None);
    assert_eq!(read("31.02.2031"), None);
}

#[test]
fn times_of_machines_become_rfc_3339_or_a_date() {
    let read = |text| dates::machine(text).unwrap();
    assert_eq!(
        read("2031-04-04T10:00:00.123+0200"),
        "2031-04-04T10:00:00+02:00"
    );
    assert_eq!(read("2031-04-04T10:00Z"), "2031-04-04T10:00:00Z");
    assert_eq!(read("2031-04-04T10:00:00"), "2031-04-04");
    assert_eq!(read("2031-04-04"), "2031-04-04");
    assert_eq!(dates::machine("yesterday"), None);
}
