//! What every front end calls: one file a command, with its request and its response.
//!
//! No host knows more than this crate. The command line calls [`App`] directly; the window and `serve` carry the commands
//! of [`boundary`] to a [`desk`](desk::Desk), which keeps in mind what is open and under way. Nothing is printed and no environment is read; [`App`] is given where its state lies and where Google is.

mod account;
mod add;
mod adopt;
mod app;
pub mod boundary;
mod compare;
#[cfg(feature = "demo")]
pub mod demo;
pub mod desk;
mod doctor;
mod environment;
mod history;
mod import;
mod inbox;
mod keeping;
mod list;
mod prune;
mod run_log;
mod schedule;
mod signal;
mod status;
mod surroundings;
mod sync;
pub mod thumbnails;
mod trash;
mod updates;
mod upload;
mod verify;

pub use account::{SignInRequest, SignedIn, SignedOut};
pub use add::{AddEnd, MissingFiles, Which};
pub use adopt::{AdoptEnd, AdoptPlan, AdoptRequest, LeftByReason};
pub use app::App;
pub use compare::{CompareRequest, Compared, PastComparison};
pub use doctor::{DoctorReport, Finding, Grade};
pub use history::{HistoryEntry, HistoryResponse};
pub use import::{ImportEnd, ImportPlan, ImportRequest, ImportedExport, RefusedArchive, may_hold_report};
pub use inbox::{
    ArchiveState, CalendarNotice, ExportCalendar, FoundArchive, Inbox, InboxEnd, InboxResponse, Noticing, QUIET, ShownInbox,
    Then, Why, calendar,
};
pub use keeping::Keeping;
pub use list::ListedFile;
pub use prune::{PruneRequest, PruneResponse, PrunedFile};
pub use run_log::{LogEvent, LogStep, RunLog};
pub use schedule::ShownSchedule;
pub use signal::{Reason, Signal};
pub use status::{FailedItem, Health, OWN_UPLOADS, StatusResponse};
pub use sync::{SyncEnd, SyncRequest, SyncResponse};
pub use trash::{TrashAction, TrashFile, TrashResponse};
pub use updates::{Release, Updates};
pub use upload::{UploadPlan, album_title};
pub use verify::{VerifyFinding, VerifyRequest, VerifyResponse};

pub use photokeep_compare::{DuplicateGroup, FileList, FileResult, ListName, Narrowing, Numbers, Summary, Verdict};
pub use photokeep_google::{ClientFile, Endpoints, built_in_client};
pub use photokeep_library::adopting::{LeftAlone, LeftWhy, Maker};
pub use photokeep_library::catalog::code_word;
pub use photokeep_library::{COMPARISON_FOLDER, ComparisonTree, Home, OptionChanges};
pub use photokeep_model as model;
pub use photokeep_sync::schedule::{Chosen, Ended, Every, Schedule, WaitsFor};
pub use photokeep_sync::{Control, Patience, Pause};
