//! What becomes of an archive after an import: it is proven to be kept, and then left, moved or put into the trash.
//!
//! Promises: nothing is deleted; an archive is moved only if every entry in it is in the library, and put into the trash
//! only after every photo of it was read again there and has its hash; when anything is in doubt it stays where it is, and
//! the reason is told. A kill at any moment leaves it where it was or where it was to go.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use chrono::Utc;
use photokeep_library::{Catalog, rename_new};
use photokeep_model::Result;
use photokeep_sync::sources::takeout::{Grouping, Takeout};
use photokeep_takeout::archive::{Archive, End};

use super::found::{IMPORTED, Why, file_name};
use super::kept::{Facts, Then};

/// Names that are tried for a moved archive before it is left.
const NAMES: u32 = 1000;

/// Why an archive must stay where it is; `None` if everything in it is kept. `with_bytes`: the photos are read again and
/// compared with their hashes; else their names and sizes do.
pub fn doubt(catalog: &Catalog, library: &Path, path: &Path, with_bytes: bool, go_on: &dyn Fn() -> bool) -> Result<Option<Why>> {
    let source = Takeout::look(&[path.to_owned()], Grouping::default(), None, Utc::now());
    let given = source.given();
    if let Some(refused) = given.refused.first() {
        return Ok(Some(Why::Refused { sentence: refused.why.clone() }));
    }
    let Some(mark) = given.exports.iter().flat_map(|export| &export.parts).map(|part| part.mark).next() else {
        return Ok(Some(Why::Unproven));
    };
    let Some((part, _)) = catalog.part_by_mark(&mark)? else { return Ok(Some(Why::Unproven)) };
    let taken = catalog.part_taken(part)?;
    if taken.open + taken.refused > 0 {
        return Ok(Some(Why::NotTaken { files: taken.open + taken.refused }));
    }
    // The trash is emptied some day, and with it what nobody else keeps.
    if with_bytes && taken.other > 0 {
        return Ok(Some(Why::OtherProducts { files: taken.other }));
    }
    if let Some(path) = not_as_stored(catalog, library, part, with_bytes, go_on)? {
        return Ok(Some(Why::NotAsStored { path }));
    }
    if taken.not_stored > 0 {
        return Ok(Some(Why::NotTaken { files: taken.not_stored }));
    }
    if taken.entries == 0 || count(path, go_on) != Some(taken.entries) {
        return Ok(Some(Why::Unproven));
    }
    Ok(None)
}

/// Files in an archive, if it can be seen to its end. A tgz is read from front to back: only its checksum proves its end.
fn count(path: &Path, go_on: &dyn Fn() -> bool) -> Option<u64> {
    let archive = Archive::open(path).ok()?;
    if archive.trouble().is_some() {
        return None;
    }
    if !archive.is_sequential() {
        return Some((archive.entries().len() + archive.refused().len()) as u64);
    }
    let mut given = 0;
    let walked = archive.walk(&mut |_, _| {
        given += 1;
        if go_on() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    (walked.end == End::Whole && walked.refused.is_empty()).then_some(given)
}

/// The first photo of a part that is not in the library the way it was stored.
fn not_as_stored(
    catalog: &Catalog,
    library: &Path,
    part: i64,
    with_bytes: bool,
    go_on: &dyn Fn() -> bool,
) -> Result<Option<String>> {
    let mut odd = None;
    catalog.files_of_part(part, |file| {
        let path = library.join(&file.path);
        let same = if with_bytes {
            go_on() && photokeep_media::hash_file(&path).is_ok_and(|(hash, size)| hash.0 == file.hash && size == file.size)
        } else {
            fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file() && metadata.len() == file.size)
        };
        if !same {
            odd = Some(file.path);
        }
        same
    })?;
    Ok(odd)
}

/// Puts an archive away that is proven to be kept. Answers with its new place, `None` for the trash, and with the reason if
/// it is left. `facts` are those it was proven with.
pub fn put_away(path: &Path, inbox: &Path, facts: Facts, then: Then) -> std::result::Result<Option<PathBuf>, Why> {
    let failed = |sentence: String| Why::NotPutAway { sentence };
    let plain = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    if !plain {
        return Err(failed("It is a link to a file elsewhere.".into()));
    }
    if Facts::of(path) != Some(facts) {
        return Err(Why::Unproven);
    }
    match then {
        Then::Leave => Ok(Some(path.to_owned())),
        Then::Move => move_into(path, &inbox.join(IMPORTED)).map(Some).map_err(|error| failed(error.to_string())),
        // The trash of the system; if it has none for this disk, the archive stays.
        Then::Trash => trash::delete(path).map(|()| None).map_err(|error| failed(error.to_string())),
    }
}

/// Moves an archive into a folder, under another name if its own is taken. Never onto something, never to another disk.
fn move_into(path: &Path, folder: &Path) -> io::Result<PathBuf> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    if !fs::symlink_metadata(folder)?.is_dir() {
        return Err(io::Error::other(format!("`{IMPORTED}` is not a folder.")));
    }
    let name = file_name(path);
    let (stem, ending) = name.rsplit_once('.').map_or((name.as_str(), String::new()), |(stem, end)| (stem, format!(".{end}")));
    for number in 1..=NAMES {
        let to = folder.join(if number == 1 { name.clone() } else { format!("{stem} ({number}){ending}") });
        match rename_new(path, &to) {
            Ok(()) => return Ok(to),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}
