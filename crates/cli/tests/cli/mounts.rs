//! Disks that are read-only or full, with real file systems. Needs the right to mount; without it each test says that it
//! was skipped.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;

use photokeep_simulator::photo_library::Content;

use crate::whole::{self, tree};
use crate::world::{World, album, photos, with_albums};

/// A small disk of memory, gone with this value.
struct Disk(PathBuf);

impl Disk {
    /// None where mounting is not allowed.
    fn mount(at: &Path, options: &str) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let done = mount(&["-t", "tmpfs", "-o", options, "tmpfs"], at);
        if !done {
            eprintln!("SKIPPED: this user may not mount a tmpfs");
        }
        done.then(|| Self(at.to_owned()))
    }

    fn change(&self, options: &str) {
        assert!(mount(&["-o", &format!("remount,{options}")], &self.0), "{options}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn mount(arguments: &[&str], at: &Path) -> bool {
    Command::new("mount")
        .args(arguments)
        .arg(at)
        .stderr(std::process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[test]
fn a_read_only_library_ends_with_7_and_goes_on_when_it_is_writable() {
    let world = World::with(Default::default(), with_albums(6, vec![album("Trip", [1, 2])]));
    let Some(disk) = Disk::mount(&world.library(), "size=8m") else { return };
    world.sign_in();
    world.sync();
    let before = tree(&world.library());
    world.control.add_item(crate::world::photo(20)).unwrap();
    disk.change("ro");
    // What is there can still be compared.
    world.run(&["verify", "LIBRARY"]).ends(0);
    // Copying leaves out empty folders, and nothing temporary is needed to compare.
    disk.change("rw");
    std::fs::remove_dir(world.library().join(".photokeep/tmp")).unwrap();
    disk.change("ro");
    world.run(&["verify", "LIBRARY"]).ends(0);
    disk.change("rw");
    std::fs::create_dir(world.library().join(".photokeep/tmp")).unwrap();
    disk.change("ro");
    for arguments in [&["sync", "LIBRARY"][..], &["doctor", "LIBRARY"]] {
        let ran = world.run(arguments).ends(7);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains("can only be read, not written"), "{arguments:?}: {said}");
    }
    world.run(&["status", "LIBRARY"]).ends(0);
    // The disk is one finding of a check-up; the rest is examined all the same.
    let examined = |told: &str| {
        for sentence in [
            "The catalog is sound.",
            "carries a sound copy of the catalog",
            "6 stored files were glanced at; nothing is missing.",
            "Signed in as",
            "Google answers",
        ] {
            assert!(told.contains(sentence), "{sentence}: {told}");
        }
        assert_eq!(told.lines().filter(|line| line.starts_with("!!")).count(), 1, "{told}");
    };
    examined(&world.run(&["doctor", "LIBRARY"]).ends(7).out);
    assert_eq!(tree(&world.library()), before);
    // As a backup program leaves it: without its empty folders. It cannot even be opened for a run.
    disk.change("rw");
    std::fs::remove_dir(world.library().join(".photokeep/tmp")).unwrap();
    disk.change("ro");
    examined(&world.run(&["doctor", "LIBRARY"]).ends(7).out);
    disk.change("rw");
    world.sync();
    whole::check(&world);
}

#[test]
fn a_read_only_disk_refuses_a_new_library_with_7() {
    let world = World::with(Default::default(), photos(1));
    let Some(disk) = Disk::mount(&world.library(), "size=1m") else { return };
    disk.change("ro");
    // Before anybody is sent to a browser.
    let client = ["sign-in", "LIBRARY", "--client-secret", "client_secret.json", "--no-browser", "--whole-library"];
    let ran = world.run(&client).ends(7);
    assert!(ran.err.contains("can only be read, not written"), "{}", ran.err);
}

#[test]
fn a_full_disk_ends_with_7_keeps_what_came_and_goes_on_when_there_is_room() {
    let mut library = with_albums(60, vec![album("Trip", 0..60)]);
    for item in &mut library.items {
        let Content::Filler { size, .. } = &mut item.content else { panic!() };
        *size += 30_000;
    }
    let world = World::with(Default::default(), library);
    let Some(disk) = Disk::mount(&world.library(), "size=1m") else { return };
    world.sign_in();
    let ran = world.run(&["sync", "LIBRARY", "--json"]).ends(7);
    assert!(ran.err.contains("is full. What is stored so far is safe."), "{}", ran.err);
    let receipt = ran.receipt();
    assert_eq!((&receipt["complete"], &receipt["outcome"]["stopped"]["code"]), (&false.into(), &"target-full".into()));
    let kept = whole::nothing_half(&world, &whole::at_google(&world.control));
    assert!(kept > 0 && kept < 60, "{kept}");
    // Still full: the same again, nothing worse.
    world.run(&["sync", "LIBRARY"]).ends(7);
    assert!(whole::nothing_half(&world, &whole::at_google(&world.control)) >= kept);
    disk.change("size=16m");
    let receipt = world.sync();
    assert!(receipt["already"].as_u64().unwrap() >= kept as u64, "{receipt:#}");
    whole::check(&world);
    world.run(&["verify", "LIBRARY"]).ends(0);
}

#[test]
fn a_disk_that_is_swapped_for_another_is_not_taken_for_the_library() {
    let world = World::with(Default::default(), photos(5));
    let Some(first) = Disk::mount(&world.library(), "size=8m") else { return };
    world.sign_in();
    world.sync();
    let Some(second) = Disk::mount(&world.library(), "size=8m") else { return };
    std::fs::write(world.library().join("holiday.txt"), "of somebody else").unwrap();
    let ran = world.run(&["sync", "LIBRARY"]).ends(7);
    assert!(ran.err.contains("its files are not there now"), "{}", ran.err);
    assert_eq!(tree(&world.library()).len(), 1);
    drop(second);
    world.sync();
    whole::check(&world);
    drop(first);
}

/// A disk in a file, as udev names one that is plugged in: by the number of its file system.
struct Stick {
    image: PathBuf,
    name: PathBuf,
    /// Whether the name is of this test's making, because no udev is here.
    named_here: bool,
}

impl Stick {
    const NUMBER: &str = "0b5f1c8e-6f6a-4a51-9a54-7c1f0d2e9a11";

    fn new(image: PathBuf) -> Self {
        std::fs::File::create(&image).unwrap().set_len(24 << 20).unwrap();
        let made = Command::new("mke2fs").args(["-q", "-F", "-U", Self::NUMBER]).arg(&image).status();
        assert!(made.unwrap().success());
        Self { image, name: Path::new("/dev/disk/by-uuid").join(Self::NUMBER), named_here: false }
    }

    /// None where mounting is not allowed.
    fn plug_in(&mut self, at: &Path) -> Option<Disk> {
        std::fs::create_dir_all(at).unwrap();
        if !mount(&["-o", "loop", &self.image.display().to_string()], at) {
            eprintln!("SKIPPED: this user may not mount a file");
            return None;
        }
        let disk = Disk(at.to_owned());
        // Whoever has udev need not be told; it may take its time.
        if !Path::new("/run/udev/control").exists() {
            let told =
                Command::new("losetup").args(["--noheadings", "--output", "NAME", "--associated"]).arg(&self.image).output();
            let device = String::from_utf8(told.unwrap().stdout).unwrap();
            std::fs::create_dir_all(self.name.parent().unwrap()).unwrap();
            let _ = std::fs::remove_file(&self.name);
            std::os::unix::fs::symlink(device.trim(), &self.name).unwrap();
            self.named_here = true;
        }
        let begun = std::time::Instant::now();
        while !self.name.exists() && begun.elapsed().as_secs() < 20 {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Some(disk)
    }
}

impl Drop for Stick {
    fn drop(&mut self) {
        if self.named_here {
            let _ = std::fs::remove_file(&self.name);
        }
    }
}

#[test]
fn a_disk_that_comes_back_elsewhere_is_followed_and_a_copy_of_it_is_not() {
    let world = World::with(Default::default(), with_albums(6, vec![album("Trip", [1, 2])]));
    let mut stick = Stick::new(world.path("stick.img"));
    let (before, after) = (world.path("before"), world.path("after and more"));
    let Some(disk) = stick.plug_in(&before) else { return };
    let library = before.join("My photos");
    let run = |arguments: &[&str]| crate::world::finished(&mut world.command_on(&library, arguments));
    world.sign_in_to(&library);
    run(&["sync", "LIBRARY"]).ends(0);
    let kept = tree(&library);
    assert!(Command::new("cp").arg("-a").arg(&before).arg(world.path("copy")).status().unwrap().success());
    drop(disk);

    // The copy on another disk is no place to go on in, however alike.
    let gone = run(&["status", "LIBRARY", "--json"]).ends(7);
    assert_eq!(gone.json()["folder_is_there"], false, "{}", gone.out);

    let disk = stick.plug_in(&after).unwrap();
    assert_eq!(tree(&after.join("My photos")), kept);
    world.control.add_item(crate::world::photo(20)).unwrap();
    let synced = run(&["sync", "LIBRARY", "--json"]).ends(0);
    assert_eq!((&synced.receipt()["added"], &synced.receipt()["already"]), (&1.into(), &6.into()), "{}", synced.out);
    assert!(run(&["status", "LIBRARY"]).ends(0).err.contains("has another name now: going on with"));
    assert!(!library.exists(), "nothing was made where the disk was");
    run(&["verify", "LIBRARY"]).ends(0);
    drop(disk);
    // And back.
    let _disk = stick.plug_in(&before).unwrap();
    let told = run(&["status", "LIBRARY"]).ends(0);
    assert!(!told.err.contains("another name"), "{}", told.err);
    run(&["verify", "LIBRARY"]).ends(0);
}
