//! Author lines → names.

use crate::article::prose;

/// Words that lead up to names, in lower case.
const LEADS: &[&str] = &[
    "written by ",
    "posted by ",
    "story by ",
    "reported by ",
    "reporting by ",
    "by: ",
    "by ",
    "von ",
    "par ",
    "por ",
    "di ",
    "door ",
    "av ",
    "af ",
    "de ",
    "autor: ",
    "autor ",
    "author: ",
    "authors: ",
    "text: ",
    "автор: ",
];

/// Words after names that say what the person is, in lower case.
const ROLES: &[&str] = &[
    "staff",
    "reporter",
    "correspondent",
    "editor",
    "writer",
    "redaktion",
    "newsroom",
    "updated",
    "published",
    "posted",
    "contributor",
    "columnist",
    "in ",
    "at ",
    "for ",
];

/// Longest name, in words: "Baroness Maria von und zu der Tann" has seven.
const NAME_WORDS_MAX: usize = 7;

/// Most names of one line: the longest list of authors of a report has some forty.
const NAMES_MAX: usize = 64;

/// Words between two names, in languages of which many papers are seen. Dutch has "en", which is where from in Spanish.
const BETWEEN: &[&str] = &[
    " and ", " und ", " et ", " och ", " og ", " y ", " e ", " ja ", " i ", " и ", " та ",
    " oraz ", " ve ", " with ",
];

/// The names in what a format has a place for: also several lists, one behind the other, and lists that a program wrote
/// (`['Jane Roe', 'Jan Poe']`). What stands behind a name is no part of it: "Ulf Dorn (dpa)", "Ann Poe - Gazette".
pub(super) fn stated(value: &str) -> Vec<String> {
    let value = value.trim();
    let list = value
        .strip_prefix('[')
        .and_then(|list| list.strip_suffix(']'));
    let quotes: &[char] = &['[', ']', '\'', '"', '‘', '’', '“', '”', ' '];
    let parts: Vec<&str> = match list {
        Some(list) => list
            .split(", ")
            .map(|part| part.trim_matches(quotes))
            .collect(),
        None => value.split([';', '|', '、', '\n']).collect(),
    };
    let mut found: Vec<String> = Vec::new();
    for part in parts {
        let part = part.split(" - ").next().unwrap_or(part);
        let people = part.split([',', '&']).filter(|name| !name.contains("://"));
        let people = people.map(|name| {
            let bare = name.trim_end();
            let behind = bare.ends_with(')').then(|| bare.rfind(" (")).flatten();
            behind.and_then(|at| bare.get(..at)).unwrap_or(bare)
        });
        let people: Vec<&str> = people.collect();
        let turned = turned(&people);
        for name in turned.map_or_else(|| names(&people.join(",")), |name| vec![name]) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// The one person of a library's "Quill, Ada". Two agencies are two, and so are two who have a name of more than a word.
fn turned(people: &[&str]) -> Option<String> {
    let [family, given] = people else { return None };
    let (family, given) = (family.trim(), given.trim());
    let is_word = |name: &str| {
        let mut letters = name.chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        capital && letters.clone().any(char::is_lowercase) && !name.contains(char::is_whitespace)
    };
    let is_one = is_word(family) && is_word(given);
    let sends = super::is_credit(family) || super::is_credit(given);
    (is_one && !sends).then(|| format!("{given} {family}"))
}

/// A list of names parted at the words between two of them. Two words or more have to stand on both sides: "Costa e Silva"
/// is one name.
fn parted(list: &str) -> Vec<&str> {
    let mut names = vec![list];
    for between in BETWEEN {
        names = names
            .into_iter()
            .flat_map(|list| parted_at(list, between))
            .collect();
    }
    names
}

fn parted_at<'l>(list: &'l str, between: &str) -> Vec<&'l str> {
    let long = |side: &str| side.split_whitespace().nth(1).is_some();
    // English, German and French have no such word in a name.
    let is_plain = [" and ", " und ", " et "].contains(&between);
    let (mut names, mut from) = (Vec::new(), 0);
    for (at, _) in list.match_indices(between) {
        let next = at + between.len();
        let (left, right) = (list.get(from..at), list.get(next..));
        let (Some(left), Some(right)) = (left, right) else {
            continue;
        };
        if is_plain || long(left) && long(right) {
            names.push(left);
            from = next;
        }
    }
    names.extend(list.get(from..));
    names
}

/// The names in an author line.
pub(super) fn names(line: &str) -> Vec<String> {
    let folded = prose::fold(line);
    let lower = folded.to_lowercase();
    let lead = LEADS
        .iter()
        .find(|lead| lower.starts_with(**lead) && lower.len() == folded.len());
    let rest = lead
        .and_then(|lead| folded.get(lead.len()..))
        .unwrap_or(&folded);
    let list = rest
        .split([';', '|', '•', '·', '\n', '/'])
        .next()
        .unwrap_or(rest);
    let mut names: Vec<String> = Vec::new();
    for part in list.split([',', '&']).flat_map(parted) {
        let name = part.trim().trim_end_matches(['.', ':', '-', '–']).trim();
        let name = LEADS
            .iter()
            .find_map(|lead| {
                (name.len() > lead.len() && name.to_lowercase().starts_with(lead))
                    .then(|| name.get(lead.len()..))
                    .flatten()
            })
            .unwrap_or(name);
        // "Jane Roe, Transport Correspondent".
        let closing = name.rsplit(' ').next().unwrap_or(name).to_lowercase();
        if !names.is_empty() && ROLES.contains(&closing.as_str()) {
            break;
        }
        if is_name(name) {
            if names.len() >= NAMES_MAX {
                break;
            }
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        } else if !names.is_empty() {
            // "Jane Roe, staff reporter, Springfield": what follows the role is no name.
            break;
        }
    }
    names
}

/// Whether an author statement is what agencies and feeds have instead of names: initials ("gr/bp"), or an address.
pub(super) fn is_signature(line: &str) -> bool {
    let line = line.trim();
    let is_initials = |part: &str| {
        (2..=INITIALS_MAX).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let address = line
        .split_once('@')
        .filter(|(_, host)| host.contains('.') && !line.contains(' '));
    line.split('/').all(is_initials) || address.is_some()
}

/// Most letters of somebody's initials.
const INITIALS_MAX: usize = 4;

/// Accounts that are nobody's name, in lower case.
const ACCOUNTS: &[&str] = &[
    "admin",
    "administrator",
    "author",
    "editor",
    "editors",
    "editorial",
    "info",
    "news",
    "newsroom",
    "noreply",
    "no-reply",
    "press",
    "redaktion",
    "root",
    "staff",
    "team",
    "user",
    "webmaster",
];

/// The name somebody gives himself where nothing else is asked for, which he may write small: "frances-carden".
pub(super) fn own_name(stated: &str) -> Option<String> {
    let name = prose::fold(stated);
    let letters = name
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.'));
    let good = letters
        && (1..=4).contains(&name.split(' ').count())
        && !ACCOUNTS.contains(&name.to_lowercase().as_str());
    (good && name.chars().count() >= 2).then_some(name)
}

/// The names behind "Reporting by", up to the next role; where they were does not count.
pub(super) fn reporters(credit: &str) -> Vec<String> {
    let credit = prose::fold(credit);
    let lower = credit.to_ascii_lowercase();
    let lead = "reporting by ";
    let at = lower.find(lead).filter(|at| {
        // "Additional reporting by" names those who helped.
        !lower
            .get(..*at)
            .is_some_and(|before| before.trim_end().ends_with("additional"))
    });
    let Some(rest) = at.and_then(|at| credit.get(at + lead.len()..)) else {
        return Vec::new();
    };
    let end = rest.find([';', ')', '|']).unwrap_or(rest.len());
    let list = rest.get(..end).unwrap_or("");
    let parts = list.split(", ").flat_map(|part| part.split(" and "));
    let people = parts.map(|part| part.split(" in ").next().unwrap_or(part).trim());
    let people = people.filter(|name| name.contains(' ') && is_name(name));
    people.map(str::to_owned).take(NAMES_MAX).collect()
}

/// Whether a name is a site's: "Www.Dw.Com".
fn is_site(lower: &str) -> bool {
    let Some((host, end)) = lower.rsplit_once('.') else {
        return false;
    };
    let is_end = (2..=4).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_lowercase());
    is_end && !host.ends_with('.') && !lower.contains(' ')
}

fn is_name(name: &str) -> bool {
    let words = name.split(' ').count();
    let lower = name.to_lowercase();
    let role = ROLES
        .iter()
        .any(|role| lower.starts_with(role) || lower.ends_with(role.trim_end()) && words > 2);
    let letters = name.chars().next().is_some_and(|c| {
        c.is_uppercase() || prose::is_ideograph(c) || !c.is_ascii() && c.is_alphabetic()
    });
    let account = ACCOUNTS.contains(&lower.as_str());
    let web =
        is_site(&lower) || name.contains("http") || name.contains('@') || name.contains("www.");
    letters
        && !account
        && !role
        && !web
        && words <= NAME_WORDS_MAX
        && !name.chars().any(|c| c.is_ascii_digit())
        && name.chars().count() >= 2
}
