//! Plain text under lines that say what it is: `Title: …`, `URL: …`, `Date: …`, then a blank line, as scrapers write it.
//!
//! Which name is which field is the list that tables and JSON go by. What has the fields of a mail is one.

use crate::article::{Refusal, Rules, Span, columns, prose};

use super::lifted::Lifted;
use super::opening::Opening;
use super::{Draft, Drafter, Field, Format, Reader, whole};

/// Text with a head.
pub(super) const READER: Reader = Reader {
    format: Format("headed-text"),
    recognise: |opening| is_headed(opening).then_some("headed-text-names"),
    divide: whole,
    read,
    render: None,
};

/// Most lines of a head.
const LINES_MAX: usize = 24;
/// Longest name, in bytes.
const NAME_BYTES_MAX: usize = 32;
/// Fewest fields that are known, a headline or an address among them.
const KNOWN_MIN: usize = 2;

/// A line of a head.
#[derive(Debug)]
struct Line {
    /// What it names, as it is compared.
    name: String,
    value: Span,
}

/// The lines of a head, and where the text begins. Every line of it is a name and a value; a name may also stand alone, right
/// before the text (`Text:`).
fn head(text: &str) -> Option<(Vec<Line>, usize)> {
    let mut lines: Vec<Line> = Vec::new();
    let mut at = 0;
    let invisible = |c| prose::is_blank(c) || prose::is_invisible(c);
    for piece in text.split_inclusive('\n').take(LINES_MAX + 1) {
        let start = at;
        at += piece.len();
        if piece.trim_matches(invisible).is_empty() {
            if lines.is_empty() {
                continue;
            }
            return Some((lines, at));
        }
        let (name, value) = piece.split_once(':')?;
        let is_name = name.len() <= NAME_BYTES_MAX
            && name
                .trim_start_matches(invisible)
                .starts_with(char::is_alphabetic)
            && (value.is_empty() || value.starts_with(char::is_whitespace));
        if !is_name {
            return None;
        }
        let name = columns::plain(name);
        if columns::BODIES.contains(&name.as_str()) {
            return Some((lines, start + piece.len() - value.len()));
        }
        let value = Span::new(at - value.len(), at);
        lines.push(Line { name, value });
    }
    None
}

/// Whether a text stands under a head.
fn is_headed(opening: &Opening<'_>) -> bool {
    let Some((lines, _)) = head(opening.head) else {
        return false;
    };
    let fields = lines.iter().filter_map(|line| field(&line.name));
    let fields: Vec<Field> = fields.collect();
    let says_what = fields
        .iter()
        .any(|field| matches!(field, Field::Title | Field::Url));
    fields.len() >= KNOWN_MIN && says_what && fields.len() * 2 > lines.len()
}

fn field(name: &str) -> Option<Field> {
    let known = columns::FIELDS.iter().find(|it| it.names.contains(&name));
    known.map(|it| it.field)
}

#[expect(clippy::unnecessary_wraps, reason = "a reader may refuse")]
fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let mut drafter = Drafter::new(rules);
    let (lines, from) = head(text).unwrap_or_default();
    for known in columns::FIELDS {
        for name in known.names {
            for line in lines.iter().filter(|line| line.name == *name) {
                let value = Lifted::verbatim(text, line.value);
                drafter.tell_lifted(known.field, known.line, &value);
            }
        }
    }
    drafter.text(&Lifted::verbatim(text, Span::new(from, text.len())));
    Ok(drafter.finish())
}

#[cfg(test)]
mod tests {
    use crate::article::{Hints, Rules, edit};

    const STORY: &str = "The lighthouse of Skarvik was lit again on Friday, after forty years.\n\n\
        Its lamp had been kept in the museum of the town, the harbour master said.";

    fn edited(head: &str) -> (String, Option<String>, String) {
        let text = format!("{head}{STORY}\n");
        let edition = edit(text.as_bytes(), &Hints::default(), &Rules::default(), None);
        let mut edition = edition.expect("an edition");
        let article = edition.members.remove(0).expect("an article");
        let format = edition.format.as_str().to_owned();
        (format, article.title.map(|title| title.value), article.text)
    }

    #[test]
    fn lines_above_a_text_say_what_it_is() {
        for head in [
            "Title: Skarvik's light\nURL: https://www.example.com/light\nAuthor: Ann Poe\n\n",
            "\u{feff}Headline: Skarvik's light\r\nDate: 12 March 2024\r\nDesk: north\r\n\r\n",
            "Titel: Skarvik's light\nDatum: 2024-03-12\nText: ",
        ] {
            let (format, title, text) = edited(head);
            assert_eq!(format, "headed-text", "{head}");
            assert_eq!(title.as_deref(), Some("Skarvik's light"), "{head}");
            assert_eq!(text, STORY, "{head}");
        }
    }

    #[test]
    fn a_text_that_opens_with_a_colon_is_no_head() {
        for head in [
            "Harbours: what comes next\n\n",
            "Question: who pays?\nAnswer: the town does.\n\n",
            "Date: Friday\n\n",
        ] {
            assert_eq!(edited(head).0, "text", "{head}");
        }
    }
}
