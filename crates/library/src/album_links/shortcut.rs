//! Small files that a desktop opens as a link, for targets that hold neither symbolic nor hard links.
//!
//! One plain-text form a system: `.desktop` type links on Linux, `.webloc` on macOS, Internet shortcuts on Windows. They
//! carry the file's full address, so they are made anew when a library moves. The `.lnk` form of Windows comes with the
//! issue about installers, where it can be tried.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes a shortcut to `target`, and flushes it.
pub(super) fn write(at: &Path, target: &Path) -> io::Result<()> {
    fill(File::create(at)?, target)
}

/// Writes a shortcut to `target` where nothing is yet.
pub(crate) fn write_new(at: &Path, target: &Path) -> io::Result<()> {
    fill(File::create_new(at)?, target)
}

fn fill(mut file: File, target: &Path) -> io::Result<()> {
    file.write_all(text(target).as_bytes())?;
    file.sync_all()
}

/// What a shortcut to `target` holds.
pub(crate) fn text(target: &Path) -> String {
    let address = file_address(target);
    if cfg!(target_os = "macos") {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\"><dict><key>URL</key><string>{}</string></dict></plist>\n",
            address.replace('&', "&amp;").replace('<', "&lt;")
        )
    } else if cfg!(windows) {
        format!("[InternetShortcut]\r\nURL={address}\r\n")
    } else {
        format!(
            "[Desktop Entry]\nType=Link\nVersion=1.0\nName={}\nURL={address}\n",
            target.file_name().unwrap_or_default().to_string_lossy().replace('\\', "\\\\")
        )
    }
}

/// What a shortcut's name ends in on this system.
pub(crate) const EXTENSION: &str = if cfg!(target_os = "macos") {
    "webloc"
} else if cfg!(windows) {
    "url"
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

    #[test]
    fn a_shortcut_names_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("x");
        write(&at, Path::new("/photos/2020/01/a.jpg")).unwrap();
        assert!(std::fs::read_to_string(&at).unwrap().contains("file:///photos/2020/01/a.jpg"));
    }
}
