//! What can be wrong with a file, a layer or a member, and how far it reaches.

use std::io;

use super::Kind;

/// Why a member could not be given, or why a file ended before its time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The bytes end before what they promised is there.
    #[error("{kind} ends early in what begins at byte {at}: {what}")]
    Truncated {
        /// The layer that ends.
        kind: Kind,
        /// Where the piece that is not whole begins, in the bytes the layer is read from.
        at: u64,
        /// What is missing.
        what: &'static str,
    },
    /// The content is not what its checksum was made of.
    #[error("{kind}: the checksum does not match")]
    Checksum {
        /// The layer.
        kind: Kind,
    },
    /// A member larger than [`super::Bounds::member_bytes_max`].
    #[error("a member of more than the {max} bytes allowed")]
    TooLarge {
        /// The bound.
        max: usize,
    },
    /// All layers together unpack to more than [`super::Bounds::expanded_bytes_max`].
    #[error("unpacks to more than the {max} bytes allowed")]
    ExpandedBytes {
        /// The bound.
        max: u64,
    },
    /// More bytes out of each byte in than [`super::Bounds::ratio_max`].
    #[error("{expanded} bytes out of {packed}, more than the ratio of {max} allowed")]
    Ratio {
        /// Bytes unpacked so far, all layers together.
        expanded: u64,
        /// Bytes of the file they came from.
        packed: u64,
        /// The bound.
        max: u64,
    },
    /// More wrappings than [`super::Bounds::layers_max`].
    #[error("{kind} inside {max} other layers, as many as are opened")]
    TooManyLayers {
        /// The layer that was left closed.
        kind: Kind,
        /// The bound.
        max: usize,
    },
    /// Values nested deeper than [`super::Bounds::nesting_max`].
    #[error("values nested deeper than the {max} allowed")]
    TooDeep {
        /// The bound.
        max: usize,
    },
    /// More archive members than [`super::Bounds::members_max`].
    #[error("more than the {max} archive members allowed")]
    TooManyMembers {
        /// The bound.
        max: u64,
    },
    /// A member or layer that cannot be read.
    #[error("{kind}: {why}")]
    BadMember {
        /// The layer.
        kind: Kind,
        /// The reason.
        why: String,
    },
    /// A member locked with a password.
    #[error("a member locked with a password")]
    Encrypted,
    /// A member whose name leads out of the archive, or that is a link.
    #[error("{why}: {name:?}")]
    UnsafeName {
        /// The name as it stands.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The file itself could not be read.
    #[error("reading the file: {message}")]
    Read {
        /// What the system said, as a kind.
        kind: io::ErrorKind,
        /// What the system said, in words.
        message: String,
    },
}

impl Trouble {
    /// The reason code: stable, for the record and for counting.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "truncated",
            Self::Checksum { .. } => "checksum",
            Self::TooLarge { .. } => "too-large",
            Self::ExpandedBytes { .. } | Self::Ratio { .. } => "expansion",
            Self::TooManyLayers { .. } | Self::TooDeep { .. } => "too-deep",
            Self::TooManyMembers { .. } => "too-many-members",
            Self::BadMember { .. } => "bad-member",
            Self::Encrypted => "encrypted",
            Self::UnsafeName { .. } => "unsafe-name",
            Self::Read { .. } => "read",
        }
    }

    /// A layer or member that cannot be read, and why.
    pub(super) fn bad(kind: Kind, why: impl Into<String>) -> Self {
        Self::BadMember {
            kind,
            why: why.into(),
        }
    }

    /// The file cannot be read.
    pub(super) fn read(error: &io::Error) -> Self {
        Self::Read {
            kind: error.kind(),
            message: error.to_string(),
        }
    }

    /// What a decoder said, in our terms.
    pub(super) fn of_decoder(kind: Kind, at: u64, error: &io::Error) -> Self {
        let words = error.to_string();
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Self::Truncated {
                kind,
                at,
                what: "its compressed data is not all there",
            }
        } else if words.contains("checksum") {
            Self::Checksum { kind }
        } else {
            Self::bad(kind, words)
        }
    }
}

/// Why the walk leaves a layer: how far up this reaches.
#[derive(Debug, Clone)]
pub(super) enum Stop {
    /// This layer cannot be read on. Its archive, if it is a member of one, goes on with the next.
    Broken(Trouble),
    /// The layer above ran out in the midst of this one; it knows why.
    Upstream,
    /// A bound of the whole file is reached.
    Spent(Trouble),
    /// The file itself cannot be read.
    Unread(Trouble),
    /// The taker wants no more.
    Enough,
}

/// A [`Stop`] on its way through a decoder, which knows [`io::Error`] only.
#[derive(Debug, thiserror::Error)]
#[error("the layer above ended")]
struct Carried(Stop);

impl From<Stop> for io::Error {
    fn from(stop: Stop) -> Self {
        Self::other(Carried(stop))
    }
}

impl Stop {
    /// The stop that `error` carries; else what is wrong with the layer of this kind, in what begins at `at`.
    pub(super) fn of(kind: Kind, at: u64, error: &io::Error) -> Self {
        error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<Carried>())
            .map_or_else(
                || Self::Broken(Trouble::of_decoder(kind, at, error)),
                |carried| carried.0.clone(),
            )
    }

    /// A layer that ends before what it promised.
    pub(super) fn truncated(kind: Kind, at: u64, what: &'static str) -> Self {
        Self::Broken(Trouble::Truncated { kind, at, what })
    }

    /// A layer that cannot be read on.
    pub(super) fn bad(kind: Kind, why: impl Into<String>) -> Self {
        Self::Broken(Trouble::bad(kind, why))
    }
}
