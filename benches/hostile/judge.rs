//! What came of a hostile input, laid beside what is expected.

use std::time::Duration;

use serde_json::Value;

use crate::cases::{Case, Check, Want};
use crate::child::Ran;

/// Longest an input may take, and the most memory: the ceilings that are asked for. The largest text that is taken
/// (64 MiB) fits the second four times.
pub(crate) const TOOK_MAX: Duration = Duration::from_secs(10);
pub(crate) const PEAK_KB_MAX: u64 = 300 << 10;

/// What is wrong with it; nothing if it is as expected.
pub(crate) fn faults(case: &Case, ran: &Ran) -> Vec<String> {
    let mut faults = manners(ran);
    let reasons = ran.stderr.to_lowercase();
    if !case.wants.iter().any(|want| holds(want, ran, &reasons)) {
        faults.push("another outcome".to_owned());
    }
    faults.extend(
        case.checks
            .iter()
            .filter(|check| !passes(check, ran, &reasons))
            .map(|check| format!("{check:?}")),
    );
    faults
}

/// What holds for any bytes: it ends by itself and in time, does not panic, its exit code says whether something was
/// refused, and nothing raw reaches a terminal. What is said with exit code 0 is no refusal, but a warning.
fn manners(ran: &Ran) -> Vec<String> {
    let mut faults = Vec::new();
    let mut hold = |holds: bool, fault: String| {
        if !holds {
            faults.push(fault);
        }
    };
    hold(!ran.late && ran.took <= TOOK_MAX, "too slow".to_owned());
    hold(ran.peak_kb <= PEAK_KB_MAX, "too much memory".to_owned());
    if let Some(signal) = ran.signal {
        hold(ran.late, format!("ended by signal {signal}"));
    }
    hold(!ran.stderr.contains("panicked"), "a panic".to_owned());
    match ran.code {
        Some(0) => hold(
            ran.count > 0,
            "nothing came and nothing was said".to_owned(),
        ),
        Some(1) => hold(ran.refusals > 0, "refused without a reason".to_owned()),
        code => hold(ran.signal.is_some(), format!("exit code {code:?}")),
    }
    hold(ran.garbage == 0, "output that is no JSON".to_owned());
    let raw = |c: char| c.is_control() && c != '\n';
    hold(
        !ran.stderr.contains(raw),
        "raw control characters".to_owned(),
    );
    faults
}

fn holds(want: &Want, ran: &Ran, reasons: &str) -> bool {
    let named = |words: &[&str]| {
        refused(ran) && (words.is_empty() || words.iter().any(|word| reasons.contains(word)))
    };
    match *want {
        Want::Articles(count) => ran.count == count && !refused(ran),
        Want::AtLeast(count) => ran.count >= count,
        Want::Held(words) => ran.count == 0 && named(words),
        Want::Mixed(count, words) => ran.count == count && named(words),
        Want::Refusals(count, words) => ran.count == 0 && ran.refusals == count && named(words),
        Want::Together(count) => ran.count + ran.refusals == count,
    }
}

fn passes(check: &Check, ran: &Ran, reasons: &str) -> bool {
    let objects = &ran.objects;
    let Some(first) = objects.first() else {
        let Check::Says(words) = check else {
            return true;
        };
        return words.iter().any(|word| reasons.contains(word));
    };
    let text = |object: &Value, key: &str| object[key].as_str().unwrap_or_default().to_owned();
    let has = |part: &str| {
        let mut read = objects.iter();
        read.any(|o| text(o, "title").contains(part) || text(o, "text").contains(part))
    };
    match *check {
        Check::Title(begin) => text(first, "title").starts_with(begin),
        Check::Has(part) => has(part),
        Check::HasNot(part) => !has(part),
        Check::Saw(part) => objects.iter().any(|object| anywhere(object, part)),
        Check::Charset(names) => objects.iter().all(|object| {
            let charset = text(object, "charset").to_lowercase();
            names.contains(&charset.as_str())
        }),
        Check::Format(name) => objects.iter().all(|object| object["format"] == name),
        Check::Published(begin) => text(first, "published").starts_with(begin),
        Check::Agency(id) => objects.iter().all(|object| {
            let agencies = object["agency"].as_array();
            agencies.is_none_or(|agencies| agencies.iter().all(|agency| agency != id))
        }),
        Check::Members => {
            let mut members: Vec<String> =
                objects.iter().map(|o| o["member"].to_string()).collect();
            members.sort_unstable();
            members.windows(2).all(|two| two[0] != two[1])
        }
        Check::Says(words) => words.iter().any(|word| reasons.contains(word)),
        Check::TextMax(most) => objects.iter().all(|o| text(o, "text").len() <= most),
    }
}

/// Whether a text stands anywhere in an object; white space counts as blanks, since lines may have been joined.
fn anywhere(value: &Value, part: &str) -> bool {
    match value {
        Value::String(text) => text.contains(part),
        Value::Array(values) => values.iter().any(|value| anywhere(value, part)),
        Value::Object(fields) => fields.values().any(|value| anywhere(value, part)),
        Value::Number(number) => number.to_string() == part,
        Value::Null | Value::Bool(_) => false,
    }
}

fn refused(ran: &Ran) -> bool {
    ran.code == Some(1)
}

/// The outcomes that are allowed, in words.
pub(crate) fn wanted(case: &Case) -> String {
    let named = |words: &[&str]| {
        words
            .first()
            .map_or(String::new(), |word| format!(": {word}"))
    };
    let wants = case.wants.iter().map(|want| match *want {
        Want::Articles(count) => format!("{count} art"),
        Want::AtLeast(count) => format!("{count}+ art"),
        Want::Held(words) => format!("held{}", named(words)),
        Want::Mixed(count, words) => format!("{count} art + held{}", named(words)),
        Want::Refusals(count, words) => format!("{count} held{}", named(words)),
        Want::Together(count) => format!("{count} art or held"),
    });
    wants.collect::<Vec<_>>().join(" | ")
}

/// What came, in words: articles with charset and title, and the first reason.
pub(crate) fn got(ran: &Ran) -> String {
    let mut parts = Vec::new();
    if let Some(first) = ran.objects.first() {
        let field = |key: &str| first[key].as_str().unwrap_or("-");
        parts.push(format!(
            "{} art {}/{} {:?}",
            ran.count,
            field("format"),
            field("charset"),
            field("title").chars().take(24).collect::<String>()
        ));
    }
    if ran.refusals > 0 {
        let reason = ran.stderr.lines().next().unwrap_or_default();
        let reason = reason.strip_prefix("copydesk: ").unwrap_or(reason);
        let reason: String = reason.chars().take(70).collect();
        let said = if refused(ran) { "held" } else { "said" };
        parts.push(format!("{} {said} {reason}", ran.refusals));
    }
    if ran.late {
        parts.push("killed".to_owned());
    }
    parts.join("; ")
}
