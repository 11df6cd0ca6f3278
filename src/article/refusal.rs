//! Why something was not taken.

/// Why an article was not taken. Each becomes a hold with a reason code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No bytes, or white space alone.
    #[error("nothing but white space in it")]
    Empty,
    /// Neither text nor a format known here; the name of what it looks like.
    #[error("not text: it looks like {0}")]
    UnknownFormat(&'static str),
    /// Cleaning left nothing.
    #[error("nothing left after cleaning: all {cuts} pieces are page furniture")]
    NothingLeft {
        /// How many pieces were cut.
        cuts: usize,
    },
    /// Nothing in it reads as a story: an index page, an error or consent page, an empty shell.
    #[error("not an article: the likeliest story in its {cuts} pieces promises {percent} in 100")]
    NotAnArticle {
        /// The F1 that the best choice of blocks promises, in hundredths.
        percent: u8,
        /// How many pieces were cut.
        cuts: usize,
    },
    /// It is of a format that is known, and against its rules.
    #[error("no {format} from line {line}, byte {at} on: {why}")]
    Malformed {
        /// Which format.
        format: &'static str,
        /// Line of the decoded text, from 1.
        line: usize,
        /// Byte of it.
        at: usize,
        /// What is wrong there.
        why: &'static str,
    },
    /// It ends in the middle.
    #[error("truncated: {why}")]
    Truncated {
        /// Where.
        why: &'static str,
    },
    /// It nests deeper than [`super::Rules::depth_max`].
    #[error("nested more than {max} deep")]
    TooDeep {
        /// The bound.
        max: usize,
    },
    /// It has more of something than allowed.
    #[error("more than {max} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        max: usize,
    },
    /// JSON or XML of a shape nobody told how to read.
    #[error("of no shape known here, with {}", keys.join(", "))]
    UnknownShape {
        /// Its outermost keys, or its outermost elements.
        keys: Vec<String>,
    },
    /// It is about articles and has none.
    #[error("no text in it: {what}")]
    NoText {
        /// What it is instead.
        what: &'static str,
    },
    /// Its file or archive would not give it.
    #[error(transparent)]
    Unpack(#[from] super::unpack::Trouble),
    /// A PDF of pictures.
    #[error("no text layer: its {pages} pages are pictures")]
    NoTextLayer {
        /// How many pages.
        pages: usize,
    },
    /// More decoded text than [`super::Rules::text_bytes_max`].
    #[error("{bytes} bytes of text, more than the {max} allowed")]
    TooLarge {
        /// Decoded size.
        bytes: usize,
        /// The bound.
        max: usize,
    },
}

impl Refusal {
    /// A document that is against the rules of its format from the byte `at` on.
    pub(crate) fn malformed(
        format: &'static str,
        input: &str,
        at: usize,
        why: &'static str,
    ) -> Self {
        let before = input.get(..input.floor_char_boundary(at)).unwrap_or("");
        Self::Malformed {
            format,
            line: 1 + before.bytes().filter(|byte| *byte == b'\n').count(),
            at,
            why,
        }
    }
}
