//! The five steps in their order, for a document and for an article that is edited again.

use std::sync::Arc;

use super::furniture::{self, Furniture, Observation};
use super::unpack::Place;
use super::{
    Edited, Edition, Field, Format, Found, Hints, Refusal, Rules, attribution, clean, decode,
    fingerprint, parse,
};

/// Asked for the furniture that is known of a source, by its name.
pub type Learnt<'a> = dyn FnMut(&str) -> Arc<Furniture> + 'a;

/// Edits one document: decode, parse, clean, attribute, fingerprint. Where `learnt` is given, what is known of the
/// article's source takes part, and what it tells about its source is said.
///
/// # Errors
/// Only where the whole document is refused: nothing in it, not text, too large. An article of which nothing is left after
/// cleaning is a refused *member*.
pub fn edit(
    bytes: &[u8],
    hints: &Hints<'_>,
    rules: &Rules,
    mut learnt: Option<&mut Learnt<'_>>,
) -> Result<Edition, Refusal> {
    let rendered = parse::recognise_bytes(bytes);
    let (text, reader, format_rule) = if let Some((reader, render, rule)) = rendered {
        ((render.text)(bytes, rules)?, reader, rule)
    } else {
        let text = decode::decode(bytes, hints.charset, rules)?;
        let (reader, rule) = parse::recognise(&text.text, hints, rules);
        (text, reader, rule)
    };
    let decode::Decoded {
        text,
        charset,
        declared,
    } = text;
    let parts = parse::divide(reader, &text, rules)?;
    let mut members = Vec::with_capacity(parts.len().max(1));
    let frame = if parts.is_empty() {
        Vec::new()
    } else {
        parse::frame(reader, &text, rules)
    };
    let around;
    let mut framed = *hints;
    if !frame.is_empty() {
        around = [&frame, hints.around].concat();
        framed.around = &around;
    }
    for part in &parts {
        let input = part.of(&text).to_owned();
        let member = edit_one(input, reader, &framed, rules, learnt.as_deref_mut());
        members.push(member);
    }
    if parts.is_empty() {
        members.push(edit_one(text, reader, hints, rules, learnt));
    }
    let mut edition = Edition {
        format: reader.format,
        format_rule,
        charset,
        declared_charset: declared,
        parts,
        around: frame,
        members: Vec::new(),
    };
    // What is stated and not believed is kept with each article.
    let disbelieved = declared.filter(|declared| *declared != edition.charset.value);
    for member in members.iter_mut().flatten() {
        member.declared_charset = disbelieved.map(|declared| Found {
            value: declared.to_owned(),
            rule: "stated-charset",
            span: None,
            confidence: 0.0,
        });
    }
    edition.members = members;
    Ok(edition)
}

fn edit_one(
    input: String,
    reader: &parse::Reader,
    hints: &Hints<'_>,
    rules: &Rules,
    learnt: Option<&mut Learnt<'_>>,
) -> Result<Edited, Refusal> {
    let draft = parse::read(reader, &input, rules)?;
    finish(draft, input, hints, learnt)
}

/// Edits an article again from its decoded text, whose format is known.
///
/// # Errors
/// Nothing is left of it.
pub fn edit_again(
    input: String,
    format: Format,
    hints: &Hints<'_>,
    rules: &Rules,
    learnt: &mut Learnt<'_>,
) -> Result<Edited, Refusal> {
    edit_one(input, parse::reader_of(format), hints, rules, Some(learnt))
}

/// From the draft on: clean, once more with the furniture of the source where some of it is in there, and attribute.
fn finish(
    mut draft: parse::Draft,
    input: String,
    hints: &Hints<'_>,
    learnt: Option<&mut Learnt<'_>>,
) -> Result<Edited, Refusal> {
    let cold = clean::clean(&draft, &input)?;
    if cold.text.is_empty() && draft.meta.told(Field::Guid).next().is_none() {
        return Err(Refusal::NoText {
            what: "it tells of an article, and has neither its text nor an identity",
        });
    }
    let source = attribution::source(&draft, hints);
    let Some((learnt, source)) = learnt.zip(source) else {
        let attributed = attribution::attribute(&draft, &cold, hints);
        return Ok(assemble(cold, attributed, input));
    };
    // Some sites give every page the address of their front page, which is no article's.
    let url = attribution::url(&draft, hints)
        .filter(|url| url.value.split('/').skip(3).any(|part| !part.is_empty()));
    let stated: Vec<&str> = url.iter().map(|url| url.value.as_str()).collect();
    let seen = furniture::look(&draft, &cold);
    let observation = furniture::observe(&seen, &cold, &stated);
    let known = learnt(&source.value).among(&observation.keys);
    let marks = furniture::mark(&draft, &seen, &known);
    if !marks.iter().any(|mark| mark.is_text) {
        // What is known changes nothing here: all of it was cut anyway.
        let attributed = attribution::attribute(&draft, &cold, hints);
        let edited = assemble(cold, attributed, input);
        return Ok(observed(edited, observation, known, marks));
    }
    drop(cold);
    set_furniture(&mut draft, &marks, true);
    let hot = clean::clean(&draft, &input).map(|cleaned| {
        let attributed = attribution::attribute(&draft, &cleaned, hints);
        assemble(cleaned, attributed, String::new())
    });
    if let Ok(edited) = hot {
        return Ok(observed(
            Edited { input, ..edited },
            observation,
            known,
            marks,
        ));
    }
    // Nothing but furniture: then it is what the article consists of.
    set_furniture(&mut draft, &marks, false);
    let cleaned = clean::clean(&draft, &input)?;
    let attributed = attribution::attribute(&draft, &cleaned, hints);
    let edited = assemble(cleaned, attributed, input);
    Ok(observed(edited, observation, known, Vec::new()))
}

fn observed(
    edited: Edited,
    observation: Observation,
    known: Furniture,
    marks: Vec<furniture::Mark>,
) -> Edited {
    Edited {
        observation: Some(observation),
        known,
        marked: marks.into_iter().map(|mark| mark.marked).collect(),
        ..edited
    }
}

fn set_furniture(draft: &mut parse::Draft, marks: &[furniture::Mark], is_furniture: bool) {
    for mark in marks {
        if let Some(block) = draft.blocks.get_mut(mark.block) {
            block.is_furniture = is_furniture;
        }
    }
}

/// The last step: the fingerprint of the text, and everything in one value.
fn assemble(
    cleaned: clean::Cleaned<'_>,
    attributed: attribution::Attributed,
    input: String,
) -> Edited {
    Edited {
        place: Place::default(),
        declared_charset: None,
        guid: attributed.guid,
        version: attributed.version,
        status: attributed.status,
        embargo: attributed.embargo,
        url: attributed.url,
        title: cleaned.title,
        subtitle: attributed.subtitle,
        fingerprint: fingerprint::fingerprint(&cleaned.text),
        text: cleaned.text,
        byline: attributed.byline,
        dateline: attributed.dateline,
        agency: attributed.agency,
        agency_id: attributed.agency_id,
        source: attributed.source,
        published: attributed.published,
        modified: attributed.modified,
        language: attributed.language,
        copyright: attributed.copyright,
        candidates: attributed.candidates,
        captions: cleaned.captions,
        credit: attributed.credit,
        pieces: cleaned.whole,
        input,
        observation: None,
        known: Furniture::default(),
        marked: Vec::new(),
    }
}
