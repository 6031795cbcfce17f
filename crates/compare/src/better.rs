//! Of two files of one photo, the better one: more of the picture first, then what is told about it. Nothing is decided by it.

use serde::Serialize;
use ts_rs::TS;

/// The side whose file is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum BetterOne {
    /// The compared folder's.
    Folder,
    /// The library's.
    Library,
    /// Neither: they differ in nothing that can be weighed.
    Equal,
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum BetterWhy {
    /// The library has no file of it on its disk.
    OnlyHere,
    /// The other one ends before its structure does.
    Whole,
    /// It has more pixels.
    MorePixels,
    /// It has as many pixels in more bytes: it was compressed less.
    MoreBytes,
    /// The picture is the same, and only this file tells when it was taken.
    TellsTime,
    /// The picture is the same, and more lies beside it: the film of a motion photo or a second picture, for example.
    MoreBehind,
    /// The picture is the same, and only this file tells where it was taken.
    TellsPlace,
    /// The picture is the same; what is told about it differs.
    SamePicture,
    /// It has as many pixels in the format that cameras write; the other one was made of it.
    CameraFormat,
    /// As many pixels, as many bytes.
    SameSize,
}

/// Which of both is the better one, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Better {
    /// Which.
    pub one: BetterOne,
    /// Why.
    pub why: BetterWhy,
}

impl BetterOne {
    /// The word in JSON and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Library => "library",
            Self::Equal => "equal",
        }
    }
}

impl BetterWhy {
    /// The word in JSON and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnlyHere => "only-here",
            Self::Whole => "whole",
            Self::MorePixels => "more-pixels",
            Self::MoreBytes => "more-bytes",
            Self::TellsTime => "tells-time",
            Self::MoreBehind => "more-behind",
            Self::TellsPlace => "tells-place",
            Self::SamePicture => "same-picture",
            Self::CameraFormat => "camera-format",
            Self::SameSize => "same-size",
        }
    }
}

/// What of a file is weighed.
pub(crate) struct Quality {
    /// Width times height, where known.
    pub pixels: Option<u64>,
    /// Whether the file itself tells when it was taken.
    pub is_dated: bool,
    /// Whether the file itself tells where it was taken.
    pub is_placed: bool,
    /// Bytes behind the picture.
    pub behind: u64,
    /// Bytes.
    pub bytes: u64,
    /// Whether it is HEIF, which cameras write and hardly anything else does.
    pub is_heif: bool,
    /// Whether it ends before its structure does.
    pub cut_short: bool,
}

/// So many bytes behind a picture are a film or another picture, and no filling.
const SOMETHING: u64 = 4096;
/// So many more bytes beside the same picture are another picture, as that of the other eye; no tags and no preview need them.
const ANOTHER_PICTURE: u64 = 128 * 1024;

impl Better {
    /// The library has no file of it.
    pub(crate) const ONLY_HERE: Self = Self { one: BetterOne::Folder, why: BetterWhy::OnlyHere };

    pub(crate) fn of(there: &Quality, kept: &Quality, same_picture: bool) -> Self {
        let more =
            |there_is_more: bool, why| Self { one: if there_is_more { BetterOne::Folder } else { BetterOne::Library }, why };
        let equal = |why| Self { one: BetterOne::Equal, why };
        if there.cut_short != kept.cut_short {
            return more(kept.cut_short, BetterWhy::Whole);
        }
        if same_picture {
            let behind = there.behind.abs_diff(kept.behind);
            return if behind >= SOMETHING {
                more(there.behind > kept.behind, BetterWhy::MoreBehind)
            } else if there.is_dated != kept.is_dated {
                more(there.is_dated, BetterWhy::TellsTime)
            } else if there.is_placed != kept.is_placed {
                more(there.is_placed, BetterWhy::TellsPlace)
            } else if there.bytes.abs_diff(kept.bytes) >= ANOTHER_PICTURE {
                more(there.bytes > kept.bytes, BetterWhy::MoreBehind)
            } else {
                equal(BetterWhy::SamePicture)
            };
        }
        match (there.pixels, kept.pixels) {
            (Some(there), Some(kept)) if there != kept => more(there > kept, BetterWhy::MorePixels),
            // Bytes of two formats cannot be weighed.
            _ if there.is_heif != kept.is_heif => more(there.is_heif, BetterWhy::CameraFormat),
            _ if there.bytes == kept.bytes => equal(BetterWhy::SameSize),
            _ => more(there.bytes > kept.bytes, BetterWhy::MoreBytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_of_the_picture_wins_and_a_picture_that_is_the_same_is_never_weighed_by_its_bytes() {
        let of = |pixels, is_dated, bytes| Quality {
            pixels,
            is_dated,
            is_placed: true,
            behind: 0,
            bytes,
            is_heif: false,
            cut_short: false,
        };
        let heif = Quality { is_heif: true, ..of(Some(4), true, 5) };
        let better = Better::of(&of(Some(4), true, 9), &heif, false);
        assert_eq!((better.one, better.why), (BetterOne::Library, BetterWhy::CameraFormat));
        let judged = |there, kept, same| {
            let better = Better::of(&there, &kept, same);
            (better.one, better.why)
        };
        let (large, small) = (|| of(Some(12_000_000), true, 4_000_000), || of(Some(3_000_000), true, 5_000_000));
        assert_eq!(judged(large(), small(), false), (BetterOne::Folder, BetterWhy::MorePixels));
        let cut = || Quality { cut_short: true, ..large() };
        assert_eq!(judged(cut(), small(), false), (BetterOne::Library, BetterWhy::Whole));
        assert_eq!(judged(small(), cut(), false), (BetterOne::Folder, BetterWhy::Whole));
        assert_eq!(judged(small(), large(), false), (BetterOne::Library, BetterWhy::MorePixels));
        assert_eq!(judged(of(None, true, 9), of(Some(4), true, 8), false), (BetterOne::Folder, BetterWhy::MoreBytes));
        assert_eq!(judged(of(Some(4), true, 8), of(Some(4), true, 8), false), (BetterOne::Equal, BetterWhy::SameSize));
        assert_eq!(judged(of(Some(4), true, 9), of(Some(4), true, 8), true), (BetterOne::Equal, BetterWhy::SamePicture));
        assert_eq!(judged(of(Some(4), false, 9), of(Some(4), true, 8), true), (BetterOne::Library, BetterWhy::TellsTime));
        let with_film = || Quality { behind: 2_000_000, is_dated: false, ..small() };
        assert_eq!(judged(with_film(), small(), true), (BetterOne::Folder, BetterWhy::MoreBehind));
        assert_eq!(judged(small(), with_film(), true), (BetterOne::Library, BetterWhy::MoreBehind));
        let of_both_eyes = || Quality { bytes: 5_900_000, ..small() };
        assert_eq!(judged(of_both_eyes(), small(), true), (BetterOne::Folder, BetterWhy::MoreBehind));
        let nowhere = || Quality { is_placed: false, ..small() };
        assert_eq!(judged(small(), nowhere(), true), (BetterOne::Folder, BetterWhy::TellsPlace));
    }
}
