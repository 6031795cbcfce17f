//! Albums, with their covers.

use std::sync::Arc;

use photokeep_media::can_be_shown;
use photokeep_model::Result;
use serde::Serialize;
use ts_rs::TS;

use super::Desk;
use crate::boundary::Nothing;

/// An album.
#[derive(Debug, Serialize, TS)]
pub struct ShownAlbum {
    /// Its number.
    pub id: i64,
    /// Its title. From outside: shown as text, never as anything else.
    pub title: Option<String>,
    /// Items of it that are kept.
    pub count: u64,
    /// The file whose picture is its cover.
    pub cover: Option<i64>,
    /// Whether there is a picture of the cover.
    pub cover_shows: bool,
    /// Whether it is shared.
    pub shared: bool,
    /// Whether it is the account's own.
    pub own: bool,
    /// Whether the source no longer has it.
    pub gone: bool,
    /// Its oldest item, in Unix seconds of the clock where that was taken.
    pub first_taken: Option<i64>,
    /// Its newest item.
    pub last_taken: Option<i64>,
}

/// Lists the albums, the newest first.
pub(crate) async fn list(desk: &Arc<Desk>, _: Nothing) -> Result<Vec<ShownAlbum>> {
    let albums = desk.open_place()?.look(|catalog, _| catalog.albums_shown()).await?.unwrap_or_default();
    Ok(albums
        .into_iter()
        .map(|album| ShownAlbum {
            id: album.id,
            title: album.title,
            count: album.count,
            cover_shows: album.cover.as_ref().and_then(|cover| cover.mime_type.as_deref()).is_some_and(can_be_shown),
            cover: album.cover.map(|cover| cover.file),
            shared: album.shared,
            own: album.own,
            gone: album.gone,
            first_taken: album.first_taken,
            last_taken: album.last_taken,
        })
        .collect())
}
