//! What the environment says. Nothing below this crate reads it.

use std::path::PathBuf;
use std::time::Duration;

use photokeep_app::model::{Code, Error, Result};
use photokeep_app::{App, Endpoints, Home, Patience};

use crate::arguments::Waiting;

/// The app as the environment wants it.
///
/// # Errors
/// When the home cannot be made or the endpoints file cannot be read.
pub fn app(waiting: Option<Waiting>) -> Result<App> {
    let mut patience = Patience::default();
    if let Some(waiting) = waiting {
        patience.idle = Duration::from_secs(waiting.timeout);
        patience.outage = Duration::from_secs(waiting.patience);
        if waiting.wait_for_quota {
            patience.daily_quota = Duration::from_secs(26 * 3600);
        }
    }
    let folder = home()?;
    let home = Home::at(folder.clone()).map_err(|error| {
        Error::new(Code::Usage, format!("Photokeep cannot keep its own data in {}.", folder.display()))
            .hint("Set PHOTOKEEP_HOME to a folder that you may write to.")
            .source(error)
    })?;
    Ok(App::new(home, endpoints()?, keychain(), patience))
}

fn home() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("PHOTOKEEP_HOME").filter(|path| !path.is_empty()) {
        return Ok(PathBuf::from(path));
    }
    directories::ProjectDirs::from("", "", "photokeep").map(|folders| folders.data_local_dir().to_owned()).ok_or_else(|| {
        Error::new(Code::Usage, "This user has no home folder, so Photokeep does not know where to keep its own data.")
            .hint("Set PHOTOKEEP_HOME to a folder.")
    })
}

fn endpoints() -> Result<Endpoints> {
    let Some(path) = std::env::var_os("PHOTOKEEP_ENDPOINTS").filter(|path| !path.is_empty()) else {
        return Ok(Endpoints::default());
    };
    let text = std::fs::read(&path)
        .map_err(|error| Error::new(Code::Usage, "The file that PHOTOKEEP_ENDPOINTS names cannot be read.").source(error))?;
    Endpoints::from_json(&text)
}

fn keychain() -> bool {
    std::env::var_os("PHOTOKEEP_KEYCHAIN").is_none_or(|value| value != "off")
}

/// A log on the error output when `PHOTOKEEP_LOG` asks for one (`debug`, `photokeep_sync=trace`).
pub fn start_log() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("PHOTOKEEP_LOG") {
        // A second start in one process would be the only way to fail.
        let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    }
}
