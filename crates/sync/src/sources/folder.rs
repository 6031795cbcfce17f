//! A folder as a source: files that a person wants to have in the library, copied as they are.
//!
//! Which files is decided before, by a comparison; nothing is looked for here. The folder is read and never written. Absence proves
//! nothing: a camera card is emptied. What a file tells about itself is all that is known of it: its date is learnt when its bytes
//! are here, and its name is its title.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use photokeep_google::Trouble;
use photokeep_library::catalog::Sighting;
use photokeep_model::{Code, Error, Filter, Metadata, Result, SourceKind};

use super::local_blocks;
use crate::gate::Gate;
use crate::source::{Body, ListingEnd, ListingSink, Located, ResumeAt, Source, Unlocatable};

/// Items taken into the catalog at once.
const PAGE: usize = 500;

/// A file to take in.
#[derive(Debug, Clone)]
pub struct FolderFile {
    /// Below the folder.
    pub path: PathBuf,
    /// Its media type, by its bytes.
    pub mime_type: Option<String>,
}

/// Files of one folder.
pub struct Folder {
    root: PathBuf,
    files: Vec<FolderFile>,
    /// Which file a key means.
    by_key: HashMap<String, usize>,
}

impl Folder {
    /// These files below `root`, which is a whole path.
    pub fn new(root: PathBuf, files: Vec<FolderFile>) -> Self {
        let by_key = files.iter().enumerate().map(|(at, file)| (key_of(&root, &file.path), at)).collect();
        Self { root, files, by_key }
    }

    fn path_of(&self, key: &str) -> Option<PathBuf> {
        Some(self.root.join(&self.files.get(*self.by_key.get(key)?)?.path))
    }
}

/// The key of a file: the same file at the same place has the same, from run to run.
pub(crate) fn key_of(root: &Path, path: &Path) -> String {
    let hash = blake3::hash(root.join(path).as_os_str().as_encoded_bytes()).to_hex();
    format!("f-{}", &hash[..32])
}

impl Source for Folder {
    fn kind(&self) -> SourceKind {
        SourceKind::Folder
    }

    fn proves_absence(&self) -> bool {
        false
    }

    /// The file is what the person has, however it looks.
    fn proves_bytes(&self) -> bool {
        true
    }

    fn is_local(&self) -> bool {
        true
    }

    async fn list(&self, _filter: &Filter, gate: &Gate, sink: &mut dyn ListingSink) -> Result<ListingEnd> {
        for page in self.files.chunks(PAGE) {
            if gate.cancel().is_cancelled() {
                return Err(Error::new(Code::Cancelled, "Stopped. Nothing was changed."));
            }
            let sightings = page.iter().map(|file| {
                let title = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let metadata = Metadata { title, mime_type: file.mime_type.clone(), ..Metadata::default() };
                Sighting::new(key_of(&self.root, &file.path), metadata, true)
            });
            sink.items(sightings.collect())?;
        }
        Ok(ListingEnd { whole: true, albums_whole: true, notes: Vec::new() })
    }

    async fn locate(&self, keys: &[String], _gate: &Gate) -> Result<Vec<Result<Located, Unlocatable>>> {
        let since = Instant::now();
        let located = |key: &String| match self.by_key.get(key) {
            Some(_) => Ok(Located { key: key.clone(), address: String::new(), since, mime_type: None }),
            None => Err(Unlocatable::Item(unreadable(&io::Error::from(io::ErrorKind::NotFound)))),
        };
        Ok(keys.iter().map(located).collect())
    }

    async fn open(&self, located: &Located, _at: Option<&ResumeAt>) -> Result<Body, Trouble> {
        let path = self.path_of(&located.key).ok_or_else(|| failed(&self.root, &io::Error::from(io::ErrorKind::NotFound)))?;
        let root = self.root.clone();
        let opened = tokio::task::block_in_place(|| Unchanging::open(&path)).map_err(|error| failed(&root, &error))?;
        let (size, modified) = (opened.size, opened.modified);
        let blocks = if size <= local_blocks::IN_ONE_GO {
            let bytes = tokio::task::block_in_place(|| {
                let (mut opened, mut bytes) = (opened, Vec::new());
                opened.read_to_end(&mut bytes).map(|_| bytes)
            });
            local_blocks::one(bytes.map_err(|error| failed(&root, &error))?)
        } else {
            let (sender, blocks) = local_blocks::pieces();
            tokio::task::spawn_blocking(move || {
                let mut opened = opened;
                local_blocks::send_pieces(&mut opened, &sender, |_, error| failed(&root, &error));
            });
            blocks
        };
        Ok(Body { offset: 0, total: Some(size), etag: None, resumable: false, content_type: None, modified, blocks })
    }
}

/// The trouble of one file; or of the run, when the folder itself is away.
fn failed(root: &Path, error: &io::Error) -> Trouble {
    if !root.is_dir() {
        let error = Error::new(Code::FolderGone, format!("The folder `{}` cannot be read any more.", root.display()));
        return Trouble::Decided(error.hint("Connect its disk and do it again; what was copied is kept."));
    }
    Trouble::Decided(unreadable(error))
}

fn unreadable(error: &io::Error) -> Error {
    Error::new(Code::ItemFailed, format!("This file cannot be read: {error}."))
        .hint("It is tried again when the folder is compared and added again.")
}

/// A file that ends with an error when it is another one at its end than at its begin.
pub(crate) struct Unchanging {
    file: File,
    /// Its length in bytes.
    pub(crate) size: u64,
    modified: Option<SystemTime>,
    read: u64,
}

impl Unchanging {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        // A link in the place of the file leads who knows where.
        if !fs::symlink_metadata(path)?.is_file() {
            return Err(io::Error::other("it is no file any more"));
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        Ok(Self { file, size: metadata.len(), modified: metadata.modified().ok(), read: 0 })
    }
}

impl Read for Unchanging {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read += count as u64;
        if count == 0 && !buffer.is_empty() {
            let now = self.file.metadata()?;
            if self.read != self.size || now.len() != self.size || now.modified().ok() != self.modified {
                return Err(io::Error::other("it changed while it was read"));
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_that_grows_while_it_is_read_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, [1; 100]).unwrap();
        let mut whole = Vec::new();
        Unchanging::open(&path).unwrap().read_to_end(&mut whole).unwrap();
        assert_eq!(whole.len(), 100);
        let mut opened = Unchanging::open(&path).unwrap();
        File::options().append(true).open(&path).unwrap().write_all(&[2; 10]).unwrap();
        assert!(opened.read_to_end(&mut Vec::new()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_took_the_place_of_a_file_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join("a.jpg")).unwrap();
        assert!(Unchanging::open(&folder.path().join("a.jpg")).is_err());
    }
}
