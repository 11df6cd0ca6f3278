//! Any bytes are survived: the editor holds to its promises for inputs nobody would write.
//!
//! `cargo bench --bench fuzz -- SECONDS` tries the same kinds of inputs for as long as it is told.

use copydesk::article::{Hints, Rules, edit};

#[path = "../../benches/fuzz/inputs.rs"]
mod inputs;
#[path = "../../benches/fuzz/promises.rs"]
mod promises;

/// Numbers of inputs: a second's worth.
const INPUTS: u64 = 3_000;

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
