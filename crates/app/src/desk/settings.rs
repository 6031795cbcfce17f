//! What the person set for the app as a whole, and which libraries there are. One small file in Photokeep's own folder.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use photokeep_library::Home;
use photokeep_model::{Filter, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Desk;
use crate::boundary::DeskEvent;

/// The language of the user interface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// As the system.
    #[default]
    System,
    /// English.
    En,
    /// German.
    De,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// When the system's notifications tell something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Notify {
    /// Never.
    Never,
    /// When the person is needed.
    #[default]
    Needed,
    /// Also, without a sound, when something new was kept.
    Always,
}

/// How the app looks and behaves; `None` leaves a setting as it is.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct Appearance {
    /// The language.
    pub language: Option<Language>,
    /// Light or dark.
    pub theme: Option<Theme>,
    /// Whether the three steps of the welcome were walked through or skipped.
    pub welcomed: Option<bool>,
    /// Whether closing the window leaves Photokeep in the tray.
    pub stay_in_tray: Option<bool>,
    /// When notifications tell something.
    pub notify: Option<Notify>,
    /// Days after the last good run from which on a library needs attention; 0 for never.
    pub stale_after_days: Option<u16>,
    /// Whether a run keeps the computer awake.
    pub keep_awake: Option<bool>,
}

/// What was set.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// The language.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Whether the three steps of the welcome were walked through or skipped.
    pub welcomed: bool,
    /// The library that was open last.
    pub library: Option<PathBuf>,
    /// What each library takes in when it is synced from here, by folder.
    pub filters: BTreeMap<PathBuf, Filter>,
    /// The end of the year of exports that the person was told of and wants to hear no more of, by the library's folder.
    pub years_put_away: BTreeMap<PathBuf, DateTime<Utc>>,
    /// Whether closing the window leaves Photokeep in the tray; `None` while nobody was asked.
    pub stay_in_tray: Option<bool>,
    /// When notifications tell something.
    pub notify: Notify,
    /// Days after the last good run from which on a library needs attention; 0 for never.
    pub stale_after_days: u16,
    /// Whether a run keeps the computer awake.
    pub keep_awake: bool,
    /// Whether Photokeep looks for newer versions by itself; `None` while nobody was asked, and then it does not.
    pub look_for_updates: Option<bool>,
}

/// Photos are taken every week; a backup that is two weeks old is not what its owner thinks it is.
const STALE_AFTER_DAYS: u16 = 14;

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::default(),
            theme: Theme::default(),
            welcomed: false,
            library: None,
            filters: BTreeMap::new(),
            years_put_away: BTreeMap::new(),
            stay_in_tray: None,
            notify: Notify::default(),
            stale_after_days: STALE_AFTER_DAYS,
            keep_awake: false,
            look_for_updates: None,
        }
    }
}

impl Settings {
    /// What was set, for whoever has no desk.
    pub(crate) fn of(home: &Home) -> Self {
        SettingsFile::open(home).read()
    }
}

/// The file's name in Photokeep's own folder.
const NAME: &str = "settings.json";

/// The settings on disk.
pub(crate) struct SettingsFile {
    home: Home,
    settings: Mutex<Settings>,
}

impl SettingsFile {
    /// Reads them; what cannot be read counts as never set, and is kept beside the new file.
    pub(crate) fn open(home: &Home) -> Self {
        let path = home.path().join(NAME);
        let settings = match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).unwrap_or_else(|_| {
                // A courtesy only: settings are quickly set again, photos are not touched by this.
                let _ = std::fs::rename(&path, path.with_extension("unreadable.json"));
                Settings::default()
            }),
            Err(_) => Settings::default(),
        };
        Self { home: home.clone(), settings: Mutex::new(settings) }
    }

    pub(crate) fn read(&self) -> Settings {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes and saves them; what another Photokeep set meanwhile stays set.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Settings)) -> Result<Settings> {
        let mut settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        let on_disk = std::fs::read(self.home.path().join(NAME)).ok();
        let mut changed = on_disk.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_else(|| settings.clone());
        change(&mut changed);
        self.home.write(NAME, &serde_json::to_vec_pretty(&changed).unwrap_or_default())?;
        *settings = changed.clone();
        Ok(changed)
    }
}

/// Changes how the app looks and behaves.
pub(crate) async fn set(desk: &Arc<Desk>, request: Appearance) -> Result<Settings> {
    let settings = desk.settings.change(|settings| {
        settings.language = request.language.unwrap_or(settings.language);
        settings.theme = request.theme.unwrap_or(settings.theme);
        settings.welcomed = request.welcomed.unwrap_or(settings.welcomed);
        settings.stay_in_tray = request.stay_in_tray.or(settings.stay_in_tray);
        settings.notify = request.notify.unwrap_or(settings.notify);
        settings.stale_after_days = request.stale_after_days.unwrap_or(settings.stale_after_days);
        settings.keep_awake = request.keep_awake.unwrap_or(settings.keep_awake);
    })?;
    desk.tell(DeskEvent::Settings { settings: settings.clone() });
    Ok(settings)
}
