//! The desk: what a person with a window in front of them works at. It knows which library is open, which run and which
//! sign-in are under way, and what was set. One file a room of commands; the router in `boundary/` calls them.
//!
//! Promises: at most one run and one sign-in at a time; whatever a front end is told by an event it can also ask for; looking
//! at a library never waits for a run and never holds one up; closing the desk lets a run end tidily.

pub mod account;
pub mod activity;
pub mod adopt;
pub mod albums;
pub mod background;
pub mod compare;
pub mod demo;
pub mod failures;
pub mod folders;
pub mod home;
pub mod import;
pub mod inbox;
pub mod items;
pub mod media;
mod media_http;
pub mod options;
mod place;
mod quiet_task;
mod run_desk;
pub mod runs;
mod scheduled_run;
pub mod settings;
pub mod start;
pub mod timeline;
pub mod trash;
pub mod updates;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use photokeep_library::Library;
use photokeep_model::{Code, Error, Result};
use tokio::sync::{Semaphore, broadcast};

use crate::app::App;
use crate::boundary::{DeskEvent, Host};
use crate::thumbnails::{BackgroundMaker, DEFAULT_LIMIT, Thumbnails};
use account::SignInDesk;
use background::BackgroundDesk;
use place::{Place, blocking};
use run_desk::RunDesk;

pub use background::{Glance, Notice, PauseFor};
pub use media::{MediaAnswer, MediaBody, MediaRequest};
pub use media_http::media_router;
pub(crate) use settings::SettingsFile;
pub use settings::{Language, Notify, Settings};

/// Events that a front end which stopped listening for a while may miss before it has to ask for everything anew.
const EVENTS_KEPT: usize = 256;

/// What a person with a window works at.
pub struct Desk {
    app: App,
    host: Arc<dyn Host>,
    events: broadcast::Sender<DeskEvent>,
    settings: SettingsFile,
    place: RwLock<Option<Arc<Place>>>,
    run: Arc<RunDesk>,
    sign_in: Mutex<SignInDesk>,
    thumbnails: Thumbnails,
    /// Turns to look for small pictures.
    looking: Semaphore,
    picture_maker: Mutex<Option<BackgroundMaker>>,
    inbox: inbox::InboxDesk,
    background: BackgroundDesk,
    looking_for_updates: quiet_task::QuietTask,
}

impl Desk {
    /// A desk with the library that was open last, or with the one in `folder`.
    ///
    /// # Errors
    /// When Photokeep's own folder cannot be written.
    pub fn new(app: App, host: Arc<dyn Host>, folder: Option<PathBuf>) -> Result<Arc<Self>> {
        let settings = SettingsFile::open(app.home());
        let thumbnails = Thumbnails::open(&app.home().path().join("cache").join("thumbnails"), DEFAULT_LIMIT)?;
        let (events, _) = broadcast::channel(EVENTS_KEPT);
        let folder = folder.or_else(|| settings.read().library);
        let place = folder.map(|folder| Arc::new(Place::new(app.clone(), app.home().place_of(&folder))));
        let run = RunDesk::new(events.clone(), app.home().clone());
        let desk = Arc::new(Self {
            app,
            host,
            events,
            settings,
            place: RwLock::new(place),
            run,
            sign_in: Mutex::default(),
            thumbnails,
            looking: Semaphore::new(media::LOOKS),
            picture_maker: Mutex::default(),
            inbox: inbox::InboxDesk::default(),
            background: BackgroundDesk::default(),
            looking_for_updates: quiet_task::QuietTask::default(),
        });
        desk.begin();
        Ok(desk)
    }

    /// Turns to the library in `folder`, as if it had been named at the start. Nothing is made there.
    ///
    /// # Errors
    /// [`Code::LibraryBusy`] while a run is under way.
    pub fn turn_to(&self, folder: PathBuf) -> Result<()> {
        if self.place().is_some_and(|place| place.folder == folder) {
            return Ok(());
        }
        self.must_be_idle()?;
        self.set_place(Place::new(self.app.clone(), folder));
        Ok(())
    }

    /// Turns to where the disk of the open library came back, if it has another name now; while a run is under way, later.
    async fn follow_disk(self: &Arc<Self>) {
        let Some(place) = self.place().filter(|place| !place.is_demo()) else { return };
        let (home, folder) = (self.app.home().clone(), place.folder.clone());
        let Ok(now) = blocking(move || Ok(home.place_of(&folder))).await else { return };
        if now != place.folder
            && let Err(error) = self.turn_to(now).and_then(|()| self.remember_library())
        {
            tracing::debug!(code = ?error.code, "not gone where the library's disk came back");
        }
    }

    /// Remembers the open library as the one that a window opens next time, if it is one by now.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub fn remember_library(&self) -> Result<()> {
        match self.place().filter(|place| Library::is_library(&place.folder)) {
            Some(place) => self.settings.change(|settings| settings.library = Some(place.folder.clone())).map(drop),
            None => Ok(()),
        }
    }

    /// What happens from now on.
    pub fn listen(&self) -> broadcast::Receiver<DeskEvent> {
        self.events.subscribe()
    }

    /// Has the inboxes of the open library looked into, its schedule kept and, if wanted, newer versions looked for from now on, if
    /// that can be begun here: it needs a runtime.
    pub fn begin(self: &Arc<Self>) {
        self.inbox.task.begin(|| inbox::watch(Arc::downgrade(self)));
        self.background.task.begin(|| background::watch(Arc::downgrade(self)));
        self.looking_for_updates.begin(|| updates::watch(Arc::downgrade(self)));
    }

    /// Looks into the inboxes as if it were `now`, as the task does by itself, and starts an import when something is
    /// finished. Answers whether one was started.
    ///
    /// # Errors
    /// Catalog errors.
    pub async fn look_into_inboxes(self: &Arc<Self>, now: DateTime<Utc>) -> Result<bool> {
        inbox::look(self, now).await
    }

    /// Stops a run tidily and waits for its end; what it has done stays done.
    pub async fn close(&self) {
        self.inbox.task.end().await;
        self.background.task.end().await;
        self.looking_for_updates.end().await;
        drop(self.picture_maker.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.run.close().await;
    }

    /// What is open.
    pub(crate) fn place(&self) -> Option<Arc<Place>> {
        self.place.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is open, when it must be something.
    pub(crate) fn open_place(&self) -> Result<Arc<Place>> {
        self.place()
            .ok_or_else(|| Error::new(Code::NoLibrary, "No library is open yet.").hint("Choose a folder for your photos first."))
    }

    pub(crate) fn set_place(&self, place: Place) {
        *self.place.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(place));
        self.tell(DeskEvent::Library);
    }

    pub(crate) fn tell(&self, event: DeskEvent) {
        // Nobody listening is no trouble: what is told can be asked for.
        let _ = self.events.send(event);
    }

    pub(crate) fn sign_in_desk(&self) -> MutexGuard<'_, SignInDesk> {
        // Plain values; whoever panicked left them usable.
        self.sign_in.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses while a run works on the library.
    pub(crate) fn must_be_idle(&self) -> Result<()> {
        if self.run.is_working() {
            return Err(Error::new(Code::LibraryBusy, "A run is under way. Nothing was changed.")
                .hint("Stop it or wait for its end, then try again."));
        }
        Ok(())
    }
}

/// The name people know a folder by.
pub(crate) fn folder_name(folder: &Path) -> String {
    folder.file_name().map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned())
}
