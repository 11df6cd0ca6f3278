//! Families about one event are a story: which, with whom, and that it is the same in whatever order they came.

use serde_json::Value;

use crate::support::{Workplace, assert_in_readme, lines};

/// One page: outlet, file, when it was published, headline, text.
type Page = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const BRIDGE_AGENCY: &[&str] = &[
    "A freight train loaded with gravel derailed on the Orsa bridge north of Stanmere on Tuesday morning, and three of its \
     wagons fell into the river, the railway authority said.",
    "The driver, Pavel Lindqvist, was taken to hospital in Stanmere with a broken arm. Nobody else was on board. Divers of \
     the fire brigade searched the wagons and found no one.",
    "The line between Stanmere and Port Alder will stay closed for at least two weeks, said Hedda Morrow, who speaks for the \
     authority. Eleven trains a day use the bridge, which was built in 1908.",
    "Inspectors had ordered the replacement of 40 sleepers in March. Whether that was done is now the question, Morrow said.",
];

const BRIDGE_LOCAL: &[&str] = &[
    "Stanmere woke to a bang. Shortly after six on Tuesday a gravel train jumped the rails on the old Orsa bridge, and three \
     wagons now lie in the river below the weir.",
    "Engine driver Pavel Lindqvist, 52, got away with a broken arm. Neighbours pulled him from his cab before the fire \
     brigade arrived; its divers later made sure that nobody was under the wagons.",
    "Commuters to Port Alder have to take the bus until further notice. The railway authority reckons with a fortnight, \
     spokeswoman Hedda Morrow told the Echo on the bank.",
    "People here have talked about rotten sleepers on the bridge since spring, when an inspector counted forty of them.",
];

const BRIDGE_CAPITAL: &[&str] = &[
    "The derailment of a freight train on the Orsa bridge near Stanmere has opened a dispute about money for the railways. \
     Three wagons of gravel fell into the river on Tuesday; the driver was hurt.",
    "Transport minister Ruben Aske said the bridge of 1908 had been on the list for repair and that the railway authority had \
     not asked for the funds. The authority's spokeswoman, Hedda Morrow, contradicted him the same evening.",
    "The opposition asked for the inspection report from March, in which 40 sleepers are said to be called rotten, to be laid \
     before parliament. The line from Stanmere to Port Alder carries eleven trains a day and is closed.",
];

const CHEESE: &[&str] = &[
    "The cheese market of Hollin has a new champion. Dairywoman Berit Skoglund won the golden ladle on Tuesday with a goat's \
     cheese that had ripened for nine months in a slate mine.",
    "The jury of seven tasted 62 kinds in four hours and praised its scent of hay. Second was the smoked ewe's cheese of the \
     Aldering brothers, who had won three times in a row.",
    "Some 9,000 visitors came to the market, more than ever, said its organiser. The prize money of 500 crowns goes to the \
     school in the valley, Skoglund announced.",
];

#[rustfmt::skip] // a table
const PAGES: [Page; 5] = [
    ("Norda", "0412.html", "2025-04-08T07:40:00Z", "Freight train derails on bridge near Stanmere, driver hurt", BRIDGE_AGENCY),
    ("Stanmere Echo", "bridge.html", "2025-04-08T10:15:00Z", "Gravel train falls off Orsa bridge", BRIDGE_LOCAL),
    ("Alder Post", "wire-0412.html", "2025-04-08T09:05:00Z", "Freight train derails near Stanmere", BRIDGE_AGENCY),
    ("Capital Courier", "rail.html", "2025-04-09T05:00:00Z", "Minister and railway at odds over Orsa bridge derailment", BRIDGE_CAPITAL),
    ("Stanmere Echo", "cheese.html", "2025-04-08T17:20:00Z", "Goat's cheese from slate mine wins golden ladle", CHEESE),
];

fn put(place: &Workplace, (outlet, file, published, title, text): &Page) {
    let text = text.join("</p>\n<p>");
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><title>{title}</title>\n\
         <meta property=\"article:published_time\" content=\"{published}\"></head>\n\
         <body><article><h1>{title}</h1>\n<p>{text}</p>\n</article></body></html>\n"
    );
    place.put_at(&format!("{outlet}/{file}"), &page, published);
}

/// The pages taken in one after the other in this order.
fn delivered(order: &[usize]) -> Workplace {
    let place = Workplace::new();
    for at in order {
        put(&place, &PAGES[*at]);
        let output = place.run("ingest", &["--source", "subfolder", "in"]);
        assert!(output.status.success(), "{output:?}");
    }
    place
}

/// What stands in the README where the comment says so.
const MARK: &str = "<!-- stories: tests/it/stories.rs writes it with UPDATE_EXPECT=1 -->\n```console\n$ copydesk stories 1\n";

#[test]
fn the_readme_shows_a_story_and_its_families() {
    let told = delivered(&[0, 1, 2, 3, 4]).shown("stories", &["1"]);
    assert_in_readme(MARK, &told, str::to_owned);
}

#[test]
fn families_about_one_event_are_one_story_with_its_sources_and_counts() {
    let place = delivered(&[0, 1, 2, 3, 4]);
    let stories = place.json("stories", &[]);
    assert_eq!(stories.len(), 1, "{stories:?}");
    let story = &stories[0];
    assert_eq!(story["schema"], 1);
    assert_eq!(
        (&story["families"], &story["articles"]),
        (&3.into(), &4.into())
    );
    let sources: Vec<&String> = story["sources"]
        .as_object()
        .expect("sources")
        .keys()
        .collect();
    assert_eq!(
        sources,
        ["Alder Post", "Capital Courier", "Norda", "Stanmere Echo"]
    );

    let whole = &place.json("stories", &["3"])[0];
    let families: Vec<(i64, i64)> = whole["members"]
        .as_array()
        .expect("members")
        .iter()
        .map(|it| {
            (
                it["article"].as_i64().expect("an id"),
                it["articles"].as_i64().expect("a count"),
            )
        })
        .collect();
    assert_eq!(
        families,
        [(1, 2), (2, 1), (4, 1)],
        "the copy stands in its family"
    );
    for id in ["1", "2", "3", "4"] {
        assert_eq!(
            place.json("show", &[id])[0]["story"],
            story["story"],
            "{id}"
        );
    }
    assert_eq!(place.json("show", &["5"])[0]["story"], Value::Null);
    assert_eq!(place.json("stories", &["5"]), [Value::Null]);

    let with = |source: &str| place.json("stories", &["--source", source]).len();
    assert_eq!((with("Norda"), with("Hollin Herald")), (1, 0));
    assert_eq!(place.json("stories", &["--since", "2100-01-01"]).len(), 0);
    assert_eq!(place.json("stories", &["--limit", "0"]).len(), 0);
}

#[test]
fn the_stories_are_the_same_in_whatever_order_the_articles_came() {
    let told = |order: &[usize]| {
        let export = delivered(order).shown("export", &[]);
        let mut articles: Vec<(String, String)> = lines(export.as_bytes())
            .iter()
            .map(|it| {
                (
                    it["title"].to_string() + &it["source"].to_string(),
                    it["story"].to_string(),
                )
            })
            .collect();
        articles.sort();
        articles
    };
    let expected = told(&[0, 1, 2, 3, 4]);
    assert_eq!(told(&[4, 3, 2, 1, 0]), expected);
    assert_eq!(told(&[3, 1, 4, 0, 2]), expected);
}

#[test]
fn who_dies_before_the_stories_leaves_them_to_the_next() {
    let place = Workplace::new();
    for page in &PAGES {
        put(&place, page);
    }
    let ingest = |place: &Workplace| {
        let mut ingest = place.command("ingest");
        ingest.args(["--source", "subfolder", "in"]);
        ingest
    };
    let died = ingest(&place)
        .env("COPYDESK_KILL", "before-stories:1")
        .output();
    assert_eq!(died.expect("run").status.code(), None, "it dies");
    assert_eq!(place.json("stories", &[]).len(), 0);
    let told = place.shown("stories", &[]);
    assert!(
        told.contains("not all were looked at yet: 5 to go"),
        "{told}"
    );

    let next = ingest(&place).output().expect("run");
    assert!(next.status.success(), "{next:?}");
    assert_eq!(place.json("stories", &[])[0]["families"], 3);
    let told = place.shown("stories", &[]);
    assert!(!told.contains("not all"), "{told}");
}
