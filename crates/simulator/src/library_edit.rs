//! Changes that a person makes in Google Photos between two runs of the client, as data for `POST <control>/library`.
//!
//! In-process tests can do more through `Control::change_item` and `Control::change_album`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::photo_library::{Content, SimAlbum, SimItem, VideoStatus};

/// One change. In JSON: `{"edit":"rename-item","id":"…","filename":"b.jpg"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "kebab-case", deny_unknown_fields)]
pub enum LibraryEdit {
    /// Deletes an item, also from its albums.
    RemoveItem {
        /// Item id.
        id: String,
    },
    /// Adds a photo made of filler.
    AddItem {
        /// Item id.
        id: String,
        /// Name.
        filename: String,
        /// Capture time.
        creation_time: DateTime<Utc>,
        /// Decides the bytes.
        seed: u64,
        /// Length in bytes.
        size: u64,
    },
    /// Changes the name.
    RenameItem {
        /// Item id.
        id: String,
        /// New name; none takes it away.
        filename: Option<String>,
    },
    /// Changes the capture time.
    SetDate {
        /// Item id.
        id: String,
        /// New capture time; none takes it away.
        creation_time: Option<DateTime<Utc>>,
    },
    /// Changes the user's text.
    SetDescription {
        /// Item id.
        id: String,
        /// New text.
        description: Option<String>,
    },
    /// Changes the pixel size that the listing tells.
    SetDimensions {
        /// Item id.
        id: String,
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// Replaces the bytes, as an edit in Google Photos does.
    SetContent {
        /// Item id.
        id: String,
        /// Decides the bytes.
        seed: u64,
        /// Length in bytes.
        size: u64,
    },
    /// Puts an item into the archive or takes it out.
    SetArchived {
        /// Item id.
        id: String,
        /// In the archive.
        archived: bool,
    },
    /// Makes a processing video ready, for example.
    SetVideoReady {
        /// Item id.
        id: String,
        /// Ready, or processing again.
        ready: bool,
    },
    /// Makes an album.
    AddAlbum {
        /// Album id.
        id: String,
        /// Title.
        title: Option<String>,
        /// Item ids in order.
        items: Vec<String>,
        /// Listed under the shared albums too.
        #[serde(default)]
        shared: bool,
    },
    /// Deletes an album, not its items.
    RemoveAlbum {
        /// Album id.
        id: String,
    },
    /// Changes an album's title.
    SetAlbumTitle {
        /// Album id.
        id: String,
        /// New title.
        title: Option<String>,
    },
    /// Changes an album's members or their order.
    SetAlbumItems {
        /// Album id.
        id: String,
        /// Item ids in order.
        items: Vec<String>,
    },
}

/// A filler photo as [`LibraryEdit::AddItem`] makes it.
pub(crate) fn filler_item(id: String, filename: String, creation_time: DateTime<Utc>, seed: u64, size: u64) -> SimItem {
    SimItem {
        id,
        filename: Some(filename),
        mime_type: "image/jpeg".to_owned(),
        creation_time: Some(creation_time),
        width: crate::generate::FILLER_WIDTH,
        height: crate::generate::FILLER_HEIGHT,
        description: None,
        camera_make: None,
        camera_model: None,
        video: None,
        favorite: false,
        archived: false,
        categories: Vec::new(),
        in_library: true,
        app_created: true,
        content: Content::Filler { seed, size },
    }
}

impl LibraryEdit {
    /// The change to an item, if it is one.
    pub(crate) fn item_change(self) -> Result<(String, impl FnOnce(&mut SimItem)), Self> {
        let id = match &self {
            Self::RenameItem { id, .. }
            | Self::SetDate { id, .. }
            | Self::SetDescription { id, .. }
            | Self::SetDimensions { id, .. }
            | Self::SetContent { id, .. }
            | Self::SetArchived { id, .. }
            | Self::SetVideoReady { id, .. } => id.clone(),
            _ => return Err(self),
        };
        Ok((id, move |item: &mut SimItem| match self {
            Self::RenameItem { filename, .. } => item.filename = filename,
            Self::SetDate { creation_time, .. } => item.creation_time = creation_time,
            Self::SetDescription { description, .. } => item.description = description,
            Self::SetDimensions { width, height, .. } => (item.width, item.height) = (width, height),
            Self::SetContent { seed, size, .. } => item.content = Content::Filler { seed, size },
            Self::SetArchived { archived, .. } => item.archived = archived,
            Self::SetVideoReady { ready, .. } => {
                item.video = Some(if ready { VideoStatus::Ready } else { VideoStatus::Processing });
            }
            _ => {}
        }))
    }

    /// The change to an album, if it is one.
    pub(crate) fn album_change(self) -> Result<(String, impl FnOnce(&mut SimAlbum)), Self> {
        let id = match &self {
            Self::SetAlbumTitle { id, .. } | Self::SetAlbumItems { id, .. } => id.clone(),
            _ => return Err(self),
        };
        Ok((id, move |album: &mut SimAlbum| match self {
            Self::SetAlbumTitle { title, .. } => album.title = title,
            Self::SetAlbumItems { items, .. } => album.items = items,
            _ => {}
        }))
    }
}
