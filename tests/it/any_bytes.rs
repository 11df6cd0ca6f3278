//! Any bytes are survived: the editor holds to its promises for inputs nobody would write.
//!
//! `cargo bench --bench fuzz -- SECONDS` tries the same kinds of inputs for as long as it is told.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::ops::ControlFlow;

use copydesk::article::leaf;
use copydesk::article::unpack::{self, Bounds};
use copydesk::article::{Format, Hints, Refusal, Rules, edit};

#[path = "../../benches/fuzz/inputs.rs"]
mod inputs;
#[path = "../../benches/fuzz/members.rs"]
mod members;
#[path = "../../benches/fuzz/mutations.rs"]
mod mutations;
#[path = "../../benches/fuzz/promises.rs"]
mod promises;
#[path = "../../benches/fuzz/seeds.rs"]
mod seeds;

/// Numbers of inputs: a second's worth.
const INPUTS: u64 = 3_000;
/// Of each format and layer.
const INPUTS_EACH: u64 = 60;

#[test]
fn any_bytes_become_an_article_in_order_or_a_refusal() {
    let fixtures = inputs::fixtures();
    let mut articles = 0;
    for number in 0..INPUTS {
        let input = inputs::input(number, &fixtures);
        for name in [None, Some("a.html")] {
            let held = promises::hold(&input, name);
            let shown = String::from_utf8_lossy(&input);
            articles += held.unwrap_or_else(|why| panic!("input {number}: {why}: {shown:?}"));
        }
    }
    assert!(articles > 1_000, "only {articles} were articles");
}

#[test]
fn a_fixture_edited_is_the_same_when_edited_again() {
    let text = |bytes: &[u8]| {
        let edition = edit(bytes, &Hints::default(), &Rules::default(), None).expect("an edition");
        edition
            .members
            .into_iter()
            .next()
            .expect("a member")
            .expect("an article")
            .text
    };
    for fixture in inputs::fixtures() {
        let once = text(&fixture);
        assert_eq!(text(once.as_bytes()), once);
    }
}

#[test]
fn any_document_that_is_nearly_one_is_taken_apart_in_order_or_refused() {
    for target in seeds::targets() {
        for number in 0..INPUTS_EACH {
            let mut dice = fastrand::Rng::with_seed(number);
            let (input, name) = mutations::input(&mut dice, &target);
            let held = members::hold(&input, name, Some(number));
            held.unwrap_or_else(|why| panic!("{} {number}: {why}", target.name));
        }
    }
}

#[test]
fn every_seed_is_of_the_format_it_stands_for() {
    for target in seeds::targets() {
        let Some(format) = Format::from_name(&target.name) else {
            continue;
        };
        let only = BTreeSet::from([format.as_str()]);
        let mut told = BTreeSet::new();
        for seed in &target.seeds {
            let formats = formats(&seed.bytes, &seed.file_name);
            assert!(
                formats.is_subset(&only),
                "{}/{}: {formats:?}",
                target.name,
                seed.file_name
            );
            told.extend(formats);
        }
        assert!(!told.is_empty(), "{}: no seed is told", target.name);
    }
}

#[test]
fn a_document_of_more_articles_than_allowed_is_refused_whatever_its_format() {
    let mut exercised = BTreeSet::new();
    for target in seeds::targets() {
        for seed in &target.seeds {
            let hints = Hints {
                file_name: Some(&seed.file_name),
                ..Hints::default()
            };
            let Ok(edition) = edit(&seed.bytes, &hints, &Rules::default(), None) else {
                continue;
            };
            if edition.parts.len() < 2 {
                continue;
            }
            let rules = Rules {
                articles_max: edition.parts.len() - 1,
                ..Rules::default()
            };
            let refused = edit(&seed.bytes, &hints, &rules, None);
            assert!(
                matches!(refused, Err(Refusal::TooMany { max, .. }) if max == rules.articles_max),
                "{}/{}",
                target.name,
                seed.file_name
            );
            exercised.insert(edition.format.as_str());
        }
    }
    assert!(exercised.len() >= 8, "{exercised:?}");
}

/// The formats of the members. One that is refused by its reader is told by nothing, and passed over.
fn formats(input: &[u8], file_name: &str) -> BTreeSet<&'static str> {
    let mut formats = BTreeSet::new();
    let mut take = |member| {
        let hints = Hints {
            file_name: Some(file_name),
            ..Hints::default()
        };
        let leaf = leaf::edit_member(member, &hints, &Rules::default(), None);
        formats.extend(leaf.edition.ok().map(|edition| edition.format.as_str()));
        ControlFlow::Continue(())
    };
    let mut source = Cursor::new(input);
    unpack::unpack(
        &mut source,
        &Bounds::default(),
        Some(file_name),
        0,
        &mut take,
    )
    .expect("memory");
    formats
}
