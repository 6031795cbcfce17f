//! What systems, servers and programs leave beside photos for themselves. It is nobody's photo, whatever it is called.

/// Folders that systems and servers keep for themselves, in small letters.
const FOLDERS: &[&str] = &["@eadir", "#recycle", "$recycle.bin", "system volume information", "lost+found", "__macosx"];

/// Files that systems and programs leave, in small letters.
const FILES: &[&str] = &[
    ".ds_store",
    ".nomedia",
    ".picasa.ini",
    "picasa.ini",
    "desktop.ini",
    "ehthumbs.db",
    "icon\r",
    "thumbs.db",
    "zbthumbnail.info",
];

/// Whether a folder of this name is one that a system keeps for itself.
pub fn is_system_folder(name: &str) -> bool {
    FOLDERS.contains(&&*name.to_lowercase())
}

/// Whether a file of this name is one that a system or a program left. `._name` is what macOS keeps of `name` on foreign disks.
pub fn is_system_file(name: &str) -> bool {
    name.starts_with("._") || FILES.contains(&&*name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_are_never_among_them() {
        assert!(["Thumbs.db", ".DS_Store", "._IMG_1.jpg", ".nomedia", "Desktop.ini"].into_iter().all(is_system_file));
        assert!(["@eaDir", "__MACOSX", "lost+found"].into_iter().all(is_system_folder));
        assert!(!["IMG_1.jpg", ".facebook_1.jpg", "_IMG.jpg", "thumbs.jpg"].into_iter().any(is_system_file));
        assert!(!["Trip", "eaDir", ".hidden"].into_iter().any(is_system_folder));
    }
}
