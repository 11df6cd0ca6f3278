//! What plain text becomes.

use super::plain::parse;

fn texts(text: &str) -> Vec<String> {
    parse(text)
        .blocks
        .into_iter()
        .map(|block| block.text)
        .collect()
}

#[test]
fn a_line_is_a_paragraph_where_nothing_is_wrapped() {
    let long = "The harbour master said the wall had been weakened by three winters of storms and would be rebuilt by spring.";
    assert_eq!(
        texts(&format!("{long}\n{long}\n\n{long}")),
        [long, long, long]
    );
}

#[test]
fn hard_wrapped_lines_are_rejoined() {
    let text = "The harbour master said the wall had been weakened by three\nwinters of storms and would be rebuilt by spring, if the\n\
                council could find the money for it in time.\n\nResidents were not\nconvinced.\n";
    assert_eq!(texts(text)[0].lines().count(), 1);
    assert!(texts(text)[0].ends_with("in time."));
}

#[test]
fn an_indented_line_opens_a_paragraph_in_wrapped_text() {
    let text = "   The harbour master said the wall had been weakened by three\nwinters of storms and would be rebuilt by next spring,\n\
                when money is there for it, or so the council says it will.\n   Residents were not convinced by that and said so loudly at\nthe meeting.\n";
    assert_eq!(texts(text).len(), 2);
}

#[test]
fn sentences_cut_at_inline_tags_are_rejoined() {
    let text = "The council of Port Alder voted on Tuesday to sell\nthe old ferry terminal\nto a developer, against the advice of its own planners.\nHome\nNews";
    assert_eq!(texts(text).len(), 3);
}

#[test]
fn invisible_and_odd_white_space_is_normalised() {
    let block = &parse("\u{feff}\u{a0} co\u{ad}op\u{200b}erate\u{a0}\tnow \r\n").blocks[0];
    assert_eq!(block.text, "cooperate now");
}

#[test]
fn whatever_ends_a_line_ends_one() {
    let ends = [
        "\n", "\r", "\r\n", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}",
    ];
    for end in ends {
        let text = format!("One “«is» £ — a” line.{end}Next.");
        assert_eq!(texts(&text), ["One “«is» £ — a” line.", "Next."], "{end:?}");
    }
}

#[test]
fn spans_point_at_the_visible_part() {
    let text = "\r\n\t One line. \r\n\r\nNext. ";
    let draft = parse(text);
    assert_eq!(draft.blocks[0].span.of(text), "One line.");
    assert_eq!(draft.blocks[1].span.of(text), "Next.");
    assert!(draft.blocks[1].gap_before);
}

#[test]
fn what_stands_behind_the_last_block_is_left_unread() {
    let text = "a\n\n".repeat(super::BLOCKS_MAX + 5);
    let draft = parse(&text);
    assert_eq!(draft.blocks.len(), super::BLOCKS_MAX);
    assert_eq!(draft.unread.unwrap().of(&text), "a\n\n".repeat(5));
}
