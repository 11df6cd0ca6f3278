//! NewsAPI.org: the answer of `/v2/everything` and `/v2/top-headlines`.
//!
//! <https://newsapi.org/docs/endpoints/everything>. `content` is cut at 200 characters.

use super::{Field, Reader, Shape, has, names, reader};
use crate::article::parse::Drafter;
use crate::article::parse::json::{Document, Value};

/// NewsAPI.
pub(in crate::article::parse) const READER: Reader = reader!("newsapi");

static SHAPE: Shape = Shape {
    rule: "newsapi-keys",
    is: |document, value| {
        names(document, value, "publishedAt")
            && names(document, value, "urlToImage")
            && names(document, value, "source")
    },
    lists: &["/articles/*", "/*"],
    is_mixed: false,
    fields: &[
        (Field::Title, "newsapi-title", "/title"),
        (Field::Url, "newsapi-url", "/url"),
        (Field::Source, "newsapi-source", "/source/name"),
        (Field::Published, "newsapi-published", "/publishedAt"),
        (Field::Byline, "newsapi-author", "/author"),
        (Field::Agency, "newsapi-author", "/author"),
        (Field::Agency, "newsapi-source", "/source/name"),
    ],
    bodies: &[
        ("newsapi-content", "/content"),
        ("newsapi-description", "/description"),
    ],
    also,
};

/// The description is a standfirst where there is a text besides.
fn also(document: &Document<'_>, root: Value, drafter: &mut Drafter<'_>) {
    if has(document, root, "/content") {
        let place = (Field::Subtitle, "newsapi-description", "/description");
        super::shape::tell(document, root, drafter, place);
        let cut = document
            .find(root, "/content")
            .into_iter()
            .filter_map(|it| document.string(it));
        for content in cut.filter(|content| content.text().ends_with(" chars]")) {
            drafter.tell(
                Field::Note,
                "newsapi-cut",
                "the service cuts texts at 200 characters",
                Some(content.span()),
            );
        }
    }
}
