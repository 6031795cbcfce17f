//! Extensions of photos and videos: which are known, which mean the same, which class they are.

/// What a name says about the kind of its file. Content may say otherwise; for pairing the name is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MediaClass {
    /// A still picture.
    Photo,
    /// A film.
    Video,
    /// One of the endings that only the moving part of a photo has: `.MP`, `.MV`, `.MP~2`, `.COVER`.
    Motion,
    /// No known ending.
    Unknown,
}

impl MediaClass {
    /// Whether a file of this class can be another form of a file of that class. Unknown goes with everything.
    pub fn goes_with(self, other: Self) -> bool {
        self == other || self == Self::Unknown || other == Self::Unknown
    }
}

const PHOTO: &[&str] = &[
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "heic", "heif", "heics", "avif", "bmp", "tif", "tiff", "ico", "svg",
    "jxl", "jp2", "dng", "raw", "arw", "cr2", "cr3", "crw", "nef", "nrw", "orf", "raf", "rw2", "rwl", "pef", "srw", "x3f", "3fr",
    "erf", "kdc", "mrw", "sr2", "srf", "dcr", "gpr", "iiq", "psd", "mpo",
];

const VIDEO: &[&str] = &[
    "mp4", "m4v", "mov", "qt", "3gp", "3gpp", "3g2", "avi", "mkv", "webm", "wmv", "asf", "mpg", "mpeg", "mpe", "m2v", "mts",
    "m2ts", "m2t", "ts", "vob", "ogv", "flv", "f4v", "divx", "mod", "tod", "mmv",
];

fn is_motion(extension: &str) -> bool {
    let word = match extension.split_once('~') {
        Some((word, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => word,
        Some(_) => return false,
        None => extension,
    };
    matches!(word, "mp" | "mv" | "cover")
}

/// The class of an extension given without its dot, in any letter case.
pub fn class_of(extension: &str) -> MediaClass {
    if extension.len() > 8 || !extension.is_ascii() {
        return MediaClass::Unknown;
    }
    let lower = extension.to_ascii_lowercase();
    if PHOTO.contains(&lower.as_str()) {
        MediaClass::Photo
    } else if VIDEO.contains(&lower.as_str()) {
        MediaClass::Video
    } else if is_motion(&lower) {
        MediaClass::Motion
    } else {
        MediaClass::Unknown
    }
}

/// The extension of a name with its dot, if it is one of a photo or a video.
pub fn known_extension(name: &str) -> Option<&str> {
    let (_, extension) = split_extension(name);
    matches!(class_of(extension.get(1..)?), MediaClass::Photo | MediaClass::Video).then_some(extension)
}

/// A name in two: before the last dot, and from it on. A name without a dot, or with nothing before it, has no extension.
pub fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    }
}

/// One word for all extensions that mean the same format (rule 2b); the extension itself in lower case otherwise.
pub fn alias(extension: &str) -> String {
    let lower = extension.trim_start_matches('.').to_ascii_lowercase();
    match lower.as_str() {
        "jpeg" | "jpe" | "jfif" => "jpg".into(),
        "tiff" => "tif".into(),
        "heif" => "heic".into(),
        "mov" | "qt" | "m4v" => "mp4".into(),
        _ => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_of_names() {
        assert_eq!(known_extension("IMG_1.HEIC"), Some(".HEIC"));
        assert_eq!(known_extension("21.12.11 - 1"), None);
        assert_eq!(known_extension("PXL_1.MP"), None, "a title that ends so still wants an extension");
        assert_eq!(known_extension(".jpg"), None);
        assert_eq!(known_extension("a."), None);
        assert_eq!(class_of("MP~2"), MediaClass::Motion);
        assert_eq!(class_of("MP~"), MediaClass::Unknown);
        assert_eq!(class_of("COVER"), MediaClass::Motion);
        assert_eq!(alias(".JFIF"), "jpg");
        assert!(MediaClass::Unknown.goes_with(MediaClass::Video));
        assert!(!MediaClass::Photo.goes_with(MediaClass::Video));
    }
}
