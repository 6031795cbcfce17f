//! What is held of the sidecars while an export is listed. There are as many as photos, so each takes a fourth of what a
//! [`Sidecar`] takes.

use super::item::{Origin, Sidecar, Way};
use super::place::Place;

/// What pairing and the catalog need of a sidecar. Its whole text is kept by the caller.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Brief {
    /// Title, address, caption, and the words on its origin: one text, for one allocation.
    texts: Box<str>,
    /// Where the first three end, in bytes. Reading lets no empty text through, so nothing between two ends is no text.
    ends: [u32; 3],
    people: Box<[String]>,
    places: Option<Box<Places>>,
    /// When it was taken ([`Sidecar::photo_taken_time`]).
    pub taken: Option<i64>,
    /// When it came to Google Photos ([`Sidecar::creation_time`]).
    pub created: Option<i64>,
    /// Marked as a favourite.
    pub favorited: bool,
    /// In the archive.
    pub archived: bool,
    /// In Google's trash.
    pub trashed: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Places {
    effective: Option<Place>,
    in_file: Option<Place>,
}

impl Brief {
    /// The short form of a sidecar.
    pub fn of(sidecar: &Sidecar) -> Self {
        let origin = sidecar.origin.as_ref().and_then(origin_words).unwrap_or_default();
        let text = |text: &Option<String>| text.as_deref().unwrap_or_default().to_owned();
        let texts = [text(&sidecar.title), text(&sidecar.url), text(&sidecar.description)];
        let mut end = 0u32;
        // A JSON file that is read has 16 megabytes at most.
        let ends = texts.each_ref().map(|text| {
            end = end.saturating_add(u32::try_from(text.len()).unwrap_or(u32::MAX));
            end
        });
        let places = Places { effective: sidecar.place().map(|place| place.place), in_file: sidecar.geo_data_exif };
        Self {
            texts: (texts.concat() + &origin).into(),
            ends,
            people: sidecar.people.iter().map(|name| name.as_str().to_owned()).collect(),
            places: (places.effective.is_some() || places.in_file.is_some()).then(|| Box::new(places)),
            taken: sidecar.photo_taken_time,
            created: sidecar.creation_time,
            favorited: sidecar.favorited,
            archived: sidecar.archived,
            trashed: sidecar.trashed,
        }
    }

    fn text(&self, start: u32, end: u32) -> Option<&str> {
        self.texts.get(start as usize..end as usize).filter(|text| !text.is_empty())
    }

    /// The file's name at upload.
    pub fn title(&self) -> Option<&str> {
        self.text(0, self.ends[0])
    }

    /// The item's page in Google Photos.
    pub fn url(&self) -> Option<&str> {
        self.text(self.ends[0], self.ends[1])
    }

    /// The caption.
    pub fn description(&self) -> Option<&str> {
        self.text(self.ends[1], self.ends[2])
    }

    /// How it came to Google Photos, in a few words for lists.
    pub fn origin(&self) -> Option<&str> {
        self.texts.get(self.ends[2] as usize..).filter(|text| !text.is_empty())
    }

    /// Names of people, in their order.
    pub fn people(&self) -> &[String] {
        &self.people
    }

    /// The place Google shows, else the one in the file.
    pub fn place(&self) -> Option<Place> {
        self.places.as_ref()?.effective
    }

    /// The place that the file itself has.
    pub fn place_in_file(&self) -> Option<Place> {
        self.places.as_ref()?.in_file
    }
}

fn origin_words(origin: &Origin) -> Option<String> {
    let way = match origin.way.as_ref()? {
        Way::MobileUpload => "mobile upload",
        Way::WebUpload => "web upload",
        Way::DesktopUploader => "desktop uploader",
        Way::DriveSync => "Drive",
        Way::PartnerSharing => "partner sharing",
        Way::SharedAlbum => "shared album",
        Way::Composition(_) => "composition",
        Way::Other(other) => other,
    };
    let more: Vec<&str> = [origin.device_type.as_deref(), origin.device_folder.as_deref()]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    Some(if more.is_empty() { way.to_owned() } else { format!("{way} ({})", more.join(", ")) })
}
