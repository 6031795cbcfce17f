//! Any bytes as Google's table of contents of an export.

use std::io::{self, Read};

use photokeep_takeout::manifest::Manifest;

/// Reading never panics, memory follows the page, and it does not matter in which pieces the page comes.
pub fn check(data: &[u8]) {
    let Ok(manifest) = Manifest::read(data) else { return };
    assert_eq!(Manifest::read(Pieces(data, 7)).ok().as_ref(), Some(&manifest), "in pieces");
    let texts = [&manifest.job, &manifest.account, &manifest.date, &manifest.size];
    let mut kept: usize = texts.into_iter().flatten().map(String::len).sum();
    kept += manifest
        .products
        .iter()
        .map(|product| product.name.len() + product.folder.as_ref().map_or(0, String::len))
        .sum::<usize>();
    for folder in &manifest.folders {
        kept += folder.path.len();
        for name in folder.files() {
            assert!(!name.contains(['\n', '\r']));
            kept += name.len() + 1;
        }
    }
    for failure in &manifest.failures {
        let texts = [&failure.product, &failure.folder];
        kept += failure.text.len() + texts.into_iter().flatten().map(String::len).sum::<usize>();
    }
    // A row has 17 bytes at least, and the path of its folder 1,023 at most.
    assert!(kept <= 4096 + 64 * data.len(), "{kept} bytes kept of a page of {}", data.len());
    assert!(manifest.listed() <= data.len());
    if manifest.photos().is_some() {
        assert!(manifest.is_archive_page());
    }
}

/// Gives a page in pieces of at most so many bytes.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = self.1.min(buffer.len());
        self.0.read(&mut buffer[..most])
    }
}
