//! Where the app's state lies, where Google is, and how patient it is.

use std::path::Path;
use std::sync::Arc;

use photokeep_google::{Endpoints, LibraryApi, Session, TokenStore, api_client};
use photokeep_library::{Catalog, Home, Library};
use photokeep_model::{Progress, Result};
use photokeep_sync::sources::library_api::LibraryApiSource;
use photokeep_sync::{Control, Gate, Patience};
use url::Url;

use crate::updates;

/// The app behind every front end.
#[derive(Debug, Clone)]
pub struct App {
    pub(crate) home: Home,
    pub(crate) endpoints: Endpoints,
    pub(crate) keychain: bool,
    pub(crate) patience: Patience,
    /// Where the newest version is named; `None` where nobody looks.
    pub(crate) releases: Option<Url>,
}

impl App {
    /// An app with its state in `home`. With `keychain` off, sign-ins are kept in private files.
    pub fn new(home: Home, endpoints: Endpoints, keychain: bool, patience: Patience) -> Self {
        Self { home, endpoints, keychain, patience, releases: None }
    }

    /// The app, with the address of the file that names the newest version.
    ///
    /// # Errors
    /// [`Code::Usage`](photokeep_model::Code::Usage) when the address may not be asked: it must begin with `https`.
    pub fn looking_for_updates_at(mut self, address: &str) -> Result<Self> {
        self.releases = Some(updates::address(address)?);
        Ok(self)
    }

    /// Where its state lies.
    pub fn home(&self) -> &Home {
        &self.home
    }

    pub(crate) fn tokens(&self, library: &str) -> TokenStore {
        TokenStore::new(self.home.path(), library, self.keychain)
    }

    pub(crate) fn source(&self, library: &str) -> Result<Arc<LibraryApiSource>> {
        let http = api_client()?;
        let session = Arc::new(Session::open(http.clone(), &self.endpoints, self.tokens(library))?);
        Ok(Arc::new(LibraryApiSource::new(LibraryApi::new(http, &self.endpoints, session), self.patience.idle)?))
    }

    pub(crate) fn gate(&self, progress: Arc<dyn Progress>, control: Control) -> Gate {
        Gate::new(self.patience, progress, control)
    }

    /// The catalog of a library, for looking.
    pub(crate) fn look(&self, root: &Path) -> Result<(String, Catalog)> {
        Library::look(root, &self.home)
    }
}
