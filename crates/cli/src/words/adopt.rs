//! What people read about adopting.

use std::fmt::Write;

use indicatif::HumanBytes;
use photokeep_app::{AdoptEnd, AdoptPlan, LeftAlone, LeftByReason};

use super::{count, printable};

/// The plan of an adoption.
pub fn adopt_plan(plan: &AdoptPlan) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "  {words}");
    };
    let with = if plan.indexed { ", with its index" } else { "" };
    line(format!("made by {}{with}; names go on in the layout {}", plan.maker.name(), plan.layout));
    for (switch, value) in switches(plan) {
        line(format!("as with {switch}{value}"));
    }
    line(format!(
        "{} to take in where they are ({})",
        count(plan.files, "photo or video", "photos and videos"),
        HumanBytes(plan.bytes)
    ));
    if plan.with_key < plan.files {
        let rest = plan.files - plan.with_key;
        line(format!("{rest} of them without Google's key: the next sync recognises them by name and time"));
    }
    line(format!(
        "{}, {}",
        count(plan.albums, "album", "albums"),
        count(plan.links, "entry in their folders", "entries in their folders")
    ));
    if !plan.left.is_empty() {
        line(format!("{} left alone", count(plan.left.len() as u64, "thing that does not fit is", "things that do not fit are")));
    }
    for note in &plan.notes {
        line(printable(note));
    }
    text
}

/// The switches of gphotos-sync that were found in the tree, as they are written on a command line.
fn switches(plan: &AdoptPlan) -> Vec<(&'static str, String)> {
    let paths = &plan.paths;
    let text = |switch, value: &Option<String>| value.as_ref().map(|value| (switch, format!(" \"{}\"", printable(value))));
    let set = |switch, value: Option<bool>| (value == Some(true)).then(|| (switch, String::new()));
    [
        text("--photos-path", &paths.photos),
        text("--albums-path", &paths.albums),
        text("--shared-albums-path", &paths.shared_albums),
        set("--omit-album-date", paths.omit_album_date),
        set("--album-date-by-first-photo", paths.album_date_by_first_photo),
        text("--month-format", &paths.month_format),
        text("--path-format", &paths.path_format),
        set("--no-album-sorting", paths.no_album_sorting),
        set("--album-invert", paths.album_invert),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What an adoption did.
pub fn adopt_receipt(end: &AdoptEnd) -> String {
    let (receipt, mut text) = (&end.receipt, String::new());
    let head = match &end.error {
        None => "This folder is a library of Photokeep now. Nothing in it was moved or changed.",
        Some(_) => "Stopped before the end. What was read so far is taken in.",
    };
    let _ = writeln!(text, "{head}");
    let mut line = |number: u64, words: &str| {
        let _ = writeln!(text, "  {number:>9}  {words}");
    };
    line(receipt.added, &format!("taken in where they are ({})", HumanBytes(receipt.added_bytes)));
    if receipt.already > 0 {
        line(receipt.already, "known before");
    }
    if receipt.doubtful > 0 {
        line(receipt.doubtful, "of them cut short, as it seems; the next sync fetches those anew");
    }
    line(receipt.albums, if receipt.albums == 1 { "album" } else { "albums" });
    line(end.links, if end.links == 1 { "album entry" } else { "album entries" });
    for note in &receipt.notes {
        let _ = writeln!(text, "  {}", printable(note));
    }
    text
}

/// What does not fit, by reason.
pub fn left_alone(left: &[LeftAlone]) -> String {
    let mut text = String::new();
    for LeftByReason { why, count, examples } in LeftByReason::of(left) {
        let _ = writeln!(text, "Left alone, because it {why}: {count}");
        for path in &examples {
            let _ = writeln!(text, "    {}", printable(path));
        }
        if count > examples.len() as u64 {
            let _ = writeln!(text, "    … {} more (--json lists them all)", count - examples.len() as u64);
        }
    }
    text
}
