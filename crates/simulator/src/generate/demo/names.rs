//! How files are called and which camera took them, as years and habits went by.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};

/// Maker and model.
pub(super) type Camera = (&'static str, &'static str);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// A compact camera that starts at 1 with each card.
    Canon,
    Nikon,
    /// The phone of the time.
    Phone,
    /// Renamed by hand.
    German,
    Japanese,
    Arabic,
}

impl Naming {
    pub(super) fn camera(self, taken: DateTime<FixedOffset>) -> Camera {
        match self {
            Self::Canon => ("Canon", "PowerShot G2"),
            Self::Nikon => ("NIKON CORPORATION", "NIKON D5600"),
            Self::German | Self::Arabic => ("SONY", "ILCE-6000"),
            Self::Phone | Self::Japanese => match (taken.year(), taken.month()) {
                (..2016, _) | (2016, ..9) => ("Canon", "PowerShot G2"),
                (..2019, _) | (2019, ..11) => ("samsung", "SM-G930F"),
                (..2022, _) | (2022, ..10) => ("Google", "Pixel 4"),
                _ => ("Google", "Pixel 7"),
            },
        }
    }

    /// Name of the `number`th picture or film (from 1) of one occasion.
    pub(super) fn file_name(self, number: usize, taken: DateTime<FixedOffset>, film: bool) -> String {
        const GERMAN: [&str; 4] = ["Hügel im Morgenlicht", "Straße nach Süden", "Größe zählt nicht", "Frühstück draußen"];
        const JAPANESE: [&str; 4] = ["京都の紅葉", "嵐山", "夜の街", "湖のほとり"];
        const ARABIC: [&str; 3] = ["غروب الشمس", "الصحراء", "ليلة النجوم"];
        let (camera, _) = self.camera(taken);
        match self {
            Self::German if !film && number % 3 == 1 => format!("{} {number}.jpg", GERMAN[number / 3 % 4]),
            Self::Japanese if !film && number % 2 == 1 => format!("{} {number:03}.jpg", JAPANESE[number / 2 % 4]),
            Self::Arabic if !film && number % 3 == 1 => format!("{} {number}.jpg", ARABIC[number / 3 % 3]),
            _ => match (camera, film) {
                ("Canon", false) => format!("IMG_{number:04}.JPG"),
                ("Canon", true) => format!("MVI_{number:04}.MP4"),
                ("SONY", false) => format!("DSC{:05}.JPG", 4_310 + number),
                ("SONY", true) => format!("C{:04}.MP4", 120 + number),
                ("NIKON CORPORATION", _) => format!("DSC_{:04}.{}", 880 + number, if film { "MP4" } else { "JPG" }),
                ("samsung", _) => format!("{}.{}", taken.format("%Y%m%d_%H%M%S"), if film { "mp4" } else { "jpg" }),
                (_, true) => format!("VID_{}.mp4", taken.format("%Y%m%d_%H%M%S")),
                (_, false) if has_fractions(camera, taken) => {
                    let milliseconds = taken.nanosecond() / 1_000_000;
                    format!("PXL_{}{milliseconds:03}.jpg", taken.to_utc().format("%Y%m%d_%H%M%S"))
                }
                (_, false) => format!("IMG_{}.jpg", taken.format("%Y%m%d_%H%M%S")),
            },
        }
    }
}

/// Pixels write milliseconds, into the name as well, since autumn 2020.
pub(super) fn has_fractions(make: &str, taken: DateTime<FixedOffset>) -> bool {
    make == "Google" && (taken.year(), taken.month()) >= (2020, 10)
}
