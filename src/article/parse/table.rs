//! CSV and TSV: a row of a table with a line of names above it, and trafilatura's rows, which have none.
//!
//! RFC 4180, leniently: a quote inside an unquoted cell is a quote. The files of many rows are taken apart by `unpack`; what
//! is read here is a line of names and one row.

use crate::article::{Mapping, Refusal, Rules, Span, columns};

use super::lifted::Lifted;
use super::{Draft, Drafter, Field, Format, Opening, Reader};

/// Tables.
pub(super) const READER: Reader = Reader {
    format: Format("csv"),
    recognise,
    divide,
    read,
    render: None,
};

/// Delimiters of cells.
const DELIMITERS: [char; 4] = [',', '\t', ';', '|'];

fn recognise(opening: &Opening<'_>) -> Option<&'static str> {
    let first = opening.head.lines().next().unwrap_or("");
    if named(first, opening.rules).is_some() {
        return Some("csv-names");
    }
    is_trafilatura(opening.text).then_some("trafilatura-columns")
}

/// The delimiter of a line of names, if it is one.
fn named(line: &str, rules: &Rules) -> Option<char> {
    let told = rules.columns();
    DELIMITERS.into_iter().find(|delimiter| {
        line.contains(*delimiter) && columns::are_names(line.split(*delimiter), &told)
    })
}

/// trafilatura's columns: address, number, fingerprint, host, title, picture, date, text, comments, licence, kind of page.
const TRAFILATURA: &[(usize, Option<Field>)] = &[
    (0, Some(Field::Url)),
    (3, Some(Field::Source)),
    (4, Some(Field::Title)),
    (6, Some(Field::Published)),
    (7, None),
];

/// Whether a text is one of trafilatura's rows: tabs, an address first, a fingerprint of sixteen figures third.
fn is_trafilatura(text: &str) -> bool {
    let Some((first, rest)) = text.split_once('\t') else {
        return false;
    };
    let mut cells = rest.splitn(3, '\t').skip(1);
    let hexadecimal =
        |cell: &str| cell.len() == 16 && cell.bytes().all(|byte| byte.is_ascii_hexdigit());
    first.starts_with("http") && !first.contains('\n') && cells.next().is_some_and(hexadecimal)
}

/// A table of several rows is taken apart before it gets here; one that was not (UTF-16 without a byte order mark) is now.
fn divide(text: &str, rules: &Rules) -> Result<Vec<Span>, Refusal> {
    let first = text.trim_start().lines().next().unwrap_or("");
    if let Some(delimiter) = named(first, rules) {
        let behind_first = row(text, row(text, 0, delimiter).end, delimiter).end;
        if text
            .get(behind_first..)
            .is_some_and(|rest| !rest.trim().is_empty())
        {
            return Err(Refusal::malformed(
                "CSV",
                text,
                behind_first,
                "several rows in a charset that is not read row by row: send it as UTF-8",
            ));
        }
        return Ok(Vec::new());
    }
    let mut rows = Vec::new();
    let mut at = 0;
    while at < text.len() && rows.len() <= rules.articles_max {
        let row = row(text, at, '\t');
        rows.push(Span::new(at, row.end));
        at = row.end;
    }
    rows.retain(|row| !row.of(text).trim().is_empty());
    if rows.len() == 1 {
        Ok(Vec::new())
    } else {
        Ok(rows)
    }
}

fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let start = text.len() - text.trim_start_matches(['\u{feff}', '\n', '\r', ' ']).len();
    let line = text
        .get(start..)
        .and_then(|rest| rest.lines().next())
        .unwrap_or("");
    let mut drafter = Drafter::new(rules);
    let Some(delimiter) = named(line, rules) else {
        let row = row(text, start, '\t');
        for (at, field) in TRAFILATURA {
            let Some(cell) = row.cells.get(*at) else {
                continue;
            };
            match field {
                Some(field) => drafter.tell_lifted(*field, "trafilatura-column", cell),
                None => drafter.body(cell),
            }
        }
        return Ok(drafter.finish());
    };
    let names = row(text, start, delimiter);
    let cells = row(text, names.end, delimiter);
    if cells.is_open {
        return Err(Refusal::malformed(
            "CSV",
            text,
            names.end,
            "a quote is never closed",
        ));
    }
    let names: Vec<String> = names
        .cells
        .iter()
        .map(|name| columns::plain(name.text()))
        .collect();
    let cell = |wanted: &str| {
        let at = names.iter().position(|name| name == wanted)?;
        cells.cells.get(at).filter(|cell| !cell.is_blank())
    };
    // What the configuration says of such a table comes before what its names mean elsewhere.
    let has = |sign: &String| columns::pointed_at(sign).is_some_and(|it| names.contains(&it));
    let fits = |it: &&Mapping| !it.signs.is_empty() && it.signs.iter().all(has);
    let mapping = rules.mappings.iter().find(fits);
    for (field, pointer) in mapping.iter().flat_map(|mapping| &mapping.fields) {
        let column = columns::pointed_at(pointer);
        if let Some(cell) = column.and_then(|column| cell(&column)) {
            drafter.tell_lifted(*field, "csv-mapping", cell);
        }
    }
    let mapped = mapping.and_then(|it| {
        let mut columns = it.text.iter().filter_map(|it| columns::pointed_at(it));
        columns.find(|column| cell(column).is_some())
    });
    let mut bodies = columns::BODIES.iter().chain(columns::BRIEFS);
    let usual = bodies.find(|name| cell(name).is_some());
    let body = mapped.as_deref().or(usual.copied());
    for known in columns::FIELDS {
        for column in known.names.iter().filter(|column| body != Some(**column)) {
            if let Some(cell) = cell(column) {
                drafter.tell_lifted(known.field, known.column, cell);
            }
        }
    }
    if let Some(body) = body.and_then(cell) {
        drafter.body(body);
    }
    Ok(drafter.finish())
}

/// A row of a table.
#[derive(Debug)]
struct Row {
    cells: Vec<Lifted>,
    /// Where the next begins.
    end: usize,
    /// Whether its last cell opens with a quote that nothing closes.
    is_open: bool,
}

/// The row that begins at a byte.
fn row(text: &str, start: usize, delimiter: char) -> Row {
    let mut row = Row {
        cells: Vec::new(),
        end: start,
        is_open: false,
    };
    loop {
        let mut cell = Lifted::default();
        let rest = text.get(row.end..).unwrap_or("");
        if rest.starts_with('"') {
            row.end = quoted(text, row.end + 1, &mut cell).unwrap_or_else(|| {
                row.is_open = true;
                text.len()
            });
        }
        let rest = text.get(row.end..).unwrap_or("");
        let bare = rest.find([delimiter, '\n', '\r']).unwrap_or(rest.len());
        cell.push(rest.get(..bare).unwrap_or(""), row.end);
        row.cells.push(cell);
        row.end += bare;
        let rest = text.get(row.end..).unwrap_or("");
        if rest.starts_with(delimiter) {
            row.end += delimiter.len_utf8();
        } else {
            row.end += rest.len() - rest.trim_start_matches(['\n', '\r']).len();
            return row;
        }
    }
}

/// A quoted cell from behind its quote on; where it ends, if it does.
fn quoted(text: &str, start: usize, cell: &mut Lifted) -> Option<usize> {
    let mut at = start;
    loop {
        let rest = text.get(at..)?;
        let mark = rest.find('"')?;
        cell.push(rest.get(..mark)?, at);
        at += mark;
        if text.get(at..)?.starts_with("\"\"") {
            cell.push_as("\"", Span::new(at, at + 2));
            at += 2;
        } else {
            return Some(at + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::unpack::{self, Bounds};
    use crate::article::{Hints, edit};

    #[test]
    fn cells_are_read_as_they_are_quoted_and_known_by_where_they_stand() {
        let text = "id,Title,content\r\n7,\"A \"\"quiet\"\" harbour\",\"One,\r\ntwo\"\r\n8,x,y\r\n";
        let names = row(text, 0, ',');
        let cells = row(text, names.end, ',');
        let said: Vec<&str> = cells.cells.iter().map(Lifted::text).collect();
        assert_eq!(said, ["7", "A \"quiet\" harbour", "One,\r\ntwo"]);
        assert_eq!(cells.cells[1].span().of(text), "A \"\"quiet\"\" harbour");
        assert_eq!(text.get(cells.end..), Some("8,x,y\r\n"));
        assert!(row("3,unclosed \"quote,x\n4", 0, ',').cells.len() == 3);
        assert!(row("4,\"never closed\n", 0, ',').is_open);
    }

    #[test]
    fn columns_are_read_by_the_names_they_have_or_are_given() {
        let story = "The ferry between Torvik and Askholm went back into service on Tuesday.";
        let rules = Rules {
            mappings: vec![Mapping {
                signs: vec!["/Rubrik".to_owned()],
                text: vec!["/Sisältö".to_owned()],
                fields: vec![(Field::Title, "/Rubrik".to_owned())],
                ..Default::default()
            }],
            ..Rules::default()
        };
        for head in [
            "Titel;Text",
            "news_title;news_content",
            "Article.Title;body_html",
            "Rubrik;Sisältö",
        ] {
            let table = format!("{head}\nFerry sails again;{story}\n");
            let edition =
                edit(table.as_bytes(), &Hints::default(), &rules, None).expect("an edition");
            let article = edition.members[0].as_ref().expect("an article");
            let title = article.title.as_ref().map(|title| title.value.as_str());
            assert_eq!(
                (title, article.text.as_str()),
                (Some("Ferry sails again"), story),
                "{head}"
            );
            let mut rows = 0;
            let mut take = |_| {
                rows += 1;
                std::ops::ControlFlow::Continue(())
            };
            let bounds = Bounds {
                columns: rules.columns(),
                ..Bounds::default()
            };
            let twice = format!("{table}Another;{story}\n");
            let mut source = std::io::Cursor::new(twice.into_bytes());
            unpack::unpack(&mut source, &bounds, None, 0, &mut take).expect("memory");
            assert_eq!(rows, 2, "{head}");
        }
    }

    #[test]
    fn a_line_of_names_is_told_from_prose() {
        assert_eq!(
            named(
                ",id,title,publication,author,date,url,content",
                &Rules::default()
            ),
            Some(',')
        );
        assert_eq!(
            named("Headline\tText\tPub Date", &Rules::default()),
            Some('\t')
        );
        assert_eq!(
            named(
                "The title, the content and the date were wrong",
                &Rules::default()
            ),
            None
        );
        assert_eq!(named("title", &Rules::default()), None);
    }
}
