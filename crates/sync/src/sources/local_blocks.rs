//! Bytes from disks of this computer: small ones in one go, large ones piece by piece from a thread of their own.

use std::io::{self, Read};

use bytes::Bytes;
use photokeep_google::Trouble;
use tokio::sync::mpsc;

use crate::source::Blocks;

/// What has up to this many bytes is read in one go.
pub(super) const IN_ONE_GO: u64 = 1 << 20;

/// Bytes read at once from what is larger.
const PIECE: usize = 1 << 20;

/// The receiving end of [`send_pieces`].
pub(super) fn pieces() -> (mpsc::Sender<Result<Bytes, Trouble>>, Box<dyn Blocks>) {
    let (pieces_in, pieces) = mpsc::channel(2);
    (pieces_in, Box::new(Pieces(pieces)))
}

/// What was read in one go.
pub(super) fn one(bytes: Vec<u8>) -> Box<dyn Blocks> {
    Box::new(One(Some(bytes.into())))
}

/// Reads piece by piece until the end, the first trouble, or until nobody listens. `failed` says what an error of the disk means.
pub(super) fn send_pieces<R: Read>(
    reader: &mut R,
    pieces: &mpsc::Sender<Result<Bytes, Trouble>>,
    failed: impl Fn(&R, io::Error) -> Trouble,
) {
    loop {
        let mut piece = vec![0; PIECE];
        let mut length = 0;
        while length < PIECE {
            match reader.read(&mut piece[length..]) {
                Ok(0) => break,
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let trouble = failed(reader, error);
                    return drop(pieces.blocking_send(Err(trouble)));
                }
            }
        }
        if length == 0 {
            return;
        }
        piece.truncate(length);
        if pieces.blocking_send(Ok(piece.into())).is_err() {
            return;
        }
    }
}

struct One(Option<Bytes>);

impl Blocks for One {
    fn next(&mut self) -> std::pin::Pin<Box<dyn Future<Output = Result<Option<Bytes>, Trouble>> + Send + '_>> {
        let bytes = self.0.take().filter(|bytes| !bytes.is_empty());
        Box::pin(std::future::ready(Ok(bytes)))
    }
}

struct Pieces(mpsc::Receiver<Result<Bytes, Trouble>>);

impl Blocks for Pieces {
    fn next(&mut self) -> std::pin::Pin<Box<dyn Future<Output = Result<Option<Bytes>, Trouble>> + Send + '_>> {
        Box::pin(async { self.0.recv().await.transpose() })
    }
}
