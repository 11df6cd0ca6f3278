//! Named points at which a test may end the process, as `kill -9` would: `COPYDESK_KILL=before-commit:3` ends it when
//! that point is passed for the third time, `COPYDESK_KILL_ON=name` when a file of that name is in hand. Release builds
//! have none.

use std::path::Path;

/// Passes a point.
#[cfg(debug_assertions)]
pub(super) fn point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    static WISH: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static PASSED: AtomicU64 = AtomicU64::new(0);
    let wish = WISH.get_or_init(|| {
        let wish = std::env::var("COPYDESK_KILL").ok()?;
        let (name, nth) = wish.split_once(':')?;
        Some((name.to_owned(), nth.parse().ok()?))
    });
    let Some((wanted, nth)) = wish else { return };
    if wanted == name && PASSED.fetch_add(1, Ordering::Relaxed) + 1 == *nth {
        std::process::abort();
    }
}

/// Passes a point.
#[cfg(not(debug_assertions))]
pub(super) fn point(_name: &str) {}

/// Has a file in hand.
#[cfg(debug_assertions)]
pub(super) fn on(path: &Path) {
    let name = std::env::var_os("COPYDESK_KILL_ON");
    if name.is_some() && path.file_name() == name.as_deref() {
        std::process::abort();
    }
}

/// Has a file in hand.
#[cfg(not(debug_assertions))]
pub(super) fn on(_path: &Path) {}
