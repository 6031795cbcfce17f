//! One file's bytes to Google: in a transfer that goes on where it stopped, however often the line breaks and whatever run it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use futures::{StreamExt, TryStreamExt};
use photokeep_google::{LibraryApi, Reached, Transfer, TransferStore, Trouble, UploadToken};
use photokeep_model::{Code, Error, Result};

use super::file::{Outgoing, Stream, stream, trouble_of};
use crate::gate::Gate;
use crate::meter::PhaseMeter;

/// Files sent or read at once. One alone waits for answers most of the time; Google asks for few writers.
pub(super) const AT_ONCE: usize = 4;
/// After the last byte Google may take this many times longer to answer than between bytes.
const LAST_ANSWER: u32 = 5;

/// What sends need in common.
pub(super) struct Sender {
    pub api: LibraryApi,
    pub http: reqwest::Client,
    pub transfers: Arc<TransferStore>,
    pub gate: Gate,
    pub meter: Arc<PhaseMeter>,
    pub root: std::path::PathBuf,
    /// The run ends: what is being sent is brought to its end, and nothing more is begun.
    pub ending: AtomicBool,
}

/// Bytes that have come.
#[derive(Debug)]
pub(super) struct Sent {
    pub token: UploadToken,
    /// The token is of an earlier run: Google may not take it any more.
    pub carried: bool,
}

/// How one request for the rest of a file ended, if not with a token.
enum Broken {
    /// The file is not what it was, or cannot be read.
    File(std::io::Error),
    /// The way, or Google.
    Way(Trouble),
    /// The person wants to stop.
    Stopped,
}

impl Sender {
    /// Brings a file's bytes to Google; `None` when the run ends before they are begun.
    ///
    /// # Errors
    /// The outer one ends the run; the inner one is this file's.
    pub(super) async fn send(&self, file: &Outgoing) -> Result<Option<Result<Sent, Error>>> {
        if self.ending.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let sent = self.send_now(file).await;
        if sent.is_err() {
            self.ending.store(true, Ordering::Relaxed);
        }
        sent.map(Some)
    }

    async fn send_now(&self, file: &Outgoing) -> Result<Result<Sent, Error>> {
        let key = file.key();
        if let Some(token) = self.transfers.token(&key) {
            self.meter.add_bytes(file.size);
            return Ok(Ok(Sent { token, carried: true }));
        }
        let mut transfer = self.transfers.transfer(&key);
        let counted = Arc::new(AtomicU64::new(0));
        let (mut tries, mut before) = (0, 0);
        loop {
            self.gate.pass().await?;
            let (under_way, offset) = match self.go_on(transfer.take(), file).await? {
                Ok(Some(reached)) => reached,
                Ok(None) => match self.begin(file).await? {
                    Ok(transfer) => {
                        self.transfers.began(&key, &transfer);
                        (transfer, 0)
                    }
                    Err(trouble) => return self.given_up(&key, trouble),
                },
                Err(trouble) => return self.given_up(&key, trouble),
            };
            if offset > before {
                (tries, before) = (0, offset);
            }
            count_up_to(&self.meter, &counted, offset);
            let trouble = match self.send_rest(file, &under_way, offset, &counted).await {
                Ok(token) => {
                    self.gate.went_well();
                    self.transfers.arrived(&key, &token);
                    return Ok(Ok(Sent { token, carried: false }));
                }
                Err(Broken::Stopped) => {
                    self.gate.pass().await?;
                    continue;
                }
                Err(Broken::File(error)) => {
                    self.transfers.forget([key.as_str()]);
                    return trouble_of(&self.root, &error).map(Err);
                }
                Err(Broken::Way(trouble)) => trouble,
            };
            tries += 1;
            let is_last = tries >= self.gate.patience().item_tries;
            match trouble {
                Trouble::Quota { quota, retry_after } => self.gate.slow_down(quota, retry_after)?,
                trouble if is_last => return self.given_up(&key, trouble),
                Trouble::Server { retry_after, .. } => {
                    let wait = self.gate.patience().backoff(self.gate.patience().first_retry, tries);
                    self.gate.sleep(retry_after.unwrap_or_default().max(wait)).await?;
                }
                Trouble::Network(_) | Trouble::NotGoogle => self.gate.nothing_answers(trouble)?,
                // Google does not take these bytes for this transfer: another one may go.
                Trouble::BadRequest { .. } | Trouble::NotFound => {
                    self.transfers.forget([key.as_str()]);
                    continue;
                }
                Trouble::Forbidden => return Err(may_not_upload()),
                Trouble::Unauthorized | Trouble::Decided(_) => return Err(trouble.into_error()),
            }
            transfer = Some(under_way);
        }
    }

    /// Reads files, several at a time.
    pub(super) async fn read(&self, files: Vec<Outgoing>) -> Result<Vec<Result<Outgoing, (String, Error)>>> {
        let root = self.root.clone();
        let reads = futures::stream::iter(files).map(|file| {
            let root = root.clone();
            async move {
                self.gate.pass().await?;
                let shown = file.shown.clone();
                let read = tokio::task::spawn_blocking(move || file.read()).await;
                match read.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic())) {
                    Ok(file) => Ok(Ok(file)),
                    Err(error) => Ok(Err((shown, trouble_of(&root, &error)?))),
                }
            }
        });
        reads.buffered(AT_ONCE).try_collect().await
    }

    /// How far a transfer has come that was begun before; `None` when it has to be begun anew.
    async fn go_on(&self, transfer: Option<Transfer>, file: &Outgoing) -> Result<Result<Option<(Transfer, u64)>, Trouble>> {
        let Some(transfer) = transfer else { return Ok(Ok(None)) };
        let reached = self.gate.ask(|| self.api.reached(&transfer)).await?;
        Ok(reached.map(|reached| match reached {
            Reached::Bytes(bytes) if bytes <= file.size => Some((transfer, bytes)),
            _ => None,
        }))
    }

    async fn begin(&self, file: &Outgoing) -> Result<Result<Transfer, Trouble>> {
        self.gate.ask(|| self.api.begin_transfer(&file.mime_type, file.size)).await
    }

    async fn send_rest(
        &self,
        file: &Outgoing,
        transfer: &Transfer,
        offset: u64,
        counted: &Arc<AtomicU64>,
    ) -> Result<UploadToken, Broken> {
        let (meter, counted) = (self.meter.clone(), counted.clone());
        let Stream { body, taken, end } = stream(file, offset, move |reached| count_up_to(&meter, &counted, reached));
        let rest = file.size - offset;
        let sending = self.api.send_rest(&self.http, transfer, offset, rest, body);
        tokio::pin!(sending);
        let idle = self.gate.patience().idle;
        let (mut last, mut since) = (0, Instant::now());
        let answer = loop {
            tokio::select! {
                answer = &mut sending => break answer,
                () = self.gate.cancel().cancelled() => return Err(Broken::Stopped),
                () = tokio::time::sleep(idle / 4) => {
                    let now = taken.load(Ordering::Relaxed);
                    if now != last {
                        (last, since) = (now, Instant::now());
                    }
                    let patience = if now >= rest { idle * LAST_ANSWER } else { idle };
                    if since.elapsed() >= patience {
                        return Err(Broken::Way(Trouble::Network("no byte goes out any more".into())));
                    }
                }
            }
        };
        // Whatever Google says: where the file itself made trouble, that is the reason.
        let read = match end.await {
            Ok(read) => read,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        };
        match (answer, read) {
            (Ok(token), Ok(hash)) if Some(hash) == file.hash => Ok(token),
            (Ok(_), Ok(_)) => Err(Broken::File(std::io::Error::other("it changed while it was read"))),
            (Err(trouble), Err(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(Broken::Way(trouble)),
            (_, Err(error)) => Err(Broken::File(error)),
            (Err(trouble), Ok(_)) => Err(Broken::Way(trouble)),
        }
    }

    /// A file that this run tries no more.
    fn given_up(&self, key: &str, trouble: Trouble) -> Result<Result<Sent, Error>> {
        match trouble {
            Trouble::Forbidden => Err(may_not_upload()),
            Trouble::Unauthorized | Trouble::Decided(_) | Trouble::Quota { .. } => Err(trouble.into_error()),
            Trouble::BadRequest { .. } | Trouble::NotFound => {
                self.transfers.forget([key]);
                let error = Error::new(Code::ItemFailed, "Google does not take this file.");
                Ok(Err(error.hint("Google Photos takes the common formats only, photos up to 200 MB and videos up to 20 GB.")))
            }
            passing => {
                // Many different files in a row: it is not the files.
                if self.gate.item_failed(number_of(key)) {
                    return Err(passing.into_error());
                }
                Ok(Err(Error::new(Code::ItemFailed, "Sending this file broke off again and again.")
                    .hint("It goes on where it stopped with the next upload of this folder.")))
            }
        }
    }
}

/// Counts a file's bytes up to where it has come, each once, however often they are sent.
fn count_up_to(meter: &PhaseMeter, counted: &AtomicU64, reached: u64) {
    let before = counted.fetch_max(reached, Ordering::Relaxed);
    meter.add_bytes(reached.saturating_sub(before));
}

/// A number for a file, by its bytes: only to tell files apart.
fn number_of(key: &str) -> i64 {
    i64::from_str_radix(key.get(..15).unwrap_or_default(), 16).unwrap_or_default()
}

/// The sign-in does not allow what is asked for.
pub(super) fn may_not_upload() -> Error {
    Error::new(Code::AccessRefused, "This sign-in does not let Photokeep upload to Google Photos.")
        .hint("Sign in once more and allow it: `photokeep sign-in LIBRARY --upload`.")
}
