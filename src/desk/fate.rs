//! PURE. What an error means for its job: again at some time, nothing left to do, or hold.
//!
//! Every error has its line here; there is no `_`. Errors of the store are not a job's: see `StoreError::trouble`.

use std::io::ErrorKind;
use std::time::Duration;

use crate::article::Refusal;
use crate::article::unpack::Trouble;
use crate::config::Retry;
use crate::job::{Fate, Reason};

use super::disk::ReadError;

/// The fate of a file that could not be read, at this attempt.
pub fn of_read(error: &ReadError, attempt: u32, retry: &Retry) -> Fate {
    match error {
        ReadError::Vanished | ReadError::Changed => Fate::Gone,
        ReadError::TooLarge { .. } => Fate::Hold(Reason::TooLarge),
        // Making it readable changes its ctime, so it comes back as another sighting by itself.
        ReadError::Io(error) if error.kind() == ErrorKind::PermissionDenied => {
            Fate::Hold(Reason::Unreadable)
        }
        ReadError::Io(_) if attempt >= retry.attempts_max => Fate::Hold(Reason::ReadError),
        ReadError::Io(_) => Fate::Again,
    }
}

/// The reason code of an article that was refused.
pub fn of_refusal(refusal: &Refusal) -> Reason {
    match refusal {
        Refusal::Empty => Reason::Empty,
        Refusal::UnknownFormat(_) => Reason::UnknownFormat,
        Refusal::NotAnArticle { .. } => Reason::NotAnArticle,
        Refusal::NothingLeft { .. } => Reason::NothingLeft,
        Refusal::TooLarge { .. } => Reason::TooLarge,
        Refusal::Malformed { .. } => Reason::Malformed,
        Refusal::Truncated { .. } => Reason::Truncated,
        Refusal::TooDeep { .. } => Reason::TooDeep,
        Refusal::TooMany { .. } => Reason::TooMany,
        Refusal::UnknownShape { .. } => Reason::UnknownShape,
        Refusal::NoText { .. } => Reason::NoText,
        Refusal::NoTextLayer { .. } => Reason::NoTextLayer,
        Refusal::Unpack(trouble) => of_trouble(trouble),
    }
}

/// The reason code of a file or archive that would not give what is in it.
pub fn of_trouble(trouble: &Trouble) -> Reason {
    match trouble {
        Trouble::Truncated { .. } => Reason::Truncated,
        Trouble::Checksum { .. } => Reason::Checksum,
        Trouble::TooLarge { .. } => Reason::TooLarge,
        Trouble::ExpandedBytes { .. } | Trouble::Ratio { .. } => Reason::Expansion,
        Trouble::TooManyLayers { .. } | Trouble::TooDeep { .. } => Reason::TooDeep,
        Trouble::TooManyMembers { .. } => Reason::TooMany,
        Trouble::BadMember { .. } => Reason::BadMember,
        Trouble::Encrypted => Reason::Encrypted,
        Trouble::UnsafeName { .. } => Reason::UnsafeName,
        Trouble::Read { .. } => Reason::ReadError,
    }
}

/// The pause before the next attempt: doubles with each, up to the longest, and is shortened by up to half at random
/// (`luck` from 0 to 1) so that what failed together does not come back together.
pub fn pause(attempt: u32, retry: &Retry, luck: f64) -> Duration {
    let doublings = attempt.saturating_sub(1).min(20);
    let full = retry
        .first
        .saturating_mul(1 << doublings)
        .min(retry.longest);
    full.mul_f64(1.0 - luck.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn read(kind: ErrorKind, attempt: u32) -> Fate {
        of_read(
            &ReadError::Io(io::Error::from(kind)),
            attempt,
            &Retry::default(),
        )
    }

    #[test]
    fn a_disk_error_is_tried_again_until_the_attempts_are_used_up() {
        let last = Retry::default().attempts_max;
        assert_eq!(read(ErrorKind::Other, 1), Fate::Again);
        assert_eq!(read(ErrorKind::Other, last - 1), Fate::Again);
        assert_eq!(read(ErrorKind::Other, last), Fate::Hold(Reason::ReadError));
    }

    #[test]
    fn an_unreadable_file_is_held_at_once_and_a_vanished_one_is_gone() {
        assert_eq!(
            read(ErrorKind::PermissionDenied, 1),
            Fate::Hold(Reason::Unreadable)
        );
        assert_eq!(
            of_read(&ReadError::Vanished, 1, &Retry::default()),
            Fate::Gone
        );
        assert_eq!(
            of_read(&ReadError::Changed, 1, &Retry::default()),
            Fate::Gone
        );
    }

    #[test]
    fn pauses_double_stay_under_the_longest_and_jitter_only_shortens_them() {
        let retry = Retry::default();
        assert_eq!(pause(1, &retry, 0.0), retry.first);
        assert_eq!(pause(3, &retry, 0.0), retry.first * 4);
        assert_eq!(pause(1_000, &retry, 0.0), retry.longest);
        assert_eq!(pause(3, &retry, 1.0), retry.first * 2);
    }
}
