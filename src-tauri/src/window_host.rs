//! What the window can do for the engine: dialogs, the system's browser and its file manager.

use std::path::{Path, PathBuf};

use photokeep_app::boundary::{Capabilities, Host, HostKind, Waiting};
use photokeep_app::desk::Notice;
use photokeep_app::model::{Code, Error, Result};
use tauri::{AppHandle, Manager};
use tauri_plugin_autostart::ManagerExt;
use tauri_plugin_dialog::{DialogExt, FilePath};
use tauri_plugin_opener::OpenerExt;
use tokio::sync::oneshot;

use crate::tray::Tray;
use crate::{closing, notices};

/// The window as the desk sees it.
pub struct WindowHost {
    app: AppHandle,
    films: Option<String>,
}

impl WindowHost {
    /// The host of this app's window.
    pub fn new(app: AppHandle, films: Option<String>) -> Self {
        Self { app, films }
    }
}

/// The answer of a dialog; a dialog that vanished was not answered.
async fn answered(answer: oneshot::Receiver<Option<FilePath>>) -> Option<PathBuf> {
    answer.await.ok().flatten().and_then(|path| path.into_path().ok())
}

impl Host for WindowHost {
    fn kind(&self) -> HostKind {
        HostKind::Window
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { pick_folder: true, reveal: true, save_file: true, open_address: true, choose_library: true }
    }

    fn films(&self) -> Option<String> {
        self.films.clone()
    }

    fn has_tray(&self) -> bool {
        self.app.try_state::<Tray>().is_some_and(|tray| tray.is_there())
    }

    fn starts_at_login(&self) -> Option<bool> {
        self.app.autolaunch().is_enabled().ok()
    }

    fn start_at_login(&self, on: bool) -> Result<()> {
        let item = self.app.autolaunch();
        let done = if on { item.enable() } else { item.disable() };
        done.map_err(|error| {
            Error::new(Code::Usage, "The system did not take the change; Photokeep starts as before.")
                .hint("Look into the system's own settings for programs that start at login.")
                .source(error)
        })
    }

    fn leave(&self, stay: bool) {
        let app = self.app.clone();
        // Where the main loop is gone, so is the window.
        let _ = self.app.run_on_main_thread(move || closing::leave(&app, stay));
    }

    fn notify(&self, notice: &Notice) {
        notices::tell(&self.app, notice);
    }

    fn pick_folder(&self, start: Option<PathBuf>) -> Waiting<'_, Result<Option<PathBuf>>> {
        let (tell, answer) = oneshot::channel();
        let mut dialog = self.app.dialog().file().set_can_create_directories(true);
        if let Some(start) = start.as_deref().and_then(|start| start.ancestors().find(|folder| folder.is_dir())) {
            dialog = dialog.set_directory(start);
        }
        dialog.pick_folder(move |path| drop(tell.send(path)));
        Box::pin(async move { Ok(answered(answer).await) })
    }

    fn pick_archives(&self) -> Waiting<'_, Result<Vec<PathBuf>>> {
        let (tell, answer) = oneshot::channel();
        let dialog = self.app.dialog().file().add_filter("Google Takeout", &["zip", "tgz", "gz", "tar"]);
        dialog.pick_files(move |paths| drop(tell.send(paths)));
        Box::pin(async move {
            let paths = answer.await.ok().flatten().unwrap_or_default();
            Ok(paths.into_iter().filter_map(|path| path.into_path().ok()).collect())
        })
    }

    fn save_file(&self, name: String, content: Vec<u8>) -> Waiting<'_, Result<Option<PathBuf>>> {
        let (tell, answer) = oneshot::channel();
        self.app.dialog().file().set_file_name(name).save_file(move |path| drop(tell.send(path)));
        Box::pin(async move {
            let Some(path) = answered(answer).await else { return Ok(None) };
            tokio::fs::write(&path, content).await.map_err(|error| {
                Error::new(Code::TargetReadOnly, "The report could not be saved there. Nothing else was changed.")
                    .hint("Choose another folder.")
                    .detail("path", path.display())
                    .source(error)
            })?;
            Ok(Some(path))
        })
    }

    fn open_address(&self, address: &str) -> Result<()> {
        self.app.opener().open_url(address, None::<&str>).map_err(|error| {
            Error::new(Code::Usage, "No browser could be opened.").hint("Open the address by hand in a browser.").source(error)
        })
    }

    fn reveal(&self, path: &Path) -> Result<()> {
        self.app.opener().reveal_item_in_dir(path).map_err(|error| {
            Error::new(Code::Usage, "No file manager could be opened.")
                .hint("Open the folder by hand.")
                .detail("path", path.display())
                .source(error)
        })
    }
}
