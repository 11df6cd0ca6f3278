//! JSON of shapes that no reader is for, told by the names it gives to what it says.

use serde_json::{Value, json};

use crate::article::{Edited, Field, Hints, Refusal, Rules, edit};

const LEAD: &str =
    "The ferry to Norvik will sail twice a day from May on, its owner said on Monday.";
const STORY: &str =
    "The new ramp was tested for four days before the first passengers were let on board.";

/// The first article of a document.
fn first(json: &Value) -> Result<Edited, Refusal> {
    let json = json.to_string();
    let mut edition = edit(json.as_bytes(), &Hints::default(), &Rules::default(), None)?;
    edition.members.remove(0)
}

fn names(article: &Edited) -> Vec<&str> {
    let names = article.byline.iter().map(|name| name.value.as_str());
    names.collect()
}

#[test]
fn the_answers_of_services_are_read_by_the_names_in_them() {
    let text = format!("{LEAD}\n\n{STORY}");
    let title = "A ferry for Norvik";
    for answer in [
        // Event Registry: a list in an object in an object.
        json!({"articles": {"page": 1, "results": [{"uri": "75", "title": title, "body": text,
            "dateTimePub": "2024-03-12T06:05:00Z", "url": "https://a.example/1", "authors": [{"name": "Ann Poe"}]}]}}),
        // A service of newspapers, whose headline and author are objects.
        json!({"status": "OK", "response": {"docs": [{"web_url": "https://a.example/1", "headline": {"main": title},
            "pub_date": "2024-03-12T06:05:00Z", "byline": {"original": "By Ann Poe"}, "article_text": text}]}}),
        // XML that became JSON.
        json!({"rss": {"channel": {"item": [{"titel": title, "link": "https://a.example/1", "Inhalt": text,
            "pubDate": "2024-03-12T06:05:00Z", "Autor": "Ann Poe"}]}}}),
        // An editor's blocks.
        json!({"headline": title, "published": "2024-03-12T06:05:00Z", "body": {"blocks": [
            {"type": "paragraph", "data": {"text": LEAD}}, {"type": "image", "data": {"url": "https://a.example/1.jpg"}},
            {"type": "paragraph", "data": {"text": STORY}}]}, "authors": [{"first_name": "Ann", "last_name": "Poe"}]}),
    ] {
        let article = first(&answer).expect("an article");
        assert_eq!(article.text, text, "{answer}");
        assert_eq!(
            article.title.as_ref().map(|it| it.value.as_str()),
            Some(title),
            "{answer}"
        );
        let published = article.published.as_ref().map(|it| it.value.as_str());
        assert_eq!(published, Some("2024-03-12T06:05:00Z"), "{answer}");
        assert_eq!(names(&article), ["Ann Poe"], "{answer}");
    }
}

#[test]
fn a_summary_is_the_text_where_there_is_no_other_and_is_said_to_be_one() {
    let item = |text: Value| json!({"data": [{"title": "A ferry", "url": "https://a.example/1", "description": LEAD, "text": text}]});
    let notes = |article: &Edited| {
        let notes = article
            .candidates
            .iter()
            .filter(|it| it.rule == "json-brief-key");
        notes.filter(|it| it.field == Field::Note.as_str()).count()
    };
    let brief = first(&item(Value::Null)).expect("an article");
    assert_eq!((brief.text.as_str(), notes(&brief)), (LEAD, 1));
    let full = first(&item(json!(STORY))).expect("an article");
    assert_eq!((full.text.as_str(), notes(&full)), (STORY, 0));
    assert_eq!(full.subtitle.map(|it| it.value).as_deref(), Some(LEAD));
}

#[test]
fn what_is_by_far_the_most_of_a_titled_article_is_its_text() {
    let story = format!("{LEAD} {STORY} ").repeat(4);
    let named = |name: &str| json!({"title": "A ferry", "url": "https://a.example/1", "x": "y", name: story});
    let article = first(&named("wp_editor_dump")).expect("an article");
    assert_eq!(article.text, story.trim_end());
    let lone = json!({"wp_editor_dump": story, "x": "y"});
    assert!(matches!(first(&lone), Err(Refusal::UnknownShape { .. })));
    let short = json!({"title": "A ferry", "url": "https://a.example/1", "wp_editor_dump": LEAD});
    assert!(matches!(first(&short), Err(Refusal::UnknownShape { .. })));
    let code = json!({"title": "A", "url": "https://a.example/1", "s": "a".repeat(900)});
    assert!(matches!(first(&code), Err(Refusal::UnknownShape { .. })));
}

#[test]
fn tags_and_signs_that_are_escaped_once_too_often_are_read() {
    for body in [
        format!(
            "&lt;p&gt;{LEAD}&lt;/p&gt;&lt;p&gt;Fares &amp;amp; times&amp;#8217; list.&lt;/p&gt;"
        ),
        format!("{LEAD}\n\nFares &amp; times&#8217; list."),
        format!("<p>{LEAD}</p><p>Fares &amp; times’ list.</p>"),
    ] {
        let article = first(&json!({"title": "A ferry", "text": body})).expect("an article");
        assert_eq!(
            article.text,
            format!("{LEAD}\n\nFares & times’ list."),
            "{body}"
        );
    }
}

#[test]
fn a_graph_tells_who_its_articles_refer_to() {
    let graph = json!({"@context": "https://schema.org", "@graph": [
        {"@type": "NewsArticle", "headline": "A ferry", "articleBody": LEAD, "author": {"@id": "https://a.example/#1"},
            "publisher": {"@id": "https://a.example/#org"}},
        {"@type": "Person", "@id": "https://a.example/#1", "givenName": "Ann", "familyName": "Poe"},
        {"@type": "Organization", "@id": "https://a.example/#org", "name": "Norvik Gazette"}]});
    let article = first(&graph).expect("an article");
    assert_eq!(names(&article), ["Ann Poe"]);
    let source = article.source.as_ref().map(|it| it.value.as_str());
    assert_eq!(source, Some("Norvik Gazette"));
}

#[test]
fn articles_are_found_wherever_an_answer_nests_them() {
    let article = json!({"title": "A ferry", "url": "https://a.example/1", "text": LEAD});
    for answer in [
        json!({"data": {"posts": {"edges": [{"cursor": "x", "node": article}]}}}),
        json!({"data": {"article": article}, "comments": [{"title": "No", "text": "First!", "url": "https://a.example/c"}]}),
        json!({"props": {"pageProps": {"related": [{"title": "No", "text": STORY}], "article": article}}, "page": "/[slug]"}),
        json!({"db": [{"meta": {"version": "5"}, "data": {"posts": [article]}}]}),
        json!({"https://a.example/1": article}),
    ] {
        let found = first(&answer).expect("an article");
        assert_eq!(found.text, LEAD, "{answer}");
    }
    let comments =
        json!({"comments": [{"title": "No", "text": "First!", "url": "https://a.example/c"}]});
    assert!(matches!(
        first(&comments),
        Err(Refusal::UnknownShape { .. })
    ));
}

#[test]
fn the_elements_of_a_content_system_are_paragraphs_each() {
    let ans = json!({"type": "story", "headlines": {"basic": "A ferry"}, "subheadlines": {"basic": "<p>It is <b>new</b></p>"},
        "credits": {"by": [{"type": "author", "name": "Ann Poe"}]}, "distributor": {"name": "Norvik Gazette"},
        "display_date": "2024-03-12T06:05:00Z", "content_elements": [
            {"type": "text", "content": LEAD}, {"type": "interstitial_link", "content": "Read more: fares"},
            {"type": "quote", "content_elements": [{"type": "text", "content": "It is <i>quick</i>, she said."}]},
            {"type": "image", "caption": "The ramp"}, {"type": "list", "items": [{"type": "text", "content": STORY}]}]});
    let article = first(&ans).expect("an article");
    assert_eq!(
        article.text,
        format!("{LEAD}\n\nIt is quick, she said.\n\n{STORY}")
    );
    let value =
        |found: &Option<crate::article::Found<String>>| found.as_ref().map(|it| it.value.clone());
    assert_eq!(value(&article.title).as_deref(), Some("A ferry"));
    assert_eq!(value(&article.subtitle).as_deref(), Some("It is new"));
    assert_eq!(value(&article.source).as_deref(), Some("Norvik Gazette"));
    assert_eq!(names(&article), ["Ann Poe"]);
    let (begin, end) = LEAD.split_at(20);
    let portable = json!({"title": "A ferry", "publishedAt": "2024-03-12T06:05:00Z", "body": [
        {"_type": "block", "children": [{"_type": "span", "text": begin}, {"_type": "span", "text": end}]},
        {"_type": "block", "children": [{"_type": "span", "text": STORY}]}]});
    assert_eq!(
        first(&portable).expect("an article").text,
        format!("{LEAD}\n\n{STORY}")
    );
}

#[test]
fn a_headline_loses_the_name_of_its_source() {
    for (title, source, is) in [
        ("A ferry - Norvik Gazette", "Norvik Gazette", "A ferry"),
        ("A ferry | The Norvik Gazette", "Norvik Gazette", "A ferry"),
        (
            "A ferry - and a quay",
            "Norvik Gazette",
            "A ferry - and a quay",
        ),
    ] {
        let article =
            first(&json!({"title": title, "source": source, "text": LEAD})).expect("an article");
        assert_eq!(article.title.map(|it| it.value).as_deref(), Some(is));
    }
}
