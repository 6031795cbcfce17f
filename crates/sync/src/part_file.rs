//! The temporary file that bytes are fetched into: written in large blocks, hashed on the way, gone on with after a break.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use photokeep_media::{Hasher, SNIFF_BYTES};

/// Bytes gathered before they are written.
const BLOCK: usize = 256 * 1024;

/// Fills `head` as far as the file goes; returns how far.
pub(crate) fn read_head(mut file: File, head: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    loop {
        match file.read(&mut head[length..])? {
            0 => return Ok(length),
            count => length += count,
        }
    }
}

/// Writes blocks to a temporary file, hashing on the way; when a download goes on, compares the first stretch instead.
pub(crate) struct Writer {
    pub file: File,
    pub hasher: Hasher,
    /// The first bytes, for telling the type.
    pub head: Vec<u8>,
    /// Bytes in the file and the buffer.
    pub length: u64,
    buffer: Vec<u8>,
    /// Bytes of the buffer that are in the file already.
    written: usize,
    /// What has to come once more, when a download goes on.
    overlap: Vec<u8>,
    compared: usize,
}

impl Writer {
    pub fn open(path: &Path, goes_on_at: Option<u64>) -> std::io::Result<Self> {
        let mut writer = match goes_on_at {
            None => {
                let file = File::create(path)?;
                Self {
                    file,
                    hasher: Hasher::new(),
                    head: Vec::new(),
                    length: 0,
                    buffer: Vec::new(),
                    written: 0,
                    overlap: Vec::new(),
                    compared: 0,
                }
            }
            Some(offset) => {
                let file = OpenOptions::new().read(true).write(true).open(path)?;
                let mut writer = Self {
                    file,
                    hasher: Hasher::new(),
                    head: Vec::new(),
                    length: 0,
                    buffer: Vec::new(),
                    written: 0,
                    overlap: Vec::new(),
                    compared: 0,
                };
                writer.read_back(offset)?;
                writer
            }
        };
        writer.buffer.reserve(BLOCK.min(64 * 1024));
        Ok(writer)
    }

    /// Takes up a begun file: hashes all of it, and remembers what follows `offset` for comparing.
    fn read_back(&mut self, offset: u64) -> std::io::Result<()> {
        let mut block = vec![0u8; BLOCK];
        loop {
            let count = self.file.read(&mut block)?;
            if count == 0 {
                break;
            }
            let bytes = &block[..count];
            self.hasher.update(bytes);
            self.keep_head(bytes);
            let end = self.length + count as u64;
            if end > offset {
                let skip = usize::try_from(offset.saturating_sub(self.length)).unwrap_or(count).min(count);
                self.overlap.extend_from_slice(&bytes[skip..]);
            }
            self.length = end;
        }
        self.file.seek(SeekFrom::Start(self.length))?;
        Ok(())
    }

    fn keep_head(&mut self, bytes: &[u8]) {
        let wanted = SNIFF_BYTES.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..wanted]);
    }

    /// Takes a block; false when it contradicts what is here already.
    pub fn take(&mut self, block: &[u8]) -> std::io::Result<bool> {
        let to_compare = (self.overlap.len() - self.compared).min(block.len());
        let (again, fresh) = block.split_at(to_compare);
        if self.overlap[self.compared..self.compared + to_compare] != *again {
            return Ok(false);
        }
        self.compared += to_compare;
        if fresh.is_empty() {
            return Ok(true);
        }
        self.hasher.update(fresh);
        self.keep_head(fresh);
        self.length += fresh.len() as u64;
        if self.buffer.len() + fresh.len() > BLOCK {
            self.flush()?;
            self.buffer.clear();
            self.written = 0;
        }
        if fresh.len() >= BLOCK {
            self.file.write_all(fresh)?;
        } else {
            self.buffer.extend_from_slice(fresh);
        }
        Ok(true)
    }

    /// Writes what was gathered.
    pub fn flush(&mut self) -> std::io::Result<()> {
        self.file.write_all(&self.buffer[self.written..])?;
        self.written = self.buffer.len();
        Ok(())
    }

    /// All bytes of the file, if it is so small that they are still in memory.
    pub fn whole(&self) -> Option<&[u8]> {
        (self.buffer.len() as u64 == self.length).then_some(&self.buffer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_download_that_goes_on_hashes_like_one_in_one_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let bytes: Vec<u8> = (0..700_000u32).map(|n| (n % 251) as u8).collect();
        let mut first = Writer::open(&path, None).unwrap();
        assert!(first.take(&bytes[..400_000]).unwrap());
        first.flush().unwrap();
        let mut second = Writer::open(&path, Some(390_000)).unwrap();
        for block in bytes[390_000..].chunks(7_777) {
            assert!(second.take(block).unwrap());
        }
        second.flush().unwrap();
        assert_eq!(second.whole(), None);
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
        let mut whole = Hasher::new();
        whole.update(&bytes);
        assert_eq!(second.hasher.finish(), whole.finish());
        assert_eq!(second.head, bytes[..SNIFF_BYTES]);
    }

    #[test]
    fn a_small_file_stays_in_memory_and_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let mut writer = Writer::open(&path, None).unwrap();
        for block in [vec![1; 1000], vec![2; 300]] {
            assert!(writer.take(&block).unwrap());
            writer.flush().unwrap();
        }
        assert_eq!(writer.whole().unwrap(), std::fs::read(&path).unwrap());
        assert_eq!(writer.length, 1300);
        assert!(writer.take(&vec![3; BLOCK]).unwrap());
        writer.flush().unwrap();
        assert_eq!(writer.whole(), None);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 1300 + BLOCK as u64);
    }

    #[test]
    fn another_rendition_is_never_joined() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let mut first = Writer::open(&path, None).unwrap();
        first.take(&[1; 1000]).unwrap();
        first.flush().unwrap();
        let mut second = Writer::open(&path, Some(900)).unwrap();
        assert!(second.take(&[1; 50]).unwrap());
        assert!(!second.take(&[2; 50]).unwrap());
    }
}
