//! One article for people.

use std::io;

use crate::report::dossier::{Dossier, Member};

use super::table::{self, Side};
use super::text::{escape, escape_lines, escape_path, number, size, time};
use super::{Paint, Printer};

/// Only the text: escaped for a terminal, as it is for a program.
pub(in crate::cli) fn text(text: &str, out: &mut Printer) -> io::Result<()> {
    if out.style().terminal {
        out.raw(&escape_lines(text))?;
    } else {
        out.raw(text)?;
    }
    out.raw("\n")
}

pub(in crate::cli) fn dossier(about: &Dossier, out: &mut Printer) -> io::Result<()> {
    let object = &about.article.object;
    let style = out.style();
    let title = object
        .title
        .as_deref()
        .map_or_else(|| "(no headline)".to_owned(), escape);
    let id = object.id.unwrap_or(0);
    out.line(&format!(
        "article {id}  {}",
        style.paint(Paint::Bold, &title)
    ))?;
    out.line(&format!("verdict   {}", verdict(about)))?;
    if let Some(status) = status(about) {
        out.line(&format!("status    {status}"))?;
    }
    if let Some((earlier, basis)) = &about.earlier {
        out.line(&format!(
            "version   after article {earlier}, recognised by {}",
            escape(basis)
        ))?;
    }
    if !object.shares.is_empty() {
        let shares: Vec<String> = object.shares.iter().map(ToString::to_string).collect();
        out.line(&format!("shares    passages with {}", shares.join(", ")))?;
    }
    out.line(&format!(
        "source    {}  first {}",
        object
            .source
            .as_deref()
            .map_or_else(|| "not known".to_owned(), escape),
        time(about.first_ms)
    ))?;
    let member = match object.member.as_deref() {
        // What was recorded before places were kept has its words alone.
        Some(member) if object.place.is_whole_file() => member.to_owned(),
        _ => object.place.exact(),
    };
    let member = if member.is_empty() {
        member
    } else {
        format!(", member {}", escape(&member))
    };
    out.line(&format!(
        "file      {}{member}",
        escape_path(&about.article.path.exact)
    ))?;
    out.line(&format!(
        "document  {}, {}, {}, digest {}",
        escape(&object.format),
        escape(&object.charset),
        size(about.size_bytes.unsigned_abs()),
        about.digest
    ))?;
    out.line(&format!(
        "recorded  {} by {}",
        time(about.recorded_ms),
        escape(&about.edited_by)
    ))?;
    out.line(&format!(
        "cuts      {}",
        number(i64::try_from(object.cuts.len()).unwrap_or(i64::MAX), style)
    ))?;
    fields(about, out)?;
    family(about, out)?;
    sightings(about, out)?;
    out.line("")?;
    text(&object.text, out)
}

fn verdict(about: &Dossier) -> String {
    let Some(verdict) = &about.article.object.verdict else {
        return "none".to_owned();
    };
    let of = verdict
        .of
        .map_or_else(String::new, |of| format!(" of article {of}"));
    let measured: String = [
        ("resemblance", verdict.resemblance),
        ("contains", verdict.contains),
        ("contained", verdict.contained),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|value| format!(", {name} {value:.3}")))
    .collect();
    format!("{}{of}{measured}", escape(&verdict.kind))
}

/// What may be done with it, and where that is written if not in its own file.
fn status(about: &Dossier) -> Option<String> {
    let status = escape(about.article.object.status.as_deref()?);
    let Some(later) = &about.article.stated_later else {
        return Some(status);
    };
    let by = later
        .article
        .map_or_else(|| "a notice".to_owned(), |id| format!("article {id}"));
    let at = time(later.at_ms);
    let day = at.split(' ').next().unwrap_or_default();
    Some(format!(
        "{status}, by {by} of {day} ({})",
        escape_path(&later.path.exact)
    ))
}

fn fields(about: &Dossier, out: &mut Printer) -> io::Result<()> {
    if about.fields.is_empty() {
        return Ok(());
    }
    out.line("")?;
    let none = out.style().none();
    let columns = [
        ("FIELD", Side::Left),
        ("VALUE", Side::Left),
        ("RULE", Side::Left),
        ("BYTES", Side::Right),
        ("SURE", Side::Right),
    ];
    let rows = about.fields.iter().map(|field| {
        vec![
            escape(&field.name),
            escape(&field.value),
            escape(&field.rule),
            field
                .span
                .map_or_else(|| none.to_owned(), |(start, end)| format!("{start}–{end}")),
            format!("{:.2}", field.confidence),
        ]
    });
    table::print(&columns, rows.collect(), out)
}

fn family(about: &Dossier, out: &mut Printer) -> io::Result<()> {
    let Some(family) = &about.article.object.family else {
        return Ok(());
    };
    out.line("")?;
    out.line(&format!("family {family}, {} members", about.family_size))?;
    let none = out.style().none();
    let columns = [
        ("", Side::Left),
        ("ARTICLE", Side::Right),
        ("FIRST", Side::Left),
        ("SOURCE", Side::Left),
        ("VERDICT", Side::Left),
        ("TITLE", Side::Left),
    ];
    let verdict = |member: &Member| {
        let of = member.of.map_or_else(String::new, |of| format!(" of {of}"));
        let near = member
            .resemblance
            .map_or_else(String::new, |near| format!(" ({near:.2})"));
        format!("{}{of}{near}", escape(&member.verdict))
    };
    let rows = about.members.iter().map(|member| {
        vec![
            if member.is_lead { "lead" } else { "" }.to_owned(),
            member.id.to_string(),
            time(member.first_ms),
            member
                .source
                .as_deref()
                .map_or_else(|| none.to_owned(), escape),
            verdict(member),
            member
                .title
                .as_deref()
                .map_or_else(|| none.to_owned(), escape),
        ]
    });
    table::print(&columns, rows.collect(), out)
}

fn sightings(about: &Dossier, out: &mut Printer) -> io::Result<()> {
    out.line("")?;
    let columns = [
        ("SEEN", Side::Left),
        ("LAST CHANGED", Side::Left),
        ("DROP", Side::Left),
        ("PATH", Side::Left),
    ];
    let rows = about.sightings.iter().map(|sighting| {
        vec![
            time(sighting.seen_ms),
            time(sighting.mtime_ms),
            escape(&sighting.drop),
            escape_path(&sighting.path.exact),
        ]
    });
    table::print(&columns, rows.collect(), out)
}
