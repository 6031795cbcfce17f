//! Google's page: the markup as it was seen, other markup, and pages made to hurt.

use std::io::Read;

use photokeep_takeout::manifest::{Manifest, may_be_archive_page};
use proptest::prelude::*;

/// The shape of a real page, with other contents.
const PAGE: &str = r#"<!DOCTYPE html><html><head><meta charset="UTF-8"><title>Archivinhalt</title><script>var x = "<div class='job-id'>no</div>";</script></head>
<body><section class="header"><div class="job-id hidden">0f8fad5b-d9cb-469f-a165-70867728950e</div>
<h1 class="header_title">Archiv für: anna@example.com</h1>
<div class="header_subtext">3 Sep 2026, 07:07:28 GMT-7 • 24,8 MB • <a href="https://support.google.com/x">Mehr</a> dazu</div></section>
<div class="service_tile_list"><div id="service-tile-PHOTOS" class="service_wrapper"><button class="service"><div class="service_summary">
<div class="service_name"><h1 class="data-folder-name" data-english-name="PHOTOS" data-folder-name="Google Fotos">Google Fotos</h1></div>1.234 Dateien</div></button></div>
<div id="service-tile-DRIVE" class="service_wrapper"><div class="service_summary"><h1 class="data-folder-name" data-english-name="DRIVE" data-folder-name="Drive">Drive</h1>7 Dateien</div></div></div>
<div id="service-details-PHOTOS" class="service-detail"><div class="extracted-list">
<div class="table-row"><button class="extracted-folder"><div class="extracted-folder-name">Fotos von 2019</div></button>
<div class="extracted-child extracted-file-name"><div class="file-leaf"><div class="extracted-file-name"> a  b &amp; c.jpg</div></div></div>
<div class="extracted-child extracted-file-name"><div class="file-leaf"><a href="x" class="takeout-resource-link">Café.gif</a><br></div></div></div>
<div class="table-row"><button class="extracted-folder"><div class="extracted-folder-name">Paris</div></button><p>open
<div class="extracted-child extracted-file-name"><div class="file-leaf"><div class="extracted-file-name"> metadata.json</div></div></div>
<div class="failure-message">Diese Datei <b>fehlt</b></div></div>
<div class="table-row"><div class="file-leaf"><div class="extracted-file-name"> print-subscriptions.json</div></div></div>
</div></div><div id="service-details-DRIVE"><div class="table-row"><div class="file-leaf"><div class="extracted-file-name"> letter.pdf</div></div></div>
<div class="service_error">Drive failed</div></div></body></html>"#;

fn listed(manifest: &Manifest) -> Vec<(String, Vec<String>)> {
    manifest.folders.iter().map(|folder| (folder.path.clone(), folder.files().map(str::to_owned).collect())).collect()
}

#[test]
fn everything_on_the_page_is_found() {
    let manifest = Manifest::read(PAGE.as_bytes()).unwrap();
    assert!(manifest.is_archive_page() && manifest.whole);
    assert_eq!(manifest.job.as_deref(), Some("0f8fad5b-d9cb-469f-a165-70867728950e"));
    assert_eq!(manifest.account.as_deref(), Some("anna@example.com"));
    assert_eq!(manifest.date.as_deref(), Some("3 Sep 2026, 07:07:28 GMT-7"));
    assert_eq!(manifest.size.as_deref(), Some("24,8 MB"));
    let photos = manifest.photos().unwrap();
    assert_eq!((photos.folder.as_deref(), photos.files), (Some("Google Fotos"), Some(1234)));
    assert_eq!(manifest.products[1].files, Some(7));
    let expected = [
        ("Fotos von 2019", vec!["a  b & c.jpg", "Café.gif"]),
        ("Paris", vec!["metadata.json"]),
        ("", vec!["print-subscriptions.json"]),
    ];
    let expected: Vec<(String, Vec<String>)> =
        expected.into_iter().map(|(path, files)| (path.to_owned(), files.into_iter().map(str::to_owned).collect())).collect();
    assert_eq!(listed(&manifest), expected);
    assert_eq!(manifest.listed(), 4);
    let failures: Vec<_> = manifest
        .failures
        .iter()
        .map(|failure| (failure.product.as_deref(), failure.folder.as_deref(), failure.text.as_str()))
        .collect();
    assert_eq!(failures, [(Some("PHOTOS"), Some("Paris"), "Diese Datei fehlt"), (Some("DRIVE"), None, "Drive failed")]);
}

#[test]
fn half_a_page_gives_what_it_has_and_is_not_whole() {
    let half = PAGE.find("Paris").unwrap();
    let manifest = Manifest::read(&PAGE.as_bytes()[..half]).unwrap();
    assert!(!manifest.whole && manifest.is_archive_page());
    assert_eq!(manifest.listed(), 2);
    assert!(!Manifest::read(&b"<html><body>a letter</body></html>"[..]).unwrap().is_archive_page());
    assert!(!Manifest::read(&b""[..]).unwrap().is_archive_page());
}

#[test]
fn which_file_is_the_page() {
    for path in ["archive_browser.html", "przeglądarka_archiwum.html", "ARCHIV.HTM"] {
        assert!(may_be_archive_page(path), "{path}");
    }
    assert!(!may_be_archive_page("Google Photos/page.html") && !may_be_archive_page("a.json"));
}

#[test]
fn a_page_of_a_large_library_is_read_as_a_stream() {
    let start = PAGE.find("<div class=\"table-row\">").unwrap();
    let row = |number: usize| {
        format!(
            "<div class=\"extracted-child extracted-file-name\"><div class=\"file-leaf\"><div class=\"extracted-file-name\"> IMG_{number}.jpg</div></div></div>"
        )
    };
    let open = "<div class=\"table-row\"><button><div class=\"extracted-folder-name\">Photos from 2019</div></button>";
    let rows = (0..50_000).map(row).collect::<String>();
    let manifest = Manifest::read((&PAGE.as_bytes()[..start]).chain(open.as_bytes()).chain(rows.as_bytes())).unwrap();
    assert_eq!(manifest.folders.len(), 1);
    assert_eq!(manifest.listed(), 50_000);
    assert_eq!(manifest.folders[0].files().last(), Some("IMG_49999.jpg"));
}

#[test]
fn endless_comments_texts_and_depths_end() {
    let endless = |head: &'static str, byte: u8| head.as_bytes().chain(std::io::repeat(byte).take(40 << 20));
    for head in ["<html><!--", "<html><div class=\"", "<p>"] {
        assert!(!Manifest::read(endless(head, b'x')).unwrap().whole);
    }
    let deep = "<div class=\"table-row\"><div class=\"extracted-folder-name\">x</div>".repeat(20_000);
    let manifest = Manifest::read(deep.as_bytes()).unwrap();
    assert!(manifest.folders.is_empty());
}

/// A row repeats the names of all folders above it, and a failure had the texts of all inside it: a page of 2 MB made 2 GB.
#[test]
fn a_page_cannot_make_much_out_of_little() {
    let deep = |length, times| {
        format!("<div class=table-row><div class=extracted-folder-name>{}</div>", "x".repeat(length)).repeat(times)
    };
    let row =
        |number| format!("<p class=table-row><b class=extracted-folder-name>{number}</b><b class=extracted-file-name>a</b></p>");
    let rows = (0..40_000).map(row).collect::<String>();
    let read = |page: String| Manifest::read(format!("<html>{page}</html>").as_bytes()).unwrap();

    let manifest = read(deep(1500, 200) + &rows);
    assert!(manifest.folders.is_empty() && !manifest.whole, "a path that no folder has is left out, and it is told");

    let manifest = read(deep(90, 10) + &rows);
    let kept: usize = manifest.folders.iter().map(|folder| 2 * folder.path.len()).sum();
    assert!((32 << 20..64 << 20).contains(&kept) && !manifest.whole, "{kept} bytes of paths");

    let inside = "<div class=failure-message>".repeat(250) + &"word ".repeat(3000) + &"</div>".repeat(250);
    let manifest = read(inside.repeat(10));
    assert_eq!(manifest.failures.len(), 10);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_mutated_page_never_panics(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40), cut in any::<prop::sample::Index>()) {
        let mut bytes = PAGE.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        let manifest = Manifest::read(&bytes[..]).unwrap();
        prop_assert!(manifest.listed() <= 20);
    }
}
