//! Archives made for tests, field by field, so that any of them can lie.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use photokeep_takeout::archive::{Archive, Reason};

/// One entry of a zip; what is not set is as an honest writer sets it.
#[derive(Clone)]
pub struct Raw {
    pub name: Vec<u8>,
    pub packed: Vec<u8>,
    pub method: u16,
    pub flags: u16,
    pub crc: u32,
    pub size: u32,
    pub packed_size: u32,
    pub attributes: u32,
    pub made_by: u16,
    pub extra: Vec<u8>,
    pub offset: Option<u32>,
}

impl Raw {
    pub fn stored(name: impl AsRef<[u8]>, data: &[u8]) -> Self {
        Self {
            name: name.as_ref().to_vec(),
            packed: data.to_vec(),
            method: 0,
            flags: 0,
            crc: crc32fast::hash(data),
            size: u32::try_from(data.len()).unwrap(),
            packed_size: u32::try_from(data.len()).unwrap(),
            attributes: 0,
            made_by: 20,
            extra: Vec::new(),
            offset: None,
        }
    }

    pub fn deflated(name: impl AsRef<[u8]>, data: &[u8]) -> Self {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).unwrap();
        let packed = encoder.finish().unwrap();
        let packed_size = u32::try_from(packed.len()).unwrap();
        Self { method: 8, packed, packed_size, ..Self::stored(name, data) }
    }
}

/// A zip of these entries; `claimed` is the number of entries in its end record.
pub fn zip_claiming(entries: &[Raw], claimed: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let offset = entry.offset.unwrap_or(u32::try_from(bytes.len()).unwrap());
        let name_length = u16::try_from(entry.name.len()).unwrap();
        let mut shared = Vec::new();
        shared.extend(20u16.to_le_bytes());
        shared.extend(entry.flags.to_le_bytes());
        shared.extend(entry.method.to_le_bytes());
        shared.extend([0, 0, 0x21, 0x58]); // midnight of 2024-01-01
        shared.extend(entry.crc.to_le_bytes());
        shared.extend(entry.packed_size.to_le_bytes());
        shared.extend(entry.size.to_le_bytes());
        shared.extend(name_length.to_le_bytes());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&shared);
        bytes.extend(0u16.to_le_bytes());
        bytes.extend(&entry.name);
        bytes.extend(&entry.packed);
        directory.extend(b"PK\x01\x02");
        directory.extend(entry.made_by.to_le_bytes());
        directory.extend(&shared);
        directory.extend(u16::try_from(entry.extra.len()).unwrap().to_le_bytes());
        directory.extend([0; 6]);
        directory.extend(entry.attributes.to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(&entry.name);
        directory.extend(&entry.extra);
    }
    let start = u32::try_from(bytes.len()).unwrap();
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(claimed.to_le_bytes());
    bytes.extend(claimed.to_le_bytes());
    bytes.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

pub fn zip(entries: &[Raw]) -> Vec<u8> {
    zip_claiming(entries, u16::try_from(entries.len()).unwrap())
}

/// A tar of files.
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, data) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        header.set_mtime(1_700_000_000);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *data).unwrap();
    }
    builder.into_inner().unwrap()
}

/// One entry of a tar with any name and kind, unchecked.
pub fn tar_entry(name: &[u8], kind: u8, data: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_size(data.len() as u64);
    header.set_mtime(0);
    header.set_mode(0o644);
    header.set_entry_type(tar::EntryType::new(kind));
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(data);
    bytes.resize(bytes.len().div_ceil(512) * 512, 0);
    bytes
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Bytes that do not compress, from a seed.
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

/// A folder for one test, with files in it.
pub struct Desk(tempfile::TempDir);

impl Desk {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn open(&self, bytes: &[u8]) -> Archive {
        Archive::open(&self.put("archive", bytes)).unwrap()
    }
}

/// All of one entry, or why not.
pub fn read(archive: &Archive, index: u32) -> Result<Vec<u8>, Reason> {
    let mut bytes = Vec::new();
    let mut reader = archive.read(index).map_err(|refusal| refusal.reason)?;
    reader.read_to_end(&mut bytes).map_err(|error| photokeep_takeout::archive::Refusal::of(&error).reason)?;
    Ok(bytes)
}

pub fn paths(archive: &Archive) -> Vec<String> {
    archive.entries().map(|entry| entry.path.to_owned()).collect()
}

pub fn refusals(archive: &Archive) -> Vec<(u32, Reason)> {
    archive.refused().iter().map(|refused| (refused.index, refused.refusal.reason)).collect()
}
