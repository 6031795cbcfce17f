//! The demo account: ten years of a person's photos, with everything in it that a backup has to cope with.
//!
//! What happened is in `occasions`, what files are called in `names`; here it becomes items and albums. Equal seeds give
//! equal accounts. Pictures and films are recipes, made when somebody asks for their bytes.

mod names;
mod occasions;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeDelta, TimeZone};

use self::names::{Naming, has_fractions};
use self::occasions::{EARLIER, EMPTY_ALBUM, EVERYDAY_CAPTIONS, FOREIGN_ALBUM, OCCASIONS, Occasion};
use super::paint::{Moment, Scene};
use super::picture;
use super::random::Random;
use super::{FilmRecipe, PictureRecipe};
use crate::photo_library::{Content, PhotoLibrary, SimAlbum, SimItem, VideoStatus};

/// The last evening of every generated library: 30 November 2025, 20:00 UTC.
pub(super) const END: i64 = 1_764_532_800;
/// The number of items that the shares in `occasions` are made for.
const USUAL_COUNT: usize = 300;
/// Fewer items than this have no room for every oddity.
const SMALLEST_WHOLE: usize = 60;
/// Freiburg im Breisgau.
const HOME: (f64, f64) = (47.995, 7.852);
/// Share of items that know where they were taken.
const WITH_PLACE: f32 = 0.4;
/// Pictures of ordinary days before the account begins, beside 300 items in it.
const EARLIER_DAYS: usize = 9;

/// A person's account: `count` items over the ten years to 30 November 2025, twelve own albums (one of them also
/// shared) and one that somebody else shared, with six items of theirs. Below 60 items it is the newest part of the
/// account with 60.
pub fn demo(count: usize, seed: u64) -> PhotoLibrary {
    let mut account = Account { random: Random::part(seed, 0x6465_6d6f), items: Vec::new(), albums: Vec::new() };
    let size = count.max(SMALLEST_WHOLE);
    for (index, occasion) in OCCASIONS.iter().enumerate() {
        let mut ids = account.live_through(occasion, size);
        if index == 5 {
            ids.extend(account.burst());
        }
        account.album(occasion.title, ids, true, occasion.shared);
    }
    account.album(Some(EMPTY_ALBUM), Vec::new(), true, false);
    account.somebody_elses_album();
    account.oddities();
    account.ordinary_days(size);
    let mut library = account.finish();
    if count < library.items.len() {
        library.items.truncate(count);
        let kept: HashSet<&String> = library.items.iter().map(|item| &item.id).collect();
        for album in &mut library.albums {
            album.items.retain(|id| kept.contains(id));
        }
    }
    library
}

/// What the same person had before the first item of [`demo`]: two feasts and ordinary days of 2009 to 2014. Of 300 items
/// in the account these are 24; of fewer, fewer.
pub fn demo_earlier(count: usize, seed: u64) -> PhotoLibrary {
    let mut account = Account { random: Random::part(seed, 0x6561_726c), items: Vec::new(), albums: Vec::new() };
    for occasion in &EARLIER {
        let ids = account.live_through(occasion, count);
        account.album(occasion.title, ids, true, occasion.shared);
    }
    let start = NaiveDate::from_ymd_opt(2010, 2, 1).unwrap_or_default();
    for number in 1..=share(EARLIER_DAYS, count) {
        let day = start + TimeDelta::days(account.random.below(1_760) as i64);
        let date = (day.year(), day.month(), day.day());
        let Some(local) = account.time_of_day(date, 0, home_zone(date.1), HOME.0) else { continue };
        let camera = Naming::Canon.camera(local);
        let name = Naming::Canon.file_name(210 + number, local, false);
        let item = account.picture(name, &Shot { local, place: HOME, camera, scenes: &[], category: None });
        account.items.push(item);
    }
    account.finish()
}

/// How many of `size` items are as many as `of` among 300; at least one, unless there are none.
fn share(of: usize, size: usize) -> usize {
    if of == 0 { 0 } else { (of * size / USUAL_COUNT).max(1) }
}

struct Account {
    random: Random,
    items: Vec<SimItem>,
    albums: Vec<SimAlbum>,
}

/// Where, when and how one picture is taken.
struct Shot<'a> {
    local: DateTime<FixedOffset>,
    /// Of the surroundings.
    place: (f64, f64),
    camera: names::Camera,
    scenes: &'a [Scene],
    category: Option<&'static str>,
}

impl Account {
    /// Takes the pictures and films of one occasion; gives their ids, in the order in which they were taken.
    fn live_through(&mut self, occasion: &Occasion, size: usize) -> Vec<String> {
        let (pictures, films) = (share(occasion.pictures, size), share(occasion.films, size));
        let mut shots: Vec<DateTime<FixedOffset>> = (0..pictures + films)
            .filter_map(|_| {
                let day = self.random.below(u64::from(occasion.days)) as i64;
                self.time_of_day(occasion.first, day, occasion.zone * 3_600, occasion.place.0)
            })
            .collect();
        shots.sort();
        let mut ids = Vec::new();
        for (number, local) in shots.into_iter().enumerate() {
            // Films are spread evenly among the pictures.
            let film = films > 0
                && number % ((pictures + films) / films) == (pictures + films) / films / 2
                && number < films * ((pictures + films) / films);
            let camera = occasion.naming.camera(local);
            let name = occasion.naming.file_name(number + 1, local, film);
            let shot = Shot { local, place: occasion.place, camera, scenes: occasion.scenes, category: Some(occasion.category) };
            let mut item = if film { self.film(name, &shot) } else { self.picture(name, &shot) };
            if !film && !occasion.captions.is_empty() && self.random.chance(0.2) {
                let caption = self.random.pick(occasion.captions);
                describe(&mut item, caption, self.random.chance(0.5));
            }
            item.favorite = self.random.chance(0.06);
            ids.push(item.id.clone());
            self.items.push(item);
        }
        ids
    }

    /// Five pictures within one second, numbered behind the same name.
    fn burst(&mut self) -> Vec<String> {
        let mut ids = Vec::new();
        if let Some(local) = moment_at((2022, 8, 9), 0, 19, 12, 2 * 3_600) {
            for number in 1..=5 {
                let shot = Shot {
                    local,
                    place: (42.285, 18.840),
                    camera: ("Google", "Pixel 4"),
                    scenes: &[Scene::Sea],
                    category: Some("TRAVEL"),
                };
                let item = self.picture(format!("IMG_20220809_191200_{number:03}.jpg"), &shot);
                ids.push(item.id.clone());
                self.items.push(item);
            }
        }
        ids
    }

    /// Six items that are only in somebody else's album, beside two of the user's own.
    fn somebody_elses_album(&mut self) {
        let mut ids = Vec::new();
        for number in 0..8 {
            let Some(local) = moment_at((2024, 6, 22), 0, 15 + number / 2, 7 * number, 2 * 3_600) else { continue };
            let own = number == 2 || number == 5;
            let camera = if own { ("Google", "Pixel 7") } else { ("Apple", "iPhone 12") };
            let name = if own { Naming::Phone.file_name(1, local, false) } else { format!("IMG_{}.JPG", 2_107 + number) };
            let scenes = &[Scene::Meadow, Scene::Hills, Scene::Lake];
            let mut item = self.picture(name, &Shot { local, place: (47.87, 7.73), camera, scenes, category: None });
            item.in_library = own;
            item.app_created = item.app_created && own;
            ids.push(item.id.clone());
            self.items.push(item);
        }
        self.album(Some(FOREIGN_ALBUM), ids, false, true);
    }

    /// What every real account has somewhere and every tool trips over.
    fn oddities(&mut self) {
        // The same name twice in a month (two cards), and once more in a month of another year.
        for (day, name) in [((2016, 4, 3), "IMG_0001.JPG"), ((2016, 4, 24), "IMG_0001.JPG"), ((2019, 7, 2), "IMG_0001.JPG")] {
            self.odd(day, 15, name, ("Canon", "PowerShot G2"), None);
        }
        // Names that differ in case only, the same month.
        self.odd((2020, 9, 5), 18, "Sunset.JPG", ("Google", "Pixel 4"), None);
        self.odd((2020, 9, 19), 18, "sunset.jpg", ("Google", "Pixel 4"), None);
        self.odd((2017, 10, 8), 14, "Käsespätzle & Grüße – Schwäbische Alb.jpg", ("samsung", "SM-G930F"), None);
        // A scan that carries the date of its print.
        self.odd((1968, 7, 21), 13, "Scan0001.jpg", ("EPSON", "Perfection V600"), Some("Opa am Bodensee, 1968"));
        self.undated();
    }

    fn odd(&mut self, day: (i32, u32, u32), hour: u32, name: &str, camera: names::Camera, description: Option<&str>) {
        if let Some(local) = moment_at(day, 0, hour, 20, home_zone(day.1)) {
            let scenes: &[Scene] = if day.0 < 1975 { &[Scene::Lake] } else { &[] };
            let mut item = self.picture(name.to_owned(), &Shot { local, place: HOME, camera, scenes, category: None });
            if let Some(text) = description {
                describe(&mut item, text, false);
            }
            self.items.push(item);
        }
    }

    /// A picture whose date nobody knows: neither the account nor the file says one.
    fn undated(&mut self) {
        const SIZE: (u32, u32) = (480, 360);
        let local = moment_at((2015, 5, 17), 0, 17, 0, 0);
        let moment = Moment {
            seed: self.random.next(),
            local: local.map(|local| local.naive_local()).unwrap_or_default(),
            latitude: HOME.0,
        };
        let bytes = picture::without_exif(&moment, SIZE.0, SIZE.1);
        let item = SimItem {
            id: self.random.id(98),
            filename: Some("received_1043.jpeg".to_owned()),
            creation_time: None,
            content: Content::Bytes(bytes.into()),
            ..blank(SIZE)
        };
        self.items.push(item);
    }

    /// Fills up to `size` with the days between: quiet weeks, now and then a walk with a few pictures.
    fn ordinary_days(&mut self, size: usize) {
        let start = NaiveDate::from_ymd_opt(2015, 12, 1).unwrap_or_default();
        let mut number = 0;
        while self.items.len() < size {
            let day = start + TimeDelta::days(self.random.below(3_651) as i64);
            let date = (day.year(), day.month(), day.day());
            let naming = if self.random.chance(0.85) { Naming::Phone } else { Naming::Nikon };
            let walk = (1 + self.random.below(4) as usize).min(size - self.items.len());
            for _ in 0..walk {
                let Some(local) = self.time_of_day(date, 0, home_zone(date.1), HOME.0) else { continue };
                number += 1;
                let film = number % 60 == 30;
                let camera = naming.camera(local);
                let name = naming.file_name(number, local, film);
                let shot = Shot { local, place: HOME, camera, scenes: &[], category: None };
                let mut item = if film { self.film(name, &shot) } else { self.picture(name, &shot) };
                if !film && self.random.chance(0.12) {
                    let caption = self.random.pick(&EVERYDAY_CAPTIONS);
                    describe(&mut item, caption, self.random.chance(0.5));
                }
                item.favorite = self.random.chance(0.03);
                // Five in the archive, whatever the size.
                item.archived = (1..=5).any(|nth| number == nth * 3);
                self.items.push(item);
            }
        }
    }

    /// A time on a day at which people take pictures: mostly by day, often when the sun is low, now and then at night.
    fn time_of_day(&mut self, first: (i32, u32, u32), day: i64, zone: i32, latitude: f64) -> Option<DateTime<FixedOffset>> {
        let wanted = match self.random.below(100) {
            0..54 => 9.0..90.0,
            54..88 => -4.0..9.0,
            _ => -90.0..-8.0,
        };
        let mut local = None;
        for _ in 0..40 {
            let minute = 330 + self.random.below(1_070) as u32;
            local = moment_at(first, day, minute / 60, minute % 60, zone)
                .map(|local| local + TimeDelta::seconds(self.random.below(60) as i64));
            let moment = local.map(|local| Moment { seed: 0, local: local.naive_local(), latitude });
            if moment.is_none_or(|moment| wanted.contains(&moment.light().elevation)) {
                break;
            }
        }
        local
    }

    fn picture(&mut self, name: String, shot: &Shot) -> SimItem {
        let mut taken = shot.local.to_utc();
        let mut filename = name;
        if has_fractions(shot.camera.0, shot.local) && filename.starts_with("PXL_") {
            // The name says the milliseconds too.
            let local = shot.local + TimeDelta::milliseconds(1 + self.random.below(999) as i64);
            taken = local.to_utc();
            filename = Naming::Phone.file_name(0, local, false);
        }
        let (width, height) = self.random.pick(&[
            (1_280, 960),
            (1_280, 960),
            (1_280, 960),
            (960, 1_280),
            (960, 1_280),
            (1_600, 900),
            (1_600, 900),
            (1_200, 800),
        ]);
        let south = shot.place.0 < 0.0;
        let place = (south || self.random.chance(WITH_PLACE)).then(|| self.near(shot.place));
        let mut recipe = PictureRecipe {
            seed: self.random.next(),
            width,
            height,
            taken,
            offset_seconds: shot.local.offset().local_minus_utc(),
            place,
            camera: shot.camera,
            caption: None,
        };
        // The light decides what can be seen at all, so this may have to give up.
        for _ in 0..30 {
            if shot.scenes.is_empty() || shot.scenes.contains(&picture::moment(&recipe).scene()) {
                break;
            }
            recipe.seed = self.random.next();
        }
        let moment = picture::moment(&recipe);
        let mut categories: Vec<&'static str> = match moment.scene() {
            Scene::City => vec!["CITYSCAPES"],
            Scene::Meadow => vec!["LANDSCAPES", "FLOWERS"],
            _ => vec!["LANDSCAPES"],
        };
        if moment.light().elevation < -6.0 {
            categories.push("NIGHT");
        }
        categories.extend(shot.category.filter(|category| !categories.contains(category)));
        SimItem {
            id: self.random.id(98),
            filename: Some(filename),
            creation_time: Some(taken),
            camera_make: Some(shot.camera.0.to_owned()),
            camera_model: Some(shot.camera.1.to_owned()),
            categories,
            app_created: self.random.chance(0.08),
            content: Content::Picture(recipe),
            ..blank((width, height))
        }
    }

    fn film(&mut self, name: String, shot: &Shot) -> SimItem {
        const SIZE: (u32, u32) = (320, 192);
        let taken = shot.local.to_utc();
        let recipe = FilmRecipe {
            seed: self.random.next(),
            width: SIZE.0,
            height: SIZE.1,
            taken,
            frames: 16 + self.random.below(9) as u32,
        };
        SimItem {
            id: self.random.id(98),
            filename: Some(name),
            mime_type: "video/mp4".to_owned(),
            creation_time: Some(taken),
            camera_make: Some(shot.camera.0.to_owned()),
            camera_model: Some(shot.camera.1.to_owned()),
            video: Some(VideoStatus::Ready),
            categories: shot.category.into_iter().collect(),
            content: Content::Film(recipe),
            ..blank(SIZE)
        }
    }

    /// Within a few kilometres.
    fn near(&mut self, (latitude, longitude): (f64, f64)) -> (f64, f64) {
        let mut off = || f64::from(self.random.between(-0.04, 0.04));
        (latitude + off(), longitude + off())
    }

    fn album(&mut self, title: Option<&str>, items: Vec<String>, own: bool, shared: bool) {
        let id = self.random.id(98);
        self.albums.push(SimAlbum { id, title: title.map(str::to_owned), items, own, shared, app_created: false });
    }

    /// Newest first, undated last; what was taken at the same time stays in the order of its names.
    fn finish(mut self) -> PhotoLibrary {
        self.items.sort_by(|a, b| b.creation_time.cmp(&a.creation_time).then_with(|| a.filename.cmp(&b.filename)));
        PhotoLibrary { items: self.items, albums: self.albums }
    }
}

/// An item of the user's own without anything particular.
fn blank((width, height): (u32, u32)) -> SimItem {
    SimItem {
        id: String::new(),
        filename: None,
        mime_type: "image/jpeg".to_owned(),
        creation_time: None,
        width,
        height,
        description: None,
        camera_make: None,
        camera_model: None,
        video: None,
        favorite: false,
        archived: false,
        categories: Vec::new(),
        in_library: true,
        app_created: false,
        content: Content::Bytes([].into()),
    }
}

/// The user's text; some programs have written it into the file too.
fn describe(item: &mut SimItem, text: &str, in_file: bool) {
    item.description = Some(text.to_owned());
    if let (true, Content::Picture(recipe)) = (in_file, &mut item.content) {
        recipe.caption = Some(text.to_owned());
    }
}

/// A time on the clock of a zone (seconds east of UTC), `day` days after a date.
fn moment_at(
    (year, month, first): (i32, u32, u32),
    day: i64,
    hour: u32,
    minute: u32,
    zone: i32,
) -> Option<DateTime<FixedOffset>> {
    let date = NaiveDate::from_ymd_opt(year, month, first)? + TimeDelta::days(day);
    FixedOffset::east_opt(zone)?.from_local_datetime(&date.and_hms_opt(hour, minute, 0)?).single()
}

/// Seconds east of UTC at home, by whole months.
fn home_zone(month: u32) -> i32 {
    if (4..=10).contains(&month) { 7_200 } else { 3_600 }
}
