//! Promise 3 at the recorder: whatever the order, the batches and the moments at which what is due is judged again, the
//! same texts come to the same ties, verdicts and families.

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::article::Rules;
use crate::article::unpack::Bounds;
use crate::config::{Drop, DropSource, Retry};
use crate::job::{After, FileStamp, Settled};
use crate::report::doctor::examine_all;
use crate::store::members::Standing;
use crate::store::{Durability, Make, Store, index, jobs, relations};
use crate::stories::window::Window;

use super::disk::{Disk, ReadError};
use super::worker::{self, Finished, Halt, Tools};
use super::{judging, recorder, seating, telling};

/// Files that exist only here: each holds what is written behind its path.
#[derive(Debug)]
pub(super) struct Told(pub(super) Vec<String>);

impl Disk for Told {
    fn read(&self, path: &Path, _: &FileStamp, _: u64) -> Result<Vec<u8>, ReadError> {
        let number = path.file_stem().and_then(|name| name.to_str());
        let text = number.and_then(|number| self.0.get(number.parse::<usize>().ok()?));
        text.map(|text| text.clone().into_bytes())
            .ok_or(ReadError::Vanished)
    }
    fn stamp(&self, _: &Path) -> io::Result<FileStamp> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn make_folder(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn copy(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn remove(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn hold_the_same(&self, _: &Path, _: &Path) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// A record being made.
pub(super) struct Desk {
    folder: TempDir,
    pub(super) store: Store,
    drop: Drop,
    disk: Told,
    pub(super) window: Window,
    pub(super) now_ms: i64,
}

/// 4 April 2031, 12:00 UTC, and a minute later for each file by its number.
const BEGIN_MS: i64 = 1_932_984_000_000;

impl Desk {
    pub(super) fn new(texts: &[String]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("s.sqlite"), Make::IfNew).expect("a store");
        Self {
            drop: Drop::plain(PathBuf::from("/drop")),
            folder,
            store,
            disk: Told(texts.to_vec()),
            window: Window::default(),
            now_ms: BEGIN_MS + 86_400_000,
        }
    }

    /// Takes files in, in one transaction.
    pub(super) fn take(&mut self, numbers: &[usize]) {
        self.now_ms += 1_000;
        let now_ms = self.now_ms;
        let files: Vec<Settled> = numbers.iter().map(|number| settled(*number)).collect();
        let (disk, drop) = (&self.disk, &self.drop);
        self.store
            .write(Durability::Later, |db| {
                let id = jobs::ensure_drop(db, "drop", Path::new("/drop"))?;
                jobs::enqueue(db, id, &files, now_ms)?;
                for claim in jobs::claim(db, &[id], now_ms, files.len())? {
                    let work = worker::turn(
                        &claim,
                        &mut Tools {
                            disk,
                            drop,
                            file_bytes_max: 1 << 20,
                            bounds: &Bounds::default(),
                            rules: &Rules::default(),
                            file_max: std::time::Duration::MAX,
                            retry: &Retry::default(),
                            learnt: None,
                            standing: &mut |_| Ok(Standing::New),
                            earlier: &mut |_, _| Ok(None),
                            gets_on: &|| ControlFlow::Continue(()),
                            parts: &mut |_| ControlFlow::Break(Halt::Stops),
                        },
                    );
                    let finished = Finished {
                        claim,
                        work: work.expect("nobody stops it"),
                        heard: None,
                    };
                    recorder::record(
                        db,
                        &finished,
                        drop.after != After::Keep,
                        &Retry::default(),
                        now_ms,
                    )?;
                }
                Ok(())
            })
            .expect("recorded");
    }

    /// Opens the store anew, as after the death of the process.
    pub(super) fn reopen(&mut self) {
        let path = self.folder.path().join("s.sqlite");
        self.store = Store::open(&path, Make::Never).expect("a store");
    }

    /// Judges again what is due, some of it or all.
    pub(super) fn rejudge(&mut self, most: usize) -> usize {
        self.now_ms += 1_000;
        let now_ms = self.now_ms;
        self.store
            .write(Durability::Later, |db| judging::rejudge(db, most, now_ms))
            .expect("judged again")
    }

    pub(super) fn settle(&mut self) {
        for _ in 0..10_000 {
            if self.rejudge(50) == 0 && self.look_at_stories(50) == 0 {
                assert_eq!(self.faults(), Vec::<String>::new());
                return;
            }
        }
        panic!("judging again does not end");
    }

    /// Looks at stories that are noted, some of them or all.
    fn look_at_stories(&mut self, most: usize) -> usize {
        let window = &mut self.window;
        let looked = self.store.write(Durability::Later, |db| {
            Ok(telling::tell(db, window, most)? + seating::seat_marked(db, most)?)
        });
        looked.expect("looked at")
    }

    /// What `doctor` finds. What is recorded here is not made searchable.
    pub(super) fn faults(&self) -> Vec<String> {
        let checks = self
            .store
            .with_connection(|db| examine_all(db, &mut |_| {}))
            .expect("examined");
        let all = checks.into_iter().filter(|it| it.name != "search");
        all.flat_map(|it| it.findings)
            .map(|it| format!("{}: {} {:?}", it.what, it.count, it.examples))
            .collect()
    }

    pub(super) fn record(&self) -> Record {
        self.store.with_connection(Record::of)
    }
}

pub(super) fn settled(number: usize) -> Settled {
    let minute = i64::try_from(number).expect("small") * 60_000;
    let mtime_ns = (BEGIN_MS + minute) * 1_000_000;
    Settled {
        path: PathBuf::from(format!("/drop/{number}.txt")),
        stamp: FileStamp {
            device: 1,
            inode: number as u64 + 1,
            size_bytes: 1_000,
            mtime_ns,
            ctime_ns: mtime_ns,
        },
        seen_ms: BEGIN_MS + 86_400_000,
        settled_ms: BEGIN_MS + 86_400_000,
        proof: "lease",
    }
}

/// What the record says, by digests instead of rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    articles: Vec<String>,
    relations: Vec<String>,
    indexed: Vec<String>,
    stories: Vec<String>,
    wrong: Vec<String>,
}

impl Record {
    fn of(db: &Connection) -> Self {
        let list = |sql: &str| -> Vec<String> {
            let mut rows = db.prepare(sql).expect("a statement");
            let rows = rows.query_map([], |row| row.get(0)).expect("rows");
            rows.collect::<rusqlite::Result<_>>().expect("read")
        };
        Self {
            articles: list(
                "SELECT hex(document.digest) || ' ' || article.verdict || ' of ' || coalesce(hex(other.digest), '-')
                        || ' led by ' || coalesce(hex(leading.digest), '-')
                 FROM article JOIN document ON document.id = article.document_id
                 LEFT JOIN article AS of ON of.id = article.of_id LEFT JOIN document AS other ON other.id = of.document_id
                 LEFT JOIN family ON family.id = article.family_id LEFT JOIN article AS lead ON lead.id = family.lead_id
                 LEFT JOIN document AS leading ON leading.id = lead.document_id ORDER BY 1",
            ),
            relations: list(
                "SELECT hex(a.digest) || ' ' || tie || ' ' || joins || ' ' || hex(b.digest) || ' ' || resemblance || hex(passages)
                 FROM relation JOIN text AS a ON a.id = text_id JOIN text AS b ON b.id = earlier_id ORDER BY 1",
            ),
            indexed: list(
                "SELECT hex(digest) || is_covered FROM text WHERE day IS NOT NULL ORDER BY 1",
            ),
            stories: list(
                "SELECT hex(a.digest) || ' in ' || coalesce(hex(b.digest), '-') FROM theme
                 JOIN article ON article.id = theme.article_id JOIN text AS a ON a.id = article.text_id
                 LEFT JOIN article AS head ON head.id = theme.story_id LEFT JOIN text AS b ON b.id = head.text_id
                 ORDER BY 1",
            ),
            // What is in the index is what is said to be.
            wrong: list(
                "WITH entry AS (SELECT (place >> 8) & 0xffffff AS text_id, place >= 0 AS is_covered,
                                       (place >> 32) & 0x7fff AS day
                                FROM (SELECT place FROM print UNION SELECT place FROM temp.recent) GROUP BY 1, 2, 3)
                 SELECT 'text ' || id FROM text
                 WHERE (SELECT count(*) FROM entry WHERE text_id = id) <> (day IS NOT NULL)
                       OR day IS NOT NULL
                          AND NOT EXISTS (SELECT 1 FROM entry WHERE text_id = id AND entry.is_covered = text.is_covered
                                          AND entry.day = text.day)
                 UNION ALL SELECT 'family ' || id FROM family
                 WHERE members <> (SELECT count(*) FROM article WHERE family_id = family.id)
                 UNION ALL SELECT 'verdict ' || id FROM article WHERE of_id = id
                 UNION ALL SELECT 'item ' || article.id FROM article LEFT JOIN family ON family.id = family_id
                 WHERE (family.id IS NULL OR lead_id = article.id)
                       <> EXISTS (SELECT 1 FROM theme WHERE article_id = article.id)",
            ),
        }
    }
}

const PLACES: [&str; 8] = [
    "Varnholm",
    "Tarrow",
    "Eastfield",
    "Port Alder",
    "Merrow",
    "Hollin",
    "Quay Bridge",
    "Stanmere",
];
const THINGS: [&str; 8] = [
    "the ferry",
    "the old mill",
    "the harbour wall",
    "a tram line",
    "the fire station",
    "the orchard",
    "a footbridge",
    "the library",
];
const DEEDS: [&str; 8] = [
    "will be rebuilt before winter",
    "was closed after a storm",
    "is to be sold to the county",
    "burned for two nights",
    "drew three thousand visitors",
    "has lost its only keeper",
    "cost twice what was planned",
    "opened to the sound of a brass band",
];

/// A paragraph that no other number gives.
fn paragraph(seed: usize) -> String {
    let pick = |list: &[&str; 8], at: usize| (*list.get(at % 8).expect("eight")).to_owned();
    format!(
        "In {} {} {}, number {seed} in the register of the county said, and {} near {} {}. A clerk with {} years of service \
         counted {} letters about it, most of them from {}, and answered all but {} by hand.",
        pick(&PLACES, seed),
        pick(&THINGS, seed / 8),
        pick(&DEEDS, seed / 64 + seed),
        pick(&THINGS, seed / 3 + 1),
        pick(&PLACES, seed / 5 + 2),
        pick(&DEEDS, seed / 7 + 3),
        seed % 37 + 2,
        seed * 7 % 911 + 12,
        pick(&PLACES, seed / 11 + 5),
        seed % 9 + 1
    )
}

/// A text: a story, of which some paragraphs are left out, and some that belong to other texts put in.
pub(super) fn text(story: usize, kept: u8, more: &[usize]) -> String {
    let own = (0..6).filter(|at| kept >> at & 1 == 1);
    let mut paragraphs: Vec<String> = own.map(|at| paragraph(story * 6 + at)).collect();
    paragraphs.extend(more.iter().map(|other| paragraph(1_000 + other)));
    paragraphs.join("\n\n") + "\n"
}

pub(super) fn texts() -> impl Strategy<Value = Vec<String>> {
    let one = (
        0..4usize,
        1..64u8,
        proptest::collection::vec(0..6usize, 0..3),
    );
    let text = one.prop_map(|(story, kept, more)| text(story, kept, &more));
    proptest::collection::vec(text, 2..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn texts_in_any_order_come_to_the_same_record(
        texts in texts(),
        keys in proptest::collection::vec(any::<u32>(), 14),
        batch in 1..5usize,
        between in 0..3usize,
    ) {
        let mut one = Desk::new(&texts);
        let all: Vec<usize> = (0..texts.len()).collect();
        one.take(&all);
        one.settle();
        let expected = one.record();
        prop_assert_eq!(&expected.wrong, &Vec::<String>::new());

        let mut other = Desk::new(&texts);
        let mut shuffled = all;
        shuffled.sort_by_key(|at| keys.get(*at));
        for part in shuffled.chunks(batch) {
            other.take(part);
            other.rejudge(between);
            other.look_at_stories(between);
            prop_assert_eq!(other.faults(), Vec::<String>::new());
        }
        other.settle();
        prop_assert_eq!(other.record(), expected);
    }

    #[test]
    fn a_text_that_has_nothing_to_do_with_others_changes_nothing(texts in texts(), at in 0..14usize) {
        let mut one = Desk::new(&texts);
        let all: Vec<usize> = (0..texts.len()).collect();
        one.take(&all);
        one.settle();
        let before = one.record();

        let mut with = texts.clone();
        let words: Vec<String> = (0..90).map(|n| format!("word{n}")).collect();
        with.push(format!("Somebody wrote: {}.", words.join(" ")));
        let mut other = Desk::new(&with);
        let mut order: Vec<usize> = (0..with.len()).collect();
        order.swap(at % texts.len(), texts.len());
        other.take(&order);
        other.settle();
        let after = other.record();
        prop_assert_eq!(&after.relations, &before.relations);
        for article in &before.articles {
            prop_assert!(after.articles.contains(article), "{article}");
        }
    }
}

/// A report that comes every day with other figures: all of them share most of their prints.
fn report(day: usize) -> String {
    format!(
        "{}\n\nThe exchange in Varnholm closed {} points higher on day {day} of the year. {}\n\n{}\n",
        paragraph(2_000),
        day * 13 % 97,
        paragraph(3_000 + day),
        paragraph(2_001)
    )
}

#[test]
fn what_becomes_common_is_so_for_all_whatever_the_order() {
    let mut texts: Vec<String> = (0..90).map(report).collect();
    // And two that share nothing but what is common, and two that share a paragraph of their own.
    texts.extend((0..4).map(|n| text(n / 2, 0b11 << (n % 2), &[])));
    let all: Vec<usize> = (0..texts.len()).collect();
    let mut one = Desk::new(&texts);
    one.take(&all);
    one.settle();
    let expected = one.record();
    assert_eq!(expected.wrong, Vec::<String>::new());
    for step in [7, 31, 93] {
        let mut other = Desk::new(&texts);
        let mut shuffled = all.clone();
        shuffled.sort_by_key(|at| (at * step + 11) % 97);
        for part in shuffled.chunks(10) {
            other.take(part);
        }
        other.settle();
        assert_eq!(other.record(), expected, "step {step}");
    }
}

#[test]
fn the_index_on_the_disk_says_what_the_one_in_memory_said() {
    let texts: Vec<String> = (0..12).map(|n| text(n % 3, 0b11_1111, &[n])).collect();
    let all: Vec<usize> = (0..texts.len()).collect();
    let mut one = Desk::new(&texts);
    one.take(&all);
    one.settle();
    let mut other = Desk::new(&texts);
    for part in all.chunks(3) {
        other.take(part);
        let filled = other.store.write(Durability::Later, |db| {
            index::begin(db)?;
            while index::fill(db, 40)? {}
            index::count_fresh(db)
        });
        assert_eq!(filled.expect("filled"), 0);
    }
    other.settle();
    assert_eq!(other.record(), one.record());
    let due = other.store.with_connection(relations::count_due);
    assert_eq!(due.expect("counted"), 0);
}

#[test]
fn what_a_headline_calls_an_update_is_a_version_of_what_its_publisher_wrote_before() {
    let body = |more: usize| {
        let paragraphs: Vec<String> = (0..5).chain(40..40 + 3 * more).map(paragraph).collect();
        paragraphs.join("\n\n")
    };
    let texts = vec![
        format!("Varnholm ferry to sail again\n\n{}\n", body(0)),
        format!("UPDATE 1-Varnholm ferry to sail again\n\n{}\n", body(1)),
        format!("UPDATE 2-Varnholm ferry to sail again\n\n{}\n", body(2)),
        format!(
            "CORRECTED-UPDATE 2-Varnholm ferry to sail again\n\n{}\n",
            body(3)
        ),
    ];
    for order in [[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 0, 1]] {
        let mut desk = Desk::new(&texts);
        desk.drop.source = DropSource::Named("Norda".to_owned());
        for number in order {
            desk.take(&[number]);
        }
        desk.settle();
        let lines = desk.store.with_connection(|db| {
            let mut rows = db.prepare(
                "SELECT later.title || ' after ' || earlier.title FROM version
                 JOIN article AS later ON later.id = article_id JOIN article AS earlier ON earlier.id = earlier_id
                 WHERE basis = 'headline' AND later.verdict = 'version' ORDER BY 1",
            )?;
            rows.query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()
        });
        assert_eq!(
            lines.expect("read"),
            [
                "CORRECTED-UPDATE 2-Varnholm ferry to sail again after UPDATE 2-Varnholm ferry to sail again",
                "UPDATE 1-Varnholm ferry to sail again after Varnholm ferry to sail again",
                "UPDATE 2-Varnholm ferry to sail again after UPDATE 1-Varnholm ferry to sail again",
            ],
            "{order:?}"
        );
    }
}
