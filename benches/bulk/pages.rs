//! Invented news pages, as many as are wanted: every one of other words, the same for the same number.

use std::fmt::Write as _;

/// Words that articles are made of. Enough that two articles share no run of five by chance.
const VOCABULARY: usize = 16_384;
/// Roughly the length of an article's text, and of a page with all that stands around it.
const TEXT_BYTES: usize = 4_000;
const PAGE_BYTES: usize = 20_000;

/// One article.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) url: String,
    pub(crate) title: String,
    pub(crate) date: String,
    pub(crate) paragraphs: Vec<String>,
}

/// What all articles are made of.
#[derive(Debug)]
pub(crate) struct Press {
    words: Vec<String>,
    /// What stands around every story of the site.
    furniture: String,
}

impl Press {
    pub(crate) fn new() -> Self {
        const SYLLABLES: [&str; 24] = [
            "ta", "re", "mo", "lin", "der", "sa", "vi", "kon", "pel", "ur", "ne", "ga", "stra",
            "fi", "bo", "ler", "ad", "mi", "cor", "the", "un", "pra", "ti", "so",
        ];
        let mut dice = fastrand::Rng::with_seed(1);
        let word = |dice: &mut fastrand::Rng| -> String {
            (0..dice.usize(2..5))
                .map(|_| SYLLABLES[dice.usize(..24)])
                .collect()
        };
        let words: Vec<String> = (0..VOCABULARY).map(|_| word(&mut dice)).collect();
        let mut furniture = String::new();
        while furniture.len() + TEXT_BYTES + 1_500 < PAGE_BYTES {
            let (a, b) = (word(&mut dice), word(&mut dice));
            writeln!(
                furniture,
                "<li class=\"menu-item\"><a class=\"menu-link\" href=\"/topic/{a}/{b}\">{a} {b}</a></li>"
            )
            .expect("into a string");
        }
        Self { words, furniture }
    }

    /// The story with this number.
    pub(crate) fn story(&self, number: u64) -> Story {
        let mut dice = fastrand::Rng::with_seed(number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut title = self.sentence(&mut dice, 6..11);
        title.truncate(title.len() - 1);
        let mut paragraphs = Vec::new();
        let mut bytes = 0;
        while bytes < TEXT_BYTES {
            let paragraph: Vec<String> = (0..dice.usize(2..4))
                .map(|_| self.sentence(&mut dice, 11..24))
                .collect();
            let paragraph = paragraph.join(" ");
            bytes += paragraph.len();
            paragraphs.push(paragraph);
        }
        Story {
            url: format!("https://news.example/story/{number:08}"),
            title,
            date: format!(
                "2031-{:02}-{:02}T{:02}:{:02}:00Z",
                1 + number / 40_000 % 12,
                1 + number / 1_440 % 28,
                number / 60 % 24,
                number % 60
            ),
            paragraphs,
        }
    }

    fn sentence(&self, dice: &mut fastrand::Rng, words: std::ops::Range<usize>) -> String {
        const COMMON: [&str; 12] = [
            "the", "of", "and", "to", "in", "that", "was", "said", "for", "with", "on", "by",
        ];
        let mut sentence = String::with_capacity(160);
        for at in 0..dice.usize(words) {
            let word = if dice.u8(..5) < 2 {
                COMMON[dice.usize(..12)]
            } else {
                &self.words[dice.usize(..VOCABULARY)]
            };
            if at > 0 {
                sentence.push(' ');
            }
            sentence.push_str(word);
            if at == 0
                && let Some(first) = sentence.get_mut(0..1)
            {
                first.make_ascii_uppercase();
            }
        }
        sentence.push('.');
        sentence
    }

    /// The story as a page of a site.
    pub(crate) fn html(&self, story: &Story) -> String {
        let mut html = String::with_capacity(PAGE_BYTES + 1_000);
        write!(
            html,
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | Example News</title>\n\
             <link rel=\"canonical\" href=\"{url}\"><meta property=\"og:title\" content=\"{title}\">\
             <meta property=\"og:type\" content=\"article\"><meta property=\"og:site_name\" content=\"Example News\">\
             <meta property=\"article:published_time\" content=\"{date}\"></head><body>\n<nav><ul>\n{furniture}</ul></nav>\n\
             <article><h1>{title}</h1>\n",
            title = story.title,
            url = story.url,
            date = story.date,
            furniture = self.furniture,
        )
        .expect("into a string");
        for paragraph in &story.paragraphs {
            writeln!(html, "<p>{paragraph}</p>").expect("into a string");
        }
        html.push_str("</article><footer><p>Terms of use</p></footer></body></html>\n");
        html
    }
}
