//! `compare`.

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use indicatif::HumanBytes;
use photokeep_app::model::{Code, Error, Receipt, Result};
use photokeep_app::{
    AddEnd, App, COMPARISON_FOLDER, CompareRequest, ComparisonTree, FileList, MissingFiles, Numbers, Summary, Verdict, Which,
};

use crate::arguments::Compare;
use crate::output::say;
use crate::words::{count, printable};
use crate::{environment, exit, progress};

use super::stop_on_signal;

/// So many names stand in the answer; a report has all.
const SHOWN: u32 = 10;

pub async fn compare(arguments: Compare) -> Result<ExitCode> {
    let app = environment::app(None)?;
    if let Some(report) = &arguments.report {
        must_be_writable(report)?;
    }
    let (output, control) = (progress::for_output(arguments.json), stop_on_signal());
    let request =
        CompareRequest { library: arguments.library.clone(), folder: arguments.folder.clone(), similar: arguments.similar };
    // Reading takes as long as the disk needs: this thread is lent for it.
    let compared = tokio::task::block_in_place(|| app.compare(&request, output.as_ref(), &control));
    drop(output);
    let compared = compared?;
    // What was found is told in any case, also where it cannot be written down.
    let written = arguments.report.as_deref().map_or(Ok(()), |report| compared.write_report(report));
    let made = if arguments.links { compared.make_links(&app).map(Some) } else { Ok(None) };
    let tree = made.as_ref().ok().and_then(Option::as_ref);
    let summary = &compared.summary;
    if arguments.json {
        let mut line = serde_json::to_value(summary).unwrap_or_default();
        line["event"] = "compared".into();
        line["links"] = tree.map_or(serde_json::Value::Null, links_in_json);
        say!("{line}");
    } else {
        show(summary);
        for (verdict, numbers, words) in [
            (Verdict::Missing, summary.missing, "Missing in the library"),
            (Verdict::Unreadable, summary.unreadable, "Cannot be read"),
        ] {
            if numbers.count == 0 {
                continue;
            }
            say!("{words}:");
            for file in compared.comparison.files(&FileList::of(verdict), 0, SHOWN)? {
                match &file.trouble {
                    Some(trouble) => say!("  {}: {}", printable(&file.path), printable(&trouble.to_string())),
                    None => say!("  {}", printable(&file.path)),
                }
            }
            if numbers.count > u64::from(SHOWN) {
                say!("  and {} more; --report FILE writes them all", numbers.count - u64::from(SHOWN));
            }
        }
    }
    if let Some(tree) = tree.filter(|_| !arguments.json) {
        show_tree(tree, &request.library);
    }
    written?;
    let tree = made?;
    if arguments.add || arguments.upload {
        let missing = compared.missing_files(Which::All)?;
        let mut code = ExitCode::SUCCESS;
        if arguments.add {
            code = add(&app, &missing, arguments.dry_run, arguments.json).await?;
        }
        if arguments.upload && code == ExitCode::SUCCESS {
            code = upload(&app, &missing, &arguments).await?;
        }
        if code != ExitCode::SUCCESS {
            return Ok(code);
        }
    }
    let failed = tree.is_some_and(|tree| tree.failed > 0);
    let unread = failed || summary.unreadable.count > 0 || summary.passed_over.contains_key("unreadable");
    Ok(if unread { ExitCode::from(exit::SOME_FAILED) } else { ExitCode::SUCCESS })
}

/// An error where no report could be written to `file`: before hours of reading, not after them.
fn must_be_writable(file: &Path) -> Result<()> {
    if file.symlink_metadata().is_ok() {
        let there = format!("There is something called `{}` already; it is left alone.", file.display());
        return Err(Error::new(Code::Usage, there).hint("Name a file that is not there yet."));
    }
    File::create_new(file).and_then(|_| std::fs::remove_file(file)).map_err(|error| {
        Error::new(Code::Usage, format!("The report could not be written to `{}`.", file.display()))
            .hint("Name a file in a folder that is there and that you may write to.")
            .source(error)
    })
}

/// Copies what is missing, or shows what would be copied.
async fn add(app: &App, missing: &MissingFiles, dry_run: bool, json: bool) -> Result<ExitCode> {
    let (output, control) = (progress::for_output(json), stop_on_signal());
    if dry_run {
        let plan = app.plan_add(missing, output.clone(), control).await;
        drop(output);
        let plan = plan?;
        if json {
            say!("{}", serde_json::json!({ "event": "plan", "plan": plan }));
        } else {
            say!("Adding would do this; nothing was changed.");
            let free = plan.free_bytes.map(|free| format!(", {} free on the disk", HumanBytes(free))).unwrap_or_default();
            say!("  {} to copy, {}{free}", count(plan.to_fetch, "file", "files"), HumanBytes(plan.estimated_bytes.unwrap_or(0)));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let end = app.add_missing(missing, output.clone(), control).await;
    drop(output);
    let AddEnd { receipt, error } = end?;
    if json {
        say!("{}", serde_json::json!({ "event": "receipt", "receipt": receipt, "error": error }));
    } else {
        if receipt.restored > 0 {
            say!("{} of the library put back in its place.", count(receipt.restored, "lost file", "lost files"));
        }
        say!("{} copied into the library ({}).", count(receipt.added, "file", "files"), HumanBytes(receipt.added_bytes));
        if receipt.same_photo > 0 {
            say!("  {} had the bytes of a file that is kept", count(receipt.same_photo, "file", "files"));
        }
        show_rest(&receipt, "not copied");
    }
    Ok(ended(&receipt, error.as_ref()))
}

/// Uploads what is missing, or shows what would be uploaded.
async fn upload(app: &App, missing: &MissingFiles, arguments: &Compare) -> Result<ExitCode> {
    let json = arguments.json;
    photokeep_app::album_title(arguments.album.as_deref())?;
    if arguments.dry_run {
        let plan = app.plan_upload(missing)?;
        if json {
            say!("{}", serde_json::json!({ "event": "upload-plan", "plan": plan }));
            return Ok(ExitCode::SUCCESS);
        }
        say!("Uploading would do this; nothing was sent.");
        let whose = plan.account.map(|account| format!(" of {}", printable(&account))).unwrap_or_default();
        say!("  {} to Google Photos{whose}, {}", count(plan.files, "file", "files"), HumanBytes(plan.bytes));
        if plan.already > 0 {
            say!("  {} there from an earlier upload", count(plan.already, "file is", "files are"));
        }
        if plan.left_alone > 0 {
            let them = count(plan.left_alone, "file is", "files are");
            say!("  {them} left alone: empty, or larger than Google takes (photos 200 MB, videos 20 GB)");
        }
        if let Some(album) = photokeep_app::album_title(arguments.album.as_deref())? {
            say!("  into the album “{}”", printable(&album));
        }
        if plan.days > 1 {
            say!(
                "  Google allows so many requests a day that this takes {} days; each run goes on where the one before stopped",
                plan.days
            );
        }
        if !plan.may_upload {
            say!("  The sign-in does not allow it yet: photokeep sign-in LIBRARY --upload");
        }
        return Ok(ExitCode::SUCCESS);
    }
    let account = app.plan_upload(missing)?.account;
    let whose = account.map(|account| format!(" of {}", printable(&account))).unwrap_or_default();
    if !json {
        crate::output::write_error(format_args!("Uploading to the Google Photos{whose}.\n"));
    }
    let (output, control) = (progress::for_output(json), stop_on_signal());
    let end = app.upload_missing(missing, arguments.album.as_deref(), output.clone(), control).await;
    drop(output);
    let AddEnd { receipt, error } = end?;
    if json {
        say!("{}", serde_json::json!({ "event": "receipt", "receipt": receipt, "error": error }));
    } else {
        let uploaded = count(receipt.added, "file", "files");
        let shown = if receipt.added > 0 { "; Google shows each of them" } else { "" };
        say!("{uploaded} uploaded to Google Photos{whose} ({}){shown}.", HumanBytes(receipt.added_bytes));
        if receipt.already > 0 {
            say!("  {} there from an earlier upload", count(receipt.already, "file was", "files were"));
        }
        if receipt.same_photo > 0 {
            say!("  {} had the bytes of another one", count(receipt.same_photo, "file", "files"));
        }
        show_rest(&receipt, "not uploaded");
    }
    Ok(ended(&receipt, error.as_ref()))
}

fn show_rest(receipt: &Receipt, not_done: &str) {
    for counted in &receipt.skipped {
        say!("  {} left alone: {}", count(counted.count, "file", "files"), printable(&counted.reason));
    }
    for counted in &receipt.failed {
        say!("  {} {not_done}: {}", count(counted.count, "file", "files"), printable(&counted.reason));
    }
    for note in &receipt.notes {
        say!("  {}", printable(note));
    }
}

fn ended(receipt: &Receipt, error: Option<&Error>) -> ExitCode {
    match error {
        Some(error) => exit::tell(error, false),
        None if receipt.failed_count() > 0 => ExitCode::from(exit::SOME_FAILED),
        None => ExitCode::SUCCESS,
    }
}

fn links_in_json(tree: &ComparisonTree) -> serde_json::Value {
    serde_json::json!({
        "made": tree.made, "kept": tree.kept, "removed": tree.removed, "left_alone": tree.left_alone, "failed": tree.failed
    })
}

fn show_tree(tree: &ComparisonTree, library: &std::path::Path) {
    let folder = library.join(COMPARISON_FOLDER);
    say!(
        "{} made in {}, {} there already, {} of an earlier comparison removed.",
        count(tree.made, "link", "links"),
        folder.display(),
        tree.kept,
        tree.removed
    );
    if tree.left_alone > 0 {
        let (them, are) = if tree.left_alone == 1 { ("link", "is") } else { ("links", "are") };
        say!("{} {them} of an earlier comparison {are} something else now and stayed.", tree.left_alone);
    }
    if let Some(example) = &tree.example {
        say!("{} could not be made: {}", count(tree.failed, "link", "links"), printable(example));
    }
}

fn show(summary: &Summary) {
    say!("{} in the folder, {}:", count(summary.files.count, "file", "files"), HumanBytes(summary.files.bytes));
    let line = |numbers: Numbers, words: &str| {
        if numbers.count > 0 {
            say!("{:>9}  {words} ({})", numbers.count, HumanBytes(numbers.bytes));
        }
    };
    line(summary.found, "are in the library, byte for byte");
    line(summary.different, "are in the library in other bytes");
    line(summary.only_here, "of those are known from Google and not on the library's disk yet: here is the only file");
    line(summary.missing, "are not in the library");
    line(summary.cut_short, "of those end too early: copies that were broken off, perhaps");
    line(summary.unreadable, "cannot be read");
    line(summary.not_media, "are of no kind of photo or video that Photokeep knows");
    if summary.extra.count > 0 {
        say!(
            "{:>9}  photos and videos of the library are not in the folder ({})",
            summary.extra.count,
            HumanBytes(summary.extra.bytes)
        );
    }
    let twice = summary.duplicates;
    if twice.groups > 0 {
        say!(
            "{:>9}  files of the folder are copies of others in it ({} that could be spared, in {})",
            twice.count,
            HumanBytes(twice.bytes),
            count(twice.groups, "group", "groups")
        );
    }
    if let Some(bits) = summary.similar {
        say!("Pictures that look alike were held to be the same where at most {bits} of 256 bits differ.");
    }
    if !summary.library_is_there {
        say!("The library's folder is not there now: its catalog was believed, and none of its files was looked at.");
    }
    for (why, number) in &summary.passed_over {
        let words = match why.as_str() {
            "link" => "links were passed over; what they lead to is looked at where it lies",
            "system" => "files and folders of the system were passed over",
            "hidden" => "files and folders are hidden by a dot before their name and were passed over; --report FILE names them",
            "library" => "library lies in the folder and was passed over",
            "own" => "folders of Photokeep were passed over",
            "special" => "devices, sockets and pipes were passed over",
            _ => "folders or files could not be opened",
        };
        say!("{number:>9}  {words}");
    }
}
