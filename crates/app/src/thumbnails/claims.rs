//! Who is making what: the second who wants the same waits for the first.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use photokeep_media::ContentHash;

/// What is being made right now.
pub(super) struct Claims<T> {
    open: Mutex<HashMap<ContentHash, Arc<Slot<T>>>>,
}

struct Slot<T> {
    state: Mutex<State<T>>,
    settled: Condvar,
}

enum State<T> {
    Making,
    /// `None`: it came to nothing.
    Settled(Option<T>),
}

impl<T> Default for Claims<T> {
    fn default() -> Self {
        Self { open: Mutex::default() }
    }
}

impl<T: Clone> Claims<T> {
    /// The right to make something, or what somebody else made of it meanwhile; `Err(None)` if they could not.
    pub(super) fn claim(&self, hash: ContentHash) -> Result<Claim<'_, T>, Option<T>> {
        let slot = {
            let mut open = locked(&self.open);
            match open.get(&hash) {
                Some(slot) => Arc::clone(slot),
                None => {
                    let slot = Arc::new(Slot { state: Mutex::new(State::Making), settled: Condvar::new() });
                    open.insert(hash, Arc::clone(&slot));
                    return Ok(Claim { claims: self, hash, slot, made: None });
                }
            }
        };
        let mut state = locked(&slot.state);
        loop {
            match &*state {
                State::Settled(made) => return Err(made.clone()),
                State::Making => state = slot.settled.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// The right to make something. Whoever waits for it learns what became of it when it is dropped.
pub(super) struct Claim<'a, T> {
    claims: &'a Claims<T>,
    hash: ContentHash,
    slot: Arc<Slot<T>>,
    made: Option<T>,
}

impl<T> Claim<'_, T> {
    /// Gives what was made to all who wait for it.
    pub(super) fn fulfil(mut self, made: T) {
        self.made = Some(made);
    }
}

impl<T> Drop for Claim<'_, T> {
    fn drop(&mut self) {
        locked(&self.claims.open).remove(&self.hash);
        *locked(&self.slot.state) = State::Settled(self.made.take());
        self.slot.settled.notify_all();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    const HASH: ContentHash = ContentHash([7; 32]);

    #[test]
    fn the_same_is_made_once_and_given_to_all() {
        let (claims, made, begin) = (Claims::default(), AtomicU32::new(0), Barrier::new(8));
        std::thread::scope(|scope| {
            let (claims, made, begin) = (&claims, &made, &begin);
            let answers: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(move || {
                        begin.wait();
                        match claims.claim(HASH) {
                            Ok(claim) => {
                                std::thread::sleep(Duration::from_millis(300));
                                made.fetch_add(1, Ordering::SeqCst);
                                claim.fulfil("picture");
                                Some("picture")
                            }
                            Err(other) => other,
                        }
                    })
                })
                .collect();
            for answer in answers {
                assert_eq!(answer.join().unwrap(), Some("picture"));
            }
        });
        assert_eq!(made.into_inner(), 1);
    }

    #[test]
    fn who_waits_for_a_failure_learns_it_and_may_try() {
        let claims: Claims<()> = Claims::default();
        let first = claims.claim(HASH).ok().unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| claims.claim(HASH).err());
            std::thread::sleep(Duration::from_millis(30));
            assert!(!second.is_finished());
            drop(first);
            assert_eq!(second.join().unwrap(), Some(None));
        });
        assert!(claims.claim(HASH).is_ok());
    }

    #[test]
    fn different_ones_do_not_wait() {
        let claims: Claims<()> = Claims::default();
        let _first = claims.claim(HASH).ok().unwrap();
        assert!(claims.claim(ContentHash([8; 32])).is_ok());
    }
}
