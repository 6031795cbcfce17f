//! What differs between the hosts: a window can show a folder picker, a browser cannot.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use photokeep_model::{Code, Error, Result};
use serde::Serialize;
use ts_rs::TS;

use crate::desk::Notice;

/// Something that takes its time.
pub type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where the user interface runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum HostKind {
    /// In Photokeep's own window.
    Window,
    /// In a browser, perhaps on another computer than the library.
    Browser,
}

/// What the host can do; the user interface leaves out what it cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Capabilities {
    /// Let the person choose a folder, or archives, in a dialog of the system.
    pub pick_folder: bool,
    /// Show a file in the system's file manager.
    pub reveal: bool,
    /// Let the person choose where a file is saved.
    pub save_file: bool,
    /// Open an address in the system's browser.
    pub open_address: bool,
    /// Open another library, the demo one for example.
    pub choose_library: bool,
}

/// A host of the user interface.
pub trait Host: Send + Sync + 'static {
    /// Where the user interface runs.
    fn kind(&self) -> HostKind;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// What stands before `/file/12` for films, where they cannot come the way pictures do.
    fn films(&self) -> Option<String> {
        None
    }

    /// Whether there is a tray that Photokeep can stay in.
    fn has_tray(&self) -> bool {
        false
    }

    /// Whether Photokeep starts when the person signs in to the computer; `None` where this host cannot.
    fn starts_at_login(&self) -> Option<bool> {
        None
    }

    /// Has Photokeep start when the person signs in to the computer, or not.
    ///
    /// # Errors
    /// When the system does not let it.
    fn start_at_login(&self, on: bool) -> Result<()> {
        let _ = on;
        Err(Error::new(Code::Usage, "This can be set in Photokeep's own window only."))
    }

    /// Closes the window; Photokeep stays in the tray or ends.
    fn leave(&self, stay: bool) {
        let _ = stay;
    }

    /// Tells the person something although they look elsewhere, as far as their settings want it.
    fn notify(&self, notice: &Notice) {
        let _ = notice;
    }

    /// Lets the person choose a folder; `None` when they chose none.
    fn pick_folder(&self, start: Option<PathBuf>) -> Waiting<'_, Result<Option<PathBuf>>>;

    /// Lets the person choose archives of Google Takeout, several at once; none when they chose none.
    fn pick_archives(&self) -> Waiting<'_, Result<Vec<PathBuf>>>;

    /// Lets the person choose where `content` is saved; `None` when they chose nowhere.
    fn save_file(&self, name: String, content: Vec<u8>) -> Waiting<'_, Result<Option<PathBuf>>>;

    /// Opens an address in the system's browser.
    ///
    /// # Errors
    /// When there is no browser.
    fn open_address(&self, address: &str) -> Result<()>;

    /// Shows a file in the system's file manager.
    ///
    /// # Errors
    /// When there is no file manager.
    fn reveal(&self, path: &Path) -> Result<()>;
}
