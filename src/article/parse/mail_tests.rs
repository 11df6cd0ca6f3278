//! What mails and saved pages become.

use crate::article::{Hints, Refusal, Rules, edit};

use super::wire_tests::{check_again, edited, only, value};

const HEAD: &str = "Received: by gull.example\r\nFrom: =?utf-8?Q?Jane_R=C3=B6?= <jane@gull.example>\r\nSubject: Re: Harbour =?utf-8?Q?w=C3=A4ll?=\r\n\
Date: Mon, 4 Mar 2019 16:30:00 +0100\r\nMessage-ID: <1@gull.example>\r\nMIME-Version: 1.0\r\n";

#[test]
fn a_mail_is_its_headers_and_the_part_that_says_most() {
    let mail = format!(
        "     \r\n{HEAD}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\r\nThe council agreed to mend the w=E4ll.\r\n\r\n-- \r\nJane\r\nTel 123\r\n--b\r\n\
Content-Type: text/html\r\n\r\n<p>The council agreed.</p>\r\n--b--\r\n"
    );
    let edition = edited(mail.as_bytes());
    assert_eq!(
        (edition.format.as_str(), edition.charset.value),
        ("eml", "windows-1252")
    );
    let story = only(&edition);
    assert_eq!(value(story.title.as_ref()), "Harbour wäll");
    assert_eq!(value(story.guid.as_ref()), "<1@gull.example>");
    assert_eq!(value(story.published.as_ref()), "2019-03-04T16:30:00+01:00");
    assert_eq!(story.byline[0].value, "Jane Rö");
    assert_eq!(story.text, "The council agreed to mend the wäll.");
    let title = story
        .title
        .as_ref()
        .and_then(|found| found.span)
        .expect("a place");
    assert_eq!(story.slice(title), "Harbour wäll");
    check_again(&edition);
}

#[test]
fn a_mail_that_hands_on_another_is_that() {
    let story = "The council of Seaham agreed on Tuesday to mend the harbour wall. ".repeat(4);
    let inner = format!("{HEAD}\r\n{story}\r\n");
    let forward = |cover: &str, inner: &[&str]| {
        let attached = inner.iter().map(|inner| {
            format!("--b\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n{inner}\r\n")
        });
        format!(
            "From: ed@desk.example\r\nSubject: Fwd\r\nMessage-ID: <2@desk.example>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{cover}\r\n\
             {}--b--\r\n",
            attached.collect::<String>()
        )
    };
    for cover in ["", "See below.\r\nAnna"] {
        let edition = edited(forward(cover, &[&inner]).as_bytes());
        let article = only(&edition);
        assert_eq!(value(article.guid.as_ref()), "<1@gull.example>");
        assert_eq!(value(article.title.as_ref()), "Harbour wäll");
        assert_eq!(article.text, story.trim());
        check_again(&edition);
    }
    let own = forward(&story, &["Subject: Small\r\n\r\nThanks.\r\n"]);
    assert_eq!(
        value(only(&edited(own.as_bytes())).guid.as_ref()),
        "<2@desk.example>"
    );
    let several = forward("", &[&inner, &inner]);
    let refused = edit(
        several.as_bytes(),
        &Hints::default(),
        &Rules::default(),
        None,
    );
    assert!(matches!(refused, Err(Refusal::NoText { what }) if what.contains("mbox")));
}

#[test]
fn a_stub_gives_way_to_what_it_stands_for() {
    let html = "<p>The council of Seaham agreed on Tuesday to mend the harbour wall.</p>".repeat(8);
    let mail = format!(
        "{HEAD}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nView this in your browser.\r\n\
--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--\r\n"
    );
    assert!(
        only(&edited(mail.as_bytes()))
            .text
            .starts_with("The council of Seaham agreed")
    );
}

#[test]
fn what_is_quoted_is_not_what_is_said() {
    let mail = format!(
        "{HEAD}\r\nThe wall will be mended.\r\n\r\nOn Sunday, Ada Poe wrote:\r\n> Will it?\r\n> Ada\r\n"
    );
    let edition = edited(mail.as_bytes());
    assert_eq!(only(&edition).text, "The wall will be mended.");
    check_again(&edition);
}

#[test]
fn messages_in_messages_are_bounded() {
    let mut mail = HEAD.to_owned();
    for _ in 0..2000 {
        mail.push_str("Content-Type: message/rfc822\r\n\r\n");
    }
    let refused = edit(mail.as_bytes(), &Hints::default(), &Rules::default(), None);
    assert!(matches!(refused, Err(Refusal::TooDeep { .. })));
}

#[test]
fn a_saved_page_has_an_address_and_is_not_published_when_it_was_saved() {
    let story = "<p>The council of Seaham agreed on Tuesday to mend the harbour wall, which the storm had broken.</p>".repeat(4);
    let page = format!(
        "<html><head><title>Harbour wall to be mended</title></head><body><h1>Harbour wall to be mended</h1>{story}</body></html>"
    );
    let saved = format!(
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://gull.example/news/wall\r\nDate: Mon, 4 Mar 2019 16:30:00 -0000\r\n\
MIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/css\r\n\
Content-Location: https://gull.example/a.css\r\n\r\np {{}}\r\n--b\r\nContent-Type: text/html\r\nContent-Location: https://gull.example/news/wall\r\n\r\n\
{page}\r\n--b--\r\n"
    );
    let edition = edited(saved.as_bytes());
    let story = only(&edition);
    assert_eq!(edition.format.as_str(), "mhtml");
    assert_eq!(value(story.url.as_ref()), "https://gull.example/news/wall");
    assert_eq!(value(story.title.as_ref()), "Harbour wall to be mended");
    assert!(story.published.is_none());
    assert!(story.text.starts_with("The council of Seaham"));
    check_again(&edition);
    let single = page.replacen("<html>", "<html><!--\n Page saved with SingleFile\n url: https://gull.example/s\n saved date: Mon Mar 04 2019\n-->", 1);
    let edition = edited(single.as_bytes());
    let story = only(&edition);
    assert_eq!(
        (edition.format.as_str(), value(story.url.as_ref())),
        ("singlefile", "https://gull.example/s")
    );
    let place = story
        .url
        .as_ref()
        .and_then(|found| found.span)
        .expect("a place");
    assert_eq!(story.slice(place), "https://gull.example/s");
    assert!(story.published.is_none());
}

#[test]
fn the_header_of_what_is_forwarded_needs_no_line_above_it() {
    let forwarded = "From: Ada Quill <ada@harbour.example>\nSent: Monday, 4 March 2024 09:12\nTo: desk@gull.example\n\
                     Subject: Ferry aground\n\nA ferry ran aground on Saturday.\n\n>From the pier nothing could be seen.\n";
    assert_eq!(
        told(forwarded),
        "A ferry ran aground on Saturday.\n\nFrom the pier nothing could be seen."
    );
}

#[test]
fn the_marks_of_press_offices_are_no_text() {
    let release = "FOR IMMEDIATE RELEASE\n\nA ferry ran aground on Saturday.\n\n-MORE-\n\nNobody was hurt, its captain said.\n\n###\n";
    assert_eq!(
        told(release),
        "A ferry ran aground on Saturday.\n\nNobody was hurt, its captain said."
    );
}

/// The text of a mail of one part.
fn told(body: &str) -> String {
    let mail = format!("{HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}");
    only(&edited(mail.as_bytes())).text.clone()
}
