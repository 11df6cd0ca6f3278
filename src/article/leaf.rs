//! A member of a file, edited: what [`super::unpack`] gives, as what [`super::edit`] makes of it.

use serde::{Deserialize, Serialize};

use super::unpack::{Context, Member, Place};
use super::{Around, Edition, Field, Found, Hints, Learnt, Refusal, Rules, edit, parse};

/// A member of a file, edited.
#[derive(Debug)]
pub struct Leaf {
    /// Which member of the file it is, from 0.
    pub ordinal: u64,
    /// The way to it; empty where the file is the member.
    pub place: Place,
    /// Whether the file itself is the member.
    pub is_whole_file: bool,
    /// What is stated around it.
    pub around: Vec<Around>,
    /// Its articles, or why there are none.
    pub edition: Result<Edition, Refusal>,
}

/// Edits a member.
pub fn edit_member(
    member: Member,
    hints: &Hints<'_>,
    rules: &Rules,
    learnt: Option<&mut Learnt<'_>>,
) -> Leaf {
    let mut around = around(&member.context);
    let mut edition = match &member.bytes {
        Ok(bytes) => {
            let hints = Hints {
                file_name: member.context.name.as_deref().or(hints.file_name),
                around: &around,
                charset: member.context.charset.as_deref(),
                ..*hints
            };
            edit(bytes, &hints, rules, learnt)
        }
        Err(trouble) => Err(trouble.clone().into()),
    };
    if let Ok(edition) = &mut edition {
        around.splice(..0, edition.around.iter().cloned());
        if let Some(kind) = member.place.charset() {
            edition.charset = Found {
                value: kind,
                rule: "bom",
                span: None,
                confidence: 1.0,
            };
        }
        for at in 0..edition.members.len() {
            let place = edition.place_of(&member.place, at);
            if let Some(Ok(edited)) = edition.members.get_mut(at) {
                edited.place = place;
            }
        }
    }
    Leaf {
        ordinal: member.ordinal,
        place: member.place,
        is_whole_file: member.is_whole_file,
        around,
        edition,
    }
}

/// What the layers around a member state of it.
fn around(context: &Context) -> Vec<Around> {
    let stated = [
        (Field::Url, WARC_URI, &context.url),
        (Field::Language, HTTP_LANGUAGE, &context.http_language),
    ];
    let stated = stated.into_iter();
    stated
        .filter_map(|(field, rule, value)| {
            let value = value.clone()?;
            Some(Around { field, rule, value })
        })
        .collect()
}

/// The address a crawler fetched a page from.
const WARC_URI: &str = "warc-target-uri";
/// The language a server stated.
const HTTP_LANGUAGE: &str = "http-content-language";

/// What is stated around an article, as it is kept in the record.
#[derive(Debug, Serialize, Deserialize)]
struct Kept(Vec<(String, String, String)>);

/// What is stated around an article, to be kept in the record; nothing where that is nothing.
pub fn pack_around(around: &[Around]) -> Option<String> {
    let kept = around.iter().map(|around| {
        let field = around.field.as_str().to_owned();
        (field, around.rule.to_owned(), around.value.clone())
    });
    let kept = Kept(kept.collect());
    (!kept.0.is_empty()).then(|| serde_json::json!(kept).to_string())
}

/// What [`pack_around`] has written.
pub fn unpack_around(kept: &str) -> Vec<Around> {
    let kept: Kept = serde_json::from_str(kept).unwrap_or(Kept(Vec::new()));
    let framed = || parse::FRAME_RULES.iter().copied().flatten();
    let rules = || [WARC_URI, HTTP_LANGUAGE].iter().chain(framed());
    let around = kept.0.into_iter().filter_map(|(field, rule, value)| {
        let field = Field::ALL
            .into_iter()
            .find(|known| known.as_str() == field)?;
        let rule = rules().copied().find(|known| *known == rule)?;
        Some(Around { field, rule, value })
    });
    around.collect()
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::super::unpack::{Bounds, unpack};
    use super::*;

    /// Everything in a file, edited.
    fn leaves(file: Vec<u8>) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        let mut take = |member: Member| {
            leaves.push(edit_member(
                member,
                &Hints::default(),
                &Rules::default(),
                None,
            ));
            ControlFlow::Continue(())
        };
        let mut source = std::io::Cursor::new(file);
        unpack(&mut source, &Bounds::default(), None, 0, &mut take).expect("memory");
        leaves
    }

    #[test]
    fn a_record_in_utf16_says_what_it_was_decoded_from() {
        let table = "\u{feff}title\ttext\nThe ferry is back\tThe ferry went back into service on Tuesday.\n";
        let bytes = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let edition = leaves(bytes).remove(0).edition.expect("an edition");
        assert_eq!(edition.format.as_str(), "csv");
        assert_eq!(
            (edition.charset.value, edition.charset.rule),
            ("utf-16le", "bom")
        );
    }

    #[test]
    fn the_items_of_a_feed_have_what_it_says_of_all_also_when_they_are_read_again() {
        let item = |n: usize| serde_json::json!({"id": n.to_string(), "content_text": "The fair opened on Monday."});
        let feed = serde_json::json!({
            "version": "https://jsonfeed.org/version/1.1", "title": "Harbour Gazette", "language": "en-GB",
            "authors": [{"name": "Ada Quill"}], "items": [item(1), item(2)]
        });
        let leaf = leaves(feed.to_string().into_bytes()).remove(0);
        let edition = leaf.edition.expect("an edition");
        assert_eq!(edition.members.len(), 2);
        let kept = unpack_around(&pack_around(&leaf.around).expect("something"));
        for article in edition.members {
            let article = article.expect("an article");
            let hints = Hints {
                around: &kept,
                ..Hints::default()
            };
            let mut none = |_: &str| std::sync::Arc::default();
            let input = article.input.clone();
            let again = super::super::edit_again(
                input,
                edition.format,
                &hints,
                &Rules::default(),
                &mut none,
            );
            for article in [&article, &again.expect("an article")] {
                assert_eq!(
                    article.source.as_ref().expect("a source").value,
                    "Harbour Gazette"
                );
                assert_eq!(
                    article.language.as_ref().expect("a language").value,
                    "en-GB"
                );
                assert_eq!(article.byline[0].value, "Ada Quill");
            }
        }
    }

    #[test]
    fn the_posts_of_an_export_have_the_authors_it_lists() {
        let post = |title: &str| {
            format!(
                "<item><title>{title}</title><dc:creator>quill</dc:creator><guid>{title}</guid>\
                 <content:encoded>The fair opened on Monday, and a band played until it was dark.</content:encoded>\
                 <wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item>"
            )
        };
        let export = format!(
            "<rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Gazette</title>\
             <wp:author><wp:author_login>quill</wp:author_login><wp:author_display_name>Ada Quill\
             </wp:author_display_name></wp:author>{}{}</channel></rss>",
            post("One"),
            post("Two")
        );
        let bylines = leaves(export.into_bytes()).into_iter().map(|leaf| {
            let article = leaf.edition.expect("an edition").members.remove(0);
            article.expect("an article").byline[0].value.clone()
        });
        assert_eq!(bylines.collect::<Vec<_>>(), ["Ada Quill", "Ada Quill"]);
    }

    #[test]
    fn what_is_stated_around_an_article_is_kept() {
        let around = [
            Around {
                field: Field::Url,
                rule: WARC_URI,
                value: "https://a.example/1".to_owned(),
            },
            Around {
                field: Field::Language,
                rule: HTTP_LANGUAGE,
                value: "nb".to_owned(),
            },
        ];
        let kept = pack_around(&around).expect("something");
        assert_eq!(unpack_around(&kept), around);
        assert_eq!(pack_around(&[]), None);
    }
}
