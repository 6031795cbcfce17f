//! Evidence from the files themselves, asked for only where names do not decide.

use chrono::NaiveDateTime;

use super::SidecarEntry;
use super::outcome::Because;

/// Offsets of local clocks are multiples of 15 minutes (format notes, 3.6).
pub const TIME_STEP_SECONDS: i64 = 900;

/// The farthest that a local clock can be from UTC.
const TIME_RANGE_SECONDS: u64 = 14 * 3600;

/// How far apart `geoDataExif` and the file's own place may be.
const PLACE_METRES: f64 = 20.0;

/// What a media file says about itself. Sidecars know no pixel size, so it is not asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// What the camera's clock showed.
    pub local: Option<NaiveDateTime>,
    /// The exact instant in Unix seconds, where the file has an offset or a UTC time.
    pub instant: Option<i64>,
    /// Degrees north and east.
    pub place: Option<(f64, f64)>,
    /// Apple's content identifier, the same in both parts of a live photo.
    pub content_id: Option<String>,
}

/// What tells an item apart over folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ItemKey<'a> {
    /// The title.
    pub title: Option<&'a str>,
    /// `photoTakenTime` in Unix seconds.
    pub taken: Option<i64>,
    /// The item's address.
    pub url: Option<&'a str>,
}

/// Where pairing may look when names do not decide. Asked only about files of groups that are open by name.
pub trait Evidence {
    /// What the media file (a position in the folder) says about itself; `None` if it cannot be read now.
    fn embedded(&self, media: usize) -> Option<Facts>;

    /// The item whose unambiguous pair in another folder has the same bytes as this media file.
    fn same_bytes_elsewhere(&self, media: usize) -> Option<ItemKey<'_>>;

    /// The item that these bytes were known to be before this export.
    fn same_bytes_before(&self, _media: usize) -> Option<ItemKey<'_>> {
        None
    }
}

/// No evidence at all: names decide, or nothing does.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoEvidence;

impl Evidence for NoEvidence {
    fn embedded(&self, _media: usize) -> Option<Facts> {
        None
    }

    fn same_bytes_elsewhere(&self, _media: usize) -> Option<ItemKey<'_>> {
        None
    }
}

/// Whether a file and a sidecar can be one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Something known on both sides agrees, and nothing disagrees.
    Fits(Because),
    /// Nothing is known on both sides.
    Unknown,
    /// Something disagrees.
    Contradicts,
}

/// What is known of one file, fetched once.
pub(super) struct Known<'a> {
    pub facts: Facts,
    pub elsewhere: Option<ItemKey<'a>>,
    pub before: Option<ItemKey<'a>>,
}

impl<'a> Known<'a> {
    pub fn of(evidence: &'a dyn Evidence, media: usize) -> Self {
        let (elsewhere, before) = (evidence.same_bytes_elsewhere(media), evidence.same_bytes_before(media));
        Self { facts: evidence.embedded(media).unwrap_or_default(), elsewhere, before }
    }

    pub fn fit(&self, sidecar: &SidecarEntry<'_>) -> Fit {
        match &self.elsewhere {
            Some(item) => fit_item(item, sidecar),
            None => match self.before.as_ref().map_or(Fit::Unknown, |item| fit_before(item, sidecar)) {
                Fit::Unknown => fit(&self.facts, sidecar),
                told => told,
            },
        }
    }
}

/// Compares the item that bytes were known to be with what a sidecar says now. The address stays for life, and decides where it is
/// known; title and date may have been changed by the person since, so that they agree says something and that they differ does not.
fn fit_before(item: &ItemKey<'_>, sidecar: &SidecarEntry<'_>) -> Fit {
    let told_alike = item.taken.is_some() && item.taken == sidecar.taken && item.title.is_some() && item.title == sidecar.title;
    match (item.url, sidecar.url) {
        (Some(before), Some(now)) if before == now => Fit::Fits(Because::SameBytesBefore),
        // Google gives some photos another address.
        (Some(_), Some(_)) if told_alike => Fit::Unknown,
        (Some(_), Some(_)) => Fit::Contradicts,
        _ if told_alike => Fit::Fits(Because::SameBytesBefore),
        _ => Fit::Unknown,
    }
}

fn fit_item(item: &ItemKey<'_>, sidecar: &SidecarEntry<'_>) -> Fit {
    let differ = |left: Option<&str>, right: Option<&str>| left.is_some() && right.is_some() && left != right;
    if item.taken != sidecar.taken || differ(item.title, sidecar.title) || differ(item.url, sidecar.url) {
        return Fit::Contradicts;
    }
    if sidecar.taken.is_none() && sidecar.url.is_none() {
        return Fit::Unknown;
    }
    Fit::Fits(Because::SameBytesElsewhere)
}

/// Compares what a file says with what a sidecar says: date and place (format notes, 3.6 a and b).
pub fn fit(facts: &Facts, sidecar: &SidecarEntry<'_>) -> Fit {
    // 0 is what Google writes when it knows no date.
    let date = sidecar.taken.filter(|taken| *taken != 0).and_then(|taken| dates_agree(facts, taken));
    let place = sidecar
        .exif_place
        .zip(facts.place)
        .map(|(place, (latitude, longitude))| place.metres_to(latitude, longitude) <= PLACE_METRES);
    match (date, place) {
        (Some(false), _) | (_, Some(false)) => Fit::Contradicts,
        (Some(true), _) => Fit::Fits(Because::Date),
        (None, Some(true)) => Fit::Fits(Because::Place),
        (None, None) => Fit::Unknown,
    }
}

fn dates_agree(facts: &Facts, taken: i64) -> Option<bool> {
    let by_offset = |seconds: i64| {
        let apart = seconds.saturating_sub(taken);
        apart.unsigned_abs() <= TIME_RANGE_SECONDS && apart % TIME_STEP_SECONDS == 0
    };
    // Cameras write local time where UTC belongs, so an instant may be off by an offset as well.
    let instant = facts.instant.map(by_offset);
    let local = facts.local.map(|local| by_offset(local.and_utc().timestamp()));
    match (instant, local) {
        (None, None) => None,
        (instant, local) => Some(instant == Some(true) || local == Some(true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn local(seconds: i64) -> Facts {
        Facts { local: DateTime::from_timestamp(seconds, 0).map(|time| time.naive_utc()), ..Facts::default() }
    }

    #[test]
    fn dates_agree_up_to_an_offset() {
        let sidecar = SidecarEntry { taken: Some(1_600_000_000), ..SidecarEntry::default() };
        for (apart, fits) in [(0, true), (7200, true), (-20_700, true), (50_400, true), (51_300, false), (1, false), (901, false)]
        {
            let want = if fits { Fit::Fits(Because::Date) } else { Fit::Contradicts };
            assert_eq!(fit(&local(1_600_000_000 + apart), &sidecar), want, "{apart}");
        }
        assert_eq!(fit(&Facts::default(), &sidecar), Fit::Unknown);
        // A distance of `i64::MIN` has no absolute value.
        for taken in [i64::MAX, i64::MIN] {
            let far = SidecarEntry { taken: Some(taken), ..SidecarEntry::default() };
            assert_eq!(fit(&local(-1), &far), Fit::Contradicts);
        }
        let never = SidecarEntry { taken: Some(0), ..SidecarEntry::default() };
        assert_eq!(fit(&local(5), &never), Fit::Unknown, "0 is no date");
    }

    #[test]
    fn bytes_known_from_before_are_of_the_photo_with_their_address() {
        let item = ItemKey { title: Some("Scan.jpg"), taken: Some(5), url: Some("u") };
        let known = |item| Known { facts: Facts::default(), elsewhere: None, before: Some(item) };
        let sidecar = |taken, url| SidecarEntry { title: Some("Scan.jpg"), taken: Some(taken), url, ..SidecarEntry::default() };
        assert_eq!(known(item).fit(&sidecar(5, Some("u"))), Fit::Fits(Because::SameBytesBefore));
        assert_eq!(known(item).fit(&sidecar(9, Some("u"))), Fit::Fits(Because::SameBytesBefore), "its date was corrected");
        assert_eq!(known(item).fit(&sidecar(9, Some("v"))), Fit::Contradicts);
        assert_eq!(known(item).fit(&sidecar(5, Some("v"))), Fit::Unknown, "addresses change now and then");
        assert_eq!(known(item).fit(&sidecar(5, None)), Fit::Fits(Because::SameBytesBefore));
        assert_eq!(known(item).fit(&sidecar(9, None)), Fit::Unknown);
    }

    #[test]
    fn the_same_bytes_elsewhere_outrank_everything() {
        let known =
            Known { facts: local(1), elsewhere: Some(ItemKey { taken: Some(5), url: Some("u"), title: None }), before: None };
        let sidecar = |url| SidecarEntry { taken: Some(5), url, ..SidecarEntry::default() };
        assert_eq!(known.fit(&sidecar(Some("u"))), Fit::Fits(Because::SameBytesElsewhere));
        assert_eq!(known.fit(&sidecar(Some("v"))), Fit::Contradicts);
        assert_eq!(known.fit(&SidecarEntry { taken: Some(6), ..SidecarEntry::default() }), Fit::Contradicts);
    }
}
