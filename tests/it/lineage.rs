//! A story on its way through the outlets: the tree of its family, two of its texts side by side, who is how far behind.
//!
//! The wire story of twelve deliveries that the README shows is written by [`Delivery::put`]; with `UPDATE_EXPECT=1` the
//! README is written anew.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Workplace, article, assert_in_readme, lines};

/// One file, as an outlet delivers it.
struct Delivery {
    outlet: &'static str,
    file: &'static str,
    /// What it states as its publication.
    stated: Option<&'static str>,
    arrived: &'static str,
    title: &'static str,
    says: Says,
}

/// What an outlet makes of the story.
#[derive(Clone, Copy)]
enum Says {
    /// All of it as the agency has it.
    Whole,
    /// The same with two phrases changed.
    Lightly,
    /// That, with a third.
    Coast,
    /// That, with a paragraph of its own, later in the day.
    Late,
    /// So many paragraphs from the top.
    Top(usize),
    /// The agency's second version: other figures, one more paragraph.
    Updated,
    /// All of it and two paragraphs of its own.
    Expanded,
    /// That, with a name left out.
    Letter,
    /// Another matter, for which two of its paragraphs are background.
    Quoted,
}

const TITLE: &str = "Storm surge breaks sea wall at Varnholm";

const STORY: [&str; 9] = [
    "A storm surge broke through the sea wall at Varnholm in the early hours of Wednesday and flooded the old harbour \
     quarter, where some 1,400 people had to leave their homes.",
    "The water stood at four metres and twelve centimetres above the usual level at half past three, the highest mark \
     since the gauge was set up in 1931, the harbour office said.",
    "\"We heard a crack like a tree falling, and then the street was a river,\" said Ines Hollar, who keeps the bakery at \
     the fish market and spent the night on its roof.",
    "Firemen from Kellin and Tarrow brought 86 people to safety in rowing boats. Nine were taken to hospital with broken \
     bones or chills; nobody was missing by dawn, according to the police.",
    "The breach is thirty metres wide. Engineers had warned two years ago that the wall between the lighthouse and the \
     shipyard was hollow in places, but the provincial council put the repair off until next spring.",
    "Council president Mattis Verhoven refused to speak of a mistake. The money had been needed for the hospital, he told \
     reporters on the town hall steps, and no expert had called the danger imminent.",
    "The railway along the coast was closed between Varnholm and Port Ames. Ferries to the island of Tarrow are not expected \
     to sail before Friday, the line said.",
    "Bakeries and schools in the upper town opened their doors to those who had lost their beds. By noon the brewery had \
     sent two lorries with drinking water, since the pumping station stands under water as well.",
    "The weather service expects the wind to turn to the north in the evening and to drop. It lifted its warning for the \
     western bays but upheld it for Varnholm.",
];

const SOLDIERS: &str = "Soldiers began to fill the breach with sandbags in the afternoon. A pontoon from the naval yard \
    at Senn is to close it for good by Saturday, the defence ministry announced.";

const ISLAND: &str = "In Tarrow itself the surge tore eleven boats from their moorings. Harbour master Joost Aldering showed \
    our reporter the splintered rail of the landing stage, which had been painted only last week.\n\n\
    The island council meets tonight in the school. It wants to know why the siren on the north shore stayed silent, although \
    the fire brigade had tested it in autumn and found nothing wrong with it.";

const PRINTERS: &str = "The Gazette's own printing house stands under water. This issue was printed in Kellin, and the paper \
    asks its readers for patience with the carriers.";

const ELECTION: [&str; 2] = [
    "The provincial council of Varnholm has elected a new president. Greta Sommerlath, a civil engineer, won by two votes \
     after a debate that lasted until midnight and was followed by hundreds on the square.",
    "Her predecessor resigned in April for reasons of health. She announced a commission of inquiry that is to hear forty \
     witnesses before the summer, and a loan for the dikes that every district will have to help to repay.",
];

impl Says {
    fn text(self) -> String {
        let whole = STORY.join("\n\n");
        match self {
            Self::Whole => whole,
            Self::Lightly => whole
                .replace(
                    "in the early hours of Wednesday",
                    "before dawn on Wednesday",
                )
                .replace("according to the police", "police said"),
            Self::Coast => Self::Lightly
                .text()
                .replace("was closed between", "is closed between"),
            Self::Late => format!("{}\n\n{PRINTERS}", Self::Lightly.text()),
            Self::Top(paragraphs) => STORY[..paragraphs].join("\n\n"),
            Self::Updated => format!("{whole}\n\n{SOLDIERS}")
                .replace("86 people", "103 people")
                .replace("Nine were", "Fourteen were"),
            Self::Expanded => {
                let (top, rest) = STORY.split_at(4);
                [&top.join("\n\n"), ISLAND, &rest.join("\n\n")].join("\n\n")
            }
            Self::Letter => Self::Expanded
                .text()
                .replace("Harbour master Joost Aldering", "Our harbour master"),
            Self::Quoted => [ELECTION[0], STORY[4], STORY[5], ELECTION[1]].join("\n\n"),
        }
    }
}

/// The twelve deliveries in the order they arrive, and a thirteenth on another matter that quotes what was known of it.
#[rustfmt::skip] // a table
fn wire_story() -> Vec<Delivery> {
    [
        ("Varnholm Gazette", "surge.html", "2025-03-12T05:50:00Z", "2025-03-12T05:52:00Z", TITLE, Says::Lightly),
        ("Notimex", "n0471.html", "2025-03-12T05:30:00Z", "2025-03-12T06:02:00Z", TITLE, Says::Whole),
        ("Kellin Post", "p2.html", "2025-03-12T06:20:00Z", "2025-03-12T06:31:00Z", "Sea wall breaks at Varnholm", Says::Whole),
        ("Miravel Today", "brief.html", "2025-03-12T07:10:00Z", "2025-03-12T07:12:00Z", "Varnholm under water", Says::Top(5)),
        ("Port Ames Courier", "coast.txt", "", "2025-03-12T07:45:00Z", "Coast railway closed after surge", Says::Coast),
        ("Notimex", "n0471-2.html", "2025-03-12T08:15:00Z", "2025-03-12T08:20:00Z", TITLE, Says::Updated),
        ("Tarrow Herald", "front.html", "2025-03-12T09:40:00Z", "2025-03-12T09:41:00Z", "Tarrow loses boats as sea wall breaks", Says::Expanded),
        ("Senn Observer", "wire.html", "2025-03-12T11:05:00Z", "2025-03-12T11:30:00Z", TITLE, Says::Updated),
        ("Varnholm Gazette", "surge-late.html", "2025-03-12T13:00:00Z", "2025-03-12T13:02:00Z", TITLE, Says::Late),
        ("Ostra Bay Times", "page4.html", "2025-03-13", "2025-03-13T04:10:00Z", TITLE, Says::Whole),
        ("Island Letter", "letter.txt", "", "2025-03-13T17:00:00Z", "What the surge did to us", Says::Letter),
        ("Bayside Weekly", "week11.html", "2025-03-15T08:00:00Z", "2025-03-15T08:30:00Z", "The week: wall breaks", Says::Top(4)),
        ("Kellin Post", "election.html", "2025-05-20T09:00:00Z", "2025-05-20T09:01:00Z", "Engineer to lead province", Says::Quoted),
    ]
    .map(|(outlet, file, stated, arrived, title, says)| Delivery {
        outlet,
        file,
        stated: (!stated.is_empty()).then_some(stated),
        arrived,
        title,
        says,
    })
    .into()
}

impl Delivery {
    /// Where it says it is from; two outlets keep to themselves whose story it is.
    fn dateline(&self) -> &'static str {
        match self.outlet {
            "Port Ames Courier" | "Island Letter" => "",
            _ if self.file == "election.html" => "",
            _ => "VARNHOLM (Notimex) - ",
        }
    }

    /// Writes the file as it arrives.
    fn put(&self, place: &Workplace) -> PathBuf {
        let (title, text) = (
            self.title,
            format!("{}{}", self.dateline(), self.says.text()),
        );
        let page = if Path::new(self.file)
            .extension()
            .is_some_and(|it| it == "txt")
        {
            format!("{title}\n\n{text}\n")
        } else {
            let stated = self.stated.expect("a page states its time");
            // The versions of an article stand under one address.
            let name = self
                .file
                .trim_end_matches(".html")
                .trim_end_matches("-2")
                .trim_end_matches("-late");
            let host = self.outlet.to_lowercase().replace(' ', "-");
            let paragraphs = text.replace("\n\n", "</p>\n<p>");
            format!(
                "<!doctype html>\n<html lang=\"en\"><head><title>{title}</title>\n\
                 <meta property=\"article:published_time\" content=\"{stated}\">\n\
                 <link rel=\"canonical\" href=\"https://{host}.example/{name}\"></head>\n\
                 <body><nav><a href=\"/\">Home</a> <a href=\"/sport\">Sport</a></nav>\n\
                 <article><h1>{title}</h1>\n<p>{paragraphs}</p>\n</article></body></html>\n"
            )
        };
        place.put_at(
            &format!("{}/{}", self.outlet, self.file),
            &page,
            self.arrived,
        )
    }
}

/// A place where the story has arrived, each delivery taken in as it came, so that they are numbered in that order.
fn delivered() -> Workplace {
    let place = Workplace::new();
    for delivery in wire_story() {
        delivery.put(&place);
        let output = place.run("ingest", &["--source", "subfolder", "in"]);
        assert!(output.status.success(), "{output:?}");
    }
    place.assert_sound();
    place
}

fn lineage(place: &Workplace, article: &str) -> Value {
    place.json("lineage", &[article]).remove(0)
}

fn member(lineage: &Value, id: i64) -> &Value {
    let members = lineage["members"].as_array().expect("members");
    members
        .iter()
        .find(|it| it["id"] == id)
        .unwrap_or_else(|| panic!("no {id} in {lineage}"))
}

/// What stands in the README where the comment says so.
const MARK: &str = "<!-- lineage: tests/it/lineage.rs writes it with UPDATE_EXPECT=1 -->\n```console\n$ copydesk lineage 2\n";

/// Figures and digests may change with the model; the tree may not.
fn without_figures(text: &str) -> String {
    let words: Vec<&str> = text.split_inclusive([' ', '\n']).collect();
    let plain = words.iter().enumerate().map(|(at, word)| {
        let bare = word.trim_end();
        let is_digest = bare.len() == 16 && bare.bytes().all(|it| it.is_ascii_hexdigit());
        let is_figure = words.get(at + 1).is_some_and(|next| next.starts_with('%'));
        if is_digest || is_figure { "N " } else { word }
    });
    plain.collect()
}

#[test]
fn the_readme_shows_the_lineage_of_a_wire_story_of_twelve_deliveries() {
    let place = delivered();
    let told = place.shown("lineage", &["2"]);
    assert_in_readme(MARK, &told, without_figures);
}

#[test]
fn a_lineage_says_who_was_first_who_trimmed_who_expanded_and_who_credits_whom() {
    let place = delivered();
    let tree = lineage(&place, "3");
    assert_eq!(
        (tree["schema"].as_i64(), tree["article"].as_i64()),
        (Some(1), Some(3))
    );
    assert_eq!(tree["articles"], 12, "{tree}");
    assert_eq!(tree["members"].as_array().expect("members").len(), 12);
    assert_eq!(tree["family"], place.json("show", &["3"])[0]["family"]);
    assert_eq!(tree["lead"], 2, "the wire's own");
    assert_eq!(tree["first_by_claim"], 2);
    assert_eq!(tree["first_by_arrival"], 1, "another was faster to deliver");
    let kind = |id| {
        member(&tree, id)["verdict"]["kind"]
            .as_str()
            .expect("a verdict")
            .to_owned()
    };
    let kinds: Vec<String> = [2, 1, 3, 4, 6, 7, 8, 9, 10, 12].map(kind).into();
    let expected = [
        "new",
        "copy",
        "same-text",
        "excerpt",
        "version",
        "expansion",
        "same-text",
        "version",
        "same-text",
        "excerpt",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(member(&tree, 6)["version_by"], "url");
    let credit = &tree["credits"][0];
    assert_eq!(
        (credit["agency"].as_str(), credit["own"].as_i64()),
        (Some("notimex"), Some(2))
    );
    let lag = |id| {
        (
            member(&tree, id)["lag_ms"].as_i64(),
            member(&tree, id)["lag_by"].as_str(),
        )
    };
    assert_eq!(lag(2), (None, None));
    assert_eq!(lag(1), (Some(20 * 60_000), Some("stated")));
    assert_eq!(
        lag(5),
        (Some(103 * 60_000), Some("arrival")),
        "it states no time"
    );
    assert_eq!(
        lag(10),
        (Some(86_400_000), Some("day")),
        "it states no hour"
    );
    for kin in tree["members"].as_array().expect("members") {
        let under = &kin["under"];
        assert!(
            under.is_null() && kin["depth"] == 0 || *under == kin["verdict"]["of"],
            "{kin}"
        );
    }
    let shares: Vec<&Value> = tree["shares"].as_array().expect("shares").iter().collect();
    assert_eq!(
        tree["sharing"].as_i64(),
        Some(i64::try_from(shares.len()).expect("few"))
    );
    assert!(shares.iter().all(|it| it["id"] == 13), "{shares:?}");
}

#[test]
fn an_article_without_a_family_and_one_that_is_not_there_are_answered() {
    let place = Workplace::new();
    place.put("a.txt", &article(1));
    place.ingest();
    let told = place.shown("lineage", &["in/a.txt"]);
    assert!(
        told.contains("no family") && told.contains("(a.txt)"),
        "{told}"
    );
    let tree = lineage(&place, "1");
    assert!(tree["family"].is_null());
    assert_eq!(
        (tree["articles"].as_i64(), tree["lead"].as_i64()),
        (Some(1), Some(1))
    );
    assert_eq!(place.run("lineage", &["99"]).status.code(), Some(1));
    let new = place.run("show", &["1", "--diff"]);
    assert_eq!(new.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&new.stderr).contains("--diff=ARTICLE"));
}

#[test]
fn names_and_texts_that_would_steer_the_terminal_do_not() {
    use std::os::unix::ffi::OsStrExt as _;
    let place = Workplace::new();
    for (name, text) in [
        (&b"a\xff\x1b[2J.txt"[..], article(1)),
        (
            b"b\x1b]0;x\x07.txt",
            format!("{}\u{202e}\u{9b}31m\n", article(1)),
        ),
    ] {
        std::fs::write(place.drop().join(std::ffi::OsStr::from_bytes(name)), text)
            .expect("written");
    }
    place.ingest();
    for args in [
        &["lineage", "1"][..],
        &["lineage", "2"],
        &["show", "1", "--diff=2"],
        &["show", "2", "--diff=1"],
    ] {
        let told = place.shown(args[0], &args[1..]);
        let raw = |it: char| it.is_control() && it != '\n' || it == '\u{202e}';
        assert!(!told.contains(raw), "{told:?}");
    }
}

#[test]
fn many_with_the_same_text_are_put_together_but_all_are_in_json() {
    let place = Workplace::new();
    for n in 0..9 {
        place.put(
            &format!("outlet{n}/a.txt"),
            &format!("{}{}", article(1), "\n".repeat(n)),
        );
    }
    place.run("ingest", &["--source", "subfolder", "in"]);
    let told = place.shown("lineage", &["1"]);
    assert!(
        told.contains("more") && told.lines().filter(|it| it.contains("outlet")).count() < 8,
        "{told}"
    );
    assert_eq!(
        lineage(&place, "1")["members"]
            .as_array()
            .expect("members")
            .len(),
        9
    );
}

#[test]
fn a_difference_shows_what_both_have_once_and_what_one_has_behind_a_sign() {
    let place = delivered();
    let object = place.json("show", &["6", "--diff"]).remove(0);
    assert_eq!(
        (
            object["this"]["id"].as_i64(),
            object["other"]["id"].as_i64()
        ),
        (Some(6), Some(2))
    );
    assert_eq!(
        (object["schema"].as_i64(), object["same_text"].as_bool()),
        (Some(1), Some(false))
    );
    assert!(
        object["measured"]["resemblance"]
            .as_f64()
            .is_some_and(|it| it > 0.5)
    );
    for (side, id) in [("this", "6"), ("other", "2")] {
        let text = place.json("show", &[id]).remove(0)["text"]
            .as_str()
            .expect("a text")
            .to_owned();
        let mut at = 0;
        for piece in object["pieces"]
            .as_array()
            .expect("pieces")
            .iter()
            .filter(|it| !it[side].is_null())
        {
            let edge = |n: usize| {
                usize::try_from(piece[side][n].as_u64().expect("a place")).expect("small")
            };
            assert_eq!(edge(0), at, "{piece}");
            at = edge(1);
            if piece["in"] == side {
                assert_eq!(piece["text"].as_str(), text.get(edge(0)..at));
            }
        }
        assert_eq!(at, text.len());
    }
    let told = place.shown("show", &["6", "--diff"]);
    let line = |sign: &str, word: &str| {
        told.lines()
            .any(|it| it.starts_with(sign) && it.contains(word))
    };
    assert!(
        line("- ", "86") && line("+ ", "103") && line("+ ", "pontoon") && line("  ", "Ines Hollar"),
        "{told}"
    );
    assert!(told.lines().all(|it| it.chars().count() <= 80), "{told}");
    let back = place.json("show", &["2", "--diff=6"]).remove(0);
    for (one, other) in [
        ("contains", "contained"),
        ("contained", "contains"),
        ("resemblance", "resemblance"),
        ("longest_run", "longest_run"),
    ] {
        assert_eq!(object["measured"][one], back["measured"][other]);
    }
    let strangers = place.json("show", &["13", "--diff=12"]).remove(0);
    assert_eq!(strangers["measured"]["tie"], "none", "{strangers}");
}

#[test]
fn a_difference_of_the_same_text_says_so() {
    let place = delivered();
    let told = place.shown("show", &["3", "--diff"]);
    assert!(told.contains("the same text"), "{told}");
    let object = place.json("show", &["3", "--diff=2"]).remove(0);
    assert_eq!(object["same_text"], true);
    assert!(object["measured"].is_null());
    assert!(
        object["pieces"]
            .as_array()
            .expect("pieces")
            .iter()
            .all(|it| it["in"] == "both")
    );
    let wrong = place.run("show", &["3", "--diff", "--cuts"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn sources_tell_their_shares_and_how_far_behind_they_are() {
    let place = delivered();
    let sources = lines(&place.run("sources", &["--json"]).stdout);
    let source = |name: &str| sources.iter().find(|it| it["name"] == name).expect(name);
    let wire = source("Notimex");
    assert_eq!(
        (wire["led"].as_i64(), wire["followed"].as_i64()),
        (Some(1), Some(0)),
        "{wire}"
    );
    assert!(wire["lag_median_ms"].is_null() && wire["lag_p90_ms"].is_null());
    assert_eq!(
        (
            wire["shares"]["new"].as_f64(),
            wire["shares"]["version"].as_f64()
        ),
        (Some(0.5), Some(0.5))
    );
    let gazette = source("Varnholm Gazette");
    assert_eq!(
        (gazette["led"].as_i64(), gazette["followed"].as_i64()),
        (Some(0), Some(2)),
        "{gazette}"
    );
    assert_eq!(gazette["lag_median_ms"].as_i64(), Some(20 * 60_000));
    assert_eq!(gazette["lag_p90_ms"].as_i64(), Some(450 * 60_000));
    // It states the day alone, the one after.
    let bay = source("Ostra Bay Times");
    assert_eq!(bay["lag_median_ms"].as_i64(), Some(86_400_000), "{bay}");
    assert!(place.shown("sources", &[]).contains("LAG 90 %"));
}
