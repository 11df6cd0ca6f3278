//! Stories as they are copied, trimmed, expanded and updated, and what only looks like it. All of it is invented.

use super::{Between, Comparison, Reading, Tie, compare, families};

const TITLE: &str = "Port Alder council votes to rebuild harbour wall";

const STORY: [&str; 9] = [
    "PORT ALDER (Coastal Press) — The council of Port Alder voted 9 to 4 on Tuesday to rebuild the harbour wall that fell \
     into the sea during the storm of 12 January, ending three months of argument over who should pay for it.",
    "The work will cost 41.5 million crowns and take five years, harbour master Ilsa Vane told the meeting, and the fishing \
     fleet of 64 boats will have to lie at Norrow until the inner basin can be opened again.",
    "“Nobody in this room wanted to hear that number, and nobody in this room can say it is wrong,” Vane said. “Every winter \
     we wait, the sea takes another eight metres of the quay.”",
    "Opponents led by Tomas Rehn had asked for a smaller wall of timber, which they said could be finished before the herring \
     season and paid for without the loan the council is now going to take up from the Seamen's Bank.",
    "Engineers from Halden and Brix, who examined the ruins in February, found that the foundations laid in 1887 had been \
     hollowed out over decades and that no repair of the old masonry would last longer than ten winters.",
    "Shopkeepers along Customs Street have lost about a third of their trade since the wall came down, according to a survey \
     the chamber of commerce published last week, and eleven of them have closed for good.",
    "Mayor Greta Lindqvist thanked the volunteers who filled 23,000 sandbags in a single night and promised that the first \
     stone would be laid on the second of May, whatever the weather had to say about it.",
    "The ferry to Skerry Island will leave from the timber dock north of the lighthouse for as long as the work goes on, with \
     four crossings a day instead of seven.",
    "A petition with 2,300 names asking for a public vote on the loan was handed to the clerk after the meeting. The council \
     has thirty days to answer it.",
];

const OTHER: [&str; 4] = [
    "A school in the hills above Tarn reopened on Monday with a new roof and a kitchen in which pupils cook their own lunch \
     twice a week under the eye of two retired ship's cooks.",
    "The orchestra of Westermoor will play in the old brewery until its hall is dry again, its director said, and tickets \
     bought for the spring stay valid in the autumn.",
    "Farmers around Lake Ennis counted more cranes this year than in any since the counts began, and fewer of the geese that \
     used to share the fields with them.",
    "The night train to the capital will stop at Ferrow again from June, the railway announced, after a petition and a long \
     quarrel about the length of its platform.",
];

fn joined(paragraphs: &[&str]) -> String {
    paragraphs.join("\n\n")
}

fn judged(a: &str, b: &str) -> Comparison {
    let (a, b) = (Reading::of(Some(TITLE), a), Reading::of(Some(TITLE), b));
    let between = Between {
        hours_apart: Some(3.0),
        ..Between::default()
    };
    compare(&a, &b, &between)
}

#[test]
fn a_story_with_another_dateline_and_some_other_words_is_a_copy() {
    let copy = joined(&STORY)
        .replace("PORT ALDER (Coastal Press) — The", "The")
        .replace("fell into", "collapsed into")
        .replace("a third", "one third");
    let found = judged(&joined(&STORY), &copy);
    assert_eq!(found.tie, Tie::Copy, "{found:?}");
    assert!(!found.updates);
}

#[test]
fn a_story_without_its_end_is_an_excerpt_of_the_whole() {
    let (part, whole) = (joined(&STORY[..5]), joined(&STORY));
    assert_eq!(judged(&part, &whole).tie, Tie::Excerpt);
    assert_eq!(judged(&whole, &part).tie, Tie::Expansion);
}

#[test]
fn a_story_with_more_in_it_is_an_expansion() {
    let mut more = STORY.to_vec();
    for (at, paragraph) in OTHER.into_iter().enumerate() {
        more.insert(3 + at * 2, paragraph);
    }
    assert_eq!(judged(&joined(&more), &joined(&STORY)).tie, Tie::Expansion);
}

#[test]
fn a_story_with_other_figures_is_the_same_story_updated() {
    let later = joined(&STORY)
        .replace("9 to 4", "10 to 3")
        .replace("41.5", "44.0")
        .replace("64 boats", "71 boats")
        .replace("2,300", "3,900");
    let found = judged(&joined(&STORY), &later);
    assert!(found.tie.is_strong() && found.updates, "{found:?}");
}

#[test]
fn a_paragraph_of_background_shares_and_no_more() {
    let own = joined(&[&STORY[..4], &STORY[5..6]].concat());
    let other = joined(&[&OTHER[..], &STORY[4..6]].concat());
    assert_eq!(judged(&own, &other).tie, Tie::Shares);
}

fn match_report(home: &str, away: &str, star: &str, day: &str, goals: [u32; 4]) -> String {
    let [most, least, shots, place] = goals;
    format!(
        "{star} scored {shots} points and the {home} beat the {away} {most}-{least} on {day} night at the Municipal Arena.\n\n\
         The {home} led by as many as {place} points in the second quarter before the {away} rallied to within {least} in the \
         fourth. “We just kept playing hard and stayed together,” {star} said. “That is what we talk about every day.”\n\n\
         {star} also had {place} rebounds for the {home}, who have won {shots} of their last {most} games. The {away} \
         committed {least} turnovers and shot {place} percent from the field."
    )
}

#[test]
fn a_form_filled_with_other_facts_is_no_copy() {
    let one = match_report(
        "Herons",
        "Badgers",
        "Okello Brandt",
        "Tuesday",
        [98, 91, 27, 14],
    );
    let other = match_report("Otters", "Ravens", "Jonas Pell", "Friday", [112, 87, 33, 9]);
    assert!(
        !judged(&one, &other).tie.is_strong(),
        "{:?}",
        judged(&one, &other)
    );
}

fn tied(tie: Tie, probability: f32) -> Comparison {
    Comparison {
        probability,
        tie,
        ..Comparison::default()
    }
}

#[test]
fn the_best_tie_joins_and_others_only_where_they_are_sure() {
    let ties = [
        tied(Tie::Shares, 0.5),
        tied(Tie::Copy, 0.97),
        tied(Tie::Excerpt, 0.99),
        tied(Tie::Copy, 0.99),
    ];
    let ties: Vec<&Comparison> = ties.iter().collect();
    assert_eq!(families::joining(&ties), [false, false, true, false]);
    let sure = [tied(Tie::Copy, 0.9999), tied(Tie::Expansion, 0.9995)];
    let sure: Vec<&Comparison> = sure.iter().collect();
    assert_eq!(families::joining(&sure), [true, true]);
    assert_eq!(families::joining(&[]), Vec::<bool>::new());
}

#[test]
fn candidates_share_two_prints_or_one_that_is_rare() {
    let limits = super::candidates::Limits {
        holders: 4,
        alone: 1,
        most: 2,
    };
    let mut holders: Vec<&[u32]> = vec![&[1, 2, 3], &[2, 3], &[1, 2, 3, 4, 5], &[6]];
    holders.resize(30, &[]);
    let chosen = super::candidates::choose(&holders, limits);
    assert_eq!(chosen, [(2, 2), (3, 2)]);
    let limits = super::candidates::Limits { most: 9, ..limits };
    let chosen = super::candidates::choose(&holders, limits);
    assert_eq!(chosen, [(2, 2), (3, 2), (6, 1)]);
    // In a short text one shared print is enough.
    let chosen = super::candidates::choose(&holders[..4], limits);
    assert_eq!(chosen, [(2, 2), (3, 2), (1, 1), (6, 1)]);
}
