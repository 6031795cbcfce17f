//! The account's items and albums as the server needs them: found by id and by number, each item's JSON half written.
//!
//! A listing of 100,000 items must cost next to nothing (the client under benchmark shares the processor), so whatever of
//! an item's JSON does not change from answer to answer is written once. Filters are in `search`, requests in
//! `library_api`.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::{Arc, Mutex};

use chrono::SecondsFormat;

use crate::lock::locked;
use crate::media_url::{MEDIA_PATH, MediaSeal, MediaTicket};
use crate::photo_library::{PhotoLibrary, SimAlbum, SimItem, VideoStatus};
use crate::search::{Query, Visible};
use crate::wire::push_json_string;

/// Views kept for the pages to come.
const VIEWS: usize = 32;

/// One item with the parts of its JSON that stay.
pub(crate) struct Entry {
    /// Number in this simulator, from 1; media addresses hold it.
    pub(crate) serial: u64,
    /// Grows with every edit; caches and ETags hold it.
    pub(crate) revision: u32,
    pub(crate) item: SimItem,
    /// Everything before the product address.
    head: Box<str>,
    /// Everything after the media address.
    tail: Box<str>,
}

/// A filtered list of items, in answer order.
pub(crate) type View = Arc<Vec<Arc<Entry>>>;

/// Items and albums.
pub(crate) struct Holdings {
    entries: Vec<Arc<Entry>>,
    by_id: HashMap<String, Arc<Entry>>,
    by_serial: HashMap<u64, Arc<Entry>>,
    albums: Vec<Arc<SimAlbum>>,
    version: u64,
    next_serial: u64,
    views: Mutex<Vec<CachedView>>,
}

struct CachedView {
    query: Query,
    visible: Visible,
    version: u64,
    view: View,
}

/// What the JSON of an item needs to know about the answer it is in.
#[derive(Clone, Copy)]
pub(crate) struct ItemContext<'a> {
    /// What stands before the path of media addresses.
    pub(crate) media_base: &'a str,
    pub(crate) seal: &'a MediaSeal,
    pub(crate) now_ms: i64,
    /// In an answer to an album search the product address points into the album (`google-apis.md` 2.3).
    pub(crate) album: Option<&'a str>,
    /// Whether contributors of shared items are named (needs the sharing scope).
    pub(crate) contributors: bool,
}

impl Holdings {
    /// # Errors
    /// `InvalidInput` when an id is given twice or an album holds an item that is not there.
    pub(crate) fn new(library: PhotoLibrary) -> io::Result<Self> {
        let mut holdings = Self {
            entries: Vec::with_capacity(library.items.len()),
            by_id: HashMap::with_capacity(library.items.len()),
            by_serial: HashMap::with_capacity(library.items.len()),
            albums: Vec::new(),
            version: 1,
            next_serial: 1,
            views: Mutex::default(),
        };
        let mut items = library.items;
        items.sort_by_key(|item| std::cmp::Reverse(item.creation_time));
        for item in items {
            let entry = holdings.enter(item)?;
            holdings.entries.push(entry);
        }
        for album in library.albums {
            holdings.add_album(album)?;
        }
        Ok(holdings)
    }

    fn enter(&mut self, item: SimItem) -> io::Result<Arc<Entry>> {
        if self.by_id.contains_key(&item.id) {
            return Err(invalid(format!("item id {} is given twice", item.id)));
        }
        let serial = self.next_serial;
        self.next_serial += 1;
        let entry = Arc::new(Entry::new(serial, 0, item));
        self.by_id.insert(entry.item.id.clone(), entry.clone());
        self.by_serial.insert(serial, entry.clone());
        Ok(entry)
    }

    pub(crate) fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&Arc<Entry>> {
        self.by_id.get(id)
    }

    pub(crate) fn by_serial(&self, serial: u64) -> Option<&Arc<Entry>> {
        self.by_serial.get(&serial)
    }

    pub(crate) fn albums(&self) -> &[Arc<SimAlbum>] {
        &self.albums
    }

    pub(crate) fn album(&self, id: &str) -> Option<&Arc<SimAlbum>> {
        self.albums.iter().find(|album| album.id == id)
    }

    /// The items that `query` asks for, as far as the client may see them.
    pub(crate) fn view(&self, query: &Query, visible: Visible) -> View {
        let mut views = locked(&self.views);
        if let Some(known) =
            views.iter().find(|known| known.version == self.version && known.visible == visible && &known.query == query)
        {
            return known.view.clone();
        }
        let view: View = Arc::new(query.select(self, visible));
        views.retain(|known| known.version == self.version);
        if views.len() >= VIEWS {
            views.remove(0);
        }
        views.push(CachedView { query: query.clone(), visible, version: self.version, view: view.clone() });
        view
    }

    /// # Errors
    /// `InvalidInput` when the id is taken.
    pub(crate) fn add_item(&mut self, item: SimItem) -> io::Result<()> {
        let created = item.creation_time;
        let entry = self.enter(item)?;
        let place = self.entries.iter().position(|other| other.item.creation_time <= created).unwrap_or(self.entries.len());
        self.entries.insert(place, entry);
        self.version += 1;
        Ok(())
    }

    /// Takes an item out of the account and its albums. False if it is not there.
    pub(crate) fn remove_item(&mut self, id: &str) -> bool {
        let Some(entry) = self.by_id.remove(id) else { return false };
        self.by_serial.remove(&entry.serial);
        self.entries.retain(|other| other.serial != entry.serial);
        for album in &mut self.albums {
            if album.items.iter().any(|item| item == id) {
                Arc::make_mut(album).items.retain(|item| item != id);
            }
        }
        self.version += 1;
        true
    }

    /// Changes an item in place; its id stays whatever `change` does to it. False if it is not there.
    pub(crate) fn change_item(&mut self, id: &str, change: impl FnOnce(&mut SimItem)) -> bool {
        let Some(old) = self.by_id.get(id).cloned() else { return false };
        let mut item = old.item.clone();
        change(&mut item);
        id.clone_into(&mut item.id);
        let moved = item.creation_time != old.item.creation_time;
        let entry = Arc::new(Entry::new(old.serial, old.revision + 1, item));
        self.by_id.insert(id.to_owned(), entry.clone());
        self.by_serial.insert(old.serial, entry.clone());
        if let Some(place) = self.entries.iter_mut().find(|other| other.serial == old.serial) {
            *place = entry;
        }
        if moved {
            self.entries.sort_by_key(|entry| std::cmp::Reverse(entry.item.creation_time));
        }
        self.version += 1;
        true
    }

    /// # Errors
    /// `InvalidInput` when the id is taken or an item is not there.
    pub(crate) fn add_album(&mut self, album: SimAlbum) -> io::Result<()> {
        if self.album(&album.id).is_some() {
            return Err(invalid(format!("album id {} is given twice", album.id)));
        }
        self.check_members(&album)?;
        self.albums.push(Arc::new(album));
        self.version += 1;
        Ok(())
    }

    /// Removes an album, not its items. False if it is not there.
    pub(crate) fn remove_album(&mut self, id: &str) -> bool {
        let before = self.albums.len();
        self.albums.retain(|album| album.id != id);
        self.version += 1;
        self.albums.len() < before
    }

    /// Changes an album; its id stays. False if it is not there.
    ///
    /// # Errors
    /// `InvalidInput` when it then holds an item that is not there; nothing has changed then.
    pub(crate) fn change_album(&mut self, id: &str, change: impl FnOnce(&mut SimAlbum)) -> io::Result<bool> {
        let Some(place) = self.albums.iter().position(|album| album.id == id) else { return Ok(false) };
        let Some(mut album) = self.albums.get(place).map(|album| SimAlbum::clone(album)) else { return Ok(false) };
        change(&mut album);
        id.clone_into(&mut album.id);
        self.check_members(&album)?;
        if let Some(slot) = self.albums.get_mut(place) {
            *slot = Arc::new(album);
        }
        self.version += 1;
        Ok(true)
    }

    fn check_members(&self, album: &SimAlbum) -> io::Result<()> {
        let mut seen = HashSet::new();
        for id in &album.items {
            if !self.by_id.contains_key(id) {
                return Err(invalid(format!("album {} holds the unknown item {id}", album.id)));
            }
            if !seen.insert(id) {
                return Err(invalid(format!("album {} holds item {id} twice", album.id)));
            }
        }
        Ok(())
    }
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

impl Entry {
    fn new(serial: u64, revision: u32, item: SimItem) -> Self {
        let mut head = String::from("{\"id\":");
        push_json_string(&mut head, &item.id);
        if let Some(description) = item.description.as_deref().filter(|text| !text.is_empty()) {
            head.push_str(",\"description\":");
            push_json_string(&mut head, description);
        }
        head.push_str(",\"productUrl\":\"https://photos.google.com/lr/");
        let mut tail = String::from("\",\"mimeType\":");
        push_json_string(&mut tail, &item.mime_type);
        push_metadata(&mut tail, &item);
        if let Some(name) = item.filename.as_deref().filter(|name| !name.is_empty()) {
            tail.push_str(",\"filename\":");
            push_json_string(&mut tail, name);
        }
        Self { serial, revision, item, head: head.into(), tail: tail.into() }
    }

    /// Whether the bytes are a video.
    pub(crate) fn is_video(&self) -> bool {
        self.item.video.is_some()
    }

    /// Appends the item as a JSON object.
    pub(crate) fn push_json(&self, out: &mut String, context: ItemContext<'_>) {
        out.push_str(&self.head);
        if let Some(album) = context.album {
            out.push_str("album/");
            out.push_str(album);
            out.push('/');
        }
        out.push_str("photo/");
        out.push_str(&self.item.id);
        out.push_str("\",\"baseUrl\":\"");
        self.push_base_url(out, context.media_base, context.seal, context.now_ms);
        out.push_str(&self.tail);
        if context.contributors && !self.item.in_library {
            out.push_str(",\"contributorInfo\":{\"displayName\":\"A friend\"}");
        }
        out.push('}');
    }

    /// Appends a fresh media address.
    pub(crate) fn push_base_url(&self, out: &mut String, media_base: &str, seal: &MediaSeal, now_ms: i64) {
        out.push_str(media_base);
        out.push_str(MEDIA_PATH);
        seal.push_token(out, MediaTicket { serial: self.serial, issued_ms: now_ms });
    }
}

/// Appends `,"mediaMetadata":{…}`. Fields with default values are left out (`google-apis.md` 0.2).
fn push_metadata(out: &mut String, item: &SimItem) {
    let mut fields: Vec<String> = Vec::new();
    if let Some(created) = item.creation_time {
        fields.push(format!("\"creationTime\":\"{}\"", created.to_rfc3339_opts(SecondsFormat::AutoSi, true)));
    }
    if item.width > 0 {
        fields.push(format!("\"width\":\"{}\"", item.width));
    }
    if item.height > 0 {
        fields.push(format!("\"height\":\"{}\"", item.height));
    }
    let mut inner = String::new();
    for (key, value) in [("cameraMake", &item.camera_make), ("cameraModel", &item.camera_model)] {
        if let Some(value) = value {
            inner.push_str(if inner.is_empty() { "\"" } else { ",\"" });
            inner.push_str(key);
            inner.push_str("\":");
            push_json_string(&mut inner, value);
        }
    }
    if let Some(status) = item.video {
        let status = match status {
            VideoStatus::Processing => "PROCESSING",
            VideoStatus::Ready => "READY",
            VideoStatus::Failed => "FAILED",
        };
        let comma = if inner.is_empty() { "" } else { "," };
        fields.push(format!("\"video\":{{{inner}{comma}\"fps\":30,\"status\":\"{status}\"}}"));
    } else {
        fields.push(format!("\"photo\":{{{inner}}}"));
    }
    out.push_str(",\"mediaMetadata\":{");
    out.push_str(&fields.join(","));
    out.push('}');
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
pub(crate) mod tests {
    use chrono::DateTime;
    use serde_json::Value;

    use super::*;
    use crate::photo_library::Content;

    /// An item taken so many days after 2020-01-01.
    pub(crate) fn item(id: &str, day: i64) -> SimItem {
        SimItem {
            id: id.to_owned(),
            filename: Some(format!("{id}.jpg")),
            mime_type: "image/jpeg".to_owned(),
            creation_time: DateTime::from_timestamp(1_577_836_800 + day * 86_400, 0),
            width: 40,
            height: 30,
            description: None,
            camera_make: None,
            camera_model: None,
            video: None,
            favorite: false,
            archived: false,
            categories: Vec::new(),
            in_library: true,
            app_created: true,
            content: Content::Bytes(id.as_bytes().into()),
        }
    }

    fn json(entry: &Entry, album: Option<&str>) -> Value {
        let mut text = String::new();
        let seal = MediaSeal::new([1; 32]);
        entry.push_json(
            &mut text,
            ItemContext { media_base: "http://127.0.0.1:1", seal: &seal, now_ms: 0, album, contributors: true },
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn numbers_are_strings_and_defaults_are_absent() {
        let mut plain = item("a", 0);
        plain.filename = None;
        let value = json(&Entry::new(1, 0, plain), None);
        assert_eq!(value["mediaMetadata"]["width"], "40");
        assert_eq!(value["mediaMetadata"]["creationTime"], "2020-01-01T00:00:00Z");
        assert_eq!(value["mediaMetadata"]["photo"], serde_json::json!({}));
        assert!(value.get("description").is_none());
        assert!(value.get("filename").is_none());
        assert_eq!(value["productUrl"], "https://photos.google.com/lr/photo/a");
    }

    #[test]
    fn quotes_and_control_characters_in_texts_stay_valid_json() {
        let mut odd = item("a", 0);
        odd.description = Some("say \"hi\"\n\u{1}\\".to_owned());
        odd.filename = Some("../\"x\".jpg".to_owned());
        odd.in_library = false;
        let value = json(&Entry::new(1, 0, odd), Some("album"));
        assert_eq!(value["description"], "say \"hi\"\n\u{1}\\");
        assert_eq!(value["filename"], "../\"x\".jpg");
        assert_eq!(value["productUrl"], "https://photos.google.com/lr/album/album/photo/a");
        assert_eq!(value["contributorInfo"]["displayName"], "A friend");
    }

    #[test]
    fn an_id_given_twice_and_an_unknown_album_member_are_refused() {
        let twice = PhotoLibrary { items: vec![item("a", 0), item("a", 1)], albums: Vec::new() };
        assert!(Holdings::new(twice).is_err());
        let mut holdings = Holdings::new(PhotoLibrary { items: vec![item("a", 0)], albums: Vec::new() }).unwrap();
        let album = SimAlbum {
            id: "x".to_owned(),
            title: None,
            items: vec!["b".to_owned()],
            own: true,
            shared: false,
            app_created: true,
        };
        assert!(holdings.add_album(album.clone()).is_err());
        holdings.add_album(SimAlbum { items: vec!["a".to_owned()], ..album }).unwrap();
        assert!(holdings.change_album("x", |album| album.items.push("a".to_owned())).is_err());
        assert!(holdings.remove_item("a"));
        assert!(holdings.album("x").unwrap().items.is_empty());
    }

    #[test]
    fn a_changed_date_moves_the_item_and_keeps_its_number() {
        let mut holdings = Holdings::new(PhotoLibrary { items: vec![item("a", 0), item("b", 5)], albums: Vec::new() }).unwrap();
        assert_eq!(holdings.entries()[0].item.id, "b");
        let serial = holdings.by_id("a").unwrap().serial;
        assert!(holdings.change_item("a", |item| item.creation_time = DateTime::from_timestamp(2_000_000_000, 0)));
        assert_eq!(holdings.entries()[0].item.id, "a");
        assert_eq!(holdings.by_serial(serial).unwrap().revision, 1);
    }
}
