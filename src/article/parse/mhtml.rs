//! MHTML: a page as browsers save it, in the clothes of a mail (RFC 2557).

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use crate::article::decode::Decoded;
use crate::article::{Refusal, Rules, Span};

use super::lifted::Lifted;
use super::{Draft, Format, Reader, Render, html, mail, whole};

/// MHTML.
pub(super) const READER: Reader = Reader {
    format: Format("mhtml"),
    recognise: |_| None,
    divide: whole,
    read,
    render: Some(&Render {
        recognise,
        text: render,
    }),
};

fn recognise(bytes: &[u8]) -> Option<&'static str> {
    let headers = mail::headers(bytes);
    let value = |name: &str| {
        headers
            .iter()
            .find(|(header, _)| header == name)
            .map_or("", |(_, value)| value)
    };
    if !value("snapshot-content-location").is_empty() {
        return Some("mhtml-location-header");
    }
    if value("from").to_lowercase().contains("<saved by ") {
        return Some("mhtml-saved-by");
    }
    let kind = value("content-type").to_lowercase();
    // A newsletter with its pictures is related too; it comes from somebody to somebody.
    let sent = !value("message-id").is_empty() || !value("received").is_empty();
    (kind.starts_with("multipart/related") && kind.contains("text/html") && !sent)
        .then_some("mhtml-related")
}

fn render(bytes: &[u8], rules: &Rules) -> Result<Decoded, Refusal> {
    let no_text = Refusal::NoText {
        what: "a saved page without the page",
    };
    let Some(message) = mail::parse(bytes, rules)? else {
        return Err(no_text);
    };
    let location = message
        .header_raw("Snapshot-Content-Location")
        .unwrap_or_default()
        .trim()
        .to_owned();
    let Some(root) = root(&message, &location) else {
        return Err(no_text);
    };
    let address = if location.is_empty() {
        root.content_location().unwrap_or_default().to_owned()
    } else {
        location
    };
    let headers = [
        (
            "Snapshot-Content-Location",
            address.chars().filter(|c| !c.is_whitespace()).collect(),
        ),
        // When it was saved, which is not when it was published.
        (
            "Date",
            message
                .header_raw("Date")
                .unwrap_or_default()
                .trim()
                .to_owned(),
        ),
    ];
    mail::rendered(&headers, mail::text(&message, root, rules)?, rules)
}

/// The page among its pictures, styles and frames.
fn root<'a>(message: &'a Message<'a>, location: &str) -> Option<&'a MessagePart<'a>> {
    let pages = || {
        message
            .parts
            .iter()
            .filter(|part| matches!(part.body, PartType::Html(_)))
    };
    let located =
        pages().find(|part| !location.is_empty() && part.content_location() == Some(location));
    located.or_else(|| pages().next())
}

#[expect(clippy::unnecessary_wraps, reason = "a reader may refuse")]
fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let (headers, start) = mail::kept(text);
    let page = Lifted::verbatim(text, Span::new(start, text.len()));
    let mut draft = html::parse(page.text(), rules.depth_max);
    page.settle(&mut draft);
    for (name, span) in headers {
        if name == "Snapshot-Content-Location" {
            draft.meta.state("mhtml-location", span.of(text), span);
        }
    }
    Ok(draft)
}
