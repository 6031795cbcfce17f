//! Page tokens: bound to the request they came from (`google-apis.md` 2.1), with a limited life if wanted.
//!
//! A token holds how far the listing got and the last item it gave, so that a listing goes on after that item even when
//! items are added or removed in between. It is sealed, and no two are equal, so a client may look for loops.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::faults::Fault;
use crate::wire::ApiError;

const PAYLOAD: usize = 40;
const SEAL: usize = 16;

/// Where the next page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cursor {
    /// Entries given so far.
    pub(crate) offset: u64,
    /// Number of the last entry given; 0 if none.
    pub(crate) last: u64,
}

/// Makes and checks page tokens.
pub(crate) struct PageSeal {
    key: [u8; 32],
    nonce: AtomicU64,
}

/// The fingerprint of everything in a request but its page token.
pub(crate) fn fingerprint(parameters: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parameters.hash(&mut hasher);
    hasher.finish()
}

/// A page size as Google reads it: absent or 0 is the default, above the maximum is the maximum, negative is an error.
pub(crate) fn page_size(asked: Option<i64>, default: usize, maximum: usize) -> Result<usize, ApiError> {
    match asked {
        None | Some(0) => Ok(default),
        Some(size) => match usize::try_from(size) {
            Ok(size) => Ok(size.min(maximum)),
            Err(_) => Err(ApiError::invalid_argument("Page size must not be negative.")),
        },
    }
}

/// A page cut out of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// Which entries are on it.
    pub(crate) entries: Range<usize>,
    /// Where the next page begins; none if this is the last.
    pub(crate) next: Option<Cursor>,
}

/// Cuts the page at `cursor` out of a list of `length` entries whose numbers `key` tells, spoilt as `fault` says.
///
/// When the list has changed, the page begins after the last entry given; if that is gone, at its place.
pub(crate) fn cut(length: usize, key: impl Fn(usize) -> u64, cursor: Option<Cursor>, size: usize, fault: Option<Fault>) -> Page {
    let start = cursor.map_or(0, |cursor| {
        let offset = usize::try_from(cursor.offset).unwrap_or(usize::MAX).min(length);
        if offset == 0 || cursor.last == 0 || key(offset - 1) == cursor.last {
            offset
        } else {
            (0..length).find(|index| key(*index) == cursor.last).map_or(offset, |index| index + 1)
        }
    });
    let cursor_at = |offset: usize| Cursor { offset: offset as u64, last: if offset == 0 { 0 } else { key(offset - 1) } };
    if fault == Some(Fault::EmptyPage) {
        return Page { entries: start..start, next: Some(cursor_at(start)) };
    }
    let first = if fault == Some(Fault::RepeatItems) { start.saturating_sub(1) } else { start };
    let end = first.saturating_add(size).min(length);
    let ends_here = end >= length || fault == Some(Fault::ShortListing);
    Page { entries: first..end, next: (!ends_here).then(|| cursor_at(end)) }
}

impl PageSeal {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key, nonce: AtomicU64::new(1) }
    }

    pub(crate) fn seal(&self, parameters: u64, cursor: Cursor, now_ms: i64) -> String {
        let mut bytes = [0u8; PAYLOAD + SEAL];
        let numbers = [
            parameters.to_le_bytes(),
            cursor.offset.to_le_bytes(),
            cursor.last.to_le_bytes(),
            now_ms.to_le_bytes(),
            self.nonce.fetch_add(1, Ordering::Relaxed).to_le_bytes(),
        ];
        bytes[..PAYLOAD].copy_from_slice(numbers.as_flattened());
        let seal = blake3::keyed_hash(&self.key, &bytes[..PAYLOAD]);
        bytes[PAYLOAD..].copy_from_slice(&seal.as_bytes()[..SEAL]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// # Errors
    /// 400 for a token that is not ours, is older than `lifetime_ms`, or came with other parameters.
    pub(crate) fn open(&self, token: &str, parameters: u64, now_ms: i64, lifetime_ms: Option<i64>) -> Result<Cursor, ApiError> {
        let invalid = || ApiError::invalid_argument("Invalid page token.");
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid())?;
        let (payload, seal) = bytes.split_at_checked(PAYLOAD).ok_or_else(invalid)?;
        if seal != &blake3::keyed_hash(&self.key, payload).as_bytes()[..SEAL] {
            return Err(invalid());
        }
        let (numbers, _) = payload.as_chunks::<8>();
        let number = |index: usize| numbers.get(index).map_or(0, |bytes| u64::from_le_bytes(*bytes));
        if number(0) != parameters {
            return Err(ApiError::invalid_argument(
                "When using a page token, you must use the same parameters as the previous request.",
            ));
        }
        if lifetime_ms.is_some_and(|life| now_ms.saturating_sub(number(3).cast_signed()) > life) {
            return Err(invalid());
        }
        Ok(Cursor { offset: number(1), last: number(2) })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_token_goes_on_where_it_was_made(offset: u64, last: u64, parameters: u64) {
            let seal = PageSeal::new([1; 32]);
            let token = seal.seal(parameters, Cursor { offset, last }, 1000);
            prop_assert_eq!(seal.open(&token, parameters, 2000, None).unwrap(), Cursor { offset, last });
            prop_assert!(seal.open(&token, parameters ^ 1, 2000, None).is_err());
        }

        #[test]
        fn a_made_up_token_is_refused(token in ".{0,120}") {
            prop_assert!(PageSeal::new([1; 32]).open(&token, 0, 0, None).is_err());
        }
    }

    /// The pages of a list, read to its end.
    fn walk(list: &[u64], size: usize) -> Vec<u64> {
        let (mut cursor, mut out) = (None, Vec::new());
        loop {
            let page = cut(list.len(), |index| list[index], cursor, size, None);
            out.extend_from_slice(&list[page.entries]);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return out,
            }
        }
    }

    #[test]
    fn pages_give_every_entry_once() {
        let list: Vec<u64> = (1..=10).collect();
        for size in 1..12 {
            assert_eq!(walk(&list, size), list);
        }
        assert_eq!(cut(0, |_| 0, None, 5, None), Page { entries: 0..0, next: None });
    }

    #[test]
    fn a_listing_goes_on_after_the_last_entry_when_the_list_has_changed() {
        let next = cut(5, |index| [1, 2, 3, 4, 5][index], None, 2, None).next;
        let one_removed = [2, 3, 4, 5];
        assert_eq!(cut(4, |index| one_removed[index], next, 2, None).entries, 1..3, "3 and 4");
        let one_added = [9, 1, 2, 3, 4, 5];
        assert_eq!(cut(6, |index| one_added[index], next, 2, None).entries, 3..5, "3 and 4");
        let last_removed = [1, 3, 4, 5];
        assert_eq!(cut(4, |index| last_removed[index], next, 2, None).entries, 2..4, "at its place");
    }

    #[test]
    fn faults_spoil_a_page_as_they_say() {
        let key = |index: usize| index as u64 + 1;
        let second = cut(6, key, None, 2, None).next;
        let empty = cut(6, key, second, 2, Some(Fault::EmptyPage));
        assert!(empty.entries.is_empty());
        assert_eq!(cut(6, key, empty.next, 2, None).entries, 2..4);
        assert_eq!(cut(6, key, second, 2, Some(Fault::RepeatItems)).entries, 1..3);
        assert_eq!(cut(6, key, second, 2, Some(Fault::ShortListing)), Page { entries: 2..4, next: None });
    }

    #[test]
    fn an_old_token_is_refused() {
        let seal = PageSeal::new([1; 32]);
        let token = seal.seal(5, Cursor::default(), 1000);
        assert!(seal.open(&token, 5, 1500, Some(1000)).is_ok());
        assert!(seal.open(&token, 5, 2001, Some(1000)).is_err());
    }

    #[test]
    fn two_tokens_for_the_same_place_differ() {
        let seal = PageSeal::new([1; 32]);
        assert_ne!(seal.seal(5, Cursor::default(), 1000), seal.seal(5, Cursor::default(), 1000));
    }

    #[test]
    fn page_sizes_above_the_maximum_are_coerced_and_negative_ones_refused() {
        assert_eq!(page_size(None, 25, 100).unwrap(), 25);
        assert_eq!(page_size(Some(0), 25, 100).unwrap(), 25);
        assert_eq!(page_size(Some(1000), 25, 100).unwrap(), 100);
        assert!(page_size(Some(-1), 25, 100).is_err());
    }
}
