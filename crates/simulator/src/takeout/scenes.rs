//! The corner cases: each scene makes the few items that together show one variant, in one folder.

use super::account::{Delivery, Extension, Item, Motion, Origin};
use super::chance::Chance;
use super::naming::Limits;
use super::spec::{ExportSpec, Variants};
use super::titles::{at, blank, ordinary, uuid};
use super::truth::DateStory;

/// Titles at a limit are at this one in every export, whatever limits the export has: titles belong to the account.
const USUAL: Limits = Limits { media: 51, sidecar: 46 };

type Scene = fn(&ExportSpec, &mut Chance) -> Vec<Item>;

/// Share of items that come from scenes, once every scene had its turn.
const SHARE: f64 = 0.3;

/// `count` items. Every scene that is switched on has one turn first, then ordinary items and scenes mix.
pub(super) fn fill(spec: &ExportSpec, chance: &mut Chance, count: usize) -> Vec<Item> {
    let mut scenes = scenes(&spec.variants);
    chance.shuffle(&mut scenes);
    let mut items: Vec<Item> = Vec::with_capacity(count + 4);
    let mut turn = 0;
    while items.len() < count {
        if let Some(&scene) = scenes.get(turn) {
            items.extend(scene(spec, chance));
            turn += 1;
        } else if !scenes.is_empty() && chance.happens(SHARE / 2.5) {
            let scene = chance.pick(&scenes);
            items.extend(scene(spec, chance));
        } else {
            items.push(ordinary(spec, chance));
        }
    }
    items.truncate(count);
    for (number, item) in items.iter_mut().enumerate() {
        item.number = number as u32;
    }
    items
}

/// The scenes of the variants that are on.
fn scenes(on: &Variants) -> Vec<Scene> {
    let all: [(bool, &[Scene]); 27] = [
        (on.repeated_titles, &[repeated, repeated_in_a_series]),
        (on.sidecar_collisions, &[sidecars_collide, sidecars_collide_by_extension]),
        (on.long_titles, &[long, long_repeated, burst_cover]),
        (on.surrogates, &[surrogates]),
        (on.forbidden_characters, &[forbidden]),
        (on.no_extension, &[no_extension, dots_without_extension, neighbours_without_extension]),
        (on.double_extensions, &[double_extension, converted, converted_png]),
        (on.case_differences, &[case_differs, extension_case_changed]),
        (on.decomposed_names, &[decomposed]),
        (on.edited, &[edited_numbered, edited_beside_another, edited_heic, looks_edited]),
        (on.edited && on.edited_at_the_limit, &[edited_cut, edited_cut_whole]),
        (on.motion, &[motion_forms, motion_numbered, motion_beside_a_film]),
        (on.creations, &[creations]),
        (on.archived, &[archived]),
        (on.trashed, &[trashed]),
        (on.early_dates, &[early]),
        (on.no_date, &[no_date]),
        (on.corrected_dates, &[corrected]),
        (on.guessed_dates, &[guessed]),
        (on.others_items, &[others]),
        (on.missing_media, &[missing_media]),
        (on.missing_sidecars, &[missing_sidecar]),
        (on.broken_sidecars, &[broken_sidecar]),
        (on.undecidable, &[brackets_compete, bare_title_competes]),
        (on.undecidable && on.motion, &[film_takes_a_name]),
        (on.undecidable && on.edited, &[edit_of_two]),
        (on.favourites || on.captions, &[ordinary_pair]),
    ];
    all.iter().filter(|(on, _)| *on).flat_map(|(_, scenes)| scenes.iter().copied()).collect()
}

/// Items of the given titles within an hour of each other, so that they lie in one folder.
fn together<const N: usize>(spec: &ExportSpec, chance: &mut Chance, titles: [&str; N]) -> Vec<Item> {
    let first = blank(spec, chance, "x.jpg");
    titles
        .iter()
        .enumerate()
        .map(|(index, title)| {
            let mut item = at(spec, chance, title, first.instant + index as i64 * 421);
            item.offset = first.offset;
            item
        })
        .collect()
}

fn ordinary_pair(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let mut item = ordinary(spec, chance);
    item.favourite = spec.variants.favourites;
    item.caption = spec.variants.captions.then(|| "Two lines,\nand a “quote”".to_owned());
    vec![item]
}

fn repeated(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let title = format!("IMG_{:04}.JPG", chance.below(400));
    together(spec, chance, [&title, &title, &title])
}

fn repeated_in_a_series(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let day = format!("Foto vom {:03}.jpg", chance.below(200));
    together(spec, chance, [&day, &day, &day, &day, &day, &day, &day, &day, &day, &day, &day, &day])
}

/// 46 equal units, then a difference: sidecars are numbered, media are not.
fn sidecars_collide(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let same = format!("{:_<46}", format!("13039_327707840323_{}_", chance.text(20)));
    let titles = ["a", "b", "c"].map(|last| format!("{same}{last}.jpg"));
    together(spec, chance, [&titles[0], &titles[1], &titles[2]])
}

fn sidecars_collide_by_extension(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let same = format!("{:x<46}", format!("collision by extension {} ", chance.text(12)));
    together(spec, chance, [&format!("{same}.jpg"), &format!("{same}.png"), &format!("{same}.gif")])
}

fn long(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let tail = chance.text(8);
    let titles = [
        format!("Urlaub in der Schneifel, zweiter Tag, am Abend nach dem Regen {tail}.jpg"),
        format!("Screenshot_20220207_102421_com.snapchat.android.{tail}.application.png"),
        format!("{tail}-temple-5D-32-temple-V-reconstructed-{}.jpeg", "v".repeat(30)),
        format!("A film with a name that nobody would give by hand, {tail} take two.mp4"),
    ];
    together(spec, chance, [&titles[0], &titles[1], &titles[2], &titles[3]])
}

/// Different titles that are equal after the cut.
fn long_repeated(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let same = format!("{:-<50}", format!("{}-vwxyzabcde-fghijklmnopqrst", chance.text(16)));
    together(spec, chance, [&format!("{same}-1.jpg"), &format!("{same}-2.jpg"), &format!("{same}-3.jpg")])
}

fn burst_cover(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let burst = format!("BURST2018110518{:07}", chance.below(10_000_000));
    together(spec, chance, [&format!("00100sPORTRAIT_00100_{burst}_COVER.jpg"), &format!("00000PORTRAIT_00000_{burst}.jpg")])
}

/// A pair of surrogates across unit 46 of the sidecar, and across the cut of the media name.
fn surrogates(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let start = chance.text(20);
    let across_sidecar = format!("{start}{}😀 and the rest.jpg", "s".repeat(USUAL.sidecar.saturating_sub(21)));
    let across_media = format!("{}{}🎂🎂🎂.jpg", chance.text(20), "m".repeat(USUAL.media.saturating_sub(25)));
    let emoji = format!("{}.jpg", "🌅".repeat(20 + chance.below(14)));
    together(spec, chance, [&across_sidecar, &across_media, &emoji])
}

fn forbidden(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(1_000);
    let titles = [
        format!("Tom & Jerry's day? {n}.jpg"),
        format!("3/11/15 - {n}.jpg"),
        format!("A:B\\C*D\"E<F>G|H {n}.jpg"),
        format!("100% #{n}.png"),
        // Two titles that are the same name once they are safe.
        format!("{n}/1.jpg"),
        format!("{n}?1.jpg"),
    ];
    together(spec, chance, [&titles[0], &titles[1], &titles[2], &titles[3], &titles[4], &titles[5]])
}

fn no_extension(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(10_000);
    let mut items = together(spec, chance, [&format!("hemlatha {n}"), &format!("27/06/12 - {n}"), &format!("hemlatha {n} film")]);
    for item in &mut items {
        item.extension = Extension::Added(".jpg");
    }
    items[1].sidecar_has_extension = true;
    items
}

/// What stands behind the last dot counts as an extension, and none is added.
fn dots_without_extension(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let title = format!("21.{:02}.11 - {}", 1 + chance.below(12), chance.below(50));
    together(spec, chance, [&title, &title])
}

/// One title is the beginning of the other.
fn neighbours_without_extension(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = 1 + chance.below(90);
    let day = format!("20.06.{:02}", 1 + chance.below(28));
    let mut items = together(spec, chance, [&format!("{day} - {n}"), &format!("{day} - {n}0")]);
    for item in &mut items {
        item.extension = Extension::Added(".jpg");
    }
    items
}

fn double_extension(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(1_000_000);
    together(spec, chance, [&format!("signal-2020-10-26-{n:06}.gif.jpg"), &format!("backup.{n}.tar.png")])
}

fn converted(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(100_000);
    let mut items = together(spec, chance, [&format!("CNV_{n:05}.MOV"), &format!("CNP_{n:05}.JPG")]);
    items[0].extension = Extension::Added(".mp4");
    items[1].extension = Extension::Added(".jpeg");
    items
}

fn converted_png(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let title = format!("converted-{}.PNG", chance.below(1_000_000));
    let mut items = together(spec, chance, [&title]);
    items[0].extension = Extension::Replaced(".JPEG");
    items[0].format = super::account::Format::Jpeg;
    items
}

fn case_differs(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(10_000);
    together(spec, chance, [&format!("IMG_case_{n}.jpg"), &format!("IMG_case_{n}.JPG"), &format!("img_CASE_{n}.jpg")])
}

fn extension_case_changed(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let title = format!("{}_{:05}.JPG", 20_090_216, chance.below(100_000));
    let mut items = together(spec, chance, [&title, &title]);
    for item in &mut items {
        item.extension = Extension::Replaced(".jpg");
    }
    items
}

fn decomposed(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(10_000);
    let mut items = together(spec, chance, [&format!("Café Müller {n}.jpg"), &format!("Ang\u{301}e\u{300}le {n}.jpg")]);
    // One archive was packed anew on a Mac; one title is so itself.
    items[0].decomposed = true;
    items[0].edited = spec.variants.edited.then_some(".jpg");
    items
}

fn edited_numbered(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let title = format!("IMG_20120216_{:06}.jpg", chance.below(240_000));
    let mut items = together(spec, chance, [&title, &title, &title]);
    items[0].edited = Some(".jpg");
    items[1].edited = Some(".jpg");
    items
}

/// The same stem twice with other extensions: the copy goes to the one with its own.
fn edited_beside_another(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(100_000);
    let mut items = together(spec, chance, [&format!("EDB_{n:05}.HEIC"), &format!("EDB_{n:05}.png")]);
    items[1].edited = Some(".png");
    items
}

fn edited_heic(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let title = format!("EDH_{:05}.HEIC", chance.below(100_000));
    let mut items = together(spec, chance, [&title, &title]);
    items[0].edited = Some(".jpg");
    items[1].edited = Some(".jpg");
    items
}

/// Titles that look like edited copies and are items.
fn looks_edited(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(100_000);
    let edited = format!("LE_{n:05}-edited.jpg");
    together(spec, chance, [&format!("LE_{n:05}.jpg"), &format!("LE_{n:05}-best.jpg"), &edited])
}

fn edited_cut(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    // With `.jpg` there is room for 47: a hyphen and one to four letters of the suffix are left.
    let room = USUAL.media.saturating_sub(4 + 2 + chance.below(4));
    let title = format!("{:4<room$}.jpg", format!("cut_{}_", chance.text(14)));
    let mut items = together(spec, chance, [&title]);
    items[0].edited = Some(".jpg");
    items
}

fn edited_cut_whole(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let title = format!("original_{}_P{}.jpg", &uuid(chance, "")[..36], "XL_20220516_164814158");
    let mut items = together(spec, chance, [&title]);
    items[0].edited = Some(".jpg");
    items
}

fn motion_forms(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(240_000);
    let titles = [
        format!("MVIMG_20180418_{n:06}.jpg"),
        format!("PXL_20220516_{n:06}814.MP.jpg"),
        format!("20231227_{n:06}.jpg"),
        format!("MVIMG_20171029_{n:06}.jpg"),
        format!("PXL_20201111_{n:06}123.jpg"),
    ];
    let mut items = together(spec, chance, [&titles[0], &titles[1], &titles[2], &titles[3], &titles[4]]);
    for (item, extension) in items.iter_mut().zip(["", "", ".MP4", ".MP4", ".MV"]) {
        item.motion = Some(Motion { extension });
    }
    items
}

fn motion_numbered(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let title = format!("LIV_{:05}.HEIC", chance.below(100_000));
    let mut items = together(spec, chance, [&title, &title, &title]);
    items[1].motion = Some(Motion { extension: ".MP4" });
    items[2].motion = Some(Motion { extension: ".MP4" });
    items
}

/// A film with a sidecar of its own beside a live photo of the same stem.
fn motion_beside_a_film(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(100_000);
    let mut items = together(spec, chance, [&format!("LBF_{n:05}.HEIC"), &format!("LBF_{n:05}.MOV")]);
    items[0].motion = Some(Motion { extension: ".MP4" });
    items
}

fn creations(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(100_000);
    let titles = [
        format!("CRE_{n:05}.jpg"),
        format!("CRE_{n:05}-COLLAGE.jpg"),
        format!("CRE_{n:05}-ANIMATION.gif"),
        format!("CRE_{n:05}-MOVIE.m4v"),
        format!("CRE_{n:05}-EFFECTS.jpg"),
        format!("CRE_{n:05}-PANO.jpg"),
    ];
    let mut items = together(spec, chance, titles.each_ref().map(String::as_str));
    for item in &mut items[1..] {
        item.origin = Origin::Composition(if n.is_multiple_of(2) { "AUTO" } else { "MANUAL" });
    }
    items
}

fn archived(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let mut item = ordinary(spec, chance);
    item.archived = true;
    vec![item]
}

fn trashed(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let mut item = ordinary(spec, chance);
    item.trashed = true;
    vec![item]
}

/// Scans whose date the user entered: before 1970, at -1 second, and long ago.
fn early(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(100_000);
    let instant = chance.pick(&[-1, -86_400, -45_846_000, -1_500_000_000, -2_208_988_801]);
    let mut item = at(spec, chance, &format!("Scan_{n:05}.jpg"), instant);
    let date = instant + 12 * 3_600;
    (item.instant, item.taken, item.embedded, item.dates) = (date, Some(date), None, DateStory::SidecarOnly);
    item.embedded_place = None;
    if instant == -1 {
        (item.instant, item.taken) = (-1, Some(-1));
    }
    vec![item]
}

fn no_date(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let mut item = blank(spec, chance, &format!("undated-{}.jpg", chance.clone().below(1_000_000)));
    (item.taken, item.dates) = (None, DateStory::NoneInSidecar);
    vec![item]
}

/// A camera whose clock was wrong by years; the user corrected it in Google Photos.
fn corrected(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let title = format!("DSCN{:05}.JPG", chance.below(100_000));
    let mut items = together(spec, chance, [&title]);
    let wrong = items[0].instant - chance.between(40, 900) * 86_400 - 4_711;
    (items[0].embedded, items[0].dates) = (Some(wrong), DateStory::Corrected);
    items
}

/// Google took the moment of the upload.
fn guessed(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let title = format!("gss_{:06}.jpg", chance.below(1_000_000));
    let mut items = together(spec, chance, [&title]);
    let upload = items[0].created;
    (items[0].taken, items[0].dates) = (Some(upload), DateStory::Guessed);
    items
}

/// Items of somebody else in a shared album: they are in no year folder.
fn others(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let mut items: Vec<Item> = (0..3).map(|_| ordinary(spec, chance)).collect();
    for item in &mut items {
        (item.own, item.origin) = (false, Origin::SharedAlbum);
        (item.people, item.favourite, item.caption) = (Vec::new(), false, None);
    }
    items
}

fn alone(spec: &ExportSpec, chance: &mut Chance, delivery: Delivery) -> Vec<Item> {
    let title = format!("sgl_{}.jpg", chance.text(10).to_lowercase());
    let mut items = together(spec, chance, [&title]);
    items[0].delivery = delivery;
    items
}

fn missing_media(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    alone(spec, chance, Delivery::NoMedia)
}

fn missing_sidecar(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    alone(spec, chance, Delivery::NoSidecar)
}

fn broken_sidecar(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    alone(spec, chance, Delivery::BrokenSidecar)
}

/// `Scan.jpg` twice and `Scan(1).jpg` once (row 56 of the table of corner cases).
fn brackets_compete(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(100_000);
    together(spec, chance, [&format!("Negative{n}.jpg"), &format!("Negative{n}(1).jpg"), &format!("Negative{n}.jpg")])
}

/// One title with and one without its extension: both want one name.
fn bare_title_competes(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(100_000);
    let mut items = together(spec, chance, [&format!("bare {n}"), &format!("bare {n}.jpg")]);
    items[0].extension = Extension::Added(".jpg");
    items
}

/// A live photo whose film wants the name of another item.
fn film_takes_a_name(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(100_000);
    let mut items = together(spec, chance, [&format!("FTN_{n:05}.HEIC"), &format!("FTN_{n:05}.MP4")]);
    items[0].motion = Some(Motion { extension: ".MP4" });
    items
}

/// An edited copy whose extension is that of neither of two items of one stem.
fn edit_of_two(spec: &ExportSpec, chance: &mut Chance) -> Vec<Item> {
    let n = chance.below(100_000);
    let mut items = together(spec, chance, [&format!("EOT_{n:05}.HEIC"), &format!("EOT_{n:05}.png")]);
    items[0].edited = Some(".jpg");
    items
}
