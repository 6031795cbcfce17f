//! The JSON beside photos and albums as it came, packed: the history of what Google said about an item.

use std::io::Read;

use flate2::read::ZlibDecoder;
use flate2::{Compress, Compression, FlushCompress, Status};
use photokeep_model::{ItemId, Result};
use rusqlite::params;

use super::{Catalog, EntryKey, catalog_error};

/// Packs JSON texts one after another. What packing needs is some hundred kilobytes, and is kept for all of them: made anew for
/// each, it would tear the memory of a large export into pieces.
#[derive(Debug)]
pub struct JsonPacker {
    compress: Compress,
}

impl Default for JsonPacker {
    fn default() -> Self {
        Self { compress: Compress::new(Compression::fast(), true) }
    }
}

impl JsonPacker {
    /// The text as the catalog keeps it (zlib).
    pub fn pack(&mut self, json: &[u8]) -> Vec<u8> {
        self.compress.reset();
        let mut packed = Vec::with_capacity(json.len() / 2 + 64);
        loop {
            let from = usize::try_from(self.compress.total_in()).unwrap_or(json.len()).min(json.len());
            match self.compress.compress_vec(&json[from..], &mut packed, FlushCompress::Finish) {
                Ok(Status::StreamEnd) => break,
                // There was no room left.
                Ok(_) => packed.reserve(json.len() / 2 + 256),
                // Memory takes everything.
                Err(_) => break,
            }
        }
        packed.shrink_to_fit();
        packed
    }
}

pub(super) fn unpacked(packed: Vec<u8>) -> Vec<u8> {
    let mut json = Vec::with_capacity(packed.len() * 3);
    // What was packed here unpacks; a damaged catalog gives an empty text.
    if ZlibDecoder::new(&packed[..]).read_to_end(&mut json).is_err() {
        json.clear();
    }
    json
}

impl Catalog {
    /// Keeps the JSON of an entry as it came, packed by [`JsonPacker`]. Call inside a transaction.
    pub fn keep_json(&self, key: EntryKey, packed: &[u8]) -> Result<()> {
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO sidecars (part_id, entry, json) VALUES (?1, ?2, ?3)")
            .and_then(|mut statement| statement.execute(params![key.part, key.entry, packed]))
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Says whose sidecar an entry is.
    pub fn set_sidecar_item(&self, key: EntryKey, item: ItemId) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE sidecars SET item_id = ?3 WHERE part_id = ?1 AND entry = ?2 AND item_id IS NOT ?3")
            .and_then(|mut statement| statement.execute(params![key.part, key.entry, item.0]))
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Every JSON that ever came for an item, newest export first, with the export's name.
    pub fn sidecars_of(&self, item: ItemId) -> Result<Vec<(String, Vec<u8>)>> {
        self.connection
            .prepare_cached(
                "SELECT x.name, s.json FROM sidecars s JOIN parts p ON p.id = s.part_id JOIN exports x ON x.id = p.export_id
                 WHERE s.item_id = ?1 ORDER BY x.made_at DESC, x.id DESC, s.part_id, s.entry",
            )
            .and_then(|mut statement| statement.query_map([item.0], |row| Ok((row.get(0)?, unpacked(row.get(1)?))))?.collect())
            .map_err(catalog_error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_back() {
        let mut packer = JsonPacker::default();
        for text in [
            String::new(),
            "{}".to_owned(),
            "{\"title\":\"Größe\"}".repeat(500),
            (0..5000).map(|n| format!("{}", n * 7919)).collect(),
        ] {
            assert_eq!(unpacked(packer.pack(text.as_bytes())), text.as_bytes());
        }
    }
}
