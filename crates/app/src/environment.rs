//! The app as its environment wants it. The environment is handed in by the program; nothing here reads it by itself.

use std::ffi::OsString;
use std::path::PathBuf;

use photokeep_google::Endpoints;
use photokeep_library::Home;
use photokeep_model::{Code, Error, Result};
use photokeep_sync::Patience;

use crate::app::App;
use crate::updates;

impl App {
    /// The app with its state where `PHOTOKEEP_HOME` says or the system keeps such things, Google where
    /// `PHOTOKEEP_ENDPOINTS` says or where it is, and sign-ins in the keychain unless `PHOTOKEEP_KEYCHAIN=off`. Newer versions are looked
    /// for, if the person wants it, where `PHOTOKEEP_RELEASES` says or where it was built to; nowhere with `PHOTOKEEP_RELEASES=off`.
    ///
    /// # Errors
    /// When the home cannot be made, the endpoints file cannot be read, or `PHOTOKEEP_RELEASES` is no address.
    pub fn from_environment(variable: impl Fn(&str) -> Option<OsString>, patience: Patience) -> Result<Self> {
        let variable = |name| variable(name).filter(|value| !value.is_empty());
        let folder = match variable("PHOTOKEEP_HOME") {
            Some(path) => PathBuf::from(path),
            None => system_home()?,
        };
        let home = Home::at(folder.clone()).map_err(|error| {
            Error::new(Code::Usage, format!("Photokeep cannot keep its own data in {}.", folder.display()))
                .hint("Set PHOTOKEEP_HOME to a folder that you may write to.")
                .source(error)
        })?;
        let endpoints = match variable("PHOTOKEEP_ENDPOINTS") {
            Some(path) => {
                let text = std::fs::read(&path).map_err(|error| {
                    Error::new(Code::Usage, "The file that PHOTOKEEP_ENDPOINTS names cannot be read.").source(error)
                })?;
                Endpoints::from_json(&text)?
            }
            None => Endpoints::default(),
        };
        let keychain = variable("PHOTOKEEP_KEYCHAIN").is_none_or(|value| value != "off");
        let app = Self::new(home, endpoints, keychain, patience);
        let given = variable("PHOTOKEEP_RELEASES").map(|address| address.to_string_lossy().into_owned());
        match given.as_deref().or(updates::built_in()) {
            None | Some("off") => Ok(app),
            Some(address) => app.looking_for_updates_at(address),
        }
    }
}

fn system_home() -> Result<PathBuf> {
    directories::ProjectDirs::from("", "", "photokeep").map(|folders| folders.data_local_dir().to_owned()).ok_or_else(|| {
        Error::new(Code::Usage, "This user has no home folder, so Photokeep does not know where to keep its own data.")
            .hint("Set PHOTOKEEP_HOME to a folder.")
    })
}
