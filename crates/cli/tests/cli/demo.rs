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
