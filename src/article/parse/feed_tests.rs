//! What feeds become.

use crate::article::{Edited, Edition, Hints, Refusal, Rules, edit};

pub(super) fn edition(text: &str) -> Edition {
    edit(text.as_bytes(), &Hints::default(), &Rules::default(), None).expect("read")
}

pub(super) fn only(text: &str) -> Edited {
    let mut edition = edition(text);
    assert_eq!(edition.members.len(), 1);
    edition.members.remove(0).expect("an article")
}

pub(super) fn said(found: Option<&crate::article::Found<String>>) -> Option<&str> {
    found.map(|found| found.value.as_str())
}

#[test]
fn headlines_lose_the_marks_that_systems_leave_in_them() {
    for (written, title) in [
        ("<![CDATA[Mayor’s yacht &amp; dog]]>", "Mayor’s yacht & dog"),
        ("Plan &amp;#8211; again", "Plan – again"),
        ("A &lt;i&gt;new&lt;/i&gt; ferry", "A new ferry"),
        ("Rates &lt; 3 % for banks", "Rates < 3 % for banks"),
    ] {
        let item = format!(
            "<item><title>{written}</title><guid>1</guid><description>The fair opened on Monday.</description></item>"
        );
        assert_eq!(said(only(&rss(&item)).title.as_ref()), Some(title));
    }
}

#[test]
fn what_leads_back_to_the_page_of_an_item_is_no_part_of_it() {
    let story = "<p>The fair opened on Monday.</p><p>It closes on Friday, the mayor said.</p>";
    for tail in [
        "<p>The post <a href=\"https://g.example/fair\">The fair has opened</a> appeared first on <a href=\"https://g.example\">Gazette</a>.</p>",
        "<p>Der Beitrag The fair has opened erschien zuerst auf Gazette.</p>",
        "<p><a href=\"https://g.example/fair\">Continue reading</a></p><p>Via <a href=\"https://g.example/\">Gazette</a></p>",
        "",
    ] {
        let item = format!(
            "<item><title>The fair has opened</title><link>https://g.example/fair</link><description><![CDATA[{story}{tail}]]></description></item>"
        );
        let article = only(&rss(&item));
        assert_eq!(
            article.text, "The fair opened on Monday.\n\nIt closes on Friday, the mayor said.",
            "{tail}"
        );
    }
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
         <title>Harbour Gazette</title><language>en-gb</language><copyright>Harbour 2024</copyright>{items}</channel></rss>"
    )
}

const ITEM: &str = "<item><title>Ferry runs aground</title><link>https://gazette.example/ferry</link><guid isPermaLink=\"false\">\
    g-17</guid><author>ada@gazette.example (Ada Quill)</author><pubDate>Sun, 04 May 2024 08:15:00 +0200</pubDate>\
    <media:title>A picture</media:title><media:content url=\"a.jpg\"><media:description>The ferry on the rocks.</media:description>\
    </media:content><description>A ferry is stuck off Larkholm.</description><content:encoded><![CDATA[<p>A ferry ran aground \
    on Saturday &amp; nobody was hurt.</p><p>The captain blames the fog.</p>]]></content:encoded></item>";

#[test]
fn an_item_tells_its_fields_and_its_channel_the_rest() {
    let article = only(&rss(ITEM));
    assert_eq!(
        article.text,
        "A ferry ran aground on Saturday & nobody was hurt.\n\nThe captain blames the fog."
    );
    assert_eq!(article.byline[0].value, "Ada Quill");
    assert_eq!(article.captions[0].value, "The ferry on the rocks.");
    for (found, means) in [
        (&article.title, "Ferry runs aground"),
        (&article.subtitle, "A ferry is stuck off Larkholm."),
        (&article.guid, "g-17"),
        (&article.url, "https://gazette.example/ferry"),
        (&article.published, "2024-05-04T08:15:00+02:00"),
        (&article.source, "Harbour Gazette"),
        (&article.language, "en-gb"),
        (&article.copyright, "Harbour 2024"),
    ] {
        assert_eq!(
            said(found.as_ref()).map(str::to_lowercase),
            Some(means.to_lowercase())
        );
    }
}

#[test]
fn items_read_the_same_alone() {
    let second = "<item><title>Bridge closed</title><guid>https://gazette.example/bridge</guid><author>bo@gazette.example</author>\
                  <description>The bridge at Larkholm was closed on Monday, the town said.</description></item>";
    let edition = edition(&rss(&format!("{ITEM}{second}")));
    let members: Vec<&Edited> = edition
        .members
        .iter()
        .map(|it| it.as_ref().expect("read"))
        .collect();
    assert_eq!(members.len(), 2);
    assert_eq!(
        (members[0].input.as_str(), members[1].input.as_str()),
        (ITEM, second)
    );
    assert_eq!(
        said(members[1].url.as_ref()),
        Some("https://gazette.example/bridge")
    );
    // With nothing else there, an address says who.
    assert_eq!(members[1].byline[0].value, "bo@gazette.example");
    assert_eq!(
        members[1].text,
        "The bridge at Larkholm was closed on Monday, the town said."
    );
}

#[test]
fn entries_of_atom_are_text_html_or_xhtml() {
    let entry = |content: &str| {
        only(&format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\"><title>Harbour Gazette</title><rights>Harbour</rights>\
             <entry><title type=\"html\">Ferry &lt;b&gt;aground&lt;/b&gt;</title><id>tag:x,17</id><link rel=\"self\" \
             href=\"https://x.example/f\"/><link href=\"https://x.example/ferry\"/><author><name>Ada Quill</name></author>\
             <published>2024-05-04T08:15:00Z</published><updated>2024-05-04T10:15:00Z</updated>{content}</entry></feed>"
        ))
    };
    for content in [
        "<content>A ferry ran aground on Saturday.</content>",
        "<content type=\"html\">&lt;p&gt;A ferry ran aground on Saturday.&lt;/p&gt;</content>",
        "<content type=\"xhtml\"><x:div xmlns:x=\"http://www.w3.org/1999/xhtml\"><x:p>A ferry ran aground on Saturday.</x:p></x:div></content>",
        "<summary>A ferry ran aground on Saturday.</summary>",
    ] {
        let article = entry(content);
        assert_eq!(
            article.text, "A ferry ran aground on Saturday.",
            "{content}"
        );
        assert_eq!(said(article.title.as_ref()), Some("Ferry aground"));
        assert_eq!(said(article.url.as_ref()), Some("https://x.example/ferry"));
        assert_eq!(said(article.source.as_ref()), Some("Harbour Gazette"));
        assert_eq!(
            said(article.published.as_ref()),
            Some("2024-05-04T08:15:00Z")
        );
        assert_eq!(
            said(article.modified.as_ref()),
            Some("2024-05-04T10:15:00Z")
        );
        assert_eq!(article.byline[0].value, "Ada Quill");
    }
}

#[test]
fn rss_in_rdf_is_read() {
    let article = only(
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\"><channel><title>\
         Harbour Gazette</title><dc:language>en</dc:language></channel><item rdf:about=\"https://x.example/17\"><title>Ferry aground\
         </title><link>https://x.example/17</link><dc:date>2024-05-04T08:15:00+02:00</dc:date><dc:creator>Ada Quill</dc:creator>\
         <description>A ferry ran aground on Saturday.</description></item></rdf:RDF>",
    );
    assert_eq!(said(article.guid.as_ref()), Some("https://x.example/17"));
    assert_eq!(
        said(article.published.as_ref()),
        Some("2024-05-04T08:15:00+02:00")
    );
    assert_eq!(said(article.source.as_ref()), Some("Harbour Gazette"));
    assert_eq!(article.text, "A ferry ran aground on Saturday.");
}

#[test]
fn items_that_were_never_closed_are_not_read_as_often_as_they_are_deep() {
    let deep = "<item><title>Ferry</title>".repeat(100);
    let text = format!(
        "{deep}{}{}",
        "<description>Rain fell.</description>",
        "</item>".repeat(100)
    );
    assert_eq!(edition(&rss(&text)).members.len(), 1);
    assert_eq!(edition(&rss(&format!("{text}{ITEM}"))).members.len(), 2);
}

fn post(kind: &str, status: &str, text: &str) -> String {
    format!(
        "<item><title>Fair opens</title><dc:creator>quill</dc:creator><guid isPermaLink=\"false\">https://x.example/?p=1</guid>\
         <content:encoded><![CDATA[{text}]]></content:encoded><excerpt:encoded><![CDATA[The fair is open.]]></excerpt:encoded>\
         <wp:post_date_gmt>2024-05-04 06:15:00</wp:post_date_gmt><wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status></item>"
    )
}

fn export(items: &str) -> String {
    format!(
        "<rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Harbour Gazette</title><wp:author>\
         <wp:author_login>quill</wp:author_login><wp:author_email>ada@x.example</wp:author_email><wp:author_display_name>Ada \
         Quill</wp:author_display_name></wp:author>{items}</channel></rss>"
    )
}

#[test]
fn a_post_of_wordpress_is_what_its_author_typed() {
    let text = "[dropcap]T[/dropcap]he fair opened [sic] on Monday.\nA band played.\n\n[caption id=\"a\" width=\"3\"]<img \
                src=\"a.jpg\" />The band. [1][/caption]\n[gallery ids=\"1,2\"]\n[embed]https://x.example/v[/embed]\nIt closes on Friday.";
    let article = only(&export(&post("post", "publish", text)));
    assert_eq!(
        article.text,
        "The fair opened [sic] on Monday.\n\nA band played.\n\nIt closes on Friday."
    );
    assert_eq!(article.captions[0].value, "The band. [1]");
    assert_eq!(article.byline[0].value, "Ada Quill");
    assert_eq!(said(article.subtitle.as_ref()), Some("The fair is open."));
    assert_eq!(
        said(article.published.as_ref()),
        Some("2024-05-04T06:15:00Z")
    );
    assert!(!article.candidates.iter().any(|it| it.value.contains('@')));
}

#[test]
fn what_is_no_post_is_refused_and_says_so() {
    let items = [
        post("post", "publish", "A fair."),
        post("page", "publish", "About us."),
        post("post", "trash", "Old."),
    ];
    let edition = edition(&export(&items.concat()));
    let read: Vec<bool> = edition.members.iter().map(Result::is_ok).collect();
    assert_eq!(read, [true, false, false]);
    assert!(matches!(edition.members[1], Err(Refusal::NoText { .. })));
}
