#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;
use roxmltree::{Document, Node};

use super::*;

/// All values of a property: its text, or those of its list.
fn values(document: &Document<'_>, name: &str) -> Vec<String> {
    let text = |node: Node<'_, '_>| node.text().unwrap_or_default().to_owned();
    let Some(node) = document.descendants().find(|node| node.tag_name().name() == name) else { return Vec::new() };
    match node.children().find(Node::is_element) {
        Some(list) => list.children().filter(Node::is_element).map(text).collect(),
        None => vec![text(node)],
    }
}

fn written(facts: &XmpFacts, name: &str) -> Vec<String> {
    let text = xmp_sidecar(facts).unwrap_or_else(|| "<nothing/>".into());
    values(&Document::parse(&text).unwrap(), name)
}

fn taken(seconds: i64, offset: Option<i32>) -> XmpFacts {
    XmpFacts { taken: Taken::at(seconds, offset), ..XmpFacts::default() }
}

fn place(latitude: f64, longitude: f64, altitude: Option<f64>) -> XmpFacts {
    XmpFacts { place: Some(XmpPlace { latitude, longitude, altitude }), ..XmpFacts::default() }
}

#[test]
fn dates_have_their_offset_or_say_that_they_are_utc() {
    for (facts, expected) in [
        (taken(1_563_019_325, Some(7200)), "2019-07-13T14:02:05+02:00"),
        (taken(1_563_019_325, Some(-12_600)), "2019-07-13T08:32:05-03:30"),
        (taken(1_563_019_325, Some(0)), "2019-07-13T12:02:05+00:00"),
        (taken(1_563_019_325, None), "2019-07-13T12:02:05Z"),
        (taken(-2_000_000_000, None), "1906-08-16T20:26:40Z"),
        (taken(-2_000_000_000, Some(1172)), "1906-08-16T20:26:40Z"),
    ] {
        for name in ["DateTimeOriginal", "DateCreated", "CreateDate"] {
            assert_eq!(written(&facts, name), [expected]);
        }
    }
    let clock = crate::capture::parse_clock("2011:01:13 14:33:39.25").map(Taken::from);
    let facts = XmpFacts { taken: clock, ..XmpFacts::default() };
    assert_eq!(written(&facts, "DateTimeOriginal"), ["2011-01-13T14:33:39.250"], "a clock without zone gets none");
    assert_eq!(xmp_sidecar(&taken(i64::MAX, None)), None);
    assert_eq!(xmp_sidecar(&taken(253_402_300_800, None)), None, "the year 10000");
}

#[test]
fn places_are_written_as_xmp_has_them() {
    let gps = |facts: &XmpFacts| {
        ["GPSLatitude", "GPSLongitude", "GPSAltitude", "GPSAltitudeRef"].map(|name| written(facts, name).concat())
    };
    let berlin = place(52.502_056_666_7, 13.377_7, Some(34.5));
    assert_eq!(gps(&berlin), ["52,30.123400N", "13,22.662000E", "34500/1000", "0"]);
    let sea = place(-0.5, -179.999_999_999_9, Some(-420.123_4));
    assert_eq!(gps(&sea), ["0,30.000000S", "180,0.000000W", "420123/1000", "1"], "rounding carries over to whole degrees");
    assert_eq!(gps(&place(0.0, 7.0, None)), ["0,0.000000N", "7,0.000000E", "", ""]);
    for nowhere in [place(0.0, 0.0, None), place(91.0, 0.0, None), place(f64::NAN, 1.0, None), place(1.0, f64::INFINITY, None)] {
        assert_eq!(xmp_sidecar(&nowhere), None);
    }
    for height in [f64::NAN, f64::INFINITY, 1e300, -1e6] {
        assert_eq!(gps(&place(1.0, 1.0, Some(height)))[2], "");
    }
}

#[test]
fn people_keywords_and_albums_go_where_programs_look() {
    let facts = XmpFacts {
        people: vec!["Anna & Ben".into(), "a/b|c".into(), "Anna & Ben".into(), " ".into()],
        keywords: vec!["Sea".into()],
        albums: vec!["Sea".into(), "Alps".into()],
        favorite: true,
        ..XmpFacts::default()
    };
    assert_eq!(written(&facts, "PersonInImage"), ["Anna & Ben", "a/b|c"]);
    assert_eq!(written(&facts, "subject"), ["Sea", "Anna & Ben", "a/b|c", "Alps"]);
    assert_eq!(written(&facts, "TagsList"), ["Sea", "People/Anna & Ben", "People/a_b|c", "Albums/Sea", "Albums/Alps"]);
    assert_eq!(written(&facts, "hierarchicalSubject")[2], "People|a/b_c");
    assert_eq!(written(&facts, "Rating"), ["5"]);
    let other = XmpFacts { favorite: false, ..facts };
    assert!(written(&other, "Rating").is_empty(), "no favourite is no rating of 0");
}

#[test]
fn nothing_known_is_no_sidecar() {
    assert_eq!(xmp_sidecar(&XmpFacts::default()), None);
    let blank = XmpFacts { description: Some("\n\u{0} ".into()), title: Some(String::new()), ..XmpFacts::default() };
    assert_eq!(xmp_sidecar(&blank), None);
    assert_eq!(sidecar_name("IMG_1.HEIC"), "IMG_1.HEIC.xmp");
}

#[test]
fn hostile_texts_stay_texts() {
    let attack = "]]></rdf:li></rdf:Alt><x attr=\"'&#0;&amp;<!--<?xpacket end=\"w\"?><![CDATA[\u{1b}[31m\u{ffff}\u{85}";
    let facts = XmpFacts { description: Some(attack.into()), ..XmpFacts::default() };
    let expected = attack.replace(['\u{1b}', '\u{ffff}', '\u{85}'], "");
    assert_eq!(written(&facts, "description"), [expected]);
    let lines = XmpFacts { description: Some("one\r\ntwo\rthree\n\tfour".into()), ..XmpFacts::default() };
    assert_eq!(written(&lines, "description"), ["one\ntwo\nthree\n\tfour"]);
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[<>&\"'\\]\\[!?;#/|a \\n\\r\\t\\x00-\\x1f-]{0,40}"]
}

proptest! {
    #[test]
    fn any_texts_come_back(title in text(), description in text(), people in proptest::collection::vec(text(), 0..4), keywords in proptest::collection::vec(text(), 0..4)) {
        let facts = XmpFacts {
            title: Some(title.clone()),
            description: Some(description.clone()),
            people: people.clone(),
            keywords,
            favorite: true,
            ..XmpFacts::default()
        };
        let xml = xmp_sidecar(&facts).unwrap();
        prop_assert_eq!(xmp_sidecar(&facts), Some(xml.clone()));
        let document = Document::parse(&xml).unwrap();
        prop_assert_eq!(values(&document, "title"), clean(&title).into_iter().collect::<Vec<_>>());
        prop_assert_eq!(values(&document, "description"), clean(&description).into_iter().collect::<Vec<_>>());
        prop_assert_eq!(values(&document, "PersonInImage"), texts(&people));
        let kept: String = title.chars().filter(|character| !character.is_control()).filter(|character| !matches!(character, '\u{fffe}' | '\u{ffff}')).collect();
        let read: String = values(&document, "title").concat().replace(['\n', '\t'], "");
        prop_assert!(read == kept || kept.trim().is_empty(), "{:?} became {:?}", kept, read);
    }

    #[test]
    fn any_numbers_are_survived(seconds in any::<i64>(), offset in any::<Option<i32>>(), latitude in any::<f64>(), longitude in any::<f64>(), altitude in any::<Option<f64>>()) {
        let facts = XmpFacts { taken: Taken::at(seconds, offset), ..place(latitude, longitude, altitude) };
        if let Some(xml) = xmp_sidecar(&facts) {
            prop_assert!(Document::parse(&xml).is_ok());
        }
    }

    #[test]
    fn places_come_back_to_a_centimetre(latitude in -90.0..90.0f64, longitude in -180.0..180.0f64) {
        let facts = place(latitude, longitude, None);
        for (name, wanted) in [("GPSLatitude", latitude), ("GPSLongitude", longitude)] {
            let text = written(&facts, name).concat();
            let (whole, rest) = text.split_once(',').unwrap();
            let (minutes, side) = rest.split_at(rest.len() - 1);
            let value = whole.parse::<f64>().unwrap() + minutes.parse::<f64>().unwrap() / 60.0;
            prop_assert!(minutes.parse::<f64>().unwrap() < 60.0);
            let signed = if matches!(side, "S" | "W") { -value } else { value };
            prop_assert!((signed - wanted).abs() < 1e-7, "{} for {}", text, wanted);
        }
    }
}
