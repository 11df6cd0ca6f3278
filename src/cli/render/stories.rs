//! Stories: a line for each, or one with its families.

use std::collections::BTreeMap;
use std::io;

use crate::report::stories::{Story, StoryInFull};

use super::table::{self, Side};
use super::text::{age, escape, number, time};
use super::{Paint, Printer, Style};

/// Sources that are named in a line; of the others there is the number.
const NAMED: usize = 4;

pub(in crate::cli) fn list(stories: &[Story], now_ms: i64, out: &mut Printer) -> io::Result<()> {
    if stories.is_empty() {
        return out.line("no story: no two families that came lately are about one event");
    }
    let style = out.style();
    let columns = [
        ("STORY", Side::Left),
        ("HEAD", Side::Right),
        ("FIRST", Side::Left),
        ("CAME", Side::Right),
        ("FAMILIES", Side::Right),
        ("ARTICLES", Side::Right),
        ("SOURCES", Side::Right),
        ("TITLE", Side::Left),
        ("", Side::Left),
    ];
    let rows = stories.iter().map(|story| {
        vec![
            story.story.clone(),
            story.article.to_string(),
            time(story.first_ms),
            format!("{} ago", age(now_ms - story.recorded_ms)),
            count(story.families, style),
            number(story.articles, style),
            count(story.sources.len(), style),
            headline(story.title.as_deref()),
            names(&story.sources),
        ]
    });
    table::print(&columns, rows.collect(), out)?;
    if !style.terminal {
        return Ok(());
    }
    let next = "its families: copydesk stories HEAD";
    out.line(&style.paint(Paint::Dim, next))
}

pub(in crate::cli) fn one(
    story: Option<&StoryInFull>,
    article: i64,
    out: &mut Printer,
) -> io::Result<()> {
    let style = out.style();
    let Some(StoryInFull { story, members }) = story else {
        return out.line(&format!(
            "article {article} is of no story: nothing else is about the same event"
        ));
    };
    let title = style.paint(Paint::Bold, &headline(story.title.as_deref()));
    out.line(&format!("story {}  {title}", story.story))?;
    out.line(&format!(
        "{} families, {} articles from {} sources, {} from first to last",
        count(story.families, style),
        number(story.articles, style),
        count(story.sources.len(), style),
        age(story.last_ms - story.first_ms)
    ))?;
    out.line("")?;
    let columns = [
        ("ARTICLE", Side::Right),
        ("FIRST", Side::Left),
        ("SOURCE", Side::Left),
        ("ARTICLES", Side::Right),
        ("SOURCES", Side::Right),
        ("TITLE", Side::Left),
    ];
    let none = || style.none().to_owned();
    let rows = members.iter().map(|member| {
        vec![
            member.article.to_string(),
            time(member.first_ms),
            member.source.as_deref().map_or_else(none, escape),
            number(member.articles, style),
            count(member.sources.len(), style),
            headline(member.title.as_deref()),
        ]
    });
    table::print(&columns, rows.collect(), out)
}

pub(in crate::cli) fn waiting(articles: i64, out: &mut Printer) -> io::Result<()> {
    if articles == 0 {
        return Ok(());
    }
    let style = out.style();
    out.line(&format!(
        "not all were looked at yet: {} to go",
        number(articles, style)
    ))
}

fn headline(title: Option<&str>) -> String {
    title.map_or_else(|| "(no headline)".to_owned(), escape)
}

fn count(n: usize, style: Style) -> String {
    number(n.try_into().unwrap_or(i64::MAX), style)
}

/// The sources with most articles.
fn names(sources: &BTreeMap<String, i64>) -> String {
    let mut sources: Vec<(&String, &i64)> = sources.iter().collect();
    sources.sort_by_key(|(name, n)| (std::cmp::Reverse(**n), name.as_str()));
    let more = sources.len().saturating_sub(NAMED);
    let named = sources.iter().take(NAMED).map(|(name, _)| escape(name));
    let named = named.collect::<Vec<_>>().join(", ");
    match more {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
