//! The file that makes a folder an album.

use serde_json::{Map, Value};

use super::item::Comment;
use super::loose::{object, objects, seconds, some_text, text};
use super::place::Place;

/// Everything an album file says. It lists no items, no order and no cover: membership is what lies in the folder.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlbumFile {
    /// The album's true name, uncut. Empty for direct shares and unnamed albums.
    pub title: String,
    /// What the user wrote about it.
    pub description: Option<String>,
    /// `protected`, `shared` and the like, as it stands.
    pub access: Option<String>,
    /// The album's date in Unix seconds; 0 is `None`.
    pub date: Option<i64>,
    /// A place name.
    pub location: Option<String>,
    /// A place.
    pub geo_data: Option<Place>,
    /// Text and place cards among the photos, in their order.
    pub cards: Vec<Card>,
    /// Comments on the album.
    pub comments: Vec<Comment>,
}

/// A card between the photos of an album.
#[derive(Debug, Clone, PartialEq)]
pub enum Card {
    /// Some text.
    Text(String),
    /// One or more places.
    Places(Vec<NamedPlace>),
}

/// A place on a card.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedPlace {
    /// Its name.
    pub name: Option<String>,
    /// The region around it.
    pub description: Option<String>,
    /// Degrees north, where given.
    pub latitude: Option<f64>,
    /// Degrees east, where given.
    pub longitude: Option<f64>,
}

impl AlbumFile {
    pub(super) fn of(json: &Map<String, Value>) -> Self {
        Self {
            title: text(json, "title").unwrap_or_default(),
            description: some_text(json, "description"),
            access: some_text(json, "access"),
            date: seconds(json, "date").filter(|date| *date != 0),
            location: some_text(json, "location"),
            geo_data: object(json, "geoData").and_then(Place::of),
            cards: objects(json, "enrichments").filter_map(Card::of).collect(),
            comments: objects(json, "sharedAlbumComments").map(Comment::of).collect(),
        }
    }
}

impl Card {
    fn of(json: &Map<String, Value>) -> Option<Self> {
        if let Some(narrative) = object(json, "narrativeEnrichment") {
            return some_text(narrative, "text").map(Self::Text);
        }
        let places: Vec<NamedPlace> = objects(object(json, "locationEnrichment")?, "location").map(NamedPlace::of).collect();
        (!places.is_empty()).then_some(Self::Places(places))
    }
}

impl NamedPlace {
    fn of(json: &Map<String, Value>) -> Self {
        // E7: degrees times ten million.
        let degrees = |key| json.get(key).and_then(super::loose::whole).map(|number| number as f64 / 1e7);
        Self {
            name: some_text(json, "name"),
            description: some_text(json, "description"),
            latitude: degrees("latitudeE7"),
            longitude: degrees("longitudeE7"),
        }
    }
}
