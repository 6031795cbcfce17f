//! The host that a browser is: it can show and ask, but it cannot reach into the computer.

use std::path::{Path, PathBuf};

use photokeep_app::boundary::{Capabilities, Host, HostKind, Waiting};
use photokeep_app::model::{Code, Error, Result};

/// A browser, perhaps on another computer than the library.
pub(super) struct Browser {
    /// Whether it may open any library, or only the one that was named.
    pub(super) choose_library: bool,
}

fn cannot() -> Error {
    Error::new(Code::Usage, "A browser cannot do that.")
}

impl Host for Browser {
    fn kind(&self) -> HostKind {
        HostKind::Browser
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            pick_folder: false,
            reveal: false,
            save_file: false,
            open_address: false,
            choose_library: self.choose_library,
        }
    }

    fn pick_folder(&self, _: Option<PathBuf>) -> Waiting<'_, Result<Option<PathBuf>>> {
        Box::pin(async { Err(cannot()) })
    }

    fn pick_archives(&self) -> Waiting<'_, Result<Vec<PathBuf>>> {
        Box::pin(async { Err(cannot()) })
    }

    fn save_file(&self, _: String, _: Vec<u8>) -> Waiting<'_, Result<Option<PathBuf>>> {
        Box::pin(async { Err(cannot()) })
    }

    fn open_address(&self, _: &str) -> Result<()> {
        Err(cannot())
    }

    fn reveal(&self, _: &Path) -> Result<()> {
        Err(cannot())
    }
}
