//! Articles from JSON Lines.

use std::collections::HashSet;
use std::path::Path;

use copydesk::article::theme::Theme;
use copydesk::article::theme::rarity::{Rarity, keys};
use copydesk::stories::Item;

/// The labelled sets; the first is the one whose precision must not fall below [`PRECISION_MIN`].
pub(crate) const LABELLED: [&str; 3] = ["allsides_story", "basil", "ecb_story"];
/// Those that tell how rare words are.
const PLAIN: [&str; 3] = ["abp_nd", "reuters_nd", "mccormick"];
/// Precision before recall.
pub(crate) const PRECISION_MIN: f64 = 0.86;
/// Clusters are dealt into so many parts.
pub(crate) const FOLDS: usize = 5;

const DAY_MS: i64 = 86_400_000;

/// One article.
struct Article {
    id: String,
    title: Option<String>,
    text: String,
    published_ms: Option<i64>,
    cluster: String,
}

/// One labelled set.
pub(crate) struct Set {
    pub(crate) name: &'static str,
    articles: Vec<Article>,
}

fn read(folder: &Path, name: &str) -> Vec<Article> {
    let path = folder.join(format!("{name}.jsonl"));
    let Ok(lines) = std::fs::read_to_string(&path) else {
        return Vec::new();
    };
    lines
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
            let field = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            let date = field("date").parse::<jiff::civil::Date>();
            let midnight = date
                .ok()
                .and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok());
            Article {
                id: field("id"),
                title: Some(field("title")).filter(|title| !title.is_empty()),
                text: field("text"),
                // The end of the day, as the record takes a date without an hour.
                published_ms: midnight.map(|it| it.timestamp().as_millisecond() + DAY_MS - 1),
                cluster: field("cluster"),
            }
        })
        .collect()
}

/// A number from a text, the same everywhere.
fn digest(text: &str) -> u64 {
    let digest = blake3::hash(text.as_bytes());
    let head: [u8; 8] = digest.as_bytes()[..8].try_into().expect("eight of 32");
    u64::from_le_bytes(head)
}

impl Set {
    pub(crate) fn read(folder: &Path, name: &'static str) -> Self {
        Self {
            name,
            articles: read(folder, name),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.articles.len()
    }

    pub(crate) fn clusters(&self) -> Vec<String> {
        self.articles.iter().map(|it| it.cluster.clone()).collect()
    }

    /// Which part each article's cluster was dealt into.
    pub(crate) fn folds(&self) -> Vec<usize> {
        let parts = u64::try_from(FOLDS).expect("small");
        let fold = |it: &Article| usize::try_from(digest(&it.cluster) % parts).expect("small");
        self.articles.iter().map(fold).collect()
    }

    /// The articles as items, so many days taken as one: what there is of a day in a feed a set of a few a day cannot show.
    pub(crate) fn items(&self, rarity: &Rarity, days: i64) -> Vec<Item> {
        let squeezed = |ms: i64| ms.div_euclid(DAY_MS * days) * DAY_MS + ms.rem_euclid(DAY_MS);
        let item = |(key, it): (i64, &Article)| Item {
            key,
            published_ms: it.published_ms.map(squeezed),
            arrived_ms: 0,
            precedence: digest(&it.id),
            theme: Theme::with(rarity, it.title.as_deref(), &it.text),
        };
        (0..).zip(&self.articles).map(item).collect()
    }
}

/// How rare words are: by all plain articles, without those that are in a labelled set as well.
pub(crate) fn rarity(folder: &Path, without: Option<&[Set; LABELLED.len()]>) -> Rarity {
    let bare = |it: &Article| {
        let letters = it.title.iter().flat_map(|title| title.chars());
        let letters = letters.filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let known = without.into_iter().flatten().flat_map(|set| &set.articles);
    let (mut ids, mut titles) = (HashSet::new(), HashSet::new());
    for article in known {
        ids.insert(article.id.clone());
        titles.insert(bare(article));
    }
    titles.remove("");
    let texts: Vec<Vec<u32>> = PLAIN
        .iter()
        .flat_map(|name| read(folder, name))
        .filter(|it| !ids.contains(&it.id) && !titles.contains(&bare(it)))
        .map(|it| keys(it.title.as_deref(), &it.text))
        .collect();
    Rarity::learn(texts.iter().map(Vec::as_slice))
}

/// All articles there are, with their headlines.
pub(crate) fn texts(folder: &Path) -> Vec<(Option<String>, String)> {
    let names = LABELLED.iter().chain(&PLAIN);
    let articles = names.flat_map(|name| read(folder, name));
    articles.map(|it| (it.title, it.text)).collect()
}

/// Items of one hour.
pub(crate) fn at_once(themes: Vec<Theme>) -> Vec<Item> {
    let item = |(key, theme): (i64, Theme)| Item {
        key,
        published_ms: Some(0),
        arrived_ms: 0,
        precedence: 0,
        theme,
    };
    (0..).zip(themes).map(item).collect()
}
