//! What a front end asks first, and the pages of other sites that it may open.

use std::sync::Arc;

use photokeep_model::{Code, Error, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::folders::OpenLibrary;
use super::settings::Settings;
use super::{Desk, folders};
use crate::boundary::{Capabilities, HostKind, Nothing};

/// The system underneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Linux and its like.
    Linux,
    /// Windows.
    Windows,
    /// macOS.
    Macos,
}

/// What a front end needs before it can show anything.
#[derive(Debug, Serialize, TS)]
pub struct Start {
    /// Photokeep's version.
    pub version: String,
    /// The system underneath.
    pub platform: Platform,
    /// Where the user interface runs.
    pub host: HostKind,
    /// What the host can do.
    pub capabilities: Capabilities,
    /// What was set.
    pub settings: Settings,
    /// The library that is open.
    pub library: Option<OpenLibrary>,
    /// Whether the demo library can be opened.
    pub demo: bool,
    /// Whether a client is built in, so that no file of the user's is needed to sign in.
    pub built_in_client: bool,
    /// A folder to propose for a new library.
    pub default_folder: String,
    /// What stands before `/file/12` for films, where they cannot come the way pictures do.
    pub films: Option<String>,
}

/// When the first useful paint happened.
#[derive(Debug, Deserialize, TS)]
pub struct Painted {
    /// Milliseconds since the page began to load.
    pub milliseconds: f64,
}

/// A page elsewhere. Front ends name pages, never addresses, so that nothing from outside can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Page {
    /// Google Cloud: a new project.
    ConsoleProject,
    /// Google Cloud: switch the Photos Library API on.
    ConsoleApi,
    /// Google Cloud: the consent screen.
    ConsoleConsent,
    /// Google Cloud: who may sign in.
    ConsoleAudience,
    /// Google Cloud: the client and its file.
    ConsoleClient,
    /// Google Takeout, with Google Photos chosen.
    Takeout,
    /// Google Takeout, where every product and the schedule can be chosen.
    TakeoutStart,
    /// Google's list of apps with access to the account.
    GoogleConnections,
    /// What is new in the newer version that is known, and how to get it.
    NewVersion,
    /// Windows' settings for developers, with the switch that lets everybody make symbolic links.
    WindowsDevelopers,
}

/// Which page to open.
#[derive(Debug, Deserialize, TS)]
pub struct OpenPage {
    /// The page.
    pub page: Page,
}

/// A page's address.
#[derive(Debug, Serialize, TS)]
pub struct PageAddress {
    /// For hosts that cannot open it themselves: shown as a link.
    pub address: String,
    /// Whether the system's browser was asked to open it.
    pub opened: bool,
}

impl Page {
    /// The address (`google-apis.md` 4.6 for the console); `None` for the one page that is found out.
    fn address(self) -> Option<&'static str> {
        Some(match self {
            Self::NewVersion => return None,
            Self::ConsoleProject => "https://console.cloud.google.com/projectcreate",
            Self::ConsoleApi => "https://console.cloud.google.com/apis/library/photoslibrary.googleapis.com",
            Self::ConsoleConsent => "https://console.cloud.google.com/auth/branding",
            Self::ConsoleAudience => "https://console.cloud.google.com/auth/audience",
            Self::ConsoleClient => "https://console.cloud.google.com/auth/clients",
            Self::Takeout => "https://takeout.google.com/settings/takeout/custom/photos",
            Self::TakeoutStart => "https://takeout.google.com/",
            Self::GoogleConnections => "https://myaccount.google.com/connections",
            // https://learn.microsoft.com/windows/apps/develop/launch/launch-settings
            Self::WindowsDevelopers => "ms-settings:developers",
        })
    }
}

/// Says what a front end needs before it can show anything.
pub(crate) async fn start(desk: &Arc<Desk>, _: Nothing) -> Result<Start> {
    let library = match desk.place() {
        Some(place) => {
            let mut library = folders::describe(&place).await?;
            if library.trouble.is_none() && desk.host.capabilities().choose_library {
                library.trouble = no_folder(&place.folder).map(Into::into);
            }
            Some(library)
        }
        None => None,
    };
    Ok(Start {
        version: env!("CARGO_PKG_VERSION").into(),
        platform: if cfg!(windows) {
            Platform::Windows
        } else if cfg!(target_os = "macos") {
            Platform::Macos
        } else {
            Platform::Linux
        },
        host: desk.host.kind(),
        capabilities: desk.host.capabilities(),
        settings: desk.settings.read(),
        library,
        demo: cfg!(feature = "demo"),
        built_in_client: photokeep_google::built_in_client().is_some(),
        default_folder: folders::default_folder().display().to_string(),
        films: desk.host.films(),
    })
}

/// Why there can be no library in a folder that was named at the start. Where another can be chosen, a new one is made only
/// after the person has seen what the folder is.
fn no_folder(folder: &std::path::Path) -> Option<Error> {
    let message = match folder.metadata() {
        Ok(metadata) if metadata.is_dir() => return None,
        Ok(_) => format!("{} is not a folder.", folder.display()),
        Err(_) => format!("{} is not there.", folder.display()),
    };
    Some(Error::new(Code::NoLibrary, message).hint("Choose the folder of your library, or a new one."))
}

/// Writes down when the first useful paint happened.
pub(crate) async fn painted(_: &Arc<Desk>, request: Painted) -> Result<Nothing> {
    tracing::info!(milliseconds = request.milliseconds, "first useful paint");
    Ok(Nothing {})
}

/// Opens a page elsewhere in the system's browser.
pub(crate) async fn open_page(desk: &Arc<Desk>, request: OpenPage) -> Result<PageAddress> {
    let address = match request.page.address() {
        Some(address) => address.to_owned(),
        None => {
            let newer = desk.app.updates().newer;
            newer.ok_or_else(|| Error::new(Code::Usage, "No newer version of Photokeep is known."))?.page
        }
    };
    let opened = desk.host.capabilities().open_address && desk.host.open_address(&address).is_ok();
    Ok(PageAddress { address, opened })
}
