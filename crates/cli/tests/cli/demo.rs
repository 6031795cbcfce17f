//! The demo: what a newcomer sees first.

use std::process::Command;

#[test]
fn the_demo_makes_a_library_and_finds_nothing_new_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let demo = || {
        let ran = Command::new(env!("CARGO_BIN_EXE_photokeep"))
            .args(["demo", "demo", "--items", "15"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    };
    let first = demo();
    assert!(first.contains("15  added"), "{first}");
    assert!(first.contains("Complete"), "{first}");
    assert!(first.contains("└─ photos"), "{first}");
    let second = demo();
    assert!(second.contains("0  added") && second.contains("15  already here"), "{second}");
}

#[test]
fn a_demo_refuses_a_folder_with_foreign_files_and_leaves_it_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let demo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_photokeep"));
        let ran = command.arg("demo").args(arguments).args(["--items", "3"]).current_dir(folder.path()).output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
    };
    let make = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "mine").unwrap();
    };
    let before = || crate::whole::tree(folder.path()).into_keys().collect::<Vec<_>>();
    make("photos/mine.jpg");
    // Its name alone makes it no earlier demo.
    make("other/library/mine.jpg");
    make("plain");
    let there = before();
    for (name, word) in [("photos", "not from a demo"), ("other", "not from a demo"), ("plain", "is a file")] {
        let (code, said) = demo(&[name]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(word) && said.contains("Nothing was changed.") && said.contains("empty folder"), "{said}");
        assert!(!said.contains("delete"), "{said}");
    }
    assert_eq!(before(), there, "no state folder, nothing");
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    assert_eq!(demo(&["empty"]).0, Some(0));
    // Inside a library it cannot be, and it leaves no folder either.
    let (code, said) = demo(&["empty/library/demo"]);
    assert_eq!(code, Some(2), "{said}");
    let (code, said) = demo(&["empty/library"]);
    assert!(code == Some(2) && said.contains("is a library"), "{said}");
    assert!(!folder.path().join("empty/library/demo").exists() && !folder.path().join("empty/library/state").exists());
}
