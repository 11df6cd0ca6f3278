//! Tables without lines: headings, columns, two spaces between.

use std::io;

use comfy_table::{CellAlignment, ContentArrangement, Row, Table, presets};

use super::{Paint, Printer};

/// Columns of numbers stand to the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Prints a table; its cells must be fit for the terminal already. Without rows there is nothing to print.
pub(super) fn print(
    columns: &[(&str, Side)],
    rows: Vec<Vec<String>>,
    out: &mut Printer,
) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let style = out.style();
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(Row::from(
        columns.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
    ));
    table.add_rows(rows);
    if let Some(width) = style.width {
        table.set_width(width);
        table.set_content_arrangement(ContentArrangement::Dynamic);
    } else {
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    for (index, (_, side)) in columns.iter().enumerate() {
        if let Some(column) = table.column_mut(index) {
            column.set_padding((0, 2));
            column.set_cell_alignment(match side {
                Side::Left => CellAlignment::Left,
                Side::Right => CellAlignment::Right,
            });
        }
    }
    let text = table.trim_fmt();
    let mut lines = text.lines();
    if let Some(head) = lines.next() {
        out.line(&style.paint(Paint::Bold, head))?;
    }
    lines.try_for_each(|line| out.line(line))
}
