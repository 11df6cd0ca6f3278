//! What NITF becomes.

use crate::article::{Edited, Hints, Refusal, Rules, edit};

fn edited(text: &str) -> Edited {
    let mut edition =
        edit(text.as_bytes(), &Hints::default(), &Rules::default(), None).expect("read");
    assert_eq!(edition.format.as_str(), "nitf");
    edition.members.remove(0).expect("an article")
}

fn value<T: Clone>(found: Option<&crate::article::Found<T>>) -> Option<T> {
    found.map(|found| found.value.clone())
}

const STORY: &str = r#"<?xml version="1.0"?>
<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd" [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
<nitf baselang="en-GB"><head><title>*Ferry runs aground off Larkholm, all aboard saf</title>
<docdata management-status="usable"><doc-id id-string="HPA.2241" regsrc="HPA"/><urgency ed-urg="3"/>
<date.issue norm="20240504T081500+0200"/><date.release norm="20240504T101500+0200"/>
<du-key key="larkholm-ferry" version="3"/><doc.copyright year="2024" holder="Agence France-Presse"/>
<key-list><keyword key="LARKHOLM FERRY"/></key-list><ed-msg info="Adds captain"/></docdata></head>
<body><body.head><hedline><hl1>Ferry runs aground off Larkholm, all aboard safe &amp; well</hl1>
<hl2>LARKHOLM FERRY</hl2></hedline><abstract><p>Captain blames fog</p></abstract>
<byline>By Ada Quill<byttl>Harbour correspondent</byttl></byline>
<distributor><org>Harbour Press</org></distributor>
<dateline><location><city>Larkholm</city></location><story.date>May 4</story.date></dateline></body.head>
<body.content><block><p class="lead">LARKHOLM, May 4 (AFP) - A ferry with 40 people aboard ran<br/>aground on Saturday &secret;.</p><p/>
<hl2>Fog over the strait</hl2>
<p>The captain said <em>nobody</em> was hurt.</p>
<note noteclass="editorsnote"><body.content><p>Editors: call Bo on 555-0100.</p></body.content></note>
<table><tr><td>Aboard</td><td>40</td></tr></table>
<media media-type="image"><media-reference source="a.jpg"/><media-producer>Lens Co</media-producer>
<media-caption>The ferry on the rocks.</media-caption></media>
<p>aq/bq/ts</p></block></body.content>
<body.end><tagline>desk@harbour.example</tagline></body.end></body></nitf>"#;

#[test]
fn each_part_of_a_document_is_what_the_standard_calls_it() {
    let article = edited(STORY);
    let title = value(article.title.as_ref());
    assert_eq!(
        title.as_deref(),
        Some("Ferry runs aground off Larkholm, all aboard safe & well")
    );
    assert_eq!(
        value(article.subtitle.as_ref()).as_deref(),
        Some("Captain blames fog")
    );
    let text = "LARKHOLM, May 4 (AFP) - A ferry with 40 people aboard ran aground on Saturday &secret;.\n\nFog over the \
                strait\n\nThe captain said nobody was hurt.\n\nAboard\n\n40";
    assert_eq!(article.text, text);
    assert_eq!(article.byline[0].value, "Ada Quill");
    assert_eq!(article.byline.len(), 1);
    assert_eq!(article.agency[0].value, "afp");
    assert_eq!(article.captions[0].value, "The ferry on the rocks.");
    assert_eq!(value(article.credit.as_ref()).as_deref(), Some("aq/bq/ts"));
    for (found, means) in [
        (&article.guid, "HPA.2241"),
        (&article.version, "3"),
        (&article.status, "usable"),
        (&article.language, "en-GB"),
        (&article.source, "Harbour Press"),
        (&article.published, "2024-05-04T08:15:00+02:00"),
        (&article.modified, "2024-05-04T10:15:00+02:00"),
        (&article.copyright, "Agence France-Presse"),
    ] {
        assert_eq!(value(found.as_ref()).as_deref(), Some(means));
    }
}

#[test]
fn what_is_not_the_story_is_cut_by_a_rule_of_its_own() {
    let article = edited(STORY);
    let cuts = article.cuts();
    for (rule, says) in [
        ("nitf-note", "Editors: call Bo on 555-0100."),
        ("nitf-media-producer", "Lens Co"),
        ("nitf-media-caption", "The ferry on the rocks."),
        ("nitf-tagline", "desk@harbour.example"),
        ("nitf-hl2", "LARKHOLM FERRY"),
        ("wire-signature", "aq/bq/ts"),
    ] {
        let cut = cuts
            .iter()
            .find(|cut| cut.rule == rule)
            .unwrap_or_else(|| panic!("{rule}"));
        assert_eq!(article.slice(cut.span), says);
    }
}

fn with(head: &str, body_head: &str, body: &str) -> String {
    format!(
        "<nitf><head><docdata><doc-id id-string=\"x1\"/>{head}</docdata></head><body><body.head>{body_head}</body.head>\
         <body.content>{body}</body.content></body></nitf>"
    )
}

#[test]
fn a_byline_may_be_of_agencies_initials_or_no_byline_at_all() {
    let body = "<p>The bridge at Larkholm was closed on Monday, the town said.</p><p>It opens again on Friday.</p>";
    let byline = |line: &str| edited(&with("", &format!("<byline>{line}</byline>"), body));
    let joint = byline("NTB-AFP-DPA");
    let agencies: Vec<&str> = joint.agency.iter().map(|agency| agency.value).collect();
    assert_eq!(
        (agencies, joint.byline.len()),
        (vec!["ntb", "afp", "dpa"], 0)
    );
    assert_eq!(byline("ab/cd").byline[0].value, "ab/cd");
    let subtitle = byline("Mayor expresses hope for an early end of the works");
    assert!(subtitle.byline.is_empty());
    assert_eq!(subtitle.subtitle.expect("one").rule, "nitf-byline");
    let named = byline("By Ada Quill and Bo Reed in Larkholm");
    assert_eq!(named.byline[0].value, "Ada Quill");
}

#[test]
fn a_kill_has_a_status_and_may_have_no_text() {
    let kill = edited(&with(
        "<ed-msg info=\"MANDATORY KILL: wrong town\"/>",
        "",
        "",
    ));
    assert!(kill.is_notice());
    assert_eq!(value(kill.status.as_ref()).as_deref(), Some("canceled"));
    let withheld = "<nitf><head><docdata management-status=\"canceled\"><doc-id id-string=\"x2\"/></docdata></head></nitf>";
    assert_eq!(
        value(edited(withheld).status.as_ref()).as_deref(),
        Some("canceled")
    );
}

#[test]
fn a_story_may_be_escaped_html_or_quoted_text() {
    let escaped = edited(&with(
        "",
        "",
        "&lt;p&gt;Rain fell on Larkholm.&lt;/p&gt;&lt;p&gt;It did so all day.&lt;/p&gt;",
    ));
    assert_eq!(escaped.text, "Rain fell on Larkholm.\n\nIt did so all day.");
    let quoted = edited(&with(
        "",
        "",
        "<p><![CDATA[Smith & Sons <Larkholm> closed on Monday.]]></p>",
    ));
    assert_eq!(quoted.text, "Smith & Sons <Larkholm> closed on Monday.");
}

#[test]
fn a_cut_document_is_refused() {
    let half = STORY.get(..STORY.len() / 2).expect("ASCII");
    let refused = edit(half.as_bytes(), &Hints::default(), &Rules::default(), None);
    let refused = refused.map(|mut edition| edition.members.remove(0).map(drop));
    assert!(matches!(
        refused,
        Ok(Err(Refusal::Truncated { .. })) | Err(Refusal::Truncated { .. })
    ));
}
