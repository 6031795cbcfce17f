//! When runs are due, and what to wait for. Pure: the time, the zone and what is around come from the caller, so that a test owns
//! a week of them.
//!
//! [`Schedule`] is what the person chose, with the odd minute that was drawn once: never the hour itself, when all the world's clocks
//! strike. A *slot* is a time at which a run is due; each has a delay of its own on top. [`Ledger`] is what is remembered from one start
//! to the next: which slot was served, how the run ended, what it waits for. However many slots passed while the computer slept, one run
//! makes up for them; a slot is served once, whatever happens to the clock.

mod ledger;
mod slots;

pub use ledger::{Around, Decision, Ended, Ledger, WaitsFor};
pub use slots::{Chosen, Every, Schedule, WEEKDAYS};
