//! What the smaller formats in XML become, and what happens to XML that nobody knows.

use crate::article::{Edited, Hints, Refusal, Rules, edit};

fn read(text: &str) -> Result<(String, Edited), Refusal> {
    let mut edition = edit(text.as_bytes(), &Hints::default(), &Rules::default(), None)?;
    let format = edition.format.as_str().to_owned();
    Ok((format, edition.members.remove(0)?))
}

fn said(found: Option<&crate::article::Found<String>>) -> Option<&str> {
    found.map(|found| found.value.as_str())
}

#[test]
fn a_story_of_rbnews_is_read() {
    let (format, article) = read(
        "<RBNews xmlns:i=\"x\"><NewsID>n-17</NewsID><PublishDate>2024-05-04T08:15:00.123</PublishDate><headline>Færge på grund\
         </headline><subtitle i:nil=\"true\"/><town>Havneby</town><origin>/ritzau/</origin><version>2</version><content>&lt;p&gt;En \
         færge er l&#xF8;bet p&#xE5; grund.&lt;/p&gt;&lt;p&gt;Ingen kom til skade.&lt;/p&gt;</content><Annuleret>true</Annuleret>\
         <byLine>Ada Quill</byLine><byLinePhone>5550100</byLinePhone><TilRedaktionen>Ring til Bo</TilRedaktionen></RBNews>",
    )
    .expect("read");
    assert_eq!(format, "rbnews");
    assert_eq!(
        article.text,
        "En færge er løbet på grund.\n\nIngen kom til skade."
    );
    assert_eq!(
        (article.byline[0].value.as_str(), article.agency[0].value),
        ("Ada Quill", "ritzau")
    );
    for (found, means) in [
        (&article.guid, "n-17"),
        (&article.version, "2"),
        (&article.title, "Færge på grund"),
        (&article.dateline, "Havneby"),
        (&article.published, "2024-05-04"),
        (&article.status, "canceled"),
    ] {
        assert_eq!(said(found.as_ref()), Some(means));
    }
    assert!(
        article
            .cuts()
            .iter()
            .any(|cut| cut.rule == "rbnews-to-editors")
    );
}

#[test]
fn xml_of_no_standard_is_read_by_the_names_of_its_elements() {
    let story = "A ferry ran aground on Saturday.\n\nNobody was hurt, the captain said.";
    for xml in [
        "<?xml version=\"1.0\"?><Articles><Article id=\"17\"><Headline>Ferry aground</Headline><Byline>By Ada Quill</Byline>\
         <PublishDate>2024-05-04T08:15:00Z</PublishDate><Body>A ferry ran aground on Saturday.\n\nNobody was hurt, the captain \
         said.</Body></Article></Articles>",
        "<?xml version=\"1.0\"?><export><doc><meta><guid>17</guid><titel>Ferry aground</titel><autor><name>Ada Quill</name>\
         <mail>a@x.example</mail></autor><datum>2024-05-04T08:15:00Z</datum></meta><content><para>A ferry ran aground on \
         Saturday.</para><para>Nobody was hurt, the captain said.</para></content></doc></export>",
        "<?xml version=\"1.0\"?><article id=\"17\"><title>Ferry aground</title><author name=\"Ada Quill\"/><date>\
         2024-05-04T08:15:00Z</date><text>&lt;p&gt;A ferry ran aground on Saturday.&lt;/p&gt;&lt;p&gt;Nobody was hurt, the captain \
         said.&lt;/p&gt;</text></article>",
    ] {
        let (format, article) = read(xml).expect("read");
        assert_eq!(
            (format.as_str(), article.text.as_str()),
            ("xml", story),
            "{xml}"
        );
        assert_eq!(said(article.title.as_ref()), Some("Ferry aground"), "{xml}");
        assert_eq!(said(article.guid.as_ref()), Some("17"), "{xml}");
        assert_eq!(
            said(article.published.as_ref()),
            Some("2024-05-04T08:15:00Z"),
            "{xml}"
        );
        assert_eq!(article.byline[0].value, "Ada Quill", "{xml}");
    }
}

#[test]
fn several_articles_in_an_envelope_that_nobody_knows_are_each_one() {
    let nitf = |title: &str| {
        format!(
            "<nitf><body><body.head><hedline><hl1>{title}</hl1></hedline></body.head><body.content><p>A ferry ran aground on \
             Saturday.</p></body.content></body></nitf>"
        )
    };
    let record = |title: &str| {
        format!("<item><title>{title}</title><body>A ferry ran aground.</body></item>")
    };
    let both = |one: &dyn Fn(&str) -> String| {
        format!(
            "<?xml version=\"1.0\"?><delivery>{}{}</delivery>",
            one("One"),
            one("Two")
        )
    };
    for (xml, format) in [(both(&nitf), "nitf"), (both(&record), "xml")] {
        let edition = edit(xml.as_bytes(), &Hints::default(), &Rules::default(), None);
        let edition = edition.expect("an edition");
        assert_eq!(edition.format.as_str(), format);
        let members = edition.members.iter().flatten();
        let titles: Vec<_> = members.map(|it| said(it.title.as_ref())).collect();
        assert_eq!(titles, [Some("One"), Some("Two")]);
    }
}

#[test]
fn what_trafilatura_writes_is_read() {
    let (format, article) = read(
        "<doc sitename=\"Gazette\" title=\"Ferry &quot;aground&quot;\" author=\"Ada Quill\" date=\"2024-05-04\" \
         url=\"https://x.example/ferry\" hostname=\"x.example\" fingerprint=\"7c\"><main><head rend=\"h1\">Ferry \"aground\"</head>\
         <p>A ferry ran<lb/>aground on <hi rend=\"#b\">Saturday</hi>.</p><graphic src=\"a.jpg\" alt=\"x\"/><list><item>Nobody was \
         hurt.</item></list></main><comments><p>First!</p></comments></doc>",
    )
    .expect("read");
    assert_eq!(format, "trafilatura-xml");
    assert_eq!(
        article.text,
        "A ferry ran aground on Saturday.\n\nNobody was hurt."
    );
    assert_eq!(said(article.title.as_ref()), Some("Ferry \"aground\""));
    assert_eq!(said(article.source.as_ref()), Some("Gazette"));
    assert_eq!(said(article.published.as_ref()), Some("2024-05-04"));
    assert!(
        article
            .cuts()
            .iter()
            .any(|cut| cut.rule == "trafilatura-comments")
    );
}

#[test]
fn tei_is_read() {
    let (format, article) = read(
        "<TEI><teiHeader><fileDesc><titleStmt><title type=\"main\">Ferry aground</title><author>Ada Quill</author></titleStmt>\
         <publicationStmt><p/></publicationStmt><sourceDesc><biblFull><publicationStmt><publisher>Gazette</publisher><ptr \
         type=\"URL\" target=\"https://x.example/ferry\"/><date>2024-05-04</date></publicationStmt></biblFull></sourceDesc>\
         </fileDesc></teiHeader><text><body><div type=\"entry\"><ab rend=\"h1\" type=\"header\">Ferry aground</ab><p>A ferry ran \
         aground on Saturday.</p></div><div type=\"comments\"><p>First!</p></div></body></text></TEI>",
    )
    .expect("read");
    assert_eq!(format, "tei");
    assert_eq!(article.text, "A ferry ran aground on Saturday.");
    assert_eq!(article.byline[0].value, "Ada Quill");
    for (found, means) in [
        (&article.title, "Ferry aground"),
        (&article.source, "Gazette"),
        (&article.url, "https://x.example/ferry"),
        (&article.published, "2024-05-04"),
    ] {
        assert_eq!(said(found.as_ref()), Some(means));
    }
}

#[test]
fn xml_that_nobody_knows_is_refused_by_its_elements_and_a_page_is_still_a_page() {
    let unknown = read(
        "<?xml version=\"1.0\"?><catalog><title>x</title><entry2>y</entry2><entry2>z</entry2></catalog>",
    );
    let keys = ["catalog", "title", "entry2"].map(str::to_owned).to_vec();
    assert_eq!(unknown.map(drop), Err(Refusal::UnknownShape { keys }));
    let sitemap =
        read("<?xml version=\"1.0\"?><urlset><url><loc>https://x.example</loc></url></urlset>");
    assert!(matches!(sitemap, Err(Refusal::NoText { .. })));
    let page = "<?xml version=\"1.0\"?><!DOCTYPE html><html><body><p>The bridge at Larkholm was closed on Monday, the town said in \
                a statement.</p><p>It opens again on Friday after repairs, officials told reporters.</p></body></html>";
    let (format, article) = read(page).expect("read");
    assert_eq!(format, "html");
    assert!(article.text.starts_with("The bridge at Larkholm"));
}

#[test]
fn a_document_type_of_any_length_is_passed_over_and_its_entities_are_not_expanded() {
    let bomb = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE nitf [<!ENTITY a \"{}\">]><nitf><body><body.content><p>Rain &a; fell.</p></body.content>\
         </body></nitf>",
        "a".repeat(100_000)
    );
    let (format, article) = read(&bomb).expect("read");
    assert_eq!(
        (format.as_str(), article.text.as_str()),
        ("nitf", "Rain &a; fell.")
    );
}
