//! What happened in the demo account's ten years: trips and feasts with their dates, places, cameras and names.

use super::super::paint::Scene;
use super::names::Naming;

/// Some days with many pictures.
pub(super) struct Occasion {
    /// Title of its album; `None` for the album without a title.
    pub(super) title: Option<&'static str>,
    /// First day: year, month, day.
    pub(super) first: (i32, u32, u32),
    pub(super) days: u32,
    /// Pictures of it among 300.
    pub(super) pictures: usize,
    /// Films of it among 300.
    pub(super) films: usize,
    /// Latitude and longitude.
    pub(super) place: (f64, f64),
    /// Hours east of UTC of the clock on the wall.
    pub(super) zone: i32,
    pub(super) naming: Naming,
    /// What there was to see; empty for anything.
    pub(super) scenes: &'static [Scene],
    /// A content category beside what the picture shows.
    pub(super) category: &'static str,
    pub(super) captions: &'static [&'static str],
    /// Other people see the album too.
    pub(super) shared: bool,
}

use Scene::{Alps, Aurora, Canyon, City, Dunes, Forest, Hills, Lake, Meadow, Ridges, Sea, Starlight};

/// Eleven own albums; the twelfth is the empty one.
pub(super) const OCCASIONS: [Occasion; 11] = [
    Occasion {
        title: Some("Lofoten"),
        first: (2017, 2, 18),
        days: 6,
        pictures: 19,
        films: 1,
        place: (68.234, 14.568),
        zone: 1,
        naming: Naming::Canon,
        scenes: &[Aurora, Alps, Lake, Sea, Aurora, Ridges],
        category: "TRAVEL",
        captions: &["Nordlichter über Svolvær", "Reine, kurz vor acht", "Henningsvær"],
        shared: false,
    },
    Occasion {
        title: Some("Toskana"),
        first: (2018, 5, 10),
        days: 8,
        pictures: 21,
        films: 1,
        place: (43.062, 11.604),
        zone: 2,
        naming: Naming::German,
        scenes: &[Hills, Meadow, Ridges, Sea, Hills],
        category: "TRAVEL",
        captions: &["Blick von Pienza", "Zypressen bei San Quirico", "Der Weg nach Montalcino"],
        shared: false,
    },
    Occasion {
        title: Some("Weihnachten 2018"),
        first: (2018, 12, 23),
        days: 4,
        pictures: 13,
        films: 1,
        place: (47.410, 9.744),
        zone: 1,
        naming: Naming::Phone,
        scenes: &[Alps, Forest, City, Ridges, Starlight],
        category: "HOLIDAYS",
        captions: &["Heiligabend", "Endlich Schnee!"],
        shared: false,
    },
    Occasion {
        title: Some("Summer holiday"),
        first: (2019, 7, 13),
        days: 9,
        pictures: 22,
        films: 2,
        place: (50.066, -5.715),
        zone: 1,
        naming: Naming::Canon,
        scenes: &[Sea, Sea, Meadow, Hills, Ridges],
        category: "TRAVEL",
        captions: &["Land's End", "St Ives at low tide", "Evening swim"],
        shared: false,
    },
    Occasion {
        title: Some("Mia's 7th birthday"),
        first: (2021, 6, 5),
        days: 1,
        pictures: 11,
        films: 2,
        place: (47.995, 7.852),
        zone: 2,
        naming: Naming::Phone,
        scenes: &[Meadow, Hills, Lake],
        category: "BIRTHDAYS",
        captions: &["Seven!", "Treasure hunt"],
        shared: false,
    },
    Occasion {
        title: Some("Summer holiday"),
        first: (2022, 8, 6),
        days: 10,
        pictures: 21,
        films: 2,
        place: (42.285, 18.840),
        zone: 2,
        naming: Naming::Phone,
        scenes: &[Sea, Lake, Sea, Alps, City],
        category: "TRAVEL",
        captions: &["Sveti Stefan", "Bay of Kotor"],
        shared: false,
    },
    Occasion {
        title: None,
        first: (2023, 3, 11),
        days: 2,
        pictures: 7,
        films: 0,
        place: (47.560, 7.588),
        zone: 1,
        naming: Naming::Phone,
        scenes: &[City, City, Hills],
        category: "CITYSCAPES",
        captions: &[],
        shared: false,
    },
    Occasion {
        title: Some("日本の秋"),
        first: (2023, 11, 14),
        days: 9,
        pictures: 22,
        films: 1,
        place: (35.011, 135.768),
        zone: 9,
        naming: Naming::Japanese,
        scenes: &[Forest, Hills, City, Lake, Ridges],
        category: "TRAVEL",
        captions: &["紅葉", "嵐山", "京都駅の夜"],
        shared: false,
    },
    Occasion {
        title: Some("Sahara"),
        first: (2024, 3, 22),
        days: 6,
        pictures: 17,
        films: 1,
        place: (31.145, -3.968),
        zone: 0,
        naming: Naming::Arabic,
        scenes: &[Dunes, Dunes, Canyon, Starlight, Dunes],
        category: "TRAVEL",
        captions: &["عرق الشبي", "Sunrise over Erg Chebbi"],
        shared: false,
    },
    Occasion {
        title: Some("Anna & Jonas – Hochzeit"),
        first: (2024, 8, 24),
        days: 1,
        pictures: 12,
        films: 1,
        place: (47.655, 9.175),
        zone: 2,
        naming: Naming::Nikon,
        scenes: &[Lake, Meadow, Sea, Hills],
        category: "WEDDINGS",
        captions: &["Ja!", "Auf dem Steg"],
        shared: true,
    },
    Occasion {
        title: Some("Patagonia / Torres del Paine 🏔️"),
        first: (2025, 1, 17),
        days: 11,
        pictures: 26,
        films: 1,
        place: (-50.942, -73.407),
        zone: -3,
        naming: Naming::Nikon,
        scenes: &[Alps, Lake, Ridges, Alps, Forest],
        category: "TRAVEL",
        captions: &["Los Cuernos", "Mirador Las Torres, 6:40", "Wind!"],
        shared: false,
    },
];

/// What was before the account of the Library API begins: no other service than Takeout shows it.
pub(super) const EARLIER: [Occasion; 2] = [
    Occasion {
        title: Some("Opas 80. Geburtstag"),
        first: (2009, 10, 3),
        days: 1,
        pictures: 6,
        films: 0,
        place: (47.655, 9.175),
        zone: 2,
        naming: Naming::Canon,
        scenes: &[Lake, Hills, Meadow],
        category: "BIRTHDAYS",
        captions: &["Alle zusammen", "Der Steg wie früher"],
        shared: false,
    },
    Occasion {
        title: Some("Ostsee 2011"),
        first: (2011, 7, 16),
        days: 7,
        pictures: 9,
        films: 0,
        place: (54.446, 12.556),
        zone: 2,
        naming: Naming::Canon,
        scenes: &[Sea, Meadow, Sea, Dunes],
        category: "TRAVEL",
        captions: &["Prerow", "Regen, endlich"],
        shared: false,
    },
];

/// Title of the album in which nothing is.
pub(super) const EMPTY_ALBUM: &str = "To print";
/// Title of the album that somebody else shared.
pub(super) const FOREIGN_ALBUM: &str = "Sommerfest 2024";

/// Texts under pictures of ordinary days.
pub(super) const EVERYDAY_CAPTIONS: [&str; 8] = [
    "Sonntagsspaziergang",
    "View from the office",
    "Erster Frost",
    "On the way home",
    "Nach dem Gewitter",
    "Lunch break",
    "Der neue Weg am Fluss",
    "Ohne Filter",
];
