//! The articles: invented, the same for the same number for ever, and about each other as on a news desk.
//!
//! Of a hundred, 55 are new, 20 near copies (light edits, another place line and credit), 10 excerpts of 40 to 70 in 100, 5
//! expansions, 5 reports that come again and again with other figures, 5 the same words in other lines.

use std::fmt::Write as _;

use crate::common::Dice;

/// Words of the language; the common ones come as often as in any (Zipf).
const WORDS: usize = 60_000;
/// Places in the table words are drawn from.
const DRAWS: usize = 1 << 20;
/// Phrases everybody uses.
const PHRASES: usize = 400;
/// Reports that come again and again.
const REPORTS: u32 = 500;
/// Articles a day.
const PER_DAY: i64 = 3_000;
const DAY_MS: i64 = 86_400_000;
/// 4 April 2031, 12:00 UTC.
const BEGIN_MS: i64 = 1_932_984_000_000;

const COMMON: [&str; 40] = [
    "the", "of", "to", "and", "in", "a", "that", "said", "for", "on", "was", "with", "it", "by",
    "as", "is", "at", "from", "has", "be", "were", "are", "have", "had", "his", "an", "will",
    "not", "but", "their", "who", "after", "they", "more", "been", "which", "would", "its", "this",
    "she",
];

/// What an article is to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    New,
    Copy,
    Excerpt,
    Expansion,
    Report,
    Same,
}

/// The language the articles are written in.
#[derive(Debug)]
pub(crate) struct World {
    words: Vec<String>,
    draws: Vec<u32>,
    phrases: Vec<String>,
}

/// A story before it is laid out.
struct Story {
    headline: String,
    town: String,
    agency: String,
    paragraphs: Vec<Vec<String>>,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut dice = Dice::new(1);
        let mut words: Vec<String> = COMMON.iter().map(|word| (*word).to_owned()).collect();
        words.extend((COMMON.len()..WORDS).map(|_| invented(&mut dice)));
        let weights: f64 = (1..=WORDS).map(|rank| 1.0 / (rank + 2) as f64).sum();
        let mut draws = Vec::with_capacity(DRAWS + WORDS);
        for rank in 0..WORDS {
            let share = 1.0 / (rank + 3) as f64 / weights;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share"
            )]
            let places = ((share * DRAWS as f64) as usize).max(1);
            draws.extend(std::iter::repeat_n(rank as u32, places));
        }
        let mut world = Self {
            words,
            draws,
            phrases: Vec::new(),
        };
        world.phrases = (0..PHRASES)
            .map(|_| {
                let words: Vec<&str> = (0..8).map(|_| world.word(&mut dice)).collect();
                words.join(" ")
            })
            .collect();
        world
    }

    /// One article and when its file was last changed, in Unix milliseconds.
    pub(crate) fn article(&self, number: u64) -> String {
        let mut dice = Dice::new(seed(number, 1));
        let base = |dice: &mut Dice| self.story(base_of(number, dice));
        match kind_of(number) {
            Kind::New => lay_out(&self.story(number), "\n\n"),
            Kind::Copy => lay_out(&self.copied(base(&mut dice), &mut dice), "\n\n"),
            Kind::Excerpt => {
                let mut story = self.copied(base(&mut dice), &mut dice);
                let kept = story.paragraphs.len() * (40 + dice.below(31)) / 100;
                story.paragraphs.truncate(kept.max(3));
                lay_out(&story, "\n\n")
            }
            Kind::Expansion => {
                let mut story = self.copied(base(&mut dice), &mut dice);
                for _ in 0..3 + dice.below(4) {
                    let at = 1 + dice.below(u32::try_from(story.paragraphs.len()).expect("few"));
                    story.paragraphs.insert(at, self.paragraph(&mut dice));
                }
                lay_out(&story, "\n\n")
            }
            Kind::Report => lay_out(&self.report(&mut dice), "\n\n"),
            // The blanks are not the text's; how many, makes it another file.
            Kind::Same => {
                let text = lay_out(&base(&mut dice), "\n\n\n");
                format!("{text}{}\n", "\n".repeat(2 + dice.below(500)))
            }
        }
    }

    fn story(&self, number: u64) -> Story {
        let mut dice = Dice::new(seed(number, 2));
        let paragraphs = 9 + dice.below(13);
        Story {
            headline: self.headline(&mut dice),
            town: capital(self.word_between(&mut dice, 200, 1_500)),
            agency: capital(self.word_between(&mut dice, 60, 90)),
            paragraphs: (0..paragraphs).map(|_| self.paragraph(&mut dice)).collect(),
        }
    }

    /// The story as another house prints it.
    fn copied(&self, mut story: Story, dice: &mut Dice) -> Story {
        story.town = capital(self.word_between(dice, 200, 1_500));
        story.agency = capital(self.word_between(dice, 60, 90));
        if dice.below(3) == 0 {
            story.headline = self.headline(dice);
        }
        for _ in 0..=dice.below(5) {
            let paragraphs = u32::try_from(story.paragraphs.len()).expect("few");
            let paragraph = &mut story.paragraphs[dice.below(paragraphs)];
            let sentences = u32::try_from(paragraph.len()).expect("few");
            let at = dice.below(sentences);
            if dice.below(4) == 0 && sentences > 1 {
                paragraph.remove(at);
            } else if let Some((words, last)) = paragraph[at].rsplit_once(' ') {
                let words = words.to_owned();
                paragraph[at] = format!("{words} {} {last}", self.word(dice));
            }
        }
        story
    }

    /// One of the reports, with the figures of the day.
    fn report(&self, dice: &mut Dice) -> Story {
        let mut story = self.story(u64::MAX - dice.below(REPORTS) as u64);
        for sentence in story.paragraphs.iter_mut().flatten() {
            let words: Vec<String> = sentence
                .split(' ')
                .map(|word| {
                    if word.bytes().all(|byte| byte.is_ascii_digit()) {
                        return (2 + dice.below(9_000)).to_string();
                    }
                    word.to_owned()
                })
                .collect();
            *sentence = words.join(" ");
        }
        story
    }

    fn paragraph(&self, dice: &mut Dice) -> Vec<String> {
        (0..2 + dice.below(2))
            .map(|_| self.sentence(dice))
            .collect()
    }

    fn headline(&self, dice: &mut Dice) -> String {
        let words: Vec<&str> = (0..6 + dice.below(5)).map(|_| self.word(dice)).collect();
        capital(&words.join(" "))
    }

    fn sentence(&self, dice: &mut Dice) -> String {
        let mut sentence = capital(self.word(dice));
        for _ in 0..9 + dice.below(14) {
            sentence.push(' ');
            match dice.below(400) {
                0 => sentence.push_str(&self.phrases[dice.below(20) * dice.below(20)]),
                1..10 => sentence.push_str(&capital(self.word_between(dice, 300, 6_000))),
                10..16 => write!(sentence, "{}", 2 + dice.below(9_000)).expect("into a string"),
                _ => sentence.push_str(self.word(dice)),
            }
        }
        sentence + " today."
    }

    fn word(&self, dice: &mut Dice) -> &str {
        let at = dice.below(u32::try_from(self.draws.len()).expect("a million"));
        &self.words[self.draws[at] as usize]
    }

    fn word_between(&self, dice: &mut Dice, low: usize, high: u32) -> &str {
        &self.words[low + dice.below(high)]
    }
}

/// When an article's file was last changed, in Unix milliseconds: one in twenty comes late, by up to a day and a half.
pub(crate) fn changed_ms(number: u64) -> i64 {
    let mut dice = Dice::new(seed(number, 3));
    let late = match dice.below(20) {
        0 => i64::try_from(dice.below(36 * 3_600)).expect("a day and a half") * 1_000,
        _ => 0,
    };
    taken_in_ms(number) - 60_000 - late
}

/// When an article comes, in Unix milliseconds.
pub(crate) fn taken_in_ms(number: u64) -> i64 {
    BEGIN_MS + i64::try_from(number).expect("some million") * (DAY_MS / PER_DAY)
}

/// A seed of its own for each use of an article's number.
fn seed(number: u64, salt: u64) -> u64 {
    number.wrapping_mul(0xD6E8_FEB8_6659_FD93) ^ salt.wrapping_mul(0xA076_1D64_78BD_642F)
}

fn kind_of(number: u64) -> Kind {
    if number == 0 {
        return Kind::New;
    }
    match Dice::new(seed(number, 4)).below(100) {
        0..55 => Kind::New,
        55..75 => Kind::Copy,
        75..85 => Kind::Excerpt,
        85..90 => Kind::Expansion,
        90..95 => Kind::Report,
        _ => Kind::Same,
    }
}

/// The story an article is taken from: mostly one of the last days, now and then any.
fn base_of(number: u64, dice: &mut Dice) -> u64 {
    let reach = if dice.below(5) == 0 {
        number
    } else {
        number.min(4_000)
    };
    let back = 1 + dice.below(u32::try_from(reach).expect("some million")) as u64;
    let is_new = |number: &u64| kind_of(*number) == Kind::New;
    (0..=number - back).rev().find(is_new).unwrap_or(0)
}

fn lay_out(story: &Story, between: &str) -> String {
    let mut text = format!(
        "{}{between}{}, April 4 ({}) - ",
        story.headline,
        story.town.to_uppercase(),
        story.agency
    );
    for paragraph in &story.paragraphs {
        text.push_str(&paragraph.join(" "));
        text.push_str(between);
    }
    text
}

fn invented(dice: &mut Dice) -> String {
    const ONSETS: [&str; 20] = [
        "t", "r", "m", "l", "d", "s", "v", "k", "p", "n", "g", "st", "f", "b", "br", "c", "h",
        "pr", "w", "ch",
    ];
    const NUCLEI: [&str; 8] = ["a", "e", "i", "o", "u", "ea", "ou", "ai"];
    const CODAS: [&str; 9] = ["", "", "", "n", "r", "l", "s", "nt", "st"];
    (0..2 + dice.below(2))
        .flat_map(|_| {
            [
                ONSETS[dice.below(20)],
                NUCLEI[dice.below(8)],
                CODAS[dice.below(9)],
            ]
        })
        .collect()
}

fn capital(words: &str) -> String {
    let mut words = words.to_owned();
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}
