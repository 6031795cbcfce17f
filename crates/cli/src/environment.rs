//! What the environment says. Nothing below this crate reads it.

use std::time::Duration;

use photokeep_app::model::Result;
use photokeep_app::{App, Patience};

use crate::arguments::{Endurance, Waiting};

/// What a check-up waits for Google: one that hangs for minutes tells less than one that says that nobody answers.
const CHECK_UP: Endurance = Endurance { patience: 15, wait_for_quota: false };

/// The app for a check-up.
///
/// # Errors
/// As [`app`].
pub fn app_for_check_up() -> Result<App> {
    app(Some(CHECK_UP.into()))
}

/// The app as the environment wants it.
///
/// # Errors
/// When the home cannot be made or the endpoints file cannot be read.
pub fn app(waiting: Option<Waiting>) -> Result<App> {
    let mut patience = Patience::default();
    if let Some(waiting) = waiting {
        patience.idle = Duration::from_secs(waiting.timeout);
        patience.outage = Duration::from_secs(waiting.endurance.patience);
        // A single wait must not be what patience runs out in.
        patience.longest_wait = patience.longest_wait.min((patience.outage / 2).max(patience.first_retry));
        if waiting.endurance.wait_for_quota {
            patience.daily_quota = Duration::from_secs(26 * 3600);
        }
    }
    App::from_environment(|name| std::env::var_os(name), patience)
}

/// A log on the error output when `PHOTOKEEP_LOG` asks for one (`debug`, `photokeep_sync=trace`).
pub fn start_log() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("PHOTOKEEP_LOG") {
        // An error output that is closed is no error: it would be told there, which ends the program.
        // A second start in one process would be the only way to fail.
        let _ =
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false).try_init();
    }
}
