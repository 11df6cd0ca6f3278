//! PURE. Numbers, ages, times and foreign words as people read them.

use std::fmt::Write as _;
use std::path::Path;

use super::Style;

/// A foreign text on one line: what could steer the terminal or hide in the line is shown as an escape.
pub fn escape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        push_escaped(&mut plain, character);
    }
    plain
}

/// The same for a text of several lines.
pub fn escape_lines(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => plain.push(character),
            other => push_escaped(&mut plain, other),
        }
    }
    plain
}

/// A path on one line; bytes that are not UTF-8 are shown as escapes too.
pub fn escape_path(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut plain = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        plain.push_str(&escape(chunk.valid()));
        for byte in chunk.invalid() {
            // Writing to a string does not fail.
            write!(plain, "\\x{byte:02x}").unwrap_or_default();
        }
    }
    plain
}

fn push_escaped(plain: &mut String, character: char) {
    let code = u32::from(character);
    // Writing to a string does not fail.
    match character {
        '\n' => plain.push_str("\\n"),
        '\r' => plain.push_str("\\r"),
        '\t' => plain.push_str("\\t"),
        c if c.is_ascii_control() => write!(plain, "\\x{code:02x}").unwrap_or_default(),
        c if c.is_control() || is_invisible(c) => {
            write!(plain, "\\u{{{code:x}}}").unwrap_or_default();
        }
        c => plain.push(c),
    }
}

/// What turns the direction of writing, breaks lines or takes no place: a name that is not what it looks like.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// How long: "9 s", "12 min", "2 h 4 min", "6 d 4 h".
pub fn age(ms: i64) -> String {
    let seconds = ms.max(0) / 1_000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let two = |large: i64, unit: &str, small: i64, smaller: &str| match small {
        0 => format!("{large} {unit}"),
        _ => format!("{large} {unit} {small} {smaller}"),
    };
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3_600 => format!("{minutes} min"),
        3_600..86_400 => two(hours, "h", minutes % 60, "min"),
        _ => two(days, "d", hours % 24, "h"),
    }
}

/// A point in time: "2026-04-04 12:00:03Z".
pub fn time(ms: i64) -> String {
    match jiff::Timestamp::from_millisecond(ms) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
        Err(_) => format!("{ms} ms"),
    }
}

/// The same to the minute: "2026-04-04 12:00".
pub fn minute(ms: i64) -> String {
    let time = time(ms);
    time.strip_suffix('Z')
        .and_then(|time| time.rsplit_once(':'))
        .map_or_else(|| time.clone(), |(minute, _)| minute.to_owned())
}

/// A number; on a terminal with thin spaces between thousands.
pub fn number(n: i64, style: Style) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut grouped = String::from(if n < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if style.terminal && place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{2009}');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size: "512 B", "4.0 MB", "41 GB" (powers of ten, as disks are sold).
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    // Tenths, so that no rounding of floats decides what is shown.
    let mut tenths = bytes / 100;
    let mut units = UNITS.iter();
    let mut unit = units.next().copied().unwrap_or("kB");
    while tenths >= 10_000 {
        let Some(next) = units.next() else { break };
        (tenths, unit) = (tenths / 1_000, next);
    }
    if tenths >= 100 {
        format!("{} {unit}", tenths / 10)
    } else {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    }
}

/// A share of a whole: "12.0 %".
pub fn share(part: i64, whole: i64, style: Style) -> String {
    if whole <= 0 {
        return style.none().to_owned();
    }
    let tenths = part.saturating_mul(1_000) / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    const TERMINAL: Style = Style {
        json: false,
        terminal: true,
        colour: false,
        width: None,
    };

    #[test]
    fn nothing_that_steers_a_terminal_gets_through() {
        assert_eq!(
            escape("a\x1b[31m\nb\r\t\u{7f}\u{9b}"),
            "a\\x1b[31m\\nb\\r\\t\\x7f\\u{9b}"
        );
        assert_eq!(escape("gnp\u{202e}.exe"), "gnp\\u{202e}.exe");
        assert_eq!(escape("Zürich – 東京"), "Zürich – 東京");
        assert_eq!(escape_lines("a\n\tb\x07"), "a\n\tb\\x07");
        let path = Path::new(OsStr::from_bytes(b"/a\xff\n\xc3\xbc"));
        assert_eq!(escape_path(path), "/a\\xff\\nü");
    }

    #[test]
    fn ages_have_two_units_at_most() {
        for (ms, expected) in [
            (-5, "0 s"),
            (9_400, "9 s"),
            (60_000, "1 min"),
            (3_599_999, "59 min"),
            (3_600_000, "1 h"),
            (7_440_000, "2 h 4 min"),
            (86_400_000, "1 d"),
            (532_800_000, "6 d 4 h"),
        ] {
            assert_eq!(age(ms), expected);
        }
    }

    #[test]
    fn numbers_are_grouped_for_people_and_plain_for_programs() {
        assert_eq!(number(1_234_567, TERMINAL), "1\u{2009}234\u{2009}567");
        assert_eq!(number(-999, TERMINAL), "-999");
        assert_eq!(number(1_234_567, Style::default()), "1234567");
    }

    #[test]
    fn sizes_keep_two_digits() {
        for (bytes, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (4_040_000, "4.0 MB"),
            (999_999, "999 kB"),
            (41_000_000_000, "41 GB"),
            (u64::MAX, "18446 PB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn times_are_utc_to_the_second() {
        assert_eq!(time(1_775_304_003_999), "2026-04-04 12:00:03Z");
        assert_eq!(minute(1_775_304_003_999), "2026-04-04 12:00");
        assert_eq!(share(1, 8, Style::default()), "12.5 %");
        assert_eq!(share(1, 0, Style::default()), "-");
    }
}
