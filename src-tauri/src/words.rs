//! The words of the tray and of notifications, in the two languages of the user interface. All other words are the window's own (`ui/`).

use photokeep_app::Reason;
use photokeep_app::desk::{Glance, Language, Notice};

/// In which language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    English,
    /// German.
    German,
}

impl Tongue {
    /// As it was set, or as the system says in its environment.
    pub fn of(language: Language) -> Self {
        match language {
            Language::En => Self::English,
            Language::De => Self::German,
            Language::System => {
                let set = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
                let said = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set).unwrap_or_default();
                if said.starts_with("de") { Self::German } else { Self::English }
            }
        }
    }

    fn say(self, english: &'static str, german: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::German => german,
        }
    }

    /// How the library stands, for the first line of the menu.
    pub fn standing(self, glance: &Glance) -> String {
        let words = match (glance.paused, glance.percent) {
            (true, _) => self.say("Paused", "Angehalten").to_owned(),
            (false, Some(percent)) => {
                format!("{} {percent} %", self.say("Keeping your photos:", "Deine Fotos werden gesichert:"))
            }
            (false, None) if glance.library.is_none() => self.say("No library is open", "Keine Bibliothek ist offen").to_owned(),
            (false, None) => self.reason(glance.why).to_owned(),
        };
        match &glance.library {
            Some(library) => format!("{library} – {words}"),
            None => words,
        }
    }

    /// A reason in a few words.
    pub fn reason(self, why: Reason) -> &'static str {
        match why {
            Reason::New => self.say("Nothing is kept yet", "Noch ist nichts gesichert"),
            Reason::Complete => self.say("Everything is kept", "Alles ist gesichert"),
            Reason::Running => self.say("Photos are being kept", "Deine Fotos werden gesichert"),
            Reason::FolderAway => self.say("The library’s disk is not there", "Die Festplatte der Bibliothek ist nicht da"),
            Reason::DiskFull => self.say("The library’s disk is full", "Die Festplatte der Bibliothek ist voll"),
            Reason::DiskReadOnly => {
                self.say("The library’s disk cannot be written", "Auf die Festplatte der Bibliothek lässt sich nicht schreiben")
            }
            Reason::SignInNeeded => self.say("The sign-in with Google has ended", "Die Anmeldung bei Google ist abgelaufen"),
            Reason::AccessRefused => self.say("Google refuses access", "Google verweigert den Zugriff"),
            Reason::SignInEnds => self.say("The sign-in with Google ends soon", "Die Anmeldung bei Google läuft bald ab"),
            Reason::Lost => self.say("Files were lost", "Dateien gingen verloren"),
            Reason::Damaged => self.say("Files vanished or were damaged", "Dateien sind verschwunden oder beschädigt"),
            Reason::Failed => self.say("Some files have not arrived yet", "Einige Dateien sind noch nicht angekommen"),
            Reason::Stale => self.say("The last good run is long ago", "Der letzte gute Lauf ist lange her"),
            Reason::Incomplete => self.say("Not everything is kept", "Nicht alles ist gesichert"),
        }
    }

    /// What a notification says: its title and its text.
    pub fn notice(self, notice: &Notice) -> (String, String) {
        match notice {
            Notice::Needed { why } => (self.reason(*why).to_owned(), self.what_to_do(*why).to_owned()),
            Notice::Kept { files } => {
                let text = match (self, files) {
                    (Self::English, 1) => "1 new file was kept.".to_owned(),
                    (Self::English, _) => format!("{files} new files were kept."),
                    (Self::German, 1) => "1 neue Datei wurde gesichert.".to_owned(),
                    (Self::German, _) => format!("{files} neue Dateien wurden gesichert."),
                };
                (self.reason(Reason::Complete).to_owned(), text)
            }
        }
    }

    /// What a reason means for the photos, and what to do.
    fn what_to_do(self, why: Reason) -> &'static str {
        match why {
            Reason::FolderAway => self.say(
                "Nothing was deleted. Connect the disk; until then nothing new can be kept.",
                "Es wurde nichts gelöscht. Schließ die Festplatte an; bis dahin kann nichts Neues gesichert werden.",
            ),
            Reason::DiskFull => self.say(
                "What was kept is safe. Make room on the disk; Photokeep then goes on by itself.",
                "Gesichertes ist sicher. Schaff Platz auf der Festplatte; dann macht Photokeep von selbst weiter.",
            ),
            Reason::DiskReadOnly => self.say(
                "What was kept is safe. Check the disk and its permissions; nothing new can be kept until then.",
                "Gesichertes ist sicher. Prüfe die Festplatte und ihre Rechte; bis dahin kommt nichts Neues dazu.",
            ),
            Reason::SignInNeeded => self.say(
                "What was kept is safe; nothing new can come. Open Photokeep and sign in again.",
                "Gesichertes ist sicher, Neues kann nicht kommen. Öffne Photokeep und melde dich neu an.",
            ),
            Reason::AccessRefused => self.say(
                "What was kept is safe; nothing new can come. Open Photokeep to see why.",
                "Gesichertes ist sicher, Neues kann nicht kommen. Öffne Photokeep, um den Grund zu sehen.",
            ),
            Reason::SignInEnds => self.say(
                "Sign in again in Photokeep, so that nothing is interrupted.",
                "Melde dich in Photokeep neu an, damit nichts unterbrochen wird.",
            ),
            Reason::Lost | Reason::Damaged => self.say(
                "Open Photokeep to see which files, and what can be done.",
                "Öffne Photokeep, um zu sehen, welche Dateien es sind und was zu tun ist.",
            ),
            Reason::Failed | Reason::Incomplete => self.say(
                "What came is safe. Open Photokeep to see what is missing and why.",
                "Was kam, ist sicher. Öffne Photokeep, um zu sehen, was fehlt und warum.",
            ),
            Reason::Stale => self.say(
                "What you have taken since then is not here yet. Open Photokeep and sync.",
                "Was du seitdem aufgenommen hast, ist noch nicht hier. Öffne Photokeep und sichere.",
            ),
            Reason::New | Reason::Complete | Reason::Running => "",
        }
    }

    /// The words of the menu.
    pub fn menu(self) -> MenuWords {
        MenuWords {
            sync: self.say("Sync now", "Jetzt sichern"),
            pause_hour: self.say("Pause for an hour", "Eine Stunde anhalten"),
            pause_tomorrow: self.say("Pause until tomorrow", "Bis morgen anhalten"),
            resume: self.say("Go on", "Weitermachen"),
            open: self.say("Open Photokeep", "Photokeep öffnen"),
            last_run: self.say("Last run", "Letzter Lauf"),
            quit: self.say("Quit", "Beenden"),
        }
    }

    /// The menu's line about the last run.
    pub fn last_run(self, glance: &Glance) -> String {
        let words = self.menu().last_run;
        let format = self.say("%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M");
        match glance.last_run {
            Some(at) => format!("{words}: {}", at.with_timezone(&chrono::Local).format(format)),
            None => words.to_owned(),
        }
    }
}

/// The words of the menu.
#[derive(Debug, Clone, Copy)]
pub struct MenuWords {
    /// Do now what the schedule does.
    pub sync: &'static str,
    /// Pause for an hour.
    pub pause_hour: &'static str,
    /// Pause until the next morning.
    pub pause_tomorrow: &'static str,
    /// End the pause.
    pub resume: &'static str,
    /// Show the window.
    pub open: &'static str,
    /// Show what the last run did.
    pub last_run: &'static str,
    /// End Photokeep.
    pub quit: &'static str,
}
