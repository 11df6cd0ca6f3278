//! PURE. Which names are never taken in: patterns with `*` and `?` on the bytes of one name.

/// The patterns of one drop folder.
#[derive(Debug, Clone, Default)]
pub struct Ignore {
    patterns: Vec<String>,
}

impl Ignore {
    /// The patterns that hold everywhere and those of one drop folder.
    pub fn new(everywhere: &[String], here: &[String]) -> Self {
        Self {
            patterns: everywhere.iter().chain(here).cloned().collect(),
        }
    }

    /// The first pattern that a name fits.
    pub fn pattern_for(&self, name: &[u8]) -> Option<&str> {
        self.patterns
            .iter()
            .find(|pattern| matches(pattern.as_bytes(), name))
            .map(String::as_str)
    }

    /// Whether a file or folder of this name is left alone.
    pub fn covers(&self, name: &[u8]) -> bool {
        self.pattern_for(name).is_some()
    }
}

/// Whether the whole name fits. Greedy with one step back: linear in the product of the lengths, without recursion.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut of) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = name.get(at) {
        match pattern.get(of) {
            Some(b'*') => {
                star = Some((of, at));
                of += 1;
            }
            Some(wanted) if wanted == byte || *wanted == b'?' => {
                at += 1;
                of += 1;
            }
            _ => {
                let Some((star_of, star_at)) = star else {
                    return false;
                };
                star = Some((star_of, star_at + 1));
                at = star_at + 1;
                of = star_of + 1;
            }
        }
    }
    pattern.iter().skip(of).all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::IGNORE_DEFAULT;

    #[test]
    fn patterns_match_the_whole_name_bytewise() {
        for (pattern, name, expected) in [
            ("*.tmp", "a.tmp", true),
            ("*.tmp", "a.tmp.html", false),
            (".*", ".hidden", true),
            (".*", "a.b", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a*b", "xxaxxaxb", true),
            ("*a*b", "xxaxxaxc", false),
            ("*", "", true),
            ("[a]", "[a]", true),
        ] {
            assert_eq!(
                matches(pattern.as_bytes(), name.as_bytes()),
                expected,
                "{pattern} {name}"
            );
        }
        assert!(matches(
            b"*.p?rt",
            b"\xff\n.p\xferT".to_ascii_lowercase().as_slice()
        ));
    }

    #[test]
    fn the_default_covers_what_copy_tools_write() {
        let ignore = Ignore::new(&IGNORE_DEFAULT.map(str::to_owned), &["draft-*".to_owned()]);
        for name in [".a.html.Xy12ab", "a.part", "~$a.docx", "a.html~", "draft-1"] {
            assert!(ignore.covers(name.as_bytes()), "{name}");
        }
        assert!(!ignore.covers(b"article.html"));
    }
}
