//! What people read: receipts, plans, standings. Everything goes to the standard output.

mod adopt;
mod import;

pub use adopt::{adopt_plan, adopt_receipt, left_alone};
pub use import::{import_counts, import_plan, import_receipt};

use std::fmt::Write;

use indicatif::HumanBytes;
use photokeep_app::model::{Outcome, Plan, Receipt};
use photokeep_app::{Health, Reason, StatusResponse};

/// Text from outside, made safe for a terminal: no control characters, no direction marks.
pub fn printable(text: &str) -> String {
    let direction = |character: char| matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|character| if character.is_control() || direction(character) { '\u{fffd}' } else { character }).collect()
}

/// `1 photo`, `2 photos`.
pub fn count(number: u64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// A plan, as a person reads it.
pub fn plan(plan: &Plan) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "  {words}");
    };
    line(format!("{} at Google, {} of them already kept", count(plan.listed, "item", "items"), plan.already));
    line(format!(
        "{} to fetch ({}, {})",
        plan.to_fetch,
        count(plan.photos, "photo", "photos"),
        count(plan.videos, "video", "videos")
    ));
    if plan.restored > 0 {
        line(format!("{} to fetch again, because the file vanished, was damaged or changed", plan.restored));
    }
    if plan.updated > 0 {
        line(format!("{} with a changed name, date or description", plan.updated));
    }
    if plan.retried > 0 {
        line(format!("{} of them failed before", plan.retried));
    }
    if plan.removed_here > 0 {
        line(format!("{} left alone, because you removed them here", plan.removed_here));
    }
    line(format!("{}, {} new", count(plan.albums.listed, "album", "albums"), plan.albums.new));
    match (plan.estimated_bytes, plan.free_bytes) {
        (Some(needed), Some(free)) => {
            line(format!("about {} to fetch, {} free on the disk", HumanBytes(needed), HumanBytes(free)))
        }
        (None, Some(free)) => {
            line(format!("size not known before fetching (Google does not tell it), {} free on the disk", HumanBytes(free)))
        }
        _ => {}
    }
    for note in &plan.notes {
        line(note.clone());
    }
    text
}

/// A receipt, as a person reads it.
pub fn receipt(receipt: &Receipt) -> String {
    let mut text = String::new();
    let seconds = (receipt.ended - receipt.started).num_seconds().max(0);
    let _ = writeln!(
        text,
        "{}",
        match (receipt.outcome, receipt.complete) {
            (Outcome::Done, true) => "Complete: everything that Google shows Photokeep is kept.",
            (Outcome::Done, false) => "Done.",
            (Outcome::SomeFailed, _) => "Done, but not everything could be fetched.",
            (Outcome::Stopped { .. }, _) => "Stopped before the end. What was fetched is kept.",
        }
    );
    let mut line = |number: String, words: &str| {
        let _ = writeln!(text, "  {number:>9}  {words}");
    };
    line(receipt.added.to_string(), &format!("added ({})", HumanBytes(receipt.added_bytes)));
    line(receipt.already.to_string(), "already here");
    for (number, words) in [
        (receipt.updated, "updated (name, date or description)"),
        (receipt.same_photo, "the same photo as one already kept"),
        (receipt.restored, "fetched again"),
        (receipt.doubtful, "kept, but cut short as it seems; compared once more by the next sync"),
        (receipt.absent, "no longer at Google; kept here"),
    ] {
        if number > 0 {
            line(number.to_string(), words);
        }
    }
    for skipped in &receipt.skipped {
        line(skipped.count.to_string(), &format!("skipped: {}", printable(&skipped.reason)));
    }
    for failed in &receipt.failed {
        line(failed.count.to_string(), &format!("failed: {}", printable(&failed.reason)));
    }
    let albums = if receipt.albums == 1 { "album" } else { "albums" };
    line(
        receipt.albums.to_string(),
        &format!("{albums} ({}, {} removed)", count(receipt.links_made, "link made", "links made"), receipt.links_removed),
    );
    let _ = writeln!(
        text,
        "  in {}",
        if seconds < 1 { "less than a second".to_owned() } else { count(seconds as u64, "second", "seconds") }
    );
    for note in &receipt.notes {
        let _ = writeln!(text, "  {}", printable(note));
    }
    text
}

/// Why the last run ended early, and what to do, from [`StatusResponse::stopped`].
pub fn stopped(why: &str) -> &'static str {
    match why {
        "cut-off" => "The last run was cut off (killed, or the computer went off). The next run goes on where it stopped.",
        "cancelled" => "The last run was stopped by hand. The next run goes on where it stopped.",
        "sign-in-needed" => "The last run ended because Google no longer accepts the sign-in: photokeep sign-in.",
        "access-refused" => "The last run ended because Google refused access: photokeep doctor tells more.",
        "network" => "The last run ended because Google could not be reached. Run it again when the network is there.",
        "archives-gone" => {
            "The last import ended because its archives could not be read any more. Connect their disk and import them again."
        }
        "quota" => "The last run ended because Google's limit for the day was reached. Run it again tomorrow.",
        "target-full" => "The last run ended because the library's disk is full. Make room and run it again.",
        "target-read-only" => "The last run ended because the library's disk could not be written to.",
        "target-gone" => "The last run ended because the library's disk was not there. Connect it and run it again.",
        _ => "The last run ended early: photokeep doctor tells more.",
    }
}

/// Where a library stands, as a person reads it.
pub fn status(status: &StatusResponse) -> String {
    let mut text = String::new();
    let when = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d %H:%M UTC").to_string())
    };
    let _ = writeln!(
        text,
        "{}",
        match status.health {
            Health::Complete if status.takeout_alone => "Everything in the exports that were imported is kept.",
            Health::Complete => "Everything that Google showed at the last sync is kept.",
            Health::Attention if !status.folder_is_there =>
                "The library's folder is not there now. Connect its disk; nothing was changed. When it was last there:",
            Health::Attention if status.damaged > 0 =>
                "Files that were kept are not there any more, or are no longer what was stored.",
            Health::Attention if status.pending + status.lost == 0 && status.stopped.is_some() =>
                "Everything that Google showed so far is kept, but the last run did not come to its end.",
            Health::Attention if status.running => "Not everything is kept yet.",
            Health::Attention if !status.not_taken.is_empty() || !status.not_taken_notes.is_empty() =>
                "Not everything in the exports that were imported could be kept. What could is safe.",
            Health::Attention => "Not everything is kept.",
            Health::New if status.takeout_alone => "No import has ended yet.",
            Health::New if status.adopted > 0 =>
                "What another tool kept was taken over. A sync or an import tells whether that is everything.",
            Health::New => "No sync of the whole library has ended yet.",
        }
    );
    if status.running {
        let _ = writeln!(text, "  A run is under way now.");
    }
    match status.why {
        Reason::Stale => {
            let _ = writeln!(text, "  The last complete backup is long ago: what was taken since then is not here yet.");
        }
        Reason::SignInEnds | Reason::SignInNeeded if status.stopped.is_none() => {
            let ends =
                status.sign_in_ends.map_or("has ended".to_owned(), |at| format!("ends on {}", at.format("%Y-%m-%d %H:%M UTC")));
            let _ = writeln!(text, "  The sign-in with Google {ends}: photokeep sign-in. What was kept is safe.");
        }
        _ => {}
    }
    if let Some(why) = &status.stopped {
        let _ = writeln!(text, "  {}", stopped(why));
    }
    if let Some(note) = &status.note {
        let _ = writeln!(text, "  {note}");
    }
    let _ = writeln!(text, "  last complete backup: {}", when(status.last_complete));
    let _ = writeln!(
        text,
        "  kept: {} ({}, {}), {}",
        count(status.items, "item", "items"),
        count(status.photos, "photo", "photos"),
        count(status.videos, "video", "videos"),
        HumanBytes(status.bytes)
    );
    let _ = writeln!(text, "  albums: {}", status.albums);
    let vanished = if status.takeout_alone {
        "vanished or damaged, as far as was looked; import the export again to bring them back"
    } else {
        "vanished or damaged, as far as was looked; the next sync fetches them again"
    };
    for (number, words) in [
        (status.pending.saturating_sub(status.failed), "still to come"),
        (status.failed, "failed in their last try and still to come"),
        (status.damaged, vanished),
        (status.absent, "no longer at Google, kept here"),
        (status.lost, "vanished or damaged here, and no longer at Google either"),
        (status.doubtful, "kept, but cut short as it seems; the next sync compares them once more"),
        (status.adopted, "taken over from another tool, not shown by Google or an export since"),
        (status.trash, "in the trash"),
    ] {
        if number > 0 {
            let _ = writeln!(text, "  {number} {words}");
        }
    }
    for failure in status.failures.iter().take(20) {
        let _ = writeln!(
            text,
            "  not here: {}: {} (tried {})",
            printable(&failure.title),
            printable(&failure.message),
            count(u64::from(failure.tries), "time", "times")
        );
    }
    if status.failures.len() > 20 {
        let _ = writeln!(text, "  and {} more", status.failures.len() - 20);
    }
    for counted in &status.not_taken {
        let _ = writeln!(text, "  not taken: {}: {}", count(counted.count, "file", "files"), printable(&counted.reason));
    }
    if !status.not_taken.is_empty() {
        let _ = writeln!(text, "  `photokeep status LIBRARY --accept` when you have heard of it; until then it stays here.");
    }
    for note in &status.not_taken_notes {
        let _ = writeln!(text, "  {}", printable(note));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_cannot_move_the_cursor_or_turn_the_line() {
        assert_eq!(printable("a\u{1b}[2Jb\u{202e}gpj.exe\n"), "a\u{fffd}[2Jb\u{fffd}gpj.exe\u{fffd}");
        assert_eq!(printable("Größe 日本 🙂"), "Größe 日本 🙂");
    }
}
