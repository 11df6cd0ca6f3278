//! What only the C interface offers: the read lease, ignoring signals, and how many heaps the allocator keeps.
//!
//! The one place of `unsafe`. Everything else that is asked of the system goes through `std` or `rustix`.
#![allow(
    unsafe_code,
    reason = "fcntl(F_SETLEASE), signal(SIG_IGN) and mallopt have no safe wrapper; all take plain integers"
)]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;

/// What a read lease said about writers of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// It was granted: at that moment nobody had the file open for writing or mapped writable.
    Free,
    /// It was refused because somebody has the file open for writing.
    Written,
    /// It cannot be had here: another owner without `CAP_LEASE`, or a file system without leases.
    Unavailable,
}

/// Asks for a read lease on a file opened for reading, and gives it back at once.
///
/// A program that opens the file for writing in between waits for the microseconds until it is given back; the kernel
/// tells us so by SIGIO, so [`ignore_signals`] has to have been called before.
pub fn read_lease(file: &File) -> Lease {
    // SAFETY: fcntl with F_SETLEASE reads no memory of ours: the descriptor is open for as long as `file` is borrowed,
    // and the argument is an integer.
    let granted = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_RDLCK) };
    if granted == -1 {
        return match io::Error::last_os_error().raw_os_error() {
            Some(libc::EAGAIN) => Lease::Written,
            _ => Lease::Unavailable,
        };
    }
    // SAFETY: as above. That it fails would mean there is no lease any more, which is what is wanted; closing the
    // descriptor gives it back in any case.
    unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_UNLCK) };
    Lease::Free
}

/// Ignores the two signals whose default would end the process for nothing: SIGIO (a lease was broken in the moment it
/// was held) and SIGXFSZ (a file size limit was reached; the write then fails with an error, which is handled).
pub fn ignore_signals() {
    for signal in [libc::SIGIO, libc::SIGXFSZ] {
        // SAFETY: SIG_IGN installs no handler, so no code of ours can run in a signal context; both numbers are valid,
        // which is the only way the call could fail.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
}

/// Most heaps of glibc's allocator. By default there may be eight to a processor, one for each thread that ever had to wait
/// for another; what is free in one is of no use to the others. With the threads that work on a big archive that was 18 of
/// 128 MB (two heaps: 12), while one heap is no slower: what threads use over and over they keep by themselves.
#[cfg(target_env = "gnu")]
const HEAPS_MAX: libc::c_int = 1;

/// Has threads share few heaps, to be called before there are any. Other allocators are left as they are.
pub fn share_heaps() {
    #[cfg(target_env = "gnu")]
    // SAFETY: mallopt takes two integers and sets a parameter of the allocator; it is documented to be called before the
    // first thread is started. An unknown parameter would be refused, which changes nothing.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, HEAPS_MAX);
    }
}
