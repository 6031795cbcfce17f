//! Ordinary items: what phones, cameras and messengers call their files, and what people write on them.

use chrono::DateTime;

use super::account::{Delivery, Extension, Format, Item, Motion, Origin};
use super::chance::Chance;
use super::spec::ExportSpec;
use super::truth::DateStory;

const CAPTIONS: [&str; 8] = [
    "Heiligabend bei Oma",
    "Low tide,\nSt Ives",
    "C'est l'été & <rien> d'autre = \"rien\"",
    "夕方の湖",
    "A&amp;B is meant like this",
    "Опа на озере",
    "🎂 Seven!",
    "غروب الشمس",
];
const PEOPLE: [&str; 6] = ["Mia", "Jonas", "Дочь", "お父さん", "Zoë d'Arc", "Grandma & Grandpa"];
/// Latitude, longitude and hours east of UTC: two on the meridian, two on the equator.
const PLACES: [(f64, f64, i32); 9] = [
    (47.995, 7.852, 1),
    (43.062, 11.604, 2),
    (-33.857, 151.215, 10),
    (35.011, 135.768, 9),
    (40.713, -74.006, -5),
    (51.4779, 0.0, 0),
    (44.1, 0.0, 1),
    (0.0, 32.45, 3),
    (0.0, -78.4558, -5),
];

/// An item with a title of its own and nothing odd about it; its number is still to be given.
pub(super) fn blank(spec: &ExportSpec, chance: &mut Chance, title: &str) -> Item {
    let (first, last) = (spec.first_year.min(spec.last_year), spec.last_year.max(spec.first_year));
    let instant = chance.between(start_of(first), start_of(last + 1).min(spec.stamp - 86_400).max(start_of(first) + 1));
    at(spec, chance, title, instant)
}

/// As [`blank`], taken at an instant.
pub(super) fn at(spec: &ExportSpec, chance: &mut Chance, title: &str, instant: i64) -> Item {
    let format = match super::naming::split(title).1.to_lowercase().as_str() {
        ".heic" => Format::Heic,
        ".png" | ".webp" => Format::Png,
        ".gif" => Format::Gif,
        ".mp4" | ".mov" | ".m4v" | ".avi" | ".3gp" => Format::Film,
        _ => Format::Jpeg,
    };
    let (latitude, longitude, hours) = chance.pick(&PLACES);
    let near = |chance: &mut Chance, degrees: f64| {
        // The axes stay exactly where they are.
        // Four decimals: more would not survive a journey through JSON to the last bit.
        if degrees == 0.0 { 0.0 } else { ((degrees * 10_000.0).round() + chance.between(-400, 400) as f64) / 10_000.0 }
    };
    let embedded_place = (spec.variants.places && format != Format::Film && chance.happens(0.45))
        .then(|| (near(chance, latitude), near(chance, longitude)))
        .filter(|_| matches!(format, Format::Jpeg | Format::Heic));
    // Google shows the place of the file, now and then one it knows or was told itself.
    let place = match chance.below(10) {
        0 if spec.variants.places => Some((near(chance, latitude), near(chance, longitude))),
        1 => None,
        _ => embedded_place,
    };
    let dated = matches!(format, Format::Jpeg | Format::Heic | Format::Film);
    let people = if spec.variants.people && chance.happens(0.2) {
        let mut people: Vec<String> = (0..=chance.below(3)).map(|_| chance.pick(&PEOPLE).to_owned()).collect();
        people.sort();
        people.dedup();
        people
    } else {
        Vec::new()
    };
    Item {
        number: 0,
        title: title.to_owned(),
        format,
        extension: Extension::Kept,
        sidecar_has_extension: false,
        decomposed: false,
        instant,
        offset: hours * 3_600,
        taken: Some(instant),
        embedded: dated.then_some(instant),
        dates: if dated { DateStory::Agree } else { DateStory::SidecarOnly },
        created: (instant.max(1_300_000_000) + chance.between(60, 9_000_000)).min(spec.stamp - 60).max(instant + 60),
        place,
        embedded_place,
        caption: (spec.variants.captions && chance.happens(0.15)).then(|| chance.pick(&CAPTIONS).to_owned()),
        people,
        favourite: spec.variants.favourites && chance.happens(0.06),
        archived: false,
        trashed: false,
        own: true,
        origin: origin(chance),
        edited: None,
        motion: None,
        delivery: Delivery::Whole,
        other_rendition: spec.variants.album_renditions && chance.happens(0.02),
        url: format!("https://photos.google.com/photo/AF1Qip{}", chance.text(38)),
        since: 0,
        touched: 0,
    }
}

fn origin(chance: &mut Chance) -> Origin {
    match chance.below(20) {
        0..=7 => Origin::Phone(
            chance.pick(&["", "", "Camera", "WhatsApp Images", "Screenshots"]),
            chance.pick(&["ANDROID_PHONE", "ANDROID_TABLET"]),
        ),
        8..=11 => Origin::Phone("-", chance.pick(&["IOS_PHONE", "IOS_TABLET"])),
        12..=13 => Origin::Web,
        14 => Origin::Desktop,
        15 => Origin::Drive,
        16 => Origin::Partner,
        _ => Origin::Absent,
    }
}

/// An item as most are.
pub(super) fn ordinary(spec: &ExportSpec, chance: &mut Chance) -> Item {
    let mut item = blank(spec, chance, "x.jpg");
    let local = DateTime::from_timestamp(item.instant + i64::from(item.offset), 0).unwrap_or_default();
    let stamp = local.format("%Y%m%d_%H%M%S");
    let number = chance.below(10_000);
    let title = match chance.below(26) {
        0..=7 => format!("IMG_{stamp}.jpg"),
        8..=9 => format!("PXL_{}{:03}.jpg", local.format("%Y%m%d_%H%M%S"), number % 1_000),
        10..=11 => format!("IMG_{number:04}.HEIC"),
        12..=13 => format!("DSC_{number:04}.JPG"),
        14 => format!("{stamp}.jpg"),
        15 => format!("IMG-{}-WA{:04}.jpg", local.format("%Y%m%d"), number % 90),
        16 => format!("Screenshot_{}.png", local.format("%Y-%m-%d-%H-%M-%S")),
        17 => format!("received_{}{number:04}.jpeg", 1_433_782_103_000_u64 + chance.next() % 1_000_000_000),
        18 => format!("FB_IMG_{}.jpg", item.instant * 1_000 + number as i64),
        19 => uuid(chance, "jpg"),
        20..=21 => format!("VID_{stamp}.mp4"),
        22 => format!("MVI_{number:04}.MOV"),
        23 => format!("Blick über Zürich {number}.jpg"),
        24 => format!("京都の紅葉 {number:03}.jpg"),
        _ => format!("animation-{number}.gif"),
    };
    let kept = (item.instant, item.offset);
    item = at(spec, chance, &title, kept.0);
    item.offset = kept.1;
    if spec.variants.motion && item.format == Format::Heic && chance.happens(0.4) {
        item.motion = Some(Motion { extension: chance.pick(&[".MP4", ".MP4", ".MOV", ".mp4"]) });
    }
    if spec.variants.edited && !item.is_film() && item.format != Format::Gif && chance.happens(0.04) {
        item.edited = Some(if item.format == Format::Png { ".png" } else { same_extension(&item.title) });
    }
    item
}

/// The extension an edited copy has: the title's, and `.jpg` for HEIC.
pub(super) fn same_extension(title: &str) -> &'static str {
    match super::naming::split(title).1 {
        ".JPG" => ".JPG",
        ".jpeg" => ".jpeg",
        ".png" => ".png",
        _ => ".jpg",
    }
}

pub(super) fn uuid(chance: &mut Chance, extension: &str) -> String {
    let (a, b) = (chance.next(), chance.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}.{extension}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        b >> 48,
        b & 0xffff_ffff_ffff
    )
}

fn start_of(year: i32) -> i64 {
    chrono::NaiveDate::from_ymd_opt(year, 1, 1).and_then(|day| day.and_hms_opt(0, 0, 0)).map_or(0, |at| at.and_utc().timestamp())
}
