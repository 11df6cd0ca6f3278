//! What HTML becomes.

use super::{Draft, Kind, Marks, html};
use proptest::prelude::*;

fn texts(html_text: &str) -> Vec<String> {
    parse(html_text)
        .blocks
        .into_iter()
        .map(|block| block.text)
        .collect()
}

fn parse(text: &str) -> Draft {
    html::parse(text, 256)
}

#[test]
fn paragraphs_end_where_the_next_one_starts() {
    assert_eq!(
        texts("<p>One<p>Two <b>bold</b> <i>end</i><ul><li>a<li>b</ul>c"),
        ["One", "Two bold end", "a", "b", "c"]
    );
}

#[test]
fn scripts_styles_and_drawings_are_no_text() {
    let page = "<p>a<script>if (1 < 2) { document.write('<p>x') }</script>b<style>p{}</style>\
                <svg><title/><text>drawn</text></svg><noscript><p>n</p></noscript><textarea><p>t</textarea> c</p>";
    assert_eq!(texts(page), ["ab c"]);
}

#[test]
fn character_references_are_read_and_their_spans_are_whole() {
    let page = "<p>Fish &amp; chips cost &pound;5&nbsp;now&hellip;</p>";
    let draft = parse(page);
    let block = &draft.blocks[0];
    assert_eq!(block.text, "Fish & chips cost £5 now…");
    assert_eq!(
        block.span.of(page),
        "Fish &amp; chips cost &pound;5&nbsp;now&hellip;"
    );
    let five = block.input_at(block.text.find("5 now").unwrap());
    assert!(page.get(five..).unwrap().starts_with("5&nbsp;"));
}

#[test]
fn spans_survive_carriage_returns_and_letters_of_several_bytes() {
    let page = "<div>\r\n<p>Größe\r\nzählt</p>\r\n<é & ü</div>";
    let draft = parse(page);
    assert_eq!(draft.blocks[0].span.of(page), "Größe\r\nzählt");
    assert_eq!(draft.blocks[1].span.of(page), "<é & ü");
}

#[test]
fn two_breaks_part_paragraphs() {
    assert_eq!(texts("one<br>two<br><br>three"), ["one two", "three"]);
}

#[test]
fn classes_speak_for_the_text_under_them() {
    let page = "<div class='article-body'><p>The council met on Tuesday and agreed to repair the harbour wall at last.</p>\
                <div class='related-links'><p>Other story</p></div></div><nav><a href=x>Home</a></nav>";
    let draft = parse(page);
    assert!(draft.blocks[0].marks.any(Marks::BODY));
    assert!(draft.blocks[1].marks.any(Marks::RELATED));
    assert!(draft.blocks[2].marks.any(Marks::NAVIGATION));
    assert!((draft.blocks[2].link_share() - 1.0).abs() < f32::EPSILON);
}

#[test]
fn a_frame_that_holds_the_story_is_not_believed_when_it_calls_itself_a_sidebar() {
    let page = "<div class='sidebar'><p>The council met on Tuesday and agreed to repair the harbour wall at last.</p></div>";
    assert!(!parse(page).blocks[0].marks.any(Marks::ASIDE));
}

#[test]
fn what_the_head_states_is_noted() {
    let page = "<html lang=en-GB><head><title>A &amp; B | Daily Gull</title><meta property=og:site_name content='Daily Gull'>\
                <link rel=canonical href='https://gull.example/a'><script type='application/ld+json'>{\"@graph\":[{\"@type\":\
                \"NewsArticle\",\"headline\":\"A and B\",\"author\":[{\"name\":\"Jo Doe\"}],\"datePublished\":\"2031-02-03\"}]}</script>";
    let meta = parse(page).meta;
    assert_eq!(
        meta.first(&["html-title"]).unwrap().value,
        "A & B | Daily Gull"
    );
    assert_eq!(
        meta.first(&["html-og-site-name"]).unwrap().value,
        "Daily Gull"
    );
    assert_eq!(
        meta.first(&["html-canonical"]).unwrap().value,
        "https://gull.example/a"
    );
    assert_eq!(meta.first(&["html-lang"]).unwrap().value, "en-GB");
    assert_eq!(meta.first(&["json-ld-headline"]).unwrap().value, "A and B");
    assert_eq!(meta.first(&["json-ld-author"]).unwrap().value, "Jo Doe");
    assert_eq!(
        meta.first(&["json-ld-date-published"]).unwrap().value,
        "2031-02-03"
    );
}

#[test]
fn what_a_page_states_for_machines_is_read_as_machines_write_it() {
    let page = "<script type='application/ld+json'>//<![CDATA[\n{\"@graph\":[{\"@type\":\"NewsArticle\",\"headline\":\"A \nB\",\
                \"author\":{\"@id\":\"#ann\"},\"publisher\":{\"@id\":\"#gull\"},},{\"@id\":\"#gull\",\"name\":\"Daily Gull\"},\
                {\"@id\":\"#ann\",\"givenName\":\"Ann\",\"familyName\":\"Poe\"}]}\n//]]></script><p>Text.";
    let meta = parse(page).meta;
    for (rule, value) in [
        ("json-ld-headline", "A B"),
        ("json-ld-author", "Ann Poe"),
        ("json-ld-publisher", "Daily Gull"),
    ] {
        assert_eq!(meta.first(&[rule]).map(|it| it.value.as_str()), Some(value));
    }
}

#[test]
fn lines_that_are_shown_as_such_part_paragraphs_where_they_stand_apart() {
    let page = "<pre>The harbour is closed,\nthe mayor <b>said</b> on\nMonday.\n\nIt opens on Friday.\n    Ferries sail\nfrom Askholm \
                until then.</pre><p>By\n\nAnn";
    let blocks = parse(page).blocks;
    let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "The harbour is closed, the mayor said on Monday.",
            "It opens on Friday.",
            "Ferries sail from Askholm until then.",
            "By Ann"
        ]
    );
}

#[test]
fn kinds_follow_the_markup() {
    let page = "<h2>H</h2><ul><li><p>item</p></ul><table><tr><td>cell</table><figure><figcaption>cap</figcaption></figure><div>loose</div>";
    let kinds: Vec<Kind> = parse(page).blocks.iter().map(|block| block.kind).collect();
    assert_eq!(
        kinds,
        [
            Kind::Heading(2),
            Kind::Item,
            Kind::Cell,
            Kind::Caption,
            Kind::Loose
        ]
    );
}

#[test]
fn depth_is_capped_and_what_follows_is_still_read() {
    let page = format!(
        "{}deep{}<p>after</p>",
        "<div>".repeat(5000),
        "</div>".repeat(5000)
    );
    assert_eq!(texts(&page), ["deep", "after"]);
}

proptest! {
    #[test]
    fn any_text_is_survived_and_spans_are_in_order_and_apart(page in "(<[a-z/!]{0,6}[ =\"'a-z]{0,8}>?|&[a-z#0-9]{0,6};?|[a-zé\u{4e2d}\r\n\u{a0}\u{200b} .]{0,9}){0,40}") {
        let draft = parse(&page);
        let mut end = 0;
        for block in &draft.blocks {
            prop_assert!(block.span.start >= end && block.span.end > block.span.start);
            prop_assert!(page.get(block.span.start..block.span.end).is_some());
            end = block.span.end;
            for (at, _) in block.text.char_indices() {
                let input = block.input_at(at);
                prop_assert!(page.is_char_boundary(input));
            }
        }
    }
}

#[test]
fn what_stands_behind_the_last_block_is_left_unread() {
    let page = "<p>a</p>".repeat(super::BLOCKS_MAX + 2);
    let draft = parse(&page);
    assert_eq!(draft.blocks.len(), super::BLOCKS_MAX);
    assert_eq!(draft.unread.unwrap().of(&page), "a</p><p>a</p>");
}
