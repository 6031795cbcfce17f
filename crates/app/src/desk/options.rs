//! What is decided once for a library, what each run takes in, and what names would come of it.

use std::sync::Arc;

use photokeep_library::target::layout::{album_entry, candidates};
use photokeep_library::target::{NameFacts, NameRules, Places, TargetFacts};
use photokeep_library::{Library, OptionChanges};
use photokeep_model::{CaptureTime, Filter, Layout, LibraryOptions, LinkChoice, LinkKind, MonthZone, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Desk;
use super::place::blocking;
use crate::boundary::Nothing;

/// Options to change; those left out stay as they are.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct ChangedOptions {
    /// Folders and names; only while the library is empty.
    pub layout: Option<Layout>,
    /// Album links.
    pub links: Option<LinkChoice>,
    /// Month folder by UTC or local time; only while the library is empty.
    pub month: Option<MonthZone>,
    /// Downloads at the same time.
    pub jobs: Option<u16>,
}

impl From<ChangedOptions> for OptionChanges {
    fn from(changed: ChangedOptions) -> Self {
        Self { layout: changed.layout, links: changed.links, month: changed.month, jobs: changed.jobs, ..Self::default() }
    }
}

/// What is decided for the library that is open.
#[derive(Debug, Serialize, TS)]
pub struct LibrarySettings {
    /// Its options.
    pub options: LibraryOptions,
    /// What a sync from here takes in.
    pub filter: Filter,
    /// Whether layout and month rule can no longer be changed, because photos are kept already.
    pub layout_fixed: bool,
    /// Kinds of album links that work on its disk.
    pub link_kinds: Vec<LinkKind>,
}

/// What to change.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct ChangeOptions {
    /// Options of the library.
    pub options: Option<ChangedOptions>,
    /// What a sync from here takes in.
    pub filter: Option<Filter>,
}

/// Options whose names to show.
#[derive(Debug, Deserialize, TS)]
pub struct PreviewRequest {
    /// Folders and names.
    pub layout: Layout,
    /// Month folder by UTC or local time.
    pub month: MonthZone,
    /// Title of the album in it, in the person's language.
    #[serde(default)]
    #[ts(optional)]
    pub album: Option<String>,
}

/// What paths would come of options.
#[derive(Debug, Serialize, TS)]
pub struct Preview {
    /// Of photos and videos.
    pub photos: Vec<String>,
    /// Of album entries.
    pub albums: Vec<String>,
}

/// Says what is decided.
pub(crate) async fn show(desk: &Arc<Desk>, _: Nothing) -> Result<LibrarySettings> {
    let place = desk.open_place()?;
    let known =
        place.look(|catalog, _| Ok((Library::options_of(catalog)?, Library::facts_of(catalog)?, catalog.has_files()?))).await?;
    let (options, facts, layout_fixed) = known.unwrap_or_default();
    let kinds = [
        (LinkKind::Symlink, LinkChoice::Symlink),
        (LinkKind::Hardlink, LinkChoice::Hardlink),
        (LinkKind::Copy, LinkChoice::Copy),
        (LinkKind::Shortcut, LinkChoice::Shortcut),
    ];
    let works = |choice| facts.as_ref().is_none_or(|facts: &TargetFacts| facts.best_link(choice).is_ok());
    Ok(LibrarySettings {
        options,
        filter: desk.settings.read().filters.get(&place.folder).cloned().unwrap_or_default(),
        layout_fixed,
        link_kinds: kinds.into_iter().filter(|(_, choice)| works(*choice)).map(|(kind, _)| kind).collect(),
    })
}

/// Changes what is decided.
pub(crate) async fn change(desk: &Arc<Desk>, request: ChangeOptions) -> Result<LibrarySettings> {
    let place = desk.open_place()?;
    if let Some(filter) = request.filter {
        photokeep_sync::sources::library_api::check_filter(&filter)?;
        desk.settings.change(|settings| {
            settings.filters.insert(place.folder.clone(), filter);
        })?;
    }
    if let Some(options) = request.options {
        desk.must_be_idle()?;
        let place = place.clone();
        blocking(move || {
            Library::open_or_create(&place.folder, place.app.home(), options.into(), false).map(drop)?;
            place.forget_catalog();
            Ok(())
        })
        .await?;
    }
    show(desk, Nothing {}).await
}

/// Shows what paths would come of options: two photos of one name, one taken around midnight at the end of a month, a video.
pub(crate) async fn preview(desk: &Arc<Desk>, request: PreviewRequest) -> Result<Preview> {
    let known = match desk.place() {
        Some(place) => place.look(|catalog, _| Ok((Library::facts_of(catalog)?, Library::options_of(catalog)?))).await?,
        None => None,
    };
    let (facts, decided) = known.unwrap_or_default();
    let options = LibraryOptions { layout: request.layout, month: request.month, ..decided };
    let album = request.album.as_deref().unwrap_or(ALBUM);
    Ok(examples(facts.map_or_else(NameFacts::permissive, |facts| facts.names), &options, album))
}

/// The album in a preview that names none.
const ALBUM: &str = "Summer in Brittany";

/// Two photos of one name, one taken around midnight at the end of a month, another one, and a film.
fn examples(names: NameFacts, options: &LibraryOptions, title: &str) -> Preview {
    let places = Places::new(options);
    let rules = NameRules::from_names(names, options.layout);
    // 1 July 2024, 00:40 in Paris is 30 June in UTC.
    let midnight = CaptureTime::from_unix(1_719_787_200, 0, Some(7_200));
    let noon = CaptureTime::from_unix(1_721_304_000, 0, Some(7_200));
    let film = CaptureTime::from_unix(1_721_307_600, 0, Some(7_200));
    let samples = [
        ("IMG_2041.JPG", "AAkq1", midnight, 0),
        ("IMG_2041.JPG", "AAkq2", midnight, 1),
        ("IMG_2057.HEIC", "AAkq3", noon, 0),
        ("VID_0008.MP4", "AAkq4", film, 0),
    ];
    let mut photos = Vec::new();
    let mut albums = Vec::new();
    let dated_by = if places.dates_by_first() { midnight } else { film };
    let album = places.album_folder(&rules, Some(title), false, dated_by);
    let last = samples.len() - 1;
    for (position, (title, key, taken, nth)) in samples.into_iter().enumerate() {
        let name = rules.clean_file_name(title, "jpg");
        let folder = places.month_folder(taken);
        let file = candidates(&rules, &name, key, taken, nth).nth(nth as usize).unwrap_or_else(|| name.clone());
        let position = if places.inverts_albums() { last - position } else { position };
        let entry = if places.numbers_entries() { album_entry(&rules, position, &file) } else { file.clone() };
        albums.push(format!("{album}/{entry}"));
        photos.push(format!("{folder}/{file}"));
    }
    Preview { photos, albums }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use photokeep_model::PathOptions;

    #[test]
    fn the_paths_shown_are_those_of_the_librarys_own_options() {
        let plain = examples(NameFacts::permissive(), &LibraryOptions::default(), ALBUM);
        assert_eq!(plain.photos[..2], ["photos/2024/06/IMG_2041.JPG", "photos/2024/06/IMG_2041 (2).JPG"]);
        assert!(plain.albums[0].ends_with("/0000_IMG_2041.JPG"), "{:?}", plain.albums);

        let paths = PathOptions {
            photos: Some("pictures".into()),
            omit_album_date: Some(true),
            no_album_sorting: Some(true),
            ..PathOptions::default()
        };
        let own = examples(
            NameFacts::permissive(),
            &LibraryOptions { paths, month: MonthZone::Local, ..LibraryOptions::default() },
            "Sommer",
        );
        assert_eq!(own.photos[0], "pictures/2024/07/IMG_2041.JPG");
        assert_eq!(own.albums[0], "albums/Sommer/IMG_2041.JPG");
    }
}
