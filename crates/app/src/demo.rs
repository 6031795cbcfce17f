//! The demo: a simulated Google with a made-up library, signed in and ready to sync, and a Takeout of the same account,
//! ready to import. Nothing of it leaves this computer, and nothing of it touches real sign-ins or libraries.

mod folder;
mod takeout;

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
pub use takeout::DemoTakeout;
use takeout::Writing;

/// Decides what the made-up library looks like.
pub const SEED: u64 = 7;

/// A running demo. Ends when dropped.
pub struct Demo {
    /// The app, with its own home and the simulated Google.
    pub app: App,
    /// The demo library's folder.
    pub library: PathBuf,
    takeout: Option<Writing>,
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

    /// Starts the simulated Google, signs in, and begins to write the Takeout. The library lies in `folder/library`, the
    /// archives in `folder/takeout`, the app's state in `folder/state`.
    ///
    /// # Errors
    /// When the folder cannot be made or no port is free.
    pub async fn start(folder: &Path, items: usize) -> Result<Self> {
        let failed = |error: std::io::Error| Error::new(Code::Internal, "The demo could not start.").source(error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        let google = Simulator::start(SimulatorConfig::default(), generate::demo(items, SEED)).await.map_err(failed)?;
        let endpoints = serde_json::to_vec(&google.endpoints()).unwrap_or_default();
        let app = App::new(Home::at(folder.join(folder::STATE))?, Endpoints::from_json(&endpoints)?, false, Patience::default());
        let library = folder.join(folder::LIBRARY);
        let request = SignInRequest {
            library: library.clone(),
            client: ClientFile::from_json(google.client_secret_json().as_bytes())?,
            whole_library: true,
            upload: false,
            start_over: true,
        };
        let pending = app.begin_sign_in(&request).await?;
        let (paste, pasted) = mpsc::channel(1);
        let answer = google.control().approve(pending.address.as_str()).map_err(failed)?;
        paste.send(answer).await.map_err(|_| Error::new(Code::Internal, "The demo could not sign in."))?;
        app.finish_sign_in(&request, pending, pasted, |_| {}).await?;
        let state = folder.join(folder::STATE);
        let takeout = Writing::begin(items, SEED, google.control(), state.join("takeout"), folder.join(folder::TAKEOUT));
        Ok(Self { app, library, takeout: Some(takeout.map_err(failed)?), _google: google })
    }

    /// Waits until the Takeout lies ready.
    ///
    /// # Errors
    /// When it could not be written, and when it was waited for before.
    pub async fn takeout(&mut self) -> Result<DemoTakeout> {
        match self.takeout.take() {
            Some(writing) => writing.end().await,
            None => Err(Error::new(Code::Internal, "The demo's Takeout was asked for twice.")),
        }
    }
}
