//! What cleaning keeps, and what it calls the rest.

use crate::article::Edited;
use crate::article::corpus_tests::edited;

const STORY: &str = "The council of Port Alder voted on Tuesday to rebuild the harbour wall, officials said after the meeting.\n\n\
                     Work is to begin in spring and will take two years, the harbour master told reporters.";

fn rules(article: &Edited) -> Vec<String> {
    article
        .cuts()
        .into_iter()
        .map(|cut| cut.rule.into_owned())
        .collect()
}

#[test]
fn a_story_alone_is_kept_whole() {
    let article = edited(STORY.as_bytes());
    assert_eq!(article.text, STORY);
    assert_eq!(article.cuts(), []);
}

#[test]
fn prompts_and_lists_around_a_story_are_cut_by_name() {
    let page = format!(
        "Accept all cookies\n\n{STORY}\n\nFollow us on all channels!\n\nMost read\nBakers strike again\nTram line opens in Eastfield"
    );
    let article = edited(page.as_bytes());
    assert_eq!(article.text, STORY);
    assert_eq!(
        rules(&article),
        ["cookie-notice", "share-prompt", "related-links"]
    );
}

#[test]
fn an_agency_alone_below_a_story_is_its_credit() {
    for (sign, agency) in [
        ("(dpa)", "dpa"),
        ("Reuters", "reuters"),
        ("(AFP)", "afp"),
        ("(dpa/kse)", "dpa"),
    ] {
        let line = STORY.replace("\n\n", "</p><p>");
        for page in [
            format!("{STORY}\n\n{sign}"),
            format!(
                "<article><h1>Council rebuilds wall</h1><p>{line}</p><p>{sign}</p></article><footer>Terms of use</footer>"
            ),
        ] {
            let article = edited(page.as_bytes());
            assert_eq!(article.text, STORY, "{page}");
            assert_eq!(article.agency[0].value, agency, "{page}");
        }
    }
}

#[test]
fn a_short_line_between_paragraphs_is_a_subheading() {
    let page = STORY.replace("\n\n", "\n\nTwo years of work\n\n");
    assert_eq!(edited(page.as_bytes()).text, page);
}

#[test]
fn a_caption_that_is_repeated_is_kept_once() {
    let caption = "A man looks at the wall, May 2, 2031. /Northlight";
    let page = STORY.replace("\n\n", &format!("\n\n{caption}\n{caption}\n\n"));
    let article = edited(page.as_bytes());
    assert_eq!(article.text, STORY);
    assert_eq!(article.captions.len(), 1);
    assert_eq!(rules(&article), ["caption"]);
}

#[test]
fn the_headline_shares_its_words_with_the_story() {
    let page = format!(
        "World\n\nBakers go on strike in Eastfield\n\nCouncil votes to rebuild harbour wall\n\nBy Ann Lee\n\n{STORY}"
    );
    let article = edited(page.as_bytes());
    assert_eq!(
        article.title.unwrap().value,
        "Council votes to rebuild harbour wall"
    );
    assert_eq!(article.byline[0].value, "Ann Lee");
}

#[test]
fn a_kicker_inside_a_heading_is_no_part_of_the_headline() {
    let story = STORY.replace("\n\n", "</p><p>");
    let page = format!(
        "<html><head><title>Council rebuilds harbour wall | Gull</title><meta property='og:title' content='Council rebuilds harbour wall'>\
         </head><body><article><h1><span>Port Alder</span> Council rebuilds harbour wall</h1><p>{story}</p></article></body></html>"
    );
    assert_eq!(
        edited(page.as_bytes()).title.unwrap().value,
        "Council rebuilds harbour wall"
    );
}

#[test]
fn a_line_with_date_clock_and_zone_tells_all_of_them() {
    let page = format!(
        "Council votes to rebuild harbour wall\n\nPublished 3:40 PM EDT, Tue October 14, 2025\n\n{STORY}"
    );
    assert_eq!(
        edited(page.as_bytes()).published.unwrap().value,
        "2025-10-14T15:40:00-04:00"
    );
}

#[test]
fn an_address_is_no_headline() {
    let page = format!(
        "council-votes-to-rebuild-harbour-wall\n\nCouncil votes to rebuild harbour wall\n\n{STORY}"
    );
    assert_eq!(
        edited(page.as_bytes()).title.unwrap().value,
        "Council votes to rebuild harbour wall"
    );
}

#[test]
fn links_set_apart_inside_a_marked_up_story_do_not_end_it() {
    let page = "<article><p>The council of Port Alder voted on Tuesday to rebuild the wall.</p>\
                <div class=related><h3>Related</h3><a href=x>Bakers strike</a></div>\
                <p>Work is to begin in spring and will take two years, the harbour master told reporters there.</p></article>";
    let article = edited(page.as_bytes());
    assert!(article.text.starts_with("The council") && article.text.ends_with("reporters there."));
    assert_eq!(
        rules(&article),
        ["markup", "markup", "related-links", "markup", "markup"]
    );
}

#[test]
fn a_fair_copy_keeps_lists_and_figures_that_a_page_would_lose() {
    let list = "Port Alder: 12\n\nEastfield: 7\n\nVarnholm and Tarrow: 31";
    let fair = format!("{STORY}\n\nHouses damaged by district:\n\n{list}");
    assert_eq!(edited(fair.as_bytes()).text, fair);
}

#[test]
fn a_fair_copy_is_cleaned_of_what_says_that_it_is_furniture() {
    let page = format!("{STORY}\n\nFollow us on all channels!\n\nSubscribe to our newsletter");
    assert_eq!(edited(page.as_bytes()).text, STORY);
}

#[test]
fn credits_in_a_row_are_all_parted_from_the_last_paragraph() {
    let page = format!("{STORY} -- AFP. -- Reuters");
    let article = edited(page.as_bytes());
    assert_eq!(article.text, STORY);
    assert_eq!(article.credit.unwrap().value, "-- AFP. -- Reuters");
}

#[test]
fn what_is_kept_of_a_page_is_kept_whole_when_it_comes_again() {
    let page = format!(
        "Home\nNews\nSport\n\nWall to be rebuilt\n\n{STORY}\n\nThe wall in figures\n- 2 years\n- 3 harbours\n\n12 May 2031, 14:30\n\nMost read\nBakers strike again"
    );
    let once = edited(page.as_bytes()).text;
    assert_eq!(edited(once.as_bytes()).text, once);
    // And written as an editor would save it.
    let saved = format!("{once}\n");
    assert_eq!(edited(saved.as_bytes()).text, once);
}
