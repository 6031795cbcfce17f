#![allow(clippy::expect_used)]

use proptest::prelude::*;

use super::*;

fn item(json: &str) -> Sidecar {
    match read("x.jpg.json", json.as_bytes()) {
        Json::Item(item) => *item,
        other => panic!("{other:?}"),
    }
}

fn album(json: &str) -> AlbumFile {
    match read("metadata.json", json.as_bytes()) {
        Json::Album(album) => *album,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_whole_sidecar_is_read() {
    let read = item(
        r#"{"title": "John \u0026 Sally\u0027s A&amp;B.JPG", "description": "two\nlines", "imageViews": "5",
            "creationTime": {"timestamp": "1586531349", "formatted": "10 avr. 2020, 15:09:09 UTC"},
            "photoTakenTime": {"timestamp": "-157680000", "formatted": "?"},
            "modificationTime": {"timestamp": 1663858290}, "photoLastModifiedTime": {"timestamp": "1663858282"},
            "geoData": {"latitude": 0.0, "longitude": 6.61, "altitude": 0.0, "latitudeSpan": 0.0, "longitudeSpan": 0.5},
            "geoDataExif": {"latitude": "48.85", "longitude": 2.29, "altitude": -14.799},
            "people": [{"name": "Person A"}, {"name": "Дочь"}, {}, 7], "url": "https://photos.google.com/photo/X",
            "googlePhotosOrigin": {"fromPartnerSharing": {}, "deviceFolder": {"localFolderName": ""}, "deviceType": "ANDROID_PHONE"},
            "appSource": {"androidPackageName": "com.whatsapp"}, "favorited": true, "archived": false, "trashed": true,
            "sharedAlbumComments": [{"text": "Nice!", "creationTime": {"timestamp": "1"}, "contentOwnerName": "B"}, {"liked": true}],
            "somethingNew": [1, {"a": null}]}"#,
    );
    assert_eq!(read.title.as_deref(), Some("John & Sally's A&amp;B.JPG"), "decoded once, never twice");
    assert_eq!((read.photo_taken_time, read.creation_time, read.image_views), (Some(-157680000), Some(1586531349), Some(5)));
    assert_eq!((read.modification_time, read.photo_last_modified_time), (Some(1663858290), Some(1663858282)));
    let place = read.place().expect("on the equator");
    assert_eq!((place.source, place.place.latitude, place.place.longitude), (PlaceSource::Shown, 0.0, 6.61));
    assert_eq!(place.place.altitude, None);
    assert_eq!(read.geo_data_exif.map(|place| (place.latitude, place.altitude)), Some((48.85, Some(-14.799))));
    assert_eq!(read.people, ["Person A", "Дочь"]);
    let origin = read.origin.expect("given");
    assert_eq!(origin.way, Some(Way::PartnerSharing));
    assert_eq!((origin.device_type.as_deref(), origin.device_folder.as_deref()), (Some("ANDROID_PHONE"), Some("")));
    assert!(read.favorited && !read.archived && read.trashed);
    assert_eq!((read.comments.len(), read.comments[1].liked), (2, true));
}

#[test]
fn every_origin_has_its_word() {
    for (json, way) in [
        (
            r#"{"mobileUpload": {"deviceFolder": {"localFolderName": "WhatsApp Images"}, "deviceType": "IOS_PHONE"}}"#,
            Way::MobileUpload,
        ),
        (r#"{"webUpload": {"computerUpload": {}}}"#, Way::WebUpload),
        (r#"{"photosDesktopUploader": {}}"#, Way::DesktopUploader),
        (r#"{"driveSync": {}}"#, Way::DriveSync),
        (r#"{"fromSharedAlbum": {}}"#, Way::SharedAlbum),
        (r#"{"composition": {"type": "AUTO"}}"#, Way::Composition(Some("AUTO".into()))),
        (r#"{"fromMars": {}}"#, Way::Other("fromMars".into())),
    ] {
        let origin = item(&format!(r#"{{"googlePhotosOrigin": {json}}}"#)).origin.expect("given");
        assert_eq!(origin.way, Some(way), "{json}");
    }
}

#[test]
fn both_axes_at_zero_are_no_place_and_the_next_source_counts() {
    let read = item(
        r#"{"photoTakenTime": {}, "geoData": {"latitude": 0.0, "longitude": 0.0},
            "geoDataExif": {"latitude": 51.5, "longitude": 0.0}}"#,
    );
    assert_eq!(read.place().map(|place| place.source), Some(PlaceSource::FromFile));
    assert_eq!(item(r#"{"photoTakenTime": {}, "geoData": {"latitude": 0, "longitude": -0.0}}"#).place(), None);
    assert_eq!(item(r#"{"photoTakenTime": {}, "geoData": {"latitude": 91, "longitude": 1}}"#).place(), None);
}

#[test]
fn times_come_as_text_or_number_or_not_at_all() {
    for (json, want) in [
        (r#"{"timestamp": "0"}"#, Some(0)),
        (r#"{"timestamp": 12}"#, Some(12)),
        (r#"{"timestamp": " -12 "}"#, Some(-12)),
        (r#"{"timestamp": 1.5e9}"#, Some(1_500_000_000)),
        (r#"{"timestamp": "soon"}"#, None),
        (r#"{"timestamp": 1e300}"#, None),
        (r#"{}"#, None),
        ("null", None),
        ("17", Some(17)),
    ] {
        assert_eq!(item(&format!(r#"{{"photoTakenTime": {json}}}"#)).photo_taken_time, want, "{json}");
    }
}

#[test]
fn album_files_of_all_years() {
    assert_eq!(
        album(r#"{"albumData": {"title": "Trip to Gdańsk", "date": {"timestamp": "1502439626"}}}"#).title,
        "Trip to Gdańsk"
    );
    assert_eq!(album(r#"{"title": "basement finishing"}"#).title, "basement finishing");
    assert_eq!(album(r#"{"title": "", "sharedAlbumComments": [{"text": "hello"}]}"#).comments.len(), 1);
    let cards = album(
        r#"{"title": "6/10/23", "access": "protected", "date": {"timestamp": "0"}, "enrichments": [
            {"narrativeEnrichment": {"text": "Ici c'est du texte"}}, {"unknown": {}},
            {"locationEnrichment": {"location": [{"name": "Saint-Maur", "latitudeE7": 488029439, "longitudeE7": "24854290"}]}}]}"#,
    );
    assert_eq!(cards.date, None);
    assert_eq!(cards.cards[0], Card::Text("Ici c'est du texte".into()));
    let Card::Places(places) = &cards.cards[1] else { panic!("{cards:?}") };
    assert_eq!((places[0].latitude, places[0].longitude), (Some(48.8029439), Some(2.485429)));
}

#[test]
fn the_content_says_what_a_file_is() {
    let kind = |json: &str| read("anything.json", json.as_bytes());
    assert_eq!(kind("{}"), Json::Service(Service::Empty));
    assert_eq!(kind(r#"{"sharedAlbumComments": [{"text": "lovely"}]}"#), Json::Service(Service::Comments));
    assert_eq!(kind(r#"{"title": ["Best of summer"]}"#), Json::Service(Service::MemoryTitles));
    assert_eq!(
        kind(r#"{"externalOrderId": "4", "type": "PURCHASED", "creationTime": {"formatted": "x"}}"#),
        Json::Service(Service::PrintOrder)
    );
    for foreign in ["[]", "7", "null", r#""text""#, r#"{"name": "package", "version": "1"}"#] {
        assert_eq!(kind(foreign), Json::Foreign, "{foreign}");
    }
    assert!(matches!(kind(r#"{"title": "a.jpg", "url": "https://photos.google.com/photo/A"}"#), Json::Item(_)));
    assert!(matches!(
        kind(r#"{"title": "a.jpg", "photoTakenTime": {}, "url": "https://lh3.googleusercontent.com/A"}"#),
        Json::Item(_)
    ));
}

#[test]
fn a_title_alone_is_an_album_unless_the_name_is_its_sidecars() {
    let json = br#"{"title": "IMG_0799.HEIC"}"#;
    assert!(matches!(read("metadata.json", json), Json::Album(_)));
    assert!(matches!(read("IMG_0799.HEIC.supplemental-metadata.json", json), Json::Item(_)));
    assert!(matches!(read("metadata.json", br#"{"title": "metadata"}"#), Json::Album(_)));
}

#[test]
fn broken_files_say_what_is_wrong() {
    let reason = |bytes: &[u8]| match read("x.json", bytes) {
        Json::Broken(reason) => reason,
        other => panic!("{other:?}"),
    };
    assert!(reason(br#"{"title": "a", "photoTakenTime": {"timestamp": "15"#).contains("cut short"));
    assert!(reason(b"{\"title\": \xff}").contains("UTF-8"));
    assert!(reason(b" \n").contains("empty"));
    assert!(reason(b"<html>").contains("line 1"));
    assert!(reason("[".repeat(100_000).as_bytes()).contains("JSON"));
}

#[test]
fn half_a_surrogate_pair_costs_one_character_and_nothing_else() {
    let read =
        item(r#"{"title": "a\ud83d.jpg", "description": "\\ud83d \ud83d\ude00 \ude00", "photoTakenTime": {"timestamp": "5"}}"#);
    assert_eq!(read.title.as_deref(), Some("a\u{fffd}.jpg"));
    assert_eq!(read.description.as_deref(), Some("\\ud83d 😀 \u{fffd}"));
    assert_eq!(read.photo_taken_time, Some(5));
}

fn hostile() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        proptest::sample::select(vec![
            "title",
            "photoTakenTime",
            "timestamp",
            "geoData",
            "latitude",
            "longitude",
            "people",
            "name",
            "url",
            "albumData",
            "googlePhotosOrigin",
            "mobileUpload",
            "enrichments",
            "sharedAlbumComments",
            "date",
            "locationEnrichment",
            "location",
        ])
        .prop_map(str::to_owned),
        ".{0,6}".prop_map(|key: String| key),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key.clone(), inner), 0..6).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_in_any_shape_is_read_without_a_fall(value in hostile(), cut in 0usize..400) {
        let text = value.to_string();
        let whole = read("x.json", text.as_bytes());
        prop_assert!(!matches!(whole, Json::Broken(_)), "{text}");
        let cut = text.floor_char_boundary(cut);
        let _ = read("x.json", &text.as_bytes()[..cut]);
    }

    #[test]
    fn any_bytes_are_read_without_a_fall(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in r#"[{"\\u\\ud800-9a:,}\[\]]{0,60}"#) {
        let _ = read("x.json", &bytes);
        let _ = read("x.json", text.as_bytes());
    }
}
