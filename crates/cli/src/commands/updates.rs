//! `updates`.

use std::process::ExitCode;

use chrono::Utc;
use photokeep_app::Release;
use photokeep_app::model::Result;

use crate::arguments::{Automatic, Updates};
use crate::environment;
use crate::output::say;
use crate::words::printable;

pub async fn updates(arguments: &Updates) -> Result<ExitCode> {
    let app = environment::app(None)?;
    if let Some(automatic) = arguments.automatic {
        app.look_for_updates(automatic == Automatic::On)?;
    }
    // Who switches it off wants nobody to be asked.
    let looked = match arguments.automatic {
        Some(Automatic::Off) => Ok(app.updates()),
        _ => app.look_for_update(Utc::now()).await,
    };
    if looked.is_err() && arguments.automatic.is_some() && !arguments.json {
        say!("Photokeep looks once a week from now on.");
    }
    let updates = looked?;
    if arguments.json {
        say!("{}", serde_json::json!(updates));
        return Ok(ExitCode::SUCCESS);
    }
    match &updates.newer {
        Some(release) => say!("{}", newer(release)),
        None if arguments.automatic != Some(Automatic::Off) => say!("Photokeep {} is the newest version.", updates.version),
        None => {}
    }
    say!(
        "{}",
        match updates.automatic {
            Some(true) => "Photokeep looks once a week. To stop that: photokeep updates off",
            _ => "Photokeep does not look by itself. To have it look once a week: photokeep updates on",
        }
    );
    Ok(ExitCode::SUCCESS)
}

/// Tells of a newer version.
pub fn newer(release: &Release) -> String {
    format!(
        "Photokeep {} is out; this is {}. What is new, and how to get it: {}",
        printable(&release.version),
        env!("CARGO_PKG_VERSION"),
        printable(&release.page)
    )
}
