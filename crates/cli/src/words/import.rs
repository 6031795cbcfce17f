//! Plans and receipts of imports.

use std::fmt::Write;

use indicatif::HumanBytes;
use photokeep_app::model::{Account, Outcome, Plan, Receipt};
use photokeep_app::{ImportPlan, ImportedExport};

use super::{count, printable};

/// The plan of an import, as a person reads it.
pub fn import_plan(plan: &ImportPlan) -> String {
    let mut text = exports(&plan.exports);
    text.push_str(&import_counts(&plan.plan));
    let _ = writeln!(text, "  {} in the archives:", count(plan.account.entries, "file", "files"));
    text.push_str(&account(&plan.account, "photos and videos to read"));
    for refused in &plan.refused {
        let _ = writeln!(text, "  not taken: {}: {}", printable(&refused.name), printable(&refused.why));
    }
    if !plan.may_be_one.is_empty() {
        text.push_str("  --join takes what may be one export as one\n");
    }
    for other in &plan.others {
        let _ = writeln!(text, "  left alone, no export: {}", printable(other));
    }
    text
}

/// What an import is about to do.
pub fn import_counts(plan: &Plan) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "  {words}");
    };
    line(format!("{}, {} of them already kept", count(plan.listed, "item", "items"), plan.already));
    line(format!(
        "{} to store ({}, {})",
        count(plan.to_fetch, "file", "files"),
        count(plan.photos, "photo", "photos"),
        count(plan.videos, "video", "videos")
    ));
    if plan.same_bytes > 0 {
        line(format!(
            "{} with bytes that are kept already or come more than once: stored once",
            count(plan.same_bytes, "file", "files")
        ));
    }
    if plan.restored > 0 {
        line(format!("{} to store again, because the file vanished or was damaged", plan.restored));
    }
    if plan.updated > 0 {
        line(format!("{} with a changed name, date or description", plan.updated));
    }
    if plan.removed_here > 0 {
        line(format!("{} left alone, because you removed them here", plan.removed_here));
    }
    line(format!("{}, {} new", count(plan.albums.listed, "album", "albums"), plan.albums.new));
    if let (Some(needed), Some(free)) = (plan.estimated_bytes, plan.free_bytes) {
        line(format!("{} needed, {} free on the disk", HumanBytes(needed), HumanBytes(free)));
    }
    for note in &plan.notes {
        line(printable(note));
    }
    text
}

fn exports(exports: &[ImportedExport]) -> String {
    let mut text = String::new();
    for export in exports {
        let made = export.made_at.map_or_else(String::new, |made| format!(" of {}", made.format("%Y-%m-%d")));
        let known = if export.known { ", all of it known" } else { "" };
        let _ = writeln!(
            text,
            "  export {}{made}: {}, {}, {}{known}",
            printable(&export.name),
            count(export.parts.len() as u64, "part", "parts"),
            count(export.items, "item", "items"),
            count(export.albums, "album", "albums"),
        );
        for (number, one, more, words) in [
            (export.open_pairs, "photo fits", "photos fit", "several descriptions; none is guessed, what was known before stays"),
            (export.without_photo, "description", "descriptions", "without a photo in these archives"),
            (export.not_delivered, "file", "files", "that Google lists and did not deliver"),
        ] {
            if number > 0 {
                let _ = writeln!(text, "    {} {words}", count(number, one, more));
            }
        }
    }
    text
}

fn account(account: &Account, open: &str) -> String {
    let mut text = String::new();
    for (number, one, more) in [
        (account.stored, "photo or video stored", "photos and videos stored"),
        (
            account.already,
            "photo or video that was already there (same bytes)",
            "photos and videos that were already there (same bytes)",
        ),
        (account.open, open, open),
        (account.sidecars, "description of a photo (JSON)", "descriptions of photos (JSON)"),
        (account.albums, "album file", "album files"),
        (account.service, "list or page of Google's own", "lists and pages of Google's own"),
        (account.other, "file of another Google product, left alone", "files of other Google products, left alone"),
        (
            account.companions,
            "file that a system left there (Thumbs.db, __MACOSX), left alone",
            "files that a system left there (Thumbs.db, __MACOSX), left alone",
        ),
        (account.refused, "not taken", "not taken"),
    ] {
        if number > 0 {
            let _ = writeln!(text, "  {number:>9}  {}", if number == 1 { one } else { more });
        }
    }
    text
}

/// What stands behind "not taken" where less of it is lacking than the number says.
fn nothing_lacking(receipt: &Receipt, account: &Account) -> Option<String> {
    let (refused, lacking) = (account.refused, receipt.failed_count());
    let is_whole = matches!(receipt.outcome, Outcome::Done | Outcome::SomeFailed) && lacking < refused;
    is_whole.then(|| match lacking {
        0 => "What was not taken is kept from another copy, or you removed it here; --report FILE says which.".to_owned(),
        _ => format!("Of these, {} kept from another copy, or removed by you here; --report FILE says which.", refused - lacking),
    })
}

/// The receipt of an import, as a person reads it.
pub fn import_receipt(receipt: &Receipt, told: &[ImportedExport]) -> String {
    let mut text = String::new();
    let seconds = (receipt.ended - receipt.started).num_seconds().max(0);
    let _ = writeln!(
        text,
        "{}",
        match (receipt.outcome, receipt.complete) {
            (Outcome::Done, true) => "Complete: everything in these archives is kept.",
            (Outcome::Done, false) => "Done. What is in these archives is kept, as far as this says:",
            (Outcome::SomeFailed, _) => "Done, but not everything could be taken.",
            (Outcome::Stopped { .. }, _) =>
                "Stopped before the end. What was stored is kept; import the same archives again to go on.",
        }
    );
    text.push_str(&exports(told));
    let entries = receipt.account.unwrap_or_default();
    let _ = writeln!(text, "  {} in the archives:", count(entries.entries, "file", "files"));
    text.push_str(&account(&entries, "not settled yet"));
    if let Some(sentence) = nothing_lacking(receipt, &entries) {
        let _ = writeln!(text, "  {sentence}");
    }
    let _ =
        writeln!(text, "  {} new in the library ({})", count(receipt.added, "file", "files"), HumanBytes(receipt.added_bytes));
    for (number, words) in [
        (receipt.updated, "updated (name, date or description)"),
        (receipt.restored, "stored in the place of a lesser or lost copy"),
    ] {
        if number > 0 {
            let _ = writeln!(text, "  {number} {words}");
        }
    }
    for failed in &receipt.failed {
        let _ = writeln!(text, "  {} failed: {}", failed.count, printable(&failed.reason));
    }
    let made = count(receipt.links_made, "link made", "links made");
    let _ = writeln!(text, "  {} ({made})", count(receipt.albums, "album", "albums"));
    let took = if seconds < 1 { "less than a second".to_owned() } else { count(seconds as u64, "second", "seconds") };
    let _ = writeln!(text, "  in {took}");
    for note in &receipt.notes {
        let _ = writeln!(text, "  {}", printable(note));
    }
    text
}
