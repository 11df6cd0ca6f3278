//! Text → draft: the blocks of a document, in one model for all formats, and what the document states about itself.
//!
//! Each format has a [`Reader`] in a file of its own, and a line in [`READERS`]: how it is recognised, which parts of a
//! document are an article each, and what one of them is. Says nothing about which block of a page is the story; that is
//! `clean`'s question. Bad markup is not an error.
//!
//! Invariant: linear in the input, whatever the input; every block's span lies in the decoded text, in order, apart.
//! Nothing is ever fetched, and no entity is expanded from a DTD.

use super::decode::Decoded;
use super::{Around, Format, Hints, Refusal, Rules, Span};

mod anpa;
mod atom;
mod draft;
mod drafter;
mod element;
mod eml;
mod front_matter;
mod headed;
mod html;
mod ink;
mod iptc7901;
mod json;
mod ldjson;
mod lifted;
mod mail;
mod markdown;
mod marks;
mod markup;
mod mhtml;
mod newsml_1;
mod newsml_g2;
mod nitf;
mod opening;
mod other_xml;
mod page;
mod pdf;
mod pdf_page;
mod plain;
mod rbnews;
mod repeats;
mod rss;
mod shapes;
mod singlefile;
mod stated;
mod table;
mod tei;
mod telex;
mod telling;
mod trafilatura_xml;
mod wire;
mod wxr;
mod xhtml;
mod xml;
mod xml_record;

#[cfg(test)]
mod delivery_tests;
#[cfg(test)]
mod feed_tests;
#[cfg(test)]
mod html_tests;
#[cfg(test)]
mod mail_tests;
#[cfg(test)]
mod markdown_tests;
#[cfg(test)]
mod newsml_tests;
#[cfg(test)]
mod nitf_tests;
#[cfg(test)]
mod pdf_tests;
#[cfg(test)]
mod plain_tests;
#[cfg(test)]
mod wire_tests;
#[cfg(test)]
mod xml_formats_tests;

pub(super) use draft::{BLOCKS_MAX, Block, Draft, Kind, Markup, Node};
use drafter::Drafter;
use ink::Ink;
pub(super) use marks::Marks;
use opening::Opening;
pub use stated::Field;
pub(super) use stated::{Meta, Stated};

/// How a format is read.
#[derive(Debug)]
pub(super) struct Reader {
    /// What it is.
    pub(super) format: Format,
    /// Whether a text is of this format: the rule that says so.
    recognise: fn(&Opening<'_>) -> Option<&'static str>,
    /// The parts of a document that are an article each, in order; none where it is the article as a whole.
    divide: fn(&str, &Rules) -> Result<Vec<Span>, Refusal>,
    /// One article.
    pub(super) read: fn(&str, &Rules) -> Result<Draft, Refusal>,
    /// How its text is had from its bytes, where those are not text in some charset: mail, PDF.
    pub(super) render: Option<&'static Render>,
}

/// How the text of a format is had that is not text in one charset.
#[derive(Debug)]
pub(super) struct Render {
    /// Whether bytes are of this format: the rule that says so.
    pub(super) recognise: fn(&[u8]) -> Option<&'static str>,
    /// Its text, which `read` understands, also when it comes from the record.
    pub(super) text: fn(&[u8], &Rules) -> Result<Decoded, Refusal>,
}

/// All readers, in the order in which they are asked: what is told by more comes first, plain text is what is left.
const READERS: &[&Reader] = &[
    &pdf::READER,
    &mhtml::READER,
    &eml::READER,
    &anpa::READER,
    &iptc7901::READER,
    &telex::READER,
    &nitf::READER,
    &newsml_g2::READER,
    &newsml_1::READER,
    &rbnews::READER,
    &wxr::READER,
    &rss::READER,
    &atom::READER,
    &trafilatura_xml::READER,
    &tei::READER,
    &other_xml::SITEMAP,
    &xml_record::READER,
    &other_xml::UNKNOWN,
    &shapes::gdelt::READER,
    &shapes::json_feed::READER,
    &shapes::ap_media::READER,
    &shapes::fingerpost::READER,
    &shapes::ldrs::READER,
    &shapes::ninjs::READER,
    &shapes::json_ld::READER,
    &shapes::webz::READER,
    &shapes::newsapi::READER,
    &shapes::newsplease::READER,
    &shapes::trafilatura::READER,
    &shapes::newspaper4k::READER,
    &shapes::generic::READER,
    &table::READER,
    &markdown::READER,
    &singlefile::READER,
    &page::HTML,
    &headed::READER,
    &page::TEXT,
];

/// What a document says of all the articles that are read apart from it.
type Frame = fn(&str, &Rules) -> Vec<Around>;

/// The formats that say something of all their articles in one place.
const FRAMES: &[(&Reader, Frame)] = &[
    (&shapes::json_feed::READER, shapes::json_feed::frame),
    (&shapes::json_ld::READER, shapes::json_ld::frame),
];

/// The rules by which that is said.
pub(super) const FRAME_RULES: &[&[&str]] = &[
    &shapes::json_feed::FRAME_RULES,
    &shapes::json_ld::FRAME_RULES,
];

/// What a document says of all its parts.
pub(super) fn frame(reader: &Reader, text: &str, rules: &Rules) -> Vec<Around> {
    let frame = FRAMES.iter().find(|(it, _)| it.format == reader.format);
    frame.map_or_else(Vec::new, |(_, frame)| frame(text, rules))
}

/// A document that is the article as a whole.
#[expect(clippy::unnecessary_wraps, reason = "what divides may refuse")]
pub(super) fn whole(_text: &str, _rules: &Rules) -> Result<Vec<Span>, Refusal> {
    Ok(Vec::new())
}

/// What bytes are that are no text in some charset, and the rule that says so.
pub(super) fn recognise_bytes(
    bytes: &[u8],
) -> Option<(&'static Reader, &'static Render, &'static str)> {
    READERS.iter().find_map(|reader| {
        let render = reader.render?;
        Some((*reader, render, (render.recognise)(bytes)?))
    })
}

/// What a text is, and the rule that says so.
pub(super) fn recognise(
    text: &str,
    hints: &Hints<'_>,
    rules: &Rules,
) -> (&'static Reader, &'static str) {
    let opening = Opening::new(text, hints.file_name, rules);
    let told = READERS
        .iter()
        .find_map(|reader| Some((*reader, (reader.recognise)(&opening)?)));
    told.unwrap_or((&page::TEXT, "text"))
}

/// The reader of a format.
pub(super) fn reader_of(format: Format) -> &'static Reader {
    let reader = READERS.iter().find(|reader| reader.format == format);
    reader.unwrap_or(&&page::TEXT)
}

/// All formats, in the order in which they are recognised.
pub(super) fn formats() -> impl Iterator<Item = Format> {
    READERS.iter().map(|reader| reader.format)
}

/// The format of this name.
pub(super) fn format_named(name: &str) -> Option<Format> {
    formats().find(|format| format.as_str() == name)
}

/// The parts of a document that are an article each, if they are not too many. One that lies in another belongs to that: items that were never
/// closed would otherwise be read as often as they are deep.
pub(super) fn divide(reader: &Reader, text: &str, rules: &Rules) -> Result<Vec<Span>, Refusal> {
    let mut parts = (reader.divide)(text, rules)?;
    if parts.len() > rules.articles_max {
        return Err(Refusal::TooMany {
            what: "articles in one document",
            max: rules.articles_max,
        });
    }
    let mut end = 0;
    parts.retain(|part| {
        let is_apart = part.start >= end;
        end = end.max(part.end);
        is_apart
    });
    Ok(parts)
}

/// Reads one article.
pub(super) fn read(reader: &Reader, text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let mut draft = (reader.read)(text, rules)?;
    repeats::count(&mut draft.blocks);
    Ok(draft)
}

/// Reads plain text.
pub(super) fn read_plain(text: &str) -> Draft {
    let mut draft = plain::parse(text);
    repeats::count(&mut draft.blocks);
    draft
}
