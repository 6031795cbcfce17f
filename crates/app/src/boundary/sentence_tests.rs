//! The list of sentences against the engine's source and the texts of the user interface.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use super::*;

/// Any sentence, for places that take one.
const SOME: &str = "The entry has no name.";

#[test]
fn names_and_numbers_are_found_in_their_places() {
    let found = sentence("The file is cut short (it ends at byte 12).").unwrap();
    assert_eq!(found.code, SentenceCode::CutShort);
    assert_eq!(found.values["why"], "it ends at byte 12");
    let found = sentence(
        "Files that are no longer what was stored: 3, `a `b` c.jpg` for example. They were left as they are; `photokeep verify` says more.",
    )
    .unwrap();
    assert_eq!((found.values["count"].as_str(), found.values["path"].as_str()), ("3", "a `b` c.jpg"));
    assert_eq!(sentence("The file is cut short"), None);
    assert_eq!(sentence(""), None);
}

#[test]
fn every_sentence_is_told_apart_from_the_others() {
    for (code, template) in ALL {
        let text = template.replace("{sentence}", SOME).replace(['{', '}'], "");
        assert_eq!(sentence(&text).unwrap().code, *code, "{text}");
    }
}

#[test]
fn a_sentence_inside_a_sentence_is_told_with_its_own_code() {
    let found = sentence("`a.zip` was not taken: This is neither a zip nor a tgz archive. (12 bytes)").unwrap();
    assert_eq!((found.code, found.values["name"].as_str()), (SentenceCode::NoteNotTaken, "a.zip"));
    let why = &found.parts[PART];
    assert_eq!((why.code, why.values["detail"].as_str()), (SentenceCode::ArchiveDetail, "12 bytes"));
    assert_eq!(why.parts[PART].code, SentenceCode::ArchiveNotAnArchive);
    assert_eq!(sentence("`a.zip` was not taken: Mercury is retrograde."), None);
    assert_eq!(sentence("Mercury: is retrograde."), None);
}

/// Names come from outside; one made of colons must not cost anything to look at.
#[test]
fn a_name_cannot_make_the_search_long() {
    let text = format!("{}The entry has no name. Nothing of it is taken.", "a: ".repeat(5_000));
    assert_eq!(sentence(&text), None);
    let text = format!("{}{SOME}{}", "`a` was not taken: ".repeat(5_000), " (b)".repeat(5_000));
    assert_eq!(sentence(&text), None);
}

#[test]
fn sentences_about_parts_are_told_apart_by_how_many_are_missing() {
    let rest = "of the export takeout-1 is missing. What is here is taken; import the rest when you have it, the pieces find each other.";
    let many = rest.replace(" is missing", " are missing");
    for (text, code, numbers) in [
        (format!("Part 2 {rest}"), SentenceCode::NotePartMissing, "2"),
        (format!("Parts 2, 3 {many}"), SentenceCode::NotePartsMissing, "2, 3"),
        (format!("Parts 2, 3 and 7 more {many}"), SentenceCode::NoteManyPartsMissing, "2, 3"),
    ] {
        let found = sentence(&text).unwrap();
        assert_eq!((found.code, found.values["export"].as_str()), (code, "takeout-1"), "{text}");
        assert_eq!(found.values.get("numbers").or(found.values.get("number")).unwrap(), numbers);
    }
    let found =
        sentence("XMP files written: 3; unchanged: 4. Left alone, because they are not Photokeep's or were changed since: 5.");
    assert_eq!(found.unwrap().code, SentenceCode::NoteXmpLeft);
}

/// A sentence that the engine no longer says so would silently be shown in English.
#[test]
fn every_sentence_stands_in_the_engines_source() {
    let source = engine().replace("\\\"", "\"");
    for (code, template) in ALL {
        // Spaces at the ends may belong to what is put together.
        for words in pieces(template).map(|(words, _)| words.trim()).filter(|words| words.len() > 2) {
            assert!(source.contains(words), "{code:?}: the engine no longer says {words:?}");
        }
    }
}

/// The engine's source without its tests.
fn engine() -> String {
    let mut source = String::new();
    for room in ["google", "library", "takeout", "compare", "sync", "app"] {
        read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(room).join("src"), &mut source);
    }
    source
}

/// The text of the constant that a source names next.
fn constant(source: &str, after: &str) -> String {
    let name: String = after.chars().take_while(|letter| letter.is_ascii_uppercase() || *letter == '_').collect();
    let text = source.split(&format!("const {name}: &str = ")).nth(1).and_then(literal);
    text.unwrap_or_else(|| panic!("what is {name}?"))
}

/// A new note, or a new reason of an entry, without a code would be shown in English to everybody.
#[test]
fn every_note_and_every_reason_in_the_engines_source_has_a_sentence() {
    let forms: BTreeSet<String> = ALL.iter().map(|(_, template)| form(template)).collect();
    let source = engine().split_whitespace().collect::<Vec<_>>().join(" ");
    let source = source.replace(" .push(", ".push(").replace("( \"", "(\"").replace("( format!", "(format!");
    let mut said: Vec<String> = Vec::new();
    for begin in ["notes.push(", "report.note("] {
        for after in source.split(begin).skip(1) {
            match literal(after.strip_prefix("format!(").unwrap_or(after)) {
                Some(text) => said.push(text),
                None if after.starts_with(char::is_uppercase) => said.push(constant(&source, after)),
                // Made elsewhere, and looked at below or where it is made.
                None => assert!(MADE_ELSEWHERE.iter().any(|made| after.starts_with(made)), "what is noted here? {after:.80}"),
            }
        }
    }
    for (function, least) in
        [("fn missing_sentence(export: &str, missing: &[u32])", 2), ("fn xmp_sentence(", 2), ("fn note_of_unstorable_dates(", 1)]
    {
        let body = source.split(function).nth(1).unwrap_or_else(|| panic!("{function} is gone"));
        let body = body.split(" fn ").next().unwrap();
        let texts: Vec<String> = body.split("format!(").skip(1).filter_map(literal).filter(|text| text.ends_with('.')).collect();
        assert!(texts.len() >= least, "{function}: {body}");
        said.extend(texts);
    }
    // Why an item could not be stored; of an import, what came and what lies in the archive are told apart.
    for after in source.split("Error::new(Code::Item").skip(1) {
        let after = after.trim_start_matches(char::is_alphabetic).trim_start_matches(", ");
        said.extend(literal(after.strip_prefix("format!(").unwrap_or(after)));
    }
    for after in source.split(" sent(\"").skip(1) {
        let (from_google, in_archive) = after.split(");").next().unwrap().split_once("\", \"").unwrap();
        said.extend([from_google.to_owned(), in_archive.trim_end_matches('"').to_owned()]);
    }
    for after in source.split("Ended::").skip(1) {
        let after = after.trim_start_matches(char::is_alphabetic);
        said.extend(after.strip_prefix(", Some(").and_then(literal));
    }
    // Why something of another tool's folder is left alone.
    let reasons = source.split("Self::Elsewhere => \"").nth(1).unwrap().split('}').next().unwrap();
    said.extend(format!("Elsewhere => \"{reasons}").split("=> ").skip(1).filter_map(literal));
    // Fewer would mean that this test looks in the wrong place.
    assert!(said.len() > 60, "{said:#?}");
    let without: Vec<&String> = said
        .iter()
        .filter(|text| !NOT_SHOWN.iter().any(|begin| text.starts_with(begin)) && !forms.contains(&form(text)))
        .collect();
    assert_eq!(without, Vec::<&String>::new(), "add them to the list in `sentence.rs` and to ui/src/lib/sentences.de.json");
}

/// What is noted and not written out where it is noted.
const MADE_ELSEWHERE: &[&str] = &["missing_sentence(", "xmp_sentence(", "note)", "sentence)"];

/// Notes of a sign-in at the command line; the window says these things in its own words.
const NOT_SHOWN: &[&str] = &["This sign-in ends on", "Google shows Photokeep only what Photokeep itself uploaded. For"];

/// The text at the beginning of some source, if a text begins it.
fn literal(source: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = source.strip_prefix('"')?.chars();
    loop {
        match characters.next()? {
            '"' => return Some(text),
            '\\' => text.push(characters.next()?),
            other => text.push(other),
        }
    }
}

/// A text with its places left empty.
fn form(text: &str) -> String {
    pieces(text).map(|(words, hole)| format!("{words}{}", if hole.is_some() { "{}" } else { "" })).collect()
}

fn read_all(folder: &Path, source: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if name == "sentence" || name.ends_with("tests") {
            continue;
        }
        if path.is_dir() {
            read_all(&path, source);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            source.push_str(text.split("#[cfg(test)]\nmod ").next().unwrap());
        }
    }
}

#[test]
fn every_sentence_has_words_in_german() {
    let path = format!("{}/../../ui/src/lib/sentences.de.json", env!("CARGO_MANIFEST_DIR"));
    let german: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for (code, template) in ALL {
        let code = serde_json::to_value(code).unwrap();
        let key = code.as_str().unwrap();
        let said = german.get(key).and_then(|text| text.as_str()).unwrap_or_else(|| panic!("{key} in German"));
        // Where there are no words, there is nothing to translate.
        let has_words = pieces(template).any(|(words, _)| words.contains(char::is_alphabetic));
        assert!(said != *template || !has_words, "{key}");
        for (_, hole) in pieces(template).filter(|(_, hole)| hole.is_some()) {
            assert!(said.contains(&format!("{{{}}}", hole.unwrap())), "{key} keeps {hole:?}");
        }
    }
    assert_eq!(german.len(), ALL.len(), "no text without a sentence");
}
