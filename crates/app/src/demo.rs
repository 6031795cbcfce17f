//! The demo: a simulated Google with a made-up library, signed in and ready to sync. Nothing of it leaves this computer,
//! and nothing of it touches real sign-ins or libraries.

mod folder;

use std::path::{Path, PathBuf};

use photokeep_google::{ClientFile, Endpoints};
use photokeep_library::Home;
use photokeep_model::{Code, Error, Result};
use photokeep_simulator::{Simulator, SimulatorConfig, generate};
use photokeep_sync::Patience;
use tokio::sync::mpsc;

use crate::account::SignInRequest;
use crate::app::App;

pub use folder::must_be_for_a_demo;

/// Decides what the made-up library looks like.
const SEED: u64 = 7;

/// A running demo. Ends when dropped.
pub struct Demo {
    /// The app, with its own home and the simulated Google.
    pub app: App,
    /// The demo library's folder.
    pub library: PathBuf,
    _google: Simulator,
}

impl Demo {
    /// As [`Demo::start`]; when it cannot start, the folder is left as it was.
    ///
    /// # Errors
    /// As [`Demo::start`].
    pub async fn start_tidily(folder: &Path, items: usize) -> Result<Self> {
        let before = folder::Before::of(folder);
        Self::start(folder, items).await.inspect_err(|_| before.restore(folder))
    }

    /// Starts the simulated Google and signs in. The library lies in `folder/library`, the app's state in `folder/state`.
    ///
    /// # Errors
    /// When the folder cannot be made or no port is free.
    pub async fn start(folder: &Path, items: usize) -> Result<Self> {
        let failed = |error: std::io::Error| Error::new(Code::Internal, "The demo could not start.").source(error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        let google = Simulator::start(SimulatorConfig::default(), generate::demo(items, SEED)).await.map_err(failed)?;
        let endpoints = serde_json::to_vec(&google.endpoints()).unwrap_or_default();
        let app = App::new(Home::at(folder.join("state"))?, Endpoints::from_json(&endpoints)?, false, Patience::default());
        let library = folder.join("library");
        let request = SignInRequest {
            library: library.clone(),
            client: ClientFile::from_json(google.client_secret_json().as_bytes())?,
            whole_library: true,
            start_over: true,
        };
        let pending = app.begin_sign_in(&request).await?;
        let (paste, pasted) = mpsc::channel(1);
        let answer = google.control().approve(pending.address.as_str()).map_err(failed)?;
        paste.send(answer).await.map_err(|_| Error::new(Code::Internal, "The demo could not sign in."))?;
        app.finish_sign_in(&request, pending, pasted, |_| {}).await?;
        Ok(Self { app, library, _google: google })
    }
}
