//! What families are about, and who sits in which story.
//!
//! What waits to be looked at is no fault. Whether all who should be linked are, and sit where the rule seats them, is not
//! asked: for that all stories would have to be found anew.

use rusqlite::Connection;

use crate::job::ArticleId;
use crate::store::stories::{self, is_untold};

use super::{Example, Fault, Finding, Look, found};

/// Leads without an item, and items that are no leads any more.
const LEADS: &str =
    "SELECT article.id FROM article LEFT JOIN family ON family.id = article.family_id
    WHERE (family.id IS NULL OR family.lead_id = article.id)
          <> EXISTS (SELECT 1 FROM theme WHERE theme.article_id = article.id)
    ORDER BY article.id";

/// Items that are linked to one that is not linked to them, or not as much.
const ONE_SIDED: &str = "SELECT DISTINCT article_id FROM theme_link AS link
    WHERE NOT EXISTS (SELECT 1 FROM theme_link AS back WHERE back.article_id = link.other_id
                      AND back.other_id = link.article_id AND back.strength = link.strength)
    ORDER BY article_id";

/// Items in a story whose head is no head, or gone, or alone; or in none although they sit in one.
const SEATS: &str =
    "SELECT theme.article_id FROM theme LEFT JOIN theme AS head ON head.article_id = theme.seat_id
    LEFT JOIN theme AS story ON story.article_id = theme.story_id
    WHERE theme.seat_id IS NOT NULL AND (head.article_id IS NULL OR head.seat_id IS NOT NULL
                                         OR theme.story_id IS NOT theme.seat_id)
        OR theme.story_id IS NOT NULL AND (story.article_id IS NULL OR story.seat_id IS NOT NULL
                                           OR story.story_id IS NOT story.article_id
                                           OR NOT EXISTS (SELECT 1 FROM theme AS other
                                                          WHERE other.seat_id = theme.story_id))
    ORDER BY theme.article_id";

/// Days of which the items are counted wrongly.
const CROWDS: &str = "SELECT day, sum(dated), sum(arrived) FROM (
        SELECT day, dated, arrived FROM crowd
        UNION ALL SELECT day, -1, 0 FROM theme WHERE undated = 0
        UNION ALL SELECT arrived_day, 0, -1 FROM theme)
    GROUP BY day HAVING sum(dated) <> 0 OR sum(arrived) <> 0 ORDER BY day";

pub(super) fn look(look: &mut Look<'_>) -> rusqlite::Result<Vec<Finding>> {
    let db = look.db;
    let mut leads = Fault::of("an article leads and is no item of stories, or the reverse");
    let mut links = Fault::of("an item of stories is linked on one side alone");
    let mut seats = Fault::of("an item sits in a story that is none");
    let mut crowds = Fault::of("the items of a day are not counted as they are");
    for article in ids(db, LEADS)? {
        if !is_untold(db, article)? {
            leads.add(Example::article(article));
        }
    }
    let items = items(look)?;
    for article in ids(db, ONE_SIDED)? {
        links.add(Example::article(article));
    }
    if !stories::is_waiting(db)? {
        for article in ids(db, SEATS)? {
            seats.add(Example::article(article));
        }
    }
    let mut days = db.prepare(CROWDS)?;
    let mut days = days.query([])?;
    while let Some(row) = days.next()? {
        crowds.add(Example::at(format!(
            "day {} since 1970",
            row.get::<_, i64>(0)?
        )));
    }
    Ok(found([leads, items, links, seats, crowds]))
}

/// Items that are not what their articles say.
fn items(look: &mut Look<'_>) -> rusqlite::Result<Fault> {
    let db = look.db;
    let mut wrong = Fault::of("an item of stories is not what its article says");
    look.expect(db.query_row("SELECT count(*) FROM theme", [], |row| row.get(0))?);
    let mut rows = db.prepare("SELECT article_id FROM theme ORDER BY article_id")?;
    let mut rows = rows.query([])?;
    let mut done = 0;
    while let Some(row) = rows.next()? {
        let article = ArticleId(row.get(0)?);
        let item = stories::item(db, article)?.map(|(item, _)| item);
        // What is no lead is told above.
        let is = stories::lead(db, article)?;
        if is.is_some() && item != is && !is_untold(db, article)? {
            wrong.add(Example::article(article));
        }
        done += 1;
        look.at(done);
    }
    Ok(wrong)
}

fn ids(db: &Connection, sql: &str) -> rusqlite::Result<Vec<ArticleId>> {
    db.prepare(sql)?
        .query_map([], |row| row.get(0).map(ArticleId))?
        .collect()
}
