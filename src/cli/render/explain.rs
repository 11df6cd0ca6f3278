//! Why a file was or was not taken, for people.

use std::io;

use crate::report::explanation::{Explanation, Lies, Noticed, SightedOnce, Standing};

use super::text::{age, escape, escape_path, time};
use super::{Paint, Printer, Style};

pub(in crate::cli) fn show(about: &Explanation, now_ms: i64, out: &mut Printer) -> io::Result<()> {
    let style = out.style();
    let (word, paint) = match about.standing {
        Standing::Taken => ("TAKEN", Paint::Green),
        Standing::Waiting => ("ON ITS WAY", Paint::Green),
        Standing::Held => ("HELD", Paint::Red),
        Standing::PassedBy => ("PASSED BY", Paint::Yellow),
        Standing::Outside => ("OUTSIDE", Paint::Yellow),
        Standing::Unattended => ("NOT ATTENDED TO", Paint::Yellow),
        Standing::Unknown => ("NOT THERE", Paint::Yellow),
    };
    out.line(&escape_path(&about.path.exact))?;
    out.line(&format!(
        "{}  {}",
        style.paint(paint, word),
        escape(&about.why)
    ))?;
    out.line(&format!("next      {}", escape(&about.next)))?;
    out.line(&format!("there     {}", lies(about)))?;
    let drop = match &about.drop {
        None => "none".to_owned(),
        Some(drop) => {
            let current = if drop.is_current {
                ""
            } else {
                ", known from before, not configured or watched now"
            };
            let missing = drop
                .missing
                .as_deref()
                .map_or_else(String::new, |why| format!(", MISSING: {}", escape(why)));
            format!(
                "{}, {}{current}{missing}",
                escape(&drop.name),
                escape_path(&drop.root.exact)
            )
        }
    };
    out.line(&format!("drop      {drop}"))?;
    if let Some(rule) = &about.passed_by {
        out.line(&format!("ignored   {}", escape(rule)))?;
    }
    out.line(&format!(
        "daemon    {}",
        if about.daemon_runs {
            "running"
        } else {
            "not running"
        }
    ))?;
    for sighting in &about.sightings {
        out.line("")?;
        show_sighting(sighting, now_ms, style, out)?;
    }
    Ok(())
}

fn lies(about: &Explanation) -> &'static str {
    match about.lies {
        Lies::Nothing => "nothing",
        Lies::File if about.sightings.iter().any(|sighting| sighting.is_present) => {
            "a file, seen under its present stamp"
        }
        Lies::File => "a file, not seen under its present stamp",
        Lies::Folder => "a folder",
        Lies::Symlink => "a symbolic link",
        Lies::Special => "a pipe, a socket or a device",
        Lies::Unreadable => "something that cannot be looked at",
    }
}

fn show_sighting(
    sighting: &SightedOnce,
    now_ms: i64,
    style: Style,
    out: &mut Printer,
) -> io::Result<()> {
    let present = if sighting.is_present {
        ", as it lies there now"
    } else {
        ""
    };
    let job = style.paint(Paint::Bold, &format!("job {}", sighting.job));
    out.line(&format!(
        "{job}  seen {}, {} bytes{present}",
        time(sighting.seen_ms),
        sighting.size_bytes
    ))?;
    let outcome = sighting
        .outcome
        .as_deref()
        .map_or_else(String::new, |outcome| format!(": {}", escape(outcome)));
    let reason = sighting
        .reason
        .as_deref()
        .map_or_else(String::new, |reason| format!(": {}", escape(reason)));
    let crashes = if sighting.crashes > 0 {
        format!(", {} crashes", sighting.crashes)
    } else {
        String::new()
    };
    out.line(&format!(
        "  state     {}{outcome}{reason}, {} attempts{crashes}",
        escape(&sighting.state),
        sighting.attempts
    ))?;
    show_trouble(sighting, now_ms, out)?;
    show_members(sighting, out)?;
    match (&sighting.after, sighting.after_due) {
        (Some(after), _) => out.line(&format!("  then      {}", escape(after))),
        (None, true) => out.line("  then      still to be moved or removed"),
        (None, false) => Ok(()),
    }
}

/// What is in it.
fn show_members(sighting: &SightedOnce, out: &mut Printer) -> io::Result<()> {
    for article in &sighting.articles {
        let of = article
            .of
            .map_or_else(String::new, |of| format!(" of article {of}"));
        let title = article
            .title
            .as_deref()
            .map_or_else(String::new, |title| format!(" “{}”", escape(title)));
        out.line(&format!(
            "  article   {}: {}{of}{title}",
            article.id,
            escape(&article.verdict)
        ))?;
        if let Some(at) = article.reedited_ms {
            out.line(&format!(
                "            edited again at {}: copydesk history --kind re-edited",
                time(at)
            ))?;
        }
    }
    for notice in &sighting.notices {
        show_notice(notice, out)?;
    }
    if sighting.held_members > 0 {
        out.line(&format!(
            "  held      {} members: copydesk held",
            sighting.held_members
        ))?;
    }
    Ok(())
}

/// An item without a text: what it says, and of what.
fn show_notice(notice: &Noticed, out: &mut Printer) -> io::Result<()> {
    let said = |before: &str, value: Option<&String>, after: &str| {
        value.map_or_else(String::new, |value| {
            format!("{before}{}{after}", escape(value))
        })
    };
    let of = notice
        .article
        .map_or_else(String::new, |article| format!(", of article {article}"));
    out.line(&format!(
        "  notice    {}{}{}{}{of}",
        said("", notice.status.as_ref(), ": "),
        escape(&notice.guid),
        said(" version ", notice.version.as_ref(), ""),
        said(" “", notice.title.as_ref(), "”"),
    ))
}

/// What stood in its way.
fn show_trouble(sighting: &SightedOnce, now_ms: i64, out: &mut Printer) -> io::Result<()> {
    if let Some(detail) = &sighting.detail {
        out.line(&format!("  detail    {}", escape(detail)))?;
    }
    if let Some(due) = sighting.due_ms {
        let when = if due > now_ms {
            format!("in {}", age(due - now_ms))
        } else {
            "as soon as its turn comes".to_owned()
        };
        out.line(&format!("  next try  {when}"))?;
    }
    if let Some(advice) = sighting.advice {
        out.line(&format!("  advice    {}", escape(advice)))?;
    }
    if let Some(first) = &sighting.same_as {
        out.line(&format!("  same as   {}", escape_path(&first.exact)))?;
    }
    Ok(())
}
