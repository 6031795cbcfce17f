//! The newest export holds for every photo, also where Google's address of it is another one than before: small exports by hand.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use photokeep_simulator::generate::{PictureRecipe, picture};

use super::ask;
use super::judge::Stage;

const ID: &str = "AF1QipMOneAndTheSamePhoto";
pub(super) const TAKEN: i64 = 1_494_064_800;

pub(super) fn photo(seed: u64) -> Vec<u8> {
    let taken: DateTime<Utc> = DateTime::from_timestamp(TAKEN, 0).unwrap();
    let recipe = PictureRecipe {
        seed,
        width: 64,
        height: 48,
        taken,
        offset_seconds: 0,
        place: None,
        camera: ("Pentax", "K-3"),
        caption: None,
    };
    picture(&recipe)
}

/// What a sidecar says.
pub(super) struct Says<'a> {
    pub title: &'a str,
    pub caption: &'a str,
    pub url: &'a str,
    pub taken: i64,
}

impl Says<'_> {
    pub fn json(&self) -> String {
        let url = if self.url.is_empty() { String::new() } else { format!(r#","url":"{}""#, self.url) };
        format!(
            r#"{{"title":"{}","description":"{}","photoTakenTime":{{"timestamp":"{}"}},"creationTime":{{"timestamp":"1500000000"}}{url}}}"#,
            self.title, self.caption, self.taken
        )
    }
}

pub(super) fn export(stage: &Stage, name: &str, entries: &[(&str, &[u8])]) -> PathBuf {
    let path = stage.exports(name);
    let mut writer = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for (name, bytes) in entries {
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        writer.start_file(format!("Takeout/Google Photos/Photos from 2017/{name}"), stored).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
    path
}

fn one_photo(stage: &Stage, name: &str, says: &Says<'_>) -> PathBuf {
    export(stage, name, &[("a.jpg", &photo(1)), ("a.jpg.supplemental-metadata.json", says.json().as_bytes())])
}

const FIRST: &str = "takeout-20260101T080000Z-1-001.zip";
const SECOND: &str = "takeout-20260301T080000Z-1-001.zip";
const THIRD: &str = "takeout-20260501T080000Z-1-001.zip";

fn addresses() -> Vec<(String, String)> {
    let known = format!("https://photos.google.com/photo/{ID}");
    let other = |url: &str| (known.clone(), url.to_owned());
    vec![
        other("https://photos.google.com/photo/AF1QipMAnotherAddressNow"),
        other(""),
        other("https://lh3.googleusercontent.com/short"),
        (String::new(), known),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_caption_holds_whatever_the_address_of_the_photo_is() {
    for (before, now) in addresses() {
        for together in [false, true] {
            let stage = Stage::new();
            let old = Says { title: "a.jpg", caption: "old", url: &before, taken: TAKEN };
            let new = Says { caption: "new", url: &now, ..old };
            let (first, second) = (one_photo(&stage, FIRST, &old), one_photo(&stage, SECOND, &new));
            if together {
                stage.import(&[second.clone(), first.clone()]).await.accounted();
            } else {
                stage.import(std::slice::from_ref(&first)).await.accounted();
                let receipt = stage.import(std::slice::from_ref(&second)).await.accounted();
                assert_eq!((receipt.added, receipt.updated), (0, 1), "{before} {now}");
            }
            let is =
                || (ask::<i64>(&stage, "SELECT count(*) FROM items"), ask::<String>(&stage, "SELECT description FROM items"));
            assert_eq!(is(), (1, "new".to_owned()), "{before} {now} {together}");
            // The older export once more changes nothing.
            fs::remove_file(&first).unwrap();
            let again = export(&stage, FIRST, &[("a.jpg", &photo(1)), ("a.jpg.json", old.json().as_bytes())]);
            stage.import(&[again]).await.accounted();
            assert_eq!(is(), (1, "new".to_owned()), "{before} {now} {together}");
            assert_eq!(stage.files_on_disk().len(), 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_renamed_and_dated_anew_without_an_address_is_still_that_photo() {
    let stage = Stage::new();
    let first = one_photo(&stage, FIRST, &Says { title: "a.jpg", caption: "", url: "", taken: TAKEN });
    let second = one_photo(&stage, SECOND, &Says { title: "boat.jpg", caption: "a boat", url: "", taken: TAKEN - 86_400 * 400 });
    stage.import(&[first]).await.accounted();
    stage.import(&[second]).await.accounted();
    assert_eq!(ask::<i64>(&stage, "SELECT count(*) FROM items"), 1);
    assert_eq!(ask::<String>(&stage, "SELECT title || description FROM items"), "boat.jpga boat");
    assert_eq!(ask::<i64>(&stage, "SELECT taken_seconds FROM items"), TAKEN - 86_400 * 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_with_an_edited_copy_is_still_that_photo() {
    let stage = Stage::new();
    let both = |name: &str, says: &Says<'_>| {
        let (photo, edited) = (photo(1), photo(2));
        export(
            &stage,
            name,
            &[("a.jpg", &photo), ("a-edited.jpg", &edited), ("a.jpg.supplemental-metadata.json", says.json().as_bytes())],
        )
    };
    let first = both(FIRST, &Says { title: "a.jpg", caption: "old", url: "https://photos.google.com/photo/one", taken: TAKEN });
    let second = both(SECOND, &Says { title: "a.jpg", caption: "new", url: "https://photos.google.com/photo/two", taken: TAKEN });
    stage.import(&[first]).await.accounted();
    stage.import(&[second]).await.accounted();
    assert_eq!(ask::<i64>(&stage, "SELECT count(*) FROM items"), 1);
    assert_eq!(ask::<String>(&stage, "SELECT description FROM items"), "new");
    assert_eq!(stage.files_on_disk().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_uploads_of_the_same_bytes_do_not_take_turns() {
    let stage = Stage::new();
    let says = |caption, url| Says { title: "a.jpg", caption, url, taken: TAKEN };
    let one = says("one", "https://photos.google.com/photo/AF1QipMOneOneOneOneOne").json();
    let two = says("two", "https://photos.google.com/photo/AF1QipMTwoTwoTwoTwoTwo").json();
    let photo = photo(1);
    let (first, second) = (("a.jpg", "a.jpg.json"), ("a(1).jpg", "a.jpg(1).json"));
    for (name, turned) in [(FIRST, false), (SECOND, true), (THIRD, false)] {
        let mut entries: Vec<(&str, &[u8])> =
            vec![(first.0, &photo), (first.1, one.as_bytes()), (second.0, &photo), (second.1, two.as_bytes())];
        if turned {
            entries.rotate_left(2);
        }
        let receipt = stage.import(&[export(&stage, name, &entries)]).await.accounted();
        assert_eq!(receipt.updated, 0, "{name}");
        assert_eq!(ask::<String>(&stage, "SELECT description FROM items"), "one", "{name}");
    }
    // Where only one of them is in a newer export, that one is what Google says last.
    let entries: [(&str, &[u8]); 2] = [(second.0, &photo), (second.1, two.as_bytes())];
    stage.import(&[export(&stage, "takeout-20260701T080000Z-1-001.zip", &entries)]).await.accounted();
    assert_eq!(ask::<String>(&stage, "SELECT description FROM items"), "two");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_export_between_holds_for_what_the_newest_leaves_out() {
    let stage = Stage::new();
    let says =
        |caption| Says { title: "a.jpg", caption, url: "https://photos.google.com/photo/AF1QipMOneOneOneOneOne", taken: TAKEN };
    let other = Says { title: "b.jpg", caption: "", url: "https://photos.google.com/photo/AF1QipMTwoTwoTwoTwoTwo", taken: TAKEN };
    stage.import(&[one_photo(&stage, FIRST, &says("first"))]).await.accounted();
    let third = export(&stage, THIRD, &[("b.jpg", &photo(3)), ("b.jpg.json", other.json().as_bytes())]);
    stage.import(&[third]).await.accounted();
    stage.import(&[one_photo(&stage, SECOND, &says("second"))]).await.accounted();
    assert_eq!(ask::<String>(&stage, "SELECT description FROM items WHERE title = 'a.jpg'"), "second");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_export_is_full_although_photos_were_deleted_and_parts_came_one_by_one() {
    let stage = Stage::new();
    let entries = |numbers: std::ops::Range<u64>| -> Vec<(String, Vec<u8>)> {
        numbers
            .flat_map(|number| {
                let title = format!("{number}.jpg");
                let url = format!("https://photos.google.com/photo/AF1QipMNumberNumber{number}");
                let says = Says { title: &title, caption: "", url: &url, taken: TAKEN + number as i64 }.json();
                [(title.clone(), photo(number)), (format!("{title}.json"), says.into_bytes())]
            })
            .collect()
    };
    let zip = |name: &str, entries: &[(String, Vec<u8>)]| {
        let entries: Vec<(&str, &[u8])> = entries.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
        export(&stage, name, &entries)
    };
    // Photos in the first part, what describes half of them in the second.
    let whole = entries(0..20);
    let (late, early): (Vec<_>, Vec<_>) = whole.iter().cloned().enumerate().partition(|(at, _)| *at < 20 && at % 2 == 1);
    let only =
        |half: Vec<(usize, (String, Vec<u8>))>| -> Vec<(String, Vec<u8>)> { half.into_iter().map(|(_, entry)| entry).collect() };
    stage.import(&[zip(FIRST, &only(early))]).await;
    let kind = |told: photokeep_sync::sources::takeout::Told| told.exports[0].kind.clone();
    let imported = stage.import(&[zip(&FIRST.replace("-001", "-002"), &only(late))]).await;
    assert_eq!(kind(imported.told), "first");
    assert!(imported.receipt.updated > 0, "what was described late is told: {:?}", imported.receipt);
    // Six of twenty were deleted since.
    let imported = stage.import(&[zip(SECOND, &entries(6..20))]).await;
    assert_eq!(kind(imported.told), "full");
    let imported = stage.import(&[zip(THIRD, &entries(18..24))]).await;
    let note = "Items in the export 20260501T080000Z-1: 6; known from earlier ones: 20. It is an increment.";
    assert!(imported.receipt.notes.iter().any(|said| said.starts_with(note)), "{:?}", imported.receipt.notes);
    assert_eq!(kind(imported.told), "increment");
}

/// What the library says of each file, by its bytes.
pub(super) fn described(stage: &Stage) -> Vec<(String, Option<String>)> {
    let hashes = stage.files_on_disk();
    let mut said: Vec<(String, Option<String>)> = stage
        .sql()
        .prepare("SELECT f.path, i.description FROM files f JOIN items i ON i.id = f.item_id WHERE f.state = 'stored'")
        .unwrap()
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))
        .unwrap()
        .map(|row| row.map(|(path, said)| (hashes[&path].clone(), said)).unwrap())
        .collect();
    said.sort();
    said
}

/// `noext` and `noext.jpg` share their names: with the first part alone the second one's description seems to be the first one's.
#[tokio::test(flavor = "multi_thread")]
async fn a_pair_that_a_later_part_makes_unsure_is_taken_back() {
    let (one, other) = (photo(21), photo(22));
    let says = |title, caption| Says { title, caption, url: "", taken: TAKEN }.json();
    let (of_other, of_one) = (says("noext.jpg", "of the other"), says("noext", "of the one"));
    let parts = |stage: &Stage| {
        let first: [(&str, &[u8]); 2] = [("noext.jpg", &one), ("noext.jpg.supplemental-metadata.json", of_other.as_bytes())];
        let second: [(&str, &[u8]); 2] = [("noext(1).jpg", &other), ("noext.supplemental-metadata.json", of_one.as_bytes())];
        [export(stage, FIRST, &first), export(stage, &FIRST.replace("-001", "-002"), &second)]
    };
    let together = Stage::new();
    together.import(&parts(&together)).await.accounted();
    for again in [false, true] {
        let apart = Stage::new();
        let parts = parts(&apart);
        for part in &parts {
            apart.import(std::slice::from_ref(part)).await;
        }
        if again {
            apart.import(&parts).await.accounted();
        }
        assert_eq!(described(&apart), described(&together), "{again}");
    }
}

/// Two titles that the cut makes alike, and an edited copy of which the cut left no word: alone at first, then described by what the
/// second part seemed to say, and open once the third is here.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_alone_before_it_was_described_wrongly_is_alone_again() {
    let long = "S".repeat(60);
    let named = |number: &str| format!("{}{number}.jpg", &long[..47]);
    let says = |number: &str| {
        Says {
            title: &format!("{long}{number}.jpg"),
            caption: &format!("of {number}"),
            url: "",
            taken: TAKEN + number.len() as i64,
        }
        .json()
    };
    let (of_first, of_second) = (says("1"), says("20"));
    let [first, second, edited] = [31, 32, 33].map(photo);
    let sidecar = |number: &str| format!("{}{number}.json", &long[..46]);
    let parts = |stage: &Stage| {
        let entries: [&[(&str, &[u8])]; 3] = [
            &[(&named("(1)"), &edited)],
            &[(&sidecar("(1)"), of_second.as_bytes()), (&named("(2)"), &second), (&named(""), &first)],
            &[(&sidecar(""), of_first.as_bytes())],
        ];
        [1, 2, 3].map(|part| export(stage, &FIRST.replace("-001", &format!("-00{part}")), entries[part - 1]))
    };
    let (together, apart) = (Stage::new(), Stage::new());
    together.import(&parts(&together)).await.accounted();
    for part in &parts(&apart) {
        apart.import(std::slice::from_ref(part)).await;
    }
    assert_eq!(described(&apart), described(&together));
}

#[tokio::test(flavor = "multi_thread")]
async fn captions_find_photos_by_the_bytes_that_are_known_where_names_are_ambiguous() {
    let stage = Stage::new();
    let url = |of: char| format!("https://photos.google.com/photo/AF1QipMScannedLongAgo{of}");
    let json = |title: &str, caption: &str, of| Says { title, caption, url: &url(of), taken: TAKEN }.json();
    // Each came alone, and its description was sure. All were taken in one second, as their files say too.
    let (a, b, c) = (photo(1), photo(2), photo(3));
    let alone = |name: &str, file: &str, bytes: &[u8], says: String| {
        export(&stage, name, &[(file, bytes), (&format!("{file}.supplemental-metadata.json"), says.as_bytes())])
    };
    for path in [
        alone(FIRST, "Scan.jpg", &a, json("Scan.jpg", "old a", 'a')),
        alone(SECOND, "Scan.jpg", &b, json("Scan.jpg", "old b", 'b')),
        alone(THIRD, "Scan(1).jpg", &c, json("Scan(1).jpg", "old c", 'c')),
    ] {
        stage.import(&[path]).await.accounted();
    }
    // In one export the names `Scan(1).jpg` and `Scan.jpg` with the number 1 are the same.
    let (of_a, of_b, of_c) = (json("Scan.jpg", "new a", 'a'), json("Scan.jpg", "new b", 'b'), json("Scan(1).jpg", "new c", 'c'));
    let whole = export(
        &stage,
        "takeout-20260701T080000Z-1-001.zip",
        &[
            ("Scan.jpg", &a),
            ("Scan.jpg.supplemental-metadata.json", of_a.as_bytes()),
            ("Scan(1).jpg", &c),
            ("Scan.jpg.supplemental-metadata(1).json", of_b.as_bytes()),
            ("Scan(1)(1).jpg", &b),
            ("Scan(1).jpg.supplemental-metadata.json", of_c.as_bytes()),
        ],
    );
    let receipt = stage.import(&[whole]).await.accounted();
    assert_eq!((receipt.added, receipt.updated), (0, 3));
    for (bytes, caption) in [(&a, "new a"), (&b, "new b"), (&c, "new c")] {
        let hash = blake3::hash(bytes).to_hex();
        let of_it =
            format!("SELECT i.description FROM items i JOIN files f ON f.item_id = i.id WHERE hex(f.hash) = upper('{hash}')");
        assert_eq!(ask::<String>(&stage, &of_it), caption);
    }
}
