//! What front ends are told without asking. Everything here can also be asked for, so that a reopened window is right.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use photokeep_model::{Meter, Phase, Plan, Receipt, RunKind, Wait};
use serde::Serialize;
use ts_rs::TS;

use super::{ApiError, Sentences};
use crate::account::SignedIn;
use crate::desk::compare::AddMissing;
use crate::desk::{Glance, Settings};
use crate::import::ImportPlan;
use crate::inbox::FoundArchive;
use crate::updates::Updates;

/// Something a front end wants to know at once.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum DeskEvent {
    /// How the run goes; at most four times a second.
    Run {
        /// All of it, so that none depends on the one before.
        run: Box<RunState>,
    },
    /// How the sign-in goes.
    SignIn {
        /// How it stands.
        sign_in: Box<SignInState>,
    },
    /// Another library is open, or what is kept has changed.
    Library,
    /// How the open library stands, at a glance.
    Glance {
        /// So.
        glance: Glance,
    },
    /// The person closed the window and was never asked whether Photokeep stays in the tray.
    Closing,
    /// The person wants to see what the last run did.
    ShowActivity,
    /// Something else is known of newer versions.
    Updates {
        /// This.
        updates: Updates,
    },
    /// Settings were changed.
    Settings {
        /// What they are now.
        settings: Settings,
    },
}

/// How a sign-in stands.
#[derive(Debug, Clone, Default, Serialize, TS)]
pub struct SignInState {
    /// Whether it waits for the person.
    pub waiting: bool,
    /// The address to open.
    pub address: Option<String>,
    /// Whether the browser comes back by itself; else the address that it ends at has to be pasted.
    pub comes_back: bool,
    /// Why a pasted address did not do.
    pub note: Option<String>,
    /// The sentences in it that have a code.
    pub sentences: Sentences,
    /// How it ended, when it worked.
    pub signed_in: Option<SignedIn>,
    /// How it ended, when it did not.
    pub error: Option<ApiError>,
}

/// What the run is doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RunActivity {
    /// There is none.
    #[default]
    Idle,
    /// It works.
    Running,
    /// The person paused it.
    Paused,
    /// It was asked to stop and finishes what is under way.
    Stopping,
    /// It ended, and nobody has put its result away yet.
    Ended,
}

/// The run under way, or the last one until it is put away.
#[derive(Debug, Clone, Default, Serialize, TS)]
pub struct RunState {
    /// What it does.
    pub activity: RunActivity,
    /// Whether it only finds out what a sync would do.
    pub planning: bool,
    /// What kind of run.
    pub kind: Option<RunKind>,
    /// When it began.
    pub started: Option<DateTime<Utc>>,
    /// The stretch it is in.
    pub phase: Option<Phase>,
    /// How far that stretch is.
    pub meter: Option<Meter>,
    /// What it waits for.
    pub wait: Option<Wait>,
    /// What it will do.
    pub plan: Option<Plan>,
    /// Of an import: what is in the archives; after it, what became of them.
    pub import: Option<ImportPlan>,
    /// Of an import: the archives and folders that the person gave.
    pub archives: Vec<PathBuf>,
    /// Which missing files the plan of an addition, or the addition itself, is about.
    pub adding: Option<AddMissing>,
    /// Of an import from watched folders: its archives, and what became of each; empty until its end.
    pub from_inboxes: Vec<FoundArchive>,
    /// What it did.
    pub receipt: Option<Receipt>,
    /// Why it stopped before its end.
    pub error: Option<ApiError>,
    /// The files that came last, newest first, at most 24.
    pub recent: Vec<RecentFile>,
    /// Items that failed, newest first, at most 20.
    pub failed: Vec<FailedNow>,
    /// Sentences worth reading, newest first, at most 50.
    pub notes: Vec<String>,
    /// The sentences in it, its plan and its receipt that have a code.
    pub sentences: Sentences,
}

/// A file that just came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecentFile {
    /// Its number, for its picture.
    pub file: i64,
    /// Path below the library.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
}

/// An item that just failed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FailedNow {
    /// Its title.
    pub title: String,
    /// Why.
    pub error: ApiError,
}
