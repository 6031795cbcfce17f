//! Uploading files of a folder to Google Photos, in their original bytes: send, make items of them, see that Google shows them.
//!
//! Nothing is uploaded twice: the catalog knows what was (`catalog/uploads`), and an upload that was cut off goes on at the byte it
//! had reached. Nothing is believed: an upload counts when Google has shown the item afterwards, and in the album if one was wanted.
//! The folder is read and never written.
//!
//! - `file`: a file on its way. - `send`: its bytes to Google. - `asks`: whether Google shows it, and the album.

mod asks;
mod file;
mod send;

use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Utc};
use futures::StreamExt;
use photokeep_google::{CreatedItem, ITEMS_PER_CREATION, LibraryApi, MediaItem, NewItem, TransferStore, Trouble, upload_client};
use photokeep_library::Catalog;
use photokeep_library::Library;
use photokeep_library::catalog::{EntryKind, RunEntry};
use photokeep_model::{Code, Counted, Error, Event, Filter, Outcome, Phase, Receipt, Result, RunKind};

use crate::gate::Gate;
use crate::meter::PhaseMeter;
use crate::sources::folder::FolderFile;
use asks::Album;
use file::{Outgoing, batch_of, trouble_of};
use send::{AT_ONCE, Sender, Sent, may_not_upload};

/// How often an item that was just made is asked for until Google shows it.
const LOOKS: u32 = 5;
/// `google.rpc.Code.RESOURCE_EXHAUSTED`: of an item, that the account has no room.
const EXHAUSTED: i32 = 8;
/// Of an item, what says nothing about it: no code, `DEADLINE_EXCEEDED`, `ABORTED`, `INTERNAL`, `UNAVAILABLE`.
const PASSING: [i32; 5] = [0, 4, 10, 13, 14];

/// What to upload.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The folder, a whole path.
    pub folder: PathBuf,
    /// Files in it.
    pub files: Vec<FolderFile>,
    /// Title of the album they are put into; made when Photokeep has not made one of this title yet.
    pub album: Option<String>,
}

/// What an upload would send, before anything is read or asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ToUpload {
    /// Files to send. Of equal ones that are known to be equal only when they are read, one will be sent.
    pub files: u64,
    /// Videos among them.
    pub videos: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that an earlier upload has brought there.
    pub already: u64,
    /// Files that Google does not take: too large, or empty.
    pub left_alone: u64,
}

/// Counts what an upload would send.
///
/// # Errors
/// When the catalog cannot be read.
pub fn to_upload(catalog: &Catalog, folder: &Path, files: &[FolderFile]) -> Result<ToUpload> {
    let mut counts = ToUpload::default();
    for file in files {
        // What cannot be looked at now is told when it is uploaded.
        let Ok(file) = Outgoing::look(folder, file) else { continue };
        if file.is_too_large().is_some() {
            counts.left_alone += 1;
        } else if catalog.uploaded_from(file.from())?.is_some_and(|row| row.verified) {
            counts.already += 1;
        } else {
            counts.files += 1;
            counts.videos += u64::from(file.mime_type.starts_with("video/"));
            counts.bytes += file.size;
        }
    }
    Ok(counts)
}

/// Uploads files. The receipt says what was done, also when the run was stopped before its end; the error then says why.
///
/// # Errors
/// Trouble before anything could be done or recorded. The library is given back in any case.
pub async fn upload(
    mut library: Library,
    api: &LibraryApi,
    transfers: Arc<TransferStore>,
    upload: &Upload,
    gate: &Gate,
    now: fn() -> DateTime<Utc>,
) -> (Library, Result<(Receipt, Option<Error>)>) {
    let ended = recorded(&mut library, api, transfers, upload, gate, now).await;
    (library, ended)
}

async fn recorded(
    library: &mut Library,
    api: &LibraryApi,
    transfers: Arc<TransferStore>,
    upload: &Upload,
    gate: &Gate,
    now: fn() -> DateTime<Utc>,
) -> Result<(Receipt, Option<Error>)> {
    if !api.session().may_upload().await {
        return Err(may_not_upload());
    }
    let run = library.catalog.begin_run(RunKind::Upload, &Filter::default(), now())?;
    let mut receipt = Receipt::begin(run, RunKind::Upload, now());
    receipt.listed = upload.files.len() as u64;
    let meter = Arc::new(PhaseMeter::begin(gate.progress().clone(), Phase::Uploading, Some(receipt.listed)));
    let sender = Sender {
        api: api.clone(),
        http: upload_client()?,
        transfers,
        gate: gate.clone(),
        meter: meter.clone(),
        root: upload.folder.clone(),
        ending: AtomicBool::new(false),
    };
    let mut work = Work { library, sender, gate, receipt: &mut receipt, album: None, seen: HashSet::new(), full: None };
    let error = work.all(upload).await.err();
    meter.finish();
    gate.progress().event(&Event::Phase { phase: Phase::Finishing });
    let counted = |pairs: Vec<(String, u64)>| pairs.into_iter().map(|(reason, count)| Counted { reason, count }).collect();
    receipt.skipped = counted(library.catalog.entry_reasons(run, EntryKind::Skipped)?);
    receipt.failed = counted(library.catalog.entry_reasons(run, EntryKind::Failed)?);
    receipt.outcome = match &error {
        Some(error) => Outcome::Stopped { code: error.code },
        None if receipt.failed_count() > 0 => Outcome::SomeFailed,
        None => Outcome::Done,
    };
    receipt.ended = now();
    library.catalog.end_run(&receipt)?;
    match library.check_still_there().and_then(|()| library.save_catalog_copy(receipt.ended)) {
        Ok(()) => Ok((receipt, error)),
        // The run's own trouble is the one to tell.
        Err(later) => Ok((receipt, error.or(Some(later)))),
    }
}

/// A run at work.
struct Work<'a> {
    library: &'a mut Library,
    sender: Sender,
    gate: &'a Gate,
    receipt: &'a mut Receipt,
    album: Option<Album>,
    /// Bytes that this run has had in hand.
    seen: HashSet<[u8; 32]>,
    /// Why Google takes no more; what it took before is looked at first.
    full: Option<Error>,
}

/// A file that is an item, as far as is known.
struct Known {
    file: Outgoing,
    item: String,
    /// It was made in this run.
    new: bool,
    /// An earlier run saw it at Google.
    verified: bool,
}

impl Work<'_> {
    async fn all(&mut self, upload: &Upload) -> Result<()> {
        let mut queue = VecDeque::new();
        for file in &upload.files {
            match Outgoing::look(&upload.folder, file) {
                Ok(file) => queue.push_back(file),
                Err(error) => {
                    let error = trouble_of(&upload.folder, &error)?;
                    self.failed(&file.path.to_string_lossy(), &error)?;
                }
            }
        }
        while !queue.is_empty() {
            self.gate.pass().await?;
            let count = batch_of(queue.iter().map(|file| file.size));
            let batch: Vec<Outgoing> = queue.drain(..count).collect();
            queue.extend(self.batch(batch, upload.album.as_deref()).await?);
        }
        self.check_album().await
    }

    /// Takes a batch to its end. Returns the files that have to be sent once more.
    async fn batch(&mut self, batch: Vec<Outgoing>, album: Option<&str>) -> Result<Vec<Outgoing>> {
        let mut known = Vec::new();
        let mut to_read = Vec::new();
        for file in batch {
            if let Some(why) = file.is_too_large() {
                self.skipped(&file.shown, why)?;
                continue;
            }
            match self.library.catalog.uploaded_from(file.from())? {
                // What no run has seen there is looked at closely: that takes reading it.
                Some(row) if !file.again && row.verified => {
                    if self.seen.insert(row.hash) {
                        let file = Outgoing { hash: Some(row.hash), ..file };
                        known.push(Known { file, item: row.item_key, new: false, verified: row.verified });
                    } else {
                        self.same(1);
                    }
                }
                _ => to_read.push(file),
            }
        }
        let mut to_send = Vec::new();
        for read in self.sender.read(to_read).await? {
            let file = match read {
                Ok(file) => file,
                Err((shown, error)) => {
                    self.failed(&shown, &error)?;
                    continue;
                }
            };
            let hash = file.hash.unwrap_or_default();
            if !self.seen.insert(hash) && !file.again {
                self.same(1);
                continue;
            }
            match self.library.catalog.upload_of(&hash)? {
                Some(row) => known.push(Known { file, item: row.item_key, new: false, verified: row.verified }),
                None => to_send.push(file),
            }
        }
        // Before anything is sent, and not for nothing: an album that cannot be made is said at once, and none is made that stays empty.
        if let (Some(title), None, false) = (album, &self.album, known.is_empty() && to_send.is_empty()) {
            self.album = Some(self.sender.open_album(title).await?);
        }
        let (made, mut again) = self.send(to_send).await?;
        known.extend(made);
        again.extend(self.verify(known).await?);
        self.full.take().map_or(Ok(again), Err)
    }

    /// Sends files and makes items of them. Returns those that are items now, and those that have to be sent once more.
    async fn send(&mut self, files: Vec<Outgoing>) -> Result<(Vec<Known>, Vec<Outgoing>)> {
        let sender = &self.sender;
        let mut sends =
            futures::stream::iter(files).map(|file| async move { (sender.send(&file).await, file) }).buffer_unordered(AT_ONCE);
        let (mut sent, mut failed, mut stopped): (Vec<(Outgoing, Sent)>, Vec<_>, Option<Error>) = (Vec::new(), Vec::new(), None);
        while let Some((outcome, file)) = sends.next().await {
            match outcome {
                Ok(Some(Ok(done))) => sent.push((file, done)),
                Ok(Some(Err(error))) => failed.push((file.shown, error)),
                Ok(None) => {}
                Err(error) => stopped = stopped.or(Some(error)),
            }
        }
        drop(sends);
        for (shown, error) in failed {
            self.failed(&shown, &error)?;
        }
        if let Some(error) = stopped {
            // What has come keeps its token, and becomes an item in the next run.
            return Err(error);
        }
        self.create(sent).await
    }

    async fn create(&mut self, sent: Vec<(Outgoing, Sent)>) -> Result<(Vec<Known>, Vec<Outgoing>)> {
        if sent.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let new: Vec<NewItem> =
            sent.iter().map(|(file, sent)| NewItem { token: sent.token.clone(), name: file.name.clone() }).collect();
        let album = self.album.as_ref().map(|album| album.id.clone());
        let api = self.sender.api.clone();
        let mut asked = 0;
        let created = self.gate.ask(|| {
            asked += 1;
            api.create_items(album.as_deref(), &new)
        });
        let created = match created.await? {
            Ok(created) => created,
            Err(trouble) => {
                if matches!(trouble, Trouble::BadRequest { .. } | Trouble::NotFound) && album.is_none() {
                    // Without an album it can only be the bytes that were sent: the next run sends them anew.
                    let keys: Vec<String> = sent.iter().map(|(file, _)| file.key()).collect();
                    self.sender.transfers.forget(keys.iter().map(String::as_str));
                }
                return Err(of_creation(trouble, album.is_some()));
            }
        };
        // An answer that was lost may have been that they were made: their tokens are spent then.
        let unsure = asked > 1;
        let (mut made, mut again, mut full) = (Vec::new(), Vec::new(), None);
        for ((file, sent), created) in sent.into_iter().zip(created) {
            let key = file.key();
            match created {
                CreatedItem::Made(item) => {
                    let hash = file.hash.unwrap_or_default();
                    self.library.catalog.note_upload(self.receipt.run, &hash, file.from(), &file.name, &item.id)?;
                    self.sender.transfers.forget([key.as_str()]);
                    if let Some(album) = &mut self.album {
                        album.holds.insert(item.id.clone());
                    }
                    made.push(Known { file, item: item.id, new: true, verified: false });
                }
                // Trouble that passes is no refusal, nor is an item that nothing is told about. Google makes no second item of the same bytes (`google-apis.md` 2.7).
                CreatedItem::Refused(status) if (sent.carried || unsure || PASSING.contains(&status.code)) && !file.again => {
                    self.sender.transfers.forget([key.as_str()]);
                    again.push(Outgoing { again: true, ..file });
                }
                CreatedItem::Refused(status) => {
                    self.sender.transfers.forget([key.as_str()]);
                    let said = status.message.unwrap_or_default();
                    let error = Error::new(Code::ItemFailed, "Google did not make a photo or video of this file.")
                        .hint("Google Photos takes the common formats only; look whether the file can be opened.")
                        .detail("google says", &said);
                    self.failed(&file.shown, &error)?;
                    if status.code == EXHAUSTED {
                        full = Some(said);
                    }
                }
            }
        }
        self.full = full.map(|said| {
            Error::new(Code::Quota, "Google takes no more: the storage of the account is full, or a limit is reached.")
                .hint("Make room at one.google.com/storage, or wait a day. What was uploaded stays uploaded; the next upload goes on there.")
                .detail("google says", said)
        });
        Ok((made, again))
    }

    /// Asks Google for what are items by now, and counts what it shows. Returns files whose items are gone, to be sent once more.
    async fn verify(&mut self, known: Vec<Known>) -> Result<Vec<Outgoing>> {
        let mut open = known;
        let mut again = Vec::new();
        for look in 1..=LOOKS {
            let answers = self.sender.ask_for(open.iter().map(|known| known.item.as_str()).collect()).await?;
            let mut missing = Vec::new();
            for known in open {
                let is_gone = answers.gone.contains(&known.item) && if known.verified { look > 1 } else { look == LOOKS };
                match answers.shown.get(&known.item) {
                    Some(item) => self.shown(known, item)?,
                    // One answer is no proof, and what no run has seen there may only be slow to show.
                    None if !known.new && !known.file.again && is_gone => {
                        // Somebody removed it there, or it was another account: the person asks for it to be there now.
                        self.library.catalog.upload_gone(&known.file.hash.unwrap_or_default())?;
                        again.push(Outgoing { again: true, ..known.file });
                    }
                    None => missing.push(known),
                }
            }
            open = missing;
            if open.is_empty() {
                break;
            }
            if look < LOOKS {
                self.gate.sleep(self.gate.patience().backoff(self.gate.patience().first_retry, look)).await?;
            }
        }
        for known in open {
            let error = Error::new(Code::ItemFailed, "Google took this file and does not show it.")
                .hint("The next upload of this folder asks for it again.");
            self.failed(&known.file.shown, &error)?;
        }
        let add: Vec<String> = match &self.album {
            Some(album) => album.wanted.keys().filter(|id| !album.holds.contains(*id)).cloned().collect(),
            None => Vec::new(),
        };
        self.add_to_album(&add).await?;
        Ok(again)
    }

    /// Google shows an item.
    fn shown(&mut self, known: Known, item: &MediaItem) -> Result<()> {
        let Known { file, item: id, verified, .. } = known;
        let metadata = &item.media_metadata;
        if item.is_failed() {
            let error = Error::new(Code::ItemFailed, "Google took this video and could not make it playable.").hint(
                "Look whether it plays here. In Google Photos it can be removed there, and uploaded again in another format.",
            );
            return self.failed(&file.shown, &error);
        }
        if let (Some(ours), Some(width), Some(height)) = (file.pixels, metadata.width, metadata.height)
            && width > 0
            && height > 0
            && (ours.0.min(ours.1), ours.0.max(ours.1)) != (width.min(height), width.max(height))
        {
            let error = Error::new(Code::ItemFailed, "Google keeps this picture in another size than it was uploaded in.")
                .detail("here", format!("{} x {}", ours.0, ours.1))
                .detail("there", format!("{width} x {height}"));
            return self.failed(&file.shown, &error);
        }
        self.library.catalog.upload_verified(&file.hash.unwrap_or_default())?;
        let shown = file.shown;
        if let Some(album) = &mut self.album {
            album.wanted.insert(id, shown.clone());
        }
        if verified {
            self.receipt.already += 1;
        } else {
            self.receipt.added += 1;
            self.receipt.added_bytes += file.size;
            let entry = RunEntry { what: EntryKind::Added, item: None, path: Some(&shown), reason: None };
            self.library.catalog.add_entry(self.receipt.run, &entry)?;
        }
        self.sender.meter.add_done(1);
        Ok(())
    }

    async fn add_to_album(&mut self, ids: &[String]) -> Result<()> {
        let api = self.sender.api.clone();
        for ids in ids.chunks(ITEMS_PER_CREATION) {
            let Some(album) = &mut self.album else { return Ok(()) };
            let some: Vec<&str> = ids.iter().map(String::as_str).collect();
            self.gate.ask(|| api.add_to_album(&album.id, &some)).await?.map_err(|trouble| of_creation(trouble, true))?;
            album.holds.extend(ids.iter().cloned());
        }
        Ok(())
    }

    /// Lists the album back: what is not in it is said.
    async fn check_album(&mut self) -> Result<()> {
        let Some(album) = self.album.take() else { return Ok(()) };
        self.receipt.albums = 1;
        let held = self.sender.items_of(&album.id).await?;
        let error = Error::new(Code::ItemFailed, "This file is in Google Photos now, but not in the album.")
            .hint("The next upload of this folder puts it there.");
        for (_, path) in album.wanted.iter().filter(|(id, _)| !held.contains(*id)) {
            self.failed(path, &error)?;
        }
        Ok(())
    }

    fn same(&mut self, count: u64) {
        self.receipt.same_photo += count;
        self.sender.meter.add_done(count);
    }

    fn failed(&mut self, shown: &str, error: &Error) -> Result<()> {
        self.gate.progress().event(&Event::Failed { title: shown, error });
        self.sender.meter.add_failed();
        let entry = RunEntry { what: EntryKind::Failed, item: None, path: Some(shown), reason: Some(&error.message) };
        self.library.catalog.add_entry(self.receipt.run, &entry)
    }

    fn skipped(&mut self, shown: &str, why: &str) -> Result<()> {
        self.sender.meter.add_done(1);
        let entry = RunEntry { what: EntryKind::Skipped, item: None, path: Some(shown), reason: Some(why) };
        self.library.catalog.add_entry(self.receipt.run, &entry)
    }
}

/// The trouble of making something at Google.
fn of_creation(trouble: Trouble, into_album: bool) -> Error {
    match trouble {
        Trouble::Forbidden => may_not_upload(),
        Trouble::BadRequest { status, .. } if !into_album => {
            Error::new(Code::ItemFailed, "Google did not take the uploaded files.")
                .hint("Upload again: they are sent anew.")
                .detail("status", status)
        }
        Trouble::BadRequest { status, .. } => Error::new(
            Code::AccessRefused,
            "Google did not take the uploaded files: the album may be full, or not one that Photokeep made.",
        )
        .hint("Upload again without an album, or into another one; the bytes that were sent are not sent again.")
        .detail("status", status),
        other => other.into_error(),
    }
}
