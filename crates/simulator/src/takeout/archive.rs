//! The archives of an export: zip, gzipped tar or plain folders behind one face. Bytes go straight to disk.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, Timelike};
use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::spec::Container;

/// Written at once to disk.
const BUFFER: usize = 256 * 1024;

/// One part that is being written.
pub(super) enum Archive {
    Zip(Box<ZipWriter<BufWriter<File>>>, SimpleFileOptions),
    Tgz(Box<Builder<GzEncoder<BufWriter<File>>>>, u64),
    Folder(PathBuf),
}

/// What a hostile entry is beside a name and bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    File,
    Symlink,
    Hardlink,
    Device,
    Pipe,
}

impl Archive {
    /// Begins a part; `path` is its file, or the folder that the entries go below.
    pub(super) fn create(container: Container, path: &Path, stamp: i64) -> io::Result<Self> {
        if container == Container::Folder {
            fs::create_dir_all(path)?;
            return Ok(Self::Folder(path.to_owned()));
        }
        let file = BufWriter::with_capacity(BUFFER, File::create(path)?);
        if container == Container::Tgz {
            let seconds = u64::try_from(stamp).unwrap_or(0);
            return Ok(Self::Tgz(Box::new(Builder::new(GzEncoder::new(file, Compression::fast()))), seconds));
        }
        let method = if container == Container::Deflated { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let level = (container == Container::Deflated).then_some(1);
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .compression_level(level)
            .large_file(container == Container::Zip64)
            .last_modified_time(zip_time(stamp));
        let mut writer = ZipWriter::new(file);
        if container == Container::Zip64 {
            // Makes the directory end in a zip64 record however small it is.
            writer.set_raw_zip64_extensible_data_sector(Box::default());
        }
        Ok(Self::Zip(Box::new(writer), options))
    }

    /// Adds one file.
    pub(super) fn add(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Zip(writer, options) => {
                writer.start_file(path, *options)?;
                writer.write_all(bytes)
            }
            Self::Tgz(builder, seconds) => {
                let mut header = header(*seconds, bytes.len() as u64, EntryType::Regular);
                builder.append_data(&mut header, path, bytes)
            }
            Self::Folder(root) => {
                let target = root.join(path);
                if let Some(folder) = target.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::write(target, bytes)
            }
        }
    }

    /// Adds an entry with a name as it is, however bad. `false` where the container cannot hold such a thing.
    pub(super) fn add_raw(&mut self, path: &str, bytes: &[u8], special: Special) -> io::Result<bool> {
        match self {
            Self::Zip(writer, options) => match special {
                Special::File => {
                    writer.start_file(path, options.compression_method(CompressionMethod::Deflated))?;
                    writer.write_all(bytes)?;
                }
                Special::Symlink => writer.add_symlink(path, String::from_utf8_lossy(bytes), *options)?,
                Special::Hardlink | Special::Device | Special::Pipe => return Ok(false),
            },
            Self::Tgz(builder, seconds) => {
                let (kind, length) = match special {
                    Special::File => (EntryType::Regular, bytes.len() as u64),
                    Special::Symlink => (EntryType::Symlink, 0),
                    Special::Hardlink => (EntryType::Link, 0),
                    Special::Device => (EntryType::Char, 0),
                    Special::Pipe => (EntryType::Fifo, 0),
                };
                let mut header = header(*seconds, length, kind);
                let name = &mut header.as_old_mut().name;
                if path.len() > name.len() {
                    return Ok(false);
                }
                name[..path.len()].copy_from_slice(path.as_bytes());
                if matches!(special, Special::Symlink | Special::Hardlink) {
                    header.set_link_name_literal(bytes)?;
                }
                header.set_cksum();
                builder.append(&header, if special == Special::File { bytes } else { &[] })?;
            }
            Self::Folder(_) => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Zip(writer, _) => writer.finish()?.flush(),
            Self::Tgz(builder, _) => builder.into_inner()?.finish()?.flush(),
            Self::Folder(_) => Ok(()),
        }
    }
}

fn header(seconds: u64, length: u64, kind: EntryType) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(length);
    header.set_mode(0o644);
    header.set_mtime(seconds);
    header.set_uid(0);
    header.set_gid(0);
    header
}

fn zip_time(stamp: i64) -> zip::DateTime {
    let at = DateTime::from_timestamp(stamp, 0).unwrap_or_default();
    let part = |value: u32| u8::try_from(value).unwrap_or(0);
    let year = u16::try_from(at.year()).unwrap_or(1980);
    zip::DateTime::from_date_and_time(
        year,
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
    )
    .unwrap_or_default()
}
