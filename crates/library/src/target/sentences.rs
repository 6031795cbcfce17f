//! What was found out about a disk, in sentences for `photokeep doctor` and the folder step of the first start.

use chrono::DateTime;

use super::facts::{Ability, Ending, LengthUnit, NameFacts, TargetFacts, TimeFacts};
use super::mount::{Family, family};

impl TargetFacts {
    /// Plain sentences, one fact each, the same for the same facts.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = vec![match &self.file_system {
            Some(name) => format!("The disk ({name}) has {} of {} free.", size(self.free_bytes), size(self.total_bytes)),
            None => format!("The disk has {} of {} free.", size(self.free_bytes), size(self.total_bytes)),
        }];
        match self.file_system.as_deref().map(family) {
            Some(Family::Network) => {
                said.push(
                    "It is on a server; Photokeep keeps its catalog on this computer and a copy of it in the library.".into(),
                );
            }
            Some(Family::Fat) => said.push("It is a FAT disk: no file on it can be larger than 4 GiB.".into()),
            Some(Family::Memory) => said.push("It is kept in memory: everything on it is lost when the computer stops.".into()),
            Some(Family::WindowsDisk | Family::Ordinary) | None => {}
        }
        said.push(match (&self.symlinks, &self.hard_links) {
            (Ability::Works, _) => "Symbolic links work here; album folders use them.".into(),
            (Ability::Missing { why, .. }, Ability::Works) => {
                format!("Symbolic links do not work here: {why}. Hard links do; album folders use them.")
            }
            (Ability::Missing { why, .. }, Ability::Missing { .. }) => {
                format!("Neither symbolic nor hard links work here: {why}. Album folders hold copies, which take room.")
            }
        });
        if let Ability::Missing { refusal: Some(refusal), .. } = &self.symlinks {
            said.extend(refusal.remedy().map(str::to_owned));
        }
        said.extend(name_sentences(&self.names));
        said.push(match &self.times {
            Some(times) => time_sentence(times),
            None => "Files here do not keep the date that is given to them; the catalog keeps it.".into(),
        });
        if let Ability::Missing { why, .. } = &self.rename_replaces {
            said.push(format!("A file cannot be replaced in one step here: {why}."));
        }
        if !self.rename_keeps.works() {
            said.push(
                "The disk itself does not prevent a file from being overwritten; Photokeep looks before it renames.".into(),
            );
        }
        said.push(match &self.locks {
            Ability::Works => "Locks work here: two runs cannot meet.".into(),
            Ability::Missing { why, .. } => {
                format!("Locks do not work here: {why}. Do not let two computers work on this library at the same time.")
            }
        });
        said
    }
}

fn name_sentences(names: &NameFacts) -> Vec<String> {
    let mut said = Vec::new();
    said.push(if names.case_sensitive {
        "Upper and lower case make two names here.".into()
    } else {
        "Upper and lower case make no difference here; a second IMG.jpg beside img.jpg gets a number.".into()
    });
    if !names.case_preserved {
        said.push("The disk changes the case of names; Photokeep recognises them.".into());
    }
    if !names.normalization_sensitive {
        said.push("The two ways to write an accented letter make one name here.".into());
    }
    if !names.normalization_preserved {
        said.push("The disk rewrites accented letters in its own way; Photokeep recognises them.".into());
    }
    if !names.refused.is_empty() {
        let refused: Vec<String> = names.refused.iter().map(char::to_string).collect();
        said.push(format!("These characters are refused in names and become _: {}", refused.join(" ")));
    }
    if names.trailing_dot != Ending::Kept || names.trailing_space != Ending::Kept {
        said.push("Names cannot end in a dot or a space here.".into());
    }
    match (names.non_ascii, names.emoji) {
        (true, true) => said.push("Names in every script work here, emoji too.".into()),
        (true, false) => said.push("Names in every script work here; emoji become _.".into()),
        (false, _) => said.push("Only plain Latin letters work in names here; all others become _.".into()),
    }
    let unit = match names.limit.unit {
        LengthUnit::Bytes => "bytes",
        LengthUnit::Utf16 => "UTF-16 units",
        LengthUnit::Chars => "characters",
    };
    said.push(format!("A name can have {} {unit}; longer ones are shortened before their extension.", names.limit.max));
    said
}

fn time_sentence(times: &TimeFacts) -> String {
    let year =
        |seconds: i64| DateTime::from_timestamp(seconds, 0).map_or_else(|| "?".to_owned(), |time| time.format("%Y").to_string());
    let precision = match times.step_nanos {
        1_000_000_000 => ", in whole seconds",
        2_000_000_000 => ", in steps of two seconds",
        _ => "",
    };
    format!(
        "File dates from {} to {} can be kept{precision}; others are moved to the nearest.",
        year(times.earliest),
        year(times.latest)
    )
}

/// A size in the units that every other place uses (`indicatif`'s `HumanBytes`).
fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    UNITS
        .into_iter()
        .find(|(factor, _)| bytes >= *factor)
        .map_or_else(|| format!("{bytes} B"), |(factor, unit)| format!("{:.2} {unit}", bytes as f64 / factor as f64))
}

#[cfg(test)]
mod tests {
    use super::super::facts::facts_for_tests;
    use super::*;

    #[test]
    fn a_good_disk_in_sentences() {
        assert_eq!(
            facts_for_tests().sentences(),
            [
                "The disk (ext4) has 4.66 GiB of 18.63 GiB free.",
                "Symbolic links work here; album folders use them.",
                "Upper and lower case make two names here.",
                "Names in every script work here, emoji too.",
                "A name can have 255 bytes; longer ones are shortened before their extension.",
                "File dates from 1901 to 2446 can be kept; others are moved to the nearest.",
                "Locks work here: two runs cannot meet.",
            ]
        );
    }

    #[test]
    fn a_poor_disk_in_sentences() {
        let mut facts = facts_for_tests();
        facts.file_system = Some("vfat".into());
        facts.free_bytes = 999;
        facts.symlinks = Ability::missing("the file system does not have them");
        facts.hard_links = facts.symlinks.clone();
        facts.rename_keeps = Ability::missing("unknown");
        facts.locks = Ability::missing("the server refuses");
        facts.names = NameFacts { non_ascii: false, emoji: false, ..NameFacts::windows() };
        facts.times = Some(TimeFacts { earliest: 315_532_800, latest: 4_354_819_198, step_nanos: 2_000_000_000 });
        assert_eq!(
            facts.sentences(),
            [
                "The disk (vfat) has 999 B of 18.63 GiB free.",
                "It is a FAT disk: no file on it can be larger than 4 GiB.",
                "Neither symbolic nor hard links work here: the file system does not have them. Album folders hold copies, which take room.",
                "Upper and lower case make no difference here; a second IMG.jpg beside img.jpg gets a number.",
                "These characters are refused in names and become _: \" * : < > ? \\ |",
                "Names cannot end in a dot or a space here.",
                "Only plain Latin letters work in names here; all others become _.",
                "A name can have 255 UTF-16 units; longer ones are shortened before their extension.",
                "File dates from 1980 to 2107 can be kept, in steps of two seconds; others are moved to the nearest.",
                "The disk itself does not prevent a file from being overwritten; Photokeep looks before it renames.",
                "Locks do not work here: the server refuses. Do not let two computers work on this library at the same time.",
            ]
        );
    }
}
