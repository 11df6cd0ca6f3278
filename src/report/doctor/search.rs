//! The full-text index, as far as it can be asked without writing: whether it knows of every article, and of no other. What
//! it says of itself SQLite has looked at with the file.

use crate::job::ArticleId;

use super::{Example, Fault, Finding, Look, found};

pub(super) fn look(look: &mut Look<'_>) -> rusqlite::Result<Vec<Finding>> {
    let mut missing = Fault::of("an article is not in the full-text index");
    let mut stray = Fault::of("the full-text index names an article that is not there");
    for (fault, sql) in [
        (
            &mut missing,
            "SELECT id FROM article WHERE NOT EXISTS (SELECT 1 FROM article_fts_docsize AS size WHERE size.id = article.id)
             ORDER BY id",
        ),
        (
            &mut stray,
            "SELECT id FROM article_fts_docsize AS size WHERE NOT EXISTS (SELECT 1 FROM article WHERE article.id = size.id)
             ORDER BY id",
        ),
    ] {
        let mut rows = look.db.prepare(sql)?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            fault.add(Example::article(ArticleId(row.get(0)?)));
        }
    }
    Ok(found([missing, stray]))
}
