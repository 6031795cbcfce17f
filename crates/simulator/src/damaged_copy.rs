//! An old backup: a copy of a folder of photos to which has been done what happens to backups in twenty years, with the truth
//! about it. For comparisons whose result is known.
//!
//! Equal folders and equal seeds give equal copies. What Photokeep finds in one is not known here.

use std::fs;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use serde::Serialize;

use crate::generate::{Random, with_exif_of, without_exif};

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Nothing.
    Same,
    /// It has another name.
    Renamed,
    /// It lies in another folder.
    Moved,
    /// Its time is another one.
    Redated,
    /// It is there once more, under another name.
    Twin,
    /// A comment was written into it.
    Commented,
    /// Everything told about the picture was taken out, the name too.
    Stripped,
    /// Compressed again at quality 85, 60 or 30; name and EXIF stay.
    Recompressed,
    /// Compressed again at quality 60, without EXIF, under another name, as messengers send it.
    Sent,
    /// Half as wide and high, without EXIF, under another name.
    Resized,
    /// Cut off in the middle.
    Cut,
    /// Another picture under the name of one that is there.
    OtherOfThatName,
    /// A picture that is nowhere else.
    New,
}

/// A file of the copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopiedFile {
    /// Below the copy, with `/`.
    pub path: String,
    /// What happened to it.
    pub change: Change,
    /// The file that it shows the picture of, below the folder that was copied; `None` for what is new.
    pub of: Option<String>,
}

/// Everything that can happen to a JPEG; other files are copied, renamed, moved, dated anew or doubled.
const OF_A_JPEG: [Change; 12] = [
    Change::Same,
    Change::Renamed,
    Change::Moved,
    Change::Redated,
    Change::Twin,
    Change::Commented,
    Change::Stripped,
    Change::Recompressed,
    Change::Sent,
    Change::Resized,
    Change::Cut,
    Change::OtherOfThatName,
];

/// Writes a copy of the photos below `photos` into `folder`, and says what is what. One file in twelve is left out, and as many
/// come that are new.
///
/// # Errors
/// What the disk says.
pub fn damaged_copy(photos: &Path, folder: &Path, seed: u64) -> io::Result<Vec<CopiedFile>> {
    let mut random = Random::part(seed, 0x636f_7079);
    let mut copy = Copy { folder, files: Vec::new() };
    for (number, path) in files_below(photos)?.into_iter().enumerate() {
        if random.below(12) == 0 {
            copy.put(&format!("new/{seed}-{number}.jpg"), Change::New, None, &another_picture(&mut random))?;
            continue;
        }
        let bytes = fs::read(photos.join(&path))?;
        let jpeg = bytes.starts_with(&[0xff, 0xd8]).then(|| image::load_from_memory(&bytes).ok()).flatten();
        let kinds = if jpeg.is_some() { OF_A_JPEG.len() as u64 } else { 5 };
        let change = OF_A_JPEG[usize::try_from(random.below(kinds)).unwrap_or_default()];
        let extension = Path::new(&path).extension().unwrap_or_default().to_string_lossy().into_owned();
        let renamed = format!("renamed/{number}-copy.{extension}");
        let put = |copy: &mut Copy<'_>, at: &str, bytes: &[u8]| copy.put(at, change, Some(path.clone()), bytes);
        match (change, jpeg) {
            (Change::Renamed, _) => put(&mut copy, &renamed, &bytes)?,
            (Change::Moved, _) => put(&mut copy, &format!("moved/{number}/{}", name_of(&path)), &bytes)?,
            (Change::Redated, _) => {
                put(&mut copy, &path, &bytes)?;
                let file = fs::File::options().write(true).open(folder.join(&path))?;
                file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000 + number as u64))?;
            }
            (Change::Twin, _) => {
                put(&mut copy, &path, &bytes)?;
                put(&mut copy, &renamed, &bytes)?;
            }
            (Change::Commented, _) => {
                let words = format!("Comment {number}");
                let length = u16::try_from(words.len() + 2).unwrap_or(2).to_be_bytes();
                put(&mut copy, &path, &[&bytes[..2], b"\xff\xfe", &length, words.as_bytes(), &bytes[2..]].concat())?;
            }
            (Change::Stripped, _) => put(&mut copy, &renamed, &without_exif(&bytes))?,
            (Change::Recompressed, Some(picture)) => {
                let quality = [85, 60, 30][number % 3];
                put(&mut copy, &path, &with_exif_of(&bytes, &encoded(&picture, quality)?))?;
            }
            (Change::Sent, Some(picture)) => put(&mut copy, &renamed, &encoded(&picture, 60)?)?,
            (Change::Resized, Some(picture)) => {
                let (width, height) = (picture.width().div_ceil(2), picture.height().div_ceil(2));
                put(&mut copy, &renamed, &encoded(&picture.resize_exact(width, height, FilterType::Triangle), 85)?)?;
            }
            (Change::Cut, _) => put(&mut copy, &path, &bytes[..bytes.len() * 2 / 3])?,
            (Change::OtherOfThatName, _) => {
                copy.put(&path, change, None, &another_picture(&mut random))?;
            }
            _ => put(&mut copy, &path, &bytes)?,
        }
    }
    Ok(copy.files)
}

struct Copy<'a> {
    folder: &'a Path,
    files: Vec<CopiedFile>,
}

impl Copy<'_> {
    fn put(&mut self, path: &str, change: Change, of: Option<String>, bytes: &[u8]) -> io::Result<()> {
        let full = self.folder.join(path);
        if let Some(parent) = full.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(full, bytes)?;
        self.files.push(CopiedFile { path: path.to_owned(), change, of });
        Ok(())
    }
}

/// A JPEG compressed again at a quality of 1 to 100, with what it tells about itself.
///
/// # Errors
/// When it cannot be decoded.
pub fn recompressed(jpeg: &[u8], quality: u8) -> io::Result<Vec<u8>> {
    let picture = image::load_from_memory(jpeg).map_err(io::Error::other)?;
    Ok(with_exif_of(jpeg, &encoded(&picture, quality)?))
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn encoded(picture: &image::DynamicImage, quality: u8) -> io::Result<Vec<u8>> {
    let pixels = picture.to_rgb8();
    let mut bytes = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(pixels.as_raw(), pixels.width(), pixels.height(), ExtendedColorType::Rgb8)
        .map_err(io::Error::other)?;
    Ok(bytes.into_inner())
}

/// A picture that no generator makes: coloured noise in large squares, of a date that nothing else has.
fn another_picture(random: &mut Random) -> Vec<u8> {
    let colours: Vec<[u8; 3]> =
        (0..48).map(|_| random.next().to_le_bytes()).map(|[red, green, blue, ..]| [red, green, blue]).collect();
    let picture = image::RgbImage::from_fn(128, 96, |x, y| image::Rgb(colours[(y / 16 * 8 + x / 16) as usize]));
    encoded(&image::DynamicImage::ImageRgb8(picture), 90).unwrap_or_default()
}

/// Paths of the files below a folder, with `/`, in order. Links are passed over, and what begins with a dot.
fn files_below(root: &Path) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, folder.join(entry.file_name()));
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
                files.push(parts.join("/"));
            }
        }
    }
    files.sort();
    Ok(files)
}
