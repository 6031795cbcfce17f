use super::*;

fn one(name: &str, title: &str) -> (u32, Agreement) {
    let readings = read_sidecar_name(name, Some(title));
    assert_eq!(readings.len(), 1, "{name}");
    assert_eq!(readings[0].title, safe_title(title), "{name}");
    (readings[0].index, readings[0].agreement)
}

#[test]
fn a_title_that_fits_decides_what_the_brackets_are() {
    assert_eq!(one("Scan(1).jpg.supplemental-metadata.json", "Scan(1).jpg"), (0, Agreement::Rule));
    assert_eq!(one("Scan.jpg.supplemental-metadata(1).json", "Scan.jpg"), (1, Agreement::Rule));
    assert_eq!(one("img_(87).(vacation stuff).lol.jpg(87).json", "img_(87).(vacation stuff).lol.jpg"), (87, Agreement::Rule));
    assert_eq!(one("Holiday (1).json", "Holiday (1)"), (0, Agreement::Rule));
}

#[test]
fn every_length_of_the_suffix_is_read() {
    for length in 1..60 {
        let title = format!("{}.jpg", "x".repeat(length));
        for (form, index) in [(SidecarForm::Old, 0), (SidecarForm::New, 0), (SidecarForm::New, 3)] {
            let name = sidecar_name(&title, index, form);
            assert_eq!(one(&name, &title), (index, Agreement::Rule), "{name}");
        }
    }
}

#[test]
fn other_cuts_and_odd_places() {
    let long = "abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-0123456789.jpg";
    assert_eq!(one("abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-0.json", long), (0, Agreement::OtherCut));
    assert_eq!(one(&format!("{long}.supplemental-metadata(1).json"), long), (1, Agreement::OtherCut));
    assert_eq!(one("IMG_2367.HEIC(1).supplemental-metadata.json", "IMG_2367.HEIC"), (1, Agreement::IndexBeforeSuffix));
    assert_eq!(one("27_06_12 - 1.mov.json", "27/06/12 - 1"), (0, Agreement::Rule));
}

#[test]
fn without_a_title_the_name_has_to_do() {
    let readings = read_sidecar_name("IMG_1.jpg.supplemental-metadata(2).json", None);
    assert_eq!((readings[0].title.as_str(), readings[0].index, readings[0].cut), ("IMG_1.jpg", 2, false));
    let renamed = read_sidecar_name("mine.jpg.suppl.json", Some("IMG_1.jpg"));
    assert_eq!((renamed[0].title.as_str(), renamed[0].agreement), ("mine.jpg", Agreement::NameOnly));
    let inside = read_sidecar_name("IMG_2367.HEIC(1).supplemental-metadata.json", None);
    assert_eq!((inside[0].title.as_str(), inside[0].index), ("IMG_2367.HEIC", 1));
    assert!(read_sidecar_name(".json", None).is_empty());
    assert!(read_sidecar_name("IMG.jpg", None).is_empty());
}
