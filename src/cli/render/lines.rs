//! PURE. Texts in columns: cut to a width, padded to it, filled into lines of it.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// A text in at most so many columns, with an ellipsis where it was longer.
pub(super) fn clip(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let (head, _) = split(text, columns.saturating_sub(1));
    format!("{}…", head.trim_end())
}

/// A text with spaces behind it up to so many columns.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// A text in lines of at most so many columns, broken between words; a word that is longer is broken inside, as are texts
/// whose words are not parted. Without words there are no lines.
pub(super) fn fill(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word;
        if !line.is_empty() && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        }
        while width(word) > columns {
            let (head, rest) = split(word, columns);
            lines.push(head.to_owned());
            word = rest;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A text parted where so many columns are full; the first part is never empty.
fn split(text: &str, columns: usize) -> (&str, &str) {
    let mut taken = 0;
    let end = text
        .char_indices()
        .find(|(at, character)| {
            taken += character.width().unwrap_or(0);
            *at > 0 && taken > columns
        })
        .map_or(text.len(), |(at, _)| at);
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_by_columns_not_by_characters() {
        assert_eq!(clip("Valley Post", 11), "Valley Post");
        assert_eq!(clip("Valley Post", 8), "Valley…");
        assert_eq!(clip("東京新聞", 5), "東京…");
        assert_eq!(pad("東京", 6), "東京  ");
        assert_eq!(pad("long", 2), "long");
    }

    #[test]
    fn words_fill_lines_and_long_words_are_broken() {
        assert_eq!(
            fill("the  ferry sails\nagain", 9),
            ["the ferry", "sails", "again"]
        );
        assert_eq!(fill("a 東京新聞は 1", 4), ["a", "東京", "新聞", "は 1"]);
        assert_eq!(fill(" \n", 9).len(), 0);
    }
}
