//! The mark that makes a folder a library, and where a library may lie.

use std::fs;
use std::path::{Path, PathBuf};

use photokeep_model::{Code, Error, Result};
use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::flush;
use crate::folder::{Library, STATE_FOLDER};
use crate::target::target_error;

const MARK: &str = "library.json";
pub(crate) const CATALOG_COPY: &str = "catalog.sqlite";
const NOTE_FOR_STRANGERS: &str = include_str!("strangers.txt");

/// What `library.json` says.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    library: String,
    made_by: String,
    format: u32,
}

impl Library {
    /// Whether a library may be made in this folder: not inside another one, and not around one. The folder need not exist.
    ///
    /// # Errors
    /// [`Code::Usage`], with the library that is in the way.
    pub fn check_place(root: &Path) -> Result<()> {
        let root = absolute(root);
        if Self::is_library(&root) {
            return Ok(());
        }
        let refuse = |sentence: String| {
            Err(Error::new(Code::Usage, format!("{sentence} Nothing was changed."))
                .hint("Choose a folder that has nothing to do with another library."))
        };
        if let Some(around) = root.ancestors().skip(1).find(|folder| Self::is_library(folder)) {
            return refuse(format!(
                "{} lies inside the library {}; a library cannot hold another one.",
                root.display(),
                around.display()
            ));
        }
        let is_state = |folder: &Path| folder.file_name().is_some_and(|name| name == STATE_FOLDER);
        if root.ancestors().any(|folder| is_state(folder) && (folder == root || folder.join("tmp").is_dir())) {
            return refuse(format!("{} is in a folder that Photokeep keeps for itself.", root.display()));
        }
        let inside =
            fs::read_dir(&root).into_iter().flatten().flatten().map(|entry| entry.path()).find(|path| Self::is_library(path));
        match inside {
            Some(inside) => refuse(holds_a_library(&root, &inside)),
            None => Ok(()),
        }
    }
}

pub(crate) fn holds_a_library(root: &Path, inside: &Path) -> String {
    format!("{} holds the library {}; a library cannot hold another one.", root.display(), inside.display())
}

/// Absolute, with symbolic links of existing folders resolved, so that one library has one name.
pub(crate) fn absolute(root: &Path) -> PathBuf {
    let full = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let resolved = full.ancestors().find_map(|folder| {
        let rest = full.strip_prefix(folder).ok()?;
        fs::canonicalize(folder).ok().map(|folder| if rest.as_os_str().is_empty() { folder } else { folder.join(rest) })
    });
    resolved.unwrap_or(full)
}

/// The number that the folder's mark names; `None` when it is no library.
pub(crate) fn read_mark(root: &Path) -> Result<Option<String>> {
    let path = root.join(STATE_FOLDER).join(MARK);
    match fs::read(&path) {
        Ok(bytes) => match serde_json::from_slice::<Mark>(&bytes) {
            Ok(mark) if uuid::Uuid::parse_str(&mark.library).is_ok() => Ok(Some(mark.library)),
            _ => copied_catalog_id(root)?.map(Some).ok_or_else(|| {
                Error::new(
                    Code::CatalogDamaged,
                    "The file that says which library this is cannot be read. Your photos are not affected.",
                )
                .hint("Remove the file .photokeep/library.json inside the library and run it again with --start-over.")
            }),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound || error.kind() == std::io::ErrorKind::NotADirectory => {
            Ok(None)
        }
        Err(error) => Err(target_error(error, &path)),
    }
}

/// The number of the library whose catalog copy lies in the folder, if a readable one does.
pub(crate) fn copied_catalog_id(root: &Path) -> Result<Option<String>> {
    let copy = root.join(STATE_FOLDER).join(CATALOG_COPY);
    if !copy.exists() {
        return Ok(None);
    }
    Ok(Catalog::open_read_only(&copy).and_then(|catalog| catalog.meta("library")).ok().flatten())
}

/// Makes the folder a library.
pub(crate) fn create_mark(root: &Path, id: &str) -> Result<()> {
    let state = root.join(STATE_FOLDER);
    let create = || -> std::io::Result<()> {
        fs::create_dir_all(state.join("tmp"))?;
        let mark = Mark { library: id.to_owned(), made_by: format!("photokeep {}", env!("CARGO_PKG_VERSION")), format: 1 };
        fs::write(state.join("README.txt"), NOTE_FOR_STRANGERS)?;
        flush::write_atomically(&state.join(MARK), &serde_json::to_vec_pretty(&mark).unwrap_or_default())
    };
    create().map_err(|error| target_error(error, root))
}

pub(crate) fn no_library(root: &Path) -> Error {
    Error::new(Code::NoLibrary, format!("There is no Photokeep library in {}.", root.display()))
        .hint("`photokeep sync FOLDER` makes one; check the spelling if it should be there.")
}

pub(crate) fn gone(root: &Path) -> Error {
    Error::new(Code::TargetGone, format!("{} was a library before, but its files are not there now. Nothing was changed.", root.display()))
        .hint("If it lies on an external disk or a network share, connect it and try again. If you emptied the folder on purpose, run it again with --start-over.")
}
