//! The library that is open: where it lies, which app it belongs to, and a look into its catalog.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

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
    catalog: Mutex<Option<Catalog>>,
}

impl Place {
    pub(crate) fn new(app: App, folder: PathBuf) -> Self {
        Self {
            app,
            folder,
            #[cfg(feature = "demo")]
            demo: None,
            catalog: Mutex::new(None),
        }
    }

    /// The demo library, with its simulated Google.
    #[cfg(feature = "demo")]
    pub(crate) fn demo(demo: crate::demo::Demo) -> Self {
        Self { app: demo.app.clone(), folder: demo.library.clone(), catalog: Mutex::new(None), demo: Some(demo) }
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
        let mut kept = self.catalog.lock().unwrap_or_else(PoisonError::into_inner);
        let catalog = match kept.take() {
            Some(catalog) => catalog,
            None => match self.app.look(&self.folder) {
                Ok((_, catalog)) => catalog,
                Err(error) if error.code == Code::NoLibrary => return Ok(None),
                Err(error) => return Err(error),
            },
        };
        let result = work(&catalog, &self.folder)?;
        // After an error the connection is not kept: the catalog may have been replaced.
        *kept = Some(catalog);
        Ok(Some(result))
    }

    /// Forgets the connection, because a run may have put another catalog in its place.
    pub(crate) fn forget_catalog(&self) {
        *self.catalog.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Runs `work` on a thread that may wait for the disk.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        Error::new(Code::Internal, "Something in Photokeep itself went wrong; your photos are not affected.").source(error)
    })?
}
