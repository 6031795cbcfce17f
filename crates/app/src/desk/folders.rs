//! Choosing the folder of a library: what its disk can do, in plain words, and opening it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use photokeep_library::target::{self, Ability, DiskKind, LinkRefusal, TargetFacts};
use photokeep_library::{Library, OptionChanges};
use photokeep_model::{Code, Error, LinkChoice, LinkKind, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::options::ChangedOptions;
use super::place::{Place, blocking};
use super::{Desk, folder_name};
use crate::doctor::Grade;

/// Where to begin looking.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct PickFolder {
    /// The folder shown first.
    pub start: Option<PathBuf>,
}

/// What was chosen.
#[derive(Debug, Serialize, TS)]
pub struct PickedFolder {
    /// The folder; `None` when nothing was chosen.
    pub path: Option<PathBuf>,
}

/// Which folder to try.
#[derive(Debug, Deserialize, TS)]
pub struct ProbeFolder {
    /// The folder; it need not exist.
    pub folder: PathBuf,
}

/// What a folder is to Photokeep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FolderState {
    /// Empty, or not there yet.
    New,
    /// A library already.
    Library,
    /// Other files lie in it. They are left alone.
    NotEmpty,
    /// No library can be here.
    Unusable,
}

/// A sentence about a folder.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FolderFinding {
    /// How good that is.
    pub grade: Grade,
    /// What was found, for programs: front ends say it in their language.
    pub code: FindingCode,
    /// What was found, in a sentence.
    pub text: String,
}

/// What was found about a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FindingCode {
    /// Symbolic links work.
    Symlinks,
    /// Symbolic links do not work, hard links do.
    HardLinks,
    /// Neither works.
    NoLinks,
    /// Windows makes symbolic links only in its developer mode, which is off.
    DeveloperMode,
    /// This account has not got the right to make symbolic links.
    NoPrivilege,
    /// A share on which symbolic links are not allowed.
    ShareRules,
    /// Names that differ in case only are one file here.
    CaseInsensitive,
    /// Some characters cannot be in names here.
    RefusedCharacters,
    /// The disk cannot keep dates before 1980 or to the second.
    CoarseTimes,
    /// The disk has no locks, so runs from other computers cannot be noticed.
    NoLocks,
    /// It is on a server.
    Network,
    /// A FAT disk: no file can be larger than 4 GiB.
    LargeFiles,
    /// It is kept in memory and lost when the computer stops.
    InMemory,
    /// Other files lie in the folder.
    NotEmpty,
    /// It looks as if gphotos-sync, gphotosync or rclone made it.
    Adoptable,
    /// It is a library already.
    Library,
    /// No library can be here.
    Unusable,
}

/// What was found out about a folder by trying.
#[derive(Debug, Serialize, TS)]
pub struct FolderReport {
    /// The folder.
    pub folder: PathBuf,
    /// What it is to Photokeep.
    pub state: FolderState,
    /// Bytes free on its disk.
    pub free_bytes: Option<u64>,
    /// Bytes its disk holds in all.
    pub total_bytes: Option<u64>,
    /// The file system, when the system tells.
    pub file_system: Option<String>,
    /// What was found, most important first.
    pub findings: Vec<FolderFinding>,
    /// Why no library can be here.
    pub trouble: Option<crate::boundary::ApiError>,
    /// Kinds of album links that work here.
    pub link_kinds: Vec<LinkKind>,
    /// The kind that `auto` means here.
    pub link_auto: Option<LinkKind>,
}

/// Which folder to open.
#[derive(Debug, Deserialize, TS)]
pub struct OpenFolder {
    /// The folder; a library is made in it when it holds none.
    pub folder: PathBuf,
    /// What to decide for it.
    #[serde(default)]
    #[ts(optional)]
    pub options: Option<ChangedOptions>,
}

/// The library that is open.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OpenLibrary {
    /// Its folder.
    pub folder: PathBuf,
    /// The name people know it by.
    pub name: String,
    /// Whether nothing was ever kept in it.
    pub is_new: bool,
    /// Whether it is the demo library.
    pub demo: bool,
    /// Why it cannot be used now: its disk is away, its catalog is newer.
    pub trouble: Option<crate::boundary::ApiError>,
}

/// A folder to propose for a new library: `Photokeep` among the person's pictures.
pub(crate) fn default_folder() -> PathBuf {
    let pictures = directories::UserDirs::new()
        .map(|folders| folders.picture_dir().map_or_else(|| folders.home_dir().join("Pictures"), Path::to_owned));
    pictures.unwrap_or_else(std::env::temp_dir).join("Photokeep")
}

/// Lets the person choose a folder.
pub(crate) async fn pick(desk: &Arc<Desk>, request: PickFolder) -> Result<PickedFolder> {
    Ok(PickedFolder { path: desk.host.pick_folder(request.start).await? })
}

/// Finds out what a folder's disk can do, by trying.
pub(crate) async fn probe(_: &Arc<Desk>, request: ProbeFolder) -> Result<FolderReport> {
    must_be_a_path(&request.folder)?;
    blocking(move || Ok(probe_now(request.folder))).await
}

fn probe_now(folder: PathBuf) -> FolderReport {
    let mut report = FolderReport {
        state: FolderState::New,
        free_bytes: None,
        total_bytes: None,
        file_system: None,
        findings: Vec::new(),
        trouble: None,
        link_kinds: Vec::new(),
        link_auto: None,
        folder,
    };
    // A folder that is not there yet is tried where it will be made.
    let Some(existing) = report.folder.ancestors().find(|folder| folder.exists()).map(Path::to_owned) else {
        return unusable(report, &Error::new(Code::TargetGone, "There is no such place on this computer."));
    };
    let facts = match target::probe(&existing) {
        Ok(facts) => facts,
        // It is there, and lets nothing be made in it: `/proc`, for example.
        Err(error) if error.code == Code::TargetGone && existing.exists() => {
            let denied =
                Error::new(Code::TargetReadOnly, format!("Photokeep is not allowed to write to {}.", existing.display()));
            return unusable(report, &denied.source(error));
        }
        Err(error) => return unusable(report, &error),
    };
    report.free_bytes = Some(facts.free_bytes);
    report.total_bytes = Some(facts.total_bytes);
    report.file_system = facts.file_system.clone();
    if Library::is_library(&report.folder) {
        report.state = FolderState::Library;
        report.say(Grade::Good, FindingCode::Library, "This folder is a Photokeep library already. It goes on where it stopped.");
    } else if existing == report.folder && report.folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        report.state = FolderState::NotEmpty;
        if Library::looks_adoptable(&report.folder) {
            let text = "Another tool made this folder. Photokeep can take over what is in it, without moving anything.";
            report.say(Grade::Good, FindingCode::Adoptable, text);
        }
        report.say(Grade::Note, FindingCode::NotEmpty, "There are other files in this folder. Photokeep leaves them alone.");
    }
    report.describe(&facts);
    report
}

fn unusable(mut report: FolderReport, error: &Error) -> FolderReport {
    report.state = FolderState::Unusable;
    let hint = error.hint.as_deref().unwrap_or("Choose another folder.");
    report.findings = vec![];
    report.trouble = Some(error.into());
    report.say(Grade::Bad, FindingCode::Unusable, format!("{} {hint}", error.message));
    report
}

impl FolderReport {
    fn say(&mut self, grade: Grade, code: FindingCode, text: impl Into<String>) {
        self.findings.push(FolderFinding { grade, code, text: text.into() });
    }

    /// Why there are no symbolic links where somebody can do something about it; that a disk has none was said.
    fn say_remedy(&mut self, refusal: LinkRefusal) {
        let code = match refusal {
            LinkRefusal::DeveloperMode => FindingCode::DeveloperMode,
            LinkRefusal::Privilege => FindingCode::NoPrivilege,
            LinkRefusal::SharePolicy => FindingCode::ShareRules,
            LinkRefusal::FileSystem | LinkRefusal::Other => return,
        };
        if let (Some(why), Some(remedy)) = (refusal.why(), refusal.remedy()) {
            self.say(Grade::Note, code, format!("No symbolic links: {why}. {remedy}"));
        }
    }

    fn describe(&mut self, facts: &TargetFacts) {
        let kinds = [LinkKind::Symlink, LinkKind::Hardlink, LinkKind::Copy, LinkKind::Shortcut];
        let choice = [LinkChoice::Symlink, LinkChoice::Hardlink, LinkChoice::Copy, LinkChoice::Shortcut];
        self.link_kinds =
            kinds.into_iter().zip(choice).filter(|(_, choice)| facts.best_link(*choice).is_ok()).map(|(kind, _)| kind).collect();
        self.link_auto = facts.best_link(LinkChoice::Auto).ok().flatten();
        match self.link_auto {
            Some(LinkKind::Symlink) => self.say(Grade::Good, FindingCode::Symlinks, "Albums can be folders of links: they take no extra space."),
            Some(LinkKind::Hardlink) => self.say(
                Grade::Note,
                FindingCode::HardLinks,
                "Symbolic links do not work here, hard links do: albums take no extra space, but copying the library elsewhere may double it.",
            ),
            _ => self.say(
                Grade::Warning,
                FindingCode::NoLinks,
                "Links do not work on this disk. Album folders would hold copies, which take the space again; they can also be left out.",
            ),
        }
        if let Ability::Missing { refusal: Some(refusal), .. } = &facts.symlinks {
            self.say_remedy(*refusal);
        }
        match facts.kind() {
            DiskKind::Memory => self.say(
                Grade::Warning,
                FindingCode::InMemory,
                "This folder is kept in memory: everything in it is lost when the computer stops.",
            ),
            DiskKind::Fat => {
                self.say(Grade::Warning, FindingCode::LargeFiles, "This is a FAT disk: it takes no film larger than 4 GB.")
            }
            DiskKind::Network => self.say(
                Grade::Note,
                FindingCode::Network,
                "The folder is on a server. Photokeep keeps its catalog on this computer and a copy of it in the library.",
            ),
            DiskKind::Ordinary => {}
        }
        if !facts.locks.works() {
            self.say(
                Grade::Warning,
                FindingCode::NoLocks,
                "This disk has no locks. Do not let two computers work on this library at the same time.",
            );
        }
        if !facts.names.case_sensitive {
            self.say(
                Grade::Note,
                FindingCode::CaseInsensitive,
                "Upper and lower case make no difference here; a second name that differs only in case gets a number.",
            );
        }
        if !facts.names.refused.is_empty() {
            self.say(
                Grade::Note,
                FindingCode::RefusedCharacters,
                "Some characters cannot be in file names here; Photokeep writes _ instead.",
            );
        }
        if facts.times.as_ref().is_none_or(|times| times.step_nanos >= 1_000_000_000 || times.earliest > 0) {
            self.say(
                Grade::Note,
                FindingCode::CoarseTimes,
                "This disk keeps the date of a file less exactly; the catalog keeps it to the second.",
            );
        }
    }
}

/// Whether this host may open a folder at all.
pub(super) fn may_be_opened(desk: &Arc<Desk>, folder: &Path) -> Result<()> {
    must_be_a_path(folder)?;
    if !desk.host.capabilities().choose_library && desk.place().is_some_and(|place| place.folder != folder) {
        return Err(Error::new(Code::Usage, "This Photokeep was started for one library and opens no other."));
    }
    Ok(())
}

/// Opens a folder, making a library in it when it holds none, and remembers it.
pub(crate) async fn open(desk: &Arc<Desk>, request: OpenFolder) -> Result<OpenLibrary> {
    may_be_opened(desk, &request.folder)?;
    desk.must_be_idle()?;
    let app = desk.app.clone();
    let folder = request.folder.clone();
    let changes: OptionChanges = request.options.unwrap_or_default().into();
    blocking(move || {
        if !folder.exists() {
            std::fs::create_dir_all(&folder).map_err(|error| target::target_error(error, &folder))?;
        }
        // Made or opened once, so that a folder that cannot be a library is noticed now.
        Library::open_or_create(&folder, app.home(), changes, false).map(drop)
    })
    .await?;
    let place = Place::new(desk.app.clone(), request.folder.clone());
    desk.settings.change(|settings| settings.library = Some(request.folder.clone()))?;
    desk.set_place(place);
    describe(&desk.open_place()?).await
}

/// Says what is open.
pub(crate) async fn describe(place: &Arc<Place>) -> Result<OpenLibrary> {
    let looked = place.look(|catalog, _| catalog.has_files()).await;
    let (has_files, trouble) = match looked {
        Ok(has_files) => (has_files.unwrap_or(false), None),
        Err(error) => (true, Some(error.into())),
    };
    Ok(OpenLibrary {
        name: folder_name(&place.folder),
        folder: place.folder.clone(),
        is_new: !has_files,
        demo: place.is_demo(),
        trouble,
    })
}

/// A name on a disk of today has at most 255 bytes (ext4, APFS, btrfs, XFS; NTFS counts 255 of UTF-16).
const LONGEST_NAME: usize = 255;

/// A relative path means something else to every host; what no disk takes is told before anything is tried.
pub(crate) fn must_be_a_path(folder: &Path) -> Result<()> {
    let wrong = |what: &str, hint: &str| Err(Error::new(Code::Usage, what).hint(hint));
    if !folder.is_absolute() {
        return wrong(
            "This is not the whole path of a folder.",
            "Write it from the top, for example `/home/you/Pictures/Photokeep` or `D:\\Photos`.",
        );
    }
    if folder.as_os_str().as_encoded_bytes().contains(&0) {
        return wrong("This path holds a character that no name can have.", "Type the name again instead of pasting it.");
    }
    let length = |part: std::path::Component<'_>| {
        if cfg!(windows) { part.as_os_str().to_string_lossy().encode_utf16().count() } else { part.as_os_str().len() }
    };
    if folder.components().any(|part| length(part) > LONGEST_NAME) {
        return wrong("A part of this path is longer than the 255 bytes that a name can have.", "Choose a shorter name.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_no_disk_takes_are_refused_before_anything_is_made() {
        let root = if cfg!(windows) { "C:\\" } else { "/" };
        let refused = |name: &str| must_be_a_path(&Path::new(root).join(name)).err().map(|error| error.code);
        assert_eq!(refused(&"a".repeat(255)), None);
        assert_eq!(refused(&"a".repeat(256)), Some(Code::Usage));
        assert_eq!(refused("a\0b"), Some(Code::Usage));
        assert_eq!(must_be_a_path(Path::new("photos")).err().map(|error| error.code), Some(Code::Usage));
    }
}
