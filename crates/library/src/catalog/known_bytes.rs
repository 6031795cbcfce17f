//! What the catalog knows of bytes that an export shows again: of which photo they are, where that was certain.

use photokeep_model::{Metadata, Result};
use rusqlite::params;

use super::sighted_files::CERTAIN;
use super::{Catalog, catalog_error};

/// A photo whose bytes are kept, as Takeout described it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBytes {
    /// Of its original (BLAKE3).
    pub hash: [u8; 32],
    /// Its title.
    pub title: String,
    /// When it was taken, in Unix seconds.
    pub taken: Option<i64>,
    /// Its address.
    pub url: Option<String>,
}

impl Catalog {
    /// The one photo whose original has this size and checksum and was paired with its description for sure; `None` where there
    /// is none, or more than one. Size and checksum prove nothing: compare the hash.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn known_bytes(&self, size: u64, crc32: u32) -> Result<Option<KnownBytes>> {
        let found: Vec<(i64, [u8; 32], String)> = self
            .connection
            .prepare_cached(
                "SELECT f.id, f.hash, s.metadata FROM files f JOIN sightings s ON s.item_id = f.item_id AND s.source = 'takeout' AND s.leads = 1
                 WHERE f.size = ?1 AND f.crc32 = ?2 AND f.state = 'stored' AND f.role = 'original' AND f.hash IS NOT NULL LIMIT 2",
            )
            .and_then(|mut statement| {
                statement.query_map(params![size, crc32], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
            })
            .map_err(catalog_error)?;
        let [(file, hash, metadata)] = &found[..] else { return Ok(None) };
        if self.sureness_of("file_id = ?1", [file])? < CERTAIN {
            return Ok(None);
        }
        let Ok(said) = serde_json::from_str::<Metadata>(metadata) else { return Ok(None) };
        let taken = said.taken.map(|taken| taken.unix_seconds());
        Ok(Some(KnownBytes { hash: *hash, title: said.title, taken, url: said.product_url }))
    }
}
