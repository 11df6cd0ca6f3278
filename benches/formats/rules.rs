//! When what was read of a file is what a person read in it: one rule a field, each a pure function.
//!
//! Everywhere white space counts as one blank, all quotation marks and all dashes as one of their kind; case counts where
//! nothing else is said. The rules forgive how a thing is written, never what it says.

use std::collections::BTreeSet;

/// White space as single blanks, quotation marks and dashes as one of their kind, doubled ones as one (`` `` ``, `''`, `--`
/// are how wires without these characters write them).
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        let c = match c {
            '\u{feff}' | '\u{200b}' | '\u{ad}' => continue,
            '`' | '´' | '‘' | '’' | '‚' | '‛' | '‹' | '›' | 'ʼ' => '\'',
            '“' | '”' | '„' | '‟' | '«' | '»' => '"',
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '_' => '-',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        match (folded.chars().next_back(), c) {
            (Some(' ') | None, ' ') | (Some('-'), '-') => {}
            (Some('\''), '\'') => {
                folded.pop();
                folded.push('"');
            }
            _ => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The letters and figures of a text in runs, in lower case.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Titles, and whatever else is to be the same text.
pub(crate) fn same_text(expected: &str, ours: &str) -> bool {
    fold(expected) == fold(ours)
}

/// Copyright lines: the same text, a full stop at the end or not.
pub(crate) fn same_line(expected: &str, ours: &str) -> bool {
    let stripped = |text: &str| fold(text).trim_end_matches(['.', ' ']).to_owned();
    stripped(expected) == stripped(ours)
}

/// Characters within which the first words have to come, and which what stands before them may have.
const LEAD_IN_MAX: usize = 80;

/// The text begins with these words, or with nothing but a dateline before them. A dateline has at most 80 characters and
/// ends in a dash, a colon, a closing parenthesis or a full stop; where one is expected, it has no other words than that.
pub(crate) fn begins(expected: &str, text: &str, dateline: Option<&str>) -> bool {
    let (expected, text) = (fold(expected), fold(text));
    let Some((before, _)) = text.split_once(expected.as_str()) else {
        return false;
    };
    let before = before.trim_end();
    if before.is_empty() {
        return true;
    }
    if before.chars().count() > LEAD_IN_MAX {
        return false;
    }
    let Some(dateline) = dateline else {
        return before.ends_with(['-', ':', ')', '.', '）', '】', '。']);
    };
    let allowed = words(dateline);
    words(before).iter().all(|word| allowed.contains(word))
}

/// The text ends with these words, whatever punctuation closes either.
pub(crate) fn ends(expected: &str, text: &str) -> bool {
    let open = |text: &str| {
        fold(text)
            .trim_end_matches(|c: char| !c.is_alphanumeric())
            .to_owned()
    };
    open(text).ends_with(&open(expected))
}

/// Datelines: the same words in the same order, in the same case; punctuation that closes or parts them is layout. A
/// dateline is place and date: the credit in it (what stands between parentheses or slashes beside them, and an agency's
/// bare name) has a field of its own, and may be given or not.
pub(crate) fn same_dateline(expected: &str, ours: &str, agencies: &Agencies) -> bool {
    let plain = |text: &str| -> Vec<String> {
        let all = proper_words(text);
        let without = proper_words(&without_brackets(text));
        let without = if without.is_empty() { all } else { without };
        let kept = without.into_iter().filter(|word| !agencies.knows(word));
        kept.collect()
    };
    let (a, b) = (proper_words(expected), proper_words(ours));
    a == b || (!b.is_empty() && plain(expected) == plain(ours))
}

fn proper_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A text without what stands in it between parentheses or two slashes.
fn without_brackets(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(['(', '/']) {
        let close = if rest.as_bytes().get(before.len()) == Some(&b'(') {
            ')'
        } else {
            '/'
        };
        kept.push_str(before);
        kept.push(' ');
        // One that is never closed is nothing but a mark.
        rest = behind.split_once(close).map_or(behind, |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// Agencies under all names they are credited by.
#[derive(Debug, Default)]
pub(crate) struct Agencies(Vec<(String, BTreeSet<String>)>);

impl Agencies {
    /// Reads the table: a head line, then id, name, country and credits (parted by ` ¦ `) between tabs.
    pub(crate) fn parse(table: &str) -> Self {
        let rows = table.lines().skip(1).filter_map(|line| {
            let mut cells = line.split('\t');
            let (id, name) = (cells.next()?, cells.next()?);
            let credits = cells.nth(1).unwrap_or_default().split('¦');
            let names = [id, name].into_iter().chain(credits);
            let names = names.map(bare).filter(|name| !name.is_empty()).collect();
            Some((id.to_owned(), names))
        });
        Self(rows.collect())
    }

    /// The id of a name; of a name that is in no row, the name.
    pub(crate) fn id_of(&self, name: &str) -> String {
        let bare = bare(name);
        let by_id = self.0.iter().find(|(id, _)| *id == bare);
        by_id
            .or_else(|| self.0.iter().find(|(_, names)| names.contains(&bare)))
            .map_or(bare, |(id, _)| id.clone())
    }

    fn knows(&self, name: &str) -> bool {
        let bare = bare(name);
        self.0.iter().any(|(_, names)| names.contains(&bare))
    }

    /// The same agencies, no more and no fewer, under whatever names.
    pub(crate) fn same(&self, expected: &[String], ours: &[String]) -> bool {
        self.ids(expected) == self.ids(ours)
    }

    fn ids(&self, names: &[String]) -> BTreeSet<String> {
        names.iter().map(|name| self.id_of(name)).collect()
    }
}

/// A credit in lower case without what it stands between.
fn bare(name: &str) -> String {
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    fold(name).to_lowercase()
}

/// Words that lead in a byline.
const BY: [&str; 8] = ["by", "von", "par", "por", "di", "af", "av", "door"];
/// Words of an occupation, which a byline may give or not.
const OCCUPATIONS: [&str; 6] = [
    "reporter",
    "correspondent",
    "editor",
    "writer",
    "staff",
    "redaktion",
];

/// Bylines: no word of ours is foreign to the expected one, and of every person in that we have the last word, the
/// surname. Left out of account are `By` and its likes, places (`in Minneapolis`), occupations, and agencies, which have a
/// field of their own: a byline of agencies alone may be empty where that field has them all.
pub(crate) fn same_byline(
    expected: &str,
    ours: &[String],
    credited: &[String],
    agencies: &Agencies,
) -> bool {
    let given = words(&ours.join(" "));
    let known = words(expected);
    let foreign = |word: &String| !known.contains(word) && !BY.contains(&word.as_str());
    if given.iter().any(foreign) {
        return false;
    }
    let (persons, others) = persons(expected, agencies);
    if persons.is_empty() {
        let all_credited = others
            .iter()
            .all(|name| agencies.ids(credited).contains(&agencies.id_of(name)));
        return all_credited && !others.is_empty();
    }
    persons.iter().all(|person| {
        let surname = words(person).pop();
        surname.is_none_or(|surname| given.contains(&surname))
    })
}

/// The persons of a byline, and the agencies in it. What is neither is left out, unless there is nothing else.
fn persons(byline: &str, agencies: &Agencies) -> (Vec<String>, Vec<String>) {
    let mut line = format!(" {} ", fold(byline));
    for and in [" and ", " und ", " et ", " y ", " & "] {
        line = line.replace(and, ",");
    }
    let mut persons = Vec::new();
    let mut others = Vec::new();
    let mut occupied = Vec::new();
    for part in line.split([',', ';', '/']) {
        let part = part.split(" in ").next().unwrap_or_default().trim();
        let part = match part.split_once(' ') {
            Some((by, rest)) if BY.contains(&by.to_lowercase().as_str()) => rest,
            _ => part,
        };
        if part.is_empty() {
        } else if part.split('-').all(|name| agencies.knows(name)) {
            others.extend(part.split('-').map(str::to_owned));
        } else if words(part)
            .iter()
            .any(|word| OCCUPATIONS.contains(&word.as_str()))
        {
            occupied.push(part.to_owned());
        } else {
            persons.push(part.to_owned());
        }
    }
    if persons.is_empty() && others.is_empty() {
        persons = occupied;
    }
    (persons, others)
}

/// Languages: the same primary subtag. English words for languages count as their tags.
pub(crate) fn same_language(expected: &str, ours: &str) -> bool {
    let primary = |tag: &str| {
        let tag = tag.trim().to_lowercase();
        let tag = match tag.as_str() {
            "english" => "en",
            "german" => "de",
            "french" => "fr",
            "spanish" => "es",
            "italian" => "it",
            "portuguese" => "pt",
            "russian" => "ru",
            "ukrainian" => "uk",
            "chinese" => "zh",
            "japanese" => "ja",
            other => other,
        };
        tag.split(['-', '_']).next().unwrap_or_default().to_owned()
    };
    primary(expected) == primary(ours)
}

/// Addresses: equal but for the scheme, `www.`, the host's case and a slash at the end.
pub(crate) fn same_url(expected: &str, ours: &str) -> bool {
    let plain = |url: &str| {
        let url = url.trim();
        let url = url.split_once("://").map_or(url, |(_, rest)| rest);
        let (host, path) = url.split_once('/').unwrap_or((url, ""));
        let host = host.to_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host);
        format!("{host}/{}", path.trim_end_matches('/'))
    };
    plain(expected) == plain(ours)
}

/// Publishers: without case and punctuation one is the other or a part of it (`www.rt.com`, `RT`), or both are the same
/// agency. A single letter is part of too much.
pub(crate) fn same_publisher(expected: &str, ours: &str, agencies: &Agencies) -> bool {
    if agencies.id_of(expected) == agencies.id_of(ours) {
        return true;
    }
    let (expected, ours) = (words(expected).concat(), words(ours).concat());
    let short = expected.chars().count().min(ours.chars().count());
    short > 1 && (expected.contains(&ours) || ours.contains(&expected))
}

/// Ids: the same characters; the angle brackets around a Message-ID are not part of it.
pub(crate) fn same_id(expected: &str, ours: &str) -> bool {
    let plain = |id: &str| {
        let id = id.trim();
        id.strip_prefix('<')
            .and_then(|id| id.strip_suffix('>'))
            .unwrap_or(id)
            .to_owned()
    };
    plain(expected) == plain(ours)
}

/// Encodings: the same by name. Latin-1 is windows-1252, as browsers have it; a text of seven bits is also all encodings
/// that contain ASCII; a transfer encoding does not count.
pub(crate) fn same_encoding(expected: &str, ours: &str) -> bool {
    let plain = |name: &str| {
        let name = name.trim().to_lowercase();
        match name.as_str() {
            "latin-1" | "latin1" | "iso-8859-1" => "windows-1252".to_owned(),
            "utf8" => "utf-8".to_owned(),
            other => other
                .trim_start_matches("quoted-printable ")
                .trim_start_matches("base64 ")
                .to_owned(),
        }
    };
    if expected.ends_with("(7-bit)") {
        return ["utf-8", "us-ascii", "ascii", "windows-1252"].contains(&plain(ours).as_str());
    }
    plain(expected) == plain(ours)
}
