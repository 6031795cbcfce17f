//! The probe on real disks: this machine's own, and file systems in files where the machine can mount them.

#![allow(clippy::unwrap_used, clippy::expect_used)]
use std::process::Command;

use photokeep_model::{Layout, LinkChoice, LinkKind};

use super::super::facts::{Ending, LengthUnit, LinkRefusal, NameFacts, NameLimit};
use super::super::names::NameRules;
use super::*;
use crate::platform::Refusing;

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn a_probe_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    probe(folder.path()).unwrap();
    check_writable(folder.path()).unwrap();
    assert!(is_empty(folder.path()), "`.photokeep` was not there before");

    let private = folder.path().join(PRIVATE);
    fs::create_dir(&private).unwrap();
    fs::write(private.join("file"), "of the library").unwrap();
    probe(folder.path()).unwrap();
    assert_eq!(fs::read_dir(&private).unwrap().count(), 1, "an existing one keeps what it had");
}

#[test]
fn two_probes_of_one_disk_agree_also_at_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    let probes = [(); 4].map(|()| {
        let folder = folder.path().to_owned();
        std::thread::spawn(move || TargetFacts { free_bytes: 0, ..probe(&folder).unwrap() })
    });
    let facts = probes.map(|probe| probe.join().unwrap());
    assert!(facts.iter().all(|other| other == &facts[0]), "{facts:#?}");
}

#[test]
fn a_folder_that_is_not_there_is_gone_and_a_file_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(probe(&folder.path().join("absent")).unwrap_err().code, Code::TargetGone);
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert_eq!(probe(&file).unwrap_err().code, Code::Usage);
}

#[cfg(target_os = "linux")]
#[test]
fn an_ordinary_linux_disk_can_do_everything() {
    let folder = tempfile::tempdir().unwrap();
    let facts = probe(folder.path()).unwrap();
    assert_eq!(facts.names, NameFacts::permissive(), "{facts:#?}");
    assert_eq!(facts.best_link(LinkChoice::Auto).unwrap(), Some(LinkKind::Symlink));
    for ability in [&facts.hard_links, &facts.rename_replaces, &facts.rename_keeps, &facts.locks] {
        assert_eq!(ability, &Ability::Works);
    }
    let times = facts.times.expect("times are kept");
    assert!(times.earliest <= 0 && times.latest >= 2_147_483_647, "{times:?}");
    assert!(!facts.sentences().is_empty());
}

#[test]
fn links_that_windows_refuses_are_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let facts = probe_with(folder.path(), &Refusing).unwrap();
    let Ability::Missing { refusal, .. } = &facts.symlinks else { panic!("{facts:#?}") };
    assert_eq!(*refusal, Some(LinkRefusal::DeveloperMode));
    assert_eq!(facts.best_link(LinkChoice::Auto).unwrap(), Some(LinkKind::Hardlink), "the disk itself has hard links");
    assert_eq!(
        facts.best_link(LinkChoice::Symlink).unwrap_err().message,
        "Symbolic links do not work on this disk: Windows makes them only in its developer mode, or for administrators."
    );
    let said = facts.sentences();
    assert!(said.iter().any(|said| said.starts_with("Switch on \"Developer Mode\"")), "{said:#?}");
    assert!(is_empty(folder.path()));
    assert!(!symlinks_work(folder.path(), &Refusing).unwrap());
    assert_eq!(serde_json::from_str::<TargetFacts>(&serde_json::to_string(&facts).unwrap()).unwrap(), facts);
}

#[test]
fn facts_of_an_earlier_photokeep_are_read() {
    let old: Ability = serde_json::from_str(r#"{"missing":{"why":"the file system does not have them"}}"#).unwrap();
    assert_eq!(old, Ability::missing("the file system does not have them"));
}

/// A file system in a file, mounted on a folder for the time of a test.
pub(super) struct Mounted {
    folder: tempfile::TempDir,
    image: Option<tempfile::NamedTempFile>,
}

impl Mounted {
    /// Makes and mounts it; `None`, with a line that says so, where the machine has not got the tools or the right.
    pub(super) fn new(make: &[&str], mount: &[&str]) -> Option<Self> {
        let image = (!make.is_empty()).then(|| {
            let image = tempfile::NamedTempFile::new().unwrap();
            image.as_file().set_len(48 << 20).unwrap();
            image
        });
        let folder = tempfile::tempdir().unwrap();
        let name = make
            .iter()
            .chain(mount)
            .map(|word| word.lines().find(|line| !line.is_empty()).unwrap_or_default())
            .collect::<Vec<_>>()
            .join(" ");
        let run = |words: &[&str], last: Option<&Path>| {
            let Some((program, arguments)) = words.split_first() else { return true };
            let image = image.as_ref().map(tempfile::NamedTempFile::path);
            match Command::new(program).args(arguments).args(image).args(last).output() {
                Ok(output) if output.status.success() => true,
                Ok(output) => {
                    println!("skipped: this machine cannot do {name}: {}", String::from_utf8_lossy(&output.stderr).trim());
                    false
                }
                Err(error) => {
                    println!("skipped: this machine has no {program}: {error}");
                    false
                }
            }
        };
        if !run(make, None) || !run(mount, Some(folder.path())) {
            return None;
        }
        Some(Self { folder, image })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.folder.path()).status();
        if let Some(image) = &self.image {
            let _ =
                Command::new("sh").args(["-c", r#"losetup -n -O NAME -j "$0" | xargs -r losetup -d"#]).arg(image.path()).status();
        }
    }
}

/// Whatever a disk is, the names made for it are taken and come back.
fn names_made_for_it_are_taken(mounted: &Mounted, facts: &TargetFacts) {
    let hostile = [
        "IMG_0001.JPG",
        "x:y?<>|\"*\\.jpg",
        "../..",
        "a. . ",
        "NUL",
        "aux.jpg",
        "cafe\u{301}.jpg",
        "日本 😀👨\u{200d}👩\u{200d}👧.heic",
        &"x".repeat(400),
        &format!("{}.jpeg", "日".repeat(300)),
        &format!("{}.jpeg", "😀".repeat(300)),
        "\u{202e}\n\t",
    ];
    for layout in [Layout::Photokeep, Layout::GphotosSync, Layout::Gphotosync] {
        let rules = NameRules::new(facts, layout);
        for raw in hostile {
            let cleaned = rules.clean_file_name(raw, "jpg");
            for name in [cleaned.clone(), rules.numbered(&cleaned, 99_999)] {
                let folder = tempfile::tempdir_in(mounted.path()).unwrap();
                fs::write(folder.path().join(&name), "bytes").unwrap_or_else(|error| panic!("{name:?}: {error}"));
                let listed: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
                let [listed] = listed.as_slice() else { panic!("{layout:?} {raw:?}: {listed:?}") };
                let listed = listed.to_str().unwrap();
                assert_eq!(rules.collision_key(listed), rules.collision_key(&name), "{layout:?} {raw:?}");
                assert!(!facts.names.listed_as_written() || listed == name, "{layout:?} {raw:?}: {listed:?}");
            }
        }
    }
}

fn probed(mounted: &Mounted) -> TargetFacts {
    let before = fs::read_dir(mounted.path()).unwrap().count();
    let facts = probe(mounted.path()).unwrap();
    assert_eq!(fs::read_dir(mounted.path()).unwrap().count(), before, "the probe left something behind");
    names_made_for_it_are_taken(mounted, &facts);
    facts
}

#[test]
fn a_fat_disk_has_no_links_and_windows_names() {
    // The kernel's driver, else the one in user space.
    let Some(mounted) = Mounted::new(&["mkfs.vfat"], &["mount", "-t", "vfat", "-o", "loop,utf8=1"])
        .or_else(|| Mounted::new(&["mkfs.vfat"], &["fusefat", "-o", "rw+"]))
    else {
        return;
    };
    let facts = probed(&mounted);
    assert!(!facts.symlinks.works() && !facts.hard_links.works(), "{facts:#?}");
    assert_eq!(facts.best_link(LinkChoice::Auto).unwrap(), Some(LinkKind::Copy));
    assert_eq!(facts.best_link(LinkChoice::Symlink).unwrap_err().code, Code::Usage);
    assert!(!facts.names.case_sensitive);
    assert!(facts.names.windows_like());
    // The driver in user space sets no times at all. FAT begins at 1980 in local time.
    assert!(
        facts.times.is_none_or(|times| times.earliest >= 315_532_800 - 86_400 && times.step_nanos == 2_000_000_000),
        "{facts:#?}"
    );
}

/// This driver takes only block devices.
pub(super) const EXFAT_IN_USER_SPACE: &str = r#"device=$(losetup --find --show "$0") && mount.exfat-fuse "$device" "$1""#;

#[test]
fn an_exfat_disk_counts_names_in_utf16() {
    let Some(mounted) = Mounted::new(&["mkfs.exfat"], &["mount", "-t", "exfat", "-o", "loop"])
        .or_else(|| Mounted::new(&["mkfs.exfat"], &["sh", "-c", EXFAT_IN_USER_SPACE]))
    else {
        return;
    };
    let facts = probed(&mounted);
    assert!(!facts.symlinks.works() && !facts.hard_links.works(), "{facts:#?}");
    assert!(!facts.names.case_sensitive);
    assert!(facts.names.refused.contains(&':'));
    assert_eq!(facts.names.limit, NameLimit { max: 255, unit: LengthUnit::Utf16 });
}

#[test]
fn an_ntfs_disk_is_known_by_what_it_refuses() {
    let make = ["mkntfs", "-F", "-Q"];
    let Some(strict) = Mounted::new(&make, &["lowntfs-3g", "-o", "windows_names,ignore_case"]) else { return };
    let facts = probed(&strict);
    assert!(!facts.names.case_sensitive && !facts.names.case_preserved, "{facts:#?}");
    assert_eq!(facts.names.refused, NameFacts::windows().refused);
    assert_ne!(facts.names.trailing_dot, Ending::Kept);
    assert!(!facts.names.device_names);
    // NTFS counts in UTF-16, but this driver in bytes: what is tried is right, what is known is not.
    assert_eq!(facts.names.limit, NameLimit { max: 255, unit: LengthUnit::Bytes });

    // The same driver without the option takes what Linux takes.
    let Some(lax) = Mounted::new(&make, &["ntfs-3g"]) else { return };
    let facts = probed(&lax);
    assert!(facts.names.case_sensitive && !facts.names.windows_like() && facts.hard_links.works(), "{facts:#?}");
    assert_eq!(facts.names.limit, NameLimit { max: 255, unit: LengthUnit::Utf16 });
    assert_eq!(facts.times.map(|times| times.step_nanos), Some(100));
}

#[test]
fn an_old_ext_disk_ends_in_2038() {
    let Some(mounted) = Mounted::new(&["mkfs.ext4", "-q", "-I", "128"], &["mount", "-o", "loop"]) else { return };
    let times = probed(&mounted).times.expect("times are kept");
    assert_eq!((times.earliest, times.latest, times.step_nanos), (-2_147_483_648, 2_147_483_647, 1_000_000_000));
}

#[test]
fn a_read_only_disk_is_said_to_be_one() {
    let Some(mounted) = Mounted::new(&["mkfs.ext4", "-q"], &["mount", "-o", "loop,ro"]) else { return };
    assert_eq!(probe(mounted.path()).unwrap_err().code, Code::TargetReadOnly);
    assert_eq!(check_writable(mounted.path()).unwrap_err().code, Code::TargetReadOnly);
}

#[test]
fn a_full_disk_is_said_to_be_full_and_not_poor() {
    let Some(mounted) = Mounted::new(&["mkfs.ext4", "-q", "-m", "0"], &["mount", "-o", "loop"]) else { return };
    let mut filler = File::create(mounted.path().join("filler")).unwrap();
    let mut chunk = 1 << 20;
    while chunk > 0 {
        match io::Write::write(&mut filler, &vec![0; chunk]) {
            Ok(_) => {}
            Err(_) => chunk /= 2,
        }
    }
    assert_eq!(probe(mounted.path()).unwrap_err().code, Code::TargetFull);
    assert!(!mounted.path().join(PRIVATE).exists());
}
