//! What a PDF becomes.

use std::fmt::Write as _;

use crate::article::{Hints, Refusal, Rules, edit};

use super::wire_tests::{check_again, edited, only, value};

/// A PDF with these drawing instructions, one a page.
fn pdf(pages: &[&str]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len())
        .map(|at| format!("{} 0 R", 10 + 2 * at))
        .collect();
    let mut objects = vec![
        (1, "<< /Type /Catalog /Pages 2 0 R >>".to_owned()),
        (
            2,
            format!(
                "<< /Type /Pages /Kids [{}] /Count {} >>",
                kids.join(" "),
                pages.len()
            ),
        ),
        (
            3,
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
                .to_owned(),
        ),
        (
            4,
            "<< /Title (Harbour wall to be mended) /CreationDate (D:20190304163000+01'00') >>"
                .to_owned(),
        ),
    ];
    for (at, page) in pages.iter().enumerate() {
        let (id, content) = (10 + 2 * at, 11 + 2 * at);
        objects.push((
            id,
            format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"),
        ));
        objects.push((
            content,
            format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        ));
    }
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (id, object) in &objects {
        places.push((*id, file.len()));
        write!(file, "{id} 0 obj\n{object}\nendobj\n").expect("a string");
    }
    let start = file.len();
    file.push_str("xref\n0 1\n0000000000 65535 f \n");
    for (id, place) in places {
        write!(file, "{id} 1\n{place:010} 00000 n \n").expect("a string");
    }
    write!(
        file,
        "trailer << /Size 99 /Root 1 0 R /Info 4 0 R >>\nstartxref\n{start}\n%%EOF\n"
    )
    .expect("a string");
    file.into_bytes()
}

#[test]
fn pages_are_read_in_lines_and_paragraphs() {
    let first = "BT /F1 9 Tf 50 810 Td (The Daily Gull, page 1) Tj ET BT /F1 20 Tf 50 780 Td (Harbour wall to be mended) Tj ET \
BT /F1 11 Tf 14 TL 50 740 Td (The council of Seaham agreed on Tuesday by one vote to mend the har-) Tj T* \
(bour wall, which the storm of last March had broken in two, and) Tj T* (caf\\351s are glad.) Tj 0 -28 Td [(T) 60 (he work starts in)-400(May, said the mayor, who hopes that it ends before)] TJ ET";
    let second = "BT /F1 9 Tf 50 810 Td (The Daily Gull, page 2) Tj ET BT /F1 11 Tf 14 TL 50 780 Td (the next winter comes to the harbour.) Tj ET";
    let edition = edited(&pdf(&[first, second]));
    assert_eq!(edition.format.as_str(), "pdf");
    let story = only(&edition);
    assert_eq!(value(story.title.as_ref()), "Harbour wall to be mended");
    assert_eq!(value(story.published.as_ref()), "2019-03-04T16:30:00+01:00");
    assert!(
        story
            .text
            .contains("to mend the harbour wall, which the storm"),
        "{}",
        story.text
    );
    assert!(
        story
            .text
            .contains("cafés are glad.\n\nThe work starts in May, said"),
        "{}",
        story.text
    );
    assert!(!story.text.contains("Daily Gull"), "{}", story.text);
    check_again(&edition);
}

#[test]
fn what_is_set_in_the_largest_type_is_the_headline_of_a_file_without_a_title() {
    let page = "BT /F1 30 Tf 50 810 Td (THE GULL) Tj ET BT /F1 20 Tf 24 TL 50 780 Td (Ferry to Askholm sails again) Tj \
T* (after eleven days) Tj ET BT /F1 11 Tf 14 TL 50 700 Td (The ferry between Torvik and Askholm went back into service on) Tj \
T* (Tuesday, eleven days after a storm had torn away its landing stage.) Tj ET";
    let other = "Harbour wall to be mended";
    for stated in [other, "Untitled"] {
        let file = pdf(&[page]);
        let title = format!("({stated:width$})", width = other.len());
        let file = String::from_utf8(file)
            .expect("text")
            .replace(&format!("({other})"), &title);
        let edition = edited(file.as_bytes());
        let story = only(&edition);
        assert_eq!(
            value(story.title.as_ref()),
            "Ferry to Askholm sails again after eleven days"
        );
        assert!(
            story.text.starts_with("The ferry between"),
            "{}",
            story.text
        );
        assert!(!story.text.contains("after eleven days\n"));
    }
}

#[test]
fn pictures_and_ruins_are_refused_in_words() {
    let refused = |bytes: &[u8]| {
        edit(bytes, &Hints::default(), &Rules::default(), None).expect_err("refused")
    };
    assert_eq!(
        refused(&pdf(&["q 1 0 0 1 0 0 cm Q", ""])),
        Refusal::NoTextLayer { pages: 2 }
    );
    assert!(matches!(
        refused(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"),
        Refusal::Malformed { format: "pdf", .. }
    ));
    let whole = pdf(&["BT /F1 9 Tf (Harbour) Tj ET"]);
    for end in 0..whole.len() {
        // Any part of it is survived.
        drop(edit(
            &whole[..end],
            &Hints::default(),
            &Rules::default(),
            None,
        ));
    }
}
