//! A family and a difference as they are printed, wide and narrow.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::article::object::VerdictObject;
use crate::report::difference::{Difference, In, Part, Side};
use crate::report::kinship::LagBy;
use crate::report::lineage::{Credit, Kin, Lineage, Sharer};

use super::lines::width;
use super::render_tests::printed;
use super::{Style, difference, lineage};

const DAY_MS: i64 = 86_400_000;

fn kin(id: i64, under: Option<i64>, depth: usize, kind: &str) -> Kin {
    Kin {
        id,
        under,
        depth,
        source: Some(format!("Outlet \x1b[3{id}m of the far valley")),
        path: PathBuf::from("/in/a.txt").into(),
        member: None,
        title: None,
        published: Some("1970-01-03T00:00:00Z".to_owned()),
        stated_ms: Some(2 * DAY_MS),
        arrival_ms: 2 * DAY_MS + id * 60_000,
        lag_ms: under.map(|_| id * 60_000),
        lag_by: under.map(|_| LagBy::Arrival),
        verdict: VerdictObject {
            kind: kind.to_owned(),
            of: under,
            resemblance: under.map(|_| 0.909),
            contains: under.map(|_| 1.0),
            contained: under.map(|_| 0.8),
        },
        version_by: None,
        agency: vec!["apx".to_owned()],
    }
}

fn family(members: Vec<Kin>) -> Lineage {
    Lineage {
        schema: 1,
        article: 3,
        family: Some("0123456789abcdef".to_owned()),
        articles: 4,
        sources: 4,
        lead: 1,
        first_by_claim: Some(1),
        first_by_arrival: Some(2),
        span_ms: 0,
        verdicts: BTreeMap::from([("new".to_owned(), 1), ("copy".to_owned(), 3)]),
        credits: vec![Credit {
            agency: "apx".to_owned(),
            articles: 4,
            own: None,
        }],
        due: 1,
        members,
        sharing: 12,
        shares: vec![Sharer {
            id: 9,
            source: None,
            first_ms: 0,
            title: Some("A \u{202e}title".to_owned()),
            shared: 40,
            longest_run: 1,
        }],
    }
}

fn four() -> Lineage {
    family(vec![
        kin(1, None, 0, "new"),
        kin(2, Some(1), 1, "copy"),
        kin(4, Some(2), 2, "expansion"),
        kin(3, Some(1), 1, "copy"),
    ])
}

#[test]
fn a_tree_has_rails_figures_and_a_mark() {
    let text = printed(Style::default(), |out| lineage::show(&four(), out));
    let rows: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.starts_with("  ARTICLE"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .collect();
    let begin = [
        "  1 Outlet",
        "  ├─ 2 Outlet",
        "  │  └─ 4 Outlet",
        "> └─ 3 Outlet",
    ];
    for (row, begin) in rows.iter().zip(begin) {
        assert!(row.starts_with(begin), "{text}");
    }
    assert_eq!(rows.len(), 4);
    assert!(
        rows[1].contains("~+2m  copy of 1, 90 %; credits apx"),
        "{text}"
    );
    assert!(
        rows[2].contains("expansion: holds all of 2 and 25 % more"),
        "{text}"
    );
    for said in [
        "STATED 1970",
        "first by claim",
        "first by arrival",
        "1 text is judged again",
        "12 articles share",
        "the 1 nearest",
        "1 word",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(
        !text.contains('\x1b') && !text.contains('\u{202e}'),
        "{text:?}"
    );
}

#[test]
fn a_narrow_terminal_gets_no_long_lines_and_nothing_is_left_out() {
    for columns in [60, 72, 80, 100] {
        let style = Style {
            terminal: true,
            width: Some(columns),
            ..Style::default()
        };
        let text = printed(style, |out| lineage::show(&four(), out));
        let tree = text
            .lines()
            .skip_while(|line| !line.contains("ARTICLE"))
            .take(12);
        for line in tree {
            assert!(
                width(line) <= usize::from(columns),
                "{columns}: {line}\n{text}"
            );
        }
        let joined: String = text.split_whitespace().collect::<Vec<_>>().concat();
        assert!(joined.contains("90%"), "{text}");
    }
}

#[test]
fn a_deep_line_of_versions_is_set_in_only_so_far() {
    let members = (1..60).map(|id| {
        let under = (id > 1).then(|| id - 1);
        kin(
            id,
            under,
            usize::try_from(id - 1).expect("small"),
            "version",
        )
    });
    let text = printed(Style::default(), |out| {
        lineage::show(&family(members.collect()), out)
    });
    assert!(
        text.lines().all(|line| line.chars().count() < 160),
        "{text}"
    );
    assert!(text.contains("version of 58, 90 %"), "{text}");
}

#[test]
fn large_numbers_of_articles_are_cut_short() {
    let members = (1..400).map(|id| {
        let under = (id > 1).then_some(1);
        kin(
            id,
            under,
            usize::from(id > 1),
            if id > 1 { "copy" } else { "new" },
        )
    });
    let text = printed(Style::default(), |out| {
        lineage::show(&family(members.collect()), out)
    });
    assert!(text.contains("… and 199 more"), "{text}");
    let members = (1..400).map(|id| {
        let under = (id > 1).then_some(1);
        kin(
            id,
            under,
            usize::from(id > 1),
            if id > 1 { "same-text" } else { "new" },
        )
    });
    let text = printed(Style::default(), |out| {
        lineage::show(&family(members.collect()), out)
    });
    assert!(text.contains("… 395 more"), "{text}");
    assert!(text.lines().count() < 25, "{text}");
}

#[test]
fn a_difference_fits_its_lines_and_escapes_its_words() {
    let side = |id, title: &str| Side {
        id,
        source: None,
        first_ms: 0,
        title: Some(title.to_owned()),
        verdict: "new".to_owned(),
        of: None,
    };
    let part = |has, moved, text: &str| Part {
        has,
        moved,
        this: None,
        other: None,
        text: text.to_owned(),
    };
    let about = Difference {
        schema: 1,
        this: side(2, "Two"),
        other: side(1, "One\x07"),
        same_text: false,
        recorded: false,
        measured: None,
        pieces: vec![
            part(In::Other, true, "Later.\n\n"),
            part(In::Both, false, "The ferry sails.\n\nIt is "),
            part(In::Other, false, "old\x1b[2J."),
            part(In::This, false, "new and painted white all over."),
            part(In::This, true, "\n\nLater."),
        ],
    };
    let narrow = Style {
        width: Some(16),
        ..Style::default()
    };
    let text = printed(narrow, |out| difference::show(&about, out));
    let (_, body) = text
        .split_once("- One\\x07\n+ Two\n\n")
        .expect("the headlines");
    assert_eq!(
        body,
        "< Later.\n\n  The ferry\n  sails.\n\n  It is\n- old\\x1b[2J.\n+ new and\n+ painted white\n+ all over.\n\n> Later.\n"
    );
}
