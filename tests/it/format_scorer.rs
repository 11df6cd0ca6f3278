//! The rules by which `benches/formats` calls a field right: what they forgive, and what they do not.

#[path = "../../benches/formats/rules.rs"]
mod rules;
#[path = "../../benches/formats/when.rs"]
mod when;

use rules::Agencies;

const TABLE: &str = "id\tname\tcountry\tcredit_patterns\thomepage\n\
    nordwire\tNord Wire Service\tNO\tNordwire ¦ (NW) ¦ /Nordwire-Asia/ ¦ НВ\tx\n\
    nordwirefin\tNord Wire Finance\tNO\tNordwire-Fin\tx\n\
    tela\tTela\tSE\tTELA\tx\n";

fn agencies() -> Agencies {
    Agencies::parse(TABLE)
}

fn list(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn texts_are_compared_without_regard_to_blanks_quotation_marks_and_dashes() {
    assert!(rules::same_text(
        "Mayor: \"No dam\" - for now",
        "Mayor:\n ``No dam'' — for\u{a0}now"
    ));
    assert!(rules::same_text(
        "Ann's 'plan' -- off",
        "Ann’s ‘plan’ – off"
    ));
    assert!(!rules::same_text(
        "Dam breaks at Orsa",
        "Dam Breaks at Orsa"
    ));
    assert!(!rules::same_text(
        "Dam breaks at Orsa",
        "Dam breaks at Orsa - Echo"
    ));
    assert!(rules::same_line(
        "Copyright 2031 Echo.",
        "Copyright 2031  Echo"
    ));
}

#[test]
fn only_a_dateline_may_stand_before_the_first_words() {
    let begins = |text, dateline| rules::begins("The dam at Orsa", text, dateline);
    assert!(begins("The dam\nat Orsa broke.", None));
    assert!(begins(
        "STANMERE, Aug 3 (NW) — The dam at Orsa broke.",
        None
    ));
    assert!(begins(
        "STANMERE, Aug 3 (NW) - The dam at Orsa broke.",
        Some("STANMERE, Aug 3 (NW) -")
    ));
    assert!(!begins("Menu Home Sport The dam at Orsa broke.", None));
    assert!(!begins(
        "A caption. The dam at Orsa broke.",
        Some("STANMERE (NW) -")
    ));
    let long = format!("{}. The dam at Orsa broke.", "word ".repeat(20));
    assert!(!begins(&long, None));
    assert!(!begins("A dam broke.", None));
    assert!(rules::ends("said the \"mayor\".", "…, said the “mayor.”\n"));
    assert!(!rules::ends("said the mayor.", "said the mayor. Read more"));
}

#[test]
fn a_dateline_is_place_and_date_with_or_without_the_credit() {
    let same = |a, b| rules::same_dateline(a, b, &agencies());
    assert!(same("ORSA, Aug 3 (NW) —", "ORSA, Aug 3 (NW)"));
    assert!(same("ORSA, Aug 3 (NW) —", "ORSA, Aug 3"));
    assert!(same("ORSA. 3 серпня. НВ.", "ORSA. 3 серпня"));
    assert!(same("ORSA, Aug. 3 /Nordwire-Asia/ --", "ORSA, Aug. 3"));
    assert!(same("(NW) - Orsa, August 3 -", "Orsa, August 3"));
    assert!(same("(Orsa, NY - August 3)", "Orsa, NY - August 3"));
    assert!(!same("ORSA, Aug 3 (NW) —", "ORSA"));
    assert!(!same("ORSA (NW) —", ""));
    assert!(!same("ORSA (NW) —", "Orsa"));
}

#[test]
fn agencies_are_the_same_under_any_of_their_names_and_only_all_of_them() {
    let same = |a: &[&str], b: &[&str]| agencies().same(&list(a), &list(b));
    assert!(same(&["Nord Wire Service"], &["nordwire"]));
    assert!(same(&["NORDWIRE-ASIA", "НВ"], &["nordwire"]));
    assert!(same(&["Elsewhere"], &["elsewhere"]));
    assert!(!same(&["Nordwire-Fin"], &["nordwire"]));
    assert!(!same(&["Tela", "nordwire"], &["nordwire"]));
    assert!(!same(&["Tela"], &["tela", "nordwire"]));
}

#[test]
fn a_byline_has_the_surname_of_every_person_and_no_foreign_word() {
    let same = |expected, ours: &[&str]| {
        rules::same_byline(expected, &list(ours), &list(&["nordwire"]), &agencies())
    };
    assert!(same("By ANN OLE and Bo Lind", &["Ann Ole", "Bo Lind"]));
    assert!(same(
        "Ann Ole in Orsa and Bo Lind in Paris",
        &["Ole", "Lind"]
    ));
    assert!(same("Von Ann Ole, Nordwire", &["Ann Ole"]));
    assert!(same("By Ann Ole, Staff Reporter", &["Ann Ole"]));
    assert!(same("Correspondent A", &["Correspondent A"]));
    assert!(same("ann-ole", &["ann-ole"]));
    assert!(same("NW", &[]), "it is in the field of agencies");
    assert!(!same("NW-TELA", &[]), "only one of the two is");
    assert!(!same("By Ann Ole and Bo Lind", &["Ann Ole"]));
    assert!(!same("Ann Ole", &["Ann Ole", "Stanmere Echo"]));
    assert!(!same("Ann Ole", &["Ann"]));
    assert!(!same("Ann Ole", &[]));
}

#[test]
fn names_of_languages_addresses_publishers_ids_and_encodings_are_forgiven_their_writing() {
    assert!(rules::same_language("english", "en"));
    assert!(rules::same_language("nb-NO", "NB"));
    assert!(!rules::same_language("nb", "nn"));
    assert!(rules::same_url(
        "http://www.echo.example/a/",
        "https://Echo.example/a"
    ));
    assert!(!rules::same_url(
        "http://echo.example/a",
        "http://echo.example/A"
    ));
    assert!(!rules::same_url(
        "http://echo.example/a",
        "http://echo.example/a?p=2"
    ));
    let publisher = |a, b| rules::same_publisher(a, b, &agencies());
    assert!(publisher("www.echo.example", "Echo"));
    assert!(publisher("НВ", "Nordwire"));
    assert!(!publisher("Stanmere Echo", "S"));
    assert!(!publisher("Stanmere Echo", "Kellin Post"));
    assert!(rules::same_id("<17@echo.example>", "17@echo.example"));
    assert!(!rules::same_id("urn:a:1", "urn:A:1"));
    assert!(rules::same_encoding("latin-1 (7-bit)", "us-ascii"));
    assert!(rules::same_encoding("latin-1", "windows-1252"));
    assert!(rules::same_encoding("quoted-printable utf-8", "utf-8"));
    assert!(!rules::same_encoding("iso-8859-15", "windows-1252"));
    assert!(!rules::same_encoding("latin-1", "utf-8"));
}

#[test]
fn times_are_the_same_at_the_precision_both_have() {
    for (one, other) in [
        ("2031-07-23T20:21:19+09:00", "20310723T202119+0900"),
        ("2031-07-23T11:21:19Z", "20310723T202119+0900"),
        ("20310723T112119Z", "2031-07-23T11:21:19.397Z"),
        ("2031-02-20T03:37Z", "2031-02-20T03:37:41Z"),
        ("2031-07-17 17:03:00", "2031-07-17T17:03:00+02:00"),
        ("Thu, 05 Sep 2030 00:00:01 GMT", "2030-09-05T02:00:01+02:00"),
        ("2031-02-02 09:13:00 -0500", "2031-02-02T14:13:00Z"),
        ("2031-02-02", "2031-02-02T23:59:00+02:00"),
    ] {
        assert!(when::same(one, other), "{one} {other}");
    }
    for (one, other) in [
        ("2031-07-23T20:21:19+09:00", "2031-07-23T20:21:19Z"),
        ("2031-07-23T20:21", "2031-07-23T20:22:00Z"),
        ("2031-07-23", "2031-07-24T00:00:00Z"),
        ("2031-07-23", "yesterday"),
        ("2031-13-01", "2031-13-01"),
        ("2031-07-23T20", "2031-07-23T20"),
    ] {
        assert!(!when::same(one, other), "{one} {other}");
    }
}
