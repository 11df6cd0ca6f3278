//! The texts to judge, with their truth.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

/// A text.
pub(crate) struct Doc {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) title: String,
    /// Publisher; empty where unknown.
    pub(crate) source: String,
    /// Publication in hours, where known.
    pub(crate) hours: Option<f64>,
    pub(crate) cluster: String,
    /// How it was made; empty for what is real.
    pub(crate) level: String,
}

/// A pair of which more is known than the clusters say.
pub(crate) struct Pair {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) label: String,
}

/// A set of texts in their order of precedence.
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) docs: Vec<Doc>,
    pub(crate) pairs: Vec<Pair>,
}

/// Reads a set; texts come by date, then the longer first, those without a date last.
pub(crate) fn read(folder: &Path, name: &str) -> Set {
    let lines = |file: String| -> Vec<Value> {
        std::fs::read_to_string(folder.join(file))
            .unwrap_or_default()
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    };
    let word = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let mut docs: Vec<Doc> = lines(format!("{name}.jsonl"))
        .iter()
        .map(|line| Doc {
            id: word(line, "id"),
            text: word(line, "text"),
            title: word(line, "title"),
            source: if name == "reuters_nd" {
                String::from("Reuters")
            } else {
                word(line, "source")
            },
            hours: hours(&word(line, "time")).or_else(|| hours(&word(line, "date"))),
            cluster: word(line, "cluster"),
            level: word(line, "level"),
        })
        .collect();
    docs.sort_by(|a, b| {
        let date = |doc: &Doc| doc.hours.unwrap_or(f64::MAX);
        date(a)
            .total_cmp(&date(b))
            .then(b.text.len().cmp(&a.text.len()))
            .then(a.id.cmp(&b.id))
    });
    let places: HashMap<&str, usize> = docs
        .iter()
        .enumerate()
        .map(|(at, doc)| (doc.id.as_str(), at))
        .collect();
    let pairs = lines(format!("{name}.pairs.jsonl"))
        .iter()
        .filter_map(|line| {
            Some(Pair {
                a: *places.get(line["a"].as_str()?)?,
                b: *places.get(line["b"].as_str()?)?,
                label: word(line, "label"),
            })
        })
        .collect();
    Set {
        name: name.to_owned(),
        docs,
        pairs,
    }
}

/// `2017-05-17` or `26-MAR-1987 12:17:26.37` in hours.
fn hours(date: &str) -> Option<f64> {
    const MONTHS: &str = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    let (day, time) = date.trim().split_once(' ').unwrap_or((date.trim(), ""));
    let parts: Vec<&str> = day.split('-').collect();
    let [first, second, third] = parts.try_into().ok()?;
    let (year, month, day) = match MONTHS.find(second) {
        Some(at) if second.len() == 3 => (third, i8::try_from(at / 3 + 1).ok()?, first),
        _ => (first, second.parse().ok()?, third),
    };
    let day = jiff::civil::Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let days = day.since(jiff::civil::date(1970, 1, 1)).ok()?.get_days();
    let mut hours = f64::from(days) * 24.0;
    for (part, share) in time.trim().split(':').zip([1.0, 60.0, 3600.0]) {
        hours += part.parse::<f64>().unwrap_or_default() / share;
    }
    Some(hours)
}
