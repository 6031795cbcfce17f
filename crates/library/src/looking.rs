//! Small things around libraries that need no lock: whether a folder is one, and Photokeep's own small files.

use std::path::Path;

use photokeep_model::Result;

use crate::flush;
use crate::folder::{Home, Library, STATE_FOLDER};
use crate::target::target_error;

impl Library {
    /// Whether the folder carries a library's mark.
    pub fn is_library(folder: &Path) -> bool {
        folder.join(STATE_FOLDER).join("library.json").is_file()
    }
}

impl Home {
    /// Writes a small file of Photokeep's own state, so that its name always holds either the old or the new text.
    ///
    /// # Errors
    /// When Photokeep's own folder cannot be written.
    pub fn write(&self, name: &str, text: &[u8]) -> Result<()> {
        let path = self.path().join(name);
        flush::write_atomically(&path, text).map_err(|error| target_error(error, &path))
    }
}
