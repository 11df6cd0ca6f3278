//! The development pages: what lies in the folder, with truth and fold.

use std::path::{Path, PathBuf};

use super::truth::{self, Bag};

/// The sets of pages with a body.
pub(crate) const SETS: [&str; 5] = [
    "aeb",
    "cleanportaleval",
    "fundus_eval",
    "fundus_sites",
    "wcxb_article",
];
/// How pages are rendered as text.
pub(crate) const VIEWS: [&str; 4] = ["inner", "inscriptis", "bs4", "light"];
/// Parts the sites are divided into; what is said of one was learnt from the others.
pub(crate) const FOLDS: usize = 4;

/// A page's truth.
#[derive(Debug)]
pub(crate) struct Truth {
    pub(crate) set: usize,
    pub(crate) id: String,
    pub(crate) fold: usize,
    pub(crate) title: Option<String>,
    pub(crate) body: String,
    /// Bodies that are right: with and without what may be left out.
    pub(crate) bags: Vec<Bag>,
    pub(crate) tokens: usize,
    /// The site, as a number.
    pub(crate) site: u32,
    /// Strings that stand in the body, and strings that do not, where the body itself is not known.
    pub(crate) segments: [Vec<String>; 2],
    stem: PathBuf,
}

impl Truth {
    /// A rendering of the page: `html`, one of [`VIEWS`], `clean` for the truth itself, `brief` for its first
    /// paragraphs with a few lines of the page around them, `tiny` for them as bare HTML.
    pub(crate) fn read(&self, view: &str) -> Option<Vec<u8>> {
        let title = self.title.as_deref().unwrap_or_default();
        match view {
            "clean" => {
                let head = if self.tokens % 2 == 1 { title } else { "" };
                Some(format!("{head}\n\n{}", self.body).into_bytes())
            }
            "brief" => self.brief(title),
            "tiny" => Some(self.tiny(title)),
            "html" => self.file(".html"),
            _ => self.file(&format!(".{view}.txt")),
        }
    }

    /// Says what the body is.
    pub(crate) fn tell(&mut self, body: String) {
        let tokens = truth::tokens(&body);
        self.bags = vec![truth::bag(&tokens)];
        self.tokens = tokens.len();
        self.body = body;
    }

    fn file(&self, ending: &str) -> Option<Vec<u8>> {
        let mut path = self.stem.clone().into_os_string();
        path.push(ending);
        std::fs::read(path).ok()
    }

    /// The first paragraphs, one to five of them.
    fn opening(&self) -> Vec<&str> {
        let paragraphs = self.body.split('\n').filter(|it| !it.trim().is_empty());
        paragraphs.take(1 + self.tokens % 5).collect()
    }

    fn brief(&self, title: &str) -> Option<Vec<u8>> {
        let inner = String::from_utf8_lossy(&self.file(".inner.txt")?).into_owned();
        let lines: Vec<&str> = inner.lines().filter(|it| !it.trim().is_empty()).collect();
        let tokens: Vec<Vec<u64>> = lines.iter().map(|it| truth::tokens(it)).collect();
        let cover = truth::coverage(&tokens, self.bags.last()?);
        let first = cover.iter().position(|it| *it > 0.5)?;
        let last = cover.iter().rposition(|it| *it > 0.5)?;
        let (before, after) = (self.tokens % 4, self.tokens / 4 % 7);
        let mut parts: Vec<&str> = lines[first.saturating_sub(before)..first].to_vec();
        if before < 2 && !title.is_empty() {
            parts.push(title);
        }
        parts.extend(self.opening());
        parts.extend(lines.iter().skip(last + 1).take(after));
        let parting = if self.tokens.is_multiple_of(3) {
            "\n"
        } else {
            "\n\n"
        };
        Some(parts.join(parting).into_bytes())
    }

    fn tiny(&self, title: &str) -> Vec<u8> {
        let escape = |it: &str| it.replace('&', "&amp;").replace('<', "&lt;");
        let mut body = String::new();
        for paragraph in self.opening() {
            body.push_str("<p>");
            body.push_str(&escape(paragraph));
            body.push_str("</p>\n");
        }
        let title = escape(title);
        match self.tokens % 4 {
            0 => format!("<article><h1>{title}</h1>{body}</article>"),
            1 => format!("<html><title>{title}</title><body><nav><a href=/>Home</a> <a href=/a>News</a></nav><h1>{title}</h1>{body}</body></html>"),
            2 => body,
            _ => format!("<html><body><div><h1>{title}</h1><div class=body>{body}</div><footer>Contact</footer></div></body></html>"),
        }
        .into_bytes()
    }
}

/// The set of pages of which only title and some strings are known.
pub(crate) const BODILESS: &str = "trafilatura_meta";

/// Reads the truth of all pages below `folder`, in a fixed order.
pub(crate) fn read(folder: &Path) -> Vec<Truth> {
    let mut pages = Vec::new();
    for (set, name) in SETS.iter().enumerate() {
        pages.extend(read_set(folder, set, name).filter(|page| !page.bags.is_empty()));
    }
    pages
}

/// Reads the pages without a body below `folder`, in a fixed order.
pub(crate) fn read_bodiless(folder: &Path) -> Vec<Truth> {
    read_set(folder, SETS.len(), BODILESS).collect()
}

fn read_set(folder: &Path, set: usize, name: &str) -> impl Iterator<Item = Truth> {
    let entries = std::fs::read_dir(folder.join(name));
    let entries = entries.into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    paths.into_iter().map(move |path| read_one(set, &path))
}

fn read_one(set: usize, path: &Path) -> Truth {
    let bytes = std::fs::read(path).expect("readable");
    let value: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    let strings = |key: &str| -> Vec<String> {
        let list = value.get(key).and_then(|it| it.as_array());
        let list = list.into_iter().flatten();
        list.filter_map(|it| it.as_str().map(str::to_owned))
            .collect()
    };
    let id = path.file_stem().expect("a name").to_string_lossy();
    let site = text("site").unwrap_or_else(|| id.to_string());
    let hash = site.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut page = Truth {
        set,
        id: id.to_string(),
        fold: ((hash >> 20) % FOLDS as u64) as usize,
        site: (hash >> 32) as u32,
        title: text("title"),
        body: String::new(),
        bags: Vec::new(),
        tokens: 0,
        segments: [strings("with"), strings("without")],
        stem: path.with_extension(""),
    };
    if let Some(body) = text("body") {
        page.tell(body);
    }
    if let Some(wide) = text("body_with_optional").filter(|wide| !wide.is_empty()) {
        page.bags.push(truth::bag(&truth::tokens(&wide)));
    }
    page
}
