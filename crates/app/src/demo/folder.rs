//! The folder that a demo may use, and how it is left when the demo cannot start.

use std::path::Path;

use photokeep_library::Library;
use photokeep_model::{Code, Error, Result};

/// What a demo keeps in its folder.
pub(super) const LIBRARY: &str = "library";
pub(super) const STATE: &str = "state";
pub(super) const TAKEOUT: &str = "takeout";

/// Refuses a folder that holds anything but an earlier demo: at its end a demo says that its folder can be deleted.
///
/// # Errors
/// What is wrong with the folder. Nothing is changed.
pub fn must_be_for_a_demo(folder: &Path) -> Result<()> {
    let refuse = |sentence: String| {
        Err(Error::new(Code::Usage, format!("{sentence} Nothing was changed."))
            .hint("Name a new or an empty folder, for example: photokeep demo photokeep-demo"))
    };
    let shown = folder.display();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Library::check_place(folder),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => return refuse(format!("{shown} is a file.")),
        Err(error) => {
            return Err(Error::new(Code::Usage, format!("{shown} cannot be read. Nothing was changed."))
                .hint("Name a folder of your own.")
                .source(error));
        }
    };
    if Library::is_library(folder) {
        return refuse(format!("{shown} is a library; the demo makes one of its own and leaves yours alone."));
    }
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    if names.is_empty() {
        return Library::check_place(folder);
    }
    // An earlier demo, also one that broke off, has its state and at most its library and its Takeout beside it.
    let state = folder.join(STATE).join("libraries").is_dir();
    if state && names.iter().all(|name| name == LIBRARY || name == STATE || name == TAKEOUT) {
        return Ok(());
    }
    refuse(format!("{shown} holds files that are not from a demo."))
}

/// What was there before a demo, so that one that cannot start leaves nothing behind.
pub(super) struct Before {
    folder: bool,
    state: bool,
}

impl Before {
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.exists(), state: folder.join(STATE).exists() }
    }

    pub fn restore(&self, folder: &Path) {
        if !self.state {
            // Made by this start alone, and nothing in it is anybody's.
            let _ = std::fs::remove_dir_all(folder.join(STATE));
        }
        if !self.folder {
            // Only when it is empty.
            let _ = std::fs::remove_dir(folder);
        }
    }
}
