//! What was found out about the disk of a library, and what follows from it for album links and file times.
//!
//! Nothing here touches a disk: [`probe`](super::probe::probe) tries things for real and fills these structs, the
//! catalog remembers them as JSON, [`NameRules`](super::names::NameRules) turns [`NameFacts`] into names.

use std::collections::BTreeSet;

use photokeep_model::{Code, Error, LinkChoice, LinkKind, Result};
use serde::{Deserialize, Serialize};

use super::mount::{Family, family};

/// Whether something was tried and worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ability {
    /// It was done and the result was right.
    Works,
    /// It was refused, or the result was wrong.
    Missing {
        /// The reason, as the end of a sentence ("… do not work here: {why}.").
        why: String,
        /// Of symbolic links: what stands behind it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refusal: Option<LinkRefusal>,
    },
}

/// Why there are no symbolic links. What a person can do about it is in [`LinkRefusal::remedy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkRefusal {
    /// Windows lets only administrators make them until its developer mode is switched on.
    DeveloperMode,
    /// This account has not got the right, for example by its employer's rules.
    Privilege,
    /// The disk's file system has none: FAT, exFAT.
    FileSystem,
    /// A share whose server, or the rules for it on this computer, do not allow them.
    SharePolicy,
    /// Something else.
    #[serde(other)]
    Other,
}

impl LinkRefusal {
    /// The reason, as the end of a sentence ("… do not work here: {why}."); `None` where only the system's own words tell.
    pub fn why(self) -> Option<&'static str> {
        match self {
            Self::DeveloperMode => Some("Windows makes them only in its developer mode, or for administrators"),
            Self::Privilege => Some("this account has not got the right to make them"),
            Self::FileSystem => Some("the file system does not have them"),
            Self::SharePolicy => Some("the server of this share, or the rules for shares on this computer, do not allow them"),
            Self::Other => None,
        }
    }

    /// What a person can do about it, in one sentence.
    pub fn remedy(self) -> Option<&'static str> {
        match self {
            Self::DeveloperMode => Some("Switch on \"Developer Mode\" in the Windows settings, then look again."),
            Self::Privilege => {
                Some("Whoever looks after this computer can give your account the right \"Create symbolic links\".")
            }
            Self::FileSystem => Some("A disk formatted as NTFS, APFS or ext4 has them; formatting erases a disk."),
            Self::SharePolicy => Some("Whoever looks after the server can allow symbolic links on the share."),
            Self::Other => None,
        }
    }
}

impl Ability {
    /// Creates the negative answer.
    pub fn missing(why: impl Into<String>) -> Self {
        Self::Missing { why: why.into(), refusal: None }
    }

    /// Whether it works.
    pub fn works(&self) -> bool {
        matches!(self, Self::Works)
    }
}

/// What happens to a dot or a space at the end of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    /// It comes back as written.
    Kept,
    /// The name comes back without it, so that `a.` and `a` are one file.
    Dropped,
    /// The name is refused.
    Refused,
}

/// What the length of a name is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LengthUnit {
    /// UTF-8 bytes (ext4, XFS, Btrfs, APFS over most servers).
    Bytes,
    /// UTF-16 code units (NTFS, exFAT, FAT).
    Utf16,
    /// Unicode scalar values.
    Chars,
}

/// The longest file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameLimit {
    /// How many units; at most [`NameLimit::MAX`], also where a target takes more, so that a library can be copied elsewhere.
    pub max: usize,
    /// Which units.
    pub unit: LengthUnit,
}

impl NameLimit {
    /// What every common file system takes; longer names are never made.
    pub const MAX: usize = 255;

    /// The length of a name in this limit's unit.
    pub fn measure(&self, name: &str) -> usize {
        match self.unit {
            LengthUnit::Bytes => name.len(),
            LengthUnit::Utf16 => name.encode_utf16().count(),
            LengthUnit::Chars => name.chars().count(),
        }
    }
}

/// How the target treats names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameFacts {
    /// `a` and `A` are two files.
    pub case_sensitive: bool,
    /// Upper and lower case come back as written (not on lowntfs-3g with `ignore_case`, nor on some old servers).
    pub case_preserved: bool,
    /// A composed and a decomposed `é` are two files.
    pub normalization_sensitive: bool,
    /// Composed and decomposed names both come back as written (not on HFS+).
    pub normalization_preserved: bool,
    /// Invisible characters such as U+200D make no difference between two names.
    pub ignores_invisible: bool,
    /// Which of `< > : " \ | ? *` are refused, or come back as something else.
    pub refused: BTreeSet<char>,
    /// Control characters are taken. Photokeep writes none; this is for `doctor` and for reading foreign trees.
    pub control_characters: bool,
    /// `name.`
    pub trailing_dot: Ending,
    /// `name `
    pub trailing_space: Ending,
    /// Letters of other scripts, up to U+FFFF.
    pub non_ascii: bool,
    /// Characters beyond U+FFFF and sequences of them.
    pub emoji: bool,
    /// `NUL`, `AUX.jpg` and their like are ordinary names.
    pub device_names: bool,
    /// The longest name.
    pub limit: NameLimit,
}

impl NameFacts {
    /// A file system that takes every byte but `/` and NUL, as ext4 does.
    pub fn permissive() -> Self {
        Self {
            case_sensitive: true,
            case_preserved: true,
            normalization_sensitive: true,
            normalization_preserved: true,
            ignores_invisible: false,
            refused: BTreeSet::new(),
            control_characters: true,
            trailing_dot: Ending::Kept,
            trailing_space: Ending::Kept,
            non_ascii: true,
            emoji: true,
            device_names: true,
            limit: NameLimit { max: NameLimit::MAX, unit: LengthUnit::Bytes },
        }
    }

    /// NTFS under Windows.
    pub fn windows() -> Self {
        Self {
            case_sensitive: false,
            refused: "<>:\"\\|?*".chars().collect(),
            control_characters: false,
            trailing_dot: Ending::Dropped,
            trailing_space: Ending::Dropped,
            device_names: false,
            limit: NameLimit { max: NameLimit::MAX, unit: LengthUnit::Utf16 },
            ..Self::permissive()
        }
    }

    /// Whether a name in a listing of a folder is the name as it was written. Where it is not, listings are compared by
    /// [`NameRules::collision_key`](super::names::NameRules::collision_key).
    pub fn listed_as_written(&self) -> bool {
        self.case_preserved && self.normalization_preserved
    }

    /// Whether names need the stricter set of both predecessors (`predecessors.md` 1.5). They went by the file system's name and
    /// missed ntfs-3g and SMB (1.14); this goes by what the target does.
    pub fn windows_like(&self) -> bool {
        !self.refused.is_empty() || self.trailing_dot != Ending::Kept || self.trailing_space != Ending::Kept
    }
}

/// Which modification times the target stores exactly to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeFacts {
    /// The earliest, in seconds since 1970.
    pub earliest: i64,
    /// The latest, in seconds since 1970.
    pub latest: i64,
    /// The step between two storable times, in nanoseconds: 1 on ext4, 100 on NTFS, two seconds on FAT.
    pub step_nanos: u64,
}

impl TimeFacts {
    /// The nearest time that the target can hold: raised or lowered into its range, rounded down to its step.
    pub fn storable(&self, seconds: i64, nanos: u32) -> (i64, u32) {
        if seconds < self.earliest {
            return (self.earliest, 0);
        }
        if seconds > self.latest {
            return (self.latest, 0);
        }
        let step = i128::from(self.step_nanos.max(1));
        let exact = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        let rounded = exact.div_euclid(step) * step;
        let whole = i64::try_from(rounded.div_euclid(1_000_000_000)).unwrap_or(seconds);
        (whole, u32::try_from(rounded.rem_euclid(1_000_000_000)).unwrap_or(0))
    }

    /// Whether the second is in the target's range.
    pub fn holds(&self, seconds: i64) -> bool {
        (self.earliest..=self.latest).contains(&seconds)
    }
}

/// Everything known about the disk of a library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetFacts {
    /// The file system's name as the system says it (`ext4`, `fuseblk`, `cifs`); `None` where it cannot be asked. Only for people:
    /// every decision goes by what was tried.
    pub file_system: Option<String>,
    /// Bytes free for this user.
    pub free_bytes: u64,
    /// Bytes in all.
    pub total_bytes: u64,
    /// Relative symbolic links.
    pub symlinks: Ability,
    /// Hard links.
    pub hard_links: Ability,
    /// Renaming onto an existing file replaces it.
    pub rename_replaces: Ability,
    /// Renaming can be asked to fail when the new name exists.
    pub rename_keeps: Ability,
    /// A lock on a file keeps a second one out.
    pub locks: Ability,
    /// Names.
    pub names: NameFacts,
    /// Modification times; `None` when the target keeps none that are set.
    pub times: Option<TimeFacts>,
}

/// What a disk's kind means for a library, whatever its file system is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskKind {
    /// An ordinary local disk.
    Ordinary,
    /// On a server.
    Network,
    /// FAT and its like: no file larger than 4 GiB.
    Fat,
    /// In memory: gone when the computer stops.
    Memory,
}

impl TargetFacts {
    /// What the disk's kind means.
    pub fn kind(&self) -> DiskKind {
        match self.file_system.as_deref().map(family) {
            Some(Family::Network) => DiskKind::Network,
            Some(Family::Fat) => DiskKind::Fat,
            Some(Family::Memory) => DiskKind::Memory,
            Some(Family::WindowsDisk | Family::Ordinary) | None => DiskKind::Ordinary,
        }
    }

    /// The kind of album link to make: the wanted one, or with [`LinkChoice::Auto`] the first that works of symbolic link, hard
    /// link and copy. `None` when no album folders are wanted.
    ///
    /// # Errors
    /// [`Code::Usage`] when the user asked for a kind that the target refuses.
    pub fn best_link(&self, choice: LinkChoice) -> Result<Option<LinkKind>> {
        let wanted = match choice {
            LinkChoice::None => return Ok(None),
            LinkChoice::Auto if self.symlinks.works() => LinkKind::Symlink,
            LinkChoice::Auto if self.hard_links.works() => LinkKind::Hardlink,
            LinkChoice::Auto | LinkChoice::Copy => LinkKind::Copy,
            LinkChoice::Shortcut => LinkKind::Shortcut,
            LinkChoice::Symlink => {
                demand(&self.symlinks, "Symbolic links")?;
                LinkKind::Symlink
            }
            LinkChoice::Hardlink => {
                demand(&self.hard_links, "Hard links")?;
                LinkKind::Hardlink
            }
        };
        Ok(Some(wanted))
    }

    /// The nearest modification time that the target can hold ([`TimeFacts::storable`]); the time itself where it holds none, as
    /// trying does no harm.
    pub fn holdable(&self, seconds: i64, nanos: u32) -> (i64, u32) {
        self.times.map_or((seconds, nanos), |times| times.storable(seconds, nanos))
    }
}

fn demand(ability: &Ability, what: &str) -> Result<()> {
    match ability {
        Ability::Works => Ok(()),
        Ability::Missing { why, .. } => Err(Error::new(Code::Usage, format!("{what} do not work on this disk: {why}."))
            .hint("Choose links \"auto\": Photokeep then takes the best kind that works here, at worst copies.")),
    }
}

#[cfg(test)]
pub(crate) fn facts_for_tests() -> TargetFacts {
    TargetFacts {
        file_system: Some("ext4".into()),
        free_bytes: 5_000_000_000,
        total_bytes: 20_000_000_000,
        symlinks: Ability::Works,
        hard_links: Ability::Works,
        rename_replaces: Ability::Works,
        rename_keeps: Ability::Works,
        locks: Ability::Works,
        names: NameFacts::permissive(),
        times: Some(TimeFacts { earliest: -2_147_483_648, latest: 15_032_385_535, step_nanos: 1 }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn auto_takes_the_best_link_that_works() {
        let mut facts = facts_for_tests();
        assert_eq!(facts.best_link(LinkChoice::Auto).unwrap(), Some(LinkKind::Symlink));
        facts.symlinks = Ability::missing("refused");
        assert_eq!(facts.best_link(LinkChoice::Auto).unwrap(), Some(LinkKind::Hardlink));
        facts.hard_links = Ability::missing("refused");
        assert_eq!(facts.best_link(LinkChoice::Auto).unwrap(), Some(LinkKind::Copy));
        assert_eq!(facts.best_link(LinkChoice::Shortcut).unwrap(), Some(LinkKind::Shortcut));
        assert_eq!(facts.best_link(LinkChoice::None).unwrap(), None);
    }

    #[test]
    fn a_wanted_kind_that_is_refused_is_said_and_not_replaced() {
        let mut facts = facts_for_tests();
        facts.symlinks = Ability::missing("the disk refuses them");
        let error = facts.best_link(LinkChoice::Symlink).unwrap_err();
        assert_eq!(error.code, Code::Usage);
        assert_eq!(error.message, "Symbolic links do not work on this disk: the disk refuses them.");
        assert!(error.hint.is_some());
        assert_eq!(facts.best_link(LinkChoice::Hardlink).unwrap(), Some(LinkKind::Hardlink));
    }

    #[test]
    fn times_out_of_range_are_moved_to_the_nearest_end() {
        let fat = TimeFacts { earliest: 315_532_800, latest: 4_354_819_198, step_nanos: 2_000_000_000 };
        assert_eq!(fat.storable(0, 7), (315_532_800, 0));
        assert_eq!(fat.storable(9_000_000_000, 7), (4_354_819_198, 0));
        assert_eq!(fat.storable(1_000_000_001, 999), (1_000_000_000, 0));
        assert!(fat.holds(315_532_800) && !fat.holds(315_532_799));
        let ntfs = TimeFacts { earliest: -11_644_473_600, latest: i64::MAX, step_nanos: 100 };
        assert_eq!(ntfs.storable(-1, 123_456_789), (-1, 123_456_700));
    }

    #[test]
    fn facts_survive_json() {
        let mut facts = facts_for_tests();
        facts.names = NameFacts::windows();
        facts.locks = Ability::missing("not supported");
        let text = serde_json::to_string(&facts).unwrap();
        assert_eq!(serde_json::from_str::<TargetFacts>(&text).unwrap(), facts);
    }
}
