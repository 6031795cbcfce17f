//! The list of commands. A command is a name, a request, a response and the function that does it; hosts carry the name and
//! the payload as text, so that none of them can drift from another.

use std::sync::Arc;

use photokeep_model::{Code, Error, Result};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{ApiError, Nothing};
use crate::desk::{
    Desk, account, activity, adopt, albums, background, compare, demo, failures, folders, home, import, inbox, items, options,
    runs, settings, start, timeline, trash, updates,
};

/// Declares the commands: how each is called, what it takes, what it gives, what does it.
macro_rules! commands {
    ($($name:literal: $request:ty => $response:ty = $work:path;)*) => {
        async fn dispatch(desk: &Arc<Desk>, command: &str, payload: Value) -> Result<Answer> {
            match command {
                $($name => {
                    let request: $request = read(command, payload)?;
                    let response: $response = $work(desk, request).await?;
                    write(&response)
                })*
                unknown => Err(Error::new(Code::Usage, format!("There is no command `{unknown}`."))),
            }
        }

        /// Calls `each` with the name, the request's and the response's TypeScript of every command, and `types` with the types.
        pub(super) fn for_each_command<V: ts_rs::TypeVisitor>(
            config: &ts_rs::Config,
            visitor: &mut V,
            mut each: impl FnMut(&str, String, String),
        ) {
            $(
                visitor.visit::<$request>();
                visitor.visit::<$response>();
                each($name, <$request as ts_rs::TS>::name(config), <$response as ts_rs::TS>::name(config));
            )*
        }
    };
}

commands! {
    "app.start": Nothing => start::Start = start::start;
    "app.painted": start::Painted => Nothing = start::painted;
    "settings.set": settings::Appearance => settings::Settings = settings::set;
    "host.pick_folder": folders::PickFolder => folders::PickedFolder = folders::pick;
    "host.open_page": start::OpenPage => start::PageAddress = start::open_page;
    "library.probe": folders::ProbeFolder => folders::FolderReport = folders::probe;
    "library.open": folders::OpenFolder => folders::OpenLibrary = folders::open;
    "library.plan_adopt": adopt::AdoptFolder => adopt::Adoption = adopt::plan;
    "library.adopt": adopt::AdoptFolder => folders::OpenLibrary = adopt::adopt;
    "library.options": Nothing => options::LibrarySettings = options::show;
    "library.set_options": options::ChangeOptions => options::LibrarySettings = options::change;
    "library.preview": options::PreviewRequest => options::Preview = options::preview;
    "library.status": Nothing => home::Home = home::show;
    "account.show": Nothing => account::Account = account::show;
    "account.check_client": account::ClientText => account::CheckedClient = account::check_client;
    "account.sign_in": account::BeginSignIn => account::SignInAddress = account::sign_in;
    "account.paste": account::PastedAddress => Nothing = account::paste;
    "account.sign_in_state": Nothing => super::SignInState = account::sign_in_state;
    "account.cancel_sign_in": Nothing => Nothing = account::cancel;
    "account.sign_out": Nothing => crate::SignedOut = account::sign_out;
    "demo.open": Nothing => folders::OpenLibrary = demo::open;
    "sync.plan": Nothing => Nothing = runs::plan;
    "sync.start": runs::StartSync => Nothing = runs::sync;
    "verify.start": Nothing => Nothing = runs::verify;
    "import.pick": import::PickArchives => import::PickedArchives = import::pick;
    "import.plan": import::PlanImport => Nothing = import::plan;
    "import.start": import::StartImport => Nothing = import::start;
    "import.entries": import::ArchiveEntriesRequest => import::ArchiveEntries = import::entries;
    "import.accept": Nothing => Nothing = import::accept;
    "import.report": import::ImportReport => activity::Exported = import::report;
    "compare.start": compare::StartCompare => Nothing = compare::start;
    "compare.list": Nothing => Vec<crate::PastComparison> = compare::list;
    "compare.show": compare::WhichComparison => compare::ShownComparison = compare::show;
    "compare.files": compare::ComparedFilesRequest => compare::ComparedFiles = compare::files;
    "compare.extra": compare::NarrowedPage => compare::ComparedExtra = compare::extra;
    "compare.duplicates": compare::NarrowedPage => compare::ComparedDuplicates = compare::duplicates;
    "compare.passed_over": compare::ComparedPage => Vec<photokeep_compare::PassedOver> = compare::passed_over;
    "compare.narrowings": compare::NarrowingsRequest => photokeep_compare::Narrowings = compare::narrowings;
    "compare.choose": compare::ChooseFiles => photokeep_compare::Numbers = compare::choose;
    "compare.plan_add": compare::AddMissing => Nothing = compare::plan_add;
    "compare.add": compare::AddMissing => Nothing = compare::add;
    "compare.plan_upload": compare::AddMissing => crate::UploadPlan = compare::plan_upload;
    "compare.upload": compare::UploadMissing => Nothing = compare::upload;
    "compare.links": compare::WhichComparison => compare::ComparisonLinks = compare::links;
    "compare.report": compare::CompareReport => activity::Exported = compare::report;
    "compare.reveal": compare::ComparedFileRequest => Nothing = compare::reveal;
    "inbox.show": Nothing => inbox::Inboxes = inbox::show;
    "inbox.add": inbox::AddInbox => inbox::Inboxes = inbox::add;
    "inbox.import": Nothing => Nothing = inbox::import;
    "inbox.put_year_away": inbox::PutYearAway => Nothing = inbox::put_year_away;
    "inbox.remove": inbox::RemoveInbox => inbox::Inboxes = inbox::remove;
    "background.show": Nothing => background::Background = background::show;
    "background.set_schedule": background::SetSchedule => background::Background = background::set_schedule;
    "background.pause": background::PauseBackground => Nothing = background::pause;
    "background.resume": Nothing => Nothing = background::resume;
    "background.run": Nothing => Nothing = background::run;
    "background.start_at_login": background::StartAtLogin => background::Background = background::start_at_login;
    "background.leave": background::LeaveWindow => Nothing = background::leave;
    "run.show": Nothing => super::RunState = runs::show;
    "run.pause": Nothing => Nothing = runs::pause;
    "run.resume": Nothing => Nothing = runs::resume;
    "run.cancel": Nothing => Nothing = runs::cancel;
    "run.dismiss": Nothing => Nothing = runs::dismiss;
    "timeline.buckets": timeline::BucketsRequest => timeline::Buckets = timeline::buckets;
    "timeline.bucket": timeline::BucketRequest => timeline::Bucket = timeline::bucket;
    "item.show": items::ItemRequest => items::ItemDetails = items::show;
    "item.film": items::FileRequest => items::FilmFacts = items::film;
    "item.reveal": items::FileRequest => Nothing = items::reveal;
    "item.open_at_google": items::ItemRequest => start::PageAddress = items::open_at_google;
    "albums.list": Nothing => Vec<albums::ShownAlbum> = albums::list;
    "activity.runs": activity::RunsRequest => Vec<activity::PastRun> = activity::runs;
    "activity.entries": activity::EntriesRequest => activity::Entries = activity::entries;
    "activity.log": activity::LogRequest => activity::ShownLog = activity::log;
    "activity.export": activity::ExportRequest => activity::Exported = activity::export;
    "failures.list": Nothing => Vec<crate::FailedItem> = failures::list;
    "trash.list": Nothing => trash::TrashList = trash::list;
    "trash.restore": trash::RestoreRequest => crate::TrashResponse = trash::restore;
    "trash.empty": Nothing => crate::TrashResponse = trash::empty;
    "updates.show": Nothing => crate::Updates = updates::show;
    "updates.look": Nothing => crate::Updates = updates::look;
    "updates.set_automatic": updates::Automatic => crate::Updates = updates::set_automatic;
    "updates.put_away": Nothing => crate::Updates = updates::put_away;
}

/// An answer as it goes to the front end: written once. A month as a tree of values would take ten times its size.
pub type Answer = Box<RawValue>;

/// Does one command.
///
/// # Errors
/// What went wrong, in the shape every front end gets.
pub async fn call(desk: &Arc<Desk>, command: &str, payload: Value) -> std::result::Result<Answer, ApiError> {
    // The window makes its desk before there is a runtime.
    desk.begin();
    dispatch(desk, command, payload).await.map_err(ApiError::from)
}

fn read<T: serde::de::DeserializeOwned>(command: &str, payload: Value) -> Result<T> {
    let payload = if payload.is_null() { Value::Object(serde_json::Map::new()) } else { payload };
    serde_json::from_value(payload).map_err(|error| {
        Error::new(Code::Usage, format!("The request for `{command}` does not have the right parts.")).source(error)
    })
}

fn write<T: serde::Serialize>(response: &T) -> Result<Answer> {
    serde_json::value::to_raw_value(response)
        .map_err(|error| Error::new(Code::Internal, "An answer could not be written down.").source(error))
}
