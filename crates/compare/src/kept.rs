//! The library's side: a copy of what its catalog says, with names as they are compared.

use std::ffi::OsStr;
use std::path::Path;

use blake3::Hasher;
use photokeep_library::Catalog;
use photokeep_library::catalog::KeptRow;
use photokeep_model::Result;
use rusqlite::params;

use crate::path_bytes::{comparable_name, stem_of};
use crate::side::camera_of;
use crate::store::{Comparison, number, store_error};

impl Comparison {
    /// Takes over what the library has. `root` is its folder: of a file that does not lie there as the catalog says, what is known of
    /// it takes part where the next sync can fetch it again, and else nothing: the library does not have it. While the library's disk is away (`None`) the catalog is believed.
    /// Answers whether all of it is what it was at the last comparison; then nothing is taken over.
    pub(crate) fn take_kept(&self, catalog: &Catalog, root: Option<&Path>) -> Result<bool> {
        let before = self.meta(KEPT_MARK)?;
        if before.is_some() && before.as_ref() == Some(&mark_of(catalog, root)?) {
            return Ok(true);
        }
        let mut mark = Hasher::new();
        self.execute("DELETE FROM kept")?;
        self.take_uploaded(catalog, &mut mark)?;
        let mut insert = self
            .connection
            .prepare(
                "INSERT INTO kept (item, file, path, name, file_name, size, modified, hash, kind, mime_type, role, taken, taken_offset, width, height, stem, file_stem, unsure, folder, number, file_number, camera)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
            )
            .map_err(store_error)?;
        catalog.for_each_kept(|mut row| {
            let there = root.and_then(|root| there(root, &row));
            add(&mut mark, &row, there);
            if root.is_some() && row.path.is_some() && there.is_none() {
                if !row.is_at_google {
                    return Ok(());
                }
                (row.file, row.path) = (None, None);
            }
            let modified = there.map(|(modified, _)| modified);
            let hash = row.hash.filter(|_| root.is_none() || there.is_some_and(|(_, same_time)| same_time));
            // Copied without its time, for example: its bytes have to tell whether it is what was stored.
            let unsure = row.hash.is_some() && there.is_some_and(|(_, same_time)| !same_time);
            // An edited copy or a moving part goes by its own name alone: the item's is that of its original.
            let is_part = matches!(row.role.as_deref(), Some("edited" | "motion"));
            let file_name = row.path.as_deref().and_then(|path| Path::new(path).file_name()).map(comparable_name);
            let title = match &file_name {
                Some(name) if is_part => name.clone(),
                _ => comparable_name(OsStr::new(&row.title)),
            };
            insert
                .execute(params![
                    row.item,
                    row.file,
                    row.path,
                    title.name,
                    file_name.as_ref().map(|name| &name.name),
                    row.size.map(number),
                    modified,
                    hash.as_ref().map(<[u8; 32]>::as_slice),
                    if row.is_video { "video" } else { "photo" },
                    row.mime_type,
                    row.role,
                    row.taken,
                    row.taken_offset,
                    row.width,
                    row.height,
                    stem_of(&title.name),
                    file_name.as_ref().map(|name| stem_of(&name.name)),
                    unsure,
                    row.path.as_deref().map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder)),
                    title.number,
                    file_name.as_ref().map(|name| &name.number),
                    camera_of(row.camera_make.as_deref(), row.camera_model.as_deref())
                ])
                .map_err(store_error)?;
            Ok(())
        })?;
        self.connection
            .execute_batch(
                "DROP INDEX IF EXISTS kept_size; DROP INDEX IF EXISTS kept_hash; DROP INDEX IF EXISTS kept_name; DROP INDEX IF EXISTS kept_file_name;
                 DROP INDEX IF EXISTS kept_item; DROP INDEX IF EXISTS kept_stem; DROP INDEX IF EXISTS kept_file_stem;
                 CREATE INDEX kept_stem ON kept (stem);
                 CREATE INDEX kept_file_stem ON kept (file_stem);
                 CREATE INDEX kept_size ON kept (size) WHERE hash IS NOT NULL;
                 CREATE INDEX kept_hash ON kept (hash) WHERE hash IS NOT NULL;
                 CREATE INDEX kept_name ON kept (name);
                 CREATE INDEX kept_file_name ON kept (file_name);
                 CREATE INDEX kept_item ON kept (item);",
            )
            .map_err(store_error)?;
        self.set_meta(KEPT_MARK, &mark.finalize().to_hex())?;
        Ok(false)
    }

    fn take_uploaded(&self, catalog: &Catalog, mark: &mut Hasher) -> Result<()> {
        self.execute("DELETE FROM uploaded")?;
        let mut insert =
            self.connection.prepare("INSERT INTO uploaded (hash, size, item) VALUES (?1, ?2, ?3)").map_err(store_error)?;
        catalog.for_each_shown_upload(|hash, size, item| {
            add_uploaded(mark, &hash, item);
            insert.execute(params![hash, number(size), item]).map(drop).map_err(store_error)
        })
    }
}

/// What stands for all that the library has, as it lies there.
const KEPT_MARK: &str = "kept";

fn mark_of(catalog: &Catalog, root: Option<&Path>) -> Result<String> {
    let mut mark = Hasher::new();
    catalog.for_each_shown_upload(|hash, _, item| {
        add_uploaded(&mut mark, &hash, item);
        Ok(())
    })?;
    catalog.for_each_kept(|row| {
        add(&mut mark, &row, root.and_then(|root| there(root, &row)));
        Ok(())
    })?;
    Ok(mark.finalize().to_hex().to_string())
}

fn add(mark: &mut Hasher, row: &KeptRow, there: Option<(i64, bool)>) {
    mark.update(format!("{row:?} {there:?}\n").as_bytes());
}

fn add_uploaded(mark: &mut Hasher, hash: &[u8; 32], item: i64) {
    mark.update(hash).update(&item.to_le_bytes());
}

/// When the file was last written, if it lies in the library with the size that the catalog says; and whether that is the time that the
/// catalog says.
fn there(root: &Path, row: &KeptRow) -> Option<(i64, bool)> {
    let there = std::fs::metadata(root.join(row.path.as_ref()?)).ok()?;
    let modified = crate::walk::modified(&there);
    let same_time = row
        .modified
        .is_none_or(|(seconds, nanos)| modified == seconds.saturating_mul(1_000_000_000).saturating_add(i64::from(nanos)));
    (there.is_file() && Some(there.len()) == row.size).then_some((modified, same_time))
}
