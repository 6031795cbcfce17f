//! Pictures and films for a front end: only files that the catalog or a comparison knows, by their number, never by a path from
//! outside.
//!
//! Hosts carry the answer: the window through its own protocol, `serve` through HTTP.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use photokeep_library::target;
use photokeep_media::ContentHash;
use photokeep_model::{Code, Error, Result};

use super::Desk;
use super::place::{Place, blocking};
use crate::thumbnails::Shown;

/// What a front end asks for.
#[derive(Debug, Clone)]
pub struct MediaRequest {
    /// The part of the address behind the host: `/thumbnail/12` or `/file/12`; of a folder that was compared
    /// `/compared-thumbnail/0123abcd-12` and `/compared-file/0123abcd-12`, with the key of the comparison.
    pub path: String,
    /// The `Range` header, if there is one.
    pub range: Option<String>,
    /// The `If-None-Match` header, if there is one.
    pub known: Option<String>,
}

/// What it gets.
#[derive(Debug)]
pub struct MediaAnswer {
    /// HTTP status.
    pub status: u16,
    /// Headers, in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The bytes.
    pub body: MediaBody,
}

/// The bytes of an answer.
#[derive(Debug)]
pub enum MediaBody {
    /// Here.
    Bytes(Vec<u8>),
    /// A stretch of a file, already sought to its beginning.
    File {
        /// The file.
        file: File,
        /// Bytes to send.
        length: u64,
    },
}

impl MediaBody {
    /// All bytes, for hosts that cannot stream.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(self) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::File { file, length } => {
                let mut bytes = Vec::new();
                file.take(length).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }
}

impl MediaAnswer {
    fn empty(status: u16) -> Self {
        Self { status, headers: vec![("cache-control", "no-store".into())], body: MediaBody::Bytes(Vec::new()) }
    }
}

/// A file that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    /// Of the library, by its number in the catalog.
    Kept(i64),
    /// Of a folder that was compared, by its number in the comparison.
    Compared { key: String, id: i64 },
}

/// What of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    Thumbnail,
    Itself,
}

fn wanted(path: &str) -> Option<(Wanted, As)> {
    let (what, which) = path.trim_start_matches('/').split_once('/')?;
    let (what, compared) = what.strip_prefix("compared-").map_or((what, false), |what| (what, true));
    let how = match what {
        "thumbnail" => As::Thumbnail,
        "file" => As::Itself,
        _ => return None,
    };
    if !compared {
        return Some((Wanted::Kept(which.parse().ok()?), how));
    }
    let (key, id) = which.split_once('-')?;
    Some((Wanted::Compared { key: key.to_owned(), id: id.parse().ok()? }, how))
}

/// A file that may be shown, as far as it is known.
struct Known {
    path: PathBuf,
    mime_type: Option<String>,
    hash: Option<[u8; 32]>,
}

/// What a look for a small picture found.
enum Found {
    Answer(MediaAnswer),
    /// There is none yet.
    ToMake {
        hash: [u8; 32],
        path: PathBuf,
    },
}

/// Looks for small pictures at the same time.
pub(super) const LOOKS: usize = 3;

impl Desk {
    /// Answers a request for a picture or a film. What cannot be answered is a status, never an error.
    pub async fn media(self: &Arc<Self>, request: MediaRequest) -> MediaAnswer {
        let Some((wanted, how)) = wanted(&request.path) else { return MediaAnswer::empty(404) };
        let Some(place) = self.place() else { return MediaAnswer::empty(404) };
        let answered = match how {
            As::Thumbnail => self.thumbnail(place, wanted, request).await,
            As::Itself => {
                blocking(move || {
                    let Some(known) = find(&place, &wanted)? else { return Ok(MediaAnswer::empty(404)) };
                    match known.hash.as_ref().and_then(|hash| unchanged(&request, hash)) {
                        Some(answer) => Ok(answer),
                        None => serve(&known, request.range.as_deref()),
                    }
                })
                .await
            }
        };
        answered.unwrap_or_else(|error| {
            tracing::debug!(%error, "a picture could not be shown");
            MediaAnswer::empty(if error.code == Code::TargetGone { 410 } else { 500 })
        })
    }

    async fn thumbnail(&self, place: Arc<Place>, wanted: Wanted, request: MediaRequest) -> Result<MediaAnswer> {
        let thumbnails = self.thumbnails.clone();
        // A screen full of pictures is asked for at once. With a thread for each, each has a catalog to open and memory of its
        // own, and no picture comes earlier.
        // It is never closed, so this is always a turn.
        let turn = self.looking.acquire().await;
        let found = blocking(move || {
            let Some(known) = find(&place, &wanted)? else { return Ok(Found::Answer(MediaAnswer::empty(404))) };
            let Some(hash) = known.hash else { return Ok(Found::Answer(MediaAnswer::empty(404))) };
            if let Some(answer) = unchanged(&request, &hash) {
                return Ok(Found::Answer(answer));
            }
            let shown = thumbnails.kept(ContentHash(hash));
            Ok(shown.map_or(Found::ToMake { hash, path: known.path }, |shown| Found::Answer(picture(shown, &hash))))
        })
        .await;
        drop(turn);
        match found? {
            Found::Answer(answer) => Ok(answer),
            // These have turns of their own; pictures that are there do not wait for them.
            Found::ToMake { hash, path } => {
                let thumbnails = self.thumbnails.clone();
                blocking(move || Ok(picture(thumbnails.get(ContentHash(hash), &path)?, &hash))).await
            }
        }
    }

    /// Makes the pictures that are missing, in the background and one at a time.
    pub(crate) fn make_missing_thumbnails(self: &Arc<Self>) {
        let Some(place) = self.place() else { return };
        let maker = self.thumbnails.make_missing(Missing { place, page: Vec::new(), after: None, ended: false });
        // Dropping the one before stops it.
        *self.picture_maker.lock().unwrap_or_else(PoisonError::into_inner) = Some(maker);
    }
}

/// Walks through the library's files, newest first, a page at a time.
struct Missing {
    place: Arc<Place>,
    page: Vec<(ContentHash, PathBuf)>,
    after: Option<photokeep_library::catalog::PictureCursor>,
    ended: bool,
}

impl Iterator for Missing {
    type Item = (ContentHash, PathBuf);

    fn next(&mut self) -> Option<Self::Item> {
        while self.page.is_empty() && !self.ended {
            let after = self.after;
            let looked = self.place.look_now(|catalog, root| {
                let page = catalog.pictures_page(after, 500)?;
                let files = page.files.into_iter().filter_map(|file| {
                    let shows = file.mime_type.as_deref().is_some_and(photokeep_media::can_be_shown);
                    let hash = file.hash.filter(|_| shows)?;
                    Some((ContentHash(hash), target::join(root, &file.path).ok()?))
                });
                Ok((files.collect::<Vec<_>>(), page.next))
            });
            // Pictures in the background are a courtesy: whatever is wrong is told where it matters.
            let Ok(Some((mut files, next))) = looked else { return None };
            files.reverse();
            self.page = files;
            self.ended = next.is_none();
            self.after = next;
        }
        self.page.pop()
    }
}

fn find(place: &Arc<Place>, wanted: &Wanted) -> Result<Option<Known>> {
    match wanted {
        Wanted::Kept(file) => find_kept(place, *file),
        Wanted::Compared { key, id } => find_compared(place, key, *id),
    }
}

/// A file of a folder that was compared, where it lies there as a file still.
fn find_compared(place: &Arc<Place>, key: &str, id: i64) -> Result<Option<Known>> {
    let Some(compared) = place.app.compared(&place.folder, key)? else { return Ok(None) };
    let Some(file) = compared.comparison.file_to_show(id)? else { return Ok(None) };
    let path = compared.folder.join(&file.location);
    // A link that took its place since then leads who knows where.
    let is_file = std::fs::symlink_metadata(&path).is_ok_and(|there| there.is_file());
    Ok(is_file.then_some(Known { path, mime_type: file.mime_type, hash: Some(file.mark) }))
}

fn find_kept(place: &Arc<Place>, file: i64) -> Result<Option<Known>> {
    let found = place.look_now(|catalog, root| {
        let Some(shown) = catalog.file_shown(file)? else { return Ok(None) };
        Ok(Some(Known { path: target::join(root, &shown.path)?, mime_type: shown.mime_type, hash: shown.hash }))
    })?;
    Ok(found.flatten())
}

fn picture(shown: Shown, hash: &[u8; 32]) -> MediaAnswer {
    match shown {
        Shown::Picture(bytes) => {
            MediaAnswer { status: 200, headers: headers("image/jpeg", Some(hash)), body: MediaBody::Bytes(bytes) }
        }
        Shown::Placeholder => MediaAnswer::empty(404),
    }
}

fn tag(hash: &[u8; 32]) -> String {
    format!("\"{}\"", ContentHash(*hash))
}

fn unchanged(request: &MediaRequest, hash: &[u8; 32]) -> Option<MediaAnswer> {
    (request.known.as_deref() == Some(tag(hash).as_str())).then(|| MediaAnswer {
        status: 304,
        headers: vec![("etag", tag(hash))],
        body: MediaBody::Bytes(Vec::new()),
    })
}

fn headers(content_type: &str, hash: Option<&[u8; 32]>) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("content-type", content_type.to_owned()),
        // A file's number keeps its bytes but for the rare repair; the tag notices that.
        ("cache-control", "private, max-age=86400".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        // Should a file ever be opened as a page, it can do nothing there.
        ("content-security-policy", "default-src 'none'; sandbox".to_owned()),
    ];
    headers.extend(hash.map(|hash| ("etag", tag(hash))));
    headers
}

fn serve(known: &Known, range: Option<&str>) -> Result<MediaAnswer> {
    let trouble = |error| target::target_error(error, &known.path);
    let mut file = File::open(&known.path).map_err(trouble)?;
    let metadata = file.metadata().map_err(trouble)?;
    if !metadata.is_file() {
        return Err(Error::new(Code::ItemNotMedia, "This is not a file any more.").detail("path", known.path.display()));
    }
    let size = metadata.len();
    // Only pictures and films are ever called by their type.
    let content_type = known.mime_type.as_deref().filter(|kind| kind.starts_with("image/") || kind.starts_with("video/"));
    let mut headers = headers(content_type.unwrap_or("application/octet-stream"), known.hash.as_ref());
    headers.push(("accept-ranges", "bytes".into()));
    let (status, start, length) = match range.map(|range| stretch(range, size)) {
        None | Some(Stretch::Whole) => (200, 0, size),
        Some(Stretch::Part { start, end }) => {
            headers.push(("content-range", format!("bytes {start}-{end}/{size}")));
            (206, start, end - start + 1)
        }
        Some(Stretch::Unsatisfiable) => {
            let mut answer = MediaAnswer::empty(416);
            answer.headers.push(("content-range", format!("bytes */{size}")));
            return Ok(answer);
        }
    };
    file.seek(SeekFrom::Start(start)).map_err(trouble)?;
    headers.push(("content-length", length.to_string()));
    Ok(MediaAnswer { status, headers, body: MediaBody::File { file, length } })
}

#[derive(Debug, PartialEq, Eq)]
enum Stretch {
    Whole,
    Part { start: u64, end: u64 },
    Unsatisfiable,
}

/// Reads a `Range` header (RFC 9110 section 14). One stretch only; what is not understood counts as not said.
fn stretch(range: &str, size: u64) -> Stretch {
    let Some((first, last)) = range.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Stretch::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    let (start, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(start), Ok(end)) if start <= end => (start, end.min(size.saturating_sub(1))),
        (Ok(start), Err(_)) if last.is_empty() => (start, size.saturating_sub(1)),
        (Err(_), Ok(length)) if first.is_empty() && length > 0 => (size.saturating_sub(length), size.saturating_sub(1)),
        (Err(_), Ok(0)) if first.is_empty() => return Stretch::Unsatisfiable,
        _ => return Stretch::Whole,
    };
    if start >= size { Stretch::Unsatisfiable } else { Stretch::Part { start, end } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_rfc_9110_has_them() {
        assert_eq!(stretch("bytes=0-", 10), Stretch::Part { start: 0, end: 9 });
        assert_eq!(stretch("bytes=2-4", 10), Stretch::Part { start: 2, end: 4 });
        assert_eq!(stretch("bytes=2-400", 10), Stretch::Part { start: 2, end: 9 });
        assert_eq!(stretch("bytes=-3", 10), Stretch::Part { start: 7, end: 9 });
        assert_eq!(stretch("bytes=-300", 10), Stretch::Part { start: 0, end: 9 });
        assert_eq!(stretch("bytes=10-", 10), Stretch::Unsatisfiable);
        assert_eq!(stretch("bytes=0-", 0), Stretch::Unsatisfiable);
        assert_eq!(stretch("bytes=-0", 10), Stretch::Unsatisfiable);
        assert_eq!(stretch("bytes=4-2", 10), Stretch::Whole);
        assert_eq!(stretch("bytes=0-1,4-5", 10), Stretch::Whole);
        assert_eq!(stretch("items=0-1", 10), Stretch::Whole);
    }

    #[test]
    fn only_numbers_of_files_are_understood() {
        assert_eq!(wanted("/thumbnail/12"), Some((Wanted::Kept(12), As::Thumbnail)));
        assert_eq!(wanted("/file/12"), Some((Wanted::Kept(12), As::Itself)));
        let compared = Wanted::Compared { key: "0a".into(), id: 12 };
        assert_eq!(wanted("/compared-thumbnail/0a-12"), Some((compared, As::Thumbnail)));
        for path in [
            "",
            "/",
            "/file",
            "/file/",
            "/file/../../etc/passwd",
            "/file/1/2",
            "/thumbnail/%2e",
            "/other/1",
            "/file/a-1",
            "/compared-file/1",
        ] {
            assert!(wanted(path).is_none(), "{path}");
        }
    }
}
