//! What agencies add to a story that is none of it, whichever the format that brings it.

use crate::article::{Edited, Hints, Rules, edit};

fn only(text: &str) -> Edited {
    let edition = edit(text.as_bytes(), &Hints::default(), &Rules::default(), None);
    edition
        .expect("read")
        .members
        .remove(0)
        .expect("an article")
}

/// A story in NITF, with these paragraphs and this in its head.
fn nitf(head: &str, paragraphs: &[&str]) -> Edited {
    let body = format!("<p>{}</p>", paragraphs.join("</p><p>"));
    only(&format!(
        "<nitf><head><docdata>{head}</docdata></head><body><body.head><hedline><hl1>Ferry aground</hl1></hedline><byline>\
         <person>Ada Quill</person><person>Bo Reed</person></byline></body.head><body.content>{body}</body.content></body></nitf>"
    ))
}

const LEAD: &str = "LARKHOLM, May 4 (AFP) - A ferry ran aground on Saturday.";
const END: &str = "Nobody was hurt, its captain said.";

#[test]
fn what_closes_a_wire_is_no_part_of_its_text() {
    for tail in [
        vec!["hh/ph/ts"],
        vec!["(Schluss)", "APA0123 2025-03-03/05:00"],
        vec!["/plg/DP/jha", "AXC0123 2025-02-19/14:30"],
        vec!["ends"],
        vec!["Enditem"],
        vec!["（完）"],
        vec!["-0-"],
        vec![
            "Copyright 2025 Harbour Press. All rights reserved. This material may not be published.",
        ],
        vec![
            "((ada@harbour.example; +47 555 0100))",
            "Keywords: FERRY NORVIK/ACCIDENT",
        ],
        vec!["By Ada Quill"],
    ] {
        let article = nitf("", &[&[LEAD, END], tail.as_slice()].concat());
        assert_eq!(article.text, format!("{LEAD}\n\n{END}"), "{tail:?}");
    }
}

#[test]
fn a_stroke_in_the_last_word_makes_no_caption_of_a_paragraph() {
    for end in [
        "The charity helps people with HIV/AIDS.",
        "The band played songs by AC/DC.",
        "He beat the pair Lind/Lopez in two sets.",
    ] {
        let article = nitf("", &[LEAD, end]);
        assert_eq!(article.text, format!("{LEAD}\n\n{end}"));
        assert!(article.captions.is_empty());
    }
}

#[test]
fn a_dateline_is_found_behind_the_points_of_a_story() {
    let article = nitf("", &["* Ferry runs aground", "* Nobody hurt", LEAD, END]);
    let dateline = article.dateline.as_ref().map(|it| it.value.as_str());
    assert_eq!(dateline, Some("LARKHOLM, May 4"));
    assert_eq!(article.agency[0].value, "afp");
    let names: Vec<&str> = article.byline.iter().map(|it| it.value.as_str()).collect();
    assert_eq!(names, ["Ada Quill", "Bo Reed"]);
}

#[test]
fn what_is_embargoed_may_be_published_from_its_release_on() {
    let release = "<date.release norm=\"20250413T000100Z\"/>";
    let embargo = |head: &str| nitf(head, &[LEAD, END]).embargo.map(|it| it.value);
    let held = Some("2025-04-13T00:01:00Z".to_owned());
    assert_eq!(
        embargo(&format!("<ed-msg info=\"Sperrfrist\"/>{release}")),
        held
    );
    assert_eq!(embargo(release), None);
}

#[test]
fn a_paragraph_of_a_wire_is_told_by_its_indent_also_in_one_of_a_page() {
    let lines = "(ANSA) - LARKHOLM, 4 MAG - Un traghetto si e' incagliato\nsabato davanti a Larkholm.\n   Nessun ferito, ha detto \
                 il\ncapitano.\n";
    let json = serde_json::json!({"title": "Traghetto incagliato", "text": format!("\n<p>\n  {lines} </p>")});
    assert_eq!(
        only(&json.to_string()).text,
        "(ANSA) - LARKHOLM, 4 MAG - Un traghetto si e' incagliato sabato davanti a Larkholm.\n\nNessun ferito, ha detto il capitano."
    );
}

#[test]
fn telex_has_codes_above_its_headline_and_a_time_at_its_end() {
    for telex in [
        "ZCZC1522/SXA\nXSP25070054188_SXA_QBXB\nR SPR S0A QBXB\nFerry runs aground\nCaptain blames fog\n   (ANSA) - LARKHOLM, 4 MAG \
         - A ferry ran aground.\n   Nobody was hurt. (ANSA).\n\n     PO-CG\n20-MAG-25 17:08 NNNN\n",
        "ZCZC 0034\nU I\n20-05-25 1708\nBC-FERRY\nFerry runs aground\n\n(ANSA) - LARKHOLM, 4 MAG - A ferry ran aground.\n\n\
         Nobody was hurt. (ANSA).\n\nPO-CG\n\nNNNN\n",
    ] {
        let article = only(telex);
        let title = article.title.as_ref().map(|it| it.value.as_str());
        assert_eq!(title, Some("Ferry runs aground"), "{telex}");
        let published = article.published.as_ref().map(|it| it.value.as_str());
        assert_eq!(published, Some("2025-05-20"), "{telex}");
        assert_eq!(
            article.text, "(ANSA) - LARKHOLM, 4 MAG - A ferry ran aground.\n\nNobody was hurt.",
            "{telex}"
        );
    }
}

#[test]
fn marks_notes_and_desks_around_a_headline_are_none_of_it() {
    for head in [
        "REFILE\n1ST LEAD\nFerry runs aground\nBy dpa correspondents =",
        "(Korrektur: Vorname berichtigt)\nFerry runs aground\n- Foto -\nBy Ada Quill, dpa =",
        "CORRECTION\nFerry runs aground\nEds: corrects spelling =",
    ] {
        let article = only(&format!(
            "eca0003 3 i 380  dpa 0045\n\nNorway/shipping/\n{head}\n\nOslo (dpa) - A ferry ran aground on Saturday.\n"
        ));
        let title = article.title.as_ref().map(|it| it.value.as_str());
        assert_eq!(title, Some("Ferry runs aground"), "{head}");
    }
}

#[test]
fn what_stands_above_a_headline_is_not_the_headline() {
    let g2 = |headlines: &str| {
        only(&format!(
            "<newsItem guid=\"urn:x:1\"><contentMeta>{headlines}</contentMeta><contentSet><inlineXML><html><body><p>{LEAD}</p>\
             </body></html></inlineXML></contentSet></newsItem>"
        ))
    };
    let kicker = "<headline role=\"hld:kicker\">Traffic</headline>";
    let main = "<headline role=\"hld:main\">Ferry aground</headline>";
    for headlines in [format!("{kicker}{main}"), format!("{main}{kicker}")] {
        let title = g2(&headlines).title.map(|it| it.value);
        assert_eq!(title.as_deref(), Some("Ferry aground"), "{headlines}");
    }
    let ninjs = serde_json::json!({"uri": "urn:x:1", "versionCreated": "2025-05-04T08:00:00Z", "headlines": [
        {"role": "kicker", "value": "Traffic"}, {"role": "headline", "value": "Ferry aground"},
        {"role": "subheadline", "value": "Captain blames fog"}], "bodies": [{"contentType": "text/plain", "value": LEAD}]});
    let article = only(&ninjs.to_string());
    assert_eq!(
        article.title.map(|it| it.value).as_deref(),
        Some("Ferry aground")
    );
    assert_eq!(
        article.subtitle.map(|it| it.value).as_deref(),
        Some("Captain blames fog")
    );
}

#[test]
fn what_a_header_of_anpa_says_of_its_use_is_no_headline() {
    for mark in [
        "^$Adv20<\r\n",
        "^URGENT<\r\n",
        "^With BC-ZZ--Quay, Box<\r\n",
        "",
    ] {
        let article = only(&format!(
            "\u{16}\u{16}\u{1}A1234\u{1f}_gull\r\nr i\u{13}\u{11} BC-ZZ--Lobster   03-04 0210\r\n\u{2}^BC-ZZ--Lobster,80<\r\n{mark}\
             ^$210 lobster is found dead<\r\n\t   SEAHAM (AP) _ A lobster died.\r\n\t   Nobody ate it.\r\n\t   ^\u{3}\
             AP-WF-03-04-19 1630GMT<\r\n\u{c}\r\n\u{4}"
        ));
        let title = article.title.as_ref().map(|it| it.value.as_str());
        assert_eq!(title, Some("$210 lobster is found dead"), "{mark}");
        assert_eq!(
            article.text,
            "SEAHAM (AP) — A lobster died.\n\nNobody ate it."
        );
    }
}

#[test]
fn a_line_that_holds_a_text_back_is_its_embargo_and_no_date_of_it() {
    let article = nitf(
        "",
        &["++ SPERRFRIST 13. April 2025, 5.00 Uhr ++", LEAD, END],
    );
    assert_eq!(article.text, format!("{LEAD}\n\n{END}"));
    assert_eq!(
        article.embargo.map(|it| it.value).as_deref(),
        Some("2025-04-13")
    );
    let page = format!(
        "Ferry runs aground off Larkholm\n\nEMBARGOED UNTIL 00:01 GMT, 15 October 2025\n\n{LEAD} It was on its way to the island with forty people.\n\n{END}"
    );
    let article = only(&page);
    assert_eq!(
        article.embargo.map(|it| it.value).as_deref(),
        Some("2025-10-15T00:01:00Z")
    );
    assert!(article.published.is_none());
}

#[test]
fn what_a_page_has_in_its_text_for_itself_is_no_part_of_a_record() {
    let body =
        format!("<p>{LEAD}</p><p>Advertisement</p><p>https://g.example/video/1</p><p>{END}</p>");
    let record = serde_json::json!({"title": "Ferry aground", "text": body});
    assert_eq!(only(&record.to_string()).text, format!("{LEAD}\n\n{END}"));
}

#[test]
fn quotes_that_are_escaped_twice_are_quotes() {
    let article = nitf(
        "",
        &[
            LEAD,
            "&amp;quot;Nobody was hurt,&amp;#39;&amp;quot; he said &amp;amp; left.",
        ],
    );
    assert_eq!(
        article.text,
        format!("{LEAD}\n\n\"Nobody was hurt,'\" he said &amp; left.")
    );
}

#[test]
fn a_word_that_is_all_the_text_there_is_stays() {
    for text in ["x", "More", "ENDS"] {
        let record = serde_json::json!({"title": "Ferry aground", "text": text, "url": "https://g.example/1"});
        assert_eq!(only(&record.to_string()).text, text);
    }
}
