//! Entries and files made to do harm: names that climb out, links, devices, bombs, damage. What a reader must refuse one
//! by one while the rest goes on.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::archive::{Archive, Special};
use super::spec::{Container, ExportSpec};
use crate::generate;

/// Bytes of zeros in the bomb.
const BOMB: usize = 64 << 20;
/// The entry whose bytes are damaged after its checksum was written.
const DAMAGED: &str = "damaged.jpg";

/// One hostile entry that was written.
pub(super) struct Written {
    pub(super) path: String,
    pub(super) harm: &'static str,
    pub(super) size: u64,
}

/// Adds all hostile entries that the container can hold to one part.
pub(super) fn add(spec: &ExportSpec, archive: &mut Archive) -> io::Result<Vec<Written>> {
    let photos = format!("Takeout/{}", spec.language.photos);
    let picture = generate::filler(spec.seed ^ 0xbad, 2_000);
    let long = format!("{photos}/{}.jpg", "x".repeat(300));
    let deep = format!("{photos}/{}deep.jpg", "d/".repeat(400));
    let names: Vec<(String, &'static str)> = vec![
        ("../../climbs-out.jpg".to_owned(), "climbs out of the folder"),
        (format!("{photos}/Photos from 2019/../../../../climbs-out-later.jpg"), "climbs out of the folder"),
        ("/tmp/photokeep-absolute.jpg".to_owned(), "absolute path"),
        ("C:\\photokeep-drive.jpg".to_owned(), "absolute path on Windows"),
        (format!("{photos}\\..\\..\\back-slashes.jpg"), "climbs out with backslashes"),
        (format!("{photos}/CON.jpg"), "reserved name on Windows"),
        (format!("{photos}/ends-in-a-dot.jpg."), "trailing dot"),
        (format!("{photos}/line\nbreak\u{1b}[31m.jpg"), "control characters in the name"),
        (format!("{photos}/\u{202e}gpj.exe.jpg"), "text direction turned around"),
        (long, "a name longer than disks take"),
        (deep, "a path longer than disks take"),
        (format!("{photos}//empty-part.jpg"), "an empty part in the path"),
    ];
    let mut written = Vec::new();
    let mut add = |path: String, bytes: &[u8], special: Special, harm: &'static str| -> io::Result<()> {
        if archive.add_raw(&path, bytes, special)? {
            let size = if special == Special::File { bytes.len() as u64 } else { 0 };
            written.push(Written { path, harm, size });
        }
        Ok(())
    };
    for (path, harm) in names {
        add(path, &picture, Special::File, harm)?;
    }
    add(format!("{photos}/link.jpg"), b"/etc/hostname", Special::Symlink, "symbolic link out of the folder")?;
    add(format!("{photos}/hard-link.jpg"), b"/etc/hostname", Special::Hardlink, "hard link out of the folder")?;
    add(format!("{photos}/device.jpg"), b"", Special::Device, "device")?;
    add(format!("{photos}/pipe.jpg"), b"", Special::Pipe, "pipe")?;
    add(format!("{photos}/bomb.json"), &vec![b' '; BOMB], Special::File, "64 MB of nothing in a few kilobytes")?;
    let deep_json = [vec![b'['; 200_000], vec![b']'; 200_000]].concat();
    add(format!("{photos}/nested.json"), &deep_json, Special::File, "JSON nested 200,000 deep")?;
    add(format!("{photos}/empty.json"), b"", Special::File, "empty JSON")?;
    if spec.container != Container::Tgz {
        add(format!("{photos}/{DAMAGED}"), &picture, Special::File, "bytes do not fit their checksum")?;
    }
    Ok(written)
}

/// Changes a byte of the entry that is to be damaged, in a finished zip.
pub(super) fn damage(part: &Path) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(File::open(part)?)?;
    let mut at = None;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        if entry.name()?.ends_with(DAMAGED) {
            // In the middle, where the picture's noise is.
            at = entry.data_start().map(|start| start + entry.compressed_size() / 2);
        }
    }
    let Some(at) = at else { return Ok(()) };
    let mut file = OpenOptions::new().read(true).write(true).open(part)?;
    let mut byte = [0];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut byte)?;
    file.seek(SeekFrom::Start(at))?;
    file.write_all(&[byte[0] ^ 0x55])
}

/// Puts files beside the parts that have the name of a part and are none; gives their names.
pub(super) fn false_parts(folder: &Path, export: &str, parts: &[String]) -> io::Result<Vec<String>> {
    let page = format!("{export}-998.zip");
    let sign_in = "<!DOCTYPE html><html><head><title>Sign in - Google Accounts</title></head><body>Sign in</body></html>";
    fs::write(folder.join(&page), sign_in)?;
    let cut = format!("{export}-999.zip");
    let mut names = vec![page];
    if let Some(first) = parts.first().filter(|name| name.ends_with(".zip") || name.ends_with(".tgz")) {
        // A download that broke off: the first half, at most a megabyte.
        let source = folder.join(first);
        let length = (fs::metadata(&source)?.len() / 2).min(1 << 20);
        let mut half = Vec::new();
        File::open(&source)?.take(length).read_to_end(&mut half)?;
        let cut = if first.ends_with(".tgz") { cut.replace(".zip", ".tgz") } else { cut };
        fs::write(folder.join(&cut), half)?;
        names.push(cut);
    }
    Ok(names)
}
