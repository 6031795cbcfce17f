//! Writing what is known of a photo or video into an XMP sidecar, for other programs. The file itself is never touched.
//!
//! Written for digiKam, darktable and Lightroom; each property is one that at least two of them read, or that is the
//! standard place:
//!
//! | fact | property | read by |
//! |---|---|---|
//! | taken | `exif:DateTimeOriginal`, `photoshop:DateCreated`, `xmp:CreateDate` | all; each has another favourite |
//! | caption | `dc:description` (`x-default`) | all |
//! | title | `dc:title` (`x-default`) | all |
//! | people | `Iptc4xmpExt:PersonInImage`; as keywords below `People` too | Lightroom; the keywords by all |
//! | keywords, albums, people | `dc:subject` (flat) | all |
//! | the same with their group | `digiKam:TagsList` (`People/Anna`), `lr:hierarchicalSubject` (`People\|Anna`) | digiKam; all |
//! | favourite | `xmp:Rating` 5 | all |
//! | place | `exif:GPSLatitude`, `exif:GPSLongitude` (`52,30.123400N`), `exif:GPSAltitude` (a fraction) | all |
//!
//! - *Favourite* is a rating of 5 because that is the only mark of liking that all three read: Lightroom's flags are not in
//!   its files, digiKam's are read by nobody else. What is no favourite gets no rating at all, so that a rating in the file
//!   itself goes on to hold.
//! - *Dates* have the offset where it is known. A known instant without offset is written in UTC, with its `Z`; programs that
//!   look at the clock only show it some hours off. A clock without zone is written without one.
//! - *People* have no boxes in Takeout, and face regions need one, so they are names only.
//! - *Archived* and *in the trash* have no standard property and are left out; they are in the catalog.
//!
//! The file is called `IMG_1.JPG.xmp` ([`sidecar_name`]), as digiKam, darktable and most others have it, and not `IMG_1.xmp`,
//! as Lightroom has it: a library is full of `IMG_1.HEIC` beside `IMG_1.MOV` and `IMG_1.JPG`, and with the short name all would
//! share one sidecar. Lightroom Classic would gain little: it reads sidecars of raw files only and wants the properties of a
//! JPEG inside of it, where exiftool can copy them. digiKam has an option to look for short names too, darktable does so
//! when importing.
//!
//! Promises: always well-formed XML, whatever the texts hold; texts come back as they were, but for control characters
//! (gone), line ends (`\n`) and, in the two properties with groups, the separators `/` and `|` (`_`); equal facts give equal
//! bytes. Reading dates out of other people's packets is in `xmp`.

use chrono::{DateTime, Datelike, NaiveDateTime, SecondsFormat, Timelike};

use crate::capture::Taken;
use crate::place::Place;

/// Highest and lowest metres above sea level that are written: no aeroplane flies above, no trench lies below.
const ALTITUDES: std::ops::RangeInclusive<f64> = -12_000.0..=50_000.0;

/// What is to be written. Everything may be missing; empty texts count as missing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct XmpFacts {
    /// When it was taken.
    pub taken: Option<Taken>,
    /// The caption, with its line breaks.
    pub description: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// Names of the people on it.
    pub people: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Titles of the albums it is in.
    pub albums: Vec<String>,
    /// Whether it is a favourite.
    pub favorite: bool,
    /// Where it was taken.
    pub place: Option<XmpPlace>,
}

/// A place to be written. One that is not on earth is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct XmpPlace {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Metres above sea level.
    pub altitude: Option<f64>,
}

/// The name of the sidecar of a media file.
#[must_use]
pub fn sidecar_name(media_name: &str) -> String {
    format!("{media_name}.xmp")
}

/// The text of the sidecar; `None` if there is nothing to write.
#[must_use]
pub fn xmp_sidecar(facts: &XmpFacts) -> Option<String> {
    let mut body = Body::default();
    if let Some(date) = facts.taken.as_ref().and_then(date) {
        body.simple("exif:DateTimeOriginal", &date);
        body.simple("photoshop:DateCreated", &date);
        body.simple("xmp:CreateDate", &date);
    }
    if facts.favorite {
        body.simple("xmp:Rating", "5");
    }
    body.place(facts.place);
    body.list("dc:title", "Alt", facts.title.as_deref().and_then(clean).into_iter());
    body.list("dc:description", "Alt", facts.description.as_deref().and_then(clean).into_iter());
    let people = texts(&facts.people);
    body.list("Iptc4xmpExt:PersonInImage", "Bag", people.iter().cloned());
    let (keywords, albums) = (texts(&facts.keywords), texts(&facts.albums));
    body.list("dc:subject", "Bag", without_repeats(keywords.iter().chain(&people).chain(&albums).cloned()));
    for (name, kind, separator) in [("digiKam:TagsList", "Seq", '/'), ("lr:hierarchicalSubject", "Bag", '|')] {
        let below = |group: &'static str| move |text: &String| format!("{group}{separator}{}", text.replace(separator, "_"));
        let all = keywords.iter().map(|text| text.replace(separator, "_"));
        let all = all.chain(people.iter().map(below("People"))).chain(albums.iter().map(below("Albums")));
        body.list(name, kind, without_repeats(all));
    }
    (!body.0.is_empty()).then(|| format!("{HEAD}{}{TAIL}", body.0))
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Photokeep">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:digiKam="http://www.digikam.org/ns/1.0/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/">
"#;

const TAIL: &str = "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n";

/// The properties, one after the other.
#[derive(Default)]
struct Body(String);

impl Body {
    /// A property of one value that needs no escaping.
    fn simple(&mut self, name: &str, value: &str) {
        self.0.push_str(&format!("   <{name}>{value}</{name}>\n"));
    }

    /// A property of several values; nothing if there are none. The values of an `Alt` have a language, here any.
    fn list(&mut self, name: &str, kind: &str, values: impl Iterator<Item = String>) {
        let mut values = values.peekable();
        if values.peek().is_none() {
            return;
        }
        let language = if kind == "Alt" { " xml:lang=\"x-default\"" } else { "" };
        self.0.push_str(&format!("   <{name}>\n    <rdf:{kind}>\n"));
        for value in values {
            self.0.push_str(&format!("     <rdf:li{language}>{}</rdf:li>\n", escaped(&value)));
        }
        self.0.push_str(&format!("    </rdf:{kind}>\n   </{name}>\n"));
    }

    fn place(&mut self, place: Option<XmpPlace>) {
        let Some(place) = place.and_then(|place| Place::new(place.latitude, place.longitude, place.altitude)) else { return };
        self.simple("exif:GPSVersionID", "2.3.0.0");
        self.simple("exif:GPSLatitude", &degrees(place.latitude, ['N', 'S']));
        self.simple("exif:GPSLongitude", &degrees(place.longitude, ['E', 'W']));
        if let Some(metres) = place.altitude.filter(|metres| ALTITUDES.contains(metres)) {
            let millimetres = (metres.abs() * 1000.0).round() as u64;
            self.simple("exif:GPSAltitudeRef", if metres < 0.0 { "1" } else { "0" });
            self.simple("exif:GPSAltitude", &format!("{millimetres}/1000"));
        }
    }
}

/// Degrees as XMP has them: whole degrees, minutes with six decimals (two millimetres), and the side.
fn degrees(value: f64, [positive, negative]: [char; 2]) -> String {
    let micro_minutes = (value.abs() * 60e6).round() as u64;
    let (whole, rest) = (micro_minutes / 60_000_000, micro_minutes % 60_000_000);
    let side = if value < 0.0 { negative } else { positive };
    format!("{whole},{}.{:06}{side}", rest / 1_000_000, rest % 1_000_000)
}

/// A date as XMP has it; `None` for years that it cannot write.
fn date(taken: &Taken) -> Option<String> {
    let fits = |local: NaiveDateTime| (1..=9999).contains(&local.year());
    let form = if taken.local.nanosecond() == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
    let offset = taken.offset_seconds.and_then(chrono::FixedOffset::east_opt);
    // An offset with seconds (before 1900) cannot be written; the instant can.
    if let Some(offset) = offset.filter(|offset| offset.local_minus_utc() % 60 == 0) {
        let instant = taken.local.checked_sub_offset(offset)?;
        let zoned = DateTime::<chrono::FixedOffset>::from_naive_utc_and_offset(instant, offset);
        return fits(taken.local).then(|| zoned.to_rfc3339_opts(form, false));
    }
    if let Some(instant) = taken.instant {
        return fits(instant.naive_utc()).then(|| instant.to_rfc3339_opts(form, true));
    }
    let written = taken.local.and_utc().to_rfc3339_opts(form, true);
    fits(taken.local).then(|| written.trim_end_matches('Z').to_owned())
}

fn texts(values: &[String]) -> Vec<String> {
    without_repeats(values.iter().filter_map(|value| clean(value))).collect()
}

/// The values, each only where it comes first.
fn without_repeats(values: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let mut seen = std::collections::HashSet::new();
    values.filter(move |value| seen.insert(value.clone()))
}

/// The text as XML can hold it: without control characters and the two code points that are none; `None` if nothing that
/// can be seen is left.
fn clean(text: &str) -> Option<String> {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let allowed = |character: &char| {
        matches!(character, '\n' | '\t') || !(character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}'))
    };
    let kept: String = lines.chars().filter(allowed).collect();
    (!kept.trim().is_empty()).then_some(kept)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            // Three characters that end a section may not stand in a text (XML 1.0, 2.4).
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
#[path = "xmp_sidecar_tests.rs"]
mod tests;
