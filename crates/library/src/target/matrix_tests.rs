//! `docs/targets.md`: which file system can do what, as the probe finds it on real ones. Each row is compared with the document;
//! `PHOTOKEEP_UPDATE_DOCS=1` writes what was found into it. What this machine cannot mount is skipped and said.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;

use photokeep_model::{Code, LinkChoice, LinkKind};

use super::super::facts::{Ability, Ending, LengthUnit, TargetFacts};
use super::probe;
use super::tests::{EXFAT_IN_USER_SPACE, Mounted};

/// Name in the table, how it is made, how it is mounted.
type Disk = (&'static str, &'static [&'static str], &'static [&'static str]);

const DISKS: [Disk; 10] = [
    ("ext4", &["mkfs.ext4", "-q"], &["mount", "-o", "loop"]),
    ("ext4, made before 2008", &["mkfs.ext4", "-q", "-I", "128"], &["mount", "-o", "loop"]),
    ("memory (tmpfs)", &[], &["mount", "-t", "tmpfs", "tmpfs"]),
    ("FAT32", &["mkfs.vfat"], &["mount", "-t", "vfat", "-o", "loop,utf8=1"]),
    ("FAT32 by fusefat", &["mkfs.vfat"], &["fusefat", "-o", "rw+"]),
    ("exFAT", &["mkfs.exfat"], &["mount", "-i", "-t", "exfat", "-o", "loop"]),
    ("exFAT by exfat-fuse", &["mkfs.exfat"], &["sh", "-c", EXFAT_IN_USER_SPACE]),
    ("NTFS by ntfs-3g", &["mkntfs", "-F", "-Q"], &["ntfs-3g"]),
    ("NTFS by ntfs-3g, Windows names", &["mkntfs", "-F", "-Q"], &["lowntfs-3g", "-o", "windows_names,ignore_case"]),
    ("read-only disk", &["mkfs.ext4", "-q"], &["mount", "-o", "loop,ro"]),
];

const COLUMNS: &str = "| file system | symbolic links | hard links | album folders by default | upper and lower case | names refused | longest name | times |\n|---|---|---|---|---|---|---|---|";

fn document() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/targets.md")
}

fn yes(ability: &Ability) -> &'static str {
    if ability.works() { "yes" } else { "no" }
}

fn row(name: &str, facts: &TargetFacts) -> String {
    let albums = match facts.best_link(LinkChoice::Auto) {
        Ok(Some(LinkKind::Symlink)) => "symbolic links",
        Ok(Some(LinkKind::Hardlink)) => "hard links",
        Ok(Some(_)) => "copies",
        Ok(None) => "none",
        Err(_) => "refused",
    };
    let names = &facts.names;
    let case = match (names.case_sensitive, names.case_preserved) {
        (true, _) => "two names",
        (false, true) => "one name, kept as written",
        (false, false) => "one name, not kept as written",
    };
    let mut refused: Vec<String> = names
        .refused
        .iter()
        .map(|character| format!("`{}`", if *character == '|' { "\\|".to_owned() } else { character.to_string() }))
        .collect();
    if names.trailing_dot != Ending::Kept {
        refused.push("a dot at the end".into());
    }
    if names.trailing_space != Ending::Kept {
        refused.push("a space at the end".into());
    }
    if !names.device_names {
        refused.push("`CON`, `NUL` …".into());
    }
    let refused = if refused.is_empty() { "none".to_owned() } else { refused.join(" ") };
    let unit = match names.limit.unit {
        LengthUnit::Bytes => "bytes",
        LengthUnit::Utf16 => "UTF-16 units",
        LengthUnit::Chars => "characters",
    };
    let times = facts.times.map_or("not kept".to_owned(), |times| match times.step_nanos {
        2_000_000_000 => "to two seconds".to_owned(),
        1_000_000_000 => "to the second".to_owned(),
        step => format!("to {step} ns"),
    });
    let ends = facts.times.filter(|times| times.latest < 4_102_444_800).map_or("", |_| ", until 2038");
    format!(
        "| {name} | {} | {} | {albums} | {case} | {refused} | {} {unit} | {times}{ends} |",
        yes(&facts.symlinks),
        yes(&facts.hard_links),
        names.limit.max
    )
}

#[test]
fn the_table_of_targets_says_what_the_probe_finds() {
    let text = std::fs::read_to_string(document()).unwrap();
    let (mut text, update) = (text, std::env::var_os("PHOTOKEEP_UPDATE_DOCS").is_some());
    assert!(text.contains(COLUMNS), "the table has other columns");
    for (name, make, mount) in DISKS.iter().rev() {
        let Some(mounted) = Mounted::new(make, mount) else { continue };
        let found = match probe(mounted.path()) {
            Ok(facts) => row(name, &facts),
            Err(error) if error.code == Code::TargetReadOnly => {
                format!("| {name} | – | – | no new library; looking and comparing go on | – | – | – | – |")
            }
            Err(error) => panic!("{name}: {error:?}"),
        };
        if update {
            let start = format!("| {name} |");
            text = match text.lines().find(|line| line.starts_with(&start)) {
                Some(line) => text.replace(line, &found),
                None => text.replace(COLUMNS, &format!("{COLUMNS}\n{found}")),
            };
        }
        assert!(text.contains(&found), "docs/targets.md has no longer\n{found}");
    }
    if update {
        std::fs::write(document(), text).unwrap();
    }
}
