//! Unpacked folders.

use std::ops::ControlFlow;

use photokeep_takeout::archive::{Archive, EntryClass, Form, Reason};

use crate::build::{Desk, paths, read, refusals};

#[test]
fn a_folder_is_listed_in_the_order_of_names_and_read() {
    let desk = Desk::new();
    desk.put("Takeout/Google Photos/Photos from 2019/b.jpg", b"bb");
    desk.put("Takeout/Google Photos/Photos from 2019/a.jpg", b"a");
    desk.put("Takeout/archive_browser.html", b"<html>");
    desk.put("Takeout/Google Photos/._b.jpg", b"mac");
    let archive = Archive::open(&desk.path().join("Takeout")).unwrap();
    assert_eq!(archive.form(), Form::Folder);
    assert_eq!(
        paths(&archive),
        [
            "Google Photos/._b.jpg",
            "Google Photos/Photos from 2019/a.jpg",
            "Google Photos/Photos from 2019/b.jpg",
            "archive_browser.html"
        ]
    );
    assert_eq!(archive.folders(), 2);
    let companion = archive.entries().next().unwrap();
    assert_eq!(companion.class, EntryClass::LeftBehind);
    let entry = archive.entries().nth(2).unwrap();
    assert_eq!((entry.size, entry.crc32, entry.modified.is_some()), (2, None, true));
    assert_eq!(read(&archive, entry.index).unwrap(), b"bb");
}

#[test]
fn a_file_that_changes_after_the_listing_is_noticed() {
    let desk = Desk::new();
    let path = desk.put("Takeout/a.jpg", b"12345");
    let archive = Archive::open(&desk.path().join("Takeout")).unwrap();
    std::fs::write(&path, b"123456").unwrap();
    assert_eq!(read(&archive, 0), Err(Reason::LongerThanDeclared));
    std::fs::write(&path, b"1234").unwrap();
    assert_eq!(read(&archive, 0), Err(Reason::ShorterThanDeclared));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(read(&archive, 0), Err(Reason::Unreadable));
    let walked = archive.walk(&mut |_, _| ControlFlow::Continue(()));
    assert_eq!((walked.given, walked.refused.len()), (0, 1));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    let secret = desk.put("secret/key.txt", b"secret");
    desk.put("Takeout/a.jpg", b"a");
    symlink(&secret, desk.path().join("Takeout/file.jpg")).unwrap();
    symlink(desk.path().join("secret"), desk.path().join("Takeout/folder")).unwrap();
    symlink(".", desk.path().join("Takeout/loop")).unwrap();
    let archive = Archive::open(&desk.path().join("Takeout")).unwrap();
    assert_eq!(paths(&archive), ["a.jpg"]);
    assert_eq!(refusals(&archive).iter().map(|(_, reason)| *reason).collect::<Vec<_>>(), [Reason::Link; 3]);
    // Put there after the listing.
    std::fs::remove_file(desk.path().join("Takeout/a.jpg")).unwrap();
    symlink(&secret, desk.path().join("Takeout/a.jpg")).unwrap();
    assert_eq!(read(&archive, archive.entries().next().unwrap().index), Err(Reason::Link));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_unicode_are_read_all_the_same() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new();
    let folder = desk.path().join("Takeout").join(OsStr::from_bytes(b"M\xfcnchen"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(OsStr::from_bytes(b"\xe4.jpg")), b"1").unwrap();
    std::fs::write(folder.join("plain.jpg"), b"2").unwrap();
    std::fs::write(desk.path().join("Takeout/new\nline.jpg"), b"3").unwrap();
    let archive = Archive::open(&desk.path().join("Takeout")).unwrap();
    assert_eq!(archive.entries().len(), 2);
    for entry in archive.entries() {
        let expected = if entry.path.ends_with("plain.jpg") { b"2" } else { b"1" };
        assert_eq!(read(&archive, entry.index).unwrap(), expected);
    }
    assert_eq!(refusals(&archive).iter().map(|(_, reason)| *reason).collect::<Vec<_>>(), [Reason::ControlCharacter]);
}
