//! One item's bytes: from an address to checked bytes under a temporary name.
//!
//! Checked means: the length the server named, a type by content that fits, a structure that comes to its end, a hash.
//! Interrupted downloads go on where they stopped if the server can; the last stretch is fetched again and compared, so
//! that two different renditions are never joined (`google-apis.md` 7.3: bytes of one item may differ between requests).

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use photokeep_google::Trouble;
use photokeep_library::catalog::EntryKey;
use photokeep_library::target::target_error;
use photokeep_library::{Arrival, Library, OpenFile, Partial, TemporaryNames};
use photokeep_media::{Kind, SNIFF_BYTES, Sniff, Wholeness};
use photokeep_model::{CaptureTime, Code, Error, MediaKind, Result, SourceKind};

use crate::gate::Gate;
use crate::meter::PhaseMeter;
use crate::named_date::date_in_name;
use crate::part_file::{Writer, read_head};
use crate::source::{AtHand, Body, Located, ResumeAt, Source, Unlocatable};

/// How much of what is already here is fetched again and compared when a download goes on.
const OVERLAP: u64 = 64 * 1024;

/// How often, and with what time between, the same bytes are waited for that were handed out for another item.
const TWIN_LOOKS: u32 = 1500;
const TWIN_WAIT: Duration = Duration::from_millis(20);

/// After how many bytes a long download is flushed and noted, so that it survives a power cut.
const NOTE_EVERY: u64 = 16 * 1024 * 1024;

/// How an item's fetch ended.
pub(crate) enum Fetched {
    Arrived(Box<Arrival>, Option<String>),
    Gone,
    Failed(Error),
}

/// Fetches items one at a time; cloned for every worker.
pub(crate) struct Fetcher<S> {
    pub source: Arc<S>,
    pub gate: Gate,
    pub temporaries: TemporaryNames,
    /// Only for noting how far long downloads are; the placing thread holds it most of the time.
    pub library: Arc<Mutex<Library>>,
    pub meter: Arc<PhaseMeter>,
}

/// Why one try did not bring the bytes.
enum Setback {
    /// The way there: status, broken connection, silence.
    Way(Trouble),
    /// What came is not a whole photo or video. With the hash, if the length was right: the same again means that Google
    /// has it so.
    Content { error: Error, hash: Option<Box<Arrival>> },
    /// The disk. Ends the run.
    Disk(Error),
}

/// Bytes that are here already.
struct Begun {
    length: u64,
    total: u64,
    etag: Option<String>,
}

impl<S: Source> Fetcher<S> {
    /// Fetches one item, with retries.
    ///
    /// # Errors
    /// What ends the run: the disk, no network for long, the quota, the user.
    pub(crate) async fn fetch(&self, open: &OpenFile, mut located: Located) -> Result<Fetched> {
        let temp = self.temporaries.of(open.id);
        if let Some(at_hand) = self.source.at_hand(&located.key) {
            self.gate.pass().await?;
            if !at_hand.path.exists() {
                self.wait_for_twin(&at_hand.hash).await?;
            }
            return tokio::task::block_in_place(|| self.take_at_hand(open, &located.key, &at_hand, &temp));
        }
        let mut begun = self.begun_before(open, &temp);
        let (mut tries, mut renewals) = (0u32, 0u32);
        let mut last_doubtful: Option<[u8; 32]> = open.doubtful;
        loop {
            self.gate.pass().await?;
            if located.since.elapsed() > self.gate.patience().url_age {
                match self.renew(&located).await? {
                    Ok(fresh) => located = fresh,
                    Err(ended) => return Ok(ended),
                }
            }
            let setback = match self.attempt(open, &located, &temp, &mut begun).await {
                Ok(arrival) => {
                    self.gate.went_well();
                    return Ok(Fetched::Arrived(Box::new(arrival), None));
                }
                Err(setback) => setback,
            };
            let mut least_wait = Duration::ZERO;
            let error = match setback {
                Setback::Disk(error) => return Err(error),
                Setback::Way(Trouble::Decided(error)) if matches!(error.code, Code::ItemFailed | Code::ItemNotMedia) => {
                    return Ok(Fetched::Failed(error));
                }
                // The archives themselves went away, not this one photo.
                Setback::Way(Trouble::Decided(error)) if self.source.proves_bytes() => return Err(error),
                Setback::Content { hash: Some(arrival), .. } if self.source.proves_bytes() => {
                    return Ok(Fetched::Arrived(arrival, None));
                }
                Setback::Content { error, hash: None } if self.source.proves_bytes() => return Ok(Fetched::Failed(error)),
                Setback::Way(Trouble::Quota { quota, retry_after }) => {
                    self.gate.slow_down(quota, retry_after)?;
                    continue;
                }
                Setback::Way(Trouble::NotFound | Trouble::Unauthorized | Trouble::Forbidden) if renewals < 2 => {
                    // Addresses die early (google-apis.md 7.3): renew, then try again.
                    renewals += 1;
                    match self.renew(&located).await? {
                        Ok(fresh) => located = fresh,
                        Err(ended) => return Ok(ended),
                    }
                    continue;
                }
                Setback::Way(trouble) => {
                    if let Trouble::Server { retry_after: Some(wait), .. } = trouble {
                        least_wait = wait;
                    }
                    way_error(&trouble)
                }
                Setback::Content { error, hash: Some(mut arrival) } => {
                    if last_doubtful == Some(arrival.hash) {
                        // The same bytes twice: this is what Google has. Keeping them is better than keeping nothing.
                        self.gate.went_well();
                        arrival.doubtful = true;
                        let more = if open.doubtful.is_some() {
                            "Google has it so; it is kept."
                        } else {
                            "Google sent it so twice; it is kept, and the next run compares it once more."
                        };
                        return Ok(Fetched::Arrived(arrival, Some(format!("\"{}\": {error} {more}", open.title))));
                    }
                    last_doubtful = Some(arrival.hash);
                    begun = None;
                    error
                }
                Setback::Content { error, hash: None } => {
                    begun = None;
                    error
                }
            };
            tries += 1;
            tracing::debug!(title = open.title, tries, %error, "download did not work");
            // Longer than a run waits for one item: the next run asks again.
            if tries >= self.gate.patience().item_tries || least_wait > self.gate.patience().longest_wait {
                if !self.gate.item_failed(open.id) {
                    return Ok(Fetched::Failed(error));
                }
                // Not this item: nothing at all comes through. Wait, and go on trying.
                self.gate.nothing_answers(Trouble::Decided(outage(&error)))?;
                tries = 1;
                continue;
            }
            let wait = self.gate.patience().backoff(self.gate.patience().first_retry, tries).max(least_wait);
            self.gate.sleep(wait).await?;
        }
    }

    /// The same bytes were handed out for another item, and are on their way into the library: they are waited for, so that
    /// they are found there.
    async fn wait_for_twin(&self, hash: &[u8; 32]) -> Result<()> {
        for _ in 0..TWIN_LOOKS {
            if tokio::task::block_in_place(|| self.library().catalog.stored_with_hash(hash))?.is_some() {
                return Ok(());
            }
            self.gate.sleep(TWIN_WAIT).await?;
        }
        Ok(())
    }

    /// Takes bytes that the source has put on the library's disk already.
    fn take_at_hand(&self, open: &OpenFile, key: &str, at_hand: &AtHand, temp: &Path) -> Result<Fetched> {
        match std::fs::rename(&at_hand.path, temp) {
            Ok(()) => {}
            // Handed out before: the library has them, and finds them by their hash.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Fetched::Arrived(Box::new(self.arrival(open, key, at_hand.size, at_hand.hash, temp)), None));
            }
            Err(error) => return Err(target_error(error, temp)),
        }
        self.meter.add_bytes(at_hand.size);
        let mut head = vec![0; SNIFF_BYTES];
        let read = File::open(temp).and_then(|file| read_head(file, &mut head)).map_err(|error| target_error(error, temp))?;
        head.truncate(read);
        let arrival = self.arrival(open, key, at_hand.size, at_hand.hash, temp);
        match self.check(open, arrival, &head, None, None) {
            Ok(arrival) => Ok(Fetched::Arrived(Box::new(arrival), None)),
            Err(Setback::Content { hash: Some(arrival), .. }) => Ok(Fetched::Arrived(arrival, None)),
            Err(Setback::Content { error, hash: None }) => Ok(Fetched::Failed(error)),
            Err(Setback::Disk(error)) => Err(error),
            Err(Setback::Way(trouble)) => Err(trouble.into_error()),
        }
    }

    fn library(&self) -> std::sync::MutexGuard<'_, Library> {
        self.library.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn renew(&self, located: &Located) -> Result<std::result::Result<Located, Fetched>> {
        let key = located.key.clone();
        Ok(match self.source.locate(std::slice::from_ref(&key), &self.gate).await?.pop() {
            Some(Ok(fresh)) => Ok(fresh),
            Some(Err(Unlocatable::Gone)) => Err(Fetched::Gone),
            Some(Err(Unlocatable::Item(error))) => Err(Fetched::Failed(error)),
            None => Err(Fetched::Failed(Error::new(Code::ItemFailed, "Google gives no address for this item."))),
        })
    }

    /// What an earlier run left that can be trusted: as much as was flushed then.
    fn begun_before(&self, open: &OpenFile, temp: &Path) -> Option<Begun> {
        let partial = open.partial.as_ref()?;
        let length = std::fs::metadata(temp).ok()?.len();
        if length < partial.flushed || partial.flushed <= OVERLAP {
            return None;
        }
        let file = OpenOptions::new().write(true).open(temp).ok()?;
        file.set_len(partial.flushed).ok()?;
        Some(Begun { length: partial.flushed, total: partial.total, etag: partial.etag.clone() })
    }

    /// One try.
    async fn attempt(
        &self,
        open: &OpenFile,
        located: &Located,
        temp: &Path,
        begun: &mut Option<Begun>,
    ) -> std::result::Result<Arrival, Setback> {
        let at = begun
            .as_ref()
            .filter(|begun| begun.length > OVERLAP)
            .map(|begun| ResumeAt { offset: begun.length - OVERLAP, etag: begun.etag.clone() });
        let mut body = tokio::select! {
            body = self.source.open(located, at.as_ref()) => body.map_err(Setback::Way)?,
            () = self.gate.cancel().cancelled() => return Err(Setback::Disk(cancelled())),
        };
        let same_whole = begun.as_ref().is_some_and(|begun| body.total == Some(begun.total));
        let goes_on = at.as_ref().is_some_and(|at| body.offset == at.offset) && same_whole;
        if body.offset != 0 && !goes_on {
            *begun = None;
            return Err(Setback::Way(Trouble::NotGoogle));
        }
        if !goes_on && open.partial.is_some() {
            // What was noted as flushed is about to be overwritten.
            tokio::task::block_in_place(|| self.library().catalog.drop_partial(open.id)).map_err(Setback::Disk)?;
        }
        let mut writer =
            Writer::open(temp, goes_on.then_some(body.offset)).map_err(|error| Setback::Disk(target_error(error, temp)))?;
        let outcome = self.receive(open, &mut body, &mut writer).await;
        let received = writer.length;
        match outcome {
            Ok(()) => {}
            Err(setback) => {
                // What came so far counts if the server can go on in the middle.
                *begun = match body.total {
                    Some(total) if body.resumable && received > OVERLAP && !matches!(setback, Setback::Content { .. }) => {
                        Some(Begun { length: received, total, etag: body.etag.clone() })
                    }
                    _ => None,
                };
                return Err(setback);
            }
        }
        *begun = None;
        if let Some(modified) = body.modified {
            // Only until the item's own time is set, where one is known.
            let _ = writer.file.set_modified(modified);
        }
        let arrival = self.arrival(open, &located.key, writer.length, writer.hasher.finish().0, temp);
        self.check(open, arrival, &writer.head, writer.whole(), body.content_type.as_deref())
    }

    /// An arrival of which only the bytes are known.
    fn arrival(&self, open: &OpenFile, key: &str, size: u64, hash: [u8; 32], temp: &Path) -> Arrival {
        Arrival {
            file: open.id,
            temp: temp.to_owned(),
            size,
            hash,
            mime_type: None,
            taken: None,
            offset_seconds: None,
            place: None,
            camera_make: None,
            camera_model: None,
            doubtful: false,
            pixels: None,
            entry: if self.source.kind() == SourceKind::Takeout { EntryKey::parse(key) } else { None },
        }
    }

    async fn receive(&self, open: &OpenFile, body: &mut Body, writer: &mut Writer) -> std::result::Result<(), Setback> {
        let disk = |error: std::io::Error| Setback::Disk(target_error(error, &self.temporaries.of(open.id)));
        let mut noted = writer.length;
        loop {
            let block = tokio::select! {
                block = body.blocks.next() => block,
                () = self.gate.cancel().cancelled() => return Err(Setback::Disk(cancelled())),
            };
            match block {
                Ok(Some(block)) => {
                    self.meter.add_bytes(block.len() as u64);
                    if !writer.take(&block).map_err(disk)? {
                        return Err(Setback::Content {
                            error: Error::new(Code::ItemFailed, "The item changed at Google while it was fetched."),
                            hash: None,
                        });
                    }
                    if let Some(total) = body.total.filter(|_| body.resumable && writer.length - noted >= NOTE_EVERY) {
                        writer.flush().map_err(disk)?;
                        writer.file.sync_data().map_err(disk)?;
                        noted = writer.length;
                        let partial = Partial { flushed: noted, total, etag: body.etag.clone() };
                        tokio::task::block_in_place(|| self.library().catalog.set_partial(open.id, &partial))
                            .map_err(Setback::Disk)?;
                    }
                }
                Ok(None) => {
                    writer.flush().map_err(disk)?;
                    return match body.total {
                        Some(total) if total != writer.length => {
                            Err(Setback::Way(Trouble::Network("the body was shorter than announced".into())))
                        }
                        _ => Ok(()),
                    };
                }
                Err(trouble) => {
                    writer.flush().map_err(disk)?;
                    return Err(Setback::Way(trouble));
                }
            }
        }
    }

    /// What the bytes are, and what they say about themselves. They are read from the temporary file unless the `whole` of
    /// them is in memory.
    fn check(
        &self,
        open: &OpenFile,
        mut arrival: Arrival,
        head: &[u8],
        whole: Option<&[u8]>,
        content_type: Option<&str>,
    ) -> std::result::Result<Arrival, Setback> {
        let temp = arrival.temp.clone();
        let disk = |error: std::io::Error| Setback::Disk(target_error(error, &temp));
        let proven = self.source.proves_bytes();
        let not_media = |what: &str| {
            let error = Error::new(Code::ItemNotMedia, what).detail("type", content_type.unwrap_or("not named"));
            let error = if proven { error } else { error.hint("It is tried again by itself.") };
            Setback::Content { error, hash: None }
        };
        let sniffed = photokeep_media::sniff(head);
        let file_type = match sniffed {
            Sniff::Media(file_type) => file_type,
            Sniff::Unknown => {
                let error = Error::new(Code::ItemNotMedia, OF_NO_KNOWN_FORM);
                return Err(Setback::Content { error, hash: Some(Box::new(arrival)) });
            }
            _ if proven => return Err(not_media(no_media(sniffed).unwrap_or(OF_NO_KNOWN_FORM))),
            Sniff::Empty => return Err(not_media("Google sent an empty file instead of the photo.")),
            Sniff::Html => return Err(not_media("A web page came instead of the photo.")),
            _ => return Err(not_media("Text or another kind of file came instead of the photo.")),
        };
        if !proven && open.kind == MediaKind::Video && file_type.kind == Kind::Photo {
            return Err(not_media("A still picture came instead of the video."));
        }
        arrival.mime_type = Some(file_type.mime.to_owned());
        let facts = match whole {
            Some(bytes) => photokeep_media::inspect_bytes(bytes),
            None => photokeep_media::inspect(&temp),
        };
        let facts = facts.map_err(disk)?;
        if let Some(taken) = &facts.taken {
            let assumed_utc = taken.instant.unwrap_or_else(|| taken.local.and_utc());
            // A clock that runs in UTC (films) says nothing about where it was.
            let from_clock = || if taken.instant.is_none() { offset_between(taken.local, open.taken) } else { None };
            arrival.offset_seconds = taken.offset_seconds.or_else(from_clock);
            arrival.taken = Some(CaptureTime { instant: assumed_utc, offset_seconds: arrival.offset_seconds });
        }
        if proven && arrival.taken.is_none() && open.taken.is_none() {
            let latest = chrono::Utc::now().naive_utc() + chrono::TimeDelta::days(1);
            let told = date_in_name(&open.title, latest);
            arrival.taken = told.map(|local| CaptureTime { instant: local.and_utc(), offset_seconds: None });
        }
        arrival.place = facts.latitude.zip(facts.longitude);
        arrival.pixels = facts.width.zip(facts.height);
        arrival.camera_make = facts.camera_make;
        arrival.camera_model = facts.camera_model;
        let wholeness = match whole {
            Some(bytes) => photokeep_media::wholeness_bytes(bytes, file_type),
            None => photokeep_media::wholeness(&temp, file_type),
        };
        match wholeness.map_err(disk)? {
            Wholeness::CutShort { why } => Err(Setback::Content {
                error: Error::new(Code::ItemFailed, format!("The file is cut short ({why}).")),
                hash: Some(Box::new(arrival)),
            }),
            Wholeness::Whole | Wholeness::CannotTell => Ok(arrival),
        }
    }
}

/// The camera's offset from UTC, from its clock and the instant that Google tells: whole quarters of an hour within ±14 h.
/// No difference says nothing: a clock without a zone is often taken for UTC.
fn offset_between(local: chrono::NaiveDateTime, taken: Option<CaptureTime>) -> Option<i32> {
    let seconds = (local - taken?.instant.naive_utc()).num_seconds();
    let plausible = seconds != 0 && seconds % 900 == 0 && seconds.abs() <= 14 * 3600;
    if plausible { i32::try_from(seconds).ok() } else { None }
}

fn way_error(trouble: &Trouble) -> Error {
    let described = match trouble {
        Trouble::Server { status, .. } => {
            Error::new(Code::ItemFailed, "Google fails again and again when asked for these bytes.").detail("status", status)
        }
        Trouble::NotFound | Trouble::Forbidden | Trouble::Unauthorized => {
            Error::new(Code::ItemFailed, "Google refuses to hand out these bytes, with fresh addresses too.")
        }
        Trouble::BadRequest { status, .. } => {
            Error::new(Code::ItemFailed, "Google refuses to hand out these bytes.").detail("status", status)
        }
        Trouble::NotGoogle => Error::new(Code::ItemFailed, "The answer for these bytes makes no sense."),
        _ => Error::new(Code::ItemFailed, "The download broke off again and again."),
    };
    described.hint("The next run tries it again by itself.")
}

fn outage(example: &Error) -> Error {
    Error::new(Code::Network, "No download works at the moment. Everything so far is kept.")
        .hint("Check the internet connection and run it again; it goes on where it stopped.")
        .detail("for example", example)
}

fn cancelled() -> Error {
    Error::new(Code::Cancelled, "Stopped. Everything so far is kept, and the next run goes on where this one stopped.")
}

/// Said of bytes that are no form of photo or video that `photokeep-media` knows.
const OF_NO_KNOWN_FORM: &str = "What came is in no form of photo or video that Photokeep knows.";

/// Why an entry of an archive that begins like this is no photo and no video, in a sentence; `None` where it may be one.
pub(crate) fn no_media(sniffed: Sniff) -> Option<&'static str> {
    match sniffed {
        Sniff::Media(_) => None,
        Sniff::Empty => Some("The file in the archive is empty."),
        Sniff::Html => Some("This is a web page and no photo or video."),
        Sniff::Unknown => Some(OF_NO_KNOWN_FORM),
        _ => Some("This is text or another kind of file and no photo or video."),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_offset_follows_from_clock_and_instant() {
        let local = |text: &str| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap();
        let taken = CaptureTime::parse_google("2023-05-01T10:00:00Z");
        assert_eq!(offset_between(local("2023-05-01 12:00:00"), taken), Some(7200));
        assert_eq!(offset_between(local("2023-05-01 15:45:00"), taken), Some(5 * 3600 + 2700));
        assert_eq!(offset_between(local("2023-05-01 10:00:00"), taken), None);
        assert_eq!(offset_between(local("2023-05-01 12:00:01"), taken), None);
        assert_eq!(offset_between(local("2023-05-03 12:00:00"), taken), None);
        assert_eq!(offset_between(local("2023-05-01 12:00:00"), None), None);
    }
}
