//! One window for each home of Photokeep, also where no session bus leads a second start to the first: then the second says so
//! and ends.

use std::fs::{File, TryLockError};
use std::path::Path;

/// Held for as long as the window is open.
pub struct OneWindow {
    _lock: Option<File>,
}

impl OneWindow {
    /// Takes the place of the only window; `None` if another one has it. A home that knows no locks has no such place, and a
    /// second window is no danger to photos: runs hold the library by a lock of their own.
    pub fn take(home: &Path) -> Option<Self> {
        let file = std::fs::create_dir_all(home).and_then(|()| File::create(home.join("window.lock"))).ok();
        match file.as_ref().map(File::try_lock) {
            Some(Err(TryLockError::WouldBlock)) => None,
            _ => Some(Self { _lock: file }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::OneWindow;

    #[test]
    fn the_place_is_free_again_when_the_window_is_closed() {
        let home = tempfile::tempdir().unwrap();
        let first = OneWindow::take(home.path());
        assert!(first.is_some());
        assert!(OneWindow::take(home.path()).is_none());
        drop(first);
        assert!(OneWindow::take(home.path()).is_some());
    }
}
