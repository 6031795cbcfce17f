//! The program `photokeep` as people run it: started as a process against the simulator, judged by what it prints, how it
//! ends and what lies on the disk afterwards. One file a subject; `world` holds what they share, `whole` the proof that a
//! library is right.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod adopt;
mod answers;
mod compare;
mod compare_doubt;
mod compare_truth;
mod damage;
mod demo;
mod exit_codes;
mod import;
mod import_copies;
mod import_planned;
mod import_told;
mod inbox;
mod keychain;
mod mounts;
mod moving;
mod options;
mod predecessors;
mod refusals;
mod removal;
mod schedule;
mod sign_in;
mod torture;
mod updates;
mod uploading;
mod whole;
mod world;
