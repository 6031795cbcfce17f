//! Small files that a desktop opens as a link, for targets that hold neither symbolic nor hard links.
//!
//! One form a system: `.desktop` type links on Linux, `.webloc` on macOS, shell links on Windows. They carry the file's full
//! address, so they are made anew when a library moves; Windows also finds the file by its place beside the shortcut.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

mod shell_link;

/// Writes a shortcut to `target` that is to lie at `place`, and flushes it.
pub(super) fn write(at: &Path, place: &Path, target: &Path) -> io::Result<()> {
    fill(File::create(at)?, place, target)
}

/// Writes a shortcut to `target` where nothing is yet.
pub(crate) fn write_new(at: &Path, target: &Path) -> io::Result<()> {
    fill(File::create_new(at)?, at, target)
}

fn fill(mut file: File, place: &Path, target: &Path) -> io::Result<()> {
    file.write_all(&bytes(place, target)?)?;
    file.sync_all()
}

/// What a shortcut at `place` to `target` holds.
///
/// # Errors
/// [`io::ErrorKind::InvalidFilename`] for a path that no shortcut of Windows can hold.
pub(crate) fn bytes(place: &Path, target: &Path) -> io::Result<Vec<u8>> {
    if cfg!(windows) {
        return shell_link::bytes(place, target);
    }
    let address = file_address(target);
    let text = if cfg!(target_os = "macos") {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\"><dict><key>URL</key><string>{}</string></dict></plist>\n",
            address.replace('&', "&amp;").replace('<', "&lt;")
        )
    } else {
        format!(
            "[Desktop Entry]\nType=Link\nVersion=1.0\nName={}\nURL={address}\n",
            target.file_name().unwrap_or_default().to_string_lossy().replace('\\', "\\\\")
        )
    };
    Ok(text.into_bytes())
}

/// What a shortcut's name ends in on this system.
pub(crate) const EXTENSION: &str = if cfg!(target_os = "macos") {
    "webloc"
} else if cfg!(windows) {
    "lnk"
} else {
    "desktop"
};

/// A `file:` address, with everything outside of plain letters, digits and a few signs percent-encoded.
fn file_address(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut address = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' | b':' => address.push(char::from(byte)),
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_has_no_spaces_and_no_line_breaks() {
        assert_eq!(file_address(Path::new("/a b/ü\n.jpg")), "file:///a%20b/%C3%BC%0A.jpg");
    }

    #[cfg(not(windows))]
    #[test]
    fn a_shortcut_names_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("x");
        write(&at, &at, Path::new("/photos/2020/01/a.jpg")).unwrap();
        assert!(std::fs::read_to_string(&at).unwrap().contains("file:///photos/2020/01/a.jpg"));
    }
}
