//! What the environment says. Nothing below this crate reads it.

use std::time::Duration;

use photokeep_app::model::Result;
use photokeep_app::{App, Patience};

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
    App::from_environment(|name| std::env::var_os(name), patience)
}

/// A log on the error output when `PHOTOKEEP_LOG` asks for one (`debug`, `photokeep_sync=trace`).
pub fn start_log() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("PHOTOKEEP_LOG") {
        // A second start in one process would be the only way to fail.
        let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    }
}
