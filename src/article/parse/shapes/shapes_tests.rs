//! The shapes of JSON that are known, each by a small document of it.

use crate::article::parse::{Drafter, Markup, format_named, reader_of, recognise};
use crate::article::{Edited, Field, Hints, Mapping, Refusal, Rules, edit};

/// The articles of a document as format, title and text.
fn edited(json: &str, rules: &Rules) -> Vec<(String, Option<String>, String)> {
    let edition = edit(json.as_bytes(), &Hints::default(), rules, None).expect("an edition");
    let format = edition.format.as_str().to_owned();
    let members = edition.members.into_iter();
    members
        .map(|member| {
            let member = member.expect("an article");
            (
                format.clone(),
                member.title.map(|title| title.value),
                member.text,
            )
        })
        .collect()
}

fn refused(json: &str) -> Refusal {
    let edition = edit(json.as_bytes(), &Hints::default(), &Rules::default(), None);
    match edition {
        Ok(mut edition) => edition.members.remove(0).expect_err("refused"),
        Err(refusal) => refusal,
    }
}

const TEXT: &str =
    "The ferry to Norvik will sail twice a day from May on, its owner said on Monday.";

#[test]
fn each_kind_of_json_is_told_by_its_keys() {
    let samples = [
        (
            "news-please",
            format!(
                r#"{{"maintext":"{TEXT}","title":"A","url":"https://a.example/1","source_domain":"a.example","date_publish":null}}"#
            ),
        ),
        (
            "trafilatura",
            format!(
                r#"{{"text":"{TEXT}","raw_text":"x","fingerprint":"00ff00ff00ff00ff","title":"A"}}"#
            ),
        ),
        (
            "newspaper4k",
            format!(
                r#"{{"text":"{TEXT}","title":"A","publish_date":"2024-05-01","top_image":""}}"#
            ),
        ),
        (
            "newsapi",
            format!(
                r#"{{"status":"ok","articles":[{{"source":{{"id":null,"name":"N"}},"title":"A","urlToImage":null,"publishedAt":"2024-05-01T08:00:00Z","content":"{TEXT}"}}]}}"#
            ),
        ),
        (
            "webz",
            format!(
                r#"{{"posts":[{{"thread":{{"uuid":"u1"}},"ord_in_thread":0,"title":"A","text":"{TEXT}"}}]}}"#
            ),
        ),
        (
            "ninjs",
            format!(
                r#"{{"uri":"urn:x:1","versioncreated":"2024-05-01T08:00:00Z","headline":"A","body_text":"{TEXT}","body_xhtml":"<p>{TEXT}</p>"}}"#
            ),
        ),
        (
            "ninjs",
            format!(
                r#"[{{"uri":"urn:x:1","versionCreated":"2024-05-01T08:00:00Z","headlines":[{{"role":"short","value":"B"}},{{"role":"main","value":"A"}}],"bodies":[{{"contentType":"text/plain","value":"{TEXT}"}}]}}]"#
            ),
        ),
        (
            "json-ld",
            format!(
                r#"{{"@context":"https://schema.org","@graph":[{{"@type":"WebSite"}},{{"@type":["NewsArticle"],"headline":"A","articleBody":"{TEXT}"}}]}}"#
            ),
        ),
        (
            "json-feed",
            format!(
                r#"{{"version":"https://jsonfeed.org/version/1.1","title":"F","items":[{{"id":"1","title":"A","content_html":"<p>{TEXT}</p>"}}]}}"#
            ),
        ),
        (
            "fingerpost",
            format!(
                r#"{{"source-feed":"X","usn":"u1","headline":"A","body_text":"<p>{TEXT}</p>"}}"#
            ),
        ),
        (
            "ldrs",
            format!(
                r#"{{"total":1,"item":[{{"uri":"u","byline":"Ann Roe","headline":"A","body_html":"<p>{TEXT}</p>"}}]}}"#
            ),
        ),
        (
            "json",
            format!(r#"{{"link":"https://a.example/1","headline":"A","body":["{TEXT}"]}}"#),
        ),
        (
            "json",
            format!(
                r#"{{"response":{{"results":[{{"webTitle":"A","webUrl":"https://a.example/1","fields":{{"bodyText":"{TEXT}"}}}}]}}}}"#
            ),
        ),
    ];
    for (format, json) in samples {
        let articles = edited(&json, &Rules::default());
        let (is, title, text) = articles
            .iter()
            .find(|(_, title, _)| title.is_some())
            .expect("an article")
            .clone();
        assert_eq!(
            (is.as_str(), title.as_deref(), text.as_str()),
            (format, Some("A"), TEXT),
            "{json}"
        );
    }
}

#[test]
fn a_part_of_a_document_reads_alone_as_it_does_in_it() {
    let json = format!(
        r#"{{"status":"ok","articles":[{{"source":{{"name":"N"}},"title":"A","urlToImage":null,"publishedAt":"2024-05-01T08:00:00Z","content":"{TEXT}"}},{{"source":{{"name":"N"}},"title":"B &amp; C","urlToImage":null,"publishedAt":"2024-05-01T09:00:00Z","content":"{TEXT} Again."}}]}}"#
    );
    let edition =
        edit(json.as_bytes(), &Hints::default(), &Rules::default(), None).expect("an edition");
    let parts = edition.parts.into_iter();
    for (member, part) in edition.members.into_iter().zip(parts) {
        let member = member.expect("an article");
        assert_eq!(part.of(&json), member.input);
        let mut none = |_: &str| std::sync::Arc::default();
        let again = crate::article::edit_again(
            member.input.clone(),
            edition.format,
            &Hints::default(),
            &Rules::default(),
            &mut none,
        );
        let again = again.expect("again");
        assert_eq!((&again.title, &again.text), (&member.title, &member.text));
        let title = member.title.expect("a title");
        let spelt = title.span.expect("a place").of(&member.input);
        assert!(spelt == "A" || spelt == "B &amp; C", "{spelt}");
    }
}

#[test]
fn a_shape_nobody_knows_is_held_with_its_keys_until_somebody_says_what_they_mean() {
    let json = format!(
        r#"{{"Überschrift":"A","Inhalt":{{"Absätze":["{TEXT}","{TEXT} Two."]}},"Amt":"Stadt"}}"#
    );
    let keys = vec![
        "Überschrift".to_owned(),
        "Inhalt".to_owned(),
        "Amt".to_owned(),
    ];
    assert_eq!(refused(&json), Refusal::UnknownShape { keys });
    let rules = Rules {
        mappings: vec![Mapping {
            signs: vec!["/Inhalt/Absätze".to_owned()],
            articles: None,
            text: vec!["/Inhalt/Absätze".to_owned()],
            fields: vec![(Field::Title, "/Überschrift".to_owned())],
        }],
        ..Rules::default()
    };
    let articles = edited(&json, &rules);
    assert_eq!(articles[0].1.as_deref(), Some("A"));
    assert_eq!(articles[0].2, format!("{TEXT}\n\n{TEXT} Two."));
}

#[test]
fn a_text_that_is_there_twice_is_the_last_of_the_two() {
    let json = format!(
        r#"{{"total":1,"item":[{{"uri":"u","body_html":"<p>Once.</p>","byline":"Ann Roe","headline":"A","body_html":"<p>{TEXT}</p>"}}]}}"#
    );
    let edition =
        edit(json.as_bytes(), &Hints::default(), &Rules::default(), None).expect("an edition");
    let article = edition.members[0].as_ref().expect("an article");
    assert_eq!(article.text, TEXT);
    let kept = article.pieces.iter().filter(|piece| piece.is_kept());
    assert!(
        kept.map(|piece| article.slice(piece.span))
            .any(|piece| piece.contains(TEXT))
    );
}

#[test]
fn an_item_without_text_is_a_notice_where_it_has_an_identity_and_refused_where_not() {
    let json = r#"{"uri":"urn:x:1","version":"3","versioncreated":"2024-05-01T08:00:00Z","pubstatus":"canceled","headline":"A"}"#;
    let edition =
        edit(json.as_bytes(), &Hints::default(), &Rules::default(), None).expect("an edition");
    let notice = edition.members[0].as_ref().expect("a notice");
    assert!(notice.is_notice());
    let said =
        |found: &Option<crate::article::Found<String>>| found.as_ref().map(|it| it.value.clone());
    assert_eq!(said(&notice.guid).as_deref(), Some("urn:x:1"));
    assert_eq!(said(&notice.status).as_deref(), Some("canceled"));
    assert_eq!(said(&notice.version).as_deref(), Some("3"));
    let json = r#"{"maintext":null,"title":"A","url":"https://a.example/","source_domain":"a.example","date_publish":null}"#;
    assert!(matches!(refused(json), Refusal::NoText { .. }));
}

#[test]
fn what_competes_for_a_field_is_told_with_who_won() {
    let json = format!(
        r#"{{"title":"A","headline":"B","url":"nowhere","link":"https://a.example/1","language":"xx9","text":"{TEXT}"}}"#
    );
    let edition =
        edit(json.as_bytes(), &Hints::default(), &Rules::default(), None).expect("an edition");
    let article = edition.members[0].as_ref().expect("an article");
    let of = |field: &str| -> Vec<(&str, bool)> {
        let candidates = article.candidates.iter().filter(|it| it.field == field);
        candidates.map(|it| (it.value.as_str(), it.won)).collect()
    };
    assert_eq!(of("title"), [("A", true), ("B", false)]);
    assert_eq!(
        of("url"),
        [("nowhere", false), ("https://a.example/1", true)]
    );
    assert!(of("language").contains(&("xx9", false)));
}

/// The article that is the first of a document.
fn only(json: &serde_json::Value) -> Edited {
    let json = json.to_string();
    let edition = edit(json.as_bytes(), &Hints::default(), &Rules::default(), None);
    let article = edition.expect("an edition").members.remove(0);
    article.expect("an article")
}

#[test]
fn a_standfirst_is_what_neither_headline_nor_story_say() {
    let opening: String = TEXT.chars().take(40).collect();
    let subtitle = |stated: &str| {
        let json =
            serde_json::json!({"title": "A ferry for Norvik", "text": TEXT, "standfirst": stated});
        let article = only(&json);
        article.subtitle.map(|found| (found.value, found.rule))
    };
    let news = "The old one sank in March";
    assert_eq!(subtitle(news), Some((news.to_owned(), "json-subtitle-key")));
    assert_eq!(subtitle(&format!("{opening}…")), None);
    assert_eq!(subtitle("A Ferry for Norvik"), None);
}

#[test]
fn keywords_and_notes_that_are_stated_are_told() {
    let json = serde_json::json!({
        "uri": "urn:example:1", "type": "text", "headline": "A ferry for Norvik", "body_text": TEXT,
        "ednote": "Adds the county", "keywords": ["ferries", "Norvik"]
    });
    let article = only(&json);
    let of = |field: Field| {
        let offered = article
            .candidates
            .iter()
            .filter(|it| it.field == field.as_str());
        offered
            .map(|it| (it.value.as_str(), it.won))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(Field::Keyword), [("ferries", true), ("Norvik", true)]);
    assert_eq!(of(Field::Note), [("Adds the county", true)]);
}

#[test]
fn bounds_of_nesting_and_values_hold_for_json() {
    let rules = Rules {
        depth_max: 3,
        tokens_max: 12,
        ..Rules::default()
    };
    let refused = |json: String| {
        let edition = edit(json.as_bytes(), &Hints::default(), &rules, None);
        match edition {
            Ok(mut edition) => edition.members.remove(0).expect_err("refused"),
            Err(refusal) => refusal,
        }
    };
    let deep = format!(r#"{{"title":"A","text":"{TEXT}","x":[[[1]]]}}"#);
    assert_eq!(refused(deep), Refusal::TooDeep { max: 3 });
    let many = format!(r#"{{"title":"A","text":"{TEXT}","x":[1,2,3,4,5,6,7,8,9]}}"#);
    assert!(matches!(refused(many), Refusal::TooMany { max: 12, .. }));
}

#[test]
fn a_page_in_a_record_is_read_as_a_page() {
    let page = format!(
        "<!doctype html><html><body><nav><a href='/'>Home</a></nav><article><h1>A ferry for Norvik</h1><p>{TEXT}</p><p>{TEXT} It said so twice.</p><p>Nobody in the town had asked for it, but the council was pleased.</p></article></body></html>"
    );
    let json = serde_json::json!({"url": "https://a.example/1", "html": page}).to_string();
    let (reader, _) = recognise(&json, &Hints::default(), &Rules::default());
    let draft = (reader.read)(&json, &Rules::default()).expect("a draft");
    assert!(!draft.is_given && draft.markup == Markup::Html);
    assert_eq!(draft.meta.told(Field::Url).count(), 1);
}

#[test]
fn every_format_is_found_by_its_name() {
    for reader in super::super::READERS {
        assert_eq!(format_named(reader.format.as_str()), Some(reader.format));
        assert_eq!(reader_of(reader.format).format, reader.format);
    }
    drop(Drafter::new(&Rules::default()).finish());
}
