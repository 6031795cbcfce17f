//! The test's side of the simulator: change the library, cause trouble, look at what the client did, own the time.
//!
//! The same over HTTP is `control_http`.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::clock::Clock;
use crate::content::{Form, Source, uploaded_of};
use crate::faults::FaultRule;
use crate::library_edit::{LibraryEdit, filler_item};
use crate::lock::{locked, reading, writing};
use crate::oauth::{self, Choice};
use crate::photo_library::{PhotoLibrary, SimAlbum, SimItem, VideoStatus};
use crate::tokens::Scopes;
use crate::violations::Violation;
use crate::world::{RequestCounts, World};

/// A handle on a running simulator. Clones act on the same one; it keeps no server alive.
#[derive(Clone)]
pub struct Control {
    world: Arc<World>,
}

/// Tokens issued without a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuedToken {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// For the token endpoint.
    pub refresh_token: String,
    /// Seconds that the access token works.
    pub expires_in: u64,
    /// Space-separated.
    pub scope: String,
}

/// Where one item's bytes can be fetched now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaUrl {
    /// Item id.
    pub id: String,
    /// As a listing gives it.
    pub base_url: String,
    /// With `=d` for photos, `=dv` for videos.
    pub download_url: String,
}

impl Control {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world }
    }

    /// The simulator's clock.
    pub fn clock(&self) -> Clock {
        self.world.clock.clone()
    }

    /// Lets time pass at once.
    pub fn advance(&self, by: Duration) {
        self.world.clock.advance(by);
    }

    /// Adds a rule behind those in force.
    pub fn add_fault(&self, rule: FaultRule) {
        self.world.faults.add(rule);
    }

    /// The rules in force and how often each has struck.
    pub fn faults(&self) -> Vec<(FaultRule, u64)> {
        self.world.faults.all()
    }

    /// Takes all rules away.
    pub fn clear_faults(&self) {
        self.world.faults.clear();
    }

    /// What the client did that it should not, oldest first (the first 10,000).
    pub fn violations(&self) -> Vec<Violation> {
        self.world.violations.all()
    }

    /// How many violations there were, those included that are no longer kept.
    pub fn violation_count(&self) -> u64 {
        self.world.violations.total()
    }

    /// Forgets all violations and all waiting times.
    pub fn clear_violations(&self) {
        self.world.violations.clear();
    }

    /// Requests so far.
    pub fn counts(&self) -> RequestCounts {
        self.world.counts.read()
    }

    /// A copy of what the account has now.
    pub fn library(&self) -> PhotoLibrary {
        let holdings = reading(&self.world.holdings);
        PhotoLibrary {
            items: holdings.entries().iter().map(|entry| entry.item.clone()).collect(),
            albums: holdings.albums().iter().map(|album| SimAlbum::clone(album)).collect(),
        }
    }

    /// # Errors
    /// `InvalidInput` when the id is taken.
    pub fn add_item(&self, item: SimItem) -> io::Result<()> {
        writing(&self.world.holdings).add_item(item)
    }

    /// Deletes an item, also from its albums. False if it is not there.
    pub fn remove_item(&self, id: &str) -> bool {
        writing(&self.world.holdings).remove_item(id)
    }

    /// Changes an item; its id stays. False if it is not there.
    pub fn change_item(&self, id: &str, change: impl FnOnce(&mut SimItem)) -> bool {
        writing(&self.world.holdings).change_item(id, change)
    }

    /// # Errors
    /// `InvalidInput` when the id is taken or an item is not there.
    pub fn add_album(&self, album: SimAlbum) -> io::Result<()> {
        writing(&self.world.holdings).add_album(album)
    }

    /// Deletes an album, not its items. False if it is not there.
    pub fn remove_album(&self, id: &str) -> bool {
        writing(&self.world.holdings).remove_album(id)
    }

    /// Changes an album; its id stays. False if it is not there.
    ///
    /// # Errors
    /// `InvalidInput` when it would hold an item that is not there.
    pub fn change_album(&self, id: &str, change: impl FnOnce(&mut SimAlbum)) -> io::Result<bool> {
        writing(&self.world.holdings).change_album(id, change)
    }

    /// Makes one change.
    ///
    /// # Errors
    /// `NotFound` when what should change is not there, `InvalidInput` when it cannot be so.
    pub fn edit(&self, edit: LibraryEdit) -> io::Result<()> {
        let found = |found: bool| if found { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) };
        let edit = match edit.item_change() {
            Ok((id, change)) => return found(self.change_item(&id, change)),
            Err(edit) => edit,
        };
        let edit = match edit.album_change() {
            Ok((id, change)) => return found(self.change_album(&id, change)?),
            Err(edit) => edit,
        };
        match edit {
            LibraryEdit::RemoveItem { id } => found(self.remove_item(&id)),
            LibraryEdit::RemoveAlbum { id } => found(self.remove_album(&id)),
            LibraryEdit::AddItem { id, filename, creation_time, seed, size } => {
                self.add_item(filler_item(id, filename, creation_time, seed, size))
            }
            LibraryEdit::AddAlbum { id, title, items, shared } => {
                self.add_album(SimAlbum { id, title, items, own: true, shared, app_created: true })
            }
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// The bytes that a download of the item gives (`=d` of a photo, `=dv` of a video). May paint: not for hot loops.
    ///
    /// # Errors
    /// `NotFound` for an unknown id; what reading a real file gives.
    pub fn served_bytes(&self, id: &str) -> io::Result<Vec<u8>> {
        let entry = reading(&self.world.holdings).by_id(id).cloned().ok_or(io::ErrorKind::NotFound)?;
        match self.world.content.make(&entry, Form::Whole, self.world.config.strip_location)? {
            Source::Memory(bytes) => Ok(bytes.to_vec()),
            Source::File(path, _) => std::fs::read(path),
        }
    }

    /// The bytes of the item as they were uploaded, which is what Takeout gives: with the place, films not re-encoded. What was
    /// painted for a download is not painted again.
    ///
    /// # Errors
    /// As [`Self::served_bytes`].
    pub fn uploaded_bytes(&self, id: &str) -> io::Result<Vec<u8>> {
        let entry = reading(&self.world.holdings).by_id(id).cloned().ok_or(io::ErrorKind::NotFound)?;
        Ok(uploaded_of(&entry.item.content, self.served_bytes(id)?))
    }

    /// Fresh addresses of all items that can be downloaded, in listing order. Processing and failed videos are left out.
    pub fn media_urls(&self) -> Vec<MediaUrl> {
        let base = if self.world.config.tls { "https://lh3.googleusercontent.com" } else { &self.world.base };
        let now_ms = self.world.clock.now_ms();
        let holdings = reading(&self.world.holdings);
        let ready = |item: &SimItem| matches!(item.video, None | Some(VideoStatus::Ready));
        let entries = holdings.entries().iter().filter(|entry| ready(&entry.item));
        entries
            .map(|entry| {
                let mut base_url = String::new();
                entry.push_base_url(&mut base_url, base, &self.world.media_seal, now_ms);
                let suffix = if entry.is_video() { "=dv" } else { "=d" };
                MediaUrl { id: entry.item.id.clone(), download_url: format!("{base_url}{suffix}"), base_url }
            })
            .collect()
    }

    /// Clicks "Allow" on the page behind `authorize_url`; gives the address the browser then goes to.
    ///
    /// # Errors
    /// `InvalidInput` with Google's error code when the page would show an error instead.
    pub fn approve(&self, authorize_url: &str) -> io::Result<String> {
        self.click(authorize_url, Choice::All)
    }

    /// Clicks "Allow" with only these scopes ticked (whole names); see [`Self::approve`].
    ///
    /// # Errors
    /// As [`Self::approve`].
    pub fn approve_only(&self, authorize_url: &str, scopes: &[&str]) -> io::Result<String> {
        self.click(authorize_url, Choice::Some(scopes.iter().map(|&scope| scope.to_owned()).collect()))
    }

    /// Clicks "Refuse"; see [`Self::approve`].
    ///
    /// # Errors
    /// As [`Self::approve`].
    pub fn refuse(&self, authorize_url: &str) -> io::Result<String> {
        self.click(authorize_url, Choice::Refuse)
    }

    pub(crate) fn click(&self, authorize_url: &str, choice: Choice) -> io::Result<String> {
        oauth::click(&self.world, authorize_url, choice).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
    }

    /// Tokens for these scopes, without a browser. Short names such as `photoslibrary.readonly` are completed.
    pub fn issue_token(&self, scopes: &[&str]) -> IssuedToken {
        let whole = |scope: &str| match scope {
            "openid" | "email" | "profile" => scope.to_owned(),
            scope if scope.contains("://") => scope.to_owned(),
            short => format!("https://www.googleapis.com/auth/{short}"),
        };
        let issued = oauth::issue(&self.world, Scopes::new(scopes.iter().map(|scope| whole(scope))));
        IssuedToken {
            access_token: issued.access,
            refresh_token: issued.refresh.unwrap_or_default(),
            expires_in: self.world.config.token_lifetime.as_secs(),
            scope: issued.scopes.text(),
        }
    }

    /// Makes all access tokens issued so far worthless; refresh tokens go on working.
    pub fn reject_access_tokens(&self) {
        locked(&self.world.tokens).reject_access_tokens();
    }

    /// Withdraws the client's access, as a person does on their account page: this token and all that hangs on it.
    /// False if it is unknown.
    pub fn revoke(&self, token: &str) -> bool {
        locked(&self.world.tokens).revoke(token)
    }
}
