//! The date that a file's name tells, for photos of which neither a sidecar nor the file itself tells one (format document, 5.2).
//!
//! Strict, because any digits can look like a date: a year from 1990 on, two digits each for month and day, all with the same
//! separator or none, digits nowhere beside them; then, or not, a clock.

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveDateTime};
use regex::Regex;

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let day = r"(?:^|[^0-9])((?:199|20[0-9])[0-9])(?:([0-9]{2})([0-9]{2})|-([0-9]{2})-([0-9]{2})|_([0-9]{2})_([0-9]{2})|\.([0-9]{2})\.([0-9]{2}))";
    let clock = r"(?:(?:[ _T-]| at )([0-2][0-9])([.:_-]?)([0-5][0-9])[.:_-]?([0-5][0-9])[0-9]{0,3})?(?:[^0-9]|$)";
    Regex::new(&format!("{day}{clock}")).ok()
});

/// The local clock that a name tells, not later than `latest`; midday where it tells a day alone. `None` where it tells none.
pub(crate) fn date_in_name(name: &str, latest: NaiveDateTime) -> Option<NaiveDateTime> {
    let found = DATE.as_ref()?.captures(name)?;
    let number = |group: usize| found.get(group)?.as_str().parse::<u32>().ok();
    let (month, day) = [2, 4, 6, 8].into_iter().find_map(|group| number(group).zip(number(group + 1)))?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(number(1)?).ok()?, month, day)?;
    let clock = match (number(10), number(12), number(13)) {
        (Some(hour), Some(minute), Some(second)) => date.and_hms_opt(hour, minute, second),
        _ => None,
    };
    clock.or_else(|| date.and_hms_opt(12, 0, 0)).filter(|taken| *taken <= latest)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn cameras_phones_and_messengers_put_dates_into_names() {
        let latest = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_opt(0, 0, 0).unwrap();
        let told = |name: &str| date_in_name(name, latest).map(|taken| taken.to_string());
        for (name, taken) in [
            ("IMG_20190503_081530.jpg", "2019-05-03 08:15:30"),
            ("PXL_20230105_152430123.MP.jpg", "2023-01-05 15:24:30"),
            ("VID-20180704-WA0003.mp4", "2018-07-04 12:00:00"),
            ("Screenshot 2021-02-28 at 10.11.12.png", "2021-02-28 10:11:12"),
            ("2016-10-17 19.21.31(2).jpg", "2016-10-17 19:21:31"),
            ("signal-2022-03-04-161718.jpg", "2022-03-04 16:17:18"),
            ("1999_12_31.jpg", "1999-12-31 12:00:00"),
        ] {
            assert_eq!(told(name).as_deref(), Some(taken), "{name}");
        }
        for name in [
            "IMG_1868.jpg",
            "18680503_081530.jpg",
            "IMG_20191301_081530.jpg",
            "IMG_20190230.jpg",
            "1201905031.jpg",
            "FB_IMG_1556861234567.jpg",
            "2019-05_03.jpg",
            "20990101.jpg",
            "20261124.jpg",
            "DSC20190.jpg",
        ] {
            assert_eq!(told(name), None, "{name}");
        }
    }

    #[test]
    fn a_name_of_any_kind_is_no_trouble() {
        let latest = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_opt(0, 0, 0).unwrap();
        for name in ["", ".", "2019", "20190503", "é20190503é", "20190503_996099.jpg", "20190503 20200101"] {
            let _ = date_in_name(name, latest);
        }
        assert!(date_in_name("é20190503é", latest).is_some());
    }
}
