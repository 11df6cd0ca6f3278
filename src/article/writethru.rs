//! Which version of its story an article says it is: "UPDATE 2-", "CORRECTED-", "3rd Ld-Writethru".
//!
//! Agencies number the versions of a story in the headline or in the slug line above it. The marks are the wires' own
//! conventions: Reuters' advisories ("UPDATE 1-", "WRAPUP 2-", "REFILE-", "CORRECTED-", "RPT-"), the leads of AP and AFP ("1st Ld",
//! "2nd Ld-Writethru", "(2nd lead)", "URGENT" being none).

/// Which version an article says it is, in order: a later one is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Version {
    /// The number of the update or lead; 0 where none is stated.
    pub number: u32,
    /// Whether it corrects or repeats what went before under the same number.
    pub is_corrected: bool,
}

impl Version {
    /// What a headline says; the first version where it says nothing.
    pub fn of(headline: &str) -> Self {
        let lower = headline.to_lowercase();
        let mut version = Self::default();
        let mut rest = lower.trim_start();
        // "CORRECTED-UPDATE 2-Oil falls": marks stand before each other.
        while let Some((mark, behind)) = opening(rest) {
            version.number = version.number.max(mark.number);
            version.is_corrected |= mark.is_corrected;
            rest = behind;
        }
        version.number = version.number.max(lead_number(rest));
        version
    }
}

/// Words that open a headline with a number behind them.
const NUMBERED: [&str; 4] = ["update", "wrapup", "wrap-up", "recast"];
/// Words that open it alone: what follows has been there before.
const CORRECTING: [&str; 8] = [
    "corrected",
    "correction",
    "correcting",
    "refile",
    "rpt",
    "repeat",
    "berichtigung",
    "corrige",
];

/// The mark a headline opens with, in lower case, and the headline behind it.
fn opening(headline: &str) -> Option<(Version, &str)> {
    let numbered = NUMBERED.iter().find_map(|word| {
        let rest = headline.strip_prefix(word)?;
        let rest = rest.trim_start();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = rest.split_at_checked(digits)?;
        let number = if digits == 0 { 1 } else { number.parse().ok()? };
        let mark = Version {
            number,
            is_corrected: false,
        };
        Some((mark, rest))
    });
    let correcting = || {
        CORRECTING.iter().find_map(|word| {
            let mark = Version {
                number: 0,
                is_corrected: true,
            };
            Some((mark, headline.strip_prefix(word)?))
        })
    };
    let (mark, rest) = numbered.or_else(correcting)?;
    let rest = rest.trim_start();
    // A mark ends with a sign: "Update on the harbour wall" is none.
    let behind = rest.strip_prefix(['-', '–', '—', ':', '/'])?;
    Some((mark, behind.trim_start()))
}

/// The number of a lead: "…, 2nd Ld-Writethru", "(3rd lead)"; 0 where there is none.
fn lead_number(headline: &str) -> u32 {
    let words: Vec<&str> = headline
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let leads = words.windows(2).filter_map(|pair| {
        let [ordinal, lead] = pair else { return None };
        let is_lead = matches!(*lead, "ld" | "lead" | "writethru");
        is_lead.then(|| ordinal_of(ordinal)).flatten()
    });
    // "1stLd-Writethru", as some wires run them together.
    let joined = words.iter().filter_map(|word| {
        let ordinal = word
            .strip_suffix("ld")
            .or_else(|| word.strip_suffix("lead"))?;
        ordinal_of(ordinal)
    });
    leads.chain(joined).max().unwrap_or(0)
}

/// The number of "1st", "2nd", "3rd", "4th".
fn ordinal_of(word: &str) -> Option<u32> {
    let number = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))?;
    number
        .parse()
        .ok()
        .filter(|number| (1..100).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(headline: &str) -> (u32, bool) {
        let version = Version::of(headline);
        (version.number, version.is_corrected)
    }

    #[test]
    fn the_wires_marks_are_read() {
        for (headline, number, is_corrected) in [
            ("UPDATE 2-Varnholm ferry to sail again", 2, false),
            ("UPDATE 1 - Varnholm ferry to sail again", 1, false),
            ("WRAPUP 3-Storm closes ports", 3, false),
            ("CORRECTED-UPDATE 2-Varnholm ferry to sail again", 2, true),
            ("REFILE-Varnholm ferry to sail again", 0, true),
            ("Corrected: Varnholm ferry to sail again", 0, true),
            ("BC-Varnholm-Ferry, 1st Ld-Writethru", 1, false),
            ("Varnholm-Ferry,1stLd-Writethru", 1, false),
            ("Varnholm ferry to sail again (3rd lead)", 3, false),
            ("Varnholm ferry to sail again", 0, false),
            ("Update on the harbour wall", 0, false),
            ("Corrected figures worry the council", 0, false),
            ("2nd leading candidate gives up", 0, false),
            ("", 0, false),
        ] {
            assert_eq!(says(headline), (number, is_corrected), "{headline}");
        }
    }

    #[test]
    fn later_versions_are_greater() {
        let order = [
            "Ferry sails",
            "REFILE-Ferry sails",
            "UPDATE 1-Ferry sails",
            "CORRECTED-UPDATE 1-Ferry sails",
            "UPDATE 2-Ferry sails",
        ];
        let versions: Vec<Version> = order.into_iter().map(Version::of).collect();
        assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
    }
}
