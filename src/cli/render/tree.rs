//! The tree of a family: a row an article, set in under the one its verdict names.

use std::io;

use crate::report::kinship::LagBy;
use crate::report::lineage::{Kin, Lineage};

use super::lineage::{count, counted, name, stated};
use super::lines::{clip, fill, pad, width};
use super::text::{escape, minute, time};
use super::{Paint, Printer, Style};

/// Articles with the same text under one other that are shown; of more only the first ones are.
const SAME_MAX: usize = 3;

/// Rows of a family that are shown.
const ROWS_MAX: usize = 200;

/// Levels that are set in; what stands deeper is set in as deep.
const DEPTH_MAX: usize = 8;

/// Columns of the widest name of a source.
const NAME_MAX: usize = 40;

/// Columns of the narrowest verdict.
const VERDICT_MIN: usize = 16;

/// A row of the tree.
enum Row<'a> {
    /// An article.
    One(&'a Kin),
    /// Articles with the same text, put together.
    Same(Vec<&'a Kin>),
}

impl Row<'_> {
    /// How many articles it stands for.
    fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Same(group) => group.len(),
        }
    }
}

/// The rows with their depths; large numbers of articles with the same text under one other are put together.
fn rows(about: &Lineage) -> Vec<(usize, Row<'_>)> {
    let mut rows: Vec<(usize, Row<'_>)> = Vec::new();
    // For each depth how many with the same text its present parent has so far, and the row they are put together in.
    let mut same: Vec<(usize, Option<usize>)> = Vec::new();
    for (at, kin) in about.members.iter().enumerate() {
        same.resize(kin.depth + 1, (0, None));
        let next = about.members.get(at + 1);
        let is_leaf = next.is_none_or(|next| next.depth <= kin.depth);
        let depth = kin.depth.min(DEPTH_MAX);
        if kin.verdict.kind == "same-text"
            && let Some((count, group)) = same.last_mut()
        {
            *count += 1;
            if *count > SAME_MAX && is_leaf && kin.id != about.article {
                let row = group.and_then(|row| rows.get_mut(row));
                if let Some((_, Row::Same(group))) = row {
                    group.push(kin);
                } else {
                    *group = Some(rows.len());
                    rows.push((depth, Row::Same(vec![kin])));
                }
                continue;
            }
        }
        rows.push((depth, Row::One(kin)));
    }
    rows
}

/// What stands before each row: before its first line, and before those that follow.
fn rails(depths: &[usize]) -> Vec<(String, String)> {
    let mut rails = Vec::with_capacity(depths.len());
    // Whether, further down, more comes at a level under the same knot.
    let mut more: Vec<bool> = Vec::new();
    for depth in depths.iter().rev() {
        let has_children = more.get(depth + 1).copied().unwrap_or(false);
        more.resize(depth + 1, false);
        let above: String = more
            .iter()
            .take(*depth)
            .skip(1)
            .map(|more| if *more { "│  " } else { "   " })
            .collect();
        let is_last = !more.get(*depth).copied().unwrap_or(false);
        let (first, rest) = match (depth, is_last) {
            (0, _) => ("", ""),
            (_, true) => ("└─ ", "   "),
            (_, false) => ("├─ ", "│  "),
        };
        let below = if has_children { "│  " } else { "" };
        rails.push((format!("{above}{first}"), format!("{above}{rest}{below}")));
        if let Some(more) = more.get_mut(*depth) {
            *more = true;
        }
    }
    rails.reverse();
    rails
}

/// The cells of a row: name, stated, arrived, lag, verdict.
type Cells = [String; 5];

pub(super) fn show(about: &Lineage, out: &mut Printer) -> io::Result<()> {
    let style = out.style();
    let mut rows = rows(about);
    let left: usize = rows.iter().skip(ROWS_MAX).map(|(_, row)| row.len()).sum();
    rows.truncate(ROWS_MAX);
    let year = year(about);
    let depths: Vec<usize> = rows.iter().map(|(depth, _)| *depth).collect();
    let rails = rails(&depths);
    let cells: Vec<Cells> = rows
        .iter()
        .map(|(_, row)| match row {
            Row::One(kin) => article(about, kin, year.as_deref(), style),
            Row::Same(group) => together(group, style),
        })
        .collect();
    let in_year = |what: &str| format!("{what} {}", year.as_deref().unwrap_or(""));
    let head = [
        "ARTICLE",
        &in_year("STATED"),
        &in_year("ARRIVED"),
        "LAG",
        "VERDICT",
    ];
    let head = head.map(|it| it.trim_end().to_owned());
    let widths = widths(&head, &rails, &cells, style);
    for line in lines("", &head, " ", widths) {
        out.line(&style.paint(Paint::Bold, line.trim_end()))?;
    }
    for (((_, row), (first, rest)), mut cells) in rows.iter().zip(rails).zip(cells) {
        let is_asked = matches!(row, Row::One(kin) if kin.id == about.article);
        let [name, ..] = &mut cells;
        name.insert_str(0, &first);
        for line in lines(&rest, &cells, if is_asked { ">" } else { " " }, widths) {
            if is_asked {
                out.line(&style.paint(Paint::Bold, line.trim_end()))?;
            } else {
                out.line(&line)?;
            }
        }
    }
    if left > 0 {
        out.line(&format!("  … and {left} more: --json has them all"))?;
    }
    let by_arrival = |kin: &Kin| kin.lag_by == Some(LagBy::Arrival);
    if about.members.iter().any(by_arrival) {
        out.line("")?;
        out.line("~ by arrival, since one of the two states no time")?;
    }
    Ok(())
}

/// A row in as many lines as its verdict needs; before those that follow the first stand the rails below it.
fn lines(rest: &str, cells: &Cells, mark: &str, widths: [usize; 5]) -> Vec<String> {
    let [name, stated, arrived, lag, verdict] = cells;
    let [
        name_width,
        stated_width,
        arrived_width,
        lag_width,
        verdict_width,
    ] = widths;
    let line = |mark: &str, [name, stated, arrived, lag]: [&str; 4], verdict: &str| {
        format!(
            "{mark} {}  {}  {}  {}  {verdict}",
            pad(&clip(name, name_width), name_width),
            pad(stated, stated_width),
            pad(arrived, arrived_width),
            pad(lag, lag_width)
        )
    };
    let mut verdicts = fill(verdict, verdict_width).into_iter();
    let first = verdicts.next().unwrap_or_default();
    let mut lines = vec![line(mark, [name, stated, arrived, lag], &first)];
    lines.extend(verdicts.map(|more| line(" ", [rest, "", "", ""], &more)));
    lines
}

/// How wide each column is. The first gives way before the last does.
fn widths(head: &Cells, rails: &[(String, String)], cells: &[Cells], style: Style) -> [usize; 5] {
    let mut widths = head.each_ref().map(|cell| width(cell));
    for ((rail, _), cells) in rails.iter().zip(cells) {
        for (at, (wide, cell)) in widths.iter_mut().zip(cells).enumerate() {
            let rail = if at == 0 { width(rail) } else { 0 };
            *wide = (*wide).max(rail + width(cell));
        }
    }
    let [name, stated, arrived, lag, verdict] = widths;
    // The mark, a space, and two between columns.
    let between = 2 + 4 * 2 + stated + arrived + lag;
    match style.width {
        None => [name, stated, arrived, lag, usize::MAX],
        Some(all) => {
            let left = usize::from(all).saturating_sub(between);
            let least = verdict.min(VERDICT_MIN);
            let name = name.min(left.saturating_sub(least).max(head[0].len()));
            [
                name,
                stated,
                arrived,
                lag,
                left.saturating_sub(name).max(least),
            ]
        }
    }
}

/// The year all times are of, if there is one.
fn year(about: &Lineage) -> Option<String> {
    let mut years = about
        .members
        .iter()
        .flat_map(|kin| kin.stated_ms.into_iter().chain([kin.arrival_ms]))
        .map(|ms| time(ms).chars().take(4).collect::<String>());
    let first = years.next()?;
    years.all(|year| year == first).then_some(first)
}

/// A time as short as it can be: the year stands in the heading where it is always the same.
fn short(whole: &str, year: Option<&str>) -> String {
    let rest = year.and_then(|year| whole.strip_prefix(year)?.strip_prefix('-'));
    rest.unwrap_or(whole).to_owned()
}

fn article(about: &Lineage, kin: &Kin, year: Option<&str>, style: Style) -> Cells {
    let stated = kin
        .stated_ms
        .map_or_else(|| style.none().to_owned(), |ms| stated(kin, ms));
    let lag = kin
        .lag_ms
        .map_or_else(String::new, |ms| lag(ms, kin.lag_by));
    [
        format!("{} {}", kin.id, clip(&name(kin), NAME_MAX)),
        short(&stated, year),
        short(&minute(kin.arrival_ms), year),
        lag,
        format!("{}{}", verdict(about, kin), credits(about, kin)),
    ]
}

fn together(group: &[&Kin], style: Style) -> Cells {
    let mut sources: Vec<&str> = group
        .iter()
        .filter_map(|kin| kin.source.as_deref())
        .collect();
    sources.sort_unstable();
    sources.dedup();
    let lags = || group.iter().filter_map(|kin| kin.lag_ms);
    let span = match (lags().min(), lags().max()) {
        (Some(least), Some(most)) => format!(", {} to {}", lag(least, None), lag(most, None)),
        _ => String::new(),
    };
    let none = || style.none().to_owned();
    [
        format!("… {} more", group.len()),
        none(),
        none(),
        String::new(),
        format!(
            "the same text from {}{span}",
            counted(count(sources.len()), "source", "sources")
        ),
    ]
}

/// How far behind: "+5m", "+2h", "+3d"; "~" where it is by arrival.
fn lag(ms: i64, by: Option<LagBy>) -> String {
    let sign = if ms < 0 { '-' } else { '+' };
    let minutes = ms.unsigned_abs() / 60_000;
    let (n, unit) = match (by, minutes) {
        (Some(LagBy::Day), _) => (minutes / 1_440, 'd'),
        (_, ..120) => (minutes, 'm'),
        (_, 120..2_880) => (minutes / 60, 'h'),
        _ => (minutes / 1_440, 'd'),
    };
    let about = if by == Some(LagBy::Arrival) { "~" } else { "" };
    format!("{about}{sign}{n}{unit}")
}

/// The verdict with its figures.
fn verdict(about: &Lineage, kin: &Kin) -> String {
    let verdict = &kin.verdict;
    let of = match verdict.of {
        Some(of) if kin.under == Some(of) || about.members.iter().any(|it| it.id == of) => {
            of.to_string()
        }
        Some(of) => format!("{of} (of another family)"),
        None => String::new(),
    };
    let (contains, contained) = (verdict.contains, verdict.contained);
    match verdict.kind.as_str() {
        "new" if kin.id == about.lead => "the first".to_owned(),
        "same-text" => format!("same text as {of}"),
        "copy" => format!("copy of {of}{}", figure(", ", verdict.resemblance)),
        "excerpt" => match contains {
            Some(contains) => format!("excerpt: {} of {of}", percent(contains)),
            None => format!("excerpt of {of}"),
        },
        "expansion" => match (contains, contained) {
            (Some(contains), Some(contained)) if contained > 0.0 => {
                let holds = if contains >= 0.995 {
                    "all".to_owned()
                } else {
                    percent(contains)
                };
                let more = contains / contained * (1.0 - contained);
                format!(
                    "expansion: holds {holds} of {of} and {} more",
                    percent(more)
                )
            }
            _ => format!("expansion of {of}"),
        },
        "version" => {
            let by = kin
                .version_by
                .as_deref()
                .map_or_else(String::new, |by| format!(" by {}", escape(by)));
            format!("version of {of}{by}{}", figure(", ", verdict.resemblance))
        }
        kind => escape(kind),
    }
}

fn figure(before: &str, share: Option<f64>) -> String {
    share.map_or_else(String::new, |share| format!("{before}{}", percent(share)))
}

/// Whole percents, rounded down: only all of it is 100 %.
fn percent(share: f64) -> String {
    format!("{:.0} %", (share * 100.0 + 1e-9).floor())
}

/// Whom it credits; an agency that is among them with the article it has.
fn credits(about: &Lineage, kin: &Kin) -> String {
    let credit = |agency: &String| {
        let found = about.credits.iter().find(|it| it.agency == *agency);
        match found.and_then(|it| it.own) {
            Some(own) => format!("{} ({own})", escape(agency)),
            None => escape(agency),
        }
    };
    let credits: Vec<String> = kin.agency.iter().map(credit).collect();
    match credits.as_slice() {
        [] => String::new(),
        credits => format!("; credits {}", credits.join(", ")),
    }
}
