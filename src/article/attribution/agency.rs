//! News agencies: the table, and names looked up where a credit stands.
//!
//! A name counts only in the position of a credit; that a story cites an agency says nothing of who wrote it.

use std::{collections::HashMap, sync::OnceLock};

/// One agency of the table.
#[derive(Debug)]
pub(in crate::article) struct Agency {
    /// The id shown to users.
    pub(in crate::article) id: &'static str,
    /// Whether it supplies pictures alone.
    pub(in crate::article) pictures: bool,
    /// Whether it sends what others issue.
    pub(in crate::article) releases: bool,
}

#[derive(Debug)]
struct Table {
    agencies: Vec<Agency>,
    /// Exact names.
    names: HashMap<&'static str, usize>,
    /// Names of five letters and more, in lower case: too long to be another word by chance.
    folded: HashMap<String, usize>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table {
            agencies: Vec::new(),
            names: HashMap::new(),
            folded: HashMap::new(),
        };
        for line in include_str!("agencies.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let mut fields = line.split('\t');
            let (Some(id), Some(_), Some(kind), Some(names)) =
                (fields.next(), fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let at = table.agencies.len();
            table.agencies.push(Agency {
                id,
                pictures: kind == "photo",
                releases: kind == "press-release",
            });
            for name in names.split('|') {
                table.names.entry(name).or_insert(at);
                if name.chars().count() >= 5 {
                    table.folded.entry(name.to_lowercase()).or_insert(at);
                }
            }
        }
        table
    })
}

/// The agency of exactly this name.
pub(super) fn named(name: &str) -> Option<&'static Agency> {
    let table = table();
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '©' | '*'));
    let at = table.names.get(name).or_else(|| {
        (name.chars().count() >= 5)
            .then(|| table.folded.get(&name.to_lowercase()))
            .flatten()
    });
    at.and_then(|at| table.agencies.get(*at))
}

/// Words that lead up to the names in a credit, in lower case.
#[rustfmt::skip] // a table
const LEADS: &[&str] = &[
    "with inputs from",
    "with input from",
    "with agency inputs from",
    "with material from",
    "with files from",
    "with information from",
    "with reporting by",
    "with additional reporting by",
    "with assistance from",
    "inputs from",
    "sources:",
    "source:",
    "sources -",
    "source -",
    "source",
    "quellen:",
    "quelle:",
    "fuentes:",
    "fuente:",
    "fontes:",
    "fonte:",
    "bron:",
    "källa:",
    "kilde:",
    "źródło:",
    "zdroj:",
    "kaynak:",
    "источник:",
    "джерело:",
    "来源：",
    "来源:",
    "출처:",
    "mit material von",
    "mit material der",
    "mit agenturmaterial von",
    "mit informationen der",
    "mit",
    "avec",
    "con información de",
    "con informazioni",
    "com informações da",
    "com informações de",
    "com",
    "by",
    "von",
    "par",
    "via",
    "from",
    "©",
    "(c)",
    "agencies -",
    "agencies:",
    "the",
];

/// The agencies a credit names, if it names nothing else: "Reuters, Xinhua", "APA/sda/dpa", "dpa/lno".
pub(super) fn all_named(credit: &str) -> Vec<&'static Agency> {
    let mut rest = credit.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '(' | ')'
                    | '['
                    | ']'
                    | '-'
                    | '–'
                    | '—'
                    | '/'
                    | '（'
                    | '）'
                    | '【'
                    | '】'
                    | '='
                    | '_'
            )
    });
    if let Some(agency) = named(rest) {
        return vec![agency];
    }
    let spaced = spaced(rest);
    if !spaced.is_empty() && spaced.len() == rest.split_whitespace().count() {
        return spaced;
    }
    let lower = rest.to_lowercase();
    for lead in LEADS {
        let led = lower.strip_prefix(lead).is_some_and(|after| {
            after.starts_with(char::is_whitespace) || lead.ends_with([':', '：', '-', '©'])
        });
        if led && lower.len() == rest.len() {
            rest = rest.get(lead.len()..).unwrap_or(rest).trim();
            break;
        }
    }
    let mut agencies: Vec<&'static Agency> = Vec::new();
    for (at, part) in parts(rest).enumerate() {
        match named(part).or_else(|| initialled(part)) {
            Some(agency) => agencies.push(agency),
            // A desk or region after the first name: "dpa/lno", "SDA/sj".
            None if at > 0 && part.chars().count() <= 4 && rest.contains('/') => {}
            None => return Vec::new(),
        }
    }
    agencies.dedup_by_key(|agency| agency.id);
    agencies
}

/// "ats afp": names with nothing but blanks between them.
fn spaced(credit: &str) -> Vec<&'static Agency> {
    credit.split_whitespace().map_while(named).collect()
}

/// The agencies a credit line names among other words: every name that stands as a word of its own. Short names count
/// only in capitals as written in the table.
pub(super) fn some_named(credit: &str) -> Vec<&'static Agency> {
    let whole = all_named(credit);
    if !whole.is_empty() {
        return whole;
    }
    let words: Vec<&str> = credit
        .split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '/' | '[' | ']' | ':' | '&')
        })
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let mut agencies: Vec<&'static Agency> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = (1..=4usize).rev().find_map(|length| {
            let name = words.get(at..at + length)?.join(" ");
            // Two letters in running words may be anything.
            (name.chars().count() > 2)
                .then(|| named(&name))
                .flatten()
                .map(|agency| (agency, length))
        });
        let (agency, length) = match found {
            Some((agency, length)) => (Some(agency), length),
            None => (None, 1),
        };
        if let Some(agency) = agency
            && !agencies.iter().any(|known| known.id == agency.id)
        {
            agencies.push(agency);
        }
        at += length;
    }
    agencies
}

/// "PTI ABC XYZ": an agency and its editors' initials.
fn initialled(part: &str) -> Option<&'static Agency> {
    let (name, initials) = part.trim().split_once(' ')?;
    let capitals = initials
        .split(' ')
        .all(|word| word.len() <= 3 && word.chars().all(|c| c.is_ascii_uppercase()));
    (capitals && initials.split(' ').count() <= 3)
        .then(|| named(name))
        .flatten()
}

/// The names in a list of names.
fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', '/', ';', '&', '+', '、', '·', '|'])
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" und "))
        .flat_map(|part| part.split(" et "))
        .flat_map(|part| part.split(" y "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
}
