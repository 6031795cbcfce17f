//! Camera tags by `nom-exif`: JPEG, PNG, WebP, HEIC, AVIF, CR3 and RAF.

use std::io::{self, Read, Seek};

use nom_exif::{EntryValue, Exif, IfdIndex, IfdKind, MediaParser, MediaSource, Rational};

use crate::camera_tags::{CameraTags, Directory, Value};
use crate::source::Source;

/// Reads the camera's tags. A file without any, or with broken ones, has none: no error but those of the disk.
pub(crate) fn read<R: Read + Seek>(source: &mut Source<R>) -> io::Result<CameraTags> {
    let tags = source.lend(|reader| {
        let media = MediaSource::seekable(reader).ok()?;
        let exif: Exif = MediaParser::new().parse_exif(media).ok()?.into();
        let mut tags = CameraTags::default();
        for entry in exif.entries() {
            // The second directory describes the thumbnail.
            if entry.ifd() == IfdIndex::THUMBNAIL {
                continue;
            }
            let directory = match entry.ifd_kind() {
                IfdKind::Tiff | IfdKind::Exif => Directory::Picture,
                IfdKind::Gps => Directory::Gps,
                _ => continue,
            };
            if let Some(value) = value(entry.value()) {
                tags.take(directory, entry.tag().code(), value);
            }
        }
        Some(tags)
    })?;
    Ok(tags.unwrap_or_default())
}

fn value(value: &EntryValue) -> Option<Value> {
    fn fraction<T: Copy + Into<f64> + PartialEq + Default>(fraction: &Rational<T>) -> f64 {
        fraction.to_f64().unwrap_or(f64::NAN)
    }
    let one = |n: f64| Value::Numbers(vec![n]);
    Some(match value {
        EntryValue::Text(text) => Value::Text(text.clone()),
        EntryValue::U8(n) => one((*n).into()),
        EntryValue::U16(n) => one((*n).into()),
        EntryValue::U32(n) => one((*n).into()),
        EntryValue::URational(n) => one(fraction(n)),
        EntryValue::IRational(n) => one(fraction(n)),
        EntryValue::URationalArray(all) => Value::Numbers(all.iter().map(fraction).collect()),
        EntryValue::IRationalArray(all) => Value::Numbers(all.iter().map(fraction).collect()),
        EntryValue::U16Array(all) => Value::Numbers(all.iter().map(|n| (*n).into()).collect()),
        EntryValue::U32Array(all) => Value::Numbers(all.iter().map(|n| (*n).into()).collect()),
        // Its offset is whichever of three it met first; the tags themselves tell which belongs to which date.
        EntryValue::DateTime(time) => Value::Clock(time.naive_local()),
        EntryValue::NaiveDateTime(time) => Value::Clock(*time),
        _ => return None,
    })
}
