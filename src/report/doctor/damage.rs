//! The file as SQLite sees it: its pages, and rows that name others.

use super::{BACKUP, Example, Fault, Finding, Look, found};

/// What is wrong with a file that SQLite cannot read as a whole.
pub(super) const DAMAGED: &str = "the file is damaged";

/// The full-text index is made of the articles: where it alone is damaged, it can be made anew.
const SEARCH: &str = "article_fts";

/// Asks SQLite, which looks at every page, and at the full-text index too.
pub(super) fn file(look: &mut Look<'_>) -> rusqlite::Result<Vec<Finding>> {
    let mut damaged = Fault {
        help: BACKUP,
        ..Fault::of(DAMAGED)
    };
    let mut search = Fault::of("the full-text index is damaged");
    let mut rows = look.db.prepare("PRAGMA quick_check")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let said: String = row.get(0)?;
        if said.contains(SEARCH) {
            search.add(Example::at(said));
        } else if said != "ok" {
            damaged.add(Example::at(said));
        }
    }
    Ok(found([damaged, search]))
}

/// Tables that are worked out from the articles as a whole.
const DERIVED: [&str; 9] = [
    "text",
    "relation",
    "due",
    "fresh",
    "odd_print",
    "version",
    "theme",
    "theme_link",
    "untold",
];

/// What an article is by others.
const DERIVED_OF_ARTICLES: [&str; 3] = ["text", "family", "article"];

/// Asks SQLite for rows that name others which are not there. The prints are asked by themselves.
pub(super) fn references(look: &mut Look<'_>) -> rusqlite::Result<Vec<Finding>> {
    let mut derived = Fault::of("a row names another that is not there");
    let mut lost = Fault {
        help: BACKUP,
        ..Fault::of("a row names another that is lost")
    };
    let mut rows = look.db.prepare(
        "SELECT DISTINCT schema.name, named.\"table\", named.rowid, named.parent
         FROM sqlite_schema AS schema, pragma_foreign_key_check(schema.name) AS named
         WHERE schema.type = 'table' AND schema.name <> 'print' AND schema.name NOT LIKE 'article\\_fts%' ESCAPE '\\'
         ORDER BY 1, 3, 4",
    )?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (table, parent): (String, String) = (row.get(0)?, row.get(3)?);
        let id: Option<i64> = row.get(2)?;
        let id = id.map_or_else(String::new, |id| format!(" in row {id}"));
        let fault = if DERIVED.contains(&table.as_str())
            || (table == "article" && DERIVED_OF_ARTICLES.contains(&parent.as_str()))
        {
            &mut derived
        } else {
            &mut lost
        };
        fault.add(Example::at(format!("{table}{id} names a {parent}")));
    }
    Ok(found([derived, lost]))
}
