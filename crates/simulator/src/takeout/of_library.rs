//! An export of an account that the simulated Google serves as well: the same photo comes by both ways.
//!
//! An item has one title, one time and one size in pixels here and there. Its bytes here are those that were uploaded; the
//! Library API gives photos without their place, and films re-encoded. Edited copies, films of motion photos and names of
//! people are here only, as with the real ones.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;

use super::account::{Account, Album, AlbumForm, Delivery, Extension, Format, Item, Motion, Origin};
use super::chance::Chance;
use super::export;
use super::extras;
use super::listing;
use super::naming::has_media_extension;
use super::spec::{ExportSpec, Parts, Pictures, Variants};
use super::titles::same_extension;
use super::truth::{DateStory, Role, Truth};
use crate::content;
use crate::generate::{self, FilmRecipe};
use crate::photo_library::{Content, PhotoLibrary, SimAlbum, SimItem};

/// One in so many of a person's own pictures has an edited copy, and as many have a film.
const ONE_IN: usize = 25;
/// Members of the album that a demo's export alone has.
const BEST: usize = 12;
/// Nothing was uploaded to Google Photos before May 2015.
const FIRST_UPLOAD: i64 = 1_432_800_000;
/// JPEG quality of edited copies.
const EDITED_QUALITY: u8 = 90;

/// What the demo's Takeout is an export of, and how: the person's own items of [`generate::demo`] with these numbers, and what
/// [`generate::demo_earlier`] adds. The second is not at the simulated Google: the API does not show it.
///
/// Of albums it has the person's own, which the API shows as well, the earlier ones, and one with pictures of all years.
pub fn demo_export(items: usize, seed: u64) -> (ExportSpec, PhotoLibrary) {
    let (mut library, earlier) = (generate::demo(items, seed), generate::demo_earlier(items, seed));
    library.items.extend(earlier.items);
    library.items.retain(|item| item.in_library);
    let every = library.items.len().div_ceil(BEST).max(1);
    let pictures = library.items.iter().filter(|item| item.video.is_none() && !item.archived);
    let best = SimAlbum {
        id: "best".to_owned(),
        title: Some("Best of all years".to_owned()),
        items: pictures.step_by(every).map(|item| item.id.clone()).collect(),
        own: true,
        shared: false,
        app_created: false,
    };
    library.albums.retain(|album| album.own);
    library.albums.extend(earlier.albums);
    library.albums.push(best);
    let spec = ExportSpec {
        items: library.items.len(),
        albums: library.albums.len(),
        seed,
        parts: Parts::Count(2),
        pictures: Pictures::Painted,
        variants: Variants { service_files: true, ..Variants::none() },
        // Exports of accounts of other sizes have other names, so that they can lie beside each other.
        stamp: ExportSpec::default().stamp + items as i64,
        ..ExportSpec::default()
    };
    (spec, library)
}

/// The bytes of an item as they were uploaded. Paints; what a running simulator has painted already is at
/// [`Control::uploaded_bytes`](crate::Control::uploaded_bytes).
///
/// # Errors
/// When a real file cannot be read.
pub fn uploaded(item: &SimItem) -> io::Result<Vec<u8>> {
    content::uploaded(&item.content)
}

/// Writes an export of `library` into `folder`, which is made if it is not there. Of `spec` counts how it is exported and
/// what lies beside items and albums; the numbers in the truth are the places of items and albums in the library. `uploaded`
/// gives the bytes of an item, also more than once.
///
/// # Errors
/// When the disk refuses, and what `uploaded` gives.
pub fn of_library(
    spec: &ExportSpec,
    library: &PhotoLibrary,
    folder: &Path,
    uploaded: &mut dyn FnMut(&SimItem) -> io::Result<Vec<u8>>,
) -> io::Result<Truth> {
    let account = account(spec, library);
    let mut listing = listing::list(spec, &account, 0, |_| true);
    extras::add(spec, &mut listing);
    let name = spec.name();
    let mut media = |item: &Item, role: Role, _rendition: bool| {
        let source = &library.items[item.number as usize];
        match role {
            Role::Primary => uploaded(source),
            Role::Edited => in_black_and_white(&uploaded(source)?),
            Role::Motion => Ok(moving(spec, item)),
        }
    };
    let written = export::write(spec, &account, &listing, folder, (&name, spec.stamp), &mut media)?;
    Ok(super::truth(spec, Vec::new(), false, name, &account, listing, written))
}

fn account(spec: &ExportSpec, library: &PhotoLibrary) -> Account {
    let mut chance = Chance::part(spec.seed, 0x6c69_6272);
    let items = library.items.iter().enumerate().map(|(number, source)| item(spec, number, source, &mut chance));
    let mut items: Vec<Item> = items.collect();
    let numbers: HashMap<&str, u32> =
        library.items.iter().enumerate().map(|(number, item)| (item.id.as_str(), number as u32)).collect();
    let albums = library.albums.iter().enumerate().map(|(number, source)| album(number, source, &numbers)).collect();
    retouch(&mut items, &mut chance);
    Account { items, albums }
}

fn album(number: usize, source: &SimAlbum, numbers: &HashMap<&str, u32>) -> Album {
    let mut items: Vec<u32> = source.items.iter().filter_map(|id| numbers.get(id.as_str()).copied()).collect();
    items.sort_unstable();
    items.dedup();
    Album { number: number as u32, title: source.title.clone(), form: AlbumForm::Whole, shared: source.shared, items }
}

fn item(spec: &ExportSpec, number: usize, source: &SimItem, chance: &mut Chance) -> Item {
    const PEOPLE: [&str; 4] = ["Mia", "Jonas", "Anna", "Opa"];
    let (embedded, offset, place) = match &source.content {
        Content::Picture(recipe) => (Some(recipe.taken), recipe.offset_seconds, recipe.place),
        Content::Film(recipe) => (Some(recipe.taken), 0, None),
        Content::Filler { .. } | Content::File(_) | Content::Bytes(_) => (None, 0, None),
    };
    let taken = source.creation_time.map(|taken| taken.timestamp());
    let embedded = embedded.map(|taken| taken.timestamp());
    let dates = match (taken, embedded) {
        (None, _) => DateStory::NoneInSidecar,
        (_, None) => DateStory::SidecarOnly,
        (Some(_), Some(_)) => DateStory::Agree,
    };
    let instant = taken.or(embedded).unwrap_or(0);
    let film = source.video.is_some();
    let nameless = || format!("{}.{}", source.id.chars().take(12).collect::<String>(), if film { "mp4" } else { "jpg" });
    let title = source.filename.clone().unwrap_or_else(nameless);
    let added = if film { ".mp4" } else { ".jpg" };
    // Four decimals: more would not survive a journey through JSON to the last bit.
    let place = place.map(|(latitude, longitude)| [latitude, longitude].map(|degrees| (degrees * 10_000.0).round() / 10_000.0));
    let place = place.map(|[latitude, longitude]| (latitude, longitude));
    let own = source.in_library;
    Item {
        number: number as u32,
        format: format(source),
        extension: if has_media_extension(&title) { Extension::Kept } else { Extension::Added(added) },
        title,
        sidecar_has_extension: false,
        decomposed: false,
        instant,
        offset,
        taken,
        embedded,
        dates,
        created: (instant.max(FIRST_UPLOAD) + chance.between(600, 1_700_000)).min(spec.stamp - 60).max(instant + 61),
        place,
        embedded_place: place,
        caption: source.description.clone(),
        people: if own && chance.happens(0.12) { vec![chance.pick(&PEOPLE).to_owned()] } else { Vec::new() },
        favourite: source.favorite,
        archived: source.archived,
        trashed: false,
        own,
        origin: origin(source),
        edited: None,
        motion: None,
        delivery: Delivery::Whole,
        other_rendition: false,
        url: format!("https://photos.google.com/photo/AF1Qip{}", chance.text(38)),
        since: 0,
        touched: 0,
    }
}

fn format(source: &SimItem) -> Format {
    match source.mime_type.as_str() {
        _ if source.video.is_some() => Format::Film,
        "image/png" => Format::Png,
        "image/gif" => Format::Gif,
        "image/heic" | "image/heif" => Format::Heic,
        _ => Format::Jpeg,
    }
}

fn origin(source: &SimItem) -> Origin {
    match source.camera_make.as_deref() {
        _ if !source.in_library => Origin::SharedAlbum,
        Some("Google" | "samsung") => Origin::Phone("Camera", "ANDROID_PHONE"),
        Some("Apple") => Origin::Phone("-", "IOS_PHONE"),
        Some(_) => Origin::Desktop,
        None => Origin::Web,
    }
}

/// Gives some pictures an edited copy, and some of a phone's a film.
fn retouch(items: &mut [Item], chance: &mut Chance) {
    let plain = |item: &Item| item.own && item.format == Format::Jpeg && !item.archived;
    let mut places: Vec<usize> = (0..items.len()).filter(|&at| plain(&items[at])).collect();
    chance.shuffle(&mut places);
    let wanted = places.len().div_ceil(ONE_IN);
    for &at in places.iter().take(wanted) {
        items[at].edited = Some(same_extension(&items[at].title));
    }
    let of_a_phone: Vec<usize> =
        places.into_iter().skip(wanted).filter(|&at| matches!(items[at].origin, Origin::Phone(..))).take(wanted).collect();
    for at in of_a_phone {
        items[at].motion = Some(Motion { extension: ".MP4" });
    }
}

/// What a person made of a picture, with its EXIF.
fn in_black_and_white(jpeg: &[u8]) -> io::Result<Vec<u8>> {
    let grey = image::load_from_memory(jpeg).map_err(io::Error::other)?.adjust_contrast(14.0).to_luma8();
    let mut edited = Vec::new();
    JpegEncoder::new_with_quality(&mut edited, EDITED_QUALITY).encode_image(&grey).map_err(io::Error::other)?;
    Ok(generate::with_exif_of(jpeg, &edited))
}

/// The film of a motion photo.
fn moving(spec: &ExportSpec, item: &Item) -> Vec<u8> {
    let taken = chrono::DateTime::from_timestamp(item.instant, 0).unwrap_or_default();
    let seed = spec.seed ^ u64::from(item.number) << 16;
    generate::film(&FilmRecipe { seed, width: 320, height: 192, taken, frames: 12 })
}
