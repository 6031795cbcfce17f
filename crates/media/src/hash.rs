//! The identity of bytes: BLAKE3 of the whole file (design section 6: content hash first).

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes read at a time: big enough for network shares, small enough for many downloads at once.
const BLOCK: usize = 1024 * 1024;

/// The BLAKE3 hash of a file's bytes. Shown, read and serialised as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash(pub [u8; 32]);

/// A text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAHash;

impl fmt::Display for NotAHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a content hash has 64 hexadecimal digits")
    }
}

impl std::error::Error for NotAHash {}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({self})")
    }
}

impl FromStr for ContentHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        blake3::Hash::from_hex(text).map(|hash| Self(*hash.as_bytes())).map_err(|_| NotAHash)
    }
}

impl Serialize for ContentHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Hashes bytes as they come, a download for example.
#[derive(Clone, Default)]
pub struct Hasher {
    hasher: blake3::Hasher,
    length: u64,
}

impl Hasher {
    /// A hasher that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
    }

    /// How many bytes it has seen.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The hash of all bytes seen so far.
    pub fn finish(&self) -> ContentHash {
        ContentHash(*self.hasher.finalize().as_bytes())
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("length", &self.length).finish_non_exhaustive()
    }
}

/// Hashes a file; answers with its hash and its length in bytes.
///
/// Read in blocks, not mapped: a file on a network share can shrink under a mapping, and the process would die of SIGBUS.
///
/// # Errors
/// Those of opening and reading the file.
pub fn hash_file(path: &Path) -> io::Result<(ContentHash, u64)> {
    let mut file = File::open(path)?;
    let mut block = vec![0; BLOCK];
    let mut hasher = Hasher::new();
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok((hasher.finish(), hasher.length())),
            Ok(n) => hasher.update(&block[..n]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;

    /// BLAKE3 of nothing, from the official test vectors.
    const OF_NOTHING: &str = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";

    #[test]
    fn the_empty_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let (hash, length) = hash_file(file.path()).unwrap();
        assert_eq!((hash.to_string().as_str(), length), (OF_NOTHING, 0));
    }

    #[test]
    fn a_file_longer_than_a_block_hashes_like_its_bytes() {
        let bytes: Vec<u8> = (0..BLOCK * 2 + 77).map(|n| (n % 251) as u8).collect();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        assert_eq!(hash_file(file.path()).unwrap(), (ContentHash(*blake3::hash(&bytes).as_bytes()), bytes.len() as u64));
    }

    #[test]
    fn a_missing_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(hash_file(&folder.path().join("nothing")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn what_is_no_hash() {
        for text in ["", "af13", &OF_NOTHING[1..], &format!("{OF_NOTHING}0"), &OF_NOTHING.replace('a', "g")] {
            assert_eq!(text.parse::<ContentHash>(), Err(NotAHash), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_and_json_give_the_hash_back(bytes in any::<[u8; 32]>()) {
            let hash = ContentHash(bytes);
            prop_assert_eq!(hash.to_string().parse(), Ok(hash));
            let json = serde_json::to_string(&hash).unwrap();
            prop_assert_eq!(&json, &format!("\"{hash}\""));
            prop_assert_eq!(serde_json::from_str::<ContentHash>(&json).unwrap(), hash);
        }

        #[test]
        fn pieces_hash_like_the_whole(bytes in proptest::collection::vec(any::<u8>(), 0..5000), cut in any::<prop::sample::Index>()) {
            let cut = if bytes.is_empty() { 0 } else { cut.index(bytes.len()) };
            let mut hasher = Hasher::new();
            hasher.update(&bytes[..cut]);
            hasher.update(&bytes[cut..]);
            prop_assert_eq!(hasher.length(), bytes.len() as u64);
            prop_assert_eq!(hasher.finish(), ContentHash(*blake3::hash(&bytes).as_bytes()));
        }
    }
}
