//! The forward rule: which names Takeout gives to the files of an item.

use super::cut::{cut, units};
use super::extension::{known_extension, split_extension};
use super::fold::safe_title;

/// The longest media name in UTF-16 units, extension included, index not (rule M).
pub const MEDIA_LIMIT: usize = 51;

/// The longest sidecar name in UTF-16 units, without index and `.json` (rules J and J2).
pub const SIDECAR_LIMIT: usize = 46;

/// What sidecar names have since the winter of 2024/25, itself cut with the name (rule J2).
pub const SUFFIX: &str = ".supplemental-metadata";

/// Which of the two sidecar naming rules an export follows. One export can have both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SidecarForm {
    /// `TITLE.json`, until autumn 2024.
    Old,
    /// `TITLE.supplemental-metadata.json`, since then.
    New,
}

/// Puts an index before the last dot of a finished name, or at its end if it has none (rule N). 0 changes nothing.
pub fn with_index(name: &str, index: u32) -> String {
    if index == 0 {
        return name.to_owned();
    }
    let (stem, extension) = split_extension(name);
    format!("{stem}({index}){extension}")
}

/// The media name of a title (rules S, M, M2, M3, N).
///
/// `added` is the extension, with its dot, that Google adds: to a title without a usable one, or after a conversion
/// (`IMG_0001.MOV.mp4`).
pub fn media_name(title: &str, index: u32, added: Option<&str>) -> String {
    let safe = safe_title(title);
    let (stem, extension) = match added {
        Some(added) => (safe.as_str(), added),
        None => split_extension(&safe),
    };
    // A "last dot part" longer than the limit cannot be kept whole; nothing was seen of this, it is only kept from failing.
    let extension = cut(extension, MEDIA_LIMIT);
    let stem = cut(stem, MEDIA_LIMIT.saturating_sub(units(extension)));
    with_index(&format!("{stem}{extension}"), index)
}

/// The sidecar name of a title (rules S, J, J2, N).
pub fn sidecar_name(title: &str, index: u32, form: SidecarForm) -> String {
    let mut base = safe_title(title);
    if form == SidecarForm::New {
        base.push_str(SUFFIX);
    }
    let base = cut(&base, SIDECAR_LIMIT);
    if index == 0 { format!("{base}.json") } else { format!("{base}({index}).json") }
}

/// The name of the edited copy (rule E). `word` is the edited word without hyphen; `extension` has its dot.
pub fn edited_name(title: &str, word: &str, extension: &str, index: u32) -> String {
    let safe = safe_title(title);
    let stem = format!("{}-{word}", title_stem(&safe));
    with_index(&format!("{}{extension}", cut(&stem, MEDIA_LIMIT.saturating_sub(units(extension)))), index)
}

/// The name of the moving part of a photo (rule L). `extension` has its dot; it may be empty.
pub fn motion_name(title: &str, extension: &str, index: u32) -> String {
    let safe = safe_title(title);
    let stem = cut(title_stem(&safe), MEDIA_LIMIT.saturating_sub(units(extension)));
    with_index(&format!("{stem}{extension}"), index)
}

/// A safe title without its extension, if that is a known one; otherwise the whole title.
pub(crate) fn title_stem(safe: &str) -> &str {
    match known_extension(safe) {
        Some(extension) => &safe[..safe.len() - extension.len()],
        None => safe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_real_exports() {
        assert_eq!(
            media_name("original_1d4caa6f-16c6-4c3d-901b-9387de10e528_PXL_20220516_164814158.jpg", 1, None),
            "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P(1).jpg"
        );
        assert_eq!(media_name("hemlatha", 0, Some(".jpg")), "hemlatha.jpg");
        assert_eq!(media_name("21.12.11 - 1", 1, None), "21.12(1).11 - 1");
        assert_eq!(media_name("3/11/15 - 1", 0, Some(".jpg")), "3_11_15 - 1.jpg");
        let new = |title| sidecar_name(title, 0, SidecarForm::New);
        assert_eq!(new("20161105_170829.jpg"), "20161105_170829.jpg.supplemental-metadata.json");
        assert_eq!(new("MVIMG_20191230_232926.jpg"), "MVIMG_20191230_232926.jpg.supplemental-metadat.json");
        assert_eq!(new("PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg"), "PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg..json");
        assert_eq!(
            sidecar_name("13039_327707840323_537645323_9470255_27214_n.jpg", 1, SidecarForm::Old),
            "13039_327707840323_537645323_9470255_27214_n.j(1).json"
        );
        assert_eq!(
            edited_name("ccccm_20210920_090457_ssssnnnnnnn_4444444444.jpg", "edited", ".jpg", 0),
            "ccccm_20210920_090457_ssssnnnnnnn_4444444444-ed.jpg"
        );
        assert_eq!(motion_name("IMG_1976.HEIC", ".MP4", 1), "IMG_1976(1).MP4");
        assert_eq!(motion_name("PXL_1.MP.jpg", "", 0), "PXL_1.MP");
    }
}
