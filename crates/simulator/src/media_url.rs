//! Media addresses: unguessable, bound to one item and one moment, checked without remembering any.
//!
//! The token is item number and moment of issue, sealed with a key made at start, so that a listing of 100,000 items
//! costs nothing to remember. Expiry and what is behind an address are decided in `media_bytes`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Path in front of a media token, as Google's (`google-apis.md` 2.3).
pub(crate) const MEDIA_PATH: &str = "/lr/";
/// Path of the place that `=dv` redirects to.
pub(crate) const VIDEO_PATH: &str = "/videoplayback/";

const PAYLOAD: usize = 16;
const SEAL: usize = 16;
const LENGTH: usize = PAYLOAD + SEAL;

/// What a genuine token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MediaTicket {
    /// Number of the item in this simulator; 0 is the placeholder picture.
    pub(crate) serial: u64,
    /// When the address was issued, in milliseconds since 1970.
    pub(crate) issued_ms: i64,
}

/// Makes and checks tokens.
pub(crate) struct MediaSeal {
    key: [u8; 32],
}

impl MediaSeal {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// Appends the token of `ticket` to `out`.
    pub(crate) fn push_token(&self, out: &mut String, ticket: MediaTicket) {
        let mut bytes = [0u8; LENGTH];
        bytes[..8].copy_from_slice(&ticket.serial.to_le_bytes());
        bytes[8..PAYLOAD].copy_from_slice(&ticket.issued_ms.to_le_bytes());
        let seal = blake3::keyed_hash(&self.key, &bytes[..PAYLOAD]);
        bytes[PAYLOAD..].copy_from_slice(&seal.as_bytes()[..SEAL]);
        URL_SAFE_NO_PAD.encode_string(bytes, out);
    }

    /// What a token says, or nothing if this simulator did not make it.
    pub(crate) fn open(&self, token: &str) -> Option<MediaTicket> {
        let mut bytes = [0u8; LENGTH + 3];
        let length = URL_SAFE_NO_PAD.decode_slice(token, &mut bytes).ok()?;
        if length != LENGTH {
            return None;
        }
        let seal = blake3::keyed_hash(&self.key, &bytes[..PAYLOAD]);
        if bytes[PAYLOAD..LENGTH] != seal.as_bytes()[..SEAL] {
            return None;
        }
        let (serial, issued) = bytes[..PAYLOAD].split_at(8);
        Some(MediaTicket {
            serial: u64::from_le_bytes(serial.try_into().ok()?),
            issued_ms: i64::from_le_bytes(issued.try_into().ok()?),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_token_opens_to_what_was_sealed(serial: u64, issued_ms: i64) {
            let seal = MediaSeal::new([7; 32]);
            let mut token = String::new();
            seal.push_token(&mut token, MediaTicket { serial, issued_ms });
            prop_assert_eq!(seal.open(&token), Some(MediaTicket { serial, issued_ms }));
            prop_assert_eq!(MediaSeal::new([8; 32]).open(&token), None);
        }

        #[test]
        fn nobody_else_can_make_a_token(token in "[A-Za-z0-9_=/-]{0,80}") {
            prop_assert_eq!(MediaSeal::new([7; 32]).open(&token), None);
        }
    }
}
