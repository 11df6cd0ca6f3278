//! Promises of the whole: any bytes are survived, kept and cut make the input.

use std::sync::Arc;

use proptest::prelude::*;

use super::corpus_tests::{edited, inputs, read_kept};
use super::furniture::Furniture;
use super::{Edition, Format, Hints, Refusal, Rules, edit, prose};

fn run(bytes: &[u8]) -> Result<Edition, Refusal> {
    edit(bytes, &Hints::default(), &Rules::default(), None)
}

fn check(bytes: &[u8]) {
    let Ok(edition) = run(bytes) else { return };
    check_edition(&edition);
    // The same with half of what it tells known as furniture of its source.
    let hints = Hints {
        source: Some(("Gazette", "config")),
        ..Hints::default()
    };
    let with = |known: Furniture| {
        let known = Arc::new(known);
        let mut learnt = |_: &str| Arc::clone(&known);
        edit(bytes, &hints, &Rules::default(), Some(&mut learnt)).unwrap()
    };
    let cold = with(Furniture::default());
    check_edition(&cold);
    for article in cold.members.iter().flatten() {
        let observation = article.observation.as_ref().unwrap();
        let hot = with(observation.keys.iter().copied().step_by(2).collect());
        check_edition(&hot);
        let told = hot.members[0].as_ref().unwrap().observation.as_ref();
        assert_eq!(told, Some(observation));
    }
}

fn check_edition(edition: &Edition) {
    for article in edition.members.iter().flatten() {
        assert!(!article.text.is_empty());
        let mut rebuilt = String::new();
        let mut cursor = 0;
        for cut in &article.cuts() {
            rebuilt.push_str(article.input.get(cursor..cut.span.start).unwrap());
            rebuilt.push_str(article.slice(cut.span));
            cursor = cut.span.end;
        }
        rebuilt.push_str(article.input.get(cursor..).unwrap());
        assert_eq!(rebuilt, article.input);
        if edition.format == Format::TEXT {
            let words = |text: &str| prose::fold(text).replace(' ', "");
            assert_eq!(
                words(&read_kept(article, Format::TEXT)),
                words(&article.text)
            );
        }
    }
}

#[test]
fn white_space_alone_is_empty() {
    assert_eq!(run(b"").unwrap_err(), Refusal::Empty);
    assert_eq!(run(b" \n\xc2\xa0\xef\xbb\xbf").unwrap_err(), Refusal::Empty);
}

#[test]
fn what_is_not_text_is_named() {
    assert_eq!(
        run(b"\x89PNG\r\n").unwrap_err(),
        Refusal::UnknownFormat("png")
    );
    assert_eq!(
        run(b"PK\x03\x04rest").unwrap_err(),
        Refusal::UnknownFormat("zip")
    );
    assert_eq!(
        run(&[1, 2, 3, 4, 5, 200, 7, 8]).unwrap_err(),
        Refusal::UnknownFormat("binary")
    );
}

#[test]
fn too_much_text_is_refused() {
    let rules = Rules {
        text_bytes_max: 10,
        ..Rules::default()
    };
    let refused = edit(b"More than ten bytes.", &Hints::default(), &rules, None).unwrap_err();
    assert_eq!(refused, Refusal::TooLarge { bytes: 20, max: 10 });
}

#[test]
fn a_menu_alone_leaves_nothing() {
    let edition = run(b"Home\nNews\nSport\n").unwrap();
    let [Err(Refusal::NotAnArticle { percent, cuts: 2 })] = edition.members.as_slice() else {
        panic!("{:?}", edition.members);
    };
    assert!(*percent < 10);
}

#[test]
fn charsets_are_told_by_their_evidence() {
    let text = "Grüße aus Köln: Die Brücke ist wieder frei, sagte die Stadt am Montag.";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let mut page = b"<html><head><meta charset=iso-8859-1></head><body><p>".to_vec();
    page.extend(&latin);
    for (bytes, charset, rule) in [
        (text.as_bytes().to_vec(), "utf-8", "utf-8-valid"),
        (format!("\u{feff}{text}").into_bytes(), "utf-8", "bom"),
        (utf16, "utf-16le", "utf-16-pattern"),
        (latin, "windows-1252", "detected"),
        (page, "windows-1252", "html-meta"),
    ] {
        let edition = run(&bytes).unwrap();
        assert_eq!(
            (edition.charset.value, edition.charset.rule),
            (charset, rule)
        );
        assert_eq!(edition.members[0].as_ref().unwrap().text, text);
    }
}

#[test]
fn a_page_with_an_archive_behind_it_is_a_page() {
    let story =
        "<p>The council of Seaham agreed on Tuesday to mend the harbour wall, officials said.</p>"
            .repeat(3);
    let mut page = format!("<!doctype html><title>Harbour wall</title>{story}<!--").into_bytes();
    page.extend(
        (0..2_000u32)
            .map(|n| n.to_le_bytes()[(n % 2) as usize])
            .chain([0xff, 0xfe]),
    );
    page.extend(b"-->");
    let edition = run(&page).unwrap();
    assert_eq!(edition.format, Format::HTML);
    assert!(
        edition.members[0]
            .as_ref()
            .unwrap()
            .text
            .starts_with("The council")
    );
}

#[test]
fn a_chinese_story_may_name_its_reporter_in_its_only_paragraph() {
    let lede =
        "新华社海城3月4日电（记者 王某）海城市议会星期二决定修复去年三月被风暴冲毁的港口堤坝。";
    let edition = run(format!("海城将修复港口堤坝\n\n{lede}\n").as_bytes()).unwrap();
    assert_eq!(edition.members[0].as_ref().unwrap().text, lede);
}

#[test]
fn torn_utf_8_in_ascii_is_no_other_charset() {
    let story =
        "The council of Seaham agreed on Tuesday to mend the harbour wall, officials said.\n"
            .repeat(3);
    let charset = |tail: &[u8]| {
        let bytes = [story.as_bytes(), tail].concat();
        run(&bytes).unwrap().charset.value
    };
    assert_eq!(
        charset(b"ok \xff\xfe \xc0\xaf \xe2\x82 \xed\xa0\x80 \xf5\x80\x80\x80 end"),
        "utf-8"
    );
    let latin = b"Caf\xe9\x94 caf\xe9\x94 na\xefve d\xe9j\xe0\xa0: caf\xe9 ol\xe9";
    assert_eq!(charset(latin), "windows-1252");
}

#[test]
fn a_text_that_comes_to_speak_of_tags_is_a_text() {
    let tags = "<div><h1>One</h1><p>Two</p></div>\n".repeat(8);
    let prose = "The council met on Monday and agreed to repair the wall, officials said.\n\n";
    let format = |text: String| run(text.as_bytes()).unwrap().format;
    assert_eq!(format(format!("{}{tags}", prose.repeat(2))), Format::HTML);
    assert_eq!(format(format!("{}{tags}", prose.repeat(40))), Format::TEXT);
}

#[test]
fn zero_bytes_inside_a_text_are_survived() {
    let text = "The council met on Monday.\0 It agreed to meet again on Thursday, the mayor said afterwards.";
    assert!(edited(text.as_bytes()).text.contains("meet again"));
}

#[test]
fn line_ends_and_quotes_do_not_change_the_digest() {
    let a = edited(b"\"It is done,\" the mayor's office said on Monday evening.\n\nNobody was surprised by that.");
    let b = edited("“It is done,” the mayor’s office said on Monday evening.\r\n\r\nNobody was surprised by that.\r\n\r\n".as_bytes());
    assert_eq!(a.fingerprint, b.fingerprint);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn any_text_is_survived(text in "\\PC{0,300}") {
        check(text.as_bytes());
    }

    #[test]
    fn any_mixture_of_lines_keeps_the_arithmetic(lines in prop::collection::vec(
        prop::sample::select(vec![
            "Home", "Read more", "", "  ", "\u{a0}", "By Ann Lee", "3 Oct 2031", "• item one", "(AFP)", "Photo: X/AFP",
            "The council met on Monday and agreed to repair the wall, officials said.", "A headline of some words here",
            "It rained. -- AFP", "LIMA (AP) — A ship sank off the coast on Sunday, the navy said in a statement.", "<p>", "</div><b>",
        ]), 0..25)) {
        check(lines.join("\n").as_bytes());
        check(lines.join("\r\n\r\n").as_bytes());
    }

    #[test]
    fn a_corpus_file_cut_off_anywhere_is_survived(at in 0.0f64..1.0, which in 0usize..6) {
        let bytes = std::fs::read(&inputs()[which]).unwrap();
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a small file")]
        let end = (bytes.len() as f64 * at) as usize;
        check(&bytes[..end]);
    }
}
