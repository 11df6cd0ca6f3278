//! What both kinds of NewsML become.

use super::feed_tests::{edition, only, said};

/// An item of news, with or without a prefix.
fn item(prefix: &str, guid: &str, version: &str, status: &str, content: &str) -> String {
    let item = format!(
        r#"<newsItem guid="{guid}" version="{version}" xml:lang="en"><rightsInfo><copyrightHolder literal="Reuters"/>
<copyrightNotice>(c) Copyright Thomson Reuters 2024. Click For Restrictions - http://x.example</copyrightNotice></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><provider literal="harbour.example"/>
<versionCreated>2024-05-04T10:15:00Z</versionCreated><firstCreated>2024-05-04T08:15:00Z</firstCreated>
<embargoed>2024-05-05T06:00:00Z</embargoed><pubStatus qcode="stat:{status}"/>
<edNote role="ed:contacts" pubconstraint="c:nonpublic">Desk: 555-0100</edNote><edNote>Adds captain</edNote>
<signal qcode="sig:update"/></itemMeta>
<contentMeta><headline rank="3">Shipping</headline><headline>Ferry runs aground off Larkholm</headline>
<headline role="hld:subHeadline">Captain blames fog</headline><by>By Ada Quill</by><creator><name>quill.ada</name></creator>
<altId type="idType:OTR">B2</altId><altId type="idType:USN">L5N1</altId><language tag="en-GB"/>
<dateline>2024-05-04</dateline><located><name>Larkholm</name></located></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml">{content}</inlineXML></contentSet></newsItem>"#
    );
    if prefix.is_empty() {
        return item;
    }
    let ends = item
        .replace("</", "\u{1}")
        .replace('<', &format!("<{prefix}:"));
    ends.replace('\u{1}', &format!("</{prefix}:"))
}

const PAGE: &str = "<html><head><title/></head><body><header><h1>Ferry runs aground off Larkholm</h1><p>Shipping</p></header>\
    <p class=\"teaser\">A ferry is stuck.</p><p>A ferry with 40 people aboard ran aground on Saturday.</p><p/><p>Nobody \
    was hurt, said the captain. (Reporting by Ada Quill; editing by Bo Reed)</p></body></html>";
const TEXT: &str =
    "A ferry with 40 people aboard ran aground on Saturday.\n\nNobody was hurt, said the captain.";

#[test]
fn an_item_of_g2_is_read_with_and_without_prefixes() {
    for prefix in ["", "ns0"] {
        let article = only(&item(prefix, "tag:x,1", "978", "usable", PAGE));
        assert_eq!(article.text, TEXT, "{prefix}");
        assert_eq!(
            said(article.title.as_ref()),
            Some("Ferry runs aground off Larkholm")
        );
        assert_eq!(said(article.subtitle.as_ref()), Some("Captain blames fog"));
        assert_eq!(article.byline[0].value, "Ada Quill");
        assert_eq!(article.byline.len(), 1);
        assert_eq!(article.agency[0].value, "reuters");
        for (found, means) in [
            (&article.guid, "tag:x,1"),
            (&article.version, "978"),
            (&article.status, "usable"),
            (&article.embargo, "2024-05-05T06:00:00Z"),
            (&article.published, "2024-05-04T08:15:00Z"),
            (&article.modified, "2024-05-04T10:15:00Z"),
            (&article.language, "en-GB"),
            (&article.source, "harbour.example"),
            (&article.agency_id, "L5N1"),
            (&article.dateline, "Larkholm"),
            (&article.copyright, "(c) Copyright Thomson Reuters 2024."),
            (
                &article.credit,
                "(Reporting by Ada Quill; editing by Bo Reed)",
            ),
        ] {
            assert_eq!(said(found.as_ref()), Some(means));
        }
    }
}

#[test]
fn notes_that_are_not_public_are_in_no_field_and_not_in_the_text() {
    let article = only(&item("", "tag:x,1", "1", "usable", PAGE));
    assert!(!article.text.contains("555-0100"));
    assert!(
        !article
            .candidates
            .iter()
            .any(|it| it.value.contains("555-0100"))
    );
    let cuts = article.cuts();
    assert!(
        cuts.iter()
            .any(|cut| cut.rule == "newsml-g2-ed-note"
                && article.slice(cut.span).contains("555-0100"))
    );
}

#[test]
fn an_empty_later_version_is_a_notice() {
    let empty = "<html><head><title/></head><body><p/></body></html>";
    let article = only(&item("ns0", "tag:x,1", "154", "canceled", empty));
    assert!(article.is_notice());
    assert_eq!(said(article.status.as_ref()), Some("canceled"));
    assert_eq!(said(article.guid.as_ref()), Some("tag:x,1"));
}

#[test]
fn what_stands_between_a_headline_and_a_story_is_told_from_it() {
    for (above, agency) in [
        ("<p>(Adds quote)</p><p>By Ann Poe</p>", None),
        ("<p>By Ann Poe</p><p>Associated Press</p>", Some("ap")),
        ("<p>By Ann Poe</p><p>Gull Sports Writer</p>", None),
    ] {
        let page = format!(
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>{above}<p>The harbour of Larkholm was closed on Monday.</p>\
             <p>It opens on Friday, the mayor said.</p></body></html>"
        );
        let article = only(&item("", "tag:x,1", "1", "usable", &page));
        assert!(article.text.starts_with("The harbour"), "{}", article.text);
        if let Some(agency) = agency {
            assert!(article.agency.iter().any(|it| it.value == agency));
        }
    }
}

#[test]
fn a_credit_line_that_is_stated_is_the_credit() {
    let item = item("", "tag:x,1", "1", "usable", PAGE);
    let credited = item.replacen(
        "<headline",
        "<creditline>Gull Features</creditline><headline",
        1,
    );
    let credit = only(&credited.replace("(Reporting by Ada Quill; editing by Bo Reed)", "")).credit;
    assert_eq!(said(credit.as_ref()), Some("Gull Features"));
}

#[test]
fn the_story_is_the_longest_of_several_contents() {
    let story = "<p>The harbour of Larkholm was closed on Monday.</p><p>It opens on Friday, the mayor said.</p>";
    let item = item("", "tag:x,1", "1", "usable", PAGE);
    let (before, _) = item.split_once("<inlineXML").expect("content");
    let teaser = "<inlineData contenttype=\"text/plain\">Closed.</inlineData>";
    let html = story.replace('<', "&lt;");
    let both = format!(
        "{before}{teaser}<inlineData contenttype=\"text/html\">{html}</inlineData></contentSet></newsItem>"
    );
    assert!(only(&both).text.starts_with("The harbour"), "{both}");
}

#[test]
fn each_story_of_a_message_reads_the_same_alone() {
    let nitf = "<nitf><body><body.head><hedline><hl1>Bridge closed</hl1></hedline></body.head><body.content><p>The bridge \
                at Larkholm was closed on Monday.</p></body.content></body></nitf>";
    let picture = "<newsItem guid=\"pic\"><itemMeta><itemClass qcode=\"ninat:picture\"/></itemMeta><contentMeta><description>\
                   The ferry on the rocks.</description></contentMeta></newsItem>";
    let (one, two) = (
        item("", "tag:x,1", "1", "usable", PAGE),
        item("", "tag:x,2", "1", "usable", nitf),
    );
    let message = format!("<newsMessage><itemSet>{one}{picture}{two}</itemSet></newsMessage>");
    let edition = edition(&message);
    assert_eq!(edition.members.len(), 2);
    for (at, alone) in [&one, &two].into_iter().enumerate() {
        let member = &edition.members[at];
        let (member, alone) = (member.as_ref().expect("read"), only(alone));
        assert_eq!(member.input, alone.input);
        assert_eq!((&member.text, &member.guid), (&alone.text, &alone.guid));
        assert_eq!(edition.parts[at].of(&message), alone.input);
    }
    // With one story the pictures beside it are its own.
    let article = only(&format!(
        "<newsMessage><itemSet>{one}{picture}</itemSet></newsMessage>"
    ));
    assert_eq!(article.captions[0].value, "The ferry on the rocks.");
}

#[test]
fn escaped_html_and_a_content_set_alone_are_read() {
    let data = "<contentSet><inlineData contenttype=\"text/plain\"><![CDATA[<p>Rain fell on Larkholm.</p><p>It did so all \
                day.</p>]]></inlineData></contentSet>";
    assert_eq!(
        only(data).text,
        "Rain fell on Larkholm.\n\nIt did so all day."
    );
    let concept = edition("<conceptItem guid=\"c\"><concept/></conceptItem>");
    assert!(concept.members[0].is_err());
}

/// An item of NewsML 1 with components.
fn old(identifier: &str, components: &str) -> String {
    format!(
        r#"<NewsItem><Identification><NewsIdentifier><ProviderId>harbour.example</ProviderId><DateId>20240504</DateId>
<NewsItemId>{identifier}</NewsItemId><RevisionId PreviousRevision="1" Update="N">2</RevisionId>
<PublicIdentifier>urn:newsml:harbour.example:20240504:{identifier}:2N</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><FirstCreated>20240504T081500+0200</FirstCreated><ThisRevisionCreated>20240504T091500+0200</ThisRevisionCreated>
<Status FormalName="Embargoed"/><StatusWillChange><FutureStatus FormalName="Usable"/><DateAndTime>20240505T060000Z</DateAndTime>
</StatusWillChange></NewsManagement><NewsComponent><NewsLines><HeadLine>Ferry runs aground</HeadLine>
<SubHeadLine>Captain blames fog</SubHeadLine><DateLine>LARKHOLM, May 4</DateLine><CopyrightLine>Copyright Harbour</CopyrightLine>
</NewsLines><AdministrativeMetadata><Provider><Party FormalName="AFP"/></Provider><Property FormalName="author" Value="aq"/>
</AdministrativeMetadata><DescriptiveMetadata><Language FormalName="EN"/></DescriptiveMetadata>{components}</NewsComponent></NewsItem>"#
    )
}

fn component(role: &str, data: &str) -> String {
    format!(
        "<NewsComponent><Role FormalName=\"{role}\"/><ContentItem><DataContent>{data}</DataContent></ContentItem></NewsComponent>"
    )
}

#[test]
fn the_story_of_newsml_1_is_its_main_component() {
    let components = [
        component("StyleSheet", ".a { text-align: center }"),
        component("Caption", "<p>The ferry on the rocks.</p>"),
        component("Contact", "<p>Call Bo on 555-0100.</p>"),
        component(
            "Body",
            "<html><head><title/></head><body><p>A ferry ran aground on Saturday.</p><p/><p>Nobody was hurt.</p></body></html>",
        ),
    ];
    let article = only(&format!(
        "<NewsML>{}</NewsML>",
        old("n17", &components.concat())
    ));
    assert_eq!(
        article.text,
        "A ferry ran aground on Saturday.\n\nNobody was hurt."
    );
    assert_eq!(article.captions[0].value, "The ferry on the rocks.");
    assert_eq!(
        (article.byline[0].value.as_str(), article.agency[0].value),
        ("aq", "afp")
    );
    for (found, means) in [
        (&article.guid, "urn:newsml:harbour.example:20240504:n17:2N"),
        (&article.version, "2"),
        (&article.status, "withheld"),
        (&article.embargo, "2024-05-05T06:00:00Z"),
        (&article.title, "Ferry runs aground"),
        (&article.subtitle, "Captain blames fog"),
        (&article.dateline, "LARKHOLM, May 4"),
        (&article.published, "2024-05-04T08:15:00+02:00"),
        (&article.modified, "2024-05-04T09:15:00+02:00"),
        (&article.language, "en"),
        (&article.copyright, "Copyright Harbour"),
    ] {
        assert_eq!(said(found.as_ref()), Some(means));
    }
    // What stays the same from version to version.
    let identity = article.identity();
    assert_eq!(identity, Some("urn:newsml:harbour.example:20240504:n17"));
}

#[test]
fn items_of_newsml_1_are_articles_each_and_a_lead_may_be_a_component() {
    let lead = component("Lead", "<p>A ferry ran aground on Saturday.</p>");
    let body = component(
        "Body",
        "<nitf><body><body.content><p>Nobody was hurt, said the captain.</p></body.content></body></nitf>",
    );
    let (one, two) = (old("n1", &(lead + &body)), old("n2", &body));
    let edition = edition(&format!("<NewsML><NewsEnvelope/>{one}{two}</NewsML>"));
    let texts: Vec<&str> = edition
        .members
        .iter()
        .map(|it| it.as_ref().expect("read").text.as_str())
        .collect();
    let expected = [
        "A ferry ran aground on Saturday.\n\nNobody was hurt, said the captain.",
        "Nobody was hurt, said the captain.",
    ];
    assert_eq!(texts, expected);
    assert_eq!(only(&one).text, expected[0]);
}
