//! The history in words.

use std::io;

use serde_json::Value;

use crate::report::history::Event;

use super::text::{escape, escape_path, time};
use super::{Paint, Printer};

pub(in crate::cli) fn show(events: &[Event], out: &mut Printer) -> io::Result<()> {
    for event in events {
        let style = out.style();
        let about = about(event);
        let words = escape(&words(
            &event.kind,
            event.detail.as_ref().unwrap_or(&Value::Null),
        ));
        let gap = if about.is_empty() || words.is_empty() {
            ""
        } else {
            "  "
        };
        out.line(&format!(
            "{}  {}  {about}{gap}{words}",
            style.paint(Paint::Dim, &time(event.at_ms)),
            style.paint(paint(&event.kind), &format!("{:<9}", escape(&event.kind))),
        ))?;
    }
    Ok(())
}

fn paint(kind: &str) -> Paint {
    match kind {
        "held" | "root-missing" | "paused" => Paint::Red,
        "postponed" | "overflow" | "folder-unreadable" | "kept" => Paint::Yellow,
        "recorded" => Paint::Green,
        _ => Paint::Bold,
    }
}

/// What an event concerns: a file, an article with its headline, or a drop folder.
fn about(event: &Event) -> String {
    if let Some(article) = event.article {
        let title = event
            .title
            .as_deref()
            .map_or_else(String::new, |title| format!(" “{}”", escape(title)));
        return format!("article {article}{title}");
    }
    match (&event.path, &event.drop) {
        (Some(path), _) => escape_path(&path.exact),
        (None, Some(drop)) => format!("drop {}", escape(drop)),
        (None, None) => String::new(),
    }
}

/// What is known of an event beyond its kind. What is not known here is shown as it was written down.
fn words(kind: &str, detail: &Value) -> String {
    let text = |key: &str| detail.get(key).and_then(Value::as_str);
    let number = |key: &str| detail.get(key).and_then(Value::as_i64);
    let why = || text("why").map(str::to_owned);
    let known = match kind {
        "settled" => text("by").map(|by| match by {
            "lease" => "no program has it open".to_owned(),
            "quiet" => "it has stopped changing".to_owned(),
            other => other.to_owned(),
        }),
        "claimed" => number("attempt").map(|n| {
            if n == 1 {
                String::new()
            } else {
                format!("attempt {n}")
            }
        }),
        "released" => Some(
            match (detail.get("in_hand").and_then(Value::as_bool), why()) {
                (Some(true), _) => format!(
                    "the process died with it in hand, {} so far",
                    number("crashes")
                        .map_or_else(|| "times unknown".to_owned(), |n| format!("{n} times"))
                ),
                (_, Some(why)) => why,
                _ => "the process had ended before it was begun".to_owned(),
            },
        ),
        "postponed" => why().map(|why| match number("due_ms") {
            Some(due) => format!("{why}; again at {}", time(due)),
            None => why,
        }),
        "held" => text("reason").map(|reason| format!("{reason}: {}", text("why").unwrap_or(""))),
        "recorded" => recorded(detail),
        "judged" => judged(detail),
        "re-edited" => reedited(detail),
        "furniture-told" => furniture_told(detail),
        "joined" => number("lead").map(|lead| format!("in the family that article {lead} leads")),
        "parted" => number("from").map(|from| format!("not with article {from} any more")),
        "reindexed" => number("judged").map(|judged| match judged {
            0 => "no verdict was otherwise".to_owned(),
            1 => "1 verdict was otherwise".to_owned(),
            n => format!("{n} verdicts were otherwise"),
        }),
        "moved" => text("to").map(|to| format!("to {to}")),
        "started" => text("verb").map(|verb| {
            format!(
                "{verb}, pid {}, version {}",
                number("pid").unwrap_or(0),
                text("version").unwrap_or("?")
            )
        }),
        "overflow" => number("times")
            .map(|n| format!("events were lost {n} times: everything is scanned"))
            .or_else(why),
        "folder-unreadable" => {
            text("folder").map(|folder| format!("{folder}: {}", text("why").unwrap_or("")))
        }
        _ => why(),
    };
    known.unwrap_or_else(|| plainly(detail))
}

fn recorded(detail: &Value) -> Option<String> {
    let document = detail.get("document").and_then(Value::as_i64);
    match detail.get("outcome").and_then(Value::as_str)? {
        "same-bytes" => Some(format!(
            "same bytes as document {}: no second article",
            document?
        )),
        "recorded" => {
            let ids: Vec<String> = detail
                .get("articles")?
                .as_array()?
                .iter()
                .map(ToString::to_string)
                .collect();
            let plural = if ids.len() == 1 { "" } else { "s" };
            Some(format!("as article{plural} {}", ids.join(", ")))
        }
        _ => None,
    }
}

fn judged(detail: &Value) -> Option<String> {
    let verdict = detail.get("verdict")?.as_str()?;
    let of = detail
        .get("of")
        .and_then(Value::as_i64)
        .map_or_else(String::new, |of| format!(" of article {of}"));
    let near = detail
        .get("resemblance")
        .and_then(Value::as_f64)
        .map_or_else(String::new, |near| format!(", resemblance {near:.2}"));
    let was = detail
        .get("was")
        .and_then(Value::as_str)
        .map_or_else(String::new, |was| format!(" (was {was})"));
    Some(format!("{verdict}{of}{near}{was}"))
}

fn reedited(detail: &Value) -> Option<String> {
    if let Some(why) = detail.get("failed").and_then(Value::as_str) {
        return Some(format!("left as it was: {why}"));
    }
    let blocks = |key: &str, what: &str| {
        let blocks = detail
            .get(key)?
            .as_array()
            .filter(|blocks| !blocks.is_empty())?;
        let texts: Vec<String> = blocks
            .iter()
            .take(BLOCKS_SHOWN)
            .filter_map(|block| Some(format!("“{}”", shortened(block.get("text")?.as_str()?))))
            .collect();
        let more = if blocks.len() > texts.len() {
            " …"
        } else {
            ""
        };
        let number = blocks.len();
        let are = if number == 1 {
            "block is"
        } else {
            "blocks are"
        };
        Some(format!("{number} {are} {what}: {}{more}", texts.join(", ")))
    };
    let bytes = |key: &str| detail.get(key).and_then(Value::as_i64);
    let size = format!(
        "text of {} bytes, {} before",
        bytes("text_bytes")?,
        bytes("text_bytes_before")?
    );
    let parts = [
        blocks("furniture", "furniture of the source now"),
        blocks("no_furniture", "furniture no more"),
        Some(size),
    ];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// Blocks one line names, and characters of each; `--json` has more.
const BLOCKS_SHOWN: usize = 3;
const CHARS_SHOWN: usize = 40;

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(CHARS_SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn furniture_told(detail: &Value) -> Option<String> {
    let text = |key: &str| detail.get(key).and_then(Value::as_str);
    let is = if detail.get("is_furniture")?.as_bool()? {
        "may be furniture again"
    } else {
        "is not furniture"
    };
    let block = text("text").map_or_else(|| text("key").unwrap_or("").to_owned(), shortened);
    Some(format!("of {}: “{block}” {is}", text("source")?))
}

fn plainly(detail: &Value) -> String {
    match detail {
        Value::Null => String::new(),
        Value::Object(facts) => facts
            .iter()
            .map(|(key, value)| match value.as_str() {
                Some(text) => format!("{key} {text}"),
                None => format!("{key} {value}"),
            })
            .collect::<Vec<_>>()
            .join(", "),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            detail.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn details_are_said_in_words_and_unknown_ones_as_they_are() {
        for (kind, detail, expected) in [
            ("queued", Value::Null, ""),
            ("settled", json!({"by": "lease"}), "no program has it open"),
            ("claimed", json!({"attempt": 1}), ""),
            ("claimed", json!({"attempt": 3}), "attempt 3"),
            (
                "held",
                json!({"reason": "empty", "why": "nothing in it"}),
                "empty: nothing in it",
            ),
            (
                "recorded",
                json!({"outcome": "recorded", "document": 2, "articles": [7, 8]}),
                "as articles 7, 8",
            ),
            (
                "judged",
                json!({"verdict": "copy", "of": 3, "resemblance": 0.934, "was": "new"}),
                "copy of article 3, resemblance 0.93 (was new)",
            ),
            ("gone", json!({"why": "vanished"}), "vanished"),
            (
                "re-edited",
                json!({"furniture": [{"key": "1", "text": "Share this"}], "no_furniture": [], "text_bytes": 7,
                       "text_bytes_before": 18}),
                "1 block is furniture of the source now: “Share this”; text of 7 bytes, 18 before",
            ),
            ("tidied", json!({"n": 3, "by": "ute"}), "by ute, n 3"),
        ] {
            assert_eq!(words(kind, &detail), expected, "{kind}");
        }
    }
}
