//! What a theme keeps of a text.

use proptest::prelude::*;

use super::*;

const FERRY: &str = "OSTBY, Tuesday — The ferry Halmar ran aground off Ostby with 214 people aboard, the harbour master \
    Ines Calder said. Nobody was hurt. Tugs from Ostby pulled the Halmar free at noon, Calder said.";

fn weight(theme: &Theme, word: &str) -> Option<f32> {
    let key = rarity::keys(None, word).first().copied();
    let mut terms = theme.terms().iter();
    terms
        .find(|term| Some(term.key()) == key)
        .map(|term| term.weight())
}

#[test]
fn names_and_numbers_weigh_more_than_common_words() {
    let theme = Theme::of(Some("Ferry aground off Ostby"), FERRY);
    assert!(weight(&theme, "ostby") > weight(&theme, "people"));
    assert!(weight(&theme, "214") > weight(&theme, "people"));
    assert_eq!(weight(&theme, "the"), None);
    let term = |word| {
        let key = rarity::keys(None, word).first().copied();
        theme.terms().iter().find(|it| Some(it.key()) == key)
    };
    let halmar = term("halmar").unwrap();
    assert!(halmar.is(Kind::Name) && !halmar.is(Kind::Title) && !halmar.is(Kind::Other));
    assert!(term("214").unwrap().is(Kind::Number));
    assert!(term("aground").unwrap().is(Kind::Title));
}

#[test]
fn the_headline_and_the_lead_weigh_more() {
    let bare = Theme::of(None, FERRY);
    let headed = Theme::of(Some("Halmar"), FERRY);
    assert!(weight(&headed, "halmar") > weight(&bare, "halmar"));
    let late = format!("{} Moorings snapped.", "word ".repeat(LEAD_WORDS));
    let (early, late) = (Theme::of(None, "Moorings snapped."), Theme::of(None, &late));
    assert!(weight(&early, "moorings") > weight(&late, "moorings"));
}

#[test]
fn the_days_of_the_lead_are_known() {
    let theme = Theme::of(None, FERRY);
    assert_eq!(theme.days(), Days::from_bits(2));
    assert_eq!(theme.first_day(), Some(2));
    let late = format!("{} on Friday", "word ".repeat(DAYS_WITHIN));
    assert!(Theme::of(None, &late).days().is_empty());
    let two = Theme::of(None, "Am Mittwoch, nicht am Sonntag");
    assert_eq!(two.days(), Days::from_bits(1 << 2 | 1 << 6));
    assert_eq!(two.first_day(), Some(3));
}

#[test]
fn a_text_is_nearest_to_itself() {
    let theme = Theme::of(Some("Ferry aground"), FERRY);
    assert!((theme.cosines(&theme)[0] - 1.0).abs() < 1e-4);
    assert!(theme.is_near(&theme));
    let other = Theme::of(None, "Parliament in Vellen passed the budget on Monday.");
    assert!(!theme.is_near(&other));
    assert!(theme.cosines(&other)[0] < 0.1);
    let nothing = Theme::of(None, "");
    assert!(nothing.terms().is_empty() && !nothing.is_near(&nothing));
    assert!(nothing.cosines(&theme).iter().all(|it| *it <= 0.0));
}

#[test]
fn other_versions_and_other_bytes_are_not_read() {
    let bytes = Theme::of(None, FERRY).to_bytes();
    let mut newer = bytes.clone();
    newer[0] += 1;
    assert_eq!(Theme::from_bytes(&newer), None);
    assert_eq!(Theme::from_bytes(&bytes[..bytes.len() - 1]), None);
    assert_eq!(Theme::from_bytes(&[]), None);
}

#[test]
fn a_long_text_is_read_in_part() {
    let long = "ostby ".repeat(words::WORDS_MAX * 3);
    let theme = Theme::of(None, &long);
    assert_eq!(theme.terms().len(), 1);
    assert_eq!(theme.length(), log_words(words::WORDS_MAX));
}

proptest! {
    #[test]
    fn any_text_is_survived_and_kept_small(title in ".{0,40}", text in ".{0,400}") {
        let theme = Theme::of(Some(&title), &text);
        let bytes = theme.to_bytes();
        prop_assert!(bytes.len() <= BYTES_MAX && BYTES_MAX <= 200);
        prop_assert_eq!(Theme::from_bytes(&bytes), Some(theme));
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..220)) {
        let versioned: Vec<u8> = std::iter::once(VERSION).chain(bytes.clone()).collect();
        for bytes in [bytes, versioned] {
            if let Some(theme) = Theme::from_bytes(&bytes) {
                prop_assert_eq!(theme.to_bytes(), bytes);
            }
        }
    }
}
