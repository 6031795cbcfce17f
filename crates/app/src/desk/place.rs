//! The library that is open: where it lies, which app it belongs to, and a look into its catalog.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use photokeep_library::Catalog;
use photokeep_model::{Code, Error, Result};

use crate::app::App;

/// The library that is open.
pub(crate) struct Place {
    /// The app with this library's state: Photokeep's own, or the demo's.
    pub app: App,
    /// The library's folder.
    pub folder: PathBuf,
    /// Keeps the demo's simulated Google alive.
    #[cfg(feature = "demo")]
    pub demo: Option<crate::demo::Demo>,
    looks: Mutex<Looks>,
}

/// Connections for looking that nobody uses just now: a slow question does not keep the quick ones waiting.
#[derive(Default)]
struct Looks {
    idle: Vec<Catalog>,
    /// Counts how often they were forgotten; one from before is not kept.
    time: u64,
}

/// Connections kept: pictures, a screen, and something slow.
const KEPT: usize = 3;

impl Place {
    pub(crate) fn new(app: App, folder: PathBuf) -> Self {
        Self {
            app,
            folder,
            #[cfg(feature = "demo")]
            demo: None,
            looks: Mutex::default(),
        }
    }

    /// The demo library, with its simulated Google.
    #[cfg(feature = "demo")]
    pub(crate) fn demo(demo: crate::demo::Demo) -> Self {
        Self { app: demo.app.clone(), folder: demo.library.clone(), looks: Mutex::default(), demo: Some(demo) }
    }

    /// Whether this is the demo library.
    pub(crate) fn is_demo(&self) -> bool {
        #[cfg(feature = "demo")]
        return self.demo.is_some();
        #[cfg(not(feature = "demo"))]
        false
    }

    /// Looks into the catalog on a thread that may wait for the disk. `None` while there is no library in the folder.
    pub(crate) async fn look<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Catalog, &Path) -> Result<T> + Send + 'static,
    ) -> Result<Option<T>> {
        let place = self.clone();
        blocking(move || place.look_now(work)).await
    }

    /// Looks into the catalog. The connection is kept for the next look.
    pub(crate) fn look_now<T>(&self, work: impl FnOnce(&Catalog, &Path) -> Result<T>) -> Result<Option<T>> {
        let (kept, time) = {
            let mut looks = self.looks();
            (looks.idle.pop(), looks.time)
        };
        let catalog = match kept {
            Some(catalog) => catalog,
            None => match self.app.look(&self.folder) {
                Ok((_, catalog)) => catalog,
                Err(error) if error.code == Code::NoLibrary => return Ok(None),
                Err(error) => return Err(error),
            },
        };
        let result = work(&catalog, &self.folder)?;
        // After an error the connection is not kept: the catalog may have been replaced.
        let mut looks = self.looks();
        if looks.time == time && looks.idle.len() < KEPT {
            looks.idle.push(catalog);
        }
        Ok(Some(result))
    }

    /// Forgets the connections, because a run may have put another catalog in its place.
    pub(crate) fn forget_catalog(&self) {
        let mut looks = self.looks();
        looks.idle.clear();
        looks.time += 1;
    }

    fn looks(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs `work` on a thread that may wait for the disk.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        Error::new(Code::Internal, "Something in Photokeep itself went wrong; your photos are not affected.").source(error)
    })?
}
